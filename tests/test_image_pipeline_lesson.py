"""A picture's way into a network: the steps against torchvision itself, the scripts that do the same, and the words."""

import contextlib
import io
import json
import re
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from cnnlab.data.images import example_pictures
from cnnlab.errors import ParseError, ShapeError
from cnnlab.lessons.image_pipeline import snapshots as shots
from cnnlab.lessons.image_pipeline.film import film, menu
from cnnlab.lessons.image_pipeline.pipeline import Pipeline, check_size, parse_pipeline
from cnnlab.lessons.image_pipeline.presets import PRESETS, preset_of
from cnnlab.lessons.image_pipeline.pytorch_code import cifar_shape, dataset_code, pipeline_code
from cnnlab.lessons.image_pipeline.quiz import (
    judge_number,
    judge_shape,
    number_question,
    parse_shape,
    shape_question,
)
from cnnlab.lessons.image_pipeline.rules import Number, OneOf, PerChannel, Rule
from cnnlab.lessons.image_pipeline.running import answer, run_pipeline
from cnnlab.lessons.image_pipeline.sentences import (
    drawing_sentence,
    explain_conv,
    explain_failure,
    notes,
    shape_text,
)
from cnnlab.lessons.image_pipeline.snapshots import Outcome, Snapshot
from cnnlab.lessons.image_pipeline.steps import STEP_TYPES, Step
from cnnlab.pytorch_text import Style

ROOT = Path(__file__).parents[1]


def png(pixels: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels.transpose(1, 2, 0))).save(file, "PNG")
    return file.getvalue()


FROG = png(example_pictures()["frog"])
WIDE = png(np.random.default_rng(0).integers(0, 256, (3, 24, 40), dtype=np.uint8))


def run(steps: str, content: bytes = WIDE, seed: int = 0) -> Outcome:
    return run_pipeline(content, parse_pipeline(steps), seed)


def last_two(steps: str, content: bytes = WIDE) -> tuple[Step, Snapshot | None, Snapshot]:
    pipeline, outcome = parse_pipeline(steps), run(steps, content)
    assert outcome.failure is None
    before = outcome.snapshots[-2] if len(outcome.snapshots) > 1 else None
    return pipeline.steps[-1], before, outcome.snapshots[-1]


def said(steps: str, content: bytes = WIDE) -> str:
    """What is said about the last step that is reached, or the one that is refused."""
    pipeline, outcome = parse_pipeline(steps), run(steps, content)
    reached = len(outcome.snapshots)
    before = outcome.snapshots[reached - 1] if reached else None
    if outcome.failure:
        return explain_failure(pipeline.steps[reached], before, outcome.failure, pipeline.dialect)
    step, before, after = last_two(steps, content)
    return " ".join(notes(step, before, after, pipeline.dialect))


# --- drawn at random --------------------------------------------------------------------------------------------------


def drawn_text(rule: Rule) -> st.SearchStrategy[str]:
    match rule:
        case Number():
            numbers = (
                st.integers(int(rule.low), min(int(rule.high), 48))
                if rule.whole
                else st.sampled_from([0, 0.25, 0.5, 1])
            )
            return numbers.map(str)
        case OneOf():
            return st.sampled_from(list(rule.words))
        case PerChannel():
            low = max(rule.low, 0.05)
            values = st.lists(st.sampled_from([low, 0.485, 0.5, 1.0, 255.0]), min_size=1, max_size=3)
            return values.map(lambda found: ",".join(map(str, found if len(found) != 2 else found[:1])))


def drawn_step(step: type[Step]) -> st.SearchStrategy[list[str]]:
    return st.tuples(st.just(step.word), *map(drawn_text, step.rules().values())).map(list)


SOURCES = st.one_of([drawn_step(step) for step in STEP_TYPES.values() if step.is_source])
OTHERS = st.one_of([drawn_step(step) for step in STEP_TYPES.values() if not step.is_source])
PIPELINES = st.tuples(SOURCES, st.lists(OTHERS, max_size=6)).map(
    lambda drawn: parse_pipeline(";".join(":".join(step) for step in [drawn[0], *drawn[1]]))
)


def executed(code: str, picture: Path) -> dict[str, Any]:
    """The names of a script after it has run on a picture."""
    names: dict[str, Any] = {}
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()) as output:
        warnings.simplefilter("ignore")
        exec(code.replace("picture.png", str(picture)), names)
    return names | {"printed": output.getvalue().splitlines()}


def kept(content: bytes) -> Path:
    path = ROOT / ".hypothesis" / "pipeline_picture.png"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return path


@given(PIPELINES, st.integers(0, 99), st.sampled_from(["short", "slides"]))
@settings(max_examples=80)
def test_the_page_shows_what_its_script_computes(pipeline: Pipeline, seed: int, style: Style) -> None:
    outcome = run_pipeline(WIDE, pipeline, seed)
    path = kept(WIDE)
    reached = len(outcome.snapshots)
    if reached == 0:
        return
    code = pipeline_code(pipeline, reached, seed, outcome, style)
    if reached == len(pipeline.steps) and outcome.conv_failure:
        with pytest.raises((RuntimeError, TypeError)):
            executed(code, path)
        code = code.split("\nconvolution = ")[0]
    names = executed(code, path)
    value, snapshot = names["x"], outcome.snapshots[-1]
    numbers = np.asarray(value)
    assert numbers.shape == snapshot.shape
    assert sorted(snapshot.axes) in (["C", "H", "W"], ["H", "W"])
    assert snapshot.low == pytest.approx(float(numbers.min()))
    assert snapshot.high == pytest.approx(float(numbers.max()))
    if snapshot.channels[0].name in ("all", "grey"):
        assert snapshot.channels[0].mean == pytest.approx(float(numbers.astype(np.float64).mean()), abs=1e-9)
    else:
        means = np.moveaxis(numbers.astype(np.float64), snapshot.axes.index("C"), 0).mean(axis=(1, 2))
        assert [channel.mean for channel in snapshot.channels] == pytest.approx(means.tolist())
    if reached == len(pipeline.steps) and outcome.conv_shape:
        assert tuple(names["convolution"](value).shape) == outcome.conv_shape
    if outcome.failure and outcome.failure.type_name:
        code = pipeline_code(pipeline, reached + 1, seed, outcome, style)
        assert f"# raises {outcome.failure.type_name}" in code
        with pytest.raises(Exception) as raised:  # noqa: PT011 (whatever torchvision raises)
            executed(code, path)
        assert type(raised.value).__name__ == outcome.failure.type_name


@given(PIPELINES, st.booleans())
@settings(max_examples=60)
def test_every_pipeline_is_described_in_whole_sentences(pipeline: Pipeline, is_wide: bool) -> None:
    outcome = run_pipeline(WIDE if is_wide else FROG, pipeline, 0)
    data = film(pipeline, outcome)
    assert len(data["cards"]) == len(pipeline.steps) + 1
    assert json.loads(json.dumps(data)) == data
    for card in data["cards"]:
        sentences = [*card.get("notes", []), *([card["drawn"]] if "drawn" in card else [])]
        assert all(sentence[0].isupper() and sentence[-1] in ".…" for sentence in sentences), sentences
        assert (card["state"] == "done") == ("table" in card or "gives" in card)
        assert card["state"] == "done" or card["notes"]
    for index, step in enumerate(pipeline.steps[: len(outcome.snapshots)]):
        before = outcome.snapshots[index - 1] if index else None
        after = outcome.snapshots[index]
        assert shape_question(step, after)
        assert number_question(step, before)
        wanted = after.shape if after.kind != "pil" else (after.shape[1], after.shape[0])
        assert judge_shape(wanted, step, before, after).right
        assert not judge_shape((*wanted, 7), step, before, after).right


@given(PIPELINES)
@settings(max_examples=25)
def test_an_outcome_survives_its_way_through_the_pipe(pipeline: Pipeline) -> None:
    outcome = run_pipeline(WIDE, pipeline, 3)
    assert Outcome.from_plain(json.loads(json.dumps(outcome.to_plain()))) == outcome
    assert parse_pipeline(str(pipeline)) == pipeline


# --- the registry -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", STEP_TYPES.values(), ids=lambda step: step.word)
def test_a_step_has_words_for_the_page_and_reads_what_it_writes(step: type[Step]) -> None:
    usual = step.read(())
    assert step.read(usual.texts()) == usual
    assert step.about.endswith((".", ")"))
    assert usual.call().startswith((re.split(r"[. ]", step.title)[0], "x.", "np."))
    assert all(rule.about and rule.label for rule in step.rules().values())
    assert menu()["types"][step.word]["texts"] == usual.texts()


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ("", "Step 1 is '': use open, read, resize"),
        ("open;blur", "Step 2 is 'blur': use open, read, resize"),
        ("tensor", "Step 1 is tensor: only step 1 opens the file, with open or read."),
        ("open;open", "Step 2 is open: only step 1 opens the file"),
        (";".join(["open", *["tensor"] * 10]), "There are 11 steps: use at most 10"),
        ("open;resize:0", "Step 2, Resize: size is a whole number from 1 to 512, not 0"),
        ("open;resize:2.5", "Step 2, Resize: size is a whole number from 1 to 512, not 2.5"),
        ("open;resize:x", "Step 2, Resize: size is a whole number from 1 to 512, not x"),
        ("open;resize:", "Step 2, Resize: size is empty: type a whole number from 1 to 512."),
        ("open;resize:1e9", "Step 2, Resize: size is a whole number from 1 to 512, not 1e9"),
        ("open;resize:" + "9" * 40, "size is a whole number from 1 to 512, not 999999999999999999999999…"),
        ("open;flip: ", "Step 2, RandomHorizontalFlip: p is empty: type a number from 0 to 1."),
        ("open;tensor;normalize:0,,0:1", "A number of mean is missing: type one from -1000 to 1000."),
        ("open;resize:1:2", "Step 2, Resize: It takes 1 argument, not 2."),
        ("open;flip:2", "RandomHorizontalFlip: p is a number from 0 to 1, not 2"),
        ("open;gray:2", "Grayscale: num_output_channels is '2': use 1 or 3."),
        ("open;normalize:1,2", "Normalize: mean has 2 numbers: give three, one for each of red, green and blue"),
        ("open;normalize:0.5:0", "Normalize: std goes from 0.0001 to 1000, not 0"),
        ("open;normalize:" + "1" * 90, "A value has more than 80 characters"),
        ("x" * 2001, "The steps have more than 2000 characters"),
    ],
)
def test_steps_that_cannot_be_are_told_in_words(steps: str, message: str) -> None:
    with pytest.raises(ParseError) as raised:
        parse_pipeline(steps)
    assert message in str(raised.value)


def test_an_enormous_result_is_refused_before_it_is_made() -> None:
    long = png(np.zeros((3, 4, 400), np.uint8))
    assert "would turn 4 × 400 pixels into 512 × 51200, and the lab stops at 1024" in said("open;resize:512", long)
    # Of channels last, torchvision takes the width for the height.
    assert "and the lab stops at 1024: use a smaller size" in said("open;tensor;permute:hwc;resize:512")
    square = png(np.zeros((3, 200, 200), np.uint8))
    assert "would make 52,428,800 numbers" in said("open;tensor;permute:hwc;center:512", square)
    with pytest.raises(ShapeError, match=r"RandomCrop\(32, padding=64\) would make 4,9"):
        check_size(parse_pipeline("open;crop:32:64").steps[1], (60, 200, 123), is_channels_last=False)


def test_random_steps_draw_the_same_with_the_same_seed() -> None:
    steps = "open;crop:16:4;flip:0.5;tensor"
    pictures = {run(steps, FROG, seed).snapshots[-1].picture for seed in range(6)}
    assert len(pictures) > 3
    assert run(steps, FROG, 5) == run(steps, FROG, 5)
    assert [parse_pipeline(text).is_random for text in ("open;crop", "open;flip", "open;center")] == [True, True, False]


# --- presets and their points -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_found_by_its_steps_and_shows_a_step_that_it_has(name: str) -> None:
    preset = PRESETS[name]
    assert preset_of(preset.settings.pipeline) == name
    assert 0 <= preset.settings.step <= len(preset.settings.pipeline.steps)
    assert preset.note.endswith(".")


def printed(code: str) -> list[str]:
    """What a script's comments say that it prints."""
    return [line.split("  # ")[1] for line in code.splitlines() if line.startswith("print") and "  # " in line]


@pytest.mark.parametrize("name", PRESETS)
def test_the_comments_in_a_presets_script_are_true(name: str) -> None:
    pipeline = PRESETS[name].settings.pipeline
    outcome = run_pipeline(FROG, pipeline, 7)
    code = pipeline_code(pipeline, len(pipeline.steps), 7, outcome)
    if failure := outcome.failure or outcome.conv_failure:
        assert f"# raises {failure.type_name}" in code
        with pytest.raises((RuntimeError, TypeError)) as raised:
            executed(code, kept(FROG))
        assert type(raised.value).__name__ == failure.type_name
        return
    assert executed(code, kept(FROG))["printed"] == printed(code)
    assert len(printed(code)) == 2


def test_the_slides_style_is_that_of_slide_35() -> None:
    pipeline = parse_pipeline("open;tensor;normalize:0.5,0.5,0.5:0.5,0.5,0.5")
    outcome = run_pipeline(FROG, pipeline, 0)
    line = "pipeline = transforms.Compose([transforms.ToTensor(), transforms.Normalize(0.5, 0.5)])"
    assert line in pipeline_code(pipeline, 3, 0, outcome, "slides").splitlines()
    assert line in dataset_code(pipeline, 0, outcome.snapshots[-1], "slides").splitlines()
    # Where it is not known that it runs, each channel keeps its number; and where they differ.
    assert "Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))" in pipeline_code(pipeline, 3, 0, None, "slides")
    uneven = parse_pipeline("open;tensor;normalize:0.5,0.4,0.5:0.5,0.5,0.5")
    assert "Normalize((0.5, 0.4, 0.5)" in pipeline_code(uneven, 3, 0, run_pipeline(FROG, uneven, 0), "slides")
    grey = parse_pipeline("open;gray:1;tensor;normalize:0.5,0.5,0.5:0.5,0.5,0.5")
    assert "Normalize((0.5, 0.5, 0.5)" in pipeline_code(grey, 4, 0, run_pipeline(FROG, grey, 0), "slides")


def test_a_size_of_two_numbers_makes_all_pictures_alike() -> None:
    pipeline = parse_pipeline("open;resizeto:20:30;tensor")
    outcome = run_pipeline(WIDE, pipeline, 0)
    assert outcome.snapshots[-1].shape == (3, 20, 30)
    for style in ("short", "slides"):
        assert "transforms.Resize((20, 30))" in pipeline_code(pipeline, 3, 0, outcome, style)
    assert cifar_shape(pipeline, outcome.snapshots[-1]) == (3, 20, 30)


def test_a_script_runs_as_it_stands_with_nothing_but_the_picture(tmp_path: Path) -> None:
    pipeline = PRESETS["cifar"].settings.pipeline
    (tmp_path / "picture.png").write_bytes(FROG)
    code = pipeline_code(pipeline, len(pipeline.steps), 7, run_pipeline(FROG, pipeline, 7))
    told = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.splitlines() == printed(code)


def test_normalize_before_totensor_is_refused_and_the_advice_works() -> None:
    early = PRESETS["early"].settings.pipeline
    outcome = run_pipeline(FROG, early, 0)
    assert outcome.failure is not None
    assert outcome.failure.type_name == "TypeError"
    assert said(str(early), FROG) == (
        "Normalize calculates with a tensor's numbers. A PIL image comes in. Put ToTensor() before this step."
    )
    mended = Pipeline((early.steps[0], early.steps[2], early.steps[1]))
    assert run_pipeline(FROG, mended, 0).conv_shape == (6, 28, 28)


def test_floats_are_not_rescaled_and_bytes_are() -> None:
    assert run("open;numpy:float32;tensor").snapshots[-1].high > 250
    assert run("open;numpy:uint8;tensor").snapshots[-1].high <= 1
    assert (
        "Not rescaled: ToTensor divides by 255 only where the numbers are bytes (uint8), and these are float32."
        in said("open;numpy:float32;tensor")
    )


def test_mean_is_what_is_subtracted_told_with_the_pictures_numbers() -> None:
    own = run("open;tensor", FROG).snapshots[-1].channels[0]
    made = run(str(PRESETS["targets"].settings.pipeline), FROG).snapshots[-1].channels[0]
    assert made.mean == pytest.approx((own.mean - 0.2) / 0.1, rel=1e-4)
    assert said(str(PRESETS["targets"].settings.pipeline), FROG) == (
        "Red had a mean of 0.253; now it has (0.253 − 0.2) / 0.1 = 0.528. The argument mean is what is subtracted, not "
        "what comes out. The standard deviation 0.253 became 0.253 / 0.1 = 2.53."
    )


def test_a_reshape_tears_the_picture_and_the_convolution_takes_it() -> None:
    outcome = run(str(PRESETS["torn"].settings.pipeline), FROG)
    before, after = outcome.snapshots[1], outcome.snapshots[3]
    assert before.shape == after.shape == (3, 32, 32)
    assert before.picture != after.picture
    assert outcome.conv_shape == (6, 28, 28)
    assert "the picture is torn apart, and there is no error message" in said(
        str(PRESETS["torn"].settings.pipeline), FROG
    )


@pytest.mark.parametrize(
    ("steps", "sentence"),
    [
        ("open;image;normalize", "bytes can hold neither. Put ToDtype(torch.float32, scale=True) before it."),
        ("open;gray:1;tensor;normalize", "has 3 means for the first axis, and that is channels (1). Give one mean"),
        ("open;tensor;permute:hwc;normalize", "and that is height (24). Bring the channels to the front with permute("),
        (
            "open;image;float:True;numpy:float32;normalize",
            "Nothing happened, and there is no error message: v2's Normalize",
        ),
        ("open;float:True", "Nothing happened: ToDtype changes only tensors, and passes a PIL image on."),
        ("open;gray:1;tensor;float:True;normalize", "One channel became three"),
        ("open;normalize;float:True", "Put ToImage() and ToDtype(torch.float32, scale=True) before this step."),
        ("read;tensor", "this is a tensor already. For a tensor of bytes, use ToDtype(torch.float32, scale=True)"),
        ("open;tensor;tensor", "this is a tensor already. Take the step out."),
        ("open;permute:hwc", "Only tensors have permute. A PIL image comes in. Put ToTensor() before this step."),
        ("open;reshape", "Only tensors and NumPy arrays have reshape. A PIL image comes in."),
        ("open;numpy:uint8;resize:8", "Resize takes PIL images and tensors, not NumPy arrays. Put ToTensor()"),
        ("open;crop:40:2", "A square of 40 does not fit into 24 × 40 pixels with a padding of 2. Use a smaller size"),
        ("open;tensor;permute:hwc;crop:16:0", "into 40 × 3 pixels (the last two axes of this tensor)"),
        ("open;tensor;permute:hwc;gray:3", "takes the third axis from the end for the channels, and that has 24."),
        ("open;tensor;permute:hwc;resize:8", "last two axes for height and width. Here they are width"),
        ("open;tensor;permute:hwc", "The axes are now height (24), width (40) and channels (3)."),
        ("open;tensor;numpy:float32;tensor", "a NumPy array's last axis for the channels. This array had channels (3)"),
        ("open;tensor;numpy:uint8", "nearly all floats from 0 to 1 become 0. Multiply by 255 before this step."),
        ("open;image;float:False", "Not rescaled: without scale=True the numbers only change their type"),
        ("open;image", "These are still bytes from 0 to 255"),
        ("open;flip:1", "With this seed it was flipped."),
        ("open;flip:0", "With this seed it was left as it was."),
        ("open;gray:1;gray:1", "It was grey before."),
        ("open;image;float:False;normalize", "a mean of 0.5 is meant for numbers from 0 to 1: rescale first."),
        ("read", 'A warning is printed: "The image decoding and encoding capabilities of TorchVision are deprecated'),
    ],
)  # fmt: skip
def test_what_is_to_mind_is_said(steps: str, sentence: str) -> None:
    assert sentence in said(steps)


EVEN = png(np.broadcast_to(np.uint8([[9, 70, 200, 70, 9]]), (3, 4, 5)))
NEARLY_EVEN = np.full((3, 200, 300), 90, np.uint8)
NEARLY_EVEN[0, 7, 11] = 91


@pytest.mark.parametrize(
    ("steps", "content", "sentences"),
    [
        (
            "open;tensor;permute:hwc;flip:1",
            WIDE,
            "RandomHorizontalFlip takes a tensor's last axis for the width, and here that is channels (3). Permute "
            "first. With this seed the wrong axis was flipped.",
        ),
        ("open;tensor;permute:chw;flip:1", WIDE, "and here that is height (24). Permute first. With this seed the"),
        ("open;tensor;permute:hwc;flip:0", WIDE, "Permute first. With this seed it was left as it was."),
        ("open;flip:1", EVEN, "This picture is its own mirror image: flipped, it looks the same."),
        ("open;flip:0", EVEN, "This picture is its own mirror image: flipped, it looks the same."),
        # The drawing of it, smaller and compressed, is the same.
        ("open;flip:1", png(NEARLY_EVEN), "With this seed it was flipped."),
        ("open;tensor;flip:1", png(NEARLY_EVEN), "With this seed it was flipped."),
    ],
)
def test_a_flip_is_told_by_the_numbers_and_the_axis(steps: str, content: bytes, sentences: str) -> None:
    assert sentences in said(steps, content)


def test_the_channels_are_said_to_stand_first_only_where_they_do() -> None:
    assert said("open;tensor").endswith("divided by 255, and the channels are now first.")
    assert said("read;numpy:uint8;tensor") == (
        "ToTensor takes a NumPy array's last axis for the channels. This array had channels (3), height (24) and width "
        "(40), so what comes out has width (40), channels (3) and height (24): the channels are not first. Bytes from "
        "0 to 255 were divided by 255."
    )


@pytest.mark.parametrize(
    ("steps", "accepts", "sentence"),
    [
        ("open;tensor", True, "Conv2d(3, 6, 5) takes C=3, H=24, W=40 and gives C=6, H=20, W=36."),
        ("open;image;float:False", True, "But numbers up to 255 are far from what its weights expect."),
        ("open", False, "A convolution takes a tensor. A PIL image comes out. End with ToTensor()."),
        ("open;numpy:uint8", False, "A NumPy array comes out. End with ToTensor()."),
        ("read", False, "these numbers are bytes, and PyTorch multiplies only numbers of the same type."),
        ("open;tensor;permute:hwc", False, "wants three channels first, and the first axis is height (24)."),
        (
            "open;gray:1;tensor",
            False,
            "and this picture has 1. For a grey picture use Grayscale(num_output_channels=3)",
        ),
        ("open;resize:4;tensor", False, "A kernel of 5 × 5 does not fit into 4 × 6 pixels. Use a larger size."),
    ],
)
def test_what_the_convolution_makes_of_it_is_said(steps: str, accepts: bool, sentence: str) -> None:
    taken, told = explain_conv(run(steps))
    assert taken == accepts
    assert sentence in told


def test_nonsense_that_a_convolution_takes_is_called_so() -> None:
    content = png(np.zeros((3, 3, 9), np.uint8))
    # Three rows, nine columns, and the rows where the channels belong: too narrow still.
    assert not explain_conv(run("open;tensor;permute:hwc", content))[0]
    outcome = run("open;tensor;permute:chw;permute:chw", png(np.zeros((3, 9, 9), np.uint8)))
    assert outcome.snapshots[-1].axes == "HWC"


# --- what there is to see ---------------------------------------------------------------------------------------------


def test_what_is_drawn_is_cut_off_as_matplotlib_does_and_said() -> None:
    _, _, after = last_two("open;tensor;normalize", FROG)
    assert after.below == pytest.approx(0.82, abs=0.01)
    assert drawing_sentence(after) == (
        "Drawn as Matplotlib does it. It is cut off at 0 and 1: 82 % of the numbers lie below."
    )
    _, _, floats = last_two("open;numpy:float32", FROG)
    assert drawing_sentence(floats).endswith("89 % of the numbers lie above.")
    _, _, many = last_two("open;tensor;permute:hwc;permute:hwc", FROG)
    assert many.drawn == "colour"
    _, _, large = last_two("open;resize:300", FROG)
    assert large.shrunk
    assert drawing_sentence(large).endswith("It is drawn with fewer pixels than it has.")


@pytest.mark.parametrize(
    ("steps", "shape", "corner"),
    [
        ("open", "W=40, H=24", "np.asarray(x)[:4, :5, 0]"),
        ("open;gray:1", "W=40, H=24", "np.asarray(x)[:4, :5]"),
        ("open;tensor", "C=3, H=24, W=40", "x[0, :4, :5]"),
        ("open;tensor;permute:hwc", "H=24, W=40, C=3", "x[:4, :5, 0]"),
        ("open;numpy:uint8", "H=24, W=40, C=3", "x[:4, :5, 0]"),
        ("open;tensor;permute:chw", "W=40, C=3, H=24", None),
    ],
)
def test_axes_are_named_and_the_corner_is_what_its_code_gives(steps: str, shape: str, corner: str | None) -> None:
    outcome = run(steps)
    snapshot = outcome.snapshots[-1]
    assert shape_text(snapshot) == shape
    if corner is None:
        return
    assert snapshot.corner_code == corner
    names = executed(pipeline_code(parse_pipeline(steps), len(outcome.snapshots), 0).split("\nconv")[0], kept(WIDE))
    names["np"] = np
    np.testing.assert_allclose(np.asarray(eval(corner, names)), snapshot.corner, atol=1e-4)


def test_bars_are_shares_of_all_numbers() -> None:
    for step in ("open", "open;tensor;normalize", "open;gray:1;tensor"):
        snapshot = run(step).snapshots[-1]
        for channel in snapshot.channels:
            assert len(channel.bars) == shots.BINS
            assert sum(channel.bars) == pytest.approx(1, abs=1e-3)


def test_the_largest_numbers_that_ten_steps_can_make_are_still_numbers() -> None:
    steps = "open;tensor;" + ";".join(["normalize:1000:0.0001"] * 8)
    outcome = run(steps, FROG)
    assert -1e36 < outcome.snapshots[-1].low < -1e34
    data = film(parse_pipeline(steps), Outcome.from_plain(json.loads(json.dumps(outcome.to_plain()))))
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    assert data["cards"][-2]["table"][0][1] == "−1e+35"


def test_the_answer_of_the_child_is_json() -> None:
    import base64

    question = {"picture": base64.b64encode(FROG).decode(), "steps": "open;tensor", "seed": 1}
    plain = json.loads(json.dumps(answer(question)))
    assert Outcome.from_plain(plain).conv_shape == (6, 28, 28)


# --- a data set -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["halves", "cifar", "imagenet", "v2", "read", "floats", "targets"])
def test_the_data_sets_script_runs_and_its_comments_are_true(name: str) -> None:
    pipeline = PRESETS[name].settings.pipeline
    code = dataset_code(pipeline, 0, run_pipeline(FROG, pipeline, 0).snapshots[-1])
    loads = 'datasets.CIFAR10("data", train=True, download=True, transform=pipeline)'
    assert loads in code
    # CIFAR-10 itself needs a network; torchvision's own stand-in has pictures of the same kind.
    fake = code.replace(loads, "datasets.FakeData(64, (3, 32, 32), transform=pipeline)")
    comments = [comment.split(":")[0] for comment in printed(code)]
    assert executed(fake, kept(FROG))["printed"] == comments
    assert len(comments) == 3


@pytest.mark.parametrize(
    ("steps", "shape", "has_layers"),
    [
        ("open;tensor;permute:hwc", (32, 32, 3), False),
        ("open;tensor;permute:hwc;reshape", (3, 32, 32), True),
        ("open;tensor;permute:hwc;permute:chw", (3, 32, 32), True),
        ("open;numpy:float32;reshape;tensor", (32, 3, 32), False),
        ("open;resize:40;gray:1;tensor;reshape", (40, 1, 40), False),
        ("open;tensor;gray:3;center:20;permute:hwc;reshape", (3, 20, 20), True),
        ("open;tensor;permute:hwc;resize:12", (32, 128, 12), False),
    ],
)
def test_a_data_sets_pictures_have_a_known_shape_in_any_order_of_axes(
    steps: str, shape: tuple[int, ...], has_layers: bool
) -> None:
    pipeline, outcome = parse_pipeline(steps), run(steps, FROG)
    last = outcome.snapshots[-1]
    assert outcome.failure is None
    assert cifar_shape(pipeline, last) == last.shape == shape
    code = dataset_code(pipeline, 0, last)
    assert ("MaxPool2d" in code) == has_layers
    loads = 'datasets.CIFAR10("data", train=True, download=True, transform=pipeline)'
    fake = code.replace(loads, "datasets.FakeData(64, (3, 32, 32), transform=pipeline)")
    assert executed(fake, kept(FROG))["printed"] == [comment.split(":")[0] for comment in printed(code)]


def test_without_a_tensor_of_floats_no_shape_is_promised() -> None:
    for steps in (
        "open",
        "read",
        "open;crop:64:0;tensor",
    ):
        content = png(np.zeros((3, 80, 80), np.uint8))
        assert cifar_shape(parse_pipeline(steps), run(steps, content).snapshots[-1]) is None
    assert "print(type(images))" in dataset_code(parse_pipeline("open;tensor;permute:hwc"), 0, None)
    assert "v2.ToImage()," in dataset_code(parse_pipeline("read;float:True"), 0, None)


# --- predictions ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("steps", "typed", "kind"),
    [
        ("open;tensor", "3, 24, 40", "right"),
        ("open;tensor", "24 × 40 × 3", "channels_last"),
        ("open;tensor", "3x40x24", "swapped"),
        ("open;tensor", "40, 3, 24", "order"),
        ("open;tensor", "(1, 3, 24, 40)", "batch"),
        ("open;tensor", "24, 40", "channels"),
        ("open;tensor", "40,24", "channels"),
        ("open;tensor", "error", "runs"),
        ("open;tensor", "960", "axes"),
        ("open;tensor", "3, 24, 24", "unexplained"),
        ("open", "40, 24", "right"),
        ("open", "24, 40", "swapped"),
        ("open", "3, 24, 40", "channels"),
        ("open;tensor;permute:hwc", "3, 24, 40", "channels_first"),
        ("open;resize:12", "12, 12", "square"),
        ("open;resize:12", "40, 24", "unchanged"),
        ("read;resize:12", "3, 12, 12", "square"),
        ("open;crop:32:4", "40, 32", "unexplained"),
        ("read;crop:32:4", "3, 32, 48", "padded"),
        ("open;normalize", "error", "right"),
        ("open;normalize", "3, 24, 40", "refused"),
    ],
)
def test_a_predicted_shape_is_judged(steps: str, typed: str, kind: str) -> None:
    pipeline, outcome = parse_pipeline(steps), run(steps)
    index = len(pipeline.steps) - 1
    before = outcome.snapshots[index - 1] if index else None
    after = outcome.snapshots[index] if index < len(outcome.snapshots) else None
    verdict = judge_shape(parse_shape(typed), pipeline.steps[-1], before, after)
    assert verdict.kind == kind, verdict.sentences
    assert verdict.right == (kind == "right")
    assert all(sentence.endswith((".", "?")) for sentence in verdict.sentences)


@pytest.mark.parametrize("text", ["three", "3,-1,2", "3.5", "²", ","])
def test_what_is_no_shape_is_told(text: str) -> None:
    with pytest.raises(ParseError, match="Write a shape like 3, 32, 32, or the word error"):
        parse_shape(text)


@pytest.mark.parametrize(
    ("steps", "typed", "kind"),
    [
        ("open", "255", "right"),
        ("open", "1", "unexplained"),
        ("open;tensor", "1", "right"),
        ("open;tensor", "0.95", "right"),
        ("open;tensor", "255", "not_rescaled"),
        ("open;tensor", "240", "not_rescaled"),
        ("open;tensor", "7", "unexplained"),
        ("open;numpy:float32;tensor", "1", "rescaled"),
        ("open;numpy:float32;tensor", "240", "right"),
        ("open;image;float:False", "1", "rescaled"),
        ("open;tensor;normalize:0.2,0.2,0.2:0.1,0.1,0.1", "0.53", "right"),
        ("open;tensor;normalize:0.2,0.2,0.2:0.1,0.1,0.1", "0.2", "target"),
        ("open;tensor;normalize:0.2,0.2,0.2:0.1,0.1,0.1", "0", "zero"),
        ("open;tensor;normalize:0.2,0.2,0.2:0.1,0.1,0.1", "0.053", "not_divided"),
        ("open;tensor;normalize:0.2,0.2,0.2:0.1,0.1,0.1", "-0.53", "sign"),
        ("open;tensor;normalize:0.2,0.2,0.2:0.1,0.1,0.1", "0.253", "unchanged"),
        ("open;tensor;normalize:0.2,0.2,0.2:0.1,0.1,0.1", "2.33", "order"),
        ("open;tensor;normalize:0.2,0.2,0.2:0.1,0.1,0.1", "9", "unexplained"),
    ],
)
def test_a_predicted_number_is_judged(steps: str, typed: str, kind: str) -> None:
    step, before, after = last_two(steps, FROG)
    verdict = judge_number(typed, step, before, after)
    assert verdict.kind == kind, verdict.sentences
    assert verdict.right == (kind == "right")


def test_what_is_asked_names_the_step_and_what_comes_in() -> None:
    step, before, after = last_two("open;tensor;normalize", FROG)
    assert number_question(step, before) == "Mean of red after Normalize (before: 0.253)"
    assert shape_question(step, after) == "Shape after Normalize"
    step, before, after = last_two("open", FROG)
    assert shape_question(step, after) == "Size after Image.open, as Pillow writes it"
