"""What is said to a predicted weight of the kernel that learns."""

import numpy as np
import pytest

from cnnlab.lessons.learn_a_kernel.quiz import explain
from cnnlab.lessons.learn_a_kernel.settings import LearnSettings, gradient_terms, learn

SETTINGS = LearnSettings(np.array([[1, 2, 0], [0, 1, 3]]), np.array([[2, 1]]), rate=0.1, start="random", seed=3)
TERMS = gradient_terms(SETTINGS, learn(SETTINGS), 0, 0, 1)


@pytest.mark.parametrize(
    ("value", "kind", "words"),
    [
        (TERMS.next_weight, "right", "Right: it is"),
        (TERMS.weight + 0.1 * TERMS.gradient, "uphill", "goes with the gradient, uphill"),
        (TERMS.weight - TERMS.gradient, "no_rate", "multiply it by the rate of 0.1"),
        (TERMS.weight - 0.1 * TERMS.sum, "no_factor", "the gradient is only 2/4 of that"),
        (TERMS.weight - 0.05 * TERMS.gradient, "no_two", "takes 1/4 for 2/4"),
        (TERMS.gradient, "gradient", "is the gradient"),
        (-0.1 * TERMS.gradient, "change", "is the change"),
        (TERMS.weight, "no_step", "is the weight before the step"),
        (TERMS.next_weight + 50, "unexplained", "too large"),
    ],
)
def test_a_wrong_weight_tells_what_was_forgotten(value: float, kind: str, words: str) -> None:
    verdict = explain(SETTINGS, TERMS, value)
    assert verdict.kind == kind
    assert words in verdict.sentences[0]
    assert verdict.right == (kind == "right")


def test_three_digits_of_a_weight_are_enough() -> None:
    assert explain(SETTINGS, TERMS, float(f"{TERMS.next_weight:.3g}")).right
