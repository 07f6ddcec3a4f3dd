"""Which picture a page works on, and which of its pixels: an embedded picture, or one of the learner's own.

A session has one picture, which goes along from page to page: the one that was chosen last, or uploaded.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from types import MappingProxyType
from typing import Any, cast

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnlab.data.images import SUFFIXES, example_pictures, read_picture
from cnnlab.data.photographs import SOURCES, photograph
from cnnlab.errors import CnnlabError, DataError, ParseError
from cnnlab.figures.data_url import data_url
from cnnlab.figures.shades import How, shade, suitable
from cnnlab.shown_text import code, markdown
from cnnlab.texts import Message, message, say
from cnnlab.ui.components.pictures.pair import Pair, Pixel
from cnnlab.ui.state import controls, links
from cnnlab.ui.state.history import Setting

MAX_MEGABYTES = 5

COLOURS = (message("Red"), message("Green"), message("Blue"))
"""What the channels of a picture are called."""

PICTURES: Mapping[str, Message] = MappingProxyType(
    {
        "chelsea": message("Cat"),
        "coffee": message("Coffee"),
        "astronaut": message("Astronaut"),
        "rocket": message("Rocket"),
        "frog": message("Frog, 32 × 32"),
        "bird": message("Bird, 32 × 32"),
        "dog": message("Dog, 32 × 32"),
        "cat": message("Cat, 32 × 32"),
        "ship": message("Ship, 32 × 32"),
        "automobile": message("Automobile, 32 × 32"),
        "truck": message("Truck, 32 × 32"),
        "airplane": message("Airplane, 32 × 32"),
        "deer": message("Deer, 32 × 32"),
        "horse": message("Horse, 32 × 32"),
    }
)
"""What the embedded pictures are called: the photographs, then those of CIFAR-10."""
DEFAULT = next(iter(PICTURES))
OWN = "own"
"""The word for the learner's own picture, where there is one. Only this session has it."""

SHADES = {
    "auto": message("What suits the kernel"),
    "clip": message("As they are, cut off at 0 and 255"),
    "scale": message("Stretched from lowest to highest"),
    "signed": message("Around 0, negative and positive apart"),
}
"""How the numbers of an output become shades; all but "auto" are `cnnlab.figures.shades.How`."""

_NOT_IN_A_LINK = message("A picture that somebody brought stays with them: it is not in the link.")
_OWN_PICTURE = "picture/own"
"""Which of the learner's pictures is theirs now: a setting of the session, which undo takes back."""
_BROUGHT = "picture/brought"
_MOST_BROUGHT = 4
"""Pictures that are kept for undo, of at most 0.8 MB."""
_CURRENT = "picture/current"
_REFUSED = "picture/refused"


@dataclass(frozen=True, eq=False)
class ChosenPicture:
    """The picture to work on.

    Args:
        identity: tells it from other pictures.
        pixels: uint8, (3, H, W).
        is_own: whether the learner uploaded it.
    """

    identity: str
    pixels: NDArray[np.uint8]
    is_own: bool = False

    @property
    def credit(self) -> Message | None:
        """Where it is from, as a sentence; of one's own there is nothing to say."""
        if self.is_own:
            return None
        source = SOURCES.get(self.identity)
        if source is None:
            return message("The picture is one of CIFAR-10 (Krizhevsky 2009).")
        return message("Photograph: {by}, {licence}.", by=source.by, licence=source.licence)


def picture_names() -> dict[str, Message]:
    """The pictures that can be chosen: the learner's own, if there is one, and the embedded ones."""
    own = {OWN: message("Your picture")} if _brought() else {}
    return own | dict(PICTURES)


def _brought() -> dict[str, ChosenPicture]:
    """The pictures that the learner has uploaded, the newest last."""
    return st.session_state.get(_BROUGHT, {})


def picture_of(name: str) -> ChosenPicture:
    """A picture by the word of `picture_names`; each is decoded when it is first asked for."""
    if name == OWN:
        brought = _brought()
        return brought.get(st.session_state[_OWN_PICTURE]) or next(reversed(brought.values()))
    return ChosenPicture(name, photograph(name) if name in SOURCES else example_pictures()[name])


def picture_menu(key: str, default: str = DEFAULT, others: Mapping[str, Message] = MappingProxyType({})) -> str:
    """Ask for a picture, and have it be the session's.

    Args:
        key: the parameter in the link.
        others: what can be chosen and is no picture.
    """
    is_new_visit = links.is_new(key)
    current: str | None = st.session_state.get(_CURRENT)
    if current is not None:
        links.propose(key, current)
    own = Setting(st.session_state.get(_OWN_PICTURE), is_control=True)
    if is_new_visit:
        links.history().adopt(_OWN_PICTURE, own)
    links.note(_OWN_PICTURE, own)
    names = dict(others) | picture_names()
    name = controls.choice(say("Picture"), key, names, default, private={OWN: _NOT_IN_A_LINK})
    # What a page only opens with was chosen by nobody.
    if name not in others and (name != default or (current is not None and not is_new_visit)):
        st.session_state[_CURRENT] = name
    return name


def chosen_picture(name: str, key: str, default: str = DEFAULT) -> ChosenPicture:
    """Offer to upload a picture, which is then chosen; return the one of this `name`.

    Args:
        key, default: of the page's menu of pictures.
    """
    with st.expander(say("A picture of your own")):
        uploader = f"{key}_upload"
        upload = st.file_uploader(
            say("PNG, JPEG or WebP"),
            type=list(SUFFIXES),
            max_upload_size=MAX_MEGABYTES,
            key=uploader,
            on_change=_take_upload,
            args=(uploader, key, default),
        )
        st.caption(
            markdown(
                "At most {size} MB; drawn with at most 512 pixels a side. The other pages offer it, too. It is not kept"
                " after this session and cannot be part of a link: anyone who opens yours sees “{default}” instead.",
                size=MAX_MEGABYTES,
                default=PICTURES[default],
            )
        )
    refused: tuple[str, Message] | None = st.session_state.get(_REFUSED)
    if upload is not None and refused is not None and refused[0] == upload.file_id:
        st.error(
            markdown(
                "{file} cannot be shown. {reason} The picture chosen above is shown instead.",
                file=code(upload.name),
                reason=refused[1],
            )
        )
    return picture_of(name)


def _take_upload(uploader: str, key: str, default: str) -> None:
    """Decode an upload, once, and choose it; forget one that is taken away."""
    upload = st.session_state[uploader]
    if upload is None:
        if st.session_state.pop(_BROUGHT, None) is not None:
            st.session_state.pop(_CURRENT, None)
            controls.set_control(key, default)
        return
    try:
        pixels = read_picture(upload.getvalue())
    except DataError as error:
        st.session_state[_REFUSED] = upload.file_id, error.message
        return
    brought = _brought() | {upload.file_id: ChosenPicture(upload.file_id, pixels, is_own=True)}
    st.session_state[_BROUGHT] = dict(list(brought.items())[-_MOST_BROUGHT:])
    st.session_state[_OWN_PICTURE] = upload.file_id
    controls.set_control(key, OWN)


def not_on_this_picture(error: CnnlabError) -> str:
    """Say in Markdown why a picture cannot be convolved, or pooled."""
    return markdown("These settings cannot be used on this picture. {reason}", reason=error.message)


@dataclass(frozen=True)
class Window:
    """How a kernel lies on a picture.

    Args:
        size: (FH, FW)
    """

    size: tuple[int, int]
    stride: int
    padding: int
    dilation: int = 1


@dataclass(frozen=True, eq=False)
class Shown:
    """A picture and what a kernel makes of it.

    Args:
        pixels: (3, OH, OW), the output as it is drawn.
        sentence: how its numbers became shades.
    """

    pair: Pair
    pixels: NDArray[np.uint8]
    sentence: Message


def shown(
    about: str,
    picture: NDArray[np.uint8],
    convolve: Callable[[], NDArray[Any]],
    window: Window,
    how: str,
    kernel: NDArray[Any] | None = None,
    bias: float = 0.0,
    *,
    key: str,
) -> Shown:
    """Convolve (or pool) and draw, or take what was drawn last if nothing has changed: a click asks for one pixel only.

    Args:
        about: a text that is another one whenever anything else is.
        picture: (3, H, W), the input as it is drawn.
        convolve: gives the output, (1, OH, OW) or (3, OH, OW).
        how: one of `SHADES`; "auto" asks for what suits the kernel and its bias.
    """
    digest = blake2b(f"{about} {how}".encode(), digest_size=8).hexdigest()
    held: Shown | None = st.session_state.get(f"{key}/shown")
    if held is not None and held.pair.identity == digest:
        return held
    values = convolve()
    if how == "auto":
        how = "clip" if kernel is None else suitable(kernel, bias)
    shades = shade(values, cast("How", how))
    pair = Pair(
        identity=digest,
        input=data_url(picture),
        output=data_url(shades.pixels),
        input_size=(picture.shape[1], picture.shape[2]),
        output_size=(values.shape[1], values.shape[2]),
        kernel_size=window.size,
        stride=window.stride,
        padding=window.padding,
        dilation=window.dilation,
    )
    drawn = Shown(pair, shades.pixels, shades.sentence)
    st.session_state[f"{key}/shown"] = drawn
    return drawn


def linked_pixel(parameter: str, size: tuple[int, int]) -> Pixel:
    """The pixel of the link or the session, moved inside a smaller picture; the middle where there is none."""
    pixel: Pixel | None = links.read(parameter, None, _parse_pixel)
    row, column = pixel or (size[0] // 2, size[1] // 2)
    return min(row, size[0] - 1), min(column, size[1] - 1)


def keep_pixel(parameter: str, pixel: Pixel, before: Pixel) -> None:
    """Write a pixel that was clicked, now or earlier, into the link; the middle of the picture needs no words."""
    if pixel != before or links.read(parameter, None, _parse_pixel) is not None:
        links.write(parameter, pixel, None, _pixel_text, undo="never")


def _parse_pixel(text: str) -> Pixel:
    parts = text.split(",")
    if len(parts) != 2 or not all(part.isascii() and part.isdecimal() and len(part) <= 4 for part in parts):
        raise ParseError("A pixel is a row and a column, counted from 0, like 12,40.")
    return int(parts[0]), int(parts[1])


def _pixel_text(pixel: Pixel | None) -> str:
    return "" if pixel is None else f"{pixel[0]},{pixel[1]}"
