"""Policies back to what they were read from: the tree of a file, TOML, JSON, CSV; nothing lost."""

from __future__ import annotations

import csv
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from decimal import Decimal
from enum import StrEnum
from typing import TypeGuard

from attrs import AttrsInstance, asdict, fields, has

from oro_prima.config import readers as r
from oro_prima.config.goods_settings import SHORTHANDS
from oro_prima.config.lookups import ACCOUNT_COLUMNS, DELIVERY_COLUMNS, SALES_COLUMNS
from oro_prima.config.readers import duration_text
from oro_prima.config.setting import Setting
from oro_prima.config.settings import settings_of
from oro_prima.config.tables import LINK_COLUMNS, UNIT_COLUMNS
from oro_prima.config.tree import Policies, rule_sections
from oro_prima.config.versions import CURRENT
from oro_prima.converters import instant_text, is_list, is_object
from oro_prima.mapping.conditions import OrderTest
from oro_prima.mapping.tables import Tables, UnitTable
from oro_prima.records import Link

Tree = dict[str, object]
Row = Mapping[str, str]


def policies_tree(policies: Policies) -> Tree:
    """
    Return the tree of a file that `build_policies` makes these policies of again.

    Every setting is written, also one that has its default; tables stand in place.
    """
    tree: Tree = {"version": CURRENT}
    tables = policies.tables
    tree["units"] = unit_rows(tables.units)
    tree["known_accounts"] = account_rows(tables)
    tree["deliveries"] = delivery_rows(tables)
    tree["charges"], tree["parents"] = dict(tables.charges), dict(tables.parents)
    tree["payment_terms"] = dict(tables.payment_terms)
    tree["surcharges"] = dict(tables.surcharges)
    tree["sales"] = sales_rows(tables)
    tree["carriers"] = {key: plain(asdict(one)) for key, one in tables.carriers.items()}
    tree["routes"] = [_rule(one.when, asdict(one)) for one in policies.orders.routes]
    tree["holds"] = [_rule(one.when, asdict(one)) for one in policies.orders.holds]
    tree["statuses"] = plain(dict(policies.fulfilment.statuses))
    tree["tracking_methods"] = dict(policies.fulfilment.methods)
    tree |= policies.flows.tables
    for section, values in rule_sections(policies).items():
        settings = (one for one in settings_of(section).values() if one.key not in SHORTHANDS)
        _put(
            tree, section, {one.name: _written(one, getattr(values, one.name)) for one in settings}
        )
    _put(tree, "prima", {"company": str(tables.company)})
    return tree


def _rule(when: OrderTest, cells: Mapping[str, object]) -> Tree:
    """Write a rule as one row; a condition that is not given is left out."""
    conditions = {name: value for name, value in asdict(when).items() if value}
    if when.value_above is not None:
        conditions["value_above"] = when.value_above
    rest = {name: value for name, value in cells.items() if name != "when"}
    return {name: plain(value) for name, value in {**conditions, **rest}.items()}


def _put(tree: Tree, section: str, values: Tree) -> None:
    """Put values into the table of a section, which may lie inside another's."""
    here = tree
    for part in section.split("."):
        inner = here.setdefault(part, {})
        here = inner if is_object(inner) else {}
    here.update(values)


def _written(setting: Setting, value: object) -> object:
    """Write the value of a setting; what is read from a table becomes one again."""
    written = "" if value is None else plain(value)
    if setting.read in (r.pairs, r.numbers):
        return _paired(written)
    if setting.read is r.code_tables:
        return {name: _paired(table) for name, table in _paired(written).items()}
    return written


def _paired(written: object) -> Tree:
    pairs = [pair for pair in written if is_list(pair)] if is_list(written) else []
    return {str(key): value for key, value in pairs}


def plain(value: object) -> object:
    """
    Return a value as a file holds it: exact numbers, durations and instants are texts.

    >>> plain((timedelta(minutes=15), Decimal("0.90"), frozenset({"b", "a"})))
    ['15 min', '0.90', ['a', 'b']]
    """
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, timedelta):
        return duration_text(value)
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, (Decimal, tzinfo)):
        return str(value)
    if is_object(value):
        return {key: plain(one) for key, one in value.items()}
    if _is_record(value):
        return _named(value)
    if _is_many(value):
        listed = [plain(one) for one in value]
        return sorted(listed, key=str) if isinstance(value, frozenset) else listed
    return value


def _named(value: AttrsInstance) -> Tree:
    """Return a record as a table; what it has by default is left out."""
    return {
        one.name: plain(getattr(value, one.name))
        for one in fields(type(value))
        if getattr(value, one.name) != one.default
    }


def _is_record(value: object) -> TypeGuard[AttrsInstance]:
    return has(type(value))


def _is_many(value: object) -> TypeGuard[Collection[object]]:
    return isinstance(value, (tuple, list, frozenset))


def unit_rows(units: UnitTable) -> list[Row]:
    """Return the rows of a unit table, with the columns of its file."""
    rows: list[Row] = []
    for (sku, unit), parts in units.items():
        for part in parts:
            share = "" if part.price_share is None else str(part.price_share)
            cells = (sku, unit, *part.sku.codes, str(part.count), share)
            rows.append(_row(UNIT_COLUMNS, cells))
    return rows


def account_rows(tables: Tables) -> list[Row]:
    """Return what is known of accounts as rows."""
    return [
        _row(
            ACCOUNT_COLUMNS,
            (
                key,
                one.state or "",
                one.currency,
                yes_no_text(one.vat_inclusive),
                one.price_book,
            ),
        )
        for key, one in tables.accounts.items()
    ]


def sales_rows(tables: Tables) -> list[Row]:
    """Return what is sold of SKUs as rows."""
    return [
        _row(SALES_COLUMNS, (sku.product, str(per_day), *sku.codes[1:]))
        for sku, per_day in tables.sales.items()
    ]


def delivery_rows(tables: Tables) -> list[Row]:
    """Return numbered delivery addresses as rows."""
    return [
        _row(DELIVERY_COLUMNS, (customer, one.number, one.postcode, one.street))
        for customer, some in tables.deliveries.items()
        for one in some
    ]


def link_rows_of(links: Iterable[Link]) -> list[Row]:
    """Return links as rows of a links file; who approved them and when stays in the store."""
    return [
        _row(
            LINK_COLUMNS,
            [
                yes_no_text(link.vat_inclusive) if name == "vat_inclusive" else getattr(link, name)
                for name in LINK_COLUMNS
            ],
        )
        for link in links
    ]


def yes_no_text(value: bool | None) -> str:
    """Write what `yes`, `no` or nothing says."""
    return "" if value is None else "yes" if value else "no"


def _row(columns: Sequence[str], cells: Sequence[str]) -> Row:
    return {name: str(cell) for name, cell in zip(columns, cells, strict=True)}


def units_csv(units: UnitTable) -> str:
    """Write a unit table as its CSV file."""
    return csv_text(unit_rows(units), UNIT_COLUMNS)


def links_csv(links: Iterable[Link]) -> str:
    """Write links as their CSV file."""
    return csv_text(link_rows_of(links), LINK_COLUMNS)


def csv_text(rows: Iterable[Row], columns: Sequence[str]) -> str:
    """Write rows as CSV: a head line, then a line a row."""
    lines: list[str] = []

    class _Lines:
        def write(self, text: str, /) -> int:
            lines.append(text)
            return len(text)

    writer = csv.DictWriter(_Lines(), columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return "".join(lines)


def toml_text(tree: Mapping[str, object]) -> str:
    """
    Write a tree as TOML, so that reading it gives the same tree.

    Values come first, then tables; raises `TypeError` for what a file cannot hold.
    """
    return "".join(_table(tree, ())).lstrip("\n")


def _table(tree: Mapping[str, object], path: tuple[str, ...]) -> Iterable[str]:
    values = {name: value for name, value in tree.items() if not is_object(value)}
    if path and (values or not tree):
        yield f"\n[{'.'.join(map(_quoted, path))}]\n"
    for name, value in values.items():
        yield f"{_quoted(name)} = {_inline(value)}\n"
    for name, value in tree.items():
        if is_object(value):
            yield from _table(value, (*path, name))


def _inline(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return _quoted(value)
    if is_list(value):
        return _listed([_inline(one) for one in value])
    if is_object(value):
        pairs = (f"{_quoted(name)} = {_inline(one)}" for name, one in value.items())
        return "{ " + ", ".join(pairs) + " }"
    msg = f"a configuration holds no {type(value).__name__}"
    raise TypeError(msg)


def _listed(parts: Sequence[str]) -> str:
    one_line = f"[{', '.join(parts)}]"
    return one_line if len(one_line) < 80 else "[\n  " + ",\n  ".join(parts) + ",\n]"


def _quoted(text: str) -> str:
    """Write a text or a key; a TOML reader takes JSON's escapes, and wants DEL escaped as well."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
