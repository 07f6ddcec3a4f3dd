"""Exceptions raised by cnnlab.

    CnnlabError (a ValueError)
    ├── ShapeError      sizes, strides and windows that do not go together
    ├── ParseError      text from a learner, a link or a file that cannot be read
    ├── DataError       a data set or picture that is missing, damaged or of another kind
    └── TrainingError   settings that cannot be trained, or a run that went wrong

Every message is a sentence that a learner reads: it names the value and the way out.
"""

LONGEST_QUOTE = 80
"""Characters of what is quoted that a sentence has room for."""


class CnnlabError(ValueError):
    """The parent of every error that cnnlab raises on purpose."""


class ShapeError(CnnlabError):
    """Sizes, strides, windows or shapes that do not go together."""


class ParseError(CnnlabError):
    """Text that cannot be read as what it should be: a number, a matrix, a setting."""


class DataError(CnnlabError):
    """A data set or a picture that is missing, damaged, too large or of another kind."""


class TrainingError(CnnlabError):
    """Settings that cannot be trained, or a run that went wrong."""


def quoted(value: object) -> str:
    """Write a refused value as Python would, for a sentence: on one line, and cut off where it is long.

    >>> quoted("2"), quoted([0] * 1000)[:12], len(quoted([0] * 1000))
    ("'2'", '[0, 0, 0, 0,', 80)
    """
    try:
        text = " ".join(line.strip() for line in repr(value).splitlines())
    except Exception:  # noqa: BLE001, Python refuses to write out whole numbers of thousands of digits, to begin with
        return f"one {type(value).__name__} that cannot be written out"
    return _cut(text)


def reason(error: Exception) -> str:
    """Write what a library's error says, for a sentence: on one line, and cut off where it is long.

    >>> reason(ValueError("not a\\n picture")), reason(MemoryError())
    ('not a picture', 'MemoryError')
    """
    text = " ".join(str(error).split()) or type(error).__name__
    return _cut(text)


def as_sentence(text: object) -> str:
    """Write a message, which begins small where it may stand inside another, as a sentence of its own.

    >>> as_sentence("the batch size is 0: give a whole number")
    'The batch size is 0: give a whole number.'
    """
    said = str(text)
    ended = said if said.endswith((".", "!", "?")) else f"{said}."
    return ended[:1].upper() + ended[1:]


def counted(number: int, noun: str) -> str:
    """Write how many there are of something whose plural takes an s.

    >>> counted(1, "pixel"), counted(2, "pixel")
    ('1 pixel', '2 pixels')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1] + "…"
