"""
Posting one order exactly once: claim, send, settle.

::

    claim(key) ─ fresh ─────▶ send ─▶ [ entry + capture + exception queue ]   one transaction
              ├ unsettled ──▶ recovery owns it
              └ settled ────▶ skip, for ever
"""

from __future__ import annotations

from datetime import datetime

from attrs import frozen

from oro_prima.call import Call
from oro_prima.errors import CallError, Effect, Fault, RejectedError, StoreError
from oro_prima.ids import OroOrderId
from oro_prima.plans.commands import PostOrder
from oro_prima.ports import Transaction
from oro_prima.prima.models.codes import class_of, class_of_code, told
from oro_prima.prima.models.orders import OrderAnswer
from oro_prima.prima.models.profile import CodeClass
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.records import (
    Capture,
    EntryState,
    ExceptionRecord,
    Flow,
    Home,
    LedgerEntry,
)
from oro_prima.sync.commands import body_hash, command_key, encode, to_call
from oro_prima.sync.run import FlowRun
from oro_prima.sync.settle import (
    accepted,
    changed,
    hold,
    note_captured,
    resolve,
    subject_of,
    with_home,
)
from oro_prima.values import fold


@frozen
class Posted:
    """What became of one posting."""

    order: OroOrderId
    home: Home
    record: ExceptionRecord | None = None
    fresh: bool = False


def post(run: FlowRun, command: PostOrder, capture: Capture) -> Posted:
    """
    Post one order that was never claimed, or was certainly not taken.

    Raises:
        StoreError: the lease was lost; nothing was sent.
    """
    claimed = claim(run, command, capture)
    if claimed is None:
        return Posted(command.oro_order, capture.home)
    run.ports.step("after-claim")
    return send(run, *claimed, capture)


def claim(
    run: FlowRun, command: PostOrder, capture: Capture
) -> tuple[LedgerEntry, Call[OrderAnswer]] | None:
    """Commit that an order is about to be sent; None where it was claimed or settled before."""
    entry, call = _prepare(run, command)
    run.ports.step("before-claim")
    now = run.now()
    doubt = with_home(capture, Home.IN_DOUBT, now=now, reason="claimed")
    with run.write() as tx:
        if not tx.claim(entry, encode(command)):
            return None
        before = run.ports.store.captures((capture.order,)).get(capture.order)
        tx.put_capture(doubt)
        note_captured(tx, before, capture, now=now, run=run.id)
    return entry, call


def _prepare(run: FlowRun, command: PostOrder) -> tuple[LedgerEntry, Call[OrderAnswer]]:
    ports = run.ports
    key = command_key(ports.pair.id, command.oro_order, suffix=command.suffix)
    earlier = ports.store.entry(key)
    attempt = earlier.attempt + 1 if earlier else 1
    call = to_call(command.order, key=key, attempt=attempt, pair=ports.pair, profile=ports.profile)
    now = run.now()
    entry = LedgerEntry(
        key=key,
        order=command.oro_order,
        number=command.order.number,
        account=command.order.account,
        state=EntryState.CLAIMED,
        attempt=attempt,
        intent_hash=command.intent_hash,
        sent_hash=body_hash(call),
        claimed_at=now,
        changed_at=now,
        fence=run.fence,
        suffix=command.suffix,
    )
    return entry, call


def send(run: FlowRun, entry: LedgerEntry, call: Call[OrderAnswer], capture: Capture) -> Posted:
    """
    Send a claimed order and settle what comes back; only here does an order leave.

    Raises:
        StoreError: the lease was lost, or the run stood still since it was decided to send again.
    """
    run.keep_lease(run.ports.erp_timeout)
    if entry.resent and run.now() - entry.changed_at > run.ports.run.lease:
        msg = (
            f"the run stood still before it sent order {entry.order} again, which nobody can "
            "vouch for any more; the order stays in doubt"
        )
        raise StoreError(msg)
    try:
        answer = run.ports.erp.send(call)
    except CallError as error:
        run.ports.step("after-send")
        return _failed(run, entry, capture, error)
    run.ports.step("after-send")
    run.ports.step("before-settle")
    run.unknown_in_a_row = 0
    result = _accepted(run, entry, capture, answer)
    run.ports.step("after-settle")
    return result


def _accepted(run: FlowRun, entry: LedgerEntry, capture: Capture, answer: OrderAnswer) -> Posted:
    now, subject = run.now(), subject_of(entry.order)
    with run.write() as tx:
        tx.put_entry(accepted(entry, account=answer.account, now=now))
        tx.put_capture(with_home(capture, Home.POSTED, now=now))
        run.note(tx, "accepted", subject, f"number {entry.number}")
        if fold(answer.account) == fold(entry.account):
            resolve(run.ports.store, tx, Flow.ORDERS, subject, now=now)
            return Posted(entry.order, Home.POSTED)
        detail = f"sent {entry.account}, accepted on {answer.account}"
        reason = Reason(ReasonCode.ACCOUNT_DIFFERS, subject, detail)
        record, fresh = _hold(run, tx, capture, (reason,), now)
        return Posted(entry.order, Home.POSTED, record, fresh)


def _failed(run: FlowRun, entry: LedgerEntry, capture: Capture, error: CallError) -> Posted:
    if isinstance(error, RejectedError) and _is_duplicate(run, error):
        return _number_taken(run, entry, capture, error)
    if error.effect is Effect.UNKNOWN or entry.resent:
        return in_doubt(run, entry, capture, error)
    if error.fault is Fault.RECORD:
        run.unknown_in_a_row = 0
        return _refused(run, entry, capture, error)
    return _not_sent(run, entry, capture, error)


def _is_duplicate(run: FlowRun, error: RejectedError) -> bool:
    profile = run.ports.profile
    return any(class_of_code(c, profile=profile) is CodeClass.DUPLICATE for c in error.codes)


def _number_taken(run: FlowRun, entry: LedgerEntry, capture: Capture, error: CallError) -> Posted:
    if entry.resent:
        return in_doubt(run, entry, capture, error)
    detail = f"Prima has an order {entry.number} that this store never claimed"
    reason = Reason(ReasonCode.NUMBER_TAKEN, subject_of(entry.order), detail)
    run.stop(f"{detail}: was the store rolled back, or is the number range shared?", error)
    return _release(run, entry, capture, (reason,))


def _refused(run: FlowRun, entry: LedgerEntry, capture: Capture, error: CallError) -> Posted:
    return _release(run, entry, capture, (_refusal(run, entry, error),))


def _refusal(run: FlowRun, entry: LedgerEntry, error: CallError) -> Reason:
    """Say why Prima refused an order."""
    profile = run.ports.profile
    code = _REFUSALS.get(class_of(error.codes, profile=profile), ReasonCode.PRIMA_REFUSED)
    codes = told(error.codes, profile=profile)
    return Reason(code, subject_of(entry.order), f"Prima refused order {entry.number}: {codes}")


_REFUSALS = {
    CodeClass.MALFORMED: ReasonCode.REQUEST_MALFORMED,
    CodeClass.PRICE_BASIS: ReasonCode.VAT_BASIS_MISMATCH,
    CodeClass.ACCOUNT: ReasonCode.ACCOUNT_REFUSED,
    CodeClass.GOODS: ReasonCode.GOODS_REFUSED,
    CodeClass.BUSY: ReasonCode.PRIMA_BUSY,
}


def _release(
    run: FlowRun, entry: LedgerEntry, capture: Capture, reasons: tuple[Reason, ...]
) -> Posted:
    now = run.now()
    with run.write() as tx:
        tx.put_entry(changed(entry, EntryState.RELEASED, now=now))
        tx.put_capture(with_home(capture, Home.HELD, now=now, reason=reasons[0].code.value))
        run.note(tx, "refused", subject_of(entry.order), reasons[0].detail)
        record, fresh = _hold(run, tx, capture, reasons, now)
    return Posted(entry.order, Home.HELD, record, fresh)


def _not_sent(run: FlowRun, entry: LedgerEntry, capture: Capture, error: CallError) -> Posted:
    """Release the claim of an order that certainly did not arrive, and stop the run."""
    now = run.now()
    reason = ReasonCode.PRIMA_UNAVAILABLE.value
    with run.write() as tx:
        tx.put_entry(changed(entry, EntryState.RELEASED, now=now))
        tx.put_capture(with_home(capture, Home.WAITING, now=now, reason=reason))
        run.note(tx, "not sent", subject_of(entry.order), error.detail)
    run.stop(str(error), error)
    return Posted(entry.order, Home.WAITING)


def in_doubt(run: FlowRun, entry: LedgerEntry, capture: Capture, error: CallError) -> Posted:
    """
    Leave a claim unsettled: Prima may have the order. Two in a row stop the flow.

    Also where an order that was sent again certainly did not arrive: it may have before.
    """
    now, subject = run.now(), subject_of(entry.order)
    detail = f"order {entry.number} was sent and no usable answer came"
    reason = Reason(ReasonCode.IN_DOUBT, subject, detail)
    reasons: tuple[Reason, ...] = (reason,)
    if error.effect is Effect.NONE and error.fault is Fault.RECORD:
        reasons = (reason, _refusal(run, entry, error))  # it says nothing of the first sending
    with run.write() as tx:
        tx.put_entry(changed(entry, EntryState.DOUBT, now=now))
        tx.put_capture(with_home(capture, Home.IN_DOUBT, now=now, reason=reason.code.value))
        run.note(tx, "in doubt", subject, error.detail)
        record, fresh = _hold(run, tx, capture, reasons, now)
    if error.effect is Effect.UNKNOWN:
        run.unknown_in_a_row += 1
    if run.unknown_in_a_row >= run.ports.run.stop_after_unknown:
        run.stop(f"{run.unknown_in_a_row} sends in a row had no answer: {error.detail}", error)
    elif error.effect is Effect.NONE and error.fault is Fault.SYSTEM:
        run.stop(str(error), error)
    return Posted(entry.order, Home.IN_DOUBT, record, fresh)


def _hold(
    run: FlowRun, tx: Transaction, capture: Capture, reasons: tuple[Reason, ...], now: datetime
) -> tuple[ExceptionRecord, bool]:
    return hold(
        run.ports.store,
        tx,
        Flow.ORDERS,
        subject_of(capture.order),
        reasons,
        now=now,
        value=capture.gross,
        currency=capture.currency,
        policy=run.ports.run,
    )
