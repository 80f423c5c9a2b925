"""
Models to trees: the inverse of `trees`, for documents of one's own and for comparing.

Ids that no model keeps (of a unit precision, of a setting, of the lines of a kit) are made from
their owner's.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import cache

from cattrs import Converter

from oro_prima.converters import make_converter
from oro_prima.oro.models.operations import AsyncOperation, OperationError
from oro_prima.oro.models.orders import Order, OrderAddress, OrderLine, OrderSubtotal
from oro_prima.oro.models.stock import InventoryLevel


def render_orders(orders: Iterable[Order]) -> list[dict[str, object]]:
    """Write orders as trees; lines that were not read are bare ids."""
    return [_order(order) for order in orders]


def render_order_lines(lines: Iterable[OrderLine]) -> list[dict[str, object]]:
    """Write order lines as trees."""
    return [_line(line) for line in lines]


def render_levels(levels: Iterable[InventoryLevel]) -> list[dict[str, object]]:
    """Write inventory levels as trees, with their product and its settings."""
    return [_level(level) for level in levels]


def render_operation(operation: AsyncOperation) -> dict[str, object]:
    """Write a batch operation as a tree."""
    counts = {
        "readCount": operation.read_count,
        "writeCount": operation.write_count,
        "errorCount": operation.error_count,
    }
    known = any(count is not None for count in counts.values())
    return {
        "type": "asyncoperations",
        "id": operation.id,
        "status": operation.status,
        "progress": _text(operation.progress),
        "summary": counts if known else None,
    }


def render_operation_error(error: OperationError, *, key: str) -> dict[str, object]:
    """Write why a record was refused as a tree; `key` is its id, such as `7-1-2`."""
    return {
        "type": "asyncoperationerrors",
        "id": key,
        "status": error.status,
        "title": error.title,
        "source": {"pointer": error.pointer} if error.pointer else None,
    }


@cache
def _converter() -> Converter:
    return make_converter()


def _plain(model: object) -> dict[str, object]:
    plain: dict[str, object] = _converter().unstructure(model)
    return plain


def _order(order: Order) -> dict[str, object]:
    lines = {line.id: _line(line) for line in order.lines}
    tree = {
        **_plain(order),
        "type": "orders",
        "sub_orders": list(order.sub_orders),
        "line_items": [lines.get(key, key) for key in order.line_ids],
        "discounts": [{**_plain(one), "type": "orderdiscounts"} for one in order.discounts],
        "billing_address": _address(order.billing_address),
        "shipping_address": _address(order.shipping_address),
    }
    if order.subtotals is not None:
        tree["order_subtotals"] = [_subtotal(row) for row in order.subtotals]
    return tree


def _line(line: OrderLine) -> dict[str, object]:
    kit = [f"{line.id}-{number}" for number in range(line.kit_lines)]
    return {**_plain(line), "type": "orderlineitems", "kit_item_line_items": kit}


def _address(address: OrderAddress | None) -> dict[str, object] | None:
    return None if address is None else {**_plain(address), "type": "orderaddresses"}


def _subtotal(row: OrderSubtotal) -> dict[str, object]:
    tax = None if row.tax_amount is None else {"total": {"taxAmount": str(row.tax_amount)}}
    return {**_plain(row), "type": "ordersubtotals", "data": [] if tax is None else tax}


def _level(level: InventoryLevel) -> dict[str, object]:
    settings = level.settings
    product: dict[str, object] = {
        "type": "products",
        "id": level.product,
        "sku": level.sku,
        "category": level.category,
        "inventory_status": level.inventory_status,
        "manage_inventory": _setting(level, "manage", settings.manage_inventory),
        "decrement_quantity": _setting(level, "decrement", settings.decrement_quantity),
        "back_order": _setting(level, "back", settings.back_order),
    }
    precision: dict[str, object] = {
        "type": "productunitprecisions",
        "id": f"{level.product}-{level.unit}",
        "conversion_rate": _text(level.conversion_rate),
        "unit": level.unit,
    }
    return {
        "type": "inventorylevels",
        "id": level.id,
        "quantity": str(level.quantity),
        "product": product,
        "product_unit_precision": precision,
    }


def _setting(level: InventoryLevel, name: str, value: bool | None) -> dict[str, object]:
    return {
        "type": "entityfieldfallbackvalues",
        "id": f"{level.product}-{name}",
        "fallback": "category" if value is None else None,
        "scalar_value": None if value is None else str(int(value)),
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)
