"""Price lists, their windows, who has them."""

from __future__ import annotations

from oro_prima.call import Page
from oro_prima.ids import OroPriceListId
from oro_prima.oro.calls.jsonapi import ApiCall
from oro_prima.oro.calls.records import PAGE, get_record, list_records
from oro_prima.oro.calls.writing import create_record, delete_record, update_record
from oro_prima.oro.models.price_assignments import (
    CUSTOMER_PRICE_FALLBACKS,
    CUSTOMER_PRICE_LISTS,
    GROUP_PRICE_FALLBACKS,
    GROUP_PRICE_LISTS,
    CustomerPriceFallback,
    CustomerPriceFallbackFields,
    CustomerPriceFallbackFilter,
    CustomerPriceList,
    CustomerPriceListFields,
    CustomerPriceListFilter,
    GroupPriceFallback,
    GroupPriceFallbackFields,
    GroupPriceFallbackFilter,
    GroupPriceList,
    GroupPriceListFields,
    GroupPriceListFilter,
)
from oro_prima.oro.models.price_records import (
    PRICE_LIST_SCHEDULES,
    PRICE_LISTS,
    PriceListFields,
    PriceListFilter,
    PriceListRecord,
    PriceListScheduleFields,
    PriceListScheduleFilter,
    PriceListScheduleRecord,
)


def list_price_lists(
    *, where: PriceListFilter | None = None, after: int = 0, size: int = PAGE
) -> ApiCall[Page[PriceListRecord]]:
    """Read price lists, page by page; all of them without a filter."""
    return list_records(PRICE_LISTS, where=where, after=after, size=size)


def get_price_list(key: OroPriceListId) -> ApiCall[PriceListRecord]:
    """Read a price list by its id."""
    return get_record(PRICE_LISTS, key=key)


def create_price_list(fields: PriceListFields) -> ApiCall[PriceListRecord]:
    """Make a price list."""
    return create_record(PRICE_LISTS, fields=fields)


def update_price_list(key: OroPriceListId, *, fields: PriceListFields) -> ApiCall[PriceListRecord]:
    """Change a price list; what is not named stays, a to-many that is named is replaced."""
    return update_record(PRICE_LISTS, key=key, fields=fields)


def delete_price_list(key: OroPriceListId) -> ApiCall[None]:
    """Delete a price list."""
    return delete_record(PRICE_LISTS, key=key)


def list_price_list_schedules(
    *, where: PriceListScheduleFilter | None = None, after: int = 0, size: int = PAGE
) -> ApiCall[Page[PriceListScheduleRecord]]:
    """Read price list schedules, page by page; all of them without a filter."""
    return list_records(PRICE_LIST_SCHEDULES, where=where, after=after, size=size)


def get_price_list_schedule(schedule: str) -> ApiCall[PriceListScheduleRecord]:
    """Read a price list schedule by its id."""
    return get_record(PRICE_LIST_SCHEDULES, key=schedule)


def create_price_list_schedule(fields: PriceListScheduleFields) -> ApiCall[PriceListScheduleRecord]:
    """Make a price list schedule."""
    return create_record(PRICE_LIST_SCHEDULES, fields=fields)


def update_price_list_schedule(
    schedule: str, *, fields: PriceListScheduleFields
) -> ApiCall[PriceListScheduleRecord]:
    """Change a price list schedule; what is not named stays."""
    return update_record(PRICE_LIST_SCHEDULES, key=schedule, fields=fields)


def delete_price_list_schedule(schedule: str) -> ApiCall[None]:
    """Delete a price list schedule."""
    return delete_record(PRICE_LIST_SCHEDULES, key=schedule)


def list_customer_price_lists(
    *, where: CustomerPriceListFilter | None = None, after: int = 0, size: int = PAGE
) -> ApiCall[Page[CustomerPriceList]]:
    """Read customer price lists, page by page; all of them without a filter."""
    return list_records(CUSTOMER_PRICE_LISTS, where=where, after=after, size=size)


def get_customer_price_list(key: str) -> ApiCall[CustomerPriceList]:
    """Read a customer price list by its id."""
    return get_record(CUSTOMER_PRICE_LISTS, key=key)


def create_customer_price_list(fields: CustomerPriceListFields) -> ApiCall[CustomerPriceList]:
    """Make a customer price list."""
    return create_record(CUSTOMER_PRICE_LISTS, fields=fields)


def update_customer_price_list(
    key: str, *, fields: CustomerPriceListFields
) -> ApiCall[CustomerPriceList]:
    """Change a customer price list; what is not named stays."""
    return update_record(CUSTOMER_PRICE_LISTS, key=key, fields=fields)


def delete_customer_price_list(key: str) -> ApiCall[None]:
    """Delete a customer price list."""
    return delete_record(CUSTOMER_PRICE_LISTS, key=key)


def list_group_price_lists(
    *, where: GroupPriceListFilter | None = None, after: int = 0, size: int = PAGE
) -> ApiCall[Page[GroupPriceList]]:
    """Read group price lists, page by page; all of them without a filter."""
    return list_records(GROUP_PRICE_LISTS, where=where, after=after, size=size)


def get_group_price_list(key: str) -> ApiCall[GroupPriceList]:
    """Read a group price list by its id."""
    return get_record(GROUP_PRICE_LISTS, key=key)


def create_group_price_list(fields: GroupPriceListFields) -> ApiCall[GroupPriceList]:
    """Make a group price list."""
    return create_record(GROUP_PRICE_LISTS, fields=fields)


def update_group_price_list(key: str, *, fields: GroupPriceListFields) -> ApiCall[GroupPriceList]:
    """Change a group price list; what is not named stays."""
    return update_record(GROUP_PRICE_LISTS, key=key, fields=fields)


def delete_group_price_list(key: str) -> ApiCall[None]:
    """Delete a group price list."""
    return delete_record(GROUP_PRICE_LISTS, key=key)


def list_customer_price_fallbacks(
    *, where: CustomerPriceFallbackFilter | None = None, after: int = 0, size: int = PAGE
) -> ApiCall[Page[CustomerPriceFallback]]:
    """Read customer price fallbacks, page by page; all of them without a filter."""
    return list_records(CUSTOMER_PRICE_FALLBACKS, where=where, after=after, size=size)


def get_customer_price_fallback(fallback: str) -> ApiCall[CustomerPriceFallback]:
    """Read a customer price fallback by its id."""
    return get_record(CUSTOMER_PRICE_FALLBACKS, key=fallback)


def create_customer_price_fallback(
    fields: CustomerPriceFallbackFields,
) -> ApiCall[CustomerPriceFallback]:
    """Make a customer price fallback: 0 the group's chain follows, 1 nothing."""
    return create_record(CUSTOMER_PRICE_FALLBACKS, fields=fields)


def update_customer_price_fallback(
    fallback: str, *, fields: CustomerPriceFallbackFields
) -> ApiCall[CustomerPriceFallback]:
    """Change a customer price fallback; what is not named stays."""
    return update_record(CUSTOMER_PRICE_FALLBACKS, key=fallback, fields=fields)


def delete_customer_price_fallback(fallback: str) -> ApiCall[None]:
    """Delete a customer price fallback."""
    return delete_record(CUSTOMER_PRICE_FALLBACKS, key=fallback)


def list_group_price_fallbacks(
    *, where: GroupPriceFallbackFilter | None = None, after: int = 0, size: int = PAGE
) -> ApiCall[Page[GroupPriceFallback]]:
    """Read group price fallbacks, page by page; all of them without a filter."""
    return list_records(GROUP_PRICE_FALLBACKS, where=where, after=after, size=size)


def get_group_price_fallback(fallback: str) -> ApiCall[GroupPriceFallback]:
    """Read a group price fallback by its id."""
    return get_record(GROUP_PRICE_FALLBACKS, key=fallback)


def create_group_price_fallback(fields: GroupPriceFallbackFields) -> ApiCall[GroupPriceFallback]:
    """Make a group price fallback."""
    return create_record(GROUP_PRICE_FALLBACKS, fields=fields)


def update_group_price_fallback(
    fallback: str, *, fields: GroupPriceFallbackFields
) -> ApiCall[GroupPriceFallback]:
    """Change a group price fallback; what is not named stays."""
    return update_record(GROUP_PRICE_FALLBACKS, key=fallback, fields=fields)


def delete_group_price_fallback(fallback: str) -> ApiCall[None]:
    """Delete a group price fallback."""
    return delete_record(GROUP_PRICE_FALLBACKS, key=fallback)
