"""The scripts that do what the page does: one picture through the pipeline, and a whole data set through it."""

import re
from collections.abc import Sequence

from cnnlab.lessons.image_pipeline.pipeline import Pipeline
from cnnlab.lessons.image_pipeline.sentences import CONV
from cnnlab.lessons.image_pipeline.snapshots import Outcome, Snapshot
from cnnlab.lessons.image_pipeline.steps import (
    Dialect,
    Grayscale,
    Normalize,
    Permute,
    ReadImage,
    Reshape,
    Step,
    ToImage,
    ToNumpy,
    ToTensor,
)
from cnnlab.pytorch_text import Style

MAX_LINE = 110
"""Characters of a line of code."""

_IMPORTS = {
    r"\bnp\.": "import numpy as np",
    r"\btorch\.": "import torch",
    r"\bImage\.open\b": "from PIL import Image",
    r"\bDataLoader\b": "from torch.utils.data import DataLoader",
    r"\bdatasets\.": "from torchvision import datasets",
    r"\btransforms\.": "from torchvision import transforms",
    r"\bread_image\b": "from torchvision.io import read_image",
    r"\bv2\.": "from torchvision.transforms import v2",
}
"""What a script that says this has to import, in the order of its lines."""


def pipeline_code(
    pipeline: Pipeline, count: int, seed: int, outcome: Outcome | None = None, style: Style = "short"
) -> str:
    """Write the script that runs the first `count` steps on `picture.png`; all of them, and a convolution follows.

    Args:
        outcome: what came out, for the comments.
        style: "slides" for `Compose` on one line, and one number where it is the same for all channels.
    """
    reached = len(outcome.snapshots) if outcome else 0
    source, *others = pipeline.steps[:count]
    opened = source.code(pipeline.dialect)
    body = [f"torch.manual_seed({seed})"] if any(step.is_random for step in others) else []
    body += (
        [*_compose(others, pipeline.dialect, style, reached - 1), f"x = pipeline({opened})"]
        if others
        else [f"x = {opened}"]
    )
    snapshots = outcome.snapshots if outcome else ()
    if outcome and outcome.failure and outcome.failure.type_name and count > len(snapshots):
        body[-1] += f"  # raises {outcome.failure.type_name}"
    body += [_printed(snapshots[count - 1] if count <= len(snapshots) else None)]
    if count == len(pipeline.steps):
        made = str(outcome.conv_shape) if outcome and outcome.conv_shape else None
        if outcome and outcome.conv_failure:
            made = f"raises {outcome.conv_failure.type_name}"
        body += ["", f"convolution = torch.nn.{CONV}"]
        body += ["print(tuple(convolution(x).shape))" + (f"  # {made}" if made else "")]
    return _with_imports(body)


def dataset_code(pipeline: Pipeline, seed: int, last: Snapshot | None, style: Style = "short") -> str:
    """Write the script that puts the pipeline into CIFAR-10 and a loader, with two layers behind it.

    Args:
        last: what the page's picture is at the end of the pipeline; None if it does not get there.
    """
    steps = pipeline.steps[1:]
    if isinstance(pipeline.steps[0], ReadImage):
        # A data set opens its files with Pillow, so what read_image would have done is a step.
        steps = (ToImage(), *steps)
    dialect = Pipeline(steps).dialect
    body = [
        f"torch.manual_seed({seed})",
        *_compose(steps, dialect, style, len(steps) if last else 0),
        "",
        "# Each picture is a PIL image, and goes through the pipeline whenever it is asked for.",
        'train = datasets.CIFAR10("data", train=True, download=True, transform=pipeline)',
        "# Your own pictures, a folder for each class, such as pictures/cat/1.png and pictures/dog/1.png:",
        '# train = datasets.ImageFolder("pictures", transform=pipeline)',
        "loader = DataLoader(train, batch_size=64, shuffle=True)",
        "",
    ]
    shape = cifar_shape(pipeline, last)
    body += ["images, labels = next(iter(loader))"]
    if shape is None:
        return _with_imports([*body, "print(type(images))"])
    channels, height, width = shape
    axes = ", ".join(("N", *last.axes)) if last else ""
    body += [f"print(tuple(images.shape))  # (64, {channels}, {height}, {width}): {axes}"]
    if channels == 3 and min(height, width) >= 6:
        high, wide = height - 4, width - 4
        body += [
            "",
            f"convolution = torch.nn.{CONV}",
            "pooling = torch.nn.MaxPool2d(2)",
            "maps = convolution(images)",
            f"print(tuple(maps.shape))  # (64, 6, {high}, {wide}): {height} - 5 + 1 = {high}",
            "smaller = pooling(maps)",
            f"print(tuple(smaller.shape))  # (64, 6, {high // 2}, {wide // 2})",
        ]
    return _with_imports(body)


def cifar_shape(pipeline: Pipeline, last: Snapshot | None) -> tuple[int, ...] | None:
    """The shape of CIFAR-10's pictures after the pipeline; None where it does not end in floats, along three axes.

    Args:
        last: what the page's picture is at the end of the pipeline.
    """
    if last is None or last.kind != "tensor" or not last.is_float or len(last.shape) != 3:
        return None
    shape: tuple[int, ...] = (3, 32, 32) if isinstance(pipeline.steps[0], ReadImage) else (32, 32, 3)
    is_tensor = isinstance(pipeline.steps[0], ReadImage)
    for step in pipeline.steps[1:]:
        after = _shape_after(step, shape, is_tensor=is_tensor)
        if after is None:
            return None
        shape = after
        is_tensor = not isinstance(step, ToNumpy) and (is_tensor or isinstance(step, ToTensor | ToImage))
    return shape


def _shape_after(step: Step, shape: tuple[int, ...], *, is_tensor: bool) -> tuple[int, ...] | None:
    """What one step makes of a shape; None where it does not fit.

    Args:
        is_tensor: torchvision takes a tensor's last two axes for height and width, and of anything else the first two.
    """
    match step:
        case ToTensor() | ToImage():
            return shape if is_tensor else (shape[2] if len(shape) == 3 else 1, *shape[:2])
        case Permute():
            return tuple(shape[axis] for axis in step.axes) if len(shape) == 3 else None
        case Reshape():
            return shape[-1], *shape[:-1]
        case Grayscale():
            channels = int(step.num_output_channels)
            if is_tensor:
                return channels, *shape[1:]
            return (*shape[:2], channels) if channels > 1 else shape[:2]  # Pillow's grey pictures have no third axis
        case ToNumpy():
            return shape
        case _:
            made = step.made_size(*(shape[-2:] if is_tensor else shape[:2]))
            if made is None:
                return None
            return (*shape[:-2], *made) if is_tensor else (*made, *shape[2:])


def _compose(steps: Sequence[Step], dialect: Dialect, style: Style, reached: int) -> list[str]:
    """Write the pipeline; so many of its steps are known to run."""
    written = [step.code(dialect) for step in steps]
    if style == "slides":
        # One number stands for all channels, however many: a step that does not run keeps what is wrong with it.
        written = [
            _one_for_all(step, dialect) or code if number < reached else code
            for number, (step, code) in enumerate(zip(steps, written, strict=True))
        ]
        line = f"pipeline = {dialect}.Compose([{', '.join(written)}])"
        if len(line) <= MAX_LINE:
            return [line]
    return [f"pipeline = {dialect}.Compose([", *(f"    {code}," for code in written), "])"]


def _one_for_all(step: Step, dialect: Dialect) -> str | None:
    """`transforms.Normalize(0.5, 0.5)`; None where the channels differ, and for v2, which takes lists alone."""
    if not isinstance(step, Normalize) or dialect != "transforms" or len({*step.mean}) > 1 or len({*step.std}) > 1:
        return None
    return f"transforms.{step.title}({float(step.mean[0])!r}, {float(step.std[0])!r})"


def _printed(snapshot: Snapshot | None) -> str:
    if snapshot is None:
        return "print(type(x))"
    if snapshot.kind == "pil":
        height, width = snapshot.shape[:2]
        return f"print(x.mode, x.size)  # {snapshot.dtype} ({width}, {height}): width, height"
    return f"print(x.dtype, tuple(x.shape))  # {snapshot.dtype} {snapshot.shape}"


def _with_imports(body: Sequence[str]) -> str:
    text = "\n".join(body)
    imports = [line for said, line in _IMPORTS.items() if re.search(said, text)]
    return "\n".join([*imports, "", text])
