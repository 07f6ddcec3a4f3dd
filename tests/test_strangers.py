"""What strangers send to a real server has no effect on the runs of others; who really leaves is still missed."""

from collections.abc import Iterator

import pytest
from google.protobuf.descriptor import FieldDescriptor
from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.session import Lab, Session, lab_that_runs, wait_until

BUTTON = "Start training"
LONG_ENOUGH = 600  # steps; the stand-in makes at most 250 a second, and the lab waits for half a second
MESSAGES = [field.name for field in BackMsg.DESCRIPTOR.fields]


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with lab_that_runs("forever", CNNLAB_GRACE_SECONDS="0.5") as running:
        yield running


def message_of(name: str) -> BackMsg:
    """The message with nothing but one field, which is as empty as it can be."""
    message = BackMsg()
    field = BackMsg.DESCRIPTOR.fields_by_name[name]
    if field.cpp_type == FieldDescriptor.CPPTYPE_MESSAGE:
        getattr(message, name).SetInParent()
    elif field.cpp_type == FieldDescriptor.CPPTYPE_STRING:
        setattr(message, name, "anything")
    else:
        setattr(message, name, True)
    return message


def goes_on(lab: Lab, number: int = LONG_ENOUGH) -> bool:
    """Whether the newest run makes so many more steps."""
    before = lab.runs()[0]
    wait_until(lambda: (run := lab.runs()[0])["steps"] > before["steps"] + number or run["state"] != "running", 0.1)
    return lab.runs()[0]["state"] == "running"


def test_no_message_of_a_stranger_ends_a_run_and_a_real_farewell_does(lab: Lab) -> None:
    with Session(lab.url) as owner:
        owner.open("training")
        owner.press(BUTTON)
        wait_until(lambda: lab.runs()[0]["state"] == "running")
        assert "clear_cache" in MESSAGES
        for name in MESSAGES:
            with Session(lab.url) as stranger:
                stranger.open("training", f"run={lab.runs()[0]['watch_id']}")
                assert lab.runs()[0]["viewers"] == 2
                stranger.send(message_of(name))
                stranger.open("convolution")  # the answer tells that the message before it was heard
        # The owner's browser says nothing all the while, as one that shows another page does.
        assert goes_on(lab)
        (run,) = lab.runs()
        assert (run["viewers"], run["note"]) == (1, None)
    wait_until(lambda: lab.runs()[0]["state"] == "ended")
    assert lab.runs()[0]["note"] == "The run was stopped because nobody looked at it any more."


def test_a_connection_that_broke_off_for_a_moment_keeps_the_run(lab: Lab) -> None:
    first = Session(lab.url)
    first.open("training")
    first.press(BUTTON)
    wait_until(lambda: lab.runs()[0]["state"] == "running")
    with Session(lab.url) as other:
        other.open("training", f"run={lab.runs()[0]['id']}")
        first.close()
        wait_until(lambda: lab.runs()[0]["viewers"] == 1)
        assert goes_on(lab)
    wait_until(lambda: lab.runs()[0]["state"] == "ended")
