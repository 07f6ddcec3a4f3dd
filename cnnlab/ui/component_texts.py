"""Texts that a component of the browser draws: said in the session's language on their way there."""

from typing import Any

from cnnlab.texts import Message, say


def said(data: Any) -> Any:
    """Say each message in what a component is given, and leave the rest as it is.

    Args:
        data: dicts, lists and tuples of what JSON knows, and messages.

    >>> said({"rows": [Message("{size} pixels", {"size": 3})], "most": 8})
    {'rows': ['3 pixels'], 'most': 8}
    """
    if isinstance(data, Message):
        return say(data)
    if isinstance(data, dict):
        return {name: said(value) for name, value in data.items()}
    if isinstance(data, list | tuple):
        return [said(value) for value in data]
    return data


def left_open(*places: str) -> dict[str, str]:
    """Values for a template whose places the component's script fills in: each place stays as it is.

    >>> from cnnlab.texts import message
    >>> message("Move row {row} up", **left_open("row"))
    'Move row {row} up'
    """
    return {place: f"{{{place}}}" for place in places}
