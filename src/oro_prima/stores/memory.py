"""A store in memory: the oracle that other stores are compared with. Nothing survives it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from oro_prima.errors import StoreError
from oro_prima.ids import CommandKey, OroCustomerId, OroOrderId, PairId
from oro_prima.ports import ALL, Clock
from oro_prima.records import (
    AcceptedSnapshot,
    Capture,
    CutOver,
    EntryState,
    ExceptionRecord,
    Flow,
    Follow,
    Home,
    JournalEntry,
    JournalTip,
    Kept,
    Lease,
    LedgerEntry,
    Link,
    Outstanding,
    RecordState,
    RefusedSnapshot,
    StockMark,
    Watermark,
)
from oro_prima.stores.chain import first_break
from oro_prima.stores.memory_tables import MemoryTransaction, Tables
from oro_prima.stores.rows import by_claim, by_number
from oro_prima.stores.sql import follow_of


class MemoryStore:
    """Everything of one pair, in memory; posting with it is for tests and trials alone."""

    def __init__(self, pair: PairId, *, clock: Clock) -> None:
        self._pair, self._clock = pair, clock
        self._tables = Tables()

    @property
    def pair(self) -> PairId:
        """The pair whose store this is."""
        return self._pair

    @contextmanager
    def transaction(self, lease: Lease | None = None) -> Generator[MemoryTransaction, None, None]:
        """Open a transaction: kept at the end of the block, undone when it raises."""
        before = self._tables.copied()
        try:
            if lease is not None:
                self._check(lease)
            yield MemoryTransaction(self._tables)
        except BaseException:
            self._tables = before
            raise

    def acquire(self, flow: Flow, holder: str, *, last: timedelta) -> Lease:
        """Take the lease of a flow; raises `StoreError` naming the holder while another has it."""
        known, now = self._tables.leases.get(flow), self._clock()
        if known is not None and known.holder and known.expires_at > now:
            msg = f"another run ({known.holder}) works on {flow.value}"
            raise StoreError(msg)
        lease = Lease(flow, holder, known.fence + 1 if known else 1, now + last)
        self._tables.leases[flow] = lease
        return lease

    def renew(self, lease: Lease, *, last: timedelta) -> Lease:
        """Prolong a lease; raises `StoreError` where it was lost."""
        self._check(lease)
        fresh = Lease(lease.flow, lease.holder, lease.fence, self._clock() + last)
        self._tables.leases[lease.flow] = fresh
        return fresh

    def release(self, lease: Lease) -> None:
        """Give the lease back; a lost one is left alone."""
        known = self._tables.leases.get(lease.flow)
        if known is not None and known.fence == lease.fence:
            gone = Lease(lease.flow, "", lease.fence, datetime.fromtimestamp(0, UTC))
            self._tables.leases[lease.flow] = gone

    def remaining(self, lease: Lease) -> timedelta:
        """Return how long the lease lasts by the store's clock; zero where it was lost."""
        known = self._tables.leases.get(lease.flow)
        if known is None or known.fence != lease.fence or not known.holder:
            return timedelta(0)
        return known.expires_at - self._clock()

    def _check(self, lease: Lease) -> None:
        known = self._tables.leases.get(lease.flow)
        if known is None or known.fence != lease.fence or not known.holder:
            msg = f"the lease of {lease.flow.value} was lost to another run; nothing was written"
            raise StoreError(msg)

    def distrust(self) -> str:
        """Say why nothing may be posted; never, for nothing of this store can be rolled back."""
        return ""

    def cut_over(self) -> CutOver | None:
        """Return the act that allowed this store to post."""
        return self._tables.cut_over

    def watermark(self) -> Watermark | None:
        """Return how far orders were read; None before the first run."""
        return self._tables.watermark

    def links(self) -> Mapping[OroCustomerId, Link]:
        """Return all links that are not revoked."""
        return dict(sorted(self._tables.links.items()))

    def captures(self, orders: Iterable[OroOrderId]) -> Mapping[OroOrderId, Capture]:
        """Return the captures of these orders, as far as there are any."""
        known = self._tables.captures
        return {order: known[order] for order in orders if order in known}

    def captures_at(
        self, homes: Iterable[Home], *, after: OroOrderId | None = None, limit: int = ALL
    ) -> tuple[Capture, ...]:
        """Return the captures whose home is one of these, by order id as a number."""
        wanted = frozenset(homes)
        found = _by_id(c for c in self._tables.captures.values() if c.home in wanted)
        if after is not None:
            found = tuple(c for c in found if by_number(c.order) > by_number(after))
        return found[:limit]

    def count_homes(self) -> Mapping[Home, int]:
        """Return how many orders each home has; absent for none."""
        return dict(Counter(capture.home for capture in self._tables.captures.values()))

    def captures_created(self, first: datetime, last: datetime) -> tuple[Capture, ...]:
        """Return the captures created in `first <= created_at < last`, by order id."""
        return _by_id(c for c in self._tables.captures.values() if first <= c.created_at < last)

    def entry(self, key: CommandKey) -> LedgerEntry | None:
        """Return a ledger entry."""
        return self._tables.ledger.get(key)

    def entries(
        self,
        states: Iterable[EntryState],
        *,
        after: LedgerEntry | None = None,
        limit: int = ALL,
    ) -> tuple[LedgerEntry, ...]:
        """Return the entries in one of these states, oldest claim first."""
        wanted = frozenset(states)
        found = [entry for entry in self._tables.ledger.values() if entry.state in wanted]
        if after is not None:
            found = [entry for entry in found if by_claim(entry) > by_claim(after)]
        return tuple(sorted(found, key=by_claim)[:limit])

    def count_entries(self, states: Iterable[EntryState]) -> int:
        """Return how many entries are in one of these states."""
        return len(self.entries(states))

    def newest_entries(self, orders: Iterable[OroOrderId]) -> Mapping[OroOrderId, LedgerEntry]:
        """Return each order's entry with the highest suffix, as far as there is one."""
        wanted = frozenset(orders)
        found = [entry for entry in self._tables.ledger.values() if entry.order in wanted]
        return {entry.order: entry for entry in sorted(found, key=lambda entry: entry.suffix)}

    def order_entries(self, order: OroOrderId) -> tuple[LedgerEntry, ...]:
        """Return every ledger entry of an order, by suffix."""
        found = [entry for entry in self._tables.ledger.values() if entry.order == order]
        return tuple(sorted(found, key=lambda entry: entry.suffix))

    def find_orders(self, reference: str) -> tuple[OroOrderId, ...]:
        """Return the orders of this id, identifier or Prima number."""
        if not reference:
            return ()
        captures, ledger = self._tables.captures.values(), self._tables.ledger.values()
        found = {c.order for c in captures if reference in (c.order, c.identifier)}
        found |= {entry.order for entry in ledger if entry.number == reference}
        return tuple(sorted(found, key=by_number))

    def newest_accepted(self) -> LedgerEntry | None:
        """Return the entry that was accepted last."""
        found = self.entries((EntryState.ACCEPTED,))
        return max(found, key=lambda entry: (entry.changed_at, entry.key), default=None)

    def follows(self) -> tuple[Follow, ...]:
        """Return every accepted order that is not finished, by order id."""
        known, open_ones = self._tables.follows, list[Follow]()
        accepted = self.entries((EntryState.ACCEPTED,))
        for entry in {e.order: e for e in sorted(accepted, key=lambda e: e.suffix)}.values():
            follow = follow_of(known.get(entry.order), entry)
            if not follow.finished:
                open_ones.append(follow)
        return tuple(sorted(open_ones, key=lambda follow: by_number(follow.order)))

    def kept(self, flow: Flow, subjects: Iterable[str]) -> Mapping[str, Kept]:
        """Return what a flow keeps under these subjects, as far as there is anything."""
        known = self._tables.kept
        return {one: known[flow, one] for one in subjects if (flow, one) in known}

    def kept_below(
        self, flow: Flow, prefix: str = "", *, after: str = "", limit: int = ALL
    ) -> tuple[Kept, ...]:
        """Return what a flow keeps under subjects that begin with `prefix`, by subject."""
        found = [one for one in self._tables.kept.values() if one.flow is flow]
        some = [one for one in found if one.subject.startswith(prefix) and one.subject > after]
        return tuple(sorted(some, key=lambda one: one.subject)[:limit])

    def accepted_since(self, instant: datetime) -> frozenset[OroOrderId]:
        """Return the orders whose entry was accepted at or after `instant`."""
        found = self.entries((EntryState.ACCEPTED,))
        return frozenset(entry.order for entry in found if entry.changed_at >= instant)

    def payload(self, key: CommandKey) -> bytes | None:
        """Return what was to be sent; None where it was erased."""
        return self._tables.payloads.get(key)

    def exceptions(self, states: Iterable[RecordState]) -> tuple[ExceptionRecord, ...]:
        """Return the exception records in one of these states, oldest first."""
        wanted = frozenset(states)
        found = [record for record in self._tables.exceptions.values() if record.state in wanted]
        return tuple(sorted(found, key=lambda r: (r.first_seen, r.flow.value, r.subject)))

    def exception(self, flow: Flow, subject: str) -> ExceptionRecord | None:
        """Return one exception record."""
        return self._tables.exceptions.get((flow, subject))

    def marks(self) -> tuple[StockMark, ...]:
        """Return the SKUs that accepted snapshots did not hold."""
        return self._tables.marks

    def accepted_snapshot(self) -> AcceptedSnapshot | None:
        """Return the last snapshot that was let through."""
        return self._tables.accepted

    def refused_snapshot(self) -> RefusedSnapshot | None:
        """Return the last snapshot that was refused."""
        return self._tables.refused

    def outstanding(self) -> tuple[Outstanding, ...]:
        """Return the operations that may still write."""
        return tuple(self._tables.outstanding[key] for key in sorted(self._tables.outstanding))

    def journal(self, *, subject: str = "") -> tuple[JournalEntry, ...]:
        """Return the journal in the order it was written, of one subject or of all."""
        lines = (entry for entry, _body, _hash in self._tables.journal)
        return tuple(entry for entry in lines if not subject or entry.subject == subject)

    def journal_tip(self, line: int | None = None) -> JournalTip:
        """Return the end of the journal, or where it ended with a certain line."""
        journal = self._tables.journal
        at = len(journal) if line is None else line
        return JournalTip(at, journal[at - 1][2] if 0 < at <= len(journal) else "")

    def broken_line(self) -> int | None:
        """Return the number of the first line of the journal that was changed, or None."""
        lines = enumerate(self._tables.journal, start=1)
        return first_break((number, body, found) for number, (_entry, body, found) in lines)

    def payloads_settled(self, before: datetime, *, limit: int) -> tuple[CommandKey, ...]:
        """Return keys whose payload is still kept although they were settled before an instant."""
        found = self.entries((EntryState.ACCEPTED, EntryState.RELEASED))
        kept = (
            e for e in sorted(found, key=lambda entry: entry.changed_at) if e.changed_at < before
        )
        return tuple(e.key for e in kept if e.key in self._tables.payloads)[:limit]

    def close(self) -> None:
        """Forget nothing: there is no file to close."""


def _by_id(captures: Iterable[Capture]) -> tuple[Capture, ...]:
    return tuple(sorted(captures, key=lambda capture: by_number(capture.order)))
