"""
Reading a store in SQL that SQLite and, later, PostgreSQL both understand.

A store says how one query is run and how a list of values is handed over; the rest is here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from attrs import evolve

from oro_prima.ids import CommandKey, OroCustomerId, OroOrderId
from oro_prima.ports import ALL
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
    LedgerEntry,
    Link,
    Outstanding,
    RecordState,
    RefusedSnapshot,
    StockMark,
    Watermark,
)
from oro_prima.stores.chain import Head, body_with, first_break
from oro_prima.stores.rows import by_claim, by_number, from_body, instant_text, kept_of
from oro_prima.stores.sql import (
    ACCEPTED_SNAPSHOT,
    CUT_OVER,
    JOURNAL_HEAD,
    REFUSED_SNAPSHOT,
    WATERMARK,
    follow_of,
)

T = TypeVar("T")
LINES = 5000
"""Lines of the journal that are looked at at once."""


class SqlReads:
    """Every reading of one pair's store; a subclass runs the queries."""

    LIST = "json_each(?)"
    """What turns one JSON text into rows of `value`."""

    def _rows(self, query: str, values: Sequence[object]) -> list[tuple[object, ...]]:
        """Run one query; its first parameter is the pair, then come these."""
        raise AssertionError("a subclass says how")

    def cut_over(self) -> CutOver | None:
        """Return the act that allowed this store to post."""
        return self._fact(CUT_OVER, CutOver)

    def watermark(self) -> Watermark | None:
        """Return how far orders were read; None before the first run."""
        return self._fact(WATERMARK, Watermark)

    def links(self) -> Mapping[OroCustomerId, Link]:
        """Return all links that are not revoked."""
        found = self._all("SELECT body FROM links WHERE pair = ? ORDER BY customer", (), Link)
        return {link.customer: link for link in found}

    def captures(self, orders: Iterable[OroOrderId]) -> Mapping[OroOrderId, Capture]:
        """Return the captures of these orders, as far as there are any."""
        query = "SELECT body FROM captures WHERE pair = ? AND order_id IN (SELECT value FROM {})"
        found = self._chosen(query, tuple(orders), Capture)
        return {capture.order: capture for capture in found}

    def captures_at(
        self, homes: Iterable[Home], *, after: OroOrderId | None = None, limit: int = ALL
    ) -> tuple[Capture, ...]:
        """Return the captures whose home is one of these, by order id as a number."""
        query = (
            "SELECT body FROM captures WHERE pair = ? AND home = ?"
            " AND (order_number, order_id) > (?, ?) ORDER BY order_number, order_id LIMIT ?"
        )
        behind = by_number(after) if after is not None else (-2, "")
        found: list[Capture] = []
        for home in dict.fromkeys(homes):  # one by one, so that the index gives the order
            found += self._all(query, (home.value, *behind, limit), Capture)
        return tuple(sorted(found, key=lambda capture: by_number(capture.order))[:limit])

    def count_homes(self) -> Mapping[Home, int]:
        """Return how many orders each home has; absent for none."""
        query = "SELECT home, COUNT(*) FROM captures WHERE pair = ? GROUP BY home"
        return {Home(str(home)): int(str(n)) for home, n in self._rows(query, ())}

    def captures_created(self, first: datetime, last: datetime) -> tuple[Capture, ...]:
        """Return the captures created in `first <= created_at < last`, by order id."""
        return self._all(
            "SELECT body FROM captures WHERE pair = ? AND created_at >= ? AND created_at < ?"
            " ORDER BY order_number, order_id",
            (instant_text(first), instant_text(last)),
            Capture,
        )

    def entry(self, key: CommandKey) -> LedgerEntry | None:
        """Return a ledger entry."""
        query = "SELECT body FROM ledger WHERE pair = ? AND command_key = ?"
        return self._one(query, (key,), LedgerEntry)

    def entries(
        self,
        states: Iterable[EntryState],
        *,
        after: LedgerEntry | None = None,
        limit: int = ALL,
    ) -> tuple[LedgerEntry, ...]:
        """Return the entries in one of these states, oldest claim first."""
        query = (
            "SELECT body FROM ledger WHERE pair = ? AND state = ?"
            " AND (claimed_at, command_key) > (?, ?) ORDER BY claimed_at, command_key LIMIT ?"
        )
        behind = (instant_text(after.claimed_at), after.key) if after is not None else ("", "")
        found: list[LedgerEntry] = []
        for state in dict.fromkeys(states):
            found += self._all(query, (state.value, *behind, limit), LedgerEntry)
        return tuple(sorted(found, key=by_claim)[:limit])

    def count_entries(self, states: Iterable[EntryState]) -> int:
        """Return how many entries are in one of these states."""
        query = "SELECT COUNT(*) FROM ledger WHERE pair = ? AND state IN (SELECT value FROM {})"
        chosen = json.dumps([state.value for state in states])
        ((count,),) = self._rows(query.format(self.LIST), (chosen,))
        return int(str(count))

    def newest_entries(self, orders: Iterable[OroOrderId]) -> Mapping[OroOrderId, LedgerEntry]:
        """Return each order's entry with the highest suffix, as far as there is one."""
        query = "SELECT body FROM ledger WHERE pair = ? AND order_id IN (SELECT value FROM {})"
        found = self._chosen(query, tuple(orders), LedgerEntry)
        return {entry.order: entry for entry in sorted(found, key=lambda entry: entry.suffix)}

    def order_entries(self, order: OroOrderId) -> tuple[LedgerEntry, ...]:
        """Return every ledger entry of an order, by suffix."""
        query = "SELECT body FROM ledger WHERE pair = ? AND order_id = ?"
        found = self._all(query, (order,), LedgerEntry)
        return tuple(sorted(found, key=lambda entry: entry.suffix))

    def find_orders(self, reference: str) -> tuple[OroOrderId, ...]:
        """Return the orders of this id, identifier or Prima number."""
        if not reference:
            return ()
        places = ("captures", "order_id"), ("captures", "identifier"), ("ledger", "number")
        found = {
            OroOrderId(str(row[0]))
            for table, column in places
            for row in self._rows(
                f"SELECT order_id FROM {table} WHERE pair = ? AND {column} = ?",  # noqa: S608
                (reference,),
            )
        }
        return tuple(sorted(found, key=by_number))

    def newest_accepted(self) -> LedgerEntry | None:
        """Return the entry that was accepted last."""
        query = (
            "SELECT body FROM ledger WHERE pair = ? AND state = ?"
            " ORDER BY changed_at DESC, command_key DESC LIMIT 1"
        )
        return self._one(query, (EntryState.ACCEPTED.value,), LedgerEntry)

    def follows(self) -> tuple[Follow, ...]:
        """Return every accepted order that is not finished, by order id."""
        rows = self._rows(
            "SELECT l.body, f.body FROM ledger l"
            " LEFT JOIN follows f ON f.pair = l.pair AND f.order_id = l.order_id"
            " AND f.number = l.number"
            " WHERE l.pair = ? AND l.state = ? AND COALESCE(f.finished, 0) = 0"
            " AND NOT EXISTS (SELECT 1 FROM ledger n WHERE n.pair = l.pair"
            " AND n.order_id = l.order_id AND n.state = l.state AND n.number > l.number)",
            (EntryState.ACCEPTED.value,),
        )
        return tuple(sorted(map(_follow, rows), key=lambda follow: by_number(follow.order)))

    def kept(self, flow: Flow, subjects: Iterable[str]) -> Mapping[str, Kept]:
        """Return what a flow keeps under these subjects, as far as there is anything."""
        query = (
            "SELECT flow, subject, at, body FROM kept WHERE pair = ? AND flow = ?"
            " AND subject IN (SELECT value FROM {})"
        )
        rows = self._rows(query.format(self.LIST), (flow.value, json.dumps(list(subjects))))
        return {one.subject: one for one in map(kept_of, rows)}

    def kept_below(
        self, flow: Flow, prefix: str = "", *, after: str = "", limit: int = ALL
    ) -> tuple[Kept, ...]:
        """Return what a flow keeps under subjects that begin with `prefix`, by subject."""
        rows = self._rows(
            "SELECT flow, subject, at, body FROM kept WHERE pair = ? AND flow = ?"
            " AND subject > ? AND substr(subject, 1, ?) = ? ORDER BY subject LIMIT ?",
            (flow.value, after, len(prefix), prefix, limit),
        )
        return tuple(map(kept_of, rows))

    def accepted_since(self, instant: datetime) -> frozenset[OroOrderId]:
        """Return the orders whose entry was accepted at or after `instant`."""
        query = "SELECT order_id FROM ledger WHERE pair = ? AND state = ? AND changed_at >= ?"
        since = (EntryState.ACCEPTED.value, instant_text(instant))
        return frozenset(OroOrderId(str(row[0])) for row in self._rows(query, since))

    def payload(self, key: CommandKey) -> bytes | None:
        """Return what was to be sent; None where it was erased."""
        rows = self._rows("SELECT body FROM payloads WHERE pair = ? AND command_key = ?", (key,))
        body = rows[0][0] if rows else None
        return body if isinstance(body, bytes) else None

    def exceptions(self, states: Iterable[RecordState]) -> tuple[ExceptionRecord, ...]:
        """Return the exception records in one of these states, oldest first."""
        query = (
            "SELECT body FROM exceptions WHERE pair = ? AND state IN (SELECT value FROM {})"
            " ORDER BY first_seen, flow, subject"
        )
        return self._chosen(query, tuple(state.value for state in states), ExceptionRecord)

    def exception(self, flow: Flow, subject: str) -> ExceptionRecord | None:
        """Return one exception record."""
        query = "SELECT body FROM exceptions WHERE pair = ? AND flow = ? AND subject = ?"
        return self._one(query, (flow.value, subject), ExceptionRecord)

    def marks(self) -> tuple[StockMark, ...]:
        """Return the SKUs that accepted snapshots did not hold."""
        return self._all("SELECT body FROM marks WHERE pair = ? ORDER BY sku", (), StockMark)

    def accepted_snapshot(self) -> AcceptedSnapshot | None:
        """Return the last snapshot that was let through."""
        return self._fact(ACCEPTED_SNAPSHOT, AcceptedSnapshot)

    def refused_snapshot(self) -> RefusedSnapshot | None:
        """Return the last snapshot that was refused."""
        return self._fact(REFUSED_SNAPSHOT, RefusedSnapshot)

    def outstanding(self) -> tuple[Outstanding, ...]:
        """Return the operations that may still write."""
        query = "SELECT body FROM outstanding WHERE pair = ? ORDER BY operation"
        return self._all(query, (), Outstanding)

    def journal(self, *, subject: str = "") -> tuple[JournalEntry, ...]:
        """Return the journal in the order it was written, of one subject or of all."""
        query = (
            "SELECT j.body, n.body FROM journal j"
            " LEFT JOIN notes n ON n.pair = j.pair AND n.seq = j.seq WHERE j.pair = ?"
        )
        chosen = " AND j.subject = ?" if subject else ""
        rows = self._rows(f"{query}{chosen} ORDER BY j.seq", (subject,) if subject else ())
        return tuple(
            evolve(from_body(str(row[0]), JournalEntry), note=str(row[1] or "")) for row in rows
        )

    def journal_tip(self, line: int | None = None) -> JournalTip:
        """Return the end of the journal, or where it ended with a certain line."""
        query = "SELECT seq, hash FROM journal WHERE pair = ?"
        if line is None:
            rows = tuple(self._rows(f"{query} ORDER BY seq DESC LIMIT 1", ()))
        else:
            rows = tuple(self._rows(f"{query} AND seq = ?", (line,)))
        found = ((int(str(seq)), str(digest)) for seq, digest in rows)
        return JournalTip(*next(found, (line or 0, "")))

    def broken_line(self) -> int | None:
        """Return the number of the first line of the journal that was changed, or None."""
        head = self.journal_head()  # before the lines: more may come meanwhile
        heads = (*self._witnessed(), *(() if head is None else (head,)))
        broken = first_break(self._lines(), heads=heads)
        if broken is None and head is None:
            ((lines,),) = self._rows("SELECT COUNT(*) FROM journal WHERE pair = ?", ())
            return int(str(lines)) + 1 if lines else None
        return broken

    def journal_head(self) -> Head | None:
        """Return the newest line of the journal as it is kept beside it; None for none."""
        return self._fact(JOURNAL_HEAD, Head)

    def _witnessed(self) -> tuple[Head, ...]:
        """Return what another witness knows of the journal; a subclass may have one."""
        return ()

    def _lines(self) -> Iterator[tuple[int, str, str]]:
        """Yield the lines part by part, each with the note that it has now."""
        query = (
            "SELECT j.seq, j.body, j.hash, n.body FROM journal j"
            " LEFT JOIN notes n ON n.pair = j.pair AND n.seq = j.seq"
            " WHERE j.pair = ? AND j.seq > ? ORDER BY j.seq LIMIT ?"
        )
        rows = self._rows(query, (0, LINES))
        while rows:
            for seq, body, found, note in rows:
                text = str(body) if note is None else body_with(str(body), str(note))
                yield int(str(seq)), text, str(found)
            rows = self._rows(query, (rows[-1][0], LINES))

    def payloads_settled(self, before: datetime, *, limit: int) -> tuple[CommandKey, ...]:
        """Return keys whose payload is still kept although they were settled before an instant."""
        query = (
            "SELECT p.command_key FROM payloads p JOIN ledger l"
            " ON l.pair = p.pair AND l.command_key = p.command_key"
            " WHERE p.pair = ? AND l.state IN (?, ?) AND l.changed_at < ?"
            " ORDER BY l.changed_at LIMIT ?"
        )
        settled = (EntryState.ACCEPTED.value, EntryState.RELEASED.value)
        rows = self._rows(query, (*settled, instant_text(before), limit))
        return tuple(CommandKey(str(row[0])) for row in rows)

    def _all(self, query: str, values: Sequence[object], kind: type[T]) -> tuple[T, ...]:
        return tuple(from_body(str(row[0]), kind) for row in self._rows(query, values))

    def _one(self, query: str, values: Sequence[object], kind: type[T]) -> T | None:
        rows = self._rows(query, values)
        return from_body(str(rows[0][0]), kind) if rows else None

    def _chosen(self, query: str, chosen: Sequence[str], kind: type[T]) -> tuple[T, ...]:
        """Run a query over a list of values of any length, handed over as one JSON text."""
        return self._all(query.format(self.LIST), (json.dumps(list(chosen)),), kind)

    def _fact(self, name: str, kind: type[T]) -> T | None:
        return self._one("SELECT body FROM facts WHERE pair = ? AND name = ?", (name,), kind)


def _follow(row: Sequence[object]) -> Follow:
    entry, known = row
    follow = from_body(str(known), Follow) if known is not None else None
    return follow_of(follow, from_body(str(entry), LedgerEntry))
