"""Leases by the store's clock: one run a flow, and a fencing number that only ever grows."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta

from oro_prima.errors import StoreError
from oro_prima.ids import PairId
from oro_prima.records import Flow, Lease
from oro_prima.stores.rows import instant_text


class SqlLeases:
    """The lease table of one pair; every method is called inside a transaction."""

    def __init__(self, connection: sqlite3.Connection, pair: PairId) -> None:
        self._db, self._pair = connection, pair

    def acquire(self, flow: Flow, holder: str, *, last: timedelta, now: datetime) -> Lease:
        """Take the lease of a flow; refused while another run has it."""
        known = self.current(flow)
        if known is not None and known.holder and known.expires_at > now:
            left = int((known.expires_at - now).total_seconds()) + 1
            msg = (
                f"another run ({known.holder}) works on {flow.value}; "
                f"its lease ends in {left} s unless it is renewed"
            )
            raise StoreError(msg)
        fence = known.fence + 1 if known is not None else 1
        return self._write(Lease(flow, holder, fence, now + last))

    def renew(self, lease: Lease, *, last: timedelta, now: datetime) -> Lease:
        """Prolong a lease that was not lost."""
        self.check(lease)
        return self._write(Lease(lease.flow, lease.holder, lease.fence, now + last))

    def release(self, lease: Lease) -> None:
        """Give a lease back; a lost one is left alone."""
        known = self.current(lease.flow)
        if known is not None and known.fence == lease.fence:
            self._write(Lease(lease.flow, "", lease.fence, datetime.fromtimestamp(0, UTC)))

    def check(self, lease: Lease) -> None:
        """Refuse a lease whose fencing number is no longer the newest, or that was given back."""
        known = self.current(lease.flow)
        if known is None or known.fence != lease.fence or not known.holder:
            msg = f"the lease of {lease.flow.value} was lost to another run; nothing was written"
            raise StoreError(msg)

    def current(self, flow: Flow) -> Lease | None:
        """Return the newest lease of a flow."""
        row = self._db.execute(
            "SELECT holder, fence, expires_at FROM leases WHERE pair = ? AND flow = ?",
            (self._pair, flow.value),
        ).fetchone()
        if row is None:
            return None
        return Lease(flow, row[0], int(row[1]), datetime.fromisoformat(row[2]))

    def _write(self, lease: Lease) -> Lease:
        self._db.execute(
            "INSERT INTO leases (pair, flow, holder, fence, expires_at) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (pair, flow) DO UPDATE SET holder = excluded.holder,"
            " fence = excluded.fence, expires_at = excluded.expires_at",
            (
                self._pair,
                lease.flow.value,
                lease.holder,
                lease.fence,
                instant_text(lease.expires_at),
            ),
        )
        return lease
