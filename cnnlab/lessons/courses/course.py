"""What a lesson is: steps in order, each one screen of the lab, with texts in one or more languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from cnnlab.lessons.courses.facts import Claim

MOST_STEPS = 120
"""Steps of one lesson."""
LONGEST_TEXT = 4_000
"""Characters of one text, and of one link."""
MOST_OPTIONS = 8
LANGUAGES = ("en", "ko")
"""The codes of the languages that a lesson may be written in."""


@dataclass(frozen=True)
class Text:
    """A text in each language that it is written in.

    Args:
        by_language: by the language's code. "" stands for a text that somebody wrote in one language only.
    """

    by_language: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def said(self, language: str) -> str:
        """The text in a language, or else in the one that there is.

        >>> text = Text({"en": "kernel", "ko": "커널"})
        >>> text.said("ko"), text.said("fr"), Text().said("en")
        ('커널', 'kernel', '')
        """
        return self.by_language.get(language) or next(filter(None, self.by_language.values()), "")

    def __bool__(self) -> bool:
        return any(self.by_language.values())


NOTHING = Text()


@dataclass(frozen=True)
class Choice:
    """An answer that is one of several.

    Args:
        options: as many in each language.
        right: the place of the right one, counted from 1.
    """

    options: Mapping[str, tuple[str, ...]]
    right: int

    def said(self, language: str) -> tuple[str, ...]:
        """The options in a language, or else in the one that there is."""
        return self.options.get(language) or next(iter(self.options.values()))


@dataclass(frozen=True)
class Number:
    """An answer that is a number."""

    value: float


@dataclass(frozen=True)
class Sizes:
    """An answer that is a shape, as PyTorch orders it."""

    sizes: tuple[int, ...]


@dataclass(frozen=True)
class Task:
    """An answer that is given by bringing the screen into a state.

    Args:
        claims: what is then true of the screen.
    """

    claims: tuple[Claim, ...]


Reply = Choice | Number | Sizes | Task


@dataclass(frozen=True)
class Step:
    """One screen of a lesson.

    Args:
        title: what stands in the bar.
        link: the screen's address in the lab, `/convolution?step=1`.
        slides: the numbers of the slides that it shows; of the lecture's lesson only.
        say: what to say to it, for whoever presents.
        question: what is asked.
        reply: how it is answered; None where a question is only talked about.
        answer: what is shown when it is asked for.
        shows: what must be true of the screen when the step is opened.
        group: what this step and those behind it are about.
        about: what to know of the group, for whoever teaches.
    """

    title: Text
    link: str
    slides: tuple[int, ...] = ()
    say: Text = NOTHING
    question: Text = NOTHING
    reply: Reply | None = None
    answer: Text = NOTHING
    shows: tuple[Claim, ...] = ()
    group: Text = NOTHING
    about: Text = NOTHING

    @property
    def page(self) -> str:
        """The key of its page; empty for the landing page.

        >>> Step(Text(), "/convolution?step=1").page
        'convolution'
        """
        return self.link.removeprefix("/").partition("?")[0]

    @property
    def query(self) -> str:
        """What stands behind the question mark."""
        return self.link.partition("?")[2]


@dataclass(frozen=True)
class Course:
    """A lesson.

    Args:
        title, steps: what it is called, and its screens in order.
        line: one sentence about it.
        self_paced: whether people go through it alone: what is said to a step is then always shown.
    """

    title: Text
    steps: tuple[Step, ...]
    line: Text = NOTHING
    self_paced: bool = False
