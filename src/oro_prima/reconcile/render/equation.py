"""The control equation as text and as a tree; unknown prints `not stated`, never 0.00."""

from __future__ import annotations

from decimal import Decimal

from oro_prima.reconcile.equation import TERMS, DayEquation, EquationLine, Term
from oro_prima.values import Rounding, round_to


def equation_text(equation: DayEquation) -> str:
    """Return the equation as a table for people."""
    lines = [f"Control equation of {equation.day.isoformat()}"]
    for line in equation.lines:
        lines += ["", f"  {'':<24}{'orders':>8}{line.currency:>16}"]
        lines += [_row(name, term) for name, term in _rows(line)]
        verdict = "ties" if line.ties else "does NOT tie"
        lines.append(_row(f"difference ({verdict})", line.difference))
    if not equation.lines:
        lines.append("  no orders")
    if equation.mains:
        lines.append(f"  main orders, posted through their sub-orders: {equation.mains}")
    for one in equation.revaluations:
        before, now = _money(one.before), _money(one.now)
        lines.append(f"  order {one.order}: {before} captured, {now} now ({one.reason})")
    return "\n".join(lines)


def equation_json(equation: DayEquation) -> dict[str, object]:
    """Return the equation as a tree of texts and whole numbers."""
    return {
        "day": equation.day.isoformat(),
        "ties": equation.ties,
        "mains": equation.mains,
        "lines": [
            {
                "currency": line.currency,
                **{name.replace(" ", "_"): _term(term) for name, term in _rows(line)},
                "difference": _term(line.difference),
            }
            for line in equation.lines
        ],
        "revaluations": [
            {
                "order": one.order,
                "before": _money(one.before),
                "now": _money(one.now),
                "reason": one.reason,
            }
            for one in equation.revaluations
        ],
    }


def _rows(line: EquationLine) -> list[tuple[str, Term]]:
    homes = [(home.value.replace("_", " "), line.homes[home]) for home in TERMS]
    first = [("captured", line.captured), ("revalued", line.revalued)]
    return [*first, *homes, ("not yet read", line.not_yet_read)]


def _row(name: str, term: Term) -> str:
    unstated = f"  ({term.not_stated} not stated)" if term.not_stated else ""
    return f"  {name:<24}{term.orders:>8}{_money(term.gross):>16}{unstated}"


def _term(term: Term) -> dict[str, object]:
    return {"orders": term.orders, "gross": _money(term.gross), "not_stated": term.not_stated}


def _money(amount: Decimal | None) -> str:
    return "not stated" if amount is None else str(round_to(amount, 2, Rounding.HALF_UP))
