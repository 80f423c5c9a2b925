"""Records that come beside another one in `included`: what is wrong with them; writing them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

from oro_prima.sandbox.oro.checks import (
    NOT_LINKED,
    Tree,
    linked,
    mapping,
    missing,
    ref_of,
    refs_of,
    relations_of,
    wrong_values,
)
from oro_prima.sandbox.oro.db import Db, Ref, Relation, Row
from oro_prima.sandbox.oro.problems import Problem
from oro_prima.sandbox.oro.schema import Schema
from oro_prima.sandbox.oro.texts import money

Schemas: TypeAlias = Mapping[str, Schema]

SETTINGS = "entityfieldfallbackvalues"
WORDS = ("category", "systemConfig")
"""What a setting of a product can fall back to."""
NUMBERS = frozenset(
    {
        "inventoryThreshold", "lowInventoryThreshold",
        "minimumQuantityToOrder", "maximumQuantityToOrder",
    }
)  # fmt: skip
OTHERS = frozenset({"isUpcoming", "pageTemplate"})
FLAGS = frozenset({"manageInventory", "backOrder", "decrementQuantity", "highlightLowInventory"})


def own_parts(data: Tree, included: Sequence[Tree], kind: str) -> list[Tree]:
    """Return the records beside a batch that one record leads to."""
    known = linked(relations_of(data), included, kind)
    return [part for part in included if _key(part) in known]


def parts_problems(
    kind: str, data: Tree, included: Sequence[Tree], schemas: Schemas, db: Db, at: str
) -> Iterator[Problem]:
    """Name what is wrong with the records beside one."""
    known = linked(relations_of(data), included, kind)
    made = {_key(part) for part in included}
    kinds = {kind} | {str(part.get("type")) for part in included}
    for number, part in enumerate(included):
        place, schema = f"/included/{number}", schemas.get(str(part.get("type")))
        if _key(part) not in known:
            yield Problem(400, "request data constraint", NOT_LINKED, place)
        elif schema is not None:
            yield from _lacking(schema, part, kinds, place)
            yield from wrong_values(schema, without(part, made), db, place)
    if kind == "products":
        yield from _setting_problems(data, included, at)


def _lacking(schema: Schema, part: Tree, kinds: set[str], place: str) -> Iterator[Problem]:
    """Name what a part lacks; what leads back to its owner is filled in."""
    back = {name for name, (target, _many) in schema.relations.items() if target in kinds}
    for problem in missing(schema, part, place):
        if not any(f"/relationships/{name}/" in problem.pointer for name in back):
            yield problem


def without(data: Tree, made: set[tuple[object, object]]) -> Tree:
    """Return a record without its relationships to records that are yet to be written."""
    kept = {
        name: {"data": value}
        for name, value in relations_of(data).items()
        if not any(ref in made for ref in refs_of(value))
    }
    return {**data, "relationships": kept}


def _setting_problems(data: Tree, included: Sequence[Tree], at: str) -> Iterator[Problem]:
    names = {ref_of(value): name for name, value in relations_of(data).items()}
    for number, part in enumerate(included):
        name = names.get((str(part.get("type")), str(part.get("id"))))
        if part.get("type") == SETTINGS and name is not None:
            yield from _wrong_setting(
                name, mapping(part.get("attributes")), f"/included/{number}", at
            )


def _wrong_setting(name: str, given: Tree, place: str, at: str) -> Iterator[Problem]:
    said = [key for key in ("fallback", "scalarValue", "arrayValue") if given.get(key) is not None]
    if len(said) != 1:
        detail = 'Either "fallback", "scalarValue" or "arrayValue" property should be specified.'
        yield Problem(400, "entity field fallback value constraint", detail, place)
    elif said == ["fallback"] and given["fallback"] not in WORDS:
        detail = f"The value is not valid. Acceptable values: {', '.join(WORDS)}."
        title = "related entity field fallback value constraint"
        yield Problem(400, title, detail, f"{at}/relationships/{name}/data")
        detail = f"The value is not valid. Acceptable values: {','.join(WORDS)}."
        yield Problem(400, "choice constraint", detail, f"{place}/attributes/fallback")
    elif said == ["scalarValue"]:
        yield from _wrong_scalar(name, _scalar(given["scalarValue"]), place)


def _wrong_scalar(name: str, text: str, place: str) -> Iterator[Problem]:
    if name in FLAGS and text not in ("0", "1"):
        detail = "The value you selected is not a valid choice. Source: value."
        yield Problem(400, "choice constraint", detail, place)
    if name in NUMBERS and not _is_number(text):
        detail = "This value should be a valid number. Source: value."
        yield Problem(400, "range constraint", detail, place)


def _scalar(value: object) -> str:
    return str(int(value) if isinstance(value, bool) else value)


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False


def write_parts(
    owner: Row, data: Tree, included: Sequence[Tree], schemas: Schemas, db: Db
) -> dict[Ref, Ref]:
    """Write the records beside one; returns the id that each got."""
    parts = [part for part in included if str(part.get("type")) in schemas]
    rows = [db.add(str(part.get("type"))) for part in parts]
    ids = {_ref(part): (row.type, row.id) for part, row in zip(parts, rows, strict=True)}
    for part, row in zip(parts, rows, strict=True):
        _fill(row, part, ids, owner, schemas[row.type])
    return ids


def _fill(row: Row, part: Tree, ids: Mapping[Ref, Ref], owner: Row, schema: Schema) -> None:
    given, relations = mapping(part.get("attributes")), relations_of(part)
    for name in schema.attributes:
        row.attributes[name] = given.get(name)
    scalar = given.get("scalarValue")
    if row.type == SETTINGS and scalar is not None:
        row.attributes["scalarValue"] = _scalar(scalar)
    for name, (target, many) in schema.relations.items():
        refs = renamed(relations.get(name), ids)
        if not refs and target == owner.type:
            refs = [(owner.type, owner.id)]
        row.relations[name] = _relation(refs, many=many)


def _relation(refs: list[Ref], *, many: bool) -> Relation:
    if many:
        return refs
    return refs[0] if refs else None


def complete_product(product: Row, db: Db, organization: Ref, *, falling_back: bool) -> None:
    """Give a product made by the API a level a unit; on 6.1 its settings fall back, on 5.1 not."""
    for ref in product.many("unitPrecisions"):
        add_level((product.type, product.id), ref, db, organization)
    if falling_back:
        add_settings(product, db)


def add_settings(product: Row, db: Db) -> None:
    """Let every setting of a product that nobody made fall back to its category."""
    for name in sorted(NUMBERS | FLAGS | OTHERS):
        if product.one(name) is None:
            setting = db.add(SETTINGS)
            setting.attributes.update(fallback="category", scalarValue=None, arrayValue=None)
            product.relations[name] = (setting.type, setting.id)


def write_order_parts(
    order: Row, data: Tree, included: Sequence[Tree], db: Db, *, new: bool
) -> dict[Ref, Ref]:
    """Write discounts and trackings that come with an order; those left out are detached."""
    by_id = {_ref(part): part for part in included}
    made: dict[Ref, Ref] = {}
    for name, owner in (
        ("discounts", "order"),
        ("shippingTrackings", "orders" if new else "order"),
    ):
        if name not in relations_of(data):
            continue
        refs = refs_of(relations_of(data)[name])
        for ref in refs:
            if ref in by_id:
                row = db.add(ref[0])
                row.attributes.update(_texts(mapping(by_id[ref].get("attributes"))))
                back = (order.type, order.id)
                row.relations[owner] = [back] if owner == "orders" else back
                made[ref] = (row.type, row.id)
        order.relations[name] = [made.get(ref, ref) for ref in refs]
    return made


def _texts(attributes: Tree) -> dict[str, object]:
    amount = attributes.get("amount")
    told = {} if amount is None else {"amount": money(Decimal(str(amount)))}
    return {**attributes, **told}


def add_level(product: Relation, precision: Ref, db: Db, organization: Ref) -> None:
    """Give a product's unit its level, at 0."""
    level = db.add("inventorylevels")
    level.attributes["quantity"] = "0"
    level.relations.update(
        product=product, productUnitPrecision=precision, organization=organization
    )


def renamed(value: object, ids: Mapping[Ref, Ref]) -> list[Ref]:
    """Return where a relationship leads, with the ids that new records got."""
    return [ids.get(ref, ref) for ref in refs_of(value)]


def _key(part: Tree) -> tuple[object, object]:
    return part.get("type"), part.get("id")


def _ref(part: Tree) -> Ref:
    return str(part.get("type")), str(part.get("id"))
