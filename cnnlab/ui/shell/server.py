"""What keeps one server quick for a whole class, and its pages whole.

The frame calls `tune()`; it acts once per process.
"""

import gc
import importlib
import pkgutil
import threading
from queue import SimpleQueue

import streamlit as st

import cnnlab.ui
from cnnlab.ui.shell import streamlit_inside

# What pages import only when they come to it: Streamlit with the first component, Pillow with the first picture, the
# lab with the first run and the first chart.
_NEEDED = (
    "pandas",
    "pyarrow",
    "PIL.BmpImagePlugin",
    "PIL.GifImagePlugin",
    "PIL.JpegImagePlugin",
    "PIL.PngImagePlugin",
    "PIL.PpmImagePlugin",
    "PIL.WebPImagePlugin",
    "plotly.graph_objects",
    "cnnlab.training.jobs",
)

_is_prepared = False
_sent: SimpleQueue[None] = SimpleQueue()
"""Gets something once the first page was sent."""


@st.cache_resource(show_spinner=False)
def tune() -> None:
    """Import, keep the collector away from what stays, send at once, ask nobody, hear nothing of a page that was left.

    Call it before anything is frozen: the collector no longer knows of sockets that are.
    """
    import_libraries()
    if prepare_after_a_run not in gc.callbacks:
        threading.Thread(target=_prepare_when_told, name="cnnlab-waits", daemon=True).start()
        gc.callbacks.append(prepare_after_a_run)
    streamlit_inside.adapt()


def prepare_after_a_run(phase: str, info: dict[str, int]) -> None:
    """Once the first page was sent, which Streamlit follows with a full collection, have the others prepared for.

    The collector calls this anywhere, with any lock held, and once more as the interpreter ends, when a thread that is
    started never begins: all that is done here is to put something into a queue that may be entered at any time.
    """
    global _is_prepared
    if phase == "stop" and info["generation"] == 2 and not _is_prepared:
        _is_prepared = True
        _sent.put(None)


def _prepare_when_told() -> None:
    _sent.get()
    # No daemon, as the thread that waits is: one that imports while the interpreter ends can take it down.
    threading.Thread(target=import_and_freeze, name="cnnlab-imports").start()


def import_libraries() -> None:
    """Import what the pages draw with, before any page is drawn.

    Not in a thread beside one: plotly asks whether pandas is there, and takes one that is half imported for whole.
    """
    for name in _NEEDED:
        importlib.import_module(name)


def import_and_freeze() -> None:
    """Import all pages, and take whatever is there out of the collector's sight.

    Streamlit collects in full after every run of a page, while holding the interpreter's lock; without this every edit
    of every session walks all modules. It is done once, before a class has come: what is frozen stays even when nobody
    can reach it any more, and later that would be what the open sessions hold.
    """
    try:
        for module in pkgutil.walk_packages(cnnlab.ui.__path__, "cnnlab.ui."):
            importlib.import_module(module.name)
    finally:
        gc.collect()
        gc.freeze()
