"""What an import adds to an interpreter."""

from __future__ import annotations

import statistics
import subprocess
import sys

from benchmarks.measuring import Row

RUNS = 9
BASE = "attrs, decimal, datetime"


def milliseconds(name: str) -> float:
    """Import in a fresh interpreter, once."""
    code = f"import time; t = time.process_time(); import {name}; print(time.process_time() - t)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(done.stdout) * 1000


def rows() -> dict[str, Row]:
    """Measure, floor and subjects by turns."""
    names = (BASE, "oro_prima", "oro_prima.mapping")
    runs = [[milliseconds(name) for name in names] for _ in range(RUNS)]
    base, whole, rules = (statistics.median(run[n] for run in runs) for n in range(3))
    ratios = sorted(run[2] / run[0] for run in runs)
    spread = ratios[-2] - ratios[1]
    return {
        "import oro_prima": Row(whole, "0", unit="ms"),
        "import oro_prima.mapping": Row(rules / base, f"import {BASE}", spread),
    }
