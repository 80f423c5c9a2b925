"""
A report as a value: columns that say what they hold, and rows of cells.

What is not known is `None` and prints `not stated`; what does not apply is an empty text. So a sum
that nobody stated is never 0.00.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from attrs import field, frozen

Cell = str | int | Decimal | date | datetime | None
"""One value; `None` is not stated, an empty text does not apply."""


class Kind(StrEnum):
    """What a column holds, which decides how it is written and on which side it stands."""

    TEXT = "text"
    """Codes and references; long digits stay text in a spreadsheet."""
    COUNT = "count"
    QUANTITY = "quantity"
    """Base units; trailing zeros are dropped."""
    MONEY = "money"
    """Shown with 2 decimals, half up; of the table's or the row's currency."""
    PRICE = "price"
    """Shown with at least 2 and at most 4 decimals."""
    PERCENT = "percent"
    """Shown with 2 decimals."""
    DATE = "date"
    """A day of the books, ISO 8601."""
    INSTANT = "instant"
    """UTC, ISO 8601 to the second."""
    HOURS = "hours"
    """Shown with 1 decimal."""


NUMBERS = frozenset({Kind.COUNT, Kind.QUANTITY, Kind.MONEY, Kind.PRICE, Kind.PERCENT, Kind.HOURS})
"""Kinds that stand on the right."""


@frozen
class Column:
    """A column; `name` is what finance knows it by and never changes, `meaning` one sentence."""

    name: str
    kind: Kind = Kind.TEXT
    meaning: str = ""


@frozen
class Table:
    """
    A report.

    Attributes:
        key: Short and stable, such as `order-match`; names its file.
        title: What people call it.
        columns: What each cell of a row is.
        rows: One cell a column.
        notes: What the reader must know: what is absent, what could not be asked, which period.
    """

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...] = ()
    notes: tuple[str, ...] = field(default=())

    def __attrs_post_init__(self) -> None:
        """Refuse a row that does not fit the columns."""
        for row in self.rows:
            if len(row) != len(self.columns):
                msg = f"{self.key}: {len(row)} cells for {len(self.columns)} columns"
                raise ValueError(msg)

    def column(self, name: str) -> tuple[Cell, ...]:
        """
        Return the cells of one column.

        Raises:
            ValueError: there is no such column.
        """
        names = [column.name for column in self.columns]
        if name not in names:
            msg = f"{self.key} has no column {name!r}"
            raise ValueError(msg)
        place = names.index(name)
        return tuple(row[place] for row in self.rows)


def columns_of(text: str) -> tuple[Column, ...]:
    """
    Read columns from lines `name kind meaning`.

    >>> columns_of("orders count How many.")
    (Column(name='orders', kind=<Kind.COUNT: 'count'>, meaning='How many.'),)
    """
    return tuple(_column(line.strip()) for line in text.strip().splitlines())


def _column(line: str) -> Column:
    name, kind, meaning = line.split(maxsplit=2)
    return Column(name, Kind(kind), meaning)


def total(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """Add up amounts; where one is not stated the sum is not either."""
    known: list[Decimal] = []
    for amount in amounts:
        if amount is None:
            return None
        known.append(amount)
    return sum(known, Decimal(0))


def less(first: Decimal | None, second: Decimal | None) -> Decimal | None:
    """Subtract; not stated where one of both is not."""
    return None if first is None or second is None else first - second
