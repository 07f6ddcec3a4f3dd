"""The controls of the page on which a kernel learns: presets and settings, kept in the link."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from cnnlab.lessons.learn_a_kernel.presets import PRESETS
from cnnlab.lessons.learn_a_kernel.settings import MAX_KERNEL, MAX_STEPS, LearnSettings
from cnnlab.presets import Preset
from cnnlab.texts import message, say
from cnnlab.ui.state import controls
from cnnlab.ui.state.grid_page import GridPage, Stack
from cnnlab.ui.state.preset_menu import GridNumbers, preset_menu

LARGEST_INPUT = 8
"""Rows and columns of the input here: 200 steps of a larger output would be too much to hand over at every edit."""

STARTS = {"zeros": message("Zeros"), "random": message("Random")}
FIRST = PRESETS["lecture"].settings

GRID = GridPage(
    "learn_a_kernel",
    (
        Stack("input", FIRST.input, LARGEST_INPUT, LARGEST_INPUT),
        Stack("target", FIRST.target, MAX_KERNEL, MAX_KERNEL),
    ),
    prefix="learn_",
    # A weight that has far to go from where it starts.
    picks={"kernel": 3},
    has_letters=True,
)

_SET_BY_PRESETS = ("rate", "steps", "start", "seed")
NUMBERS = GridNumbers(GRID, [f"learn_{field}" for field in _SET_BY_PRESETS])


@dataclass(frozen=True, eq=False)
class Panel:
    """What the panel says.

    Args:
        settings: the descent.
        secret: whether the target kernel is hidden.
        hide: whether the next weight is to be predicted.
        preset: whose numbers are on the screen, if that may be told.
    """

    settings: LearnSettings
    secret: bool
    hide: bool
    preset: Preset[LearnSettings] | None


def settings_panel() -> Panel:
    """Read everything from the link or the session, and draw the controls for what has one."""
    GRID.enter()
    stacks = GRID.take_edit()
    GRID.write_link(stacks)
    menu, rates, counts, starts, seeds, switches = st.columns([2.25, 1.1, 1.1, 1.55, 1, 1.6], gap="small")
    with rates:
        rate = controls.real_number(say("Learning rate"), "learn_rate", 0.0001, 10, FIRST.rate, step=0.05)
    with counts:
        steps = controls.whole_number(say("Steps"), "learn_steps", 1, MAX_STEPS, FIRST.steps, widget="number")
    with starts:
        start = controls.choice(say("Start from"), "learn_start", STARTS, FIRST.start)
    with seeds:
        seed = controls.whole_number(say("Seed"), "learn_seed", 0, 9999, 0, widget="number", disabled=start != "random")
    with switches, st.container(gap="xsmall"):
        secret = controls.switch(
            say("Hide the target"),
            "learn_secret",
            help=say(
                "One learner types it, another finds it. It stays in the link, where anyone who looks can read it."
            ),
        )
        hide = controls.switch(
            say("Predict first"),
            "learn_hide",
            help=say("Hide what the chosen weight becomes, and predict it yourself."),
        )
    settings = LearnSettings(
        stacks["input"][0], stacks["target"][0], rate, steps, "random" if start == "random" else "zeros", seed
    )
    current = current_preset(settings)
    with menu:
        titles = {name: preset.title for name, preset in PRESETS.items()}
        preset_menu(titles, current, load, NUMBERS, key="learn_preset")
    # The note of a preset names the kernel that is to be found.
    return Panel(settings, secret, hide, None if secret else PRESETS.get(current or ""))


def current_preset(settings: LearnSettings) -> str | None:
    """The preset whose numbers and settings these are."""

    def is_shown(other: LearnSettings) -> bool:
        same = np.array_equal(other.input, settings.input) and np.array_equal(other.target, settings.target)
        start = (settings.rate, settings.steps, settings.start)
        return same and start == (other.rate, other.steps, other.start)

    return next((name for name, preset in PRESETS.items() if is_shown(preset.settings)), None)


def load(name: str) -> None:
    """Put a preset on the page."""
    settings = PRESETS[name].settings
    GRID.load({"input": settings.input, "target": settings.target})
    for field in _SET_BY_PRESETS:
        controls.set_control(f"learn_{field}", getattr(settings, field))
