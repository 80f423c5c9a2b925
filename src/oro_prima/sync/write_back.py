"""
Writing Prima's number of a posted order into its `externalId`: a second guard, off by default.

The write has OroCommerce compute the order's totals anew; what changes by that is held for finance,
never silent. An order without any discount is kept from later promotions in the same write.
"""

from __future__ import annotations

from collections.abc import Sequence

from oro_prima.errors import CallError, Fault
from oro_prima.ids import OroOrderId, PrimaOrderNumber
from oro_prima.mapping.fulfilment import total_changed
from oro_prima.mapping.policy import OrderPolicy, WriteBack
from oro_prima.oro.calls.features import probe_external_id
from oro_prima.oro.calls.order_writing import update_order
from oro_prima.oro.models.features import with_known
from oro_prima.oro.models.order_records import OrderFields
from oro_prima.oro.models.orders import Order
from oro_prima.plans.snapshots import OrderSnapshot
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.records import EntryState, ExceptionRecord, Flow, RecordState, Watermark
from oro_prima.sync.gather import gather_chosen, number
from oro_prima.sync.late import PAGE
from oro_prima.sync.run import FlowRun
from oro_prima.sync.settle import hold, resolve, subject_of

CLOSED = 403
"""What a cancelled or closed order answers to a write."""


def learn_external_id(run: FlowRun, policy: OrderPolicy) -> None:
    """Ask, where numbers are written back, whether this server can keep them."""
    if policy.write_back is WriteBack.EXTERNAL_ID:
        found = probe_external_id(run.ports.shop, run.features)
        run.features = with_known(found, run.ports.known)


def write_missing(run: FlowRun, policy: OrderPolicy) -> tuple[ExceptionRecord, ...]:
    """
    Write the numbers of orders that no batch of this run may hold, however long ago they were read.

    An order may be accepted long after it was read: it was in doubt. Or its write was lost, or
    refused and a person wants it tried again. So every order is looked at that was accepted since
    all had been, of whatever id; the instant moves on once none is left.

    Returns:
        The records that are newly held.
    """
    if not _writes(run, policy):
        return ()
    began = run.now()
    orders = _accepted_since_written(run)
    found: list[ExceptionRecord] = []
    for start in range(0, len(orders), PAGE):
        snapshot = gather_chosen(run, orders[start : start + PAGE])
        found.extend(write_back(run, snapshot, policy))
        if run.stopped is not None:
            return tuple(found)
    with run.write() as tx:
        tx.put_watermark(Watermark(0, written_at=began))
    return tuple(found)


def _writes(run: FlowRun, policy: OrderPolicy) -> bool:
    return policy.write_back is WriteBack.EXTERNAL_ID and run.features.external_id


def _accepted_since_written(run: FlowRun) -> Sequence[OroOrderId]:
    """Return the orders to look at; people's clocks may differ a little, so with an overlap."""
    store = run.ports.store
    watermark = store.watermark()
    before = watermark.written_at if watermark is not None else None
    accepted = store.accepted_since((before or run.started) - run.ports.run.time_overlap)
    held = store.exceptions((RecordState.HELD,))
    again = {_order_of(one) for one in held if one.retry and _is_refusal(one)}
    return sorted(accepted | again, key=number)


def write_back(
    run: FlowRun, snapshot: OrderSnapshot, policy: OrderPolicy
) -> tuple[ExceptionRecord, ...]:
    """
    Write the numbers of those orders of a batch that are posted and keep none yet.

    A system that is down stops the run; what is posted stays posted.

    Returns:
        The records that are newly held.
    """
    if not _writes(run, policy):
        return ()
    entries = run.ports.store.newest_entries(order.id for order in snapshot.orders)
    found: list[ExceptionRecord] = []
    for order in snapshot.orders:
        entry = entries.get(order.id)
        wanted = entry is not None and entry.state is EntryState.ACCEPTED and not order.external_id
        if entry is None or not wanted or _was_refused(run, order):
            continue
        found += _write(run, order, entry.known_as)
        if run.stopped is not None:
            break
    return tuple(found)


def _was_refused(run: FlowRun, order: Order) -> bool:
    """Tell whether it was refused before, and nobody asked for another try."""
    record = _refused_before(run, order)
    return record is not None and not record.retry


def _refused_before(run: FlowRun, order: Order) -> ExceptionRecord | None:
    record = run.ports.store.exception(Flow.ORDERS, subject_of(order.id))
    if record is None or record.state is RecordState.RESOLVED or not _is_refusal(record):
        return None
    return record


def _is_refusal(record: ExceptionRecord) -> bool:
    return any(reason.code is ReasonCode.WRITE_BACK_REFUSED for reason in record.reasons)


def _order_of(record: ExceptionRecord) -> OroOrderId:
    return OroOrderId(record.subject.removeprefix("orders/"))


def _write(run: FlowRun, order: Order, number: PrimaOrderNumber) -> tuple[ExceptionRecord, ...]:
    fields: OrderFields = {"external_id": number}
    if not order.discounts and not order.total_discounts_amount:
        fields = {"external_id": number, "disable_promotions": True}
    run.keep_lease(run.ports.shop_timeout)
    try:
        written = run.ports.shop.send(update_order(order.id, fields=fields))
    except CallError as error:
        if error.fault is Fault.SYSTEM and error.status != CLOSED:
            run.stop(str(error), error)
            return ()
        detail = f"number {number}: status {error.status}"
        reason = Reason(ReasonCode.WRITE_BACK_REFUSED, subject_of(order.id), detail)
        return _held(run, order, (reason,))
    run.ports.step("after-write-back")
    with run.write() as tx:
        run.note(tx, "number written back", subject_of(order.id), f"number {number}")
        if _refused_before(run, order) is not None:
            resolve(run.ports.store, tx, Flow.ORDERS, subject_of(order.id), now=run.now())
    changed = total_changed(order.id, before=order.total_value, after=written.total_value)
    return _held(run, order, changed) if changed else ()


def _held(run: FlowRun, order: Order, reasons: tuple[Reason, ...]) -> tuple[ExceptionRecord, ...]:
    with run.write() as tx:
        record, fresh = hold(
            run.ports.store,
            tx,
            Flow.ORDERS,
            subject_of(order.id),
            reasons,
            now=run.now(),
            value=order.total_value,
            currency=order.currency or "",
        )
    return (record,) if fresh else ()
