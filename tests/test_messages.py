"""Messages between server and browser: what the lab needs fits, and what is far larger is refused."""

import tomllib
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed

from cnnlab.networks.reading.pasted import MAX_TEXT
from tests.live_lab import ROOT, Visitor, errors
from tests.pages.app import open_at, rerun

LIMIT = 1_000_000 * tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["server"]["maxMessageSize"]

CODE = "network?net_view=code"


def noise() -> bytes:
    """The picture that is least easily made small, as large as one is drawn."""
    file = BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (512, 512, 3), np.uint8)).save(file, "PNG")
    return file.getvalue()


def test_messages_of_a_whole_class_leave_a_small_server_most_of_its_memory() -> None:
    assert 30 * LIMIT <= 150_000_000


@pytest.mark.parametrize(
    ("page", "prefix", "parameters"),
    [
        ("convolution", "", {"view": "picture", "padding": "1"}),
        ("channels", "ch_", {"view": "picture"}),
        ("pooling", "pool_", {"view": "picture", "kernel": "2", "stride": "1"}),
        ("image_pipeline", "img_", {"steps": ";".join(["open", *["resize:512"] * 9])}),
    ],
)
def test_the_largest_pictures_fit_twice_into_a_message(page: str, prefix: str, parameters: dict[str, str]) -> None:
    at = open_at(page, prefix, **parameters)
    at.get("file_uploader")[0].set_value(("mine.png", noise(), "image/png"))
    rerun(at)
    assert not at.error
    sizes = [component.proto.ByteSize() for component in at.get("bidi_component")]
    assert 500_000 < max(sizes) < LIMIT / 2


def pasted(text: str, page: list[ForwardMsg]) -> BackMsg:
    """What the browser says when a text was typed into the page's large text field."""
    elements = [message.delta.new_element for message in page if message.WhichOneof("type") == "delta"]
    message = BackMsg()
    message.rerun_script.page_name = "network"
    message.rerun_script.query_string = CODE.partition("?")[2]
    state = message.rerun_script.widget_states.widgets.add()
    state.id = next(element.text_area.id for element in elements if element.WhichOneof("type") == "text_area")
    state.string_value = text
    return message


def test_pasted_code_of_any_length_arrives(lab_url: str) -> None:
    with Visitor(lab_url) as visitor:
        message = pasted("\N{HANGUL SYLLABLE GA}" * (2 * MAX_TEXT), visitor.open(CODE))
        assert message.ByteSize() < LIMIT / 2
        assert not errors(visitor.ask(message))


def test_too_large_a_message_ends_the_connection_and_not_the_session(lab_url: str) -> None:
    with Visitor(lab_url) as other:
        other.open("convolution")
        with Visitor(lab_url) as visitor:
            page = visitor.open(CODE)
            session = session_of(page)
            with pytest.raises(ConnectionClosed):
                visitor.ask(pasted("x" * LIMIT, page))
        with Visitor(lab_url, session=session) as again:
            received = again.open("network")
            assert not errors(received)
            assert session_of(received) == session
        assert not errors(other.open("pooling"))


def session_of(messages: list[ForwardMsg]) -> str:
    return next(
        message.new_session.initialize.session_id for message in messages if message.WhichOneof("type") == "new_session"
    )


def test_what_is_said_of_a_link_is_no_part_of_what_is_drawn_again_every_second(lab_url: str) -> None:
    names = ["run", "data", "pooling", "until", "optimizer", "device"]
    with Visitor(lab_url) as visitor:
        messages = visitor.open("training?" + "&".join(f"{name}=x" for name in names))
    deltas = [message.delta for message in messages if message.WhichOneof("type") == "delta"]
    told = {
        name: delta.fragment_id
        for delta in deltas
        for name in names
        if delta.new_element.WhichOneof("type") == "alert" and f"{name}=x" in delta.new_element.alert.body
    }
    assert told == dict.fromkeys(names[1:], "")
