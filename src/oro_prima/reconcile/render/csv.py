"""
A report as CSV that a spreadsheet opens without running or changing anything in it.

Text that a spreadsheet would take for a formula (`= + - @`, tab, return) and digits that it would
round or strip of zeros begin with an apostrophe; figures, dates and instants are written as they
are. Source: RULES §9.
"""

from __future__ import annotations

import csv
import re

from oro_prima.reconcile.render.cells import cell_text
from oro_prima.reconcile.table import Cell, Column, Kind, Table

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_DIGITS = re.compile(r"0\d+|\d{12,}|\d+[eE]\d+")


def table_csv(table: Table) -> str:
    """Return a report as CSV: a head line, one line a row, CRLF, quoted where that is needed."""
    sheet = _Sheet()
    writer = csv.writer(sheet)
    writer.writerow([column.name for column in table.columns])
    for row in table.rows:
        writer.writerow([_safe(cell, c) for cell, c in zip(row, table.columns, strict=True)])
    return "".join(sheet.parts)


def _safe(cell: Cell, column: Column) -> str:
    text = cell_text(cell, column.kind)
    if column.kind is Kind.TEXT and (text.startswith(_FORMULA) or _DIGITS.fullmatch(text)):
        return f"'{text}"
    return text


class _Sheet:
    """What a CSV writer writes to."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    def write(self, text: str, /) -> int:
        """Keep a line."""
        self.parts.append(text)
        return len(text)
