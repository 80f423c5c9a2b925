"""
The proof of exactly once: explored states, planted bugs, killed processes; `build/prove.json`.

It takes its time and some gigabytes: every state within the bounds is looked at.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path

from attrs import evolve

from oro_prima.mapping import Task
from oro_prima.records import Flow
from oro_prima.testing.explore import Law, Report, Scenario, explore, one_order, two_orders
from oro_prima.testing.explore.bugs import CONTROLLED, LONG_PAUSE, SEEDED, TRUSTING
from oro_prima.testing.explore.shop import Shop
from oro_prima.testing.hardship import Trouble, endure, kill_anywhere
from oro_prima.testing.killing import (
    ALL_STEPS,
    APPLY_STEPS,
    FULFILMENT_STEPS,
    ORDER_STEPS,
    RUN_STEPS,
    Killed,
    kill_at,
)
from oro_prima.testing.simulate import ALL_PAIRS, BrokenPromiseError, Played, simulate

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.system.killed_verbs import BUSY, kill_apply, kill_run

SEEDS = len(ALL_PAIRS)
"""Days that are made up and played: each has another pair as its theme."""

ANYWHERE = range(1, 11)
"""Seeds of kills that fall anywhere."""

NOT_BUSY = ("after-write-back", "before-assign", "after-assign", "before-write", "after-write")
NOT_APPLIED = ("after-write-back", "before-watermark", "after-watermark")
"""Steps that a busy day does not reach in each flow, and those that the run of a plan has not."""

SECOND = (
    (Flow.PRICES, "before-end"),
    (Flow.PRICES, "after-end"),
    (Flow.PRODUCTS, "before-disable"),
    (Flow.PRODUCTS, "after-disable"),
)
"""Steps of every record: the second one is left when the first is gone."""

PROCESSES = 2
"""Explorations at once; each needs a processor, the longest some gigabytes."""

LOST = (Law.LOST, Law.HOME)
DOUBLED = (Law.TWICE, Law.FAMILY)


def bounds() -> list[tuple[Scenario, int]]:
    """Return what is explored, and with how many faults; what takes longest comes first."""

    def trusting(name: str, shop: Shop) -> Scenario:
        return Scenario(name, shop, profile=TRUSTING, run=CONTROLLED)

    return [
        (trusting("2 orders, 2 runners", two_orders()), 3),
        (trusting("1 order, 2 runners", one_order()), 3),
        (Scenario("1 order, 2 runners, no code trusted", one_order()), 2),
    ]


def main() -> int:
    """Explore, plant, kill; print a line each, and return 1 where something did not hold."""
    with ProcessPoolExecutor(PROCESSES) as pool:
        explored = [pool.submit(_explored, *bound) for bound in bounds()]
        found = [bug.name for bug in (*SEEDED, LONG_PAUSE) if _planted(bug.name, bug.find())]
        kills = _kills()
        days, broken = _played(range(1, SEEDS + 1))
        reports = _finished(explored)
    result = _result(reports, found, kills) | _of_days(days, broken)
    Path("build").mkdir(exist_ok=True)
    Path("build/prove.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    broken_by = ("lost", "doubled", "left", "overruns", "findings")
    held = not any(result[name] for name in broken_by)
    complete = all(report.complete for report in reports)
    held = held and not broken
    return 0 if held and complete and len(found) == len(SEEDED) + 1 else 1


def _finished(explored: Sequence[Future[Report]]) -> list[Report]:
    return [future.result() for future in explored]


def _kills() -> list[Killed]:
    """Kill processes at every step and anywhere, and let others meet every trouble."""
    kills = [
        _killed(kill_at(step, flow=flow)) for flow, steps in ALL_STEPS.items() for step in steps
    ]
    kills += [_killed(kill_at(step, nth=4)) for step in ORDER_STEPS]
    kills += [_killed(kill_at(step, nth=3)) for step in FULFILMENT_STEPS]
    kills += [_killed(kill_at(step, flow=flow, nth=2)) for flow, step in SECOND]
    kills += [_killed(kill_anywhere(seed)) for seed in ANYWHERE]
    kills += list(_verbs())
    for trouble in Trouble:
        endured = endure(trouble)
        ended = endured.said.partition(":")[0] or "ends well"
        _say(f"{trouble.value}: {ended}")
        kills.append(_killed(endured.came))
    return kills


def _verbs() -> Iterator[Killed]:
    """Kill `oro-prima run` and `apply` around and within the runs of their flows."""
    for flow in BUSY:
        steps = (*RUN_STEPS, *(step for step in ALL_STEPS[flow] if step not in NOT_BUSY))
        for step in steps:
            found = kill_run(step, Task(flow.value), draining=step.startswith("after"))
            yield _killed(evolve(found.came, left=found.came.left + len(found.stuck)))
    for planned, steps in ALL_STEPS.items():
        for step in (*APPLY_STEPS, *(step for step in steps if step not in NOT_APPLIED)):
            tried = kill_apply(step, planned)
            twice = tried.wrote if not tried.again else 0
            came = tried.ended.came
            left = came.left + len(tried.ended.stuck)
            yield _killed(evolve(came, left=left, doubled=came.doubled + twice))


def _explored(scenario: Scenario, faults: int) -> Report:
    began = time.monotonic()
    report = explore(scenario, faults=faults)
    took = time.monotonic() - began
    state = "complete" if report.complete else "NOT COMPLETE"
    _say(
        f"{scenario.name}, {faults} faults: {report.states:,} states, {report.moves:,} moves, "
        f"{report.endings:,} endings, {state}, {len(report.findings)} broken, {took:.0f} s"
    )
    for finding in report.findings:
        _say(str(finding))
    return report


def _planted(name: str, finding: object) -> bool:
    _say(f"planted: {name}: {'found' if finding else 'NOT FOUND'}")
    return finding is not None


def _killed(killed: Killed) -> Killed:
    _say(
        f"killed or in trouble, {killed.flow.value}, {killed.step} ({killed.nth}): "
        f"{killed.posted} posted, {killed.lost} lost, {killed.doubled} doubled, "
        f"{killed.left} left, {killed.in_doubt} in doubt"
    )
    return killed


def _played(seeds: range) -> tuple[list[Played], list[str]]:
    """Play the day of each seed; return those that kept every promise, and the others' stories."""
    days: list[Played] = []
    broken: list[str] = []
    for seed in seeds:
        try:
            days.append(simulate(seed))
        except BrokenPromiseError as error:
            broken.append(str(error))
            _say(str(error))
    met = frozenset[tuple[str, str]]().union(*(day.pairs for day in days))
    _say(f"{len(seeds)} days, {len(met)} of {len(ALL_PAIRS)} pairs, {len(broken)} broken")
    return days, broken


def _of_days(days: list[Played], broken: list[str]) -> dict[str, object]:
    met = frozenset[tuple[str, str]]().union(*(day.pairs for day in days))
    stories = [story.splitlines()[0] for story in broken]
    return {
        "seeds": len(days) + len(broken),
        "pairs": {"reached": len(met), "of": len(ALL_PAIRS)},
        "canaries": sum("I9" in story for story in stories),
        "simulated": {
            "not_reached": sorted(" × ".join(pair) for pair in ALL_PAIRS - met),
            "kills": sum(day.kills for day in days),
            "posted": sum(day.posted for day in days),
            "undecided": sum(len(day.undecided) for day in days),
            "broken": stories,
        },
    }


def _result(reports: list[Report], found: list[str], kills: list[Killed]) -> dict[str, object]:
    broken = [finding.law for report in reports for finding in report.findings]
    pairs = {pair for report in reports for pair in report.pairs}
    return {
        "explored": [
            {
                "scenario": report.scenario,
                "faults": report.faults,
                "states": report.states,
                "moves": report.moves,
                "endings": report.endings,
                "complete": report.complete,
            }
            for report in reports
        ],
        "states": sum(report.states for report in reports),
        "explored_pairs": len(pairs),
        "kills": len(kills) - len(Trouble),
        "troubles": [trouble.value for trouble in Trouble],
        "lost": sum(law in LOST for law in broken) + sum(kill.lost for kill in kills),
        "doubled": sum(law in DOUBLED for law in broken) + sum(kill.doubled for kill in kills),
        "left": sum(kill.left for kill in kills),
        "killed_at": sorted({f"{kill.flow.value} {kill.step}" for kill in kills}),
        "overruns": sum(law is Law.WATERMARK for law in broken),
        "findings": [law.name for law in broken],
        "seeded": {"found": len(found), "of": len(SEEDED) + 1, "names": found},
    }


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
