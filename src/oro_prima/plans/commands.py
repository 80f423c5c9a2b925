"""Commands: one intended effect each, as pure data. Only `sync` turns one into a call."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from attrs import frozen

from oro_prima.ids import (
    OroCustomerId,
    OroLevelId,
    OroOrderId,
    OroPriceListId,
    OroProductId,
    OroSku,
    UnitCode,
)
from oro_prima.oro.models.prices import ProductPrice
from oro_prima.prima.models.orders import PrimaOrder


@frozen
class PostOrder:
    """
    Post one order to Prima, exactly once; `suffix` is above 0 for a deliberate repost.

    `intent_hash` is that of the order as the shop showed it.
    """

    oro_order: OroOrderId
    order: PrimaOrder
    intent_hash: str
    created_at: datetime
    suffix: int = 0


@frozen
class SetLevel:
    """Set one inventory level to an absolute, whole, never negative quantity of its unit."""

    level: OroLevelId
    product: OroProductId
    sku: OroSku
    unit: UnitCode
    quantity: Decimal
    previous: Decimal


@frozen
class SetInventoryStatus:
    """Set a product's `inventory_status`."""

    product: OroProductId
    sku: OroSku
    status: str


@frozen
class AddTracking:
    """Add a parcel to an order in the shop: a method and a number. It has no key."""

    order: OroOrderId
    method: str
    number: str


@frozen
class SetOrderStatus:
    """
    Patch an order's shipping status, its external status, or both; empty leaves one alone.

    `without_promotions` switches promotions off in the same patch. `total` is what the customer
    owed before: a patch computes it anew.
    """

    order: OroOrderId
    shipping_status: str
    status: str
    without_promotions: bool
    total: Decimal | None


@frozen
class SetCustomer:
    """Set a customer's group, payment term and tax code, by their ids; empty leaves one alone."""

    customer: OroCustomerId
    group: str
    payment_term: str
    tax_code: str


@frozen
class AssignPriceList:
    """Assign a price list to a customer; the smallest `sort_order` comes first."""

    customer: OroCustomerId
    price_list: OroPriceListId
    sort_order: int


@frozen
class MovePriceList:
    """Have an assignment of a customer lead to another price list."""

    customer: OroCustomerId
    assignment: str
    price_list: OroPriceListId


@frozen
class SetPrice:
    """Change the value of a row of a price list; `previous` is what it was."""

    id: str
    price: ProductPrice
    previous: Decimal


@frozen
class AddPrice:
    """Add a row to a price list. It has no key."""

    product: OroProductId
    price: ProductPrice


@frozen
class EndPrice:
    """Remove a row of a price list; what it was is kept before."""

    id: str
    product: OroProductId
    price: ProductPrice


@frozen
class DisableProduct:
    """Take a product off the shop; it is kept, so that a person can put it back."""

    product: OroProductId
    sku: OroSku


Command = (
    PostOrder
    | SetLevel
    | SetInventoryStatus
    | AddTracking
    | SetOrderStatus
    | SetCustomer
    | AssignPriceList
    | MovePriceList
    | SetPrice
    | AddPrice
    | EndPrice
    | DisableProduct
)
