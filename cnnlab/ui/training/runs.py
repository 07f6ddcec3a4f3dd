"""Which run the page shows, and the others there are."""

import time

import streamlit as st

from cnnlab.errors import TrainingError, as_sentence, counted
from cnnlab.layers import AvgPool2d, Pool2d
from cnnlab.networks.zoo import UNNAMED
from cnnlab.optimizers import OPTIMIZER_TYPES
from cnnlab.shown_text import plain
from cnnlab.training.jobs import Job, RunSettings
from cnnlab.ui import jobs, links
from cnnlab.ui.training.settings import name_of

_MINE = "training/my runs"
LIST_SECONDS = 5.0
TOLD_CHANGES = 3
STATES = {
    "queued": "waiting in the queue",
    "starting": "starting",
    "running": "training",
    "paused": "paused",
    "ended": "ended",
    "failed": "failed",
}


def current() -> Job | None:
    """The run that the link names, or that this session looked at last."""
    run_id = links.read("run", "", str)
    if not run_id:
        return None
    job = jobs.manager().get(run_id)
    if job is None:
        _forget()
        st.warning(
            "This run is no longer on the server: only the newest finished runs are kept, or the server has been "
            "restarted since. You can start another one below.",
            icon=":material/link_off:",
        )
        return None
    links.write("run", run_id, "")
    _remember(job)
    jobs.watch(job.id)
    return job


def may_steer(job: Job) -> bool:
    """Whether this session came by the link of whoever started the run, or by the list, which only shows it."""
    return links.read("run", "", str) == job.id


def start(settings: RunSettings) -> None:
    """Start a run and show it, or say why not."""
    try:
        job = jobs.manager().submit(settings, jobs.viewer())
    except TrainingError as error:
        st.error(plain(as_sentence(error)), icon=":material/hourglass_disabled:")
        return
    _open(job.id)
    st.rerun()


def list_others(shown: Job | None) -> None:
    """The earlier runs of this session, and those in progress on this server; a click opens one."""
    is_moving = any(job.live for job in jobs.manager().jobs() if job is not shown)
    st.fragment(_list_others, run_every=LIST_SECONDS if is_moving else None)(shown)


def _list_others(shown: Job | None) -> None:
    mine = st.session_state.get(_MINE, {})
    everything = [job for job in jobs.manager().jobs() if job is not shown]
    earlier = [job for job in everything if job.id in mine]
    others = [job for job in everything if job.id not in mine and job.live]
    if earlier:
        st.subheader("Your runs", anchor=False)
        for job in earlier:
            _line(job, mine[job.id], "Show")
    if others:
        with st.expander(f"Runs of others in progress: {len(others)}", icon=":material/groups:"):
            st.caption("You can look on. Only the link of the person who started a run can steer it.")
            for job in others:
                _line(job, job.watch_id, "Look on")


def describe(job: Job) -> str:
    """A run's settings in one line, with the learning rates that it was given on its way."""
    config = job.settings.config
    length = f"{config.seconds:g} s" if config.epochs is None else f"{config.epochs} epoch{'s'[: config.epochs != 1]}"
    optimizer = OPTIMIZER_TYPES[config.optimizer].torch_name
    return (
        f"{plain(title_of(job))} · {plain(name_of(job.settings.data))} · {length} · {plain(optimizer)} "
        f"{_rates(job)} · batch {config.batch_size:d} · seed {config.seed:d}"
    )


def title_of(job: Job) -> str:
    """What the run's network is called, with its pooling where it has one kind."""
    network = job.settings.network
    pools = {
        "average" if isinstance(layer, AvgPool2d) else "max" for layer in network.layers if isinstance(layer, Pool2d)
    }
    name = "own network" if network.name == UNNAMED else network.name
    return f"{name}, {pools.pop()} pooling" if len(pools) == 1 else name


def _rates(job: Job) -> str:
    """The highest learning rate that was asked for, and what it was changed to when: the newest of many changes."""
    first, changes = f"{job.settings.config.peak:g}", job.rate_changes
    if not changes:
        return first
    told = ", ".join(f"{change.learning_rate:g} from step {change.step:,}" for change in changes[-TOLD_CHANGES:])
    left_out = len(changes) - TOLD_CHANGES
    return f"{first}, then {told}" if left_out <= 0 else f"{first}, then {counted(left_out, 'other rate')} and {told}"


def _line(job: Job, run_id: str, verb: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(verb, key=f"open {job.watch_id}"):
            _open(run_id)
            st.rerun()
        st.markdown(f"{_outcome(job)} · {_ago(job.created)}  \n:small[{describe(job)}]")


def _outcome(job: Job) -> str:
    if job.end is not None:
        return f"**{job.end.test_accuracy:.1%}** on the test pictures"
    if job.live and job.progress is not None:
        return f"**{STATES[job.state]}**, {job.progress.fraction:.0%}"
    return f"**{STATES[job.state]}**"


def _ago(moment: float) -> str:
    minutes = int((time.time() - moment) / 60)
    if minutes < 1:
        return "just now"
    return f"{minutes} min ago" if minutes < 60 else f"{minutes // 60} h ago"


def _open(run_id: str) -> None:
    links.write("run", run_id, "")


def _forget() -> None:
    links.write("run", "", "")


def _remember(job: Job) -> None:
    """Keep the id by which this session knows the run: the one that steers it, once it had that."""
    mine = st.session_state.setdefault(_MINE, {})
    if may_steer(job) or job.id not in mine:
        mine[job.id] = links.read("run", "", str)
