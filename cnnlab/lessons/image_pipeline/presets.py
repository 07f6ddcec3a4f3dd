"""Named pipelines, those of courses and papers and one for each usual mistake, each with what there is to see.

Sources: crops of 32 with a padding of 4 and flips for CIFAR-10 after K. He, X. Zhang, S. Ren and J. Sun, "Deep residual
learning for image recognition" (2016); mean and standard deviation of CIFAR-10 are those of its training pictures, and
the ones of ImageNet those that torchvision's models were trained with.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cnnlab.lessons.image_pipeline.pipeline import Pipeline, parse_pipeline

CIFAR10 = "0.4914,0.4822,0.4465:0.247,0.2435,0.2616"
IMAGENET = "0.485,0.456,0.406:0.229,0.224,0.225"
HALVES = "0.5,0.5,0.5:0.5,0.5,0.5"


@dataclass(frozen=True)
class PipelinePreset:
    """What a name stands for.

    Args:
        title: how the menu calls it.
        note: a sentence or two on what there is to see.
        pipeline: the steps.
        step: the one to look at, counted from 0; behind the last one comes the network's first layer.
    """

    title: str
    note: str
    pipeline: Pipeline
    step: int


def _preset(title: str, note: str, steps: str, step: int | None = None) -> PipelinePreset:
    """Make one that shows `step`, or the network's first layer."""
    pipeline = parse_pipeline(steps)
    return PipelinePreset(title, note, pipeline, len(pipeline.steps) if step is None else step)


PRESETS: Mapping[str, PipelinePreset] = MappingProxyType(
    {
        "halves": _preset(
            "To numbers from −1 to 1",
            "The shortest way into a network: bytes from 0 to 255 become floats from 0 to 1, and Normalize with 0.5 and"
            " 0.5 rescales them to −1 … 1.",
            f"open;tensor;normalize:{HALVES}",
            1,
        ),
        "cifar": _preset(
            "CIFAR-10, for training",
            "Each time a picture is asked for it is moved and turned a little, so that the network never sees quite the"
            " same. Change the seed, and see another crop.",
            f"open;crop:32:4;flip:0.5;tensor;normalize:{CIFAR10}",
            1,
        ),
        "imagenet": _preset(
            "ImageNet, for evaluation",
            "Every picture, however large, ends as 3 × 224 × 224, and nothing is drawn at random. A tiny one is only"
            " blown up.",
            f"open;resize:256;center:224;tensor;normalize:{IMAGENET}",
            4,
        ),
        "v2": _preset(
            "The same, in v2's form",
            "ToTensor in two steps: ToImage puts the channels first, ToDtype divides by 255. See what each of them"
            " leaves alone.",
            f"open;image;resize:256;center:224;float:True;normalize:{IMAGENET}",
            1,
        ),
        "read": _preset(
            "read_image, straight to a tensor",
            "No PIL image on the way: bytes, channels first, from the file on. They still have to become floats.",
            f"read;resize:64;float:True;normalize:{HALVES}",
            0,
        ),
        "early": _preset(
            "Mistake: Normalize before ToTensor",
            "PyTorch refuses it. Read what it says, and swap the two steps.",
            f"open;normalize:{HALVES};tensor",
            1,
        ),
        "floats": _preset(
            "Mistake: ToTensor on floats",
            "No error, but the picture drowns in light: ToTensor divides bytes only. Make the array uint8.",
            f"open;numpy:float32;tensor;normalize:{HALVES}",
            2,
        ),
        "targets": _preset(
            "Mistake: mean and std as targets",
            "Writing mean=0.2 does not give a mean of 0.2: Normalize subtracts it. Compare the means before and after.",
            "open;tensor;normalize:0.2,0.2,0.2:0.1,0.1,0.1",
            2,
        ),
        "channels_last": _preset(
            "Mistake: channels last into a convolution",
            "For drawing the channels go last, for a network they must be first. See what the convolution says.",
            "open;tensor;permute:hwc",
        ),
        "torn": _preset(
            "Mistake: reshape instead of permute",
            "The shape is right, the convolution takes it, and there is no error message: the picture is torn to "
            "pieces.",
            "open;tensor;permute:hwc;reshape",
            3,
        ),
        "grey": _preset(
            "Mistake: a grey picture for three channels",
            "One channel is left, and the network wants three. Ask Grayscale for three.",
            "open;gray:1;tensor",
        ),
        "bytes": _preset(
            "Mistake: bytes into a convolution",
            "The shape is right, but the numbers are bytes. Add ToDtype at the end, and try scale=False, too.",
            "read",
        ),
    }
)
DEFAULT = PRESETS["halves"]


def preset_of(pipeline: Pipeline) -> str | None:
    """The preset that these steps are."""
    return next((name for name, preset in PRESETS.items() if preset.pipeline == pipeline), None)
