"""The lab speaks to no other machine, whether there is a network or not."""

import socket
from collections.abc import Iterator

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from cnnlab.ui.shell.page_list import PAGES
from tests.live_lab import ObservedLab, Visitor, errors, observed_lab


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ObservedLab]:
    with observed_lab(tmp_path_factory.mktemp("observed")) as lab:
        yield lab


def test_from_the_start_through_all_pages_nothing_leaves_the_machine(lab: ObservedLab) -> None:
    with Visitor(lab.url) as visitor:
        for page in ["", *(page.key for page in PAGES)]:
            assert not errors(visitor.open(page)), page
            assert not lab.outside(), page


def test_the_lab_is_reached_under_any_name_and_address_of_its_machine(lab: ObservedLab) -> None:
    for host in ("localhost", "192.0.2.7", "lab.school.example"):
        with (
            socket.create_connection(("127.0.0.1", lab.port)) as way,
            Visitor(f"http://{host}:{lab.port}", way) as visitor,
        ):
            assert not errors(visitor.open("convolution"))
    assert not lab.outside()


def test_a_page_of_another_host_is_refused_without_asking_who_we_are(lab: ObservedLab) -> None:
    with Visitor(lab.url) as visitor:
        visitor.open("")
    stream = lab.url.replace("http", "ws", 1) + "/_stcore/stream"
    with pytest.raises(InvalidStatus, match="403"):
        connect(stream, subprotocols=["streamlit"], origin="http://elsewhere.example", open_timeout=60)
    assert not [line for line in lab.outside() if "getaddrinfo" in line]
