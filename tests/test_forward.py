"""What the layers compute in NumPy is what PyTorch's layers compute with the same weights."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from cnnlab import Network, ShapeError, lenet5, ops
from cnnlab.layers import (
    LAYER_TYPES,
    BatchNorm2d,
    Conv2d,
    Flatten,
    Layer,
    Linear,
    ReLU,
    Shape,
    Softmax,
)
from cnnlab.networks.zoo import ZOO
from tests.drawn_layers import input_shapes, layers, networks

pytestmark = [
    pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths"),
    pytest.mark.filterwarnings("ignore:Implicit dimension choice for .*softmax"),
]

TOLERANCES = {"float64": 1e-9, "float32": 1e-4}

seeds = st.integers(0, 2**32 - 1)
kinds = st.sampled_from(list(TOLERANCES))


def _drawn(shapes: dict[str, Shape], seed: int, kind: str) -> dict[str, NDArray[Any]]:
    """Weights of a usual size: sums of products stay near 1, and no variance is near 0."""
    generator = np.random.default_rng(seed)
    drawn: dict[str, NDArray[Any]] = {}
    for name, shape in shapes.items():
        if name.endswith("running_var"):
            drawn[name] = generator.uniform(0.5, 2, shape).astype(kind)
        else:
            terms = max(1, int(np.prod(shape[1:])))
            drawn[name] = (generator.standard_normal(shape) / np.sqrt(terms)).astype(kind)
    return drawn


def _twin(module: torch.nn.Module, weights: dict[str, NDArray[Any]], kind: str) -> torch.nn.Module:
    module = module.to(getattr(torch, kind)).eval()  # first, as it would round what it is given
    counts = {name: value for name, value in module.state_dict().items() if name.endswith("num_batches_tracked")}
    module.load_state_dict({name: torch.from_numpy(value) for name, value in weights.items()} | counts, strict=True)
    return module


def _assert_close(ours: NDArray[Any], theirs: torch.Tensor, kind: str) -> None:
    assert ours.dtype == kind
    assert ours.shape == tuple(theirs.shape)
    np.testing.assert_allclose(ours, theirs.numpy(), rtol=TOLERANCES[kind], atol=TOLERANCES[kind])


@given(drawn=networks(), seed=seeds, kind=kinds, batch=st.integers(0, 3))
@settings(deadline=None, max_examples=300)
def test_every_layer_of_a_network_gives_what_pytorch_gives(
    drawn: tuple[Network, Shape], seed: int, kind: str, batch: int
) -> None:
    network, shape = drawn
    weights = _drawn(network.weight_shapes(), seed, kind)
    x = np.random.default_rng(seed).standard_normal((batch, *shape) if batch else shape).astype(kind)
    outputs = network.forward(x, weights)
    assert len(outputs) == len(network.layers)
    y = torch.tensor(x if batch else x[None])
    with torch.no_grad():
        for ours, module in zip(outputs, _twin(network.to_torch(), weights, kind), strict=True):
            y = module(y)
            _assert_close(ours, y if batch else y[0], kind)


@pytest.mark.parametrize("layer_type", LAYER_TYPES.values(), ids=LAYER_TYPES)
@given(data=st.data(), seed=seeds, kind=kinds)
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.filter_too_much])
def test_a_layer_of_each_type_gives_what_pytorch_gives(
    layer_type: type[Layer], data: st.DataObject, seed: int, kind: str
) -> None:
    shape = data.draw(st.one_of(input_shapes(layer_type), st.tuples(st.integers(1, 12))))
    layer = data.draw(layers(layer_type, shape))
    try:
        expected = layer.output_shape(shape)
    except ShapeError:
        assume(False)
        raise
    weights = _drawn(layer.weight_shapes(), seed, kind)
    x = np.random.default_rng(seed).standard_normal((2, *shape)).astype(kind)
    ours = layer.forward(x, weights)
    assert ours.shape == (2, *expected)
    with torch.no_grad():
        _assert_close(ours, _twin(layer.to_torch(), weights, kind)(torch.tensor(x)), kind)
    if not (isinstance(layer, Softmax) and layer.dim in (0, -x.ndim)):  # which makes pictures depend on each other
        np.testing.assert_allclose(layer.forward(x[1], weights), ours[1], rtol=TOLERANCES[kind], atol=TOLERANCES[kind])


@given(networks())
@settings(deadline=None, max_examples=60)
def test_the_weights_have_pytorchs_names_shapes_and_order(drawn: tuple[Network, Shape]) -> None:
    network, _ = drawn
    theirs = {
        name: tuple(value.shape)
        for name, value in network.to_torch().state_dict().items()
        if not name.endswith("num_batches_tracked")
    }
    assert list(network.weight_shapes().items()) == list(theirs.items())


@pytest.mark.parametrize("name", sorted(ZOO.keys() - {"alexnet", "vgg16"}))  # those take seconds and a gigabyte
def test_known_networks_give_what_pytorch_gives_in_pytorchs_own_precision(name: str) -> None:
    network = ZOO[name]
    weights = _drawn(network.weight_shapes(), 0, "float32")
    assert network.input_shape is not None
    x = np.random.default_rng(1).random((3, *network.input_shape), np.float32)
    with torch.no_grad():
        expected = _twin(network.to_torch(), weights, "float32")(torch.from_numpy(x))
    _assert_close(network.forward(x, weights)[-1], expected, "float32")


def test_a_state_dict_of_pytorch_is_taken_as_it_is() -> None:
    network = Network("small", (Conv2d(1, 2, kernel_size=3), BatchNorm2d(2), ReLU(), Flatten(), Linear(8, 3)))
    module = network.to_torch().eval()
    x = np.random.default_rng(0).random((1, 4, 4), np.float32)
    with torch.no_grad():
        expected = module(torch.from_numpy(x[None]))[0]
    weights = {name: value.numpy() for name, value in module.state_dict().items()}
    assert "1.num_batches_tracked" in weights
    _assert_close(network.forward(x, weights)[-1], expected, "float32")


def test_whole_numbers_stay_whole_and_exact() -> None:
    network = Network("whole", (Conv2d(1, 1, kernel_size=2, bias=False), ReLU(), Flatten(), Linear(2, 1)))
    weights = {"0.weight": [[[[1, -1], [2, 0]]]], "3.weight": [[10, 2**53 + 1]], "3.bias": [7]}
    outputs = network.forward([[[1, 2, 9], [3, 4, 5]]], weights)
    # 1 - 2 + 2*3 = 5, 2 - 9 + 2*4 = 1; 5*10 + (2**53 + 1) + 7
    assert [out.tolist() for out in outputs] == [[[[5, 1]]], [[[5, 1]]], [5, 1], [2**53 + 58]]
    assert all(out.dtype == np.int64 for out in outputs)


@pytest.mark.parametrize(
    ("x", "weights", "words"),
    [
        (np.ones((1, 32, 32)), {}, r"Layer 1 \(Conv2d.* expects 3 channels but gets 1"),
        (np.ones((3, 32, 32)), {}, r"Layer 1 \(Conv2d.*needs its weight, .* give an array of shape \(6, 3, 5, 5\)"),
        (np.ones((3, 32, 32)), {"0.weight": [1]}, r"weight has shape \(1,\): use shape \(6, 3, 5, 5\)"),
        (np.ones((3, 32, 32)), {"0.weight": "words"}, "weight holds values of type"),
        (np.ones((3, 32, 32)), {"conv1.weight": [1]}, "'conv1.weight' is not one of the weights of LeNet-5. Use 0.wei"),
        (np.ones((1, 1, 3, 32, 32)), {}, r"x has shape \(1, 1, 3, 32, 32\): use \(C, H, W\) or \(F,\)"),
        (np.ones((0, 3, 32, 32)), {}, "at least one number"),
        ("a picture", {}, "x holds values of type"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_layer_the_value_and_the_way_out(
    x: Any, weights: dict[str, Any], words: str
) -> None:
    with pytest.raises(ShapeError, match=words):
        lenet5().forward(x, weights)


def test_names_that_no_layer_has_are_refused_whatever_they_are() -> None:
    network = Network("small", (ReLU(), BatchNorm2d(1)))
    known = {f"1.{name}": [1.0] for name in ("weight", "bias", "running_mean", "running_var")}
    x = np.ones((1, 2, 2))
    assert len(network.forward(x, {**known, "1.num_batches_tracked": 3})) == 2
    for name in ("0.num_batches_tracked", "9.num_batches_tracked", 3):
        with pytest.raises(ShapeError, match=f"{name!r} is not one of the weights of small"):
            network.forward(x, {**known, name: 3})  # pyright: ignore[reportArgumentType]
    assert Network("bare", (ReLU(),)).forward([-1.0])[0].tolist() == [0]


def test_a_network_without_weights_takes_none() -> None:
    with pytest.raises(ShapeError, match="Give none, since no layer has any"):
        Network("bare", (ReLU(),)).forward([1.0], {"0.weight": [1]})


# --- the operations by themselves -----------------------------------------------------------------------------------


@given(seed=seeds, scale=st.sampled_from([1, 100, 1e30]), kind=kinds)
@settings(deadline=None, max_examples=60)
def test_activations_are_those_of_torch_far_from_zero_too(seed: int, scale: float, kind: str) -> None:
    x = (np.random.default_rng(seed).standard_normal((3, 4)) * scale).astype(kind)
    y = torch.from_numpy(x)
    for name in ("relu", "leaky_relu", "tanh", "sigmoid"):
        _assert_close(getattr(ops, name)(x), getattr(torch.nn.functional, name)(y), kind)
    for name in ("softmax", "log_softmax"):
        for dim in (-2, -1, 0, 1):
            _assert_close(getattr(ops, name)(x, dim), getattr(torch.nn.functional, name)(y, dim), kind)


def test_what_is_not_a_number_or_infinite_goes_through_as_in_torch() -> None:
    x = np.array([np.nan, np.inf, -np.inf, 1.0])
    y = torch.from_numpy(x)
    for name in ("relu", "leaky_relu", "tanh", "sigmoid"):
        np.testing.assert_array_equal(getattr(ops, name)(x), getattr(torch.nn.functional, name)(y).numpy())
    np.testing.assert_array_equal(ops.softmax(x[1:], 0), torch.softmax(y[1:], 0).numpy())


def test_an_infinite_number_times_a_slope_is_an_answer_without_a_warning() -> None:
    assert ops.leaky_relu([np.inf], negative_slope=0.0).tolist() == [np.inf]
    assert ops.leaky_relu(np.array([-1e30], np.float32), negative_slope=1e30).tolist() == [-np.inf]


@pytest.mark.parametrize("slope", ["a", None, np.nan, np.inf, [1, 2]])
def test_a_slope_that_is_not_one_finite_number_is_refused(slope: Any) -> None:
    with pytest.raises(ShapeError, match="negative_slope"):
        ops.leaky_relu([1.0], slope)


@pytest.mark.parametrize("eps", ["a", None, -9, np.nan, np.inf])
def test_an_eps_that_is_not_one_finite_number_is_refused(eps: Any) -> None:
    with pytest.raises(ShapeError, match="eps"):
        ops.batch_norm([[1.0]], [1], [1], eps=eps)


@pytest.mark.parametrize("dim", [2, -3, 1.0, True, None, "0"])
def test_a_softmax_along_no_axis_is_refused(dim: Any) -> None:
    for function in (ops.softmax, ops.log_softmax):
        with pytest.raises(ShapeError, match=r"not an axis of x of shape \(2, 3\): use an axis from -2 to 1"):
            function(np.ones((2, 3)), dim)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (([1, 2, 3], [[1, 2]]), r"weight has shape \(1, 2\) but x has 3 features: use weight of shape \(1, 3\)"),
        (([[[1]]], [[1]]), r"x has shape \(1, 1, 1\): use \(F,\) or \(N, F\)"),
        (([1], [1]), r"weight has shape \(1,\): use \(O, F\)"),
        (([1], [[1]], [1, 2]), "bias has shape"),
        (([2**62, 2**62], [[2, 2]]), "The integers are too large"),
    ],
)
def test_a_linear_layer_refuses_what_does_not_go_together(arguments: tuple[Any, ...], words: str) -> None:
    with pytest.raises(ShapeError, match=words):
        ops.linear(*arguments)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (([1.0], [1], [1]), r"x has shape \(1,\): use \(N, C\) or \(N, C, H, W\)"),
        (([[1.0]], [1, 2], [1]), r"running_mean has shape \(2,\) but x has 1 channel: use shape \(1,\)"),
        (([[1.0]], [1], [1], [1, 2]), r"weight has shape \(2,\) but x has 1 channel"),
    ],
)
def test_a_normalisation_refuses_what_does_not_go_together(arguments: tuple[Any, ...], words: str) -> None:
    with pytest.raises(ShapeError, match=words):
        ops.batch_norm(*arguments)


@pytest.mark.parametrize("size", [0, -1, 1.5, (1, 2, 3), None])
def test_an_adaptive_pooling_refuses_what_is_not_a_size(size: Any) -> None:
    with pytest.raises(ShapeError, match="output_size is"):
        ops.adaptive_avg_pool2d(np.ones((1, 4, 4)), size)
