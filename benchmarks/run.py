"""
Measure ratios: subject against floor, alternating in one process, medians, growth at ten times.

`python benchmarks/run.py` prints a table and writes build/bench.json; names of parts (see `PARTS`)
measure those alone. Machines are shared and noisy: ratios and growth are what counts.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.measuring import Row  # noqa: E402

PARTS = (
    "stock", "orders", "plans", "coverage", "prices", "price_lists", "price_check", "tax",
    "sending", "posting", "backlog", "books", "flows", "imports", "shop", "peer",
)  # fmt: skip


def main(wanted: list[str]) -> int:
    """Measure, print a table, write build/bench.json."""
    results: dict[str, Row] = {}
    for part in wanted or PARTS:
        results |= import_module(f"benchmarks.{part}").rows()
    machine = {"python": platform.python_version(), "cores": os.cpu_count()}
    Path("build").mkdir(exist_ok=True)
    trees = {name: row.tree() for name, row in results.items()}
    Path("build/bench.json").write_text(json.dumps({**trees, "machine": machine}, indent=1))
    for name, row in results.items():
        sys.stdout.write(
            f"{name:<54}{row.ratio:>10.2f} {row.unit:<7}spread {row.spread:>5.2f}"
            f"  growth {row.growth:>5.2f}  floor: {row.floor}\n"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
