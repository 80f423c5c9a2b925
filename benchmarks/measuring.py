"""How a subject is held against its floor: alternating in one process, medians, growth."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable

from attrs import frozen

ROUNDS = 11
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
    floor(), subject()
    pairs = [(seconds(floor, clock), seconds(subject, clock)) for _ in range(ROUNDS)]
    ratios = sorted(b / a for a, b in pairs)
    ratio = statistics.median(b for _a, b in pairs) / statistics.median(a for a, _b in pairs)
    return ratio, ratios[-2] - ratios[1]


def growth(small: Work, large: Work) -> float:
    """Return how much longer ten times the data takes, least of five."""
    times = [(seconds(small), seconds(large)) for _ in range(5)]
    return min(b for _a, b in times) / min(a for a, _b in times)
