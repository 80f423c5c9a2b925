"""What people decide: every act says who, when and why, and is journalled."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

from attrs import evolve

from oro_prima.errors import ConfigError, StoreError
from oro_prima.ids import OroCustomerId, OroOrderId, PrimaOrderNumber
from oro_prima.mapping.customers import AccountPolicy, link_faults
from oro_prima.ports import Store, Transaction
from oro_prima.reasons import ReasonCode
from oro_prima.records import (
    CutOver,
    EntryState,
    Flow,
    Home,
    JournalEntry,
    LedgerEntry,
    Link,
    RecordState,
    RefusedSnapshot,
)
from oro_prima.sync.settle import accepted, resolve, subject_of, with_home

OWN_ACCOUNTS = AccountPolicy()
UNSETTLED = (EntryState.CLAIMED, EntryState.RESENT, EntryState.DOUBT)


def record_cut_over(
    store: Store, *, start_at: datetime, by: str, note: str = "", at: datetime
) -> CutOver:
    """
    Put the store into use: orders created from `start_at` on are ours from now on.

    Raises:
        StoreError: it was put into use before.
    """
    before = store.cut_over()
    if before is not None:
        msg = f"this store was put into use on {before.at:%Y-%m-%d %H:%M} by {before.by}"
        raise StoreError(msg)
    seed = f"{store.pair}|{start_at.isoformat()}|{at.isoformat()}|{by}"
    epoch = hashlib.sha256(seed.encode()).hexdigest()[:16]
    cut_over = CutOver(by=by, at=at, start_at=start_at, epoch=epoch, note=note)
    with store.transaction() as tx:
        tx.put_cut_over(cut_over)
        _note(tx, at, "orders", "cut-over", "store", f"start_at {start_at.isoformat()}", by, note)
    return cut_over


def decide_has(
    store: Store,
    *,
    order: OroOrderId,
    number: PrimaOrderNumber,
    by: str,
    note: str = "",
    at: datetime,
) -> LedgerEntry:
    """
    Settle an order in doubt on a person's word: Prima has it, under `number`.

    Also one that is held because its number was taken: where it is its own order that has it.

    Raises:
        StoreError: the order is neither, or the number is none.
    """
    if not (number.isascii() and number.isdigit()):
        msg = f"number {number}: expected the digits of an order number of Prima"
        raise StoreError(msg)
    entry = _number_taken(store, order) or _in_doubt(store, order)
    settled = accepted(entry, account=entry.account, now=at, by=by)
    settled = evolve(settled, settled_number=number)
    subject = subject_of(order)
    with store.transaction() as tx:
        tx.put_entry(settled)
        tx.put_capture(with_home(store.captures((order,))[order], Home.POSTED, now=at))
        resolve(store, tx, Flow.ORDERS, subject, now=at)
        _note(tx, at, "orders", "Prima has it", subject, f"number {number}", by, note)
    return settled


def decide_send(
    store: Store, *, order: OroOrderId, by: str, note: str = "", at: datetime
) -> LedgerEntry:
    """
    Have an order in doubt sent again on a person's word that Prima does not have it.

    The next run sends it once, with the same number, and enquires first.

    Raises:
        StoreError: the order is not in doubt.
    """
    entry = evolve(_in_doubt(store, order), may_resend=True, decided_by=by)
    entry = evolve(entry, state=EntryState.DOUBT, changed_at=at)
    with store.transaction() as tx:
        tx.put_entry(entry)
        _note(tx, at, "orders", "Prima does not have it; send", subject_of(order), "", by, note)
    return entry


def _number_taken(store: Store, order: OroOrderId) -> LedgerEntry | None:
    record = store.exception(Flow.ORDERS, subject_of(order))
    if record is None or record.state is not RecordState.HELD:
        return None
    if all(reason.code is not ReasonCode.NUMBER_TAKEN for reason in record.reasons):
        return None
    entry = store.newest_entries((order,)).get(order)
    return entry if entry is not None and entry.state is EntryState.RELEASED else None


def _in_doubt(store: Store, order: OroOrderId) -> LedgerEntry:
    """Return the entry of an order in doubt; a claim may be on its way in a run at this moment."""
    entry = store.newest_entries((order,)).get(order)
    if entry is None or entry.state not in UNSETTLED:
        msg = f"order {order} is not in doubt; `oro-prima doubt list` shows those that are"
        raise StoreError(msg)
    if entry.state is not EntryState.DOUBT:
        msg = (
            f"order {order} is claimed and not yet in doubt: a run may be sending it now; "
            "decide after the next `oro-prima sync orders`"
        )
        raise StoreError(msg)
    return entry


def import_links(
    store: Store,
    *,
    links: Iterable[Link],
    by: str,
    note: str = "",
    at: datetime,
    policy: AccountPolicy = OWN_ACCOUNTS,
) -> int:
    """
    Pin links that a person approved; returns how many are new or changed.

    Raises:
        ConfigError: an organisation would have two accounts, or an account two organisations and
            the policy does not share accounts. Nothing was pinned.
    """
    links, known = tuple(links), store.links()
    renewed = {link.customer for link in links}
    faults = link_faults((*links, *(o for c, o in known.items() if c not in renewed)), policy)
    if faults:
        raise ConfigError(faults)
    changed = [link for link in links if not _same(known.get(link.customer), link)]
    with store.transaction() as tx:
        for link in changed:
            tx.put_link(link)
            subject = f"customers/{link.customer}"
            detail = f"account {link.account}, file {link.source_hash[:12]}"
            _note(tx, at, "customers", "linked", subject, detail, by, note)
    return len(changed)


def _same(known: Link | None, link: Link) -> bool:
    if known is None:
        return False
    return link == evolve(
        known,
        source_hash=link.source_hash,
        approved_at=link.approved_at,
        approved_by=link.approved_by,
    )


def revoke_link(
    store: Store, *, customer: OroCustomerId, by: str, note: str = "", at: datetime
) -> bool:
    """Take a link away; its customer's orders are held from now on. False where there was none."""
    with store.transaction() as tx:
        there = tx.revoke_link(customer)
        if there:
            _note(tx, at, "customers", "link revoked", f"customers/{customer}", "", by, note)
    return there


def accept_snapshot(store: Store, *, by: str, note: str = "", at: datetime) -> RefusedSnapshot:
    """
    Let the next stock run through although the guard refused the last snapshot.

    Raises:
        StoreError: no snapshot was refused.
    """
    refused = store.refused_snapshot()
    if refused is None:
        msg = "no stock snapshot was refused"
        raise StoreError(msg)
    let_through = evolve(refused, accepted_by=by)
    with store.transaction() as tx:
        tx.put_refused_snapshot(let_through)
        detail = f"{refused.rows} rows, linked share {refused.linked_share}"
        _note(tx, at, "stock", "snapshot accepted", "stock/snapshot", detail, by, note)
    return let_through


def _note(
    tx: Transaction,
    at: datetime,
    flow: str,
    what: str,
    subject: str,
    detail: str,
    by: str,
    note: str = "",
) -> None:
    tx.add_journal(JournalEntry(at, "", flow, what, subject, detail, by, note))
