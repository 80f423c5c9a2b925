"""
Trees of OroCommerce to models, and models to trees.

A tree is what a JSON:API document says of one resource, under names in snake case: a relationship
is the tree of the resource it leads to where that came along, else its bare id. Nothing is guessed:
an address or a discount that is linked and did not come is a fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cache, partial
from typing import Generic, TypeVar

from attrs import frozen
from cattrs import Converter

from oro_prima.converters import faults_of, is_list, is_object, make_converter
from oro_prima.oro.models.operations import AsyncOperation, OperationError, record_index
from oro_prima.oro.models.orders import Order, OrderLine, OrderSubtotal
from oro_prima.oro.models.stock import CategoryStock, InventoryLevel
from oro_prima.records import Unread

T = TypeVar("T")

Tree = Mapping[str, object]

TO_MANY_CAP = 100
"""So many links of one relationship may be a list that the server cut, silently."""


@frozen
class Parsed(Generic[T]):
    """The records of one answer that can be read, and those that cannot."""

    items: tuple[T, ...]
    unread: tuple[Unread, ...] = ()


class UnreadableRecordsError(ValueError):
    """Some records cannot be read; `subjects` names them (`orders/1042`), no text holds a value."""

    def __init__(self, faults: tuple[str, ...], subjects: tuple[str, ...]) -> None:
        super().__init__("; ".join(faults))
        self.faults, self.subjects = faults, subjects


def parse_orders(trees: Iterable[Tree], *, cap: int = TO_MANY_CAP) -> tuple[Order, ...]:
    """
    Read orders.

    `lines` holds the lines that came along; `lines_complete` is False where fewer came than are
    linked, or where `cap` or more are linked: the server may have cut them.

    Raises:
        UnreadableRecordsError: Names every order that cannot be read, and each of its faults.
    """
    return _parse_all(trees, Order, partial(_order, cap=cap))


def read_orders(trees: Iterable[Tree], *, cap: int = TO_MANY_CAP) -> Parsed[Order]:
    """Read orders as `parse_orders` does, with those that cannot be read standing apart."""
    return read_all(trees, Order, partial(_order, cap=cap))


def parse_order_lines(trees: Iterable[Tree]) -> tuple[OrderLine, ...]:
    """Read order lines; raises `UnreadableRecordsError`."""
    return _parse_all(trees, OrderLine, _line)


def parse_subtotals(trees: Iterable[Tree]) -> tuple[OrderSubtotal, ...]:
    """Read rows of an order's totals; raises `UnreadableRecordsError`."""
    return _parse_all(trees, OrderSubtotal, _subtotal)


def parse_levels(trees: Iterable[Tree]) -> tuple[InventoryLevel, ...]:
    """Read inventory levels with their product and unit; raises `UnreadableRecordsError`."""
    return _parse_all(trees, InventoryLevel, _level)


def parse_categories(trees: Iterable[Tree]) -> tuple[CategoryStock, ...]:
    """Read what categories say of stock; raises `UnreadableRecordsError`."""
    return _parse_all(trees, CategoryStock, _category)


@cache
def _converter() -> Converter:
    return make_converter()


def _parse_all(trees: Iterable[Tree], cl: type[T], shape: Callable[[Tree], Tree]) -> tuple[T, ...]:
    parsed = read_all(trees, cl, shape)
    if parsed.unread:
        faults = tuple(fault for record in parsed.unread for fault in record.faults)
        raise UnreadableRecordsError(faults, tuple(record.subject for record in parsed.unread))
    return parsed.items


def read_all(trees: Iterable[Tree], cl: type[T], shape: Callable[[Tree], Tree]) -> Parsed[T]:
    """Read trees into a class, each brought to its shape first; the unreadable stand apart."""
    converter = _converter()
    models: list[T] = []
    unread: list[Unread] = []
    for tree in trees:
        try:
            models.append(converter.structure(shape(tree), cl))
        except Exception as exc:  # noqa: BLE001 - cattrs raises groups of any kind
            unread.append(_unread(tree, exc))
    return Parsed(tuple(models), tuple(unread))


def _unread(tree: Tree, exc: Exception) -> Unread:
    subject = f"{tree.get('type')}/{tree.get('id')}"
    faults = tuple(f"{subject}: {fault}" for fault in faults_of(exc))
    return Unread(subject, faults, _created_at(tree))


def _created_at(tree: Tree) -> datetime | None:
    """Return when a record was created, where at least that can be read."""
    try:
        return _converter().structure(tree.get("created_at"), datetime)
    except (TypeError, ValueError):
        return None


def _order(tree: Tree, *, cap: int) -> Tree:
    linked = _many(tree, "line_items")
    came = [_line(one) for one in linked if is_object(one)]
    subtotals = tree.get("order_subtotals")
    return {
        **tree,
        **{name: _key(tree.get(name)) for name in _ORDER_KEYS},
        "sub_orders": [_key(one) for one in _many(tree, "sub_orders")],
        "line_ids": [_key(one) for one in linked],
        "lines": came,
        "lines_complete": len(came) == len(linked) < cap,
        "discounts": _many(tree, "discounts"),
        "subtotals": None if subtotals is None else list(map(_subtotal_row, _rows(subtotals))),
        "billing_address": _address(tree.get("billing_address")),
        "shipping_address": _address(tree.get("shipping_address")),
    }


_ORDER_KEYS = (
    "customer",
    "customer_user",
    "payment_term",
    "organization",
    "internal_status",
    "status",
    "shipping_status",
    "parent",
)


def _line(tree: Tree) -> Tree:
    kit = len(_many(tree, "kit_item_line_items"))
    return {**tree, "product": _key(tree.get("product")), "kit_lines": kit}


def _subtotal_row(row: object) -> object:
    return _subtotal(row) if is_object(row) else row


def _subtotal(row: Tree) -> Tree:
    total = _part(_part(row, "data"), "total")
    return {**row, "tax_amount": total.get("taxAmount")}


def _address(tree: object) -> object:
    if not is_object(tree):
        return tree
    return {**tree, "country": _key(tree.get("country")), "region": _key(tree.get("region"))}


def _level(tree: Tree) -> Tree:
    product, precision = _part(tree, "product"), _part(tree, "product_unit_precision")
    settings = ("manage_inventory", "decrement_quantity", "back_order")
    return {
        "id": tree.get("id"),
        "quantity": tree.get("quantity"),
        "product": _key(tree.get("product")),
        "sku": product.get("sku"),
        "unit": _key(precision.get("unit")),
        "conversion_rate": precision.get("conversion_rate"),
        "inventory_status": _key(product.get("inventory_status")),
        "settings": {name: _switch(product.get(name)) for name in settings},
        "category": _key(product.get("category")),
    }


def _category(tree: Tree) -> Tree:
    settings = ("manage_inventory", "decrement_quantity", "back_order")
    return {
        "id": tree.get("id"),
        "parent": _key(tree.get("parent_category")),
        "settings": {name: _switch(tree.get(name)) for name in settings},
    }


def _switch(value: object) -> bool | None:
    """Read what the product itself says of a setting; None where it defers to another."""
    scalar = value.get("scalar_value") if is_object(value) else None
    return {"1": True, "0": False}.get(str(scalar))


def _many(tree: Tree, name: str) -> list[object]:
    return _rows(tree.get(name))


def _rows(value: object) -> list[object]:
    return value if is_list(value) else []


def _part(tree: Tree, name: str) -> Tree:
    value = tree.get(name)
    return value if is_object(value) else {}


def _key(value: object) -> object:
    """Return the id of what a relationship leads to, whether or not it came along."""
    return value.get("id") if is_object(value) else value


def parse_operation(tree: Tree) -> AsyncOperation:
    """Read a batch operation; raises `UnreadableRecordsError`."""
    return _parse_all((tree,), AsyncOperation, _operation)[0]


def parse_operation_errors(trees: Iterable[Tree]) -> tuple[OperationError, ...]:
    """Read why records of an operation were refused; raises `UnreadableRecordsError`."""
    return _parse_all(trees, OperationError, _operation_error)


def _operation(tree: Tree) -> Tree:
    summary = _part(tree, "summary")
    counts = {f"{name}_count": summary.get(f"{name}Count") for name in ("read", "write", "error")}
    return {**tree, **counts}


def _operation_error(tree: Tree) -> Tree:
    pointer = _part(tree, "source").get("pointer") or ""
    return {**tree, "pointer": pointer, "index": record_index(str(pointer))}
