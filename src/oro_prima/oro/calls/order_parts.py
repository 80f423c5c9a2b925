"""What belongs to an order: addresses, discounts, lines, lines of kits."""

from __future__ import annotations

from oro_prima.call import Page
from oro_prima.ids import OroLineId
from oro_prima.oro.calls.jsonapi import ApiCall
from oro_prima.oro.calls.records import PAGE, get_record, list_records
from oro_prima.oro.calls.writing import create_record, delete_record, update_record
from oro_prima.oro.models.order_lines import (
    ORDER_LINES,
    OrderLineFields,
    OrderLineFilter,
    OrderLineRecord,
)
from oro_prima.oro.models.order_parts import (
    ORDER_ADDRESSES,
    ORDER_DISCOUNTS,
    ORDER_KIT_LINES,
    OrderAddressFields,
    OrderAddressFilter,
    OrderAddressRecord,
    OrderDiscountFields,
    OrderDiscountFilter,
    OrderDiscountRecord,
    OrderKitLine,
    OrderKitLineFields,
    OrderKitLineFilter,
)


def list_line_records(
    *, where: OrderLineFilter | None = None, after: int = 0, size: int = PAGE
) -> ApiCall[Page[OrderLineRecord]]:
    """Read order lines, page by page; all of them without a filter."""
    return list_records(ORDER_LINES, where=where, after=after, size=size)


def get_order_line(line: OroLineId) -> ApiCall[OrderLineRecord]:
    """Read an order line by its id."""
    return get_record(ORDER_LINES, key=line)


def create_order_line(fields: OrderLineFields) -> ApiCall[OrderLineRecord]:
    """Make an order line."""
    return create_record(ORDER_LINES, fields=fields)


def update_order_line(line: OroLineId, *, fields: OrderLineFields) -> ApiCall[OrderLineRecord]:
    """Change an order line; what is not named stays, a to-many that is named is replaced."""
    return update_record(ORDER_LINES, key=line, fields=fields)


def delete_order_line(line: OroLineId) -> ApiCall[None]:
    """Delete an order line; the last one cannot go (403)."""
    return delete_record(ORDER_LINES, key=line)


def list_order_kit_lines(
    *, where: OrderKitLineFilter | None = None, after: int = 0, size: int = PAGE
) -> ApiCall[Page[OrderKitLine]]:
    """Read order kit lines, page by page; all of them without a filter."""
    return list_records(ORDER_KIT_LINES, where=where, after=after, size=size)


def get_order_kit_line(line: str) -> ApiCall[OrderKitLine]:
    """Read an order kit line by its id."""
    return get_record(ORDER_KIT_LINES, key=line)


def create_order_kit_line(fields: OrderKitLineFields) -> ApiCall[OrderKitLine]:
    """Make an order kit line."""
    return create_record(ORDER_KIT_LINES, fields=fields)


def update_order_kit_line(line: str, *, fields: OrderKitLineFields) -> ApiCall[OrderKitLine]:
    """Change an order kit line; what is not named stays."""
    return update_record(ORDER_KIT_LINES, key=line, fields=fields)


def delete_order_kit_line(line: str) -> ApiCall[None]:
    """Delete an order kit line."""
    return delete_record(ORDER_KIT_LINES, key=line)


def list_order_addresses(
    *, where: OrderAddressFilter | None = None, after: int = 0, size: int = PAGE
) -> ApiCall[Page[OrderAddressRecord]]:
    """Read order addresses, page by page; all of them without a filter."""
    return list_records(ORDER_ADDRESSES, where=where, after=after, size=size)


def get_order_address(address: str) -> ApiCall[OrderAddressRecord]:
    """Read an order address by its id."""
    return get_record(ORDER_ADDRESSES, key=address)


def create_order_address(fields: OrderAddressFields) -> ApiCall[OrderAddressRecord]:
    """Make an order address."""
    return create_record(ORDER_ADDRESSES, fields=fields)


def update_order_address(
    address: str, *, fields: OrderAddressFields
) -> ApiCall[OrderAddressRecord]:
    """Change an order address; what is not named stays."""
    return update_record(ORDER_ADDRESSES, key=address, fields=fields)


def delete_order_address(address: str) -> ApiCall[None]:
    """Delete an order address."""
    return delete_record(ORDER_ADDRESSES, key=address)


def list_order_discounts(
    *, where: OrderDiscountFilter | None = None, after: int = 0, size: int = PAGE
) -> ApiCall[Page[OrderDiscountRecord]]:
    """Read order discounts, page by page; all of them without a filter."""
    return list_records(ORDER_DISCOUNTS, where=where, after=after, size=size)


def get_order_discount(discount: str) -> ApiCall[OrderDiscountRecord]:
    """Read an order discount by its id."""
    return get_record(ORDER_DISCOUNTS, key=discount)


def create_order_discount(fields: OrderDiscountFields) -> ApiCall[OrderDiscountRecord]:
    """Make an order discount; the order's totals are computed anew."""
    return create_record(ORDER_DISCOUNTS, fields=fields)


def update_order_discount(
    discount: str, *, fields: OrderDiscountFields
) -> ApiCall[OrderDiscountRecord]:
    """Change an order discount; what is not named stays."""
    return update_record(ORDER_DISCOUNTS, key=discount, fields=fields)


def delete_order_discount(discount: str) -> ApiCall[None]:
    """Delete an order discount."""
    return delete_record(ORDER_DISCOUNTS, key=discount)
