"""What the API finds wrong with a record before it writes it: every fault, each at its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation

from oro_prima.converters import is_list, is_object
from oro_prima.sandbox.oro.db import Db, Ref
from oro_prima.sandbox.oro.problems import Problem, RefusedError
from oro_prima.sandbox.oro.schema import Schema

Tree = Mapping[str, object]

ABSENT = "The entity does not exist."
BLANK = "This value should not be blank."
LINE_STAYS = "Line Item order cannot be changed once set."
NO_LINES = "Please add at least one Line Item"
NO_CURRENCY = "This value is not a valid currency."
NOT_LINKED = (
    "The entity should have a relationship with the primary entity"
    " and this should be explicitly specified in the request"
)
NAMES: Mapping[str, str] = {
    "firstName": "First Name and Last Name or Organization",
    "lastName": "Last Name and First Name or Organization",
    "organization": "Organization or First Name and Last Name",
}
CHOICES: Mapping[tuple[str, str], frozenset[str]] = {
    ("products", "status"): frozenset({"enabled", "disabled"}),
    ("products", "productType"): frozenset({"simple", "configurable", "kit"}),
}
CURRENCY = re.compile(r"[A-Z]{3}")
NO_CURRENCIES = frozenset({"ZZZ", "AAA", "XYZ", "XXX"})
LENGTH_OF_A_NAME = 255


def refuse_unknown(
    schema: Schema, data: Tree, at: str, *, besides: frozenset[str] = frozenset()
) -> None:
    """Refuse members that the type does not have, and an empty list of attributes."""
    problems = [
        extra_field(name)
        for name in mapping(data.get("attributes"))
        if name not in schema.attributes and name not in besides
    ]
    problems += [extra_field(name) for name in relations_of(data) if name not in schema.relations]
    if data.get("attributes") == {} and at == "/data":
        detail = "The 'attributes' property should not be empty"
        problems.append(Problem(400, "request data constraint", detail, f"{at}/attributes"))
    if problems:
        raise RefusedError(*problems)


def extra_field(name: str) -> Problem:
    """Return the refusal of a member that the type does not have."""
    detail = f'This form should not contain extra fields: "{name}".'
    return Problem(400, "extra fields constraint", detail)


def missing(schema: Schema, data: Tree, at: str) -> Iterator[Problem]:
    """Name what a new record needs and does not say."""
    given = {**mapping(data.get("attributes")), **relations_of(data)}
    for name in sorted(schema.required):
        if given.get(name) not in (None, "", []):
            continue
        if name not in schema.relations:
            yield Problem(400, "not blank constraint", BLANK, f"{at}/attributes/{name}")
        elif schema.relations[name][1]:
            detail = "There should be at least one."
            yield Problem(400, "count constraint", detail, f"{at}/relationships/{name}/data")
        else:
            yield Problem(400, "not blank constraint", BLANK, f"{at}/relationships/{name}/data")


def bare_problems(kind: str, data: Tree, at: str, *, new: bool) -> Iterator[Problem]:
    """Name what a line without an order and a product without units lack."""
    given = relations_of(data)
    if kind == "orderlineitems" and new and not given.get("orders"):
        detail = "This collection should contain 1 element or more."
        yield Problem(400, "count constraint", detail, f"{at}/relationships/orders/data")
    if kind == "orderlineitems" and not new and not given.get("order"):
        yield Problem(400, "not blank constraint", BLANK, f"{at}/relationships/order/data")
    if kind == "products" and not given.get("unitPrecisions"):
        detail = "Please add one or more product units."
        yield Problem(400, "count constraint", detail, f"{at}/relationships/unitPrecisions/data")
    if kind == "products" and not given.get("primaryUnitPrecision"):
        place = f"{at}/relationships/primaryUnitPrecision/data"
        yield Problem(400, "not blank constraint", BLANK, place)


def wrong_values(schema: Schema, data: Tree, db: Db, at: str) -> Iterator[Problem]:
    """Name values that the type does not take, and records that are not there."""
    for name, value in mapping(data.get("attributes")).items():
        yield from _wrong_value(schema, name, value, f"{at}/attributes/{name}")
    for name, value in relations_of(data).items():
        target, many = schema.relations.get(name, ("", False))
        refs = value if is_list(value) else [value]
        for number, one in enumerate(refs):
            place = f"{at}/relationships/{name}/data" + (f"/{number}" if many else "")
            yield from _wrong_ref(ref_of(one), target, db, place)


def _wrong_value(schema: Schema, name: str, value: object, pointer: str) -> Iterator[Problem]:
    kind = schema.attributes.get(name, "")
    if kind == "date" and isinstance(value, str) and not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        detail = f'The "{value}" is not valid date.'
        yield Problem(400, "form constraint", detail, pointer)
    choices = CHOICES.get((schema.kind, name))
    if choices is not None and value not in choices:
        detail = "The value you selected is not a valid choice."
        yield Problem(400, "choice constraint", detail, pointer)
    longest = schema.lengths.get(name, LENGTH_OF_A_NAME if name == "name" else 0)
    if longest and isinstance(value, str) and len(value) > longest:
        detail = f"This value is too long. It should have {longest} characters or less."
        yield Problem(400, "length constraint", detail, pointer)


def _wrong_ref(ref: Ref | None, target: str, db: Db, pointer: str) -> Iterator[Problem]:
    if ref is None or not target:
        return
    if ref[0] != target:
        detail = "Not acceptable entity type."
        yield Problem(400, "entity type constraint", detail, f"{pointer}/type")
    elif (
        (ref[1].isdigit() or target == "productunits")
        and any(db.rows(target))
        and db.get(*ref) is None
    ):
        yield Problem(400, "form constraint", ABSENT, pointer)


def order_problems(data: Tree, included: Sequence[Tree], db: Db, at: str) -> list[Problem]:
    """Name what is wrong with a new order and the records that come with it."""
    attributes, relations = mapping(data.get("attributes")), relations_of(data)
    problems: list[Problem] = []
    currency = attributes.get("currency")
    if isinstance(currency, str) and not _is_currency(currency):
        place = f"{at}/attributes/currency"
        problems.append(Problem(400, "currency constraint", NO_CURRENCY, place))
    if not relations.get("customer"):
        where = f"{at}/relationships/customer/data"
        problems.append(Problem(400, "not blank constraint", BLANK, where))
    if not relations.get("lineItems"):
        where = f"{at}/relationships/lineItems/data"
        problems.append(Problem(400, "count constraint", NO_LINES, where))
    known = linked(relations, included, "orders")
    brought = {(str(part.get("type")), str(part.get("id"))) for part in included}
    for number, ref in enumerate(refs_of(relations.get("lineItems"))):
        if ref not in brought and db.get(*ref) is not None:
            detail = LINE_STAYS
            where = f"{at}/relationships/lineItems/data/{number}"
            problems.append(Problem(400, "unchangeable field constraint", detail, where))
    for number, part in enumerate(included):
        place = f"/included/{number}"
        if (part.get("type"), part.get("id")) in known:
            problems += line_problems(part, db, place)
            problems += _chosen_problems(part, db, place)
            problems += _address_problems(part, place)
        else:
            problems.append(Problem(400, "request data constraint", NOT_LINKED, place))
    problems += discount_problems(data, included)
    return problems


def owner_problems(data: Tree, db: Db) -> Iterator[Problem]:
    """Name a customer user who is not of the customer; 5.1 does not look."""
    relations = relations_of(data)
    customer, user = ref_of(relations.get("customer")), ref_of(relations.get("customerUser"))
    row = db.get(*user) if user else None
    if row is not None and customer is not None and row.one("customer") != customer:
        detail = "The customer user does not belong to the customer."
        yield Problem(400, "customer owner constraint", detail)


def linked(
    relations: Mapping[str, object], included: Sequence[Tree], kind: str
) -> set[tuple[object, object]]:
    """Return what the primary record leads to, directly or through records beside it."""
    found: set[tuple[object, object]] = set()
    todo = [ref for value in relations.values() for ref in refs_of(value)]
    for part in included:
        if any(ref[0] == kind for value in relations_of(part).values() for ref in refs_of(value)):
            found.add((part.get("type"), part.get("id")))
    parts = {(part.get("type"), part.get("id")): part for part in included}
    while todo:
        ref = todo.pop()
        if ref in found:
            continue
        found.add(ref)
        if ref in parts:
            values = relations_of(parts[ref]).values()
            todo += [one for value in values for one in refs_of(value)]
    return found


def line_problems(part: Tree, db: Db, at: str) -> Iterator[Problem]:
    """Name what is wrong with a line."""
    if part.get("type") != "orderlineitems":
        return
    attributes, relations = mapping(part.get("attributes")), relations_of(part)
    yield from _product_problems(attributes, relations, db, at)
    yield from _unit_problems(relations, db, at)
    yield from _kit_problems(attributes, relations, db, at)
    yield from _precision_problems(attributes, relations, db, at)
    if Decimal(str(attributes.get("quantity") or 0)) <= 0:
        detail = "This value should be greater than 0."
        yield Problem(400, "greater than constraint", detail, f"{at}/attributes/quantity")
    if attributes.get("value") is None:
        detail = "Price value should not be blank."
        yield Problem(400, "not blank constraint", detail, f"{at}/attributes/value")
        yield Problem(400, "not blank constraint", f"{detail} Source: price.", at)


def _product_problems(
    attributes: Tree, relations: Mapping[str, object], db: Db, at: str
) -> Iterator[Problem]:
    if attributes.get("freeFormProduct"):
        return
    ref, sku = ref_of(relations.get("product")), attributes.get("productSku")
    place = f"{at}/relationships/product/data"
    by_sku = sku and any(row.attributes.get("sku") == sku for row in db.rows("products"))
    if (ref is None or db.get(*ref) is None) and not by_sku:
        yield Problem(400, "line item product constraint", "Please choose Product.", place)
        if ref is not None:
            yield Problem(400, "form constraint", ABSENT, place)


def _unit_problems(relations: Mapping[str, object], db: Db, at: str) -> Iterator[Problem]:
    """Name a unit that no product has; one that this product lacks is taken."""
    unit = ref_of(relations.get("productUnit"))
    if unit is not None and any(db.rows(unit[0])) and db.get(*unit) is None:
        place = f"{at}/relationships/productUnit/data"
        detail = "The product unit does not exist for the product."
        yield Problem(400, "not blank constraint", detail, place)
        yield Problem(400, "form constraint", ABSENT, place)


def _kit_problems(
    attributes: Tree, relations: Mapping[str, object], db: Db, at: str
) -> Iterator[Problem]:
    """Name the items of a kit that have to be chosen and were not."""
    ref, sku = ref_of(relations.get("product")), attributes.get("productSku")
    by_sku = (row for row in db.rows("products") if sku and row.attributes.get("sku") == sku)
    product = db.get(*ref) if ref else next(by_sku, None)
    if product is None or relations.get("kitItemLineItems"):
        return
    for item in product.many("kitItems"):
        if not db.need(item).attributes.get("optional"):
            sku, label = product.attributes.get("sku"), kit_item_label(item, db)
            detail = f'Product kit "{sku}" is missing the required kit item "{label}"'
            title = "product kit line item contains required kit items constraint"
            yield Problem(400, title, detail, f"{at}/relationships/kitItemLineItems/data")


def _chosen_problems(part: Tree, db: Db, at: str) -> Iterator[Problem]:
    """Name what a choice for an item of a kit leads to and is not there."""
    if part.get("type") != "orderproductkititemlineitems":
        return
    relations = relations_of(part)
    for name in ("kitItem", "product", "productUnit"):
        ref = ref_of(relations.get(name))
        if ref is not None and any(db.rows(ref[0])) and db.get(*ref) is None:
            yield Problem(400, "form constraint", ABSENT, f"{at}/relationships/{name}/data")


def kit_item_label(item: Ref, db: Db) -> object:
    """Return what an item of a kit is called."""
    labels = db.need(item).many("labels")
    return db.need(labels[0]).attributes.get("string") if labels else item[1]


def discount_problems(data: Tree, included: Sequence[Tree]) -> Iterator[Problem]:
    """Name discounts that are more than the order."""
    parts = {(str(one.get("type")), str(one.get("id"))): one for one in included}
    lines = [parts[ref] for ref in refs_of(relations_of(data).get("lineItems")) if ref in parts]
    subtotal = sum(
        (_amount(line, "value") * _amount(line, "quantity") for line in lines), Decimal(0)
    )
    total = Decimal(0)
    numbers = {key: number for number, key in enumerate(parts)}
    chosen = [ref for ref in refs_of(relations_of(data).get("discounts")) if ref in parts]
    for ref in chosen:
        part = parts[ref]
        share = _amount(part, "percent")
        taken = _amount(part, "amount") if share == 0 else subtotal * share
        total += taken
        if subtotal and abs(taken / subtotal) > 1:
            detail = "This value should be between -100% and 100%."
            place = f"/included/{numbers[ref]}/attributes/percent"
            yield Problem(400, "range constraint", detail, place)
    if chosen and total > subtotal:
        detail = (
            "The sum of all discounts cannot exceed the order grand total amount."
            " Please review some discounts above and make necessary adjustments."
        )
        place = f"/included/{numbers[chosen[-1]]}/relationships/order/data"
        yield Problem(400, "discounts constraint", detail, place)


def _amount(part: Tree, name: str) -> Decimal:
    value = mapping(part.get("attributes")).get(name)
    try:
        return Decimal(str(value or 0))
    except InvalidOperation:
        return Decimal(0)


def _precision_problems(
    attributes: Tree, relations: Mapping[str, object], db: Db, at: str
) -> Iterator[Problem]:
    """Name a quantity finer than the product's unit takes."""
    product, unit = ref_of(relations.get("product")), ref_of(relations.get("productUnit"))
    row = db.get(*product) if product else None
    if row is None or unit is None:
        return
    quantity = Decimal(str(attributes.get("quantity") or 0))
    for ref in row.many("unitPrecisions"):
        precision = db.need(ref)
        places = Decimal(1).scaleb(-int(str(precision.attributes.get("precision") or 0)))
        if precision.one("unit") == unit and quantity % places:
            detail = f'The precision for the unit "{unit[1]}" is not valid.'
            pointer = f"{at}/attributes/quantity"
            yield Problem(400, "quantity unit precision constraint", detail, pointer)


def price_problems(data: Tree, db: Db, at: str) -> Iterator[Problem]:
    """Name what is wrong with a price: its amount, its currency, its unit."""
    attributes, relations = mapping(data.get("attributes")), relations_of(data)
    value, currency = str(attributes.get("value") or ""), attributes.get("currency")
    if value.startswith("-"):
        detail = "This value should be 0 or more."
        yield Problem(400, "range constraint", detail, f"{at}/attributes/value")
    if isinstance(currency, str) and not _is_currency(currency):
        place = f"{at}/attributes/currency"
        detail = f'Currency "{currency}" is not valid for current price list.'
        yield Problem(400, "product price currency constraint", detail, place)
        yield Problem(400, "currency constraint", NO_CURRENCY, place)
    product, unit = ref_of(relations.get("product")), ref_of(relations.get("unit"))
    row = db.get(*product) if product else None
    if row is not None and unit is not None and db.get(*unit) is not None:
        units = [db.need(ref).one("unit") for ref in row.many("unitPrecisions")]
        if unit not in units:
            sku = row.attributes.get("sku")
            detail = f'Unit "{unit[1]}" is not allowed for product "{sku}".'
            place = f"{at}/relationships/unit/data"
            yield Problem(400, "product price allowed units constraint", detail, place)


def _is_currency(code: str) -> bool:
    return bool(CURRENCY.fullmatch(code)) and code not in NO_CURRENCIES


def _address_problems(part: Tree, at: str) -> Iterator[Problem]:
    if part.get("type") != "orderaddresses":
        return
    attributes, relations = mapping(part.get("attributes")), relations_of(part)
    named = attributes.get("firstName") and attributes.get("lastName")
    if not named and not attributes.get("organization"):
        for name, words in NAMES.items():
            pointer, detail = f"{at}/attributes/{name}", f"{words} should not be blank."
            yield Problem(400, "name or organization constraint", detail, pointer)
    for name in ("street", "city", "postalCode"):
        if not attributes.get(name):
            yield Problem(400, "not blank constraint", BLANK, f"{at}/attributes/{name}")
    if not relations.get("country"):
        yield Problem(400, "not blank constraint", BLANK, f"{at}/relationships/country/data")


def mapping(value: object) -> Mapping[str, object]:
    """Return an object, or an empty one."""
    return value if is_object(value) else {}


def relations_of(data: Tree) -> dict[str, object]:
    """Return what each relationship leads to."""
    members = mapping(data.get("relationships"))
    return {name: mapping(value).get("data") for name, value in members.items()}


def ref_of(value: object) -> Ref | None:
    """Read one resource identifier."""
    return (str(value.get("type")), str(value.get("id"))) if is_object(value) else None


def refs_of(value: object) -> list[Ref]:
    """Read one resource identifier or several."""
    if is_list(value):
        return [ref for ref in map(ref_of, value) if ref is not None]
    one = ref_of(value)
    return [one] if one else []
