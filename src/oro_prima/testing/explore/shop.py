"""The explorer's OroCommerce, an old one: a few orders as a value, answers as bytes."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from email.utils import format_datetime

from attrs import evolve, frozen

from oro_prima.call import HttpRequest, HttpResponse

AGE = timedelta(days=2)
"""How long ago an order that is no longer young was made."""


@frozen
class ShopOrder:
    """
    One order in the shop.

    Attributes:
        id: Its id, which rises.
        young: Made just now; it is older after the clock has moved once.
        back_dated: Made with an old `createdAt`, as clients of the API can.
        late: Its id was given before those of orders that were seen earlier.
        parent: Its main order.
        sub_orders: What it was split into.
    """

    id: int
    young: bool = False
    back_dated: bool = False
    late: bool = False
    parent: int | None = None
    sub_orders: tuple[int, ...] = ()

    @property
    def reference(self) -> str:
        """The key under which Prima keeps it, whatever its number."""
        return f"ORO-{self.id}"


@frozen
class Shop:
    """
    The orders that the shop shows, and those that it will show later.

    Each of `coming` happens at once and at any time: orders that are new, or that replace one of
    the same id. `hurried`: it happens only while every order is young.
    """

    orders: tuple[ShopOrder, ...]
    coming: tuple[tuple[ShopOrder, ...], ...] = ()
    hurried: bool = False

    @property
    def all_orders(self) -> tuple[ShopOrder, ...]:
        """Every order there is or will be."""
        known = {order.id: order for order in self.orders}
        known |= {order.id: order for change in self.coming for order in change}
        return tuple(known[key] for key in sorted(known))


def can_change(shop: Shop) -> bool:
    """Tell whether the next change can still happen."""
    if not shop.coming:
        return False
    return not shop.hurried or all(order.young for order in shop.orders)


def change(shop: Shop) -> Shop:
    """Let the next change happen."""
    known = {order.id: order for order in (*shop.orders, *shop.coming[0])}
    return evolve(shop, orders=tuple(known[key] for key in sorted(known)), coming=shop.coming[1:])


def aged(shop: Shop) -> Shop:
    """Return the shop after the clock has moved."""
    if not any(order.young for order in shop.orders):
        return shop
    return evolve(shop, orders=tuple(evolve(order, young=False) for order in shop.orders))


_KNOWN = ("filter[id]", "filter[id][gt]", "filter[order]", "sort", "page[size]", "include")


def answer(shop: Shop, request: HttpRequest, *, now: datetime, start: datetime) -> HttpResponse:
    """Answer a reading of orders or lines; a filter that the server has not it refuses with 400."""
    headers = (
        ("Content-Type", "application/vnd.api+json"),
        ("Date", format_datetime(now, usegmt=True)),
    )
    query = dict(request.query)
    unknown = [key for key in query if key not in _KNOWN and not key.startswith("fields[")]
    if request.method != "GET" or unknown or "fields[ordersubtotals]" in query:
        return HttpResponse(400, headers, b'{"errors":[{"status":"400","title":"filter"}]}')
    rows = [order for order in shop.orders if _is_asked(order, query)]
    document: dict[str, object] = {
        "data": [_order(order, start) for order in rows],
        "included": [one for order in rows for one in _included(order)],
    }
    return HttpResponse(200, headers, json.dumps(document).encode("ascii"))


def _is_asked(order: ShopOrder, query: dict[str, str]) -> bool:
    if "filter[id]" in query:
        return str(order.id) in query["filter[id]"].split(",")
    return order.id > int(query.get("filter[id][gt]", "0"))


def _order(order: ShopOrder, start: datetime) -> dict[str, object]:
    made = start if order.young else start - AGE * (15 if order.back_dated else 1)
    stamp = made.strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "type": "orders",
        "id": str(order.id),
        "attributes": {
            "identifier": str(order.id),
            "currency": "GBP",
            "totalValue": "24.0000",
            "createdAt": stamp,
            "updatedAt": stamp,
        },
        "relationships": {
            "customer": {"data": {"type": "customers", "id": "3"}},
            "parent": {"data": _link("orders", order.parent)},
            "subOrders": {"data": [_link("orders", one) for one in order.sub_orders]},
            "lineItems": {"data": [_link("orderlineitems", order.id)]},
            "shippingAddress": {"data": _link("orderaddresses", order.id)},
        },
    }


def _link(kind: str, key: int | None) -> dict[str, str] | None:
    return None if key is None else {"type": kind, "id": str(key)}


def _included(order: ShopOrder) -> tuple[dict[str, object], ...]:
    line = {
        "productSku": "B",
        "productUnitCode": "each",
        "quantity": 2,
        "value": "10.0000",
        "currency": "GBP",
    }
    address = {"street": "1 Sample Street", "city": "Sampleton", "postalCode": "ZZ1 1ZZ"}
    country = {"country": {"data": {"type": "countries", "id": "GB"}}}
    return (
        {"type": "orderlineitems", "id": str(order.id), "attributes": line},
        {
            "type": "orderaddresses",
            "id": str(order.id),
            "attributes": address,
            "relationships": country,
        },
    )
