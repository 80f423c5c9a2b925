"""
The proof of exactly once: explored states, planted bugs, killed processes; `build/prove.json`.

`--deep` goes one fault further, which takes hours.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from oro_prima.testing.explore import Law, Report, Scenario, explore, one_order, two_orders
from oro_prima.testing.explore.bugs import CONTROLLED, LONG_PAUSE, SEEDED, TRUSTING
from oro_prima.testing.killing import ORDER_STEPS, STOCK_STEPS, WATERMARK_STEPS, Killed, kill_at
from oro_prima.testing.simulate import ALL_PAIRS, BrokenPromiseError, Played, simulate

SEEDS = 200
"""Days that are made up and played."""

LOST = (Law.LOST, Law.HOME)
DOUBLED = (Law.TWICE, Law.FAMILY)


def bounds(*, deep: bool) -> list[tuple[Scenario, int]]:
    """Return what is explored, and with how many faults."""
    more = 1 if deep else 0

    def scenario(name: str, orders: int, runners: int) -> Scenario:
        shop = one_order() if orders == 1 else two_orders()
        return Scenario(name, shop, profile=TRUSTING, run=CONTROLLED, runners=runners)

    return [
        (Scenario("1 order, 2 runners, no code trusted", one_order()), 2 + more),
        (scenario("1 order, 2 runners", 1, 2), 3),
        (scenario("2 orders, 2 runners", 2, 2), 2 + more),
    ]


def main(*arguments: str) -> int:
    """Explore, plant, kill; print a line each, and return 1 where something did not hold."""
    reports = [_explored(*bound) for bound in bounds(deep="--deep" in arguments)]
    found = [bug.name for bug in (*SEEDED, LONG_PAUSE) if _planted(bug.name, bug.find())]
    kills = [_killed(step, nth) for step in ORDER_STEPS for nth in (1, 4)]
    kills += [_killed(step, 1) for step in (*WATERMARK_STEPS, *STOCK_STEPS)]
    days, broken = _played(range(1, SEEDS + 1))
    result = _result(reports, found, kills) | _of_days(days, broken)
    Path("build").mkdir(exist_ok=True)
    Path("build/prove.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    held = not (result["lost"] or result["doubled"] or result["overruns"] or result["findings"])
    complete = all(report.complete for report in reports)
    held = held and not broken
    return 0 if held and complete and len(found) == len(SEEDED) + 1 else 1


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


def _killed(step: str, nth: int) -> Killed:
    killed = kill_at(step, nth=nth)
    _say(
        f"killed {step} ({nth}): {killed.posted} posted, {killed.lost} lost, "
        f"{killed.doubled} doubled, {killed.in_doubt} in doubt"
    )
    return killed


def _played(seeds: range) -> tuple[list[Played], list[str]]:
    """Play the day of each seed; return those that kept every promise, and the others' stories."""
    days: list[Played] = []
    broken: list[str] = []
    for seed in seeds:
        try:
            days.append(simulate(seed, oro_version="6.1" if seed % 3 else "5.1"))
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
        "simulated": {
            "pairs": {"reached": len(met), "of": len(ALL_PAIRS)},
            "not_reached": sorted(" × ".join(pair) for pair in ALL_PAIRS - met),
            "kills": sum(day.kills for day in days),
            "posted": sum(day.posted for day in days),
            "undecided": sum(len(day.undecided) for day in days),
            "broken": stories,
            "canaries": sum("I9" in story for story in stories),
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
        "pairs": len(pairs),
        "kills": len(kills),
        "lost": sum(law in LOST for law in broken) + sum(kill.lost for kill in kills),
        "doubled": sum(law in DOUBLED for law in broken) + sum(kill.doubled for kill in kills),
        "overruns": sum(law is Law.WATERMARK for law in broken),
        "findings": [law.name for law in broken],
        "seeded": {"found": len(found), "of": len(SEEDED) + 1, "names": found},
    }


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
