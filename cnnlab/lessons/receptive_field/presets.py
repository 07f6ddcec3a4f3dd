"""Named stacks of the receptive-field page, each with what it is there to show."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cnnlab import lecture
from cnnlab.lessons.receptive_field.stack import Stack, Unit, parse_layers
from cnnlab.presets import Preset
from cnnlab.texts import message


@dataclass(frozen=True)
class StackSettings:
    """What the page shows.

    Args:
        stack: size and layers.
        unit: which unit is selected; the middle of the last map if None.
        view: which drawing shows it best: maps or side.
        picture: what the input shows, or none.
    """

    stack: Stack
    unit: Unit | None = None
    view: str = "maps"
    picture: str = "none"


def _stack(size: int, text: str) -> Stack:
    return Stack(size, parse_layers(text))


LENET5 = _stack(32, "c5,p2,c5,p2,c5")

PRESETS: Mapping[str, Preset[StackSettings]] = MappingProxyType(
    {
        "lecture": Preset(
            message("5×5, 3×3, 2×2"),
            message(
                "The lecture's two layers (slide 15): a unit of the first map sees 3×3 pixels, one of the second 2×2 "
                "units of the first. Because these overlap, together they see 4×4 pixels."
            ),
            StackSettings(
                _stack(len(lecture.INPUT), f"c{len(lecture.KERNEL)},c{lecture.SECOND_KERNEL_SIZE}"), (2, 0, 0), "side"
            ),
        ),
        "two_3x3": Preset(
            message("3×3 twice"),
            message(
                "Two kernels of 3×3, one after the other, see as much as one of 5×5. They have fewer weights, and one "
                "more ReLU between them: that is why VGG has only small kernels (Simonyan and Zisserman 2014)."
            ),
            StackSettings(_stack(9, "c3,c3"), view="side"),
        ),
        "one_5x5": Preset(
            message("5×5 once"),
            message(
                "One kernel of 5×5 sees 5×5 pixels with 25 weights for each pair of channels; two of 3×3 see the same "
                "with 18."
            ),
            StackSettings(_stack(9, "c5"), view="side"),
        ),
        "lenet5": Preset(
            message("LeNet-5"),
            message(
                "LeNet-5 on a picture of CIFAR-10: 5, 6, 14, 16, and the third convolution sees all 32×32 pixels. From "
                "the first pooling on, units stand 2 pixels apart, so each extra kernel cell adds 2 pixels."
            ),
            StackSettings(LENET5, (3, 5, 5), picture="frog"),
        ),
        "strides": Preset(
            message("Stride 2, three times"),
            message(
                "Every stride of 2 doubles what all later kernels add: 3, 7, 15. With a stride of 1 it would be 3, 5, "
                "7."
            ),
            StackSettings(_stack(31, "c3s2,c3s2,c3s2"), view="side"),
        ),
        "gridding": Preset(
            message("Dilation 2, 2, 2"),
            message(
                "Three dilated kernels span 13×13 pixels, but only every second one has a path: 7×7 of them. "
                "Neighbouring units look at pixels that never meet. This is called gridding."
            ),
            StackSettings(_stack(17, "c3d2,c3d2,c3d2"), view="side"),
        ),
        "hybrid": Preset(
            message("Dilation 1, 2, 3"),
            message(
                "The same span of 13×13 without holes: growing dilations fill each other's gaps (Wang et al. 2018, "
                '"Understanding convolution for semantic segmentation").'
            ),
            StackSettings(_stack(17, "c3,c3d2,c3d3"), view="side"),
        ),
        "vgg16": Preset(
            message("VGG-16's first layers"),
            message(
                "VGG-16 up to its sixth convolution, on 32×32 pixels instead of the 224×224 that it is made for: 3, 5, "
                "6, 10, 14, 16, 24, 32. A unit at the edge sees a good deal of padding."
            ),
            StackSettings(_stack(32, "c3p1,c3p1,p2,c3p1,c3p1,p2,c3p1,c3p1"), (8, 1, 4), picture="frog"),
        ),
    }
)
"""From the smallest to the deepest, as one would show them."""

DEFAULT = PRESETS["lenet5"].settings


def preset_of(stack: Stack) -> Preset[StackSettings] | None:
    """Find the preset with exactly this stack."""
    return next((preset for preset in PRESETS.values() if preset.settings.stack == stack), None)
