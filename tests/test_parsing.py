"""What is pasted becomes the network that PyTorch would make of it, or is named with its line; nothing is executed."""

import contextlib
import random

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch import nn

from cnnlab.errors import ParseError, ShapeError
from cnnlab.layers import Shape
from cnnlab.networks import Network, lenet5, parse_network, read_code
from tests.drawn_layers import networks

pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")

SETTINGS = settings(deadline=None, max_examples=200)
FORMS = pytest.mark.parametrize("form", ["sequential", "module"])


@FORMS
@given(drawn=networks(), commented=st.booleans())
@SETTINGS
def test_code_that_is_written_is_read_again(drawn: tuple[Network, Shape], commented: bool, form) -> None:
    network, shape = drawn
    read = read_code(network.to_code(shape if commented else None, form))
    assert read.network.layers == network.layers
    assert read.remarks == ()


@given(networks())
@SETTINGS
def test_text_that_is_written_is_read_again(drawn: tuple[Network, Shape]) -> None:
    network, _ = drawn
    assume(network.layers)
    assert parse_network(network.to_text()).layers == network.layers
    assert parse_network(network.to_text().replace(" ", "")).layers == network.layers


@given(networks())
@SETTINGS
def test_a_class_that_is_written_computes_what_the_network_computes(drawn: tuple[Network, Shape]) -> None:
    network, shape = drawn
    made: dict[str, nn.Module] = {}
    exec(network.to_code(shape, "module"), made)
    twin = network.to_torch().eval()
    model = made["model"].eval()
    weights = twin.state_dict().values()
    assert [value.shape for value in weights] == [value.shape for value in model.state_dict().values()]
    model.load_state_dict(dict(zip(model.state_dict(), weights, strict=True)))
    x = torch.rand(1, *shape)
    torch.testing.assert_close(model(x), twin(x), equal_nan=True)


def test_an_unknown_form_of_code_is_refused_in_words() -> None:
    with pytest.raises(ShapeError, match=r"there is no form 'keras' of code: use 'sequential' or 'module'"):
        lenet5().to_code(form="keras")  # pyright: ignore[reportArgumentType]


SCRIPTS = [lenet5().to_code(), lenet5().to_code(form="module"), lenet5().to_text()]
PARTS = [
    "(",
    ")",
    ",",
    "=",
    ":",
    "\n",
    "    ",
    "*",
    "**",
    "x",
    "self.",
    "nn.",
    "F.relu(",
    "-1",
    "10**9",
    "[",
    "]",
    "'",
    '"',
]
PARTS += [
    "for i in x:\n",
    "return",
    "lambda: 0",
    "#",
    "```",
    ">>> ",
    "\0",
    "\ud800",
    "é",
    "class A:\n",
    "def f(a=f()):",
    "yield ",
]
PARTS += [
    "x.view(-1, 400)",
    "super().__init__()",
    "@",
    "import os\n",
    "{**a}",
    "*a",
    "a if b else c",
    "x.size(0)",
    "True",
    "1j",
]


@given(st.one_of(st.text(), st.lists(st.sampled_from(PARTS), max_size=40).map("".join)))
@settings(deadline=None, max_examples=500)
def test_any_text_is_a_network_or_a_sentence(text: str) -> None:
    _read_or_refuse(text)


@given(st.sampled_from(SCRIPTS), st.integers(1, 4), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=1000)
def test_damaged_code_is_a_network_or_a_sentence(text: str, times: int, chance: random.Random) -> None:
    for _ in range(times):
        start = chance.randrange(len(text))
        end = start + chance.choice([0, 0, 1, 1, 5, 40])
        moved = chance.randrange(len(text))
        put = chance.choice(["", chance.choice(PARTS), text[moved : moved + 20]])
        text = text[:start] + put + text[end:] or " "
    _read_or_refuse(text)


def _read_or_refuse(text: str) -> None:
    with contextlib.suppress(ParseError):
        assert isinstance(parse_network(text), Network)
