"""What the shop fills in when a record is made and nobody said it."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import NAMESPACE_URL, uuid5

from oro_prima.sandbox.oro.db import Db, Ref, Row
from oro_prima.sandbox.oro.schema import Schema

USER: Ref = ("users", "1")
UNIT_OF_BUSINESS: Ref = ("businessunits", "1")
ORGANIZATION: Ref = ("organizations", "1")
BY_KIND: Mapping[str, object] = {"boolean": False, "array": []}
"""What a member of this kind is unless somebody said otherwise."""
VALUES: Mapping[tuple[str, str], object] = {
    ("entityfieldfallbackvalues", "arrayValue"): None,
    ("orders", "disablePromotions"): None,
    ("customerusers", "confirmed"): True,
    ("customerusers", "loginCount"): 0,
    ("pricelists", "active"): True,
    ("pricelists", "actual"): True,
    ("orderdiscounts", "amount"): "0.0000",
    ("orderdiscounts", "percent"): 0,
    ("orderlineitems", "priceType"): 10,
    ("orderlineitems", "productName"): "",
    ("orderlineitems", "checksum"): "",
    ("products", "status"): "disabled",
    ("products", "productType"): "simple",
}
LINKS: Mapping[tuple[str, str], Ref] = {
    ("customerusers", "auth_status"): ("customeruserauthstatuses", "active"),
    ("products", "attributeFamily"): ("attributefamilies", "1"),
    ("products", "inventory_status"): ("prodinventorystatuses", "in_stock"),
}
TEXTS = (
    "descriptions", "shortDescriptions", "slugPrototypes",
    "metaTitles", "metaDescriptions", "metaKeywords",
)  # fmt: skip
"""Texts of a product, of which each localization gets one."""


def complete(row: Row, schema: Schema, stamp: str) -> None:
    """Fill in what a new record lacks: dates, flags, its owner and organization."""
    for name, kind in schema.attributes.items():
        if row.attributes.get(name) is None:
            row.attributes[name] = _value(row, name, kind, stamp)
    for name, (target, many) in schema.relations.items():
        if not many and row.relations.get(name) is None:
            row.relations[name] = _link(row.type, name, target)


def _value(row: Row, name: str, kind: str, stamp: str) -> object:
    if name in ("createdAt", "updatedAt"):
        return stamp
    if name == "uuid":
        return str(uuid5(NAMESPACE_URL, f"{row.type}/{row.id}"))
    return VALUES.get((row.type, name), BY_KIND.get(kind))


def _link(kind: str, name: str, target: str) -> Ref | None:
    if target == ORGANIZATION[0]:
        return ORGANIZATION
    if name == "owner":
        return {"users": USER, "businessunits": UNIT_OF_BUSINESS}.get(target)
    return LINKS.get((kind, name))


def add_texts(product: Row, schema: Schema, db: Db) -> None:
    """Give a product an empty text of every sort that nobody wrote."""
    for name in TEXTS:
        if name in schema.relations and not product.many(name):
            text = db.add(schema.relations[name][0])
            text.attributes.update(fallback=None)
            text.relations["product"] = (product.type, product.id)
            product.relations[name] = [(text.type, text.id)]
