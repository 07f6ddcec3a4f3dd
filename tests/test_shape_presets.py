"""The output-shape page's settings: what torch makes of them, which work, and which are nearest where none does."""

from dataclasses import replace
from fractions import Fraction

import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from torch import nn

from cnnlab.errors import ParseError, ShapeError
from cnnlab.feedback.output_size import judge_size, parse_size
from cnnlab.lessons.output_shape.presets import PRESETS, preset_of
from cnnlab.lessons.output_shape.settings import LIMITS, ShapeSettings
from cnnlab.presets import Preset
from cnnlab.shapes import AxisWindows

SMALL = {
    name: st.integers(low, min(high, {"h": 16, "c": 3, "n": 3}.get(name.replace("w", "h"), 6)))
    for name, (low, high) in LIMITS.items()
}
SETTINGS = st.builds(ShapeSettings, **SMALL, ceil=st.booleans())


def _layer(settings: ShapeSettings) -> nn.Module:
    code = settings.to_code()
    assert code is not None
    return eval(code, {"nn": nn})


def _output(settings: ShapeSettings) -> torch.Tensor:
    return _layer(settings)(torch.zeros(1, settings.c, settings.h, settings.w))


def _works(settings: ShapeSettings) -> bool:
    try:
        settings.check()
    except ShapeError:
        return False
    return True


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_a_preset_works_and_is_found_again(preset: Preset[ShapeSettings]) -> None:
    preset.settings.check()
    assert preset_of(preset.settings) is preset
    assert preset_of(replace(preset.settings, n=preset.settings.n + 1)) is None


@pytest.mark.parametrize(
    ("key", "shape"),
    [
        ("two_kernels", (2, 5, 5)),
        ("stride_1", (1, 5, 5)),
        ("stride_2", (1, 3, 3)),
        ("stride_3", (1, 2, 2)),
        ("lenet", (6, 28, 28)),
        ("alexnet", (96, 55, 55)),
        ("dilated", (2, 5, 5)),
        ("ceil", (1, 3, 3)),
    ],
)
def test_a_preset_gives_the_shape_that_it_says(key: str, shape: tuple[int, int, int]) -> None:
    assert PRESETS[key].settings.output_shape == shape


@given(SETTINGS)
def test_the_written_layer_has_this_shape_and_these_parameters_in_torch(settings: ShapeSettings) -> None:
    assume(_works(settings) and settings.to_code())
    output = _output(settings)
    if settings.ceil:
        assert tuple(output.shape[2:]) == settings.output_shape[1:]
        return
    assert tuple(output.shape[1:]) == settings.output_shape
    layer = _layer(settings)
    assert tuple(layer.weight.shape) == settings.weight_shape
    assert sum(parameter.numel() for parameter in layer.parameters()) == settings.parameters


@given(SETTINGS)
def test_pixels_that_no_window_reads_are_those_without_a_gradient(settings: ShapeSettings) -> None:
    assume(_works(settings) and not settings.ceil)
    layer = nn.Conv2d(
        1,
        1,
        (settings.fh, settings.fw),
        (settings.sh, settings.sw),
        (settings.ph, settings.pw),
        (settings.dh, settings.dw),
        bias=False,
    )
    nn.init.ones_(layer.weight)
    pixels = torch.zeros(1, 1, settings.h, settings.w, requires_grad=True)
    layer(pixels).sum().backward()
    assert pixels.grad is not None
    assert int((pixels.grad == 0).sum()) == settings.unread_pixels


@given(SETTINGS)
def test_settings_that_do_not_work_have_neighbours_that_do(settings: ShapeSettings) -> None:
    suggestions = settings.suggestions()
    if _works(settings):
        assert suggestions == ()
        return
    assert suggestions
    for suggestion in suggestions:
        suggestion.check()
        assert suggestion.differences(settings)
        assert len({name[0] for name in suggestion.changed(settings)} - {"h", "w"}) <= 1


def test_a_kernel_that_does_not_fit_is_refused_in_words_for_its_axis() -> None:
    with pytest.raises(ShapeError, match=r"Along both axes: .* kernel of 5 does not fit into 3 pixels"):
        ShapeSettings(h=3, w=3).check()
    with pytest.raises(ShapeError, match=r"^Along the width: .* kernel of 5 does not fit into 4 pixels"):
        ShapeSettings(h=9, w=4).check()
    with pytest.raises(ShapeError, match=r"Along the height: .* into 3 pixels .* Along the width: .* into 4 pixels"):
        ShapeSettings(h=3, w=4).check()


def test_only_the_axis_that_needs_it_is_changed() -> None:
    changes = [one.differences(ShapeSettings(h=9, w=4)) for one in ShapeSettings(h=9, w=4).suggestions()]
    assert changes == ["padding 0 × 1", "kernel 5 × 4", "input 9 × 5"]


@given(SETTINGS)
def test_same_keeps_the_size_and_full_counts_every_overlap(settings: ShapeSettings) -> None:
    settings = replace(settings, sh=1, sw=1)
    full = settings.padded_as("full")
    assert full.output_shape[1] == settings.h + settings.rows.extent - 1
    try:
        same = settings.padded_as("same")
    except ShapeError:
        assert settings.rows.extent % 2 == 0 or settings.cols.extent % 2 == 0
    else:
        assert same.output_shape[1:] == (settings.h, settings.w)
    assert settings.padded_as("valid").rows.padded == settings.h


@pytest.mark.parametrize(
    ("settings", "name", "reason"),
    [
        (ShapeSettings(sh=2), "same", r"needs stride 1: at stride 2 the window"),
        (ShapeSettings(fh=5, fw=4), "same", r"a kernel of 4: it would take 3 pixels .* cannot be shared equally"),
        (ShapeSettings(fh=11, dh=4), "full", r"takes 40 pixels of padding here, and the lab goes up to 20"),
    ],
)
def test_a_padding_that_cannot_be_had_says_why(settings: ShapeSettings, name: str, reason: str) -> None:
    with pytest.raises(ShapeError, match=reason):
        settings.padded_as(name)  # pyright: ignore[reportArgumentType]


def test_a_pooling_padded_by_more_than_half_its_kernel_is_no_layer_of_torch() -> None:
    settings = ShapeSettings(h=9, w=9, fh=3, fw=3, ph=2, pw=1, ceil=True)
    assert settings.to_code() is None
    with pytest.raises(RuntimeError):
        nn.MaxPool2d(3, 1, (2, 1), ceil_mode=True)(torch.zeros(1, 1, 9, 9))


@pytest.mark.parametrize(
    ("axis", "answer", "slip"),
    [
        (AxisWindows(9, 5), "4", "The + 1 is missing"),
        (AxisWindows(7, 3, stride=3), "2.33", "The floor is missing"),
        (AxisWindows(7, 3, stride=3), "7/3", "The floor is missing"),
        (AxisWindows(7, 3, stride=3), "3", "rounds up"),
        (AxisWindows(28, 3, padding=(2, 2)), "28", "on one side only"),
        (AxisWindows(28, 3, padding=(2, 2)), "26", "The padding is forgotten"),
        (AxisWindows(9, 3, dilation=2), "7", "The dilation is forgotten"),
        (AxisWindows(9, 3, dilation=2), "4", "taken too wide"),
        (AxisWindows(9, 3, stride=2), "7", "The stride is forgotten"),
        (AxisWindows(6, 3, stride=2, ceil=True), "2", "This rounds down"),
        (AxisWindows(5, 2, stride=4, padding=(1, 1), ceil=True), "3", "starts beyond the input"),
        (AxisWindows(9, 3, stride=2, padding=(1, 1)), "9", "the size of the input"),
    ],
)
def test_an_answer_says_which_term_was_forgotten(axis: AxisWindows, answer: str, slip: str) -> None:
    verdict = judge_size(axis, parse_size(answer))
    assert not verdict.right
    assert any(slip in sentence for sentence in verdict.sentences), verdict


@given(SETTINGS, st.integers(-3, 60))
def test_only_the_right_answer_is_right(settings: ShapeSettings, answer: int) -> None:
    assume(_works(settings))
    verdict = judge_size(settings.rows, Fraction(answer))
    assert verdict.right == (answer == settings.rows.count)
    assert not (verdict.right and verdict.sentences)
    assert "{" not in "".join(verdict.sentences)


def test_an_answer_that_is_no_number_is_refused() -> None:
    with pytest.raises(ParseError, match="is not a number"):
        parse_size("five")
