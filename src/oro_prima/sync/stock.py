"""
The stock flow: Prima's free stock to OroCommerce, per product unit, never promised twice.

A run is of all stock, or a small one of some whole pools: both hold the lease of the flow.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from attrs import evolve

from oro_prima.errors import CallError
from oro_prima.mapping.policy import StockPolicy
from oro_prima.plans.flow_recording import StockQuestion
from oro_prima.plans.pools import WholePools
from oro_prima.plans.scopes import EVERYTHING, Everything, OfProducts, ProductScope, scope_text
from oro_prima.plans.snapshots import StockSnapshot
from oro_prima.plans.stock import SHOPS_SUBJECT, StockPlan, plan_pools
from oro_prima.ports import Ports, Store, Transaction
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.records import Flow, RecordState
from oro_prima.sync.approval import as_planned
from oro_prima.sync.correction import SNAPSHOT_SUBJECT, Window, Work, correct
from oro_prima.sync.gather_small_stock import LOW, LowStock, read_product_stock, read_small_stock
from oro_prima.sync.gather_stock import read_stock
from oro_prima.sync.keeping import keep
from oro_prima.sync.neighbours import Neighbours, neighbours_of
from oro_prima.sync.recordings import keep_question
from oro_prima.sync.report import StockReport, Stopped
from oro_prima.sync.run import FlowRun, flow_run, look, note_ending, note_run
from oro_prima.sync.settle import hold, resolve
from oro_prima.sync.writing import Written, is_fall, write_levels, write_statuses

OF_PLANS = frozenset(
    {ReasonCode.QUANTITY_UNKNOWN, ReasonCode.RISE_OUTSIDE_BAND, ReasonCode.SHOP_UNREAD}
)
"""Reasons that a later plan settles by not having them."""


Gather = Callable[[FlowRun, StockPolicy, Neighbours], Work]
"""How a run reads what it works on."""
Approve = Callable[[StockPlan], StockPlan]
OF_ALL = frozenset({SNAPSHOT_SUBJECT, SHOPS_SUBJECT})
"""What is said of an answer, or of other shops, as a whole."""


def preview_stock(
    ports: Ports, policy: StockPolicy, *, scope: ProductScope = EVERYTHING
) -> StockPlan:
    """
    Show what a run would write. Reads both sides, writes nothing.

    Raises:
        CallError: one of the systems cannot be read.
    """
    return _look(ports, policy, _gather(scope))


def preview_small_stock(ports: Ports, policy: StockPolicy) -> StockPlan:
    """
    Show what a small run would write. Reads both sides, writes nothing.

    Raises:
        CallError: one of the systems cannot be read.
    """
    return _look(ports, policy, _some)


def sync_stock(
    ports: Ports,
    policy: StockPolicy,
    *,
    scope: ProductScope = EVERYTHING,
    approve: Approve = as_planned,
) -> StockReport:
    """
    Publish free stock: read both sides, write what changed, look again for sales in between.

    Other shops of the pool are read, never written to.

    A snapshot that the guard refuses changes nothing. A system that is down stops the run, and the
    report says why.

    Args:
        ports: What it acts through.
        policy: How free stock is published.
        scope: What the run is of. Products go with all that shares stock with them, else a level
            could rise while another still promises the same piece. Every order is in flight all the
            same; a SKU that Prima does not answer keeps its levels.
        approve: Given the plan before it is carried out, and gives back what of it is.

    Raises:
        FlowStoppedError: the store has no cut-over record.
        StoreError: the store failed, or another run holds the lease of the flow.
    """
    return _sync(ports, policy, _gather(scope), scope_text(scope), approve)


def sync_small_stock(
    ports: Ports, policy: StockPolicy, *, approve: Approve = as_planned
) -> StockReport:
    """
    Publish free stock of what was sold lately, is low, or was let go by a person; nothing else.

    Levels are written as `sync_stock` would write them, whole pools at a time. A SKU that Prima
    does not answer keeps its levels; only runs of all stock set one to 0 that is gone, and only
    they accept or refuse snapshots.

    Raises:
        FlowStoppedError: the store has no cut-over record.
        StoreError: the store failed, or another run holds the lease of the flow.
    """
    return _sync(ports, policy, _some, "what was sold, is low, or was let go", approve)


def _look(ports: Ports, policy: StockPolicy, gather: Gather) -> StockPlan:
    run = look(ports, Flow.STOCK)
    with neighbours_of(run) as neighbours:
        work = gather(run, policy, neighbours)
    return work.plan(work.reading.snapshot, policy)


def _gather(scope: ProductScope) -> Gather:
    return _all if isinstance(scope, Everything) else partial(_named, scope)


def _all(run: FlowRun, policy: StockPolicy, neighbours: Neighbours) -> Work:
    return Work(read_stock(run, policy, neighbours))


def _some(run: FlowRun, policy: StockPolicy, neighbours: Neighbours) -> Work:
    reading, asked = read_small_stock(run, policy, neighbours)
    return Work(reading, partial(plan_pools, asked=asked), asked)


def _named(products: OfProducts, run: FlowRun, policy: StockPolicy, neighbours: Neighbours) -> Work:
    reading, asked = read_product_stock(run, policy, neighbours, products)
    return Work(reading, partial(_plan_named, asked), asked, settles=frozenset())


def _plan_named(asked: WholePools, snapshot: StockSnapshot, policy: StockPolicy) -> StockPlan:
    """Plan pools, and say nothing of lines of other products that the table lacks."""
    plan = plan_pools(snapshot, policy, asked=asked)
    mine = {sku for sku, _unit in asked.units}
    told = (r for r in plan.reasons if r.subject in OF_ALL or _product(r.subject) in mine)
    return evolve(plan, reasons=tuple(told))


def _product(subject: str) -> str:
    return subject.removeprefix("stock/").rpartition("/")[0]


def _sync(
    ports: Ports, policy: StockPolicy, gather: Gather, scope: str, approve: Approve
) -> StockReport:
    written = Written()
    started = ports.clock()
    try:
        with flow_run(ports, Flow.STOCK) as run:
            started = run.started
            note_run(run, "run began", f"of {scope}")
            try:
                with neighbours_of(run) as neighbours:
                    report = _run(run, policy, (gather, approve), written, neighbours)
            except CallError as error:
                run.stop(str(error), error)
                report = _report(run, written, None, None)
            note_ending(run, report.summary())
            return report
    except CallError as error:
        return _unread(started, ports.clock(), Stopped(str(error), error))


def _note_reading(run: FlowRun, snapshot: StockSnapshot) -> None:
    """Say in the journal what was read of both sides: how much, and a hash over the figures."""
    digest = hashlib.sha256()
    for row in snapshot.rows:
        digest.update(f"{row.sku}={row.available}\n".encode())
    for level in snapshot.levels:
        digest.update(f"{level.id}={level.quantity}\n".encode())
    rows, levels = len(snapshot.rows), len(snapshot.levels)
    with run.write() as tx:
        run.note(tx, "read", "stock", f"{rows} SKUs, {levels} levels, sha256 {digest.hexdigest()}")


def _run(
    run: FlowRun,
    policy: StockPolicy,
    how: tuple[Gather, Approve],
    written: Written,
    neighbours: Neighbours,
) -> StockReport:
    gather, approve = how
    work = gather(run, policy, neighbours)
    snapshot = work.reading.snapshot
    _note_reading(run, snapshot)
    planned = work.plan(snapshot, policy)
    if work.settles:
        keep_question(run, StockQuestion(snapshot, policy, work.asked), planned)
    plan = approve(planned)
    if plan.refused is not None:
        _refuse(run, work, plan, written)
        return _report(run, written, plan, None)
    _accept(run, work, plan, written)
    run.ports.step("before-levels")
    window = Window(work.reading.window_began, run.now())
    _write(run, policy, plan, written)
    if plan.commands:
        correct(run, policy, work, neighbours, written, window)
    write_statuses(run, policy, plan.statuses, written)
    if run.stopped is None:
        _resolve_gone(run, work, plan, written)
    return _report(run, written, plan, window)


def _resolve_gone(run: FlowRun, work: Work, plan: StockPlan, written: Written) -> None:
    """Settle the records of what is wrong no more: nothing in this run named them again."""
    store, now = run.ports.store, run.now()
    pending = {level for operation in store.outstanding() for level in operation.levels}
    named = {reason.subject for reason in plan.reasons} | written.failing | {SNAPSHOT_SUBJECT}
    levels = work.reading.snapshot.levels
    named |= {f"stock/{one.sku}/{one.unit}" for one in levels if one.id in pending}
    waiting = [r for r in store.exceptions((RecordState.HELD,)) if r.flow is Flow.STOCK]
    gone = [
        record
        for record in waiting
        if record.subject not in named and work.judges(record) and not is_fall(record)
    ]
    if gone:
        with run.write() as tx:
            for record in gone:
                resolve(store, tx, Flow.STOCK, record.subject, now=now)


def _write(run: FlowRun, policy: StockPolicy, plan: StockPlan, written: Written) -> None:
    run.tell("writing levels", total=len(plan.decreases) + len(plan.increases))
    write_levels(run, policy, plan.decreases, written)
    if run.stopped is None:
        write_levels(run, policy, plan.increases, written)


def _accept(run: FlowRun, work: Work, plan: StockPlan, written: Written) -> None:
    """Keep what a snapshot that was let through says, and what could not be computed."""
    store, now = run.ports.store, run.now()
    with run.write() as tx:
        if work.asked is None:
            _accept_snapshot(store, tx, plan, now)
        for subject in _healed(store, work, plan):
            resolve(store, tx, Flow.STOCK, subject, now=now)
        for reason in plan.reasons:
            record, fresh = hold(store, tx, Flow.STOCK, reason.subject, (reason,), now=now)
            if fresh:
                written.held[reason.subject] = record


def _accept_snapshot(store: Store, tx: Transaction, plan: StockPlan, now: datetime) -> None:
    """Keep the marks of a snapshot of all stock, and what is low in it."""
    tx.replace_marks(plan.marks)
    tx.put_kept(keep(Flow.STOCK, LOW, LowStock(plan.low), at=now))
    if plan.accepted is not None:
        tx.put_accepted_snapshot(plan.accepted)
    tx.put_refused_snapshot(None)
    if SNAPSHOT_SUBJECT not in {reason.subject for reason in plan.reasons}:
        resolve(store, tx, Flow.STOCK, SNAPSHOT_SUBJECT, now=now)


def _healed(store: Store, work: Work, plan: StockPlan) -> tuple[str, ...]:
    """Return the records of plans that this plan has no reason for any more."""
    still = {reason.subject for reason in plan.reasons}
    return tuple(
        record.subject
        for record in store.exceptions((RecordState.HELD,))
        if record.flow is Flow.STOCK
        and record.subject not in still
        and work.judges(record)
        and all(reason.code in OF_PLANS for reason in record.reasons)
    )


def _refuse(run: FlowRun, work: Work, plan: StockPlan, written: Written) -> None:
    """Remember a snapshot that the guard refused; nothing else changes."""
    refused = plan.refused
    if refused is None:
        return
    detail = f"{refused.rows} SKUs read, share of linked ones {refused.linked_share}"
    reason = Reason(ReasonCode.SNAPSHOT_REFUSED, work.subject, detail)
    with run.write() as tx:
        if work.asked is None:
            tx.put_refused_snapshot(refused)
        record, fresh = hold(
            run.ports.store, tx, Flow.STOCK, work.subject, (reason,), now=run.now()
        )
    if fresh:
        written.held[work.subject] = record
    run.stop(f"the stock snapshot was refused: {detail}; nothing was written")


def _report(
    run: FlowRun, written: Written, plan: StockPlan | None, window: Window | None
) -> StockReport:
    length = window.ended - window.began if window is not None else timedelta(0)
    return StockReport(
        run=run.id,
        started=run.started,
        finished=run.now(),
        skus_read=plan.skus_read if plan is not None else 0,
        levels_changed=len(written.changed),
        levels_refused=written.refused,
        levels_in_doubt=written.in_doubt,
        statuses_changed=written.statuses,
        corrections=window.corrections if window is not None else 0,
        window_ms=length // timedelta(milliseconds=1),
        window_bound=window.base_units if window is not None else 0,
        plan=plan,
        held=tuple(written.held.values()),
        stopped=run.stopped,
    )


def _unread(started: datetime, finished: datetime, stopped: Stopped) -> StockReport:
    """Return the report of a run that could not even begin."""
    return StockReport(
        run="",
        started=started,
        finished=finished,
        skus_read=0,
        levels_changed=0,
        levels_refused=0,
        levels_in_doubt=0,
        statuses_changed=0,
        corrections=0,
        window_ms=0,
        window_bound=0,
        plan=None,
        stopped=stopped,
    )
