"""Codes that records lead to: statuses, countries, regions, ratings."""

from __future__ import annotations

from typing import TypedDict

from attrs import frozen

from oro_prima.oro.models.filters import IdFilter
from oro_prima.oro.models.resource import Fields, Paging, Resource, ResourceType, many, one


@frozen
class OrderInternalStatus:
    """A status of the shop's own workflow (6.0.2+); read-only."""

    id: str
    default: bool | None = None
    name: str | None = None
    priority: int | None = None


class OrderInternalStatusFilter(TypedDict, total=False):
    """What order internal statuses can be found by."""

    id: IdFilter


ORDER_INTERNAL_STATUSES: Resource[OrderInternalStatus, Fields, OrderInternalStatusFilter] = (
    Resource(
        ResourceType(
            "orderinternalstatuses",
            ("default", "name", "priority"),
            paging=Paging.NONE,
        ),
        OrderInternalStatus,
    )
)


@frozen
class OrderShippingStatus:
    """A shipping status (6.1+)."""

    id: str
    default: bool | None = None
    name: str | None = None
    priority: int | None = None


class OrderShippingStatusFilter(TypedDict, total=False):
    """What order shipping statuses can be found by."""

    id: IdFilter


ORDER_SHIPPING_STATUSES: Resource[OrderShippingStatus, Fields, OrderShippingStatusFilter] = (
    Resource(
        ResourceType(
            "ordershippingstatuses",
            ("default", "name", "priority"),
            paging=Paging.NONE,
        ),
        OrderShippingStatus,
    )
)


@frozen
class OrderStatus:
    """An external status (6.0.2+); none until an administrator makes some."""

    id: str
    default: bool | None = None
    name: str | None = None
    priority: int | None = None


class OrderStatusFilter(TypedDict, total=False):
    """What order statuses can be found by."""

    id: IdFilter


ORDER_STATUSES: Resource[OrderStatus, Fields, OrderStatusFilter] = Resource(
    ResourceType(
        "orderstatuses",
        ("default", "name", "priority"),
        paging=Paging.NONE,
    ),
    OrderStatus,
)


@frozen
class InventoryStatus:
    """A product's inventory status, such as `in_stock`."""

    id: str
    default: bool | None = None
    name: str | None = None
    priority: int | None = None


class InventoryStatusFilter(TypedDict, total=False):
    """What inventory statuses can be found by."""

    id: IdFilter


INVENTORY_STATUSES: Resource[InventoryStatus, Fields, InventoryStatusFilter] = Resource(
    ResourceType(
        "prodinventorystatuses",
        ("default", "name", "priority"),
        paging=Paging.NUMBER,
    ),
    InventoryStatus,
)


@frozen
class Country:
    """A country; its id is ISO 3166 alpha-2."""

    id: str
    deleted: bool | None = None
    iso3_code: str | None = None
    name: str | None = None
    regions: tuple[str, ...] | None = None


class CountryFilter(TypedDict, total=False):
    """What countries can be found by."""

    id: IdFilter


COUNTRIES: Resource[Country, Fields, CountryFilter] = Resource(
    ResourceType(
        "countries",
        ("deleted", "iso3Code", "name"),
        {"regions": many("regions")},
        paging=Paging.NUMBER,
    ),
    Country,
)


@frozen
class Region:
    """A region; its id is a code such as `GB-LND`."""

    id: str
    code: str | None = None
    deleted: bool | None = None
    name: str | None = None
    country: str | None = None


class RegionFilter(TypedDict, total=False):
    """What regions can be found by."""

    id: IdFilter
    country: IdFilter


REGIONS: Resource[Region, Fields, RegionFilter] = Resource(
    ResourceType(
        "regions",
        ("code", "deleted", "name"),
        {"country": one("countries")},
        paging=Paging.NUMBER,
    ),
    Region,
)
