"""An order of OroCommerce -> what is taxed of it, as far as its API shows that."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from attrs import field, frozen

from oro_prima.ids import OroCustomerId, OroSku
from oro_prima.mapping.tax.documents import NONE, TaxLine, TaxOrder, TaxPlace, cents
from oro_prima.mapping.totals import shipping_cost
from oro_prima.oro.models.orders import Order, OrderAddress, OrderLine
from oro_prima.outcome import Mapped, Outcome, Unmapped, every, unmapped
from oro_prima.reasons import ReasonCode


@frozen
class TaxTables:
    """
    Tax codes, as people or the API say.

    Attributes:
        products: Tax code of each product.
        customers: Tax code of each customer, else of its group.
        classes: How Prima classes each customer's account for VAT.
    """

    products: Mapping[OroSku, str] = field(factory=dict[OroSku, str])
    customers: Mapping[OroCustomerId, str] = field(factory=dict[OroCustomerId, str])
    classes: Mapping[OroCustomerId, str] = field(factory=dict[OroCustomerId, str])


def tax_order(order: Order, tables: TaxTables) -> Outcome[TaxOrder]:
    """
    Return what is taxed of an order.

    Promotions are not in it: the API shows them in no way that can be trusted (RULES §3), so a
    difference that a promotion makes is left for `compare_totals` to name. A kit is refused, for
    the API does not show what its parts cost; and a line without a price, an order without a
    currency, or with lines that were not read.

    A percent discount is a fraction of the rows: 0.1 is 10 %.
    """
    subject = f"orders/{order.id}"
    lines = every(_line(line, tables, subject) for line in order.lines)
    if not order.lines_complete:
        return unmapped(ReasonCode.LINES_INCOMPLETE, subject, "not all lines were read")
    if order.currency is None:
        return unmapped(ReasonCode.CURRENCY_MISMATCH, subject, "no currency")
    if isinstance(lines, Unmapped):
        return lines
    customer = order.customer or OroCustomerId("")
    return Mapped(
        TaxOrder(
            reference=order.id,
            currency=order.currency,
            lines=lines.value,
            shipping=shipping_cost(order),
            manual_discount=_manual(order, lines.value),
            customer_code=tables.customers.get(customer, ""),
            ship_to=_place(order.shipping_address),
            bill_to=_place(order.billing_address),
            account_class=tables.classes.get(customer, ""),
        )
    )


def _line(line: OrderLine, tables: TaxTables, subject: str) -> Outcome[TaxLine]:
    where = f"{subject}/lines/{line.id}"
    if line.kit_lines:
        detail = "the prices of its parts are not known"
        return unmapped(ReasonCode.KIT_NOT_MAPPED, where, detail)
    if line.value is None:
        return unmapped(ReasonCode.PRICE_MISSING, where, "no value")
    code = "" if line.product_sku is None else tables.products.get(line.product_sku, "")
    return Mapped(TaxLine(line.id, line.value, line.quantity, code))


def _manual(order: Order, lines: tuple[TaxLine, ...]) -> Decimal:
    rows = sum((cents(line.amount) for line in lines), NONE)
    found = NONE
    for one in order.discounts:  # one by amount shows a percent too, one by percent the amount 0
        found += one.amount or cents(rows * (one.percent or NONE))
    return found


def _place(address: OrderAddress | None) -> TaxPlace | None:
    if address is None:
        return None
    return TaxPlace(
        address.country or "",
        address.region or "",
        address.custom_region or "",
        address.postal_code or "",
    )
