"""What changed in the shop after an order was posted: never silent, never sent by itself."""

from __future__ import annotations

from oro_prima.mapping.intent import intent_hash, line_changes
from oro_prima.mapping.policy import OrderPolicy
from oro_prima.oro.models.orders import Order
from oro_prima.plans.captures import demand
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.records import Capture

AFTER_POSTING = frozenset(
    {
        ReasonCode.EDITED_AFTER_POSTING,
        ReasonCode.CANCELLED_AFTER_POSTING,
        ReasonCode.SPLIT_AFTER_POSTING,
    }
)
"""Reasons of a posted order that are settled by themselves once the shop shows what was posted."""


def after_posting(order: Order, before: Capture | None, policy: OrderPolicy) -> tuple[Reason, ...]:
    """
    Compare an accepted order with what was posted of it.

    Our own tables play no part: a link or a unit that is corrected edits no order. `before` is
    None, or without an intent, where the store does not know what was posted.
    """
    subject = f"orders/{order.id}"
    found: list[Reason] = []
    if order.sub_orders and not policy.post_main:
        detail = f"{len(order.sub_orders)} sub-orders after it was posted"
        found.append(Reason(ReasonCode.SPLIT_AFTER_POSTING, subject, detail))
    status = order.internal_status
    if status is not None and status in policy.cancelled_statuses:
        found.append(Reason(ReasonCode.CANCELLED_AFTER_POSTING, subject, status))
    if before is not None and before.intent_hash:
        found.extend(_edited(order, before, subject))
    return tuple(found)


def _edited(order: Order, before: Capture, subject: str) -> tuple[Reason, ...]:
    now = intent_hash(order)
    if now == before.intent_hash:
        return ()
    what = line_changes(before.lines, map(demand, order.lines))
    what = what or "an address, a reference, a note, a date or the charge"
    detail = f"{what} (version {before.intent_hash[:8]}, now {now[:8]})"
    return (Reason(ReasonCode.EDITED_AFTER_POSTING, subject, detail),)
