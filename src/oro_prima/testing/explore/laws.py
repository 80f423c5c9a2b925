"""What must hold in every state that can be reached; a broken law is told in words."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from attrs import frozen

from oro_prima.ids import OroOrderId
from oro_prima.records import EntryState, Flow, Home, LedgerEntry, RecordState, RunPolicy
from oro_prima.testing.explore.erp import Book
from oro_prima.testing.explore.shelf import Shelf
from oro_prima.testing.explore.shop import Shop, ShopOrder

RULE = RunPolicy()
"""Grace and certainty as the rule has them, whatever the scenario's policy says."""


class Law(Enum):
    """One promise of the engine."""

    TWICE = "no order is accepted twice in Prima, under whatever number"
    LOST = "no order is lost: accepted once, or with a person"
    UNTRUE = "what the ledger calls accepted Prima took"
    FOREVER = "accepted is for ever"
    HOME = "ledger, home and exception queue agree after every commit"
    WATERMARK = "the watermark never passes an order without a home"
    FAMILY = "a main order and its sub-orders are never both posted"
    STOP = "a number that is taken and was never claimed stops the flow"
    CLAIM = "nothing is sent without a committed claim of the run that sends"
    AGAIN = "nothing is sent again but by the rule of absence or on a person's word"
    FENCE = "a run that lost its lease writes nothing"
    SOUND = "a run ends in a report or in an error of its own kind"


@frozen
class Breach:
    """A law that was broken, and how."""

    law: Law
    how: str


def of_books(book: Book, shop: Shop) -> tuple[Breach, ...]:
    """Check what Prima has."""
    found = [
        Breach(Law.TWICE, f"Prima took order {order.id} {book.times(order.reference)} times")
        for order in shop.all_orders
        if book.times(order.reference) > 1
    ]
    found += [
        Breach(Law.FAMILY, f"Prima has main order {order.id} and its sub-order {sub}")
        for order in shop.all_orders
        for sub in order.sub_orders
        if book.times(order.reference) and book.times(f"ORO-{sub}")
    ]
    return tuple(found)


def of_store(shelf: Shelf, book: Book) -> tuple[Breach, ...]:
    """Check the store by itself, and against what Prima has."""
    found = [
        Breach(Law.UNTRUE, f"the ledger calls order {entry.order} accepted; Prima never took it")
        for entry in shelf.ledger.values()
        if entry.state is EntryState.ACCEPTED and not book.times(f"ORO-{entry.order}")
    ]
    states = {entry.order: entry.state for entry in shelf.ledger.values()}
    for order, capture in shelf.homes.items():
        state = states.get(order)
        if capture.home not in _HOMES[state]:
            said = state.value if state else "nothing"
            how = f"order {order} is at home in {capture.home.value}, the ledger says {said}"
            found.append(Breach(Law.HOME, how))
    found += [
        Breach(Law.HOME, f"order {order} has a claim and no home")
        for order in states
        if order not in shelf.homes
    ]
    found += [
        Breach(Law.HOME, f"order {order} is in doubt and nobody is asked")
        for order, state in states.items()
        if state is EntryState.DOUBT and not is_asked(shelf, order)
    ]
    return tuple(found)


_ELSEWHERE = frozenset(set(Home) - {Home.POSTED, Home.IN_DOUBT})
_DOUBT = frozenset({Home.IN_DOUBT})
_HOMES: dict[EntryState | None, frozenset[Home]] = {
    None: _ELSEWHERE,
    EntryState.RELEASED: _ELSEWHERE,
    EntryState.ACCEPTED: frozenset({Home.POSTED}),
    EntryState.CLAIMED: _DOUBT,
    EntryState.RESENT: _DOUBT,
    EntryState.DOUBT: _DOUBT,
}


def is_asked(shelf: Shelf, order: OroOrderId) -> bool:
    """Tell whether an order waits in the exception queue."""
    record = shelf.queue.get((Flow.ORDERS, f"orders/{order}"))
    return record is not None and record.state is RecordState.HELD


def of_change(before: Shelf, after: Shelf, shop: Shop, *, now: datetime) -> tuple[Breach, ...]:
    """Check one commit."""
    found: list[Breach] = []
    for key, old in before.ledger.items():
        new = after.ledger.get(key)
        if old.state is EntryState.ACCEPTED and (new is None or new.state is not old.state):
            found.append(Breach(Law.FOREVER, f"order {old.order} was accepted and is no longer"))
        if new is not None and new.state is EntryState.RESENT is not old.state:
            found += _again(old, now=now)
    if after.reached != before.reached:
        found += [
            Breach(Law.WATERMARK, f"the watermark is {after.reached}, order {order.id} has no home")
            for order in shop.orders
            if order.id <= after.reached
            and not order.late
            and OroOrderId(str(order.id)) not in after.homes
        ]
    return tuple(found)


def _again(old: LedgerEntry, *, now: datetime) -> tuple[Breach, ...]:
    absent = old.first_absent
    by_rule = not old.resent and absent is not None and now - absent >= RULE.grace
    if old.may_resend or by_rule:
        return ()
    return (Breach(Law.AGAIN, f"order {old.order} is to be sent again, which nothing allows"),)


def of_send(
    shelf: Shelf, number: str, *, fence: int, warned: bool, now: datetime
) -> tuple[Breach, ...]:
    """Check the moment in which an order leaves."""
    found: list[Breach] = []
    if warned:
        found.append(Breach(Law.STOP, f"number {number} is sent after one was found taken"))
    entry = next((one for one in shelf.ledger.values() if one.number == number), None)
    claimed = (EntryState.CLAIMED, EntryState.RESENT)
    if entry is None or entry.state not in claimed or entry.fence != fence:
        found.append(Breach(Law.CLAIM, f"number {number} is sent without a claim of this run"))
    elif shelf.lease is None or shelf.lease.fence != fence:
        found.append(Breach(Law.CLAIM, f"number {number} is sent by a run that lost its lease"))
    elif _is_too_late(entry, now):
        found.append(Breach(Law.AGAIN, f"number {number} is sent again after certainty ended"))
    return tuple(found)


def _is_too_late(entry: LedgerEntry, now: datetime) -> bool:
    """Tell whether an absence is acted on after it may no longer be believed."""
    by_rule = entry.state is EntryState.RESENT and not entry.decided_by
    return by_rule and now - entry.claimed_at > RULE.certainty + RULE.lease


def of_ending(shelf: Shelf, book: Book, shop: Shop) -> tuple[Breach, ...]:
    """Check where everything ended: faults stopped, runs went on, people told the truth."""
    return tuple(
        Breach(Law.LOST, f"order {order.id} {why}")
        for order in shop.orders
        if (why := _ended(shelf, book, order))
    )


def _ended(shelf: Shelf, book: Book, order: ShopOrder) -> str:
    """Return why an order did not end well; empty where it did."""
    capture, times = shelf.homes.get(OroOrderId(str(order.id))), book.times(order.reference)
    if capture is None:
        return "has no home"
    if capture.home is Home.MAIN or (capture.home is Home.POSTED and times == 1):
        return ""
    return f"is at home in {capture.home.value} for good; Prima took it {times} times"
