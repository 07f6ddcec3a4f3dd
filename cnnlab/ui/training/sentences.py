"""Messages as the page says them."""


def as_sentence(text: str) -> str:
    """A message of the core or the trainer, which begins small where it may stand inside another.

    >>> as_sentence("the batch size is 0: give a whole number")
    'The batch size is 0: give a whole number.'
    """
    ended = text if text.endswith((".", "!", "?")) else f"{text}."
    return ended[:1].upper() + ended[1:]
