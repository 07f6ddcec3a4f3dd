"""Settings that a layer refuses come with changes of one setting each, after which it takes them."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnlab.errors import ShapeError
from cnnlab.layers import LAYER_TYPES, AvgPool2d, Conv2d, ConvTranspose2d, Dropout, Flatten, Layer, MaxPool2d
from cnnlab.networks.settings import suggest_settings
from tests.drawn_layers import values


@pytest.mark.parametrize("layer_type", LAYER_TYPES.values(), ids=LAYER_TYPES)
@given(data=st.data())
@settings(deadline=None, max_examples=150)
def test_what_is_refused_can_be_corrected(layer_type: type[Layer], data: st.DataObject) -> None:
    given_ = {name: data.draw(values(rule)) for name, rule in layer_type.rules().items()}
    suggestions = suggest_settings(layer_type, given_)
    try:
        layer_type(**given_)
    except ShapeError:
        assert all(sum(getattr(way.layer, name) != given_[name] for name in given_) >= 1 for way in suggestions)
        assert len({way.label for way in suggestions}) == len({way.layer for way in suggestions}) == len(suggestions)
    else:
        assert suggestions == ()


junk = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=3), st.lists(st.integers()))


@pytest.mark.parametrize("layer_type", LAYER_TYPES.values(), ids=LAYER_TYPES)
@given(data=st.data())
@settings(deadline=None, max_examples=100)
def test_no_settings_whatever_raise_an_error(layer_type: type[Layer], data: st.DataObject) -> None:
    names = st.sampled_from([*layer_type.rules(), "unknown"])
    for way in suggest_settings(layer_type, data.draw(st.dictionaries(names, junk))):
        assert isinstance(way.layer, layer_type)


@pytest.mark.parametrize(
    ("layer_type", "given_", "labels"),
    [
        (Conv2d, {"groups": 4}, ["Set groups to 2", "Set in_channels to 8"]),
        (Conv2d, {"groups": 5}, ["Set groups to 2"]),
        (Conv2d, {"stride": 2, "padding": "same"}, ["Set stride to 1", "Set padding to 2"]),
        (Conv2d, {"stride": 2, "padding": "same", "dilation": (1, 3)}, ["Set stride to 1", "Set padding to (2, 6)"]),
        (Conv2d, {"padding": -1}, ["Set padding to 0"]),
        (Conv2d, {"stride": 0}, ["Set stride to 1"]),
        (Conv2d, {"kernel_size": 1000}, ["Set kernel_size to 512"]),
        (Conv2d, {"padding_mode": "mirror"}, ["Set padding_mode to 'zeros'"]),
        (Conv2d, {"stride": 0, "padding": -1}, []),
        (Conv2d, {"kernel_size": "five"}, []),
        (Conv2d, {}, []),
        (ConvTranspose2d, {"stride": 2, "output_padding": 2}, ["Set output_padding to 1", "Set stride to 3"]),
        (MaxPool2d, {"kernel_size": 3, "padding": 2}, ["Set padding to 1", "Set kernel_size to 4"]),
        (AvgPool2d, {"kernel_size": (4, 2), "padding": 2}, ["Set padding to (2, 1)", "Set kernel_size to 4"]),
        (Dropout, {"p": 1.5}, ["Set p to 1", "Set p to 0.5"]),
        (Flatten, {"start_dim": 0}, ["Set start_dim to 1"]),
    ],
)
def test_the_likeliest_change_comes_first(layer_type: type[Layer], given_: dict[str, Any], labels: list[str]) -> None:
    common = {"in_channels": 6, "out_channels": 16, "kernel_size": 5}
    complete = {name: value for name, value in common.items() if name in layer_type.rules()} | given_
    assert [way.label for way in suggest_settings(layer_type, complete)] == labels
