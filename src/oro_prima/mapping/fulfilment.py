"""
What Prima says of a posted order -> what can be written in the shop: trackings, then one patch.

Never backwards, never twice, and where a server has no place for it that is said: "nothing can be
written" is not success.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from attrs import frozen

from oro_prima.ids import OroOrderId
from oro_prima.mapping.despatches import progress_of_lines, quantity_reasons
from oro_prima.mapping.recorder import SILENT, Recorder
from oro_prima.mapping.statuses import (
    FulfilmentPolicy,
    Progress,
    PromotionGuard,
    ShippingStatus,
    Writes,
)
from oro_prima.prima.models.fulfilment import Despatch, PrimaFulfilment
from oro_prima.prima.models.orders import PrimaOrder
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.values import fold


@frozen
class TrackingRecord:
    """One tracking record of OroCommerce: a parcel's method and number."""

    method: str
    number: str


@frozen
class ShopSide:
    """
    What the shop shows of an order, and what its server has a place for.

    Attributes:
        shipping_status, status, internal_status: Codes; None where the server shows none.
        trackings: The records that are there.
        disable_promotions: What the order says now; None where the server does not show it.
        captured_discount: It was captured with a discount, or nobody knows.
        writes_shipping_status: The server has `shippingStatus` (6.1).
        writes_status: The server takes `status`, as a probe found.
    """

    order: OroOrderId
    shipping_status: str | None = None
    status: str | None = None
    internal_status: str | None = None
    trackings: tuple[TrackingRecord, ...] = ()
    disable_promotions: bool | None = None
    captured_discount: bool = True
    writes_shipping_status: bool = True
    writes_status: bool = False


class Guarded(StrEnum):
    """What a status write does about promotions."""

    NOTHING_WRITTEN = "nothing-written"
    UNGUARDED = "unguarded"
    """The guard is off, by policy."""
    ALREADY = "already-disabled"
    DISABLED = "disabled"
    """`disablePromotions` goes into the same patch; there was no discount to lose."""
    READ_BACK = "read-back"
    """The order has a discount that switching off would take away; write, read, compare."""


@frozen
class FulfilmentWrite:
    """
    What can be written of one order; trackings go first, then one patch with the rest.

    Attributes:
        order: In OroCommerce.
        trackings: Records that are not there yet.
        shipping_status: The new one; None where it stays.
        status: The new `status`; None where it stays.
        guard: What the patch does about promotions.
        reasons: For a person: what is contradictory, unknown, or has no place in this server.
    """

    order: OroOrderId
    trackings: tuple[TrackingRecord, ...] = ()
    shipping_status: ShippingStatus | None = None
    status: str | None = None
    guard: Guarded = Guarded.NOTHING_WRITTEN
    reasons: tuple[Reason, ...] = ()

    @property
    def is_nothing(self) -> bool:
        """Whether nothing is to be written."""
        return not self.trackings and self.shipping_status is None and self.status is None


RANK = {status: rank for rank, status in enumerate(ShippingStatus)}
SAID = {
    Progress.PART_DESPATCHED: ShippingStatus.PARTIALLY_SHIPPED,
    Progress.DESPATCHED: ShippingStatus.SHIPPED,
}
CLOSED = frozenset({"cancelled", "closed"})
"""Internal statuses whose orders refuse a shipping status (403) and still take trackings."""


def map_fulfilment(
    order: PrimaOrder,
    erp: PrimaFulfilment,
    shop: ShopSide,
    policy: FulfilmentPolicy,
    *,
    to: Recorder = SILENT,
) -> FulfilmentWrite:
    """
    Say what can be written in the shop of an order that Prima accepted.

    Args:
        order: What was posted; its lines say how much was ordered.
        erp: What Prima says now.
        shop: What the shop shows, and what its server has a place for.
        policy: What the business decides.
        to: Who wants to know why.

    Source: RULES §7. An order that Prima no longer knows is not cancelled: accepted is for ever.
    """
    subject = f"orders/{shop.order}"
    progress, reasons = _progress(erp, policy, subject, to)
    reasons += quantity_reasons(order, erp, subject=subject)
    if any(reason.code is ReasonCode.SHIPPED_TOO_MUCH for reason in reasons):
        return FulfilmentWrite(shop.order, reasons=tuple(reasons))
    trackings, unsent = _trackings(erp, shop, policy, subject)
    status, without_place = _shipping_status(order, erp, progress, shop, policy, subject, to)
    cancelled, exceptions = _cancelled(progress, shop, policy, subject)
    found = FulfilmentWrite(
        shop.order,
        trackings,
        status,
        cancelled,
        _guard(status is not None or cancelled is not None, shop, policy),
        (*reasons, *unsent, *without_place, *exceptions),
    )
    to.gave(found.shipping_status or found.status or f"{len(trackings)} trackings")
    return found


def _progress(
    erp: PrimaFulfilment, policy: FulfilmentPolicy, subject: str, to: Recorder
) -> tuple[Progress | None, list[Reason]]:
    if erp.status is None:
        detail = (
            f"Prima does not know order {erp.number} now; it was accepted, so it is not cancelled"
        )
        return None, [Reason(ReasonCode.STATUS_NOT_GIVEN, subject, detail)]
    known = {fold(text): progress for text, progress in policy.statuses.items()}
    found = known.get(fold(erp.status))
    if found is not None:
        to.row("statuses", erp.status, means=found)
        return found, []
    to.row("statuses", erp.status)
    cause = f"statuses/{erp.status.strip()}"
    return None, [Reason(ReasonCode.STATUS_NOT_MAPPED, subject, erp.status.strip(), cause)]


def _trackings(
    erp: PrimaFulfilment, shop: ShopSide, policy: FulfilmentPolicy, subject: str
) -> tuple[tuple[TrackingRecord, ...], list[Reason]]:
    """Return the records that are not there yet, each once, in the order of despatch."""
    there = {_same(record) for record in shop.trackings}
    found: list[TrackingRecord] = []
    reasons: list[Reason] = []
    for despatch in erp.despatches or ():
        record = _tracking(despatch, policy)
        if record is None or _same(record) in there:
            continue
        there.add(_same(record))
        if len(record.number) > policy.tracking_width:
            detail = f"despatch {despatch.number}: {len(record.number)} characters"
            reasons.append(Reason(ReasonCode.TRACKING_TOO_LONG, subject, detail))
            continue
        found.append(record)
    return tuple(found), reasons


def _tracking(despatch: Despatch, policy: FulfilmentPolicy) -> TrackingRecord | None:
    number, carrier = despatch.tracking.strip(), despatch.carrier.strip()
    if not number:
        return None
    return TrackingRecord(policy.methods.get(carrier, carrier) or policy.no_carrier, number)


def _same(record: TrackingRecord) -> tuple[str, str]:
    """Return the form in which records compare: the key that a POST does not have."""
    return fold(record.method), fold(record.number)


def _shipping_status(
    order: PrimaOrder,
    erp: PrimaFulfilment,
    progress: Progress | None,
    shop: ShopSide,
    policy: FulfilmentPolicy,
    subject: str,
    to: Recorder,
) -> tuple[ShippingStatus | None, list[Reason]]:
    wanted = _wanted(order, erp, progress)
    now = _known(shop.shipping_status)
    if wanted is None or policy.writes is Writes.TRACKINGS:
        return None, []
    if now is not None and RANK[wanted] <= RANK[now]:
        to.refused(wanted, "the shop shows {}; a status never goes back", now)
        return None, []
    if not shop.writes_shipping_status:
        detail = f"{wanted}: this server has no shipping status; trackings alone can tell"
        return None, [Reason(ReasonCode.NOTHING_CAN_BE_WRITTEN, subject, detail)]
    if shop.internal_status in CLOSED:
        detail = f"{wanted}: the order is {shop.internal_status} in OroCommerce"
        return None, [Reason(ReasonCode.STATUS_NOT_WRITABLE, subject, detail)]
    return wanted, []


def _wanted(
    order: PrimaOrder, erp: PrimaFulfilment, progress: Progress | None
) -> ShippingStatus | None:
    """Return the furthest that either the text or the despatches say; None where neither does."""
    said = [
        SAID[one]
        for one in (progress, progress_of_lines(order, erp))
        if one is not None and one in SAID
    ]
    return max(said, key=RANK.__getitem__, default=None)


def _known(code: str | None) -> ShippingStatus | None:
    """Read the shop's code; one that a person added is further than any of ours."""
    if code is None:
        return None
    return next((one for one in ShippingStatus if one == code), ShippingStatus.SHIPPED)


def _cancelled(
    progress: Progress | None, shop: ShopSide, policy: FulfilmentPolicy, subject: str
) -> tuple[str | None, list[Reason]]:
    """Write a cancellation where there is a place for it, else tell a person."""
    if progress is not Progress.CANCELLED or shop.internal_status == "cancelled":
        return None, []
    wanted = policy.cancelled_status
    if wanted and shop.status == wanted:
        return None, []
    if wanted and shop.writes_status and policy.writes is Writes.TRACKINGS_AND_STATUS:
        return wanted, []
    detail = "cancelled in Prima; OroCommerce takes no such status by its API"
    return None, [Reason(ReasonCode.CANCELLED_IN_PRIMA, subject, detail)]


def _guard(patched: bool, shop: ShopSide, policy: FulfilmentPolicy) -> Guarded:
    if not patched:
        return Guarded.NOTHING_WRITTEN
    if policy.promotion_guard is PromotionGuard.OFF:
        return Guarded.UNGUARDED
    if shop.disable_promotions:
        return Guarded.ALREADY
    return Guarded.READ_BACK if shop.captured_discount else Guarded.DISABLED


def total_changed(
    order: OroOrderId, *, before: Decimal | None, after: Decimal | None
) -> tuple[Reason, ...]:
    """
    Return a reason for finance where a write changed what the customer owes.

    A total that the shop did not state before or after cannot be compared: that is said too.
    """
    if before == after:
        return ()
    detail = f"before {_stated(before)}, after {_stated(after)}"
    return (Reason(ReasonCode.ORO_TOTAL_CHANGED, f"orders/{order}", detail),)


def _stated(total: Decimal | None) -> str:
    return "not stated" if total is None else str(total)
