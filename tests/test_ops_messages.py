"""What an operation cannot do it refuses in a sentence that names the value and the way out."""

import dataclasses
import inspect
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import cnnlab
from cnnlab import avg_pool2d, conv2d, conv2d_step, conv3d, conv_transpose2d, max_pool2d, ops, pad
from cnnlab.errors import ParseError, ShapeError, quoted
from cnnlab.layers import LAYER_TYPES
from tests.templates import unknown_templates

X = np.ones((3, 5, 6))
W = np.ones((4, 3, 2, 2))
SMALL = np.ones((1, 3, 3))


def kernel(rows: int, columns: int, depth: int = 1) -> np.ndarray:
    return np.ones((1, depth, rows, columns))


REFUSALS: dict[str, Callable[[], Any]] = {
    # a kernel that does not fit
    "A 5×5 kernel does not fit into a 3×3 input with padding 0. Use padding >= 1 or a smaller kernel.": lambda: conv2d(
        SMALL, kernel(5, 5)
    ),
    "A 2×7 kernel does not fit into a 3×3 input with padding (0, 1). Use padding >= 2 or a smaller kernel.": (
        lambda: conv2d(SMALL, kernel(2, 7), padding=(0, 1))
    ),
    "A 3×3 kernel with dilation 3 (7×7 wide) does not fit into a 3×3 input with padding 1. "
    "Use padding >= 2, a smaller kernel or a smaller dilation.": lambda: conv2d(
        SMALL, kernel(3, 3), padding=1, dilation=3
    ),
    "A 9×9 kernel does not fit into a 3×3 input with padding 2. Use a smaller kernel.": lambda: conv2d(
        SMALL, kernel(9, 9), padding=2, padding_mode="reflect"
    ),
    "A 9×9 kernel does not fit into a 3×3 input with padding 2. Use padding >= 3 or a smaller kernel.": lambda: conv2d(
        SMALL, kernel(9, 9), padding=2, padding_mode="circular"
    ),
    "A 2×2×2 kernel does not fit into a 1×3×3 input with padding 0. Use padding >= 1 or a smaller kernel.": (
        lambda: conv3d(np.ones((1, 1, 3, 3)), np.ones((1, 1, 2, 2, 2)))
    ),
    "A 4×4 kernel does not fit into a 3×3 input with padding 0. Use padding >= 1 or a smaller kernel.": (
        lambda: max_pool2d(SMALL, 4)
    ),
    "A 3×3 kernel with dilation 4 (9×9 wide) does not fit into a 3×3 input with padding 1. "
    "Use a smaller kernel or a smaller dilation.": lambda: max_pool2d(SMALL, 3, padding=1, dilation=4),
    # numbers out of their range
    "stride is 0: use 1 or more.": lambda: conv2d(X, W, stride=0),
    "stride is True: use a whole number, 1 or more.": lambda: conv2d(X, W, stride=True),
    "stride is 1.5: use a whole number, 1 or more.": lambda: conv2d(X, W, stride=(1.5, 1)),  # type: ignore[arg-type]
    "stride is (1, 2, 3): use one whole number or 2 of them, (rows, columns).": lambda: conv2d(X, W, stride=(1, 2, 3)),
    "stride is (1, 2): use one whole number or 3 of them, (depth, rows, columns).": lambda: conv3d(
        np.ones((1, 3, 3, 3)), np.ones((1, 1, 2, 2, 2)), stride=(1, 2)
    ),
    "padding is -1: use 0 or more.": lambda: conv2d(X, W, padding=-1),
    "dilation is 0: use 1 or more.": lambda: conv2d(X, W, dilation=(1, 0)),
    "groups is 0: use 1 or more.": lambda: conv2d(X, W, groups=0),
    "kernel_size is None: use a whole number, 1 or more.": lambda: avg_pool2d(X, None),  # type: ignore[arg-type]
    "stride is '2': use a whole number, 1 or more.": lambda: avg_pool2d(X, 2, stride="2"),  # type: ignore[arg-type]
    "stride is b'11': use a whole number, 1 or more.": lambda: conv2d(X, W, stride=b"11"),
    "kernel_size is int(…): use 2,147,483,647 or less.": lambda: max_pool2d(X, 10**5000),
    f"groups is [{'0, ' * 25}0,…]: use a whole number, 1 or more.": lambda: conv2d(X, W, groups=[0] * 10**4),  # type: ignore[arg-type]
    # what is true or false
    "ceil_mode is 'no': use True or False.": lambda: max_pool2d(X, 2, ceil_mode="no"),  # type: ignore[call-overload]
    "ceil_mode is None: use True or False.": lambda: avg_pool2d(X, 2, ceil_mode=None),  # type: ignore[arg-type]
    "return_indices is 1: use True or False.": lambda: max_pool2d(X, 2, return_indices=1),  # type: ignore[call-overload]
    "count_include_pad is array([1, 0]): use True or False.": lambda: avg_pool2d(
        X,
        2,
        count_include_pad=np.array([1, 0]),  # type: ignore[arg-type]
    ),
    # padding
    "padding is 'full': use 'same', 'valid' or whole numbers.": lambda: conv2d(X, W, padding="full"),
    "padding='same' keeps the size only at stride 1, but stride is (1, 2): use stride 1 or padding in numbers.": (
        lambda: conv2d(X, W, stride=(1, 2), padding="same")
    ),
    "The padding mode is 'mirror': use zeros, reflect, replicate or circular.": lambda: conv2d(
        X, W, padding_mode="mirror"
    ),
    "Padding 5 in reflect mode needs more than the 5 pixels of the axis: use padding <= 4 or another mode.": (
        lambda: conv2d(X, W, padding=5, padding_mode="reflect")
    ),
    "Padding 7 in circular mode needs more than the 6 pixels of the axis: use padding <= 6 or another mode.": (
        lambda: pad(X, (0, 7), "circular")
    ),
    "padding is (1, 2, 3): use one whole number or 2 of them (above and below, left and right) "
    "or 4 (left, right, above, below).": lambda: pad(X, (1, 2, 3)),
    "value is 1.0 but reflect mode takes its values from the image: use zeros mode or value 0.": lambda: pad(
        X, 1, "reflect", 1.0
    ),
    "value is 1e+300 but x is of float16: use values from -65504.0 to 65504.0.": lambda: pad(
        X.astype(np.float16), 1, value=1e300
    ),
    "value has shape (2,): use one number.": lambda: pad(X, 1, value=[1, 2]),  # type: ignore[arg-type]
    "Padding 2 is more than half of the 3×2 window: use padding <= 1 or a larger window.": lambda: max_pool2d(
        X, (3, 2), padding=(2, 1)
    ),
    "The padded input of shape (1, 3, 2000005, 2000006) would hold 12,000,066,000,090 numbers: "
    "use settings that stay below 268,435,456.": lambda: conv2d(X, W, padding=10**6),
    # arrays
    "x has shape (5, 5): use (C, H, W) or (N, C, H, W); one channel is x[None].": lambda: conv2d(np.ones((5, 5)), W),
    "x has shape (3, 5, 6): use (C, D, H, W) or (N, C, D, H, W); one channel is x[None].": lambda: conv3d(X, W),
    "x has shape (1, 1, 1, 1, 1): use (C, H, W) or (N, C, H, W).": lambda: max_pool2d(np.ones((1,) * 5), 1),
    "x has shape (3, 0, 4), which holds no number: use at least one along every axis.": lambda: conv2d(
        np.ones((3, 0, 4)), W
    ),
    "weight has shape (2, 2): use (O, C/groups, FH, FW); one kernel for one channel is weight[None, None].": (
        lambda: conv2d(X, np.ones((2, 2)))
    ),
    "weight has shape (4, 3, 2, 0), which holds no number: use at least one along every axis.": lambda: conv2d(
        X, W[..., :0]
    ),
    "weight has shape (3, 2, 2): use (C, O/groups, FH, FW).": lambda: conv_transpose2d(X, W[0]),
    "bias has shape (3,) but the output has 4 channels: use shape (4,).": lambda: conv2d(X, W, np.ones(3)),
    "bias has shape () but the output has 1 channel: use shape (1,).": lambda: conv2d(X, W[:1], 1),
    "x is not an array of numbers: use numbers only, and rows of one length.": lambda: conv2d([[[1, 2], [3]]], W),
    "x holds values of type complex128: use integers or floats.": lambda: conv2d(X * 1j, W),
    "x holds values of type str32: use integers or floats.": lambda: conv2d([[["a"]]], W),
    "weight holds values of type object: use integers or floats.": lambda: conv2d(X, [[[[2**70]]]]),
    "x holds 18446744073709551615, beyond the 64-bit integers: use floats for numbers this large.": lambda: conv2d(
        np.full((3, 5, 6), 2**64 - 1, np.uint64), W
    ),
    # channels and groups
    "The kernel is 2 deep but the input has 3 channels: "
    "use weight of shape (1, 3, ...), or make the input 2 deep.": lambda: conv2d(X, kernel(2, 2, depth=2)),
    "The kernel is 3 deep but the input has 4 channels and groups=2 gives each kernel 2 of them: "
    "use weight of shape (4, 2, ...), or make the input 6 deep.": lambda: conv2d(np.ones((4, 5, 5)), W, groups=2),
    "groups=2 does not divide the 3 channels of the input: use groups=1.": lambda: conv2d(X, W, groups=2),
    "groups=3 does not divide the 4 kernels: use groups=1, or 6 kernels.": lambda: conv2d(X, W[:, :1], groups=3),
    "weight is for 4 input channels but the input has 3: use weight of shape (3, O/groups, FH, FW).": (
        lambda: conv_transpose2d(X, W)
    ),
    # the transposed convolution
    "output_padding is 2 with stride 2 and dilation 1: use less than the larger of the two, at most 1.": (
        lambda: conv_transpose2d(X, np.ones((3, 1, 2, 2)), stride=2, output_padding=(0, 2))
    ),
    "Padding (3, 0) cuts away the whole 6×7 output: use padding <= 2, a larger kernel or a larger input.": (
        lambda: conv_transpose2d(X, np.ones((3, 1, 2, 2)), padding=(3, 0))
    ),
    "The output of shape (1, 1, 4000002, 5000002) would hold 20,000,018,000,004 numbers: "
    "use settings that stay below 268,435,456.": lambda: conv_transpose2d(X, np.ones((3, 1, 2, 2)), stride=10**6),
    # a step
    "The 4×4×5 output has no cell (0, 4, 0): use (o, i, j) from (0, 0, 0) to (3, 3, 4).": lambda: conv2d_step(
        X, W, None, (0, 4, 0)
    ),
    "The 1×4×4×5 output has no cell (1, 0, 0, 0): use (n, o, i, j) from (0, 0, 0, 0) to (0, 3, 3, 4).": (
        lambda: conv2d_step(X[None], W, None, (1, 0, 0, 0))
    ),
    "index is (1, 1): use (o, i, j), a cell of the 4×4×5 output counted from 0.": lambda: conv2d_step(
        X, W, None, (1, 1)
    ),
    "index is 7: use (o, i, j), a cell of the 4×4×5 output counted from 0.": lambda: conv2d_step(
        X,
        W,
        None,
        7,  # type: ignore[arg-type]
    ),
    "index is -1: use 0 or more.": lambda: conv2d_step(X, W, None, (0, -1, 0)),
}


@pytest.mark.parametrize("sentence", REFUSALS)
def test_a_refusal_is_a_sentence_with_the_way_out(sentence: str) -> None:
    with pytest.raises(ShapeError, match=f"^{re.escape(sentence)}$") as refusal:
        REFUSALS[sentence]()
    assert not unknown_templates(refusal.value.message)


def test_an_advised_padding_works_and_one_less_does_not() -> None:
    for cells in range(4, 12):
        with pytest.raises(ShapeError) as refusal:
            conv2d(SMALL, kernel(cells, cells))
        advised = int(re.search(r"padding >= (\d+)", str(refusal.value))[1])  # type: ignore[index]
        assert conv2d(SMALL, kernel(cells, cells), padding=advised).size
        with pytest.raises(ShapeError, match="does not fit"):
            conv2d(SMALL, kernel(cells, cells), padding=advised - 1)


# What PyTorch's function takes and ours does not.

GIVEN: dict[str, tuple[Any, ...]] = {
    "adaptive_avg_pool2d": (X, 2),
    "avg_pool2d": (X, 2),
    "batch_norm": (X[None], np.zeros(3), np.ones(3)),
    "conv2d": (X, W),
    "conv3d": (X[None], W[:, :1, None]),
    "conv_transpose2d": (X, W[:3]),
    "leaky_relu": (X,),
    "linear": (X[0], np.ones((2, 6))),
    "log_softmax": (X, 0),
    "max_pool2d": (X, 2),
    "pad": (X, 1),
    "relu": (X,),
    "sigmoid": (X,),
    "softmax": (X, 0),
    "tanh": (X,),
}


def test_every_operation_that_pytorch_has_is_compared_with_it() -> None:
    from torch.nn import functional

    assert set(GIVEN) == {name for name in ops.__all__ if hasattr(functional, name)}


def torch_arguments(name: str) -> dict[str, Any]:
    """The arguments of torch.nn.functional's function with their defaults, after those that are given."""
    from torch.nn import functional

    function = getattr(functional, {"max_pool2d": "max_pool2d_with_indices"}.get(name, name))
    try:
        parameters = inspect.signature(function).parameters.values()
    except ValueError:  # it is not written in Python: its documentation begins with the signature
        text = re.search(rf"{name}\((.*)\) -> Tensor", function.__doc__)
        assert text is not None
        parameters = inspect.signature(eval(f"lambda {text[1]}: None")).parameters.values()
    more = list(parameters)[len(GIVEN[name]) :]
    return {parameter.name: parameter.default for parameter in more if not parameter.name.startswith("_")}


@pytest.mark.parametrize("name", GIVEN)
def test_what_only_pytorch_takes_is_refused_by_its_name(name: str) -> None:
    ours = getattr(ops, name)
    known = inspect.signature(ours).parameters
    missing = {key: default for key, default in torch_arguments(name).items() if key not in known}
    plain = ours(*GIVEN[name])
    for key, default in missing.items():
        assert np.array_equal(ours(*GIVEN[name], **{key: default}), plain), "the default changes nothing"
        for value in (3, [2, 2], np.ones(2)):
            words = f"The lab's {name} does not take {key}={re.escape(quoted(value))}: leave it out"
            with pytest.raises(ShapeError, match=words):
                ours(*GIVEN[name], **{key: value})
    own = [parameter for parameter in known.values() if parameter.kind is not parameter.KEYWORD_ONLY]
    filled = [parameter.default for parameter in own[len(GIVEN[name]) :]]
    if missing:
        with pytest.raises(ShapeError, match=f"The lab's {name} does not take {next(iter(missing))}=3"):
            ours(*GIVEN[name], *filled, 3)
        with pytest.raises(TypeError, match=r"positional arguments?"):
            ours(*GIVEN[name], *filled, *([1] * (len(missing) + 1)))
    with pytest.raises(TypeError, match="unexpected keyword argument 'colour'"):
        ours(*GIVEN[name], colour=1)


def test_the_list_of_what_only_pytorch_takes_is_not_empty() -> None:
    with pytest.raises(ShapeError, match="The lab's avg_pool2d does not take divisor_override=3: leave it"):
        avg_pool2d(X, 2, divisor_override=3)  # type: ignore[call-arg]
    with pytest.raises(ShapeError, match="The lab's pool2d_step does not take divisor_override"):
        cnnlab.pool2d_step(X, 2, (0, 0, 0), kind="avg", divisor_override=3)  # type: ignore[call-arg]
    with pytest.raises(ShapeError, match="The lab's avg_pool2d_grad does not take divisor_override"):
        cnnlab.avg_pool2d_grad(np.ones((3, 2, 3)), (5, 6), 2, divisor_override=3)  # type: ignore[call-arg]


@pytest.mark.parametrize("name", LAYER_TYPES)
def test_a_layer_refuses_what_only_pytorch_takes_by_its_name(name: str) -> None:
    from torch import nn

    fields = {field.name: field for field in dataclasses.fields(LAYER_TYPES[name]) if field.init}
    needed = ", ".join(f"{key}=4" for key, field in fields.items() if field.default is dataclasses.MISSING)
    parameters = inspect.signature(getattr(nn, name)).parameters.values()
    refused = ["colour", *(parameter.name for parameter in parameters if parameter.name not in fields)]
    for key in refused:
        text = f"nn.{name}({needed}, {key}=3)" if needed else f"nn.{name}({key}=3)"
        with pytest.raises(ParseError, match=rf"has {key}, which the lab's {name} does not take: leave it out"):
            cnnlab.parse_network(text)
