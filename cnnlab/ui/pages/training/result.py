"""A run that has ended: the test, the confusion matrix, the curves, and what can be taken home."""

import streamlit as st

from cnnlab.figures import run_charts, style
from cnnlab.figures import training as figures
from cnnlab.shown_text import Markdown, markdown, plain
from cnnlab.texts import in_a_row, message, say
from cnnlab.training.feasibility import usual_rate, why_no_kernels
from cnnlab.training.history import History
from cnnlab.training.jobs import Job
from cnnlab.training.progress import End, format_seconds
from cnnlab.training.record import file_word
from cnnlab.ui.pages.training.runs import describe
from cnnlab.ui.pages.training.settings import name_of

WATCH_SECONDS = 2.0
_CONFIG = {"displaylogo": False, "displayModeBar": True}


def show_result(job: Job) -> None:
    """Draw what came out of a run, or say why nothing did."""
    st.caption(plain(say(describe(job))))
    if job.state == "failed":
        st.error(plain(say(job.error or message("The run failed."))), icon=":material/error:")
    elif job.note:
        st.info(plain(say(job.note)), icon=":material/info:")
    if job.end is not None:
        _numbers(job, job.end)
    history = job.history
    if history.steps:
        titles = [say("Confusion matrix"), say("Curves"), say("First kernels")]
        confusion, curves, kernels = st.tabs(titles, default=None if job.end else titles[1])
        with confusion:
            _confusion(job)
        with curves:
            _curves(job, history)
        with kernels:
            _kernels(job)
    _downloads(job, history)


def _numbers(job: Job, end: End) -> None:
    shown = {
        say("Test accuracy"): f"{end.test_accuracy:.1%}",
        say("Validation accuracy"): "–" if end.validation_accuracy is None else f"{end.validation_accuracy:.1%}",
        say("Training time"): say(format_seconds(end.seconds)),
        say("Images per second"): f"{end.images_per_second:,.0f}",
    }
    with st.container(horizontal=True):
        for label, text in shown.items():
            st.metric(label, text, border=True)
    if job.start is not None:
        tested = message(
            "Tested on {test:,} pictures that the network had never seen, after {steps:,} steps on {training:,} "
            "pictures. Guessing would be right {guessed:.0%} of the time.",
            test=job.start.test_images,
            steps=end.steps,
            training=job.start.train_images,
            guessed=1 / len(job.start.classes),
        )
        stopped = message("It was stopped early; this is what it had learnt until then.")
        st.markdown(plain(say(in_a_row(tested, stopped) if end.reason == "stopped" else tested)))
    if advice := advice_where_nothing_was_told_apart(job):
        st.warning(advice, icon=":material/troubleshoot:")


def advice_where_nothing_was_told_apart(job: Job) -> Markdown | None:
    """What has most likely happened where all pictures were taken for one class, and what to try; else None."""
    only = None if job.end is None else job.end.only_class
    if only is None or job.start is None:
        return None
    config = job.settings.config
    usual = usual_rate(job.settings.network, config.optimizer)
    if max(config.peak, *(change.learning_rate for change in job.rate_changes), 0.0) > usual:
        return markdown(
            "The network predicted **{name}** for every test image: the accuracy is only this class's share of them. "
            "Most often the learning rate was too high: one step carries the weights so far that a whole layer of "
            "ReLUs falls silent. It gives 0 for every picture, and then no gradient reaches the weights that could "
            "wake it again. Start again with a highest learning rate of {rate:g}.",
            name=job.start.classes[only],
            rate=usual,
        )
    return markdown(
        "The network predicted **{name}** for every test image: the accuracy is only this class's share of them. The "
        "weights have hardly moved away from where they began: train for longer, with a highest learning rate of "
        "{rate:g}.",
        name=job.start.classes[only],
        rate=usual,
    )


def _confusion(job: Job) -> None:
    if job.end is None or job.start is None:
        st.caption(markdown("This run was not tested."))
        return
    st.markdown(
        markdown(
            "Each row is one class: which classes the network predicted for its pictures. The diagonal is what was "
            "right."
        )
    )
    figure = figures.confusion_matrix(job.end.confusion, job.start.classes)
    st.plotly_chart(
        figure, config=_CONFIG, key=f"confusion {job.watch_id}", alt=say("Confusion matrix of the test pictures")
    )


@st.fragment
def _curves(job: Job, history: History) -> None:
    """Draw the run's charts, with the same choices as while it went."""
    colours = style.CATEGORICAL_ON_DARK if st.context.theme.type == "dark" else style.CATEGORICAL
    names = dict(zip(run_charts.SPANS, map(say, run_charts.SPAN_NAMES), strict=True))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        span = st.select_slider(
            say(run_charts.SMOOTHING),
            run_charts.SPANS,
            run_charts.SPAN,
            format_func=names.__getitem__,
            key=f"smoothing {job.watch_id}",
            width=240,
        )
        is_log = st.checkbox(say(run_charts.LOGARITHMIC), key=f"logarithmic {job.watch_id}")
    loss = figures.loss_curves(
        history.curve(run_charts.MAX_POINTS), history.validations, span, is_log=is_log, colours=colours
    )
    st.plotly_chart(loss, config=_CONFIG, alt=say("Training and validation loss over the steps"))
    left, right = st.columns(2)
    if history.validations:
        accuracy = figures.accuracy_curve(history.validations, colours)
        left.plotly_chart(accuracy, config=_CONFIG, alt=say("Validation accuracy over the steps"))
    rate = figures.learning_rate_curve(history.thinned_marks(), job.rate_changes, colours)
    right.plotly_chart(rate, config=_CONFIG, alt=say("Learning rate over the steps"))


def _kernels(job: Job) -> None:
    if job.first_kernels is None or job.kernels is None:
        told = why_no_kernels(job.settings.network) or message("No kernels were recorded in this run.")
        st.caption(plain(say(told)))
        return
    st.markdown(
        markdown(
            "The first convolution's kernels as colour pictures: grey is 0, brighter is positive, darker is negative. "
            "All kernels of both pictures share one scale."
        )
    )
    first, last = figures.kernel_pictures(job.first_kernels, job.kernels)
    st.image(
        first,
        caption=say("soon after the start"),
        alt=say("The kernels soon after the start"),
        output_format="PNG",
    )
    st.image(
        last,
        caption=say("at the end"),
        alt=say("The kernels at the end"),
        output_format="PNG",
    )


def _downloads(job: Job, history: History) -> None:
    data = name_of(job.settings.data).removesuffix(".npz")
    stem = f"{file_word(job.settings.network.name)}-{file_word(data)}-{job.watch_id[:6]}"
    weights = job.weights_path
    if job.end is not None and weights is None:
        st.info(
            markdown(
                "The weights of this run are not on the server: they could not be saved, or its temporary files were "
                "cleared away since. The history is still here; to get the weights, start the run again with the same "
                "settings and the same seed."
            ),
            icon=":material/folder_off:",
        )
    with st.container(horizontal=True):
        if weights is not None:
            st.download_button(
                say("Weights (safetensors)"),
                weights.read_bytes,
                f"{stem}.safetensors",
                "application/octet-stream",
                on_click="ignore",
                icon=":material/download:",
            )
            _watch_over(job)
        if history.steps:
            st.download_button(
                say("History (CSV)"),
                lambda: history.to_csv(job.rate_changes).encode(),
                f"{stem}.csv",
                "text/csv",
                on_click="ignore",
                icon=":material/table:",
            )


@st.fragment(run_every=WATCH_SECONDS)
def _watch_over(job: Job) -> None:
    """Draw the page anew as soon as the weights are gone.

    A download that fails is told in words of Streamlit's that name no way out. The button itself must not be drawn at
    every look: each time it offers another file, and a click in between would find the old one gone.
    """
    if job.weights_path is None:
        st.rerun()
