"""What the sandbox's own shoppers and tests see and say: plain values, no API."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import TypedDict

from attrs import field, frozen


class OutOfStock(Exception):  # noqa: N818 - the shopper's word for it
    """The storefront refuses: the level of a product unit does not allow it."""


@frozen
class OrderLine:
    """One line as a shopper puts it in the basket."""

    sku: str
    unit: str
    quantity: Decimal
    price: Decimal
    free_form: bool = False
    comment: str = ""
    ship_by: str | None = None


@frozen
class Level:
    """The level of one product unit."""

    id: str
    sku: str
    unit: str
    quantity: Decimal


@frozen
class OrderView:
    """One order in the shop's own books."""

    id: str
    identifier: str
    customer: str
    created_at: datetime
    total: Decimal | None
    tax: Decimal
    currency: str
    lines: tuple[OrderLine, ...]
    internal_status: str
    external: bool
    sub_orders: tuple[str, ...]
    parent: str | None
    checkout: bool
    trackings: tuple[str, ...] = ()
    shipping_status: str = ""


@frozen
class Event:
    """Something that happened, in order: `level_write`, `orders_read` or `checkout`."""

    seq: int
    at: datetime
    kind: str
    ref: str
    quantity: Decimal = Decimal(0)


@frozen
class Basket:
    """Everything about an order apart from its lines."""

    currency: str = "GBP"
    created_at: datetime | None = None
    external: bool = False
    parent: str | None = None
    identifier: str | None = None
    po_number: str = ""
    customer_notes: str = ""
    ship_until: str | None = None
    shipping_cost: Decimal | None = None
    discount: Decimal | None = None
    tax_rate: Decimal = Decimal("0.2")
    address: Mapping[str, str] | None = field(default=None, repr=False)
    billing: Mapping[str, str] | None = field(default=None, repr=False)
    internal_status: str = "open"


class BasketWords(TypedDict, total=False):
    """Everything that can be said of an order apart from customer and lines."""

    currency: str
    created_at: datetime | None
    external: bool
    parent: str | None
    identifier: str | None
    po_number: str
    customer_notes: str
    ship_until: str | None
    shipping_cost: Decimal | None
    discount: Decimal | None
    tax_rate: Decimal
    address: Mapping[str, str] | None
    billing: Mapping[str, str] | None
    internal_status: str
