"""A deliberate repost: an order that a person cancelled in Prima is posted again, renumbered."""

from __future__ import annotations

from datetime import datetime

from attrs import evolve

from oro_prima.errors import StoreError
from oro_prima.ids import OroOrderId
from oro_prima.mapping.numbers import order_number
from oro_prima.mapping.policy import OrderPolicy
from oro_prima.outcome import Mapped
from oro_prima.ports import Store
from oro_prima.records import EntryState, Flow, Home, JournalEntry, LedgerEntry
from oro_prima.sync.commands import command_key
from oro_prima.sync.settle import resolve, subject_of, with_home

MOST_REPOSTS = 9


def repost_order(
    store: Store, policy: OrderPolicy, *, order: OroOrderId, by: str, note: str, at: datetime
) -> LedgerEntry:
    """
    Have the present version of a posted order posted again, under its number with the next digit.

    For an order that was edited after it was posted and that a person has cancelled in Prima. The
    next run reads it, maps it and posts it once; what was accepted before stays accepted, for ever.

    Returns:
        The entry of the repost, ready to be claimed.

    Raises:
        StoreError: the order was not posted, or was reposted nine times.

    Source: RULES §2.1.
    """
    entry = store.newest_entries((order,)).get(order)
    if entry is None or entry.state is not EntryState.ACCEPTED:
        msg = f"order {order} is not posted, so there is nothing to replace"
        raise StoreError(msg)
    capture = store.captures((order,)).get(order)
    if capture is None:
        msg = f"order {order} was adopted and never read; run `oro-prima sync orders` first"
        raise StoreError(msg)
    again = _next(store, policy, entry, at)
    subject = subject_of(order)
    with store.transaction() as tx:
        tx.claim(evolve(again, decided_by=by), b"")
        tx.erase_payload(again.key)
        tx.put_capture(with_home(capture, Home.WAITING, now=at, reason="repost"))
        resolve(store, tx, Flow.ORDERS, subject, now=at)
        detail = f"{entry.number} was cancelled in Prima, post as {again.number}"
        tx.add_journal(JournalEntry(at, "", Flow.ORDERS.value, "repost", subject, detail, by, note))
    return again


def _next(store: Store, policy: OrderPolicy, entry: LedgerEntry, at: datetime) -> LedgerEntry:
    suffix = entry.suffix + 1
    number = order_number(entry.order, suffix=suffix, policy=policy)
    if suffix > MOST_REPOSTS or not isinstance(number, Mapped):
        msg = f"order {entry.order} was reposted {entry.suffix} times; enter it in Prima by hand"
        raise StoreError(msg)
    return LedgerEntry(
        key=command_key(store.pair, entry.order, suffix=suffix),
        order=entry.order,
        number=number.value,
        account=entry.account,
        state=EntryState.RELEASED,
        attempt=0,
        intent_hash="",
        sent_hash="",
        claimed_at=at,
        changed_at=at,
        fence=0,
        suffix=suffix,
    )
