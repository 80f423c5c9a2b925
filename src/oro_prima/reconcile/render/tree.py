"""A report as a tree for JSON: texts and whole numbers, never a float."""

from __future__ import annotations

from oro_prima.reconcile.render.cells import cell_text
from oro_prima.reconcile.table import Cell, Column, Table


def table_json(table: Table) -> dict[str, object]:
    """Return a report as a tree; what is not stated is null, figures are texts."""
    return {
        "report": table.key,
        "title": table.title,
        "columns": [
            {"name": one.name, "kind": one.kind.value, "meaning": one.meaning}
            for one in table.columns
        ],
        "rows": table_rows(table),
        "notes": list(table.notes),
    }


def table_rows(table: Table) -> list[dict[str, str | int | None]]:
    """Return the rows of a report, each a tree by the names of its columns."""
    return [
        {c.name: _value(cell, c) for cell, c in zip(row, table.columns, strict=True)}
        for row in table.rows
    ]


def _value(cell: Cell, column: Column) -> str | int | None:
    if cell is None or isinstance(cell, int):
        return cell
    return cell_text(cell, column.kind)
