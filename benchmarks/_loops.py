"""Training loops to compare ours with, each in a process of its own that runs when it is told to.

    python -m benchmarks._loops tutorial cifar10-mini 4

It loads torch and the pictures, prints "ready", and for every line with a number of seconds that it reads it trains so
long and prints the images per second.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from cnnlab.data import Dataset, load_dataset
from cnnlab.networks import lenet5
from cnnlab.training.trainer import has_native_bfloat16
from cnnlab.training.worker import NICENESS

WARM_UP_SECONDS = 1.5


def tutorial(dataset: Dataset, batch_size: int) -> Iterator[int]:
    """The loop of PyTorch's CIFAR-10 tutorial: pictures through transforms in two workers, a loss read every step."""
    from PIL import Image
    from torch.utils.data import DataLoader
    from torchvision import transforms

    transform: Callable[[Any], Any] = transforms.Compose(
        [transforms.ToTensor(), transforms.Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))],
    )

    class Pictures(torch.utils.data.Dataset[tuple[torch.Tensor, int]]):
        pixels = dataset.x_train.transpose(0, 2, 3, 1)
        labels = dataset.y_train.tolist()

        def __len__(self) -> int:
            return len(self.labels)

        def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
            return transform(Image.fromarray(np.ascontiguousarray(self.pixels[index]))), self.labels[index]

    loader = DataLoader(Pictures(), batch_size=batch_size, shuffle=True, num_workers=2)
    network = lenet5(3, dataset.num_classes).to_torch()
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(network.parameters(), lr=0.001, momentum=0.9)
    running_loss = 0.0
    while True:
        for images, labels in loader:
            optimizer.zero_grad()
            loss = criterion(network(images), labels)
            loss.backward()
            optimizer.step()
            running_loss += loss.item()
            yield len(labels)


def bare(dataset: Dataset, batch_size: int) -> Iterator[int]:
    """The same arithmetic as ours and nothing else: no records, no validation, no schedule, no commands."""
    pixels = torch.from_numpy(np.array(dataset.x_train.transpose(0, 2, 3, 1), order="C"))
    targets = torch.from_numpy(dataset.y_train.copy())
    shape = pixels.shape[1:]
    scale = torch.full(shape, 1 / 64)
    shift = torch.full(shape, -2.0)
    network = nn.Sequential(
        *(nn.Conv2d(3, 6, 5), nn.ReLU(), nn.AvgPool2d(2)),
        *(nn.Conv2d(6, 16, 5), nn.ReLU(), nn.AvgPool2d(2)),
        nn.Flatten(),
        *(nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 100), nn.ReLU(), nn.Linear(100, dataset.num_classes)),
    )
    network.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue] - torch's stub forgets it
    optimizer = torch.optim.SGD(network.parameters(), lr=0.001, momentum=0.9, nesterov=True, fused=True)
    half = has_native_bfloat16()
    while True:
        order = torch.randperm(len(targets))
        for start in range(0, len(targets) - batch_size + 1, batch_size):
            index = order[start : start + batch_size]
            batch = pixels.index_select(0, index)
            batch[: batch_size // 2] = batch[: batch_size // 2].flip(2)
            images = torch.addcmul(shift, batch.float(), scale).permute(0, 3, 1, 2)
            with torch.autocast("cpu", torch.bfloat16, enabled=half):
                logits = network(images)
            loss = functional.cross_entropy(logits.float(), targets.index_select(0, index))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            yield batch_size


LOOPS: dict[str, Callable[[Dataset, int], Iterator[int]]] = {"tutorial": tutorial, "bare": bare}


def measure(steps: Iterator[int], seconds: float) -> float:
    """Images per second, once the loop has found its pace."""
    warm = time.perf_counter() + WARM_UP_SECONDS
    while time.perf_counter() < warm:
        next(steps)
    images = 0
    begun = time.perf_counter()
    while time.perf_counter() - begun < seconds:
        images += next(steps)
    return images / (time.perf_counter() - begun)


def main() -> None:
    """Serve one loop until the input ends."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)  # as our own runs do, so that none has an advantage on a busy machine
    name, data, batch_size = sys.argv[1:]
    dataset = load_dataset(data)
    print("ready", flush=True)
    for line in sys.stdin:
        steps = LOOPS[name](dataset, int(batch_size))
        print(measure(steps, float(line)), flush=True)
        del steps  # and the loader's workers with it


if __name__ == "__main__":
    main()
