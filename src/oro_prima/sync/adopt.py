"""Adopting orders that Prima has already: at cut-over, or when a store was lost."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from oro_prima.errors import StoreError
from oro_prima.ids import OroOrderId, PrimaAccount, PrimaOrderNumber
from oro_prima.ports import Store
from oro_prima.records import Adoption, EntryState, Flow, Home, JournalEntry, LedgerEntry
from oro_prima.sync.commands import command_key
from oro_prima.sync.people import record_cut_over
from oro_prima.sync.settle import resolve, subject_of, with_home

_FLOW = Flow.ORDERS.value


def adopt_orders(
    store: Store,
    adoptions: Iterable[Adoption],
    *,
    start_at: datetime,
    by: str,
    note: str = "",
    at: datetime,
) -> int:
    """
    Settle orders as posted, for ever, on a person's written list; they are never sent.

    A store that was not in use before is put into use; one that is refused because it may be an
    old copy is trusted again. Adopting the same list again changes nothing.

    Returns:
        How many orders were adopted now.

    Raises:
        StoreError: the list contradicts itself or what the store knows; nothing is adopted then.
    """
    wanted = tuple(adoptions)
    faults = [*_contradictions(wanted), *_clashes(store, wanted)]
    if faults:
        raise StoreError("; ".join(faults))
    if store.cut_over() is None:
        record_cut_over(store, start_at=start_at, by=by, note=note, at=at)
    known = store.newest_entries(one.order for one in wanted)
    fresh = [one for one in wanted if one.order not in known]
    doubts = store.distrust()
    with store.transaction() as tx:
        if doubts:
            tx.readmit()
            line = JournalEntry(at, "", _FLOW, "trusted again", "store", doubts, by, note)
            tx.add_journal(line)
        for one in fresh:
            tx.claim(_entry(store, one, at, by), b"")
            tx.erase_payload(command_key(store.pair, one.order))
            subject, detail = subject_of(one.order), f"Prima has it as {one.number}"
            tx.add_journal(JournalEntry(at, "", _FLOW, "adopted", subject, detail, by, note))
            capture = store.captures((one.order,)).get(one.order)
            if capture is not None:
                tx.put_capture(with_home(capture, Home.POSTED, now=at))
            resolve(store, tx, Flow.ORDERS, subject, now=at)
    return len(fresh)


def _contradictions(wanted: tuple[Adoption, ...]) -> Iterable[str]:
    by_order: dict[OroOrderId, PrimaOrderNumber] = {}
    by_number: dict[PrimaOrderNumber, OroOrderId] = {}
    for one in wanted:
        if not (one.number.isascii() and one.number.isdigit()):
            yield f"number {one.number} of order {one.order}: expected digits"
        if by_order.setdefault(one.order, one.number) != one.number:
            yield f"order {one.order} stands there with two numbers"
        if by_number.setdefault(one.number, one.order) != one.order:
            yield f"number {one.number} stands there for two orders"


def _clashes(store: Store, wanted: tuple[Adoption, ...]) -> Iterable[str]:
    known = store.newest_entries(one.order for one in wanted)
    for one in wanted:
        entry = known.get(one.order)
        if entry is None:
            continue
        if entry.state is not EntryState.ACCEPTED:
            yield f"order {one.order} is {entry.state.value} here: use `oro-prima doubt` instead"
        elif entry.number != one.number:
            yield f"order {one.order} was posted as {entry.number}, not {one.number}"


def _entry(store: Store, one: Adoption, at: datetime, by: str) -> LedgerEntry:
    return LedgerEntry(
        key=command_key(store.pair, one.order),
        order=one.order,
        number=one.number,
        account=PrimaAccount(""),
        state=EntryState.ACCEPTED,
        attempt=0,
        intent_hash="",
        sent_hash="",
        claimed_at=at,
        changed_at=at,
        fence=0,
        decided_by=by,
    )
