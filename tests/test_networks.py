"""A summary says of a network what PyTorch's twin of it does: shapes, parameters, multiplications, what a unit sees."""

import ast
import math
import re
from collections.abc import Callable

import pytest
import torch
import torchinfo
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from cnnlab.errors import ShapeError
from cnnlab.exact_fields import axis_chain
from cnnlab.layers import (
    AdaptiveAvgPool2d,
    AvgPool2d,
    BatchNorm,
    BatchNorm2d,
    Conv2d,
    ConvTranspose2d,
    Flatten,
    Layer,
    Linear,
    MaxPool2d,
    ReLU,
    Shape,
)
from cnnlab.networks import LayerSummary, Network, check_input_shape, format_summary, lenet5
from cnnlab.networks.network import format_bytes
from cnnlab.networks.zoo import ZOO
from tests.drawn_layers import networks

pytestmark = [
    pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths"),
    pytest.mark.filterwarnings("ignore:Implicit dimension choice for .*softmax"),
]

SETTINGS = settings(deadline=None, max_examples=100)


@given(networks())
@SETTINGS
def test_the_twin_in_pytorch_gives_the_shapes_of_the_summary(drawn: tuple[Network, Shape]) -> None:
    network, shape = drawn
    x = torch.zeros(1, *shape)
    rows = network.summary(shape)
    for row, module in zip(rows, network.to_torch().eval(), strict=True):
        assert row.input_shape == tuple(x.shape[1:])
        x = module(x)
        assert row.output_shape == tuple(x.shape[1:])
        assert row.num_params == sum(parameter.numel() for parameter in module.parameters())


@given(networks())
@SETTINGS
def test_macs_are_half_of_the_operations_that_pytorch_counts(drawn: tuple[Network, Shape]) -> None:
    network, shape = drawn
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        network.to_torch().eval()(torch.zeros(1, *shape))
    assert 2 * network.macs(shape) == counter.get_total_flops()


@given(networks())
@SETTINGS
def test_torchinfo_counts_the_same(drawn: tuple[Network, Shape]) -> None:
    network, shape = drawn
    assume(network.layers)
    info = torchinfo.summary(network.to_torch(), input_size=(1, *shape), verbose=0, device="cpu")
    rows = network.summary(shape)
    assert info.total_params == network.num_params(shape)
    for row, theirs in zip(rows, info.summary_list[1:], strict=True):
        assert theirs.class_name == row.name
        assert tuple(theirs.output_size[1:]) == row.output_shape
        assert theirs.num_params == row.num_params
        assert theirs.macs == _as_torchinfo_counts(row)
    assert info.total_mult_adds == sum(map(_as_torchinfo_counts, rows))


def _as_torchinfo_counts(row: LayerSummary) -> int:
    """It counts biases as well, and each weight of a transposed convolution once for each cell that comes out."""
    macs, layer = row.macs, row.layer
    match layer:
        case Conv2d(bias=True) | Linear(bias=True):
            return macs + math.prod(row.output_shape)
        case ConvTranspose2d():
            return row.num_params * math.prod(row.output_shape[1:])
        case BatchNorm():
            return row.num_params
        case _:
            return macs


@given(networks())
@SETTINGS
def test_the_code_makes_a_network_with_the_same_weights(drawn: tuple[Network, Shape]) -> None:
    network, shape = drawn
    made: dict[str, nn.Module] = {}
    exec(network.to_code(shape), made)
    assert _weights(made["model"]) == _weights(network.to_torch())
    assert repr(made["model"]) == repr(network.to_torch())


@st.composite
def window_layers(draw: st.DrawFn, padded: bool = True) -> Layer:
    """Draw a convolution or a pooling of one channel, with windows so small that a middle unit sees no edge."""
    kernels, strides, paddings = st.integers(1, 3), st.integers(1, 2), st.integers(0, int(padded))
    kernel_size, stride = (draw(kernels), draw(kernels)), (draw(strides), draw(strides))
    dilation = (draw(strides), draw(strides))
    padding = (draw(paddings), draw(paddings))
    ceil_mode = padded and draw(st.booleans())
    kind = draw(st.sampled_from([Conv2d, MaxPool2d, AvgPool2d]))
    if kind is Conv2d:
        same = padded and stride == (1, 1) and draw(st.booleans())
        return Conv2d(1, 1, kernel_size, stride, "same" if same else padding, dilation)
    padding = (min(padding[0], kernel_size[0] // 2), min(padding[1], kernel_size[1] // 2))
    if kind is AvgPool2d:
        return AvgPool2d(kernel_size, stride, padding, ceil_mode)
    return MaxPool2d(kernel_size, stride, padding, dilation, ceil_mode)


@given(st.lists(window_layers(), max_size=3))
@SETTINGS
def test_a_unit_sees_the_pixels_that_its_gradient_reaches(layers: list[Layer]) -> None:
    row = Network("stack", (ReLU(), *layers)).summary((1, 64, 64))[-1]
    i, j = (size // 2 for size in row.output_shape[1:])
    touched = _touched(layers, lambda y: y[0, 0, i, j])
    assert _extent(touched.any(dim=1)) == row.view.height.span(i)
    assert _extent(touched.any(dim=0)) == row.view.width.span(j)
    assert row.receptive_field in (row.view.height.size, (row.view.height.size, row.view.width.size))


@given(st.lists(window_layers(padded=False), max_size=3))
@SETTINGS
def test_a_linear_layer_sees_what_all_units_before_it_see(layers: list[Layer]) -> None:
    features = Network("stack", (*layers, Flatten())).summary((1, 64, 64))[-1].output_shape[0]
    network = Network("stack", (ReLU(), *layers, Flatten(), Linear(features, 5), ReLU(), Linear(5, 2)))
    *_, before, flat, first, _, second = network.summary((1, 64, 64))
    assert flat.receptive_field == before.receptive_field
    touched = _touched(layers, torch.sum)
    assert _extent(touched.any(dim=1)) == first.view.height.span(0)
    assert _extent(touched.any(dim=0)) == first.view.width.span(0)
    assert second.receptive_field == first.receptive_field


@st.composite
def finer_and_coarser(draw: st.DrawFn) -> list[Layer]:
    """Draw layers of one channel, among them those behind which units do not all see equally much."""
    kernels, strides = st.integers(1, 5), st.integers(1, 4)
    layers, size = list[Layer](), 24
    for kind in draw(st.lists(st.sampled_from("ctta"), min_size=1, max_size=4)):
        kernel, stride, dilation = draw(kernels), draw(strides), draw(st.integers(1, 3))
        layer: Layer
        match kind:
            case "c":
                layer = Conv2d(1, 1, kernel, stride, draw(st.integers(0, 2)), dilation)
            case "t":
                extra = draw(st.integers(0, max(stride, dilation) - 1))
                layer = ConvTranspose2d(1, 1, kernel, stride, draw(st.integers(0, 2)), extra, dilation=dilation)
            case _:
                layer = AdaptiveAvgPool2d(draw(st.integers(1, 30)))
        # Some would not fit, and some have a pattern that is too much to follow.
        if Network("drawn", (*layers, layer)).follow((1, 24, 24))[1] is not None:
            continue
        after = layer.size(size, 0)
        if after <= 80:
            layers, size = [*layers, layer], after
    assume(layers)
    return layers


@given(finer_and_coarser(), st.data())
@settings(deadline=None, max_examples=300)
def test_units_that_see_unequally_much_see_what_their_gradients_reach(layers: list[Layer], data: st.DataObject) -> None:
    row = Network("stack", tuple(layers)).summary((1, 24, 24))[-1]
    unit = data.draw(st.integers(0, row.output_shape[1] - 1))
    # The formula goes on in padding, where a gradient ends.
    assume(all(region.outside == 0 for region in axis_chain(layers, 24, 0).regions(unit)))
    x = torch.zeros(1, 1, 24, 24, requires_grad=True)
    y = x
    for layer in layers:
        y = _of_ones(layer)(y)
    (gradient,) = torch.autograd.grad(y[0, 0, unit, unit] + 0 * x.sum(), x)
    touched = (gradient[0, 0] != 0).any(dim=1)
    first, last = row.view.height.span(unit)
    assert last - first + 1 <= row.view.height.size
    assert row.view.height == row.view.width
    if touched.any():
        assert _extent(touched) == (first, last)
    else:
        assert last < first


def _of_ones(layer: Layer) -> nn.Module:
    module = layer.to_torch()
    for parameter in module.parameters():
        nn.init.ones_(parameter)
    return module


def test_the_receptive_field_is_that_of_the_unit_that_sees_most() -> None:
    layers = (Conv2d(1, 1, 3, stride=2), ConvTranspose2d(1, 1, 3, stride=2))
    row = Network("up", layers).summary((1, 33, 33))[-1]
    # Every other unit is reached by two cells of the map before, 2 pixels apart, that see 3 each; the others by one.
    assert row.view.height.span(2) == (0, 4)
    assert row.view.height.span(3) == (2, 4)
    assert (row.receptive_field, row.jump) == (5, 1)


def test_a_finer_map_has_a_jump_of_less_than_a_pixel() -> None:
    row = Network("up", (ConvTranspose2d(1, 1, (2, 3), stride=(2, 3)),)).summary((1, 4, 4))[-1]
    assert row.receptive_field == 1
    assert [str(jump) for jump in row.jump] == ["1/2", "1/3"]
    assert "1/2 × 1/3" in format_summary([row])


def test_what_comes_down_again_sees_as_if_it_had_never_been_up() -> None:
    layers = (ConvTranspose2d(1, 1, 2, stride=2), Conv2d(1, 1, 2, stride=2))
    row = Network("up and down", layers).summary((1, 8, 8))[-1]
    assert (row.receptive_field, row.jump, row.view.height.span(3)) == (1, 1, (3, 3))


def test_an_adaptive_pooling_sees_its_windows() -> None:
    def field(size: int, side: int) -> object:
        row = Network("pool", (AdaptiveAvgPool2d(size),)).summary((1, side, side))[-1]
        return row.receptive_field, str(row.jump)

    assert field(4, 32) == (8, "8")
    assert field(1, 7) == (7, "7")
    assert field(3, 7) == (3, "7/3")  # rows 0 to 2, 2 to 4, 4 to 6
    assert field(7, 1) == (1, "1/7")


def test_units_that_see_nothing_have_no_receptive_field() -> None:
    row = Network("gaps", (ConvTranspose2d(1, 1, 1, stride=2), Conv2d(1, 1, 1, stride=2, padding=1))).summary(
        (1, 4, 4)
    )[-1]
    assert row.receptive_field == 0
    first, last = row.view.height.span(1)
    assert last < first


def test_a_pattern_that_never_repeats_is_refused() -> None:
    network = Network("fine", (ConvTranspose2d(1, 1, 3, stride=511), ConvTranspose2d(1, 1, 3, stride=509)))
    with pytest.raises(
        ShapeError, match=r"repeat only every 260,099 units, .*: use strides and sizes that have more in"
    ):
        network.summary((1, 1, 1))


def _touched(layers: list[Layer], pick: Callable[[torch.Tensor], torch.Tensor]) -> torch.Tensor:
    """Tell which pixels of a 64 × 64 input have a share in the picked number, by PyTorch's gradient: (64, 64) bools."""
    y = x = torch.zeros(1, 1, 64, 64, requires_grad=True)
    for layer in layers:
        y = _all_ones(layer)(y)
    (gradient,) = torch.autograd.grad(pick(y) + 0 * x.sum(), x)
    return gradient[0, 0] != 0


def _all_ones(layer: Layer) -> nn.Module:
    """Make the layer so that everything in a window counts alike: a largest number alone would hide the others."""
    if isinstance(layer, AvgPool2d):
        return layer.to_torch()
    assert isinstance(layer, Conv2d | MaxPool2d)
    module = nn.Conv2d(1, 1, layer.kernel_size, layer.stride or layer.kernel_size, layer.padding, layer.dilation)
    nn.init.ones_(module.weight)
    return module


def _extent(touched: torch.Tensor) -> tuple[int, int]:
    pixels = touched.nonzero().flatten().tolist()
    return pixels[0], pixels[-1]


def test_lenet5_is_the_one_of_the_lecture() -> None:
    rows = lenet5().summary((3, 32, 32))
    learning = [row for row in rows if row.num_params]
    assert [row.num_params for row in learning] == [456, 2_416, 48_120, 12_100, 1_010]
    assert lenet5().num_params() == 64_102
    windows = [row for row in rows if row.name in ("Conv2d", "AvgPool2d")]
    assert [row.receptive_field for row in windows] == [5, 6, 14, 16, 32]
    assert [row.jump for row in windows] == [1, 2, 2, 4, 4]
    assert [row.name for row in lenet5(pooling="max").summary()].count("MaxPool2d") == 2
    assert lenet5(1, 7).summary()[-1].output_shape == (7,)


def test_rectangular_windows_see_rectangles() -> None:
    (row,) = Network("wide", (Conv2d(1, 1, kernel_size=(3, 5), stride=(1, 2)),)).summary((1, 9, 9))
    assert (row.receptive_field, row.jump) == ((3, 5), (1, 2))


def test_a_row_of_features_needs_no_map() -> None:
    rows = Network("mlp", (Linear(784, 30), ReLU(), Linear(30, 10))).summary((784,))
    assert [row.output_shape for row in rows] == [(30,), (30,), (10,)]
    assert rows[-1].receptive_field == (1, 784)


def test_networks_are_values() -> None:
    layers: list[Layer] = [ReLU()]
    network = Network("one", layers)  # pyright: ignore[reportArgumentType]  # a list is taken as well
    layers.append(ReLU())
    assert network == Network("one", (ReLU(),))
    assert {network: 1}[Network("one", (ReLU(),))] == 1
    assert repr(network) == "Network('one', (\n  ReLU(),\n))"


def test_a_name_with_line_breaks_stays_a_comment() -> None:
    code = Network("evil\nraise SystemExit\r#", (ReLU(),)).to_code()
    assert code.splitlines()[2] == "# evil raise SystemExit #"
    exec(code, {})


def test_a_networks_own_input_is_its_default() -> None:
    assert lenet5().summary() == lenet5().summary((3, 32, 32))
    with pytest.raises(ShapeError, match=r"one is not tied to one input: give its shape, \(3, 32, 32\) for instance"):
        Network("one", (ReLU(),)).summary()


@pytest.mark.parametrize(
    ("layers", "shape", "words"),
    [
        (
            (Conv2d(3, 6, 5), AvgPool2d(2), Conv2d(16, 120, 5)),
            (3, 32, 32),
            r"Layer 3 \(Conv2d\(16, 120, kernel_size=5\)\) cannot take 6 × 14 × 14\. "
            r"Conv2d expects 16 channels but gets 6",
        ),
        (
            (Conv2d(3, 16, 5), Flatten(), Linear(400, 120)),
            (3, 8, 8),
            r"Layer 3 \(Linear\(400, 120\)\) cannot take 256 features \(16 × 4 × 4\)\. "
            r"Linear expects 400 features but gets 256: use in_features=256",
        ),
        (
            (Flatten(), Linear(12, 5), ReLU(), Linear(4, 3)),
            (3, 2, 2),
            r"Layer 4 \(Linear\(4, 3\)\) cannot take 5 features\. Linear expects 4 features but gets 5",
        ),
        (
            (AvgPool2d(5),),
            (3, 4, 4),
            r"Layer 1 .* cannot take 3 × 4 × 4\. Along the height: A kernel of 5 does not fit",
        ),
    ],
)
def test_an_error_tells_the_layer_and_what_came_in(layers: tuple[Layer, ...], shape: Shape, words: str) -> None:
    with pytest.raises(ShapeError, match=words) as caught:
        Network("broken", layers).summary(shape)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ((1, 3, 32, 32), r"\(1, 3, 32, 32\) is not an input shape: give channels, height and width without the batch"),
        ((32, 32), r"\(32, 32\) is not an input shape"),
        ("3x32x32", r"'3x32x32' is not an input shape"),
        (784, r"784 is not an input shape: .* or the number of features, \(784,\)"),
        ((3, 0, 32), r"A size of the input shape is 0: use 1 or more"),
        ((3, 32.0, 32), r"A size of the input shape is 32\.0: use a whole number"),
        ((3, 32, 10**6), r"The input shape \(3, 32, 1000000\) is too large: use sizes up to 16,384"),
    ],
)
def test_what_is_no_input_shape_is_refused_in_words(shape: object, words: str) -> None:
    with pytest.raises(ShapeError, match=words):
        check_input_shape(shape)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: lenet5(pooling="sum"), r"There is no pooling 'sum': use 'avg' or 'max'"),
        (lambda: lenet5(pooling=["avg"]), r"There is no pooling \['avg'\]: use 'avg' or 'max'"),
        (lambda: lenet5(in_channels=10**5000), r"in_channels must be .* not int\(…\)\.$"),
        (lambda: Network("wrong", None), r"None is not a list of layers: use those of cnnlab\.layers, \[ReLU\(\)\]"),
        (lambda: Network(None, ()), r"None is not the name of a network: use text"),
        (lambda: lenet5(in_channels=0), r"Conv2d's in_channels must be a whole number from 1 to 65,536, not 0"),
        (lambda: lenet5(num_classes=0), r"Linear's out_features must be a whole number from 1 to .*, not 0"),
        (lambda: Network("wrong", ("relu",)), r"'relu' is not a layer: use those of cnnlab.layers, such as ReLU\(\)"),
    ],
)
def test_what_cannot_be_built_is_refused_in_words(make: Callable[[], Network], words: str) -> None:
    with pytest.raises(ShapeError, match=words):
        make()


def test_the_table_holds_every_layer_and_the_totals() -> None:
    network = Network("mixed", (Conv2d(3, 8, kernel_size=(3, 5), stride=(1, 2)), Flatten(), Linear(1120, 10)))
    table = format_summary(network.summary((3, 12, 32)))
    lines = table.splitlines()
    assert [line.split()[1] for line in lines[3:6]] == ["Conv2d(3,", "Flatten()", "Linear(1120,"]
    assert lines[3].endswith("50,400  4.5 kB            3 × 5  1 × 2")
    assert lines[-1].split() == ["Total", "11,578", "61,600", "9.0", "kB"]
    assert len({len(line) for line in lines if line.startswith("-")}) == 1
    assert max(map(len, lines)) == len(lines[1])


def test_the_table_of_no_layers_is_empty() -> None:
    assert format_summary([]).splitlines()[-1].split() == ["Total", "0", "0", "0", "B"]


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (999_949, "999.9 kB"), (999_950, "1.0 MB"), (10**16, "10,000.0 TB")],
)
def test_memory_is_written_with_few_digits(count: int, text: str) -> None:
    assert format_bytes(count) == text


def _weights(module: nn.Module) -> dict[str, torch.Size]:
    return {name: value.shape for name, value in module.state_dict().items()}


# --- numbers worked out ---------------------------------------------------------------------------------------------


def worked_out(text: str, layer: Layer) -> float:
    """Compute what is left of the last equals sign, and compare it with what is right of it."""
    computed, _, result = text.rpartition(" = ")
    number = int(result.replace(",", ""))
    if computed:
        assert evaluate(computed, layer) == number, text
    return number


def evaluate(text: str, layer: Layer) -> float:
    tree = ast.parse(re.sub(r"(?<=\d),(?=\d{3})", "", text), mode="eval")
    allowed = (ast.Expression, ast.BinOp, ast.Constant, ast.operator, ast.Call, ast.Name, ast.Load, ast.Subscript)
    assert all(isinstance(node, allowed) for node in ast.walk(tree)), text
    names = {name: getattr(layer, name) for name in layer.rules()}
    return eval(compile(tree, "text", "eval"), {"floor": math.floor, "ceil": math.ceil, "__builtins__": {}}, names)


def check_texts(rows: list[LayerSummary]) -> None:
    for row in rows:
        assert worked_out(row.params_text, row.layer) == row.num_params
        assert worked_out(row.macs_text, row.layer) == row.macs
        sizes: dict[str, int] = {}
        for line in row.shape_text.splitlines():
            label, _, text = line.partition(": ")
            if " = " in text:
                sizes |= dict.fromkeys(label.split(" and "), int(worked_out(text, row.layer)))
        match row.output_shape:
            case _ if not sizes:
                assert row.output_shape == row.input_shape
            case (channels, height, width):
                assert (sizes["height"], sizes["width"]) == (height, width)
                assert sizes.get("channels", row.input_shape[0]) == channels
            case (features,):
                assert sizes == {"features": features}
            case _:
                raise AssertionError
        assert row.activations == math.prod(row.output_shape)
        assert row.memory == torch.zeros(row.output_shape, device="meta").nbytes


@given(networks())
@SETTINGS
def test_every_text_works_out_to_its_number(drawn: tuple[Network, Shape]) -> None:
    network, shape = drawn
    rows = network.summary(shape)
    check_texts(rows)
    assert network.activations(shape) == sum(row.activations for row in rows)
    assert network.memory(shape) == 4 * network.activations(shape)


@pytest.mark.parametrize("key", ZOO)
def test_every_text_of_a_known_network_works_out_to_its_number(key: str) -> None:
    check_texts(ZOO[key].summary())


@pytest.mark.parametrize(
    ("layer", "shape", "texts"),
    [
        (
            Conv2d(3, 6, 5),
            (3, 32, 32),
            (
                "height and width: floor((32 + 2*0 - 5) / 1) + 1 = 28\nchannels: out_channels = 6",
                "(5*5*3 + 1) * 6 = 456",
                "(28*28*6) * (5*5*3) = 352,800",
            ),
        ),
        (
            Conv2d(4, 8, (3, 2), stride=2, padding="valid", dilation=(2, 1), groups=2, bias=False),
            (4, 9, 9),
            (
                "height: floor((9 + 2*0 - (2*(3 - 1) + 1)) / 2) + 1 = 3\n"
                "width: floor((9 + 2*0 - 2) / 2) + 1 = 4\nchannels: out_channels = 8",
                "3*2*(4/2) * 8 = 96",
                "(3*4*8) * (3*2*(4/2)) = 1,152",
            ),
        ),
        (
            Conv2d(1, 1, 4, padding="same"),
            (1, 9, 9),
            (
                "height and width: floor((9 + 1 + 2 - 4) / 1) + 1 = 9\nchannels: out_channels = 1",
                "(4*4*1 + 1) * 1 = 17",
                "(9*9*1) * (4*4*1) = 1,296",
            ),
        ),
        (
            MaxPool2d(3, stride=2, padding=1, ceil_mode=True),
            (6, 8, 8),
            ("height and width: ceil((8 + 2*1 - 3) / 2) + 1 = 5", "0", "0"),
        ),
        (
            MaxPool2d(2, stride=3, ceil_mode=True),
            (6, 6, 6),
            ("height and width: ceil((6 + 2*0 - 2) / 3) + 1 - 1 = 2", "0", "0"),
        ),
        (
            ConvTranspose2d(16, 8, 4, stride=2, padding=1),
            (16, 7, 7),
            (
                "height and width: (7 - 1)*2 - 2*1 + 1*(4 - 1) + 0 + 1 = 14\nchannels: out_channels = 8",
                "(4*4*16 + 1) * 8 = 2,056",
                "(7*7*16) * (4*4*8) = 100,352",
            ),
        ),
        (
            AdaptiveAvgPool2d((3, 7)),
            (512, 7, 7),
            (
                "height: output_size[0] = 3\nwidth: output_size[1] = 7\n"
                "each the average of a window of height 3 and width 1",
                "0",
                "0",
            ),
        ),
        (
            AdaptiveAvgPool2d(3),
            (1, 8, 9),
            (
                "height and width: output_size = 3\neach the average of a window of height 3 or 4 and width 3",
                "0",
                "0",
            ),
        ),
        (Flatten(), (512, 7, 7), ("features: 512*7*7 = 25,088", "0", "0")),
        (
            Linear(25088, 4096),
            (25088,),
            ("features: out_features = 4,096", "(25,088 + 1) * 4,096 = 102,764,544", "25,088 * 4,096 = 102,760,448"),
        ),
        (BatchNorm2d(64), (64, 8, 8), ("as it came: 64 × 8 × 8", "2 * 64 = 128", "0")),
        (ReLU(), (10,), ("as it came: 10", "0", "0")),
    ],
)
def test_numbers_are_worked_out_as_on_a_blackboard(layer: Layer, shape: Shape, texts: tuple[str, str, str]) -> None:
    (row,) = Network("one", (layer,)).summary(shape)
    assert (row.shape_text, row.params_text, row.macs_text) == texts


def test_lenets_numbers_fit_into_60_kilobytes() -> None:
    # 2*6*28*28 + 6*14*14 + 2*16*10*10 + 16*5*5 + 3*120 + 2*100 + 10
    assert (lenet5().activations(), lenet5().memory()) == (14_754, 59_016)


def test_an_input_is_followed_as_far_as_it_comes() -> None:
    rows, error = Network("broken", (Conv2d(3, 6, 5), Conv2d(3, 6, 5))).follow((3, 32, 32))
    assert [row.output_shape for row in rows] == [(6, 28, 28)]
    assert str(error).startswith("Conv2d expects 3 channels but gets 6")
    assert lenet5().follow() == (lenet5().summary(), None)
