"""
A record of every resource type that nothing else fills, so that each list shows its shape.

Values say nothing: texts name their member, amounts are zero. Relationships lead to the first
record there is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from oro_prima.sandbox.oro.db import Relation, Row
from oro_prima.sandbox.oro.defaults import add_texts, complete
from oro_prima.sandbox.oro.mirrors import mirror
from oro_prima.sandbox.oro.parts import add_settings
from oro_prima.sandbox.oro.query import COMPUTED
from oro_prima.sandbox.oro.schema import Schema
from oro_prima.sandbox.oro.shop import Shop
from oro_prima.sandbox.oro.texts import instant

APIECE = 3
CURRENCY = "GBP"
FEWER: Mapping[str, int] = {
    "attributefamilies": 1, "organizations": 1, "brands": 2, "customeruserauthstatuses": 2,
}  # fmt: skip
"""Types of which a new server has fewer."""
UNITS = ("each", "hour", "item", "kg", "piece", "set")
"""The units that a new server comes with."""
_TEXT_KEYS: Mapping[str, tuple[str, ...]] = {
    "countries": ("GB", "DE", "US"),
    "regions": ("GB-LND", "GB-KEN", "DE-BE"),
    "customerratings": ("1_of_5", "2_of_5", "3_of_5"),
    "customeruserauthstatuses": ("active", "reset"),
}

_TAKING_PART: Mapping[str, Mapping[str, object]] = {
    "pricelists": {"active": True},
    "pricelistschedules": {"deactivateAt": None},
}
"""What makes the first price list one that shoppers see: active, in a window that does not end."""


def furnish(shop: Shop, schemas: Mapping[str, Schema]) -> None:
    """Add records of every type that has none; types that lead to others come after them."""
    for code in UNITS:
        if shop.db.get("productunits", code) is None:
            shop.db.add("productunits", key=code).attributes.update(_unit(code))
    empty = [s for s in schemas.values() if not any(shop.db.rows(s.kind))]
    made: list[Row] = []
    stamp = instant(shop.now())
    for schema in sorted(empty, key=lambda s: (len(s.relations), s.kind)):
        if not schema.kind.startswith("order") and schema.kind not in COMPUTED:
            made += [
                _record(shop, schema, number) for number in range(FEWER.get(schema.kind, APIECE))
            ]
    for row in made:
        row.relations.update(_relations(shop, schemas[row.type], row))
    for schema in schemas.values():
        for row in shop.db.rows(schema.kind):
            complete(row, schema, stamp)
    for product in shop.db.rows("products"):
        add_settings(product, shop.db)
        add_texts(product, schemas[product.type], shop.db)
    _lead_back(shop, made)
    _price(shop, [row for row in made if row.type == "productprices"])


def _price(shop: Shop, prices: Iterable[Row]) -> None:
    """Let each price be of another product, in the unit it is sold in; then of larger tiers."""
    products = list(shop.db.rows("products"))[:APIECE]
    for number, price in enumerate(prices if products else ()):
        tier, place = divmod(number, len(products))
        precision = products[place].one("primaryUnitPrecision")
        unit = shop.db.need(precision).one("unit") if precision else None
        price.attributes.update(quantity=1 + 9 * tier, value="1.0000")
        price.relations.update(product=("products", products[place].id), unit=unit)


SEEN_FROM_BOTH = frozenset(
    {"customerusers", "customeraddresses", "customeruseraddresses", "productdescriptions"}
)


def _lead_back(shop: Shop, made: Iterable[Row]) -> None:
    """Let the first customer have users, addresses and a group, and its orders a buyer."""
    for row in made:
        if row.type in SEEN_FROM_BOTH:
            for name in list(row.relations):
                mirror(row, name, None, shop.db)
    customer = next(shop.db.rows("customers"), None)
    if customer is None:
        return
    group = next(shop.db.rows("customergroups"), None)
    if customer.one("group") is None and group is not None:
        customer.relations["group"] = (group.type, group.id)
    for order in shop.db.rows("orders"):
        if order.one("customer") == (customer.type, customer.id):
            order.relations["customerUser"] = next(iter(customer.many("users")), None)


def _unit(code: str) -> dict[str, object]:
    texts = dict.fromkeys(("label", "pluralLabel", "shortLabel", "shortPluralLabel"), code)
    return {**texts, "defaultPrecision": 0}


def _record(shop: Shop, schema: Schema, number: int) -> Row:
    keys = _TEXT_KEYS.get(schema.kind, ())
    fallback = "" if schema.numbered else f"{schema.kind}_{number + 1}"
    row = shop.db.add(schema.kind, key=keys[number] if keys else fallback)
    stamp = instant(shop.now())
    for name, kind in schema.attributes.items():
        row.attributes[name] = _value(name, kind, stamp)
    row.attributes.update(_TAKING_PART.get(schema.kind, {}))
    return row


def _value(name: str, kind: str, stamp: str) -> object:
    if name == "currency":
        return CURRENCY
    values: Mapping[str, object] = {
        "instant": stamp, "date": stamp[:10], "money": "0.0000", "number": 0, "integer": 0,
        "boolean": False, "array": [], "object": {}, "null": None,
    }  # fmt: skip
    return values.get(kind, name)


def _relations(shop: Shop, schema: Schema, row: Row) -> dict[str, Relation]:
    found: dict[str, Relation] = {}
    for name, (target, many) in schema.relations.items():
        first = next((other for other in shop.db.rows(target) if other is not row), None)
        ref = (target, first.id) if first is not None else None
        found[name] = ([ref] if ref else []) if many else ref
    return found
