"""The scripts of the page on pictures in PyTorch: one picture, and a data set."""

import streamlit as st

from cnnlab.lessons.image_pipeline.pytorch_code import dataset_code, pipeline_code
from cnnlab.lessons.image_pipeline.snapshots import Outcome
from cnnlab.lessons.image_pipeline.steps import ReadImage
from cnnlab.shown_text import markdown, plain
from cnnlab.texts import Message, message, say
from cnnlab.ui.pages.image_pipeline import results
from cnnlab.ui.pages.image_pipeline.settings import Chosen
from cnnlab.ui.parts.code_style import ask_style

PICTURE_FILE = "picture.png"
"""What the scripts open."""


def code_section(chosen: Chosen, outcome: Outcome | None) -> None:
    """Show the script up to the chosen step."""
    style = ask_style("img_style")
    count = min(chosen.selected + 1, len(chosen.pipeline.steps))
    if count < len(chosen.pipeline.steps):
        st.caption(markdown("Up to step {step}, the chosen one. Choose the last card for all of it.", step=count))
    st.code(pipeline_code(chosen.pipeline, count, chosen.seed, outcome, style), language="python")
    _offer_picture(chosen)
    if outcome:
        torch, torchvision = outcome.versions
        st.caption(
            markdown(
                "The numbers above come from torch {torch} and torchvision {torchvision}.",
                torch=torch,
                torchvision=torchvision,
            )
        )


def _offer_picture(chosen: Chosen) -> None:
    """Give away the picture that the script opens. An upload as it is would give other numbers than the page shows."""
    st.caption(plain(say(_about_own_picture() if chosen.picture.is_own else _about_picture())))
    st.download_button(
        plain(say("Download {file}", file=PICTURE_FILE)),
        results.png(chosen.picture.pixels),
        PICTURE_FILE,
        "image/png",
        key="img_picture",
        icon=":material/download:",
        on_click="ignore",
    )


def _about_picture() -> Message:
    return message(
        "It runs as it stands, with {file} beside it. Any picture will do; with this one you get the numbers of this "
        "page.",
        file=PICTURE_FILE,
    )


def _about_own_picture() -> Message:
    return message(
        "It runs as it stands, with {file} beside it. Take the file from here: this page has turned your picture "
        "upright, scaled it down to at most 512 pixels a side, and converted it to 8-bit colours without transparency. "
        "With the file that you uploaded the code may give other numbers.",
        file=PICTURE_FILE,
    )


def dataset_section(chosen: Chosen, outcome: Outcome | None) -> None:
    """Show the script that sends a whole data set through the pipeline."""
    last = outcome.snapshots[-1] if outcome and outcome.failure is None else None
    if len(chosen.pipeline.steps) == 1 and not isinstance(chosen.pipeline.steps[0], ReadImage):
        st.info(
            markdown(
                "A data set needs at least one step: a loader puts tensors into a batch, and PIL images are not "
                "tensors."
            )
        )
        return
    st.write(
        markdown(
            "A data set calls the pipeline whenever it is asked for a picture, so random steps draw anew in every "
            "epoch. A loader puts the tensors of 64 pictures into one, (N, C, H, W). They must all have the same "
            "shape, so a pipeline for pictures of different sizes needs a step that makes them equal: a crop, or a "
            "Resize with height and width."
        )
    )
    style = ask_style("img_style")
    st.code(dataset_code(chosen.pipeline, chosen.seed, last, style), language="python")
    if outcome is not None and (outcome.failure or outcome.conv_shape is None):
        st.caption(
            markdown(
                "With these steps the loader or the network stops with an error, as above. Fix the pipeline first."
            )
        )
