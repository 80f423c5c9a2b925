"""Prices as records of the API; `prices` has what the price rules read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import TypedDict

from attrs import frozen

from oro_prima.ids import OroCustomerId, OroPriceListId, OroProductId, OroWebsiteId, UnitCode
from oro_prima.oro.models.filters import IdFilter, TextFilter
from oro_prima.oro.models.resource import Fields, Paging, Resource, ResourceType, many, one


@frozen
class PriceListScheduleRecord:
    """A window in which a price list takes part."""

    id: str
    active_at: datetime | None = None
    deactivate_at: datetime | None = None
    price_list: OroPriceListId | None = None


class PriceListScheduleFields(TypedDict, total=False):
    """What can be written of a price list schedule; a name left out is left as it is."""

    active_at: datetime | None
    deactivate_at: datetime | None
    price_list: str | None


class PriceListScheduleFilter(TypedDict, total=False):
    """What price list schedules can be found by."""

    id: IdFilter
    price_list: IdFilter


PRICE_LIST_SCHEDULES: Resource[
    PriceListScheduleRecord, PriceListScheduleFields, PriceListScheduleFilter
] = Resource(
    ResourceType(
        "pricelistschedules",
        ("activeAt", "deactivateAt"),
        {"priceList": one("pricelists")},
    ),
    PriceListScheduleRecord,
)


@frozen
class PriceListRecord:
    """A price list without its prices."""

    id: OroPriceListId
    active: bool | None = None
    actual: bool | None = None
    contain_schedule: bool | None = None
    created_at: datetime | None = None
    name: str | None = None
    price_list_currencies: tuple[str, ...] | None = None
    product_assignment_rule: str | None = None
    updated_at: datetime | None = None
    organization: str | None = None
    price_rules: tuple[str, ...] | None = None
    schedules: tuple[str, ...] | None = None


class PriceListFields(TypedDict, total=False):
    """What can be written of a price list; a name left out is left as it is."""

    active: bool | None
    actual: bool | None
    created_at: datetime | None
    name: str | None
    price_list_currencies: tuple[str, ...] | None
    product_assignment_rule: str | None
    organization: str | None
    price_rules: Sequence[str]
    schedules: Sequence[str | PriceListScheduleFields]


class PriceListFilter(TypedDict, total=False):
    """What price lists can be found by."""

    id: IdFilter
    organization: IdFilter
    price_list_currencies: TextFilter
    price_rules: IdFilter
    schedules: IdFilter


PRICE_LISTS: Resource[PriceListRecord, PriceListFields, PriceListFilter] = Resource(
    ResourceType(
        "pricelists",
        (
            "active",
            "actual",
            "containSchedule",
            "createdAt",
            "name",
            "priceListCurrencies",
            "productAssignmentRule",
            "updatedAt",
        ),
        {
            "organization": one("organizations"),
            "priceRules": many("pricerules"),
            "schedules": many("pricelistschedules"),
        },
        lengths={"name": 255},
        parts={"schedules": PRICE_LIST_SCHEDULES.kind},
    ),
    PriceListRecord,
)


@frozen
class ProductPriceRecord:
    """A price from `quantity` units on. It has no key to upsert by; its list is fixed."""

    id: str
    currency: str | None = None
    quantity: Decimal | None = None
    value: Decimal | None = None
    price_list: OroPriceListId | None = None
    product: OroProductId | None = None
    unit: UnitCode | None = None


class ProductPriceFields(TypedDict, total=False):
    """What can be written of a product price; a name left out is left as it is."""

    currency: str | None
    quantity: Decimal | None
    value: Decimal | None
    price_list: str | None
    product: str | None
    unit: str | None


class ProductPriceFilter(TypedDict, total=False):
    """What product prices can be found by."""

    id: IdFilter
    price_list: IdFilter
    product: IdFilter
    unit: IdFilter
    product_sku: TextFilter


PRODUCT_PRICES: Resource[ProductPriceRecord, ProductPriceFields, ProductPriceFilter] = Resource(
    ResourceType(
        "productprices",
        ("currency", "quantity", "value"),
        {"priceList": one("pricelists"), "product": one("products"), "unit": one("productunits")},
        lengths={"currency": 255},
        paths={"product_sku": "product.sku"},
        paging=Paging.NUMBER,
    ),
    ProductPriceRecord,
)


@frozen
class CustomerPrice:
    """What a customer pays (6.1+); customer 0 is a guest. Rebuilt by the queue: not at once."""

    id: str
    currency: str | None = None
    quantity: Decimal | None = None
    value: Decimal | None = None
    customer: OroCustomerId | None = None
    product: OroProductId | None = None
    unit: UnitCode | None = None
    website: OroWebsiteId | None = None


class CustomerPriceFilter(TypedDict, total=False):
    """What customer prices can be found by."""

    id: IdFilter
    currency: TextFilter
    customer: IdFilter
    product: IdFilter
    unit: IdFilter
    website: IdFilter


CUSTOMER_PRICES: Resource[CustomerPrice, Fields, CustomerPriceFilter] = Resource(
    ResourceType(
        "customerprices",
        ("currency", "quantity", "value"),
        {
            "customer": one("customers"),
            "product": one("products"),
            "unit": one("productunits"),
            "website": one("websites"),
        },
        lengths={"currency": 255},
        paging=Paging.NONE,
    ),
    CustomerPrice,
)


@frozen
class KitPrice:
    """What a customer pays for a kit as it was put together (6.1+)."""

    id: str
    currency: str | None = None
    quantity: Decimal | None = None
    value: Decimal | None = None
    customer: OroCustomerId | None = None
    kit_item_prices: tuple[str, ...] | None = None
    product: OroProductId | None = None
    unit: UnitCode | None = None
    website: OroWebsiteId | None = None


class KitPriceFilter(TypedDict, total=False):
    """What kit prices can be found by."""

    id: IdFilter
    currency: TextFilter
    customer: IdFilter
    kit_item_prices: IdFilter
    product: IdFilter
    quantity: TextFilter
    unit: IdFilter
    website: IdFilter


KIT_PRICES: Resource[KitPrice, Fields, KitPriceFilter] = Resource(
    ResourceType(
        "productkitprices",
        ("currency", "quantity", "value"),
        {
            "customer": one("customers"),
            "kitItemPrices": many("productkititemprices"),
            "product": one("products"),
            "unit": one("productunits"),
            "website": one("websites"),
        },
        lengths={"currency": 255},
        paging=Paging.NONE,
    ),
    KitPrice,
)
