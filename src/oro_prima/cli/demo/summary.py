"""What a glance should tell: homes, stock, the equation, the promises, and where the files are."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal

from attrs import frozen

from oro_prima.cli.context import ATTENTION, DONE
from oro_prima.cli.demo.stage import Played, Stage
from oro_prima.cli.tables import wrapped
from oro_prima.converters import is_object
from oro_prima.reconcile import EquationLine, add_days
from oro_prima.sandbox.evidence import gather_facts
from oro_prima.sandbox.invariants import NOT_PLAYED, Facts, Finding, check
from oro_prima.sync import reconcile_orders
from oro_prima.values import LocalDate, Rounding, local_date, round_to
from oro_prima.wiring import connect

HOMES = ("posted", "ignored", "waiting", "cancelled", "held", "in_doubt", "dismissed")


@frozen
class Result:
    """Everything that the demo found."""

    facts: Facts
    findings: tuple[Finding, ...]
    equation: tuple[EquationLine, ...]
    levels_changed: int
    skus_read: int
    window_ms: int
    seconds: int
    flows: tuple[Played, ...] = ()

    @property
    def kept(self) -> bool:
        """Whether every promise was kept and the books tie."""
        return all(f.kept for f in self.findings) and all(line.ties for line in self.equation)


def find_out(stage: Stage, seconds: int) -> Result:
    """Gather the facts from outside, and check every promise."""
    bound = max((report.window_bound for report in stage.reports), default=0)
    facts = gather_facts(
        stage.control.state(),
        store=stage.config.store.path,
        units=stage.day.directory / "units.csv",
        logs=[stage.log],
        secret=stage.day.places.client_secret,
        window_bound=bound,
    )
    return Result(
        facts=facts,
        findings=check(facts),
        equation=_equation(stage),
        levels_changed=sum(report.levels_changed for report in stage.reports),
        skus_read=max((report.skus_read for report in stage.reports), default=0),
        window_ms=max((report.window_ms for report in stage.reports), default=0),
        seconds=seconds,
        flows=tuple(stage.flows),
    )


def _equation(stage: Stage) -> tuple[EquationLine, ...]:
    """Return the control equation of all days on which orders were captured."""
    policy = stage.config.orders
    now = stage.day.world.clock()
    days = {local_date(now - timedelta(hours=hours), policy.zone) for hours in range(0, 49, 12)}
    with connect(stage.config) as ports:
        return add_days(reconcile_orders(ports, policy, day=LocalDate(day)) for day in sorted(days))


def as_json(result: Result) -> dict[str, object]:
    """Return the result in the form that others rely on."""
    homes = Counter(result.facts.homes.values())
    counts: dict[str, object] = {home: homes.get(home, 0) for home in HOMES}
    taken = Counter[str]()
    for order in result.facts.erp:
        taken[order.reference] += order.accepted
    captured = sum(homes.get(home, 0) for home in HOMES)
    doubles = sum(1 for times in taken.values() if times > 1)
    facts = result.facts
    return {
        "orders": {
            "captured": captured,
            **counts,
            "mains": homes.get("main", 0),
            "duplicates_in_prima": doubles,
        },
        "stock": {
            "skus_read": result.skus_read,
            "levels_changed": result.levels_changed,
            "oversold": facts.oversold,
            "oversold_in_window": facts.oversold_in_window,
            "window_bound": facts.window_bound,
            "window_ms": result.window_ms,
        },
        "flows": {one.flow: one.tree() for one in result.flows},
        "equation": {"difference": _difference(result.equation)},
        "invariants": {finding.name: finding.kept for finding in result.findings},
        "seconds": result.seconds,
    }


def _difference(lines: Sequence[EquationLine]) -> Mapping[str, object]:
    return {
        "orders": sum(line.difference.orders for line in lines),
        "gross": {line.currency: _money(line.difference.gross) for line in lines},
    }


def _money(amount: Decimal) -> str:
    return str(round_to(amount, 2, Rounding.HALF_UP))


def as_text(result: Result, stage: Stage) -> str:
    """Return the summary for people."""
    tree = as_json(result)
    orders, stock = tree["orders"], tree["stock"]
    lines = ["", "Summary", "", "  Orders"]
    lines += [f"    {name.replace('_', ' '):<22}{n:>6}" for name, n in _items(orders)]
    lines += ["", "  Stock"]
    lines += [f"    {name.replace('_', ' '):<22}{n:>6}" for name, n in _items(stock)]
    lines += ["", "  Other flows"]
    lines += [
        f"    {one.flow:<12}{one.written:>5} written {one.held:>5} held {one.again:>4} once more"
        for one in result.flows
    ]
    lines += ["", "  Control equation"]
    for line in result.equation:
        verdict = "ties" if line.ties else "does NOT tie"
        total = f"{line.captured.orders} orders, {_money(line.captured.gross)} {line.currency}"
        difference = f"{line.difference.orders} orders, {_money(line.difference.gross)}"
        lines.append(f"    {total} captured; difference {difference}: {verdict}")
    lines += ["", "  Promises, checked from outside"]
    for finding in result.findings:
        lines += _finding_lines(finding)
    for name, why in NOT_PLAYED.items():
        lines += wrapped(f"--     {name:<4}{why}", 4)
    kept = "every promise was kept" if result.kept else "A PROMISE WAS BROKEN"
    lines += [
        "",
        f"  {kept}, in {result.seconds} s",
        f"  Files: {stage.day.directory}  (configuration, tables, store, demo.log)",
    ]
    return "\n".join(lines)


def _finding_lines(finding: Finding) -> list[str]:
    verdict = "kept  " if finding.kept else "BROKEN"
    lines = wrapped(f"{verdict} {finding.name:<4}{finding.promise}", 4)
    lines += wrapped(f"by: {finding.how}", 16)
    return lines if finding.kept else lines + wrapped(finding.detail, 16)


def _items(tree: object) -> list[tuple[str, object]]:
    return list(tree.items()) if is_object(tree) else []


def exit_code(result: Result, *, fine: bool) -> int:
    """Return 0 where every promise was kept, the books tie and every scene ended as it should."""
    return DONE if result.kept and fine else ATTENTION


def last_line(result: Result) -> str:
    """Return the last line of `--json`."""
    return json.dumps(as_json(result))
