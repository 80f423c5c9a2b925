"""`MultiNewOrder` and `NewOrder`: check one `Data`, then take it or say why not."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from attrs import frozen

from oro_prima.sandbox.prima.books import (
    AccountView,
    Books,
    Charges,
    OrderLineView,
    StockKey,
    folded,
)
from oro_prima.sandbox.prima.messages import Message, Wording, duplicate, general, price_basis
from oro_prima.sandbox.prima.xml import Node

CODES = ("Product", "MtrxCode1", "MtrxCode2", "MtrxCode3", "MtrxCode4")
CEILING = 2_147_483_647
_FLAGS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False, "": False}


@frozen
class _Read:
    """What one `Data` asks for, as far as it could be read."""

    number: str
    reference: str
    customer: str
    currency: str
    vat_inclusive: bool | None
    lines: tuple[OrderLineView, ...]
    charges: Charges


def place_order(data: Node, *, books: Books, wording: Wording) -> Node:
    """Answer one `Data`; the order is in `books` if, and only if, the answer says OK."""
    order = _read(data)
    account = books.accounts.get(folded(order.customer))
    messages = tuple(_check(order, account, books))
    if messages:
        return _refused(data, wording.write(messages))
    taken = account or books.new_account(
        currency=order.currency or "GBP",
        vat_inclusive=bool(order.vat_inclusive),
        name=data.get("CustomerSurname"),
    )
    books.accept(
        order.number,
        reference=order.reference,
        account=taken.code,
        lines=order.lines,
        charges=order.charges,
    )
    return Node("Data", _echo(data) | {"CustomerCode": taken.code, "RequestStatus": "OK"})


def _read(data: Node) -> _Read:
    header = next(data.all("OrderHeaderData"), Node(""))
    return _Read(
        number=data.get("OrderNumber").strip(),
        reference=data.get("TPGUID").strip(),
        customer=data.get("Customer"),
        currency=header.get("Currency").strip().upper(),
        vat_inclusive=_FLAGS.get(folded(data.get("VatInclusive"))),
        lines=tuple(_line(line) for line in data.all("OrderLineData")),
        charges=tuple(
            (one.get("Charge").strip(), one.get("ChargeValue").strip())
            for one in data.all("OrderChargeData")
        ),
    )


def _line(line: Node) -> OrderLineView:
    """Read a line; a quantity that is no whole number above 0 becomes 0."""
    product, m1, m2, m3, m4 = (line.get(name).strip() for name in CODES)
    amount = _number(line.get("Quantity"))
    whole = amount is not None and amount > 0 and amount == amount.to_integral_value()
    quantity = int(amount) if amount is not None and whole else 0
    return OrderLineView(product, m1, m2, m3, m4, quantity, line.get("Price").strip())


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _check(order: _Read, account: AccountView | None, books: Books) -> Iterator[Message]:
    if not _is_number(order.number):
        yield general("The order number is no number in range.")
        return
    if books.order(order.number) is not None:
        yield from duplicate(order.number)
        return
    yield from _check_lines(order, books)
    yield from _check_account(order, account, books)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and 0 < int(text) <= CEILING


def _check_account(order: _Read, account: AccountView | None, books: Books) -> Iterator[Message]:
    if account is None and order.customer.strip():
        yield general("The account is not on file.")
    if order.vat_inclusive is None:
        yield general("VatInclusive is neither Yes nor No.")
        return
    if account is None and not books.foreign:
        return
    if account is not None and order.currency not in ("", account.currency):
        yield general("The currency is not the account's.")
    if account is None or account.vat_inclusive is not order.vat_inclusive:
        yield from price_basis(order.number)


def _check_lines(order: _Read, books: Books) -> Iterator[Message]:
    if not order.lines:
        yield general(f"Order {order.number} is left without a valid line.")
    for number, line in enumerate(order.lines, start=1):
        yield from _check_line(number, line, books)


def _check_line(number: int, line: OrderLineView, books: Books) -> Iterator[Message]:
    place = "CheckLines imp/procorders.p"
    if line.key not in books.stock:
        known = any(key.product.casefold() == line.product.casefold() for key in books.stock)
        what = "has no such matrix levels" if known else "is not on file"
        yield general(f"Line {number}: the product {what}.", place=place)
    if not line.quantity:
        yield general(f"Line {number}: the quantity is no whole number above 0.", place=place)
    if line.price and _number(line.price) is None:
        yield general(f"Line {number}: the price is no number.", place=place)


def _refused(data: Node, text: str) -> Node:
    echo = _echo(data)
    error = Node("RequestError", {"Error": text, "UniqueID": echo["UniqueID"]})
    return Node("Data", echo | {"CustomerCode": "", "RequestStatus": "ERROR"}, (error,))


def _echo(data: Node) -> dict[str, str]:
    """Return the identifiers as they came; `UniqueId` comes back as `UniqueID`."""
    return {
        "CustRef": "",
        "OrderNumber": data.get("OrderNumber"),
        "TPGUID": data.get("TPGUID"),
        "UniqueID": data.get("UniqueId"),
    }


def sku_key(node: Node) -> StockKey:
    """Read the five codes of a `sku` or a line."""
    return StockKey(*(node.get(name).strip() for name in CODES))
