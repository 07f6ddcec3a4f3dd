"""How long the front door takes to open, against `import numpy`, which almost everything behind it needs.

    python -m benchmarks.imports

Every time is that of a fresh process, with all lines in turns, so that a busy minute hits all of them. An empty program
is taken off before ratios are formed: the interpreter's own start would make every ratio look better. Wanted is that
`import cnnlab` takes at most twice as long as `import numpy`; the other lines show what a name costs when it is asked
for.
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path

ROUNDS = 15
WANTED = 2.0
EMPTY, COMPARED, FRONT_DOOR = "pass", "import numpy", "import cnnlab"
PROGRAMS = (
    EMPTY,
    COMPARED,
    FRONT_DOOR,
    "from cnnlab import conv2d",
    "from cnnlab import lenet5",
    "from cnnlab import load_dataset",
    "from cnnlab import train",
    "from cnnlab import *",
)


def main() -> None:
    """Measure each program, and print a line for it."""
    times = measure(ROUNDS)
    empty = times[EMPTY]
    print(f"{'program':34} {'median':>9} {'ratio':>6} {'wanted':>7}")
    for program, median in times.items():
        ratio = (median - empty) / (times[COMPARED] - empty)
        wanted = f"{WANTED:.1f}" if program == FRONT_DOOR else ""
        print(f"{program:34} {median:6.0f} ms {ratio:6.2f} {wanted:>7}".rstrip())


def measure(rounds: int) -> dict[str, float]:
    """Run every program so many times, and return the median of each in milliseconds."""
    times: dict[str, list[float]] = {program: [] for program in PROGRAMS}
    root = Path(__file__).parents[1]
    for round_number in range(rounds + 1):
        for program in PROGRAMS:
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", program], cwd=root, check=True)
            # The first round fills the caches of the disk and of compiled modules.
            if round_number:
                times[program].append(1000 * (time.perf_counter() - start))
    return {program: statistics.median(taken) for program, taken in times.items()}


if __name__ == "__main__":
    main()
