"""What Prima says of posted orders -> what is written in the shop. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from attrs import frozen

from oro_prima.ids import OroOrderId
from oro_prima.mapping.despatches import progress_of_lines
from oro_prima.mapping.fulfilment import FulfilmentWrite, Guarded, ShopSide, map_fulfilment
from oro_prima.mapping.statuses import FulfilmentPolicy, Progress
from oro_prima.plans.commands import AddTracking, SetOrderStatus
from oro_prima.prima.models.fulfilment import PrimaFulfilment
from oro_prima.prima.models.orders import PrimaOrder
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.values import fold


@frozen
class OrderOnBothSides:
    """
    One posted order that is followed.

    Attributes:
        posted: What was sent to Prima.
        erp: What Prima says now.
        shop: What the shop shows now.
        total: What the customer owes by the shop, before anything is written.
    """

    posted: PrimaOrder
    erp: PrimaFulfilment
    shop: ShopSide
    total: Decimal | None


@frozen
class FulfilmentSnapshot:
    """All that a plan looks at, read once; `now` is the shop's."""

    now: datetime
    orders: tuple[OrderOnBothSides, ...] = ()


@frozen
class FulfilmentDecision:
    """
    What is written of one order, and what is left to a person.

    Attributes:
        trackings: Go first; they change no total.
        status: The one patch after them; None where no status is written.
        said: Prima's status text; empty where it gave none.
        finished: Nothing more can come: Prima is done with the order, and the shop shows it once
            this is written.
    """

    order: OroOrderId
    trackings: tuple[AddTracking, ...]
    status: SetOrderStatus | None
    reasons: tuple[Reason, ...]
    said: str
    finished: bool

    @property
    def commands(self) -> tuple[AddTracking | SetOrderStatus, ...]:
        """Everything that is written, in order."""
        return (*self.trackings, *((self.status,) if self.status else ()))


@frozen
class FulfilmentPlan:
    """Decisions in the order of their ids."""

    decisions: tuple[FulfilmentDecision, ...]

    @property
    def commands(self) -> tuple[AddTracking | SetOrderStatus, ...]:
        """Everything that is written, in order."""
        return tuple(command for one in self.decisions for command in one.commands)

    def summary(self) -> str:
        """Return one line a person reads at a glance."""
        trackings = sum(len(one.trackings) for one in self.decisions)
        statuses = sum(one.status is not None for one in self.decisions)
        waiting = sum(bool(one.reasons) for one in self.decisions)
        return (
            f"fulfilment: {len(self.decisions)} orders, {trackings} trackings and "
            f"{statuses} statuses to write, {waiting} for a person"
        )


def plan_fulfilment(snapshot: FulfilmentSnapshot, policy: FulfilmentPolicy) -> FulfilmentPlan:
    """
    Decide what is written of each followed order; nothing of one whose despatches cannot be read.

    Source: RULES §7.
    """
    ordered = sorted(snapshot.orders, key=lambda one: (len(one.shop.order), one.shop.order))
    return FulfilmentPlan(tuple(_decide(one, policy) for one in ordered))


def _decide(one: OrderOnBothSides, policy: FulfilmentPolicy) -> FulfilmentDecision:
    order = one.shop.order
    if one.erp.unread:
        reason = Reason(ReasonCode.DESPATCH_UNREADABLE, f"orders/{order}", one.erp.unread)
        return FulfilmentDecision(order, (), None, (reason,), one.erp.status or "", finished=False)
    write = map_fulfilment(one.posted, one.erp, one.shop, policy)
    return FulfilmentDecision(
        order=order,
        trackings=tuple(AddTracking(order, t.method, t.number) for t in write.trackings),
        status=_status(write, one),
        reasons=write.reasons,
        said=one.erp.status or "",
        finished=_finished(one, write, policy),
    )


def _status(write: FulfilmentWrite, one: OrderOnBothSides) -> SetOrderStatus | None:
    if write.shipping_status is None and write.status is None:
        return None
    return SetOrderStatus(
        order=write.order,
        shipping_status=write.shipping_status.value if write.shipping_status else "",
        status=write.status or "",
        without_promotions=write.guard is Guarded.DISABLED,
        total=one.total,
    )


def _finished(one: OrderOnBothSides, write: FulfilmentWrite, policy: FulfilmentPolicy) -> bool:
    """
    Tell whether an order need not be asked after again.

    Cancelled, or despatched whole; a parcel without a number, or whatever waits for a person, keeps
    it followed.
    """
    if write.reasons or any(not despatch.tracking.strip() for despatch in one.erp.despatches or ()):
        return False
    return any(progress in _LAST for progress in _progress(one, policy))


def _progress(one: OrderOnBothSides, policy: FulfilmentPolicy) -> Iterator[Progress | None]:
    known = {fold(text): progress for text, progress in policy.statuses.items()}
    yield known.get(fold(one.erp.status or ""))
    yield progress_of_lines(one.posted, one.erp)


_LAST = (Progress.DESPATCHED, Progress.CANCELLED)
