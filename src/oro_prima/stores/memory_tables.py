"""What a store in memory holds, and how a transaction writes to it."""

from __future__ import annotations

import copy
from collections.abc import Iterable

from attrs import define, evolve, field

from oro_prima.errors import StoreError
from oro_prima.ids import CommandKey, OroCustomerId, OroOperationId, OroOrderId
from oro_prima.records import (
    AcceptedSnapshot,
    Capture,
    CutOver,
    EntryState,
    ExceptionRecord,
    Flow,
    Follow,
    JournalEntry,
    Kept,
    Lease,
    LedgerEntry,
    Link,
    Outstanding,
    RefusedSnapshot,
    StockMark,
    Watermark,
    frozen_totals,
)
from oro_prima.stores.chain import chained, journal_body
from oro_prima.stores.rows import from_body
from oro_prima.stores.sql import further

_DICTS = (
    "links", "captures", "ledger", "payloads", "exceptions", "outstanding", "follows", "kept",
    "leases",
)  # fmt: skip


@define
class Tables:
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
    kept: dict[tuple[Flow, str], Kept] = field(factory=dict[tuple[Flow, str], Kept])
    leases: dict[Flow, Lease] = field(factory=dict[Flow, Lease])
    journal: list[tuple[JournalEntry, str, str]] = field(
        factory=list[tuple[JournalEntry, str, str]]
    )

    def copied(self) -> Tables:
        """Return a copy whose containers are its own."""
        fresh = copy.copy(self)
        for name in _DICTS:
            setattr(fresh, name, dict(getattr(self, name)))
        fresh.journal = list(self.journal)
        return fresh


class MemoryTransaction:
    """Writes of one transaction."""

    def __init__(self, tables: Tables) -> None:
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

    def put_kept(self, kept: Kept) -> None:
        """Insert or replace what is kept under (flow, subject)."""
        self._tables.kept[(kept.flow, kept.subject)] = kept

    def drop_kept(self, flow: Flow, subject: str) -> bool:
        """Forget what is kept under (flow, subject); False where nothing was."""
        return self._tables.kept.pop((flow, subject), None) is not None

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
