"""What a page says to a number that is not the right one."""

from collections.abc import Sequence

from cnnlab.shown_text import Markdown, markdown, plain
from cnnlab.texts import Message, say


def correction(mistakes: Sequence[Message], otherwise: Message) -> Markdown:
    """Tell which mistakes lead to a number, in Markdown.

    Args:
        mistakes: a sentence for each mistake that leads to it.
        otherwise: what is said where no mistake is known that does.
    """
    match mistakes:
        case []:
            return markdown("Not this number. {advice}", advice=otherwise)
        case [only]:
            return markdown("Not this number. {mistake}", mistake=only)
        case _:
            items = Markdown("\n".join(f"- {plain(say(mistake))}" for mistake in mistakes))
            return markdown("Not this number. One of these leads to it:\n{mistakes}", mistakes=items)
