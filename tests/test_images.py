"""Pictures of any kind are read right, and nothing but a sentence comes out of bad ones."""

import io
import struct
import subprocess
import sys
import threading
import warnings
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from cnnlab import DataError
from cnnlab.data import images, photographs
from cnnlab.data.images import example_pictures, read_picture, square, to_grey
from cnnlab.data.photographs import SOURCES

RED, GREEN, WHITE = (255, 0, 0), (0, 255, 0), (255, 255, 255)


def encoded(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


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


def png_with_a_transparent_colour(pixels: list[int], bits: int, colours: int, transparent: list[int]) -> bytes:
    """A PNG of one row, written by hand: Pillow writes no colours of 16 bits and no grey of 2."""
    numbers = "".join(f"{number:0{bits}b}" for number in pixels)
    row = int(numbers.ljust(-(-len(numbers) // 8) * 8, "0"), 2).to_bytes(-(-len(numbers) // 8), "big")
    header = struct.pack(">IIBBBBB", len(pixels) // colours, 1, bits, 2 if colours == 3 else 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", header)
        + png_chunk(b"tRNS", struct.pack(f">{colours}H", *transparent))
        + png_chunk(b"IDAT", zlib.compress(b"\0" + row))
        + png_chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize(("bits", "colours"), [(1, 1), (2, 1), (4, 1), (8, 1), (16, 1), (8, 3), (16, 3)])
def test_a_transparent_colour_of_any_depth_is_that_of_its_8_bit_twin(bits: int, colours: int, place: int) -> None:
    largest = 2**bits - 1
    pixels = [[0, largest, largest // 3][index % 3 if bits > 1 else index % 2] for index in range(3)]
    if colours == 3:
        pixels = [number for shade in pixels for number in (shade, largest - shade, shade)]
    transparent = pixels[colours * place : colours * (place + 1)]
    picture = read_picture(png_with_a_transparent_colour(pixels, bits, colours, transparent))
    twin = np.array([number * 255 // largest for number in pixels], np.uint8).reshape(-1, colours)
    image = Image.fromarray(np.broadcast_to(twin, (len(twin), 3))[None].copy())
    content = encoded(image, transparency=tuple(image.getpixel((place, 0))))  # type: ignore[arg-type]
    with Image.open(io.BytesIO(content)) as read:
        layer = read.convert("RGBA")
    witness = Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer)
    assert np.array_equal(picture, expected(witness))
    assert picture[:, 0, place].tolist() == [255, 255, 255]


# What one picture costs.

BOUND = images.MAX_DECODED + 30_000_000
"""Bytes for one picture, whatever it is, and for twelve at once: with tiles, results and Pillow's codecs."""

MEASURE = """
import sys, threading
from pathlib import Path
from cnnlab.data.images import read_picture

def peak():
    # Not getrusage, which begins with the peak of the process that started this one.
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return 1024 * int(line.split()[1])

def read():
    found.append(read_picture(large).shape)
    all_read.wait()  # as the thread of a session, which has a page to draw

small, large = (open(name, "rb").read() for name in sys.argv[1:3])
read_picture(small)
before = peak()
found, all_read = [], threading.Barrier(int(sys.argv[3]))
threads = [threading.Thread(target=read) for _ in range(int(sys.argv[3]))]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
assert found == [(3, 512, 512)] * len(threads), found
print(peak() - before)
"""


def rgba_png_of_16_bits(side: int) -> bytes:
    packer = zlib.compressobj(1)
    rows = b"".join(packer.compress(bytes(1 + 8 * side)) for _ in range(side)) + packer.flush()
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 16, 6, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + png_chunk(b"IDAT", rows) + png_chunk(b"IEND", b"")


LARGEST: dict[str, Callable[[], bytes]] = {
    "1": lambda: encoded(Image.new("1", (4898, 4898))),
    "L": lambda: encoded(Image.new("L", (4898, 4898))),
    "P": lambda: encoded(Image.new("P", (4898, 4898)), transparency=0),
    "I;16": lambda: encoded(Image.new("I;16", (4898, 4898))),
    "LA": lambda: encoded(Image.new("LA", (4898, 4898))),
    "RGB": lambda: encoded(Image.new("RGB", (4898, 4898))),
    "RGBA": lambda: encoded(Image.new("RGBA", (4898, 4898))),
    "RGBA of 16 bits": lambda: rgba_png_of_16_bits(4898),
    "JPEG": lambda: encoded(Image.new("RGB", (4898, 4898)), "JPEG"),
    "CMYK": lambda: encoded(Image.new("CMYK", (4898, 4898)), "JPEG"),
    "progressive": lambda: encoded(Image.new("RGB", (4898, 4898)), "JPEG", progressive=True),
    "progressive, whole colours": lambda: encoded(
        Image.new("RGB", (4000, 4000)), "JPEG", progressive=True, subsampling=0
    ),
    "WebP": lambda: encoded(Image.new("RGB", (2236, 2236)), "WEBP", method=0),
    "WebP with alpha": lambda: encoded(Image.new("RGBA", (2236, 2236)), "WEBP", method=0),
    "WebP without loss": lambda: encoded(Image.new("RGBA", (2236, 2236)), "WEBP", method=0, lossless=True),
}


@pytest.mark.parametrize(("name", "times"), [*((name, 1) for name in LARGEST), ("RGBA of 16 bits", 12), ("WebP", 12)])
def test_the_largest_pictures_cost_little_memory_one_or_twelve_at_once(tmp_path: Path, name: str, times: int) -> None:
    (tmp_path / "small").write_bytes(encoded(photograph(), "WEBP" if "WebP" in name else "PNG"))
    (tmp_path / "large").write_bytes(LARGEST[name]())
    command = [sys.executable, "-c", MEASURE, str(tmp_path / "small"), str(tmp_path / "large"), str(times)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < BOUND


@pytest.mark.parametrize(
    ("image", "kind", "options", "words"),
    [
        (
            Image.new("RGB", (2300, 2300)),
            "WEBP",
            {"method": 0},
            r"2300 × 2300 pixels and would fill 105 MB of memory, more than the 100 MB .*first, or save it as JPEG\.$",
        ),
        (
            Image.new("RGB", (4500, 4500)),
            "JPEG",
            {"progressive": True, "subsampling": 0},
            r"4500 × 4500 pixels and would fill 122 MB of memory, more than the 100 MB .*\. Scale it down first\.$",
        ),
    ],
)
def test_what_would_cost_more_is_refused_with_size_and_limit_before_it_is_decoded(
    image: Image.Image, kind: str, options: dict[str, object], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = encoded(image, kind, **options)

    def decode(*_: object) -> None:
        raise AssertionError("decoded")

    for plugin in (JpegImagePlugin.JpegImageFile, WebPImagePlugin.WebPImageFile):
        monkeypatch.setattr(plugin, "load", decode)
    with pytest.raises(DataError, match=words):
        read_picture(content)


def test_a_picture_that_waits_too_long_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    content, others = encoded(photograph()), threading.Event()
    with monkeypatch.context() as patch:
        patch.setattr(images, "PATIENCE_SECONDS", 0.01)
        images._decoder.submit(others.wait)
        with pytest.raises(DataError, match="Many pictures are being read right now: try again"):
            read_picture(content)
        others.set()
    assert read_picture(content).shape == (3, 30, 40)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_twelve_million_pixels_of_a_phone_are_taken(kind: str) -> None:
    assert read_picture(encoded(photograph(4032, 3024), kind)).shape == (3, 384, 512)


@pytest.mark.parametrize("mode", ["L", "P", "RGB", "RGBA", "I;16"])
def test_a_picture_scaled_down_in_tiles_is_what_pillow_makes_of_the_whole(mode: str) -> None:
    shades = photograph(2500, 1700, "L" if mode == "I;16" else "RGB")
    image = Image.fromarray(np.asarray(shades, np.uint16) * 257) if mode == "I;16" else shades.convert(mode)
    whole = shades if mode == "I;16" else image
    witness = whole.convert("RGB").resize((512, 348), Image.Resampling.LANCZOS)
    difference = read_picture(encoded(image)).astype(int) - expected(witness)
    assert np.abs(difference).max() <= (20 if mode == "P" else 2)  # a palette's dots differ from their neighbours


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
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + png_chunk(b"IDAT", zlib.compress(b"x")) + png_chunk(b"IEND", b"")


def test_the_size_is_refused_before_anything_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    def decode(*_: object) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr(PngImagePlugin.PngImageFile, "load", decode)
    with pytest.raises(DataError, match=r"has 9000 × 9000 pixels, more than the 24 million .*Scale it down"):
        read_picture(png_that_claims(9000, 9000))


@pytest.mark.parametrize("side", [10_000, 15_000, 2**31 - 1])  # Pillow itself warns, raises, raises
@pytest.mark.parametrize("action", ["error", "ignore"])
def test_an_enormous_picture_is_refused_whatever_becomes_of_warnings(side: int, action: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter(action)
        with pytest.raises(DataError, match=r"pixels, more than the 24 million|far more pixels than the 24 million"):
            read_picture(png_that_claims(side, side))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty. Choose a PNG, JPEG or WebP picture"),
        (b"hello", "is not a picture that can be read. Choose a PNG, JPEG or WebP"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "is not a picture that can be read"),
        (encoded(photograph(), "GIF"), "is not a picture that can be read"),
        (encoded(photograph(), "BMP"), "is not a picture that can be read"),
        (encoded(photograph(), "TIFF"), "is not a picture that can be read"),
        (encoded(photograph(), "PPM"), "is not a picture that can be read"),
        (bytes(images.MAX_BYTES + 1), "has more than 5 MB: choose a smaller picture"),
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


@pytest.mark.parametrize("name", SOURCES)
def test_a_photograph_is_one_and_its_source_is_named(name: str) -> None:
    picture = photographs.photograph(name)
    assert picture.shape[0] == 3
    assert all(256 <= side <= 512 for side in picture.shape[1:])
    assert picture.std() > 30
    assert not picture.flags.writeable
    assert photographs.path_of(name).stat().st_size <= 60_000
    (line,) = [
        line for line in (photographs.FOLDER / "SOURCES.md").read_text("utf-8").splitlines() if f"`{name}.webp`" in line
    ]
    assert all(told in line for told in (SOURCES[name].by, SOURCES[name].licence))


def test_no_photograph_lies_there_without_a_source() -> None:
    assert {path.stem for path in photographs.FOLDER.glob("*.webp")} == set(SOURCES)


def test_a_photograph_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(photographs, "FOLDER", tmp_path)
    photographs.photograph.cache_clear()
    with pytest.raises(DataError, match=r"coffee\.webp is missing or damaged .* Install cnnlab again"):
        photographs.photograph("coffee")


@pytest.mark.parametrize("side", [1, 7, 32, 64])
def test_a_square_is_the_pictures_middle(side: int) -> None:
    picture = np.zeros((3, 30, 50), np.uint8)
    picture[:, :, 10:40] = 200
    assert (square(picture, side) == 200).all()
    assert square(picture, side).shape == (3, side, side)


def test_grey_is_what_pillow_makes_of_it() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (3, 50, 60), np.uint8)
    witness = np.asarray(Image.fromarray(picture.transpose(1, 2, 0)).convert("L"))
    grey = to_grey(picture)
    assert grey.shape == (1, 50, 60)
    assert np.abs(grey[0].astype(int) - witness).max() <= 1


def test_pillow_is_imported_only_when_a_picture_is_read() -> None:
    code = "import sys, cnnlab.data.images; assert not {'PIL', 'torch', 'torchvision', 'pandas'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
