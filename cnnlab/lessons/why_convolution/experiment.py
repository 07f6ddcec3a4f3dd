"""Is there an X in the picture? An MLP and a small CNN learn it at some places, and are asked at all of them.

    python -m cnnlab.lessons.why_convolution.experiment --seed 0 --part corner

prints a line of JSON after each epoch, and computes the same numbers whenever it is asked the same. `--child` lets the
program end with its input, as a process should whose parent may die.
"""
# torch leaves parts of its own signatures untyped.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import argparse
import contextlib
import json
import os
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from cnnlab.errors import CnnlabError, ParseError, TrainingError, is_out_of_memory, quoted, reason
from cnnlab.lessons.why_convolution.pictures import (
    BOX,
    PARTS,
    PICTURES_PER_PLACE,
    PLACES,
    SIDE,
    TRAINING_PICTURES,
    Part,
    pictures_to_ask,
    pictures_to_learn,
    shift_of_places,
)
from cnnlab.texts import Message, message, one_of

if TYPE_CHECKING:
    from torch import Tensor, nn

MODULE = "cnnlab.lessons.why_convolution.experiment"

EPOCHS = 12
MAX_SEED = 9
"""Few enough that all runs there are can be kept: every class sees the same ones."""

HIDDEN = 8
KERNELS = 76
"""Chosen so that both networks have about as many parameters."""

MLP_PARAMETERS = (SIDE * SIDE + 1) * HIDDEN + HIDDEN + 1
CNN_PARAMETERS = (BOX * BOX + 1) * KERNELS + KERNELS + 1

BATCH = 64
RATE = 0.003
NICENESS = 5  # whoever looks at a page comes first, but a class waits for this

_MEMORY, _SQUARES_MEMORY = 0.9, 0.99  # of Adam
_AT_ONCE = 512  # test pictures; more at once no longer fit into the cache


@dataclass(frozen=True)
class Experiment:
    """What decides a run.

    Args:
        part: where the X's of the training lie.
        seed: of the pictures, the first weights and the order.

    Raises:
        TrainingError: a part or a seed that there is not.
    """

    part: Part = "corner"
    seed: int = 0

    def __post_init__(self) -> None:
        if self.part not in PARTS:
            raise TrainingError(
                "There is no part {part} of the picture: use {parts}.",
                part=quoted(self.part),
                parts=one_of(PARTS),
            )
        if not 0 <= self.seed <= MAX_SEED:
            raise TrainingError("The seed is {seed}: use one from 0 to {most}.", seed=self.seed, most=MAX_SEED)

    def command(self) -> tuple[str, ...]:
        """The program that runs it for a parent."""
        return (sys.executable, "-m", MODULE, "--part", self.part, "--seed", str(self.seed), "--child")


@dataclass(frozen=True, eq=False)
class Score:
    """How good one network is.

    Args:
        training: the share of the training pictures that it has right.
        right: (12, 12), how many test pictures it has right with the box at each place.
    """

    training: float
    right: NDArray[np.int64]

    @property
    def accuracy(self) -> NDArray[np.float64]:
        """(12, 12), the share of the test pictures at each place."""
        return self.right / PICTURES_PER_PLACE

    def by_shift(self, part: Part) -> list[float]:
        """The share of the test pictures that are right at shift 0, 1, 2 and so on beyond the trained places."""
        shift = shift_of_places(part)
        return [float(self.accuracy[shift == places].mean()) for places in range(int(shift.max()) + 1)]


@dataclass(frozen=True, eq=False)
class Epoch:
    """Where both networks stand after an epoch."""

    number: int
    mlp: Score
    cnn: Score

    def to_line(self, part: Part) -> str:
        """Write it as one line of JSON, the curve beside the places that it is made of."""
        scores = {
            name: {
                "training": round(score.training, 4),
                "by_shift": [round(share, 4) for share in score.by_shift(part)],
                "right": score.right.tolist(),
            }
            for name, score in (("mlp", self.mlp), ("cnn", self.cnn))
        }
        return json.dumps({"event": "epoch", "epoch": self.number, **scores})

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> "Epoch":
        """Read what `to_line` wrote, once JSON has been read.

        Raises:
            ParseError: it is something else.
        """
        try:
            return cls(int(plain["epoch"]), _score(plain["mlp"]), _score(plain["cnn"]))
        except (KeyError, TypeError, ValueError):
            raise ParseError("{line} is not an epoch of the experiment: start it again.", line=quoted(plain)) from None


def run(experiment: Experiment, epochs: int = EPOCHS) -> Iterator[Epoch]:
    """Train both networks side by side, and ask both at every place after each epoch.

    The same experiment gives the same numbers on the same machine: the arithmetic stays on one core, since two would
    add up in an order of their own. Imports torch.
    """
    import torch

    torch.set_num_threads(1)
    learned, asked = pictures_to_learn(experiment.part, experiment.seed), pictures_to_ask(experiment.seed)
    x, y = torch.from_numpy(learned.pictures)[:, None], torch.from_numpy(learned.is_x)
    x_asked, y_asked = torch.from_numpy(asked.pictures)[:, None], torch.from_numpy(asked.is_x)
    torch.manual_seed(experiment.seed)
    learners = [_Learner(network) for network in networks()]
    for number in range(1, epochs + 1):
        order = torch.randperm(len(x)).split(BATCH)
        scores: list[Score] = []
        for learner in learners:
            for batch in order:
                learner.step(x[batch], y[batch])
            right = learner.answers(x_asked) == y_asked
            by_place = right.reshape(PLACES, PLACES, PICTURES_PER_PLACE).sum(-1).numpy()
            training = float((learner.answers(x) == y).double().mean())
            scores.append(Score(training, by_place))
        yield Epoch(number, *scores)


def networks() -> "tuple[nn.Sequential, nn.Sequential]":
    """Make the MLP and the CNN, (N, 1, 16, 16) to (N, 1): above 0 says that there is an X. Imports torch."""
    from torch import nn

    mlp = nn.Sequential(nn.Flatten(), nn.Linear(SIDE * SIDE, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, 1))
    cnn = nn.Sequential(
        nn.Conv2d(1, KERNELS, BOX), nn.ReLU(), nn.AdaptiveMaxPool2d(1), nn.Flatten(), nn.Linear(KERNELS, 1)
    )
    return mlp, cnn


class _Learner:
    """A network and what Adam (Kingma and Ba, 2015, algorithm 1) remembers of its gradients.

    Written out: making an optimizer of PyTorch loads its compiler, which takes longer than the whole experiment.
    """

    def __init__(self, network: "nn.Sequential") -> None:
        import torch

        self._network = network
        self._weights = list(network.parameters())
        self._means = [torch.zeros_like(weight) for weight in self._weights]
        self._squares = [torch.zeros_like(weight) for weight in self._weights]
        self._steps = 0

    def step(self, x: "Tensor", y: "Tensor") -> None:
        """Learn from a batch."""
        import torch
        from torch.nn import functional

        loss = functional.binary_cross_entropy_with_logits(self._network(x)[:, 0], y.float())
        gradients = torch.autograd.grad(loss, self._weights)
        self._steps += 1
        rate = RATE / (1 - _MEMORY**self._steps)
        correction = 1 - _SQUARES_MEMORY**self._steps
        with torch.no_grad():
            for weight, gradient, mean, square in zip(
                self._weights, gradients, self._means, self._squares, strict=True
            ):
                mean.mul_(_MEMORY).add_(gradient, alpha=1 - _MEMORY)
                square.mul_(_SQUARES_MEMORY).addcmul_(gradient, gradient, value=1 - _SQUARES_MEMORY)
                weight.addcdiv_(mean, (square / correction).sqrt().add_(1e-8), value=-rate)

    def answers(self, x: "Tensor") -> "Tensor":
        """(N,): where the network sees an X."""
        import torch

        with torch.no_grad():
            return torch.cat([self._network(some)[:, 0] > 0 for some in x.split(_AT_ONCE)])


def _score(plain: dict[str, Any]) -> Score:
    right = np.array(plain["right"], dtype=np.int64)
    if right.shape != (PLACES, PLACES) or right.min() < 0 or right.max() > PICTURES_PER_PLACE:
        raise ValueError
    return Score(float(plain["training"]), right)


# ---------------------------------------------------------------------------------------------------- as a program


def main(arguments: Sequence[str] | None = None) -> int:
    """Run an experiment and print it, one line of JSON an event: start, epoch, end or error."""
    parser = argparse.ArgumentParser(prog=f"python -m {MODULE}", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--part", choices=PARTS, default="corner", help="where the X's of the training lie")
    parser.add_argument("--seed", type=int, default=0, help=f"0 to {MAX_SEED}")
    parser.add_argument("--child", action="store_true", help="end when the standard input does")
    chosen = parser.parse_args(arguments)
    if chosen.child:
        threading.Thread(target=_end_with_input, daemon=True).start()
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    try:
        experiment = Experiment(chosen.part, chosen.seed)
        _say(json.dumps(_start(experiment)))
        for epoch in run(experiment):
            _say(epoch.to_line(experiment.part))
        _say(json.dumps({"event": "end"}))
    except BrokenPipeError:
        # Nobody listens any more. What Python still has to write at its end must not fail as well.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (CnnlabError, ImportError, RuntimeError, MemoryError) as error:
        told = _explain(error)
        _say(json.dumps({"event": "error", "message": str(told), "told": told.to_plain()}))
        return 1
    return 0


def _start(experiment: Experiment) -> dict[str, Any]:
    return {
        "event": "start",
        "part": experiment.part,
        "seed": experiment.seed,
        "epochs": EPOCHS,
        "pictures": TRAINING_PICTURES,
        "parameters": {"mlp": MLP_PARAMETERS, "cnn": CNN_PARAMETERS},
    }


def _explain(error: Exception) -> Message:
    if isinstance(error, CnnlabError):
        return error.message
    if isinstance(error, ImportError) and is_out_of_memory(error):
        return message("There is not enough memory to load PyTorch: close other programs, or try again later.")
    if isinstance(error, ImportError):
        return message(
            "PyTorch cannot be loaded here ({reason}): install the packages of requirements.txt.", reason=reason(error)
        )
    return message("PyTorch could not go on ({reason}): close other programs and try again.", reason=reason(error))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _end_with_input() -> None:
    # From the descriptor itself: a thread that is inside sys.stdin when Python ends would bring it down.
    with contextlib.suppress(OSError):
        while os.read(0, 4096):
            pass
    os._exit(1)


def as_part(word: str) -> Part:
    """The word as the type that it is.

    Raises:
        TrainingError: a part that there is not.
    """
    return Experiment(cast(Part, word)).part


if __name__ == "__main__":
    raise SystemExit(main())
