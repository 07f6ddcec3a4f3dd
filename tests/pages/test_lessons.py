"""Lessons in the lab: every step shows what it claims, places and answers are kept, and the bar's words are judged."""

import json
from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from cnnlab.lessons.courses.course import Course, Number, Step, Text
from cnnlab.lessons.courses.shelf import KEYS, SHELF, own_courses
from cnnlab.lessons.courses.writing import pack_course, unpack_course, write_course
from cnnlab.ui.shell.page_list import PAGES
from cnnlab.ui.state import lesson
from tests.pages.app import ROOT, grid, open_at, rerun

PAGE_KEYS = {page.key for page in PAGES}


def open_step(key: str, at: int, **more: str) -> AppTest:
    """Open the lab by the link of a lesson's step."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params.update({"lesson": key, "at": str(at)} | more)
    return rerun(app)


STEPS = [(key, at) for key in KEYS if key != "screens" for at in range(1, len(SHELF.get(key).steps) + 1)]  # type: ignore[union-attr]
"""The links of the screens are the notes', whose own tests open them."""


@pytest.mark.parametrize(("key", "at"), STEPS)
def test_a_step_opens_its_screen_and_shows_what_it_claims(key: str, at: int) -> None:
    step = SHELF.get(key).steps[at - 1]  # type: ignore[union-attr]
    assert step.page in PAGE_KEYS | {""}
    app = open_step(key, at)
    assert not [told.value for told in app.warning if "The link asks for" in told.value]
    facts: Any = app.session_state["facts/told"]
    for claim in step.shows:
        assert claim.holds(facts), f"{claim}: {claim.why_not(facts)}"


# --- from step to step ------------------------------------------------------------------------------------------------


def bar(app: AppTest) -> dict[str, Any]:
    """What the bar draws."""
    frame = next(part.proto for part in app.get("bidi_component") if part.proto.component_name == "cnnlab.frame")
    return json.loads(frame.json).get("lesson")


def go(app: AppTest, to: int) -> AppTest:
    """Lead to another step, as the bar's callback asks for it; AppTest itself cannot send what a component tells."""
    app.session_state["lesson/now"].at = to
    app.session_state["lesson/asked"] = "left"
    return rerun(app)


def test_the_address_of_a_step_names_it_and_its_page_shows_what_the_lesson_says() -> None:
    app = open_step("lecture", 26)
    assert app.query_params["lesson"] == "lecture.26"
    assert (bar(app)["at"], bar(app)["count"], bar(app)["isHere"]) == (26, 39, True)
    assert app.slider(key="sh").value == 2


def test_a_step_on_the_same_page_is_set_as_the_lesson_says_however_the_one_before_was_set() -> None:
    app = open_step("lecture", 24)
    assert app.slider(key="padding").value == 1
    app = go(app, 7)
    assert (app.slider(key="padding").value, grid(app)["step"]) == (0, 0)
    app.slider(key="padding").set_value(2)
    rerun(app)
    app = go(app, 24)
    assert app.slider(key="padding").value == 1


def test_a_page_that_the_menu_leads_to_is_as_it_was_left_and_keeps_the_bar() -> None:
    app = open_step("lecture", 24)
    app.switch_page("pages/pooling.py")
    app = rerun(app)
    assert (bar(app)["at"], bar(app)["isHere"]) == (24, False)
    app.switch_page("pages/convolution.py")
    app = rerun(app)
    assert app.slider(key="padding").value == 1


def test_the_language_of_the_link_is_the_lessons() -> None:
    app = open_step("lecture", 7, lang="ko")
    assert bar(app)["title"] == "첫째 칸"
    assert app.query_params["lang"] == "ko"


@pytest.mark.parametrize("at", ["0", "-3", "999", "many", "1e9", ""])
def test_a_step_that_there_is_not_is_the_first_or_the_last(at: str) -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params.update({"lesson": "lecture", "at": at})
    assert bar(rerun(app))["at"] == (39 if at == "999" else 1)


@pytest.mark.parametrize("key", ["nowhere", "x0123", "../lecture", "# Moved", "lecture.toml"])
def test_a_lesson_that_nobody_knows_is_told_and_the_page_opens(key: str) -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["lesson"] = key
    app = rerun(app)
    assert "This server does not know the lesson" in app.warning[0].value
    assert bar(app) is None


def test_a_lesson_opens_from_the_link_that_holds_it() -> None:
    course = own_courses()["half_hour"]
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    short = replace(course, steps=course.steps[1:3])
    app.query_params["course"] = pack_course(short)
    app = rerun(app)
    assert (bar(app)["title"], bar(app)["count"]) == ("Read one sum", 2)
    assert grid(app)["step"] == 0


@pytest.mark.parametrize("packed", ["abc", "%%%", pack_course(own_courses()["half_hour"])[:500]])
def test_a_link_whose_lesson_is_cut_off_is_told(packed: str) -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["course"] = packed
    assert "course=" in rerun(app).warning[0].value


def test_a_lesson_cannot_lead_out_of_the_lab() -> None:
    strange = Course(Text({"": "x"}), (Step(Text({"": "x"}), "/nowhere"),))
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["course"] = pack_course(strange)
    assert "The lab has no page" in rerun(app).warning[0].value


# --- what the bar tells -----------------------------------------------------------------------------------------------


@pytest.fixture
def under_way(monkeypatch: pytest.MonkeyPatch) -> lesson.Lesson:
    """A lesson at a step with a question, in a session that is none of Streamlit's."""
    session: dict[str, Any] = {}
    monkeypatch.setattr(lesson.st, "session_state", session)
    session["lesson/now"] = lesson.Lesson("lecture", own_courses()["lecture"], at=7)
    return session["lesson/now"]


def tell(monkeypatch: pytest.MonkeyPatch, **what: Any) -> None:
    monkeypatch.setattr(lesson, "last_told", lambda *_: what)
    lesson.act()


def test_an_answer_is_judged_and_kept_with_its_step(under_way: lesson.Lesson, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(monkeypatch, do="answer", answer="22")
    assert under_way.here.verdict is not None
    assert not under_way.here.verdict.right
    tell(monkeypatch, do="answer", answer="27")
    tell(monkeypatch, do="reveal")
    assert (under_way.here.answer, under_way.here.is_revealed) == ("27", True)
    assert under_way.here.verdict.right
    tell(monkeypatch, do="go", to=8)
    assert (under_way.at, under_way.here.answer) == (8, "")
    tell(monkeypatch, do="go", to=7)
    assert under_way.here.answer == "27"


@pytest.mark.parametrize(
    "what",
    [
        {},
        {"do": "go", "to": 0},
        {"do": "go", "to": 40},
        {"do": "go", "to": "8"},
        {"do": "go", "to": True},
        {"do": "answer", "answer": 27},
        {"do": "answer", "answer": "2" * 1000},
        {"do": "language", "language": "xx"},
        {"do": ["go"]},
    ],
)
def test_whatever_else_the_bar_sends_changes_nothing(
    what: dict[str, Any], under_way: lesson.Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(monkeypatch, **what)
    assert (under_way.at, under_way.here, lesson.language()) == (7, lesson.Done(), "en")


def test_what_is_told_of_a_step_that_was_left_changes_nothing(
    under_way: lesson.Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(monkeypatch, do="answer", answer="27", at=6)
    tell(monkeypatch, do="reveal", at=8)
    assert under_way.here == lesson.Done()


def test_steps_asked_for_in_a_hurry_note_nothing_of_a_screen_that_is_not_theirs(
    under_way: lesson.Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted: list[int] = []
    monkeypatch.setattr(lesson, "_note_place", lambda under_way: noted.append(under_way.at))
    for to in (8, 9, 9, 8):
        tell(monkeypatch, do="go", to=to, at=7)
    assert (noted, under_way.at) == ([7], 8)


def test_a_lesson_can_be_left_on_the_landing_page() -> None:
    app = open_step("lecture", 1)
    assert bar(app)["at"] == 1
    app.session_state["lesson/now"] = None
    assert bar(rerun(app)) is None
    assert "lesson" not in app.query_params


def test_who_leaves_a_lesson_finds_it_again_where_it_was(
    under_way: lesson.Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    lesson.st.session_state["lesson/kept"] = {"lecture": under_way}
    tell(monkeypatch, do="close")
    assert lesson.now() is None
    assert lesson.left_at("lecture") == 7


# --- a lesson of one's own --------------------------------------------------------------------------------------------


def test_screens_are_added_put_in_order_and_taken_out_and_undo_brings_them_back() -> None:
    app = open_at("convolution", input="1,2;3,4", kernel="1")
    app.button(key="frame_add").click()
    app = rerun(app)
    app.switch_page("pages/pooling.py")
    app = rerun(app)
    app.button(key="frame_add").click()
    app = rerun(app)
    app.switch_page("pages/lessons.py")
    app = rerun(app)
    app.button_group(key="lessons_view").set_value("own")
    app = rerun(app)
    links = [each.value for each in app.code]
    assert links[:2] == ["/convolution?input=1,2;3,4&kernel=1", "/pooling"]
    assert links[2].startswith("/?course=")
    app.button(key="own_down_1").click()
    app = rerun(app)
    assert [each.value for each in app.code][:2] == ["/pooling", "/convolution?input=1,2;3,4&kernel=1"]
    app.button(key="own_remove_1").click()
    app = rerun(app)
    assert next(each.value for each in app.code) == "/convolution?input=1,2;3,4&kernel=1"
    app.button(key="undo_undo").click()
    app = rerun(app)
    assert [each.value for each in app.code][:2] == ["/pooling", "/convolution?input=1,2;3,4&kernel=1"]


def test_what_is_written_at_a_step_is_in_the_lesson_that_its_link_opens() -> None:
    app = open_at("convolution", input="1,2;3,4", kernel="1")
    app.button(key="frame_add").click()
    app = rerun(app)
    app.switch_page("pages/lessons.py")
    app = rerun(app)
    app.button_group(key="lessons_view").set_value("own")
    app = rerun(app)
    app.text_input(key="own_title").input("# Mine").run()
    app.text_input(key="own_question_1").input("How many?").run()
    app.selectbox(key="own_kind_1").select("number").run()
    app.text_area(key="own_reply_1").input("four").run()
    assert "'four' is not a number" in app.warning[0].value
    app.text_area(key="own_reply_1").input("4").run()
    assert not app.exception
    link = next(each.value for each in app.code if each.value.startswith("/?course="))
    course = unpack_course(link.removeprefix("/?course="), PAGE_KEYS)
    assert course.title.said("en") == "# Mine"
    assert (course.steps[0].question.said("ko"), course.steps[0].reply) == ("How many?", Number(4))


def test_a_lesson_of_ones_own_can_always_be_opened_again() -> None:
    step = Step(Text({"": "Sum"}), "/convolution", question=Text({"": "What is it?"}), reply=Number(53))
    packed = pack_course(Course(Text(), (step,)))
    app = open_at("lessons", lessons_view="own", own=packed)
    app.text_input(key="own_question_1").input("").run()
    course = app.session_state["links/value/own"]
    assert (course.steps[0].question.said("en"), course.steps[0].reply) == ("", None)
    app.button(key="own_remove_1").click()
    app = rerun(app)
    assert "own" not in app.query_params
    app.button(key="undo_undo").click()
    app = rerun(app)
    assert unpack_course(app.query_params["own"], PAGE_KEYS).steps[0].link == "/convolution"


def test_the_address_of_before_does_not_take_a_screen_away_that_was_added_since() -> None:
    app = open_at("convolution")
    app.button(key="frame_add").click()
    app = rerun(app)
    app.switch_page("pages/lessons.py")
    app = rerun(app)
    before = app.query_params["own"]
    app.switch_page("pages/pooling.py")
    app.query_params.clear()
    app = rerun(app)
    app.button(key="frame_add").click()
    app = rerun(app)
    app.query_params["own"] = before
    app.switch_page("pages/lessons.py")
    app = rerun(app)
    assert [step.page for step in app.session_state["links/value/own"].steps] == ["convolution", "pooling"]


def test_a_lesson_opens_from_its_file_and_a_bad_one_is_told() -> None:
    app = open_at("lessons")
    uploader = app.get("file_uploader")[0]
    uploader.set_value(("mine.toml", write_course(own_courses()["half_hour"]).encode(), "application/toml"))
    app = rerun(app)
    assert len([each for each in app.header if each.value.startswith("Half an hour")]) == 2
    app.get("file_uploader")[0].set_value(("# x.toml", b"[[step]]\nlink = 'http://a.b'", "application/toml"))
    app = rerun(app)
    assert "is not an address of the lab" in app.error[0].value


def test_a_link_that_holds_no_lesson_leaves_the_one_that_was_made() -> None:
    app = open_at("lessons", lessons_view="own", own="abc")
    assert "own=abc" in app.warning[0].value
    assert "Nothing is here yet" in app.markdown[0].value
