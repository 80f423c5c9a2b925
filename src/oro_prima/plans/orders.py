"""A batch of orders -> one decision each: where it belongs, why, and what is to be sent."""

from __future__ import annotations

from collections import Counter

from attrs import evolve, frozen

from oro_prima.ids import OroOrderId, OroSku, UnitCode
from oro_prima.mapping.eligibility import eligible
from oro_prima.mapping.orders import (
    captured_gross,
    captured_vat,
    intent_hash,
    map_order,
    order_warnings,
)
from oro_prima.mapping.policy import OrderPolicy
from oro_prima.oro.models.orders import Order
from oro_prima.outcome import Unmapped
from oro_prima.plans.commands import PostOrder
from oro_prima.plans.snapshots import OrderSnapshot
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.records import (
    Capture,
    EntryState,
    ExceptionRecord,
    Home,
    LineDemand,
    RecordState,
)

FROM_POSTING = frozenset(
    {
        ReasonCode.PRIMA_REFUSED,
        ReasonCode.VAT_BASIS_MISMATCH,
        ReasonCode.NUMBER_TAKEN,
        ReasonCode.ACCOUNT_DIFFERS,
    }
)
"""Reasons that came of sending: such an order is not sent again before a person says so."""

UNSETTLED = frozenset({EntryState.CLAIMED, EntryState.RESENT, EntryState.DOUBT})


@frozen
class OrderDecision:
    """
    What becomes of one order.

    `home` is the intended one: `POSTED` with a command means that it is to be posted. `reasons` say
    why it is not; `warnings` what somebody should know all the same.
    """

    order: OroOrderId
    home: Home
    capture: Capture
    reasons: tuple[Reason, ...] = ()
    warnings: tuple[Reason, ...] = ()
    command: PostOrder | None = None


@frozen
class OrderPlan:
    """Decisions of one batch, by order id as a number; every order of the snapshot has one."""

    decisions: tuple[OrderDecision, ...]

    @property
    def commands(self) -> tuple[PostOrder, ...]:
        """Return what is to be posted."""
        return tuple(d.command for d in self.decisions if d.command is not None)

    def at(self, home: Home) -> tuple[OrderDecision, ...]:
        """Return the decisions with this home."""
        return tuple(d for d in self.decisions if d.home is home)

    def summary(self) -> str:
        """Return one line a person reads at a glance."""
        homes = Counter(d.home for d in self.decisions if d.command is None)
        parts = [f"{len(self.commands)} to post"]
        parts += [f"{n} {home.value.replace('_', ' ')}" for home, n in sorted(homes.items())]
        return f"{len(self.decisions)} orders: " + ", ".join(parts)


def plan_orders(snapshot: OrderSnapshot, policy: OrderPolicy) -> OrderPlan:
    """
    Decide what becomes of each order of a batch.

    The same snapshot always gives the same plan, in whatever order its records came.
    """
    latest = {order.id: order for order in sorted(snapshot.orders, key=_reading)}
    decisions = [_decide(order, snapshot, policy) for order in latest.values()]
    decisions += [_vanished(o, snapshot) for o in sorted(set(snapshot.vanished)) if o not in latest]
    return OrderPlan(tuple(sorted(decisions, key=lambda decision: _by_id(decision.order))))


def _reading(order: Order) -> tuple[object, ...]:
    return (order.updated_at, order.total_value is not None, len(order.lines))


def _by_id(order: OroOrderId) -> tuple[int, str]:
    numeric = order.isascii() and order.isdigit()
    return (int(order) if numeric else 0, order)


def _decide(order: Order, snapshot: OrderSnapshot, policy: OrderPolicy) -> OrderDecision:
    state = snapshot.states.get(order.id)
    if state is EntryState.ACCEPTED:
        return _accepted(order, snapshot, policy)
    if state in UNSETTLED:
        return _settled_elsewhere(order, snapshot, Home.IN_DOUBT)
    record = snapshot.held.get(order.id)
    if record is not None and record.state is RecordState.DISMISSED:
        return _settled_elsewhere(order, snapshot, Home.DISMISSED)
    found = eligible(order, now=snapshot.now, policy=policy)
    if found.home is not Home.POSTED:
        reasons = () if found.reason is None else (found.reason,)
        return _without_command(order, snapshot, found.home, reasons)
    if record is not None and _waits_for_a_person(record):
        return _without_command(order, snapshot, Home.HELD, record.reasons)
    return _mapped(order, snapshot, policy)


def _waits_for_a_person(record: ExceptionRecord) -> bool:
    return not record.retry and any(reason.code in FROM_POSTING for reason in record.reasons)


def _mapped(order: Order, snapshot: OrderSnapshot, policy: OrderPolicy) -> OrderDecision:
    outcome = map_order(order, snapshot.tables, policy)
    if isinstance(outcome, Unmapped):
        return _without_command(order, snapshot, Home.HELD, outcome.reasons)
    intent = intent_hash(outcome.value)
    capture = evolve(_capture(order, snapshot, Home.POSTED, ()), intent_hash=intent)
    command = PostOrder(order.id, outcome.value, intent, order.created_at)
    warnings = order_warnings(order, policy=policy)
    return OrderDecision(order.id, Home.POSTED, capture, (), warnings, command)


def _accepted(order: Order, snapshot: OrderSnapshot, policy: OrderPolicy) -> OrderDecision:
    """Keep an accepted order where it is, for ever; say what changed in the shop afterwards."""
    subject = f"orders/{order.id}"
    decision = _settled_elsewhere(order, snapshot, Home.POSTED)
    before = snapshot.captures.get(order.id)
    warnings: tuple[Reason, ...] = ()
    if order.sub_orders and not policy.post_main:
        detail = f"{len(order.sub_orders)} sub-orders after it was posted"
        warnings += (Reason(ReasonCode.SPLIT_AFTER_POSTING, subject, detail),)
    if before is not None and before.intent_hash and _edited(order, before, snapshot, policy):
        detail = "what Prima was asked for is no longer what the shop says"
        warnings += (Reason(ReasonCode.EDITED_AFTER_POSTING, subject, detail),)
    return evolve(decision, warnings=warnings)


def _edited(order: Order, before: Capture, snapshot: OrderSnapshot, policy: OrderPolicy) -> bool:
    """Tell whether an order was edited: its own lines, not our tables, decide."""
    outcome = map_order(order, snapshot.tables, policy)
    if isinstance(outcome, Unmapped):
        return _demands(order) != before.lines
    return intent_hash(outcome.value) != before.intent_hash


def _vanished(order: OroOrderId, snapshot: OrderSnapshot) -> OrderDecision:
    capture = snapshot.captures[order]
    reason = Reason(ReasonCode.VANISHED, f"orders/{order}", "no longer in OroCommerce")
    kept = evolve(capture, home=Home.HELD, reason=reason.code.value, last_read=snapshot.now)
    return OrderDecision(order, Home.HELD, kept, (reason,))


def _settled_elsewhere(order: Order, snapshot: OrderSnapshot, home: Home) -> OrderDecision:
    before = snapshot.captures.get(order.id)
    capture = _capture(order, snapshot, home, ())
    if before is not None:
        kept = evolve(before, last_read=snapshot.now, home=home)
        capture = kept
    return OrderDecision(order.id, home, capture)


def _without_command(
    order: Order, snapshot: OrderSnapshot, home: Home, reasons: tuple[Reason, ...]
) -> OrderDecision:
    return OrderDecision(order.id, home, _capture(order, snapshot, home, reasons), reasons)


def _capture(
    order: Order, snapshot: OrderSnapshot, home: Home, reasons: tuple[Reason, ...]
) -> Capture:
    """Capture an order; its totals are those of the first reading, for ever."""
    reason = reasons[0].code.value if reasons else ""
    before = snapshot.captures.get(order.id)
    fresh = Capture(
        order=order.id,
        created_at=order.created_at,
        currency=order.currency or "",
        gross=captured_gross(order),
        vat=captured_vat(order),
        home=home,
        reason=reason,
        first_read=snapshot.now,
        last_read=snapshot.now,
        intent_hash="",
        lines=_demands(order),
        identifier=order.identifier or "",
    )
    if before is None:
        return fresh
    return evolve(
        fresh,
        created_at=before.created_at,
        currency=before.currency,
        gross=before.gross,
        vat=before.vat,
        first_read=before.first_read,
        intent_hash=before.intent_hash,
    )


def _demands(order: Order) -> tuple[LineDemand, ...]:
    return tuple(
        LineDemand(
            line.product_sku or OroSku(""), line.product_unit_code or UnitCode(""), line.quantity
        )
        for line in order.lines
    )
