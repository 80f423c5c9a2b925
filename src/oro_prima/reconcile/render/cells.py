"""One cell as text: the same words and digits in every form of a report."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from oro_prima.reconcile.table import Cell, Kind
from oro_prima.values import Rounding, fits, round_to

NOT_STATED = "not stated"

_PLACES = {Kind.MONEY: 2, Kind.PERCENT: 2, Kind.HOURS: 1}


def cell_text(cell: Cell, kind: Kind) -> str:
    """
    Write a cell: decimal point, ISO dates, UTC instants; never a thousands separator.

    >>> cell_text(Decimal("2.345"), Kind.MONEY), cell_text(None, Kind.MONEY)
    ('2.35', 'not stated')
    """
    if cell is None:
        return NOT_STATED
    if isinstance(cell, Decimal):
        return _number(cell, kind)
    if isinstance(cell, datetime):
        return cell.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _number(value: Decimal, kind: Kind) -> str:
    if kind in _PLACES:
        return _plain(round_to(value, _PLACES[kind], Rounding.HALF_UP))
    if kind is Kind.PRICE:
        places = next((n for n in (2, 3) if fits(value, n)), 4)
        return _plain(round_to(value, places, Rounding.HALF_UP))
    return _plain(value.normalize())


def _plain(value: Decimal) -> str:
    return f"{value + 0:f}" if value else f"{abs(value):f}"
