"""The section "The experiment": an MLP and a small CNN, trained at one place and asked at every place.

A run has a seed, so one is enough for everybody: all sessions that ask for the same settings look at the same run.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from cnnlab.feedback.verdict import Verdict
from cnnlab.figures.charts import Axis, Chart, Mark, Series
from cnnlab.lessons.why_convolution.experiment import (
    CNN_PARAMETERS,
    EPOCHS,
    HIDDEN,
    KERNELS,
    MAX_SEED,
    MLP_PARAMETERS,
    Epoch,
    Experiment,
    Score,
    as_part,
)
from cnnlab.lessons.why_convolution.forecast import FORECASTS, NOTHING_SAID, judge
from cnnlab.lessons.why_convolution.pictures import (
    PICTURES_PER_PLACE,
    PLACES,
    SIDE,
    TRAINED_PLACES,
    TRAINING_PICTURES,
    Part,
    pictures_to_learn,
    shift_of_places,
)
from cnnlab.shown_text import markdown
from cnnlab.texts import Message, in_a_row, message, say
from cnnlab.training.shared_runs import SharedRun, SharedRuns
from cnnlab.ui.components.curves.shift import shift_curves
from cnnlab.ui.components.shift_lab import examples
from cnnlab.ui.shell.present import stage
from cnnlab.ui.state import controls, links

COMMAND: Callable[[Experiment], Sequence[str]] = Experiment.command
"""The program that runs an experiment. Tests put a quicker one here."""

TICK_SECONDS = 0.7
SHOWN_EXAMPLES = 4

PART_TITLES = {
    "corner": message("Upper left corner"),
    "left": message("Left side"),
    "everywhere": message("Everywhere"),
}
_TRAINED: dict[Part, tuple[int, int]] = {
    "corner": (TRAINED_PLACES, TRAINED_PLACES),
    "left": (PLACES, TRAINED_PLACES),
    "everywhere": (PLACES, PLACES),
}
_COLOURS = {"cnn": 0, "mlp": 1}
"""Their places in the theme's colours for charts."""

_ASKED = "why/asked"
_CSS = Path(__file__).with_suffix(".css")

Run = SharedRun[Experiment, Epoch]

# A value of this module, since anybody may have Streamlit's cache of resources emptied; see cnnlab.ui.shell.jobs.
_RUNS = SharedRuns[Experiment, Epoch](lambda experiment: COMMAND(experiment), Epoch.from_plain)


def experiment_section() -> None:
    """Draw the section."""
    st.html(_CSS)
    part_column, seed_column, start_column = st.columns([2.4, 1, 1.6], vertical_alignment="bottom")
    with part_column:
        part = as_part(
            controls.choice(
                say("Both learn from X's in this part"), "exp_part", PART_TITLES, "corner", widget="segmented"
            )
        )
    with seed_column:
        seed = controls.whole_number(say("Seed"), "exp_seed", 0, MAX_SEED, 0, widget="number")
    experiment = Experiment(part, seed)
    run = _run_of(experiment)
    # Looked at once: a run may end while the page is drawn.
    was_live = run is not None and run.live
    with start_column:
        failed = run is not None and not was_live and run.state == "failed"
        label = say("Try again") if failed else say("Train both")
        if st.button(
            label, key="exp_start", type="primary", icon=":material/play_arrow:", disabled=bool(run) and not failed
        ):
            st.session_state[_ASKED] = experiment
            _RUNS.ask(experiment, again=True)
            st.rerun()
    _show_examples(experiment)
    st.fragment(_follow, run_every=TICK_SECONDS if was_live else None)(experiment, run, was_live)
    st.caption(
        markdown(
            "The pictures have {side}×{side} pixels, and the non-X shapes also have nine pixels. Both networks see the "
            "same {pictures:,} pictures {epochs} times, and are asked about {others} others at each of the {places} "
            "places. MLP: {pixels} pixels, {hidden} hidden neurons, {mlp:,} parameters. CNN: {kernels} kernels of 5×5, "
            "global max pooling, {cnn:,} parameters. The same seed gives the same numbers, so everybody who asks for "
            "it looks at the same run.",
            side=SIDE,
            pictures=TRAINING_PICTURES,
            epochs=EPOCHS,
            others=PICTURES_PER_PLACE,
            places=PLACES * PLACES,
            pixels=SIDE * SIDE,
            hidden=HIDDEN,
            mlp=MLP_PARAMETERS,
            kernels=KERNELS,
            cnn=CNN_PARAMETERS,
        )
    )


def _run_of(experiment: Experiment) -> Run | None:
    """The run that is there already, or the one that the link asks for."""
    if links.is_new("exp_run") and links.read_int("exp_run", 0, 0, 1):
        st.session_state[_ASKED] = experiment
    run = _RUNS.find(experiment)
    if run is None and st.session_state.get(_ASKED) == experiment:
        run = _RUNS.ask(experiment)
    # Somebody else's run is shown as well: what is on the screen is in the link.
    links.write("exp_run", int(run is not None), 0, undo="never")
    return run


def _follow(experiment: Experiment, run: Run | None, was_live: bool) -> None:
    """Draw a run as far as it is; anew at each tick while it goes on, and then the whole page once."""
    # Who looks keeps it in the queue; whose browser slept meanwhile may find that it is gone.
    if was_live and run is not None and (_RUNS.find(experiment) is not run or not run.live):
        st.rerun()
    with stage():
        with st.container(key="why_line"):
            if run is None and experiment.part != "everywhere":
                _ask_forecast()
            else:
                position = _RUNS.queue_position(run) if run else None
                stands = markdown(where_it_stands(run, position))
                verdict = _verdict(experiment, run)
                if verdict is None:
                    st.markdown(stands)
                elif verdict.right:
                    st.markdown(markdown("{state} :green[**{verdict}**]", state=stands, verdict=verdict.sentence))
                else:
                    st.markdown(markdown("{state} :red[**{verdict}**]", state=stands, verdict=verdict.sentence))
        if run is not None and run.error:
            st.error(markdown("The experiment has no result. {reason}", reason=run.error))
        epoch = run.records[-1] if run and run.records else None
        places = places_data(experiment.part, epoch)
        summary = in_a_row(
            *(message("{network}: {note}", network=each["name"], note=each["note"]) for each in places["networks"])
        )
        shift_curves(shift_chart(experiment.part, epoch), summary, places, key="why_curves")


def _ask_forecast() -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(markdown("Predict: what does the MLP do one pixel further on?"), width="content")
        controls.choice(
            say("What will the MLP do beyond the trained places?"),
            "exp_said",
            {NOTHING_SAID: "…", **FORECASTS},
            NOTHING_SAID,
            widget="segmented",
            label_visibility="collapsed",
            is_view=True,  # a forecast is not taken back
        )


def _verdict(experiment: Experiment, run: Run | None) -> Verdict | None:
    """What is said to the forecast once the run has ended."""
    said = links.read_word("exp_said", NOTHING_SAID, (NOTHING_SAID, *FORECASTS))
    if (
        run is None
        or run.state != "ended"
        or not run.records
        or said == NOTHING_SAID
        or experiment.part == "everywhere"
    ):
        return None
    return judge(said, run.records[-1].mlp.by_shift(experiment.part))


def where_it_stands(run: Run | None, position: int | None) -> Message:
    """The state of a run in a sentence, which is Markdown."""
    if run is None:
        return message(
            "Predict: will the MLP be as good as the CNN now? Then press *Train both*: it takes about ten seconds."
        )
    if run.state == "failed":
        return message("The run failed.")
    if run.state == "queued":
        return message(
            "Waiting in the queue at place {place}: one experiment runs at a time. This one starts by itself.",
            place=position or 1,
        )
    if run.state == "starting":
        return message("Starting: PyTorch is being loaded.")
    if not run.records:
        return message("Training: epoch 1 of {epochs}.", epochs=EPOCHS)
    if run.state == "running":
        return message("Training: epoch {epoch} of {epochs} is done.", epoch=run.records[-1].number, epochs=EPOCHS)
    return message("Trained for {epochs} epochs.", epochs=EPOCHS)


def shift_chart(part: Part, epoch: Epoch | None) -> Chart:
    """Both networks' accuracy against the shift, after an epoch or before the first."""
    last = int(shift_of_places(part).max())
    across = Axis(message("pixels beyond the trained places"), whole=(0, last), ticks=range(last + 1))
    shares = Axis(
        message("Right answers, by shift"),
        is_percent=True,
        whole=(0, 1),
        is_fixed=True,
        ticks=(0, 0.25, 0.5, 0.75, 1),
    )
    series = [
        Series(
            key,
            message("{network}, {parameters:,} parameters", network=name, parameters=parameters),
            np.arange(last + 1 if score else 0),
            np.round(score.by_shift(part) if score else [], 4),
            colour=_COLOURS[key],
            dots=True,
        )
        for key, name, parameters, score in _networks(epoch)
    ]
    return Chart("shift", across, shares, series, [Mark(message("guessing"), y=0.5)])


def places_data(part: Part, epoch: Epoch | None) -> dict[str, Any]:
    """Both networks' accuracy at every place."""
    return {
        "networks": [
            {
                "key": key,
                "name": name,
                "note": _note(score, part),
                "map": np.round(score.accuracy, 3).tolist() if score else None,
            }
            for key, name, _, score in _networks(epoch)
        ],
        "size": PLACES,
        "trained": _TRAINED[part],
        "told": message(
            "The frame holds the trained places of the box's upper left corner. Point at a place to read both networks."
        ),
    }


def _networks(epoch: Epoch | None) -> tuple[tuple[str, str, int, Score | None], ...]:
    """Each network's key, name and number of parameters, and where it stands."""
    return (
        ("mlp", "MLP", MLP_PARAMETERS, epoch.mlp if epoch else None),
        ("cnn", "CNN", CNN_PARAMETERS, epoch.cnn if epoch else None),
    )


def _note(score: Score | None, part: Part) -> Message:
    if score is None:
        return message("Not trained yet.")
    shift = shift_of_places(part)
    trained = float(score.accuracy[shift == 0].mean())
    if part == "everywhere":
        return message(
            "{everywhere:.1%} right at all places, {training:.1%} of the training pictures.",
            everywhere=trained,
            training=score.training,
        )
    elsewhere = float(score.accuracy[shift > 0].mean())
    return message(
        "{trained:.1%} right at the trained places, {elsewhere:.1%} elsewhere.", trained=trained, elsewhere=elsewhere
    )


def _show_examples(experiment: Experiment) -> None:
    learned = pictures_to_learn(experiment.part, experiment.seed, 2 * SHOWN_EXAMPLES)
    groups = {
        message("Is there an X? Yes:"): learned.pictures[learned.is_x],
        message("No:"): learned.pictures[~learned.is_x],
    }
    examples(
        {name: ["".join(map(str, picture.astype(int).ravel())) for picture in some] for name, some in groups.items()},
        SIDE,
        key="why_examples",
    )
