"""What belongs to an order: addresses, discounts, trackings, lines of kits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import TypedDict

from attrs import frozen

from oro_prima.ids import OroLineId, OroOrderId, OroProductId, UnitCode
from oro_prima.oro.models.filters import IdFilter, TextFilter
from oro_prima.oro.models.resource import Resource, ResourceType, many, one


@frozen
class OrderAddressRecord:
    """An address of one order. `country` is ISO 3166 alpha-2, `region` a code such as `GB-LND`."""

    id: str
    city: str | None = None
    created_at: datetime | None = None
    custom_region: str | None = None
    first_name: str | None = None
    from_external_source: bool | None = None
    label: str | None = None
    last_name: str | None = None
    middle_name: str | None = None
    name_prefix: str | None = None
    name_suffix: str | None = None
    organization: str | None = None
    phone: str | None = None
    postal_code: str | None = None
    street: str | None = None
    street2: str | None = None
    updated_at: datetime | None = None
    validated_at: datetime | None = None
    country: str | None = None
    customer_address: str | None = None
    customer_user_address: str | None = None
    region: str | None = None


class OrderAddressFields(TypedDict, total=False):
    """What can be written of an order address; a name left out is left as it is."""

    city: str | None
    created_at: datetime | None
    custom_region: str | None
    first_name: str | None
    from_external_source: bool | None
    label: str | None
    last_name: str | None
    middle_name: str | None
    name_prefix: str | None
    name_suffix: str | None
    organization: str | None
    phone: str | None
    postal_code: str | None
    street: str | None
    street2: str | None
    validated_at: datetime | None
    country: str | None
    customer_address: str | None
    customer_user_address: str | None
    region: str | None


class OrderAddressFilter(TypedDict, total=False):
    """What order addresses can be found by."""

    id: IdFilter
    country: IdFilter
    custom_region: TextFilter
    customer_address: IdFilter
    customer_user_address: IdFilter
    region: IdFilter


ORDER_ADDRESSES: Resource[OrderAddressRecord, OrderAddressFields, OrderAddressFilter] = Resource(
    ResourceType(
        "orderaddresses",
        (
            "city",
            "createdAt",
            "customRegion",
            "firstName",
            "fromExternalSource",
            "label",
            "lastName",
            "middleName",
            "namePrefix",
            "nameSuffix",
            "organization",
            "phone",
            "postalCode",
            "street",
            "street2",
            "updatedAt",
            "validatedAt",
        ),
        {
            "country": one("countries"),
            "customerAddress": one("customeraddresses"),
            "customerUserAddress": one("customeruseraddresses"),
            "region": one("regions"),
        },
        lengths={
            "city": 255,
            "customRegion": 255,
            "firstName": 255,
            "label": 255,
            "lastName": 255,
            "middleName": 255,
            "namePrefix": 255,
            "nameSuffix": 255,
            "organization": 255,
            "phone": 255,
            "postalCode": 255,
            "street": 255,
            "street2": 255,
        },
    ),
    OrderAddressRecord,
)


@frozen
class OrderDiscountRecord:
    """A discount on a whole order; writing one computes the order's totals anew."""

    id: str
    amount: Decimal | None = None
    description: str | None = None
    order_discount_type: str | None = None
    percent: Decimal | None = None
    order: OroOrderId | None = None


class OrderDiscountFields(TypedDict, total=False):
    """What can be written of an order discount; a name left out is left as it is."""

    amount: Decimal | None
    description: str | None
    order_discount_type: str | None
    percent: Decimal | None
    order: str | None


class OrderDiscountFilter(TypedDict, total=False):
    """What order discounts can be found by."""

    id: IdFilter
    order: IdFilter


ORDER_DISCOUNTS: Resource[OrderDiscountRecord, OrderDiscountFields, OrderDiscountFilter] = Resource(
    ResourceType(
        "orderdiscounts",
        ("amount", "description", "orderDiscountType", "percent"),
        {"order": one("orders")},
        lengths={"orderDiscountType": 255},
    ),
    OrderDiscountRecord,
)


@frozen
class OrderTracking:
    """A parcel's number, without lines. Its order is `order` on 5.1, `orders` from 6.1."""

    id: str
    method: str | None = None
    number: str | None = None
    order: OroOrderId | None = None
    orders: tuple[OroOrderId, ...] | None = None


class OrderTrackingFields(TypedDict, total=False):
    """What can be written of an order tracking; a name left out is left as it is."""

    method: str | None
    number: str | None
    order: str | None
    orders: Sequence[str]


class OrderTrackingFilter(TypedDict, total=False):
    """What order trackings can be found by."""

    id: IdFilter
    orders: IdFilter
    order: IdFilter


ORDER_TRACKINGS: Resource[OrderTracking, OrderTrackingFields, OrderTrackingFilter] = Resource(
    ResourceType(
        "ordershippingtrackings",
        ("method", "number"),
        {"order": one("orders"), "orders": many("orders")},
        lengths={"method": 255, "number": 255},
    ),
    OrderTracking,
)


@frozen
class OrderKitLine:
    """What was chosen for one item of a kit; `quantity` is per kit."""

    id: str
    currency: str | None = None
    kit_item_id: int | None = None
    kit_item_label: str | None = None
    maximum_quantity: Decimal | None = None
    minimum_quantity: Decimal | None = None
    optional: bool | None = None
    product_id: int | None = None
    product_name: str | None = None
    product_sku: str | None = None
    product_unit_code: str | None = None
    product_unit_precision: int | None = None
    quantity: Decimal | None = None
    sort_order: int | None = None
    value: Decimal | None = None
    kit_item: str | None = None
    line_item: OroLineId | None = None
    product: OroProductId | None = None
    product_unit: UnitCode | None = None


class OrderKitLineFields(TypedDict, total=False):
    """What can be written of an order kit line; a name left out is left as it is."""

    currency: str | None
    product_sku: str | None
    quantity: Decimal | None
    sort_order: int | None
    value: Decimal | None
    kit_item: str | None
    line_item: str | None
    product: str | None
    product_unit: str | None


class OrderKitLineFilter(TypedDict, total=False):
    """What order kit lines can be found by."""

    id: IdFilter
    kit_item: IdFilter
    line_item: IdFilter
    product: IdFilter
    product_unit: IdFilter


ORDER_KIT_LINES: Resource[OrderKitLine, OrderKitLineFields, OrderKitLineFilter] = Resource(
    ResourceType(
        "orderproductkititemlineitems",
        (
            "currency",
            "kitItemId",
            "kitItemLabel",
            "maximumQuantity",
            "minimumQuantity",
            "optional",
            "productId",
            "productName",
            "productSku",
            "productUnitCode",
            "productUnitPrecision",
            "quantity",
            "sortOrder",
            "value",
        ),
        {
            "kitItem": one("productkititems"),
            "lineItem": one("orderlineitems"),
            "product": one("products"),
            "productUnit": one("productunits"),
        },
        lengths={"currency": 255, "productSku": 255},
    ),
    OrderKitLine,
)
