"""The stock flow: Prima's free stock to OroCommerce, per product unit, never promised twice."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from fractions import Fraction

from attrs import define, evolve

from oro_prima.call import each
from oro_prima.errors import CallError
from oro_prima.mapping.policy import StockPolicy
from oro_prima.mapping.tables import UnitTable
from oro_prima.oro.calls.stock import list_levels_by_sku
from oro_prima.plans.commands import SetLevel
from oro_prima.plans.shelves import add_up
from oro_prima.plans.snapshots import StockSnapshot
from oro_prima.plans.stock import StockPlan, plan_stock
from oro_prima.ports import Ports, Store
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.records import Flow, LineDemand, RecordState
from oro_prima.sync.gather_stock import StockReading, gather_stock, pools_of
from oro_prima.sync.report import StockReport, Stopped
from oro_prima.sync.run import FlowRun, flow_run, look, note_ending, note_run
from oro_prima.sync.settle import hold, resolve
from oro_prima.sync.sold import sold_since
from oro_prima.sync.writing import Written, write_levels, write_statuses
from oro_prima.values import SkuKey

SNAPSHOT_SUBJECT = "stock/snapshot"
OF_PLANS = frozenset({ReasonCode.QUANTITY_UNKNOWN, ReasonCode.RISE_OUTSIDE_BAND})
"""Reasons that a later plan settles by not having them."""


@define
class _Window:
    """The time in which a sale could be overwritten, and what was sold in it."""

    began: datetime
    ended: datetime
    base_units: int = 0
    corrections: int = 0


def preview_stock(ports: Ports, policy: StockPolicy) -> StockPlan:
    """
    Show what a run would write. Reads both sides, writes nothing.

    Raises:
        CallError: one of the systems cannot be read.
    """
    return plan_stock(gather_stock(look(ports, Flow.STOCK), policy).snapshot, policy)


def sync_stock(ports: Ports, policy: StockPolicy) -> StockReport:
    """
    Publish free stock: read both sides, write what changed, look again for sales in between.

    A snapshot that the guard refuses changes nothing. A system that is down stops the run, and the
    report says why.

    Raises:
        FlowStoppedError: the store has no cut-over record.
        StoreError: the store failed, or another run holds the lease of the flow.
    """
    written = Written()
    started = ports.clock()
    try:
        with flow_run(ports, Flow.STOCK) as run:
            started = run.started
            note_run(run, "run began")
            try:
                report = _run(run, policy, written)
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


def _run(run: FlowRun, policy: StockPolicy, written: Written) -> StockReport:
    reading = gather_stock(run, policy)
    _note_reading(run, reading.snapshot)
    plan = plan_stock(reading.snapshot, policy)
    if plan.refused is not None:
        _refuse(run, plan, written)
        return _report(run, written, plan, None)
    _accept(run, plan, written)
    run.ports.step("before-levels")
    window = _Window(reading.window_began, run.now())
    _write(run, policy, plan, written)
    _correct(run, policy, reading, plan, written, window)
    write_statuses(run, plan.statuses, written)
    if run.stopped is None:
        _resolve_gone(run, reading.snapshot, plan, written)
    return _report(run, written, plan, window)


def _resolve_gone(run: FlowRun, snapshot: StockSnapshot, plan: StockPlan, written: Written) -> None:
    """Settle the records of what is wrong no more: nothing in this run named them again."""
    store, now = run.ports.store, run.now()
    pending = {level for operation in store.outstanding() for level in operation.levels}
    named = {reason.subject for reason in plan.reasons} | written.failing | {SNAPSHOT_SUBJECT}
    named |= {f"stock/{one.sku}/{one.unit}" for one in snapshot.levels if one.id in pending}
    waiting = [r for r in store.exceptions((RecordState.HELD,)) if r.flow is Flow.STOCK]
    gone = [record for record in waiting if record.subject not in named]
    if gone:
        with run.write() as tx:
            for record in gone:
                resolve(store, tx, Flow.STOCK, record.subject, now=now)


def _write(run: FlowRun, policy: StockPolicy, plan: StockPlan, written: Written) -> None:
    run.tell("writing levels", total=len(plan.decreases) + len(plan.increases))
    write_levels(run, policy, plan.decreases, written)
    if run.stopped is None:
        write_levels(run, policy, plan.increases, written)


def _accept(run: FlowRun, plan: StockPlan, written: Written) -> None:
    """Keep the marks of a snapshot that was let through, and what could not be computed."""
    store, now = run.ports.store, run.now()
    with run.write() as tx:
        tx.replace_marks(plan.marks)
        if plan.accepted is not None:
            tx.put_accepted_snapshot(plan.accepted)
        tx.put_refused_snapshot(None)
        if SNAPSHOT_SUBJECT not in {reason.subject for reason in plan.reasons}:
            resolve(store, tx, Flow.STOCK, SNAPSHOT_SUBJECT, now=now)
        for subject in _healed(store, plan):
            resolve(store, tx, Flow.STOCK, subject, now=now)
        for reason in plan.reasons:
            record, fresh = hold(store, tx, Flow.STOCK, reason.subject, (reason,), now=now)
            if fresh:
                written.held[reason.subject] = record


def _healed(store: Store, plan: StockPlan) -> tuple[str, ...]:
    """Return the records of plans that this plan has no reason for any more."""
    still = {reason.subject for reason in plan.reasons}
    return tuple(
        record.subject
        for record in store.exceptions((RecordState.HELD,))
        if record.flow is Flow.STOCK
        and record.subject not in still
        and all(reason.code in OF_PLANS for reason in record.reasons)
    )


def _refuse(run: FlowRun, plan: StockPlan, written: Written) -> None:
    """Remember a snapshot that the guard refused; nothing else changes."""
    refused = plan.refused
    if refused is None:
        return
    detail = f"{refused.rows} SKUs read, share of linked ones {refused.linked_share}"
    reason = Reason(ReasonCode.SNAPSHOT_REFUSED, SNAPSHOT_SUBJECT, detail)
    with run.write() as tx:
        tx.put_refused_snapshot(refused)
        record, fresh = hold(
            run.ports.store, tx, Flow.STOCK, SNAPSHOT_SUBJECT, (reason,), now=run.now()
        )
    if fresh:
        written.held[SNAPSHOT_SUBJECT] = record
    run.stop(f"the stock snapshot was refused: {detail}; nothing was written")


def _correct(
    run: FlowRun,
    policy: StockPolicy,
    reading: StockReading,
    plan: StockPlan,
    written: Written,
    window: _Window,
) -> None:
    """Read orders that came in while levels were written; write the levels they touch afresh."""
    snapshot, newest = reading.snapshot, reading.newest
    touched = frozenset(command.level for command in plan.commands)
    for _ in range(policy.correction_rounds):
        if run.stopped is not None or not touched:
            break
        sold = sold_since(run, after=newest)
        newest = sold.newest
        window.ended = run.now()
        if not sold.lines:
            break
        snapshot = evolve(snapshot, sold=add_up((*snapshot.sold, *sold.lines)))
        skus = _count(sold.lines, snapshot.tables.units, window)
        again = _plan_again(run, policy, snapshot, skus)
        write_levels(run, policy, again, written)
        window.corrections += len(again)
        window.ended = run.now()


def _count(lines: Iterable[LineDemand], units: UnitTable, window: _Window) -> frozenset[SkuKey]:
    """Return the SKUs that lines of the window took, and add their base units to the bound."""
    skus: set[SkuKey] = set()
    for line in lines:
        for component in units.get((line.sku, line.unit), ()):
            skus.add(component.sku)
            base = Fraction(line.quantity) * component.count
            window.base_units += -(-base.numerator // base.denominator)
    return frozenset(skus)


def _plan_again(
    run: FlowRun,
    policy: StockPolicy,
    snapshot: StockSnapshot,
    skus: frozenset[SkuKey],
) -> tuple[SetLevel, ...]:
    """Plan afresh the levels of every product unit that shares stock with `skus`."""
    keys = pools_of(skus, snapshot.tables.units)
    if not keys:
        return ()
    call = list_levels_by_sku(skus=sorted({sku for sku, _unit in keys}))
    rows = each(run.ports.shop, call)
    levels = tuple(level for level in rows if (level.sku, level.unit) in keys)
    again = evolve(snapshot, levels=levels, accept_anyway=True)
    plan = plan_stock(again, policy)
    return plan.decreases + plan.increases


def _report(
    run: FlowRun, written: Written, plan: StockPlan | None, window: _Window | None
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
