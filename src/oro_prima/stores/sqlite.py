"""The default store: one SQLite file, WAL, one commit a transaction."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from attrs import evolve

from oro_prima.errors import StoreError
from oro_prima.ids import CommandKey, OroCustomerId, OroOrderId, PairId
from oro_prima.ports import Clock
from oro_prima.records import (
    AcceptedSnapshot,
    Capture,
    CutOver,
    EntryState,
    ExceptionRecord,
    Flow,
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
)
from oro_prima.stores.chain import first_break
from oro_prima.stores.leases import SqlLeases
from oro_prima.stores.opening import connect, migrate, translated
from oro_prima.stores.rows import from_body, instant_text, number_of
from oro_prima.stores.sidefile import Witness, read_witness, refuse_rollback, write_witness
from oro_prima.stores.sql import (
    ACCEPTED_SNAPSHOT,
    CUT_OVER,
    REFUSED_SNAPSHOT,
    WATERMARK,
    SqlTransaction,
)

T = TypeVar("T")


class SqliteStore:
    """
    A store in one SQLite file; use `open`. It may be used from any thread, one at a time.

    `synchronous=FULL`: with less, a claim could be forgotten at a power loss after its order left.
    """

    def __init__(
        self, connection: sqlite3.Connection, path: Path, pair: PairId, clock: Clock
    ) -> None:
        self._db, self._path, self._pair, self._clock = connection, path, pair, clock
        self._leases = SqlLeases(connection, pair)
        self._lock = threading.RLock()
        self._witness: Witness | None = None

    @classmethod
    def open(
        cls, path: Path | str, *, pair: PairId, clock: Clock, create: bool = True
    ) -> SqliteStore:
        """
        Open the store of a pair, or make it.

        Raises:
            StoreError: the file is no store, is of a newer release, is locked, cannot be written,
                or was rolled back.
        """
        place = Path(path)
        connection = connect(place, create=create)
        try:
            migrate(connection, place)
            store = cls(connection, place, pair, clock)
            store._check_witness()
        except BaseException:
            connection.close()
            raise
        return store

    @property
    def pair(self) -> PairId:
        """The pair whose store this is."""
        return self._pair

    @contextmanager
    def transaction(self, lease: Lease | None = None) -> Generator[SqlTransaction, None, None]:
        """Open a transaction: committed at the end of the block, undone when it raises."""
        with self._write() as tx:
            if lease is not None:
                self._leases.check(lease)
            yield tx

    @contextmanager
    def _write(self) -> Generator[SqlTransaction, None, None]:
        with self._lock, translated(self._path):
            self._db.execute("BEGIN IMMEDIATE")
            tx = SqlTransaction(self._db, self._pair)
            try:
                yield tx
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
            self._testify(tx.highest_number)

    def acquire(self, flow: Flow, holder: str, *, last: timedelta) -> Lease:
        """Take the lease of a flow; raises `StoreError` naming the holder while another has it."""
        with self._write():
            return self._leases.acquire(flow, holder, last=last, now=self._clock())

    def renew(self, lease: Lease, *, last: timedelta) -> Lease:
        """Prolong a lease; raises `StoreError` where it was lost."""
        with self._write():
            return self._leases.renew(lease, last=last, now=self._clock())

    def release(self, lease: Lease) -> None:
        """Give the lease back; a lost one is left alone."""
        with self._write():
            self._leases.release(lease)

    def remaining(self, lease: Lease) -> timedelta:
        """Return how long the lease lasts by the store's clock; zero where it was lost."""
        with self._lock, translated(self._path):
            known = self._leases.current(lease.flow)
        if known is None or known.fence != lease.fence or not known.holder:
            return timedelta(0)
        return known.expires_at - self._clock()

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

    def captures_at(self, homes: Iterable[Home]) -> tuple[Capture, ...]:
        """Return the captures whose home is one of these, by order id as a number."""
        query = (
            "SELECT body FROM captures WHERE pair = ? AND home IN (SELECT value FROM {})"
            " ORDER BY order_number, order_id"
        )
        return self._chosen(query, tuple(home.value for home in homes), Capture)

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

    def entries(self, states: Iterable[EntryState]) -> tuple[LedgerEntry, ...]:
        """Return the entries in one of these states, oldest claim first."""
        query = (
            "SELECT body FROM ledger WHERE pair = ? AND state IN (SELECT value FROM {})"
            " ORDER BY claimed_at, command_key"
        )
        return self._chosen(query, tuple(state.value for state in states), LedgerEntry)

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
        return tuple(sorted(found, key=lambda order: (number_of(order), order)))

    def newest_accepted(self) -> LedgerEntry | None:
        """Return the entry that was accepted last."""
        query = (
            "SELECT body FROM ledger WHERE pair = ? AND state = ?"
            " ORDER BY changed_at DESC, command_key DESC LIMIT 1"
        )
        return self._one(query, (EntryState.ACCEPTED.value,), LedgerEntry)

    def accepted_since(self, instant: datetime) -> frozenset[OroOrderId]:
        """Return the orders whose entry was accepted at or after `instant`."""
        query = "SELECT body FROM ledger WHERE pair = ? AND state = ? AND changed_at >= ?"
        since = (EntryState.ACCEPTED.value, instant_text(instant))
        return frozenset(entry.order for entry in self._all(query, since, LedgerEntry))

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

    def broken_line(self) -> int | None:
        """Return the number of the first line of the journal that was changed, or None."""
        query = "SELECT seq, body, hash FROM journal WHERE pair = ? ORDER BY seq"
        rows = self._rows(query, ())
        return first_break((int(str(seq)), str(body), str(found)) for seq, body, found in rows)

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

    def check_integrity(self) -> None:
        """Ask SQLite whether the file is sound; raises `StoreError` where it is not."""
        rows = self._rows("SELECT integrity_check FROM pragma_integrity_check WHERE ? <> ''", ())
        if [row[0] for row in rows] != ["ok"]:
            msg = f"{self._path.name} is damaged; restore the newest backup"
            raise StoreError(msg)

    def backup(self, target: Path | str) -> None:
        """Copy the store to `target` while it is in use."""
        with self._lock, translated(Path(target)):
            copy = sqlite3.connect(target)
            try:
                self._db.backup(copy)
            finally:
                copy.close()

    def close(self) -> None:
        """Close the store; it cannot be used afterwards."""
        with self._lock:
            self._db.close()

    def _rows(self, query: str, values: Sequence[object]) -> list[tuple[object, ...]]:
        with self._lock, translated(self._path):
            return list(self._db.execute(query, (self._pair, *values)))

    def _all(self, query: str, values: Sequence[object], kind: type[T]) -> tuple[T, ...]:
        return tuple(from_body(str(row[0]), kind) for row in self._rows(query, values))

    def _one(self, query: str, values: Sequence[object], kind: type[T]) -> T | None:
        rows = self._rows(query, values)
        return from_body(str(rows[0][0]), kind) if rows else None

    def _chosen(self, query: str, chosen: Sequence[str], kind: type[T]) -> tuple[T, ...]:
        """Run a query over a list of values of any length, handed over as one JSON text."""
        return self._all(query.format("json_each(?)"), (json.dumps(list(chosen)),), kind)

    def _fact(self, name: str, kind: type[T]) -> T | None:
        return self._one("SELECT body FROM facts WHERE pair = ? AND name = ?", (name,), kind)

    def _check_witness(self) -> None:
        witness = read_witness(self._path, self._pair)
        cut_over = self.cut_over()
        epoch = cut_over.epoch if cut_over is not None else ""
        refuse_rollback(self._path, witness=witness, epoch=epoch, highest=self._highest())
        self._witness = witness

    def _highest(self) -> int:
        query = (
            "SELECT number FROM ledger WHERE pair = ?"
            " ORDER BY LENGTH(number) DESC, number DESC LIMIT 1"
        )
        rows = self._rows(query, ())
        return number_of(str(rows[0][0])) if rows else -1

    def _testify(self, highest: int) -> None:
        """Tell the side file of a number that is higher than all before."""
        if highest <= (self._witness.highest if self._witness is not None else 0):
            return
        cut_over = self.cut_over()
        self._witness = Witness(self._pair, cut_over.epoch if cut_over else "", highest)
        write_witness(self._path, self._witness)
