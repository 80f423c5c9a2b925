"""What may be there once: numbers of orders, SKUs, e-mail addresses, foreign keys, prices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation

from oro_prima.sandbox.oro.checks import Tree, mapping, ref_of, relations_of
from oro_prima.sandbox.oro.db import Db, Row
from oro_prima.sandbox.oro.problems import Problem
from oro_prima.sandbox.oro.schema import Schema

ONCE: Mapping[str, tuple[str, ...]] = {
    "orders": ("identifier",),
    "products": ("sku",),
    "customerusers": ("email",),
}
"""Members of a type whose value no second record may have; case does not count."""
PRICE = (
    'Product has duplication of product prices. Set of fields "PriceList", "Quantity" ,'
    ' "Unit" and "Currency" should be unique.'
)


def taken(schema: Schema, data: Tree, db: Db, at: str, *, own: str = "") -> Iterator[Problem]:
    """Name values that another record than `own` has already."""
    given = mapping(data.get("attributes"))
    names = (*ONCE.get(schema.kind, ()), *(("externalId",) if _keeps(schema) else ()))
    for name in names:
        value = given.get(name)
        if value and any(row.id != own for row in _having(db, schema.kind, name, str(value))):
            yield _problem(schema.kind, f"{at}/attributes/{name}")
    if schema.kind == "productprices" and not own and _has_price(data, db):
        yield Problem(400, "unique entity constraint", PRICE, "" if at == "/data" else at)


def _keeps(schema: Schema) -> bool:
    return "externalId" in schema.attributes


def _having(db: Db, kind: str, name: str, value: str) -> Iterator[Row]:
    wanted = value.lower()
    return (r for r in db.rows(kind) if str(r.attributes.get(name) or "").lower() == wanted)


def _problem(kind: str, pointer: str) -> Problem:
    if kind == "customerusers" and pointer.endswith("/email"):
        title = "unique customer user name and email constraint"
        return Problem(400, title, "This email is already used.", pointer)
    return Problem(400, "unique entity constraint", "This value is already used.", pointer)


def _has_price(data: Tree, db: Db) -> bool:
    given, relations = mapping(data.get("attributes")), relations_of(data)
    wanted = tuple(ref_of(relations.get(name)) for name in ("priceList", "product", "unit"))
    if wanted[1] is None:
        return False
    return any(
        wanted == tuple(row.one(name) for name in ("priceList", "product", "unit"))
        and row.attributes.get("currency") == given.get("currency")
        and _number(row.attributes.get("quantity")) == _number(given.get("quantity"))
        for row in db.leading_to(wanted[1], kind="productprices", name="product")
    )


def _number(value: object) -> Decimal | None:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None
