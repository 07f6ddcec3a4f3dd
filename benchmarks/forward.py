"""How long a network takes in NumPy, against PyTorch with the same weights in the same process.

    python -m benchmarks.forward

Pictures and weights are drawn at random, as the time does not depend on them. Both may use all cores. The times are
medians; wanted is that LeNet-5 takes at most 20 ms for one picture and 400 ms for a hundred, tiny VGG 200 ms for one.
"""

import statistics
import time
from collections.abc import Callable

import numpy as np
import torch

from cnnlab.networks.zoo import ZOO

ROUNDS = 21
CASES = (("lenet5-cifar", 1, 20), ("lenet5-cifar", 100, 400), ("tiny-vgg", 1, 200))
"""Network, pictures, and how many milliseconds are wanted at most."""


def main() -> None:
    """Measure each case, and print a line for it."""
    print(f"{'network':14} {'pictures':>8} {'NumPy':>10} {'wanted':>10} {'PyTorch':>10} {'ratio':>6}")
    for name, count, wanted in CASES:
        network = ZOO[name]
        assert network.input_shape is not None
        module = network.to_torch().eval()
        weights = {key: value.numpy() for key, value in module.state_dict().items()}
        x = np.random.default_rng(0).random((count, *network.input_shape), np.float32)
        ours, theirs = _medians(lambda: network.forward(x, weights), lambda: module(torch.from_numpy(x)))  # noqa: B023
        print(f"{name:14} {count:8} {ours:7.1f} ms {wanted:7} ms {theirs:7.1f} ms {ours / theirs:6.1f}")


def _medians(*work: Callable[[], object]) -> list[float]:
    """Time each in turn, so that a busy minute hits all of them, and return the medians in milliseconds."""
    times: list[list[float]] = [[] for _ in work]
    with torch.no_grad():
        for _ in range(ROUNDS):
            for each, taken in zip(work, times, strict=True):
                start = time.perf_counter()
                each()
                taken.append(1000 * (time.perf_counter() - start))
    return [statistics.median(taken) for taken in times]


if __name__ == "__main__":
    main()
