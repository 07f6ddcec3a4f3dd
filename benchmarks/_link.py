"""A slow link in front of a server on this machine: 10 Mbit/s and 10 ms each way, about what a classroom's Wi-Fi gives.

    python -m benchmarks._link 8501        # prints the port to use instead, and serves until its input ends

All connections share the link, as those of one browser do. What is sent arrives whole and in order, each piece once the
link has carried it and the way is over; neither losses nor TCP's slow start are played.
"""

import argparse
import asyncio
import subprocess
import sys
from asyncio import StreamReader, StreamWriter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

MEGABITS = 10.0
DELAY_MILLISECONDS = 10.0

_HOST = "127.0.0.1"
_PIECE = 1460  # bytes: a packet of Ethernet, so that nobody waits for more than that of somebody else's


class _Direction:
    """One way of the link: when it has carried what it was given so far."""

    def __init__(self, megabits: float, delay_milliseconds: float) -> None:
        self._seconds_a_byte = 8 / (megabits * 1e6)
        self._delay = delay_milliseconds / 1000
        self._free = 0.0

    def arrival(self, size: int) -> float:
        """Give the link so many bytes, and say when they arrive, on the clock of the running loop."""
        self._free = max(self._free, asyncio.get_running_loop().time()) + size * self._seconds_a_byte
        return self._free + self._delay

    async def carry(self, source: StreamReader, target: StreamWriter) -> None:
        """Hand on everything that comes from the source, until it ends."""
        under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        delivery = asyncio.create_task(self._deliver(under_way, target))
        try:
            while piece := await source.read(_PIECE):
                under_way.put_nowait((self.arrival(len(piece)), piece))
        except ConnectionError:
            pass  # whoever sent has gone; what is under way arrives all the same
        under_way.put_nowait((self.arrival(0), b""))
        await delivery

    @staticmethod
    async def _deliver(under_way: asyncio.Queue[tuple[float, bytes]], target: StreamWriter) -> None:
        clock = asyncio.get_running_loop().time
        try:
            while True:
                due, piece = await under_way.get()
                await asyncio.sleep(due - clock())
                if not piece:
                    break
                target.write(piece)
                await target.drain()
        except ConnectionError:
            pass  # whoever should get it has gone
        target.close()


async def serve(server_port: int, megabits: float, delay_milliseconds: float) -> None:
    """Print a port that leads to the server over a slow link, and keep it open until the input ends."""
    to_server, from_server = _Direction(megabits, delay_milliseconds), _Direction(megabits, delay_milliseconds)

    async def join(near: StreamReader, to_near: StreamWriter) -> None:
        far, to_far = await asyncio.open_connection(_HOST, server_port)
        await asyncio.gather(to_server.carry(near, to_far), from_server.carry(far, to_near))

    async with await asyncio.start_server(join, _HOST, 0) as listening:
        print(listening.sockets[0].getsockname()[1], flush=True)
        await asyncio.to_thread(sys.stdin.read)


@contextmanager
def slow_link(port: int, megabits: float = MEGABITS, delay_milliseconds: float = DELAY_MILLISECONDS) -> Iterator[int]:
    """Lay a slow link to a port of this machine, in a process of its own; it ends with the block.

    Yields:
        the port through which the other one is reached over the link.
    """
    command = [sys.executable, "-m", "benchmarks._link", str(port)]
    command += [f"--megabits={megabits}", f"--delay={delay_milliseconds}"]
    with subprocess.Popen(
        command, cwd=Path(__file__).parents[1], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        told = process.stdout.readline()
        if not told:
            raise RuntimeError("the slow link did not start")
        try:
            yield int(told)
        finally:
            process.terminate()


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve one link."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks._link", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("port", type=int, help="where the server listens")
    parser.add_argument("--megabits", type=float, default=MEGABITS, help=f"a second, each way ({MEGABITS:g})")
    parser.add_argument(
        "--delay", type=float, default=DELAY_MILLISECONDS, help=f"each way, ms ({DELAY_MILLISECONDS:g})"
    )
    options = parser.parse_args(arguments)
    asyncio.run(serve(options.port, options.megabits, options.delay))


if __name__ == "__main__":
    main()
