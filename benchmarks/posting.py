"""
What a posted order costs, counted: commits and statements of the store, calls, memory in flight.

And, for interest, its time against that of two bare commits of the same database, in turn.
"""

from __future__ import annotations

import gc
import statistics
import tracemalloc
from collections import Counter
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from attrs import evolve

from benchmarks.backlog import NOW, PAIR, made
from benchmarks.measuring import Row, seconds
from oro_prima.records import JournalEntry
from oro_prima.sandbox import trading_day
from oro_prima.stores import SqliteStore
from oro_prima.sync import sync_orders
from oro_prima.sync.late import PAGE
from oro_prima.wiring import connect

ORDERS = 600
AT_ONCE, ROUNDS = 50, 9
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
    ratio, spread = against_commits()
    return {
        "post: an order against two bare commits": Row(
            ratio, "two commits of a row each, same file settings", spread
        ),
        "post: commits per order": Row(counted["COMMIT"] / posted, "2", unit="commits"),
        "post: statements per order": Row(
            counted.total() / posted, "reading, claim and settling together", unit="statements"
        ),
        "post: memory per order in flight": Row(
            in_flight(), "an order, its decision, its claim: a page of 100 is at hand", unit="kB"
        ),
        "post: calls per order posted": Row(
            calls / posted, "1 page per 100 orders + 1 post", unit="calls"
        ),
    }


def in_flight() -> float:
    """
    Return the kilobytes that one more order takes while its batch is at hand.

    By what Python allocates at most while a full page is posted, less the same of a tenth of it.
    """
    few, many = PAGE // 10, PAGE
    return (_most(many) - _most(few)) / (many - few) / 1024


def _most(orders: int) -> int:
    """Return the bytes that posting so many orders takes at most; a run before warms caches."""
    for _ in range(2):
        with made(orders) as (ports, policy, _store):
            gc.collect()
            tracemalloc.start()
            try:
                assert len(sync_orders(ports, policy).posted) == orders
                found = tracemalloc.get_traced_memory()[1]
            finally:
                tracemalloc.stop()
    return found


def against_commits() -> tuple[float, float]:
    """
    Return the time of posting orders over that of two bare commits each, and its spread.

    Both systems answer at once, so that what is compared is the engine with its store; rounds
    alternate, the median counts. Fresh orders each round.
    """
    ratios: list[float] = []
    with TemporaryDirectory() as folder:
        bare = SqliteStore.open(Path(folder) / "bare.db", pair=PAIR.id, clock=lambda: NOW)
        for _ in range(ROUNDS):
            with made(AT_ONCE) as (ports, policy, _store):
                floor = seconds(partial(_commit, bare), perf_counter)
                took = seconds(partial(sync_orders, ports, policy), perf_counter)
                ratios.append(took / floor)
        bare.close()
    ratios.sort()
    return statistics.median(ratios), ratios[-2] - ratios[1]


def _commit(store: SqliteStore) -> None:
    for number in range(2 * AT_ONCE):
        with store.transaction() as tx:
            tx.add_journal(JournalEntry(NOW, "", "orders", "row", str(number), ""))


def _calls(table: dict[str, dict[str, dict[str, int]]]) -> int:
    return sum(row["count"] for system in table.values() for row in system.values())
