"""The orders flow: OroCommerce to Prima, exactly once, all lines or none."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from attrs import define, evolve, field, frozen

from oro_prima.errors import CallError
from oro_prima.ids import OroOrderId
from oro_prima.mapping.intent import intent_hash
from oro_prima.mapping.policy import OrderPolicy
from oro_prima.plans.edits import AFTER_POSTING
from oro_prima.plans.orders import OrderDecision, OrderPlan, plan_orders
from oro_prima.plans.scopes import EVERYTHING, Everything, OrderScope, scope_text
from oro_prima.plans.snapshots import OrderSnapshot
from oro_prima.ports import Ports, Store, Transaction
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.records import Capture, ExceptionRecord, Flow, Home, RecordState, Watermark
from oro_prima.sync.approval import as_planned
from oro_prima.sync.earlier import with_earlier
from oro_prima.sync.forget import forget_settled
from oro_prima.sync.gather import OrderBatch, blind_spots, gather_chosen, gather_orders
from oro_prima.sync.gather_scoped import captures_of, gather_scoped, unsafe_outside
from oro_prima.sync.posting import Posted, post
from oro_prima.sync.price_books import BookShelf, note_prices, why_orders_wait, with_prices
from oro_prima.sync.recordings import erase_recordings, keep_recording
from oro_prima.sync.recover import recover, unsettled_orders
from oro_prima.sync.report import RunReport, Stopped
from oro_prima.sync.run import FlowRun, flow_run, look
from oro_prima.sync.settle import hold, note_captured, reason_codes, resolve, subject_of
from oro_prima.sync.write_back import learn_external_id, write_back, write_missing

Approve = Callable[[OrderPlan], OrderPlan]


@frozen
class _How:
    """By which policy a run plans, what of a plan it carries out, and the books it has read."""

    policy: OrderPolicy
    approve: Approve
    shelf: BookShelf = field(factory=BookShelf)


@define
class _Tally:
    """What a run has done so far."""

    homes: dict[OroOrderId, Home] = field(factory=dict[OroOrderId, Home])
    posted: list[OroOrderId] = field(factory=list[OroOrderId])
    recovered: list[OroOrderId] = field(factory=list[OroOrderId])
    held: dict[str, ExceptionRecord] = field(factory=dict[str, ExceptionRecord])
    doubts: list[OroOrderId] = field(factory=list[OroOrderId])
    warnings: list[Reason] = field(factory=list[Reason])
    missing: list[OroOrderId] = field(factory=list[OroOrderId])

    def add(self, result: Posted) -> None:
        self.homes[result.order] = result.home
        if result.home is Home.POSTED:
            self.posted.append(result.order)
        elif result.home is Home.IN_DOUBT and result.fresh:
            self.doubts.append(result.order)
        if result.record is not None and result.fresh and result.home is not Home.IN_DOUBT:
            self.held[result.record.subject] = result.record


def preview_orders(
    ports: Ports, policy: OrderPolicy, *, scope: OrderScope = EVERYTHING
) -> Iterator[OrderPlan]:
    """
    Show what a run would do, batch by batch. Reads both sides, writes nothing, sends no order.

    Args:
        ports: What it reads through.
        policy: How orders are posted.
        scope: What the run would be of.

    Raises:
        CallError: OroCommerce cannot be read.
    """
    shown: set[OroOrderId] = set()
    run, shelf = look(ports, Flow.ORDERS), BookShelf()
    for batch in _batches(run, scope):
        shelf.clear()
        whole = with_earlier(run, batch.snapshot, policy)
        plan = plan_orders(with_prices(run, whole, policy, shelf), policy)
        yield OrderPlan(tuple(d for d in plan.decisions if d.order not in shown))
        shown.update(decision.order for decision in plan.decisions)


def sync_orders(
    ports: Ports,
    policy: OrderPolicy,
    *,
    scope: OrderScope = EVERYTHING,
    approve: Approve = as_planned,
) -> RunReport:
    """
    Recover what is in doubt, read new and open orders, post what is ours and can be mapped.

    Every order read ends in exactly one home. A record that cannot be mapped is held and the rest
    goes on; a system that is down stops the run, and the report says why.

    Args:
        ports: What it acts through.
        policy: How orders are posted.
        scope: What the run is of. One of orders or days moves no watermark, and nothing is done
            about any other order; the next run of everything reads them all again.
        approve: Given each batch's plan before it is carried out, and gives back what of it is. An
            order left out stays as it was: for runs of named orders alone.

    Raises:
        FlowStoppedError: the store has no cut-over record.
        StoreError: the store failed, or another run holds the lease of the flow.
    """
    tally = _Tally()
    started = ports.clock()
    try:
        with flow_run(ports, Flow.ORDERS) as run:
            started = run.started
            with run.write() as tx:
                told = f"watermark {_watermark(run)}; of {scope_text(scope)}"
                run.note(tx, "run began", "run", told)
            run.tell("run began", run.id)
            stopped = _run(run, _How(policy, approve), tally, scope)
            doubts = unsettled_orders(run)
            _close(run, tally, stopped, scope)
            report = _report(run.id, tally, started, run.now(), doubts, stopped)
            return evolve(report, blind_spots=blind_spots(run.features))
    except CallError as error:
        stopped = Stopped(str(error), error)
        return _report("", tally, started, ports.clock(), (), stopped)


def _watermark(run: FlowRun) -> int:
    watermark = run.ports.store.watermark()
    return watermark.order if watermark else 0


def _close(run: FlowRun, tally: _Tally, stopped: Stopped | None, scope: OrderScope) -> None:
    """Erase payloads that nobody needs any more, and say in the journal how the run ended."""
    if isinstance(scope, Everything):
        forget_settled(run)
        erase_recordings(run)
    counts = ", ".join(f"{n} {home}" for home, n in sorted(Counter(tally.homes.values()).items()))
    with run.write() as tx:
        what = "run stopped" if stopped else "run ended"
        run.note(tx, what, "run", f"{counts or 'nothing read'}; watermark {_watermark(run)}")
    run.tell(what, run.id, done=len(tally.homes))


def _run(run: FlowRun, how: _How, tally: _Tally, scope: OrderScope) -> Stopped | None:
    policy, shelf = how.policy, how.shelf
    try:
        learn_external_id(run, policy)
        _recover(run, policy, tally, scope)
        if run.stopped is None and isinstance(scope, Everything):
            _note_held(tally, write_missing(run, policy))
        batches = _batches(run, scope) if run.stopped is None else iter(())
        for batch in batches:
            shelf.clear()
            _apply(run, batch, how, tally)
            if run.stopped is not None:
                break
        if why := why_orders_wait(policy, shelf):
            run.stop(why)
    except CallError as error:
        run.stop(str(error), error)
    return run.stopped


def _batches(run: FlowRun, scope: OrderScope) -> Iterator[OrderBatch]:
    return gather_orders(run) if isinstance(scope, Everything) else gather_scoped(run, scope)


def _recover(run: FlowRun, policy: OrderPolicy, tally: _Tally, scope: OrderScope) -> None:
    """Settle doubts; a run of some orders settles theirs, and none while another is unsafe."""
    only = None
    if not isinstance(scope, Everything):
        only = captures_of(run, scope).keys()
        unsafe = unsafe_outside(run, scope)
        if unsafe:
            run.stop(unsafe)
            return
    for result in recover(run, policy, only=only):
        if result.home is Home.POSTED:
            tally.recovered.append(result.order)


def _apply(run: FlowRun, batch: OrderBatch, how: _How, tally: _Tally) -> None:
    """Give every order of a batch its home; move the watermark once all have one."""
    _note_reading(run, batch.snapshot)
    tally.missing += batch.missing
    stale = _apply_plan(run, batch.snapshot, how, tally)
    while stale and run.stopped is None:
        stale = _apply_plan(run, gather_chosen(run, stale), how, tally)
    if run.stopped is None and (batch.reached or batch.changed_until):
        run.ports.step("before-watermark")
        with run.write() as tx:
            tx.put_watermark(Watermark(batch.reached, batch.changed_until))
        run.ports.step("after-watermark")


def _note_reading(run: FlowRun, snapshot: OrderSnapshot) -> None:
    """Say in the journal what was read: how many orders, and a hash over what they asked for."""
    read = sorted((order.id, intent_hash(order)) for order in snapshot.orders)
    digest = hashlib.sha256(repr(read).encode()).hexdigest()
    apart = len(snapshot.unread) + len(snapshot.vanished)
    with run.write() as tx:
        detail = f"{len(read)} orders, {apart} unreadable or gone, sha256 {digest}"
        run.note(tx, "read", "orders", detail)


def _apply_plan(
    run: FlowRun, snapshot: OrderSnapshot, how: _How, tally: _Tally
) -> tuple[OroOrderId, ...]:
    """
    Apply the plan of what was just read.

    Returns:
        The orders that were not posted because their reading is too old: they are read again, so
        that the latest version is posted.
    """
    policy, shelf = how.policy, how.shelf
    whole = with_earlier(run, snapshot, policy)
    known = len(shelf.books)
    whole = with_prices(run, whole, policy, shelf)
    plan = plan_orders(whole, policy)
    keep_recording(run, whole, plan, policy)
    plan = how.approve(plan)
    others = [decision for decision in plan.decisions if decision.command is None]
    if others:
        with run.write() as tx:
            for decision in others:
                _keep(run, tx, decision, tally, snapshot.captures.get(decision.order))
    todo = [d for d in plan.decisions if d.command is not None]
    least = 1 if len(shelf.books) == known else 0  # a book may have taken its time
    stale = _post_all(run, snapshot, todo, tally, least=least)
    if run.stopped is None:
        _note_held(tally, write_back(run, snapshot, policy))
    return stale


def _note_held(tally: _Tally, records: Iterable[ExceptionRecord]) -> None:
    tally.held.update((record.subject, record) for record in records)


def _post_all(
    run: FlowRun,
    snapshot: OrderSnapshot,
    todo: Sequence[OrderDecision],
    tally: _Tally,
    *,
    least: int,
) -> tuple[OroOrderId, ...]:
    """
    Post one after the other; returns those whose reading has become too old.

    The first `least` are posted however old it is, so that a run gets on.
    """
    for done, decision in enumerate(todo):
        if run.stopped is not None:
            break
        if done >= least and run.now() - snapshot.now > run.ports.run.fresh_for:
            return tuple(d.order for d in todo[done:])
        _post(run, decision, tally)
        run.tell("posting", subject_of(decision.order), done=done + 1, total=len(todo))
    return ()


def _post(run: FlowRun, decision: OrderDecision, tally: _Tally) -> None:
    if decision.command is not None:
        tally.warnings.extend(decision.warnings)
        note_prices(run, decision, subject_of(decision.order))
        result = post(run, decision.command, decision.capture)
        tally.add(result)
        run.tell("decided", subject_of(decision.order), outcome=result.home.value)


def _keep(
    run: FlowRun, tx: Transaction, decision: OrderDecision, tally: _Tally, seen: Capture | None
) -> None:
    """
    Store a decision that sends nothing: waiting, ignored, cancelled, held, known already.

    A person who decided since the snapshot was taken (`seen`) is right; the next run looks again.
    """
    store, now, subject = run.ports.store, run.now(), subject_of(decision.order)
    before = store.captures((decision.order,)).get(decision.order)
    if before is not None and before != seen:
        tally.homes[decision.order] = before.home
        return
    tx.put_capture(decision.capture)
    note_captured(tx, before, decision.capture, now=now, run=run.id)
    tally.homes[decision.order] = decision.home
    tally.warnings.extend(decision.warnings)
    if decision.home is Home.HELD or decision.warnings:
        _keep_record(run, tx, decision, tally)
    elif _is_settled(store, decision):
        resolve(store, tx, Flow.ORDERS, subject, now=now)
    if before is None or before.home is not decision.home:
        run.tell("decided", subject, outcome=decision.home.value)
        if decision.home is not Home.HELD:  # that is journalled with its record
            run.note(tx, decision.home.value, subject, reason_codes(decision.reasons))


def _is_settled(store: Store, decision: OrderDecision) -> bool:
    """Tell whether the record of an order, if there is one, has no cause any more."""
    if decision.home in (Home.CANCELLED, Home.IGNORED, Home.MAIN, Home.WAITING):
        return True
    old = store.exception(Flow.ORDERS, subject_of(decision.order))
    if decision.home is not Home.POSTED or old is None:
        return False
    return AFTER_POSTING.issuperset(reason.code for reason in old.reasons)


def _keep_record(run: FlowRun, tx: Transaction, decision: OrderDecision, tally: _Tally) -> None:
    store, subject = run.ports.store, subject_of(decision.order)
    reasons = decision.reasons or decision.warnings
    old = store.exception(Flow.ORDERS, subject)
    if old is not None and old.reasons == reasons and old.state is not RecordState.RESOLVED:
        tx.put_exception(evolve(old, last_seen=run.now(), retry=False))
        if old.retry:
            run.note(tx, "tried, still held", subject, reason_codes(reasons))
        _stop_if_unsafe(run, old)
        return
    record, fresh = hold(
        store,
        tx,
        Flow.ORDERS,
        subject,
        reasons,
        now=run.now(),
        value=decision.capture.gross,
        currency=decision.capture.currency,
    )
    _stop_if_unsafe(run, record)
    if fresh:
        tally.held[subject] = record


def _stop_if_unsafe(run: FlowRun, record: ExceptionRecord) -> None:
    """Stop while others would be posted again: after a split, or from a store that forgot."""
    codes = {reason.code for reason in record.reasons}
    if record.state is not RecordState.HELD:
        return
    if ReasonCode.SPLIT_AFTER_POSTING in codes:
        why = f"{record.subject} was posted and shows sub-orders now"
        run.stop(f"{why}; check it in Prima, then dismiss it")
    if ReasonCode.POSTED_BEFORE in codes:
        why = f"{record.subject} says that it was posted, and this store never did"
        run.stop(f"{why}: was the store rolled back? Adopt what Prima has, or empty its externalId")


def _report(
    run: str,
    tally: _Tally,
    started: datetime,
    finished: datetime,
    doubts: tuple[OroOrderId, ...],
    stopped: Stopped | None,
) -> RunReport:
    return RunReport(
        run=run,
        started=started,
        finished=finished,
        read=len(tally.homes),
        posted=tuple(tally.posted),
        recovered=tuple(tally.recovered),
        homes=_counted(Counter(tally.homes.values())),
        held=tuple(tally.held.values()),
        in_doubt=doubts,
        newly_in_doubt=tuple(tally.doubts),
        warnings=tuple(tally.warnings),
        stopped=stopped,
        missing=tuple(tally.missing),
    )


def _counted(homes: Counter[Home]) -> Mapping[Home, int]:
    return {home: homes[home] for home in Home if homes[home]}
