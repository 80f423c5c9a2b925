"""Lines and addresses that come with an order; what a kit comes to."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from oro_prima.sandbox.oro.checks import (
    Tree,
    kit_item_label,
    mapping,
    ref_of,
    refs_of,
    relations_of,
)
from oro_prima.sandbox.oro.db import Db, Ref, Row
from oro_prima.sandbox.oro.shop import Shop
from oro_prima.sandbox.oro.texts import MONEY, instant, money

Parts = Mapping[Ref, Tree]


def new_line(shop: Shop, order: Row, part: Tree, parts: Parts) -> dict[Ref, Ref]:
    """Write a line and what was chosen for the items of its kit; returns the id that each got."""
    attributes, relations = mapping(part.get("attributes")), relations_of(part)
    row = shop.db.add("orderlineitems")
    stamp = instant(shop.now())
    row.attributes.update(
        productSku=attributes.get("productSku"), productVariantFields=[], shipBy=None,
        comment=None, freeFormProduct=None, createdAt=stamp, updatedAt=stamp,
    )  # fmt: skip
    for name, value in attributes.items():
        row.attributes[name] = money(Decimal(str(value))) if name in MONEY else value
    row.relations.update(
        product=ref_of(relations.get("product")), productUnit=ref_of(relations.get("productUnit")),
        kitItemLineItems=[], parentProduct=None,
    )  # fmt: skip
    name_goods(row, shop)
    shop.own_line(order, row)
    made = _kit_items(shop.db, row, relations, parts)
    if made and shop.new:
        row.attributes["value"] = money(_kit_price(shop.db, row))
    return {(str(part.get("type")), str(part.get("id"))): (row.type, row.id), **made}


def name_goods(line: Row, shop: Shop) -> None:
    """Name a line's product and unit beside the links to them; a free-form line has none."""
    product, unit = line.one("product"), line.one("productUnit")
    found = shop.db.get(*product) if product else None
    if found is None and not line.attributes.get("freeFormProduct"):
        found = shop.product_by_sku(str(line.attributes.get("productSku")))
    line.relations["product"] = (found.type, found.id) if found is not None else None
    line.attributes["productUnitCode"] = unit[1] if unit else None
    line.attributes["productName"] = ""
    if found is not None:
        names = found.many("names")
        name = shop.db.need(names[0]).attributes.get("string") if names else ""
        line.attributes.update(productSku=found.attributes["sku"], productName=name)


def _kit_items(db: Db, line: Row, relations: Tree, parts: Parts) -> dict[Ref, Ref]:
    made: dict[Ref, Ref] = {}
    for ref in refs_of(relations.get("kitItemLineItems")):
        part = parts.get(ref)
        if part is not None:
            made[ref] = _kit_item(db, line, part)
    line.relations["kitItemLineItems"] = list(made.values())
    return made


def _kit_item(db: Db, line: Row, part: Tree) -> Ref:
    row, relations = db.add("orderproductkititemlineitems"), relations_of(part)
    product, item, unit = (
        ref_of(relations.get(name)) for name in ("product", "kitItem", "productUnit")
    )
    row.attributes.update(
        **_of_item(db, item), **_of_product(db, product), productUnitPrecision=0, sortOrder=0,
        productUnitCode=unit[1] if unit else None, currency=line.attributes.get("currency"),
    )  # fmt: skip
    for name, value in mapping(part.get("attributes")).items():
        row.attributes[name] = money(Decimal(str(value))) if name in MONEY else value
    row.relations.update(
        lineItem=(line.type, line.id), kitItem=item, product=product, productUnit=unit
    )
    return (row.type, row.id)


def _of_item(db: Db, item: Ref | None) -> dict[str, object]:
    """Return what a line remembers of the item of the kit."""
    row = db.get(*item) if item else None
    found = row.attributes if row is not None else {}
    return {
        "kitItemId": _numbered(item),
        "kitItemLabel": kit_item_label(item, db) if item and row else "",
        "optional": bool(found.get("optional")),
        "minimumQuantity": found.get("minimumQuantity"),
        "maximumQuantity": found.get("maximumQuantity"),
    }


def _of_product(db: Db, product: Ref | None) -> dict[str, object]:
    row = db.get(*product) if product else None
    sku = row.attributes.get("sku") if row is not None else None
    return {"productId": _numbered(product), "productSku": sku, "productName": sku or ""}


def _numbered(ref: Ref | None) -> int | None:
    return int(ref[1]) if ref and ref[1].isdigit() else None


def _kit_price(db: Db, line: Row) -> Decimal:
    """Return the kit's own list price and what was chosen for it: 6.1 writes over what was sent."""
    items = [db.need(ref) for ref in line.many("kitItemLineItems")]
    chosen = sum((_number(one, "value") * _number(one, "quantity") for one in items), Decimal(0))
    own = (
        _number(price, "value")
        for price in db.rows("productprices")
        if price.one("product") == line.one("product")
        and price.one("unit") == line.one("productUnit")
    )
    return next(own, Decimal(0)) + chosen


def _number(row: Row, name: str) -> Decimal:
    return Decimal(str(row.attributes.get(name) or 0))


def new_address(db: Db, part: Tree) -> Ref:
    """Write an address of an order."""
    row = db.add("orderaddresses")
    row.attributes.update(mapping(part.get("attributes")))
    for name in ("country", "region"):
        row.relations[name] = ref_of(relations_of(part).get(name))
    return ("orderaddresses", row.id)
