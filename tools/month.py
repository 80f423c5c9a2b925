"""
A month of the business at full size, played through the flows; results in build/month.json.

Problems are planted by a generator that knows none of our rules; what was found is held against
them, code by code: orders and their invoices for a month, and accounts, prices, goods, parcels,
bills and stock for ten days. Exit code 1 where one was missed, invented or would go to the wrong
person, or where the shop shows in the end what it should not.

Usage: tools/month.py [--seed N] [--size full|small] [--days N] [--part month|upkeep|both]
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.month.playing import Result, Score, play, scores_text, table_text  # noqa: E402
from tests.month.problems import DAYS, FULL, SMALL, make_month  # noqa: E402
from tests.month.upkeep import Result as UpkeepResult  # noqa: E402
from tests.month.upkeep import play_upkeep  # noqa: E402
from tests.month.upkeep_problems import FEW, MUCH, make_upkeep  # noqa: E402

SIZES = {"full": (FULL, MUCH), "small": (SMALL, FEW)}
PARTS = ("month", "upkeep", "both")


def main() -> int:
    """Play a month and write what came of it."""
    parser = argparse.ArgumentParser(description="A month of the business, played.")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--size", choices=sorted(SIZES), default="full")
    parser.add_argument("--days", type=int, default=DAYS, help="the first so many days alone")
    parser.add_argument("--part", choices=PARTS, default="both")
    chosen = parser.parse_args()
    memory = Path("/dev/shm")
    place = str(memory) if memory.is_dir() else None
    document: dict[str, object] = {"seed": chosen.seed}
    sound = True
    if chosen.part != "upkeep":
        size = SIZES[chosen.size][0]
        with tempfile.TemporaryDirectory(dir=place) as folder:
            result = play(make_month(chosen.seed, size), Path(folder), days=chosen.days)
        document |= {
            "customers": size.customers,
            "skus": size.skus,
            "days": chosen.days,
            **_tree(result),
        }
        sys.stdout.write(f"{table_text(result)}\n{result.closing.verdict}\n")
        sys.stdout.write(f"{result.orders} orders, {result.posted} posted\n")
        sound = result.sound
    if chosen.part != "month":
        scale = SIZES[chosen.size][1]
        with tempfile.TemporaryDirectory(dir=place) as folder:
            kept = play_upkeep(make_upkeep(chosen.seed, scale), Path(folder), days=scale.days)
        size_of = {
            "customers": scale.customers, "products": scale.products, "sales": scale.sales,
            "days": scale.days,
        }  # fmt: skip
        document["upkeep"] = {**size_of, **_kept(kept)}
        sys.stdout.write(f"{scores_text(kept.reasons)}\n")
        sys.stdout.write(f"{kept.runs} runs of flows, {len(kept.wrong)} faults in the end\n")
        sound = sound and kept.sound
    target = ROOT / "build" / "month.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"{target}\n")
    return 0 if sound else 1


def _kept(result: UpkeepResult) -> dict[str, object]:
    return {
        "runs": result.runs,
        "stopped": result.stopped,
        "owners_wrong": result.owners_wrong,
        "written_again": dict(result.written_again),
        "wrong": list(result.wrong[:20]),
        "reasons": {name: _score(one) for name, one in result.reasons.items()},
    }


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
