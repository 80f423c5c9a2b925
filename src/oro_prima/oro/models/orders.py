"""Orders as OroCommerce shows them; a field's name is the API's own word in snake case."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from attrs import frozen

from oro_prima.ids import OroCustomerId, OroLineId, OroOrderId, OroProductId, OroSku, UnitCode


@frozen
class OrderAddress:
    """An address of one order. `country` is ISO 3166 alpha-2, `region` a code such as `GB-LND`."""

    id: str
    organization: str | None = None
    name_prefix: str | None = None
    first_name: str | None = None
    middle_name: str | None = None
    last_name: str | None = None
    name_suffix: str | None = None
    street: str | None = None
    street2: str | None = None
    city: str | None = None
    postal_code: str | None = None
    custom_region: str | None = None
    phone: str | None = None
    label: str | None = None
    country: str | None = None
    region: str | None = None


@frozen
class OrderLine:
    """
    One line.

    `quantity` is in `product_unit_code`; `value` is the price of one such unit, before promotions,
    with up to 4 decimals. `kit_lines` counts the lines of a kit; 0 for a simple product.
    """

    id: OroLineId
    product_sku: OroSku | None
    product_unit_code: UnitCode | None
    quantity: Decimal
    value: Decimal | None = None
    currency: str | None = None
    product: OroProductId | None = None
    free_form_product: str | None = None
    comment: str | None = None
    ship_by: date | None = None
    kit_lines: int = 0


@frozen
class OrderDiscount:
    """A discount on the whole order; of a percent discount the API gives `amount` 0."""

    id: str
    order_discount_type: str | None = None
    amount: Decimal | None = None
    percent: Decimal | None = None
    description: str | None = None


@frozen
class OrderSubtotal:
    """
    One row of the computed totals (6.1+), computed at reading with the promotions of that moment.

    All rows of type `tax` repeat the whole order's `tax_amount`: adding them up triples it.
    """

    id: str
    order_subtotal_type: str
    amount: Decimal | None = None
    signed_amount: Decimal | None = None
    currency: str | None = None
    visible: bool | None = None
    tax_amount: Decimal | None = None


@frozen
class Order:
    """
    One order.

    Attributes:
        external_id: A foreign key; None where there is none or it was not asked for (6.1.10+).
        external: It came from an ERP; None on servers that have no such field (5.1).
        internal_status: Code such as `open`; None where the server does not show it (5.1).
        line_ids: Every line that the order links to, as far as the server lists them.
        lines: The lines that were read; fewer than `line_ids` where the answer was cut.
        lines_complete: Whether `lines` is known to be all of them.
        subtotals: None where they were not asked for or the server has none (5.1).
        total_value: Gross, with 4 decimals; None on some imported orders.
        shipping_method: Identifier of the shipping method, as the shop spells it.
    """

    id: OroOrderId
    created_at: datetime
    updated_at: datetime
    currency: str | None
    customer: OroCustomerId | None
    identifier: str | None = None
    po_number: str | None = None
    customer_notes: str | None = None
    ship_until: date | None = None
    customer_user: str | None = None
    payment_term: str | None = None
    organization: str | None = None
    external: bool | None = None
    external_id: str | None = None
    internal_status: str | None = None
    status: str | None = None
    shipping_status: str | None = None
    disable_promotions: bool | None = None
    subtotal_value: Decimal | None = None
    total_value: Decimal | None = None
    total_discounts_amount: Decimal | None = None
    estimated_shipping_cost_amount: Decimal | None = None
    overridden_shipping_cost_amount: Decimal | None = None
    shipping_method: str | None = None
    shipping_method_type: str | None = None
    parent: OroOrderId | None = None
    sub_orders: tuple[OroOrderId, ...] = ()
    line_ids: tuple[OroLineId, ...] = ()
    lines: tuple[OrderLine, ...] = ()
    lines_complete: bool = True
    discounts: tuple[OrderDiscount, ...] = ()
    subtotals: tuple[OrderSubtotal, ...] | None = None
    billing_address: OrderAddress | None = None
    shipping_address: OrderAddress | None = None
