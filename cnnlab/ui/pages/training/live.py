"""A run that goes on: how far it is, its curves, and the handles to steer it."""

import time
from collections.abc import Callable

import streamlit as st

from cnnlab.errors import TrainingError
from cnnlab.shown_text import markdown, plain
from cnnlab.texts import Message, message, say
from cnnlab.training.feasibility import why_no_kernels
from cnnlab.training.jobs import Job
from cnnlab.training.progress import format_seconds
from cnnlab.ui.components.curves.run import live_curves
from cnnlab.ui.pages.training.runs import describe

TICK_SECONDS = 1.0
ANSWER_SECONDS = 0.4


def show_live(job: Job, steers: bool) -> None:
    """Draw a run anew every second, until it has ended; then the whole page once."""
    settings = describe(job)
    if steers:
        st.caption(
            markdown(
                "{settings}. Anyone with this page's address can steer the run; for everybody else there is "
                "[a view-only link](?run={run}).",
                settings=settings,
                run=job.watch_id,
            )
        )
    else:
        st.caption(markdown("{settings}. This page's address shows the run in any browser.", settings=settings))
    _follow(job, steers)


@st.fragment(run_every=TICK_SECONDS)
def _follow(job: Job, steers: bool) -> None:
    if not job.live:
        st.rerun()
    progress = job.progress
    st.progress(progress.fraction if progress else 0.0, text=plain(say(where_it_stands(job))))
    if steers:
        _handles(job)
    else:
        st.caption(markdown("You are looking on. Only the link of the person who started this run can steer it."))
    if changes := job.rate_changes:
        st.caption(
            markdown(
                "The learning rate now peaks at {rate:g}, from step {step:,} on. The run began with {first:g}.",
                rate=changes[-1].learning_rate,
                step=changes[-1].step,
                first=job.settings.config.peak,
            )
        )
    if job.note:
        st.info(plain(say(job.note)), icon=":material/info:")
    if job.start is not None:
        live_curves(job, key=f"curves {job.watch_id}")
    if reason := why_no_kernels(job.settings.network):
        st.caption(plain(say(reason)))


def where_it_stands(job: Job) -> Message:
    """The state of a run that goes on, and how long it will take, in a sentence."""
    progress = job.progress
    if job.stopping:
        return message("Stopping: what has been learnt so far is being tested.")
    if job.state == "queued":
        return message(
            "Waiting in the queue at place {place}: this machine trains as many runs at once as it has room for. "
            "Yours starts by itself.",
            place=job.queue_position or 1,
        )
    if job.state == "starting" or job.start is None:
        return message("Starting: the worker loads PyTorch and the pictures.")
    if progress is None:
        return message(
            "Training begins on {pictures:,} pictures, on the {device}.",
            pictures=job.start.train_images,
            device=job.start.device.upper(),
        )
    if job.state == "paused":
        return message(
            "Paused, {done:.0%} done. The run keeps its place and goes on where it was.", done=progress.fraction
        )
    if progress.fraction >= 1:
        return message("The training is done: the network is being tested.")
    if progress.eta_seconds is None:
        return message("Training, {done:.0%} done.", done=progress.fraction)
    return message(
        "Training, {done:.0%} done: {time} to go.", done=progress.fraction, time=format_seconds(progress.eta_seconds)
    )


def _handles(job: Job) -> None:
    waits = job.state in ("queued", "starting") or job.stopping
    with st.container(horizontal=True, vertical_alignment="bottom"):
        # One button of one width, so that nothing moves under the pointer when the run is held.
        is_paused = job.state == "paused"
        st.button(
            say("Resume") if is_paused else say("Pause"),
            icon=":material/play_arrow:" if is_paused else ":material/pause:",
            on_click=_hold_or_resume,
            args=(job,),
            disabled=waits,
            key="hold",
            width=128,
        )
        stop = say("Leave the queue") if job.state == "queued" else say("Stop and test")
        st.button(stop, icon=":material/stop:", on_click=job.stop, disabled=job.stopping, key="stop")
        key = _show_present_rate(job)
        st.number_input(
            say("Highest learning rate"),
            min_value=0.00001,
            max_value=10.0,
            value=None,  # so that an emptied field is no wish for another rate
            step=0.001,
            format="%g",
            key=key,
            on_change=_change_rate,
            args=(job,),
            disabled=waits,
            width=180,
            help=say("Takes effect at once; the schedule keeps its shape and is scaled."),
        )


def _hold_or_resume(job: Job) -> None:
    state = job.state
    (job.resume if state == "paused" else job.pause)()
    _wait_while(lambda: job.state == state)


def _wait_while(unanswered: Callable[[], bool]) -> None:
    """Wait a moment for a run, which answers within a step or two: the change shows at once, not at the next tick."""
    patience = time.monotonic() + ANSWER_SECONDS
    while unanswered() and time.monotonic() < patience:
        time.sleep(0.01)


def _show_present_rate(job: Job) -> str:
    """Let the field hold the run's present rate, whoever set it. Return the field's key.

    Only where the field is new or the run took another rate: what was just typed stands until the run has answered.
    """
    key, shown = f"rate {job.watch_id}", f"training/shown rate {job.watch_id}"
    if key not in st.session_state or st.session_state.get(shown) != job.learning_rate:
        st.session_state[key] = st.session_state[shown] = job.learning_rate
    return key


def _change_rate(job: Job) -> None:
    key = f"rate {job.watch_id}"
    wanted = st.session_state[key]
    if wanted is None:
        st.session_state[key] = job.learning_rate
        return
    try:
        job.set_learning_rate(wanted)
    except TrainingError as error:
        st.warning(plain(say(error.message)))
        return
    _wait_while(lambda: job.learning_rate != wanted)
