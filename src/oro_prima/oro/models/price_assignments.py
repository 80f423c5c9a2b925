"""Which price lists a customer or a group has, and what comes after them."""

from __future__ import annotations

from typing import TypedDict

from attrs import frozen

from oro_prima.ids import OroCustomerGroupId, OroCustomerId, OroPriceListId
from oro_prima.oro.models.filters import IdFilter
from oro_prima.oro.models.resource import Resource, ResourceType, one


@frozen
class CustomerPriceList:
    """A list assigned to a customer; the smallest `sort_order` comes first."""

    id: str
    merge_allowed: bool | None = None
    sort_order: int | None = None
    customer: OroCustomerId | None = None
    price_list: OroPriceListId | None = None


class CustomerPriceListFields(TypedDict, total=False):
    """What can be written of a customer price list; a name left out is left as it is."""

    merge_allowed: bool | None
    sort_order: int | None
    customer: str | None
    price_list: str | None


class CustomerPriceListFilter(TypedDict, total=False):
    """What customer price lists can be found by."""

    id: IdFilter
    customer: IdFilter
    price_list: IdFilter


CUSTOMER_PRICE_LISTS: Resource[
    CustomerPriceList, CustomerPriceListFields, CustomerPriceListFilter
] = Resource(
    ResourceType(
        "pricelisttocustomers",
        ("mergeAllowed", "sortOrder"),
        {"customer": one("customers"), "priceList": one("pricelists")},
    ),
    CustomerPriceList,
)


@frozen
class GroupPriceList:
    """A list assigned to a customer group; the smallest `sort_order` comes first."""

    id: str
    merge_allowed: bool | None = None
    sort_order: int | None = None
    customer_group: OroCustomerGroupId | None = None
    price_list: OroPriceListId | None = None


class GroupPriceListFields(TypedDict, total=False):
    """What can be written of a group price list; a name left out is left as it is."""

    merge_allowed: bool | None
    sort_order: int | None
    customer_group: str | None
    price_list: str | None


class GroupPriceListFilter(TypedDict, total=False):
    """What group price lists can be found by."""

    id: IdFilter
    customer_group: IdFilter
    price_list: IdFilter


GROUP_PRICE_LISTS: Resource[GroupPriceList, GroupPriceListFields, GroupPriceListFilter] = Resource(
    ResourceType(
        "pricelisttocustomergroups",
        ("mergeAllowed", "sortOrder"),
        {"customerGroup": one("customergroups"), "priceList": one("pricelists")},
    ),
    GroupPriceList,
)


@frozen
class CustomerPriceFallback:
    """What comes after a customer's lists: 0 the group's chain, 1 nothing."""

    id: str
    fallback: int | None = None
    customer: OroCustomerId | None = None


class CustomerPriceFallbackFields(TypedDict, total=False):
    """What can be written of a customer price fallback; a name left out is left as it is."""

    fallback: int | None
    customer: str | None


class CustomerPriceFallbackFilter(TypedDict, total=False):
    """What customer price fallbacks can be found by."""

    id: IdFilter
    customer: IdFilter


CUSTOMER_PRICE_FALLBACKS: Resource[
    CustomerPriceFallback, CustomerPriceFallbackFields, CustomerPriceFallbackFilter
] = Resource(
    ResourceType(
        "pricelistcustomerfallbacks",
        ("fallback",),
        {"customer": one("customers")},
    ),
    CustomerPriceFallback,
)


@frozen
class GroupPriceFallback:
    """What comes after a group's lists: 0 the website's chain, 1 nothing."""

    id: str
    fallback: int | None = None
    customer_group: OroCustomerGroupId | None = None


class GroupPriceFallbackFields(TypedDict, total=False):
    """What can be written of a group price fallback; a name left out is left as it is."""

    fallback: int | None
    customer_group: str | None


class GroupPriceFallbackFilter(TypedDict, total=False):
    """What group price fallbacks can be found by."""

    id: IdFilter
    customer_group: IdFilter


GROUP_PRICE_FALLBACKS: Resource[
    GroupPriceFallback, GroupPriceFallbackFields, GroupPriceFallbackFilter
] = Resource(
    ResourceType(
        "pricelistcustomergroupfallbacks",
        ("fallback",),
        {"customerGroup": one("customergroups")},
    ),
    GroupPriceFallback,
)
