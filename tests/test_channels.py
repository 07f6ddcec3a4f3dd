"""The channels lesson: every step against PyTorch and against the core, costs, orders in memory, and the script."""

import io
from contextlib import redirect_stdout

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cnnlab.errors import ShapeError
from cnnlab.layers import Conv2d
from cnnlab.lessons.channels import costs, memory
from cnnlab.lessons.channels.agreement import answer, axes, check_with_torch
from cnnlab.lessons.channels.presets import DEFAULT, PRESETS, SPARE_INPUT, SPARE_KERNELS, random_like
from cnnlab.lessons.channels.pytorch_code import layer_code, torch_refusal
from cnnlab.lessons.channels.settings import (
    MAX_CHANNELS,
    MAX_INPUT,
    MAX_KERNEL,
    MAX_KERNELS,
    MAX_PADDING,
    MAX_STRIDE,
    ChannelSettings,
    walk,
)
from cnnlab.networks import Network
from cnnlab.ops import conv2d
from cnnlab.pytorch_text import Style

numbers = st.one_of(st.integers(-9, 9), st.floats(-9, 9, width=32))


@st.composite
def layers(draw: st.DrawFn, elements: st.SearchStrategy[float] = numbers) -> ChannelSettings:
    """Draw a full layer, one with groups, or one whose kernels slide in depth."""
    channels = draw(st.integers(1, MAX_CHANNELS))
    kind = draw(st.sampled_from(["full", "groups", "thin"]))
    groups = draw(st.sampled_from([g for g in range(1, channels + 1) if channels % g == 0])) if kind == "groups" else 1
    depth = draw(st.integers(1, channels)) if kind == "thin" else channels // groups
    outputs = groups * draw(st.integers(1, MAX_KERNELS // groups))
    rows, columns = draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
    size = draw(st.tuples(st.integers(3, 6), st.integers(3, 6)))
    dtype = np.int64 if draw(st.booleans()) else np.float64

    def array(*shape: int) -> np.ndarray:
        return draw(hnp.arrays(np.float64, shape, elements=elements)).astype(dtype)

    return ChannelSettings(
        array(channels, *size),
        array(outputs, depth, rows, columns),
        array(outputs),
        draw(st.integers(1, MAX_STRIDE)),
        draw(st.integers(0, MAX_PADDING)),
        groups,
    )


@given(layers())
@settings(deadline=None)  # the first example waits for the import of torch
def test_all_maps_agree_with_pytorch(layer: ChannelSettings) -> None:
    agreement = check_with_torch(layer)
    assert agreement.agrees
    assert agreement.cells == layer.output().size
    assert len(axes(layer)) == len(agreement.shape)


@given(layers())
def test_every_step_is_a_cell_taken_apart(layer: ChannelSettings) -> None:
    steps = walk(layer)
    np.testing.assert_allclose(steps.totals, layer.output(), atol=1e-9)
    for step in range(steps.totals.size):
        kernel, place, row, column = steps.place(step)
        cell = layer.cell(kernel, place, row, column)
        in_map = row * steps.totals.shape[3] + column
        np.testing.assert_allclose(steps.products[kernel, place, in_map], cell.products.ravel(), atol=1e-9)
        np.testing.assert_allclose(steps.parts[kernel, place, in_map], cell.partial_sums, atol=1e-9)
        assert cell.total == pytest.approx(float(steps.totals[kernel, place, row, column]))
        width = steps.padded.shape[2]
        assert steps.reads[in_map].tolist() == [down * width + across for down in cell.rows for across in cell.columns]


def test_whole_numbers_stay_whole_and_agree_exactly() -> None:
    assert walk(DEFAULT).totals.dtype == np.int64
    agreement = check_with_torch(DEFAULT)
    assert agreement.agrees
    assert agreement.where is None
    assert agreement.shape == (2, 3, 3)


def test_an_answer_survives_what_json_makes_of_the_question() -> None:
    question = {"stride": 1, "padding": 1, "groups": 1}
    question |= {"input": [[[1, 2]]], "kernels": [[[[1]]], [[[2]]]], "biases": [0, 0.5]}
    assert answer(question)["agrees"]


def test_a_wrong_map_is_told_with_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(*args: object, **more: object) -> np.ndarray:
        maps = conv2d(*args, **more)
        maps[1, 2, 0] += 3
        return maps

    monkeypatch.setattr("cnnlab.lessons.channels.settings.conv2d", wrong)
    agreement = check_with_torch(DEFAULT)
    assert not agreement.agrees
    assert agreement.where == (1, 2, 0)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_within_the_limits_and_cannot_be_changed(name: str) -> None:
    layer = PRESETS[name].settings
    assert layer.channels <= MAX_CHANNELS
    assert layer.outputs <= MAX_KERNELS
    assert max(layer.input.shape[1:]) <= MAX_INPUT
    assert max(layer.kernels.shape[2:]) <= MAX_KERNEL
    assert len(layer.biases) == layer.outputs
    assert walk(layer).totals.size > 1
    for array in (layer.input, layer.kernels, layer.biases):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


def test_the_demo_of_stanfords_notes_has_its_structure() -> None:
    assert DEFAULT.input.shape == (3, 5, 5)
    assert DEFAULT.kernels.shape == (2, 3, 3, 3)
    assert DEFAULT.biases.tolist() == [1, 0]
    assert (DEFAULT.stride, DEFAULT.padding) == (2, 1)
    assert DEFAULT.output().shape == (2, 1, 3, 3)
    assert DEFAULT.parameters_in_words == "2 * (3*3*3 + 1) = 56"


def test_the_presets_show_what_they_say() -> None:
    assert PRESETS["thin"].settings.output().shape[:2] == (1, 3)
    assert PRESETS["one_map"].settings.output().shape[:2] == (1, 1)
    red_only, grey = PRESETS["pointwise"].settings.output()[:, 0]
    x = PRESETS["pointwise"].settings.input
    np.testing.assert_array_equal(red_only > 0, (x[0] > 0) & (x[1] == 0))
    np.testing.assert_allclose(grey, x.mean(axis=0))
    depthwise = PRESETS["depthwise"].settings
    alone = [conv2d(depthwise.input[c : c + 1], depthwise.kernels[c : c + 1])[0] for c in range(3)]
    np.testing.assert_array_equal(depthwise.output()[:, 0], alone)


def test_the_same_seed_draws_the_same_layer() -> None:
    one, other = random_like(3, DEFAULT), random_like(3, DEFAULT)
    np.testing.assert_array_equal(one.kernels, other.kernels)
    np.testing.assert_array_equal(one.input, other.input)
    assert not np.array_equal(one.kernels, random_like(4, DEFAULT).kernels)
    assert SPARE_INPUT.shape == (MAX_CHANNELS, MAX_INPUT, MAX_INPUT)
    assert SPARE_KERNELS.shape == (MAX_KERNELS, MAX_CHANNELS, MAX_KERNEL, MAX_KERNEL)


# ------------------------------------------------------------------------------------------------------- depth


def test_only_a_thinner_kernel_is_refused_by_a_2d_convolution() -> None:
    assert DEFAULT.without_depth() is None
    assert PRESETS["groups"].settings.without_depth() is None
    assert PRESETS["thin"].settings.without_depth() == (
        "The kernel is 2 deep but the input has 4 channels: use weight of shape (1, 4, ...), or make the input 2 deep."
    )


def test_a_kernel_deeper_than_the_input_is_refused_in_words() -> None:
    with pytest.raises(ShapeError, match="The kernel is 2 deep but the input has 1 channel"):
        ChannelSettings(np.zeros((1, 3, 3)), np.zeros((1, 2, 3, 3)), np.zeros(1)).output()


@given(layers())
@settings(deadline=None)
def test_pytorch_refuses_a_thinner_kernel_in_these_very_words(layer: ChannelSettings) -> None:
    from torch import tensor
    from torch.nn import functional

    if not layer.slides_in_depth:
        return
    x, weight = (tensor(array.astype(np.float64)) for array in (layer.input, layer.kernels))
    with pytest.raises(RuntimeError) as refusal:
        functional.conv2d(x[None], weight)
    assert str(refusal.value) == torch_refusal(layer)


# -------------------------------------------------------------------------------------------------------- code


def run(code: str) -> tuple[dict[str, object], str]:
    names: dict[str, object] = {}
    with redirect_stdout(io.StringIO()) as printed:
        exec(compile(code, "<script>", "exec"), names)
    return names, printed.getvalue()


@pytest.mark.parametrize("style", ["short", "slides"])
@given(layer=layers())
@settings(deadline=None)
def test_the_script_computes_what_the_lab_computes(layer: ChannelSettings, style: Style) -> None:
    names, printed = run(layer_code(layer, style=style))
    wanted = layer.output() if layer.slides_in_depth else layer.output()[:, 0]
    np.testing.assert_allclose(names["y"].numpy(), wanted, atol=1e-2)
    assert printed.splitlines()[0] == str(layer.parameters)


@pytest.mark.parametrize("style", ["short", "slides"])
@pytest.mark.parametrize("name", PRESETS)
def test_the_script_says_what_it_prints(name: str, style: Style) -> None:
    code = layer_code(PRESETS[name].settings, style=style)
    _, printed = run(code)
    comments = [line.removeprefix("# ") for line in code.splitlines() if line.startswith(("# tensor", "#        "))]
    assert printed.splitlines()[1:] == comments
    assert comments


def test_the_script_names_only_what_the_layer_needs() -> None:
    assert "nn.Conv2d(3, 2, kernel_size=3, stride=2, padding=1)" in layer_code(DEFAULT)
    assert "nn.Conv2d(4, 4, kernel_size=3, groups=2)" in layer_code(PRESETS["groups"].settings)
    slides = layer_code(DEFAULT, style="slides")
    assert "self.conv1 = nn.Conv2d(in_channels=3, out_channels=2, kernel_size=3, stride=2, padding=1)" in slides
    thin = layer_code(PRESETS["thin"].settings)
    assert "nn.Conv3d(1, 1, kernel_size=(2, 3, 3), stride=(1, 1, 1), padding=(0, 0, 0))" in thin
    assert "# nn.Conv2d refuses:\n#     Given groups=1, weight of size [1, 2, 3, 3]" in thin


# ------------------------------------------------------------------------------------------------------- costs


@given(st.integers(1, 4), st.integers(1, 4), st.integers(1, 3), st.integers(1, 5))
def test_costs_are_those_of_the_networks_summary(channels: int, outputs: int, size: int, cells: int) -> None:
    found = {cost.name: cost for cost in costs.costs(costs.Layer(channels, outputs, size, size, cells * cells))}
    deep = Conv2d(channels, channels, size, groups=channels)
    networks = {
        "Full": [Conv2d(channels, outputs, size)],
        ("Depthwise (1 group)" if channels == 1 else f"Depthwise ({channels} groups)"): [deep],
        "Depthwise, then 1 × 1": [deep, Conv2d(channels, outputs, 1)],
    }
    if "2 groups" in found:
        networks["2 groups"] = [Conv2d(channels, outputs, size, groups=2)]
    for name, layers_ in networks.items():
        rows = Network("drawn", tuple(layers_)).summary((channels, cells + size - 1, cells + size - 1))
        cost = found[name]
        assert cost.parameters == sum(row.num_params for row in rows)
        assert cost.macs == sum(row.macs for row in rows)
        assert cost.share == cost.macs / found["Full"].macs
        assert cost.parameters_in_words.endswith(f"= {cost.parameters:,}")


def test_the_parameters_of_a_layer_are_spelled_out() -> None:
    assert PRESETS["depthwise"].settings.parameters_in_words == "3 * (3*3*1 + 1) = 30"
    assert PRESETS["thin"].settings.weight_shape == (1, 1, 2, 3, 3)
    assert PRESETS["groups"].settings.weight_shape == (4, 2, 3, 3)


def test_mobilenets_pair_costs_a_ninth() -> None:
    pair = costs.costs(costs.MOBILENET)[-1]
    assert pair.share == pytest.approx(1 / 512 + 1 / 9)  # 1/N + 1/K**2, section 3.1 of the paper


# ------------------------------------------------------------------------------------------------------ memory


@given(hnp.arrays(np.int64, st.tuples(st.integers(1, 3), st.integers(1, 3), st.integers(1, 4)), unique=True))
def test_both_orders_hold_the_same_numbers_each_at_its_place(pixels: np.ndarray) -> None:
    first, last = memory.orders(pixels)
    channels, rows, columns = pixels.shape
    for order in (first, last):
        for place, (c, h, w) in enumerate(order.sources.tolist()):
            assert order.flat[place] == pixels[c, h, w]
            assert order.flat[place] == eval(
                order.formula.split(" == ")[1], {"memory": order.flat, "c": c, "h": h, "w": w}
            )
    assert last.array.shape == (rows, columns, channels)
    assert first.array.tobytes() == pixels.tobytes()
    assert (last.array == np.moveaxis(pixels, 0, -1)).all()


def test_an_array_is_printed_row_by_row() -> None:
    first, last = memory.orders(np.array([[[1, 2]], [[10, 20]]]))
    assert first.text == "[[[ 1,  2]],\n [[10, 20]]]"
    assert last.text == "[[[ 1, 10],\n  [ 2, 20]]]"
