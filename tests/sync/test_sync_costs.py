"""What one posted order costs, counted: commits, statements, calls to Prima."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from benchmarks.posting import in_flight
from tests.sync.flows import Bench

from oro_prima.records import Home
from oro_prima.sandbox.oro import OrderLine
from oro_prima.stores import SqliteStore
from oro_prima.sync import sync_orders

STATEMENTS = 29
"""
Most SQL statements for one posted order, its claim and its settling together.

As SQLite counts them: each of its two lines in the journal counts twice, for the guard looks at it.
"""


KILOBYTES = 10
"""Most memory of one more order while its batch is at hand: order, decision, claim."""


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    made.put_into_use()
    with made.ports() as ports:
        sync_orders(ports, made.policy)
    yield made
    made.store.close()


def cost(bench: Bench, orders: int) -> tuple[Counter[str], int]:
    """Post so many new orders; return statements by their first word, and calls to Prima."""
    customer = bench.world.seed.links[0][0]
    level = max(bench.world.oro.levels(), key=lambda one: one.quantity)
    for _ in range(orders):
        line = OrderLine(level.sku, level.unit, Decimal(1), Decimal(1))
        bench.world.oro.place_order(customer, [line])
    counted = Counter[str]()
    store = bench.store
    assert isinstance(store, SqliteStore)
    before = len(bench.world.prima.orders())
    calls = _calls(bench)
    store._db.set_trace_callback(lambda text: counted.update([text.split()[0]]))
    with bench.ports() as ports:
        report = sync_orders(ports, bench.policy)
    store._db.set_trace_callback(None)
    assert len(report.posted) == orders == len(bench.world.prima.orders()) - before
    assert len(store.captures_at([Home.POSTED])) >= orders
    return counted, _calls(bench) - calls


def _calls(bench: Bench) -> int:
    """Count what Prima was asked; the table holds every operation."""
    return sum(row["count"] for row in bench.world.requests.table()["prima"].values())


def test_an_order_in_flight_takes_some_kilobytes() -> None:
    """Counted by what Python allocates at most, for a page of orders and for a tenth of one."""
    assert 0.5 < in_flight() < KILOBYTES


def test_an_order_takes_two_commits_and_a_bounded_number_of_statements(bench: Bench) -> None:
    """One before it leaves, one after; more would be slower, fewer would be less safe."""
    few, few_calls = cost(bench, 2)
    many, many_calls = cost(bench, 22)
    more = many - few

    assert more["COMMIT"] == 2 * 20
    assert more.total() <= STATEMENTS * 20
    assert many_calls - few_calls == 20
