"""The store: one port, because settling an order needs one transaction over all it holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Protocol

from oro_prima.ids import (
    CommandKey,
    OroCustomerId,
    OroOperationId,
    OroOrderId,
    PairId,
)
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

ALL = 2**62
"""No limit: more than any store holds."""


class Transaction(Protocol):
    """
    Writes that happen together or not at all.

    Every method raises `oro_prima.errors.StoreError` where the store refuses: an old fencing
    number, a change of an accepted entry, another pair.
    """

    def put_cut_over(self, cut_over: CutOver) -> None:
        """Record the act that allows posting; a second one is refused."""
        ...

    def readmit(self) -> None:
        """Trust the store from now on, on a person's word that its ledger is complete again."""
        ...

    def put_watermark(self, watermark: Watermark) -> None:
        """Move the watermark; neither its id nor one of its instants ever goes back."""
        ...

    def put_link(self, link: Link) -> None:
        """Pin a link; an earlier one of the same customer is replaced and stays in the journal."""
        ...

    def revoke_link(self, customer: OroCustomerId) -> bool:
        """Take a link away; False where there was none."""
        ...

    def put_capture(self, capture: Capture) -> None:
        """Insert or update; gross, VAT, currency, created_at and first_read stay as first put."""
        ...

    def claim(self, entry: LedgerEntry, payload: bytes) -> bool:
        """
        Insert the entry unless its key exists; a released one may be claimed again.

        Returns False, and changes nothing, where the key is claimed, in doubt or accepted.
        """
        ...

    def put_entry(self, entry: LedgerEntry) -> None:
        """Change an entry that exists. An accepted one is for ever: changing it is refused."""
        ...

    def erase_payload(self, key: CommandKey) -> bool:
        """Erase names and addresses of a claim; the entry stays. False where there were none."""
        ...

    def put_follow(self, follow: Follow) -> None:
        """Insert or replace what is known of following an accepted order."""
        ...

    def put_kept(self, kept: Kept) -> None:
        """Insert or replace what is kept under (flow, subject)."""
        ...

    def drop_kept(self, flow: Flow, subject: str) -> bool:
        """Forget what is kept under (flow, subject); False where nothing was."""
        ...

    def put_exception(self, record: ExceptionRecord) -> None:
        """Insert or replace the record of (flow, subject)."""
        ...

    def replace_marks(self, marks: Iterable[StockMark]) -> None:
        """Keep exactly these marks."""
        ...

    def put_accepted_snapshot(self, snapshot: AcceptedSnapshot) -> None:
        """Remember the last snapshot that was let through."""
        ...

    def put_refused_snapshot(self, snapshot: RefusedSnapshot | None) -> None:
        """Remember the last snapshot that was refused, or that there is none."""
        ...

    def put_outstanding(self, outstanding: Outstanding) -> None:
        """Remember an operation that may still write."""
        ...

    def drop_outstanding(self, operation: OroOperationId) -> None:
        """Forget an operation that has ended."""
        ...

    def add_journal(self, entry: JournalEntry) -> None:
        """Append one line to the journal, chained by its hash to the line before."""
        ...

    def erase_notes(self, subject: str) -> int:
        """Erase what people wrote about a subject; the lines stay. Returns how many it were."""
        ...


class Store(Protocol):
    """Everything that must survive a crash, of one pair."""

    @property
    def pair(self) -> PairId:
        """The pair whose store this is; part of every key."""
        ...

    def transaction(self, lease: Lease | None = None) -> AbstractContextManager[Transaction]:
        """
        Open a transaction: committed at the end of the block, undone when it raises.

        With a lease every write is refused once a newer fencing number was given out for its flow.
        A person's act needs none.
        """
        ...

    def acquire(self, flow: Flow, holder: str, *, last: timedelta) -> Lease:
        """
        Take the lease of a flow.

        Raises `StoreError` naming the holder while another run has it, and where the store may be
        an old copy (`distrust`): no run works from one.
        """
        ...

    def renew(self, lease: Lease, *, last: timedelta) -> Lease:
        """Prolong a lease; raises `StoreError` where it was lost."""
        ...

    def release(self, lease: Lease) -> None:
        """Give the lease back; a lost one is left alone."""
        ...

    def remaining(self, lease: Lease) -> timedelta:
        """How long the lease still lasts by the store's clock; zero or below where it was lost."""
        ...

    def distrust(self) -> str:
        """Say why nothing may be posted from this store; empty where it may."""
        ...

    def cut_over(self) -> CutOver | None:
        """Return the act that allowed this store to post."""
        ...

    def watermark(self) -> Watermark | None:
        """Return how far orders were read; None before the first run."""
        ...

    def links(self) -> Mapping[OroCustomerId, Link]:
        """Return all links that are not revoked."""
        ...

    def captures(self, orders: Iterable[OroOrderId]) -> Mapping[OroOrderId, Capture]:
        """Return the captures of these orders, as far as there are any."""
        ...

    def captures_at(
        self, homes: Iterable[Home], *, after: OroOrderId | None = None, limit: int = ALL
    ) -> tuple[Capture, ...]:
        """
        Return the captures whose home is one of these, by order id as a number.

        With `limit` so many at most, and with `after` only those behind that order: a queue of any
        length is gone through part by part.
        """
        ...

    def count_homes(self) -> Mapping[Home, int]:
        """Return how many orders each home has; absent for none."""
        ...

    def captures_created(self, first: datetime, last: datetime) -> tuple[Capture, ...]:
        """Return the captures created in `first <= created_at < last`, by order id."""
        ...

    def entry(self, key: CommandKey) -> LedgerEntry | None:
        """Return a ledger entry."""
        ...

    def entries(
        self,
        states: Iterable[EntryState],
        *,
        after: LedgerEntry | None = None,
        limit: int = ALL,
    ) -> tuple[LedgerEntry, ...]:
        """
        Return the entries in one of these states, oldest claim first.

        With `limit` so many at most, and with `after` only those behind that entry.
        """
        ...

    def count_entries(self, states: Iterable[EntryState]) -> int:
        """Return how many entries are in one of these states."""
        ...

    def newest_entries(self, orders: Iterable[OroOrderId]) -> Mapping[OroOrderId, LedgerEntry]:
        """Return each order's entry with the highest suffix, as far as there is one."""
        ...

    def order_entries(self, order: OroOrderId) -> tuple[LedgerEntry, ...]:
        """Return every ledger entry of an order, also of earlier reposts, by suffix."""
        ...

    def find_orders(self, reference: str) -> tuple[OroOrderId, ...]:
        """
        Return the orders that a person may mean, by id.

        `reference` is an order's id or number in the shop, or its number in Prima; texts are
        compared as they are.
        """
        ...

    def newest_accepted(self) -> LedgerEntry | None:
        """Return the entry that was accepted last."""
        ...

    def follows(self) -> tuple[Follow, ...]:
        """
        Return every accepted order that is not finished, by order id as a number.

        One that was never asked after stands in it too, under the number that was accepted last.
        """
        ...

    def kept(self, flow: Flow, subjects: Iterable[str]) -> Mapping[str, Kept]:
        """Return what a flow keeps under these subjects, as far as there is anything."""
        ...

    def kept_below(
        self, flow: Flow, prefix: str = "", *, after: str = "", limit: int = ALL
    ) -> tuple[Kept, ...]:
        """
        Return what a flow keeps under subjects that begin with `prefix`, by subject.

        With `limit` so many at most, and with `after` only those behind that subject.
        """
        ...

    def accepted_since(self, instant: datetime) -> frozenset[OroOrderId]:
        """Return the orders whose entry was accepted at or after `instant`."""
        ...

    def payload(self, key: CommandKey) -> bytes | None:
        """Return what was to be sent; None where it was erased."""
        ...

    def exceptions(self, states: Iterable[RecordState]) -> tuple[ExceptionRecord, ...]:
        """Return the exception records in one of these states, oldest first."""
        ...

    def exception(self, flow: Flow, subject: str) -> ExceptionRecord | None:
        """Return one exception record."""
        ...

    def marks(self) -> tuple[StockMark, ...]:
        """Return the SKUs that accepted snapshots did not hold."""
        ...

    def accepted_snapshot(self) -> AcceptedSnapshot | None:
        """Return the last snapshot that was let through."""
        ...

    def refused_snapshot(self) -> RefusedSnapshot | None:
        """Return the last snapshot that was refused."""
        ...

    def outstanding(self) -> tuple[Outstanding, ...]:
        """Return the operations that may still write."""
        ...

    def journal(self, *, subject: str = "") -> tuple[JournalEntry, ...]:
        """Return the journal in the order it was written, of one subject or of all."""
        ...

    def journal_tip(self, line: int | None = None) -> JournalTip:
        """
        Return the end of the journal, or where it ended with a certain line; line 0 is before any.

        A line that there is not has an empty hash.
        """
        ...

    def broken_line(self) -> int | None:
        """Return the number of the first line of the journal that was changed, or None."""
        ...

    def payloads_settled(self, before: datetime, *, limit: int) -> tuple[CommandKey, ...]:
        """Return keys whose payload is still kept although they were settled before an instant."""
        ...

    def close(self) -> None:
        """Close the store; it cannot be used afterwards."""
        ...
