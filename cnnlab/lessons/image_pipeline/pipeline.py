"""A pipeline: steps in their order, as a link or the page's form brings them, and how large its pictures may become.

In a link a step is its word and its arguments, with colons between: `open;resize:256;crop:224;tensor`. Arguments that
are left out at the end have their defaults.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from cnnlab.errors import ParseError, ShapeError, quoted
from cnnlab.lessons.image_pipeline.steps import STEP_TYPES, Dialect, Step
from cnnlab.texts import one_of

MAX_STEPS = 10
LONGEST_SIDE = 1024
"""The longer side of a long picture, whose shorter one was resized, may be this long."""
MOST_NUMBERS = 4 * 2**20
"""Numbers of a result: 16 MB of 32-bit floats."""


@dataclass(frozen=True)
class Pipeline:
    """Steps in their order; the first one opens the file."""

    steps: tuple[Step, ...]

    @property
    def dialect(self) -> Dialect:
        """v2 where a step is at home only there, as one pipeline is best written in one of the two."""
        return "v2" if any(step.dialect == "v2" for step in self.steps) else "transforms"

    @property
    def is_random(self) -> bool:
        """Whether another seed may give another result."""
        return any(step.is_random for step in self.steps)

    def __str__(self) -> str:
        return ";".join(map(str, self.steps))


def parse_pipeline(text: str) -> Pipeline:
    """Read a link's steps; see the module's docstring.

    Raises:
        ParseError: it cannot be read, there are too many steps, or the first is no source.

    >>> pipeline = parse_pipeline("open;resize:64;tensor")
    >>> str(pipeline), [step.call() for step in pipeline.steps]
    ('open;resize:64;tensor', ['Image.open(file)', 'Resize(64)', 'ToTensor()'])
    """
    if len(text) > MAX_STEPS * 200:
        raise ParseError("The steps have more than {most} characters: leave some out.", most=MAX_STEPS * 200)
    return make_pipeline([part.strip().split(":") for part in text.split(";")])


def make_pipeline(parts: Sequence[Sequence[str]]) -> Pipeline:
    """Make a pipeline of words and texts of arguments, one list for each step.

    Raises:
        ParseError: as `parse_pipeline`.
    """
    if not parts:
        raise ParseError("There is no step: begin with one that opens the file.")
    if len(parts) > MAX_STEPS:
        raise ParseError("There are {steps} steps: use at most {most}.", steps=len(parts), most=MAX_STEPS)
    steps = list[Step]()
    for number, (word, *texts) in enumerate(parts, start=1):
        if word not in STEP_TYPES:
            shown = word if len(word) <= 24 else word[:24] + "…"
            raise ParseError(
                "Step {number} is {word}: use {words}.", number=number, word=quoted(shown), words=one_of(STEP_TYPES)
            )
        step_type = STEP_TYPES[word]
        if step_type.is_source != (number == 1):
            sources = one_of(step.word for step in STEP_TYPES.values() if step.is_source)
            raise ParseError(
                "Step {number} is {word}: only step 1 opens the file, with {sources}.",
                number=number,
                word=word,
                sources=sources,
            )
        try:
            steps.append(step_type.read(texts))
        except ParseError as error:
            raise ParseError(
                "Step {number}, {step}: {reason}", number=number, step=step_type.title, reason=error.message
            ) from None
    return Pipeline(tuple(steps))


def check_size(step: Step, shape: Sequence[int], is_channels_last: bool) -> None:
    """Refuse a result that is far too large, before it is made.

    Args:
        shape: of what comes in; the step takes its last two axes for height and width, of a picture of Pillow's the
            first two (`is_channels_last`).

    Raises:
        ShapeError: it would have more pixels, or numbers, than the lab takes.
    """
    if len(shape) < 2 or not step.is_transform:
        return
    height, width, *channels = shape if is_channels_last else (*shape[-2:], *shape[:-2])
    made = step.size_after(height, width)
    if max(made) > LONGEST_SIDE and made != (height, width):
        raise ShapeError(
            "{step} would turn {height} × {width} pixels into {new_height} × {new_width}, and the lab stops at {most}: "
            "use a smaller size.",
            step=step.call(),
            height=height,
            width=width,
            new_height=made[0],
            new_width=made[1],
            most=LONGEST_SIDE,
        )
    numbers = made[0] * made[1]
    for channel in channels:
        numbers *= channel
    if numbers > MOST_NUMBERS:
        raise ShapeError(
            "{step} would make {numbers:,} numbers, and the lab stops at {most:,}: use a smaller size.",
            step=step.call(),
            numbers=numbers,
            most=MOST_NUMBERS,
        )
