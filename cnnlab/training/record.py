"""A network as text: how orders, records and files of weights carry it from one process to another."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cnnlab.errors import TrainingError, quoted
from cnnlab.layers import short_shape
from cnnlab.networks import Network, parse_network, parse_shape

MAX_NAME = 60


def record_of(network: Network) -> dict[str, str]:
    """The network's name, its text form, and the shape of a picture where it is tied to one.

    >>> from cnnlab.layers import Flatten, Linear
    >>> record_of(Network("small", (Flatten(), Linear(64, 2)), (1, 8, 8)))
    {'name': 'small', 'network': 'Flatten(), Linear(64, 2)', 'input': '1x8x8'}
    """
    shape = {} if network.input_shape is None else {"input": short_shape(network.input_shape)}
    return {"name": network.name, "network": network.to_text(), **shape}


def network_from(record: Mapping[str, Any]) -> Network:
    """Read what `record_of` wrote; `name` and `input` may be missing.

    Raises:
        TrainingError: one of them is no text.
        ParseError: the text is no network, or no shape.

    >>> network_from({"network": "Flatten(), Linear(64, 2)", "input": "1x8x8"}).input_shape
    (1, 8, 8)
    """
    for key, value in record.items():
        if not isinstance(value, str):
            raise TrainingError(
                "{setting} is {given}: give text, as Network.to_text() writes it.", setting=key, given=quoted(value)
            )
    network = parse_network(record["network"])
    shape = parse_shape(record["input"]) if "input" in record else None
    return replace(network, name=record.get("name", network.name)[:MAX_NAME], input_shape=shape)


def file_word(name: str) -> str:
    """A network's name as a part of a file's.

    >>> file_word("LeNet-5 of 1998"), file_word("???")
    ('lenet-5-of-1998', 'network')
    """
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "network"
