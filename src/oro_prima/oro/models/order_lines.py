"""Order lines, each as one record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TypedDict

from attrs import frozen

from oro_prima.ids import OroLineId, OroOrderId, OroProductId, UnitCode
from oro_prima.oro.models.filters import IdFilter, InstantFilter
from oro_prima.oro.models.order_parts import ORDER_KIT_LINES, OrderKitLineFields
from oro_prima.oro.models.resource import Resource, ResourceType, many, one


@frozen
class OrderLineRecord:
    """One line, at `value` a unit. Its order is `order` on 5.1, `orders` from 6.1."""

    id: OroLineId
    checksum: str | None = None
    comment: str | None = None
    created_at: datetime | None = None
    currency: str | None = None
    free_form_product: str | None = None
    from_external_source: bool | None = None
    price_type: int | None = None
    product_name: str | None = None
    product_sku: str | None = None
    product_unit_code: str | None = None
    product_variant_fields: tuple[str, ...] | None = None
    quantity: Decimal | None = None
    row_total_after_discount: Decimal | None = None
    row_total_after_discount_excluding_tax: Decimal | None = None
    row_total_after_discount_including_tax: Decimal | None = None
    row_total_discount_amount: Decimal | None = None
    ship_by: date | None = None
    shipping_estimate_amount: Decimal | None = None
    shipping_method: str | None = None
    shipping_method_type: str | None = None
    updated_at: datetime | None = None
    value: Decimal | None = None
    kit_item_line_items: tuple[str, ...] | None = None
    order: OroOrderId | None = None
    orders: tuple[OroOrderId, ...] | None = None
    parent_product: OroProductId | None = None
    product: OroProductId | None = None
    product_unit: UnitCode | None = None


class OrderLineFields(TypedDict, total=False):
    """What can be written of an order line; a name left out is left as it is."""

    comment: str | None
    created_at: datetime | None
    currency: str | None
    free_form_product: str | None
    from_external_source: bool | None
    price_type: int | None
    product_name: str | None
    product_sku: str | None
    product_variant_fields: tuple[str, ...] | None
    quantity: Decimal | None
    ship_by: date | None
    shipping_estimate_amount: Decimal | None
    shipping_method: str | None
    shipping_method_type: str | None
    value: Decimal | None
    kit_item_line_items: Sequence[str | OrderKitLineFields]
    order: str | None
    orders: Sequence[str]
    parent_product: str | None
    product: str | None
    product_unit: str | None


class OrderLineFilter(TypedDict, total=False):
    """What order lines can be found by."""

    id: IdFilter
    created_at: InstantFilter
    kit_item_line_items: IdFilter
    orders: IdFilter
    parent_product: IdFilter
    product: IdFilter
    product_unit: IdFilter
    updated_at: InstantFilter
    order: IdFilter


ORDER_LINES: Resource[OrderLineRecord, OrderLineFields, OrderLineFilter] = Resource(
    ResourceType(
        "orderlineitems",
        (
            "checksum",
            "comment",
            "createdAt",
            "currency",
            "freeFormProduct",
            "fromExternalSource",
            "priceType",
            "productName",
            "productSku",
            "productUnitCode",
            "productVariantFields",
            "quantity",
            "rowTotalAfterDiscount",
            "rowTotalAfterDiscountExcludingTax",
            "rowTotalAfterDiscountIncludingTax",
            "rowTotalDiscountAmount",
            "shipBy",
            "shippingEstimateAmount",
            "shippingMethod",
            "shippingMethodType",
            "updatedAt",
            "value",
        ),
        {
            "kitItemLineItems": many("orderproductkititemlineitems"),
            "order": one("orders"),
            "orders": many("orders"),
            "parentProduct": one("products"),
            "product": one("products"),
            "productUnit": one("productunits"),
        },
        lengths={
            "currency": 255,
            "freeFormProduct": 255,
            "productName": 255,
            "productSku": 255,
            "shippingMethod": 255,
            "shippingMethodType": 255,
        },
        parts={"kitItemLineItems": ORDER_KIT_LINES.kind},
    ),
    OrderLineRecord,
)
