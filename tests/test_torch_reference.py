import json
import sys
import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest

from cnnlab.errors import CnnlabError
from cnnlab.lessons.convolution.agreement import ask_torch
from cnnlab.lessons.convolution.settings import ConvSettings
from cnnlab.torch_reference import TorchReference, compare

SETTINGS = ConvSettings(np.arange(25).reshape(5, 5), np.array([[0.5, 1], [2, -3]]), padding=1, padding_mode="reflect")


def answering(code: str) -> list[str]:
    """A child that runs `code` instead of asking PyTorch."""
    return [sys.executable, "-c", code]


@pytest.fixture(scope="module")
def reference() -> Iterator[TorchReference]:
    reference = TorchReference()
    yield reference
    reference.close()


def test_the_child_answers(reference: TorchReference) -> None:
    agreement = ask_torch(reference, SETTINGS)
    assert agreement.agrees
    assert agreement.shape == (6, 6)
    assert reference.is_awake


def test_a_class_that_asks_at_once_is_served_by_one_child(reference: TorchReference) -> None:
    ask_torch(reference, SETTINGS)
    shapes: list[tuple[int, int]] = []

    def ask(size: int) -> None:
        shapes.append(ask_torch(reference, ConvSettings(np.ones((size, size)), np.ones((1, 1)))).shape)

    threads = [threading.Thread(target=ask, args=(size,)) for size in range(1, 31)]
    start = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(shapes) == [(size, size) for size in range(1, 31)]
    assert time.monotonic() - start < 10


def test_settings_that_do_not_fit_are_refused_and_the_child_lives_on(reference: TorchReference) -> None:
    with pytest.raises(CnnlabError, match="kernel"):
        ask_torch(reference, ConvSettings(np.ones((2, 2)), np.ones((3, 3))))
    assert ask_torch(reference, SETTINGS).agrees


def test_the_child_ends_when_nobody_asks() -> None:
    reference = TorchReference(
        idle_seconds=0.1,
        command=answering('input(); print(\'{"error": {"template": "No.", "values": {}, "many": null}}\'); input()'),
    )
    with pytest.raises(CnnlabError, match=r"^No\.$"):
        ask_torch(reference, SETTINGS)
    deadline = time.monotonic() + 10
    while reference.is_awake and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not reference.is_awake


def test_a_child_that_does_not_answer_is_ended() -> None:
    reference = TorchReference(timeout_seconds=0.3, command=answering("import time; time.sleep(60)"))
    with pytest.raises(CnnlabError, match=r"did not answer within 0\.3 seconds"):
        ask_torch(reference, SETTINGS)
    assert not reference.is_awake


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("", "ended before it answered"),
        ("input(); import os; os.abort()", "ended before it answered"),
        ("input(); print('nonsense')", "cannot be read"),
    ],
)
def test_a_child_that_fails_is_told_in_words(code: str, message: str) -> None:
    reference = TorchReference(command=answering(code))
    with pytest.raises(CnnlabError, match=message):
        ask_torch(reference, SETTINGS)
    assert not reference.is_awake


@pytest.mark.parametrize("error", ["no", {"template": "{n:,}", "values": {"n": "x"}, "many": None}])
def test_an_error_that_cannot_be_said_is_told_in_words(error: object) -> None:
    reference = TorchReference(command=answering(f"input(); print({json.dumps({'error': error})!r})"))
    with pytest.raises(CnnlabError, match="gave an answer that cannot be read"):
        ask_torch(reference, SETTINGS)
    reference.close()


def test_a_child_that_cannot_be_started_is_told_in_words() -> None:
    with pytest.raises(CnnlabError, match="cannot be started"):
        ask_torch(TorchReference(command=["/nonexistent/python"]), SETTINGS)


def test_one_who_waits_too_long_for_a_turn_is_told() -> None:
    reference = TorchReference(timeout_seconds=0.1)
    with reference._turn, pytest.raises(CnnlabError, match="busy with other checks"):
        ask_torch(reference, SETTINGS)


def fail(question: dict[str, str]) -> None:
    raise KeyError(question["what"])


def test_an_error_that_nobody_foresaw_is_told_and_the_child_lives_on(reference: TorchReference) -> None:
    with pytest.raises(CnnlabError, match=r"PyTorch's check went wrong .*the server's log says more"):
        reference.ask(f"{__name__}:fail", {"what": "no such thing"})
    assert ask_torch(reference, SETTINGS).agrees


@pytest.mark.parametrize(
    ("ours", "theirs", "agrees", "where"),
    [
        ([1.0, np.nan], [1.0, 2.0], False, (1,)),
        ([np.nan, 1.0], [np.nan, 1.0], True, None),
        ([np.inf, 1.0], [np.inf, 1.0], True, None),
        ([np.inf, 1.0], [-np.inf, 1.0], False, (0,)),
        ([], [], True, None),
    ],
)
def test_numbers_that_are_none_are_compared_too(
    ours: list[float], theirs: list[float], agrees: bool, where: tuple[int] | None
) -> None:
    agreement = compare(np.array(ours), np.array(theirs), 1.0, "2.9.0")
    assert (agreement.agrees, agreement.where) == (agrees, where)


def test_a_child_that_was_asked_to_stay_is_not_sent_to_bed_by_the_next_question() -> None:
    replies = "import sys\nfor line in sys.stdin: print('{\"answer\": {}}', flush=True)"
    reference = TorchReference(idle_seconds=0.1, command=answering(replies))
    reference.ask("a:b", {}, stay_seconds=60)
    reference.ask("a:b", {})
    time.sleep(0.5)
    assert reference.is_awake
    reference.close()
    reference.ask("a:b", {})
    deadline = time.monotonic() + 10
    while reference.is_awake and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not reference.is_awake


def test_too_little_memory_to_load_pytorch_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")
    limited = ["/bin/sh", "-c", 'ulimit -v 300000; exec "$@"', "sh", sys.executable, "-m", "cnnlab.torch_reference"]
    reference = TorchReference(command=limited)
    try:
        with pytest.raises(CnnlabError, match="There is not enough memory to load PyTorch: close other programs"):
            ask_torch(reference, SETTINGS)
    finally:
        reference.close()
