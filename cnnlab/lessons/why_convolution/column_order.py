"""One person in two orders of columns: what a neuron makes of either, and what training anew would change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from types import MappingProxyType

from cnnlab import lecture

Columns = tuple[str, ...]

LEARNED: Columns = lecture.COLUMN_ORDERS[0]
"""The order that the neuron was trained with."""
OTHER: Columns = lecture.COLUMN_ORDERS[1]
WEIGHTS: Sequence[int] = (1, 2, 10)
"""Of the trained neuron, place by place: numbers that are easily multiplied."""
PERSON: Mapping[str, int] = MappingProxyType({"height": 172, "age": 21, "grade": 3})
HIGHEST = 999
"""Of a number of the person."""
ORDERS: Mapping[str, Columns] = MappingProxyType(
    {"-".join(columns): columns for columns in permutations(LEARNED) if columns != LEARNED}
)
"""All others, by the word that a link holds."""


@dataclass(frozen=True)
class Sum:
    """What a neuron makes of a row.

    Args:
        columns: what stands at each place.
        numbers: of the person, place by place.
        weights: place by place.
    """

    columns: Columns
    numbers: tuple[int, ...]
    weights: tuple[int, ...]

    @property
    def products(self) -> tuple[int, ...]:
        return tuple(number * weight for number, weight in zip(self.numbers, self.weights, strict=True))

    @property
    def total(self) -> int:
        return sum(self.products)


def as_row(person: Mapping[str, int], columns: Columns, weights: Sequence[int] = WEIGHTS) -> Sum:
    """Have a neuron read a person whose columns come in an order.

    >>> as_row(PERSON, LEARNED).total, as_row(PERSON, OTHER).total  # 172 + 2*21 + 10*3, 21 + 2*172 + 10*3
    (244, 395)
    """
    return Sum(columns, tuple(person[name] for name in columns), tuple(weights))


def learned_anew(columns: Columns) -> tuple[int, ...]:
    """The weights with which the neuron answers to this order as it did to the one that it was trained with.

    >>> learned_anew(OTHER), as_row(PERSON, OTHER, learned_anew(OTHER)).total
    ((2, 1, 10), 244)
    """
    return tuple(WEIGHTS[LEARNED.index(name)] for name in columns)
