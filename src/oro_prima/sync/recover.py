"""
Recovery: what a crash or a lost answer left unsettled, from the ledger alone.

A row found claimed is in doubt: a crash before the send cannot be told from one after it.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from datetime import datetime

from attrs import evolve

from oro_prima.errors import CallError, Fault
from oro_prima.ids import OroOrderId
from oro_prima.mapping.intent import intent_hash
from oro_prima.mapping.orders import map_order
from oro_prima.mapping.policy import OrderPolicy
from oro_prima.oro.calls.orders import list_orders_by_id
from oro_prima.oro.models.orders import Order
from oro_prima.outcome import Mapped
from oro_prima.plans.commands import PostOrder
from oro_prima.prima.calls.orders import order_status
from oro_prima.prima.models.orders import OrderStatusAnswer, PrimaOrder
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.records import Capture, EntryState, FindAnswer, Flow, Home, LedgerEntry
from oro_prima.sync.commands import body_hash, decode, to_call, to_find
from oro_prima.sync.gather import current_tables, with_all_lines
from oro_prima.sync.posting import Posted, send
from oro_prima.sync.run import FlowRun
from oro_prima.sync.settle import accepted, hold, resolve, subject_of, with_home

UNSETTLED = (EntryState.CLAIMED, EntryState.RESENT, EntryState.DOUBT)
AT_ONCE = 100
"""Entries that are read at a time."""


def recover(
    run: FlowRun, policy: OrderPolicy, *, only: Container[OroOrderId] | None = None
) -> Iterator[Posted]:
    """
    Settle what can be settled, oldest claim first; what cannot stays in doubt for a person.

    Runs first in every run. A system that cannot be asked stops the run. Entries are read part by
    part: however many there are, memory stays as it is. With `only`, nothing is done about any
    other order.
    """
    control, total, done = _Control(run), 0, 0
    for part in _unsettled(run):
        total = total or _total(run, part)
        for entry in part if only is None else [one for one in part if one.order in only]:
            run.tell("recovering", subject_of(entry.order), done=done, total=total)
            yield _recover_one(run, policy, _as_doubt(run, entry), control)
            done += 1
            if run.stopped:
                return


def _unsettled(run: FlowRun) -> Iterator[Sequence[LedgerEntry]]:
    """Read the unsettled entries part by part; one that is settled meanwhile skips no other."""
    store = run.ports.store
    part = store.entries(UNSETTLED, limit=AT_ONCE)
    while part:
        yield part
        whole = len(part) == AT_ONCE
        part = store.entries(UNSETTLED, after=part[-1], limit=AT_ONCE) if whole else ()


def _total(run: FlowRun, part: Sequence[LedgerEntry]) -> int:
    return len(part) if len(part) < AT_ONCE else run.ports.store.count_entries(UNSETTLED)


def recover_order(run: FlowRun, policy: OrderPolicy, entry: LedgerEntry) -> Posted:
    """Settle one unsettled order if that can be done; else it stays in doubt."""
    return _recover_one(run, policy, _as_doubt(run, entry), _Control(run))


def _as_doubt(run: FlowRun, entry: LedgerEntry) -> LedgerEntry:
    """Turn a claim found at start into a doubt, with its record in the queue."""
    if entry.state is EntryState.DOUBT:
        return entry
    now, subject = run.now(), subject_of(entry.order)
    doubt = evolve(entry, state=EntryState.DOUBT, changed_at=now)
    capture = _capture(run, entry)
    detail = f"order {entry.number} was claimed and never settled: the run before ended in between"
    with run.write() as tx:
        tx.put_entry(doubt)
        tx.put_capture(with_home(capture, Home.IN_DOUBT, now=now, reason="in-doubt"))
        run.note(tx, "found claimed", subject)
        hold(
            run.ports.store,
            tx,
            Flow.ORDERS,
            subject,
            (Reason(ReasonCode.IN_DOUBT, subject, detail),),
            now=now,
            value=capture.gross,
            currency=capture.currency,
        )
    return doubt


def _recover_one(
    run: FlowRun, policy: OrderPolicy, entry: LedgerEntry, control: _Control
) -> Posted:
    answer = find(run, entry, control)
    if answer is FindAnswer.FOUND:
        return settle_found(run, entry)
    now = run.now()
    if entry.may_resend and not _word_counts(run, entry, now):
        entry = _word_gone(run, entry)
    if entry.may_resend or (answer is FindAnswer.ABSENT and _may_believe(run, entry, now)):
        return _resend(run, policy, entry, believed=now)
    if answer is FindAnswer.ABSENT and entry.first_absent is None:
        with run.write() as tx:
            tx.put_entry(evolve(entry, first_absent=run.now()))
            run.note(tx, "absent once", subject_of(entry.order))
    return Posted(entry.order, Home.IN_DOUBT)


def _word_counts(run: FlowRun, entry: LedgerEntry, now: datetime) -> bool:
    """Tell whether a person's word is young enough: an older one may be about an order purged."""
    return now - entry.changed_at <= run.ports.run.certainty


def _word_gone(run: FlowRun, entry: LedgerEntry) -> LedgerEntry:
    silent = evolve(entry, may_resend=False)
    with run.write() as tx:
        tx.put_entry(silent)
        run.note(tx, "word too old", subject_of(entry.order), "say it again: `doubt send`")
    return silent


def find(run: FlowRun, entry: LedgerEntry, control: _Control) -> FindAnswer:
    """
    Ask Prima after an order in doubt.

    `ABSENT` only for a code that the profile lists, and only while the control enquiry for a known
    order answers in this run; every other answer that is not OK is `UNCLEAR`.
    """
    try:
        _enquire(run, entry)
    except CallError as error:
        if error.fault is Fault.SYSTEM:
            run.stop(str(error), error)
            return FindAnswer.FAILED
        listed = not run.ports.profile.absent_codes.isdisjoint(error.codes)
        return FindAnswer.ABSENT if listed and control.answers() else FindAnswer.UNCLEAR
    return FindAnswer.FOUND


def _enquire(run: FlowRun, entry: LedgerEntry) -> OrderStatusAnswer:
    run.keep_lease(run.ports.erp_timeout)
    call = to_find(entry, pair=run.ports.pair, profile=run.ports.profile)
    return run.ports.erp.send(call)


class _Control:
    """The control enquiry: asked at most once a run, and only when an absence is at stake."""

    def __init__(self, run: FlowRun) -> None:
        self._run = run
        self._answer: bool | None = None

    def answers(self) -> bool:
        """Tell whether Prima knows an order that it certainly has."""
        if self._answer is None:
            self._answer = self._ask()
        return self._answer

    def _ask(self) -> bool:
        ports = self._run.ports
        known = ports.store.newest_accepted()
        number = ports.run.control_order or (known.known_as if known else None)
        if number is None:
            return False
        try:
            ports.erp.send(order_status(number, profile=ports.profile, company=ports.pair.company))
        except CallError:
            return False
        return True


def _may_believe(run: FlowRun, entry: LedgerEntry, now: datetime) -> bool:
    """Tell whether an absence seen before may be acted on: once, in time, far enough apart."""
    policy = run.ports.run
    return (
        not entry.resent
        and entry.first_absent is not None
        and now - entry.first_absent >= policy.grace
        and now - entry.claimed_at <= policy.certainty
    )


def settle_found(run: FlowRun, entry: LedgerEntry) -> Posted:
    """Settle an order that Prima has; for ever."""
    now, subject = run.now(), subject_of(entry.order)
    with run.write() as tx:
        tx.put_entry(accepted(entry, account=entry.account, now=now))
        tx.put_capture(with_home(_capture(run, entry), Home.POSTED, now=now))
        resolve(run.ports.store, tx, Flow.ORDERS, subject, now=now)
        run.note(tx, "found in Prima", subject, f"number {entry.number}")
    return Posted(entry.order, Home.POSTED)


def _resend(run: FlowRun, policy: OrderPolicy, entry: LedgerEntry, *, believed: datetime) -> Posted:
    """
    Send once more with the same number, from the kept payload or a fresh, equal reading.

    What was `believed` at that instant counts until the lease of then would have ended.
    """
    command = _command(run, policy, entry)
    if command is None:
        return Posted(entry.order, Home.IN_DOUBT)
    ports, attempt = run.ports, entry.attempt + 1
    call = to_call(
        command.order, key=entry.key, attempt=attempt, pair=ports.pair, profile=ports.profile
    )
    again = evolve(
        entry,
        state=EntryState.RESENT,
        attempt=attempt,
        resent=True,
        may_resend=False,
        sent_hash=body_hash(call),
        changed_at=believed,
        fence=run.fence,
    )
    with run.write() as tx:
        tx.put_entry(again)
        run.note(tx, "sent again", subject_of(entry.order), f"attempt {attempt}")
    run.ports.step("after-claim")
    return _resent(run, again, send(run, again, call, _capture(run, entry)))


def _resent(run: FlowRun, entry: LedgerEntry, result: Posted) -> Posted:
    """Look once more where Prima says that it has the number: it is ours."""
    if result.home is not Home.IN_DOUBT or run.stopped:
        return result
    doubt = evolve(entry, state=EntryState.DOUBT)
    answer = find(run, doubt, _Control(run))
    return settle_found(run, doubt) if answer is FindAnswer.FOUND else result


def _command(run: FlowRun, policy: OrderPolicy, entry: LedgerEntry) -> PostOrder | None:
    payload = run.ports.store.payload(entry.key)
    if payload is not None:
        return decode(payload)
    page = run.ports.shop.send(list_orders_by_id(run.features, ids=(entry.order,)))
    for order in page.items:
        whole = with_all_lines(run, order)
        match map_order(whole, current_tables(run), policy, suffix=entry.suffix):
            case Mapped(prima_order) if _is_the_same(run, entry, whole, prima_order):
                intent = entry.intent_hash
                return PostOrder(order.id, prima_order, intent, order.created_at, entry.suffix)
            case _:
                return None
    return None


def _is_the_same(run: FlowRun, entry: LedgerEntry, order: Order, mapped: PrimaOrder) -> bool:
    """Tell whether an order read again asks for the same, and gives the very bytes of before."""
    pair, profile = run.ports.pair, run.ports.profile
    call = to_call(mapped, key=entry.key, attempt=entry.attempt, pair=pair, profile=profile)
    return intent_hash(order) == entry.intent_hash and body_hash(call) == entry.sent_hash


def _capture(run: FlowRun, entry: LedgerEntry) -> Capture:
    return run.ports.store.captures((entry.order,))[entry.order]


def unsettled_orders(run: FlowRun) -> tuple[OroOrderId, ...]:
    """Return the orders that are in doubt now."""
    return tuple(entry.order for part in _unsettled(run) for entry in part)
