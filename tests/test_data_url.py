"""Pictures as data URLs: what a browser decodes are the pixels that were given."""

import base64
from io import BytesIO
from typing import Literal

import numpy as np
import pytest
from PIL import Image

from cnnlab.figures.data_url import data_url

PIXELS = np.random.default_rng(3).integers(0, 256, (3, 5, 7), dtype=np.uint8)


def decoded(url: str) -> tuple[str, np.ndarray]:
    head, _, content = url.partition(",")
    image = Image.open(BytesIO(base64.b64decode(content, validate=True)))
    assert head == f"data:image/{str(image.format).lower()};base64"
    return image.mode, np.asarray(image)


@pytest.mark.parametrize("kind", ["webp", "png"])
def test_every_pixel_is_kept(kind: Literal["webp", "png"]) -> None:
    mode, lines = decoded(data_url(PIXELS, kind))
    assert mode == "RGB"
    assert np.array_equal(lines.transpose(2, 0, 1), PIXELS)
    assert data_url(PIXELS[:, ::2, ::2]) == data_url(np.ascontiguousarray(PIXELS[:, ::2, ::2]))


def test_one_channel_is_grey() -> None:
    mode, lines = decoded(data_url(PIXELS[:1], "png"))
    assert mode == "L"
    assert np.array_equal(lines, PIXELS[0])


def test_jpeg_keeps_how_it_looks() -> None:
    smooth = np.linspace(0, 255, 3 * 96 * 96).reshape(3, 96, 96).astype(np.uint8)
    mode, lines = decoded(data_url(smooth, "jpeg"))
    assert mode == "RGB"
    assert np.abs(lines.transpose(2, 0, 1).astype(int) - smooth).max() < 16
