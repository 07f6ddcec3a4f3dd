"""What a page can be opened on: one type for the examples of every lesson."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from cnnlab.texts import Message

Settings = TypeVar("Settings", covariant=True)


@dataclass(frozen=True)
class Preset(Generic[Settings]):
    """An example that a name stands for.

    Args:
        title: how the menu calls it.
        note: a sentence or two on what there is to see.
        settings: what the page shows then, as the lesson has it.
    """

    title: Message
    note: Message
    settings: Settings
