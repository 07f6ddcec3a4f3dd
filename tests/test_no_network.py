"""The lab asks nobody outside this machine for anything, and starts as quickly where no nameserver answers.

A hook in the server and in all its children, by way of a `sitecustomize` on their path, notes each connection, datagram
and look-up of a name that is not this machine's, and lets it fail after the time that a silent nameserver takes.
"""

import subprocess
import sys
import time
from pathlib import Path

from cnnlab.ui.pages import PAGES
from tests.session import Session, lab_of, wait_until

SILENCE_SECONDS = 20

HOOK = f"""
import ipaddress, os, sys, time

OURS = {{"localhost", "", "0.0.0.0", "::", None}}

def is_ours(host):
    host = host.decode() if isinstance(host, bytes) else host
    if host in OURS:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

def watch(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else "localhost"  # a path, or a socket that is connected
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        host = arguments[0]
    else:
        return
    if not is_ours(host):
        with open(os.environ["ASKED"], "a") as asked:
            print(event, host, file=asked)
        time.sleep({SILENCE_SECONDS})
        raise OSError("no answer")

sys.addaudithook(watch)
"""

LAB = """
import json, sys, threading
from cnnlab.ui import jobs

def tell():
    for _ in sys.stdin:
        print(json.dumps([{"steps": job.history.steps} for job in jobs.manager().jobs()]), flush=True)

threading.Thread(target=tell, daemon=True).start()
sys.argv = ["streamlit", "run", "app.py", "--server.port={port}"]
from streamlit.web.cli import main
main()
"""


def test_no_connection_leaves_the_machine_from_the_start_through_all_pages(tmp_path: Path) -> None:
    asked = _watched(tmp_path)
    start = time.monotonic()
    with lab_of(LAB, PYTHONPATH=str(tmp_path), ASKED=str(asked)) as lab:
        for page in ["", *(page.key for page in PAGES)]:
            with Session(lab.url) as session:
                session.open(page)
                assert session.elements("markdown") or session.elements("bidi_component") or session.elements("heading")
            if not page:
                assert time.monotonic() - start < SILENCE_SECONDS
        with Session(lab.url) as session:
            session.open("training")
            session.press("Start training")
            wait_until(lambda: lab.ask()[0]["steps"], pause=0.2)
    assert not asked.exists(), asked.read_text()


def test_the_hook_finds_who_asks(tmp_path: Path) -> None:
    asked = _watched(tmp_path)
    hook = (tmp_path / "sitecustomize.py").read_text().replace(f"sleep({SILENCE_SECONDS})", "sleep(0)")
    (tmp_path / "sitecustomize.py").write_text(hook)
    code = """
import contextlib, socket, urllib.request
with contextlib.suppress(OSError):
    urllib.request.urlopen("http://somewhere.example")
with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
    datagrams.connect(("192.0.2.1", 1))
with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
    pass
"""
    environment = {"PYTHONPATH": str(tmp_path), "ASKED": str(asked), "NO_PROXY": "*"}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True, timeout=60)
    assert asked.read_text().splitlines() == ["socket.getaddrinfo somewhere.example", "socket.connect 192.0.2.1"]


def _watched(folder: Path) -> Path:
    (folder / "sitecustomize.py").write_text(HOOK, "utf-8")
    return folder / "asked.txt"
