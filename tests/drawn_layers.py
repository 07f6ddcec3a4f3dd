"""Layers and networks drawn at random by hypothesis, of all types that the registry knows."""

import math

from hypothesis import assume
from hypothesis import strategies as st

from cnnlab.errors import ShapeError
from cnnlab.layers import LAYER_TYPES, Between, Layer, OneOf, Rule, Shape
from cnnlab.networks import Network

FITTED = {"in_channels": 0, "num_features": 0, "in_features": 0}
"""Fields that must agree with the shape that comes in: with its first size, be it channels or features."""

MOST_NUMBERS = 20_000
"""Of a map; transposed convolutions would soon make millions."""

EACH_TYPE = st.sampled_from(list(LAYER_TYPES.values()))


def values(rule: Rule) -> st.SearchStrategy[object]:
    """Draw what a field accepts, small enough for a map of a few pixels."""
    if isinstance(rule, OneOf):
        return st.sampled_from(rule.words)
    if not isinstance(rule, Between):
        return st.booleans()
    low, high = rule.low, rule.high
    numbers = st.integers(int(low), int(min(low + 3, high))) if rule.whole else st.floats(low, high)
    kinds: list[st.SearchStrategy[object]] = [numbers]
    kinds += [st.tuples(numbers, numbers)] if rule.pair else []
    kinds += [st.sampled_from(rule.words)] if rule.words else []
    kinds += [st.none()] if rule.optional else []
    return st.one_of(kinds)


@st.composite
def layers(draw: st.DrawFn, layer_type: type[Layer], input_shape: Shape | None = None) -> Layer:
    """Draw a layer of this type whose settings go together; its channels or features are those of `input_shape`."""
    settings = {name: draw(values(rule)) for name, rule in layer_type.rules().items()}
    if input_shape is not None:
        settings |= {name: input_shape[axis] for name, axis in FITTED.items() if name in settings}
    try:
        return layer_type(**settings)
    except ShapeError:
        assume(False)
        raise


@st.composite
def input_shapes(draw: st.DrawFn, layer_type: type[Layer] | None = None, largest: int = 12) -> Shape:
    """Draw the shape of a small map, or of a row of features for a layer that takes rows."""
    if layer_type is not None and "in_features" in layer_type.rules():
        return (draw(st.integers(1, largest)),)
    sizes = st.integers(1, largest)
    return (draw(st.integers(1, 4)), draw(sizes), draw(sizes))


@st.composite
def networks(draw: st.DrawFn) -> tuple[Network, Shape]:
    """Draw a network of up to eight layers, and an input that it takes."""
    input_shape = shape = draw(input_shapes(largest=20))
    chosen: list[Layer] = []
    for layer_type in draw(st.lists(EACH_TYPE, max_size=8)):
        layer = draw(layers(layer_type, shape))
        try:
            after = layer.output_shape(shape)
        except ShapeError:
            continue
        if math.prod(after) > MOST_NUMBERS:
            continue
        chosen.append(layer)
        shape = after
    return Network("drawn", tuple(chosen)), input_shape


@st.composite
def doubtful_networks(draw: st.DrawFn) -> tuple[Network, Shape]:
    """Draw a network that may not fit together, nor take the input that comes with it."""
    input_shape = shape = draw(st.one_of(input_shapes(largest=20), st.tuples(st.integers(1, 50))))
    chosen: list[Layer] = []
    for layer_type in draw(st.lists(EACH_TYPE, min_size=1, max_size=8)):
        layer = draw(layers(layer_type, shape if shape and draw(st.integers(0, 3)) else None))
        chosen.append(layer)
        try:
            shape = layer.output_shape(shape) if shape else ()
        except ShapeError:
            shape = ()
        if shape and math.prod(shape) > MOST_NUMBERS:
            chosen.pop()
            break
    return Network("doubtful", tuple(chosen)), input_shape
