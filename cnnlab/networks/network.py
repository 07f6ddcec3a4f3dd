"""Layers in order, what they do to a shape, and their PyTorch twins.

`macs` counts multiply-accumulates of one picture on its way forward: one for each product with a weight in a
convolution or a linear layer. Biases, activations, pooling and batch normalisation count none. It is the count of
fvcore's `FlopCountAnalysis` for these layers, and half of PyTorch's own `torch.utils.flop_counter`, which counts the
multiplication and the addition separately; torchinfo's "mult-adds" are a little higher, as it counts biases too.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, cast

from numpy.typing import ArrayLike

from cnnlab.errors import ShapeError, quoted, shortened
from cnnlab.layers import (
    MAX_FEATURES,
    AvgPool2d,
    Conv2d,
    Flatten,
    Layer,
    Linear,
    MaxPool2d,
    Pair,
    ReLU,
    Shape,
    View,
    format_shape,
)
from cnnlab.layers.base import as_batch
from cnnlab.networks.code import Form, check_form, title_of, write_network
from cnnlab.ops.arguments import Array
from cnnlab.shapes import whole_number
from cnnlab.texts import Message, in_a_row, message, plural, say

if TYPE_CHECKING:
    from torch import nn

BYTES = 4
"""Of a float32, PyTorch's usual number."""

MAX_SIDE = 16_384
"""Sides and channels of an input beyond this are refused: no picture here has them."""


@dataclass(frozen=True)
class LayerSummary:
    """One layer of a network that an input passes."""

    index: int
    layer: Layer
    input_shape: Shape
    output_shape: Shape
    num_params: int
    macs: int
    view: View

    @property
    def name(self) -> str:
        """PyTorch's name of the layer type: `Conv2d`."""
        return self.layer.name

    @property
    def receptive_field(self) -> Pair:
        """Pixels of the input that one unit depends on, along each axis; a pair (height, width) where they differ.

        It may be larger than the input, where padding is part of it. Flattening changes nothing: each number still
        sees what it saw. A linear layer's unit sees everything that any unit of the map before it sees.
        """
        height, width = self.view.height.size, self.view.width.size
        return height if height == width else (height, width)

    @property
    def jump(self) -> int | Fraction | tuple[int | Fraction, int | Fraction]:
        """Pixels of the input from one unit to the next; a linear layer, with its one position, leaves it as it was.

        Behind a transposed convolution it is an average, 1/2 where two units stand on each pixel.
        """
        height, width = self.view.height.jump, self.view.width.jump
        return height if height == width else (height, width)

    @property
    def activations(self) -> int:
        """Numbers that come out for one picture."""
        return math.prod(self.output_shape)

    @property
    def memory(self) -> int:
        """Bytes that those numbers take as float32."""
        return BYTES * self.activations

    @property
    def weight_memory(self) -> int:
        """Bytes that the numbers take which the layer learns, as float32."""
        return BYTES * self.num_params

    @property
    def shape_text(self) -> Message:
        """The output's sizes worked out, a line for each, `height and width: floor((32 + 2*0 - 5) / 1) + 1 = 28`.

        One line says both axes where the same is true of them. A layer that changes no size has one line saying so.
        """
        kept = message("as it came: {shape}", shape=format_shape(self.output_shape))
        return self.layer.shape_text(self.input_shape) or kept

    @property
    def params_text(self) -> str:
        """The number of parameters worked out: `(5*5*3 + 1) * 6 = 456`, or `0`."""
        return _worked_out(self.layer.params_text(self.input_shape), self.num_params)

    @property
    def macs_text(self) -> str:
        """The number of multiply-accumulates worked out: `(28*28*6) * (5*5*3) = 352,800`, or `0`."""
        return _worked_out(self.layer.macs_text(self.input_shape), self.macs)


@dataclass(frozen=True)
class Network:
    """Layers in order, each fed with what the one before it gives; they are counted from 0, as in nn.Sequential."""

    name: str
    layers: tuple[Layer, ...]
    input_shape: Shape | None = None
    """What the network is made for, where that is known: what `summary` and `to_code` take when told nothing else."""

    def __post_init__(self) -> None:
        if not isinstance(cast("object", self.name), str):
            raise ShapeError("{name} is not the name of a network: use text.", name=quoted(self.name))
        if not isinstance(cast("object", self.layers), tuple | list):
            raise ShapeError(
                "{layers} is not a list of layers: use those of cnnlab.layers, [ReLU()] for instance.",
                layers=quoted(self.layers),
            )
        object.__setattr__(self, "layers", tuple(self.layers))  # a list is welcome, but could change later
        for layer in cast("tuple[object, ...]", self.layers):
            if not isinstance(layer, Layer):
                raise ShapeError(
                    "{layer} is not a layer: use those of cnnlab.layers, such as ReLU().", layer=quoted(layer)
                )
        if self.input_shape is not None:
            object.__setattr__(self, "input_shape", check_input_shape(self.input_shape))

    def summary(self, input_shape: Sequence[int] | None = None) -> list[LayerSummary]:
        """Tell for each layer what comes out, what it learns, what it costs and how far its units see.

        Args:
            input_shape: of one picture, (C, H, W), or (F,) for a row of features.

        Raises:
            ShapeError: a layer cannot take what the layers before it give.

        >>> for row in lenet5().summary((3, 32, 32))[:3]:
        ...     print(row.name, row.output_shape, row.num_params, row.receptive_field)
        Conv2d (6, 28, 28) 456 5
        ReLU (6, 28, 28) 0 5
        AvgPool2d (6, 14, 14) 0 6
        """
        rows, error = self.follow(input_shape)
        if error is not None:
            shape = rows[-1].output_shape if rows else self._input_shape(input_shape)
            raise ShapeError(
                "Layer {number} ({layer}) cannot take {shape}. {reason}",
                number=len(rows) + 1,
                layer=self.layers[len(rows)],
                shape=_describe(shape, rows),
                reason=error.message,
            )
        return rows

    def follow(self, input_shape: Sequence[int] | None = None) -> tuple[list[LayerSummary], ShapeError | None]:
        """Follow an input as far as it comes: the rows of a summary, and what the next layer has against it, if any.

        >>> rows, error = Network("broken", (Conv2d(3, 6, kernel_size=5), Linear(400, 120))).follow((3, 32, 32))
        >>> len(rows), str(error)[:32]
        (1, 'Linear expects 400 features in a')
        """
        shape = self._input_shape(input_shape)
        view = View.of(shape)
        rows: list[LayerSummary] = []
        for index, layer in enumerate(self.layers):
            try:
                row = LayerSummary(
                    index=index,
                    layer=layer,
                    input_shape=shape,
                    output_shape=layer.output_shape(shape),
                    num_params=layer.num_params(shape),
                    macs=layer.macs(shape),
                    view=layer.view(view),
                )
            except ShapeError as error:
                return rows, error
            rows.append(row)
            shape, view = row.output_shape, row.view
        return rows, None

    def weight_shapes(self) -> dict[str, Shape]:
        """Tell the shapes of the arrays that `forward` needs, by PyTorch's names.

        >>> Network("small", (ReLU(), Linear(4, 2))).weight_shapes()
        {'1.weight': (2, 4), '1.bias': (2,)}
        """
        return {
            f"{index}.{name}": shape
            for index, layer in enumerate(self.layers)
            for name, shape in layer.weight_shapes().items()
        }

    def forward(self, x: ArrayLike, weights: Mapping[str, ArrayLike] | None = None) -> list[Array]:
        """Compute what every layer gives, in NumPy, as a trained network does it (PyTorch's `eval()`).

        Args:
            x: one picture (C, H, W) or row of features (F,), or a batch of them, (N, C, H, W) or (N, F).
            weights: an array for each name of `weight_shapes`, as in the `state_dict()` of `to_torch()`.

        Returns:
            The output of each layer in turn, with N in front where x is a batch; of the floats among x and the
            weights. Integers stay exact as long as the layers keep them whole. A layer that changes no number, as
            Flatten, gives another view of the same array: copy what you mean to change.

        Raises:
            ShapeError: a layer cannot take what comes, an array is missing or of another shape, or a name is unknown.

        >>> network = Network("small", (ReLU(), Linear(2, 1)))
        >>> [out.tolist() for out in network.forward([-1, 3], {"1.weight": [[5, 7]], "1.bias": [1]})]  # 3*7 + 1
        [[0, 3], [22]]
        """
        batch, is_batch = as_batch(x)
        weights = weights or {}
        self._check_names(weights)
        outputs: list[Array] = []
        for index, layer in enumerate(self.layers):
            own = {name: weights[key] for name in layer.weight_shapes() if (key := f"{index}.{name}") in weights}
            try:
                batch = layer.forward(batch, own)
            except ShapeError as error:
                raise ShapeError(
                    "Layer {number} ({layer}): {reason}", number=index + 1, layer=layer, reason=error.message
                ) from None
            outputs.append(batch)
        return outputs if is_batch else [out[0] for out in outputs]

    def _check_names(self, weights: Mapping[str, ArrayLike]) -> None:
        known = self.weight_shapes()
        # PyTorch counts the batches that a batch normalisation has seen; what comes out does not depend on it.
        counts = {name.replace("running_mean", "num_batches_tracked") for name in known}
        unknown = [name for name in cast("Mapping[object, ArrayLike]", weights) if name not in known.keys() | counts]
        if unknown:
            if known:
                way_out = message("Use {weights} instead.", weights=shortened(", ".join(known)))
            else:
                way_out = message("Give none, since no layer has any.")
            told = message("{name} is not one of the weights of {network}.", name=quoted(unknown[0]), network=self.name)
            raise ShapeError(in_a_row(told, way_out))

    def num_params(self, input_shape: Sequence[int] | None = None) -> int:
        """Count all that the network learns.

        >>> lenet5().num_params()  # 456 + 2,416 + 48,120 + 12,100 + 1,010
        64102
        """
        return sum(row.num_params for row in self.summary(input_shape))

    def macs(self, input_shape: Sequence[int] | None = None) -> int:
        """Count the multiply-accumulates of one picture; the module's docstring says which.

        >>> lenet5().macs()  # 784*6*75 + 100*16*150 + 120*400 + 120*100 + 100*10
        653800
        """
        return sum(row.macs for row in self.summary(input_shape))

    def activations(self, input_shape: Sequence[int] | None = None) -> int:
        """Count the numbers that all layers give for one picture.

        Training keeps fewer: a Flatten gives the numbers that it got, and a layer that works in place overwrites them.

        >>> Network("small", (Conv2d(1, 4, kernel_size=3), ReLU())).activations((1, 8, 8))  # 2 * 4*6*6
        288
        """
        return sum(row.activations for row in self.summary(input_shape))

    def memory(self, input_shape: Sequence[int] | None = None) -> int:
        """Bytes of those numbers as float32."""
        return BYTES * self.activations(input_shape)

    def without_inplace(self) -> Network:
        """The same network with nothing overwritten: it gives the same, and each layer can be learned through.

        >>> Network("small", (ReLU(inplace=True),)).without_inplace().layers
        (ReLU(),)
        """
        layers = (
            replace(layer, inplace=False) if "inplace" in layer.rules() else layer  # pyright: ignore[reportCallIssue]
            for layer in self.layers
        )
        return replace(self, layers=tuple(layers))

    def to_torch(self) -> nn.Sequential:
        """Make the network in PyTorch, with weights drawn anew. Imports torch."""
        from torch import nn

        return nn.Sequential(*(layer.to_torch() for layer in self.layers))

    def to_code(self, input_shape: Sequence[int] | None = None, form: Form = "sequential") -> str:
        """Write the PyTorch source of the network, ready to run, with the shape after each layer as a comment.

        Without any input shape to go by, the comments are left out.

        Args:
            input_shape: of one picture, (C, H, W), or (F,) for a row of features.
            form: "sequential" for an nn.Sequential, "module" for a class with its forward, "slides" for one that is
                written as the lecture's slides write it.

        Raises:
            ShapeError: there is no such form, or a layer cannot take what the layers before it give.

        >>> print(Network("small", (Conv2d(1, 4, kernel_size=3), ReLU())).to_code((1, 8, 8)))
        from torch import nn
        <BLANKLINE>
        # small, for 1 × 8 × 8: 40 parameters
        model = nn.Sequential(
            nn.Conv2d(1, 4, kernel_size=3),  # 4 × 6 × 6
            nn.ReLU(),                       # 4 × 6 × 6
        )
        <BLANKLINE>
        """
        form = check_form(form)
        shapes: list[Shape] = []
        num_params = 0
        if input_shape is not None or self.input_shape is not None:
            given = self._input_shape(input_shape)
            rows = self.summary(given)
            shapes = [given, *(row.output_shape for row in rows)]
            num_params = sum(row.num_params for row in rows)
        block = write_network(self.layers, title_of(self.name, shapes, num_params), shapes, form)
        between = [""] if form == "sequential" else ["", ""]
        return "\n".join([*block.imports, *between, *block.lines, ""])

    def to_text(self) -> str:
        """Write the layers on one line, as links carry them; `parse_network` reads it.

        >>> Network("small", (Conv2d(1, 4, kernel_size=3), ReLU())).to_text()
        'Conv2d(1, 4, kernel_size=3), ReLU()'
        """
        return ", ".join(map(str, self.layers))

    def _input_shape(self, given: Sequence[int] | None) -> Shape:
        if given is not None:
            return check_input_shape(given)
        if self.input_shape is None:
            raise ShapeError(
                "{name} is not tied to one input: give its shape, (3, 32, 32) for instance.", name=self.name
            )
        return self.input_shape

    def __repr__(self) -> str:
        lines = "".join(f"  {layer},\n" for layer in self.layers)
        return f"Network({self.name!r}, (\n{lines}))"


def lenet5(in_channels: int = 3, num_classes: int = 10, pooling: Literal["avg", "max"] = "avg") -> Network:
    """Make the lecture's LeNet-5 for CIFAR-10 (slide 33), for pictures of 32 x 32.

    Y. LeCun, L. Bottou, Y. Bengio and P. Haffner, "Gradient-based learning applied to document recognition" (1998),
    with ReLU instead of tanh, plain pooling instead of trained subsampling, full connections between the maps, and 100
    units where the paper has 84.

    Raises:
        ShapeError: a number out of its range, or a pooling that is neither "avg" nor "max".

    >>> [row.receptive_field for row in lenet5().summary() if row.name in ("Conv2d", "AvgPool2d")]
    [5, 6, 14, 16, 32]
    """
    poolings = {"avg": AvgPool2d, "max": MaxPool2d}
    if not isinstance(cast("object", pooling), str) or pooling not in poolings:
        raise ShapeError("There is no pooling {pooling}: use 'avg' or 'max'.", pooling=quoted(pooling))
    pool = poolings[pooling](kernel_size=2)
    layers = (
        Conv2d(in_channels, 6, kernel_size=5),
        ReLU(),
        pool,
        Conv2d(6, 16, kernel_size=5),
        ReLU(),
        pool,
        Conv2d(16, 120, kernel_size=5),
        ReLU(),
        Flatten(),
        Linear(120, 100),
        ReLU(),
        Linear(100, num_classes),
    )
    return Network("LeNet-5", layers, (in_channels, 32, 32))


def check_input_shape(shape: object) -> Shape:
    """Take the shape of one picture, (C, H, W), or of one row of features, (F,).

    Raises:
        ShapeError: another number of axes, or a size out of its range.

    >>> check_input_shape([3, 32, 32])
    (3, 32, 32)
    """
    sizes = tuple(cast("Sequence[object]", shape)) if isinstance(shape, tuple | list) else ()
    if len(sizes) not in (1, 3):
        raise ShapeError(
            "{given} is not an input shape: give channels, height and width without the batch, (3, 32, 32) for "
            "instance, or the number of features, (784,).",
            given=quoted(cast("object", shape)),
        )
    highest = MAX_SIDE if len(sizes) == 3 else MAX_FEATURES
    checked = tuple(whole_number(message("A size of the input shape"), size, at_least=1) for size in sizes)
    if max(checked) > highest:
        raise ShapeError("The input shape {shape} is too large: use sizes up to {most:,}.", shape=checked, most=highest)
    return checked


def format_summary(rows: Sequence[LayerSummary]) -> str:
    """Lay the rows of a summary out as a table for the terminal, with the totals below.

    >>> print(format_summary(Network("small", (Conv2d(1, 4, kernel_size=3), ReLU())).summary((1, 8, 8))))
       Layer                        Output     Parameters   MACs  Memory  Receptive field  Jump
    -------------------------------------------------------------------------------------------
       Input                        1 × 8 × 8
    1  Conv2d(1, 4, kernel_size=3)  4 × 6 × 6          40  1,296   576 B                3     1
    2  ReLU()                       4 × 6 × 6           0      0   576 B                3     1
    -------------------------------------------------------------------------------------------
       Total                                           40  1,296  1.2 kB
    """
    heads = (
        "",
        say("Layer"),
        say("Output"),
        say("Parameters"),
        say("MACs"),
        say("Memory"),
        say("Receptive field"),
        say("Jump"),
    )
    cells = [
        (
            str(row.index + 1),
            str(row.layer),
            format_shape(row.output_shape),
            f"{row.num_params:,}",
            f"{row.macs:,}",
            format_bytes(row.memory),
            _format_pair(row.receptive_field),
            _format_pair(row.jump),
        )
        for row in rows
    ]
    entry = ("", say("Input"), format_shape(rows[0].input_shape), "", "", "", "", "") if rows else ("",) * len(heads)
    parameters, macs = sum(row.num_params for row in rows), sum(row.macs for row in rows)
    memory = format_bytes(sum(row.memory for row in rows))
    total = ("", say("Total"), "", f"{parameters:,}", f"{macs:,}", memory, "", "")
    widths = [max(map(len, column)) for column in zip(heads, entry, *cells, total, strict=True)]
    rule = "-" * (sum(widths) + 2 * (len(widths) - 1))
    lines = [_format_line(line, widths) for line in (heads, entry, *cells, total)]
    return "\n".join([lines[0], rule, *lines[1:-1], rule, lines[-1]])


def format_bytes(count: int) -> str:
    """Write an amount of memory with three digits or so, in steps of 1,000.

    >>> format_bytes(576), format_bytes(18_816), format_bytes(114_804_640)
    ('576 B', '18.8 kB', '114.8 MB')
    """
    size, units = float(count), ["B", "kB", "MB", "GB", "TB"]
    while size >= 999.95 and len(units) > 1:  # which would be written as 1000.0
        size, units = size / 1000, units[1:]
    return f"{count} B" if units[0] == "B" else f"{size:,.1f} {units[0]}"


def _format_line(cells: Sequence[str], widths: Sequence[int]) -> str:
    words = {1, 2}  # the layer and its shape start at the left, as words do; numbers end at the right
    aligned = [
        cell.ljust(width) if column in words else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return "  ".join(aligned).rstrip()


def _format_pair(pair: object) -> str:
    return " × ".join(map(str, cast("tuple[object, ...]", pair))) if isinstance(pair, tuple) else str(pair)


def _describe(shape: Shape, rows: Sequence[LayerSummary]) -> str:
    """Name a shape within a sentence, with the map that it was flattened from."""
    if len(shape) == 3:
        return format_shape(shape)
    changed = [row.input_shape for row in rows if row.input_shape != row.output_shape]
    if changed and math.prod(changed[-1]) == shape[0]:
        return plural("{n} feature ({shape})", "{n} features ({shape})", n=shape[0], shape=format_shape(changed[-1]))
    return plural("{n} feature", "{n} features", n=shape[0])


def _worked_out(text: str, number: int) -> str:
    return f"{text} = {number:,}" if text else f"{number:,}"
