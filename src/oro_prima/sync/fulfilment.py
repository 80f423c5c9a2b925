"""The fulfilment flow: Prima's status and parcels to the shop, never backwards, never twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from attrs import define, evolve, field

from oro_prima.errors import CallError, Effect, Fault
from oro_prima.ids import OroOrderId
from oro_prima.mapping.fulfilment import total_changed
from oro_prima.mapping.policy import OrderPolicy
from oro_prima.mapping.polling import PollPolicy
from oro_prima.mapping.statuses import FulfilmentPolicy
from oro_prima.oro.calls.order_writing import create_order_tracking, update_order
from oro_prima.oro.models.order_records import OrderFields
from oro_prima.plans.commands import AddTracking, SetOrderStatus
from oro_prima.plans.flow_recording import FulfilmentQuestion
from oro_prima.plans.fulfilment import (
    FulfilmentDecision,
    FulfilmentPlan,
    FulfilmentSnapshot,
    plan_fulfilment,
)
from oro_prima.plans.scopes import EVERYTHING, Everything, OrderScope, scope_text
from oro_prima.ports import Ports, Transaction
from oro_prima.prima.models.files import Unmoved
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.records import ExceptionRecord, Flow, Follow, RecordState
from oro_prima.sync.approval import as_planned
from oro_prima.sync.despatches import (
    arrived_orders,
    gather_despatches,
    keep_despatches,
    overlaid,
)
from oro_prima.sync.gather_fulfilment import TEXTS, FulfilmentBatch, due_orders, gather_fulfilment
from oro_prima.sync.readings import note_reading
from oro_prima.sync.recordings import keep_question
from oro_prima.sync.report import FulfilmentReport, Stopped
from oro_prima.sync.run import FlowRun, flow_run, look, note_ending, note_run
from oro_prima.sync.settle import hold, reason_codes, resolve, subject_of
from oro_prima.values import fold

Approve = Callable[[FulfilmentPlan], FulfilmentPlan]


@define
class _Done:
    """What a run has written so far."""

    asked: int = 0
    finished: int = 0
    trackings: int = 0
    statuses: int = 0
    despatches: int = 0
    held: dict[str, ExceptionRecord] = field(factory=dict[str, ExceptionRecord])


def preview_fulfilment(
    ports: Ports,
    orders: OrderPolicy,
    policy: FulfilmentPolicy,
    polls: PollPolicy,
    *,
    scope: OrderScope = EVERYTHING,
) -> Iterator[FulfilmentPlan]:
    """
    Show what a run would write, batch by batch. Reads both sides, writes nothing.

    Raises:
        CallError: a system cannot be read.
    """
    run = look(ports, Flow.FULFILMENT)
    due = _due_unmoved(run, orders, polls, scope)
    for batch in gather_fulfilment(run, orders, due):
        yield plan_fulfilment(batch.snapshot, policy)


def _due_unmoved(
    run: FlowRun, orders: OrderPolicy, polls: PollPolicy, scope: OrderScope
) -> tuple[Follow, ...]:
    """Return what is due, with the news of files, which stay where they are."""
    run.ports = evolve(run.ports, files=Unmoved(run.ports.files))
    with gather_despatches(run, orders) as arrived:
        run.ports = overlaid(run.ports, arrived)
        return due_orders(run, polls, arrived_orders(run, arrived), scope=scope)


def sync_fulfilment(
    ports: Ports,
    orders: OrderPolicy,
    policy: FulfilmentPolicy,
    polls: PollPolicy,
    *,
    scope: OrderScope = EVERYTHING,
    approve: Approve = as_planned,
) -> FulfilmentReport:
    """
    Ask Prima after the orders that are due, and write what it says into the shop.

    Despatches that came by files are kept first; an order that they name is due at once.

    Trackings go first, then one patch with the status; where a server has no place for a status
    that is a record for a person, not success. A patch that changes what the customer owes is one
    for finance.

    Args:
        ports: What it acts through.
        orders: How orders were posted.
        policy: What is written of which status.
        polls: Which orders are due.
        scope: What the run is of. Of a scope every followed order is asked after, due or not, and
            files stay where they are.
        approve: Given each batch's plan before it is carried out, and gives back what of it is.

    Raises:
        ConfigError: the directory that despatches come to is not there.
        FlowStoppedError: the store has no cut-over record.
        StoreError: the store failed, or another run holds the lease of the flow.
    """
    done, started = _Done(), ports.clock()
    try:
        with flow_run(ports, Flow.FULFILMENT) as run:
            started = run.started
            note_run(run, "run began", f"of {scope_text(scope)}")
            due = _due(run, orders, policy, polls, scope, done)
            _run(run, orders, policy, due, approve, done)
            report = _report(run.id, done, started, run)
            note_ending(run, report.summary())
            return report
    except CallError as error:
        stopped = Stopped(str(error), error)
        return FulfilmentReport("", started, ports.clock(), 0, 0, 0, 0, stopped=stopped)


def _due(
    run: FlowRun,
    orders: OrderPolicy,
    policy: FulfilmentPolicy,
    polls: PollPolicy,
    scope: OrderScope,
    done: _Done,
) -> tuple[Follow, ...]:
    """Settle what is mapped by now, keep what files say, and return the orders to ask about."""
    if not isinstance(scope, Everything):
        return _due_unmoved(run, orders, polls, scope)
    _resolve_texts(run, policy)
    arrived, unread = keep_despatches(run, orders)
    done.despatches = arrived.new
    if unread is not None:
        done.held[unread.subject] = unread
    return due_orders(run, polls, arrived_orders(run, arrived))


def _run(
    run: FlowRun,
    orders: OrderPolicy,
    policy: FulfilmentPolicy,
    due: Sequence[Follow],
    approve: Approve,
    done: _Done,
) -> None:
    try:
        for batch in gather_fulfilment(run, orders, due):
            _note_reading(run, batch.snapshot)
            planned = plan_fulfilment(batch.snapshot, policy)
            keep_question(run, FulfilmentQuestion(batch.snapshot, policy), planned)
            plan = approve(planned)
            for decision in plan.decisions:
                if run.stopped is not None:
                    return
                _apply(run, batch, decision, done)
                run.tell("following", subject_of(decision.order), done=done.asked, total=len(due))
    except CallError as error:
        run.stop(str(error), error)


def _note_reading(run: FlowRun, snapshot: FulfilmentSnapshot) -> None:
    """Say in the journal what was read of both sides: how many orders, and a hash over it."""
    both = ((one.erp, one.shop) for one in snapshot.orders)
    note_reading(run, "fulfilment", f"{len(snapshot.orders)} orders", both)


def _apply(run: FlowRun, batch: FulfilmentBatch, decision: FulfilmentDecision, done: _Done) -> None:
    """Write what was decided of one order, then keep what became of it."""
    reasons = list(decision.reasons)
    for tracking in decision.trackings:
        reasons += _add_tracking(run, tracking, done)
        if run.stopped is not None:
            return
    if decision.status is not None:
        reasons += _set_status(run, decision.status, done)
        if run.stopped is not None:
            return
    _keep(run, batch.follows[decision.order], decision, tuple(reasons), done)


def _add_tracking(run: FlowRun, command: AddTracking, done: _Done) -> list[Reason]:
    """Add one parcel; after a lost answer the next run looks what is there, and none is sent."""
    call = create_order_tracking(
        run.features, order=command.order, method=command.method, number=command.number
    )
    run.keep_lease(run.ports.shop_timeout)
    run.ports.step("before-tracking")
    try:
        run.ports.shop.send(call)
    except CallError as error:
        return _failed(run, command.order, "tracking", error)
    done.trackings += 1
    run.ports.step("after-tracking")
    return []


def _set_status(run: FlowRun, command: SetOrderStatus, done: _Done) -> list[Reason]:
    """Patch an order's status, and look whether its total is what it was."""
    fields: OrderFields = {}
    if command.shipping_status:
        fields["shipping_status"] = command.shipping_status
    if command.status:
        fields["status"] = command.status
    if command.without_promotions:
        fields["disable_promotions"] = True
    run.keep_lease(run.ports.shop_timeout)
    run.ports.step("before-status")
    try:
        answer = run.ports.shop.send(update_order(command.order, fields=fields))
    except CallError as error:
        return _failed(run, command.order, "status", error)
    done.statuses += 1
    run.ports.step("after-status")
    return list(total_changed(command.order, before=command.total, after=answer.total_value))


def _failed(run: FlowRun, order: OroOrderId, what: str, error: CallError) -> list[Reason]:
    """Hold what the shop refuses; a system that is down stops the run, nothing being kept."""
    if error.fault is Fault.RECORD and error.effect is Effect.NONE:
        detail = f"OroCommerce refused the {what}: {error.detail}"
        return [Reason(ReasonCode.STATUS_NOT_WRITABLE, subject_of(order), detail)]
    run.stop(str(error), error)
    return []


def _keep(
    run: FlowRun,
    follow: Follow,
    decision: FulfilmentDecision,
    reasons: tuple[Reason, ...],
    done: _Done,
) -> None:
    store, now, subject = run.ports.store, run.now(), subject_of(decision.order)
    finished = decision.finished and not reasons
    capture = store.captures((decision.order,))[decision.order]
    with run.write() as tx:
        tx.put_follow(evolve(follow, asked_at=now, said=decision.said, finished=finished))
        if decision.commands or decision.said != follow.said:
            written = f"{len(decision.trackings)} trackings"
            status = f", {_status_text(decision.status)}" if decision.status else ""
            run.note(tx, "fulfilment", subject, f"Prima says {decision.said}; {written}{status}")
        _hold_texts(run, tx, reasons, done)
        own = tuple(one for one in reasons if one.code is not ReasonCode.STATUS_NOT_MAPPED)
        if own:
            value, currency = capture.gross, capture.currency
            record, fresh = hold(
                store, tx, Flow.FULFILMENT, subject, own,
                now=now, value=value, currency=currency, policy=run.ports.run,
            )  # fmt: skip
            if fresh:
                run.note(tx, "held", subject, reason_codes(own))
                done.held[subject] = record
        else:
            resolve(store, tx, Flow.FULFILMENT, subject, now=now)
    done.asked += 1
    done.finished += finished


def _status_text(command: SetOrderStatus) -> str:
    return "/".join(part for part in (command.shipping_status, command.status) if part)


def _hold_texts(run: FlowRun, tx: Transaction, reasons: tuple[Reason, ...], done: _Done) -> None:
    """Hold each status text that nobody mapped once, however many orders have it."""
    store, now = run.ports.store, run.now()
    for reason in reasons:
        if reason.code is not ReasonCode.STATUS_NOT_MAPPED or reason.cause in done.held:
            continue
        told = evolve(reason, subject=reason.cause)
        record, fresh = hold(store, tx, Flow.FULFILMENT, reason.cause, (told,), now=now)
        if fresh:
            run.note(tx, "held", reason.cause, reason.code.value)
            done.held[reason.cause] = record


def _resolve_texts(run: FlowRun, policy: FulfilmentPolicy) -> None:
    """Settle the records of status texts that are mapped by now."""
    known = {fold(text) for text in policy.statuses}
    held = run.ports.store.exceptions((RecordState.HELD,))
    subjects = [
        record.subject
        for record in held
        if record.flow is Flow.FULFILMENT
        and record.subject.startswith(TEXTS)
        and fold(record.subject.removeprefix(TEXTS)) in known
    ]
    if subjects:
        with run.write() as tx:
            for subject in subjects:
                resolve(run.ports.store, tx, Flow.FULFILMENT, subject, now=run.now())


def _report(run_id: str, done: _Done, started: datetime, run: FlowRun) -> FulfilmentReport:
    return FulfilmentReport(
        run=run_id,
        started=started,
        finished=run.now(),
        asked=done.asked,
        trackings=done.trackings,
        statuses=done.statuses,
        orders_finished=done.finished,
        held=tuple(done.held.values()),
        stopped=run.stopped,
        despatches=done.despatches,
    )
