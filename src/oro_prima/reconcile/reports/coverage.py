"""Report H: what can occur in an order and is not mapped to exactly one live target."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from oro_prima.mapping.coverage import CoverageReport, Gap
from oro_prima.reconcile.table import Cell, Table, columns_of

COLUMNS = columns_of("""
entity text What is mapped: customer, product unit, price list, tax code and so on.
oro_key text The shop's key.
prima_key text Prima's key; empty where nothing leads anywhere.
problem text Unmapped, refused, many-to-one or dead target.
revenue_30_days money Sold of it in the last 30 days; not stated where no sales were given.
currency text Of that revenue.
blocking text Whether an order that holds it must not be let happen: yes or no.
reason_code text Why an order that holds it is held.
detail text Codes and figures.
smallest_order text The smallest order that fails.
owner text Who acts.
fix text What mends it.
""")


def coverage_table(report: CoverageReport, *, sales_given: bool) -> Table:
    """Return report H: a row for each gap and currency, what blocks first, the dearest first."""
    rows = tuple(row for gap in report.gaps for row in _rows(gap, sales_given))
    looked_at = ", ".join(
        f"{count} of {entity.value}" for entity, count in report.checked.items() if count
    )
    notes = (
        f"looked at: {looked_at or 'nothing'}",
        *(f"not looked at: {one}" for one in report.not_checked),
    )
    return Table("coverage", "H  Coverage", COLUMNS, rows, notes)


def _rows(gap: Gap, sales_given: bool) -> Iterator[tuple[Cell, ...]]:
    nothing: Iterable[tuple[str, Decimal | None]]
    nothing = [("", Decimal(0) if sales_given else None)]
    for currency, revenue in sorted(gap.revenue.items()) or nothing:
        yield (
            *(gap.entity.value, gap.key, gap.target, gap.problem.value, revenue, currency),
            *("yes" if gap.blocking else "no", _said(reason.code for reason in gap.reasons)),
            *(gap.detail, "" if gap.order is None else str(gap.order)),
            *(_said(reason.owner for reason in gap.reasons), _said(r.fix for r in gap.reasons)),
        )


def _said(texts: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(str(text) for text in texts))
