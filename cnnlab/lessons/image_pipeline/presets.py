"""Named pipelines, those of courses and papers and one for each usual mistake, each with what there is to see.

Sources: crops of 32 with a padding of 4 and flips for CIFAR-10 after K. He, X. Zhang, S. Ren and J. Sun, "Deep residual
learning for image recognition" (2016); mean and standard deviation of CIFAR-10 are those of its training pictures, and
the ones of ImageNet those that torchvision's models were trained with.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cnnlab.lessons.image_pipeline.pipeline import Pipeline, parse_pipeline
from cnnlab.presets import Preset
from cnnlab.texts import message

CIFAR10 = "0.4914,0.4822,0.4465:0.247,0.2435,0.2616"
IMAGENET = "0.485,0.456,0.406:0.229,0.224,0.225"
HALVES = "0.5,0.5,0.5:0.5,0.5,0.5"


@dataclass(frozen=True)
class PipelineSettings:
    """What the page shows.

    Args:
        pipeline: the steps.
        step: the one to look at, counted from 0; behind the last one comes the network's first layer.
    """

    pipeline: Pipeline
    step: int


def _steps(text: str, step: int | None = None) -> PipelineSettings:
    """Show `step`, or the network's first layer."""
    pipeline = parse_pipeline(text)
    return PipelineSettings(pipeline, len(pipeline.steps) if step is None else step)


PRESETS: Mapping[str, Preset[PipelineSettings]] = MappingProxyType(
    {
        "halves": Preset(
            message("To numbers from −1 to 1"),
            message(
                "The shortest way into a network: bytes from 0 to 255 become floats from 0 to 1, and Normalize with "
                "0.5 and 0.5 rescales them to −1 … 1."
            ),
            _steps(f"open;tensor;normalize:{HALVES}", 1),
        ),
        "cifar": Preset(
            message("CIFAR-10, for training"),
            message(
                "Each time a picture is asked for, it is shifted and perhaps flipped, so the network never sees "
                "exactly the same one twice. Change the seed to see another crop."
            ),
            _steps(f"open;crop:32:4;flip:0.5;tensor;normalize:{CIFAR10}", 1),
        ),
        "imagenet": Preset(
            message("ImageNet, for evaluation"),
            message(
                "Every picture, however large, ends as 3 × 224 × 224, and nothing is random. A tiny picture is only "
                "enlarged."
            ),
            _steps(f"open;resize:256;center:224;tensor;normalize:{IMAGENET}", 4),
        ),
        "v2": Preset(
            message("The same, in v2's form"),
            message(
                "ToTensor in two steps: ToImage puts the channels first, ToDtype divides by 255. See what each of them "
                "leaves alone."
            ),
            _steps(f"open;image;resize:256;center:224;float:True;normalize:{IMAGENET}", 1),
        ),
        "read": Preset(
            message("read_image, straight to a tensor"),
            message(
                "No PIL image on the way: bytes with the channels first, right from the file. They still have to "
                "become floats."
            ),
            _steps(f"read;resize:64;float:True;normalize:{HALVES}", 0),
        ),
        "early": Preset(
            message("Mistake: Normalize before ToTensor"),
            message("PyTorch refuses it. Read what it says, and swap the two steps."),
            _steps(f"open;normalize:{HALVES};tensor", 1),
        ),
        "floats": Preset(
            message("Mistake: ToTensor on floats"),
            message(
                "There is no error message, but the picture is almost white: ToTensor divides only bytes. Make the "
                "array uint8."
            ),
            _steps(f"open;numpy:float32;tensor;normalize:{HALVES}", 2),
        ),
        "targets": Preset(
            message("Mistake: mean and std as targets"),
            message(
                "Writing mean=0.2 does not give a mean of 0.2: Normalize subtracts it. Compare the means before and "
                "after."
            ),
            _steps("open;tensor;normalize:0.2,0.2,0.2:0.1,0.1,0.1", 2),
        ),
        "channels_last": Preset(
            message("Mistake: channels last into a convolution"),
            message(
                "For drawing the channels go last, for a network they must be first. See what the convolution says."
            ),
            _steps("open;tensor;permute:hwc"),
        ),
        "torn": Preset(
            message("Mistake: reshape instead of permute"),
            message(
                "The shape is right, the convolution takes it, and there is no error message: the picture is torn to "
                "pieces."
            ),
            _steps("open;tensor;permute:hwc;reshape", 3),
        ),
        "grey": Preset(
            message("Mistake: a grey picture for three channels"),
            message("One channel is left, and the network wants three. Ask Grayscale for three."),
            _steps("open;gray:1;tensor"),
        ),
        "bytes": Preset(
            message("Mistake: bytes into a convolution"),
            message("The shape is right, but the numbers are bytes. Add ToDtype at the end, and try scale=False, too."),
            _steps("read"),
        ),
    }
)
DEFAULT = PRESETS["halves"].settings


def preset_of(pipeline: Pipeline) -> str | None:
    """The preset that these steps are."""
    return next((name for name, preset in PRESETS.items() if preset.settings.pipeline == pipeline), None)
