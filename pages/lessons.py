"""Lessons: the lecture and other ways through the lab, and screens of one's own put in order."""

from cnnlab.texts import message, say
from cnnlab.ui.pages.lessons.offered import offered_section
from cnnlab.ui.pages.lessons.own import own_section
from cnnlab.ui.shell import own_lesson
from cnnlab.ui.shell.frame import frame
from cnnlab.ui.shell.present import stage
from cnnlab.ui.state import controls

VIEWS = {"offered": message("Lessons"), "own": message("Your own")}

frame("lessons")
view = controls.choice(
    say("Lessons"),
    "lessons_view",
    VIEWS,
    "offered",
    widget="segmented",
    label_visibility="collapsed",
    is_view=True,
)
course = own_lesson.enter()
with stage():
    if view == "offered":
        offered_section()
    else:
        own_section(course)
