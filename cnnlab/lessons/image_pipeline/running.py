"""Running a pipeline with torchvision, in the process that may hold PyTorch: `ask_torch` asks it, `answer` is there."""

# PyTorch leaves parts of its own signatures untyped; ours are complete.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false

from __future__ import annotations

import base64
import warnings
from typing import TYPE_CHECKING, Any

from cnnlab.errors import CnnlabError
from cnnlab.lessons.image_pipeline.pipeline import Pipeline, check_size, parse_pipeline
from cnnlab.lessons.image_pipeline.snapshots import Failure, Outcome, Snapshot, take_snapshot
from cnnlab.lessons.image_pipeline.steps import Dialect, Kind, Step

if TYPE_CHECKING:
    from cnnlab.torch_reference import TorchReference

STAY_SECONDS = 300.0
"""How long PyTorch's process waits for the next edit: every one needs it, and loading PyTorch anew takes seconds."""

LONGEST_ERROR = 240
"""Characters of PyTorch's own words that are shown; the rest is a list of what it would have taken."""


def ask_torch(reference: TorchReference, content: bytes, pipeline: Pipeline, seed: int) -> Outcome:
    """Have a pipeline run in the reference process.

    Args:
        content: the picture's file, a PNG whose size has been checked.
        seed: of PyTorch's random numbers, for the steps that draw some.

    Raises:
        CnnlabError: PyTorch could not be asked.
    """
    question = {"picture": base64.b64encode(content).decode("ascii"), "steps": str(pipeline), "seed": seed}
    return Outcome.from_plain(reference.ask(f"{__name__}:answer", question, stay_seconds=STAY_SECONDS))


def answer(question: dict[str, Any]) -> dict[str, Any]:
    """Do what `ask_torch` asks for, in the reference process."""
    pipeline = parse_pipeline(question["steps"])
    return run_pipeline(base64.b64decode(question["picture"]), pipeline, question["seed"]).to_plain()


def run_pipeline(content: bytes, pipeline: Pipeline, seed: int) -> Outcome:
    """Run a pipeline step by step, and give what comes out to `Conv2d(3, 6, 5)`. Imports torch.

    The random numbers are those of the script that `pytorch_code.py` writes, as the steps draw them in the same order.
    """
    import torch
    import torchvision

    torch.manual_seed(seed)
    versions = str(torch.__version__), str(torchvision.__version__)
    value: Any = None
    axes = ""
    snapshots = list[Snapshot]()
    for step in pipeline.steps:
        try:
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                after = _done(step, value, content, pipeline.dialect)
        except Exception as error:  # noqa: BLE001, whatever torchvision raises is what there is to see
            return Outcome(tuple(snapshots), _failure(error), None, None, versions)
        named = step.axes_after(axes, _kind(value)) if value is not None else step.axes_after("", "pil")
        value, axes = after, named
        snapshots.append(
            look(value, axes, tuple(dict.fromkeys(_short(str(one.message).split(". ")[0]) for one in caught)))
        )
    try:
        with torch.inference_mode():
            made = torch.nn.Conv2d(3, 6, 5)(value)
    except Exception as error:  # noqa: BLE001, likewise
        return Outcome(tuple(snapshots), None, None, _failure(error), versions)
    return Outcome(tuple(snapshots), None, tuple(made.shape), None, versions)


def look(value: Any, axes: str, says: tuple[str, ...] = ()) -> Snapshot:
    """Take a snapshot of what a step has made."""
    import numpy as np

    numbers = np.asarray(value)
    kind = _kind(value)
    # A step that took the axes for others may leave more or fewer of them than there are names.
    named = {2: "HW", 3: axes if len(axes) == 3 else "HWC"}[numbers.ndim]
    dtype = value.mode if kind == "pil" else str(value.dtype)
    return take_snapshot(numbers, named, kind, _type_name(type(value)), dtype, says)


def _done(step: Step, value: Any, content: bytes, dialect: Dialect) -> Any:
    if value is None:
        return step.load(content)
    kind = _kind(value)
    if kind == "pil":
        check_size(step, (value.height, value.width, len(value.getbands())), is_channels_last=True)
    else:
        check_size(step, value.shape, is_channels_last=kind == "array")
    # Normalize may work in place where a step handed the picture on; the earlier one has been looked at by then.
    return step.apply(value, dialect)


def _kind(value: Any) -> Kind:
    import torch
    from PIL import Image

    if isinstance(value, torch.Tensor):
        return "tensor"
    return "pil" if isinstance(value, Image.Image) else "array"


def _type_name(kind: type) -> str:
    names = {"Image": "PIL.Image.Image"}
    if kind.__module__.startswith("torchvision.tv_tensors"):
        return f"torchvision.tv_tensors.{kind.__name__}"
    return names.get(kind.__name__, f"{kind.__module__}.{kind.__name__}")


def _failure(error: Exception) -> Failure:
    if isinstance(error, CnnlabError):
        return Failure("", "", error.message)
    return Failure(type(error).__name__, _short(str(error)))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_ERROR else line[: LONGEST_ERROR - 1] + "…"
