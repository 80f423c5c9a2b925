"""Price lists as OroCommerce keeps them; a field's name is the API's own word in snake case."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from attrs import frozen

from oro_prima.ids import (
    OroCustomerGroupId,
    OroCustomerId,
    OroPriceListId,
    OroSku,
    OroWebsiteId,
    UnitCode,
)


@frozen
class PriceListSchedule:
    """
    One window in which a price list takes part: from `active_at` until before `deactivate_at`.

    None leaves that end open.
    """

    active_at: datetime | None = None
    deactivate_at: datetime | None = None


@frozen
class PriceList:
    """
    A price list without its prices.

    Attributes:
        active: An inactive list takes part nowhere.
        currencies: The currencies it declares (`priceListCurrencies`).
        schedules: With any, it takes part only inside one of them; without, always.
    """

    id: OroPriceListId
    name: str = ""
    active: bool = True
    currencies: tuple[str, ...] = ()
    schedules: tuple[PriceListSchedule, ...] = ()


@frozen
class ProductPrice:
    """
    The price of one `unit` of a product in a list, from `quantity` units on.

    Money has up to 4 decimals. A list holds at most one price a slot: product, unit, quantity,
    currency.
    """

    price_list: OroPriceListId
    sku: OroSku
    unit: UnitCode
    quantity: Decimal
    currency: str
    value: Decimal


@frozen
class PriceListToCustomer:
    """A list assigned to a customer on a website; the smallest `sort_order` comes first."""

    customer: OroCustomerId
    website: OroWebsiteId
    price_list: OroPriceListId
    sort_order: int
    merge_allowed: bool = True


@frozen
class PriceListToCustomerGroup:
    """A list assigned to a customer group on a website; the smallest `sort_order` comes first."""

    customer_group: OroCustomerGroupId
    website: OroWebsiteId
    price_list: OroPriceListId
    sort_order: int
    merge_allowed: bool = True


@frozen
class PriceListCustomerFallback:
    """What comes after a customer's own lists: 0 the group's chain, 1 nothing; no record is 0."""

    customer: OroCustomerId
    website: OroWebsiteId
    fallback: int


@frozen
class PriceListCustomerGroupFallback:
    """What comes after a group's own lists: 0 the website's chain, 1 nothing; no record is 0."""

    customer_group: OroCustomerGroupId
    website: OroWebsiteId
    fallback: int
