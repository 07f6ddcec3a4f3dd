"""One convolution of a matrix with a matrix, as the convolution page sets it up and steps through it."""

from dataclasses import dataclass

import numpy as np

from cnnlab.matrices import Matrix


@dataclass(frozen=True, eq=False)
class ConvSettings:
    """All that decides the numbers on the convolution page: one input channel, one kernel, square stride and padding.

    Args:
        input: (H, W)
        kernel: (FH, FW), as the learner typed it.
        padding_mode: zeros, reflect, replicate or circular.
        flip: turn the kernel by 180 degrees first, as mathematicians' convolution does.
        step: index of the output cell that is looked at, row by row from 0.
    """

    input: Matrix
    kernel: Matrix
    stride: int = 1
    padding: int = 0
    padding_mode: str = "zeros"
    dilation: int = 1
    bias: float = 0.0
    flip: bool = False
    step: int = 0

    @property
    def effective_kernel(self) -> Matrix:
        """The (FH, FW) weights as they meet the window: the kernel, turned by 180 degrees where `flip` is set."""
        return np.ascontiguousarray(self.kernel[::-1, ::-1]) if self.flip else self.kernel

    @property
    def flip_changes_nothing(self) -> bool:
        """Whether the kernel looks the same after a turn by 180 degrees.

        >>> ConvSettings(np.zeros((5, 5)), np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]])).flip_changes_nothing
        True
        """
        return bool(np.array_equal(self.kernel, self.kernel[::-1, ::-1]))
