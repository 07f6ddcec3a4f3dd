"""The line that a sum ends in: numbers stand where the language puts them."""

import gettext
from collections.abc import Iterator

import pytest

from cnnlab.texts import ENGLISH, speak, unfilled
from cnnlab.ui.components.grid_lab.tail import tail

LINE = unfilled("The largest is {largest}")


class NumberFirst(gettext.NullTranslations):
    def gettext(self, message: str) -> str:
        return {LINE.template: "{largest} is the largest"}[message]


@pytest.fixture
def _number_first() -> Iterator[None]:
    speak(NumberFirst)
    yield
    speak(lambda: ENGLISH)


def test_words_and_numbers_are_taken_apart() -> None:
    assert tail(LINE, largest=("result", 6)) == [("text", "The largest is"), ("result", 6)]
    sum_ = unfilled("Sum {sum} ÷ {divisor} = {average}", divisor=4)
    assert tail(sum_, sum=("chip", 14), average=("result", 3.5)) == [
        ("text", "Sum"),
        ("chip", 14),
        ("text", "÷ 4 ="),
        ("result", 3.5),
    ]


@pytest.mark.usefixtures("_number_first")
def test_the_number_stands_where_the_language_puts_it() -> None:
    assert tail(LINE, largest=("result", 6)) == [("result", 6), ("text", "is the largest")]


def test_a_number_that_is_hidden_is_a_text() -> None:
    assert tail(LINE, largest=("text", "?")) == [("text", "The largest is"), ("text", "?")]
