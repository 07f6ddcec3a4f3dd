"""The scripts of the page on pictures in PyTorch: one picture, and a data set."""

import streamlit as st

from cnnlab.data.images import example_pictures
from cnnlab.lessons.image_pipeline.pytorch_code import dataset_code, pipeline_code
from cnnlab.lessons.image_pipeline.snapshots import Outcome
from cnnlab.lessons.image_pipeline.steps import ReadImage
from cnnlab.shown_text import plain
from cnnlab.ui.image_pipeline import results
from cnnlab.ui.image_pipeline.settings import Chosen

PICTURE_FILE = "picture.png"
"""What the scripts open."""


def code_section(chosen: Chosen, outcome: Outcome | None) -> None:
    """Show the script up to the chosen step."""
    count = min(chosen.selected + 1, len(chosen.pipeline.steps))
    if count < len(chosen.pipeline.steps):
        st.caption(f"Up to step {count}, the chosen one. Choose the last card for all of it.")
    st.code(pipeline_code(chosen.pipeline, count, chosen.seed, outcome), language="python")
    _offer_picture(chosen)
    if outcome:
        torch, torchvision = (plain(version) for version in outcome.versions)
        st.caption(f"The numbers above come from torch {torch} and torchvision {torchvision}.")


def _offer_picture(chosen: Chosen) -> None:
    """Give away the picture that the script opens. An upload as it is would give other numbers than the page shows."""
    is_own = chosen.picture.identity not in example_pictures()
    st.caption(
        f"It runs as it stands, with {PICTURE_FILE} beside it."
        + (
            " Take the file from here: this page has turned your picture as the camera was held, scaled it down to at "
            "most 512 pixels a side, and converted it to 8-bit colours without transparency. With the one that you "
            "uploaded the code may give other numbers."
            if is_own
            else " Any picture will do; with this one you get the numbers of this page."
        )
    )
    st.download_button(
        f"Download {PICTURE_FILE}",
        results.png(chosen.picture.pixels),
        PICTURE_FILE,
        "image/png",
        key="img_picture",
        icon=":material/download:",
        on_click="ignore",
    )


def dataset_section(chosen: Chosen, outcome: Outcome | None) -> None:
    """Show the script that sends a whole data set through the pipeline."""
    last = outcome.snapshots[-1] if outcome and outcome.failure is None else None
    if len(chosen.pipeline.steps) == 1 and not isinstance(chosen.pipeline.steps[0], ReadImage):
        st.info(
            "A data set needs at least one step: a loader puts tensors into a batch, and PIL images are not tensors."
        )
        return
    st.write(
        "A data set calls the pipeline whenever it is asked for a picture, so random steps draw anew in every epoch."
        " A loader puts the tensors of 64 pictures into one, (N, C, H, W): they must all have one shape, so a"
        " pipeline for pictures of all sizes needs a step that makes them alike: a crop, or a Resize that is given"
        " height and width."
    )
    st.code(dataset_code(chosen.pipeline, chosen.seed, last), language="python")
    if outcome is not None and (outcome.failure or outcome.conv_shape is None):
        st.caption("With these steps the loader or the network stops with an error, as above. Fix the pipeline first.")
