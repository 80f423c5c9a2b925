"""How a subject is held against its floor: alternating in one process, medians, growth."""

from __future__ import annotations

import gc
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from attrs import frozen

ROUNDS = 11
ROOT = Path(__file__).parents[1]
STATUS = Path("/proc/self/status")
Work = Callable[[], object]


@frozen
class Row:
    """
    One line of the table.

    `ratio` is subject over floor for unit `x`, else a figure in `unit`; `spread` the range of the
    single ratios without the two outermost; `growth` the time for ten times the data over the time
    for the data, or what is said beside it.
    """

    ratio: float
    floor: str
    spread: float = 0.0
    unit: str = "x"
    growth: float = 0.0

    def tree(self) -> dict[str, object]:
        """Return the row as plain JSON."""
        figures = {
            name: round(getattr(self, name), 3) for name in ("ratio", "spread", "growth")
        }  # fmt: skip
        return {**figures, "floor": self.floor, "unit": self.unit}


Clock = Callable[[], float]


def seconds(work: Work, clock: Clock = time.process_time) -> float:
    """Run once, garbage collected before; the processor's time, for others use the machine too."""
    gc.collect()
    start = clock()
    work()
    return clock() - start


def compare(floor: Work, subject: Work, clock: Clock = time.process_time) -> tuple[float, float]:
    """Return the ratio of medians, and the spread of single ratios."""
    least, took, spread = medians(floor, subject, clock)
    return took / least, spread


def medians(
    floor: Work, subject: Work, clock: Clock = time.process_time
) -> tuple[float, float, float]:
    """Return the seconds of floor and of subject, by turns, and the spread of single ratios."""
    floor(), subject()
    pairs = [(seconds(floor, clock), seconds(subject, clock)) for _ in range(ROUNDS)]
    ratios = sorted(b / a for a, b in pairs)
    least, took = (statistics.median(column) for column in zip(*pairs, strict=True))
    return least, took, ratios[-2] - ratios[1]


def growth(small: Work, large: Work) -> float:
    """Return how much longer ten times the data takes, least of five."""
    times = [(seconds(small), seconds(large)) for _ in range(5)]
    return min(b for _a, b in times) / min(a for a, _b in times)


def added(module: str, work: str, *, first: int, count: int) -> float:
    """
    Return the megabytes that `work(count)` of a module adds to the most a fresh process ever held.

    It did `work(first)` before, so that what is loaded once is not counted.
    """
    code = (
        "import sys; sys.path.insert(0, '.')\n"
        "from benchmarks.measuring import peak\n"
        f"from {module} import {work} as work\n"
        f"work({first})\n"
        "base = peak()\n"
        f"work({count})\n"
        "print(peak() - base)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return float(done.stdout)


def peak() -> float:
    """
    Return the most megabytes that this process ever held.

    Where there is one, the kernel's own count of this program is read: what `resource` says begins
    with the most that the parent held.
    """
    if STATUS.exists():
        line = next(line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
