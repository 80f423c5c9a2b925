"""Codes that records lead to: statuses, countries, regions."""

from __future__ import annotations

from oro_prima.call import Page
from oro_prima.oro.calls.jsonapi import ApiCall
from oro_prima.oro.calls.records import PAGE, get_record, list_records
from oro_prima.oro.models.codes import (
    COUNTRIES,
    INVENTORY_STATUSES,
    ORDER_INTERNAL_STATUSES,
    ORDER_SHIPPING_STATUSES,
    ORDER_STATUSES,
    REGIONS,
    Country,
    CountryFilter,
    InventoryStatus,
    InventoryStatusFilter,
    OrderInternalStatus,
    OrderInternalStatusFilter,
    OrderShippingStatus,
    OrderShippingStatusFilter,
    OrderStatus,
    OrderStatusFilter,
    Region,
    RegionFilter,
)


def list_order_internal_statuses(
    *, where: OrderInternalStatusFilter | None = None
) -> ApiCall[Page[OrderInternalStatus]]:
    """Read order internal statuses, page by page; all of them without a filter."""
    return list_records(ORDER_INTERNAL_STATUSES, where=where)


def get_order_internal_status(status: str) -> ApiCall[OrderInternalStatus]:
    """Read an order internal status by its id."""
    return get_record(ORDER_INTERNAL_STATUSES, key=status)


def list_order_shipping_statuses(
    *, where: OrderShippingStatusFilter | None = None
) -> ApiCall[Page[OrderShippingStatus]]:
    """Read order shipping statuses, page by page; all of them without a filter."""
    return list_records(ORDER_SHIPPING_STATUSES, where=where)


def get_order_shipping_status(status: str) -> ApiCall[OrderShippingStatus]:
    """Read an order shipping status by its id."""
    return get_record(ORDER_SHIPPING_STATUSES, key=status)


def list_order_statuses(*, where: OrderStatusFilter | None = None) -> ApiCall[Page[OrderStatus]]:
    """Read order statuses, page by page; all of them without a filter."""
    return list_records(ORDER_STATUSES, where=where)


def get_order_status(status: str) -> ApiCall[OrderStatus]:
    """Read an order status by its id."""
    return get_record(ORDER_STATUSES, key=status)


def list_inventory_statuses(
    *, where: InventoryStatusFilter | None = None, size: int = PAGE
) -> ApiCall[Page[InventoryStatus]]:
    """Read inventory statuses, page by page; all of them without a filter."""
    return list_records(INVENTORY_STATUSES, where=where, size=size)


def get_inventory_status(status: str) -> ApiCall[InventoryStatus]:
    """Read an inventory status by its id."""
    return get_record(INVENTORY_STATUSES, key=status)


def list_countries(
    *, where: CountryFilter | None = None, size: int = PAGE
) -> ApiCall[Page[Country]]:
    """Read countries, page by page; all of them without a filter."""
    return list_records(COUNTRIES, where=where, size=size)


def get_country(country: str) -> ApiCall[Country]:
    """Read a country by its id."""
    return get_record(COUNTRIES, key=country)


def list_regions(*, where: RegionFilter | None = None, size: int = PAGE) -> ApiCall[Page[Region]]:
    """Read regions, page by page; all of them without a filter."""
    return list_records(REGIONS, where=where, size=size)


def get_region(region: str) -> ApiCall[Region]:
    """Read a region by its id."""
    return get_record(REGIONS, key=region)
