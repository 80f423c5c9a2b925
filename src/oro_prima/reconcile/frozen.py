"""
A frozen pack told from its own tables: every form again, and what changed since.

The tables stand in the pack as JSON. Text, CSV and pages follow from them, so an edit of one form
shows even where all hashes were made anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

from oro_prima.converters import is_list, is_object
from oro_prima.reconcile.pack import (
    MANIFEST,
    Adjustment,
    PackFault,
    adjustments,
    pack_files,
    pack_of_manifest,
)
from oro_prima.reconcile.render.cells import NOT_STATED
from oro_prima.reconcile.table import Cell, Column, Kind, Table, columns_of

KEYS: Mapping[str, tuple[str, ...]] = {
    "equation": ("day", "currency", "term"),
    "order-match": ("oro_order_id",),
    "order-to-invoice": ("order_ref", "prima_order_no"),
    "unmatched": ("side", "reference"),
    "vat": ("period", "vat_rate", "tax_code", "currency"),
    "cut-off": ("what", "company", "customer", "currency"),
    "exceptions": ("reason_code", "currency"),
}
"""What tells the rows of each report apart; reports of how things stand now have no adjustments."""

AGEING = frozenset({"age_hours", "age_bucket", "oldest_age", "median_age", "sla_breaches"})
"""Columns that change by waiting alone."""

ADJUSTED = columns_of("""
report text Which report's row changed since the pack before this one was frozen.
row text What tells the row apart.
column text What changed; empty where the whole row came or went.
before text As it was frozen; empty where the row came.
now text As it is in this pack; empty where the row went.
""")


def tables_of(files: Mapping[str, bytes]) -> tuple[Table, ...]:
    """
    Return the tables of a pack, in the order of its manifest.

    Raises:
        ValueError: a file is missing or is not what a pack holds.
    """
    named = _object(_json(files, MANIFEST)).get("reports")
    if not is_list(named):
        raise ValueError(f"{MANIFEST}: expected the names of reports")
    return tuple(table_of(_object(_json(files, f"{name}.json"))) for name in named)


def table_of(tree: Mapping[str, object]) -> Table:
    """
    Return the table that `table_json` wrote; figures as they were written.

    Raises:
        ValueError: the tree is of another form.
    """
    listed = tree.get("columns"), tree.get("rows"), tree.get("notes")
    if not all(map(is_list, listed)):
        raise ValueError("expected columns, rows and notes")
    columns, rows, notes = (list(one) if is_list(one) else [] for one in listed)
    kinds = tuple(_column(_object(one)) for one in columns)
    return Table(
        str(tree.get("report")),
        str(tree.get("title")),
        kinds,
        tuple(tuple(_cell(_object(row).get(c.name), c) for c in kinds) for row in rows),
        tuple(str(note) for note in notes),
    )


def form_faults(files: Mapping[str, bytes]) -> tuple[PackFault, ...]:
    """Return the files of a pack that do not follow from its own tables."""
    try:
        pack = pack_of_manifest(_object(_json(files, MANIFEST)), tables_of(files))
        again = pack_files(pack)
    except (ValueError, KeyError, TypeError) as exc:
        return (PackFault(MANIFEST, f"cannot be derived again: {exc}"),)
    return tuple(
        PackFault(name, "does not follow from the tables")
        for name, content in again.items()
        if files.get(name) != content
    )


def adjustments_table(before: Sequence[Table], now: Sequence[Table]) -> Table:
    """Return what changed since an earlier pack of the same days, a row for each changed cell."""
    found = adjustments(_still(before), _still(now), keys=KEYS)
    rows = tuple(row for one in found for row in _adjusted(one))
    return Table("adjustments", "Adjustments", ADJUSTED, rows, ("since the pack before this one",))


def _adjusted(one: Adjustment) -> Iterable[tuple[Cell, ...]]:
    if not one.before or not one.now:
        was, now = ("", "added") if one.now else ("was there", "")
        yield (one.report, one.key, "", was, now)
        return
    for name, value in one.now.items():
        if one.before.get(name) != value:
            yield (one.report, one.key, name, _said(one.before.get(name)), _said(value))


def _said(value: object) -> str:
    return NOT_STATED if value is None else str(value)


def _still(tables: Iterable[Table]) -> list[Table]:
    """Leave columns out that change by waiting alone."""
    found: list[Table] = []
    for table in tables:
        kept = [n for n, column in enumerate(table.columns) if column.name not in AGEING]
        columns = tuple(table.columns[n] for n in kept)
        rows = tuple(tuple(row[n] for n in kept) for row in table.rows)
        found.append(Table(table.key, table.title, columns, rows))
    return found


def _json(files: Mapping[str, bytes], name: str) -> object:
    if name not in files:
        raise ValueError(f"{name} is missing")
    found: object = json.loads(files[name])
    return found


def _object(value: object) -> Mapping[str, object]:
    if not is_object(value):
        raise ValueError("expected an object")
    return {str(key): one for key, one in value.items()}


def _column(tree: Mapping[str, object]) -> Column:
    return Column(str(tree.get("name")), Kind(str(tree.get("kind"))), str(tree.get("meaning")))


_FIGURES = frozenset({Kind.QUANTITY, Kind.MONEY, Kind.PRICE, Kind.PERCENT, Kind.HOURS})


def _cell(value: object, column: Column) -> Cell:
    if value is None or isinstance(value, int):
        return value
    text = str(value)
    if not text or column.kind in (Kind.TEXT, Kind.COUNT):
        return text
    if column.kind in _FIGURES:
        return Decimal(text)
    if column.kind is Kind.DATE:
        return date.fromisoformat(text)
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
