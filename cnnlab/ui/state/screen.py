"""A page tells what is true of its screen; where a lesson asks for just that, its bar says how far it is."""

from cnnlab.lessons.courses.facts import Fact
from cnnlab.ui.components.frame import tell_task
from cnnlab.ui.state import facts, lesson


def tell(**told: Fact | None) -> None:
    """Tell what is so now, once in each run of what draws it. It draws nothing that is seen.

    Args:
        told: by the names in `cnnlab.lessons.courses.facts.KINDS`. None is what cannot be said: the settings do not go
            together, or it is being asked for.
    """
    facts.tell(**told)
    under_way, verdict = lesson.now(), lesson.task_verdict()
    if under_way is not None and verdict is not None:
        tell_task(under_way.at, verdict.right, verdict.sentence)
