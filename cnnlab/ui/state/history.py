"""What a page was set to before: its settings step by step, so that each can be taken back and put on again.

A setting is kept as the link says it, or, for a control that Streamlit itself binds to the link, as its value.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

MOST = 100
"""Steps that are kept for a page; the oldest goes first."""


@dataclass(frozen=True)
class Setting:
    """What one setting is.

    Args:
        value: its text in the link, or a control's value.
        is_control: which of the two.
        is_step: whether a change of it is a step of its own. The row that is looked at is none: it goes along with the
            layers, since it means one of theirs.
        is_left_out: whether the link says nothing of it: it is the default, or means something in this session only.
    """

    value: Any
    is_control: bool = False
    is_step: bool = True
    is_left_out: bool = False


@dataclass
class History:
    """The settings of one page, as they were and as they are."""

    now: dict[str, Setting] = field(default_factory=dict)
    _states: list[dict[str, Setting]] = field(default_factory=lambda: [{}])
    _at: int = 0
    _run: object = None

    def note(self, name: str, setting: Setting, run: object = None) -> None:
        """Say what a setting is now.

        Args:
            run: of the page's script; what is noted in one of them is one step.
        """
        if run is not self._run:
            self.settle()
            self._run = run
        self.now[name] = setting

    def settle(self) -> None:
        """Take all that was noted since the last time for one step, if anything has changed."""
        held = self._states[self._at]
        if any(_differs(setting, self.now[name]) for name, setting in held.items()):
            self._states = [*self._states[: self._at + 1], dict(self.now)][-MOST - 1 :]
            self._at = len(self._states) - 1
        else:
            # What has been drawn for the first time was so before.
            self._states[self._at] = dict(self.now)

    def adopt(self, name: str, setting: Setting) -> None:
        """Have a setting be this without a step, now and in all steps in which it was what it was: it was changed
        elsewhere.
        """
        self.settle()
        before = self._states[self._at].get(name)
        for state in self._states:
            if state.get(name) == before:
                state[name] = setting
        self.now[name] = setting

    def go(self, by: int) -> Mapping[str, Setting] | None:
        """Go one step back (-1) or forth (1).

        Returns:
            All settings there; None where there is no such step.
        """
        self.settle()
        if not 0 <= self._at + by < len(self._states):
            return None
        self._at += by
        # What has only been drawn since then stays.
        self.now |= self._states[self._at]
        return dict(self.now)


def _differs(before: Setting, now: Setting) -> bool:
    return before.is_step and before.value != now.value
