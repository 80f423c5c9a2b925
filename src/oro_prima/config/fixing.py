"""Correct a table that a configuration names, and have what waits for it tried, in one breath."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from oro_prima.config.loading import load_config
from oro_prima.config.tables import add_charge_row, add_unit_row, read_text
from oro_prima.errors import ConfigError
from oro_prima.ids import OroSku, UnitCode
from oro_prima.ports import Store
from oro_prima.records import ExceptionRecord, Flow, JournalEntry

CODES = ("m1", "m2", "m3", "m4")


def fix_unit(
    path: Path | str,
    store: Store,
    *,
    sku: OroSku,
    unit: UnitCode,
    product: str,
    count: str = "1",
    codes: Sequence[str] = (),
    by: str,
    note: str = "",
    at: datetime,
) -> tuple[ExceptionRecord, ...]:
    """
    Add a row to the unit file of a configuration, and have everything that waits for it tried.

    Args:
        path: The configuration; its unit file is the one that it names.
        store: The store of its pair.
        sku: The product of OroCommerce.
        unit: Its unit.
        product: What it is in Prima.
        count: Base units in one such unit, such as `12` or `1/2`.
        codes: Up to four matrix codes of Prima; those left out are empty.
        by: Who says so; journalled.
        note: Why; journalled, too.
        at: When.

    Returns:
        The records that the next run tries again.

    Raises:
        ConfigError: the row, the file or the configuration is at fault, or the rows stand in the
            configuration itself; nothing was changed.
    """
    load_config(path)
    row = {"sku": sku, "unit": unit, "product": product, "count": count}
    row |= dict(zip(CODES, codes, strict=False))
    add_unit_row(_unit_file(Path(path)), row)
    load_config(path)
    said = _told(row)
    return _tried(store, f"units/{sku}/{unit}", "unit added", said, by=by, note=note, at=at)


def fix_charge(
    path: Path | str,
    store: Store,
    *,
    method: str,
    code: str,
    by: str,
    note: str = "",
    at: datetime,
) -> tuple[ExceptionRecord, ...]:
    """
    Add a shipping method's charge code to a configuration, and have what waits for it tried.

    Args:
        path: The configuration.
        store: The store of its pair.
        method: The shipping method of OroCommerce; empty for orders that name none.
        code: Prima's code of the charge.
        by: Who says so; journalled.
        note: Why; journalled, too.
        at: When.

    Returns:
        The records that the next run tries again.

    Raises:
        ConfigError: the method has a code already, or the configuration is at fault.
    """
    load_config(path)
    add_charge_row(Path(path), method=method, code=code)
    load_config(path)
    return _tried(store, f"charges/{method}", "charge added", code, by=by, note=note, at=at)


def _unit_file(path: Path) -> Path:
    """Return the CSV file that a configuration names for its unit table."""
    units = tomllib.loads(read_text(path, "config")).get("units")
    if not isinstance(units, str):
        fault = (
            "units: the rows stand in the configuration itself; add one there, or name a file "
            'with units = "units.csv"'
        )
        raise ConfigError((fault,))
    return path.parent / units


def _told(row: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in row.items() if value)


def _tried(
    store: Store, cause: str, what: str, detail: str, *, by: str, note: str, at: datetime
) -> tuple[ExceptionRecord, ...]:
    with store.transaction() as tx:
        tx.add_journal(JournalEntry(at, "", Flow.ORDERS.value, what, cause, detail, by, note))
    from oro_prima.sync.queue import retry_held  # flows load XML, and reading a file needs none

    return retry_held(store, cause=cause, by=by, note=note, at=at)
