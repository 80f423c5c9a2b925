"""Relationships that are seen from both ends: what a record leads to leads back to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from oro_prima.sandbox.oro.db import Db, Ref, Relation, Row

MIRRORS: Mapping[tuple[str, str], str] = {
    ("customers", "parent"): "children",
    ("customerusers", "customer"): "users",
    ("customeraddresses", "customer"): "addresses",
    ("customeruseraddresses", "customerUser"): "addresses",
    ("productunitprecisions", "product"): "unitPrecisions",
    ("productdescriptions", "product"): "descriptions",
    ("productnames", "product"): "names",
    ("productkititems", "productKit"): "kitItems",
    ("productkititemproducts", "kitItem"): "kitItemProducts",
    ("productkititemlabels", "kitItem"): "labels",
    ("orders", "parent"): "subOrders",
    ("orderdiscounts", "order"): "discounts",
    ("orderlineitems", "order"): "lineItems",
    ("orderlineitems", "orders"): "lineItems",
    ("ordershippingtrackings", "order"): "shippingTrackings",
    ("ordershippingtrackings", "orders"): "shippingTrackings",
    ("orderproductkititemlineitems", "lineItem"): "kitItemLineItems",
    ("pricelistschedules", "priceList"): "schedules",
}
"""A relationship of a type, and the name that its target has for the way back."""


def mirror(row: Row, name: str, before: Relation, db: Db) -> None:
    """Bring the other end of a relationship in line, once it was changed."""
    back = MIRRORS.get((row.type, name))
    if back is None:
        return
    ref, now = (row.type, row.id), _refs(row.relations.get(name))
    for left in _refs(before):
        owner = db.get(*left)
        if owner is not None and left not in now and ref in owner.many(back):
            owner.many(back).remove(ref)
    for target in now:
        owner = db.get(*target)
        if owner is not None and ref not in owner.many(back):
            owner.relations[back] = [*owner.many(back), ref]


def changed(known: Sequence[Ref], refs: Sequence[Ref], method: str) -> list[Ref]:
    """Return what a list of links is when some were set (PATCH), added (POST) or removed."""
    if method == "POST":
        return [*known, *(ref for ref in refs if ref not in known)]
    return list(refs) if method == "PATCH" else [ref for ref in known if ref not in refs]


def _refs(relation: Relation) -> list[Ref]:
    if relation is None:
        return []
    return relation if isinstance(relation, list) else [relation]
