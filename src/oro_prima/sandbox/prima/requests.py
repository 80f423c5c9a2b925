"""The request types: a parsed request and the books in, a `Result` out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from attrs import frozen

from oro_prima.sandbox.prima import made_up
from oro_prima.sandbox.prima.books import Books, StockKey, StockView, folded
from oro_prima.sandbox.prima.details import Details
from oro_prima.sandbox.prima.made_up import Shown
from oro_prima.sandbox.prima.messages import Wording
from oro_prima.sandbox.prima.orders import place_order, sku_key
from oro_prima.sandbox.prima.xml import BadXml, Node, read_xml, write_xml

DECLARATION = '<?xml version="1.0" encoding="ISO-8859-1" ?>\n'


@frozen
class Desk:
    """
    Who answers: the company's books, how messages are worded, which rows are shown.

    What comes in is translated to `code_page`; what that lacks becomes a question mark.
    """

    company: str
    books: Books
    wording: Wording
    details: Details
    today: date
    code_page: str = "iso-8859-1"
    partial: bool = False


def read_inner(text: str) -> Node:
    """
    Read the request inside the SOAP string; its declared encoding does not count.

    Raises:
        BadXml: not well-formed, or with a DTD.
    """
    return read_xml(text.encode("utf-8", "replace"))


def request_type(text: str) -> str:
    """Return the request type of an inner request, even of one that breaks off later."""
    try:
        return read_inner(text).get("RequestType")
    except BadXml as exc:
        return exc.root.get("RequestType") if exc.root else ""


def answer(text: str, desk: Desk) -> str:
    """Carry out one inner request and write the answer as it goes over the wire."""
    try:
        request = _translated(read_inner(text), desk.code_page)
    except BadXml:
        why = "The request is no well-formed XML. SAX-PARSE-NEXT (14586)"
        return DECLARATION + write_xml(_failed(desk, request_type(text), why))
    return DECLARATION + write_xml(_result(request, desk))


def _result(request: Node, desk: Desk) -> Node:
    kind = request.get("RequestType")
    handler = _HANDLERS.get(folded(kind))
    if request.name != "Request" or handler is None:
        return _failed(desk, kind, "(E:194) The request type is not known here.")
    return handler(request, kind, desk)


def _translated(node: Node, code_page: str) -> Node:
    """Bring every text to the server's code page, as the adapter does with a string parameter."""
    values = {
        name: text if text.isascii() else text.encode(code_page, "replace").decode(code_page)
        for name, text in node.attributes.items()
    }
    children = tuple(_translated(child, code_page) for child in node.children)
    return Node(node.name, values, children, node.text)


def _failed(desk: Desk, kind: str, text: str) -> Node:
    """A failure of the whole request: on the root and in a child."""
    error = {"Error": text}
    root = {"Company": desk.company, "RequestStatus": "ERROR", "RequestType": kind}
    return Node("Result", root | error, (Node("RequestError", error),))


def _enquiry(desk: Desk, kind: str, *data: Node) -> Node:
    root = {"Company": desk.company, "RequestStatus": "OK", "RequestType": kind}
    return Node("Result", root, data)


def _orders(request: Node, kind: str, desk: Desk) -> Node:
    asked = tuple(request.all("Data"))
    if not asked:
        return _failed(desk, kind, "(E:194) The request holds no order.")
    items = tuple(place_order(data, books=desk.books, wording=desk.wording) for data in asked)
    return Node("Result", {"Company": desk.company, "RequestType": kind}, items)


def _order_status(request: Node, kind: str, desk: Desk) -> Node:
    data = next(request.all("Data"), Node(""))
    order = desk.books.order(data.get("OrderNumber"))
    if order is None:
        return _failed(desk, kind, "(E:0) The sandbox has no order of that number.")
    return _enquiry(desk, kind, Node("Data", {"OrderStatus": order.status}))


def _all_stock(request: Node, kind: str, desk: Desk) -> Node:
    data = next(request.all("Data"), Node(""))
    first, last = folded(data.get("ProductFrom")), folded(data.get("ProductTo"))
    rows = sorted(desk.books.stock.values(), key=lambda row: _order_of(row.key))
    asked = [row for row in rows if _within(folded(row.key.product), first, last)]
    return _stock(asked, "sku", kind, desk)


def _some_stock(request: Node, kind: str, desk: Desk) -> Node:
    data = next(request.all("Data"), Node(""))
    found = (desk.books.stock.get(sku_key(sku)) for sku in data.all("sku"))
    return _stock([row for row in found if row is not None], "SKU", kind, desk)


def _stock(rows: Iterable[StockView], name: str, kind: str, desk: Desk) -> Node:
    shown = list(rows)[:: 9 if desk.partial else 1]
    return _enquiry(desk, kind, Node("Data", children=tuple(_sku(row, name) for row in shown)))


def _sku(row: StockView, name: str) -> Node:
    quantity, date = row.shown
    key = row.key
    codes = {"MtrxCode1": key.m1, "MtrxCode2": key.m2, "MtrxCode3": key.m3, "MtrxCode4": key.m4}
    figures = {"AvailableDate": date, "AvailableQuantity": quantity, "Product": key.product}
    return Node(name, figures | codes)


def _within(product: str, first: str, last: str) -> bool:
    return (not first or first <= product) and (not last or product <= last)


def _order_of(key: StockKey) -> tuple[str, ...]:
    return tuple(folded(code) for code in (key.product, key.m1, key.m2, key.m3, key.m4))


def _made_up(
    make: Callable[[Node, Shown], tuple[Node, ...]],
) -> Callable[[Node, str, Desk], Node]:
    def handler(request: Node, kind: str, desk: Desk) -> Node:
        data = next(request.all("Data"), Node(""))
        found = make(data, Shown(desk.books, desk.details, desk.today))
        if not found:
            return _failed(desk, kind, "(E:0) The sandbox has nothing of that name.")
        return _enquiry(desk, kind, *found)

    return handler


_HANDLERS: dict[str, Callable[[Node, str, Desk], Node]] = {
    "xcustomer": _made_up(made_up.customer),
    "xpricebook": _made_up(made_up.price_book),
    "xproduct": _made_up(made_up.product),
    "xdespatch": _made_up(made_up.despatch),
    "xinvoice": _made_up(made_up.invoice),
    "xstock": _made_up(made_up.stock),
    "multineworder": _orders,
    "neworder": _orders,
    "orderstatus": _order_status,
    "productavailabletosell": _all_stock,
    "multiavailabletosell": _some_stock,
}
