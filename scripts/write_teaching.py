"""Write docs/teaching.md from the lab's lessons: what each step shows, and the link that opens it.

Run it whenever a lesson changes; the tests compare.

    python -m scripts.write_teaching
"""

from collections.abc import Iterator
from pathlib import Path

from cnnlab.lessons.courses.course import Course, Step, Task
from cnnlab.lessons.courses.shelf import own_courses

PATH = Path(__file__).parents[1] / "docs" / "teaching.md"

INTRODUCTION = """\
# Teaching with cnnlab

This page is written from the lessons in `cnnlab/lessons/courses` by `python -m scripts.write_teaching`. The same
lessons are in the lab, under *Lessons*, in English and Korean.

Every screen is its address. Put the address of your own lab in front of a link (`http://localhost:8501` when it
runs on your machine). What you change on the way changes the address, so a state that you have prepared can be sent
to a class as a link; the button *Add this screen to my lesson* puts it into a lesson of your own.

On a projector press F: what you look at fills the screen, and S brings the settings. The arrow keys and the space
bar step and play; Esc leads back. Page Up and Page Down, which a presenter's remote control sends, lead through the
steps of a lesson, and without one through those of the page.
"""


def teaching() -> str:
    """The whole page."""
    courses = dict(own_courses())
    screens = courses.pop("screens")
    blocks = [INTRODUCTION]
    for key, course in courses.items():
        blocks.append(_lesson(key, course))
    blocks.extend(_groups(screens))
    return "\n".join(blocks)


def _lesson(key: str, course: Course) -> str:
    lines = [f"## {course.title.said('en')}", "", f"{course.line.said('en')} Open `/?lesson={key}`.", ""]
    has_slides = any(step.slides for step in course.steps)
    lines += [
        "| slide | what it shows | asked | open |" if has_slides else "| step | what it is about | asked | open |"
    ]
    lines += ["|---|---|---|---|"]
    for number, step in enumerate(course.steps, 1):
        first = ", ".join(map(str, step.slides)) if has_slides else str(number)
        title, asked = _cell(step.title.said("en")), _cell(step.question.said("en"))
        lines.append(f"| {first} | {title} | {asked} | `/?lesson={key}&at={number}` |")
    if any(isinstance(step.reply, Task) for step in course.steps):
        lines += ["", "The lab sees when a task is done, and says why not yet."]
    return "\n".join(lines) + "\n"


def _groups(course: Course) -> Iterator[str]:
    steps: list[Step] = []
    for step in course.steps:
        if step.group and steps:
            yield _group(steps)
            steps = []
        steps.append(step)
    yield _group(steps)


def _group(steps: list[Step]) -> str:
    first = steps[0]
    lines = [f"## {first.group.said('en')}", ""]
    if first.about:
        lines += [first.about.said("en"), ""]
    lines += ["| say | open |", "|---|---|"]
    lines += [f"| {_cell(step.say.said('en'))} | `{step.link}` |" for step in steps]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    PATH.write_text(teaching(), "utf-8")
