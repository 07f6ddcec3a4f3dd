"""Windows and arrays drawn at random by hypothesis, and the comparison with what torch makes of them."""

from dataclasses import dataclass

import numpy as np
import torch
from hypothesis import strategies as st

from cnnlab.ops.arguments import Array

KINDS = ("int", "float64", "float32")


@dataclass(frozen=True)
class Axis:
    """Settings along one axis that work together."""

    size: int
    kernel_size: int
    stride: int
    padding: int
    dilation: int


@st.composite
def axes(draw: st.DrawFn, mode: str = "zeros", most_padding: int = 3, pooling: bool = False) -> Axis:
    kernel_size = draw(st.integers(1, 4))
    dilation = draw(st.integers(1, 3))
    padding = draw(st.integers(0, kernel_size // 2 if pooling else most_padding))
    smallest = {"reflect": padding + 1, "circular": padding}.get(mode, 1)
    smallest = max(smallest, dilation * (kernel_size - 1) + 1 - 2 * padding, 1)
    return Axis(smallest + draw(st.integers(0, 5)), kernel_size, draw(st.integers(1, 4)), padding, dilation)


def pairs(rows: Axis, columns: Axis, *names: str) -> dict[str, tuple[int, int]]:
    return {name: (getattr(rows, name), getattr(columns, name)) for name in names}


def numbers(seed: int, kind: str, shape: tuple[int, ...]) -> Array:
    generator = np.random.default_rng(seed)
    if kind == "int":
        return generator.integers(-9, 10, shape)
    return generator.standard_normal(shape).astype(kind)


def images(seed: int, kind: str, is_batch: bool, *shape: int) -> Array:
    return numbers(seed, kind, (2, *shape) if is_batch else shape)


def tensor(array: Array) -> torch.Tensor:
    """The same numbers in double precision, in which small integers are exact."""
    return torch.from_numpy(np.asarray(array, dtype=np.float64))


def assert_same(ours: Array, theirs: torch.Tensor, kind: str) -> None:
    assert ours.shape == tuple(theirs.shape)
    assert ours.dtype == ("int64" if kind == "int" else kind)
    if kind == "int":
        assert np.array_equal(ours, theirs.numpy())
    else:
        tolerance = 1e-4 if kind == "float32" else 1e-10
        np.testing.assert_allclose(ours, theirs.numpy(), rtol=tolerance, atol=tolerance)


seeds = st.integers(0, 2**32 - 1)
kinds = st.sampled_from(KINDS)
