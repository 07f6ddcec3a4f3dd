"""The controls of a run, and what they say together."""

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from cnnlab.data import DATASETS, DataFacts, cifar10, data_facts
from cnnlab.data.paths import without_folders
from cnnlab.errors import DataError
from cnnlab.optimizers import FORMER_WORDS, OPTIMIZER_TYPES
from cnnlab.shown_text import code, markdown, plain, visible
from cnnlab.texts import Message, all_of, message, say
from cnnlab.training.config import DEFAULT_EPOCHS, MAX_SEED, TrainingConfig
from cnnlab.training.feasibility import usual_rate
from cnnlab.training.jobs import RunSettings
from cnnlab.ui.pages.training import network
from cnnlab.ui.parts import downloads
from cnnlab.ui.shell import jobs
from cnnlab.ui.state import controls, links, undo

MAX_EPOCHS = 200
MAX_SECONDS = 3600
DEFAULT_SECONDS = 60
MAX_FILES = 50

DEVICE_NAMES = {
    "cpu": message("CPU"),
    "cuda": message("CUDA (graphics card)"),
    "mps": message("MPS (Apple graphics)"),
}
_MISSING_DEVICE = "training/missing_device"
_START = "training/start"
_LAST_USUAL_RATE = "training/last usual rate"


def ask() -> RunSettings | None:
    """Draw the controls; return what they say when Start is pressed, and None otherwise."""
    left, middle, right = st.columns(3, gap="medium")
    with left:
        data = _ask_data()
    facts = _facts_of(data)
    with middle:
        wanted = network.ask(facts if isinstance(facts, DataFacts) else None, right)
    verdict = st.container()
    first, second, third = st.columns(3, gap="medium")
    with first:
        epochs, seconds = _ask_length()
        # On a phone the columns stand below each other: whoever takes the defaults need not scroll past all of them.
        start = st.container()
    with second:
        optimizers = {word: say(optimizer.title) for word, optimizer in OPTIMIZER_TYPES.items()}
        optimizer = controls.choice(say("Optimizer"), "optimizer", optimizers, "sgd", former=FORMER_WORDS)
        rate = _ask_learning_rate(usual_rate(wanted, optimizer))
        batch = controls.whole_number(say("Batch size"), "batch", 1, 1024, TrainingConfig.batch_size, widget="number")
    with third:
        device = _ask_device()
        flip = not controls.switch(
            say("Never mirror the pictures"),
            "noflip",
            help=say(
                "Otherwise each training picture is mirrored left to right half of the time: a horse that faces "
                "left is still a horse."
            ),
        )
        with st.container(horizontal=True):
            share = controls.whole_number(
                say("Validation, %"),
                "val",
                0,
                50,
                10,
                widget="number",
                help=say(
                    "This share of the training pictures is kept aside to see how the network does on pictures that it "
                    "was not trained on. The test pictures are not touched before the end."
                ),
            )
            seed = controls.whole_number(
                say("Seed"),
                "seed",
                0,
                MAX_SEED,
                0,
                widget="number",
                help=say("Decides the first weights, the order of the pictures and which are kept aside."),
            )
    # What the network needs depends on the batch and the device, so it is said last, in its place above them.
    with verdict:
        if isinstance(facts, DataFacts):
            can_be_trained = network.show(wanted, facts, batch, share / 100, on_gpu=_is_on_gpu(device))
        else:
            can_be_trained = False
            st.error(markdown("The data set cannot be used. {reason}", reason=facts), icon=":material/broken_image:")
        obstacle = jobs.manager().obstacle
        if obstacle is not None:
            st.error(plain(say(obstacle)), icon=":material/folder_off:")
    is_here = not _is_missing(data)
    start.button(
        say("Start training"),
        type="primary",
        icon=":material/play_arrow:",
        disabled=not (is_here and can_be_trained) or obstacle is not None,
        on_click=controls.set_control,
        args=(_START, True),
    )
    if not is_here and data == cifar10.NAME:
        downloads.offer_cifar10()
    # A part of the page that asks for a rerun just now must not swallow the click, so it is noted until it is obeyed.
    if not st.session_state.pop(_START, False) or not can_be_trained:
        return None
    config = TrainingConfig(
        epochs=epochs,
        seconds=seconds,
        batch_size=batch,
        optimizer=optimizer,  # pyright: ignore[reportArgumentType] - one of OPTIMIZER_TYPES
        learning_rate=rate,
        flip=flip,
        seed=seed,
        device=device,  # pyright: ignore[reportArgumentType] - one of DEVICE_NAMES, or auto
        validation=share / 100,
    )
    return RunSettings(data_sets()[data], wanted, config)


def data_sets() -> Mapping[str, str]:
    """What can be trained on, as the URL's word for it and what the trainer is given.

    Those with a name, and the .npz files in the server's data folder. A path is never taken from a browser: whoever can
    open the page could read the machine's files with it.
    """
    found = {name: name for name in DATASETS}
    try:
        files = sorted(path for path in cifar10.default_root().glob("*.npz") if path.is_file() and _is_text(path.name))
    except (DataError, OSError):  # what is wrong with the folder is told to those who choose CIFAR-10
        files = list[Path]()
    for path in files[:MAX_FILES]:
        found.setdefault(path.name, str(path))
    return found


def _is_text(name: str) -> bool:
    """Whether a file's name can stand in a link: one of bytes that are no UTF-8 cannot."""
    return name.encode("utf-8", "ignore").decode() == name


def name_of(data: str) -> str:
    """What a data set is called on the page: its name, or its file's without the folder."""
    return data if data in DATASETS else Path(data).name


def _ask_data() -> str:
    sets = data_sets()
    lines = "\n".join(
        markdown("- {name}: {line}", name=code(source.name), line=source.line) for source in DATASETS.values()
    )
    folder = markdown("Further data sets: .npz files in the server's data folder (`CNNLAB_DATA`).")
    return controls.choice(
        say("Data set"),
        "data",
        {word: visible(word) for word in sets},
        next(iter(DATASETS)),
        help=f"{folder}\n\n{lines}",
    )


def _facts_of(word: str) -> DataFacts | Message:
    """What the chosen data set is like, or the sentence that tells why it cannot be known."""
    try:
        return data_facts(data_sets()[word])
    except DataError as error:
        return without_folders(error.message, data_sets()[word])


def _is_on_gpu(device: str) -> bool:
    found = jobs.manager().devices or ()
    return device in ("cuda", "mps") or (device == "auto" and bool({"cuda", "mps"} & set(found)))


def _is_missing(word: str) -> bool:
    return word in DATASETS and not DATASETS[word].is_ready()


def _ask_length() -> tuple[int | None, float | None]:
    until = controls.choice(
        say("Train for"), "until", {"epochs": say("Epochs"), "seconds": say("Seconds")}, "epochs", widget="segmented"
    )
    if until == "epochs":
        asked = say("Epochs: times through the training pictures")
        return controls.whole_number(asked, "epochs", 1, MAX_EPOCHS, DEFAULT_EPOCHS, widget="number"), None
    asked = say("Seconds of training")
    return None, float(controls.whole_number(asked, "seconds", 5, MAX_SECONDS, DEFAULT_SECONDS, widget="number"))


def _ask_learning_rate(usual: float) -> float:
    # Each optimizer, and a network of few layers, has a learning rate of its own; one that was typed stays.
    last = st.session_state.get(_LAST_USUAL_RATE, usual)
    if last != usual and st.session_state.get("lr") == last:
        controls.set_control("lr", usual)
    st.session_state[_LAST_USUAL_RATE] = usual
    undo.along(_LAST_USUAL_RATE)
    return controls.real_number(
        say("Highest learning rate"),
        "lr",
        0.00001,
        10.0,
        usual,
        step=0.001,
        help=say("It rises to this value in the first part of the run and falls to almost nothing by its end."),
    )


def _ask_device() -> str:
    # What devices there are is told by the first worker, which takes a few seconds to load PyTorch. Until then this
    # one control looks again every second; a rerun of the whole page would wipe away what it said about the link.
    if links.is_new("device"):
        # Not within: what a fragment says of the link is gone when it looks again.
        controls.set_control("device", links.read_word("device", "auto", ("auto", *DEVICE_NAMES)))
    is_known = jobs.manager().devices is not None
    st.fragment(_device_choice, run_every=None if is_known else 1.0)()
    return st.session_state["device"]


def _device_choice() -> None:
    found = jobs.manager().devices
    # Until it is known what there is, a link may ask for anything. A label must not change while the page is open: a
    # selection whose label has gone is lost.
    options = {"auto": say("Automatic")}
    options |= {word: say(label) for word, label in DEVICE_NAMES.items() if word in (found or DEVICE_NAMES)}
    asked = st.session_state.get("device", "auto")
    if asked not in options:
        controls.set_control("device", "auto")
        st.session_state[_MISSING_DEVICE] = asked
    if found:
        there = all_of(DEVICE_NAMES.get(word, word) for word in found)
        told = markdown("Found on this machine: {devices}.", devices=there)
    else:
        told = markdown("Looking for the devices of this machine.")
    chosen = controls.choice(say("Device"), "device", options, "auto", help=told)
    if chosen == "auto" and (missing := st.session_state.get(_MISSING_DEVICE)):
        st.warning(
            markdown(
                "The link asks for the device {device}, which this machine does not have: one is chosen automatically.",
                device=code(missing),
            )
        )
