"""The steps of a picture's way into a network: one frozen dataclass for each type, and `STEP_TYPES`, the list of them.

To add a type: write its class here and put it into `STEP_TYPES`. Each field says in its metadata what it accepts, so
that the page builds its form, the link its text and the code its line from the class alone.

A pipeline of them, and how it is read, is in `pipeline.py`.

What a step does is done by torchvision itself: `apply` runs where PyTorch may be imported, see `running.py`.
"""
# ruff: noqa: ARG002  (all answer alike)
# PyTorch leaves parts of its own signatures untyped; ours are complete.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from types import MappingProxyType
from typing import Any, ClassVar, Literal

from cnnlab.errors import ParseError
from cnnlab.lessons.image_pipeline.rules import Number, OneOf, PerChannel, Rule
from cnnlab.texts import Message, message, plural

Kind = Literal["pil", "array", "tensor"]
"""What holds a picture: Pillow's own object, a NumPy array, or a tensor of PyTorch."""

Dialect = Literal["transforms", "v2"]
"""The name in the code: `torchvision.transforms`, or its second version."""

MAX_SIDE = 512
"""Largest size that a step may ask for, in pixels."""


def _rule(rule: Rule) -> Mapping[str, Rule]:
    return {"rule": rule}


def _size(about: Message) -> Mapping[str, Rule]:
    return _rule(Number("size", 1, MAX_SIDE, about))


@dataclass(frozen=True)
class Step:
    """The interface shared by all steps."""

    word: ClassVar[str]
    """Its name in a link."""
    title: ClassVar[str]
    """Its name on the screen: torchvision's, where it is one of torchvision's."""
    about: ClassVar[Message]
    """What it does, in a sentence or two."""
    is_source: ClassVar[bool] = False
    dialect: ClassVar[Dialect | None] = None
    """Where it is at home, if it is only in one of the two."""
    is_random: ClassVar[bool] = False
    is_transform: ClassVar[bool] = True
    """Whether it is one of torchvision's, and so bound to its habits."""

    @classmethod
    def rules(cls) -> dict[str, Rule]:
        """What each argument accepts, in their order."""
        return {entry.name: entry.metadata["rule"] for entry in dataclasses.fields(cls)}

    @classmethod
    def read(cls, texts: Sequence[str]) -> Step:
        """Make one of the texts of its arguments.

        Raises:
            ParseError: there are too many of them, or one cannot be used.
        """
        rules = cls.rules()
        if len(texts) > len(rules):
            raise ParseError(
                plural(
                    "It takes {n} argument, not {given}.",
                    "It takes {n} arguments, not {given}.",
                    n=len(rules),
                    given=len(texts),
                )
            )
        return cls(**{name: rules[name].parse(text) for name, text in zip(rules, texts, strict=False)})

    def texts(self) -> list[str]:
        """Its arguments as `read` takes them."""
        return [rule.format(getattr(self, name)) for name, rule in self.rules().items()]

    def __str__(self) -> str:
        return ":".join([self.word, *self.texts()])

    def call(self) -> str:
        """How it is called on the screen, with its arguments.

        >>> RandomCrop(32, 4).call()
        'RandomCrop(32, padding=4)'
        """
        return f"{self.title}({self.arguments_code()})"

    def arguments_code(self) -> str:
        """Its arguments as Python writes them."""
        return ", ".join(
            (f"{name}=" if rule.named else "") + rule.code(getattr(self, name)) for name, rule in self.rules().items()
        )

    def code(self, dialect: Dialect) -> str:
        """An expression whose value turns one picture into the next."""
        return f"{self.dialect or dialect}.{self.title}({self.arguments_code()})"

    def apply(self, value: Any, dialect: Dialect) -> Any:
        """Do it, with torchvision. Raises whatever torchvision raises."""
        return self.transform(dialect)(value)

    def load(self, content: bytes) -> Any:
        """Read a PNG, where the step is a source."""
        raise NotImplementedError

    def transform(self, dialect: Dialect) -> Any:
        """The object of torchvision that does it. Imports torch."""
        return getattr(_home(self.dialect or dialect), self.title)(**self.keywords())

    def keywords(self) -> dict[str, Any]:
        """Its arguments as torchvision takes them."""
        return {name: getattr(self, name) for name in self.rules()}

    def axes_after(self, axes: str, kind: Kind) -> str:
        """The letters of the result's axes, where those of what comes in are `axes`, such as HWC."""
        return axes

    def size_after(self, height: int, width: int) -> tuple[int, int]:
        """How high and wide a picture gets on the way: one that is far too large is refused before it is made."""
        return height, width

    def made_size(self, height: int, width: int) -> tuple[int, int] | None:
        """How high and wide the result is; None where it does not fit."""
        return self.size_after(height, width)


def _home(dialect: Dialect) -> Any:
    if dialect == "v2":
        from torchvision.transforms import v2

        return v2
    from torchvision import transforms

    return transforms


# --- where a picture comes from ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Open(Step):
    """Pillow's way to open a file."""

    word = "open"
    title = "Image.open"
    about = message(
        "Pillow opens the file. What comes out is not a tensor: its size is width before height, and the three bytes "
        "of a pixel lie together."
    )
    is_source = True
    is_transform = False

    def call(self) -> str:
        return "Image.open(file)"

    def code(self, dialect: Dialect) -> str:
        return 'Image.open("picture.png").convert("RGB")'

    def load(self, content: bytes) -> Any:
        """Read a PNG."""
        from PIL import Image

        with Image.open(BytesIO(content)) as image:
            return image.convert("RGB")

    def axes_after(self, axes: str, kind: Kind) -> str:
        return "HWC"


@dataclass(frozen=True)
class ReadImage(Step):
    """torchvision's way to open a file."""

    word = "read"
    title = "read_image"
    about = message(
        "torchvision reads the file straight into a tensor, channels first, whole numbers from 0 to 255; "
        'decode_image("picture.png") does the same. Its 0.29 warns with both that another package, TorchCodec, will '
        "take them over: for now you can ignore the warning."
    )
    is_source = True
    is_transform = False

    def call(self) -> str:
        return "read_image(file)"

    def code(self, dialect: Dialect) -> str:
        return 'read_image("picture.png")'

    def load(self, content: bytes) -> Any:
        """Read a PNG."""
        import torch
        from torchvision.io import decode_image

        # What read_image does with a file's bytes.
        return decode_image(torch.frombuffer(bytearray(content), dtype=torch.uint8))

    def axes_after(self, axes: str, kind: Kind) -> str:
        return "CHW"


# --- steps that change the picture ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Resize(Step):
    """Scale the shorter side."""

    word = "resize"
    title = "Resize"
    about = message(
        "Scales the picture so that its shorter side has this many pixels; the longer side keeps the proportions."
    )
    size: int = field(default=256, metadata=_size(message("pixels of the shorter side")))

    def size_after(self, height: int, width: int) -> tuple[int, int]:
        short = min(height, width)
        return max(1, self.size * height // short), max(1, self.size * width // short)


@dataclass(frozen=True)
class ResizeTo(Step):
    """Scale to a height and a width."""

    word = "resizeto"
    title = message("Resize to (h, w)")
    about = message(
        "Scales the picture to this height and this width. All pictures get the same size, as a batch needs; where the "
        "proportions differ, they are stretched."
    )
    height: int = field(
        default=32, metadata=_rule(Number(message("height"), 1, MAX_SIDE, message("pixels of the height")))
    )
    width: int = field(
        default=32, metadata=_rule(Number(message("width"), 1, MAX_SIDE, message("pixels of the width")))
    )

    def call(self) -> str:
        return f"Resize(({self.height}, {self.width}))"

    def code(self, dialect: Dialect) -> str:
        return f"{dialect}.{self.call()}"

    def transform(self, dialect: Dialect) -> Any:
        return _home(dialect).Resize((self.height, self.width))

    def size_after(self, height: int, width: int) -> tuple[int, int]:
        return self.height, self.width


@dataclass(frozen=True)
class CenterCrop(Step):
    """Cut the middle out."""

    word = "center"
    title = "CenterCrop"
    about = message("Cuts a square out of the middle. A smaller picture gets a black border.")
    size: int = field(default=224, metadata=_size(message("pixels of each side")))

    def size_after(self, height: int, width: int) -> tuple[int, int]:
        return max(self.size, height), max(self.size, width)

    def made_size(self, height: int, width: int) -> tuple[int, int] | None:
        return self.size, self.size


@dataclass(frozen=True)
class RandomCrop(Step):
    """Cut a square out somewhere."""

    word = "crop"
    title = "RandomCrop"
    about = message(
        "Puts a black border around the picture and cuts a square out of it at random, so the object keeps moving."
    )
    is_random = True
    size: int = field(default=32, metadata=_size(message("pixels of each side")))
    padding: int = field(
        default=4, metadata=_rule(Number("padding", 0, 64, message("black pixels on each side"), named=True))
    )

    def size_after(self, height: int, width: int) -> tuple[int, int]:
        return height + 2 * self.padding, width + 2 * self.padding

    def made_size(self, height: int, width: int) -> tuple[int, int] | None:
        return (self.size, self.size) if self.size <= min(self.size_after(height, width)) else None


@dataclass(frozen=True)
class RandomHorizontalFlip(Step):
    """Turn left and right round, or not."""

    word = "flip"
    title = "RandomHorizontalFlip"
    about = message("Swaps left and right, or does nothing: with probability p, drawn anew for each picture.")
    is_random = True
    p: float = field(
        default=0.5, metadata=_rule(Number("p", 0, 1, message("probability of a flip"), whole=False, named=True))
    )


@dataclass(frozen=True)
class Grayscale(Step):
    """Take the colours out."""

    word = "gray"
    title = "Grayscale"
    about = message("Mixes red, green and blue into one brightness. With three channels it is repeated three times.")
    num_output_channels: str = field(
        default="1",
        metadata=_rule(
            OneOf("num_output_channels", MappingProxyType({"1": "1", "3": "3"}), message("how often it is written"))
        ),
    )

    def arguments_code(self) -> str:
        return f"num_output_channels={self.num_output_channels}"

    def keywords(self) -> dict[str, Any]:
        return {"num_output_channels": int(self.num_output_channels)}


# --- steps that change what holds the picture -------------------------------------------------------------------------


@dataclass(frozen=True)
class ToTensor(Step):
    """From a picture to floats, channels first."""

    word = "tensor"
    title = "ToTensor"
    about = message(
        "Makes a tensor with the channels first. Bytes from 0 to 255 become floats from 0 to 1; numbers of any other "
        "type stay as they are."
    )
    dialect = "transforms"

    def axes_after(self, axes: str, kind: Kind) -> str:
        return "CHW" if len(axes) < 3 else axes[2] + axes[:2]


@dataclass(frozen=True)
class ToImage(Step):
    """From a picture to bytes, channels first."""

    word = "image"
    title = "ToImage"
    about = message(
        "Makes a tensor with the channels first, and leaves the numbers alone: bytes stay bytes. ToDtype rescales."
    )
    dialect = "v2"

    def axes_after(self, axes: str, kind: Kind) -> str:
        if kind == "tensor":
            return axes
        return "CHW" if len(axes) < 3 else axes[2] + axes[:2]


@dataclass(frozen=True)
class ToDtype(Step):
    """To floats, rescaled or not."""

    word = "float"
    title = "ToDtype"
    about = message("Turns a tensor's numbers into floats. Only with scale=True does the range of bytes become 0 to 1.")
    dialect = "v2"
    scale: str = field(
        default="True",
        metadata=_rule(
            OneOf(
                "scale",
                MappingProxyType({"True": "True", "False": "False"}),
                message("whether 255 becomes 1"),
                named=True,
            )
        ),
    )

    def arguments_code(self) -> str:
        return f"torch.float32, scale={self.scale}"

    def transform(self, dialect: Dialect) -> Any:
        import torch
        from torchvision.transforms import v2

        return v2.ToDtype(torch.float32, scale=self.scale == "True")


@dataclass(frozen=True)
class Normalize(Step):
    """Subtract a number and divide by another, channel by channel."""

    word = "normalize"
    title = "Normalize"
    about = message("Subtracts mean and divides by std, channel by channel: (x − mean) / std.")
    mean: tuple[float, ...] = field(
        default=(0.5, 0.5, 0.5),
        metadata=_rule(PerChannel("mean", -1000, 1000, message("what is subtracted, for each channel"))),
    )
    std: tuple[float, ...] = field(
        default=(0.5, 0.5, 0.5),
        metadata=_rule(PerChannel("std", 0.0001, 1000, message("the divisor, for each channel"))),
    )


# --- steps in Python, between torchvision's ---------------------------------------------------------------------------


@dataclass(frozen=True)
class ToNumpy(Step):
    """To a NumPy array."""

    word = "numpy"
    title = message("to NumPy")
    about = message(
        "Turns the picture into a NumPy array, as other libraries expect it. You choose the type of its numbers."
    )
    is_transform = False
    dtype: str = field(
        default="float32",
        metadata=_rule(
            OneOf(
                "dtype", MappingProxyType({"float32": "float32", "uint8": "uint8"}), message("the type of its numbers")
            )
        ),
    )

    def call(self) -> str:
        return f"np.array(x, np.{self.dtype})"

    def code(self, dialect: Dialect) -> str:
        return f"lambda image: np.array(image, np.{self.dtype})"

    def apply(self, value: Any, dialect: Dialect) -> Any:
        import numpy as np

        return np.array(value, dtype=self.dtype)


_ORDERS = MappingProxyType({"hwc": (1, 2, 0), "chw": (2, 0, 1)})


@dataclass(frozen=True)
class Permute(Step):
    """Put the axes into another order."""

    word = "permute"
    title = "permute"
    about = message("Puts a tensor's axes into another order; each number keeps its place in the picture.")
    is_transform = False
    order: str = field(
        default="hwc",
        metadata=_rule(
            OneOf(
                message("order"),
                MappingProxyType(
                    {"hwc": message("(1, 2, 0): first axis last"), "chw": message("(2, 0, 1): last axis first")}
                ),
                message("which axis comes where"),
            )
        ),
    )

    @property
    def axes(self) -> tuple[int, int, int]:
        """Which axis comes where."""
        return _ORDERS[self.order]

    def call(self) -> str:
        return f"x.permute{self.axes}"

    def code(self, dialect: Dialect) -> str:
        return f"lambda image: image.permute{self.axes}"

    def apply(self, value: Any, dialect: Dialect) -> Any:
        return value.permute(*self.axes)

    def axes_after(self, axes: str, kind: Kind) -> str:
        return "".join(axes[index] for index in self.axes) if len(axes) == 3 else axes


@dataclass(frozen=True)
class Reshape(Step):
    """Cut the row of numbers up anew: the mistake that no error tells."""

    word = "reshape"
    title = "reshape"
    about = message(
        "Reads the numbers in their order and cuts them up anew. The shape is right, but no number keeps its place: "
        "only permute exchanges axes."
    )
    is_transform = False

    def call(self) -> str:
        return "x.reshape(C, H, W)"

    def code(self, dialect: Dialect) -> str:
        return "lambda image: image.reshape(image.shape[-1], *image.shape[:-1])"

    def apply(self, value: Any, dialect: Dialect) -> Any:
        return value.reshape(value.shape[-1], *value.shape[:-1])

    def axes_after(self, axes: str, kind: Kind) -> str:
        return axes[-1] + axes[:-1]


STEP_TYPES: Mapping[str, type[Step]] = MappingProxyType(
    {
        step.word: step
        for step in (
            Open,
            ReadImage,
            Resize,
            ResizeTo,
            CenterCrop,
            RandomCrop,
            RandomHorizontalFlip,
            Grayscale,
            ToTensor,
            ToImage,
            ToDtype,
            Normalize,
            ToNumpy,
            Permute,
            Reshape,
        )
    }
)
"""Every type of step by its word in a link, in the order of the menu."""
