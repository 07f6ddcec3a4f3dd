"""What is said about a step: what to mind in its result, why PyTorch refuses it, and what to do then."""

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
    ResizeTo,
    Step,
    ToDtype,
    ToImage,
    ToNumpy,
    ToTensor,
)
from cnnlab.number_text import show_number
from cnnlab.texts import Message, all_of, in_a_row, message

HOLDERS = {"pil": message("PIL image"), "array": message("NumPy array"), "tensor": message("tensor")}
"""What a kind is called, as a label."""

_COMES_IN = {
    "pil": message("A PIL image comes in."),
    "array": message("A NumPy array comes in."),
    "tensor": message("A tensor comes in."),
}

_COMES_OUT = {
    "pil": message("A PIL image comes out."),
    "array": message("A NumPy array comes out."),
    "tensor": message("A tensor comes out."),
}

CHANNEL_NAMES = {
    "red": message("red"),
    "green": message("green"),
    "blue": message("blue"),
    "grey": message("grey"),
    "all": message("all"),
}
"""What a channel of a snapshot is called in a table; "all" where there are no channels to tell apart."""

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


def range_text(snapshot: Snapshot) -> Message:
    """From the lowest to the highest number."""
    return message("{low} to {high}", low=number_text(snapshot.low), high=number_text(snapshot.high))


def number_text(number: float) -> str:
    """A number in three digits."""
    return show_number(number, 3)


def channel_line(channel: Channel) -> list[str]:
    """A channel's name and its numbers, as the table writes them."""
    return [CHANNEL_NAMES[channel.name], *map(number_text, (channel.low, channel.high, channel.mean, channel.std))]


# --- what to mind -----------------------------------------------------------------------------------------------------


def notes(step: Step, before: Snapshot | None, after: Snapshot, dialect: Dialect) -> list[Message]:
    """What there is to mind in the result of a step, most important first."""
    return [
        *_handed_on(step, before, after, dialect),
        *_of_axes(step, before, after),
        *_of_numbers(step, before, after),
        *(message('A warning is printed: "{warning}".', warning=one) for one in after.says),
    ]


def drawing_sentence(snapshot: Snapshot) -> Message:
    """How the picture was made of the numbers."""
    match snapshot.drawn:
        case "colour":
            drawn = message("Drawn as Matplotlib does it.")
        case "grey":
            drawn = message("One channel, drawn in grey.")
        case _:
            drawn = message(
                "By its axes it has {channels} channels, so only the first is drawn, in grey.",
                channels=snapshot.size_of("C"),
            )
    shrunk = message("It is drawn with fewer pixels than it has.") if snapshot.shrunk else ""
    return in_a_row(drawn, _cut_off(snapshot), shrunk)


def _cut_off(snapshot: Snapshot) -> Message:
    """Which numbers lie outside of what is drawn."""
    top = 1 if snapshot.is_float else 255
    below, above = _percent(snapshot.below), _percent(snapshot.above)
    match snapshot.below > 0, snapshot.above > 0:
        case True, True:
            return message(
                "It is cut off at 0 and {top}: {below} of the numbers lie below and {above} above.",
                top=top,
                below=below,
                above=above,
            )
        case True, False:
            return message("It is cut off at 0 and {top}: {below} of the numbers lie below.", top=top, below=below)
        case False, True:
            return message("It is cut off at 0 and {top}: {above} of the numbers lie above.", top=top, above=above)
        case _:
            return message("All numbers lie from 0 to {top}.", top=top)


def _percent(share: float) -> Message:
    if share < 0.01:
        return message("less than 1 %")
    return message("{percent:.0f} %", percent=100 * share)


def _handed_on(step: Step, before: Snapshot | None, after: Snapshot, dialect: Dialect) -> list[Message]:
    if before is None or (dialect != "v2" and step.dialect != "v2") or step.dialect == "transforms":
        return []
    if step.is_transform and before.kind == "array" and after.kind == "array":
        return [
            message(
                "Nothing happened, and there is no error message: v2's {step} passes on what it does not know, and it "
                "does not know NumPy arrays. Put ToImage() before it.",
                step=step.title,
            )
        ]
    if isinstance(step, ToDtype) and before.kind == "pil":
        return [
            message(
                "Nothing happened: ToDtype changes only tensors, and passes a PIL image on. Put ToImage() before it."
            )
        ]
    return []


def _of_axes(step: Step, before: Snapshot | None, after: Snapshot) -> list[Message]:
    if isinstance(step, Reshape):
        return [
            message(
                "The shape is that of a picture, but the numbers are in the old order: the picture is torn apart, and "
                "there is no error message. A convolution would take it. Use permute."
            )
        ]
    if before is None:
        return []
    if isinstance(step, Permute):
        return [
            message(
                "The axes are now {axes}. Matplotlib draws height, width, channels; PyTorch's layers take channels, "
                "height, width.",
                axes=_spelled(after),
            )
        ]
    if _flips_a_wrong_axis(step, before):
        return [
            message(
                "{step} takes a tensor's last axis for the width, and here that is {axis}. Permute first.",
                step=step.title,
                axis=_spelled(before, slice(-1, None)),
            )
        ]
    has_moved = before.shape != after.shape or (isinstance(step, RandomCrop) and before.digest != after.digest)
    if before.kind == "tensor" and step.is_transform and before.axes[-2:] != "HW" and has_moved:
        return [
            message(
                "{step} takes a tensor's last two axes for height and width. Here they are {axes}, so it worked on the "
                "wrong ones. Permute first.",
                step=step.title,
                axes=_spelled(before, slice(-2, None)),
            )
        ]
    if isinstance(step, ToTensor | ToImage) and after.axes[0] != "C":
        return [
            message(
                "{step} takes a NumPy array's last axis for the channels. This array had {before}, so what comes out "
                "has {after}: the channels are not first.",
                step=step.title,
                before=_spelled(before),
                after=_spelled(after),
            )
        ]
    return []


def _of_numbers(step: Step, before: Snapshot | None, after: Snapshot) -> list[Message]:
    if before is None:
        return []
    match step:
        case ToTensor():
            return [_of_to_tensor(before, after)]
        case ToDtype() if after.kind == "tensor" and not before.is_float:
            return [_of_to_dtype(step, after)]
        case ToImage() if not after.is_float:
            return [
                message(
                    "These are still bytes from 0 to 255: ToDtype(torch.float32, scale=True) turns them into floats "
                    "from 0 to 1."
                )
            ]
        case ToNumpy() if step.dtype == "uint8" and before.is_float:
            return [
                message(
                    "Bytes are whole numbers: nearly all floats from 0 to 1 become 0. Multiply by 255 before this step."
                )
            ]
        case Normalize():
            return _of_normalize(step, before, after)
        case RandomHorizontalFlip() if before.kind != "array":
            return [_of_flip(step, before, after)]
        case Grayscale() if before.channels[0].name == after.channels[0].name == "grey":
            return [message("It was grey before.")]
        case _:
            return []


def _of_to_tensor(before: Snapshot, after: Snapshot) -> Message:
    if before.kind == "array" and before.dtype != "uint8":
        return message(
            "Not rescaled: ToTensor divides by 255 only where the numbers are bytes (uint8), and these are {dtype}. "
            "Values up to {high} stay. Divide by 255 yourself, or keep uint8.",
            dtype=before.dtype,
            high=number_text(after.high),
        )
    if after.axes[0] == "C":
        return message("Bytes from 0 to 255 were divided by 255, and the channels are now first.")
    return message("Bytes from 0 to 255 were divided by 255.")


def _of_to_dtype(step: ToDtype, after: Snapshot) -> Message:
    if step.scale == "True":
        return message("Bytes from 0 to 255 were divided by 255. The order of the axes is as it was.")
    return message(
        "Not rescaled: without scale=True the numbers only change their type, and values up to {high} stay.",
        high=number_text(after.high),
    )


def _of_flip(step: RandomHorizontalFlip, before: Snapshot, after: Snapshot) -> Message:
    if before.is_mirror_image:
        done = message("This picture is its own mirror image: flipped, it looks the same.")
    elif before.digest == after.digest:
        done = message("With this seed it was left as it was.")
    elif _flips_a_wrong_axis(step, before):
        done = message("With this seed the wrong axis was flipped.")
    else:
        done = message("With this seed it was flipped.")
    return in_a_row(done, message("In training there is a new draw for each picture, each time."))


def _flips_a_wrong_axis(step: Step, before: Snapshot) -> bool:
    return isinstance(step, RandomHorizontalFlip) and before.kind == "tensor" and before.axes[-1] != "W"


def _of_normalize(step: Normalize, before: Snapshot, after: Snapshot) -> list[Message]:
    found: list[Message] = []
    if len(before.channels) == 1 and len(after.channels) == 3:
        found.append(
            message(
                "One channel became three: three means were subtracted from the one channel in turn, and there is no "
                "error message."
            )
        )
    if len(before.channels) == len(after.channels) and after.axes[0] == "C":
        found.append(_of_a_mean(step, before.channels[0], after.channels[0]))
        mean = step.mean[0]
        if before.high > _FAR and abs(mean) <= 1:
            found.append(
                message(
                    "These numbers go up to {high}, but a mean of {mean} is meant for numbers from 0 to 1: rescale "
                    "first.",
                    high=number_text(before.high),
                    mean=show_number(mean),
                )
            )
    return found


def _of_a_mean(step: Normalize, before: Channel, after: Channel) -> Message:
    """How mean and standard deviation of the first channel changed, worked out."""
    mean, std = step.mean[0], show_number(step.std[0])
    means = {
        "before": number_text(before.mean),
        "sum": f"({number_text(before.mean)} {_minus(mean)}) / {std} = {number_text(after.mean)}",
    }
    match before.name:
        case "red":
            changed = message("Red had a mean of {before}; now it has {sum}.", **means)
        case "grey":
            changed = message("Grey had a mean of {before}; now it has {sum}.", **means)
        case _:
            changed = message("The numbers had a mean of {before}; now they have {sum}.", **means)
    return in_a_row(
        changed,
        message("The argument mean is what is subtracted, not what comes out."),
        message(
            "The standard deviation {before} became {before} / {std} = {after}.",
            before=number_text(before.std),
            std=std,
            after=number_text(after.std),
        ),
    )


# --- what went wrong --------------------------------------------------------------------------------------------------


def explain_failure(step: Step, before: Snapshot | None, failure: Failure, dialect: Dialect) -> Message:
    """Say in our words why a step was refused, and what to do."""
    if before is None:
        return message("The file could not be opened. Choose another picture.")
    if failure.reason is not None:
        return failure.reason
    match step:
        case Normalize():
            return _normalize_refusal(step, before, dialect)
        case ToTensor() if before.is_float:
            return message(
                "ToTensor takes PIL images and NumPy arrays, and this is a tensor already. Take the step out."
            )
        case ToTensor():
            return message(
                "ToTensor takes PIL images and NumPy arrays, and this is a tensor already. For a tensor of bytes, use "
                "ToDtype(torch.float32, scale=True) in its place."
            )
        case Permute():
            return in_a_row(
                message("Only tensors have permute."),
                _COMES_IN[before.kind],
                message("Put ToTensor() before this step."),
            )
        case Reshape():
            return in_a_row(
                message("Only tensors and NumPy arrays have reshape."),
                _COMES_IN[before.kind],
                message("Make a tensor of it first."),
            )
        case _ if before.kind == "array" and step.is_transform:
            return message(
                "{step} takes PIL images and tensors, not NumPy arrays. Put ToTensor() before it.", step=step.title
            )
        case RandomCrop():
            return _crop_refusal(step, before)
        case Grayscale():
            return in_a_row(
                message(
                    "Grayscale takes the third axis from the end for the channels, and that has {size}.",
                    size=before.shape[0],
                ),
                _advise_channels(before),
            )
        case Resize() | ResizeTo() if before.kind == "tensor":
            return in_a_row(
                message("Resize takes a tensor's last two axes for height and width."), _advise_channels(before)
            )
        case _:
            return _any_refusal(before)


def _any_refusal(before: Snapshot) -> Message:
    shape = shape_text(before)
    match before.kind:
        case "pil":
            return message(
                "PyTorch refuses this step for a PIL image of {shape}. Move it, or take it out.", shape=shape
            )
        case "array":
            return message(
                "PyTorch refuses this step for a NumPy array of {shape}. Move it, or take it out.", shape=shape
            )
        case "tensor":
            return message("PyTorch refuses this step for a tensor of {shape}. Move it, or take it out.", shape=shape)


def _normalize_refusal(step: Normalize, before: Snapshot, dialect: Dialect) -> Message:
    if before.kind != "tensor":
        steps = ["ToImage()", "ToDtype(torch.float32, scale=True)"] if dialect == "v2" else ["ToTensor()"]
        return in_a_row(
            message("Normalize calculates with a tensor's numbers."),
            _COMES_IN[before.kind],
            message("Put {steps} before this step.", steps=all_of(steps)),
        )
    if not before.is_float:
        return message(
            "Normalize makes numbers with fractions, also negative ones, and bytes can hold neither. Put "
            "ToDtype(torch.float32, scale=True) before it."
        )
    refusal = message(
        "Normalize has {means} means for the first axis, and that is {axis}.",
        means=len(step.mean),
        axis=_spelled(before, slice(0, 1)),
    )
    grey = message("Give one mean and one std for a grey picture, or use Grayscale(3).")
    return in_a_row(refusal, _advise_channels(before, grey))


def _crop_refusal(step: RandomCrop, before: Snapshot) -> Message:
    is_pil = before.kind == "pil"
    height, width = (before.size_of("H"), before.size_of("W")) if is_pil else before.shape[-2:]
    values = {"size": step.size, "height": height, "width": width, "padding": step.padding}
    if is_pil or before.axes[-2:] == "HW":
        return message(
            "A square of {size} does not fit into {height} × {width} pixels with a padding of {padding}. Use a smaller "
            "size, more padding, or Resize before it.",
            **values,
        )
    return message(
        "A square of {size} does not fit into {height} × {width} pixels (the last two axes of this tensor) with a "
        "padding of {padding}. Use a smaller size, more padding, or Resize before it.",
        **values,
    )


def explain_conv(outcome: Outcome) -> tuple[bool, Message]:
    """Say what the network's first layer makes of the pipeline's end: whether it takes it, and a sentence."""
    last = outcome.snapshots[-1]
    if outcome.conv_shape is None:
        return False, _conv_refusal(last)
    channels, height, width = outcome.conv_shape
    output = f"C={channels}, H={height}, W={width}"
    taken = message("{layer} takes {shape} and gives {output}.", layer=CONV, shape=shape_text(last), output=output)
    but = ""
    if last.axes != "CHW":
        but = message(
            "But it took {axes} for channels, height and width: nonsense, and there is no error message.",
            axes=_spelled(last),
        )
    elif last.high > _FAR:
        but = message("But numbers up to {high} are far from what its weights expect.", high=number_text(last.high))
    return True, in_a_row(taken, but)


def _conv_refusal(last: Snapshot) -> Message:
    if last.kind != "tensor":
        return in_a_row(
            message("A convolution takes a tensor."), _COMES_OUT[last.kind], message("End with ToTensor().")
        )
    if last.shape[0] == 3 and min(last.shape[1:]) < 5:
        return message(
            "A kernel of 5 × 5 does not fit into {height} × {width} pixels. Use a larger size.",
            height=last.shape[1],
            width=last.shape[2],
        )
    if last.shape[0] != 3 and last.axes[0] == "C":
        return message(
            "{layer} wants three channels, and this picture has {channels}. For a grey picture use "
            "Grayscale(num_output_channels=3), or a network with Conv2d(1, 6, 5).",
            layer=CONV,
            channels=last.shape[0],
        )
    if last.shape[0] != 3:
        refusal = message(
            "{layer} wants three channels first, and the first axis is {axis}.",
            layer=CONV,
            axis=_spelled(last, slice(0, 1)),
        )
        return in_a_row(refusal, _advise_channels(last))
    if not last.is_float:
        return message(
            "The weights are floats and these numbers are bytes, and PyTorch multiplies only numbers of the same type. "
            "Add ToDtype(torch.float32, scale=True)."
        )
    return message(
        "It does not take {shape} of {dtype}. Compare with C=3, H=32, W=32 of torch.float32.",
        shape=shape_text(last),
        dtype=last.dtype,
    )


def _advise_channels(snapshot: Snapshot, grey: Message | None = None) -> Message:
    """Advise to bring the channels to the front; where they are there, what is said for a grey picture, or nothing."""
    if snapshot.axes[:1] != "C":
        return message("Bring the channels to the front with permute(2, 0, 1), or leave out what moved them.")
    return grey if grey is not None and snapshot.size_of("C") == 1 else in_a_row()


def _spelled(snapshot: Snapshot, part: slice = slice(None)) -> Message:
    """The axes in words, with their sizes: height (32) and width (40)."""
    axes = zip(snapshot.axes, snapshot.shape, strict=True)
    return all_of([_axis(axis, size) for axis, size in axes][part])


def _axis(axis: str, size: int) -> Message:
    match axis:
        case "C":
            return message("channels ({size})", size=size)
        case "H":
            return message("height ({size})", size=size)
        case _:
            return message("width ({size})", size=size)


def _minus(number: float) -> str:
    return f"− {show_number(number)}" if number >= 0 else f"+ {show_number(-number)}"
