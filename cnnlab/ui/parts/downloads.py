"""One download of CIFAR-10 for the whole server, told to every session that looks."""

import threading

import streamlit as st

from cnnlab.data import cifar10
from cnnlab.data.cifar10 import DownloadProgress
from cnnlab.errors import DataError
from cnnlab.shown_text import markdown, plain
from cnnlab.texts import Message, message, say


class Download:
    """A download that goes on in a thread of its own."""

    def __init__(self) -> None:
        self.progress: DownloadProgress | None = None
        self.error: Message | None = None
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    @property
    def is_going_on(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    @property
    def sentence(self) -> Message:
        """Where it stands, in words."""
        progress = self.progress
        if progress is None:
            return message("Asking for CIFAR-10.")
        done, total = progress.done / 1e6, progress.total / 1e6
        match progress.stage:
            case "waiting":
                return message("Another process of this machine is downloading CIFAR-10: waiting for it.")
            case "downloading":
                return message("Downloading CIFAR-10: {done:.0f} of {total:.0f} MB.", done=done, total=total)
            case "checking":
                return message("Checking what has arrived: {done:.0f} of {total:.0f} MB.", done=done, total=total)
            case "extracting":
                return message("Unpacking: {done:.0f} of {total:.0f} MB.", done=done, total=total)
            case "ready":
                return message("CIFAR-10 is here.")

    def start(self) -> None:
        """Begin, unless it is going on already."""
        with self._lock:
            if self.is_going_on:
                return
            self.progress = self.error = None
            self._thread = threading.Thread(target=self._run, name="cnnlab-download", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        try:
            for self.progress in cifar10.download():
                pass
        except DataError as error:
            self.error = error.message


# A value of this module, since anybody may have Streamlit's cache of resources emptied.
_CIFAR10 = Download()


def cifar10_download() -> Download:
    """The server's one download."""
    return _CIFAR10


def offer_cifar10() -> None:
    """Say that CIFAR-10 is not here yet, and offer to fetch it."""
    download = cifar10_download()
    if download.is_going_on:
        _follow(download)
        return
    try:
        cifar10.check_root()
    except DataError as error:
        st.error(plain(say(error.message)), icon=":material/folder_off:")
        return
    if download.error:
        st.error(plain(say(download.error)), icon=":material/cloud_off:")
    st.info(
        markdown(
            "CIFAR-10 is not on this machine yet: it is a download of 170 MB, made once for everybody who uses this "
            "lab. `cifar10-mini` is here and needs no download."
        ),
        icon=":material/download:",
    )
    st.button(say("Download CIFAR-10"), icon=":material/download:", on_click=download.start)


@st.fragment(run_every=1.0)
def _follow(download: Download) -> None:
    if not download.is_going_on:
        st.rerun()
    st.progress(download.progress.fraction if download.progress else 0.0, text=plain(say(download.sentence)))
