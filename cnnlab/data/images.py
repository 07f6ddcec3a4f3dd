"""Pictures of your own, read with care, and a few embedded ones to begin with.

An uploaded file is untrusted: a few kilobytes can claim to be a picture of gigabytes. So only three formats are tried,
the size is looked at before anything is decoded, one picture is decoded at a time, and whatever goes wrong becomes a
`DataError` with a sentence.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from io import BytesIO
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from cnnlab.data import mini
from cnnlab.errors import DataError, reason
from cnnlab.texts import Message, in_a_row, message

if TYPE_CHECKING:
    from PIL.Image import Image as PILImage

SUFFIXES = ("png", "jpg", "jpeg", "webp")
MAX_BYTES = 5 * 1024**2
MAX_PIXELS = 24_000_000  # what a good camera takes
MAX_DECODED = 100_000_000  # bytes of memory while it is decoded; a phone's 12 million pixels in RGBA are 48 MB
PATIENCE_SECONDS = 30.0
"""How long a picture waits for others to be decoded; each takes about half a second at most."""

_FORMATS = ("PNG", "JPEG", "WEBP")
_ORIENTATION = 0x0112  # the EXIF tag that says how the camera was held
_TILE = 512  # pixels of a side that are converted at a time
_GREY_STEPS = {"1": 255, "L;2": 85, "L;4": 17}  # what Pillow multiplies the grey of few bits with
_Layer = tuple[int, int, int, int]  # of a JPEG: its number, how many blocks across and down, its table
_KINDS = message("Choose a PNG, JPEG or WebP picture.")

# One thread decodes for all. A lock would not do: the C library keeps what a thread has freed for that thread.
_decoder = ThreadPoolExecutor(1, thread_name_prefix="cnnlab-pictures")

# Which test picture of each class of cifar10-mini is clear and colourful enough to show: chosen by eye.
_EXAMPLES = {
    "frog": 16,
    "bird": 18,
    "dog": 1,
    "cat": 23,
    "ship": 6,
    "automobile": 36,
    "truck": 11,
    "airplane": 31,
    "deer": 11,
    "horse": 10,
}


def read_picture(source: bytes | IO[bytes], max_side: int = 512) -> NDArray[np.uint8]:
    """Read a PNG, JPEG or WebP picture into uint8 (3, H, W), neither side longer than `max_side`.

    It is turned as the camera was held, transparent parts are laid on white, a larger picture is scaled down, and of an
    animation the first frame is taken.

    Raises:
        DataError: it is no such picture, damaged, or too large, or too many others are waiting.
    """
    if max_side < 1:
        raise DataError("max_side must be at least 1 pixel, not {given}.", given=max_side)
    content = source if isinstance(source, bytes) else source.read(MAX_BYTES + 1)
    if not content:
        raise DataError(in_a_row(message("The file is empty."), _KINDS))
    if len(content) > MAX_BYTES:
        raise DataError(
            "The file has more than {limit} MB: choose a smaller picture, or save it with fewer pixels.",
            limit=MAX_BYTES // 1024**2,
        )
    waiting = _decoder.submit(_decode, content, max_side)
    try:
        return waiting.result(PATIENCE_SECONDS)
    except TimeoutError:
        waiting.cancel()
        raise DataError("Many pictures are being read right now: try again in a minute.") from None


def to_grey(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The brightness of a (3, H, W) picture as (1, H, W), weighing red, green and blue as the eye does.

    >>> to_grey(np.full((3, 1, 2), 200, np.uint8)).tolist()
    [[[200, 200]]]
    """
    # ITU-R BT.601 in thousandths; 500 rounds to the nearest.
    weights = np.array([299, 587, 114], np.uint32)
    grey = (np.tensordot(weights, picture.astype(np.uint32), axes=1) + 500) // 1000
    return grey[None].astype(np.uint8)


def square(picture: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """The middle of a (3, H, W) picture as (3, side, side): each pixel is the mean of those that it stands for.

    >>> square(np.array([[[1, 3, 9], [5, 7, 9]]] * 3, np.uint8), 1).ravel().tolist()
    [4, 4, 4]
    """
    from PIL import Image

    height, width = picture.shape[1:]
    least = min(height, width)
    top, left = (height - least) // 2, (width - least) // 2
    image = Image.fromarray(np.ascontiguousarray(picture.transpose(1, 2, 0)))
    small = image.resize((side, side), Image.Resampling.BOX, (left, top, left + least, top + least))
    return np.ascontiguousarray(np.asarray(small).transpose(2, 0, 1))


def at_most_high(picture: NDArray[np.uint8], height: int) -> NDArray[np.uint8]:
    """A (3, H, W) picture of at most `height` rows: each pixel is the mean of those that it stands for. A picture that
    is no higher stays as it is.

    >>> at_most_high(np.array([[[1, 3], [5, 7]]] * 3, np.uint8), 1).ravel().tolist()
    [4, 4, 4]
    """
    from PIL import Image

    rows, columns = picture.shape[1:]
    if rows <= height:
        return picture
    image = Image.fromarray(np.ascontiguousarray(picture.transpose(1, 2, 0)))
    small = image.resize((max(1, round(columns * height / rows)), height), Image.Resampling.BOX)
    return np.ascontiguousarray(np.asarray(small).transpose(2, 0, 1))


@cache
def example_pictures() -> MappingProxyType[str, NDArray[np.uint8]]:
    """One clear picture of each class of cifar10-mini's test part: name -> uint8 (3, 32, 32), read-only."""
    dataset = mini.load()
    of_class = {name: np.flatnonzero(dataset.y_test == label) for label, name in enumerate(dataset.classes)}
    return MappingProxyType({name: dataset.x_test[of_class[name][index]] for name, index in _EXAMPLES.items()})


def _decode(content: bytes, max_side: int) -> NDArray[np.uint8]:
    from PIL import Image, UnidentifiedImageError  # here, so that `import cnnlab` does not pay for it

    try:
        # Pillow's own guard against enormous pictures warns first and raises later. Ours below comes sooner than both;
        # where warnings are errors, theirs comes first and means the same.
        with Image.open(BytesIO(content), formats=_FORMATS) as image:
            width, height = image.size
            if width * height > MAX_PIXELS:
                raise _to_scale_down(
                    message(
                        "The picture has {width} × {height} pixels, more than the {millions} million that are taken.",
                        width=width,
                        height=height,
                        millions=MAX_PIXELS // 1_000_000,
                    )
                )
            image.draft(None, (max_side, max_side))  # a large JPEG is decoded at a half, quarter or eighth of its size
            if (needed := _bytes_to_decode(image, width * height)) > MAX_DECODED:
                raise _to_scale_down(
                    message(
                        "The picture has {width} × {height} pixels and would fill {needed} MB of memory, more than "
                        "the {limit} MB that are given to one.",
                        width=width,
                        height=height,
                        needed=needed // 1_000_000,
                        limit=MAX_DECODED // 1_000_000,
                    ),
                    or_as_jpeg=image.format == "WEBP",
                )
            transparent = _transparent_colour(image)
            image.load()
            scale = min(1, max_side / max(width, height))
            size = max(1, round(width * scale)), max(1, round(height * scale))
            picture = _turned(_scaled_down(image, size, transparent), _orientation(image))
            return np.ascontiguousarray(np.asarray(picture).transpose(2, 0, 1))
    except DataError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _to_scale_down(
            message(
                "The picture has far more pixels than the {millions} million that are taken.",
                millions=MAX_PIXELS // 1_000_000,
            )
        ) from None
    except UnidentifiedImageError:
        raise DataError(in_a_row(message("The file is not a picture that can be read."), _KINDS)) from None
    except Exception as error:  # noqa: BLE001, decoders of damaged files raise nearly everything
        raise DataError(
            "The picture is damaged or cut short ({reason}): copy or save it again.", reason=reason(error)
        ) from None


def _bytes_to_decode(image: "PILImage", pixels: int) -> int:
    """The memory that decoding takes at most, roughly.

    Args:
        image: before its pixels are loaded, at the size that it will be decoded at.
        pixels: of the file.
    """
    if image.format == "WEBP":
        return 20 * pixels  # libwebp keeps two frames and a third while it decodes, and Pillow makes two copies
    width, height = image.size
    decoded = width * height * {"1": 1, "L": 1, "P": 1, "I;16": 2}.get(image.mode, 4)
    if image.format == "JPEG" and "progressive" in image.info:
        # libjpeg keeps two bytes of each number until the last pass has been read, whatever size it decodes at.
        layers = [(across, down) for _, across, down, _ in cast("list[_Layer]", getattr(image, "layer", []))]
        widest, tallest = max(across for across, _ in layers), max(down for _, down in layers)
        decoded += 2 * pixels * sum(across * down for across, down in layers) // max(1, widest * tallest)
    return decoded


def _transparent_colour(image: "PILImage") -> int | tuple[int, ...] | bytes | None:
    """The colour of a PNG that stands for nothing, in the numbers that Pillow decodes its pixels to.

    The file says it in its own bits, and Pillow compares that with what it made 8 bits of.

    Args:
        image: before its pixels are loaded.
    """
    colour = cast("int | tuple[int, ...] | bytes | None", image.info.get("transparency"))
    tiles = cast("Sequence[tuple[object, object, object, object]]", getattr(image, "tile", ()))
    stored = tiles[0][3] if tiles else None
    if isinstance(colour, int) and isinstance(stored, str):
        return colour * _GREY_STEPS.get(stored, 1)
    if isinstance(colour, tuple) and stored == "RGB;16B":
        return tuple(part >> 8 for part in colour)
    return colour


def _scaled_down(
    image: "PILImage", size: tuple[int, int], transparent: int | tuple[int, ...] | bytes | None
) -> "PILImage":
    """The picture as RGB on white, of (width, height) pixels. It is converted tile by tile: no copy of it is made."""
    from PIL import Image

    width, height = image.size
    factor = max(1, max(width, height) // (2 * max(size)))  # what is left to LANCZOS has twice the pixels of a side
    step = factor * max(1, _TILE // factor)
    reduced = Image.new("RGB", (-(-width // factor), -(-height // factor)))
    for top in range(0, height, step):
        for left in range(0, width, step):
            tile = image.crop((left, top, min(left + step, width), min(top + step, height)))
            if transparent is not None:
                tile.info["transparency"] = transparent
            tile = _on_white(tile)
            reduced.paste(tile if factor == 1 else tile.reduce(factor), (left // factor, top // factor))
    if reduced.size == size:
        return reduced
    return reduced.resize(size, Image.Resampling.LANCZOS, box=(0, 0, width / factor, height / factor))


def _on_white(image: "PILImage") -> "PILImage":
    """The picture as RGB; what is transparent shows white."""
    from PIL import Image

    if image.mode.startswith("I"):
        # Grey in 16 bits, which Pillow would cut off at 255 instead of scaling down.
        pixels = np.asarray(image)
        grey = np.clip(pixels // 256, 0, 255).astype(np.uint8)
        if isinstance(colour := image.info.get("transparency"), int):
            grey[pixels == colour] = 255
        return Image.fromarray(grey).convert("RGB")
    if not image.has_transparency_data:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", image.size, "white"), layer).convert("RGB")


def _orientation(image: "PILImage") -> int:
    try:
        return int(cast("int", image.getexif().get(_ORIENTATION, 1)))
    except Exception:  # noqa: BLE001, damaged EXIF data is no reason to refuse a picture that can be decoded
        return 1


def _turned(image: "PILImage", orientation: int) -> "PILImage":
    from PIL.Image import Transpose

    turns = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }
    return image.transpose(turns[orientation]) if orientation in turns else image


def _to_scale_down(told: Message, *, or_as_jpeg: bool = False) -> DataError:
    if or_as_jpeg:
        return DataError(in_a_row(told, message("Scale it down first, or save it as JPEG.")))
    return DataError(in_a_row(told, message("Scale it down first.")))
