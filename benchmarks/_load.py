"""Many people at once: websocket sessions that edit the convolution page's grid, and the time until each is answered.

A session speaks the messages of Streamlit's own client. It opens the page, finds the grid's component among what the
server sends, and from then on types a number into one of its cells every few seconds. The answer is complete when the
server says that the run of the page's fragment is over; that it holds the number typed is checked each time.
"""

import asyncio
import json
import random
import time
from dataclasses import dataclass, field
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from benchmarks._sent import marks_of, open_parts

COMPONENT = "grid_lab"

_PATIENCE_SECONDS = 60.0


@dataclass(frozen=True)
class Load:
    """Milliseconds from each edit to its answer, and the edits that were not answered as they should."""

    milliseconds: list[float]
    failures: list[str]


def measure_edits(url: str, sessions: int, seconds: float, interval: float) -> Load:
    """Let sessions edit for so many seconds, each at every `interval` seconds, out of step with the others."""
    return asyncio.run(_measure(url, sessions, seconds, interval))


async def _measure(url: str, sessions: int, seconds: float, interval: float) -> Load:
    chance = random.Random(0)
    load = Load([], [])
    learners = [_Learner(url, number) for number in range(sessions)]
    try:
        for learner in learners:  # one after the other: how a class arrives is not what is measured here
            await learner.open()
            await learner.edit()
        begin = time.perf_counter() + 0.5
        await asyncio.gather(
            *(
                _work(learner, begin + chance.uniform(0, interval), begin + seconds, interval, load)
                for learner in learners
            )
        )
    finally:
        await asyncio.gather(*(learner.close() for learner in learners))
    return load


async def _work(learner: "_Learner", first: float, end: float, interval: float, load: Load) -> None:
    due = first
    while due < end:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        try:
            await learner.edit()
        except (_UnansweredError, TimeoutError) as error:
            load.failures.append(str(error) or "no answer in time")
        # From when it was due: a server that is slow must not be asked less often for it.
        load.milliseconds.append((time.perf_counter() - due) * 1000)
        due += interval


class _UnansweredError(Exception):
    """The server answered something else than the edited grid."""


@dataclass
class _Learner:
    """One session."""

    url: str
    number: int
    socket: ClientConnection | None = None
    page_script_hash: str = ""
    query_string: str = ""
    component_id: str = ""
    fragment_id: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict)
    held: list[str] = field(default_factory=list)
    edits: int = 0

    async def open(self) -> None:
        """Come to the page as a browser does, and wait until it stands."""
        address = self.url.replace("http", "ws", 1) + "/_stcore/stream"
        self.socket = await connect(address, subprotocols=["streamlit"], max_size=None)  # type: ignore[list-item]
        message = BackMsg()
        message.rerun_script.page_name = "convolution"
        message.rerun_script.context_info.url = f"{self.url}/convolution"
        await self._ask(message)
        if not self.component_id:
            raise RuntimeError(f"the convolution page sent no component named {COMPONENT}: has it been renamed?")

    async def edit(self) -> None:
        """Type another number into the first input cell and wait for what depends on it."""
        self.edits += 1
        typed = str((self.number + self.edits) % 10)
        boards = self.data["boards"]
        texts = [list(row) for row in boards["input"]["texts"]]
        texts[0][0] = typed
        edit = {
            "revision": self.data["revision"],
            "message": self.edits,
            "held": self.held,
            "stacks": {"input": [texts], "kernel": [boards["kernel"]["texts"]]},
        }
        message = BackMsg()
        message.rerun_script.page_script_hash = self.page_script_hash
        message.rerun_script.query_string = self.query_string
        message.rerun_script.fragment_id = self.fragment_id
        state = message.rerun_script.widget_states.widgets.add()
        state.id = self.component_id
        state.json_value = json.dumps({"edit": edit})
        await self._ask(message)
        shown = self.data["boards"]["input"]["values"][0][0]
        if str(shown) != typed:
            raise _UnansweredError(f"session {self.number} typed {typed} but was shown {shown}")

    async def close(self) -> None:
        """Leave."""
        if self.socket is not None:
            await self.socket.close()

    async def _ask(self, message: BackMsg) -> None:
        """Send a message, and take what comes until the run that it started is over."""
        assert self.socket is not None
        await self.socket.send(message.SerializeToString())
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while not self._take(ForwardMsg.FromString(_as_bytes(await self.socket.recv()))):
                pass

    def _take(self, message: ForwardMsg) -> bool:
        """Take one message, and tell whether it is the last one of a run."""
        kind = message.WhichOneof("type")
        if kind == "navigation":
            self.page_script_hash = message.navigation.page_script_hash
        elif kind == "new_session" and not self.page_script_hash:
            self.page_script_hash = message.new_session.page_script_hash
        elif kind == "page_info_changed":
            self.query_string = message.page_info_changed.query_string
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            if element.WhichOneof("type") == "exception":
                raise _UnansweredError(f"the page failed: {element.exception.message}")
            if element.WhichOneof("type") == "bidi_component" and COMPONENT in element.bidi_component.component_name:
                self.component_id = element.bidi_component.id
                self.fragment_id = message.delta.fragment_id
                self.data = open_parts(element.bidi_component.bytes, self.kept)
                self.held = marks_of(element.bidi_component.bytes)
        return kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN


def _as_bytes(received: str | bytes) -> bytes:
    return received.encode() if isinstance(received, str) else received
