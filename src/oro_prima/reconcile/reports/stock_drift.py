"""Report F: the shop's levels against what they should be."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from attrs import frozen

from oro_prima.ids import OroSku, UnitCode
from oro_prima.reconcile.ageing import hours
from oro_prima.reconcile.table import Cell, Table, columns_of, less

COLUMNS = columns_of("""
sku text The shop's SKU.
unit text Its product unit.
warehouse text Prima's warehouse group; empty where stock is one figure.
oro_qty quantity The shop's level, in that unit.
prima_free quantity Prima's free stock, in base units.
in_flight quantity Sold and not yet taken off in Prima, in base units.
buffer quantity Never published, in base units.
expected_qty quantity What the level should be.
diff quantity Level less expected.
last_pushed instant When it was last written.
last_prima_change instant When Prima's figure last changed.
feed_age hours Age of Prima's figures.
action text What is to be done.
""")


@frozen
class LevelFact:
    """
    One level of the shop and what it should be.

    `expected` is None where that cannot be said (not linked, quantity unknown), with `why`.
    """

    sku: OroSku
    unit: UnitCode
    level: Decimal
    free: Decimal | None
    in_flight: Decimal | None
    buffer: Decimal | None
    expected: Decimal | None
    why: str = ""
    warehouse: str = ""
    last_pushed: datetime | None = None
    last_prima_change: datetime | None = None


def stock_drift(levels: Iterable[LevelFact], *, read_at: datetime, now: datetime) -> Table:
    """
    Return report F: levels that differ or cannot be judged, the most oversold first.

    Levels that are right are counted in a note. `read_at` is when Prima's figures were read.
    """
    all_levels = tuple(levels)
    shown = [one for one in all_levels if one.level != one.expected]
    age = hours(read_at, now)
    rows = tuple(_row(one, age) for one in sorted(shown, key=_rank))
    right = len(all_levels) - len(shown)
    notes = (f"{right} of {len(all_levels)} levels are what they should be",)
    return Table("stock-drift", "F  Stock drift", COLUMNS, rows, notes)


def _rank(one: LevelFact) -> tuple[bool, Decimal, str, str]:
    over = less(one.level, one.expected)
    return (over is None, -(over or Decimal(0)), one.sku, one.unit)


def _row(one: LevelFact, age: Decimal) -> tuple[Cell, ...]:
    return (
        *(one.sku, one.unit, one.warehouse, one.level, one.free, one.in_flight, one.buffer),
        *(one.expected, less(one.level, one.expected), one.last_pushed, one.last_prima_change),
        *(age, _action(one)),
    )


def _action(one: LevelFact) -> str:
    if one.expected is None:
        return one.why or "find out why no figure can be given"
    if one.level > one.expected:
        return "sync stock now: more is promised than there is"
    return "the next stock run raises it" if one.level < one.expected else ""
