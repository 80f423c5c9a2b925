"""What OroCommerce's totals can be trusted to say; what it does not state is not stated."""

from __future__ import annotations

from decimal import Decimal

from oro_prima.oro.models.orders import Order, OrderSubtotal
from oro_prima.values import Rounding, round_to

TAX, DISCOUNT = "tax", "discount"
KNOWN_SUBTOTALS = frozenset({"subtotal", DISCOUNT, "shipping_cost", TAX})
"""Kinds of computed totals that OroCommerce itself knows; any other is an extension's."""


def captured_gross(order: Order) -> Decimal | None:
    """Return the gross total as stored; None where the server states none."""
    return order.total_value


def captured_vat(order: Order) -> Decimal | None:
    """
    Return the VAT, where the tax rows agree and all rows add up to the stored total.

    Each of the three tax rows carries the whole order's figure: adding them up would triple it. The
    rows are computed at reading with the promotions of that day; where they no longer add up to the
    stored total they say nothing about it.

    Source: RULES §3.
    """
    if order.subtotals is None or order.total_value is None:
        return None
    figures = {row.tax_amount for row in order.subtotals if row.order_subtotal_type == TAX}
    vat = next(iter(figures)) if len(figures) == 1 else None
    if vat is None or not _adds_up(order.subtotals, vat, order.total_value):
        return None
    return vat


def _adds_up(rows: tuple[OrderSubtotal, ...], vat: Decimal, total: Decimal) -> bool:
    others = [row.signed_amount for row in rows if row.order_subtotal_type != TAX]
    known = [amount for amount in others if amount is not None]
    if len(known) < len(others):
        return False
    return round_to(sum(known, vat), 2, Rounding.HALF_UP) == round_to(total, 2, Rounding.HALF_UP)


def has_discount(order: Order) -> bool:
    """Tell whether anything was taken off: by amount, by percent, or by a promotion."""
    if order.total_discounts_amount or any(row.amount or row.percent for row in order.discounts):
        return True
    rows = order.subtotals or ()
    return any(row.order_subtotal_type == DISCOUNT and row.amount for row in rows)


def stated_discount(order: Order) -> Decimal | None:
    """
    Return what was taken off the order, 0 or more; None where its own figures do not state it.

    The computed rows say it where they add up to the stored total. Where a server has none (5.1),
    subtotal, shipping and discounts must make the total exactly: a promotion shows nowhere else,
    and a tax would hide one.
    """
    if order.subtotals is not None:
        rows = [row for row in order.subtotals if row.order_subtotal_type == DISCOUNT]
        if captured_vat(order) is None or any(row.signed_amount is None for row in rows):
            return None
        return -sum((row.signed_amount or Decimal(0) for row in rows), Decimal(0))
    if order.subtotal_value is None or order.total_value is None:
        return None
    discount = order.total_discounts_amount or Decimal(0)
    makes = order.subtotal_value + shipping_cost(order) - discount
    return discount if makes == order.total_value else None


def is_discounted(order: Order) -> bool:
    """
    Tell whether any discount or promotion lowers what the customer owes.

    The shop's own sum of discounts may be stale, so a row of the totals that takes something away
    counts as well, and so does the sum where it is not 0.
    """
    rows = order.subtotals or ()
    lowered = any(row.signed_amount is not None and row.signed_amount < 0 for row in rows)
    return lowered or has_discount(order) or bool(order.total_discounts_amount)


def shipping_cost(order: Order) -> Decimal:
    """Return the shipping cost: overridden before estimated; 0 where there is none."""
    overridden = order.overridden_shipping_cost_amount
    estimated = order.estimated_shipping_cost_amount
    chosen = overridden if overridden is not None else estimated
    return chosen if chosen is not None else Decimal(0)
