"""A store in memory: the oracle that other stores are compared with. Nothing survives it."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from attrs import define, evolve, field

from oro_prima.errors import StoreError
from oro_prima.ids import CommandKey, OroCustomerId, OroOperationId, OroOrderId, PairId
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
    Lease,
    LedgerEntry,
    Link,
    Outstanding,
    RecordState,
    RefusedSnapshot,
    StockMark,
    Watermark,
    frozen_totals,
)
from oro_prima.stores.chain import chained, first_break, journal_body
from oro_prima.stores.rows import by_claim, by_number, from_body
from oro_prima.stores.sql import follow_of, further


@define
class _Tables:
    """All that the store holds; copied before a transaction, put back when it is undone."""

    cut_over: CutOver | None = None
    watermark: Watermark | None = None
    accepted: AcceptedSnapshot | None = None
    refused: RefusedSnapshot | None = None
    links: dict[OroCustomerId, Link] = field(factory=dict[OroCustomerId, Link])
    captures: dict[OroOrderId, Capture] = field(factory=dict[OroOrderId, Capture])
    ledger: dict[CommandKey, LedgerEntry] = field(factory=dict[CommandKey, LedgerEntry])
    payloads: dict[CommandKey, bytes] = field(factory=dict[CommandKey, bytes])
    exceptions: dict[tuple[Flow, str], ExceptionRecord] = field(
        factory=dict[tuple[Flow, str], ExceptionRecord]
    )
    marks: tuple[StockMark, ...] = ()
    outstanding: dict[OroOperationId, Outstanding] = field(
        factory=dict[OroOperationId, Outstanding]
    )
    follows: dict[OroOrderId, Follow] = field(factory=dict[OroOrderId, Follow])
    leases: dict[Flow, Lease] = field(factory=dict[Flow, Lease])
    journal: list[tuple[JournalEntry, str, str]] = field(
        factory=list[tuple[JournalEntry, str, str]]
    )

    def copied(self) -> _Tables:
        """Return a copy whose containers are its own."""
        fresh = copy.copy(self)
        for name in ("links", "captures", "ledger", "payloads", "exceptions", "outstanding"):
            setattr(fresh, name, dict(getattr(self, name)))
        fresh.leases, fresh.journal = dict(self.leases), list(self.journal)
        return fresh


class MemoryStore:
    """Everything of one pair, in memory; posting with it is for tests and trials alone."""

    def __init__(self, pair: PairId, *, clock: Clock) -> None:
        self._pair, self._clock = pair, clock
        self._tables = _Tables()

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


class MemoryTransaction:
    """Writes of one transaction."""

    def __init__(self, tables: _Tables) -> None:
        self._tables = tables

    def put_cut_over(self, cut_over: CutOver) -> None:
        """Record the act that allows posting; a second one is refused."""
        if self._tables.cut_over is not None:
            msg = "the store has a cut-over record; it is made once"
            raise StoreError(msg)
        self._tables.cut_over = cut_over

    def readmit(self) -> None:
        """Trust the store from now on; this one is never distrusted."""

    def put_watermark(self, watermark: Watermark) -> None:
        """Move the watermark; never backwards."""
        self._tables.watermark = further(self._tables.watermark, watermark)

    def put_link(self, link: Link) -> None:
        """Pin a link; an earlier one of the same customer is replaced."""
        self._tables.links[link.customer] = link

    def revoke_link(self, customer: OroCustomerId) -> bool:
        """Take a link away; False where there was none."""
        return self._tables.links.pop(customer, None) is not None

    def put_capture(self, capture: Capture) -> None:
        """Insert or update; what was captured at the first reading stays."""
        before = self._tables.captures.get(capture.order)
        kept = capture if before is None else frozen_totals(before, capture)
        self._tables.captures[capture.order] = kept

    def claim(self, entry: LedgerEntry, payload: bytes) -> bool:
        """Insert the entry unless its key exists; a released one may be claimed again."""
        known = self._tables.ledger.get(entry.key)
        if known is not None and known.state is not EntryState.RELEASED:
            return False
        self._tables.ledger[entry.key] = entry
        self._tables.payloads[entry.key] = payload
        return True

    def put_entry(self, entry: LedgerEntry) -> None:
        """Change an entry that exists; an accepted one is for ever."""
        known = self._tables.ledger.get(entry.key)
        if known is None:
            msg = f"ledger entry {entry.key} was never claimed"
            raise StoreError(msg)
        if known.state is EntryState.ACCEPTED and known != entry:
            msg = f"ledger entry {entry.key} is accepted, for ever"
            raise StoreError(msg)
        self._tables.ledger[entry.key] = entry

    def erase_payload(self, key: CommandKey) -> bool:
        """Erase names and addresses of a claim; the entry stays."""
        return self._tables.payloads.pop(key, None) is not None

    def put_follow(self, follow: Follow) -> None:
        """Insert or replace what is known of following an accepted order."""
        self._tables.follows[follow.order] = follow

    def put_exception(self, record: ExceptionRecord) -> None:
        """Insert or replace the record of (flow, subject)."""
        self._tables.exceptions[(record.flow, record.subject)] = record

    def replace_marks(self, marks: Iterable[StockMark]) -> None:
        """Keep exactly these marks."""
        self._tables.marks = tuple(sorted(marks, key=lambda mark: mark.sku.folded))

    def put_accepted_snapshot(self, snapshot: AcceptedSnapshot) -> None:
        """Remember the last snapshot that was let through."""
        self._tables.accepted = snapshot

    def put_refused_snapshot(self, snapshot: RefusedSnapshot | None) -> None:
        """Remember the last snapshot that was refused, or that there is none."""
        self._tables.refused = snapshot

    def put_outstanding(self, outstanding: Outstanding) -> None:
        """Remember an operation that may still write."""
        self._tables.outstanding[outstanding.operation] = outstanding

    def drop_outstanding(self, operation: OroOperationId) -> None:
        """Forget an operation that has ended."""
        self._tables.outstanding.pop(operation, None)

    def add_journal(self, entry: JournalEntry) -> None:
        """Append one line to the journal."""
        journal = self._tables.journal
        body = journal_body(entry)
        before = journal[-1][2] if journal else ""
        kept = evolve(from_body(body, JournalEntry), note=entry.note)
        journal.append((kept, body, chained(before, body)))

    def erase_notes(self, subject: str) -> int:
        """Erase what people wrote about a subject; the lines of the journal stay."""
        journal, erased = self._tables.journal, 0
        for number, (entry, body, digest) in enumerate(journal):
            if entry.subject == subject and entry.note:
                journal[number] = (evolve(entry, note=""), body, digest)
                erased += 1
        return erased
