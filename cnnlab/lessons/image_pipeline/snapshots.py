"""What there is to see of a picture after a step: what holds it, its numbers, and how it would be drawn.

An answer of the child process is made of what JSON knows; `Outcome.from_plain` makes it again.
"""

import dataclasses
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnlab.figures.data_url import data_url
from cnnlab.lessons.image_pipeline.steps import Kind
from cnnlab.texts import Message

BINS = 32
"""Bars of a histogram."""

CORNER = (4, 5)
"""Rows and columns of the corner whose numbers are written out."""

DRAWN_SIDE = 256
"""Pictures with longer sides are drawn smaller."""

_LOSSLESS_SIDE = 96
_NAMES = ("red", "green", "blue")


@dataclass(frozen=True)
class Channel:
    """The numbers of one channel.

    Args:
        name: red, green, blue, grey, or "all" where there are no channels to tell apart.
        bars: the share of the numbers in each of `BINS` equal parts of the snapshot's `edges`.
    """

    name: str
    low: float
    high: float
    mean: float
    std: float
    bars: tuple[float, ...]


@dataclass(frozen=True)
class Snapshot:
    """A picture after a step.

    Args:
        kind: what holds it.
        type_name: its Python type.
        dtype: of its numbers, as it prints itself; the mode of a picture of Pillow's.
        axes: a letter for each axis of `shape`: C, H or W.
        shape: of a tensor or an array, and of the array that a picture of Pillow's becomes.
        edges: where the histogram begins and ends.
        below, above: the shares of numbers that are drawn black or in full light because they lie outside of what
            Matplotlib draws: 0 to 1 for floats, 0 to 255 for bytes.
        corner_code: the expression whose numbers are `corner`.
        picture: a data URL.
        drawn: how the picture was made of the numbers: "colour", "grey", or "first" where of many channels only the
            first is drawn.
        shrunk: whether it is drawn with fewer pixels than it has.
        digest: of all its numbers: another one, other numbers.
        is_mirror_image: whether it is the same with its last axis turned round, or a picture of Pillow's with its left
            and right.
        says: PyTorch's warnings.
    """

    kind: Kind
    type_name: str
    dtype: str
    axes: str
    shape: tuple[int, ...]
    channels: tuple[Channel, ...]
    edges: tuple[float, float]
    below: float
    above: float
    corner_code: str
    corner: tuple[tuple[float, ...], ...]
    picture: str
    drawn: str
    shrunk: bool
    digest: str
    is_mirror_image: bool
    says: tuple[str, ...]

    @property
    def low(self) -> float:
        """The smallest number."""
        return min(channel.low for channel in self.channels)

    @property
    def high(self) -> float:
        """The largest number."""
        return max(channel.high for channel in self.channels)

    @property
    def is_float(self) -> bool:
        """Whether its numbers are floats."""
        return "float" in self.dtype

    def size_of(self, axis: str) -> int | None:
        """How long the axis with this letter is; None where there is none."""
        return self.shape[self.axes.index(axis)] if axis in self.axes else None

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> "Snapshot":
        """Make one of what JSON has made of `dataclasses.asdict(snapshot)`: lists where there were tuples."""
        changed: dict[str, Any] = {name: tuple(plain[name]) for name in ("shape", "edges", "says")}
        changed["channels"] = tuple(Channel(**one | {"bars": tuple(one["bars"])}) for one in plain["channels"])
        changed["corner"] = tuple(tuple(row) for row in plain["corner"])
        return cls(**plain | changed)


@dataclass(frozen=True)
class Failure:
    """What was raised.

    Args:
        type_name: the type of PyTorch's error; empty where the lab itself refused.
        says: what PyTorch's error says.
        reason: why the lab itself refused.
    """

    type_name: str
    says: str
    reason: Message | None = None

    def to_plain(self) -> dict[str, Any]:
        """Write it for JSON."""
        reason = None if self.reason is None else self.reason.to_plain()
        return {"type_name": self.type_name, "says": self.says, "reason": reason}

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> "Failure":
        """Make one of what `to_plain` wrote."""
        reason = plain["reason"]
        return cls(plain["type_name"], plain["says"], None if reason is None else Message.from_plain(reason))


@dataclass(frozen=True)
class Outcome:
    """What became of a pipeline.

    Args:
        snapshots: after each step, up to the first that failed.
        failure: of the next step; None where all went well.
        conv_shape: what `Conv2d(3, 6, 5)` made of the last one; None if it refused, or was not asked.
        conv_failure: why it refused.
        versions: of torch and torchvision.
    """

    snapshots: tuple[Snapshot, ...]
    failure: Failure | None
    conv_shape: tuple[int, ...] | None
    conv_failure: Failure | None
    versions: tuple[str, str]

    def to_plain(self) -> dict[str, Any]:
        """Write it for JSON."""
        return dataclasses.asdict(self) | {
            "failure": None if self.failure is None else self.failure.to_plain(),
            "conv_failure": None if self.conv_failure is None else self.conv_failure.to_plain(),
        }

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> "Outcome":
        """Make one of what JSON has made of `to_plain`'s."""

        def failure(name: str) -> Failure | None:
            return None if plain[name] is None else Failure.from_plain(plain[name])

        return cls(
            tuple(map(Snapshot.from_plain, plain["snapshots"])),
            failure("failure"),
            None if plain["conv_shape"] is None else tuple(plain["conv_shape"]),
            failure("conv_failure"),
            (plain["versions"][0], plain["versions"][1]),
        )


def take_snapshot(
    values: NDArray[Any], axes: str, kind: Kind, type_name: str, dtype: str, says: tuple[str, ...] = ()
) -> Snapshot:
    """Look at the numbers of a picture.

    Args:
        values: of at least two axes, `axes` names them.

    >>> shot = take_snapshot(np.full((3, 2, 2), 2.0, np.float32), "CHW", "tensor", "torch.Tensor", "torch.float32")
    >>> shot.above, shot.corner_code, shot.channels[0].mean
    (1.0, 'x[0, :4, :5]', 2.0)
    """
    numbers = values.astype(np.float64)
    channel_axis = axes.find("C")
    apart = np.moveaxis(numbers, channel_axis, 0) if channel_axis >= 0 else numbers[None]
    top = 1.0 if np.issubdtype(values.dtype, np.floating) else 255.0
    low, high = float(numbers.min(initial=0)), float(numbers.max(initial=top))
    edges = (low, high)
    picture, drawn, shrunk = _draw(apart, top)
    name, is_pil = ("np.asarray(x)", True) if kind == "pil" else ("x", False)
    rows, columns = CORNER
    index = [f":{rows}", f":{columns}"]
    if channel_axis >= 0 or is_pil:
        index.insert(max(channel_axis, 0), "0") if len(axes) > 2 else None
    corner = apart[0, :rows, :columns]
    return Snapshot(
        kind,
        type_name,
        dtype,
        axes,
        tuple(values.shape),
        tuple(_channels(apart, edges)),
        edges,
        float(np.mean(numbers < 0)),
        float(np.mean(numbers > top)),
        f"{name}[{', '.join(index)}]",
        tuple(tuple(round(float(number), 4) for number in row) for row in corner),
        picture,
        drawn,
        shrunk,
        blake2b(str(values.shape).encode() + values.tobytes(), digest_size=12).hexdigest(),
        bool(np.array_equal(values, np.flip(values, 1 if kind == "pil" else -1))),
        says,
    )


def _channels(apart: NDArray[np.float64], edges: tuple[float, float]) -> list[Channel]:
    if len(apart) in (1, 3):
        named = zip(_NAMES if len(apart) == 3 else ("grey",), apart, strict=True)
    else:
        named = iter([("all", apart)])
    return [
        Channel(
            name,
            float(numbers.min()),
            float(numbers.max()),
            float(numbers.mean()),
            float(numbers.std()),
            _bars(numbers, edges),
        )
        for name, numbers in named
    ]


def _bars(numbers: NDArray[np.float64], edges: tuple[float, float]) -> tuple[float, ...]:
    low, high = edges
    # Several times as quick as np.histogram, which looks for the place of each number.
    places = np.clip((numbers.ravel() - low) * (BINS / (high - low)), 0, BINS - 1).astype(np.intp)
    counts = np.bincount(places, minlength=BINS)
    return tuple(round(float(share), 5) for share in counts / counts.sum())


def _draw(apart: NDArray[np.float64], top: float) -> tuple[str, str, bool]:
    """Draw (C, H, W) as Matplotlib would: what lies outside of 0 to `top` is cut off."""
    drawn = {1: "grey", 3: "colour"}.get(len(apart), "first")
    shown = apart if drawn == "colour" else apart[:1]
    pixels = np.rint(np.clip(shown / top, 0, 1) * 255).astype(np.uint8)
    height, width = pixels.shape[1:]
    step = -(-max(height, width) // DRAWN_SIDE)
    pixels = pixels[:, ::step, ::step]
    is_small = max(pixels.shape[1:]) <= _LOSSLESS_SIDE
    return data_url(pixels, "png" if is_small else "jpeg"), drawn, step > 1
