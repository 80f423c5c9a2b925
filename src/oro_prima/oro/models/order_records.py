"""Orders as plain records: every relationship an id. `orders` has the joined form."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TypedDict

from attrs import frozen

from oro_prima.ids import OroCustomerId, OroLineId, OroOrderId
from oro_prima.oro.models.filters import FlagFilter, IdFilter, InstantFilter, TextFilter
from oro_prima.oro.models.order_lines import ORDER_LINES, OrderLineFields
from oro_prima.oro.models.order_parts import (
    ORDER_ADDRESSES,
    ORDER_DISCOUNTS,
    ORDER_TRACKINGS,
    OrderAddressFields,
    OrderDiscountFields,
    OrderTrackingFields,
)
from oro_prima.oro.models.resource import Resource, ResourceType, many, one


@frozen
class OrderRecord:
    """One order without its parts. Every write of it computes its totals anew."""

    id: OroOrderId
    created_at: datetime | None = None
    currency: str | None = None
    customer_notes: str | None = None
    disable_promotions: bool | None = None
    discount: Decimal | None = None
    estimated_shipping_cost_amount: Decimal | None = None
    external: bool | None = None
    external_id: str | None = None
    identifier: str | None = None
    overridden_shipping_cost_amount: Decimal | None = None
    po_number: str | None = None
    ship_until: date | None = None
    shipping_discount: Decimal | None = None
    shipping_method: str | None = None
    shipping_method_type: str | None = None
    source_entity_identifier: str | None = None
    subtotal_value: Decimal | None = None
    subtotal_with_discounts: Decimal | None = None
    subtotal_with_discounts_value: Decimal | None = None
    total_discounts_amount: Decimal | None = None
    total_value: Decimal | None = None
    updated_at: datetime | None = None
    uuid: str | None = None
    billing_address: str | None = None
    created_by: str | None = None
    customer: OroCustomerId | None = None
    customer_user: str | None = None
    discounts: tuple[str, ...] | None = None
    internal_status: str | None = None
    line_items: tuple[OroLineId, ...] | None = None
    order_subtotals: tuple[str, ...] | None = None
    organization: str | None = None
    owner: str | None = None
    parent: OroOrderId | None = None
    payment_term: str | None = None
    shipping_address: str | None = None
    shipping_status: str | None = None
    shipping_trackings: tuple[str, ...] | None = None
    status: str | None = None
    sub_orders: tuple[OroOrderId, ...] | None = None


class OrderFields(TypedDict, total=False):
    """What can be written of an order; a name left out is left as it is."""

    created_at: datetime | None
    currency: str | None
    customer_notes: str | None
    disable_promotions: bool | None
    estimated_shipping_cost_amount: Decimal | None
    external: bool | None
    external_id: str | None
    identifier: str | None
    overridden_shipping_cost_amount: Decimal | None
    po_number: str | None
    ship_until: date | None
    shipping_method: str | None
    shipping_method_type: str | None
    uuid: str | None
    billing_address: str | OrderAddressFields | None
    created_by: str | None
    customer: str | None
    customer_user: str | None
    discounts: Sequence[str | OrderDiscountFields]
    internal_status: str | None
    line_items: Sequence[str | OrderLineFields]
    order_subtotals: Sequence[str]
    organization: str | None
    owner: str | None
    parent: str | None
    payment_term: str | None
    shipping_address: str | OrderAddressFields | None
    shipping_status: str | None
    shipping_trackings: Sequence[str | OrderTrackingFields]
    status: str | None
    sub_orders: Sequence[str]


class OrderFilter(TypedDict, total=False):
    """What orders can be found by."""

    id: IdFilter
    billing_address: IdFilter
    created_at: InstantFilter
    created_by: IdFilter
    customer: IdFilter
    customer_user: IdFilter
    disable_promotions: FlagFilter
    discounts: IdFilter
    external: FlagFilter
    identifier: TextFilter
    internal_status: IdFilter
    line_items: IdFilter
    organization: IdFilter
    owner: IdFilter
    parent: IdFilter
    payment_term: IdFilter
    po_number: TextFilter
    shipping_address: IdFilter
    shipping_status: IdFilter
    shipping_trackings: IdFilter
    status: IdFilter
    sub_orders: IdFilter
    updated_at: InstantFilter
    uuid: TextFilter
    external_id: TextFilter
    customer_name: TextFilter
    line_items_product_sku: TextFilter


ORDERS: Resource[OrderRecord, OrderFields, OrderFilter] = Resource(
    ResourceType(
        "orders",
        (
            "createdAt",
            "currency",
            "customerNotes",
            "disablePromotions",
            "discount",
            "estimatedShippingCostAmount",
            "external",
            "externalId",
            "identifier",
            "overriddenShippingCostAmount",
            "poNumber",
            "shipUntil",
            "shippingDiscount",
            "shippingMethod",
            "shippingMethodType",
            "sourceEntityIdentifier",
            "subtotalValue",
            "subtotalWithDiscounts",
            "subtotalWithDiscountsValue",
            "totalDiscountsAmount",
            "totalValue",
            "updatedAt",
            "uuid",
        ),
        {
            "billingAddress": one("orderaddresses"),
            "createdBy": one("users"),
            "customer": one("customers"),
            "customerUser": one("customerusers"),
            "discounts": many("orderdiscounts"),
            "internalStatus": one("orderinternalstatuses"),
            "lineItems": many("orderlineitems"),
            "orderSubtotals": many("ordersubtotals"),
            "organization": one("organizations"),
            "owner": one("users"),
            "parent": one("orders"),
            "paymentTerm": one("paymentterms"),
            "shippingAddress": one("orderaddresses"),
            "shippingStatus": one("ordershippingstatuses"),
            "shippingTrackings": many("ordershippingtrackings"),
            "status": one("orderstatuses"),
            "subOrders": many("orders"),
        },
        lengths={
            "currency": 255,
            "externalId": 36,
            "identifier": 255,
            "poNumber": 255,
            "shippingMethod": 255,
            "shippingMethodType": 255,
        },
        paths={"customer_name": "customer.name", "line_items_product_sku": "lineItems.product.sku"},
        parts={
            "lineItems": ORDER_LINES.kind,
            "billingAddress": ORDER_ADDRESSES.kind,
            "shippingAddress": ORDER_ADDRESSES.kind,
            "discounts": ORDER_DISCOUNTS.kind,
            "shippingTrackings": ORDER_TRACKINGS.kind,
        },
    ),
    OrderRecord,
)
