"""What somebody should know of an order that is posted all the same."""

from __future__ import annotations

from oro_prima.mapping.policy import DiscountOwner, OrderPolicy
from oro_prima.mapping.texts import note_changed
from oro_prima.mapping.totals import has_discount
from oro_prima.oro.models.orders import Order
from oro_prima.reasons import Reason, ReasonCode


def order_warnings(order: Order, *, policy: OrderPolicy) -> tuple[Reason, ...]:
    """Return what somebody should know of an order that is posted all the same."""
    subject = f"orders/{order.id}"
    warnings: tuple[Reason, ...] = ()
    if has_discount(order) and policy.discount_owner is DiscountOwner.PRIMA:
        detail = "a discount of OroCommerce is not sent"
        warnings += (Reason(ReasonCode.DISCOUNT_NOT_SENT, subject, detail),)
    warnings += note_changed(
        order.customer_notes, subject=f"{subject}/customer_notes", profile=policy.profile
    )
    for line in order.lines:
        where = f"{subject}/lines/{line.id}/comment"
        warnings += note_changed(line.comment, subject=where, profile=policy.profile)
    return warnings
