"""A batch of orders -> one decision each: where it belongs, why, and what is to be sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from attrs import evolve, frozen

from oro_prima.ids import OroOrderId
from oro_prima.mapping.eligibility import eligible
from oro_prima.mapping.holds import hold_reasons
from oro_prima.mapping.intent import intent_hash
from oro_prima.mapping.orders import map_order, order_warnings
from oro_prima.mapping.policy import Duplicates, OrderPolicy, PriceCheck, WriteBack
from oro_prima.mapping.price_check import check_prices, unchecked
from oro_prima.mapping.references import ReferenceKey, duplicate_reasons, reference_key
from oro_prima.oro.models.orders import Order
from oro_prima.outcome import Unmapped
from oro_prima.plans.captures import capture_order, capture_unread
from oro_prima.plans.commands import PostOrder
from oro_prima.plans.edits import after_posting
from oro_prima.plans.snapshots import OrderSnapshot, UnreadOrder
from oro_prima.prima.models.orders import PrimaOrder
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.records import (
    Capture,
    EntryState,
    ExceptionRecord,
    Home,
    RecordState,
)

FOR_A_PERSON = frozenset(
    {
        ReasonCode.PRIMA_REFUSED,
        ReasonCode.REQUEST_MALFORMED,
        ReasonCode.ACCOUNT_REFUSED,
        ReasonCode.GOODS_REFUSED,
        ReasonCode.VAT_BASIS_MISMATCH,
        ReasonCode.NUMBER_TAKEN,
        ReasonCode.ACCOUNT_DIFFERS,
        ReasonCode.REOPENED,
    }
)
"""An order that waits for one of these is not sent before a person says so."""

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
    used = _used_references((*snapshot.namesakes, *latest.values()), policy)
    decisions = [_decide(order, snapshot, policy, used) for order in latest.values()]
    unread = {order.id: order for order in snapshot.unread if order.id not in latest}
    decisions += [_unread(order, snapshot) for order in unread.values()]
    gone = set(snapshot.vanished) - latest.keys() - unread.keys()
    decisions += [_vanished(order, snapshot) for order in sorted(gone)]
    return OrderPlan(tuple(sorted(decisions, key=lambda decision: _by_id(decision.order))))


def _reading(order: Order) -> tuple[object, ...]:
    return (order.updated_at, order.total_value is not None, len(order.lines))


def _by_id(order: OroOrderId) -> tuple[int, str]:
    numeric = order.isascii() and order.isdigit()
    return (int(order) if numeric else 0, order)


Used = Mapping[ReferenceKey, Sequence[Order]]


def _used_references(orders: Iterable[Order], policy: OrderPolicy) -> Used:
    """Return orders by purchase order number, where it matters whether one is used twice."""
    used: dict[ReferenceKey, list[Order]] = {}
    if policy.references.duplicates is Duplicates.ALLOW:
        return used
    for order in orders:
        key = reference_key(order)
        if key is not None:
            used.setdefault(key, []).append(order)
    return used


def _decide(
    order: Order, snapshot: OrderSnapshot, policy: OrderPolicy, used: Used
) -> OrderDecision:
    state = snapshot.states.get(order.id)
    if state is EntryState.ACCEPTED:
        warnings = after_posting(order, snapshot.captures.get(order.id), policy)
        return evolve(_settled_elsewhere(order, snapshot, Home.POSTED), warnings=warnings)
    if state in UNSETTLED:
        return _settled_elsewhere(order, snapshot, Home.IN_DOUBT)
    if order.external_id and policy.write_back is WriteBack.EXTERNAL_ID and state is None:
        return _posted_before(order, snapshot)
    record = snapshot.held.get(order.id)
    if record is not None and record.state is RecordState.DISMISSED:
        return _settled_elsewhere(order, snapshot, Home.DISMISSED)
    found = eligible(order, now=snapshot.now, policy=policy)
    if found.home is not Home.POSTED:
        reasons = () if found.reason is None else (found.reason,)
        return _without_command(order, snapshot, found.home, reasons)
    if _was_cancelled(order, snapshot) and not (record is not None and record.retry):
        detail = "cancelled before it was posted, and open again"
        reason = Reason(ReasonCode.REOPENED, f"orders/{order.id}", detail)
        return _without_command(order, snapshot, Home.HELD, (reason,))
    if record is not None and (
        _waits_for_a_person(record) or _waits_for_its_time(record, snapshot)
    ):
        return _without_command(order, snapshot, Home.HELD, record.reasons)
    return _mapped(order, snapshot, policy, used)


def _posted_before(order: Order, snapshot: OrderSnapshot) -> OrderDecision:
    """Hold an order that says it was posted although the ledger knows nothing of it."""
    record = snapshot.held.get(order.id)
    if record is not None and record.state is RecordState.DISMISSED:
        return _settled_elsewhere(order, snapshot, Home.DISMISSED)
    detail = f"externalId is {order.external_id}, and this store never posted it"
    reason = Reason(ReasonCode.POSTED_BEFORE, f"orders/{order.id}", detail)
    return _without_command(order, snapshot, Home.HELD, (reason,))


def _waits_for_a_person(record: ExceptionRecord) -> bool:
    return not record.retry and any(reason.code in FOR_A_PERSON for reason in record.reasons)


def _waits_for_its_time(record: ExceptionRecord, snapshot: OrderSnapshot) -> bool:
    later = record.next_try is not None and record.next_try > snapshot.now
    return later and not record.retry


def _was_cancelled(order: Order, snapshot: OrderSnapshot) -> bool:
    """A cancellation that was seen is not undone by a reading that shows none."""
    before = snapshot.captures.get(order.id)
    return before is not None and before.home is Home.CANCELLED


def _mapped(
    order: Order, snapshot: OrderSnapshot, policy: OrderPolicy, used: Used
) -> OrderDecision:
    suffix = snapshot.suffixes.get(order.id, 0)
    outcome = map_order(order, snapshot.tables, policy, suffix=suffix)
    if isinstance(outcome, Unmapped):
        return _without_command(order, snapshot, Home.HELD, outcome.reasons)
    twice = duplicate_reasons(order, used)
    first = _looked_at_first(order, outcome.value, twice, snapshot, policy)
    prices, wait = _price_reasons(order, outcome.value, snapshot, policy)
    if policy.price_check is PriceCheck.CHECK_AND_HOLD:
        if first or prices:
            return _without_command(order, snapshot, Home.HELD, first + prices)
        if wait:
            return _without_command(order, snapshot, Home.WAITING, wait)
    if first:
        return _without_command(order, snapshot, Home.HELD, first)
    intent = intent_hash(order)
    capture = evolve(capture_order(order, snapshot, Home.POSTED), intent_hash=intent)
    command = PostOrder(order.id, outcome.value, intent, order.created_at, suffix)
    warnings = order_warnings(order, policy=policy) + twice + prices + wait
    return OrderDecision(order.id, Home.POSTED, capture, (), warnings, command)


def _looked_at_first(
    order: Order,
    made: PrimaOrder,
    twice: tuple[Reason, ...],
    snapshot: OrderSnapshot,
    policy: OrderPolicy,
) -> tuple[Reason, ...]:
    """Return why somebody looks at an order before it is posted; a person's retry lets it go."""
    record = snapshot.held.get(order.id)
    if record is not None and record.retry:
        return ()
    known = snapshot.tables.ordered_before
    reasons = hold_reasons(order, made.account, policy.holds, known)
    return reasons + (twice if policy.references.duplicates is Duplicates.HOLD else ())


def _price_reasons(
    order: Order, made: PrimaOrder, snapshot: OrderSnapshot, policy: OrderPolicy
) -> tuple[tuple[Reason, ...], tuple[Reason, ...]]:
    """Return what prices do not agree, and why they were not checked; a retry is checked afresh."""
    if policy.price_check is PriceCheck.INTENT_ONLY:
        return (), ()
    checked = check_prices(order, made.account, snapshot.tables, policy, books=snapshot.books)
    return checked.reasons, ((unchecked(order, checked),) if checked.unread else ())


def orders_to_check(snapshot: OrderSnapshot, policy: OrderPolicy) -> tuple[PrimaOrder, ...]:
    """Return the orders of a batch whose prices matter: those that would be posted without them."""
    if policy.price_check is PriceCheck.INTENT_ONLY:
        return ()
    plan = plan_orders(snapshot, evolve(policy, price_check=PriceCheck.INTENT_ONLY))
    return tuple(command.order for command in plan.commands)


def _unread(order: UnreadOrder, snapshot: OrderSnapshot) -> OrderDecision:
    """Hold an order that cannot be read, unless it has a home that nothing can change."""
    capture = capture_unread(order, snapshot)
    if capture.home is not Home.HELD:
        return OrderDecision(order.id, capture.home, capture)
    subject = f"orders/{order.id}"
    reasons = tuple(
        Reason(ReasonCode.UNREADABLE_ORDER, subject, fault) for fault in order.record.faults
    )
    return OrderDecision(order.id, Home.HELD, capture, reasons)


def _vanished(order: OroOrderId, snapshot: OrderSnapshot) -> OrderDecision:
    capture = snapshot.captures[order]
    reason = Reason(ReasonCode.VANISHED, f"orders/{order}", "no longer in OroCommerce")
    kept = evolve(capture, home=Home.HELD, reason=reason.code.value, last_read=snapshot.now)
    return OrderDecision(order, Home.HELD, kept, (reason,))


def _settled_elsewhere(order: Order, snapshot: OrderSnapshot, home: Home) -> OrderDecision:
    before = snapshot.captures.get(order.id)
    capture = capture_order(order, snapshot, home)
    if before is not None:
        kept = evolve(before, last_read=snapshot.now, home=home)
        capture = kept
    return OrderDecision(order.id, home, capture)


def _without_command(
    order: Order, snapshot: OrderSnapshot, home: Home, reasons: tuple[Reason, ...]
) -> OrderDecision:
    return OrderDecision(order.id, home, capture_order(order, snapshot, home, reasons), reasons)
