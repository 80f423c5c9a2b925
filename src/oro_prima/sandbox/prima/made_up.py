"""Request types that nobody has evidence of: the sandbox's own, each with an X before its name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from attrs import frozen

from oro_prima.sandbox.prima.books import AccountView, Books, StockKey, StockView, folded
from oro_prima.sandbox.prima.details import (
    Despatch,
    Details,
    Invoice,
    addresses_of,
    barcode_of,
    book_of,
    prices_of,
    terms_of,
)
from oro_prima.sandbox.prima.orders import sku_key
from oro_prima.sandbox.prima.xml import Node

NAMES = ("XCustomer", "XPriceBook", "XProduct", "XDespatch", "XInvoice", "XStock")


@frozen
class Shown:
    """What is answered from: books, details, and the day."""

    books: Books
    details: Details
    today: date


def customer(data: Node, shown: Shown) -> tuple[Node, ...]:
    """Answer `XCustomer`: one account, or all where none is named."""
    wanted = folded(data.get("Customer"))
    accounts = shown.books.accounts
    found = [accounts[wanted]] if wanted in accounts else [] if wanted else [*accounts.values()]
    return tuple(_account(account) for account in found)


def _account(account: AccountView) -> Node:
    terms, on_stop, limit = terms_of(account)
    facts = {
        "Customer": account.code,
        "Name": account.name,
        "Currency": account.currency,
        "PriceBook": book_of(account),
        "VatInclusive": _flag(account.vat_inclusive),
        "VatNumber": "GB000000000",
        "PaymentTerms": terms,
        "CreditLimit": f"{limit:.2f}",
        "Balance": f"{limit / 4:.2f}",
        "OnStop": _flag(on_stop),
        "Salesman": "SAM",
    }
    return Node("Data", facts, tuple(Node("Address", one) for one in addresses_of(account)))


def price_book(data: Node, shown: Shown) -> tuple[Node, ...]:
    """Answer `XPriceBook`: a book's rows, by product; matrix codes blank, for every variant."""
    books = {book_of(account): account for account in shown.books.accounts.values()}
    wanted = folded(data.get("PriceBook"))
    return tuple(
        Node(
            "Data",
            {"PriceBook": code, "Currency": one.currency, "VatInclusive": _flag(one.vat_inclusive)},
            tuple(_prices(data, shown)),
        )
        for code, one in sorted(books.items())
        if wanted in ("", folded(code))
    )


def _prices(data: Node, shown: Shown) -> Iterable[Node]:
    products = {row.key.product: row.key for row in _between(data, shown.books)}
    for product in sorted(products):
        for price in prices_of(products[product], today=shown.today):
            yield Node(
                "Price",
                {
                    "Product": product, "MtrxCode1": "", "MtrxCode2": "",
                    "MinQuantity": str(price.quantity), "Unit": "EA", "Price": f"{price.price:.2f}",
                    "ValidFrom": price.valid_from, "ValidTo": price.valid_to,
                },
            )  # fmt: skip


def product(data: Node, shown: Shown) -> tuple[Node, ...]:
    """Answer `XProduct`: products with their variants and barcodes."""
    items: dict[str, list[StockKey]] = {}
    for row in _between(data, shown.books):
        items.setdefault(row.key.product, []).append(row.key)
    nodes = (_item(code, keys) for code, keys in sorted(items.items()))
    return (Node("Data", children=tuple(nodes)),)


def _item(code: str, keys: list[StockKey]) -> Node:
    facts = {"Product": code, "Description": f"Sample {code.title()}", "Unit": "EA"}
    facts |= {"Brand": "Sample", "Season": "", "VatCode": "S", "Discontinued": "No"}
    return Node(
        "Item", facts, tuple(Node("Sku", _matrix(k) | {"Barcode": barcode_of(k)}) for k in keys)
    )


def despatch(data: Node, shown: Shown) -> tuple[Node, ...]:
    """Answer `XDespatch`: the despatches of one order."""
    number = data.get("OrderNumber").strip()
    order = shown.books.order(number)
    if order is None:
        return ()
    sent = [one for one in shown.details.despatches if one.order_number == number]
    facts = {"OrderNumber": number, "OrderStatus": order.status}
    return (Node("Data", facts, tuple(_despatch(one) for one in sent)),)


def _despatch(one: Despatch) -> Node:
    lines = (
        Node(
            "DespatchLine",
            {"OrderLine": str(n), "Product": key.product, "Quantity": str(quantity)} | _matrix(key),
        )
        for n, key, quantity in one.lines
    )
    facts = {
        "DespatchNumber": one.number,
        "DespatchDate": f"{one.day:%d/%m/%Y}",
        "Carrier": one.carrier,
        "CarrServ": one.service,
        "TrackingNumber": one.tracking,
    }
    return Node("Despatch", facts, tuple(lines))


def invoice(data: Node, shown: Shown) -> tuple[Node, ...]:
    """Answer `XInvoice`: invoices and credits of one order."""
    number = data.get("OrderNumber").strip()
    found = [one for one in shown.details.invoices if one.order_number == number]
    return (Node("Data", {"OrderNumber": number}, tuple(_invoice(one) for one in found)),)


def _invoice(one: Invoice) -> Node:
    lines = (
        Node(
            "InvoiceLine",
            {
                "OrderLine": str(line.order_line), "Quantity": str(line.quantity),
                "Price": _money(line.price), "Net": _money(line.net),
                "VatCode": "S" if line.vat_rate else "Z", "VatRate": _money(line.vat_rate * 100),
            },
        )
        for line in one.lines
    )  # fmt: skip
    facts = {
        "InvoiceNumber": one.number,
        "InvoiceDate": f"{one.day:%d/%m/%Y}",
        "DespatchNumber": one.despatch,
        "Currency": one.currency,
        "Credit": _flag(one.credit),
        "Net": _money(one.net),
        "Vat": _money(one.vat),
        "Gross": _money(one.net + one.vat),
    }
    return Node("Invoice", facts, tuple(lines))


def stock(data: Node, shown: Shown) -> tuple[Node, ...]:
    """Answer `XStock`: the asked SKUs, all where none is; what is allocated is on open orders."""
    asked = [sku_key(sku) for sku in data.all("sku")]
    rows = shown.books.stock
    found = [rows[key] for key in asked if key in rows] if asked else [*rows.values()]
    allocated = _allocated(shown.books)
    return (Node("Data", children=tuple(_stock(row, allocated) for row in found)),)


def _allocated(books: Books) -> dict[StockKey, int]:
    total: dict[StockKey, int] = {}
    for order in books.orders.values():
        if order.taken_off and folded(order.status) in ("entered", "released"):
            for line in order.lines:
                total[line.key] = total.get(line.key, 0) + line.quantity
    return total


def _stock(row: StockView, allocated: dict[StockKey, int]) -> Node:
    free, held = max(row.free, 0), allocated.get(row.key, 0)
    figures = {"Physical": free + held, "Allocated": held, "Free": free, "OnOrder": 0}
    facts = {"Product": row.key.product, "Warehouse": "MAIN", "NextDueDate": row.shown[1]}
    return Node("sku", facts | _matrix(row.key) | {k: str(v) for k, v in figures.items()})


def _between(data: Node, books: Books) -> list[StockView]:
    first, last = folded(data.get("ProductFrom")), folded(data.get("ProductTo"))
    return [
        row
        for row in books.stock.values()
        if (not first or first <= folded(row.key.product))
        and (not last or folded(row.key.product) <= last)
    ]


def _matrix(key: StockKey) -> dict[str, str]:
    return {"MtrxCode1": key.m1, "MtrxCode2": key.m2, "MtrxCode3": key.m3, "MtrxCode4": key.m4}


def _money(amount: Decimal) -> str:
    return f"{amount:.2f}"


def _flag(value: bool) -> str:
    return "Yes" if value else "No"
