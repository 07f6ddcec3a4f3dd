"""Which numbers of a network's rows must not be shown, so that those that are asked for cannot be read off."""

import math
from collections.abc import Sequence, Set
from dataclasses import dataclass

from cnnlab.lessons.network.texts import Question
from cnnlab.networks import LayerSummary


@dataclass(frozen=True)
class Cover:
    """What of one row is covered.

    Args:
        shape: the shape that comes out.
        input: the shape that comes in, which is what comes out of the row before.
        params: the number of parameters.
        arguments: of the layer, those that would tell the shape that comes in.
    """

    shape: bool = False
    input: bool = False
    params: bool = False
    arguments: tuple[str, ...] = ()

    @property
    def costs(self) -> bool:
        """Whether multiplications and memory are covered: they have the covered numbers as factors."""
        return self.shape or self.params or bool(self.arguments)

    @property
    def formula(self) -> bool:
        """Whether the formula of the shape is covered."""
        return self.shape or self.input


def covers(rows: Sequence[LayerSummary], hidden: Set[Question]) -> tuple[Cover, ...]:
    """Tell for each row what is covered while these questions are open.

    A layer that only passes numbers on (a ReLU, a Flatten) would tell what comes into it, so that its own shape is
    covered with that of the row before; and so would the argument of a linear layer, which must agree.

    >>> from cnnlab.networks import lenet5
    >>> found = covers(lenet5().summary(), frozenset({("shape", 5)}))  # the pooling before the last convolution
    >>> [index for index, cover in enumerate(found) if cover.shape]
    [5]
    """
    found: list[Cover] = []
    before = False
    for row in rows:
        shape = ("shape", row.index) in hidden or (before and passes_on(row))
        tells_input = before and len(row.input_shape) == 1
        argument = row.layer.input_setting() if tells_input else None
        arguments = () if argument is None else (argument,)
        params = ("params", row.index) in hidden or bool(arguments)
        found.append(Cover(shape, before, params, arguments))
        before = shape
    return tuple(found)


def passes_on(row: LayerSummary) -> bool:
    """Whether as many numbers come out as came in, each by itself: then one shape tells the other."""
    return row.macs == 0 and math.prod(row.input_shape) == math.prod(row.output_shape)


def askable(rows: Sequence[LayerSummary], kind: str) -> frozenset[Question]:
    """The questions of one kind that have something to ask: shapes that change, parameters where there are any.

    >>> from cnnlab.networks import lenet5
    >>> sorted(index for _, index in askable(lenet5().summary(), "params"))
    [0, 3, 6, 9, 11]
    """
    if kind == "params":
        return frozenset({("params", row.index) for row in rows if row.num_params})
    return frozenset({("shape", row.index) for row in rows if row.input_shape != row.output_shape})
