"""Training: settings, records, the trainer itself, and runs in processes of their own.

Importing this does not load torch: `train` does, when it is called.
"""
# `train` looks at what it is given: many who call it do not check types.
# pyright: reportUnnecessaryIsInstance=false

from __future__ import annotations

from typing import TYPE_CHECKING

from cnnlab.data import Dataset
from cnnlab.errors import TrainingError, quoted
from cnnlab.networks import Network
from cnnlab.training.config import TrainingConfig
from cnnlab.training.progress import End, Progress, Start

if TYPE_CHECKING:
    from cnnlab.training.trainer import Run

__all__ = ["End", "Progress", "Start", "TrainingConfig", "train"]


def train(network: Network, dataset: Dataset, config: TrainingConfig | None = None) -> Run:
    """Train a network: an iterator of its progress, which also gives the result. Imports torch.

    Args:
        network: what to train, its weights drawn by the seed.
        dataset: what to learn from, and to be tested on.
        config: how; the default settings where none are given.

    Raises:
        TrainingError: the network cannot take these pictures, there are too few of them, the run would take millions of
            steps, or the device is missing.

    Example (a doctest would train)::

        run = train(lenet5(), load_dataset("cifar10-mini"), TrainingConfig(epochs=2))
        losses = [loss for progress in run for loss in progress.losses]
        print(run.finish().test_accuracy)
    """
    if not isinstance(network, Network):
        raise TrainingError(
            "The network to train is {given}: give a Network, lenet5() for instance.", given=quoted(network)
        )
    if not isinstance(dataset, Dataset):
        raise TrainingError(
            'The data to train on are {given}: give load_dataset("cifar10-mini"), for instance.',
            given=quoted(dataset),
        )
    if not isinstance(config, TrainingConfig | None):
        raise TrainingError(
            "The settings of the training are {given}: give TrainingConfig(epochs=2), for instance.",
            given=quoted(config),
        )
    from cnnlab.training.trainer import Run

    return Run(network, dataset, config or TrainingConfig())
