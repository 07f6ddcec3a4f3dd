"""What a learner's prediction of a weight says about what went wrong."""

from cnnlab.feedback.mistakes import Slip, Verdict, judge
from cnnlab.lessons.learn_a_kernel.settings import GradientTerms, LearnSettings
from cnnlab.number_text import show_number


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
    factor = f"2/{cells}"
    slips = [
        Slip(
            "uphill",
            weight + rate * gradient,
            "{value} goes with the gradient, uphill: the step goes against it, weight − rate · gradient.",
            common=25,
        ),
        Slip(
            "no_rate",
            weight - gradient,
            f"{{value}} is a step of the whole gradient: it is multiplied with the rate of {show_number(rate)} first.",
            common=20,
        ),
        Slip(
            "no_factor",
            weight - rate * terms.sum,
            f"{{value}} takes the sum for the gradient: the mean over {cells} cells makes it {factor} of that.",
            common=20,
        ),
        Slip(
            "no_two",
            weight - rate * gradient / 2,
            f"{{value}} takes 1/{cells} for {factor}: the derivative of a square brings a 2.",
            common=12,
        ),
        Slip("gradient", gradient, "{value} is the gradient; asked for is the weight after the step.", common=10),
        Slip("change", -rate * gradient, "{value} is the change; it is added to the weight before.", common=10),
        Slip("no_step", weight, "{value} is the weight before the step.", common=8),
    ]
    scale = abs(weight) + rate * abs(gradient)
    return judge(value, terms.next_weight, slips, is_whole=False, scale=scale)
