"""Reading a network that does not fit together: what goes through, where it ends and why, and what would mend it.

A mend is only offered once it has been tried: with it, the layer at which the network ended takes what comes. Layers
behind it may have problems of their own, which the next reading tells.
"""

from __future__ import annotations

import bisect
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cnnlab.errors import ShapeError, counted
from cnnlab.layers import (
    AdaptiveAvgPool2d,
    BatchNorm1d,
    BatchNorm2d,
    Conv2d,
    ConvTranspose2d,
    Dropout,
    Dropout2d,
    Flatten,
    Layer,
    Linear,
    Pool2d,
    Shape,
    Softmax,
    TooLargeError,
    WindowLayer,
    both,
    format_shape,
    pair,
)
from cnnlab.networks.network import LayerSummary, Network, check_input_shape
from cnnlab.networks.refusals import torch_says
from cnnlab.shapes import AxisWindows, full_padding, padding_needed

MAX_MENDS = 6
"""Ways out that are offered; more would be no help."""
MAX_NAMED = 3
"""Ways out that the sentence names; the others are only offered."""
MAX_KERNELS = 2048
"""Kernels that a layer would be told to have."""
MAX_COLOURS = 4
"""Channels of a picture: what is last and not more may be channels that should come first."""
MAX_INPUT_SIDE = 1024
"""Of an input that is looked for."""
MAX_FIRST_PADDING = 32
"""Of the first convolution, where other paddings of it are tried."""
USUAL_SIDES = (32, 28, 224, 64, 227, 96, 128, 256, 299, 512)
"""Of pictures that networks are made for; where several would do, the first of these."""


@dataclass(frozen=True)
class Mend:
    """One way out, tried: the whole network after it, and the input that it then takes."""

    label: str
    """What is done, as on a button beside the layer in trouble: `Set in_features to 256`."""
    network: Network
    input_shape: Shape


@dataclass(frozen=True)
class Problem:
    """The layer at which a network ends, and why."""

    index: int
    layer: Layer
    input_shape: Shape
    """What arrives there."""
    sentence: str
    """What is wrong, with the numbers, and ways out."""
    mends: tuple[Mend, ...]
    """Ways out, the likeliest first; empty where none is known."""
    fact: str = ""
    """What is wrong, without the ways out."""

    @property
    def title(self) -> str:
        """The layer within a sentence, counted from 1: `layer 8 (Linear)`."""
        return f"layer {self.index + 1} ({self.layer.name})"

    @property
    def torch_says(self) -> str | None:
        """PyTorch's own message for one picture, where it is known; for some problems PyTorch has none."""
        return torch_says(self.layer, self.input_shape)


@dataclass(frozen=True)
class Reading:
    """What goes through a network, and the problem at which it ends, if any."""

    rows: tuple[LayerSummary, ...]
    problem: Problem | None


def read(network: Network, input_shape: Sequence[int] | None = None) -> Reading:
    """Follow an input through a network, and say what is wrong where it ends.

    Args:
        input_shape: of one picture, (C, H, W), or (F,); what the network is made for where nothing is given.

    Raises:
        ShapeError: no input shape, or one that is none; never for what the layers make of it.

    >>> problem = read(Network("small", (Conv2d(1, 4, kernel_size=5), Flatten(), Linear(400, 10))), (1, 12, 12)).problem
    >>> problem.sentence.partition(": ")[0]
    'Layer 3 (Linear) expects 400 features, but layer 2 (Flatten) gives 4 × 8 × 8 = 256'
    >>> [mend.label for mend in problem.mends][:2]
    ['Set in_features to 256', 'Take an input of 1 × 14 × 14']
    """
    rows, error = network.follow(input_shape)
    if error is None:
        return Reading(tuple(rows), None)
    given = network.input_shape if input_shape is None else check_input_shape(list(input_shape))
    assert given is not None  # follow has refused that
    steps = tuple(_Step(row.index, row.layer, row.input_shape, row.output_shape) for row in rows)
    case = _Case(network, given, steps)
    fact, tried = _diagnosed(case, error)
    mends = tuple(
        Mend(fix.label, replace(network, layers=fix.layers, input_shape=fix.input_shape), fix.input_shape)
        for fix in tried
    )
    return Reading(tuple(rows), Problem(case.index, case.layer, case.shape, _sentence(fact, tried), mends, fact))


# --- a case and its ways out ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Step:
    """A layer that an input passed. Nothing else is needed here: what units see would take most of the time."""

    index: int
    layer: Layer
    input_shape: Shape
    output_shape: Shape


def _followed(layers: Sequence[Layer], shape: Shape) -> tuple[tuple[_Step, ...], ShapeError | None]:
    """Follow an input as far as it comes, and tell what the next layer has against it, if any."""
    steps: list[_Step] = []
    for index, layer in enumerate(layers):
        try:
            after = layer.output_shape(shape)
        except ShapeError as error:
            return tuple(steps), error
        steps.append(_Step(index, layer, shape, after))
        shape = after
    return tuple(steps), None


@dataclass(frozen=True)
class _Case:
    """A network, its input, and how far it came."""

    network: Network
    input_shape: Shape
    rows: tuple[_Step, ...]

    @property
    def index(self) -> int:
        return len(self.rows)

    @property
    def layer(self) -> Layer:
        return self.network.layers[self.index]

    @property
    def shape(self) -> Shape:
        """What arrives at the layer."""
        return self.rows[-1].output_shape if self.rows else self.input_shape

    @property
    def title(self) -> str:
        return f"Layer {self.index + 1} ({self.layer.name})"

    def titled(self, index: int) -> str:
        """A layer within a sentence, counted from 1."""
        return f"layer {index + 1} ({self.network.layers[index].name})"

    def last(self, *types: type[Layer]) -> int | None:
        """Index of the last layer of these types that came before."""
        found = (row.index for row in reversed(self.rows) if isinstance(row.layer, types))
        return next(found, None)

    def source(self) -> _Step | None:
        """The last layer that decided what arrives; None for the input."""
        return next((row for row in reversed(self.rows) if row.layer.shape_text(row.input_shape)), None)

    def gives(self) -> str:
        """Who gives what arrives: `layer 7 (Flatten) gives 16 × 4 × 4 = 256`."""
        row = self.source()
        what = f"a map of {format_shape(self.shape)}" if len(self.shape) == 3 else _features(self.shape[0])
        if row is None:
            return f"the input is {what}"
        if isinstance(row.layer, Flatten) and len(row.input_shape) == 3:
            what = f"{format_shape(row.input_shape)} = {self.shape[0]:,}"
        return f"{self.titled(row.index)} gives {what}"


@dataclass(frozen=True)
class _Fix:
    """A way out that has not been tried yet."""

    label: str
    layers: tuple[Layer, ...]
    input_shape: Shape
    at: int
    """Index of the layer up to which what comes must then be taken."""
    cause: str = ""
    """What a sentence says first, and in place of the label: how the input is not what it should be."""


_Fixes = Iterator[_Fix | None]
"""Ways out, the likeliest first; None where one could not even be written down."""


def _diagnosed(case: _Case, error: ShapeError, is_alone: bool = True) -> tuple[str, list[_Fix]]:
    """Say what is wrong, and find what mends it, each way once."""
    fact, fixes = _explain(case, error)
    mends: dict[tuple[tuple[Layer, ...], Shape], _Fix] = {}
    stuck: list[tuple[_Fix, _Case, ShapeError]] = []
    for fix in fixes:
        if fix is None or not fix.layers or (key := (fix.layers, fix.input_shape)) in mends:
            continue
        try:
            network = replace(case.network, layers=fix.layers, input_shape=fix.input_shape)
        except ShapeError:  # an input beyond all limits
            continue
        rows, still = _followed(fix.layers, fix.input_shape)
        if still is None or len(rows) > fix.at:
            mends[key] = fix
        elif len(rows) == fix.at:
            stuck.append((fix, _Case(network, fix.input_shape, rows), still))
        if len(mends) == MAX_MENDS:
            break
    if mends or not is_alone:
        return fact, list(mends.values())
    # Two things are wrong with the layer at once.
    besides = ""
    leave_out = _without(case, case.index)
    for fix, next_, still in stuck:
        second, thens = _diagnosed(next_, still, is_alone=False)
        has_moved = len(fix.layers) != len(case.network.layers)
        for then in thens[:2]:
            if has_moved and "layer " in then.label:
                continue  # which is another one, counted as they stood before
            if then.layers == _without(next_, next_.index).layers:
                continue  # for which nothing need be changed first
            # A second change of the input undoes the first.
            is_one = fix.layers == then.layers == case.network.layers
            mends.setdefault((then.layers, then.input_shape), then if is_one else _and_then(fix, then))
            if not (besides or is_one or has_moved):
                besides = f"; besides, it {second.removeprefix(next_.title).lstrip()}"
    if leave_out.layers and len(mends) < MAX_MENDS:
        mends.setdefault((leave_out.layers, leave_out.input_shape), leave_out)
    return fact + besides, list(mends.values())[:MAX_MENDS]


def _sentence(fact: str, fixes: Sequence[_Fix]) -> str:
    """Put what is wrong and the first ways out into one sentence."""
    cause = next((fix.cause for fix in fixes if fix.cause), "")
    ways = [fix.label[0].lower() + fix.label[1:] for fix in fixes if not fix.cause][:MAX_NAMED]
    parts = [part for part in (cause, ", or ".join(ways)) if part]
    return f"{fact}{'; ' if ': ' in fact else ': '}{'; '.join(parts)}" if parts else fact


def _explain(case: _Case, error: ShapeError) -> tuple[str, _Fixes]:
    """Say what is wrong, and think of ways out."""
    layer, shape = case.layer, case.shape
    is_map = len(shape) == 3
    match layer:
        case Linear() if is_map:
            fact = f"{case.title} expects a row of {_features(layer.in_features)}, but {case.gives()}"
            if shape[-1] == layer.in_features:
                fact += ", of which PyTorch would take each row by itself"
            return fact, _rows_for_linear(case, layer)
        case Linear():
            fact = f"{case.title} expects {_features(layer.in_features)}, but {case.gives()}"
            return fact, _features_for(case, "in_features", layer.in_features)
        case BatchNorm1d() if is_map:
            return f"{case.title} expects a row of features, but {case.gives()}", _norms_for_map(case, layer)
        case BatchNorm1d():
            fact = f"{case.title} expects {_features(layer.num_features)}, but {case.gives()}"
            return fact, _features_for(case, "num_features", layer.num_features)
        case Softmax():
            fact = f"{case.title} has dim={layer.dim}, but there are only {len(shape) + 1} axes, the batch included"
            return fact, iter([_changed(case, "dim", 1)])
        case WindowLayer() | ConvTranspose2d() | AdaptiveAvgPool2d() | BatchNorm2d() | Dropout2d() if not is_map:
            return f"{case.title} expects a map (channels, height, width), but {case.gives()}", _maps_for(case)
        case Conv2d() | ConvTranspose2d() if shape[0] != layer.in_channels:
            fact = f"{case.title} expects {counted(layer.in_channels, 'channel')}, but {case.gives()}"
            return fact, _channels_for_convolution(case, layer)
        case BatchNorm2d() if shape[0] != layer.num_features:
            fact = f"{case.title} expects {counted(layer.num_features, 'channel')}, but {case.gives()}"
            return fact, _channels_for_norm(case, layer)
        case WindowLayer() if not all(axis.count for axis in _axes(layer, shape)):
            return _window_fact(case, layer), _windows_for(case, layer)
        case _ if isinstance(error, TooLargeError):
            return f"{case.title} gives too large a map: {str(error).partition(': ')[0]}", _smaller(case)
        case Conv2d(padding_mode="reflect" | "circular"):
            needed = max(max(layer.window(axis).padding) for axis in (0, 1))
            fact = f"{case.title} fills {counted(needed, 'pixel')} of padding from the map (padding_mode="
            fact += f"{layer.padding_mode!r}), but {case.gives()}, which has too few"
            return fact, _rims_for(case, layer)
        case ConvTranspose2d() if any(size <= 2 * cut for size, cut in _stamped(layer, shape)):
            stamped = format_shape(tuple(size for size, _ in _stamped(layer, shape)))
            fact = f"{case.title} cuts its padding {layer.padding} off the {stamped} pixels that it makes"
            return f"{fact}, and nothing is left, where {case.gives()}", _cuts_for(case, layer)
        case _:
            return f"{case.title} cannot take what comes, {format_shape(shape)}: {error}", _others(case)


def _features(number: int) -> str:
    return f"{number:,} feature{'' if number == 1 else 's'}"


# --- changes of a network -------------------------------------------------------------------------------------------


def _made(layer: Layer, **settings: Any) -> Layer | None:
    """A layer with other settings; None where they do not go together."""
    try:
        return replace(layer, **settings)
    except ShapeError:
        return None


def _with(case: _Case, changes: Mapping[int, Layer]) -> tuple[Layer, ...]:
    return tuple(changes.get(index, layer) for index, layer in enumerate(case.network.layers))


def _changed(case: _Case, name: str, value: Any, index: int | None = None, **others: Any) -> _Fix | None:
    """Set one argument of a layer (of the one that is in trouble if none is named), and others along with it."""
    at = case.index if index is None else index
    layer = _made(case.network.layers[at], **{name: value}, **others)
    if layer is None:
        return None
    label = f"Set {name}{'' if at == case.index else f' of {case.titled(at)}'} to {value!r}"
    label += "".join(f" and {other} to {setting!r}" for other, setting in others.items())
    return _Fix(label, _with(case, {at: layer}), case.input_shape, case.index)


def _replaced(case: _Case, layer: Layer) -> _Fix:
    label = f"Make layer {case.index + 1} a {layer}"
    return _Fix(label, _with(case, {case.index: layer}), case.input_shape, case.index)


def _inserted(case: _Case, index: int, *added: Layer) -> _Fix:
    """Put layers in front of one."""
    layers = case.network.layers
    label = f"Put {' and '.join(map(str, added))} before {case.titled(index)}"
    return _Fix(label, (*layers[:index], *added, *layers[index:]), case.input_shape, case.index + len(added))


def _without(case: _Case, index: int) -> _Fix:
    """Leave one layer out: the one in trouble, or one before it."""
    layers = case.network.layers
    remaining = (*layers[:index], *layers[index + 1 :])
    return _Fix(f"Leave out {case.titled(index)}", remaining, case.input_shape, case.index - 1)


def _moved(case: _Case, index: int) -> _Fix:
    """Put the layer that is in trouble in front of another one."""
    layers = list(case.network.layers)
    layers.insert(index, layers.pop(case.index))
    label = f"Put {case.titled(case.index)} before {case.titled(index)}"
    return _Fix(label, tuple(layers), case.input_shape, case.index)


def _input(case: _Case, shape: Shape, why: str = "", cause: str = "") -> _Fix:
    return _Fix(f"Take an input of {format_shape(shape)}{why}", case.network.layers, shape, case.index, cause)


def _and_then(first: _Fix, then: _Fix) -> _Fix:
    """Two changes at once, the second of which was made to what the first one left."""
    return replace(then, label=f"{first.label} and {then.label[0].lower()}{then.label[1:]}", cause="")


def _channels(case: _Case, channels: int) -> _Fixes:
    """Let as many channels arrive: from the layer that makes them, or from the input."""
    maker = case.last(Conv2d, ConvTranspose2d)
    if maker is not None and channels <= MAX_KERNELS:
        changes: dict[int, Layer] = {}
        for row in case.rows[maker:]:
            name = "out_channels" if row.index == maker else "num_features"
            if name in row.layer.rules():
                layer = _made(row.layer, **{name: channels})
                if layer is None:
                    return
                changes[row.index] = layer
        label = f"Set out_channels of {case.titled(maker)} to {channels}"
        yield _Fix(label, _with(case, changes), case.input_shape, case.index)
    elif maker is None and len(case.input_shape) == 3:
        yield _input(case, (channels, *case.input_shape[1:]))


# --- ways out, problem by problem -----------------------------------------------------------------------------------


def _rows_for_linear(case: _Case, layer: Linear) -> _Fixes:
    features = math.prod(case.shape)
    flatten = _inserted(case, case.index, Flatten())
    if features == layer.in_features:
        yield flatten
        return
    flat = replace(case, network=replace(case.network, layers=flatten.layers))
    fitted = _changed(flat, "in_features", features, case.index + 1)
    if fitted is not None:
        yield replace(fitted, label=f"{flatten.label} and set its in_features to {features}", at=case.index + 1)
    if (pool := _averaging(case.shape[0], layer.in_features)) is not None:
        yield _inserted(case, case.index, pool, Flatten())
    for fix in _sizes_for(flat, layer.in_features):
        if fix is not None:
            yield replace(_and_then(flatten, fix), at=case.index + 1)


def _features_for(case: _Case, name: str, wanted: int) -> _Fixes:
    """Take as many features as come, or let as many come as are wanted."""
    yield _changed(case, name, case.shape[0])
    source = case.source()
    match source:
        case None:
            yield _input(case, (wanted,))
        case _Step(layer=Linear()):
            yield _changed(case, "out_features", wanted, source.index)
        case _Step(layer=Flatten(), input_shape=(channels, height, width)):
            yield from _sizes_for(case, wanted)
            if len(case.input_shape) == 3 and source.input_shape == case.input_shape:
                # Nothing but the input decides, of which perhaps another kind was meant: grey pictures, say.
                for count in (1, 3):
                    side = math.isqrt(wanted // count)
                    if count * side * side == wanted:
                        yield _input(case, (count, side, side))
            if (pool := _averaging(channels, wanted)) is not None:
                yield _inserted(case, source.index, pool)
            if wanted % (height * width) == 0:
                yield from _channels(case, wanted // (height * width))
        case _:
            pass


def _averaging(channels: int, features: int) -> Layer | None:
    """A pooling to a square with which these channels give that many features."""
    side = math.isqrt(features // channels)
    return _made(AdaptiveAvgPool2d(1), output_size=side) if channels * side * side == features else None


def _norms_for_map(case: _Case, layer: BatchNorm1d) -> _Fixes:
    yield _replaced(case, BatchNorm2d(case.shape[0], layer.eps, layer.momentum, layer.affine))
    yield _inserted(case, case.index, Flatten())


def _maps_for(case: _Case) -> _Fixes:
    layer = case.layer
    flatten = case.last(Flatten)
    if flatten is not None:
        yield _without(case, flatten)
        yield _moved(case, flatten)
    match layer:
        case BatchNorm2d():
            yield _replaced(case, BatchNorm1d(case.shape[0], layer.eps, layer.momentum, layer.affine))
        case Dropout2d():
            yield _replaced(case, Dropout(layer.p, layer.inplace))
        case _:
            pass
    if len(case.input_shape) == 1:
        counts = [layer.in_channels] if isinstance(layer, Conv2d | ConvTranspose2d) else [1, 3]
        squares = [(count, math.isqrt(case.input_shape[0] // count)) for count in counts]
        squares = [(count, side) for count, side in squares if count * side * side == case.input_shape[0]]
        for count, side in [*squares, (counts[0], USUAL_SIDES[0])][:2]:
            yield _input(case, (count, side, side))
    yield _without(case, case.index)


def _channels_for_convolution(case: _Case, layer: Conv2d | ConvTranspose2d) -> _Fixes:
    given = case.shape[0]
    if not case.rows and given > MAX_COLOURS >= case.shape[2] == layer.in_channels:
        yield _input(case, (case.shape[2], *case.shape[:2]), ", channels first")
        yield _changed(case, "in_channels", given)
        return
    yield _changed(case, "in_channels", given)
    if layer.groups > 1:
        # A depthwise convolution stays one; others take a number of groups that divides both.
        if layer.groups == layer.in_channels:
            kernels = given * (layer.out_channels // layer.in_channels)
            yield _changed(case, "in_channels", given, groups=given, out_channels=kernels)
        yield _changed(case, "in_channels", given, groups=math.gcd(given, layer.out_channels, layer.groups))
    yield from _channels(case, layer.in_channels)


def _channels_for_norm(case: _Case, layer: BatchNorm2d) -> _Fixes:
    yield _changed(case, "num_features", case.shape[0])
    yield from _channels(case, layer.num_features)


def _windows_for(case: _Case, layer: WindowLayer) -> _Fixes:
    yield from _sizes_that_fit(case)
    axes = _axes(layer, case.shape)
    is_pooling = isinstance(layer, Pool2d)
    if is_pooling:
        yield _without(case, case.index)
    else:
        yield _changed(case, "padding", pair(*(max(axis.padding[0], padding_needed(axis)) for axis in axes)))
    # What one window may span, and the most cells that it can have then.
    room = [axis.padded + (axis.stride - 1 if axis.ceil else 0) for axis in axes]
    cells = [min(axis.kernel_size, (span - 1) // axis.dilation + 1) for axis, span in zip(axes, room, strict=True)]
    smaller = min(cells) if axes[0].kernel_size == axes[1].kernel_size else pair(*cells)
    if not is_pooling or smaller != 1:
        yield _changed(case, "kernel_size", smaller)
    if any(axis.dilation > 1 for axis in axes):
        spans = zip(axes, room, strict=True)
        gaps = [min(axis.dilation, (span - 1) // max(1, axis.kernel_size - 1)) for axis, span in spans]
        yield _changed(case, "dilation", pair(*gaps))
    if is_pooling:
        yield _changed(case, "ceil_mode", True)
    pool = case.last(Pool2d)
    if pool is not None:
        yield _without(case, pool)


def _rims_for(case: _Case, layer: Conv2d) -> _Fixes:
    yield _changed(case, "padding_mode", "zeros")
    if layer.padding != "same":
        yield _changed(case, "padding", min(case.shape[1:]) - (1 if layer.padding_mode == "reflect" else 0))
    yield from _sizes_that_fit(case)


def _cuts_for(case: _Case, layer: ConvTranspose2d) -> _Fixes:
    cuts = (min(cut, (size - 1) // 2) for size, cut in _stamped(layer, case.shape))
    yield _changed(case, "padding", pair(*cuts))
    yield from _sizes_that_fit(case)


def _smaller(case: _Case) -> _Fixes:
    if "stride" in case.layer.rules():
        yield _changed(case, "stride", 1)
    yield _without(case, case.index)


def _others(case: _Case) -> _Fixes:
    yield _without(case, case.index)


# --- looking for a size ---------------------------------------------------------------------------------------------


def _arriving(layers: Sequence[Layer], shape: Shape, index: int) -> Shape | None:
    """What arrives at a layer; None where nothing does."""
    try:
        for layer in layers[:index]:
            shape = layer.output_shape(shape)
    except ShapeError:
        return None
    return shape


def _takes(layers: Sequence[Layer], shape: Shape, index: int) -> bool:
    return _arriving(layers, shape, index + 1) is not None


def _least(low: int, high: int, holds: Callable[[int], bool]) -> int | None:
    """The least number from low to high for which something holds that then holds for all larger ones, too."""
    found = bisect.bisect_left(range(low, high + 1), True, key=holds)
    return low + found if low + found <= high else None


def _scaled(case: _Case) -> tuple[Callable[[int], Shape], int] | None:
    """Inputs of the same proportions, numbered from 1, and how many there are; None where the input is a row."""
    if len(case.input_shape) != 3:
        return None
    channels, height, width = case.input_shape
    common = math.gcd(height, width)
    rows, columns = height // common, width // common
    return lambda scale: (channels, rows * scale, columns * scale), MAX_INPUT_SIDE // max(rows, columns)


def _sizes_for(case: _Case, wanted: int) -> _Fixes:
    """Let as many numbers arrive by another size of the input, or by another padding of the first convolution."""
    scaled = _scaled(case)
    if scaled is not None:
        shape_of, most = scaled

        def numbers(scale: int) -> int:
            return math.prod(_arriving(case.network.layers, shape_of(scale), case.index) or (0,))

        low = _least(1, most, lambda scale: numbers(scale) >= wanted)
        if low is not None and numbers(low) == wanted:
            beyond = _least(low, most, lambda scale: numbers(scale) > wanted)
            shapes = [shape_of(scale) for scale in range(low, most + 1 if beyond is None else beyond)]
            yield _resized(case, _likeliest(case, shapes))
    yield from _padded_first(case, lambda shape: math.prod(shape) == wanted)


def _sizes_that_fit(case: _Case) -> _Fixes:
    """Let the layer take what comes by a larger input, or by more padding of the first convolution."""
    scaled = _scaled(case)
    if scaled is not None:
        shape_of, most = scaled
        low = _least(1, most, lambda scale: _takes(case.network.layers, shape_of(scale), case.index))
        if low is not None:
            own = case.network.input_shape
            shape = own if own is not None and _takes(case.network.layers, own, case.index) else shape_of(low)
            yield _resized(case, shape)
    yield from _padded_first(case, lambda shape: _takes((case.layer,), shape, 0))


def _likeliest(case: _Case, shapes: Sequence[Shape]) -> Shape:
    """Of several inputs that would do, the one that the network is made for, one of a usual size, or the nearest."""
    own = case.network.input_shape
    if own is not None and own in shapes:
        return own
    usual = [(case.input_shape[0], side, side) for side in USUAL_SIDES]
    nearest = shapes[0] if shapes[0] > case.input_shape else shapes[-1]
    return next((shape for shape in usual if shape in shapes), nearest)


def _resized(case: _Case, shape: Shape) -> _Fix:
    if shape != case.network.input_shape:
        return _input(case, shape)
    given, other = format_shape(case.input_shape[1:]), format_shape(shape[1:])
    return _input(case, shape, cause=f"the input is {given} instead of the {other} that the network is made for")


def _padded_first(case: _Case, is_right: Callable[[Shape], bool]) -> _Fixes:
    """Pad the first convolution, or pad it less, so that the right shape arrives."""
    first = next((row.index for row in case.rows if isinstance(row.layer, Conv2d)), None)
    if first is None:
        return
    layer = case.network.layers[first]
    assert isinstance(layer, Conv2d)
    window = layer.window(0)
    now = max(window.padding)
    # More than the whole kernel would give windows that see nothing.
    most = min(full_padding(window.kernel_size, window.dilation), MAX_FIRST_PADDING)
    for padding in sorted(range(most + 1), key=lambda size: abs(size - now)):
        fix = _changed(case, "padding", padding, first)
        if fix is not None and (shape := _arriving(fix.layers, fix.input_shape, case.index)) and is_right(shape):
            label = f"Pad the first convolution (layer {first + 1}) by {padding}{f' instead of {now}' if now else ''}"
            yield replace(fix, label=label)
            return


# --- windows --------------------------------------------------------------------------------------------------------


def _axes(layer: WindowLayer, shape: Shape) -> list[AxisWindows]:
    windows = (layer.window(0), layer.window(1))
    return [
        AxisWindows(size, window.kernel_size, window.stride, window.padding, window.dilation, window.ceil_mode)
        for size, window in zip(shape[1:], windows, strict=True)
    ]


def _stamped(layer: ConvTranspose2d, shape: Shape) -> list[tuple[int, int]]:
    """Pixels that all stamps cover along each axis, and how many padding cuts off at both ends."""
    cuts = both(layer.padding)
    return [(layer.stamped(size, axis), cuts[axis]) for axis, size in enumerate(shape[1:])]


def _window_fact(case: _Case, layer: WindowLayer) -> str:
    axes = _axes(layer, case.shape)
    kernel = " × ".join(str(axis.kernel_size) for axis in axes)
    extent = " × ".join(str(axis.extent) for axis in axes)
    padded = " × ".join(str(axis.padded) for axis in axes)
    what = "kernel" if isinstance(layer, Conv2d) else "window"
    spread = f" that its dilation spreads over {extent}" if extent != kernel else ""
    rim = f" (padded to {padded})" if padded != format_shape(case.shape[1:]) else ""
    return f"{case.title} has a {what} of {kernel}{spread}, but {case.gives()}{rim}, too small for it"
