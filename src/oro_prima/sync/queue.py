"""The exception queue: what people do with what waits. Every act says who, when and why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from attrs import evolve

from oro_prima.errors import StoreError
from oro_prima.ids import OroOrderId
from oro_prima.mapping.customers import AccountPolicy
from oro_prima.ports import Store, Transaction
from oro_prima.reasons import ReasonCode
from oro_prima.records import ExceptionRecord, Flow, Home, JournalEntry, Link, RecordState
from oro_prima.sync.people import OWN_ACCOUNTS, import_links
from oro_prima.sync.settle import with_home

HELD = (RecordState.HELD,)


def retry_held(
    store: Store,
    *,
    subject: str = "",
    code: ReasonCode | None = None,
    cause: str = "",
    by: str,
    note: str = "",
    at: datetime,
) -> tuple[ExceptionRecord, ...]:
    """
    Ask for held records to be read, mapped and sent afresh in the next run, same order number.

    With a subject that one; with a code or a cause all that have it; with none of them all. An
    order in doubt is none of them: what Prima has of it decides, not another try.

    Raises:
        StoreError: the subject is not in the queue, or it is an order in doubt.
    """
    waiting = store.exceptions(HELD)
    chosen = tuple(record for record in waiting if _is_chosen(record, subject, code, cause))
    if subject and not chosen:
        raise StoreError(_not_held(subject))
    if subject:
        _refuse_doubt(chosen[0])
    chosen = tuple(record for record in chosen if not _is_in_doubt(record))
    retried = tuple(evolve(record, retry=True, changed_by=by) for record in chosen)
    with store.transaction() as tx:
        for record in retried:
            tx.put_exception(record)
            _write(tx, at, record, "retry", note, by)
    return retried


def _is_chosen(record: ExceptionRecord, subject: str, code: ReasonCode | None, cause: str) -> bool:
    if subject:
        return record.subject == subject
    if cause:
        return any(reason.cause == cause for reason in record.reasons)
    return code is None or any(reason.code is code for reason in record.reasons)


def dismiss_held(
    store: Store, *, subject: str, by: str, note: str, at: datetime
) -> ExceptionRecord:
    """
    Take a record out of the queue for good; the note says why. Its order will not be posted.

    Raises:
        StoreError: it is not held, or it is an order in doubt, which needs `doubt` instead.
    """
    record = _find(store, subject, RecordState.HELD)
    _refuse_doubt(record)
    dismissed = evolve(
        record,
        state=RecordState.DISMISSED,
        changed_by=by,
        note=note,
        last_seen=at,
        retry=False,
        next_try=None,
    )
    with store.transaction() as tx:
        tx.put_exception(dismissed)
        _move_capture(store, tx, subject, Home.HELD, Home.DISMISSED, at)
        _write(tx, at, dismissed, "dismissed", note, by)
    return dismissed


def reopen_held(store: Store, *, subject: str, by: str, note: str, at: datetime) -> ExceptionRecord:
    """
    Put a dismissed record back into the queue; its order is tried again in the next run.

    Raises:
        StoreError: it was not dismissed.
    """
    record = _find(store, subject, RecordState.DISMISSED)
    reopened = evolve(
        record, state=RecordState.HELD, changed_by=by, note=note, last_seen=at, retry=True
    )
    with store.transaction() as tx:
        tx.put_exception(reopened)
        _move_capture(store, tx, subject, Home.DISMISSED, Home.HELD, at)
        _write(tx, at, reopened, "reopened", note, by)
    return reopened


def assign_held(
    store: Store, *, subject: str, to: str, by: str, note: str = "", at: datetime
) -> ExceptionRecord:
    """
    Say who takes care of a held record: a person or a team; empty for nobody.

    Raises:
        StoreError: it is not held.
    """
    record = evolve(_find(store, subject, RecordState.HELD), assigned_to=to, changed_by=by)
    return _keep(store, record, lambda tx: _write(tx, at, record, f"assigned to {to}", note, by))


def note_held(store: Store, *, subject: str, by: str, note: str, at: datetime) -> ExceptionRecord:
    """
    Add a note to a held record; earlier ones stay in the journal.

    Raises:
        StoreError: it is not held.
    """
    record = evolve(_find(store, subject, RecordState.HELD), note=note, changed_by=by)
    return _keep(store, record, lambda tx: _write(tx, at, record, "note", note, by))


def fix_link(
    store: Store,
    link: Link,
    *,
    by: str,
    note: str = "",
    at: datetime,
    policy: AccountPolicy = OWN_ACCOUNTS,
) -> tuple[ExceptionRecord, ...]:
    """
    Pin a link and have everything that waits for it tried in the next run.

    Raises:
        ConfigError: the account is linked already, and the policy does not share accounts.
    """
    import_links(store, links=(link,), by=by, note=note, at=at, policy=policy)
    return retry_held(store, cause=f"customers/{link.customer}", by=by, note=note, at=at)


def _is_in_doubt(record: ExceptionRecord) -> bool:
    return any(reason.code is ReasonCode.IN_DOUBT for reason in record.reasons)


def _refuse_doubt(record: ExceptionRecord) -> None:
    if _is_in_doubt(record):
        does = "say what Prima has with `oro-prima doubt has` or `doubt send`"
        raise StoreError(f"{record.subject} is in doubt: {does}")


def _find(store: Store, subject: str, state: RecordState) -> ExceptionRecord:
    flows = (store.exception(flow, subject) for flow in Flow)
    found = next((r for r in flows if r is not None and r.state is state), None)
    if found is None:
        raise StoreError(_not_held(subject, state))
    return found


def _not_held(subject: str, state: RecordState = RecordState.HELD) -> str:
    if state is RecordState.HELD:
        return f"{subject} is not held; `oro-prima held` lists what is"
    return f"{subject} is not {state.value}"


def _keep(
    store: Store, record: ExceptionRecord, write: Callable[[Transaction], None]
) -> ExceptionRecord:
    with store.transaction() as tx:
        tx.put_exception(record)
        write(tx)
    return record


def _move_capture(
    store: Store, tx: Transaction, subject: str, before: Home, after: Home, at: datetime
) -> None:
    order = OroOrderId(subject.removeprefix("orders/"))
    capture = store.captures((order,)).get(order)
    if capture is not None and capture.home is before:
        tx.put_capture(with_home(capture, after, now=at, reason=after.value))


def _write(
    tx: Transaction, at: datetime, record: ExceptionRecord, what: str, note: str, by: str
) -> None:
    codes = ",".join(dict.fromkeys(reason.code.value for reason in record.reasons))
    tx.add_journal(JournalEntry(at, "", record.flow.value, what, record.subject, codes, by, note))
