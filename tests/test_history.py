"""Steps of a page's settings: what is one, how many are kept, and what goes along."""

from hypothesis import given
from hypothesis import strategies as st

from cnnlab.ui.state.history import MOST, History, Setting


def noted(history: History, **values: str) -> None:
    """What one run of a page says, and the beginning of the next."""
    for name, value in values.items():
        history.note(name, Setting(value))
    history.settle()


def values(history: History, by: int) -> dict[str, str] | None:
    settings = history.go(by)
    return None if settings is None else {name: setting.value for name, setting in settings.items()}


def test_what_is_there_at_first_cannot_be_taken_back() -> None:
    history = History()
    noted(history, stride="1")
    assert values(history, -1) is None
    assert values(history, 1) is None


@given(st.lists(st.sampled_from("abcdef"), min_size=1, max_size=40))
def test_all_steps_are_gone_through_back_and_forth(typed: list[str]) -> None:
    history = History()
    for text in typed:
        noted(history, input=text)
    steps = [text for place, text in enumerate(typed) if place == 0 or text != typed[place - 1]]
    back = []
    while (there := values(history, -1)) is not None:
        back.append(there["input"])
    assert back == steps[-2::-1]
    forth = []
    while (there := values(history, 1)) is not None:
        forth.append(there["input"])
    assert forth == steps[1:]


def test_what_changes_in_one_run_is_one_step() -> None:
    history = History()
    noted(history, input="1", kernel="1", stride="1")
    noted(history, input="2", kernel="2")
    assert values(history, -1) == {"input": "1", "kernel": "1", "stride": "1"}


def test_a_change_that_is_not_settled_yet_is_taken_back_too() -> None:
    history = History()
    noted(history, input="1")
    history.note("input", Setting("2"))
    assert values(history, -1) == {"input": "1"}
    assert values(history, 1) == {"input": "2"}


def test_whoever_goes_on_from_an_earlier_step_leaves_the_later_ones() -> None:
    history = History()
    for text in "abc":
        noted(history, input=text)
    history.go(-1)
    noted(history, input="d")
    assert values(history, 1) is None
    assert values(history, -1) == {"input": "b"}


def test_a_hundred_steps_are_kept() -> None:
    history = History()
    for number in range(MOST + 50):
        noted(history, input=str(number))
    count = 0
    while values(history, -1) is not None:
        count += 1
    assert count == MOST


def test_what_goes_along_is_no_step_and_comes_back_with_one() -> None:
    history = History()
    noted(history, net="a.b")
    history.note("net_row", Setting("1", is_step=False))
    history.settle()
    assert values(history, -1) is None
    noted(history, net="a")
    history.note("net_row", Setting("0", is_step=False))
    assert values(history, -1) == {"net": "a.b", "net_row": "1"}


def test_a_control_that_is_drawn_for_the_first_time_is_no_step() -> None:
    history = History()
    noted(history, stride="1")
    noted(history, photo="Frog")
    assert values(history, -1) is None
    noted(history, stride="2")
    noted(history, shades="auto")
    assert values(history, -1) == {"stride": "1", "photo": "Frog", "shades": "auto"}


def test_what_was_changed_elsewhere_is_no_step_and_stays() -> None:
    history = History()
    for run, (picture, stride) in enumerate([("cat", "1"), ("ship", "1"), ("ship", "2")]):
        history.note("picture", Setting(picture), run)
        history.note("stride", Setting(stride), run)
    history.adopt("picture", Setting("rocket"))
    back = history.go(-1)
    assert back == {"picture": Setting("rocket"), "stride": Setting("1")}
    assert history.go(-1) == {"picture": Setting("cat"), "stride": Setting("1")}
    assert history.go(-1) is None
    assert history.go(1) == back
