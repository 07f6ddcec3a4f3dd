"""One kernel, learnt from an input and the output that it is to have, by plain gradient descent."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cnnlab.errors import ShapeError
from cnnlab.number_text import Matrix, rounded, show_number
from cnnlab.ops import conv2d
from cnnlab.ops.arguments import by
from cnnlab.shapes import whole_number
from cnnlab.texts import Message, in_a_row, message, unfilled

MAX_INPUT = 12
"""Rows and columns that the page's input may have."""

MAX_KERNEL = 5
"""Rows and columns that its kernel may have."""

MAX_STEPS = 200
"""Steps of the descent: a few thousand numbers, which a page can hand over at once."""

DIVERGED = 1e12
"""A descent is ended when its loss has grown beyond this, and to a thousand times of what it was at the start."""

AS_GOOD_AS_FLAT = 1e-280
"""A loss that bends less is flat to a computer: the squares of its numbers, and the rates for them, have no room."""

Start = Literal["zeros", "random"]


@dataclass(frozen=True, eq=False)
class LearnSettings:
    """All that decides the numbers on the page.

    Args:
        input: (H, W), what the kernel slides over, without padding and with stride 1.
        target: (FH, FW), the kernel that makes the output that is wanted; the descent does not see it.
        rate: the learning rate: how far a step goes against the gradient.
        steps: how many steps are made, up to `MAX_STEPS`.
        start: "zeros", or "random" for numbers between -1 and 1.
        seed: the same seed gives the same random start.
    """

    input: Matrix
    target: Matrix
    rate: float = 0.1
    steps: int = 50
    start: Start = "zeros"
    seed: int = 0

    @property
    def first_kernel(self) -> NDArray[np.float64]:
        """The (FH, FW) weights that the descent starts from, random ones in two decimals.

        >>> LearnSettings(np.ones((3, 3)), np.ones((1, 2))).first_kernel.tolist()
        [[0.0, 0.0]]
        """
        if self.start == "zeros":
            return np.zeros(self.target.shape)
        drawn = np.random.default_rng(self.seed).uniform(-1, 1, self.target.shape)
        return np.round(drawn, 2) + 0.0  # which makes a plain zero of a negative one

    def wanted(self) -> NDArray[np.float64]:
        """Compute the output that the target kernel gives: (OH, OW).

        Raises:
            ShapeError: the target does not fit into the input, or they are no matrices.
        """
        if self.input.ndim != 2 or self.target.ndim != 2:
            raise ShapeError(
                "An input of shape {input} and a kernel of shape {kernel} are not one channel and one kernel: give two"
                " matrices.",
                input=self.input.shape,
                kernel=self.target.shape,
            )
        if any(cells > size for cells, size in zip(self.target.shape, self.input.shape, strict=True)):
            raise ShapeError(
                "A target of {target} does not fit into an input of {input}: use a larger input or a smaller target.",
                target=by(self.target.shape),
                input=by(self.input.shape),
            )
        return _slid(self.input, self.target)


def _slid(input_: Matrix, kernel: Matrix) -> NDArray[np.float64]:
    return conv2d(input_[None].astype(np.float64), kernel[None, None].astype(np.float64))[0]


@dataclass(frozen=True, eq=False)
class Learning:
    """All steps of a descent: row t holds what was there after t steps, so that there is one more row than steps.

    Args:
        wanted: (OH, OW), the output that is to be reached.
        kernels: (T+1, FH, FW)
        outputs: (T+1, OH, OW), of each kernel.
        errors: (T+1, OH, OW), output - wanted.
        losses: (T+1,), the mean of the squared errors.
        gradients: (T+1, FH, FW), of the loss with respect to the kernel.
        has_diverged: whether the descent was ended because its loss exceeded `DIVERGED`.
    """

    wanted: NDArray[np.float64]
    kernels: NDArray[np.float64]
    outputs: NDArray[np.float64]
    errors: NDArray[np.float64]
    losses: NDArray[np.float64]
    gradients: NDArray[np.float64]
    has_diverged: bool

    @property
    def steps(self) -> int:
        """How many steps were made: fewer than asked for where the descent has diverged."""
        return len(self.losses) - 1


def learn(settings: LearnSettings) -> Learning:
    """Go down the gradient of the mean squared error, step by step.

    With N cells in the output, error = conv2d(input, kernel) - wanted, loss = 1/N * sum of error**2, and the chain rule
    gives gradient = 2/N * conv2d_weight_grad(input, error). Each step is kernel = kernel - rate * gradient, without
    momentum, as torch.optim.SGD makes it.

    Raises:
        ShapeError: the target does not fit into the input, or a rate or a number of steps that is out of its range.

    >>> steps = learn(LearnSettings(np.array([[1]]), np.array([[3]]), rate=0.25, steps=2))
    >>> steps.kernels.ravel().tolist(), steps.losses.tolist()  # 0 - 0.25*2*(0 - 3)*1 = 1.5, half of what is missing
    ([0.0, 1.5, 2.25], [9.0, 2.25, 0.5625])
    """
    wanted = settings.wanted()
    steps = whole_number("steps", settings.steps, 0)
    if steps > MAX_STEPS:
        raise ShapeError("The number of steps is {steps}: use {most} or less.", steps=steps, most=MAX_STEPS)
    if not (np.isfinite(settings.rate) and settings.rate > 0):
        raise ShapeError("The learning rate is {rate}: use a number above 0.", rate=settings.rate)
    # Every step reads the same windows: as rows of one matrix they make it two small products.
    windows = _windows(settings, wanted.shape)
    kernel = settings.first_kernel.ravel()
    kernels: list[Matrix] = []
    outputs: list[Matrix] = []
    losses: list[float] = []
    gradients: list[Matrix] = []
    for _ in range(steps + 1):
        if kernels:
            kernel = kernel - settings.rate * gradients[-1]
        output = windows @ kernel
        error = output - wanted.ravel()
        kernels.append(kernel)
        outputs.append(output)
        losses.append(float((error**2).mean()))
        gradients.append(2 / error.size * (error @ windows))
        if _has_diverged(losses):
            break
    slid = np.array(outputs).reshape(-1, *wanted.shape)
    return Learning(
        wanted=wanted,
        kernels=np.array(kernels).reshape(-1, *settings.target.shape),
        outputs=slid,
        errors=slid - wanted,
        losses=np.array(losses),
        gradients=np.array(gradients).reshape(-1, *settings.target.shape),
        has_diverged=_has_diverged(losses),
    )


def _has_diverged(losses: list[float]) -> bool:
    return not losses[-1] <= max(DIVERGED, 1000 * losses[0])


@dataclass(frozen=True, eq=False)
class WeightTerms:
    """The gradients of one weight as the sums that they are; row t is what was there after t steps.

    Args:
        row, column: the weight.
        pixels: (OH, OW), the pixel that the weight is multiplied with for each output cell.
        products: (T+1, OH, OW), errors * pixels.
        sums: (T+1,), of the products.
        factor: 2/N, where N is the number of output cells.
        gradients: (T+1,), factor * sums.
        weights: (T+1,), before the step.
        next_weights: (T+1,), weight - rate * gradient.
    """

    row: int
    column: int
    pixels: NDArray[np.float64]
    products: NDArray[np.float64]
    sums: NDArray[np.float64]
    factor: float
    gradients: NDArray[np.float64]
    weights: NDArray[np.float64]
    next_weights: NDArray[np.float64]


def weight_terms(settings: LearnSettings, learning: Learning, row: int, column: int) -> WeightTerms:
    """Take the gradients of one weight apart: 2/N times the sum, over the output, of error times pixel.

    Args:
        learning: what `learn` made of these settings.
        row, column: the weight, from 0.

    Raises:
        ShapeError: a weight that the kernel does not have.
    """
    height, width = settings.target.shape
    if not (0 <= row < height and 0 <= column < width):
        raise ShapeError(
            "The {height}×{width} kernel has no weight ({row}, {column}): count from 0.",
            height=height,
            width=width,
            row=row,
            column=column,
        )
    rows, columns = learning.wanted.shape
    pixels = settings.input[row : row + rows, column : column + columns].astype(np.float64)
    products = learning.errors * pixels
    sums, factor = products.sum(axis=(1, 2)), 2 / learning.wanted.size
    weights = learning.kernels[:, row, column]
    next_weights = weights - settings.rate * factor * sums
    return WeightTerms(row, column, pixels, products, sums, factor, factor * sums, weights, next_weights)


@dataclass(frozen=True, eq=False)
class GradientTerms:
    """One weight's gradient at one step, as the sum that it is; see `WeightTerms`.

    Args:
        row, column: the weight.
        errors: (OH, OW), output - wanted.
        pixels: (OH, OW)
        products: (OH, OW)
        sum: of the products.
        factor: 2/N
        gradient: factor * sum.
        weight: before the step.
        next_weight: weight - rate * gradient.
    """

    row: int
    column: int
    errors: NDArray[np.float64]
    pixels: NDArray[np.float64]
    products: NDArray[np.float64]
    sum: float
    factor: float
    gradient: float
    weight: float
    next_weight: float


def gradient_terms(settings: LearnSettings, learning: Learning, step: int, row: int, column: int) -> GradientTerms:
    """Take the gradient of one weight at one step apart.

    Args:
        learning: what `learn` made of these settings.
        step: how many steps have been made, from 0.
        row, column: the weight, from 0.

    Raises:
        ShapeError: a step that was not made, or a weight that the kernel does not have.

    >>> settings = LearnSettings(np.array([[1, 2]]), np.array([[3]]), rate=0.1)
    >>> terms = gradient_terms(settings, learn(settings), 0, 0, 0)
    >>> terms.errors.tolist(), terms.pixels.tolist(), terms.gradient  # 2/2 * (-3*1 + -6*2)
    ([[-3.0, -6.0]], [[1.0, 2.0]], -15.0)
    """
    if not 0 <= step <= learning.steps:
        raise ShapeError("There is no step {step}: use 0 to {steps}.", step=step, steps=learning.steps)
    terms = weight_terms(settings, learning, row, column)
    return GradientTerms(
        row=row,
        column=column,
        errors=learning.errors[step],
        pixels=terms.pixels,
        products=terms.products[step],
        sum=float(terms.sums[step]),
        factor=terms.factor,
        gradient=float(terms.gradients[step]),
        weight=float(terms.weights[step]),
        next_weight=float(terms.next_weights[step]),
    )


_NOTHING_BUT_ZEROS = message(
    "The input holds nothing but zeros: every kernel gives the same output, and nothing is learned."
)
_AS_GOOD_AS_ZERO = message("The input is as good as zero: every kernel gives the same output, and nothing is learned.")
_GROWS = unfilled("At {rate} each step multiplies the error in that direction by {factor}: it grows.")
_SHRINKS = unfilled("At {rate} each step multiplies the error in that direction by {factor}: it shrinks.")
_SHRINKS_SLOWLY = unfilled(
    "At {rate} each step multiplies the error in that direction by {factor}: it shrinks too slowly to be seen."
)
_STAYS = unfilled(
    "At {rate} each step multiplies the error in that direction by {factor}: it neither grows nor shrinks."
)


@dataclass(frozen=True)
class Curvature:
    """How the loss bends, which decides what learning rates work: it is a quadratic function of the weights.

    Args:
        largest: the largest eigenvalue of the loss's second derivatives, its curvature in the steepest direction.
        smallest: the smallest one; 0 where a direction is flat.
        directions: how many of the kernel's independent directions the input determines.
        weights: how many there are.
        rate: the learning rate that the sentences speak of.
    """

    largest: float
    smallest: float
    directions: int
    weights: int
    rate: float

    @property
    def largest_rate(self) -> float:
        """The rate from which on a descent no longer converges: 2/largest; infinite where the input is all zeros."""
        return 2 / self.largest if self.largest > 0 else float("inf")

    @property
    def converges(self) -> bool:
        """Whether a descent with this rate converges from every start."""
        return self.rate < self.largest_rate

    @property
    def determines_kernel(self) -> bool:
        """Whether only one kernel gives the output that is wanted."""
        return self.directions == self.weights

    def in_short(self) -> tuple[Message, ...]:
        """Say which rates work, and whether the kernel can be found at all.

        >>> settings = LearnSettings(np.array([[1, 2]]), np.array([[3]]), rate=0.5)
        >>> curvature(settings).in_short()[0]  # 2/5
        'With this input a learning rate works up to about 0.4: 0.5 is too large.'
        """
        if self.largest < AS_GOOD_AS_FLAT:
            return self.sentences()
        rates = {"most": show_number(_rounded_down(self.largest_rate)), "rate": show_number(self.rate, 12)}
        if self.rate > self.largest_rate:
            works = message("With this input a learning rate works up to about {most}: {rate} is too large.", **rates)
        else:
            works = message("With this input a learning rate works up to about {most}.", **rates)
        if self.determines_kernel:
            return (works,)
        many = message("Many kernels give the wanted output here: the one that is nearest to the start is found.")
        return (works, many)

    def sentences(self) -> tuple[Message, ...]:
        """Say with these numbers why the rate works or does not, and whether the kernel can be found at all.

        >>> settings = LearnSettings(np.array([[1, 2]]), np.array([[3]]), rate=0.5)
        >>> curvature(settings).sentences()[0]  # 2/2 * (1*1 + 2*2) = 5
        'The loss bends most with a curvature of 5, so rates below 2/5 = 0.4 work. At 0.5 each step multiplies the \
error in that direction by |1 − 0.5 · 5| = 1.5: it grows.'
        """
        if self.largest < AS_GOOD_AS_FLAT:
            return (_NOTHING_BUT_ZEROS if self.directions == 0 else _AS_GOOD_AS_ZERO,)
        rate = show_number(self.rate, 12)
        digits = _enough_digits(self.largest, 4, self._limit, self._left)
        largest, read = show_number(self.largest, digits), rounded(self.largest, digits)
        steepest = in_a_row(
            message(
                "The loss bends most with a curvature of {curvature}, so rates below {limit} work.",
                curvature=largest,
                limit=f"2/{largest}{_result(self._limit(read))}",
            ),
            self._what_a_step_does().with_values(
                rate=rate, factor=f"|1 − {rate} · {largest}|{_result(self._left(read))}"
            ),
        )
        if not self.determines_kernel:
            open_directions = message(
                "The windows of this input determine {directions} of the {weights} directions of the kernel: many"
                " kernels give the wanted output, and the descent finds the one nearest to its start.",
                directions=self.directions,
                weights=self.weights,
            )
            return (steepest, open_directions)
        if not self.converges:
            return (steepest,)
        flattest = message(
            "It bends least with a curvature of {curvature}: in that direction each step leaves {left} of the error, so"
            " the descent takes longest there.",
            curvature=show_number(self.smallest, _enough_digits(self.smallest, 3, self._left)),
            left=_few_digits(self._left(self.smallest)),
        )
        return (steepest, flattest)

    def _what_a_step_does(self) -> Message:
        """Say what a step does to the error in the steepest direction; {rate} and {factor} are open."""
        factor = self._left(self.largest)
        if not _is_one(factor):
            return _GROWS if factor > 1 else _SHRINKS
        return _SHRINKS_SLOWLY if self.rate * self.largest < 1 else _STAYS

    def _limit(self, bend: float) -> float:
        """The rate below which a descent converges where the loss bends so much."""
        return 2 / bend

    def _left(self, bend: float) -> float:
        """What a step multiplies the error by where the loss bends so much."""
        return abs(1 - self.rate * bend)


def _enough_digits(number: float, digits: int, *follow: Callable[[float], float]) -> int:
    """Count the digits, so many at least, from which people get to the same numbers as we from all of them."""
    for enough in range(_with_whole_part(number, digits), 13):
        read = rounded(number, enough)
        if all(_few_digits(what(read)) == _few_digits(what(number)) for what in follow):
            return enough
    return 13


def _result(value: float) -> str:
    """Write what follows from a number as it is written, and whether that is all there is to it."""
    digits = _few(value)
    return f" {'=' if math.isclose(rounded(value, digits), value, rel_tol=1e-12) else '≈'} {show_number(value, digits)}"


def _few_digits(number: float) -> str:
    return show_number(number, _few(number))


def _few(number: float) -> int:
    """Four digits, or more where a number would be rounded to the 1 that it is not."""
    digits = _with_whole_part(number, 4)
    while digits < 12 and not _is_one(number) and rounded(number, digits) == 1:
        digits += 1
    return digits


def _with_whole_part(number: float, digits: int) -> int:
    """So many digits, or as many as a number below a million has before its point: 20340 rather than 2.034e+04."""
    return max(digits, len(str(int(number)))) if abs(number) < 1e6 else digits


def _rounded_down(number: float) -> float:
    """To two digits, so that what is said to work does."""
    power = 10.0 ** (math.floor(math.log10(number)) - 1)
    return rounded(math.floor(number / power * (1 + 1e-12)) * power, 2)


def _is_one(number: float) -> bool:
    return math.isclose(number, 1, abs_tol=1e-11)


def curvature(settings: LearnSettings) -> Curvature:
    """Compute how the loss bends in its steepest and in its flattest direction.

    With the windows of the input as the N rows of a matrix A, the loss is 1/N * |A*kernel - wanted|**2 and its matrix
    of second derivatives is 2/N * A^T A. A descent with rate r multiplies the error along an eigenvector by
    1 - r*eigenvalue at each step, so that it converges where r < 2/largest (any textbook on optimization; Goodfellow,
    Bengio and Courville, "Deep Learning", 2016, section 4.3).

    Raises:
        ShapeError: the target does not fit into the input.
    """
    wanted = settings.wanted()
    windows = _windows(settings, wanted.shape)
    bends = np.linalg.svd(windows, compute_uv=False) ** 2 * 2 / wanted.size
    directions = int(np.linalg.matrix_rank(windows))
    return Curvature(
        largest=_without_noise(bends[0]),
        smallest=_without_noise(bends[-1]) if directions == settings.target.size else 0.0,
        directions=directions,
        weights=settings.target.size,
        rate=settings.rate,
    )


def _without_noise(bend: float) -> float:
    """Give a whole number back that singular values came within rounding of."""
    whole = round(float(bend))
    return float(whole if math.isclose(whole, bend, rel_tol=1e-12) else bend)


def _windows(settings: LearnSettings, shape: tuple[int, ...]) -> NDArray[Any]:
    """(N, K): one window of the input in each row."""
    windows = np.lib.stride_tricks.sliding_window_view(settings.input.astype(np.float64), settings.target.shape)
    return windows.reshape(shape[0] * shape[1], -1)
