"""After an outage: drained oldest first, resumable, with progress, in parts of bounded size."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from attrs import evolve
from tests.sync.flows import Bench

from oro_prima.errors import StoreError
from oro_prima.ids import OroOrderId, PrimaOrderNumber
from oro_prima.ports import Event
from oro_prima.records import (
    Adoption,
    EntryState,
    Home,
    LedgerEntry,
)
from oro_prima.sandbox.oro import OrderLine
from oro_prima.stores import SqliteStore
from oro_prima.stores.sidefile import side_path
from oro_prima.sync import adopt_orders, sync_orders
from oro_prima.sync.commands import command_key
from oro_prima.sync.recover import UNSETTLED


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path, size=2)
    made.put_into_use()
    with made.ports() as ports:
        sync_orders(ports, made.policy)
    yield made
    made.store.close()


def place(bench: Bench, count: int) -> list[OroOrderId]:
    customer = bench.world.seed.links[0][0]
    level = max(bench.world.oro.levels(), key=lambda one: one.quantity)
    line = OrderLine(level.sku, level.unit, Decimal("0.001"), Decimal(1))
    line = evolve(line, quantity=Decimal(1)) if level.quantity > count else line
    return [OroOrderId(str(bench.world.oro.place_order(customer, [line]))) for _ in range(count)]


def test_a_backlog_is_drained_oldest_first_and_goes_on_where_it_stopped(bench: Bench) -> None:
    """Progress is told and rises; nothing is lost or doubled by the stop in the middle."""
    placed, told = place(bench, 230), list[Event]()
    bench.world.faults.add("prima", "MultiNewOrder", "refuse", after=150)
    with bench.ports(observer=told.append) as ports:
        first = sync_orders(ports, bench.policy)
    bench.world.faults.clear()
    before = bench.world.requests.of("oro", "list_orders").count
    with bench.ports(observer=told.append) as ports:
        second = sync_orders(ports, bench.policy)
    reading = [event for event in told if event.what == "reading orders"]

    assert first.stopped is not None
    assert [*first.posted, *second.posted] == placed
    assert len(first.posted) == 150
    assert reading[0].done < reading[-1].done <= reading[-1].total
    assert max(bench.taken().values()) == 1
    watermark = bench.store.watermark()
    assert watermark is not None
    assert watermark.order == int(placed[-1])
    assert bench.world.requests.of("oro", "list_orders").count - before < 20


def test_a_long_outage_is_looked_through_for_changes_in_parts(bench: Bench) -> None:
    """Each part moves the watermark of changes; a run that stops goes on with the next part."""
    bench.advance(hours=30)
    seen: list[object] = []

    def look(step: str) -> None:
        if step == "after-watermark":
            watermark = bench.store.watermark()
            seen.append(watermark.updated_at if watermark else None)

    with bench.ports(step=look) as ports:
        assert sync_orders(ports, bench.policy).ok

    assert len(set(seen)) > 25
    assert seen == sorted(seen, key=str)


def claimed(bench: Bench, count: int) -> list[LedgerEntry]:
    """Leave so many claims of accepted orders behind, as if a process had ended each time."""
    orders = place(bench, count)
    with bench.ports() as ports:
        sync_orders(ports, bench.policy)
    with bench.store.transaction() as tx:
        for order in orders:
            entry = bench.store.entry(command_key(bench.store.pair, order))
            assert entry is not None
            captures = bench.store.captures((order,))
            tx.put_capture(evolve(captures[order], home=Home.IN_DOUBT))
            unsettled = evolve(entry, state=EntryState.CLAIMED)
            tx._write_entry(unsettled)  # type: ignore[attr-defined]
    return list(bench.store.entries(UNSETTLED))


def test_every_unsettled_order_is_enquired_after_once_oldest_first(bench: Bench) -> None:
    """However many there are, so many at a time."""
    entries = claimed(bench, 130)
    asked = bench.world.requests.of("prima", "OrderStatus").count
    told = list[Event]()
    with bench.ports(observer=told.append) as ports:
        report = sync_orders(ports, bench.policy)

    assert bench.world.requests.of("prima", "OrderStatus").count - asked == 130
    assert list(report.recovered) == [entry.order for entry in entries]
    recovering = [event for event in told if event.what == "recovering"]
    assert [(event.done, event.total) for event in recovering[-2:]] == [(128, 130), (129, 130)]
    assert report.in_doubt == ()


def test_an_old_copy_posts_nothing_until_prima_s_orders_are_adopted(
    bench: Bench, tmp_path: Path
) -> None:
    """What the list says is settled for ever; then the flow goes on and doubles nothing."""
    store = bench.store
    assert isinstance(store, SqliteStore)
    store.backup(tmp_path / "old.db")
    late = place(bench, 2)
    with bench.ports() as ports:
        sync_orders(ports, bench.policy)
    numbers = {order: store.newest_entries((order,))[order].number for order in late}
    place(bench, 1)
    store.close()
    (tmp_path / "old.db").replace(tmp_path / "store.db")
    bench.store = SqliteStore.open(tmp_path / "store.db", pair=store.pair, clock=bench.world.clock)
    with bench.ports() as ports, pytest.raises(StoreError, match="adopt FILE"):
        sync_orders(ports, bench.policy)
    adopted = adopt_orders(
        bench.store,
        [Adoption(order, PrimaOrderNumber(number)) for order, number in numbers.items()],
        start_at=bench.policy.start_at,
        by="Kim",
        note="restored",
        at=bench.world.clock(),
    )
    with bench.ports() as ports:
        report = sync_orders(ports, bench.policy)

    assert adopted == 2
    assert len(report.posted) == 1
    assert max(bench.taken().values()) == 1
    assert side_path(tmp_path / "store.db", store.pair).exists()
    assert "trusted again" in {line.what for line in bench.store.journal(subject="store")}
