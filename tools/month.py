"""
A month of the business at full size, played through the flows; results in build/month.json.

Problems are planted by a generator that knows none of our rules; what was found is held against
them, code by code. Exit code 1 where one was missed, invented or would go to the wrong person.

Usage: tools/month.py [--seed N] [--size full|small] [--days N]
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.month.playing import Result, Score, play, table_text  # noqa: E402
from tests.month.problems import DAYS, FULL, SMALL, make_month  # noqa: E402

SIZES = {"full": FULL, "small": SMALL}


def main() -> int:
    """Play a month and write what came of it."""
    parser = argparse.ArgumentParser(description="A month of the business, played.")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--size", choices=sorted(SIZES), default="full")
    parser.add_argument("--days", type=int, default=DAYS, help="the first so many days alone")
    chosen = parser.parse_args()
    size = SIZES[chosen.size]
    memory = Path("/dev/shm")
    place = str(memory) if memory.is_dir() else None
    with tempfile.TemporaryDirectory(dir=place) as folder:
        result = play(make_month(chosen.seed, size), Path(folder), days=chosen.days)
    document = {
        "seed": chosen.seed,
        "customers": size.customers,
        "skus": size.skus,
        "days": chosen.days,
        **_tree(result),
    }
    target = ROOT / "build" / "month.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"{table_text(result)}\n{result.closing.verdict}\n")
    sys.stdout.write(f"{result.orders} orders, {result.posted} posted: {target}\n")
    return 0 if result.sound else 1


def _tree(result: Result) -> dict[str, object]:
    return {
        "orders": result.orders,
        "posted": result.posted,
        "doubled": result.doubled,
        "lost": result.lost,
        "owners_wrong": result.owners_wrong,
        "ties": result.closing.ties,
        "proven": result.proven,
        "reasons": {name: _score(one) for name, one in result.reasons.items()},
        "classes": {name: _score(one) for name, one in result.classes.items()},
        "seconds": dict(result.seconds),
    }


def _score(one: Score) -> dict[str, object]:
    return {
        "planted": one.planted,
        "found": one.found,
        "invented": one.invented,
        "recall": f"{one.recall:.4f}",
        "precision": f"{one.precision:.4f}",
    }


if __name__ == "__main__":
    raise SystemExit(main())
