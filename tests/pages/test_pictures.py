"""A session has one picture: what is chosen or uploaded on one page goes along to the others."""

from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from cnnlab.data.images import example_pictures, square
from cnnlab.data.photographs import SOURCES, photograph
from cnnlab.figures.data_url import data_url
from cnnlab.ui.parts.picture_choice import PICTURES
from tests.pages.app import components, open_at, rerun

MENUS = {
    "convolution": ("view", "photo"),
    "channels": ("ch_view", "ch_photo"),
    "pooling": ("pool_view", "pool_photo"),
    "image_pipeline": ("", "img_photo"),
}
"""By page: the parameter of its views, if it has some, and the one of its picture."""


def png(height: int, width: int) -> bytes:
    file = BytesIO()
    pixels = np.arange(height * width * 3, dtype=np.uint32).reshape(height, width, 3) % 251
    Image.fromarray(pixels.astype(np.uint8)).save(file, format="PNG")
    return file.getvalue()


def go(at: AppTest, page: str, **parameters: str) -> AppTest:
    """Open a page's pictures in the same session."""
    at.query_params.clear()
    view = MENUS.get(page, ("", ""))[0]
    # A link of the menu names nothing, and the page is as it was left.
    if view and (parameters or f"links/value/{view}" not in at.session_state):
        parameters[view] = "picture"
    at.query_params.update(parameters)
    at.switch_page(f"pages/{page}.py")
    return rerun(at)


def start(page: str, **parameters: str) -> AppTest:
    view = MENUS[page][0]
    return open_at(page, **parameters, **({view: "picture"} if view else {}))


def chosen(at: AppTest, page: str) -> str:
    """What the menu says."""
    menu = at.selectbox(key=MENUS[page][1])
    return menu.options[menu.index]


def input_size(at: AppTest) -> list[int]:
    return next(data["pair"]["input_size"] for data in components(at) if "pair" in data)


def upload(at: AppTest, content: bytes) -> AppTest:
    at.get("file_uploader")[0].set_value(("mine.png", content, "image/png"))
    return rerun(at)


def test_the_menu_names_every_picture_there_is() -> None:
    assert list(PICTURES) == [*SOURCES, *example_pictures()]


@pytest.mark.parametrize("page", MENUS)
def test_the_picture_chosen_on_one_page_is_there_on_the_others(page: str) -> None:
    at = start(page)
    at.selectbox(key=MENUS[page][1]).set_value("rocket")
    rerun(at)
    for other in MENUS:
        go(at, other)
        assert chosen(at, other) == "Rocket"
        assert at.query_params[MENUS[other][1]] == "rocket"
    assert not at.warning


def test_a_link_that_names_a_picture_shows_it_and_has_it_go_along() -> None:
    at = start("convolution", photo="ship")
    assert chosen(at, "convolution") == "Ship, 32 × 32"
    assert chosen(go(at, "pooling", pool_photo="coffee"), "pooling") == "Coffee"
    assert chosen(go(at, "convolution", padding="1"), "convolution") == "Coffee"


@pytest.mark.parametrize("page", MENUS)
def test_an_upload_is_offered_on_every_page_and_stands_in_no_link(page: str) -> None:
    at = upload(start(page), png(20, 40))
    for other in (page, *(other for other in MENUS if other != page)):
        if other != page:
            go(at, other)
        assert chosen(at, other) == "Your picture"
        assert MENUS[other][1] not in at.query_params
        if other != "image_pipeline":
            assert input_size(at) == [20, 40]
    go(at, "receptive_field", reach_size="16")
    assert at.selectbox(key="reach_photo").value == "own"
    pixels = np.asarray(Image.open(BytesIO(png(20, 40)))).transpose(2, 0, 1)
    assert drawn(at) == data_url(square(pixels, 16))
    assert "reach_photo" not in at.query_params


def drawn(at: AppTest) -> Any:
    """What the receptive field's input shows."""
    return components(at)[0]["map"]["planes"][0]["image"]


def test_a_receptive_fields_photograph_is_shrunk_to_its_input_and_the_page_says_so() -> None:
    at = open_at("receptive_field", reach_photo="coffee", reach_size="24")
    assert drawn(at) == data_url(square(photograph("coffee"), 24))
    told = "The picture is drawn with 24 × 24 pixels, as many as the input has. Photograph: Rachel Michetti, CC0."
    assert told in [caption.value for caption in at.caption]
    assert not [
        caption
        for caption in open_at("receptive_field", reach_photo="none").caption
        if "as many as the input has" in caption.value
    ]


def test_undo_leaves_an_upload_where_it_is_until_its_own_step_is_reached() -> None:
    at = upload(start("convolution", photo="coffee"), png(20, 40))
    at.slider(key="stride").set_value(2)
    rerun(at)
    at.button(key="undo_undo").click()
    rerun(at)
    assert at.slider(key="stride").value == 1
    assert input_size(at) == [20, 40]
    at.button(key="undo_undo").click()
    rerun(at)
    assert chosen(at, "convolution") == "Coffee"
    at.button(key="undo_redo").click()
    rerun(at)
    assert chosen(at, "convolution") == "Your picture"
    assert not at.warning


def test_a_second_upload_is_a_step_of_its_own_on_the_page_that_it_came_to_and_on_no_other() -> None:
    at = upload(start("convolution", photo="coffee"), png(20, 40))
    go(at, "pooling")
    at.slider(key="pool_stride").set_value(1)
    rerun(at)
    at = upload(go(at, "convolution"), png(30, 50))
    sizes = []
    for key in ("undo_undo", "undo_redo"):
        at.button(key=key).click()
        sizes.append(input_size(rerun(at)))
    assert sizes == [[20, 40], [30, 50]]
    assert not at.warning
    go(at, "pooling")
    at.button(key="undo_undo").click()
    assert input_size(rerun(at)) == [30, 50]
    assert at.slider(key="pool_stride").value == 2


@pytest.mark.parametrize(("page", "opens_with"), [("convolution", "Cat"), ("image_pipeline", "Frog, 32 × 32")])
def test_a_link_to_somebody_elses_picture_says_that_it_is_not_in_it(page: str, opens_with: str) -> None:
    at = start(page, **{MENUS[page][1]: "own"})
    assert [warning.value for warning in at.warning] == [
        f"The link asks for `{MENUS[page][1]}=own`, which cannot be used. A picture that somebody brought stays with"
        " them: it is not in the link. The default is shown instead."
    ]
    assert chosen(at, page) == opens_with


def test_what_a_page_only_opens_with_does_not_go_along() -> None:
    at = start("image_pipeline")
    assert chosen(at, "image_pipeline") == "Frog, 32 × 32"
    assert chosen(go(at, "convolution"), "convolution") == "Cat"
    assert chosen(go(at, "image_pipeline"), "image_pipeline") == "Frog, 32 × 32"
    at.selectbox(key="img_photo").set_value("rocket")
    at.selectbox(key="img_photo").set_value("frog")
    rerun(at)
    assert chosen(go(at, "convolution"), "convolution") == "Cat"


def test_a_picture_that_was_chosen_elsewhere_is_no_step_to_take_back() -> None:
    at = start("convolution")
    at.slider(key="stride").set_value(2)
    rerun(at)
    go(at, "pooling")
    at.selectbox(key="pool_photo").set_value("rocket")
    rerun(at)
    go(at, "convolution")
    at.button(key="undo_undo").click()
    rerun(at)
    assert at.slider(key="stride").value == 1
    assert chosen(at, "convolution") == "Rocket"
    go(at, "pooling")
    at.selectbox(key="pool_photo").set_value("coffee")
    rerun(at)
    go(at, "convolution")
    at.button(key="undo_redo").click()
    rerun(at)
    assert at.slider(key="stride").value == 2


def test_a_picture_that_is_taken_away_is_forgotten_on_all_pages() -> None:
    at = upload(start("convolution"), png(20, 40))
    assert chosen(go(at, "pooling"), "pooling") == "Your picture"
    at = upload(go(at, "convolution"), png(30, 40))
    at.get("file_uploader")[0].set_value(None)
    rerun(at)
    assert chosen(at, "convolution") == "Cat"
    assert chosen(go(at, "pooling"), "pooling") == "Cat"
    assert "Your picture" not in at.selectbox(key="pool_photo").options
    assert not at.warning
