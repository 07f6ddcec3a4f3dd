"""A CIFAR-10 of 20 pictures a batch, in the very format of the real one, and a server on loopback that hands it out."""

import hashlib
import io
import struct
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import sleep

import numpy as np
from numpy.typing import NDArray

from cnnlab.data import batches
from cnnlab.data.cifar10 import Archive
from cnnlab.data.mini import CLASSES

COUNT = 20
FILE_NAME = "cifar-10-python.tar.gz"


def pictures(batch: str) -> NDArray[np.uint8]:
    return np.random.default_rng(len(batch) * 1000 + ord(batch[-1])).integers(0, 256, (COUNT, 3072), np.uint8)


def labels(batch: str) -> list[int]:
    return [(index * 3 + ord(batch[-1])) % 10 for index in range(COUNT)]


def python_2_text(text: str | bytes) -> bytes:
    content = text.encode() if isinstance(text, str) else text
    return (
        b"U" + bytes([len(content)]) + content
        if len(content) < 256
        else b"T" + struct.pack("<i", len(content)) + content
    )


def python_2_batch(data: NDArray[np.uint8], labels: list[int], order: str = "C") -> bytes:
    """The pickle of one batch, opcode by opcode as Python 2 and an old NumPy wrote the real ones."""
    rows, columns = data.shape
    return b"".join(
        [
            b"\x80\x02}(",
            python_2_text("batch_label") + python_2_text("training batch 1 of 5"),
            python_2_text("labels") + b"](" + b"".join(b"K" + bytes([label]) for label in labels) + b"e",
            python_2_text("data") + b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01b\x87R",
            b"(K\x01" + b"M" + struct.pack("<H", rows) + b"M" + struct.pack("<H", columns) + b"\x86",
            b"cnumpy\ndtype\nU\x02u1K\x00K\x01\x87R(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb",
            (b"\x88" if order == "F" else b"\x89") + python_2_text(data.tobytes(order)) + b"tb",  # type: ignore[arg-type]
            python_2_text("filenames") + b"](" + python_2_text("a_photo.png") * len(labels) + b"e",
            b"u.",
        ]
    )


def python_2_meta() -> bytes:
    names = b"".join(python_2_text(name) for name in CLASSES)
    return (
        b"\x80\x02}("
        + python_2_text("num_cases_per_batch")
        + b"K\x14"
        + python_2_text("label_names")
        + b"]("
        + names
        + b"eu."
    )


def files() -> dict[str, bytes]:
    contents = {
        name: python_2_batch(pictures(name), labels(name)) for name in (*batches.TRAIN_BATCHES, batches.TEST_BATCH)
    }
    return {**contents, batches.META: python_2_meta()}


def tar_member(
    name: str, content: bytes = b"", kind: bytes = tarfile.REGTYPE, link: str = ""
) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.size = kind, link, len(content)
    return info, content


def tar_gz(members: list[tuple[tarfile.TarInfo, bytes]]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for info, content in members:
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def small_tar_gz(contents: Mapping[str, bytes] | None = None) -> bytes:
    """The folder, its files and the readme, as in the real archive."""
    folder = batches.FOLDER
    members = [tar_member(folder, kind=tarfile.DIRTYPE), tar_member(f"{folder}/readme.html", b"<html>")]
    return tar_gz(
        members + [tar_member(f"{folder}/{name}", content) for name, content in (contents or files()).items()]
    )


def describe(content: bytes, url: str = "http://127.0.0.1:9/none") -> Archive:
    return Archive(
        url=url,
        file_name=FILE_NAME,
        md5=hashlib.md5(content).hexdigest(),
        size=len(content),
        extracted_size=sum(map(len, files().values())),
        files={name: hashlib.md5(data).hexdigest() for name, data in files().items()},
    )


@dataclass
class Server:
    """What the server hands out and how; tests change the attributes while it runs."""

    content: bytes
    url: str = ""
    status: int = 200
    break_after: int | None = None  # bytes of each answer after which the connection is closed
    ranges: bool = True  # whether a later part can be asked for
    pause: float = 0.0  # seconds before each 16 kB
    asked: list[str] = field(default_factory=list)  # the Range header of each request, "" for none

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        wanted = handler.headers.get("Range", "")
        self.asked.append(wanted)
        if self.status != 200:
            handler.send_error(self.status)
            return
        start = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted and self.ranges else 0
        handler.send_response(206 if start else 200)
        if start:
            handler.send_header("Content-Range", f"bytes {start}-{len(self.content) - 1}/{len(self.content)}")
        handler.send_header("Content-Length", str(len(self.content) - start))
        handler.end_headers()
        body = self.content[start:][: self.break_after]
        for block in range(0, len(body), 16384):
            sleep(self.pause)
            handler.wfile.write(body[block : block + 16384])


@contextmanager
def serve(content: bytes) -> Iterator[Server]:
    server = Server(content)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            try:
                server.answer(self)
            except OSError:
                self.close_connection = True  # the client went away

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        http.daemon_threads = True
        server.url = f"http://127.0.0.1:{http.server_port}/{FILE_NAME}"
        thread = Thread(target=http.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            http.shutdown()
            thread.join()
