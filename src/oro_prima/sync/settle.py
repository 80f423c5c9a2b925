"""What becomes of a decision or an answer in the store: captures, ledger, exception queue."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from attrs import evolve

from oro_prima.ids import OroOrderId
from oro_prima.plans.orders import OrderDecision
from oro_prima.ports import Store, Transaction
from oro_prima.reasons import Reason, explain_reason
from oro_prima.reconcile.derive import CAPTURED, captured_detail
from oro_prima.records import (
    Capture,
    EntryState,
    ExceptionRecord,
    Flow,
    Home,
    JournalEntry,
    LedgerEntry,
    RecordState,
    RunPolicy,
)


def subject_of(order: OroOrderId) -> str:
    """Return the subject of an order's exception record."""
    return f"orders/{order}"


def hold(
    store: Store,
    tx: Transaction,
    flow: Flow,
    subject: str,
    reasons: tuple[Reason, ...],
    *,
    now: datetime,
    value: Decimal | None = None,
    currency: str = "",
    policy: RunPolicy = RunPolicy(),  # noqa: B008 - frozen
) -> tuple[ExceptionRecord, bool]:
    """
    Put a record into the queue, or bring the one that waits up to date.

    What may heal by itself is tried again after a pause that doubles from attempt to attempt. What
    was dismissed stays so while nothing else is wrong. Who takes care of it, and what they noted,
    stays with the record.

    Returns:
        The record, and whether it is new: first seen, held again after it was settled, or held
        for other reasons than before. What is new is journalled.
    """
    old = store.exception(flow, subject)
    record = ExceptionRecord(flow, subject, reasons, RecordState.HELD, now, now, 1, value, currency)
    if old is not None and old.state is not RecordState.RESOLVED:
        same = old.state is RecordState.DISMISSED and old.reasons == reasons
        record = evolve(
            record,
            state=old.state if same else RecordState.HELD,
            first_seen=old.first_seen,
            attempts=old.attempts + 1,
            assigned_to=old.assigned_to,
            changed_by=old.changed_by,
            note=old.note,
        )
    fresh = old is None or old.state is RecordState.RESOLVED or old.reasons != reasons
    record = evolve(record, next_try=_next_try(record, now, policy))
    tx.put_exception(record)
    if fresh:
        line = JournalEntry(now, "", flow.value, "held", subject, reason_codes(reasons))
        tx.add_journal(line)
    return record, fresh


def _next_try(record: ExceptionRecord, now: datetime, policy: RunPolicy) -> datetime | None:
    if record.state is not RecordState.HELD:
        return None
    if not all(explain_reason(reason.code).heals for reason in record.reasons):
        return None
    times = 1 << min(record.attempts - 1, 20)
    return now + min(policy.retry_first * times, policy.retry_longest)


def resolve(store: Store, tx: Transaction, flow: Flow, subject: str, *, now: datetime) -> bool:
    """Settle the record of a subject that went through; False where none waited."""
    old = store.exception(flow, subject)
    if old is None or old.state is RecordState.RESOLVED:
        return False
    settled = evolve(old, state=RecordState.RESOLVED, last_seen=now, retry=False, next_try=None)
    tx.put_exception(settled)
    tx.add_journal(
        JournalEntry(now, "", flow.value, "resolved", subject, reason_codes(old.reasons))
    )
    return True


def note_captured(
    tx: Transaction, before: Capture | None, capture: Capture, *, now: datetime, run: str
) -> None:
    """Say in the journal what was captured at the first reading that could be read; once."""
    if capture.readable and (before is None or not before.readable):
        tx.add_journal(
            JournalEntry(
                now,
                run,
                Flow.ORDERS.value,
                CAPTURED,
                subject_of(capture.order),
                captured_detail(capture),
            )
        )


def with_home(capture: Capture, home: Home, *, now: datetime, reason: str = "") -> Capture:
    """Return the capture in another home."""
    return evolve(capture, home=home, reason=reason, last_read=now)


def held_value(decision: OrderDecision) -> tuple[Decimal | None, str]:
    """Return the value at stake of a decision: captured gross and its currency."""
    return decision.capture.gross, decision.capture.currency


def accepted(entry: LedgerEntry, *, account: str, now: datetime, by: str = "") -> LedgerEntry:
    """Return the entry settled for ever."""
    return evolve(
        entry,
        state=EntryState.ACCEPTED,
        changed_at=now,
        settled_account=account,
        decided_by=by or entry.decided_by,
        may_resend=False,
    )


def changed(entry: LedgerEntry, state: EntryState, *, now: datetime) -> LedgerEntry:
    """Return the entry in another state."""
    return evolve(entry, state=state, changed_at=now)


def reason_codes(reasons: Iterable[Reason]) -> str:
    """Return the codes of reasons for the journal."""
    return ",".join(reason.code.value for reason in reasons)
