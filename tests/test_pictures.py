"""Pictures of any kind are read right, and nothing but a sentence comes out of bad ones."""

import io
import struct
import subprocess
import sys
import threading
import warnings
import zlib
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from cnnlab import DataError
from cnnlab.data import pictures
from cnnlab.data.pictures import example_pictures, read_picture, to_grey

RED, GREEN, WHITE = (255, 0, 0), (0, 255, 0), (255, 255, 255)


def encoded(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def photograph(width: int = 40, height: int = 30, mode: str = "RGB") -> Image.Image:
    """Smooth colours, so that lossy formats come close."""
    y, x = np.mgrid[0:height, 0:width]
    pixels = np.stack([x * 255 / width, y * 255 / height, 255 - x * 255 / width], axis=-1)
    return Image.fromarray(pixels.astype(np.uint8)).convert(mode)


def expected(image: Image.Image) -> np.ndarray:
    return np.asarray(image.convert("RGB")).transpose(2, 0, 1)


@pytest.mark.parametrize(("kind", "tolerance"), [("PNG", 0), ("JPEG", 20), ("WEBP", 20)])
def test_the_three_formats_are_read_as_channels_height_width(kind: str, tolerance: int) -> None:
    picture = read_picture(encoded(photograph(), kind))
    assert picture.shape == (3, 30, 40)
    assert picture.dtype == np.uint8
    assert picture.flags.c_contiguous
    assert np.abs(picture.astype(int) - expected(photograph())).max() <= tolerance


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB"])
def test_other_ways_to_store_colours(mode: str) -> None:
    assert np.array_equal(read_picture(encoded(photograph(mode=mode))), expected(photograph(mode=mode)))


def test_a_jpeg_for_printing_has_its_colours() -> None:
    picture = read_picture(encoded(photograph(mode="CMYK"), "JPEG", quality=95))
    assert np.abs(picture.astype(int) - expected(photograph(mode="CMYK"))).max() < 20


def test_grey_in_16_bits_is_scaled_not_cut_off() -> None:
    image = Image.fromarray(np.array([[0, 256 * 128, 65535]], np.uint16))
    assert read_picture(encoded(image))[0].tolist() == [[0, 128, 255]]


def test_transparent_parts_are_laid_on_white() -> None:
    image = Image.new("RGBA", (3, 1))
    for x, alpha in enumerate((0, 128, 255)):
        image.putpixel((x, 0), (255, 0, 0, alpha))
    assert read_picture(encoded(image)).transpose(1, 2, 0).tolist() == [[[255, 255, 255], [255, 127, 127], [255, 0, 0]]]
    assert read_picture(encoded(image, "WEBP", lossless=True)).shape == (3, 1, 3)


def test_a_palette_with_a_transparent_colour() -> None:
    image = Image.new("P", (2, 1), 0)
    image.putpalette([*RED, *GREEN])
    image.putpixel((1, 0), 1)
    picture = read_picture(encoded(image, transparency=0))
    assert picture.transpose(1, 2, 0).tolist() == [[list(WHITE), list(GREEN)]]


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_the_picture_is_turned_as_the_camera_was_held(orientation: int, kind: str) -> None:
    from PIL import ImageOps

    exif = Image.Exif()
    exif[0x0112] = orientation
    content = encoded(photograph(), kind, exif=exif)
    witness = ImageOps.exif_transpose(Image.open(io.BytesIO(content)))
    assert np.array_equal(read_picture(content), expected(witness))


def test_damaged_camera_data_do_not_hide_the_picture() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert read_picture(encoded(photograph(), "JPEG", exif=b"Exif\x00\x00broken")).shape == (3, 30, 40)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_large_picture_is_scaled_down_and_a_small_one_is_not_scaled_up(kind: str) -> None:
    assert read_picture(encoded(photograph(2000, 1000), kind)).shape == (3, 256, 512)
    assert read_picture(encoded(photograph(1000, 2000), kind), max_side=100).shape == (3, 100, 50)
    assert read_picture(encoded(photograph(1000, 1), kind), max_side=10).shape == (3, 1, 10)
    assert read_picture(encoded(photograph(5, 4), kind)).shape == (3, 4, 5)


def test_of_an_animation_the_first_frame_is_taken() -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in (RED, GREEN)]
    content = encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    assert read_picture(content)[:, 0, 0].tolist() == list(RED)


def test_a_file_object_is_read_too() -> None:
    content = encoded(photograph())
    assert np.array_equal(read_picture(io.BytesIO(content)), read_picture(content))


# What is refused.


def png_that_claims(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"x")) + chunk(b"IEND", b"")


def test_the_size_is_refused_before_anything_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    def decode(*_: object) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr(PngImagePlugin.PngImageFile, "load", decode)
    with pytest.raises(DataError, match=r"has 9000 x 9000 pixels, more than the 24 million .*scale it down"):
        read_picture(png_that_claims(9000, 9000))


@pytest.mark.parametrize("side", [10_000, 15_000, 2**31 - 1])  # Pillow itself warns, raises, raises
@pytest.mark.parametrize("action", ["error", "ignore"])
def test_an_enormous_picture_is_refused_whatever_becomes_of_warnings(side: int, action: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter(action)
        with pytest.raises(DataError, match=r"pixels, more than the 24 million"):
            read_picture(png_that_claims(side, side))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the file is empty: choose a PNG, JPEG or WebP picture"),
        (b"hello", "is no picture that can be read: choose a PNG, JPEG or WebP"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "is no picture that can be read"),
        (encoded(photograph(), "GIF"), "is no picture that can be read"),
        (encoded(photograph(), "BMP"), "is no picture that can be read"),
        (encoded(photograph(), "TIFF"), "is no picture that can be read"),
        (encoded(photograph(), "PPM"), "is no picture that can be read"),
        (bytes(pictures.MAX_BYTES + 1), "has more than 5 MB: choose a smaller picture"),
        (png_that_claims(30, 30), "is damaged or cut short"),
    ],
)
def test_what_is_no_picture_is_refused_in_words(content: bytes, words: str) -> None:
    for source in (content, io.BytesIO(content)):
        with pytest.raises(DataError, match=words):
            read_picture(source)


def test_a_text_that_swells_inside_a_png_is_refused() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("swells", "x" * 100_000_000, zip=True)
    content = encoded(photograph(), pnginfo=info)
    assert len(content) < 200_000
    with pytest.raises(DataError, match="is damaged or cut short"):
        read_picture(content)


# What decoding takes.


def empty_png(side: int, depth: int, colour: int, *extra: tuple[bytes, bytes]) -> bytes:
    """All zeros, so that some kilobytes hold as many pixels as are taken."""
    row = bytes(1 + side * depth // 8 * {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour])
    squeeze = zlib.compressobj(9)
    data = b"".join(squeeze.compress(row) for _ in range(side)) + squeeze.flush()
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", side, side, depth, colour, 0, 0, 0)), *extra]
    chunks += [(b"IDAT", data), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


@cache
def large_pictures() -> dict[str, bytes]:
    """Of each way to store pixels one that is just small enough, in a file as small as can be."""
    side = 4898
    assert side**2 <= pictures.MAX_PIXELS < (side + 2) ** 2
    palette = (b"PLTE", bytes(6)), (b"tRNS", b"\0")
    plain = Image.new("RGB", (side, side), RED)
    animated = [Image.new("RGBA", (2683, 2683), (255, shade, 0, 128)) for shade in range(2)]
    return {
        "colours and transparency in 16 bits": empty_png(side, 16, 6),
        "colours, one of them transparent": empty_png(side, 8, 2, (b"tRNS", bytes(6))),
        "grey in 16 bits": empty_png(side, 16, 0),
        "grey and transparency in 16 bits": empty_png(side, 16, 4),
        "palette with a transparent colour": empty_png(side, 8, 3, *palette),
        "JPEG": encoded(plain, "JPEG", subsampling=0),
        "JPEG in several passes": encoded(plain, "JPEG", progressive=True, subsampling=0),
        "JPEG for printing": encoded(Image.new("CMYK", (4242, 4242)), "JPEG", progressive=True, subsampling=0),
        "WebP": encoded(plain.crop((0, 0, 2683, 2683)), "WEBP"),
        "WebP that moves": encoded(animated[0], "WEBP", save_all=True, append_images=animated[1:], lossless=True),
    }


# Prints by how many bytes the process grows at most while threads read a picture from the standard input.
GROWTH = """
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from PIL import Image
from cnnlab.data.pictures import read_picture

def peak():
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return 1024 * int(line.split()[1])

Image.init()
content, threads = sys.stdin.buffer.read(), int(sys.argv[1])
before = peak()
with ThreadPoolExecutor(threads) as pool:
    shapes = {picture.shape for picture in pool.map(read_picture, [content] * threads)}
assert shapes == {(3, 512, 512)}, shapes
print(peak() - before)
"""


def growth(content: bytes, threads: int) -> int:
    command = [sys.executable, "-c", GROWTH, str(threads)]
    return int(subprocess.run(command, input=content, check=True, capture_output=True).stdout)


def test_the_largest_picture_of_any_kind_takes_little_memory() -> None:
    taken = {kind: growth(content, 1) for kind, content in large_pictures().items()}
    assert max(taken.values()) < pictures.MAX_DECODED_BYTES + 10_000_000, taken


def test_twelve_large_pictures_at_once_take_hardly_more_than_one() -> None:
    content = large_pictures()["colours and transparency in 16 bits"]
    assert len(content) < 200_000
    assert growth(content, 12) < pictures.MAX_DECODED_BYTES + 30_000_000


@pytest.mark.parametrize(
    ("image", "kind", "words"),
    [
        (Image.new("RGB", (2700, 2700)), "WEBP", "has 2700 x 2700 pixels, more than the 7 million .* of a WebP"),
        (Image.new("CMYK", (4300, 4300)), "JPEG", "has 4300 x 4300 pixels, more than the 18 million .* of a JPEG"),
        (Image.new("1", (4900, 4900)), "PNG", "has 4900 x 4900 pixels, more than the 24 million .* of a PNG"),
    ],
)
def test_how_many_pixels_are_taken_depends_on_what_a_pixel_takes(image: Image.Image, kind: str, words: str) -> None:
    with pytest.raises(DataError, match=words):
        read_picture(encoded(image, kind))


def test_a_picture_that_waits_too_long_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    content, others = encoded(photograph()), threading.Event()
    with monkeypatch.context() as patch:
        patch.setattr(pictures, "PATIENCE_SECONDS", 0.01)
        pictures._decoder.submit(others.wait)
        with pytest.raises(DataError, match="many pictures are being read just now: try again"):
            read_picture(content)
        others.set()
    assert read_picture(content).shape == (3, 30, 40)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
@pytest.mark.parametrize("size", [(700, 500), (1031, 2047), (3000, 7), (1, 999)])
def test_a_picture_made_in_bands_is_the_whole_one_scaled_down(
    mode: str, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "_BAND_PIXELS", 10_000)
    image = photograph(*size, mode="RGBA" if mode != "I;16" else "L")
    if mode == "I;16":
        image = Image.fromarray(np.asarray(image).astype(np.uint16) * 257)
    else:
        image.putalpha(Image.linear_gradient("L").resize(size))
        image = image.convert(mode)
    picture = read_picture(encoded(image), max_side=100)
    shown = pictures._on_white(pictures._with_plain_colours(image))
    witness = shown.resize(picture.shape[:0:-1], Image.Resampling.LANCZOS, reducing_gap=2.0)
    assert np.abs(picture.astype(int) - np.asarray(witness).transpose(2, 0, 1)).max() <= 2


def test_max_side_must_make_sense() -> None:
    with pytest.raises(DataError, match="max_side must be at least 1 pixel, not 0"):
        read_picture(encoded(photograph()), max_side=0)


@cache
def samples() -> tuple[bytes, ...]:
    exif = Image.Exif()
    exif[0x0112] = 6
    frames = [Image.new("RGB", (8, 8), colour) for colour in (RED, GREEN)]
    return (
        encoded(photograph(), exif=exif),
        encoded(photograph(mode="P"), transparency=3),
        encoded(photograph(), "JPEG", exif=exif),
        encoded(photograph(), "JPEG", progressive=True),
        encoded(photograph(), "WEBP", exif=exif),
        encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:]),
    )


def picture_or_sentence(content: bytes) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns about odd camera data; a picture is read nevertheless
        try:
            picture = read_picture(content, max_side=64)
        except DataError:
            return
    assert picture.ndim == 3
    assert picture.dtype == np.uint8
    assert max(picture.shape) <= 64


@settings(deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"RIFF\x20\x00\x00\x00WEBPVP8 "]),
)
def test_noise_gives_a_sentence(noise: bytes, beginning: bytes) -> None:
    picture_or_sentence(beginning + noise)


@pytest.mark.parametrize("number", range(6))
@settings(deadline=None)
@given(data=st.data())
def test_cut_and_spoilt_pictures_give_a_sentence_or_a_picture(number: int, data: st.DataObject) -> None:
    content = bytearray(samples()[number])
    for _ in range(data.draw(st.integers(0, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    picture_or_sentence(bytes(content[: data.draw(st.integers(0, len(content)))]))


@pytest.mark.parametrize("number", range(6))
def test_a_picture_cut_in_the_middle_is_refused(number: int) -> None:
    content = samples()[number]
    with pytest.raises(DataError, match=r"damaged or cut short|no picture"):
        read_picture(content[: len(content) // 2])


# Embedded pictures, and what is done with pictures.


def test_the_examples_are_real_pictures_under_the_names_of_their_classes() -> None:
    examples = example_pictures()
    assert next(iter(examples)) == "frog"
    assert len(examples) == 10
    for picture in examples.values():
        assert picture.shape == (3, 32, 32)
        assert picture.std() > 30, "flat pictures show nothing"
        assert not picture.flags.writeable


def test_grey_is_what_pillow_makes_of_it() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (3, 50, 60), np.uint8)
    witness = np.asarray(Image.fromarray(picture.transpose(1, 2, 0)).convert("L"))
    grey = to_grey(picture)
    assert grey.shape == (1, 50, 60)
    assert np.abs(grey[0].astype(int) - witness).max() <= 1


def test_pillow_is_imported_only_when_a_picture_is_read() -> None:
    code = "import sys, cnnlab.data.pictures; assert not {'PIL', 'torch', 'torchvision', 'pandas'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
