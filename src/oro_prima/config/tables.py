"""The unit table and links as CSV: every fault named with its line."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from io import StringIO
from pathlib import Path

from oro_prima.errors import ConfigError
from oro_prima.ids import (
    OroCustomerId,
    OroOrderId,
    OroSku,
    PrimaAccount,
    PrimaCompany,
    PrimaOrderNumber,
    UnitCode,
)
from oro_prima.mapping.tables import Component, UnitTable
from oro_prima.records import Adoption, Link
from oro_prima.values import SkuKey, to_decimal

UNIT_COLUMNS = ("sku", "unit", "product", "m1", "m2", "m3", "m4", "count", "price_share")
LINK_COLUMNS = (
    "customer", "account", "deliv_addr_no", "invc_addr_no", "currency", "vat_inclusive",
    "pinned",
)  # fmt: skip

ADOPTION_COLUMNS = ("order", "number")

Row = Mapping[str, str]


def read_text(path: Path, setting: str) -> str:
    """Read a file of UTF-8 text; a mark at its beginning, as spreadsheets write one, is dropped."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConfigError((f"{setting}: {path.name} is not there",)) from None
    except (OSError, UnicodeDecodeError) as exc:
        raise ConfigError((f"{setting}: {path.name} cannot be read as UTF-8 text",)) from exc


def unit_table(rows: Iterable[tuple[str, Row]]) -> UnitTable:
    """
    Build the unit table from rows, each with the place it came from.

    Several rows of one (sku, unit) are the components of one product unit.

    Raises:
        ConfigError: names every row at fault.
    """
    faults: list[str] = []
    found: dict[tuple[OroSku, UnitCode], list[Component]] = {}
    for place, row in rows:
        key = (OroSku(row.get("sku", "").strip()), UnitCode(row.get("unit", "").strip()))
        try:
            component = _component(row)
            if not all(key):
                raise ValueError("expected sku and unit")
            if any(known.sku == component.sku for known in found.get(key, ())):
                raise ValueError(f"{component.sku} stands twice for {key[0]} in {key[1]}")
            found.setdefault(key, []).append(component)
        except ValueError as exc:
            faults.append(f"{place}: {exc}")
    if faults:
        raise ConfigError(tuple(faults))
    return {key: tuple(components) for key, components in found.items()}


def _component(row: Row) -> Component:
    product = row.get("product", "").strip()
    if not product:
        raise ValueError("expected a Prima product code")
    codes = [row.get(name, "").strip() for name in ("m1", "m2", "m3", "m4")]
    share = row.get("price_share", "").strip()
    return Component(
        SkuKey(product, *codes), _count(row.get("count", "")), to_decimal(share) if share else None
    )


def _count(text: str) -> Fraction:
    try:
        count = Fraction(text.strip() or "1")
    except (ValueError, ZeroDivisionError):
        raise ValueError("count: expected a number such as 12 or 1/2") from None
    if count <= 0:
        raise ValueError("count: expected more than 0")
    return count


def csv_rows(text: str, name: str, columns: Sequence[str]) -> list[tuple[str, Row]]:
    """
    Read the rows of a CSV text, each with its line.

    Raises:
        ConfigError: a column is missing or unknown.
    """
    reader = csv.DictReader(StringIO(text), restval="", restkey="(more)")
    header = [name.strip() for name in reader.fieldnames or ()]
    needed = set(columns[:2])
    if not needed <= set(header) or not set(header) <= set(columns):
        expected = ", ".join(columns)
        raise ConfigError((f"{name}: expected a first line with the columns {expected}",))
    rows: list[tuple[str, Row]] = []
    for row in reader:
        cells = {str(key).strip(): str(value) for key, value in row.items()}
        if any(value.strip() for value in cells.values()):
            rows.append((f"{name} line {reader.line_num}", cells))
    return rows


def read_links(path: Path, *, company: PrimaCompany, by: str, at: datetime) -> tuple[Link, ...]:
    """
    Read approved links from a CSV file.

    Raises:
        ConfigError: names every row at fault; a customer leads to one account, never two.
    """
    text = read_text(path, "links")
    digest = hashlib.sha256(text.encode()).hexdigest()
    rows = csv_rows(text, path.name, LINK_COLUMNS)
    return link_rows(rows, company=company, by=by, at=at, digest=digest)


def link_rows(
    rows: Iterable[tuple[str, Row]], *, company: PrimaCompany, by: str, at: datetime, digest: str
) -> tuple[Link, ...]:
    """
    Make links of rows, each with the place it came from; `digest` names what they stood in.

    Raises:
        ConfigError: names every row at fault; a customer leads to one account, never two.
    """
    links: dict[OroCustomerId, Link] = {}
    faults: list[str] = []
    for place, row in rows:
        try:
            link = _link(row, company=company, by=by, at=at, digest=digest)
            if link.customer in links:
                raise ValueError(f"customer {link.customer} stands twice")
            links[link.customer] = link
        except ValueError as exc:
            faults.append(f"{place}: {exc}")
    if faults:
        raise ConfigError(tuple(faults))
    return tuple(links.values())


def _link(row: Row, *, company: PrimaCompany, by: str, at: datetime, digest: str) -> Link:
    cells = {name: row.get(name, "").strip() for name in LINK_COLUMNS}
    if not cells["customer"].isdigit():
        raise ValueError("customer: expected the number of an OroCommerce customer")
    if not cells["account"]:
        raise ValueError(f"customer {cells['customer']}: expected a Prima account")
    return Link(
        customer=OroCustomerId(cells["customer"]),
        account=PrimaAccount(cells["account"]),
        company=company,
        approved_by=by,
        approved_at=at,
        source_hash=digest,
        deliv_addr_no=cells["deliv_addr_no"],
        invc_addr_no=cells["invc_addr_no"],
        currency=cells["currency"],
        vat_inclusive=yes_no(cells["vat_inclusive"]),
        pinned=cells["pinned"],
    )


def yes_no(text: str) -> bool | None:
    """Read yes, no or nothing."""
    words = {"": None, "yes": True, "true": True, "no": False, "false": False}
    if text.lower() not in words:
        raise ValueError("vat_inclusive: expected yes, no or nothing")
    return words[text.lower()]


def add_unit_row(path: Path, row: Row) -> None:
    """
    Add one row to a unit file; the file is the old or the new one, never a part.

    Raises:
        ConfigError: the row or the file is at fault; the file stays as it is.
    """
    text = read_text(path, "units")
    rows = csv_rows(text, path.name, UNIT_COLUMNS)
    unit_table([*rows, ("the new row", row)])
    header = [name.strip() for name in next(csv.reader(StringIO(text)))]
    lacking = sorted(name for name, value in row.items() if value and name not in header)
    if lacking:
        fault = f"units: {path.name} has no column {', '.join(lacking)}; add it to its first line"
        raise ConfigError((fault,))
    line = StringIO()
    csv.writer(line, lineterminator="\n").writerow([row.get(name, "") for name in header])
    fresh = path.with_name(path.name + ".new")
    separator = "" if text.endswith("\n") else "\n"
    fresh.write_text(f"{text}{separator}{line.getvalue()}", encoding="utf-8")
    fresh.replace(path)


def add_charge_row(path: Path, *, method: str, code: str) -> None:
    """
    Add a shipping method and its charge code to the table `charges` of a configuration.

    The file is the old or the new one, never a part; comments and order stay as they are.

    Raises:
        ConfigError: the method has a code already, or the file is no TOML; it stays as it is.
    """
    text = read_text(path, "charges")
    row = f"{json.dumps(method)} = {json.dumps(code)}\n"
    head = re.search(r"^\[charges\][^\n]*\n", text, re.MULTILINE)
    separator = "" if text.endswith("\n") else "\n"
    fresh = (
        f"{text[: head.end()]}{row}{text[head.end() :]}"
        if head
        else f"{text}{separator}\n[charges]\n{row}"
    )
    try:
        tomllib.loads(fresh)
    except tomllib.TOMLDecodeError as exc:
        fault = f"charges: {method or 'the default'} cannot be added to {path.name}: {exc}"
        raise ConfigError((fault,)) from exc
    replacement = path.with_name(path.name + ".new")
    replacement.write_text(fresh, encoding="utf-8")
    replacement.replace(path)


def read_adoptions(path: Path) -> tuple[Adoption, ...]:
    """
    Read a list of orders that Prima has already: `order,number`.

    Raises:
        ConfigError: names every row at fault.
    """
    text = read_text(path, "adopt")
    found: list[Adoption] = []
    faults: list[str] = []
    for place, row in csv_rows(text, path.name, ADOPTION_COLUMNS):
        order, number = row.get("order", "").strip(), row.get("number", "").strip()
        if order.isdigit() and number:
            found.append(Adoption(OroOrderId(order), PrimaOrderNumber(number)))
        else:
            faults.append(f"{place}: expected the number of an order in both systems")
    if faults:
        raise ConfigError(tuple(faults))
    return tuple(found)
