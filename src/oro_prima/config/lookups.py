"""The tables that orders are looked up in, in place or as CSV files: every fault with its row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from attrs import asdict, frozen

from oro_prima.config.business_rules import read_carriers
from oro_prima.config.tables import Row, csv_rows, read_text, yes_no
from oro_prima.converters import is_list, is_object
from oro_prima.errors import ConfigError
from oro_prima.ids import OroCustomerId, OroSku, PrimaAccount, PrimaCompany, PrimaPriceBook
from oro_prima.mapping.statuses import EVIDENCED, FulfilmentPolicy, Progress
from oro_prima.mapping.tables import (
    AccountFacts,
    AccountState,
    Carrier,
    NumberedAddress,
    Tables,
    UnitTable,
)
from oro_prima.mapping.tax.reading import TaxTables
from oro_prima.values import SkuKey, to_decimal

T = TypeVar("T")
Rows = Iterable[tuple[str, Row]]

ACCOUNT_COLUMNS = ("account", "state", "currency", "vat_inclusive", "price_book")
SALES_COLUMNS = ("product", "per_day", "m1", "m2", "m3", "m4")
TAX_COLUMNS = ("of", "key", "code")
DELIVERY_COLUMNS = ("customer", "deliv_addr_no", "postcode", "street")


@frozen
class Lookups:
    """What a configuration says beside product units; each is empty where it says nothing."""

    charges: Mapping[str, str]
    parents: Mapping[OroCustomerId, OroCustomerId]
    accounts: Mapping[PrimaAccount, AccountFacts]
    deliveries: Mapping[OroCustomerId, tuple[NumberedAddress, ...]]
    carriers: Mapping[str, Carrier]
    payment_terms: Mapping[str, str]
    surcharges: Mapping[str, str]
    sales: Mapping[SkuKey, Decimal]

    def tables(self, company: PrimaCompany, units: UnitTable) -> Tables:
        """Return the tables of rules, without links: these are in the store."""
        return Tables(company, units=units, **asdict(self, recurse=False))


LOOKUPS = (
    "charges", "parents", "known_accounts", "deliveries", "carriers", "payment_terms",
    "surcharges", "routes", "holds", "sales", "statuses", "tracking_methods", "tax_codes",
)  # fmt: skip


def read_lookups(tree: Mapping[str, object], *, folder: Path, faults: list[str]) -> Lookups:
    """Read every table beside the units; what is wrong is added to `faults`."""

    def rows(name: str, columns: Sequence[str], build: Callable[[Rows], T], none: T) -> T:
        try:
            return build(table_rows(tree.get(name, []), folder, name, columns))
        except ConfigError as error:
            faults.extend(error.faults)
            return none

    charges = read_codes(tree, "charges", '{ flat_rate_1 = "CARR" }', faults)
    parents = read_codes(tree, "parents", '{ "12" = "3" }', faults)
    return Lookups(
        charges=charges,
        parents={OroCustomerId(child): OroCustomerId(up) for child, up in parents.items()},
        accounts=rows("known_accounts", ACCOUNT_COLUMNS, account_table, {}),
        deliveries=rows("deliveries", DELIVERY_COLUMNS, delivery_table, {}),
        carriers=read_carriers(tree.get("carriers", {}), faults),
        payment_terms=read_codes(tree, "payment_terms", '{ "2" = "30EOM" }', faults),
        sales=rows("sales", SALES_COLUMNS, sales_table, {}),
        surcharges=read_codes(tree, "surcharges", '{ handling = "HAND" }', faults),
    )


def read_tax_codes(tree: Mapping[str, object], folder: Path, faults: list[str]) -> TaxTables:
    """Read tax codes of products and customers, and how Prima classes accounts for VAT."""
    try:
        return tax_table(table_rows(tree.get("tax_codes", []), folder, "tax_codes", TAX_COLUMNS))
    except ConfigError as error:
        faults.extend(error.faults)
        return TaxTables()


def read_fulfilment(
    tree: Mapping[str, object], values: Mapping[str, object], faults: list[str]
) -> FulfilmentPolicy:
    """Build what the shop is told: settings, status texts beside the known ones, methods."""
    statuses = dict(EVIDENCED)
    for text, word in read_codes(tree, "statuses", '{ "Picked" = "open" }', faults).items():
        try:
            statuses[text] = Progress(word)
        except ValueError:
            faults.append(f"statuses.{text}: expected one of {', '.join(Progress)}")
    methods = read_codes(tree, "tracking_methods", '{ DPD = "flat_rate_1" }', faults)
    return FulfilmentPolicy(**values, statuses=statuses, methods=methods)  # type: ignore[arg-type]


def read_codes(
    tree: Mapping[str, object], name: str, example: str, faults: list[str]
) -> dict[str, str]:
    """Read a table of one text to another."""
    value = tree.get(name, {})
    if not is_object(value) or not all(isinstance(code, str) for code in value.values()):
        faults.append(f"{name}: expected a table such as {example}")
        return {}
    return {str(key): str(code) for key, code in value.items()}


def table_rows(
    value: object, folder: Path, name: str, columns: Sequence[str]
) -> list[tuple[str, Row]]:
    """
    Return the rows of a table that is a CSV file's name, or stands in place.

    Raises:
        ConfigError: the file cannot be read, or it is neither.
    """
    if isinstance(value, str):
        return csv_rows(read_text(folder / value, name), value, columns)
    if not is_list(value):
        message = f'{name}: expected a file name such as "{name}.csv", or [[{name}]] rows'
        raise ConfigError((message,))
    return [
        (f"{name} row {number}", {str(key): str(cell) for key, cell in row.items()})
        for number, row in enumerate(value, start=1)
        if is_object(row)
    ]


def account_table(rows: Rows) -> dict[PrimaAccount, AccountFacts]:
    """
    Build what is known of accounts.

    Raises:
        ConfigError: names every row at fault.
    """
    found: dict[PrimaAccount, AccountFacts] = {}

    def add(row: Row) -> None:
        account = PrimaAccount(row.get("account", "").strip())
        if not account or account in found:
            raise ValueError("expected an account that stands once")
        found[account] = AccountFacts(
            _state(row.get("state", "").strip()),
            row.get("currency", "").strip(),
            yes_no(row.get("vat_inclusive", "").strip()),
            PrimaPriceBook(row.get("price_book", "").strip()),
        )

    _each(rows, add)
    return found


def _state(text: str) -> AccountState | None:
    if not text:
        return None
    try:
        return AccountState(text.lower())
    except ValueError:
        raise ValueError(f"state: expected one of {', '.join(AccountState)}, or nothing") from None


def delivery_table(rows: Rows) -> dict[OroCustomerId, tuple[NumberedAddress, ...]]:
    """
    Build the numbered delivery addresses of customers.

    Raises:
        ConfigError: names every row at fault.
    """
    found: dict[OroCustomerId, tuple[NumberedAddress, ...]] = {}

    def add(row: Row) -> None:
        cells = {name: row.get(name, "").strip() for name in DELIVERY_COLUMNS}
        if not cells["customer"].isdigit() or not cells["deliv_addr_no"]:
            raise ValueError("expected the number of a customer and a deliv_addr_no")
        if cells["street"] and not cells["postcode"]:
            raise ValueError("a street says nothing without its postcode")
        customer = OroCustomerId(cells["customer"])
        one = NumberedAddress(cells["deliv_addr_no"], cells["postcode"], cells["street"])
        found[customer] = (*found.get(customer, ()), one)

    _each(rows, add)
    return found


def sales_table(rows: Rows) -> dict[SkuKey, Decimal]:
    """
    Build what is sold of SKUs, in base units a day.

    Raises:
        ConfigError: names every row at fault.
    """
    found: dict[SkuKey, Decimal] = {}

    def add(row: Row) -> None:
        product, *codes = (
            row.get(name, "").strip() for name in ("product", "m1", "m2", "m3", "m4")
        )
        sku, per_day = SkuKey(product, *codes), to_decimal(row.get("per_day", ""))
        if not product or sku in found or per_day < 0:
            raise ValueError("expected a Prima product that stands once, and 0 or more a day")
        found[sku] = per_day

    _each(rows, add)
    return found


def tax_table(rows: Rows) -> TaxTables:
    """
    Build the tables of tax codes from rows `of` (product, customer, class), `key`, `code`.

    Raises:
        ConfigError: names every row at fault.
    """
    found: dict[str, dict[str, str]] = {"product": {}, "customer": {}, "class": {}}

    def add(row: Row) -> None:
        of, key, code = (row.get(name, "").strip() for name in TAX_COLUMNS)
        if of not in found or not key or not code:
            raise ValueError(f"expected one of {', '.join(found)}, then a key and a code")
        if key in found[of]:
            raise ValueError(f"{of} {key} stands twice")
        found[of][key] = code

    _each(rows, add)
    return TaxTables(
        {OroSku(key): code for key, code in found["product"].items()},
        {OroCustomerId(key): code for key, code in found["customer"].items()},
        {OroCustomerId(key): code for key, code in found["class"].items()},
    )


def _each(rows: Rows, add: Callable[[Row], None]) -> None:
    """Take each row, or name all that are at fault."""
    faults: list[str] = []
    for place, row in rows:
        try:
            add(row)
        except ValueError as exc:
            faults.append(f"{place}: {exc}")
    if faults:
        raise ConfigError(tuple(faults))
