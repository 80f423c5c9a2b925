"""A report for a terminal: a table where it fits, a list of fields where it does not."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from oro_prima.reconcile.render.cells import cell_text
from oro_prima.reconcile.table import NUMBERS, Cell, Column, Table

GAP = 2


def table_text(table: Table, *, width: int = 100) -> str:
    """
    Return a report as lines of at most `width` characters.

    A table that is wider becomes a block of `name: value` lines a row; nothing is cut.
    """
    cells = [_texts(table.columns, row) for row in table.rows]
    widths = [_widest(n, column, cells) for n, column in enumerate(table.columns)]
    wide = sum(widths) + GAP * (len(widths) - 1) > width
    body = _blocks(table, cells, width) if wide else _grid(table, cells, widths)
    return "\n".join([table.title, *(body if cells else ["  no rows"]), *_notes(table, width)])


def _texts(columns: Sequence[Column], row: Sequence[Cell]) -> list[str]:
    return [cell_text(cell, c.kind) for cell, c in zip(row, columns, strict=True)]


def _widest(number: int, column: Column, cells: Sequence[Sequence[str]]) -> int:
    return max([len(column.name), *(len(row[number]) for row in cells)])


def _grid(table: Table, cells: Sequence[Sequence[str]], widths: Sequence[int]) -> list[str]:
    head = [column.name for column in table.columns]
    return [_line(table.columns, row, widths) for row in (head, *cells)]


def _line(columns: Sequence[Column], row: Sequence[str], widths: Sequence[int]) -> str:
    parts = [
        text.rjust(width) if column.kind in NUMBERS else text.ljust(width)
        for text, column, width in zip(row, columns, widths, strict=True)
    ]
    return (" " * GAP).join(parts).rstrip()


def _blocks(table: Table, cells: Sequence[Sequence[str]], width: int) -> list[str]:
    lines: list[str] = []
    for row in cells:
        lines.append("")
        for column, text in zip(table.columns, row, strict=True):
            if text:
                lines += _wrapped(f"{column.name}: {text}", width)
    return lines


def _notes(table: Table, width: int) -> list[str]:
    lines = [line for note in table.notes for line in _wrapped(f"note: {note}", width)]
    return ["", *lines] if lines else []


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, initial_indent="  ", subsequent_indent="    ")
