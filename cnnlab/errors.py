"""Exceptions raised by cnnlab.

    CnnlabError (a ValueError)
    ├── ShapeError      sizes, strides and windows that do not go together
    ├── ParseError      text from a learner, a link or a file that cannot be read
    ├── DataError       a data set or picture that is missing, damaged or of another kind
    └── TrainingError   settings that cannot be trained, or a run that went wrong

Every message is a sentence that a learner reads: it names the value and the way out.
"""

import errno
from typing import LiteralString

from cnnlab.texts import Message

LONGEST_QUOTE = 80
"""Characters of what is quoted that a sentence has room for."""

_CLOSING = ("'", '"', "]", ")", "}", ">")

# PyTorch's allocator, the system's, and the dynamic linker's.
_WORDS_FOR_NO_MEMORY = ("allocate memory", "failed to map segment", "cannot map zero-fill pages")


class CnnlabError(ValueError):
    """The parent of every error that cnnlab raises on purpose. `str(error)` is the English.

    Args:
        text: a template, or a message that stands already.
        values: what stands in the template's places. Without any, a text with braces in it is said as it is.

    >>> str(ShapeError("The stride is {stride}: give a whole number.", stride=0))
    'The stride is 0: give a whole number.'
    """

    def __init__(self, text: LiteralString | Message, /, **values: object) -> None:
        self.message = text if isinstance(text, Message) else Message(text, values)
        super().__init__(self.message)


class ShapeError(CnnlabError):
    """Sizes, strides, windows or shapes that do not go together."""


class ParseError(CnnlabError):
    """Text that cannot be read as what it should be: a number, a matrix, a setting."""


class DataError(CnnlabError):
    """A data set or a picture that is missing, damaged, too large or of another kind."""


class TrainingError(CnnlabError):
    """Settings that cannot be trained, or a run that went wrong."""


def quoted(value: object) -> str:
    """Write a refused value as Python would, for a sentence: on one line, and cut off in its quotes where it is long.

    Of what Python refuses to write out only the type is named: `int(…)`.

    >>> quoted("2"), quoted("2" * 1000)[-3:], quoted([0] * 1000)[:12], len(quoted([0] * 1000))
    ("'2'", "2…'", '[0, 0, 0, 0,', 80)
    """
    try:
        text = " ".join(line.strip() for line in repr(value).splitlines())
    except Exception:  # noqa: BLE001, Python refuses to write out whole numbers of thousands of digits, to begin with
        return f"{type(value).__name__}(…)"
    return shortened(text, text[-1] if text.endswith(_CLOSING) else "")


def reason(error: Exception) -> str:
    """Write what a library's error says, for a sentence: on one line, and cut off where it is long.

    >>> reason(ValueError("not a\\n picture")), reason(MemoryError())
    ('not a picture', 'MemoryError')
    """
    text = " ".join(str(error).split()) or type(error).__name__
    return shortened(text)


def is_out_of_memory(error: BaseException) -> bool:
    """Whether Python, a library that is loaded, or PyTorch in its own ways, found no memory.

    >>> is_out_of_memory(ImportError("libtorch_cpu.so: failed to map segment from shared object"))
    True
    >>> is_out_of_memory(ImportError("No module named 'torch'"))
    False
    """
    told_by = isinstance(error, RuntimeError | ImportError | OSError)
    found = (
        isinstance(error, MemoryError)
        or type(error).__name__ == "OutOfMemoryError"
        or (isinstance(error, OSError) and error.errno == errno.ENOMEM)
        or (told_by and any(words in str(error) for words in _WORDS_FOR_NO_MEMORY))
    )
    # Packages say of an import that went wrong deep below that it went wrong, and from what.
    return found or (error.__cause__ is not None and is_out_of_memory(error.__cause__))


def shortened(text: str, end: str = "") -> str:
    """Cut a text off where a sentence has no room for more.

    Args:
        end: what is kept of its end, a closing quote for instance.

    >>> shortened("a" * 100)[-3:], shortened("(" + "a" * 100 + ")", ")")[-3:]
    ('aa…', 'a…)')
    """
    return text if len(text) <= LONGEST_QUOTE else f"{text[: LONGEST_QUOTE - 1 - len(end)]}…{end}"
