"""The explorer's store: the memory store, one value for each content, and its normal form."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import datetime, timedelta

import attrs
from attrs import evolve

from oro_prima.ids import CommandKey, OroOrderId
from oro_prima.records import (
    Capture,
    EntryState,
    ExceptionRecord,
    Flow,
    Lease,
    LedgerEntry,
    RecordState,
    RunPolicy,
    Watermark,
)
from oro_prima.stores.memory import MemoryStore
from oro_prima.testing.explore.scenario import PAIR, START

MOMENT = timedelta(seconds=1)


class Shelf(MemoryStore):
    """The memory store with a clock that is set from outside, and with copies of its own."""

    def __init__(self) -> None:
        self.now: datetime = START
        super().__init__(PAIR.id, clock=lambda: self.now)

    def copied(self) -> Shelf:
        """Return a store of its own with the same content; the journal is read by no run."""
        fresh = Shelf()
        fresh._tables = self._tables.copied()
        fresh._tables.journal.clear()
        return fresh

    def content(self) -> Hashable:
        """Return all that a run could ever read, so that equal contents are one state."""
        tables = self._tables
        columns = [getattr(tables, column.name) for column in attrs.fields(type(tables))]
        return tuple(_hashable(one) for one in columns if one is not tables.journal)

    @property
    def ledger(self) -> dict[CommandKey, LedgerEntry]:
        """The ledger itself; not to be changed."""
        return self._tables.ledger

    @property
    def homes(self) -> dict[OroOrderId, Capture]:
        """The captures themselves; not to be changed."""
        return self._tables.captures

    @property
    def queue(self) -> dict[tuple[Flow, str], ExceptionRecord]:
        """The exception queue itself; not to be changed."""
        return self._tables.exceptions

    @property
    def reached(self) -> int:
        """The watermark; 0 before the first."""
        return self._tables.watermark.order if self._tables.watermark else 0

    @property
    def lease(self) -> Lease | None:
        """The newest lease of the orders flow, given back or not."""
        return self._tables.leases.get(Flow.ORDERS)

    @property
    def leased_until(self) -> datetime | None:
        """When the lease that somebody holds is over; None where nobody holds one."""
        lease = self.lease
        return lease.expires_at if lease is not None and lease.holder else None

    def normal(self, policy: RunPolicy, *, now: datetime) -> Shelf:
        """
        Return the store as it is to a world whose clock says `START`, while no run is alive.

        Instants become ages and those beyond every limit become equal; counters that no rule
        compares begin again; what was settled forgets how.
        """
        fresh = self.copied()
        tables = fresh._tables
        longest = policy.certainty + MOMENT
        order = [entry.key for entry in _by_acceptance(self)]
        tables.ledger = {
            key: _settled(entry, order.index(key))
            if key in order
            else _open(entry, policy, now=now, longest=longest)
            for key, entry in self.ledger.items()
        }
        open_keys = [k for k, e in tables.ledger.items() if e.state not in _SETTLED]
        tables.payloads = {key: tables.payloads[key] for key in open_keys if key in tables.payloads}
        tables.captures = {key: _still(capture) for key, capture in self.homes.items()}
        tables.exceptions = {
            key: evolve(record, first_seen=START, last_seen=START, attempts=1, note="")
            for key, record in self.queue.items()
            if record.state is not RecordState.RESOLVED
        }
        tables.watermark = Watermark(self.reached) if self.reached else None
        tables.follows = {}
        tables.leases = {Flow.ORDERS: _idle(self.lease, now)}
        return fresh


_SETTLED = (EntryState.ACCEPTED, EntryState.RELEASED)


def _hashable(value: object) -> Hashable:
    if isinstance(value, dict):
        return tuple(sorted(value.items(), key=lambda item: str(item[0])))  # pyright: ignore
    if isinstance(value, list):
        return tuple(value)  # pyright: ignore
    return value


def _by_acceptance(shelf: Shelf) -> list[LedgerEntry]:
    settled = [entry for entry in shelf.ledger.values() if entry.state in _SETTLED]
    return sorted(settled, key=lambda entry: (entry.changed_at, entry.key))


def _settled(entry: LedgerEntry, place: int) -> LedgerEntry:
    return evolve(
        entry,
        attempt=1,
        sent_hash="",
        claimed_at=START - timedelta(days=9),
        changed_at=START - timedelta(days=8) + place * MOMENT,
        fence=0,
        first_absent=None,
        resent=False,
        may_resend=False,
        decided_by="",
        note="",
    )


def _open(
    entry: LedgerEntry, policy: RunPolicy, *, now: datetime, longest: timedelta
) -> LedgerEntry:
    absent = entry.first_absent
    return evolve(
        entry,
        attempt=min(entry.attempt, 2),
        sent_hash="",
        claimed_at=START - min(now - entry.claimed_at, longest),
        changed_at=START - min(now - entry.changed_at, longest) if entry.may_resend else START,
        fence=0,
        first_absent=None if absent is None else START - min(now - absent, policy.grace),
        note="",
    )


def _still(capture: Capture) -> Capture:
    return evolve(capture, first_read=START, last_read=START)


def _idle(lease: Lease | None, now: datetime) -> Lease:
    if lease is None or not lease.holder or lease.expires_at <= now:
        return Lease(Flow.ORDERS, "", 1, START - timedelta(days=9))
    return evolve(lease, fence=1, expires_at=START + (lease.expires_at - now))
