"""Erasing what is personal: payloads and notes go, ledger, captures and journal stay."""

from __future__ import annotations

from datetime import datetime

from attrs import evolve

from oro_prima.errors import StoreError
from oro_prima.ids import OroOrderId
from oro_prima.ports import Store
from oro_prima.records import EntryState, Flow, JournalEntry
from oro_prima.sync.commands import command_key
from oro_prima.sync.repost import MOST_REPOSTS
from oro_prima.sync.run import FlowRun
from oro_prima.sync.settle import subject_of

AT_ONCE = 1000
UNSETTLED = (EntryState.CLAIMED, EntryState.RESENT, EntryState.DOUBT)


def forget_order(store: Store, *, order: OroOrderId, by: str, at: datetime) -> int:
    """
    Erase names, addresses and notes of one order; every proof about it still stands.

    Returns:
        How many payloads and notes were erased.

    Raises:
        StoreError: it is in doubt, and its payload may still be needed; or nothing is known of it.
    """
    subject = subject_of(order)
    newest = store.newest_entries((order,)).get(order)
    if newest is not None and newest.state in UNSETTLED:
        msg = f"{subject} is in doubt: settle it first, its payload may have to be sent again"
        raise StoreError(msg)
    record = store.exception(Flow.ORDERS, subject)
    if record is None and not store.captures((order,)):
        msg = f"nothing is known of {subject}"
        raise StoreError(msg)
    keys = [command_key(store.pair, order, suffix=n) for n in range(MOST_REPOSTS + 1)]
    with store.transaction() as tx:
        erased = sum(tx.erase_payload(key) for key in keys) + tx.erase_notes(subject)
        if record is not None and record.note:
            tx.put_exception(evolve(record, note=""))
        what = f"{erased} payloads and notes erased"
        tx.add_journal(JournalEntry(at, "", Flow.ORDERS.value, "forgotten", subject, what, by))
    return erased


def forget_settled(run: FlowRun) -> int:
    """Erase payloads that were settled longer ago than `run.keep_payload`; returns how many."""
    before = run.now() - run.ports.run.keep_payload
    keys = run.ports.store.payloads_settled(before, limit=AT_ONCE)
    if keys:
        with run.write() as tx:
            for key in keys:
                tx.erase_payload(key)
            run.note(tx, "payloads erased", "store", str(len(keys)))
    return len(keys)
