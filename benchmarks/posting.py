"""What a posted order costs, counted: commits of the store, calls to both systems."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from attrs import evolve

from benchmarks.measuring import Row
from oro_prima.sandbox import trading_day
from oro_prima.stores import SqliteStore
from oro_prima.sync import sync_orders
from oro_prima.wiring import connect

ORDERS = 600
OLDER = 3600
"""Seconds: older than the window in which what changed is read once more."""


def rows() -> dict[str, Row]:
    """Post a day's orders over real sockets, and count."""
    with TemporaryDirectory() as folder, trading_day(size=ORDERS, directory=Path(folder)) as day:
        policy = evolve(day.config.orders, post_after=timedelta(0))
        day.world.clock.advance(OLDER)
        counted = Counter[str]()
        with connect(day.config) as ports:
            store = ports.store
            assert isinstance(store, SqliteStore)
            store._db.set_trace_callback(lambda text: counted.update([text.split()[0]]))
            before = _calls(day.world.requests.table())
            run = sync_orders(ports, policy)
            calls = _calls(day.world.requests.table()) - before
            store._db.set_trace_callback(None)
    posted = len(run.posted)
    return {
        "post: commits per order": Row(counted["COMMIT"] / posted, "2", unit="commits"),
        "post: calls per order posted": Row(
            calls / posted, "1 page per 100 orders + 1 post", unit="calls"
        ),
    }


def _calls(table: dict[str, dict[str, dict[str, int]]]) -> int:
    return sum(row["count"] for system in table.values() for row in system.values())
