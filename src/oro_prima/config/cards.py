"""Lists of organisations and accounts as CSV files, to propose links from, and the proposals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

from oro_prima.config.rendering import csv_text
from oro_prima.config.tables import LINK_COLUMNS, Row, csv_rows, read_text
from oro_prima.errors import ConfigError
from oro_prima.ids import OroCustomerId, PrimaAccount
from oro_prima.mapping.proposals import AccountCard, LinkProposal, Organisation

T = TypeVar("T")

ORGANISATION_COLUMNS = ("customer", "name", "code", "vat_number", "postcodes")
CARD_COLUMNS = ("account", "name", "vat_number", "postcodes")


def read_organisations(path: Path) -> tuple[Organisation, ...]:
    """
    Read organisations of the shop; several postcodes stand with a semicolon between them.

    Raises:
        ConfigError: names every row at fault.
    """
    return _each(path, ORGANISATION_COLUMNS, _organisation)


def read_cards(path: Path) -> tuple[AccountCard, ...]:
    """
    Read accounts of Prima; several postcodes stand with a semicolon between them.

    Raises:
        ConfigError: names every row at fault.
    """
    return _each(path, CARD_COLUMNS, _card)


def _organisation(row: Row) -> Organisation:
    customer = _cell(row, "customer")
    if not customer.isdigit():
        raise ValueError("customer: expected the number of an OroCommerce customer")
    return Organisation(
        OroCustomerId(customer),
        _cell(row, "name"),
        _cell(row, "code"),
        _cell(row, "vat_number"),
        _postcodes(row),
    )


def _card(row: Row) -> AccountCard:
    account = _cell(row, "account")
    if not account:
        raise ValueError("account: expected a Prima account")
    return AccountCard(
        PrimaAccount(account), _cell(row, "name"), _cell(row, "vat_number"), _postcodes(row)
    )


def _cell(row: Row, name: str) -> str:
    return row.get(name, "").strip()


def _postcodes(row: Row) -> tuple[str, ...]:
    found = (one.strip() for one in row.get("postcodes", "").split(";"))
    return tuple(one for one in found if one)


def _each(path: Path, columns: Sequence[str], build: Callable[[Row], T]) -> tuple[T, ...]:
    found: list[T] = []
    faults: list[str] = []
    for place, row in csv_rows(read_text(path, "file"), path.name, columns):
        try:
            found.append(build(row))
        except ValueError as exc:
            faults.append(f"{place}: {exc}")
    if faults:
        raise ConfigError(tuple(faults))
    return tuple(found)


def proposals_csv(proposals: Iterable[LinkProposal]) -> str:
    """
    Write proposals as a file of links, to delete rows from and import.

    Where an organisation has several, importing the file as it is fails: somebody chooses.
    """
    rows = [
        {
            **dict.fromkeys(LINK_COLUMNS, ""),
            "customer": one.customer,
            "account": one.account,
            "pinned": f"{one.evidence[0].kind.value} {one.evidence[0].text}",
        }
        for one in proposals
    ]
    return csv_text(rows, LINK_COLUMNS)
