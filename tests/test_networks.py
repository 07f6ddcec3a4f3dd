"""A summary says of a network what PyTorch's twin of it does: shapes, parameters, multiplications, what a unit sees."""

from collections.abc import Callable

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from cnnlab.errors import ShapeError
from cnnlab.layers import AvgPool2d, Conv2d, Flatten, Layer, Linear, MaxPool2d, ReLU, Shape
from cnnlab.networks import Network, check_input_shape, format_summary, lenet5
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


def _touched(layers: list[Layer], pick: Callable[[torch.Tensor], torch.Tensor]) -> torch.Tensor:
    """Tell which pixels of a 64 x 64 input have a share in the picked number, by PyTorch's gradient: (64, 64) bools."""
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
            r"layer 2 \(Conv2d\(16, 120, kernel_size=5\)\) cannot take 6 x 14 x 14: "
            r"Conv2d expects 16 channels but gets 6",
        ),
        (
            (Conv2d(3, 16, 5), Flatten(), Linear(400, 120)),
            (3, 8, 8),
            r"layer 2 \(Linear\(400, 120\)\) cannot take 256 features \(16 x 4 x 4\): "
            r"Linear expects 400 features but gets 256: use in_features=256",
        ),
        (
            (Flatten(), Linear(12, 5), ReLU(), Linear(4, 3)),
            (3, 2, 2),
            r"layer 3 \(Linear\(4, 3\)\) cannot take 5 features: Linear expects 4 features but gets 5",
        ),
        ((AvgPool2d(5),), (3, 4, 4), r"layer 0 .* cannot take 3 x 4 x 4: along the height, a kernel of 5 does not fit"),
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
        ((1, 3, 32, 32), r"\(1, 3, 32, 32\) is no input shape: give channels, height and width without the batch"),
        ((32, 32), r"\(32, 32\) is no input shape"),
        ("3x32x32", r"'3x32x32' is no input shape"),
        (784, r"784 is no input shape: .* or the number of features, \(784,\)"),
        ((3, 0, 32), r"a size of the input shape is 0: use 1 or more"),
        ((3, 32.0, 32), r"a size of the input shape is 32\.0: use a whole number"),
        ((3, 32, 10**6), r"the input shape \(3, 32, 1000000\) is too large: use sizes up to 16,384"),
    ],
)
def test_what_is_no_input_shape_is_refused_in_words(shape: object, words: str) -> None:
    with pytest.raises(ShapeError, match=words):
        check_input_shape(shape)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: lenet5(pooling="sum"), r"there is no pooling 'sum': use 'avg' or 'max'"),
        (lambda: lenet5(pooling=["avg"]), r"there is no pooling \['avg'\]: use 'avg' or 'max'"),
        (lambda: lenet5(in_channels=10**5000), r"in_channels must be .* not one int that cannot be written out$"),
        (lambda: Network("wrong", None), r"None is no list of layers: use those of cnnlab\.layers, \[ReLU\(\)\]"),
        (lambda: Network(None, ()), r"None is no name of a network: use text"),
        (lambda: lenet5(in_channels=0), r"Conv2d's in_channels must be a whole number from 1 to 65,536, not 0"),
        (lambda: lenet5(num_classes=0), r"Linear's out_features must be a whole number from 1 to .*, not 0"),
        (lambda: Network("wrong", ("relu",)), r"'relu' is no layer: use those of cnnlab.layers, such as ReLU\(\)"),
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
    assert lines[3].endswith("50,400            3 x 5  1 x 2")
    assert lines[-1].split() == ["Total", "11,578", "61,600"]
    assert len({len(line) for line in lines if line.startswith("-")}) == 1
    assert max(map(len, lines)) == len(lines[1])


def test_the_table_of_no_layers_is_empty() -> None:
    assert format_summary([]).splitlines()[-1].split() == ["Total", "0", "0"]


def _weights(module: nn.Module) -> dict[str, torch.Size]:
    return {name: value.shape for name, value in module.state_dict().items()}
