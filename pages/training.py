"""Train a network and watch: settings, the run while it goes, and what came out of it."""

import streamlit as st

from cnnlab.shown_text import markdown
from cnnlab.texts import say
from cnnlab.ui.pages.training import runs, settings
from cnnlab.ui.pages.training.live import show_live
from cnnlab.ui.pages.training.result import show_result
from cnnlab.ui.shell import jobs
from cnnlab.ui.shell.frame import frame
from cnnlab.ui.shell.present import stage
from cnnlab.ui.state import screen

frame("training")

job = runs.current()
if job is not None:
    with stage():
        if job.live:
            show_live(job, runs.may_steer(job))
        else:
            show_result(job)

is_busy = job is not None and job.live
# Before there is a run, its settings are what is looked at.
with (
    stage() if job is None else st.container(),
    st.expander(
        say("Settings for the next run") if job else say("Settings"), expanded=not is_busy, icon=":material/tune:"
    ),
):
    wanted = settings.ask()
    if wanted is not None:
        runs.start(wanted)

if job is None:
    st.markdown(
        markdown(
            "A network reads a picture layer by layer and ends in one number per class. LeNet-5 does so with three "
            "layers of 5×5 kernels, a pooling after each of the first two, and two linear layers. The training shows "
            "it pictures with their classes, and moves all its numbers a little after each batch, so that the loss "
            "falls. Some pictures are kept aside (*validation*) to see how it does on what it was not trained on; the "
            "test pictures are only looked at once, at the end."
        )
    )
runs.list_others(job)
screen.tell(run="none" if job is None else "going" if job.live else job.state)

# Loading PyTorch takes seconds: a worker does so while the learner looks at the settings.
jobs.manager().warm_up()
