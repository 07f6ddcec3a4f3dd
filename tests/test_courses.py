"""Lessons as data: what is written is read again, what is wrong is told, and claims are held against facts."""

import json
import zlib
from base64 import urlsafe_b64encode
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlab.errors import ParseError
from cnnlab.lessons.convolution.edges import answers_to
from cnnlab.lessons.courses.answers import judge_reply
from cnnlab.lessons.courses.course import (
    LANGUAGES,
    MOST_STEPS,
    NOTHING,
    Choice,
    Course,
    Number,
    Sizes,
    Step,
    Task,
    Text,
)
from cnnlab.lessons.courses.facts import KINDS, Claim
from cnnlab.lessons.courses.reading import MOST_BYTES, read_course
from cnnlab.lessons.courses.shelf import Shelf, own_courses
from cnnlab.lessons.courses.writing import fits_into_link, pack_course, unpack_course, write_course
from cnnlab.ops import conv2d

PAGES = ("convolution", "network")

words = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=40).map(str.strip)
texts = st.one_of(
    st.just(NOTHING),
    words.filter(bool).map(lambda text: Text({"": text})),
    st.fixed_dictionaries({code: words.filter(bool) for code in LANGUAGES}).map(Text),
)
claims = st.sampled_from(
    [
        "output = 1,2;3,-0.5",
        "parameters < 10000",
        "output_shape = 6x28x28",
        "answers_to != flat",
        "total >= 0.25",
        "macs > 15470264320",
    ]
).map(Claim.parse)
replies = st.one_of(
    st.none(),
    st.floats(-1e6, 1e6).map(Number),
    st.lists(st.integers(1, 999), min_size=1, max_size=4).map(lambda sizes: Sizes(tuple(sizes))),
    st.lists(words.filter(bool), min_size=2, max_size=4).map(lambda options: Choice({"": tuple(options)}, 1)),
    st.lists(claims, min_size=1, max_size=3).map(lambda each: Task(tuple(each))),
)


@st.composite
def courses(draw: st.DrawFn) -> Course:
    steps = []
    for _ in range(draw(st.integers(1, 3))):
        reply = draw(replies)
        question = draw(texts.filter(bool)) if reply is not None else draw(texts)
        steps.append(
            Step(
                draw(texts),
                draw(st.sampled_from(["/", "/convolution", "/network?net=Conv2d(1,6,5)&net_input=1x28x28"])),
                tuple(draw(st.lists(st.integers(1, 99), max_size=2))),
                draw(texts),
                question,
                reply,
                draw(texts),
                tuple(draw(st.lists(claims, max_size=2))),
                draw(texts),
                draw(texts),
            )
        )
    return Course(draw(texts), tuple(steps), draw(texts), draw(st.booleans()))


@given(courses())
def test_what_is_written_is_read_again_from_the_file_and_from_the_link(course: Course) -> None:
    written = write_course(course)
    assert write_course(read_course(written.encode(), PAGES)) == written
    assert write_course(unpack_course(pack_course(course), PAGES)) == written


STEP = '[[step]]\nlink = "/convolution"\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "The lesson has no steps"),
        ("title = 3\n" + STEP, "title is 3, and not a text."),
        ("step = 1", "The lesson has no steps"),
        ("a = [", "The file is not a lesson"),
        ("colour = 1\n" + STEP, "'colour' is nothing that a lesson has"),
        ("[[step]]\n", "Step 1: There is no link to its screen."),
        ('[[step]]\nlink = "/convolution?lesson=lecture.3"', "opens a lesson"),
        ('[[step]]\nlink = "/?at=3"', "opens a lesson"),
        ("self_paced = 1\n" + STEP, "write true or false"),
        (STEP + f'question = "?"\nreply = {{ number = 1{"0" * 400} }}', "cannot be answered"),
        (STEP + f'question = "?"\nreply = {{ number = 1{"0" * 5000} }}', "The file is not a lesson"),
        ('[[step]]\nlink = "https://a.b"', "Step 1: 'https://a.b' is not an address of the lab"),
        ('[[step]]\nlink = "//a.b/c"', "is not an address of the lab"),
        ('[[step]]\nlink = "/nowhere?x=1"', "Step 1: The lab has no page 'nowhere'."),
        (STEP + "reply = { number = 3 }", "Step 1: There is a reply but no question."),
        (STEP + 'question = "?"\nreply = { number = "three" }', "A reply is one of"),
        (STEP + 'question = "?"\nreply = { number = true }', "A reply is one of"),
        (STEP + 'question = "?"\nreply = { number = inf }', "cannot be answered"),
        (STEP + 'question = "?"\nreply = { number = nan }', "cannot be answered"),
        (STEP + 'question = "?"\nreply = { number = 1e7 }', "cannot be answered"),
        (STEP + 'question = "?"\nreply = { shape = "a" }', "'a' is not a shape"),
        (STEP + 'question = "?"\nreply = { options = ["a"], right = 1 }', "2 to 8 options"),
        (STEP + 'question = "?"\nreply = { options = ["a", "b"], right = 3 }', "Option 3 is said to be right"),
        (STEP + 'question = "?"\nreply = { task = ["colour = red"] }', "'colour' is nothing that a page tells"),
        (STEP + 'shows = ["output < 1,2"]', "output is not a number"),
        (STEP + 'shows = ["parameters"]', "says nothing of a screen"),
        (STEP + "slides = [0]", "0 is not the number of a slide."),
        (STEP + 'title.fr = "noyau"', "'fr' is not a language of the lab"),
        (STEP + f'say = "{"a" * 5000}"', "say has 5,000 characters"),
        (STEP * (MOST_STEPS + 1), f"The lesson has {MOST_STEPS + 1} steps"),
    ],
)
def test_what_is_wrong_is_told_with_its_step(text: str, said: str) -> None:
    with pytest.raises(ParseError) as told:
        read_course(text.encode(), PAGES)
    assert said in str(told.value)


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"\x89PNG\r\n", b"[" * 100_000, b"a" * (MOST_BYTES + 1)])
def test_a_file_of_another_kind_is_told(data: bytes) -> None:
    with pytest.raises(ParseError, match="file"):
        read_course(data, PAGES)


def packed(plain: Any) -> str:
    return urlsafe_b64encode(zlib.compress(json.dumps(plain).encode())).decode().rstrip("=")


@pytest.mark.parametrize(
    "link",
    [
        "",
        "%%%",
        "ä",
        "abc",
        packed([1]),
        packed({"step": [1]}),
        packed({"step": [{"link": "/"}]})[:-6],
        packed("x" * 10**7),
    ],
)
def test_a_link_that_holds_no_lesson_is_told(link: str) -> None:
    with pytest.raises(ParseError):
        unpack_course(link, PAGES)


def test_a_lesson_that_is_too_long_for_a_link_says_so() -> None:
    rng = np.random.default_rng(0)
    noise = "".join(map(chr, rng.integers(0x4E00, 0x9FFF, 3000)))
    assert not fits_into_link(pack_course(Course(NOTHING, (Step(Text({"": noise}), "/"),))))
    assert fits_into_link(pack_course(Course(NOTHING, (Step(Text({"": noise[:300]}), "/"),))))


@pytest.mark.parametrize("key", own_courses())
def test_a_lesson_of_the_lab_says_everything_in_both_languages(key: str) -> None:
    course = own_courses()[key]
    for text in (course.title, course.line):
        assert set(text.by_language) == set(LANGUAGES)
    for number, step in enumerate(course.steps, 1):
        for text in (step.title, step.say, step.question, step.answer, step.group, step.about):
            assert set(text.by_language) in (set(), set(LANGUAGES)), (number, text)
        assert step.title, number
        assert bool(step.question) == (step.reply is not None), number
        assert bool(step.answer) == bool(step.question), number
        if isinstance(step.reply, Choice):
            assert set(step.reply.options) in ({""}, set(LANGUAGES)), number


def test_the_lecture_shows_all_37_slides_in_their_order() -> None:
    slides = [slide for step in own_courses()["lecture"].steps for slide in step.slides]
    assert slides == sorted(slides)
    assert set(slides) == set(range(1, 38))


FACTS = {
    "output": np.array([[1, 2], [3, 4]]),
    "parameters": 61706,
    "output_shape": (6, 28, 28),
    "answers_to": "flat",
    "fits": "no",
}


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("output = 1,2;3,4", True),
        ("output = 1,2,3,4", False),
        ("output != 1,2;3,5", True),
        ("parameters < 61706", False),
        ("parameters <= 61706", True),
        ("parameters > 61705", True),
        ("output_shape = 6 x 28 x 28", True),
        ("output_shape != 6x28x28", False),
        ("answers_to = flat", True),
        ("total = 3", False),
    ],
)
def test_a_claim_is_held_against_the_facts(text: str, holds: bool) -> None:
    assert Claim.parse(text).holds(FACTS) == holds


@pytest.mark.parametrize("key", own_courses())
def test_an_answer_as_the_lesson_itself_writes_it_is_right(key: str) -> None:
    for step in own_courses()[key].steps:
        if isinstance(step.reply, Number):
            for written in (f"{step.reply.value:,}", f"{step.reply.value}"):
                assert judge_reply(step.reply, written, {}).right, (step.title, written)
        if isinstance(step.reply, Sizes):
            for between in ("x", " × ", ", "):
                assert judge_reply(step.reply, between.join(map(str, step.reply.sizes)), {}).right, step.title


def test_what_is_not_told_is_said_not_to_be_shown() -> None:
    assert "does not show the sum" in Claim.parse("total = 3").why_not(FACTS)


@given(claims)
def test_a_claim_is_written_as_it_is_read(claim: Claim) -> None:
    assert str(Claim.parse(str(claim))) == str(claim)


def test_every_fact_has_a_name_for_people() -> None:
    assert all(kind.title for kind in KINDS.values())


@pytest.mark.parametrize(
    ("reply", "answer", "right", "said"),
    [
        (Number(27), " 27 ", True, "right"),
        (Number(0.5), "1/2", True, "right"),
        (Number(27), "twenty", False, "is not a number"),
        (Number(27), "1e999", False, "too large"),
        (Number(2352), "2,352", True, "right"),
        (Number(2.352), "2,352", True, "right"),
        (Number(1_000_000), "1,000,000", True, "right"),
        (Number(27), "1,000,000,0", False, "is not a number"),
        (Sizes((6, 28, 28)), "6×28×28", True, "right"),
        (Sizes((6, 28, 28)), "28x28x6", False, "another order"),
        (Sizes((6, 28, 28)), "6x27x27", False, "Not this"),
        (Task((Claim.parse("fits = yes"),)), "", False, "the network is not in order"),
        (Sizes((6, 28, 28)), "N x 6 x 28 x 28", True, "right"),
        (Sizes((6, 28, 28)), "(6, 28, 28)", True, "right"),
        (Sizes((6, 28, 28)), "", False, "Write the sizes"),
        (Choice({"": ("a", "b")}, 2), "2", True, "right"),
        (Choice({"": ("a", "b")}, 2), "3", False, "Not this"),
        (Task((Claim.parse("parameters < 10000"),)), "", False, "61,706. It is to be less than 10,000."),
        (Task((Claim.parse("parameters < 100000"),)), "", True, "Done."),
    ],
)
def test_an_answer_is_judged(reply: Any, answer: str, right: bool, said: str) -> None:
    verdict = judge_reply(reply, answer, FACTS)
    assert (verdict.right, said in verdict.sentence) == (right, True), verdict.sentence


def test_a_shelf_keeps_the_newest_lessons_under_names_of_their_own() -> None:
    shelf = Shelf(most=2)
    lessons = [Course(Text({"": name}), (Step(NOTHING, "/"),)) for name in "abc"]
    first, second = (shelf.put(each) for each in lessons[:2])
    assert shelf.get(first) is lessons[0]
    third = shelf.put(lessons[2])
    assert [shelf.get(name) for name in (first, second, third)] == [lessons[0], None, lessons[2]]
    assert shelf.put(Course(Text({"": "c"}), (Step(NOTHING, "/"),))) == third


@given(st.lists(st.lists(st.integers(-3, 3), min_size=3, max_size=3), min_size=3, max_size=3))
def test_what_a_kernel_answers_to_is_what_a_convolution_gives(rows: list[list[int]]) -> None:
    kernel = np.array(rows)
    edge = np.repeat([[0] * 6 + [1] * 6], 12, axis=0)

    def is_answered(picture: np.ndarray) -> bool:
        return bool(conv2d(picture[None], kernel[None, None]).any())

    found = {
        "flat": is_answered(np.ones((5, 5), int)),
        "vertical": is_answered(edge),
        "horizontal": is_answered(edge.T),
    }
    answers = answers_to(kernel)
    if answers == "flat":
        assert found["flat"]
    else:
        named = {"both": (True, True), "nothing": (False, False)}
        wanted = named.get(answers, (answers == "horizontal", answers == "vertical"))
        assert (found["flat"], found["horizontal"], found["vertical"]) == (False, *wanted)
