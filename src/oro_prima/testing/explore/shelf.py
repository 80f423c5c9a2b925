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

    def essentials(self) -> Hashable:
        """Return what can make a difference to a run; not what never changes while runs are."""
        tables, lease = self._tables, self.lease
        apart = ("journal", "links", "cut_over", "payloads", "leases", "watermark", "follows")
        names = [one.name for one in attrs.fields(type(tables)) if one.name not in apart]
        rest = tuple(_hashable(getattr(tables, name)) for name in names)
        held = None if lease is None or not lease.holder else lease.expires_at
        return (rest, tuple(sorted(tables.payloads)), self.reached, held, lease and lease.fence)

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

        Of every instant only what a rule compares it with is left: whether a lease, a grace or a
        certainty is over. Counters and texts that no rule compares begin again; what was settled
        forgets how.
        """
        fresh = self.copied()
        tables = fresh._tables
        ranks = _ranks(self, policy)
        tables.ledger = {
            key: _settled(entry, ranks.get(key, 0))
            if entry.state in _SETTLED
            else _open(entry, policy, now=now)
            for key, entry in self.ledger.items()
        }
        open_keys = [k for k, e in tables.ledger.items() if e.state not in _SETTLED]
        tables.payloads = {key: tables.payloads[key] for key in open_keys if key in tables.payloads}
        tables.captures = {key: _still(capture) for key, capture in self.homes.items()}
        tables.exceptions = {
            key: _asked(record)
            for key, record in self.queue.items()
            if record.state is not RecordState.RESOLVED
        }
        tables.watermark = Watermark(self.reached) if self.reached else None
        tables.follows = {}
        tables.leases = {Flow.ORDERS: _idle(self.lease, policy, now)}
        return fresh


_SETTLED = (EntryState.ACCEPTED, EntryState.RELEASED)
_OLD = START - timedelta(days=9)


def _hashable(value: object) -> Hashable:
    if isinstance(value, dict):
        return tuple(sorted(value.items(), key=lambda item: str(item[0])))  # pyright: ignore
    if isinstance(value, list):
        return tuple(value)  # pyright: ignore
    return value


def _ranks(shelf: Shelf, policy: RunPolicy) -> dict[CommandKey, int]:
    """Return the places of what was accepted: the newest is the control, unless one is named."""
    if policy.control_order is not None:
        return {}
    taken = [entry for entry in shelf.ledger.values() if entry.state is EntryState.ACCEPTED]
    order = sorted(taken, key=lambda entry: (entry.changed_at, entry.key))
    return {entry.key: place for place, entry in enumerate(order)}


def _settled(entry: LedgerEntry, place: int) -> LedgerEntry:
    return evolve(
        entry,
        attempt=1,
        sent_hash="",
        claimed_at=_OLD,
        changed_at=_OLD + place * MOMENT,
        fence=0,
        first_absent=None,
        resent=False,
        may_resend=False,
        decided_by="",
        note="",
    )


def _open(entry: LedgerEntry, policy: RunPolicy, *, now: datetime) -> LedgerEntry:
    absent, certain = entry.first_absent, now - entry.claimed_at <= policy.certainty
    if absent is not None:
        useless = entry.resent or not certain or now - absent >= policy.grace
        absent = START - policy.grace if useless else START
    said = entry.may_resend and now - entry.changed_at > policy.certainty
    return evolve(
        entry,
        attempt=1,
        sent_hash="",
        claimed_at=START if certain else START - policy.certainty - MOMENT,
        changed_at=START - policy.certainty - MOMENT if said else START,
        fence=0,
        first_absent=absent,
        note="",
    )


def _asked(record: ExceptionRecord) -> ExceptionRecord:
    reasons = tuple(evolve(reason, detail="") for reason in record.reasons)
    return evolve(
        record,
        reasons=reasons,
        first_seen=START,
        last_seen=START,
        attempts=1,
        note="",
        changed_by="",
    )


def _still(capture: Capture) -> Capture:
    return evolve(capture, first_read=START, last_read=START)


def _idle(lease: Lease | None, policy: RunPolicy, now: datetime) -> Lease:
    if lease is None or not lease.holder or lease.expires_at <= now:
        return Lease(Flow.ORDERS, "", 1, _OLD)
    return evolve(lease, fence=1, expires_at=START + policy.lease)
