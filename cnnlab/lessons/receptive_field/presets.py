"""Named stacks of the receptive-field page, each with what it is there to show."""

from dataclasses import dataclass

from cnnlab import lecture
from cnnlab.lessons.receptive_field.stack import Stack, Unit, parse_layers


@dataclass(frozen=True)
class StackPreset:
    """One of the page's examples.

    Args:
        key: its name in code and tests.
        label: its name on a button.
        stack: size and layers.
        remark: what there is to see.
        unit: which unit is selected; the middle of the last map if None.
        view: which drawing shows it best: maps or side.
        picture: what the input shows, or none.
    """

    key: str
    label: str
    stack: Stack
    remark: str
    unit: Unit | None = None
    view: str = "maps"
    picture: str = "none"


def _stack(size: int, text: str) -> Stack:
    return Stack(size, parse_layers(text))


LENET5 = _stack(32, "c5,p2,c5,p2,c5")

STACK_PRESETS = (
    StackPreset(
        "lecture",
        "5×5, 3×3, 2×2",
        _stack(len(lecture.INPUT), f"c{len(lecture.KERNEL)},c{lecture.SECOND_KERNEL_SIZE}"),
        "The lecture's two layers (slide 15): a unit of the first map sees 3×3 pixels, one of the second 2×2 units of "
        "the first, which together see 4×4 pixels: they overlap.",
        (2, 0, 0),
        "side",
    ),
    StackPreset(
        "two_3x3",
        "3×3 twice",
        _stack(9, "c3,c3"),
        "Two kernels of 3×3, one after the other, see as much as one of 5×5. They have fewer weights, and one "
        "more ReLU between them: why VGG has small kernels only (Simonyan and Zisserman 2014).",
        view="side",
    ),
    StackPreset(
        "one_5x5",
        "5×5 once",
        _stack(9, "c5"),
        "One kernel of 5×5 sees 5×5 pixels with 25 weights for each pair of channels; two of 3×3 see the same with 18.",
        view="side",
    ),
    StackPreset(
        "lenet5",
        "LeNet-5",
        LENET5,
        "LeNet-5 on a picture of CIFAR-10: 5, 6, 14, 16, and the third convolution sees all 32×32 pixels. From the "
        "first pooling on, units stand 2 pixels apart, so each extra kernel cell adds 2 pixels.",
        (3, 5, 5),
        picture="frog",
    ),
    StackPreset(
        "strides",
        "Stride 2, three times",
        _stack(31, "c3s2,c3s2,c3s2"),
        "Every stride of 2 doubles what all later kernels add: 3, 7, 15. With a stride of 1 it would be 3, 5, 7.",
        view="side",
    ),
    StackPreset(
        "gridding",
        "Dilation 2, 2, 2",
        _stack(17, "c3d2,c3d2,c3d2"),
        "Three dilated kernels span 13×13 pixels, but only every second one has a path: 7×7 of them. Neighbouring "
        "units look at pixels that never meet. This is called gridding.",
        view="side",
    ),
    StackPreset(
        "hybrid",
        "Dilation 1, 2, 3",
        _stack(17, "c3,c3d2,c3d3"),
        "The same span of 13×13 without holes: growing dilations fill each other's gaps (Wang et al. 2018, "
        '"Understanding convolution for semantic segmentation").',
        view="side",
    ),
    StackPreset(
        "vgg16",
        "VGG-16's first layers",
        _stack(32, "c3p1,c3p1,p2,c3p1,c3p1,p2,c3p1,c3p1"),
        "VGG-16 up to its sixth convolution, on 32×32 pixels instead of the 224×224 that it is made for: 3, 5, 6, 10, "
        "14, 16, 24, 32. A unit at the rim sees a good deal of padding.",
        (8, 1, 4),
        picture="frog",
    ),
)
"""From the smallest to the deepest, as one would show them."""

DEFAULT = next(preset for preset in STACK_PRESETS if preset.key == "lenet5")


def preset_of(stack: Stack) -> StackPreset | None:
    """Find the preset with exactly this stack."""
    return next((preset for preset in STACK_PRESETS if preset.stack == stack), None)
