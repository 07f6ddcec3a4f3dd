"""Images in PyTorch: a picture's way from the file into a network, step by step."""

from cnnlab.texts import message, say
from cnnlab.ui.pages.image_pipeline.code import code_section, dataset_section
from cnnlab.ui.pages.image_pipeline.film import film_section, outcome_of, tell_picture
from cnnlab.ui.pages.image_pipeline.settings import ask
from cnnlab.ui.shell.frame import frame
from cnnlab.ui.state import controls

PARTS = {"code": message("As code"), "dataset": message("With a data set")}

frame("image_pipeline")
chosen = ask()
outcome = outcome_of(chosen)
is_hidden = film_section(chosen, outcome)
tell_picture(chosen)
part = controls.choice(
    say("Part"),
    "img_part",
    PARTS,
    "code",
    widget="segmented",
    label_visibility="collapsed",
    is_view=True,
)
# Comments in the code tell what comes out.
told = None if is_hidden else outcome
if part == "code":
    code_section(chosen, told)
else:
    dataset_section(chosen, told)
