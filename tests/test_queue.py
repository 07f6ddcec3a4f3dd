"""The queue of runs, with no process at all."""

import pytest

from cnnlab.errors import TrainingError
from cnnlab.training.queue import RunQueue


def test_who_comes_first_starts_first_and_only_where_there_is_a_place():
    queue = RunQueue[str](slots=2, max_queued=5)
    for name in "abc":
        queue.add(name)
    assert queue.take(taken=2) is None
    assert [queue.position(name) for name in "abcd"] == [1, 2, 3, None]
    assert queue.take(taken=1) == "a"
    assert queue.position("b") == 1
    assert [queue.take(taken=0) for _ in range(3)] == ["b", "c", None]


def test_one_that_is_taken_out_of_turn_lets_the_others_move_up():
    queue = RunQueue[str](slots=1, max_queued=5)
    for name in "abc":
        queue.add(name)
    assert queue.remove("b")
    assert not queue.remove("b")
    assert (queue.position("c"), len(queue)) == (2, 2)
    queue.clear()
    assert queue.take(taken=0) is None


def test_a_full_queue_takes_no_more_unless_a_place_is_free():
    queue = RunQueue[str](slots=1, max_queued=1)
    queue.add("a")
    with pytest.raises(TrainingError, match="The queue is full: 1 run is waiting"):
        queue.check(None, taken=1)
    queue.check(None, taken=0)


def test_a_viewer_may_have_one_run_waiting_and_runs_of_nobody_do_not_count():
    queue = RunQueue[str](slots=1, max_queued=5)
    queue.add("a", "ann")
    queue.add("b")
    with pytest.raises(TrainingError, match="You already have a run waiting"):
        queue.check("ann", taken=1)
    queue.check("bob", taken=1)
    queue.check(None, taken=1)
    assert queue.take(taken=0) == "a"
    queue.check("ann", taken=1)
