"""Writing through the API: levels, products, orders with their parts, trackings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count
from typing import TypeAlias
from uuid import NAMESPACE_URL, uuid5

from oro_prima.converters import is_list
from oro_prima.sandbox.oro.checks import (
    ABSENT,
    BLANK,
    LINE_STAYS,
    NO_LINES,
    bare_problems,
    extra_field,
    mapping,
    missing,
    order_problems,
    owner_problems,
    price_problems,
    ref_of,
    refs_of,
    refuse_unknown,
    relations_of,
    wrong_values,
)
from oro_prima.sandbox.oro.db import Ref, Row
from oro_prima.sandbox.oro.defaults import add_texts, complete
from oro_prima.sandbox.oro.mirrors import changed, mirror
from oro_prima.sandbox.oro.order_rows import name_goods, new_address, new_line
from oro_prima.sandbox.oro.parts import (
    add_level,
    complete_product,
    parts_problems,
    renamed,
    without,
    write_order_parts,
    write_parts,
)
from oro_prima.sandbox.oro.problems import Problem, RefusedError, not_found
from oro_prima.sandbox.oro.schema import Schema
from oro_prima.sandbox.oro.shop import ORGANIZATION, Shop
from oro_prima.sandbox.oro.texts import MONEY, READ_ONLY, decimal_of, instant, money, quantity_text
from oro_prima.sandbox.oro.unique import taken
from oro_prima.sandbox.oro.wellformed import refuse_malformed

Tree: TypeAlias = Mapping[str, object]

LONGEST_NUMBER = 255
_COMPLETED = frozenset({"products", "orderlineitems", "orderdiscounts"})
"""Types whose missing members the shop fills in, or refuses in a way of its own."""
FROZEN_STATUSES = frozenset({"cancelled", "closed"})


class Writing:
    """What POST and PATCH do to the records of one shop."""

    def __init__(self, shop: Shop, schemas: Mapping[str, Schema]) -> None:
        self._shop, self._schemas = shop, schemas
        self._count = count(1)
        self._made: dict[Ref, Ref] = {}

    def take_made(self) -> dict[Ref, Ref]:
        """Return what was made beside the records written since, under the ids it was sent by."""
        made, self._made = self._made, {}
        return made

    def create(self, kind: str, data: Tree, included: Sequence[Tree], at: str = "/data") -> Row:
        """Create a record; raises `RefusedError`."""
        refuse_malformed(kind, data, included, self._schemas, at)
        if "POST" not in self._schemas[kind].list_methods:
            raise RefusedError(Problem(405, "action not allowed exception", pointer=at))
        added = self._shop.db.added
        try:
            row = self._made_of(kind, data, included, at)
        except RefusedError:
            self._shop.db.drop_since(added)
            raise
        self._complete([row])
        return row

    def _made_of(self, kind: str, data: Tree, included: Sequence[Tree], at: str) -> Row:
        if kind == "orders":
            return self._create_order(data, included, at)
        if kind == "ordershippingtrackings":
            return self._create_tracking(data, at)
        return self._create_plain(kind, data, included, at)

    def _complete(self, rows: Sequence[Row]) -> None:
        """Fill in what nobody said about new records and what came beside them."""
        db, stamp = self._shop.db, instant(self._shop.now())
        beside = (db.get(*ref) for ref in self._made.values())
        for row in (*rows, *(one for one in beside if one is not None)):
            complete(row, self._schemas[row.type], stamp)

    def update(
        self, kind: str, key: str, data: Tree, included: Sequence[Tree], at: str = "/data"
    ) -> Row:
        """Update a record; raises `RefusedError`."""
        row = self._shop.db.get(kind, key)
        if row is None:
            raise RefusedError(not_found())
        refuse_unknown(self._schemas[kind], data, at)
        refuse_malformed(kind, data, included, self._schemas, at)
        used = list(taken(self._schemas[kind], data, self._shop.db, at, own=key))
        if used:
            raise RefusedError(*used)
        if kind == "inventorylevels":
            self._update_level(row, data, at)
        elif kind == "orders":
            self._update_order(row, data, included, at)
        else:
            self._update_plain(kind, row, data, included, at)
            self._shop.db.moved(kind)
        self._complete([])
        return row

    def delete(self, row: Row) -> None:
        """Delete a record, and what cannot be without it; raises `RefusedError`."""
        db = self._shop.db
        if row.type == "orders":
            self._refuse_own_parent(row)
            self._shop.delete_order(row.id)
            return
        owners = [db.need(ref) for ref in self._owners(row)]
        if row.type == "orderlineitems" and any(len(o.many("lineItems")) == 1 for o in owners):
            detail = f"The delete operation is forbidden. Reason: {NO_LINES}."
            raise RefusedError(Problem(403, "access denied exception", detail))
        db.drop(row.type, row.id)
        for owner in owners:
            self._shop.touch(owner)

    def _owners(self, row: Row) -> list[Ref]:
        """Return the orders whose totals a record is part of."""
        if row.type not in ("orderlineitems", "orderdiscounts"):
            return []
        return row.many("orders") or [ref for ref in (row.one("order"),) if ref]

    def _refuse_own_parent(self, row: Row) -> None:
        """Fail as 6.1 does once an order is its own parent: no write ends any more."""
        if self._shop.new and row.one("parent") == (row.type, row.id):
            raise RefusedError(Problem(500, "error exception"))

    def change_links(
        self, kind: str, key: str, name: str, refs: Sequence[Ref], method: str
    ) -> None:
        """Set, add or remove links by the relationship's own route; raises `RefusedError`."""
        row = self._shop.db.need((kind, key))
        if kind == "orders":
            self._refuse_frozen(row, "the parent entity")
        if (kind, name) == ("orders", "lineItems") and method == "POST":
            raise RefusedError(Problem(400, "unchangeable field constraint", LINE_STAYS))
        before = row.relations.get(name)
        if self._schemas[kind].relations[name][1]:
            row.relations[name] = changed(row.many(name), refs, method)
        else:
            self._relate(row, name, refs[0] if refs else None, f"/data/relationships/{name}")
        mirror(row, name, before, self._shop.db)
        if kind == "orders":
            self._shop.touch(row)

    # Levels

    def _update_level(self, row: Row, data: Tree, at: str) -> None:
        attributes = mapping(data.get("attributes"))
        if "quantity" not in attributes:
            return
        pointer = f"{at}/attributes/quantity"
        if attributes["quantity"] is None:
            raise RefusedError(Problem(400, "not blank constraint", BLANK, pointer))
        quantity = decimal_of(attributes["quantity"], pointer)
        if len(quantity.as_tuple().digits) > 20:
            detail = "This value should be of type numeric."
            raise RefusedError(Problem(400, "type constraint", detail, pointer))
        row.attributes["quantity"] = quantity_text(quantity)
        self._shop.note("level_write", row.id, quantity)

    # Orders

    def _create_order(self, data: Tree, included: Sequence[Tree], at: str) -> Row:
        refuse_unknown(self._schemas["orders"], data, at)
        problems = self._order_problems(data, included, at)
        if problems:
            raise RefusedError(*problems)
        attributes, relations = mapping(data.get("attributes")), relations_of(data)
        shop, row = self._shop, self._shop.db.add("orders")
        stamp = str(attributes.get("createdAt") or instant(shop.now()))
        customer, parent = ref_of(relations["customer"]), ref_of(relations.get("parent"))
        row.attributes.update(
            identifier=row.id if shop.new else None, createdAt=stamp, updatedAt=stamp,
            disablePromotions=False if shop.new else None, currency=attributes.get("currency"),
        )  # fmt: skip
        if shop.new:
            row.attributes["external"] = bool(attributes.get("external"))
        shop.link_order(row, customer[1] if customer else "", parent=parent[1] if parent else None)
        if shop.new:
            row.relations["internalStatus"] = ("orderinternalstatuses", "open")
            row.relations["shippingStatus"] = ("ordershippingstatuses", "not_shipped")
        self._relate_as_said(row, relations, at)
        self._assign(row, data, at)
        self._parts(row, relations, included)
        self._made |= write_order_parts(row, data, included, shop.db, new=shop.new)
        shop.recompute(row)
        return row

    def _relate_as_said(self, row: Row, relations: Tree, at: str) -> None:
        for name in ("shippingStatus", "status", "customerUser", "paymentTerm", "parent"):
            if name in relations:
                self._relate(row, name, ref_of(relations[name]), f"{at}/relationships/{name}")

    def _order_problems(self, data: Tree, included: Sequence[Tree], at: str) -> list[Problem]:
        schema = self._schemas["orders"]
        problems = [*wrong_values(schema, data, self._shop.db, at)]
        problems = [p for p in problems if "/lineItems/" not in p.pointer]
        problems = [p for p in problems if "ddress/" not in p.pointer]
        problems += owner_problems(data, self._shop.db) if self._shop.new else ()
        problems += order_problems(data, included, self._shop.db, at)
        return [*problems, *taken(schema, data, self._shop.db, at)]

    def _by(self, name: str, value: str) -> Row | None:
        """Return the order that a unique member finds; case does not count."""
        rows = self._shop.db.rows("orders")
        wanted = value.lower()
        return next((r for r in rows if str(r.attributes.get(name)).lower() == wanted), None)

    def upserted(self, data: Tree) -> Row | None:
        """Return the order that `meta.upsert` by identifier finds; None where there is none."""
        upsert = mapping(data.get("meta")).get("upsert")
        if upsert is None:
            return None
        fields = upsert if is_list(upsert) else ["id"]
        kind, allowed = (
            data.get("type"),
            ["identifier"] if self._shop.new else ["identifier", "uuid"],
        )
        if kind != "orders":
            detail = "The upsert operation is not allowed."
        elif upsert is True or fields == ["id"]:
            detail = "The upsert operation cannot use the entity identifier to find an entity."
        elif len(fields) != 1 or fields[0] not in allowed:
            detail = "The upsert operation cannot use this field to find an entity."
        else:
            name = str(fields[0])
            return self._by(name, str(mapping(data.get("attributes")).get(name)))
        raise RefusedError(Problem(400, "value constraint", detail, "/meta/upsert"))

    def _parts(self, row: Row, relations: Mapping[str, object], included: Sequence[Tree]) -> None:
        by_id = {(str(part.get("type")), str(part.get("id"))): part for part in included}
        for target in refs_of(relations.get("lineItems")):
            part = by_id.get(target)
            if part is not None:
                self._made |= new_line(self._shop, row, part, by_id)
        for name in ("billingAddress", "shippingAddress"):
            address = ref_of(relations.get(name))
            part = by_id.get(address) if address else None
            if part is not None and address is not None:
                row.relations[name] = self._made[address] = new_address(self._shop.db, part)

    def _update_order(self, row: Row, data: Tree, included: Sequence[Tree], at: str) -> None:
        self._refuse_frozen(row)
        self._refuse_own_parent(row)
        relations = relations_of(data)
        plain: Tree = {**data, "relationships": {}}
        problems = list(wrong_values(self._schemas["orders"], plain, self._shop.db, at))
        status = ref_of(relations.get("internalStatus"))
        if status is not None and self._shop.db.get(*status) is None:
            where = f"{at}/relationships/internalStatus/data"
            problems.append(Problem(400, "form constraint", ABSENT, where))
        if problems:
            raise RefusedError(*problems)
        self._relate_as_said(row, relations, at)
        self._assign(row, data, at)
        if "lineItems" in relations:
            self._replace_lines(row, relations, included)
        shop = self._shop
        self._made |= write_order_parts(row, data, included, shop.db, new=shop.new)
        shop.touch(row)

    def _replace_lines(
        self, row: Row, relations: Mapping[str, object], included: Sequence[Tree]
    ) -> None:
        kept = [ref for ref in refs_of(relations["lineItems"]) if ref in row.many("lineItems")]
        row.relations["lineItems"] = kept
        self._parts(row, relations, included)

    def _refuse_frozen(self, row: Row, whose: str = "the entity") -> None:
        status = row.one("internalStatus")
        if self._shop.new and status is not None and status[1] in FROZEN_STATUSES:
            detail = f'No access by "EDIT" permission to {whose}.'
            raise RefusedError(Problem(403, "access denied exception", detail))

    def _relate(self, row: Row, name: str, ref: Ref | None, pointer: str) -> None:
        schema = self._schemas[row.type]
        if name not in schema.relations:
            raise RefusedError(extra_field(name))
        if name == "internalStatus":
            raise RefusedError(Problem(405, "action not allowed exception", pointer=pointer))
        if ref is not None and ref[0] in self._schemas and self._shop.db.get(*ref) is None:
            detail = "The entity does not exist."
            raise RefusedError(Problem(400, "form constraint", detail, f"{pointer}/data"))
        row.relations[name] = ref

    # Everything else

    def _create_tracking(self, data: Tree, at: str) -> Row:
        attributes, relations = mapping(data.get("attributes")), relations_of(data)
        number = str(attributes.get("number") or "")
        if len(number) > LONGEST_NUMBER:
            raise RefusedError(Problem(500, "driver exception"))
        if not number:
            raise RefusedError(
                Problem(400, "not blank constraint", BLANK, f"{at}/attributes/number")
            )
        orders = refs_of(relations.get("orders")) or refs_of(relations.get("order"))
        if not orders and not self._shop.new:
            raise RefusedError(Problem(500, "not null constraint violation exception"))
        row = self._shop.db.add("ordershippingtrackings")
        row.attributes.update(method=attributes.get("method"), number=number)
        owner = "orders" if self._shop.new else "order"
        row.relations[owner] = list(orders) if self._shop.new else orders[0]
        for ref in orders:
            order = self._shop.db.get(*ref)
            if order is None:
                place = f"{at}/relationships/{owner}/data"
                raise RefusedError(Problem(400, "form constraint", ABSENT, place))
            order.many("shippingTrackings").append(("ordershippingtrackings", row.id))
        return row

    def _create_plain(self, kind: str, data: Tree, included: Sequence[Tree], at: str) -> Row:
        refuse_unknown(self._schemas[kind], data, at, besides=self._schemas[kind].write_only)
        problems = [] if kind in _COMPLETED else list(missing(self._schemas[kind], data, at))
        problems += bare_problems(kind, data, at, new=self._shop.new)
        problems += taken(self._schemas[kind], data, self._shop.db, at)
        self._refuse_wrong(kind, data, included, at, problems)
        row = self._shop.db.add(kind, key=self._key(kind))
        self._update_plain(kind, row, data, included, at)
        if kind == "products":
            complete_product(row, self._shop.db, ORGANIZATION, falling_back=self._shop.new)
            add_texts(row, self._schemas[kind], self._shop.db)
        if kind == "orderlineitems":
            name_goods(row, self._shop)
        if kind == "productunitprecisions" and row.one("product") is not None:
            add_level(row.one("product"), (kind, row.id), self._shop.db, ORGANIZATION)
        return row

    def _key(self, kind: str) -> str:
        """Return an id that is no number where the type has such ids."""
        if kind != "webhooks":
            return ""
        return str(uuid5(NAMESPACE_URL, f"{kind}/{next(self._count)}"))

    def _refuse_wrong(
        self, kind: str, data: Tree, included: Sequence[Tree], at: str, problems: list[Problem]
    ) -> None:
        made = {(part.get("type"), part.get("id")) for part in included}
        db = self._shop.db
        problems += wrong_values(self._schemas[kind], without(data, made), db, at)
        if kind == "productprices":
            problems += price_problems(data, db, at)
        problems += parts_problems(kind, data, included, self._schemas, db, at)
        if problems:
            raise RefusedError(*problems)

    def _update_plain(
        self, kind: str, row: Row, data: Tree, included: Sequence[Tree], at: str
    ) -> None:
        self._refuse_wrong(kind, data, included, at, [])
        ids = write_parts(row, data, included, self._schemas, self._shop.db)
        self._made |= ids
        self._assign(row, data, at)
        for name, value in relations_of(data).items():
            refs, before = renamed(value, ids), row.relations.get(name)
            if self._schemas[kind].relations[name][1]:
                row.relations[name] = refs
            else:
                self._relate(row, name, refs[0] if refs else None, f"{at}/relationships/{name}")
            mirror(row, name, before, self._shop.db)
        if kind in ("customers", "products"):
            row.attributes["updatedAt"] = instant(self._shop.now())
        self._recompute_owner(row)

    def _recompute_owner(self, row: Row) -> None:
        for ref in self._owners(row):
            order = self._shop.db.get(*ref)
            if order is not None:
                self._shop.touch(order)

    def _assign(self, row: Row, data: Tree, at: str) -> None:
        for name, value in mapping(data.get("attributes")).items():
            if name in READ_ONLY or (name in ("external", "currency") and row.type == "orders"):
                continue
            if name in MONEY and value is not None:
                row.attributes[name] = money(decimal_of(value, f"{at}/attributes/{name}"))
            else:
                row.attributes[name] = value
