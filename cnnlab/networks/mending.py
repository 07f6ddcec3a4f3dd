"""Reading a network that does not fit together: what goes through, where it ends and why, and what would mend it.

A mend is only offered once it has been tried: with it, the layer at which the network ended takes what comes. Layers
behind it may have problems of their own, which the next reading tells.
"""

from __future__ import annotations

import bisect
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
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
    Pair,
    Pool2d,
    Shape,
    Softmax,
    WindowLayer,
    format_shape,
)
from cnnlab.networks.network import LayerSummary, Network, check_input_shape
from cnnlab.networks.refusals import torch_says
from cnnlab.shapes import AxisWindows, full_padding, padding_needed

MAX_MENDS = 6
"""Ways out that are offered; more would be no help."""
MAX_NAMED = 3
"""Ways out that the sentence names; the others are only offered."""
MAX_INPUT_SIDE = 1024
"""Of an input that is looked for."""
USUAL_SIDES = (32, 28, 224, 64, 227, 96, 128, 256, 299, 512)
"""Of pictures that networks are made for; where several would do, the first of these."""


@dataclass(frozen=True)
class Mend:
    """One way out, tried: the whole network after it, and the input that it then takes."""

    label: str
    """What is done, as on a button: `Set in_features of layer 7 to 256`."""
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
    'Layer 2 (Linear) expects 400 features, but layer 1 (Flatten) gives 4 x 8 x 8 = 256'
    >>> [mend.label for mend in problem.mends][:2]
    ['Set in_features of layer 2 (Linear) to 256', 'Take an input of 1 x 14 x 14']
    """
    rows, error = network.follow(input_shape)
    if error is None:
        return Reading(tuple(rows), None)
    given = network.input_shape if input_shape is None else check_input_shape(list(input_shape))
    assert given is not None  # follow has refused that
    case = _Case(network, given, tuple(rows))
    fact, fixes = _explain(case, error)
    tried = _tried(fixes)
    mends = tuple(Mend(fix.label, _named(network, fix), fix.input_shape) for fix in tried)
    problem = Problem(case.index, case.layer, case.shape, _sentence(fact, tried), mends, fact)
    return Reading(tuple(rows), problem)


# --- a case and its ways out ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Case:
    """A network, its input, and how far it came."""

    network: Network
    input_shape: Shape
    rows: tuple[LayerSummary, ...]

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
        return _title(self.index, self.layer)

    def last(self, *types: type[Layer]) -> int | None:
        """Index of the last layer of these types that came before."""
        found = (row.index for row in reversed(self.rows) if isinstance(row.layer, types))
        return next(found, None)

    def source(self) -> LayerSummary | None:
        """The last layer that decided what arrives; None for the input."""
        return next((row for row in reversed(self.rows) if row.layer.shape_text(row.input_shape)), None)

    def gives(self, what: Callable[[Shape], str]) -> str:
        """Who gives what arrives: `layer 6 (Flatten) gives ...`."""
        row = self.source()
        if row is None:
            return f"the input is {what(self.shape)}"
        if isinstance(row.layer, Flatten) and len(row.input_shape) == 3:
            features = f"{format_shape(row.input_shape)} = {self.shape[0]:,}"
            return f"{_title(row.index, row.layer, False)} gives {features}"
        return f"{_title(row.index, row.layer, False)} gives {what(self.shape)}"


@dataclass(frozen=True)
class _Fix:
    """A way out that has not been tried yet."""

    label: str
    layers: tuple[Layer, ...]
    input_shape: Shape
    at: int
    """Index of the layer that must then take what comes."""
    cause: str = ""
    """What a sentence says in place of the label: how the input is another one than it should be."""


def _title(index: int, layer: Layer, is_first: bool = True) -> str:
    return f"{'Layer' if is_first else 'layer'} {index} ({layer.name})"


def _named(network: Network, fix: _Fix) -> Network:
    return replace(network, layers=fix.layers, input_shape=fix.input_shape)


def _tried(fixes: Iterable[_Fix | None]) -> list[_Fix]:
    """Those that mend, each once."""
    found: dict[tuple[tuple[Layer, ...], Shape], _Fix] = {}
    for fix in fixes:
        if fix is None or not fix.layers or (key := (fix.layers, fix.input_shape)) in found:
            continue
        rows, error = Network("tried", *key).follow()
        if error is None or len(rows) > fix.at:
            found[key] = fix
        if len(found) == MAX_MENDS:
            break
    return list(found.values())


def _sentence(fact: str, fixes: Sequence[_Fix]) -> str:
    """Put what is wrong and the first ways out into one sentence."""
    cause = next((fix.cause for fix in fixes if fix.cause), "")
    ways = [fix.label[0].lower() + fix.label[1:] for fix in fixes if not fix.cause][:MAX_NAMED]
    parts = [cause] if cause else []
    parts += [", or ".join(ways)] if ways else []
    return f"{fact}: {'; '.join(parts)}" if parts else fact


def _explain(case: _Case, error: ShapeError) -> tuple[str, Iterator[_Fix | None]]:
    """Say what is wrong, and think of ways out."""
    layer, shape = case.layer, case.shape
    is_map = len(shape) == 3
    match layer:
        case Linear() if is_map:
            fact = f"{case.title} expects a row of {counted(layer.in_features, 'feature')}, but {case.gives(_map)}"
            return fact, _rows_for_linear(case, layer)
        case Linear():
            expects = counted(layer.in_features, "feature")
            return f"{case.title} expects {expects}, but {case.gives(_row)}", _features_for_linear(case, layer)
        case BatchNorm1d() if is_map:
            return f"{case.title} expects a row of features, but {case.gives(_map)}", _other_norm(case, layer)
        case BatchNorm1d():
            expects = counted(layer.num_features, "feature")
            return f"{case.title} expects {expects}, but {case.gives(_row)}", _features_for_norm(case, layer)
        case Softmax():
            fact = f"{case.title} has dim={layer.dim}, but there are only {len(shape) + 1} axes, the batch included"
            return fact, iter([_changed(case, "dim", 1)])
        case WindowLayer() | ConvTranspose2d() | AdaptiveAvgPool2d() | BatchNorm2d() | Dropout2d() if not is_map:
            fact = f"{case.title} expects a map (channels, height, width), but {case.gives(_row)}"
            return fact, _maps_for(case)
        case Conv2d() | ConvTranspose2d() if shape[0] != layer.in_channels:
            expects = counted(layer.in_channels, "channel")
            return f"{case.title} expects {expects}, but {case.gives(_map)}", _channels_for(case, layer)
        case BatchNorm2d() if shape[0] != layer.num_features:
            expects = counted(layer.num_features, "channel")
            return f"{case.title} expects {expects}, but {case.gives(_map)}", _channels_for_norm(case, layer)
        case WindowLayer() if not all(axis.count for axis in _axes(layer, shape)):
            return _window_fact(case, layer), _windows_for(case, layer)
        case _:
            return f"{case.title} cannot take what comes, {format_shape(shape)}: {error}", _others(case)


def _map(shape: Shape) -> str:
    return f"a map of {format_shape(shape)}"


def _row(shape: Shape) -> str:
    return counted(shape[0], "feature")


# --- changes of a network -------------------------------------------------------------------------------------------


def _with(case: _Case, changes: dict[int, Layer]) -> tuple[Layer, ...]:
    return tuple(changes.get(index, layer) for index, layer in enumerate(case.network.layers))


def _changed(case: _Case, name: str, value: Any, index: int | None = None, **others: Any) -> _Fix | None:
    """Set one argument of a layer (of the one that is in trouble if none is named), and others along with it."""
    at = case.index if index is None else index
    layer = case.network.layers[at]
    try:
        layer = replace(layer, **{name: value}, **others)
    except ShapeError:
        return None
    label = f"Set {name} of layer {at} ({layer.name}) to {value!r}"
    label += "".join(f" and {other} to {setting!r}" for other, setting in others.items())
    return _Fix(label, _with(case, {at: layer}), case.input_shape, case.index)


def _replaced(case: _Case, layer: Layer) -> _Fix:
    return _Fix(f"Make layer {case.index} a {layer}", _with(case, {case.index: layer}), case.input_shape, case.index)


def _before(case: _Case, index: int, *added: Layer, label: str = "", **settings: Any) -> _Fix:
    """Put layers in front of one, and set arguments of the layer that is in trouble."""
    layers = list(case.network.layers)
    layers[case.index] = replace(case.layer, **settings)
    layers[index:index] = added
    names = " and ".join(map(str, added))
    label = label or f"Put {names} before layer {index} ({case.network.layers[index].name})"
    return _Fix(label, tuple(layers), case.input_shape, case.index + len(added))


def _without(case: _Case, index: int) -> _Fix:
    """Leave one layer out."""
    layers = case.network.layers
    label = f"Leave out layer {index} ({layers[index].name})"
    return _Fix(label, (*layers[:index], *layers[index + 1 :]), case.input_shape, case.index - 1)


def _moved(case: _Case, index: int) -> _Fix:
    """Put the layer that is in trouble in front of another one."""
    layers = list(case.network.layers)
    layers.insert(index, layers.pop(case.index))
    label = f"Put layer {case.index} ({case.layer.name}) before layer {index} ({case.network.layers[index].name})"
    return _Fix(label, tuple(layers), case.input_shape, case.index)


def _input(case: _Case, shape: Shape, why: str = "", cause: str = "") -> _Fix:
    label = f"Take an input of {format_shape(shape)}{why}"
    return _Fix(label, case.network.layers, shape, case.index, cause)


def _channels(case: _Case, channels: int) -> Iterator[_Fix]:
    """Let as many channels arrive: from the layer that makes them, or from the input."""
    maker = case.last(Conv2d, ConvTranspose2d)
    if maker is not None:
        layer = case.network.layers[maker]
        assert isinstance(layer, Conv2d | ConvTranspose2d)
        changes: dict[int, Layer] = {
            row.index: replace(row.layer, num_features=channels)
            for row in case.rows[maker:]
            if isinstance(row.layer, BatchNorm2d)
        }
        try:
            changes[maker] = replace(layer, out_channels=channels)
        except ShapeError:
            return
        label = f"Set out_channels of layer {maker} ({layer.name}) to {channels}"
        yield _Fix(label, _with(case, changes), case.input_shape, case.index)
    elif len(case.input_shape) == 3:
        given, height, width = case.input_shape
        if width == channels != given:
            yield _input(case, (width, given, height), ", the channels first")
        yield _input(case, (channels, height, width))


# --- ways out, problem by problem -----------------------------------------------------------------------------------


def _rows_for_linear(case: _Case, layer: Linear) -> Iterator[_Fix | None]:
    features = math.prod(case.shape)
    if features == layer.in_features:
        yield _before(case, case.index, Flatten())
        return
    label = f"Put Flatten() before layer {case.index} (Linear) and set its in_features to {features}"
    yield _before(case, case.index, Flatten(), label=label, in_features=features)
    if (pool := _averaging(case.shape[0], layer.in_features)) is not None:
        yield _before(case, case.index, pool, Flatten())
    flattened = replace(case, network=replace(case.network, layers=_before(case, case.index, Flatten()).layers))
    for fix in _sizes_for(flattened, layer.in_features):
        label = f"Put Flatten() before layer {case.index} (Linear), and {fix.label[0].lower()}{fix.label[1:]}"
        yield replace(fix, label=label, at=case.index + 1, cause="")


def _features_for_linear(case: _Case, layer: Linear) -> Iterator[_Fix | None]:
    wanted = layer.in_features
    yield _changed(case, "in_features", case.shape[0])
    source = case.source()
    if source is None:
        yield _input(case, (wanted,))
    elif isinstance(source.layer, Linear):
        yield _changed(case, "out_features", wanted, source.index)
    elif isinstance(source.layer, Flatten):
        yield from _sizes_for(case, wanted)
        channels, height, width = source.input_shape if len(source.input_shape) == 3 else (wanted, 1, 1)
        if len(case.input_shape) == 3 and case.last(Conv2d, ConvTranspose2d, WindowLayer, AdaptiveAvgPool2d) is None:
            # Nothing but the input decides: perhaps a grey picture was meant.
            for count in (1, 3):
                side = math.isqrt(wanted // count)
                if count * side * side == wanted:
                    yield _input(case, (count, side, side))
        if wanted % (height * width) == 0:
            yield from _channels(case, wanted // (height * width))
        if (pool := _averaging(channels, wanted)) is not None:
            yield _before(case, source.index, pool)


def _averaging(channels: int, features: int) -> Layer | None:
    """A pooling to a square with which these channels give that many features."""
    side = math.isqrt(features // channels)
    return AdaptiveAvgPool2d(side) if side and channels * side * side == features else None


def _features_for_norm(case: _Case, layer: BatchNorm1d) -> Iterator[_Fix | None]:
    yield _changed(case, "num_features", case.shape[0])
    source = case.source()
    if source is not None and isinstance(source.layer, Linear):
        yield _changed(case, "out_features", layer.num_features, source.index)


def _other_norm(case: _Case, layer: BatchNorm1d) -> Iterator[_Fix | None]:
    yield _replaced(case, BatchNorm2d(case.shape[0], layer.eps, layer.momentum, layer.affine))
    features = math.prod(case.shape)
    if features == layer.num_features:
        yield _before(case, case.index, Flatten())


def _maps_for(case: _Case) -> Iterator[_Fix | None]:
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
        channels = [layer.in_channels] if isinstance(layer, Conv2d | ConvTranspose2d) else [1, 3]
        for count in channels:
            side = math.isqrt(case.input_shape[0] // count)
            if side and count * side * side == case.input_shape[0]:
                yield _input(case, (count, side, side))
    yield _without(case, case.index)


def _channels_for(case: _Case, layer: Conv2d | ConvTranspose2d) -> Iterator[_Fix | None]:
    given = case.shape[0]
    yield _changed(case, "in_channels", given)
    if layer.groups > 1:
        # A depthwise convolution stays one; others take a number of groups that divides both.
        if layer.groups == layer.in_channels and layer.out_channels % layer.in_channels == 0:
            kernels = given * (layer.out_channels // layer.in_channels)
            yield _changed(case, "in_channels", given, groups=given, out_channels=kernels)
        groups = math.gcd(given, layer.out_channels, layer.groups)
        yield _changed(case, "in_channels", given, groups=groups)
    yield from _channels(case, layer.in_channels)


def _channels_for_norm(case: _Case, layer: BatchNorm2d) -> Iterator[_Fix | None]:
    yield _changed(case, "num_features", case.shape[0])
    yield from _channels(case, layer.num_features)


def _windows_for(case: _Case, layer: WindowLayer) -> Iterator[_Fix | None]:
    yield from _sizes_that_fit(case)
    axes = _axes(layer, case.shape)
    yield _changed(case, "padding", _pair(max(axis.padding[0], padding_needed(axis)) for axis in axes))
    # What one window may span, and the most cells that it then can have.
    room = [axis.padded + (axis.stride - 1 if axis.ceil else 0) for axis in axes]
    cells = [min(axis.kernel_size, (span - 1) // axis.dilation + 1) for axis, span in zip(axes, room, strict=True)]
    is_square = axes[0].kernel_size == axes[1].kernel_size
    yield _changed(case, "kernel_size", min(cells) if is_square else _pair(cells))
    if any(axis.dilation > 1 for axis in axes):
        gaps = [
            min(axis.dilation, (span - 1) // max(1, axis.kernel_size - 1))
            for axis, span in zip(axes, room, strict=True)
        ]
        yield _changed(case, "dilation", _pair(gaps))
    yield from _fewer_poolings(case)


def _fewer_poolings(case: _Case) -> Iterator[_Fix | None]:
    if isinstance(case.layer, Pool2d):
        yield _changed(case, "ceil_mode", True)
        yield _without(case, case.index)
    pool = case.last(Pool2d)
    if pool is not None:
        yield _without(case, pool)


def _others(case: _Case) -> Iterator[_Fix | None]:
    layer = case.layer
    if isinstance(layer, Conv2d | ConvTranspose2d) and len(case.shape) == 3:
        if isinstance(layer, Conv2d):
            yield _changed(case, "padding_mode", "zeros")
        for padding in range(max(case.shape[1:]), -1, -1):
            # The largest padding that works.
            fix = _changed(case, "padding", padding)
            if fix is not None and _takes(fix.layers, fix.input_shape, fix.at):
                yield fix
                break
        yield from _sizes_that_fit(case)
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


def _sizes_for(case: _Case, wanted: int) -> Iterator[_Fix]:
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
            yield _resized(case, _likeliest(case, shapes), f"would give {wanted:,}")
    yield from _padded_first(case, lambda shape: math.prod(shape) == wanted)


def _sizes_that_fit(case: _Case) -> Iterator[_Fix]:
    """Let the layer take what comes by a larger input, or by more padding of the first convolution."""
    scaled = _scaled(case)
    if scaled is not None:
        shape_of, most = scaled
        low = _least(1, most, lambda scale: _takes(case.network.layers, shape_of(scale), case.index))
        if low is not None:
            own = case.network.input_shape
            shape = own if own is not None and _takes(case.network.layers, own, case.index) else shape_of(low)
            yield _resized(case, shape, "would do")
    yield from _padded_first(case, lambda shape: _takes((case.layer,), shape, 0))


def _likeliest(case: _Case, shapes: Sequence[Shape]) -> Shape:
    """Of several inputs that would do, the one that the network is made for, one of a usual size, or the nearest."""
    own = case.network.input_shape
    if own is not None and own in shapes:
        return own
    usual = [(case.input_shape[0], side, side) for side in USUAL_SIDES]
    nearest = shapes[0] if shapes[0] > case.input_shape else shapes[-1]
    return next((shape for shape in usual if shape in shapes), nearest)


def _resized(case: _Case, shape: Shape, effect: str) -> _Fix:
    given, other = format_shape(case.input_shape[1:]), format_shape(shape[1:])
    if shape == case.network.input_shape:
        return _input(case, shape, cause=f"the input is {given} instead of the {other} that the network is made for")
    return _input(case, shape, cause=f"an input of {other} instead of {given} {effect}")


def _padded_first(case: _Case, is_right: Callable[[Shape], bool]) -> Iterator[_Fix]:
    """Pad the first convolution, or pad it less, so that the right shape arrives."""
    first = next((row.index for row in case.rows if isinstance(row.layer, Conv2d)), None)
    if first is None:
        return
    layer = case.network.layers[first]
    assert isinstance(layer, Conv2d)
    window = layer.window(0)
    now = max(window.padding)
    # More than the whole kernel would give windows that see nothing.
    for padding in sorted(
        range(full_padding(window.kernel_size, window.dilation) + 1), key=lambda size: abs(size - now)
    ):
        fix = _changed(case, "padding", padding, first)
        if fix is not None and (shape := _arriving(fix.layers, fix.input_shape, case.index)) and is_right(shape):
            yield replace(fix, label=f"Pad layer {first} (Conv2d) by {padding}")
            return


# --- windows --------------------------------------------------------------------------------------------------------


def _axes(layer: WindowLayer, shape: Shape) -> list[AxisWindows]:
    windows = (layer.window(0), layer.window(1))
    return [
        AxisWindows(size, window.kernel_size, window.stride, window.padding, window.dilation, window.ceil_mode)
        for size, window in zip(shape[1:], windows, strict=True)
    ]


def _window_fact(case: _Case, layer: WindowLayer) -> str:
    axes = _axes(layer, case.shape)
    kernel = " x ".join(str(axis.kernel_size) for axis in axes)
    extent = " x ".join(str(axis.extent) for axis in axes)
    spread = f" ({extent} with its dilation)" if extent != kernel else ""
    padded = " x ".join(str(axis.padded) for axis in axes)
    what = "kernel" if isinstance(layer, Conv2d) else "window"
    rim = f", with padding {padded}" if padded != format_shape(case.shape[1:]) else ""
    return f"{case.title} has a {what} of {kernel}{spread}, which does not fit: {case.gives(_map)}{rim}"


def _pair(sizes: Iterable[int]) -> Pair:
    height, width = sizes
    return height if height == width else (height, width)
