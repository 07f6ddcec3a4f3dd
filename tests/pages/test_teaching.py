"""Every link of the teaching notes opens a state that the lab understands, and shows what its line says."""

import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from cnnlab import lecture, lenet5
from cnnlab.figures.maps import Reach, Span
from cnnlab.lessons.network.quiz import judge_shape
from cnnlab.lessons.receptive_field.presets import LENET5
from cnnlab.lessons.receptive_field.quiz import judge
from cnnlab.networks.zoo import ZOO
from scripts.write_teaching import teaching
from tests.pages.app import board, components, grid

ROOT = Path(__file__).parents[2]
NOTES = (ROOT / "docs" / "teaching.md").read_text("utf-8")
LINK = re.compile(r"`(/[a-z_]+(?:\?[^`]*)?)`")
LINKS = sorted(set(LINK.findall(NOTES)))
ROWS = [line.strip("| ").rsplit(" | ", 1) for line in NOTES.splitlines() if line.startswith("| ") and LINK.search(line)]
SAID = {link: say for say, links in ROWS for link in LINK.findall(links)}
"""What the notes say to each link of their tables."""


def open_link(link: str) -> AppTest:
    parts = urlsplit(link)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.switch_page(f"pages{parts.path}.py")
    for name, value in parse_qsl(parts.query, strict_parsing=bool(parts.query)):
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def test_the_notes_are_written_from_the_lessons() -> None:
    assert teaching() == NOTES, "run python -m scripts.write_teaching"


def test_the_notes_have_links() -> None:
    assert len(LINKS) > 10
    assert len(SAID) == sum(len(LINK.findall(links)) for _, links in ROWS), "two lines have the same link"


@pytest.mark.parametrize("link", LINKS)
def test_a_link_of_the_notes_is_understood(link: str) -> None:
    app = open_link(link)
    assert [warning.value for warning in app.warning] == []
    assert [error.value for error in app.error] == []


# --- what a line says, in numbers ------------------------------------------------------------------------------------


def output(app: AppTest) -> list[float]:
    return board(app, "output")["values"]


def size(app: AppTest) -> list[int]:
    """(rows, columns) of the output's board."""
    return board(app, "output")["size"]


def maps(app: AppTest) -> list[list[float]]:
    """The outputs of the channels page."""
    return [each["values"] for name, each in grid(app)["boards"].items() if name.startswith("out")]


def numbers(app: AppTest, which: int) -> list[str]:
    """What the page Why convolution? counts: for the MLP (0), for the map (1)."""
    return [one["text"] for one in components(app)[0]["facts"][which]["numbers"]]


def fields(app: AppTest) -> list[int]:
    return [int(row["results"]["field"][1]) for row in components(app)[1]["rows"]]


def spans(app: AppTest) -> list[Span]:
    """For each unit along one axis of the last plane, what it is connected to in the first."""
    data = components(app)[0]["map"]
    last = len(data["planes"]) - 1
    (rows,) = (link["rows"] for link in data["links"] if (link["source"], link["target"]) == (last, 0))
    shapes = tuple((length, tuple((start, count) for start, count in runs)) for length, runs in rows["shapes"])
    reach = Reach(tuple(rows["firsts"]), shapes, tuple(rows.get("kinds", ())))
    return [reach.span(unit) for unit in range(len(reach.firsts))]


def seen(app: AppTest) -> tuple[int, int]:
    """Pixels on a path to the last layer's middle unit, and pixels that its receptive field spans."""
    along = spans(app)
    middle = along[len(along) // 2]
    return middle.count**2, (middle.last - middle.first + 1) ** 2


def visits(app: AppTest) -> tuple[bool, int, int]:
    """Whether the map of the output-shape page shows visits, how often it reads a corner, and how often the middle."""
    plane = components(app)[0]["map"]["planes"][0]
    along = spans(app)

    def windows(pixel: int) -> int:
        return sum(start <= pixel < start + count for span in along for start, count in span.runs)

    return "scale" in plane, windows(0) ** 2, windows(plane["rows"]["size"] // 2) ** 2


def dropped(app: AppTest) -> list[tuple[int, int]]:
    """The size of each area that the output-shape page marks as never read because no window fits."""
    areas = components(app)[0]["map"]["planes"][0]["areas"]
    return [(area["height"], area["width"]) for area in areas if area["look"] == "dropped"]


def table(app: AppTest) -> dict[str, Any]:
    return next(data for data in components(app) if "rows" in data)


def weights_written(app: AppTest) -> tuple[str, ...]:
    """What the page Why convolution? writes out: the weights of the MLP, and of the kernel."""
    row = next(one.value for one in app.markdown if one.value.startswith("|")).splitlines()[2]
    return tuple(cell.strip() for cell in row.strip("|").split("|")[1:])


def parameters(app: AppTest) -> int:
    told = next(caption.value for caption in app.caption if "parameters, from" in caption.value)
    return int(re.search(r"([\d,]+) parameters", told)[1].replace(",", ""))


def cards(app: AppTest, name: str) -> list[Any]:
    return [card.get(name) for card in components(app)[0]["cards"]]


def share_of_lenet5(app: AppTest) -> float:
    return parameters(app) / lenet5().num_params()


SQUARE = "/output_shape?h=7&w=7&fh=3&fw=3"
ALL_SIZES = "1,0,2,3,1,0,1;4,6,6,8,2,1,0;3,1,1,0,9,2,3;1,2,2,4,1,0,5;0,7,3,1,2,6,1;2,1,0,3,4,1,2;5,0,1,2,0,3,8"
ONES = "1,1,1;1,1,1;1,1,1"
MNIST = (
    "/network?net=Conv2d(1,6,5),ReLU(),MaxPool2d(2),Conv2d(6,16,5),ReLU(),MaxPool2d(2),Flatten(),Linear(400,120),"
    "ReLU(),Linear(120,84),ReLU(),Linear(84,10)&net_input=1x28x28"
)

DEEP = "0,-1,0;1,-1,-1;0,-1,-1%7C1,0,0;1,1,1;-1,-1,0%7C1,-1,1;1,-1,0;1,0,-1"
LECTURE = "1,2,3,4,5;2,3,4,5,6;3,4,5,6,7;1,3,5,7,9;2,4,6,8,1&ch_kernel=0,1,2;3,-1,2;1,0,1"
RGB = "2,2,2,1;2,2,2,0;1,1,0,1;1,2,1,0%7C2,2,0,1;1,2,0,1;2,1,0,2;2,2,2,1%7C2,2,1,2;1,0,1,1;0,2,1,2;0,1,0,0"
TWO_SLICES = "0,1,-1;0,1,-1;0,-1,-1%7C1,-1,-1;1,1,1;0,1,0"
ONE = "ch_bias=0&ch_stride=1&ch_padding=0"
THIN = "ch_input=1,2,3%7C10,20,30%7C100,200,300&ch_kernel=1,1%7C1,1"

CLAIMS: Mapping[str, tuple[str, Callable[[AppTest], Any], Any]] = {
    "/why_convolution": (
        "sees half of it in the second. The kernel's feature map goes along, its maximum stays",
        lambda app: (numbers(app, 0)[:2], numbers(app, 1)),
        (["2", "1"], ["2", "2"]),
    ),
    "/why_convolution?six_first=110000&six_second=000011": (
        "nothing in common, and the maximum is still 2",
        lambda app: (numbers(app, 0)[1], numbers(app, 1)),
        ("0", ["2", "2"]),
    ),
    "/why_convolution?six_first=011000&six_second=010100": (
        "the maximum differs",
        lambda app: numbers(app, 1),
        ["2", "1"],
    ),
    "/why_convolution?why=draw&draw_shift=0,2": (
        "the diagonals meet again",
        lambda app: numbers(app, 0)[0],
        "2 of 9",
    ),
    "/why_convolution?why=draw&draw_shift=0,-4": (
        "Half of the X falls off the edge",
        lambda app: components(app)[0]["told"],
        "Shifted by 4 to the left. 4 cells fell off the edge.",
    ),
    "/why_convolution?why=draw&draw_shift=0,-4&draw_edge=wrap": (
        "all 144 cells of the map go along",
        lambda app: "in all 144 cells" in components(app)[0]["facts"][1]["sentence"],
        True,
    ),
    "/convolution": (
        "One window, nine products, one sum",
        lambda app: (size(app), [len(products) for products in grid(app)["products"]]),
        ([3, 3], [9] * 9),
    ),
    "/convolution?step=1": (
        "say 22 and 30, the numbers give 27 and 36",
        lambda app: (grid(app)["step"], output(app)[:2], [one.total for one in lecture.PRINTED]),
        (1, [27, 36], [22, 30]),
    ),
    "/convolution?kernel=-1,0,1;-2,0,2;-1,0,1&flip=true": (
        "Turn the kernel by 180 degrees: with this one the sign changes",
        lambda app: [-total for total in output(app)] == output(open_link("/convolution?kernel=-1,0,1;-2,0,2;-1,0,1")),
        True,
    ),
    "/convolution?input=0,0,0,9,9,9;0,0,0,9,9,9;0,0,0,9,9,9;0,0,0,9,9,9&kernel=-1,0,1;-2,0,2;-1,0,1": (
        "equal neighbours cancel",
        output,
        [0, 36, 36, 0] * 2,
    ),
    "/convolution?view=then&step=9": (
        "5x5, 3x3, 2x2. One unit of the second output reads four cells, and 4 × 4 of the input",
        lambda app: (
            size(app),
            board(app, "then")["size"],
            [len(grid(app)["reads"][name][9]) for name in ("output", "input")],
        ),
        ([3, 3], [2, 2], [4, 16]),
    ),
    f"/channels?ch_input={LECTURE}&{ONE}": (
        "Why “2D”: the kernel moves along two axes, and its output has two",
        lambda app: (maps(app), "2D of Conv2d" in grid(app)["words"]["tip"]),
        ([lecture.OUTPUT.ravel().tolist()], True),
    ),
    f"/channels?ch_input={RGB}&ch_kernel={TWO_SLICES}&{ONE}": (
        "a kernel of two slices: the output is three-dimensional, two slices of 2 × 2",
        lambda app: ([len(each) for each in maps(app)], "3D" in grid(app)["words"]["tip"]),
        ([4, 4], True),
    ),
    f"/channels?ch_input={RGB}&ch_kernel={TWO_SLICES}%7C0,1,-1;-1,0,0;0,1,-1&{ONE}": (
        "With three slices one map is left",
        lambda app: ([len(each) for each in maps(app)], "one map comes out" in grid(app)["words"]["tip"]),
        ([4], True),
    ),
    "/convolution?stride=2&padding=1": ("A stride of 2 skips windows", size, [3, 3]),
    "/convolution?dilation=2": ("A dilation of 2 spreads the kernel", size, [1, 1]),
    "/receptive_field?layers=c3,c2&reach_size=5&reach_view=side&unit=2,0,0&reach_photo=none": (
        "3 pixels, then 4",
        fields,
        [3, 4],
    ),
    "/receptive_field?layers=c3,c3&reach_size=9&reach_view=side&reach_photo=none": (
        "3×3 twice sees what 5×5 sees, with 18 weights instead of 25",
        lambda app: (fields(app)[-1], any("18·C²" in one.value and "25·C²" in one.value for one in app.markdown)),
        (5, True),
    ),
    "/receptive_field": ("5, 6, 14, 16, 32", fields, [5, 6, 14, 16, 32]),
    "/receptive_field?reach_hide=true": (
        "10 forgets the jump, 17 adds whole kernels",
        lambda _: [judge(LENET5.rows[:3], Fraction(answer)).sentences[0].split(":")[0] for answer in (10, 17)],
        ["The jump is forgotten", "The − 1 is forgotten"],
    ),
    "/receptive_field?layers=c3s2,c3s2,c3s2&reach_size=31&reach_view=side&reach_photo=none": (
        "Every stride of 2 doubles what later kernels add",
        fields,
        [3, 3 + 2 * 2, 3 + 2 * 2 + 2 * 4],
    ),
    "/receptive_field?layers=c3d2,c3d2,c3d2&reach_size=17&reach_photo=none": (
        "only 49 of 169 pixels have a path",
        seen,
        (49, 169),
    ),
    "/receptive_field?layers=c3,c3d2,c3d3&reach_size=17&reach_photo=none": ("make it 1, 2, 3", seen, (169, 169)),
    "/receptive_field?layers=c3p1,c3p1,p2,c3p1,c3p1,p2,c3p1,c3p1&unit=8,1,4": (
        "VGG-16",
        lambda app: fields(app)[-1],
        32,
    ),
    "/channels": (
        "Three channels, two kernels, two maps",
        lambda app: (
            sum(name.startswith("input") for name in grid(app)["boards"]),
            len(maps(app)),
            sum(product != 0 for product in grid(app)["products"][grid(app)["step"]]),
            sum(product != 0 for product in grid(app)["products"][0]),
        ),
        (3, 2, 18, 1),
    ),
    f"/channels?ch_kernel={DEEP}&ch_bias=0&ch_stride=1&ch_padding=0": (
        "one map. Set “Kernel depth” to 1: it moves in depth, and a volume comes out",
        lambda app: (len(maps(app)), len(maps(open_link(f"/channels?ch_kernel={DEEP.split('%7C')[0]}&ch_bias=0")))),
        (1, 3),
    ),
    "/channels?ch_view=memory": (
        "784 numbers in grey, 2,352 in colour, and the same 18 numbers in two orders",
        lambda app: sum(
            len(row) for one in grid(app)["boards"].values() if one["kind"] == "typed" for row in one["values"]
        ),
        18,
    ),
    f"/channels?{THIN}&ch_bias=0&ch_stride=1&ch_padding=0&ch_all=1": (
        "Two slices among three channels have two places",
        lambda app: [len(one) for one in maps(app)],
        [2, 2],
    ),
    "/channels?ch_input=9,9,0,0;9,9,0,0;0,0,0,0;0,0,5,5%7C0,0,9,9;0,0,9,9;0,0,0,0;0,0,5,5%7C0,0,0,0;0,0,0,0;9,9,0,0;"
    "9,9,5,5&ch_kernel=1%7C-1%7C0%7C%7C1/3%7C1/3%7C1/3&ch_bias=0;0&ch_stride=1&ch_padding=0&ch_all=1": (
        "1 × 1 kernels mix channels: red and not green",
        lambda app: [cell > 0 for cell in maps(app)[0]],
        [True, True, False, False] * 2 + [False] * 8,
    ),
    f"{SQUARE}&c=1&n=1": ("five places", lambda app: app.metric[0].value, "1 × 5 × 5"),
    f"{SQUARE}&sh=2&sw=2&c=1&n=1": ("three places", lambda app: app.metric[0].value, "1 × 3 × 3"),
    f"{SQUARE}&sh=3&sw=3&c=1&n=1": (
        "the last row and column are never read",
        lambda app: (app.metric[0].value, dropped(app)),
        ("1 × 2 × 2", [(1, 7), (6, 1)]),
    ),
    "/output_shape?h=9&w=9&fh=5&fw=5&c=3&n=2": ("give two maps", lambda app: app.metric[0].value, "2 × 5 × 5"),
    f"{SQUARE}&c=1&n=1&map=visits": (
        "Corner pixels are read once, the middle nine times",
        visits,
        (True, 1, 9),
    ),
    "/pooling": (
        "Of each window one number is kept, and three are thrown away. Step through the four windows",
        lambda app: (grid(app)["steps"], len(output(app)), sum(map(len, board(app, "input")["values"]))),
        (4, 4, 16),
    ),
    f"/pooling?pool_input={ALL_SIZES}&pool_rows=3&pool_columns=3&pool_gradient=true&pool_all=1": (
        "the 9 wins four times, and its gradients add up to 4",
        lambda app: (output(app).count(9), board(app, "gradient")["frames"][-1][2 * 7 + 4]),
        (4, 4),
    ),
    "/pooling?pool_kind=avg&pool_input=8,4,4,8;4,4,4,4;4,4,4,4;8,4,4,8&pool_rows=3&pool_columns=3&pool_padding=1": (
        "20/9 or 20/4? An average counts the padding",
        lambda app: output(app)[0],
        pytest.approx(20 / 9),
    ),
    f"/pooling?pool_view=shift&pool_input={ALL_SIZES}&pool_rows=3&pool_columns=3": (
        "4 of its 49 numbers stay, but 5 of the 9 maxima",
        lambda app: [(len(grid(app)["same"][name]), len(board(app, name)["values"])) for name in ("shifted", "after")],
        [(4, 49), (5, 9)],
    ),
    "/transposed": ("Step through the four stamps", lambda app: grid(app)["steps"], 4),
    "/transposed?tr_kernel=1,2;3,4&tr_step=3": (
        "Kernel 2, stride 2: the stamps lie side by side, and nothing adds up",
        lambda app: (board(app, "output")["size"], board(app, "output")["frames"][-1]),
        ([4, 4], [1, 2, 2, 4, 3, 4, 6, 8, 3, 6, 4, 8, 9, 12, 12, 16]),
    ),
    f"/transposed?tr_view=overlaps&tr_input={ONES}&tr_kernel={ONES}&tr_step=16": (
        "the output is not even",
        lambda app: sorted(set(output(app))),
        [1, 2, 4],
    ),
    f"/transposed?tr_view=overlaps&tr_input={ONES}&tr_kernel={';'.join(['1,1,1,1'] * 4)}&tr_padding=2&tr_step=27": (
        "A kernel of 4 with stride 2 has no checkerboard",
        lambda app: {count for count, at in zip(*kept_stamps(app), strict=True) if at},
        {4},
    ),
    "/transposed?tr_input=1,2,3;4,5,6;7,8,9&tr_padding=1&tr_output_padding=1&tr_step=8": (
        "5 × 5 and 6 × 6 both shrink to 3 × 3: output padding says which comes back",
        lambda app: any(one.value.endswith("= 6") for one in app.caption),
        True,
    ),
    "/transposed?tr_view=direct&tr_step=12&tr_kernel=1,2,3;4,5,6;7,8,9": (
        "Five of the nine products are 0",
        lambda app: (len(grid(app)["products"][12]), grid(app)["products"][12].count(0)),
        (9, 5),
    ),
    "/learn_a_kernel?learn_rate=0.9": (
        "A rate of 0.9 is too large, and the page says from which one on",
        lambda app: (
            "grows without bound" in app.info[0].value,
            any("rates below" in one.value for one in app.caption),
        ),
        (True, True),
    ),
    "/learn_a_kernel?learn_input=1,1,1,1,1;1,1,1,1,1;1,1,1,1,1;1,1,1,1,1;1,1,1,1,1&learn_rate=0.03&learn_start=zeros": (
        "the loss is 0, and the kernel is another",
        lambda app: (grid(app)["boards"]["error"]["frames"][-1], grid(app)["boards"]["kernel"]["frames"][-1]),
        (pytest.approx([0] * 9, abs=1e-6), pytest.approx([1] * 9, abs=1e-6)),
    ),
    "/network?net_row=0": (
        "where do 456 parameters come from",
        lambda app: table(app)["rows"][0]["results"]["params"],
        "456",
    ),
    MNIST: (
        '"mat1 and mat2 shapes cannot be multiplied": read the table from the top, and find the 4 × 4',
        lambda app: ("mat1 and mat2 shapes cannot be multiplied" in str(table(app)["problem"]), shapes(app)[5]),
        (True, "16×4×4"),
    ),
    "/network?net=lecture-9x9&net_input=3x9x9&net_row=0": (
        "9 × 9 pixels of three channels and two kernels of 3 × 5 × 5",
        lambda app: (table(app)["input"], shapes(app)),
        ("3×9×9", ["2×5×5"]),
    ),
    "/why_convolution?why=order": (
        "gives 395 instead of 244",
        lambda app: any("gives 395 instead of 244" in one.value for one in app.markdown),
        True,
    ),
    "/why_convolution?why=weights": (
        "A picture of 400 × 400 pixels and 100 units need 16,000,000 weights; a kernel needs 9",
        weights_written,
        ("160,000 × 100 = **16,000,000**", "3 × 3 = **9**"),
    ),
    "/why_convolution?why=weights&size_height=1000&size_width=1000": (
        "100,000,000 weights, and the kernel still has 9",
        weights_written,
        ("1,000,000 × 100 = **100,000,000**", "3 × 3 = **9**"),
    ),
    "/output_shape?h=9&w=7&fh=5&fw=3&c=3&n=2&square=false": (
        "(OH, OW) = (5, 5), from 9 × 7 pixels and a kernel of 5 × 3",
        lambda app: r"(\mathbf{5},\ \mathbf{5})" in app.latex[1].value,
        True,
    ),
    "/network?net=lenet5-slides&net_input=1x32x32&net_hide=s0.s1.s2.s3.s4": (
        "N × 6 × 28 × 28 is taken as an answer, 6x28x28 as well",
        lambda _: [judge_shape(ZOO["lenet5-slides"].summary()[0], way).right for way in ("N × 6 × 28 × 28", "6x28x28")],
        [True, True],
    ),
    "/network?net=lenet5-slides&net_input=1x32x32&net_batch=true": (
        "from N×6×28×28 to N×120×1×1",
        lambda app: [shapes(app)[0], shapes(app)[-1]],
        ["N×6×28×28", "N×120×1×1"],
    ),
    "/network?net=inpainting&net_input=1x32x32": (
        "32 pixels become 30, 28 and 26",
        lambda app: [table(app)["input"], *(shape.split("×")[-1] for shape in shapes(app))],
        ["1×32×32", "30", "28", "26"],
    ),
    "/network?net=inpainting-padded&net_input=1x32x32": (
        "32 pixels stay 32",
        lambda app: {shape.split("×")[-1] for shape in shapes(app)},
        {"32"},
    ),
    "/network?net=keep-and-shrink&net_input=3x32x32": (
        "32, 16, 8, 4",
        lambda app: list(dict.fromkeys(shape.split("×")[-1] for shape in shapes(app))),
        ["32", "16", "8", "4"],
    ),
    "/network?net_row=11": (
        "its numbers are logits",
        lambda app: "logits" in dict(part[:2] for part in table(app)["rows"][11]["details"])["After it"],
        True,
    ),
    "/image_pipeline?img_steps=open;resizeto:32:32;tensor;normalize:0.5,0.5,0.5:0.5,0.5,0.5&img_style=slides": (
        "Normalize(0.5, 0.5) as on the slide, and all pictures made 32 × 32 by Resize((32, 32))",
        lambda app: [words in app.code[0].value for words in ("Normalize(0.5, 0.5)", "Resize((32, 32))")],
        [True, True],
    ),
    "/network?net=vgg16&net_input=3x224x224": ("VGG-16", lambda app: table(app)["totals"]["params"], "138,357,544"),
    "/image_pipeline": (
        "Which one divides by 255, and which one puts the channels first?",
        lambda app: (cards(app, "shape")[:2], cards(app, "range")[:2]),
        (["W=32, H=32", "C=3, H=32, W=32"], ["0 to 240", "0 to 0.941"]),
    ),
    "/image_pipeline?img_steps=open;resize:256;center:224;tensor;normalize:0.485,0.456,0.406:0.229,0.224,0.225": (
        "Every picture becomes 3 × 224 × 224",
        lambda app: cards(app, "shape")[4],
        "C=3, H=224, W=224",
    ),
    "/training?train_net=Flatten(),Linear(3072,250),ReLU(),Linear(250,10)&until=seconds&seconds=60": (
        "Twelve times as many weights as LeNet-5",
        share_of_lenet5,
        pytest.approx(12, rel=0.05),
    ),
    "/training?train_net=tiny-vgg&until=seconds&seconds=60": (
        "a twelfth of the weights",
        share_of_lenet5,
        pytest.approx(1 / 12, rel=0.05),
    ),
}
"""By link: the words of its line that can be held against the page, what is looked at, and what it must be."""

ONLY_NAMES = {
    # Numbers of these lines are names (CIFAR-10, LeNet-5 of 1998, Conv2d), or of an answer that is hidden.
    "/image_pipeline?img_steps=open;crop:32:4;flip:0.5;tensor;normalize:0.4914,0.4822,0.4465:0.247,0.2435,0.2616"
    "&img_photo=ship",
    "/image_pipeline?img_steps=open;tensor;normalize:0.2,0.2,0.2:0.1,0.1,0.1&img_hide=true",
    "/training?train_net=lenet5-1998&until=seconds&seconds=60",
    "/channels?ch_view=costs&ch_layer=mobilenet",
    "/network?net=Conv2d(1,6,5),ReLU(),MaxPool2d(2),Conv2d(6,16,5),ReLU(),MaxPool2d(2),Flatten(),Linear(400,120)"
    "&net_input=1x32x32&net_hide=s6",
}


def kept_stamps(app: AppTest) -> tuple[list[int], list[bool]]:
    """How many stamps lie on each cell, and whether padding leaves it."""
    counts = board(app, "overlaps")
    return counts["values"], [place not in counts["hatched"] for place in range(len(counts["values"]))]


def shapes(app: AppTest) -> list[str | None]:
    return [row["results"]["shape"][1] if row["results"] else None for row in table(app)["rows"]]


def test_every_line_with_a_number_is_held_against_its_page() -> None:
    with_numbers = {link for link, say in SAID.items() if re.search(r"(?<![\w.-])\d", say)}
    assert with_numbers <= {*CLAIMS, *ONLY_NAMES}, with_numbers - {*CLAIMS, *ONLY_NAMES}
    assert {*CLAIMS, *ONLY_NAMES} <= set(SAID), {*CLAIMS, *ONLY_NAMES} - set(SAID)


@pytest.mark.parametrize("link", CLAIMS)
def test_a_link_of_the_notes_shows_what_its_line_says(link: str) -> None:
    words, look, wanted = CLAIMS[link]
    assert words in SAID[link]
    assert look(open_link(link)) == wanted
