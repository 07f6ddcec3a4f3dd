"""All that decides the output's shape: the settings of the output-shape page, and what follows from them."""

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

from cnnlab.errors import ShapeError
from cnnlab.shapes import AxisWindows, Change, full_padding, nearest_working, same_padding, windows
from cnnlab.texts import Message, all_of, in_a_row, message, plural

LIMITS = MappingProxyType(
    {
        "h": (1, 256),
        "w": (1, 256),
        "fh": (1, 11),
        "fw": (1, 11),
        "ph": (0, 20),
        "pw": (0, 20),
        "sh": (1, 10),
        "sw": (1, 10),
        "dh": (1, 4),
        "dw": (1, 4),
        "c": (1, 1024),
        "n": (1, 1024),
    }
)
"""Lowest and highest value of every number: room for AlexNet's first layer, and for "same" with the widest kernel."""

_FIELDS = MappingProxyType(
    {"size": ("h", "w"), "kernel_size": ("fh", "fw"), "padding": ("ph", "pw"), "dilation": ("dh", "dw")}
)

PaddingName = Literal["valid", "same", "full"]


@dataclass(frozen=True)
class ShapeSettings:
    """One convolution layer and the size of its input. The first letter of a name says what, the last on which axis.

    Args:
        h, w: pixels of the input.
        fh, fw: cells of the kernel.
        ph, pw: padding on both ends of an axis.
        sh, sw: stride.
        dh, dw: dilation.
        ceil: round up, as the poolings' `ceil_mode` does.
        c: input channels.
        n: kernels, which is the output's channels.
    """

    h: int = 9
    w: int = 9
    fh: int = 5
    fw: int = 5
    ph: int = 0
    pw: int = 0
    sh: int = 1
    sw: int = 1
    dh: int = 1
    dw: int = 1
    ceil: bool = False
    c: int = 3
    n: int = 2

    @property
    def rows(self) -> AxisWindows:
        """The windows along the height; none where the kernel does not fit."""
        return AxisWindows(self.h, self.fh, self.sh, (self.ph, self.ph), self.dh, self.ceil)

    @property
    def cols(self) -> AxisWindows:
        """The windows along the width; none where the kernel does not fit."""
        return AxisWindows(self.w, self.fw, self.sw, (self.pw, self.pw), self.dw, self.ceil)

    @property
    def is_square(self) -> bool:
        """Whether both axes are set alike."""
        return self.rows == self.cols

    @property
    def output_shape(self) -> tuple[int, int, int]:
        """(channels, height, width), as PyTorch orders them.

        >>> ShapeSettings(h=9, w=9, fh=5, fw=5, c=3, n=2).output_shape
        (2, 5, 5)
        """
        return self.n, self.rows.count, self.cols.count

    @property
    def weight_shape(self) -> tuple[int, int, int, int]:
        """(kernels, channels, height, width)."""
        return self.n, self.c, self.fh, self.fw

    @property
    def parameters(self) -> int:
        """Weights, and one bias per kernel.

        >>> ShapeSettings(fh=5, fw=5, c=3, n=2).parameters  # 2 * (3 * 5 * 5) + 2
        152
        """
        return self.n * self.c * self.fh * self.fw + self.n

    @property
    def unread_pixels(self) -> int:
        """Pixels of the input itself, padding not counted, that no window reads.

        >>> ShapeSettings(h=7, w=7, fh=3, fw=3, sh=3, sw=3).unread_pixels  # 7*7 - 6*6
        13
        """
        read_rows, read_cols = (
            int((axis.visits()[axis.padding[0] : axis.padding[0] + axis.size] > 0).sum())
            for axis in (self.rows, self.cols)
        )
        return self.h * self.w - read_rows * read_cols

    def check(self) -> None:
        """Say in words why the kernel does not fit, if it does not.

        Raises:
            ShapeError: along the height, the width or both.
        """
        height, width = _problem(self.rows), _problem(self.cols)
        if height is not None and height == width:
            raise ShapeError("Along both axes: {reason}", reason=height)
        sentences: list[Message] = []
        if height is not None:
            sentences.append(message("Along the height: {reason}", reason=height))
        if width is not None:
            sentences.append(message("Along the width: {reason}", reason=width))
        if sentences:
            raise ShapeError(in_a_row(*sentences))

    def padded_as(self, name: PaddingName) -> "ShapeSettings":
        """Set the padding that goes by a name.

        Raises:
            ShapeError: "same" asks for a stride of 1, and for a kernel whose padding can be equal on both sides; "full"
                for a padding within the limits.

        >>> ShapeSettings(fh=5, fw=3).padded_as("same").ph
        2
        """
        if name == "valid":
            return replace(self, ph=0, pw=0)
        if name == "full":
            full = full_padding(self.fh, self.dh), full_padding(self.fw, self.dw)
            if max(full) > (most := LIMITS["ph"][1]):
                raise ShapeError(
                    '"full" takes {pixels} pixels of padding here, and the lab goes up to {most}: use a smaller kernel '
                    "or a smaller dilation.",
                    pixels=max(full),
                    most=most,
                )
            return replace(self, ph=full[0], pw=full[1])
        if (stride := max(self.sh, self.sw)) > 1:
            raise ShapeError(
                '"same" needs stride 1: at stride {stride} the window stands at only about one in {stride} places, so '
                "the output is smaller than the input.",
                stride=stride,
            )
        pairs = same_padding(self.fh, self.dh), same_padding(self.fw, self.dw)
        for kernel_size, (before, after) in zip((self.fh, self.fw), pairs, strict=True):
            if before != after:
                raise ShapeError(
                    plural(
                        '"same" does not work with a kernel of {kernel}: it would take {n} pixel of padding along the '
                        "axis, which cannot be shared equally between both sides. Use an odd kernel.",
                        '"same" does not work with a kernel of {kernel}: it would take {n} pixels of padding along the '
                        "axis, which cannot be shared equally between both sides. Use an odd kernel.",
                        n=before + after,
                        kernel=kernel_size,
                    )
                )
        return replace(self, ph=pairs[0][0], pw=pairs[1][0])

    def suggestions(self) -> tuple["ShapeSettings", ...]:
        """List the nearest settings that work: one of padding, kernel, dilation and input changed, as little as needed.

        >>> [settings.differences(ShapeSettings(h=3, w=3)) for settings in ShapeSettings(h=3, w=3).suggestions()]
        ['padding 1', 'kernel 3', 'input 5']
        """
        changes = _changes(self.rows), _changes(self.cols)
        found: list[ShapeSettings] = []
        for name, fields in _FIELDS.items():
            needed = [(field, of_axis) for field, of_axis in zip(fields, changes, strict=True) if of_axis]
            values = {field: of_axis[name].value for field, of_axis in needed if name in of_axis}
            within = all(LIMITS[field][0] <= value <= LIMITS[field][1] for field, value in values.items())
            if needed and len(values) == len(needed) and within:
                found.append(replace(self, **values))
        order = ("ph", "pw", "fh", "fw", "dh", "dw", "h", "w")
        return tuple(sorted(found, key=lambda one: min(order.index(field) for field in one.changed(self))))

    def changed(self, other: "ShapeSettings") -> tuple[str, ...]:
        """Name the fields in which two settings differ."""
        return tuple(name for name in self.__dataclass_fields__ if getattr(self, name) != getattr(other, name))

    def differences(self, other: "ShapeSettings") -> Message:
        """Say what one would change to come here from `other`: "padding 1", or "kernel 3 × 5" for two axes.

        >>> ShapeSettings(h=9, w=4, fw=3).differences(ShapeSettings(h=9, w=4))
        'kernel 5 × 3'
        """
        fields = {**_FIELDS, "stride": ("sh", "sw")}
        parts: list[Message] = []
        for name, (on_rows, on_cols) in fields.items():
            if {on_rows, on_cols} & set(self.changed(other)):
                height, width = getattr(self, on_rows), getattr(self, on_cols)
                parts.append(_setting(name, str(height) if height == width else f"{height} × {width}"))
        return all_of(parts) if parts else in_a_row()

    def to_code(self) -> str | None:
        """Write the PyTorch layer with these settings; None where PyTorch has none.

        >>> ShapeSettings(fh=5, fw=5, c=3, n=2).to_code()
        'nn.Conv2d(3, 2, kernel_size=5)'
        >>> ShapeSettings(fh=3, fw=2, sh=2, sw=2, ceil=True).to_code()
        'nn.MaxPool2d(kernel_size=(3, 2), stride=2, ceil_mode=True)'
        """
        options = [f"kernel_size={_pair(self.fh, self.fw)}"]
        # A pooling's stride is its kernel's size when nothing is said.
        if self.ceil or (self.sh, self.sw) != (1, 1):
            options.append(f"stride={_pair(self.sh, self.sw)}")
        if (self.ph, self.pw) != (0, 0):
            options.append(f"padding={_pair(self.ph, self.pw)}")
        if (self.dh, self.dw) != (1, 1):
            options.append(f"dilation={_pair(self.dh, self.dw)}")
        if not self.ceil:
            return f"nn.Conv2d({self.c}, {self.n}, {', '.join(options)})"
        if self.ph > self.fh // 2 or self.pw > self.fw // 2:
            return None
        return f"nn.MaxPool2d({', '.join(options)}, ceil_mode=True)"


def _changes(axis: AxisWindows) -> dict[str, Change]:
    arguments = (axis.size, axis.kernel_size, axis.stride, axis.padding[0], axis.dilation, axis.ceil)
    return {change.name: change for change in nearest_working(*arguments)}


def _setting(name: str, sizes: str) -> Message:
    match name:
        case "size":
            return message("input {sizes}", sizes=sizes)
        case "kernel_size":
            return message("kernel {sizes}", sizes=sizes)
        case "padding":
            return message("padding {sizes}", sizes=sizes)
        case "dilation":
            return message("dilation {sizes}", sizes=sizes)
        case _:
            return message("stride {sizes}", sizes=sizes)


def _problem(axis: AxisWindows) -> Message | None:
    try:
        windows(axis.size, axis.kernel_size, axis.stride, axis.padding, axis.dilation, axis.ceil)
    except ShapeError as error:
        return error.message
    return None


def _pair(along_rows: int, along_cols: int) -> str:
    return str(along_rows) if along_rows == along_cols else f"({along_rows}, {along_cols})"
