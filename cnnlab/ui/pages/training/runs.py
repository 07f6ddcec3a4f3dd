"""Which run the page shows, and the others there are."""

import time

import streamlit as st

from cnnlab.errors import TrainingError
from cnnlab.layers import AvgPool2d, Pool2d
from cnnlab.networks.zoo import UNNAMED
from cnnlab.optimizers import OPTIMIZER_TYPES
from cnnlab.shown_text import Markdown, markdown, plain
from cnnlab.texts import Message, message, plural, say
from cnnlab.training.jobs import Job, RunSettings
from cnnlab.ui.pages.training.settings import name_of
from cnnlab.ui.shell import jobs
from cnnlab.ui.state import links

_MINE = "training/my runs"
LIST_SECONDS = 5.0
TOLD_CHANGES = 3
STATES = {
    "queued": message("waiting in the queue"),
    "starting": message("starting"),
    "running": message("training"),
    "paused": message("paused"),
    "ended": message("ended"),
    "failed": message("failed"),
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
            markdown(
                "This run is no longer on the server: only the newest finished runs are kept, or the server has been "
                "restarted since. You can start another one below."
            ),
            icon=":material/link_off:",
        )
        return None
    links.write("run", run_id, "", undo="never")
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
        st.error(plain(say(error.message)), icon=":material/hourglass_disabled:")
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
        st.header(markdown("Your runs"), anchor=False)
        for job in earlier:
            _line(job, mine[job.id], say("Show"))
    if others:
        with st.expander(say("Runs of others in progress: {runs}", runs=len(others)), icon=":material/groups:"):
            st.caption(markdown("You can look on. Only the link of the person who started a run can steer it."))
            for job in others:
                _line(job, job.watch_id, say("Look on"))


def describe(job: Job) -> Message:
    """A run's settings in one line, with the learning rates that it was given on its way."""
    config = job.settings.config
    if config.epochs is None:
        length = message("{seconds:g} s", seconds=config.seconds)
    else:
        length = plural("{n} epoch", "{n} epochs", n=config.epochs)
    return message(
        "{network} · {data} · {length} · {rates} · batch {batch} · seed {seed}",
        network=title_of(job),
        data=name_of(job.settings.data),
        length=length,
        rates=_rates(job),
        batch=config.batch_size,
        seed=config.seed,
    )


def title_of(job: Job) -> str:
    """What the run's network is called, with its pooling where it has one kind."""
    network = job.settings.network
    name = message("own network") if network.name == UNNAMED else network.name
    are_average = {isinstance(layer, AvgPool2d) for layer in network.layers if isinstance(layer, Pool2d)}
    if are_average == {True}:
        return message("{network}, average pooling", network=name)
    if are_average == {False}:
        return message("{network}, max pooling", network=name)
    return name


def _rates(job: Job) -> Message:
    """The optimizer, the highest learning rate that was asked for, and what it was changed to when: the newest few."""
    config, changes = job.settings.config, job.rate_changes
    optimizer = OPTIMIZER_TYPES[config.optimizer].torch_name
    told = message("{optimizer} {rate:g}", optimizer=optimizer, rate=config.peak)
    if (left_out := len(changes) - TOLD_CHANGES) > 0:
        others = plural("{n} other rate", "{n} other rates", n=left_out)
        told = message("{before} → {after}", before=told, after=others)
    for change in changes[-TOLD_CHANGES:]:
        changed = message("{rate:g} from step {step:,}", rate=change.learning_rate, step=change.step)
        told = message("{before} → {after}", before=told, after=changed)
    return told


def _line(job: Job, run_id: str, verb: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(verb, key=f"open {job.watch_id}"):
            _open(run_id)
            st.rerun()
        st.markdown(
            markdown(
                "{outcome} · {time}  \n:small[{settings}]",
                outcome=_outcome(job),
                time=_ago(job.created),
                settings=describe(job),
            )
        )


def _outcome(job: Job) -> Markdown:
    if job.end is not None:
        return markdown("**{accuracy:.1%}** on the test pictures", accuracy=job.end.test_accuracy)
    if job.live and job.progress is not None:
        return markdown("**{state}**, {done:.0%}", state=STATES[job.state], done=job.progress.fraction)
    return markdown("**{state}**", state=STATES[job.state])


def _ago(moment: float) -> Message:
    minutes = int((time.time() - moment) / 60)
    if minutes < 1:
        return message("just now")
    return message("{n} min ago", n=minutes) if minutes < 60 else message("{n} h ago", n=minutes // 60)


def _open(run_id: str) -> None:
    links.write("run", run_id, "", undo="never")


def _forget() -> None:
    links.write("run", "", "", undo="never")


def _remember(job: Job) -> None:
    """Keep the id by which this session knows the run: the one that steers it, once it had that."""
    mine = st.session_state.setdefault(_MINE, {})
    if may_steer(job) or job.id not in mine:
        mine[job.id] = links.read("run", "", str)
