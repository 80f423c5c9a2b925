"""
Transactions in SQL that SQLite and, later, PostgreSQL both understand.

A transaction writes through one cursor; what the rules of the store forbid is refused here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from oro_prima.errors import StoreError
from oro_prima.ids import CommandKey, OroCustomerId, OroOperationId, PairId
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
    LedgerEntry,
    Link,
    Outstanding,
    RefusedSnapshot,
    StockMark,
    Watermark,
    frozen_totals,
)
from oro_prima.stores.chain import Head, chained, journal_body
from oro_prima.stores.rows import from_body, instant_text, number_of, to_body

CUT_OVER, WATERMARK = "cut_over", "watermark"
ACCEPTED_SNAPSHOT, REFUSED_SNAPSHOT = "accepted_snapshot", "refused_snapshot"
JOURNAL_HEAD = "journal_head"


class SqlTransaction:
    """Writes of one transaction; the store opens it, commits it or undoes it."""

    def __init__(self, connection: sqlite3.Connection, pair: PairId, distrust: str = "") -> None:
        self._db, self._pair, self._distrust = connection, pair, distrust
        self.highest_number = -1
        self.put_into_use = self.readmitted = self.erased = False

    def put_cut_over(self, cut_over: CutOver) -> None:
        """Record the act that allows posting; a second one is refused."""
        if self._fact(CUT_OVER) is not None:
            msg = "the store has a cut-over record; it is made once"
            raise StoreError(msg)
        self._put_fact(CUT_OVER, to_body(cut_over))
        self.put_into_use = True

    def readmit(self) -> None:
        """Trust the store from now on, on a person's word; its side file is written afresh."""
        self.readmitted = True

    def put_watermark(self, watermark: Watermark) -> None:
        """Move the watermark; never backwards."""
        body = self._fact(WATERMARK)
        before = None if body is None else from_body(body, Watermark)
        self._put_fact(WATERMARK, to_body(further(before, watermark)))

    def put_link(self, link: Link) -> None:
        """Pin a link; an earlier one of the same customer is replaced."""
        self._db.execute(
            "INSERT INTO links (pair, customer, account, body) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (pair, customer) DO UPDATE SET"
            " account = excluded.account, body = excluded.body",
            (self._pair, link.customer, link.account, to_body(link)),
        )

    def revoke_link(self, customer: OroCustomerId) -> bool:
        """Take a link away; False where there was none."""
        return self._delete("links", "customer", customer)

    def put_capture(self, capture: Capture) -> None:
        """Insert or update; what was captured at the first reading stays."""
        row = self._db.execute(
            "SELECT body FROM captures WHERE pair = ? AND order_id = ?",
            (self._pair, capture.order),
        ).fetchone()
        kept = capture if row is None else frozen_totals(from_body(row[0], Capture), capture)
        self._db.execute(
            "INSERT INTO captures"
            " (pair, order_id, order_number, home, created_at, currency, gross, identifier, body)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (pair, order_id) DO UPDATE SET"
            " home = excluded.home, identifier = excluded.identifier, body = excluded.body",
            (
                self._pair,
                kept.order,
                number_of(kept.order),
                kept.home.value,
                instant_text(kept.created_at),
                kept.currency,
                None if kept.gross is None else str(kept.gross),
                kept.identifier,
                to_body(kept),
            ),
        )

    def claim(self, entry: LedgerEntry, payload: bytes) -> bool:
        """Insert the entry unless its key exists; a released one may be claimed again."""
        if self._distrust and entry.state is EntryState.CLAIMED:
            raise StoreError(self._distrust)
        known = self._entry(entry.key)
        if known is not None and known.state is not EntryState.RELEASED:
            return False
        self._write_entry(entry)
        self._db.execute(
            "INSERT INTO payloads (pair, command_key, body) VALUES (?, ?, ?)"
            " ON CONFLICT (pair, command_key) DO UPDATE SET body = excluded.body",
            (self._pair, entry.key, payload),
        )
        self.highest_number = max(self.highest_number, number_of(entry.number))
        return True

    def put_entry(self, entry: LedgerEntry) -> None:
        """Change an entry that exists; an accepted one is for ever."""
        known = self._entry(entry.key)
        if known is None:
            msg = f"ledger entry {entry.key} was never claimed"
            raise StoreError(msg)
        if known.state is EntryState.ACCEPTED and known != entry:
            msg = f"ledger entry {entry.key} is accepted, for ever"
            raise StoreError(msg)
        self._write_entry(entry)

    def erase_payload(self, key: CommandKey) -> bool:
        """Erase names and addresses of a claim; the entry stays."""
        gone = self._delete("payloads", "command_key", key)
        self.erased = self.erased or gone
        return gone

    def put_follow(self, follow: Follow) -> None:
        """Insert or replace what is known of following an accepted order."""
        self._db.execute(
            "INSERT INTO follows (pair, order_id, number, finished, body) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (pair, order_id) DO UPDATE SET number = excluded.number,"
            " finished = excluded.finished, body = excluded.body",
            (self._pair, follow.order, follow.number, int(follow.finished), to_body(follow)),
        )

    def put_kept(self, kept: Kept) -> None:
        """Insert or replace what is kept under (flow, subject)."""
        self._db.execute(
            "INSERT INTO kept (pair, flow, subject, at, body) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (pair, flow, subject) DO UPDATE SET"
            " at = excluded.at, body = excluded.body",
            (self._pair, kept.flow.value, kept.subject, instant_text(kept.at), kept.body),
        )

    def drop_kept(self, flow: Flow, subject: str) -> bool:
        """Forget what is kept under (flow, subject); False where nothing was."""
        done = self._db.execute(
            "DELETE FROM kept WHERE pair = ? AND flow = ? AND subject = ?",
            (self._pair, flow.value, subject),
        )
        return done.rowcount > 0

    def put_exception(self, record: ExceptionRecord) -> None:
        """Insert or replace the record of (flow, subject)."""
        self._db.execute(
            "INSERT INTO exceptions (pair, flow, subject, state, first_seen, body)"
            " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (pair, flow, subject) DO UPDATE SET"
            " state = excluded.state, first_seen = excluded.first_seen, body = excluded.body",
            (
                self._pair,
                record.flow.value,
                record.subject,
                record.state.value,
                instant_text(record.first_seen),
                to_body(record),
            ),
        )

    def replace_marks(self, marks: Iterable[StockMark]) -> None:
        """Keep exactly these marks."""
        self._db.execute("DELETE FROM marks WHERE pair = ?", (self._pair,))
        self._db.executemany(
            "INSERT INTO marks (pair, sku, body) VALUES (?, ?, ?)",
            [(self._pair, "\x1f".join(mark.sku.folded), to_body(mark)) for mark in marks],
        )

    def put_accepted_snapshot(self, snapshot: AcceptedSnapshot) -> None:
        """Remember the last snapshot that was let through."""
        self._put_fact(ACCEPTED_SNAPSHOT, to_body(snapshot))

    def put_refused_snapshot(self, snapshot: RefusedSnapshot | None) -> None:
        """Remember the last snapshot that was refused, or that there is none."""
        if snapshot is None:
            self._delete("facts", "name", REFUSED_SNAPSHOT)
        else:
            self._put_fact(REFUSED_SNAPSHOT, to_body(snapshot))

    def put_outstanding(self, outstanding: Outstanding) -> None:
        """Remember an operation that may still write."""
        self._db.execute(
            "INSERT INTO outstanding (pair, operation, body) VALUES (?, ?, ?)"
            " ON CONFLICT (pair, operation) DO UPDATE SET body = excluded.body",
            (self._pair, outstanding.operation, to_body(outstanding)),
        )

    def drop_outstanding(self, operation: OroOperationId) -> None:
        """Forget an operation that has ended."""
        self._delete("outstanding", "operation", operation)

    def add_journal(self, entry: JournalEntry) -> None:
        """Append one line to the journal."""
        kept = self._fact(JOURNAL_HEAD)
        before = self._last_line() if kept is None else from_body(kept, Head)
        body, at = journal_body(entry), instant_text(entry.at)
        head = Head(before.seq + 1, chained(before.hash, body))
        self._db.execute(
            "INSERT INTO journal (pair, seq, at, subject, body, hash) VALUES (?, ?, ?, ?, ?, ?)",
            (self._pair, head.seq, at, entry.subject, body, head.hash),
        )
        if kept is not None or not before.seq:  # one that was taken away stays away, and shows
            self._put_fact(JOURNAL_HEAD, to_body(head))
        if entry.note:
            self._db.execute(
                "INSERT INTO notes (pair, seq, subject, body) VALUES (?, ?, ?, ?)",
                (self._pair, head.seq, entry.subject, entry.note),
            )

    def _last_line(self) -> Head:
        row = self._db.execute(
            "SELECT seq, hash FROM journal WHERE pair = ? ORDER BY seq DESC LIMIT 1", (self._pair,)
        ).fetchone()
        return Head() if row is None else Head(int(row[0]), str(row[1]))

    def erase_notes(self, subject: str) -> int:
        """Erase what people wrote about a subject; the lines of the journal stay."""
        done = self._db.execute(
            "DELETE FROM notes WHERE pair = ? AND subject = ?", (self._pair, subject)
        )
        self.erased = self.erased or done.rowcount > 0
        return done.rowcount

    def _entry(self, key: CommandKey) -> LedgerEntry | None:
        row = self._db.execute(
            "SELECT body FROM ledger WHERE pair = ? AND command_key = ?", (self._pair, key)
        ).fetchone()
        return None if row is None else from_body(row[0], LedgerEntry)

    def _write_entry(self, entry: LedgerEntry) -> None:
        self._db.execute(
            "INSERT INTO ledger"
            " (pair, command_key, order_id, number, state, claimed_at, changed_at, body)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (pair, command_key) DO UPDATE SET"
            " state = excluded.state, claimed_at = excluded.claimed_at,"
            " changed_at = excluded.changed_at, body = excluded.body",
            (
                self._pair,
                entry.key,
                entry.order,
                entry.number,
                entry.state.value,
                instant_text(entry.claimed_at),
                instant_text(entry.changed_at),
                to_body(entry),
            ),
        )

    def _fact(self, name: str) -> str | None:
        row = self._db.execute(
            "SELECT body FROM facts WHERE pair = ? AND name = ?", (self._pair, name)
        ).fetchone()
        return None if row is None else str(row[0])

    def _put_fact(self, name: str, body: str) -> None:
        self._db.execute(
            "INSERT INTO facts (pair, name, body) VALUES (?, ?, ?)"
            " ON CONFLICT (pair, name) DO UPDATE SET body = excluded.body",
            (self._pair, name, body),
        )

    def _delete(self, table: str, column: str, value: str) -> bool:
        done = self._db.execute(
            f"DELETE FROM {table} WHERE pair = ? AND {column} = ?",  # noqa: S608
            (self._pair, value),
        )
        return done.rowcount > 0


def further(before: Watermark | None, watermark: Watermark) -> Watermark:
    """Return the further of both watermarks, by id and by each instant: none ever goes back."""
    if before is None:
        return watermark
    return Watermark(
        max(before.order, watermark.order),
        _later(before.updated_at, watermark.updated_at),
        _later(before.written_at, watermark.written_at),
    )


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((at for at in (one, other) if at is not None), default=None)


def follow_of(known: Follow | None, entry: LedgerEntry) -> Follow:
    """Return what is known of following an accepted order; a repost begins anew."""
    if known is not None and known.number == entry.number:
        return known
    return Follow(entry.order, entry.number, entry.changed_at)
