"""Named settings of the output-shape page, each with what it is there to show."""

from collections.abc import Mapping
from types import MappingProxyType

from cnnlab import lecture
from cnnlab.lessons.output_shape.settings import ShapeSettings
from cnnlab.presets import Preset
from cnnlab.texts import message


def _square(
    size: int,
    kernel: int,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
    ceil: bool = False,
    c: int = 1,
    n: int = 1,
) -> ShapeSettings:
    return ShapeSettings(
        size, size, kernel, kernel, padding, padding, stride, stride, dilation, dilation, ceil=ceil, c=c, n=n
    )


PRESETS: Mapping[str, Preset[ShapeSettings]] = MappingProxyType(
    {
        "two_kernels": Preset(
            message("3×9×9, two 3×5×5"),
            message(
                "The lecture's slide 28: each kernel is as deep as the input and gives one channel, so two kernels "
                "give 2×5×5. (The slide writes 5×5×2: height × width × channels.)"
            ),
            _square(
                lecture.KERNELS_INPUT[1], lecture.KERNELS_SIZE, c=lecture.KERNELS_INPUT[0], n=lecture.KERNELS_OUTPUT[0]
            ),
        ),
        "stride_1": Preset(
            message("7×7, stride 1"),
            message("The lecture's slide 25: a 3×3 kernel has five places along seven pixels: the output is 5×5."),
            _square(lecture.STRIDE_INPUT, lecture.STRIDE_KERNEL),
        ),
        "stride_2": Preset(
            message("7×7, stride 2"),
            message(
                "Slide 26: the same kernel, two pixels at a time, has three places along each axis, and the output is "
                "3×3."
            ),
            _square(lecture.STRIDE_INPUT, lecture.STRIDE_KERNEL, stride=2),
        ),
        "stride_3": Preset(
            message("7×7, stride 3"),
            message(
                "The stride does not divide evenly: the formula without a floor says 2.33, and the last row and column "
                "are never read."
            ),
            _square(lecture.STRIDE_INPUT, lecture.STRIDE_KERNEL, stride=3),
        ),
        "lenet": Preset(
            message("LeNet-5, layer 1"),
            message("The first layer of the lecture's LeNet-5 for CIFAR-10 (slide 33): 3×32×32 becomes 6×28×28."),
            _square(
                lecture.CIFAR_INPUT[1], lecture.LENET_KERNEL, c=lecture.CIFAR_INPUT[0], n=lecture.LENET_OUTPUTS[0][0]
            ),
        ),
        "alexnet": Preset(
            message("AlexNet, layer 1"),
            message(
                "The paper (Krizhevsky et al. 2012) says 224×224 in and 55×55 out, which takes a padding that it does "
                "not mention: with 2 the floor gives 55, with 0 it would give 54."
            ),
            _square(224, 11, stride=4, padding=2, c=3, n=96),
        ),
        "dilated": Preset(
            message("9×9, dilation 2"),
            message(
                "A 3×3 kernel with dilation 2 spans 5×5 pixels, so the output is as large as with a 5×5 kernel, with 9 "
                "weights a channel instead of 25."
            ),
            _square(9, 3, dilation=2, c=3, n=2),
        ),
        "ceil": Preset(
            message("6×6, ceil"),
            message(
                "Rounded up, a third window starts on pixel 5 and reaches one pixel beyond the input. Rounded down, "
                "the last row and column would be dropped."
            ),
            _square(6, 3, stride=2, ceil=True),
        ),
    }
)
"""The lecture's two kernels, strides, one that does not divide, two famous layers, and two extras."""

DEFAULT = PRESETS["two_kernels"].settings


def preset_of(settings: ShapeSettings) -> Preset[ShapeSettings] | None:
    """Find the preset with exactly these settings."""
    return next((preset for preset in PRESETS.values() if preset.settings == settings), None)
