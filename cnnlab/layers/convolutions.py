"""Convolutions, and the transposed ones."""
# ruff: noqa: ARG002  (all answer alike)

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cnnlab.axis_fields import Reads
from cnnlab.errors import ShapeError
from cnnlab.layers.base import Layer, WindowLayer, axis_lines
from cnnlab.layers.checks import along, channels_checked, size_checked
from cnnlab.layers.fields import Window
from cnnlab.layers.mismatch import OPEN, Kind, Mismatch, Remedy, SetTo
from cnnlab.layers.rules import between, one_of, switch
from cnnlab.layers.shapes import MAX_CHANNELS, MAX_WINDOW, Pair, Shape, both, format_shape, in_lines, pair, twice
from cnnlab.layers.torch_words import kernel_too_large, no_map, other_channels
from cnnlab.ops import conv2d, conv_transpose2d
from cnnlab.ops.arguments import Array
from cnnlab.shapes import same_padding
from cnnlab.texts import Message, message, plural

_SPARE = {"reflect": 1, "circular": 0}
"""Pixels of an axis that the padding cannot be filled from, by the modes that fill it from the map."""


@dataclass(frozen=True, repr=False)
class Conv2d(WindowLayer):
    """Cross-correlate each kernel with the map: (C, H, W) -> (out_channels, OH, OW).

    >>> Conv2d(3, 6, kernel_size=5).output_shape((3, 32, 32))  # (32 - 5) / 1 + 1 = 28
    (6, 28, 28)
    >>> Conv2d(3, 6, kernel_size=5).num_params((3, 32, 32))  # 6 kernels of 3*5*5, and 6 biases
    456
    """

    about = message("Cross-correlates each kernel with the map: (C, H, W) -> (out_channels, OH, OW).")
    word = message("conv")
    member = "conv"

    in_channels: int = field(metadata=between(1, MAX_CHANNELS, about=message("Channels of the map that comes in.")))
    out_channels: int = field(
        metadata=between(1, MAX_CHANNELS, about=message("Number of kernels, each of which makes one channel."))
    )
    kernel_size: Pair = field(
        metadata=between(1, MAX_WINDOW, pair=True, named=True, about=message("Rows and columns of each kernel."))
    )
    stride: Pair = field(
        default=1, metadata=between(1, MAX_WINDOW, pair=True, about=message("Pixels from one position to the next."))
    )
    padding: Pair | str = field(
        default=0,
        metadata=between(
            0, MAX_WINDOW, pair=True, words=("same", "valid"), about=message("Pixels added around the map.")
        ),
    )
    dilation: Pair = field(
        default=1,
        metadata=between(1, MAX_WINDOW, pair=True, about=message("Pixels from one cell of the kernel to the next.")),
    )
    groups: int = field(
        default=1,
        metadata=between(1, MAX_CHANNELS, about=message("Groups of channels that are convolved separately.")),
    )
    bias: bool = field(default=True, metadata=switch(message("Whether each kernel adds a bias.")))
    padding_mode: str = field(
        default="zeros",
        metadata=one_of("zeros", "reflect", "replicate", "circular", about=message("What the padding pixels hold.")),
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        _check_groups(self)
        if self.padding == "same" and self.stride != 1:
            raise ShapeError(
                "Conv2d's padding='same' needs stride 1, not {stride}: PyTorch refuses it too; give the padding as a "
                "number.",
                stride=self.stride,
            )

    @classmethod
    def agreeing(cls, settings: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        """Let the groups divide the channels, and have no stride or a padding in numbers where it is "same"."""
        yield from _agreeing_groups(settings)
        yield "stride", 1
        gaps, kernels = both(settings["dilation"]), both(settings["kernel_size"])
        yield "padding", pair(*(gap * (size - 1) // 2 for gap, size in zip(gaps, kernels, strict=True)))

    def filled_with(self) -> str:
        """What the padding holds."""
        return self.padding_mode

    def window(self, axis: int) -> Window:
        """What slides along an axis: 0 is the height, 1 the width."""
        kernel_size, dilation = both(self.kernel_size)[axis], both(self.dilation)[axis]
        if self.padding == "same":
            padding = same_padding(kernel_size, dilation)
        else:
            padding = (0, 0) if isinstance(self.padding, str) else twice(both(self.padding)[axis])
        return Window(kernel_size, both(self.stride)[axis], padding, dilation)

    def output_shape(self, input_shape: Shape) -> Shape:
        """(C, H, W) -> (out_channels, OH, OW)."""
        shape = channels_checked(self, "in_channels", input_shape)
        sizes = self.sizes(shape)
        self._check_rim(shape)
        return (self.out_channels, *sizes)

    def remedies(self, mismatch: Mismatch, input_shape: Shape) -> Iterator[Remedy]:
        """Take other channels, by group too; fill the padding with zeros, or have less of it."""
        if mismatch.kind is Kind.CHANNELS:
            yield from _channel_remedies(self, input_shape[0])
        elif mismatch.kind is Kind.PADDING:
            yield SetTo({"padding_mode": "zeros"})
            if self.padding != "same":
                yield SetTo({"padding": min(input_shape[1:]) - _SPARE[self.padding_mode]})
        else:
            yield from super().remedies(mismatch, input_shape)

    def torch_message(self, mismatch: Mismatch, input_shape: Shape, batch: int = 1) -> str | None:
        """Of rows, other channels and kernels that are too large; of a rim that cannot be filled it is not known."""
        if mismatch.kind is Kind.ROW_GIVEN:
            return no_map("conv2d", batch, input_shape) if self.padding_mode == "zeros" else None
        if mismatch.kind not in (Kind.CHANNELS, Kind.TOO_SMALL) or self._unfilled(input_shape) is not None:
            return None  # PyTorch puts the rim around the map before it looks at anything else
        axes = self.axes(input_shape)
        if mismatch.kind is Kind.TOO_SMALL:
            return kernel_too_large([axis.padded for axis in axes], [axis.extent for axis in axes])
        padded = [axis.padded for axis in axes]
        if self.padding_mode == "zeros":
            # Zeros are put around by the convolution itself, but for the one that an even kernel has more behind.
            padded = [axis.size + axis.padding[1] - axis.padding[0] for axis in axes]
        kernels = self.weight_shapes()["weight"]
        return other_channels(f"groups={self.groups}", kernels, (batch, input_shape[0], *padded), self.in_channels)

    def num_params(self, input_shape: Shape) -> int:
        """Count kernels and biases: out_channels * (in_channels / groups * FH * FW + 1)."""
        return _kernel_params(self)

    def macs(self, input_shape: Shape) -> int:
        """One for each cell of the kernel at each output cell; the bias only starts the sum."""
        return math.prod(self.output_shape(input_shape)) * _kernel_cells(self)

    def weight_shapes(self) -> dict[str, Shape]:
        """(out_channels, in_channels/groups, FH, FW), and (out_channels,) for the biases."""
        kernels = (self.out_channels, self.in_channels // self.groups, *both(self.kernel_size))
        return {"weight": kernels} | ({"bias": (self.out_channels,)} if self.bias else {})

    def compute(self, x: Array, weights: Mapping[str, Array]) -> Array:
        """Cross-correlate: (N, C, H, W) -> (N, out_channels, OH, OW)."""
        return conv2d(
            x,
            weights["weight"],
            weights.get("bias"),
            self.stride,
            self.padding,
            self.dilation,
            self.groups,
            self.padding_mode,
        )

    def shape_text(self, input_shape: Shape) -> Message:
        """Write the formula of both axes with their numbers in it, and where the channels come from."""
        return in_lines(super().shape_text(input_shape), _channels_line(self))

    def params_text(self, input_shape: Shape) -> str:
        """Write the cells of a kernel, and one for the bias, times the kernels."""
        return _kernel_params_text(self)

    def macs_text(self, input_shape: Shape) -> str:
        """Write the cells of the output times those of a kernel."""
        channels, height, width = self.output_shape(input_shape)
        return f"({height:,}*{width:,}*{channels:,}) * ({_kernel_text(self)})"

    def _unfilled(self, input_shape: Shape) -> int | None:
        """The first axis of a map along which the padding cannot be filled; None where it can be along both."""
        # Reflected and wrapped padding take their pixels from the map, which must have as many.
        spare = _SPARE.get(self.padding_mode)
        if spare is None:
            return None
        sizes = enumerate(input_shape[1:])
        return next((axis for axis, size in sizes if max(self.window(axis).padding) > size - spare), None)

    def _check_rim(self, input_shape: Shape) -> None:
        axis = self._unfilled(input_shape)
        if axis is None:
            return
        spare, size, padding = _SPARE[self.padding_mode], input_shape[1 + axis], max(self.window(axis).padding)
        needed = max(max(self.window(each).padding) for each in (0, 1))
        told = {
            "padding": padding,
            "mode": self.padding_mode,
            "least": padding + spare,
            "size": size,
            "most": size - spare,
        }
        raise Mismatch(
            message(
                "Padding {padding} with padding_mode='{mode}' needs a height of at least {least} but gets {size}: use "
                "padding <= {most} or padding_mode='zeros'.",
                **told,
            )
            if axis == 0
            else message(
                "Padding {padding} with padding_mode='{mode}' needs a width of at least {least} but gets {size}: use "
                "padding <= {most} or padding_mode='zeros'.",
                **told,
            ),
            Kind.PADDING,
            fact=plural(
                "Layer {number} ({layer}) fills {n} pixel of padding from the map (padding_mode='{mode}'). {gives} "
                "That map has too few pixels.",
                "Layer {number} ({layer}) fills {n} pixels of padding from the map (padding_mode='{mode}'). {gives} "
                "That map has too few pixels.",
                n=needed,
                mode=self.padding_mode,
                **OPEN,
            ),
            setting="padding",
            expected=size - spare,
            given=padding,
        )


@dataclass(frozen=True, repr=False)
class ConvTranspose2d(Layer):
    """Stamps a kernel for each number of the map, and adds the stamps up: (C, H, W) -> (out_channels, OH, OW).

    Some of its units see more than others: output cell o is reached by the cells i of the map for which there is a cell
    a of the kernel with o = i*S + a*D - P, and with a stride S not every o has equally many. The receptive field is
    that of the unit that sees most: with dilation 1, floor((FH - 1) / S) jumps of the map before more than a unit of
    that map sees. The jump becomes S times smaller.

    >>> ConvTranspose2d(16, 8, kernel_size=4, stride=2, padding=1).output_shape((16, 7, 7))  # 6*2 - 2*1 + 3 + 1
    (8, 14, 14)
    >>> ConvTranspose2d(16, 8, kernel_size=4).num_params((16, 7, 7))  # 8 kernels of 16*4*4, and 8 biases
    2056
    """

    about = message(
        "Stamps a kernel for each number of the map, and adds the stamps up: (C, H, W) -> (out_channels, OH, OW)."
    )
    word = message("transposed")
    member = "up"

    in_channels: int = field(metadata=between(1, MAX_CHANNELS, about=message("Channels of the map that comes in.")))
    out_channels: int = field(metadata=between(1, MAX_CHANNELS, about=message("Channels of the map that comes out.")))
    kernel_size: Pair = field(
        metadata=between(1, MAX_WINDOW, pair=True, named=True, about=message("Rows and columns of each stamp."))
    )
    stride: Pair = field(
        default=1, metadata=between(1, MAX_WINDOW, pair=True, about=message("Pixels from one stamp to the next."))
    )
    padding: Pair = field(
        default=0, metadata=between(0, MAX_WINDOW, pair=True, about=message("Pixels cut off around the output."))
    )
    output_padding: Pair = field(
        default=0,
        metadata=between(0, MAX_WINDOW, pair=True, about=message("Extra rows and columns at the end of the output.")),
    )
    groups: int = field(
        default=1, metadata=between(1, MAX_CHANNELS, about=message("Groups of channels that are stamped separately."))
    )
    bias: bool = field(default=True, metadata=switch(message("Whether each output channel adds a bias.")))
    dilation: Pair = field(
        default=1,
        metadata=between(1, MAX_WINDOW, pair=True, about=message("Pixels from one cell of the stamp to the next.")),
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        _check_groups(self)
        for axis in (0, 1):
            _, stride, _, extra, dilation = self._axis(axis)
            if extra >= max(stride, dilation):
                raise ShapeError(
                    "ConvTranspose2d's output_padding {extra} must be less than its stride {stride} or its dilation "
                    "{dilation}: use output_padding <= {most}.",
                    extra=extra,
                    stride=stride,
                    dilation=dilation,
                    most=max(stride, dilation) - 1,
                )

    @classmethod
    def agreeing(cls, settings: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        """Let the groups divide the channels, and the output padding be less than a stride or a dilation."""
        yield from _agreeing_groups(settings)
        steps, gaps, extras = (both(settings[name]) for name in ("stride", "dilation", "output_padding"))
        most = (max(step, gap) - 1 for step, gap in zip(steps, gaps, strict=True))
        yield "output_padding", pair(*map(min, extras, most))
        yield "stride", pair(*(max(step, extra + 1) for step, extra in zip(steps, extras, strict=True)))

    def output_shape(self, input_shape: Shape) -> Shape:
        """(C, H, W) -> (out_channels, OH, OW)."""
        _, height, width = channels_checked(self, "in_channels", input_shape)
        try:
            return (self.out_channels, self.size(height, 0), self.size(width, 1))
        except Mismatch as mismatch:
            if mismatch.kind is Kind.PADDING:
                stamped = format_shape((self.stamped(height, 0), self.stamped(width, 1)))
                mismatch.fact = message(
                    "Layer {number} ({layer}) cuts its padding {padding} off the {stamped} pixels that it makes, and "
                    "nothing is left. {gives}",
                    padding=self.padding,
                    stamped=stamped,
                    **OPEN,
                )
            raise

    def remedies(self, mismatch: Mismatch, input_shape: Shape) -> Iterator[Remedy]:
        """Take other channels, by group too; cut less off."""
        if mismatch.kind is Kind.CHANNELS:
            yield from _channel_remedies(self, input_shape[0])
        elif mismatch.kind is Kind.PADDING:
            cuts = both(self.padding)
            yield SetTo(
                {
                    "padding": pair(
                        *(
                            min(cuts[axis], (self.stamped(size, axis) - 1) // 2)
                            for axis, size in enumerate(input_shape[1:])
                        )
                    )
                }
            )
        else:
            yield from super().remedies(mismatch, input_shape)

    def torch_message(self, mismatch: Mismatch, input_shape: Shape, batch: int = 1) -> str | None:
        """Of rows and other channels; where nothing is left, each library that does the sums has its own words."""
        if mismatch.kind is Kind.ROW_GIVEN:
            return no_map("conv_transpose2d", batch, input_shape)
        if mismatch.kind is Kind.CHANNELS:
            return other_channels(
                "transposed=1", self.weight_shapes()["weight"], (batch, *input_shape), self.in_channels
            )
        return None

    def num_params(self, input_shape: Shape) -> int:
        """Count kernels and biases: out_channels * (in_channels / groups * FH * FW + 1)."""
        return _kernel_params(self)

    def macs(self, input_shape: Shape) -> int:
        """One for each cell of its stamps at each number of the map, those that padding cuts off included."""
        return math.prod(input_shape) * self.out_channels // self.groups * math.prod(both(self.kernel_size))

    def weight_shapes(self) -> dict[str, Shape]:
        """(in_channels, out_channels/groups, FH, FW), and (out_channels,) for the biases."""
        kernels = (self.in_channels, self.out_channels // self.groups, *both(self.kernel_size))
        return {"weight": kernels} | ({"bias": (self.out_channels,)} if self.bias else {})

    def compute(self, x: Array, weights: Mapping[str, Array]) -> Array:
        """Stamp: (N, C, H, W) -> (N, out_channels, OH, OW)."""
        return conv_transpose2d(
            x,
            weights["weight"],
            weights.get("bias"),
            self.stride,
            self.padding,
            self.output_padding,
            self.groups,
            self.dilation,
        )

    def size(self, size: int, axis: int) -> int:
        """Count the cells that the stamps leave, without what padding cuts off."""
        padding, stamped = both(self.padding)[axis], self.stamped(size, axis)
        if stamped <= 2 * padding:
            raise Mismatch(
                along(
                    axis,
                    plural(
                        "Padding {padding} cuts away the whole output of {n} pixel: use padding <= {most}, a larger "
                        "kernel or a larger input.",
                        "Padding {padding} cuts away the whole output of {n} pixels: use padding <= {most}, a larger "
                        "kernel or a larger input.",
                        n=stamped,
                        padding=padding,
                        most=(stamped - 1) // 2,
                    ),
                ),
                Kind.PADDING,
                setting="padding",
                expected=(stamped - 1) // 2,
                given=padding,
            )
        return size_checked(stamped - 2 * padding, axis)

    def step(self, size: int, axis: int) -> Reads:
        """Read the cells of the map whose stamps reach a unit."""
        kernel_size, stride, padding, _, dilation = self._axis(axis)
        cells: list[list[int]] = [[] for _ in range(stride)]
        for cell in reversed(range(kernel_size)):
            # Pixel i stamps this cell onto o = i*S + a*D - P: onto every S-th o, of which the first few are told.
            place = (cell * dilation - padding) % stride
            cells[place].append((place + padding - cell * dilation) // stride)
        return Reads(tuple(map(tuple, cells)), advance=1)

    def shape_text(self, input_shape: Shape) -> Message:
        """Write the formula of both axes with their numbers in it, and where the channels come from."""
        formulas: list[str] = []
        for axis, size in enumerate(input_shape[1:]):
            kernel_size, stride, padding, extra, dilation = self._axis(axis)
            formulas.append(f"({size} - 1)*{stride} - 2*{padding} + {dilation}*({kernel_size} - 1) + {extra} + 1")
        return in_lines(axis_lines(formulas, self.output_shape(input_shape)), _channels_line(self))

    def params_text(self, input_shape: Shape) -> str:
        """Write the cells that end in one output channel, and one for the bias, times the output channels."""
        return _kernel_params_text(self)

    def macs_text(self, input_shape: Shape) -> str:
        """Write the numbers of the map times the cells of each one's stamps."""
        channels, height, width = input_shape
        stamps = "*".join([*map(str, both(self.kernel_size)), _share(self.out_channels, self.groups)])
        return f"({height:,}*{width:,}*{channels:,}) * ({stamps})"

    def _axis(self, axis: int) -> tuple[int, int, int, int, int]:
        """Kernel size, stride, padding, output padding and dilation along an axis."""
        settings = (self.kernel_size, self.stride, self.padding, self.output_padding, self.dilation)
        kernel_size, stride, padding, extra, dilation = (both(setting)[axis] for setting in settings)
        return kernel_size, stride, padding, extra, dilation

    def stamped(self, size: int, axis: int) -> int:
        """Count the cells that all stamps cover along an axis, before padding cuts some off."""
        # Dumoulin and Visin 2016; the documentation of torch.nn.ConvTranspose2d.
        kernel_size, stride, _, extra, dilation = self._axis(axis)
        return (size - 1) * stride + dilation * (kernel_size - 1) + extra + 1


def _agreeing_groups(settings: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    inner, outer, groups = settings["in_channels"], settings["out_channels"], settings["groups"]
    common = math.gcd(inner, outer)
    yield "groups", max(count for count in range(1, min(common, groups) + 1) if common % count == 0)
    yield "in_channels", -(-inner // groups) * groups
    yield "out_channels", -(-outer // groups) * groups


def _channels_line(layer: Conv2d | ConvTranspose2d) -> Message:
    return message("channels: out_channels = {channels:,}", channels=layer.out_channels)


def _channel_remedies(layer: Conv2d | ConvTranspose2d, given: int) -> Iterator[Remedy]:
    yield SetTo({"in_channels": given})
    if layer.groups > 1:
        # A depthwise convolution stays one; others take a number of groups that divides both.
        if layer.groups == layer.in_channels:
            kernels = given * (layer.out_channels // layer.in_channels)
            yield SetTo({"in_channels": given, "groups": given, "out_channels": kernels})
        yield SetTo({"in_channels": given, "groups": math.gcd(given, layer.out_channels, layer.groups)})


def _check_groups(layer: Conv2d | ConvTranspose2d) -> None:
    for name, channels in (("in_channels", layer.in_channels), ("out_channels", layer.out_channels)):
        if channels % layer.groups:
            raise ShapeError(
                "{layer} cannot split {setting}={channels} into groups={groups} equal parts: use a number of groups "
                "that divides {channels}.",
                layer=layer.name,
                setting=name,
                channels=channels,
                groups=layer.groups,
            )


def _kernel_cells(layer: Conv2d | ConvTranspose2d) -> int:
    """Numbers that one number of the output is made of."""
    return layer.in_channels // layer.groups * math.prod(both(layer.kernel_size))


def _kernel_params(layer: Conv2d | ConvTranspose2d) -> int:
    return layer.out_channels * (_kernel_cells(layer) + int(layer.bias))


def _kernel_text(layer: Conv2d | ConvTranspose2d) -> str:
    return "*".join([*map(str, both(layer.kernel_size)), _share(layer.in_channels, layer.groups)])


def _kernel_params_text(layer: Conv2d | ConvTranspose2d) -> str:
    kernel = f"({_kernel_text(layer)} + 1)" if layer.bias else _kernel_text(layer)
    return f"{kernel} * {layer.out_channels:,}"


def _share(channels: int, groups: int) -> str:
    return f"({channels:,}/{groups:,})" if groups > 1 else f"{channels:,}"
