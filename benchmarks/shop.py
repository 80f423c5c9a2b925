"""The OroCommerce client: records against bare JSON, calls counted, memory of a long sweep."""

from __future__ import annotations

import json
from functools import partial
from typing import Any, TypeVar

from attrs import define

from benchmarks.measuring import Row, added, compare, growth
from oro_prima.call import Call, ResponseHead, each
from oro_prima.converters import decode_json
from oro_prima.oro.calls.customers import list_customers
from oro_prima.oro.calls.orders import sweep_orders
from oro_prima.oro.calls.stock import list_levels
from oro_prima.oro.models.features import OroFeatures

R = TypeVar("R")
OK = ResponseHead(200, (("Content-Type", "application/vnd.api+json"),))
FEATURES = OroFeatures()
STAMP = "2031-05-06T07:08:09Z"
LINES = 3


@define
class Made:
    """Answers any list by id from records that are made when they are asked for."""

    most: int
    calls: int = 0

    def send(self, call: Call[R]) -> R:
        """Answer one page."""
        self.calls += 1
        request = call.request()
        query = dict(request.query)
        ids = self._ids(query)
        decoder = call.decoder(OK)
        decoder.feed(page(request.path, ids))
        return decoder.close()

    def _ids(self, query: dict[str, str]) -> list[int]:
        size = int(query["page[size]"])
        if "filter[id]" in query:
            return [int(one) for one in query["filter[id]"].split(",")]
        after = int(query["filter[id][gt]"])
        return list(range(after + 1, min(after + size, self.most) + 1))


def page(kind: str, ids: list[int]) -> bytes:
    """Return a document of records with these ids, and what comes along."""
    data, included = [], []
    for key in ids:
        row, beside = MAKERS[kind](key)
        data.append(row)
        included += beside
    tree: dict[str, object] = {"data": data}
    return json.dumps(tree | ({"included": included} if included else {})).encode()


def _to(kind: str, key: object) -> dict[str, object]:
    return {"data": {"type": kind, "id": str(key)}}


def an_order(key: int) -> tuple[Any, list[Any]]:
    """Return an order of three lines, and its lines."""
    lines = [
        {
            "type": "orderlineitems",
            "id": str(key * 10 + n),
            "attributes": {
                "productSku": f"S{n}", "productUnitCode": "each", "quantity": n + 1,
                "value": "12.5000", "currency": "GBP", "comment": None,
            },
            "relationships": {"product": _to("products", n + 1)},
        }
        for n in range(LINES)
    ]  # fmt: skip
    linked = [{"type": line["type"], "id": line["id"]} for line in lines]
    attributes = {
        "identifier": str(key), "poNumber": f"PO-{key}", "currency": "GBP", "totalValue": "75.0000",
        "subtotalValue": "75.0000", "createdAt": STAMP, "updatedAt": STAMP, "external": False,
    }  # fmt: skip
    relations = {
        "customer": _to("customers", key % 700 + 1),
        "lineItems": {"data": linked},
        "internalStatus": _to("orderinternalstatuses", "open"),
    }
    row = {"type": "orders", "id": str(key), "attributes": attributes, "relationships": relations}
    return row, list(lines)


def a_customer(key: int) -> tuple[Any, list[Any]]:
    """Return a customer."""
    attributes = {"name": f"Made-up {key}", "createdAt": STAMP, "updatedAt": STAMP}
    relations = {
        "group": _to("customergroups", 1), "parent": {"data": None}, "children": {"data": []},
        "taxCode": _to("customertaxcodes", 1), "users": {"data": []},
    }  # fmt: skip
    row = {"type": "customers", "id": str(key)}
    return {**row, "attributes": attributes, "relationships": relations}, []


def a_level(key: int) -> tuple[Any, list[Any]]:
    """Return a level with its product and unit."""
    product = {"type": "products", "id": str(key), "attributes": {"sku": f"S{key}"}}
    precision = {
        "type": "productunitprecisions",
        "id": str(key),
        "attributes": {"conversionRate": 1},
        "relationships": {"unit": _to("productunits", "each")},
    }
    row = {
        "type": "inventorylevels",
        "id": str(key),
        "attributes": {"quantity": "5"},
        "relationships": {
            "product": _to("products", key),
            "productUnitPrecision": _to("productunitprecisions", key),
        },
    }
    return row, [product, precision]


MAKERS = {"orders": an_order, "customers": a_customer, "inventorylevels": a_level}


def sweep(orders: int) -> int:
    """Read so many orders, forgetting each."""
    return sum(1 for _ in each(Made(orders), sweep_orders(FEATURES, after=0)))


def with_customers(orders: int) -> int:
    """Read orders with lines and customers; returns how many calls that took."""
    sender = Made(orders)
    wanted = {order.customer: None for order in each(sender, sweep_orders(FEATURES, after=0))}
    ids = tuple(str(one) for one in wanted if one)
    for _customer in each(sender, list_customers(where={"id": ids})):
        pass
    return sender.calls


def levels(count: int) -> int:
    """Read so many levels; returns how many calls that took."""
    sender = Made(count)
    for _level in each(sender, list_levels()):
        pass
    return sender.calls


def _read(call: Call[Any], body: bytes) -> object:
    decoder = call.decoder(OK)
    decoder.feed(body)
    return decoder.close()


def rows() -> dict[str, Row]:
    """Measure."""
    found: dict[str, Row] = {}
    for name, kind, call in (
        ("customers", "customers", list_customers(size=10_000)),
        ("orders with lines", "orders", sweep_orders(FEATURES, after=0, size=10_000)),
        ("levels with products", "inventorylevels", list_levels(size=10_000)),
    ):
        small, large = (page(kind, list(range(1, n + 1))) for n in (100, 1000))
        ratio, spread = compare(partial(decode_json, small), partial(_read, call, small))
        grown = growth(partial(_read, call, small), partial(_read, call, large))
        floor = "the same page by the JSON decoder alone"
        found[f"shop: page of 100 {name} to records"] = Row(ratio, floor, spread, growth=grown)
    floor = "10 pages of orders, 7 of customers, 1 to see the end"
    calls = with_customers(1_000)
    found["shop: calls per 1,000 orders with lines, customers"] = Row(calls, floor, unit="calls")
    found["shop: calls per 50,000 levels"] = Row(
        levels(50_000), "50 pages, 1 to see the end", unit="calls"
    )
    used = {
        count: added("benchmarks.shop", "sweep", first=300, count=count)
        for count in (1_000, 100_000)
    }
    for count, megabytes in used.items():
        name = f"shop: memory, {count} orders swept"
        found[name] = Row(megabytes, "0", unit="MB", growth=megabytes - used[1_000])
    return found
