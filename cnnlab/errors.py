"""What cnnlab refuses, it refuses with one of these.

    CnnlabError (a ValueError)
    ├── ShapeError      sizes, strides and windows that do not go together
    ├── ParseError      text from a learner, a link or a file that cannot be read
    ├── DataError       a data set or picture that is missing, damaged or of another kind
    └── TrainingError   settings that cannot be trained, or a run that went wrong

Every message is a sentence that a learner reads: it names the value and the way out.
"""


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
