"""Who looks at which run, with a clock of the test's own."""

from cnnlab.training.viewers import Viewers


def test_a_run_is_left_when_all_who_looked_have_been_gone_for_the_grace_time():
    here = {"ann", "bob"}
    viewers = Viewers(here.__contains__, grace_seconds=10, return_seconds=100)
    viewers.note("ann", "run")
    viewers.note("bob", "run")
    here.remove("ann")
    viewers.look_round(0)
    assert viewers.count("run") == 1
    assert not viewers.have_left("run", 50)
    here.remove("bob")
    viewers.look_round(50)
    assert not viewers.have_left("run", 59)
    assert viewers.have_left("run", 60)


def test_who_comes_back_in_time_has_never_left():
    here = {"ann"}
    viewers = Viewers(here.__contains__, grace_seconds=10, return_seconds=100)
    viewers.note("ann", "run")
    here.clear()
    viewers.look_round(0)
    here.add("ann")
    viewers.look_round(9)
    assert not viewers.have_left("run", 1000)


def test_a_run_that_nobody_looked_at_is_never_left():
    viewers = Viewers(lambda _: False, grace_seconds=0, return_seconds=0)
    assert not viewers.have_left("run", 1000)
    assert viewers.count("run") == 0


def test_what_was_looked_at_last_is_remembered_until_the_viewer_is_given_up():
    here = {"ann"}
    viewers = Viewers(here.__contains__, grace_seconds=10, return_seconds=100)
    viewers.note("ann", "first")
    viewers.note("ann", "second")
    assert viewers.shown() == {"second"}
    here.clear()
    viewers.look_round(0)
    viewers.look_round(100)
    assert viewers.shown() == {"second"}
    viewers.look_round(101)
    assert viewers.shown() == set()
    assert "ann" not in viewers
    assert viewers.have_left("first", 101), "who is given up is gone"


def test_a_run_that_is_forgotten_has_no_viewers():
    viewers = Viewers(lambda _: True, grace_seconds=10, return_seconds=100)
    viewers.note("ann", "run")
    viewers.forget("run")
    assert viewers.count("run") == 0
