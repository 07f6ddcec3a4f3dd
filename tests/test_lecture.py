"""The lecture's numbers are those of its slides, and whatever the lab calls the lecture's uses them."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch

import cnnlab.lessons
from cnnlab import avg_pool2d, conv2d, lecture, lenet5
from cnnlab.layers import Conv2d, Linear, ReLU
from cnnlab.lessons.convolution import presets as convolution
from cnnlab.lessons.learn_a_kernel import presets as learn_a_kernel
from cnnlab.lessons.network import presets as network
from cnnlab.lessons.output_shape import presets as output_shape
from cnnlab.lessons.pooling import presets as pooling
from cnnlab.lessons.receptive_field import presets as receptive_field
from cnnlab.lessons.why_convolution import six_features
from cnnlab.networks import Network, parse_network
from cnnlab.shapes import output_size
from cnnlab.training import presets as training

ROOT = Path(__file__).parents[1]

# --- the slides, typed once more --------------------------------------------------------------------------------------

L = np.array([[1, 2, 3, 4, 5], [2, 3, 4, 5, 6], [3, 4, 5, 6, 7], [1, 3, 5, 7, 9], [2, 4, 6, 8, 1]])
K = np.array([[0, 1, 2], [3, -1, 2], [1, 0, 1]])
FIRST_OUTPUT = [[27, 36, 45], [32, 43, 54], [32, 47, 53]]


def test_the_example_is_the_slides() -> None:
    assert lecture.INPUT.tolist() == L.tolist()
    assert lecture.KERNEL.tolist() == K.tolist()
    assert lecture.OUTPUT.tolist() == FIRST_OUTPUT
    assert lecture.SECOND_KERNEL_SIZE == 2
    for matrix in (lecture.INPUT, lecture.KERNEL, lecture.OUTPUT):
        with pytest.raises(ValueError, match="read-only"):
            matrix[0, 0] = 1


def test_the_examples_sums_are_ours_and_pytorchs() -> None:
    assert conv2d(lecture.INPUT[None], lecture.KERNEL[None, None])[0].tolist() == FIRST_OUTPUT
    theirs = torch.nn.functional.conv2d(torch.tensor(L)[None, None], torch.tensor(K)[None, None])
    assert theirs[0, 0].tolist() == FIRST_OUTPUT


def test_the_printed_sums_leave_out_the_last_product() -> None:
    told = [(one.row, one.column, one.total, one.left_out, one.true) for one in lecture.PRINTED]
    assert told == [(0, 0, 22, (5, 1), 27), (0, 1, 30, (6, 1), 36)]
    for one in lecture.PRINTED:
        products = L[one.row : one.row + 3, one.column : one.column + 3] * K
        assert products.sum() == one.true == FIRST_OUTPUT[one.row][one.column]
        assert products.sum() - products[-1, -1] == one.total
        assert one.left_out == (L[one.row + 2, one.column + 2], K[2, 2])


def test_the_other_slides_sizes_are_theirs() -> None:
    assert lecture.FEATURE_ROWS == ((0, 1, 1, 0, 0, 0), (0, 0, 1, 1, 0, 0))
    assert (lecture.GREY_PICTURE, lecture.COLOUR_PICTURE) == ((1, 28, 28), (3, 28, 28))
    assert (lecture.STRIDE_INPUT, lecture.STRIDE_KERNEL, lecture.STRIDE_OUTPUTS) == (7, 3, {1: 5, 2: 3})
    assert (lecture.POOL_WINDOW, lecture.POOL_STRIDE) == (2, 2)
    assert (lecture.KERNELS_INPUT, lecture.KERNELS_SIZE, lecture.KERNELS_OUTPUT) == ((3, 9, 9), 5, (2, 5, 5))
    assert (lecture.LENET_INPUT, lecture.LENET_KERNEL, lecture.LENET_POOL) == ((1, 32, 32), 5, 2)
    assert lecture.LENET_OUTPUTS == ((6, 28, 28), (6, 14, 14), (16, 10, 10), (16, 5, 5), (120, 1, 1))
    assert (lecture.CIFAR_INPUT, lecture.CIFAR_UNITS, lecture.CIFAR_CLASSES) == ((3, 32, 32), 100, 10)


def test_the_sizes_follow_from_the_windows() -> None:
    for stride, size in lecture.STRIDE_OUTPUTS.items():
        assert output_size(lecture.STRIDE_INPUT, lecture.STRIDE_KERNEL, stride) == size
    kernels = np.zeros(
        (lecture.KERNELS_OUTPUT[0], lecture.KERNELS_INPUT[0], lecture.KERNELS_SIZE, lecture.KERNELS_SIZE)
    )
    assert conv2d(np.zeros(lecture.KERNELS_INPUT), kernels).shape == lecture.KERNELS_OUTPUT
    x = np.zeros(lecture.LENET_INPUT)
    for number, shape in enumerate(lecture.LENET_OUTPUTS):
        weight = np.zeros((shape[0], len(x), lecture.LENET_KERNEL, lecture.LENET_KERNEL))
        x = avg_pool2d(x, lecture.LENET_POOL) if number % 2 else conv2d(x, weight)
        assert x.shape == shape


def test_lenet5_is_the_five_layers_with_slide_33s_relus_and_linear_layers() -> None:
    for channels, shape in ((1, lecture.LENET_INPUT), (3, lecture.CIFAR_INPUT)):
        made = lenet5(channels, lecture.CIFAR_CLASSES)
        rows = made.summary(shape)
        windows = [row.output_shape for row in rows if row.name in ("Conv2d", "AvgPool2d")]
        assert windows == list(lecture.LENET_OUTPUTS)
        linear = [layer for layer in made.layers if isinstance(layer, Linear)]
        assert linear == [Linear(120, lecture.CIFAR_UNITS), Linear(lecture.CIFAR_UNITS, lecture.CIFAR_CLASSES)]
        for before, after in zip(made.layers, [*made.layers[1:], None], strict=True):
            if isinstance(before, Conv2d | Linear):
                assert isinstance(after, ReLU) == (after is not None)


# --- whatever says "lecture" ------------------------------------------------------------------------------------------

SAYS_LECTURE = re.compile(r"\blecture's\b|\bslides? \d|\bprinted slides?\b", re.IGNORECASE)


def lesson_modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(cnnlab.lessons.__path__, "cnnlab.lessons."):
        yield importlib.import_module(found.name)
    yield training


def presets() -> Iterator[tuple[str, Any]]:
    """Every preset of every lesson, as `lesson:name`, from the modules' tuples and mappings."""
    for module in lesson_modules():
        lesson = module.__name__.split(".")[-2]
        for value in list(vars(module).values()):
            if isinstance(value, Mapping):
                yield from ((f"{lesson}:{name}", one) for name, one in value.items() if is_preset(one))
            elif isinstance(value, Sequence) and not isinstance(value, str):
                yield from ((f"{lesson}:{one.key}", one) for one in value if is_preset(one) and hasattr(one, "key"))


def is_preset(value: Any) -> bool:
    return is_dataclass(value) and not isinstance(value, Network | type)


def words_of(preset: Any) -> str:
    return " ".join(text for field in fields(preset) if isinstance(text := getattr(preset, field.name), str))


def is_same(one: Any, other: Any) -> bool:
    return np.array_equal(np.asarray(one), np.asarray(other))


def slide_28(settings: Any) -> bool:
    return (settings.c, settings.h, settings.w) == lecture.KERNELS_INPUT and (
        settings.output_shape == lecture.KERNELS_OUTPUT and settings.fh == settings.fw == lecture.KERNELS_SIZE
    )


def strided(settings: Any) -> bool:
    sizes = (settings.h, settings.w, settings.fh, settings.fw)
    n, *output = settings.output_shape
    return (
        sizes == (lecture.STRIDE_INPUT,) * 2 + (lecture.STRIDE_KERNEL,) * 2
        and (n, settings.c) == (1, 1)
        and output == [lecture.STRIDE_OUTPUTS[settings.sh]] * 2
    )


def lenet_of(channels: int) -> Callable[[Any], bool]:
    return lambda preset: (
        preset.settings.network.layers == lenet5(channels, lecture.CIFAR_CLASSES).layers
        and (preset.settings.input_shape == (channels, *lecture.LENET_INPUT[1:]))
    )


CHECKS: Mapping[str, Callable[[Any], bool]] = {
    "convolution:lecture": lambda preset: is_same(preset.settings.input, L) and is_same(preset.settings.kernel, K),
    "learn_a_kernel:lecture": lambda preset: is_same(preset.settings.target, K),
    "learn_a_kernel:lecture_input": lambda preset: (
        is_same(preset.settings.input, L) and is_same(preset.settings.target, K)
    ),
    "output_shape:two_kernels": lambda preset: slide_28(preset.settings),
    "output_shape:stride_1": lambda preset: strided(preset.settings) and preset.settings.sh == 1,
    "output_shape:stride_2": lambda preset: strided(preset.settings) and preset.settings.sh == 2,
    "output_shape:lenet": lambda preset: (
        (preset.settings.c, preset.settings.h, preset.settings.w) == lecture.CIFAR_INPUT
        and preset.settings.output_shape == lecture.LENET_OUTPUTS[0]
    ),
    "receptive_field:lecture": lambda preset: (
        preset.settings.stack.size == len(L)
        and [row.size for row in preset.settings.stack.rows] == [3, 2]
        and preset.settings.stack.layers[0].kernel == len(K)
    ),
    "network:lecture-9x9": lambda preset: (
        preset.settings.network.layers == (Conv2d(3, 2, kernel_size=5),)
        and preset.settings.input_shape == lecture.KERNELS_INPUT
    ),
    "network:lenet5-slides": lambda preset: (
        [row.output_shape for row in preset.settings.network.summary()] == list(lecture.LENET_OUTPUTS)
        and preset.settings.input_shape == lecture.LENET_INPUT
        and re.findall(r"N×([\d×]+)", preset.note) == ["×".join(map(str, one)) for one in lecture.LENET_OUTPUTS]
    ),
    "network:inpainting": lambda preset: (
        [row.output_shape[1] for row in preset.settings.network.summary()] == [30, 28, 26]
        and preset.settings.input_shape == lecture.INPAINTING_INPUT
    ),
    "network:inpainting-padded": lambda preset: (
        {row.output_shape[1:] for row in preset.settings.network.summary()} == {lecture.INPAINTING_INPUT[1:]}
    ),
    "network:keep-and-shrink": lambda preset: (
        {row.layer.kernel_size for row in preset.settings.network.summary() if row.name == "MaxPool2d"}
        == {lecture.POOL_WINDOW}
    ),
    "network:lenet5-grey": lenet_of(1),
    "network:lenet5-cifar": lenet_of(3),
}
"""What must be true of each preset whose words name the lecture or a slide."""


def test_a_preset_that_names_the_lecture_has_its_check() -> None:
    naming = {name for name, preset in presets() if SAYS_LECTURE.search(words_of(preset))}
    assert naming == set(CHECKS)


@pytest.mark.parametrize("name", CHECKS)
def test_a_preset_that_names_the_lecture_shows_its_numbers(name: str) -> None:
    assert CHECKS[name](dict(presets())[name])


def test_what_pages_open_with_is_the_lectures() -> None:
    assert convolution.DEFAULT_INPUT is lecture.INPUT
    assert convolution.DEFAULT_KERNEL is lecture.KERNEL
    assert learn_a_kernel.PRESETS["lecture"].settings.target is lecture.KERNEL
    assert output_shape.DEFAULT.output_shape == lecture.KERNELS_OUTPUT
    pair = six_features.PAIRS["one"]
    assert (pair.first, pair.second) == lecture.FEATURE_ROWS
    pool = pooling.PRESETS["max"].settings
    assert (pool.kind, pool.kernel, pool.stride) == ("max", (lecture.POOL_WINDOW,) * 2, lecture.POOL_STRIDE)
    assert receptive_field.DEFAULT.stack.size == lecture.CIFAR_INPUT[1]
    assert network.DEFAULT.network == lenet5()


WITHOUT_NUMBERS = {
    "cnnlab/ui/pages/output_shape/page.py",  # names the lecture's formula
    "cnnlab/lessons/network/quiz.py",  # names the order in which the slides write a shape
    "cnnlab/lessons/network/presets.py",  # has its networks from the zoo, which takes them from the lecture
}


def says_lecture(module: Path) -> bool:
    """Whether a text of the module that is no docstring names the lecture or one of its slides."""
    tree = ast.parse(module.read_text("utf-8"))
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    texts = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return any(SAYS_LECTURE.search(text.value) for text in texts if id(text) not in alone)


def test_who_speaks_of_the_lecture_takes_its_numbers_from_one_module() -> None:
    speaking = {
        path.relative_to(ROOT).as_posix() for path in ROOT.glob("**/*.py") if is_ours(path) and says_lecture(path)
    }
    assert {"cnnlab/lessons/convolution/presets.py", *WITHOUT_NUMBERS} <= speaking
    without = {
        path
        for path in speaking - WITHOUT_NUMBERS
        if "from cnnlab import lecture" not in (ROOT / path).read_text("utf-8")
    }
    assert not without


def is_ours(path: Path) -> bool:
    return path.relative_to(ROOT).parts[0] in {"cnnlab", "pages", "app.py", "benchmarks", "scripts"}


# --- what the notes say in numbers ------------------------------------------------------------------------------------

NUMBER_WORDS = {1: "one", 2: "two", 3: "three", 7: "seven", 9: "nine"}


def test_the_note_on_the_printed_sums_has_their_numbers() -> None:
    note = convolution.PRESETS["lecture"].note
    assert re.findall(r"\d+ × \d+|\d+", note) == ["27", "36", "22", "30", "5 × 1", "6 × 1"]


def test_the_lectures_windows_leave_as_many_directions_open_as_the_note_says() -> None:
    windows = np.lib.stride_tricks.sliding_window_view(L, K.shape).reshape(-1, K.size)
    leaves_open = K.size - int(np.linalg.matrix_rank(windows))
    note = learn_a_kernel.PRESETS["lecture_input"].note
    assert f"{NUMBER_WORDS[leaves_open]} of {NUMBER_WORDS[K.size]} directions" in note
    flat = np.array([1, -2, 1])
    for row in range(3):
        change = np.zeros_like(K)
        change[row] = flat
        assert bool(np.any(conv2d(L[None], change[None, None]))) == (row == 2), "the note names rows 1 and 2"


def test_the_gap_between_our_lenet_of_1998_and_the_papers_is_what_the_remark_says() -> None:
    # The paper's third layer: 6 maps look at 3 maps each, 9 at 4 and 1 at all 6, with 25 weights a map and a bias.
    third = 6 * (3 * 25 + 1) + 9 * (4 * 25 + 1) + (6 * 25 + 1)
    subsampling = 2 * 6 + 2 * 16  # a weight and a bias a map
    paper = (25 + 1) * 6 + third + subsampling + (16 * 25 + 1) * 120 + (120 + 1) * 84
    assert (third, paper) == (1516, 60_000)
    preset = network.PRESETS["lenet5-1998"]
    shown = preset.settings.network
    second_convolution = Conv2d(6, 16, kernel_size=5)
    fewer = next(row for row in shown.summary() if row.layer == second_convolution).num_params - third
    output = shown.summary()[-1].num_params
    assert shown.num_params() - paper == fewer + output - subsampling == 1706
    told = [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", preset.note)]
    assert told == [84, shown.num_params(), paper, fewer, output, subsampling]


def test_slides_31_and_32_are_given_no_relus_and_no_linear_layers() -> None:
    note = network.PRESETS["lenet5-grey"].note
    assert re.search(r"five layers of slides 31 and 32 .* the ReLUs and the two linear layers that slide 33 adds", note)
    assert "slide 33" in network.PRESETS["lenet5-cifar"].note


def test_what_is_said_of_lenet5s_layers_is_counted() -> None:
    layers = parse_network(training.PRESETS["lenet5"].settings.to_text()).layers
    kernels = [layer for layer in layers if isinstance(layer, Conv2d)]
    linear = [layer for layer in layers if isinstance(layer, Linear)]
    poolings = [place for place, layer in enumerate(layers) if type(layer).__name__ == "AvgPool2d"]
    claim = (
        f"{NUMBER_WORDS[len(kernels)]} layers of 5×5 kernels, a pooling after each of the first "
        f"{NUMBER_WORDS[len(poolings)]}, and {NUMBER_WORDS[len(linear)]} linear layers"
    )
    introduction = "".join(
        node.value
        for node in ast.walk(ast.parse((ROOT / "pages" / "training.py").read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    assert claim in introduction
    assert training.PRESETS["lenet5"].note == claim
