"""What is said about a step: what to mind in its result, why PyTorch refuses it, and what to do then."""

from cnnlab.errors import as_sentence
from cnnlab.lessons.image_pipeline.snapshots import Channel, Failure, Outcome, Snapshot
from cnnlab.lessons.image_pipeline.steps import (
    Dialect,
    Grayscale,
    Normalize,
    Permute,
    RandomCrop,
    RandomHorizontalFlip,
    Reshape,
    Resize,
    Step,
    ToDtype,
    ToImage,
    ToNumpy,
    ToTensor,
)
from cnnlab.number_text import show_number

HOLDERS = {"pil": "PIL image", "array": "NumPy array", "tensor": "tensor"}
"""What a kind is called in a sentence."""

_FAR = 20
"""Numbers beyond this have not been brought near 0 and 1."""

CONV = "Conv2d(3, 6, 5)"
"""The network's first layer, that a pipeline feeds."""


def shape_text(snapshot: Snapshot) -> str:
    """The shape with its axes named; a PIL image's as Pillow says it, width first.

    >>> from cnnlab.lessons.image_pipeline.snapshots import take_snapshot
    >>> import numpy as np
    >>> shape_text(take_snapshot(np.zeros((3, 4, 5)), "CHW", "tensor", "torch.Tensor", "torch.float64"))
    'C=3, H=4, W=5'
    """
    if snapshot.kind == "pil":
        return f"W={snapshot.size_of('W')}, H={snapshot.size_of('H')}"
    return ", ".join(f"{axis}={size}" for axis, size in zip(snapshot.axes, snapshot.shape, strict=True))


def range_text(snapshot: Snapshot) -> str:
    """From the lowest to the highest number."""
    return f"{number_text(snapshot.low)} to {number_text(snapshot.high)}"


def number_text(number: float) -> str:
    """A number in three digits."""
    return show_number(number, 3)


# --- what to mind -----------------------------------------------------------------------------------------------------


def notes(step: Step, before: Snapshot | None, after: Snapshot, dialect: Dialect) -> list[str]:
    """What there is to mind in the result of a step, most important first."""
    found = [
        *_handed_on(step, before, after, dialect),
        *_of_axes(step, before, after),
        *_of_numbers(step, before, after),
    ]
    return found + [f"A warning is printed: {one.rstrip('.')}." for one in after.says]


def drawing_sentence(snapshot: Snapshot) -> str:
    """How the picture was made of the numbers."""
    top = "1" if snapshot.is_float else "255"
    parts = {
        "colour": "Drawn as Matplotlib does",
        "grey": "One channel, drawn in grey",
        "first": f"By its axes it has {snapshot.size_of('C')} channels, so only the first is drawn, in grey",
    }
    outside = [(snapshot.below, "below"), (snapshot.above, "above")]
    told = [f"{_percent(share)} of the numbers lie {where}" for share, where in outside if share > 0]
    how = f", cut off at 0 and {top}: {' and '.join(told)}" if told else f": all numbers lie from 0 to {top}"
    sentence = f"{parts[snapshot.drawn]}{how}."
    return sentence + (" With fewer pixels than it has." if snapshot.shrunk else "")


def _handed_on(step: Step, before: Snapshot | None, after: Snapshot, dialect: Dialect) -> list[str]:
    if before is None or (dialect != "v2" and step.dialect != "v2") or step.dialect == "transforms":
        return []
    if step.is_transform and before.kind == "array" and after.kind == "array":
        return [
            f"Nothing happened, and nothing was said: v2's {step.title} passes on what it does not know, and it does "
            "not know NumPy arrays. Put ToImage() before it."
        ]
    if isinstance(step, ToDtype) and before.kind == "pil":
        return ["Nothing happened: ToDtype changes tensors only, and passes a PIL image on. Put ToImage() before it."]
    return []


def _of_axes(step: Step, before: Snapshot | None, after: Snapshot) -> list[str]:
    if isinstance(step, Reshape):
        return [
            "The shape is that of a picture, but the numbers are in the old order: the picture is torn apart, and "
            "there is no error message. A convolution would take it. Use permute."
        ]
    if before is None:
        return []
    if isinstance(step, Permute):
        return [
            f"The axes are now {_spelled(after)}. Matplotlib draws height, width, channels; PyTorch's layers take"
            " channels, height, width."
        ]
    if _turns_a_wrong_axis(step, before):
        return [
            f"{step.title} takes a tensor's last axis for the width, and here that is"
            f" {_spelled(before, slice(-1, None))}. Permute first."
        ]
    has_moved = before.shape != after.shape or (isinstance(step, RandomCrop) and before.digest != after.digest)
    if before.kind == "tensor" and step.is_transform and before.axes[-2:] != "HW" and has_moved:
        return [
            f"{step.title} takes a tensor's last two axes for height and width. Here they are"
            f" {_spelled(before, slice(-2, None))}, so it worked on the wrong ones. Permute first."
        ]
    if isinstance(step, ToTensor | ToImage) and after.axes[0] != "C":
        return [
            f"{step.title} takes a NumPy array's last axis for the channels. This one had {_spelled(before)}, so now"
            f" {_spelled(after)} stand in the channels' order."
        ]
    return []


def _of_numbers(step: Step, before: Snapshot | None, after: Snapshot) -> list[str]:
    if before is None:
        return []
    if isinstance(step, ToTensor):
        if before.kind == "array" and before.dtype != "uint8":
            return [
                f"Not rescaled: ToTensor divides by 255 only where the numbers are bytes (uint8), and these are"
                f" {before.dtype}. Values up to {number_text(after.high)} stay. Divide by 255 yourself, or keep uint8."
            ]
        order = ", and the channels now stand first" if after.axes[0] == "C" else ""
        return [f"Bytes from 0 to 255 were divided by 255{order}."]
    if isinstance(step, ToDtype) and after.kind == "tensor" and not before.is_float:
        if step.scale == "True":
            return ["Bytes from 0 to 255 were divided by 255. The order of the axes is as it was."]
        return [
            f"Not rescaled: without scale=True the numbers only change their type, and values up to"
            f" {number_text(after.high)} stay."
        ]
    if isinstance(step, ToImage) and not after.is_float:
        return ["Still bytes from 0 to 255: ToDtype(torch.float32, scale=True) turns them into floats from 0 to 1."]
    if isinstance(step, ToNumpy) and step.dtype == "uint8" and before.is_float:
        return ["Bytes are whole numbers: of floats from 0 to 1 nearly all become 0. Multiply by 255 before."]
    if isinstance(step, Normalize):
        return _of_normalize(step, before, after)
    if isinstance(step, RandomHorizontalFlip):
        return _of_flip(step, before, after)
    if isinstance(step, Grayscale) and before.channels[0].name == after.channels[0].name == "grey":
        return ["It was grey before."]
    return []


def _of_flip(step: RandomHorizontalFlip, before: Snapshot, after: Snapshot) -> list[str]:
    if before.kind == "array":
        return []
    if before.is_mirror_image:
        done = "This picture is its own mirror image: turned round it looks the same."
    elif before.digest == after.digest:
        done = "With this seed it was left as it was."
    else:
        what = "the wrong axis" if _turns_a_wrong_axis(step, before) else "it"
        done = f"With this seed {what} was turned round."
    return [f"{done} In training each picture is drawn for anew, each time."]


def _turns_a_wrong_axis(step: Step, before: Snapshot) -> bool:
    return isinstance(step, RandomHorizontalFlip) and before.kind == "tensor" and before.axes[-1] != "W"


def _of_normalize(step: Normalize, before: Snapshot, after: Snapshot) -> list[str]:
    found = list[str]()
    if len(before.channels) == 1 and len(after.channels) == 3:
        found.append(
            "One channel became three: three means were taken from the one channel in turn, and there is no error "
            "message."
        )
    if len(before.channels) == len(after.channels) and after.axes[0] == "C":
        one, made = before.channels[0], after.channels[0]
        mean, std = step.mean[0], step.std[0]
        name = one.name.capitalize()
        found.append(
            f"{name} had a mean of {number_text(one.mean)} and has ({number_text(one.mean)} {_minus(mean)}) /"
            f" {show_number(std)} = {number_text(made.mean)} now: mean is what is subtracted, not what comes out. Its"
            f" standard deviation {number_text(one.std)} became {number_text(one.std)} / {show_number(std)} ="
            f" {number_text(made.std)}."
        )
        if before.high > _FAR and abs(mean) <= 1:
            found.append(
                f"These numbers go up to {number_text(before.high)}, but a mean of {show_number(mean)} is meant for"
                " numbers from 0 to 1: rescale first."
            )
    return found


# --- what went wrong --------------------------------------------------------------------------------------------------


def explain_failure(step: Step, before: Snapshot | None, failure: Failure, dialect: Dialect) -> str:
    """Say in our words why a step was refused, and what to do."""
    if before is None:
        return "The file could not be opened. Choose another picture."
    holder = HOLDERS[before.kind]
    if not failure.type_name:
        return as_sentence(failure.says)
    if isinstance(step, Normalize):
        if before.kind != "tensor":
            suggestion = "ToImage() and ToDtype(torch.float32, scale=True)" if dialect == "v2" else "ToTensor()"
            return f"Normalize calculates with a tensor's numbers, and a {holder} comes in. Put {suggestion} before it."
        if not before.is_float:
            return (
                "Normalize makes numbers with fractions, also negative ones, and bytes can hold neither. Put"
                " ToDtype(torch.float32, scale=True) before it."
            )
        return (
            f"Normalize has {len(step.mean)} means for the first axis, and that is {_spelled(before, slice(0, 1))}."
            + _advise_channels(before, "Give one mean and one std for a grey picture, or use Grayscale(3).")
        )
    if isinstance(step, ToTensor):
        return "ToTensor takes PIL images and NumPy arrays, and this is a tensor already. " + (
            "Take the step out."
            if before.is_float
            else "For a tensor of bytes, use ToDtype(torch.float32, scale=True) in its place."
        )
    if isinstance(step, Permute):
        return f"Only tensors have permute, and a {holder} comes in. Put ToTensor() before it."
    if isinstance(step, Reshape):
        return f"Only tensors and NumPy arrays have reshape, and a {holder} comes in. Make a tensor of it first."
    if before.kind == "array" and step.is_transform:
        return f"{step.title} takes PIL images and tensors, not NumPy arrays. Put ToTensor() before it."
    if isinstance(step, RandomCrop):
        height, width = (before.size_of("H"), before.size_of("W")) if before.kind == "pil" else before.shape[-2:]
        axes = "" if before.kind == "pil" or before.axes[-2:] == "HW" else " (the last two axes of this tensor)"
        return (
            f"A square of {step.size} does not fit into {height} × {width} pixels{axes} with a padding of"
            f" {step.padding}. Use a smaller size, more padding, or Resize before it."
        )
    if isinstance(step, Grayscale):
        return (
            f"Grayscale takes the third axis from behind for the channels, and that has {before.shape[0]}."
            + _advise_channels(before, "")
        )
    if isinstance(step, Resize) and before.kind == "tensor":
        return "Resize takes a tensor's last two axes for height and width." + _advise_channels(before, "")
    return f"PyTorch refuses this step for a {holder} of {shape_text(before)}. Move it, or take it out."


def explain_conv(outcome: Outcome) -> tuple[bool, str]:
    """Say what the network's first layer makes of the pipeline's end: whether it takes it, and a sentence."""
    last = outcome.snapshots[-1]
    if outcome.conv_shape is not None:
        channels, height, width = outcome.conv_shape
        sentence = f"{CONV} takes {shape_text(last)} and gives C={channels}, H={height}, W={width}."
        if last.axes != "CHW":
            return (
                True,
                f"{sentence} But it took {_spelled(last)} for channels, height and width: nonsense, without an error "
                "message.",
            )
        if last.high > _FAR:
            return True, f"{sentence} But numbers up to {number_text(last.high)} are far from what its weights expect."
        return True, sentence
    return False, _conv_refusal(last)


def _conv_refusal(last: Snapshot) -> str:
    if last.kind != "tensor":
        return f"A convolution takes a tensor, and a {HOLDERS[last.kind]} comes out. End with ToTensor()."
    if last.shape[0] == 3 and min(last.shape[1:]) < 5:
        return f"A kernel of 5 × 5 does not fit into {last.shape[1]} × {last.shape[2]} pixels. Use a larger size."
    if last.shape[0] != 3 and last.axes[0] == "C":
        return (
            f"{CONV} wants three channels, and this picture has {last.shape[0]}. For a grey picture use"
            " Grayscale(num_output_channels=3), or a network with Conv2d(1, 6, 5)."
        )
    if last.shape[0] != 3:
        return (
            f"{CONV} wants three channels first, and the first axis is {_spelled(last, slice(0, 1))}."
            + _advise_channels(last, "")
        )
    if not last.is_float:
        return (
            "The weights are floats and these numbers are bytes, and PyTorch multiplies like with like only. Add"
            " ToDtype(torch.float32, scale=True)."
        )
    return f"It does not take {shape_text(last)} of {last.dtype}. Compare with C=3, H=32, W=32 of torch.float32."


def _advise_channels(snapshot: Snapshot, grey: str) -> str:
    if snapshot.axes[:1] != "C":
        return " Bring the channels to the front with permute(2, 0, 1), or leave out what moved them."
    return f" {grey}" if grey and snapshot.size_of("C") == 1 else ""


def _spelled(snapshot: Snapshot, part: slice = slice(None)) -> str:
    """The axes in words, with their sizes: height 32 and width 40."""
    names = {"C": "channels", "H": "height", "W": "width"}
    words = [f"{names[axis]} ({size})" for axis, size in zip(snapshot.axes, snapshot.shape, strict=True)][part]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _percent(share: float) -> str:
    return "less than 1 %" if share < 0.01 else f"{100 * share:.0f} %"


def _minus(number: float) -> str:
    return f"− {show_number(number)}" if number >= 0 else f"+ {show_number(-number)}"


def channel_line(channel: Channel) -> list[str]:
    """A channel's name and its numbers, as the table writes them."""
    return [channel.name, *map(number_text, (channel.low, channel.high, channel.mean, channel.std))]
