"""The customer's reference of an order: required, of one form, short enough, used once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from oro_prima.ids import OroCustomerId, OroOrderId
from oro_prima.mapping.policy import ReferencePolicy
from oro_prima.mapping.texts import fitted
from oro_prima.oro.models.orders import Order
from oro_prima.outcome import Outcome, Unmapped, reasons_of
from oro_prima.prima.models.profile import PrimaProfile
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.values import fold


def customer_reference(
    order: Order, policy: ReferencePolicy, *, profile: PrimaProfile
) -> Outcome[str]:
    """
    Return the customer's reference: `poNumber`, else the order's own identifier.

    Every fault at once. The identifier is no purchase order number, and no rule is about it.
    """
    subject = f"orders/{order.id}/po_number"
    number = (order.po_number or "").strip()
    text = fitted(number or order.identifier, subject=subject, profile=profile)
    faults = _faults(order, number, policy, subject)
    if faults:
        return Unmapped((*faults, *reasons_of(text)))
    return text


def _faults(order: Order, number: str, policy: ReferencePolicy, subject: str) -> tuple[Reason, ...]:
    if not number:
        needed = policy.required or order.customer in policy.required_of
        return (Reason(ReasonCode.PO_MISSING, subject, "no number"),) if needed else ()
    found: list[Reason] = []
    if policy.pattern and re.fullmatch(policy.pattern, number) is None:
        detail = f"{number[:40]} is not of the form {policy.pattern}"
        found.append(Reason(ReasonCode.PO_NOT_OF_FORM, subject, detail))
    if policy.longest and len(number) > policy.longest:
        detail = f"{len(number)} characters; {policy.longest} are allowed"
        found.append(Reason(ReasonCode.TEXT_TOO_LONG, subject, detail))
    return tuple(found)


ReferenceKey = tuple[OroCustomerId, str]
"""A customer, and a purchase order number in the form in which numbers compare."""


def reference_key(order: Order) -> ReferenceKey | None:
    """Return what makes a purchase order number used twice; None where there is none."""
    number = fold(order.po_number or "")
    return (order.customer, number) if order.customer is not None and number else None


def duplicate_reasons(
    order: Order, used: Mapping[ReferenceKey, Iterable[Order]]
) -> tuple[Reason, ...]:
    """
    Return a reason where an earlier order of the same customer has the same number.

    `used` holds orders by number. Sub-orders share their main order's number, and a cancelled order
    has given its own back: neither counts.
    """
    key = reference_key(order)
    if key is None:
        return ()
    earlier = [
        other.id
        for other in used.get(key, ())
        if _is_before(other, order) and not _kin(other, order)
    ]
    if not earlier:
        return ()
    detail = f"used before, by order {min(earlier, key=_by_number)}"
    return (Reason(ReasonCode.PO_USED_BEFORE, f"orders/{order.id}/po_number", detail),)


def _is_before(other: Order, order: Order) -> bool:
    return other.internal_status != "cancelled" and _by_number(other.id) < _by_number(order.id)


def _kin(other: Order, order: Order) -> bool:
    family = {order.id, order.parent} - {None}
    return other.id == order.parent or other.parent in family


def _by_number(order: OroOrderId) -> tuple[int, str]:
    return (len(order), order)
