"""
A record of every resource type that nothing else fills, so that each list shows its shape.

Values say nothing: texts name their member, amounts are zero. Relationships lead to the first
record there is.
"""

from __future__ import annotations

from collections.abc import Mapping

from oro_prima.sandbox.oro.db import Relation, Row
from oro_prima.sandbox.oro.schema import Schema
from oro_prima.sandbox.oro.shop import Shop, instant

APIECE = 2
UNITS = ("each", "hour", "item", "kg", "piece", "set")
"""The units that a new server comes with."""
_TEXT_KEYS: Mapping[str, tuple[str, ...]] = {
    "countries": ("GB", "DE"),
    "regions": ("GB-LND", "GB-KEN"),
    "customerratings": ("1_of_5", "2_of_5"),
}


def furnish(shop: Shop, schemas: Mapping[str, Schema]) -> None:
    """Add records of every type that has none; types that lead to others come after them."""
    for code in UNITS:
        if shop.db.get("productunits", code) is None:
            shop.db.add("productunits", key=code).attributes.update(_unit(code))
    empty = [s for s in schemas.values() if not any(shop.db.rows(s.kind))]
    made: list[Row] = []
    for schema in sorted(empty, key=lambda s: (len(s.relations), s.kind)):
        if not schema.kind.startswith("order"):
            made += [_record(shop, schema, number) for number in range(APIECE)]
    for row in made:
        row.relations.update(_relations(shop, schemas[row.type], row))


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
    return row


def _value(name: str, kind: str, stamp: str) -> object:
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
