"""How many weights the first layer of an MLP has for a picture, and how many a kernel has for any picture."""

from dataclasses import dataclass

from cnnlab import lecture
from cnnlab.layers import Conv2d, Linear

SIDES = (11, 4096)
"""Pixels along one side of the picture: room for the largest kernel, and as much as a linear layer takes."""
UNITS, KERNELS, KERNEL = (1, 10_000), (1, 1_000), (1, 11)


@dataclass(frozen=True)
class Sizes:
    """A grey picture, and the two layers that read it.

    Args:
        height, width: of the picture, in pixels.
        units: of the MLP's first layer.
        kernel: rows and columns of a kernel.
        kernels: how many there are.

    >>> sizes = Sizes(400, 400, units=100)
    >>> sizes.pixels, sizes.mlp_weights, sizes.mlp.num_params((sizes.pixels,))
    (160000, 16000000, 16000100)
    >>> sizes.kernel_parameters  # 3 * 3 + 1
    10
    """

    height: int = lecture.PICTURE_SIZES[0][0]
    width: int = lecture.PICTURE_SIZES[0][1]
    units: int = 100
    kernel: int = 3
    kernels: int = 1

    @property
    def pixels(self) -> int:
        return self.height * self.width

    @property
    def mlp(self) -> Linear:
        return Linear(self.pixels, self.units)

    @property
    def convolution(self) -> Conv2d:
        return Conv2d(1, self.kernels, kernel_size=self.kernel)

    @property
    def mlp_weights(self) -> int:
        return self.mlp_parameters - self.units

    @property
    def mlp_parameters(self) -> int:
        return self.mlp.num_params((self.pixels,))

    @property
    def mlp_products(self) -> int:
        """Multiplications for one picture."""
        return self.mlp.macs((self.pixels,))

    @property
    def kernel_parameters(self) -> int:
        return self.convolution.num_params((1, self.height, self.width))

    @property
    def kernel_products(self) -> int:
        """Multiplications for one picture."""
        return self.convolution.macs((1, self.height, self.width))

    @property
    def places(self) -> tuple[int, int]:
        """Rows and columns of the places that a kernel has."""
        _, rows, columns = self.convolution.output_shape((1, self.height, self.width))
        return rows, columns
