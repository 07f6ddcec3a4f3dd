"""Pictures of your own, read with care, and a few embedded ones to begin with.

An uploaded file is untrusted: a few kilobytes can claim to be a picture of gigabytes. So only three formats are tried,
the size is looked at before anything is decoded, one picture is decoded at a time, and whatever goes wrong becomes a
`DataError` with a sentence.
"""

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from io import BytesIO
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from cnnlab.data import mini
from cnnlab.errors import DataError

if TYPE_CHECKING:
    from PIL.Image import Image as PILImage

SUFFIXES = ("png", "jpg", "jpeg", "webp")
MAX_BYTES = 5 * 1024**2
MAX_PIXELS = 24_000_000  # what a good camera takes
MAX_DECODED_BYTES = 144_000_000
"""What the decoding of a picture may take, however many arrive at once."""
PATIENCE_SECONDS = 30.0
"""How long a picture waits for others to be decoded; each takes about half a second at most."""

# How a format is called, and how many bytes a pixel takes while it is decoded, where that is more than the result.
# Pillow's decoder of WebP keeps two whole frames, hands over a third, and copies it. A JPEG, which may be stored in
# several passes, keeps two bytes for each of its colours until the last one.
_DECODING = {"PNG": ("PNG", 4), "WEBP": ("WebP", 20)}
_JPEG_BYTES_A_COLOUR = 2
_BAND_PIXELS = 1_000_000

_FORMATS = ("PNG", "JPEG", "WEBP")
_ORIENTATION = 0x0112  # the EXIF tag that says how the camera was held
_KINDS = "choose a PNG, JPEG or WebP picture"

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
        raise DataError(f"max_side must be at least 1 pixel, not {max_side}")
    content = source if isinstance(source, bytes) else source.read(MAX_BYTES + 1)
    if not content:
        raise DataError(f"the file is empty: {_KINDS}")
    if len(content) > MAX_BYTES:
        raise DataError(
            f"the file has more than {MAX_BYTES // 1024**2} MB: choose a smaller picture, or save it with fewer pixels"
        )
    waiting = _decoder.submit(_decode, content, max_side)
    try:
        return waiting.result(PATIENCE_SECONDS)
    except TimeoutError:
        waiting.cancel()
        raise DataError("many pictures are being read just now: try again in a minute") from None


def to_grey(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The brightness of a (3, H, W) picture as (1, H, W), weighing red, green and blue as the eye does.

    >>> to_grey(np.full((3, 1, 2), 200, np.uint8)).tolist()
    [[[200, 200]]]
    """
    # ITU-R BT.601 in thousandths; 500 rounds to the nearest.
    weights = np.array([299, 587, 114], np.uint32)
    grey = (np.tensordot(weights, picture.astype(np.uint32), axes=1) + 500) // 1000
    return grey[None].astype(np.uint8)


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
            _check_pixels(image)
            image.draft(None, (max_side, max_side))  # a large JPEG is decoded at a half, quarter or eighth of its size
            image.load()
            picture = _turned(_scaled_down(image, max_side), _orientation(image))
            return np.ascontiguousarray(np.asarray(picture).transpose(2, 0, 1))
    except DataError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels("far more pixels", MAX_PIXELS, "any") from None
    except UnidentifiedImageError:
        raise DataError(f"the file is no picture that can be read: {_KINDS}") from None
    except Exception as error:  # noqa: BLE001, decoders of damaged files raise nearly everything
        raise DataError(f"the picture is damaged or cut short ({error}): copy or save it again") from None


def _check_pixels(image: "PILImage") -> None:
    width, height = image.size
    kind, a_pixel = _DECODING.get(image.format or "", ("JPEG", _JPEG_BYTES_A_COLOUR * len(image.getbands())))
    limit = min(MAX_PIXELS, MAX_DECODED_BYTES // a_pixel)
    if width * height > limit:
        raise _too_many_pixels(f"{width} x {height} pixels", limit, f"a {kind}")


def _scaled_down(image: "PILImage", max_side: int) -> "PILImage":
    """The picture as RGB on white, neither side longer than `max_side`.

    It is made in bands, so that the decoded picture is never copied as a whole. As in Pillow's thumbnails, whole blocks
    of pixels are averaged first, down to at least twice the size that is wanted.
    """
    from PIL import Image

    width, height = image.size
    scale = min(1.0, max_side / max(width, height))
    wanted = (max(1, round(width * scale)), max(1, round(height * scale)))
    across, down = (max(1, full // (2 * small)) for full, small in zip(image.size, wanted, strict=True))
    averaged = Image.new("RGB", (-(-width // across), -(-height // down)))
    rows = down * max(1, _BAND_PIXELS // (width * down))
    for top in range(0, height, rows):
        band = image.crop((0, top, width, min(top + rows, height)))
        averaged.paste(_on_white(_with_plain_colours(band)).reduce((across, down)), (0, top // down))
    if averaged.size == wanted:
        return averaged
    return averaged.resize(wanted, Image.Resampling.LANCZOS, box=(0, 0, width / across, height / down))


def _with_plain_colours(image: "PILImage") -> "PILImage":
    """The picture as RGB or, where parts of it are transparent, RGBA."""
    from PIL import Image

    if image.mode.startswith("I"):
        # Grey in 16 bits, which Pillow would cut off at 255 instead of scaling down.
        pixels = np.clip(np.asarray(image) // 256, 0, 255)
        return Image.fromarray(pixels.astype(np.uint8)).convert("RGB")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _on_white(image: "PILImage") -> "PILImage":
    from PIL import Image

    if image.mode == "RGB":
        return image
    return Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")


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


def _too_many_pixels(what: str, limit: int, kind: str) -> DataError:
    return DataError(
        f"the picture has {what}, more than the {limit // 1_000_000} million that are taken of {kind} picture: scale it"
        " down first"
    )
