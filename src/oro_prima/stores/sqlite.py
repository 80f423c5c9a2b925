"""The default store: one SQLite file, WAL, one commit a transaction."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from oro_prima.errors import StoreError
from oro_prima.ids import PairId
from oro_prima.ports import Clock
from oro_prima.records import Flow, Lease
from oro_prima.stores.chain import Head
from oro_prima.stores.leases import SqlLeases
from oro_prima.stores.opening import connect, copy_store, migrate, translated
from oro_prima.stores.reading import SqlReads
from oro_prima.stores.rows import number_of
from oro_prima.stores.sidefile import Witness, distrust, read_witness, write_witness
from oro_prima.stores.sql import SqlTransaction


class SqliteStore(SqlReads):
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
        self._distrust = self._epoch_made = ""

    @classmethod
    def open(
        cls, path: Path | str, *, pair: PairId, clock: Clock, create: bool = True
    ) -> SqliteStore:
        """
        Open the store of a pair, or make it.

        Raises:
            StoreError: the file is no store, is of a newer release, is locked or cannot be written.
        """
        place = Path(path)
        connection = connect(place, create=create)
        try:
            migrate(connection, place)
            store = cls(connection, place, pair, clock)
            store._ask_witness()
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
            tx = SqlTransaction(self._db, self._pair, self._distrust)
            try:
                yield tx
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
            self._after(tx)

    def _after(self, tx: SqlTransaction) -> None:
        """Do beside the file what a committed transaction asks for."""
        if tx.readmitted:
            self._distrust = ""
            self._testify(self._highest(), self.journal_head(), afresh=True)
        elif tx.highest_number >= 0 or tx.put_into_use:
            self._testify(tx.highest_number)
        if tx.erased:
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

    def distrust(self) -> str:
        """Say why nothing may be posted from this store; empty where it may."""
        return self._distrust

    def acquire(self, flow: Flow, holder: str, *, last: timedelta) -> Lease:
        """Take the lease of a flow; raises `StoreError` naming the holder while another has it."""
        if self._distrust:
            raise StoreError(self._distrust)
        with self._write():
            lease = self._leases.acquire(flow, holder, last=last, now=self._clock())
        if flow is Flow.ORDERS:  # what cannot be written is found before anything is sent
            self._testify(self._highest(), self.journal_head())
        return lease

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

    def check_integrity(self) -> None:
        """Ask SQLite whether the file is sound; raises `StoreError` where it is not."""
        rows = self._rows("SELECT integrity_check FROM pragma_integrity_check WHERE ? <> ''", ())
        if [row[0] for row in rows] != ["ok"]:
            msg = f"{self._path.name} is damaged; restore the newest backup"
            raise StoreError(msg)

    def backup(self, target: Path | str) -> None:
        """
        Copy the store to `target` while it is in use; nobody waits for it.

        The copy is checked and then takes its name: what has that name is whole. The side file is
        not copied, so that nothing is posted from an old copy by accident.

        Raises:
            StoreError: the target exists, cannot be written, or the copy is not sound.
        """
        copy_store(self._path, Path(target))

    def close(self) -> None:
        """Close the store; it cannot be used afterwards."""
        with self._lock:
            self._db.close()

    def _rows(self, query: str, values: Sequence[object]) -> list[tuple[object, ...]]:
        with self._lock, translated(self._path):
            return list(self._db.execute(query, (self._pair, *values)))

    def _ask_witness(self) -> None:
        witness = read_witness(self._path, self._pair)
        self._distrust = distrust(
            self._path, witness=witness, epoch=self._epoch(), highest=self._highest()
        )

    def _epoch(self) -> str:
        """Return the epoch of the cut-over, which is made once; empty before."""
        if not self._epoch_made:
            cut_over = self.cut_over()
            self._epoch_made = cut_over.epoch if cut_over is not None else ""
        return self._epoch_made

    def _highest(self) -> int:
        query = (
            "SELECT number FROM ledger WHERE pair = ?"
            " ORDER BY LENGTH(number) DESC, number DESC LIMIT 1"
        )
        rows = self._rows(query, ())
        return number_of(str(rows[0][0])) if rows else -1

    def _witnessed(self) -> tuple[Head, ...]:
        """Return the newest line of the journal that the side file knows of."""
        witness = read_witness(self._path, self._pair)
        return () if witness is None or not witness.head.seq else (witness.head,)

    def _testify(self, highest: int, head: Head | None = None, *, afresh: bool = False) -> None:
        """Tell the side file of a number, or a line of the journal, higher than all before."""
        if self._distrust:
            return
        before = None if afresh else read_witness(self._path, self._pair)
        line = head or Head()
        if before is not None:
            highest = max(highest, before.highest)
            line = max(line, before.head, key=lambda one: one.seq)
        witness = Witness(self._pair, self._epoch(), highest, line)
        if witness != before:
            write_witness(self._path, witness)
