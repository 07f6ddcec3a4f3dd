"""What a learner's prediction of a weight says about what went wrong."""

from cnnlab.feedback.mistakes import judge
from cnnlab.feedback.verdict import Slip, Verdict
from cnnlab.lessons.learn_a_kernel.settings import GradientTerms, LearnSettings
from cnnlab.number_text import show_number
from cnnlab.texts import unfilled


def explain(settings: LearnSettings, terms: GradientTerms, value: float) -> Verdict:
    """Tell whether `value` is what a weight becomes in a step and, if not, which mistake leads to it.

    Three digits of the weight are enough, since few gradients are whole.

    >>> from cnnlab.lessons.learn_a_kernel.settings import gradient_terms, learn
    >>> import numpy as np
    >>> settings = LearnSettings(np.array([[1, 2]]), np.array([[3]]), rate=0.1)
    >>> explain(settings, gradient_terms(settings, learn(settings), 0, 0, 0), -1.5).sentences
    ('−1.5 goes with the gradient, uphill: the step goes against it, weight − rate · gradient.',)
    """
    rate, weight, gradient = settings.rate, terms.weight, terms.gradient
    cells = terms.errors.size
    slips = [
        Slip(
            "uphill",
            weight + rate * gradient,
            unfilled("{value} goes with the gradient, uphill: the step goes against it, weight − rate · gradient."),
            common=25,
        ),
        Slip(
            "no_rate",
            weight - gradient,
            unfilled(
                "{value} is a step by the whole gradient: multiply it by the rate of {rate} first.",
                rate=show_number(rate),
            ),
            common=20,
        ),
        Slip(
            "no_factor",
            weight - rate * terms.sum,
            unfilled(
                "{value} takes the sum for the gradient. The loss is a mean, so the gradient is only 2/{cells} of"
                " that.",
                cells=cells,
            ),
            common=20,
        ),
        Slip(
            "no_two",
            weight - rate * gradient / 2,
            unfilled("{value} takes 1/{cells} for 2/{cells}: the derivative of a square brings a 2.", cells=cells),
            common=12,
        ),
        Slip(
            "gradient",
            gradient,
            unfilled("{value} is the gradient, but the question is what the weight is after the step."),
            common=10,
        ),
        Slip("change", -rate * gradient, unfilled("{value} is the change: add it to the weight before."), common=10),
        Slip("no_step", weight, unfilled("{value} is the weight before the step."), common=8),
    ]
    scale = abs(weight) + rate * abs(gradient)
    return judge(value, terms.next_weight, slips, is_whole=False, scale=scale)
