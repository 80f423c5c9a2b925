"""Where the real exchanges are, and how their results are counted."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

import pytest
from attrs import define, field, frozen

VARIABLE = "ORO_PRIMA_SHARED"
Verdict = Literal["matched", "refused", "outside", "misread", "not_covered"]
VERDICTS: tuple[Verdict, ...] = ("matched", "refused", "outside", "misread", "not_covered")


def shared_folder() -> Path:
    """Return the folder of real exchanges, or skip with a message that says how to name it."""
    name = os.environ.get(VARIABLE, "")
    folder = Path(name)
    if not name or not (folder / "oro" / "recordings").is_dir():
        pytest.skip(f"no recorded exchanges: set {VARIABLE} to the folder that holds them")
    return folder


@frozen
class Judged:
    """One exchange and what was found; `why` says more: what differs, or that it was sent raw."""

    name: str
    verdict: Verdict
    why: str = ""


@define
class Score:
    """How many exchanges got which verdict, and the names behind the last two."""

    judged: list[Judged] = field(factory=list[Judged])

    def count(self, verdict: Verdict) -> int:
        """Return how many exchanges got this verdict."""
        return sum(1 for one in self.judged if one.verdict == verdict)

    def as_json(self) -> Mapping[str, object]:
        """Return the counts, the names of what is misread or not covered, and what is outside."""
        counts: dict[str, object] = {"total": len(self.judged)}
        counts |= {verdict: self.count(verdict) for verdict in VERDICTS}
        counts["misread_names"] = sorted(f"{j.name}: {j.why}" for j in self.named("misread"))
        raw = [one.name for one in self.judged if one.verdict == "matched" and one.why == "raw"]
        counts["matched_raw_names"] = sorted(raw)
        counts["not_covered_names"] = sorted(j.name for j in self.named("not_covered"))
        return counts

    def named(self, verdict: Verdict) -> Iterator[Judged]:
        """Return the exchanges that got this verdict."""
        return (one for one in self.judged if one.verdict == verdict)


def write_results(part: str, value: object) -> None:
    """Merge one part into build/conformance.json."""
    path = Path("build") / "conformance.json"
    path.parent.mkdir(exist_ok=True)
    known: dict[str, object] = json.loads(path.read_text()) if path.exists() else {}
    known[part] = value
    path.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", encoding="utf-8")
