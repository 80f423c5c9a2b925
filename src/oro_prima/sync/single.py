"""Posting one order that is at hand: the same claim, the same answers, without a sweep."""

from __future__ import annotations

from attrs import evolve, frozen

from oro_prima.errors import StoreError
from oro_prima.ids import PrimaOrderNumber
from oro_prima.mapping.policy import OrderPolicy
from oro_prima.oro.models.orders import Order
from oro_prima.plans.orders import UNSETTLED, OrderDecision, plan_orders
from oro_prima.plans.snapshots import OrderSnapshot
from oro_prima.ports import Ports
from oro_prima.reasons import Reason
from oro_prima.records import Flow, Home, LedgerEntry, RecordState
from oro_prima.sync.commands import decode, to_call
from oro_prima.sync.earlier import with_accounts
from oro_prima.sync.gather import current_tables
from oro_prima.sync.posting import Posted, claim, post, send
from oro_prima.sync.price_books import BookShelf, note_prices, with_prices
from oro_prima.sync.recover import recover_order
from oro_prima.sync.report import Stopped
from oro_prima.sync.run import FlowRun, alone
from oro_prima.sync.settle import hold, note_captured, reason_codes, subject_of


@frozen
class OrderPosting:
    """
    What became of one order.

    `number` is its Prima order number, empty where none was given out. `stopped` says that a system
    could not be used; the order is where `home` says, and the same call may be made again.
    """

    home: Home
    number: PrimaOrderNumber
    reasons: tuple[Reason, ...] = ()
    stopped: Stopped | None = None


def post_order(
    ports: Ports,
    policy: OrderPolicy,
    order: Order,
    *,
    suffix: int = 0,
    earlier: tuple[Order, ...] = (),
) -> OrderPosting:
    """
    Post one order exactly once; a repeat of the call does no harm.

    What the store knows decides: an order that was accepted is never sent again, one in doubt is
    enquired after first. OroCommerce is not asked: `order` is the latest version that the caller
    has read, and `earlier` are the orders that share its purchase order number. Prima is asked for
    its price book where prices are checked.

    Raises:
        FlowStoppedError: the store has no cut-over record.
        StoreError: the store failed, or another run holds the lease of the flow.
    """
    with alone(ports, Flow.ORDERS) as run:
        entry = ports.store.newest_entries((order.id,)).get(order.id)
        if entry is not None and entry.state in UNSETTLED:
            return _result(run, order, recover_order(run, policy, entry))
        snapshot = _snapshot(run, order, entry, suffix, policy, earlier)
        (decision,) = plan_orders(snapshot, policy).decisions
        if decision.command is None:
            return _kept(run, order, decision)
        note_prices(run, decision, subject_of(order.id))
        return _result(run, order, post(run, decision.command, decision.capture))


def claim_order(
    ports: Ports,
    policy: OrderPolicy,
    order: Order,
    *,
    suffix: int = 0,
    earlier: tuple[Order, ...] = (),
) -> OrderPosting:
    """
    Claim one order and send nothing: for a platform that keeps the claim itself.

    The home is `WAITING` where it was claimed now; else it is what `post_order` would say.
    """
    with alone(ports, Flow.ORDERS) as run:
        snapshot = _snapshot(run, order, None, suffix, policy, earlier)
        (decision,) = plan_orders(snapshot, policy).decisions
        if decision.command is None:
            return _kept(run, order, decision)
        note_prices(run, decision, subject_of(order.id))
        claim(run, decision.command, decision.capture)
        return _posting(run, order, Home.WAITING)


def send_claimed(ports: Ports, order: Order, entry: LedgerEntry) -> OrderPosting:
    """Send an order whose claim was never sent, as the caller knows for certain."""
    with alone(ports, Flow.ORDERS) as run:
        payload = ports.store.payload(entry.key)
        if payload is None:
            msg = f"the claim of order {order.id} has no payload; claim it afresh"
            raise StoreError(msg)
        pair, profile = ports.pair, ports.profile
        prima_order = decode(payload).order
        call = to_call(
            prima_order, key=entry.key, attempt=entry.attempt, pair=pair, profile=profile
        )
        capture = ports.store.captures((order.id,))[order.id]
        return _result(run, order, send(run, entry, call, capture))


def _snapshot(
    run: FlowRun,
    order: Order,
    entry: LedgerEntry | None,
    suffix: int,
    policy: OrderPolicy,
    namesakes: tuple[Order, ...],
) -> OrderSnapshot:
    store = run.ports.store
    record = store.exception(Flow.ORDERS, subject_of(order.id))
    waits = record is not None and record.state is not RecordState.RESOLVED
    tables = current_tables(run)
    captures = store.captures((order.id,))
    snapshot = OrderSnapshot(
        now=max(run.now(), order.created_at + policy.post_after),
        orders=(order,),
        tables=tables,
        captures=captures,
        states={} if entry is None else {order.id: entry.state},
        held={order.id: record} if record is not None and waits else {},
        suffixes={order.id: suffix if entry is None else entry.suffix},
        namesakes=namesakes,
    )
    whole = with_accounts(run, snapshot, policy)
    return with_prices(run, whole, policy, BookShelf())


def _kept(run: FlowRun, order: Order, decision: OrderDecision) -> OrderPosting:
    """Keep the decision not to post, with its exception record where it is held."""
    capture, subject = decision.capture, subject_of(order.id)
    before = run.ports.store.captures((order.id,)).get(order.id)
    with run.write() as tx:
        tx.put_capture(capture)
        note_captured(tx, before, capture, now=run.now(), run=run.id)
        if decision.home is not Home.HELD and (before is None or before.home is not decision.home):
            run.note(tx, decision.home.value, subject, reason_codes(decision.reasons))
        if decision.home is Home.HELD:
            hold(
                run.ports.store,
                tx,
                Flow.ORDERS,
                subject,
                decision.reasons,
                now=run.now(),
                value=capture.gross,
                currency=capture.currency,
            )
    return evolve(_posting(run, order, decision.home), reasons=decision.reasons)


def _result(run: FlowRun, order: Order, posted: Posted) -> OrderPosting:
    record = posted.record or run.ports.store.exception(Flow.ORDERS, subject_of(order.id))
    waits = record is not None and record.state is RecordState.HELD
    reasons = record.reasons if record is not None and waits else ()
    return evolve(_posting(run, order, posted.home), reasons=reasons)


def _posting(run: FlowRun, order: Order, home: Home) -> OrderPosting:
    entry = run.ports.store.newest_entries((order.id,)).get(order.id)
    number = PrimaOrderNumber("") if entry is None else entry.number
    return OrderPosting(home, number, stopped=run.stopped)
