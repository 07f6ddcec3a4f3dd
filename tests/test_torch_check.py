import sys
import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest

from cnnlab.errors import CnnlabError
from cnnlab.lessons.convolution.settings import ConvSettings
from cnnlab.lessons.convolution.torch_check import TorchChecker

SETTINGS = ConvSettings(np.arange(25).reshape(5, 5), np.array([[0.5, 1], [2, -3]]), padding=1, padding_mode="reflect")


def answering(code: str) -> list[str]:
    """A child that runs `code` instead of asking PyTorch."""
    return [sys.executable, "-c", code]


@pytest.fixture(scope="module")
def checker() -> Iterator[TorchChecker]:
    checker = TorchChecker()
    yield checker
    checker.close()


def test_the_child_answers(checker: TorchChecker) -> None:
    agreement = checker.check(SETTINGS)
    assert agreement.agrees
    assert agreement.shape == (6, 6)
    assert checker.is_awake


def test_a_class_that_asks_at_once_is_served_by_one_child(checker: TorchChecker) -> None:
    checker.check(SETTINGS)
    shapes: list[tuple[int, int]] = []

    def ask(size: int) -> None:
        shapes.append(checker.check(ConvSettings(np.ones((size, size)), np.ones((1, 1)))).shape)

    threads = [threading.Thread(target=ask, args=(size,)) for size in range(1, 31)]
    start = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(shapes) == [(size, size) for size in range(1, 31)]
    assert time.monotonic() - start < 10


def test_settings_that_do_not_fit_are_refused_and_the_child_lives_on(checker: TorchChecker) -> None:
    with pytest.raises(CnnlabError, match="kernel"):
        checker.check(ConvSettings(np.ones((2, 2)), np.ones((3, 3))))
    assert checker.check(SETTINGS).agrees


def test_the_child_ends_when_nobody_asks() -> None:
    checker = TorchChecker(idle_seconds=0.1, command=answering('input(); print(\'{"error": "no"}\'); input()'))
    with pytest.raises(CnnlabError, match="no"):
        checker.check(SETTINGS)
    deadline = time.monotonic() + 10
    while checker.is_awake and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not checker.is_awake


def test_a_child_that_does_not_answer_is_ended() -> None:
    checker = TorchChecker(timeout_seconds=0.3, command=answering("import time; time.sleep(60)"))
    with pytest.raises(CnnlabError, match=r"did not answer within 0\.3 seconds"):
        checker.check(SETTINGS)
    assert not checker.is_awake


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("", "ended before it answered"),
        ("input(); import os; os.abort()", "ended before it answered"),
        ("input(); print('nonsense')", "cannot be read"),
    ],
)
def test_a_child_that_fails_is_told_in_words(code: str, message: str) -> None:
    checker = TorchChecker(command=answering(code))
    with pytest.raises(CnnlabError, match=message):
        checker.check(SETTINGS)
    assert not checker.is_awake


def test_a_child_that_cannot_be_started_is_told_in_words() -> None:
    with pytest.raises(CnnlabError, match="cannot be started"):
        TorchChecker(command=["/nonexistent/python"]).check(SETTINGS)


def test_one_who_waits_too_long_for_a_turn_is_told() -> None:
    checker = TorchChecker(timeout_seconds=0.1)
    with checker._turn, pytest.raises(CnnlabError, match="busy with other checks"):
        checker.check(SETTINGS)
