"""What a process's events become: values, which change nothing, and sentences that hold no secret."""

import gettext
import math
from typing import Any

import numpy as np
import pytest

from cnnlab.errors import ParseError
from cnnlab.texts import Message, all_of, message, plural
from cnnlab.training.decoding import (
    MESSAGE_LENGTH,
    Advanced,
    Ended,
    Failed,
    Noted,
    Paused,
    Resumed,
    Secrets,
    Started,
    TookRate,
    decode,
    devices_of,
)
from cnnlab.training.progress import (
    End,
    Progress,
    RateChange,
    Start,
    read_event,
    read_sentence,
    write_event,
    write_sentence,
)

SECRETS = Secrets("0123456789abcdef", ["/my data/x.npz", "/tmp/runs/a1"])
START = Start("LeNet-5", "ReLU()", "3x32x32", 1, "cpu", 9, 1, 5, ("cat", "dog"), {}, "x")
PROGRESS = Progress(5, 10, 0.5, 0.5, 1.0, 1.0, 100.0, 0.05, losses=(1.0, 0.5), kernels=[[[[0.5]]]])
END = End("finished", 0.6, 1.1, [[1, 0], [0, 1]], None, 2.0, 100.0, 10, None)


class Backwards(gettext.NullTranslations):
    """A language in which every word is written from its end."""

    def gettext(self, message: str) -> str:
        return " ".join(word if word.startswith("{") else word[::-1] for word in message.split())


def event(name: str, values: dict[str, Any] | None = None) -> dict[str, Any]:
    return read_event(write_event(name, values))


def sentence(name: str, told: Message) -> dict[str, Any]:
    return read_event(write_sentence(name, told))


def test_events_become_values() -> None:
    assert decode(event("start", START.to_dict()), SECRETS) == Started(START)
    assert decode(event("paused"), SECRETS) == Paused()
    assert decode(event("resumed"), SECRETS) == Resumed()
    assert decode(event("learning_rate", {"step": 3, "learning_rate": 0.1}), SECRETS) == TookRate(RateChange(3, 0.1))
    assert decode(event("end", END.to_dict()), SECRETS) == Ended(END)
    assert decode(event("unheard of"), SECRETS) is None


def test_what_is_kept_of_a_record_has_neither_losses_nor_kernels() -> None:
    told = decode(event("progress", PROGRESS.to_dict()), SECRETS)
    assert isinstance(told, Advanced)
    assert told.progress == PROGRESS
    assert (told.newest.step, told.newest.losses, told.newest.kernels) == (5, (), None)
    assert told.kernels == [[[[0.5]]]]


def test_kernels_too_many_to_be_drawn_are_left_out() -> None:
    values = PROGRESS.to_dict() | {"kernels": [[[[0.0] * 30_000]]]}
    told = decode(event("progress", values), SECRETS)
    assert isinstance(told, Advanced)
    assert told.kernels is None


@pytest.mark.parametrize(
    ("name", "values"),
    [("progress", {"step": 3}), ("end", {}), ("learning_rate", {"step": "x", "learning_rate": 1}), ("error", {})],
)
def test_an_event_that_is_not_what_its_name_says_is_refused(name: str, values: dict[str, Any]) -> None:
    with pytest.raises((ParseError, TypeError, ValueError, KeyError)):
        decode(event(name, values), SECRETS)


def test_a_sentence_comes_through_and_is_said_in_the_readers_language() -> None:
    why = plural("{n} file is missing in {folder}", "{n} files are missing in {folder}", n=1, folder="/tmp/runs/a1")
    told = message("No run: {why}", why=why)
    news = decode(sentence("error", told), SECRETS)
    assert isinstance(news, Failed)
    assert news.error == "No run: 1 file is missing in a1"
    assert news.error.template == told.template
    assert news.error.said(Backwards()).startswith("oN :nur ")


@pytest.mark.parametrize("name", ["message", "error"])
def test_the_lines_have_the_english_for_other_readers_too(name: str) -> None:
    line = sentence(name, message("It is {size:,} bytes long.", size=12345))
    assert line[{"message": "text", "error": "message"}[name]] == "It is 12,345 bytes long."
    assert read_sentence(line) == "It is 12,345 bytes long."


def test_a_program_that_speaks_english_only_is_understood() -> None:
    assert read_sentence({"event": "error", "message": "It {broke}: 100 %"}) == "It {broke}: 100 %"
    assert read_sentence({"event": "message", "text": "Full."}) == "Full."
    told = message("It has {size} bytes.", size=3)
    assert read_sentence({"event": "error", "message": told.to_plain()}).template == told.template


@pytest.mark.parametrize(
    "told",
    [None, 3, "text", [], {}, {"template": "{a}", "values": {"b": 1}, "many": None}, {"template": 1, "values": 2}],
)
def test_where_a_sentence_cannot_be_said_the_english_is_read(told: object) -> None:
    assert read_sentence({"event": "error", "message": "It {broke}.", "told": told}) == "It {broke}."
    with pytest.raises(ParseError, match="does not hold a sentence"):
        read_sentence({"event": "error", "told": told})


@pytest.mark.parametrize("event", [{"event": "error"}, {"event": "error", "message": None}, {"event": "paused"}])
def test_an_event_without_a_sentence_is_refused(event: dict[str, Any]) -> None:
    with pytest.raises(ParseError, match="does not hold a sentence"):
        read_sentence(event)


@pytest.mark.parametrize("rate", [math.nan, math.inf, -math.inf, np.float32(np.nan), np.float64(np.inf), np.float32(2)])
def test_a_number_that_is_not_finite_does_not_lose_the_sentence(rate: float) -> None:
    told = message("The loss is {loss:.3g} at {rates}.", loss=rate, rates=all_of([rate, message("{n:,}", n=rate)]))
    line = sentence("error", told)
    assert read_sentence(line) == told
    assert read_sentence(line).template == told.template


@pytest.mark.parametrize("as_message", [True, False])
def test_no_sentence_holds_a_folder_or_the_word_that_steers(as_message: bool) -> None:
    values = {"data": "/my data/x.npz", "weights": "/tmp/runs/a1/weights.bin", "run": SECRETS.word, "other": "/srv/a/b"}
    told = message("Neither {data} nor {weights} of {run} nor {other}.", **values)
    line = sentence("message", told) if as_message else {"event": "message", "text": str(told)}
    news = decode(line, SECRETS)
    assert isinstance(news, Noted)
    assert news.note == "Neither x.npz nor weights.bin of … nor b."


def test_a_sentence_is_kept_short() -> None:
    news = decode(sentence("error", message("{reason}", reason="x" * 10_000)), SECRETS)
    assert isinstance(news, Failed)
    assert len(news.error) == MESSAGE_LENGTH


def test_devices_are_told_or_not() -> None:
    assert devices_of({"devices": ["cpu", "mps"]}) == ("cpu", "mps")
    assert devices_of({"devices": []}) is None
    assert devices_of({"devices": "cpu"}) is None
    assert devices_of({}) is None
