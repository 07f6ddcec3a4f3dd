"""The page on which a kernel learns: what its link says, what the grids are handed, what is told."""

import re
from functools import partial

import numpy as np
import pytest

from cnnlab.figures.charts import Axis
from cnnlab.lessons.learn_a_kernel.presets import PRESETS
from cnnlab.lessons.learn_a_kernel.settings import gradient_terms, learn
from cnnlab.texts import message
from cnnlab.ui.components.curves.over_steps import Curve
from cnnlab.ui.pages.learn_a_kernel.settings import FIRST, GRID
from tests.pages.app import grid, menu, open_at, rerun

open_page = partial(open_at, "learn_a_kernel", "learn_")


def test_the_grids_are_handed_every_step_of_the_descent() -> None:
    data = grid(open_page())
    learning = learn(FIRST)
    assert data["steps"] == FIRST.steps + 1
    assert data["boards"]["kernel"]["frames"][7] == pytest.approx(learning.kernels[7].ravel().tolist(), abs=1e-4)
    assert data["boards"]["error"]["frames"][7] == pytest.approx(learning.errors[7].ravel().tolist(), abs=1e-4)
    assert data["boards"]["wanted"]["values"] == learning.wanted.ravel().tolist()
    (loss,) = data["curve"]["series"]
    assert loss["y"].tolist() == learning.losses.tolist()
    assert loss["x"].tolist() == list(range(FIRST.steps + 1))


def test_the_gradient_of_the_chosen_weight_is_the_sum_of_its_products() -> None:
    data = grid(open_page(pick="kernel,5"))
    learning = learn(FIRST)
    terms = gradient_terms(FIRST, learning, 3, 1, 2)
    assert data["pick"] == ["kernel", 5]
    assert data["products"][3] == pytest.approx(terms.products.ravel().tolist(), abs=1e-4)
    width = FIRST.input.shape[1]
    first = data["reads"]["input"][0][0]
    assert divmod(first, width) == (1, 2)
    numbers = [what for kind, what in data["tails"][3] if kind != "text"]
    assert numbers == pytest.approx([terms.sum, terms.gradient, terms.weight, terms.next_weight], abs=1e-4)
    assert data["titles"][3].startswith("Gradient of w23 after 3 steps")


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_puts_its_numbers_on_the_page(name: str) -> None:
    at = open_page(rate="0.2")
    menu(at).select(name)
    rerun(at)
    preset = PRESETS[name]
    boards = grid(at)["boards"]
    assert boards["input"]["values"] == preset.settings.input.tolist()
    assert np.allclose(boards["target"]["values"], preset.settings.target)
    assert menu(at).value == name
    assert any(preset.note == caption.value for caption in at.caption)


def test_a_rate_that_is_too_large_is_told_with_its_numbers() -> None:
    at = open_page(rate="0.9")
    assert re.search(r"grows without bound, so the descent was stopped after \d+ of 50 steps", at.info[0].value)
    assert any("rates below 2/2" in caption.value for caption in at.caption)


def test_a_hidden_target_is_not_drawn() -> None:
    data = grid(open_page(secret="true"))
    assert "target" not in data["boards"]
    assert "kernel" in data["boards"]


def test_a_prediction_is_judged_and_the_answer_stays_hidden() -> None:
    at = open_page(hide="true", step="0", pick="kernel,3")
    terms = gradient_terms(FIRST, learn(FIRST), 0, 1, 0)
    assert ["text", "?"] in grid(at)["tails"][0]
    assert not [what for kind, what in grid(at)["tails"][0] if kind == "result"]
    field = next(one for one in at.text_input if one.label == "What does w21 become in step 1?")
    field.set_value(f"{terms.weight - terms.gradient:.6g}").run()
    assert "multiply it by the rate of 0.4" in at.warning[0].value
    field = next(one for one in at.text_input if one.label == "What does w21 become in step 1?")
    field.set_value(f"{terms.next_weight:.6g}").run()
    assert at.success[0].value.startswith("Right: it is")


def test_what_does_not_fit_is_told_and_what_was_typed_stays() -> None:
    at = open_page(input="1,2;3,4")
    data = grid(at)
    assert data["refusal"].endswith("fit into an input of 2×2: use a larger input or a smaller target.")
    assert data["boards"]["input"]["values"] == [[1, 2], [3, 4]]
    assert data["boards"]["target"]["values"] == FIRST.target.tolist()


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"input": "1,x"}, "'x' is not a number"),
        ({"input": ";".join(["1"] * 9)}, "more than 8 rows"),
        ({"rate": "0"}, r"It goes from 0.0001 to 10"),
        ({"steps": "500"}, "It goes from 1 to 200"),
        ({"start": "anywhere"}, r"It is one of zeros, random"),
        ({"pick": "input,3"}, "A chosen cell is a grid and the number of a cell, like kernel,0"),
        ({"step": "-1"}, r"It is a whole number from 0"),
    ],
)
def test_a_bad_link_is_told_in_words_and_the_rest_survives(parameters: dict[str, str], words: str) -> None:
    at = open_page(**({"seed": "7"} | parameters))
    assert len(at.warning) == 1
    assert re.search(words, at.warning[0].value)
    assert next(one for one in at.number_input if one.label == "Seed").value == 7


def test_a_chosen_weight_beyond_a_smaller_kernel_becomes_the_first() -> None:
    assert grid(open_page(pick="kernel,8", target="1,2;3,4"))["pick"] == ["kernel", 0]


def test_the_code_and_its_checks_stand_on_their_own_view() -> None:
    at = open_page(view="code")
    assert "loss.backward()" in at.code[0].value
    assert {"learn_check_kernel", "learn_check_gradient"} <= {button.key for button in at.button}


def test_what_was_typed_reaches_the_descent() -> None:
    at = open_page()
    data = grid(at)
    stacks = {name: [data["boards"][name]["texts"]] for name in ("input", "target")}
    stacks["target"][0][0][0] = "0,5"
    at.session_state[GRID.key] = {"edit": {"revision": data["revision"], "message": 1, "stacks": stacks}}
    rerun(at)
    assert grid(at)["boards"]["target"]["values"][0][0] == 0.5
    assert grid(at)["boards"]["wanted"]["values"] != data["boards"]["wanted"]["values"]


def heights(values: list[float]) -> Axis:
    return Curve(message("Loss"), values, message("about")).chart().y


def test_a_curve_over_decades_is_drawn_by_its_logarithms() -> None:
    decades = heights([100.0, 1.0, 0.01])
    assert (decades.is_log, decades.whole, decades.is_fixed) == (True, (0.01, 100), True)
    narrow = heights([4.0, 2.0, 1.0])
    assert (narrow.is_log, narrow.whole, narrow.is_fixed) == (False, (0, 4), True)
    cut = heights([1.0, 0.0])
    assert (cut.is_log, cut.whole) == (True, (1e-6, 1)), "what lies below is drawn at the lower end"


def test_a_curve_without_ups_and_downs_is_a_flat_line_on_an_axis_that_means_something() -> None:
    zero = heights([0.0, 0.0, 0.0])
    assert (zero.is_log, zero.whole, zero.ticks) == (False, (0, 1), (0,))
    same = heights([4.0, 4.0])
    assert (same.is_log, same.whole, same.ticks) == (False, (0, 4), None)
    tiny = heights([1e-20, 1e-21])
    assert (tiny.is_log, tiny.whole, tiny.ticks) == (False, (0, 1e-20), None)


def test_the_curve_names_what_it_shows_and_its_first_and_last_step() -> None:
    curve = grid(open_page(steps="7"))["curve"]
    assert (curve["y"]["name"], curve["x"]["name"], curve["x"]["ticks"]) == ("Loss", "step", [0, 7])
    assert curve["about"] == "The mean squared error after each step."
    assert curve["reading"] == "step {step}: {number}"


def test_what_is_predicted_is_not_shown_by_the_steps_that_follow() -> None:
    frames = grid(open_page(hide="true", step="2", pick="kernel,3"))["boards"]["kernel"]["frames"]
    assert frames[2][3] is not None
    assert frames[3][3] is None
    assert frames[3][4] is not None


def test_neither_note_nor_code_give_a_hidden_target_away() -> None:
    at = open_page(secret="true")
    assert not any(PRESETS["lecture"].note == caption.value for caption in at.caption)
    at = open_page(secret="true", view="code")
    assert not at.code
    assert "give the hidden target away" in at.info[0].value


def test_cells_show_letters_by_the_link() -> None:
    at = open_page(cells="letters")
    data = grid(at)
    assert data["symbols"]["letters"]["kernel"] == "w"
    assert not data["symbols"]["numbers"]
    assert data["groups"][0]["tail"] == [
        ["text", "2/16 · this sum = gradient → w21 becomes w21 − 0.4 · gradient"],
    ]
    both = grid(open_page(cells="both"))
    assert both["symbols"]["numbers"]
    assert not both["symbols"]["right_first"]
    assert both["groups"][0]["tail"] == []
