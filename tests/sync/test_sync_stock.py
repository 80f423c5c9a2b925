"""The stock flow against both systems: never promised twice, corrected at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from tests.sync.flows import Bench

from oro_prima.call import each
from oro_prima.errors import StoreError
from oro_prima.ids import OroSku, UnitCode
from oro_prima.mapping import Component, PrimaReserves, StockPolicy
from oro_prima.oro.calls.stock import list_levels
from oro_prima.oro.models import InventoryLevel
from oro_prima.plans import whole_pools
from oro_prima.reasons import ReasonCode
from oro_prima.records import Flow, Home, LineDemand, RecordState
from oro_prima.sandbox.oro import Level, OrderLine
from oro_prima.sync import StockReport, accept_snapshot, preview_stock, sync_orders, sync_stock
from oro_prima.sync.gather_stock import gather_stock
from oro_prima.sync.levels import levels_of
from oro_prima.sync.run import FlowRun, look
from oro_prima.sync.sold import _Sum
from oro_prima.values import SkuKey

BATCHES = StockPolicy(single_writes=0, batch_size=50)


@pytest.fixture(params=["6.1", "5.1"])
def bench(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Bench]:
    made = Bench(tmp_path, request.param)
    made.put_into_use()
    with made.ports() as ports:
        sync_orders(ports, made.policy)
    made.advance(seconds=3)
    yield made
    made.store.close()


def run(bench: Bench, policy: StockPolicy = StockPolicy(), **changes: Any) -> StockReport:  # noqa: B008
    with bench.ports(**changes) as ports:
        return sync_stock(ports, policy)


def published(bench: Bench) -> dict[Any, Decimal]:
    total: dict[Any, Decimal] = {}
    for level in bench.world.oro.levels():
        for key, count in bench.world.units.get((level.sku, level.unit), ()):
            total[key] = total.get(key, Decimal(0)) + level.quantity * count
    return total


def assert_within_the_pool(bench: Bench) -> None:
    shown = published(bench)
    for row in bench.world.prima.stock():
        assert shown.get(row.key, 0) <= max(0, row.free)


@pytest.mark.parametrize("policy", [StockPolicy(), BATCHES, StockPolicy(single_writes=10_000)])
def test_free_stock_is_published_and_then_there_is_nothing_to_do(
    bench: Bench, policy: StockPolicy
) -> None:
    """By single writes, by batches, by both; the preview writes nothing."""
    before = bench.world.oro.levels()
    with bench.ports() as ports:
        plan = preview_stock(ports, policy)
    assert before == bench.world.oro.levels()
    first = run(bench, policy)
    second = run(bench, policy)

    assert len(plan.commands) == first.levels_changed > 0
    assert 0 == second.levels_changed == second.corrections
    assert second.ok
    assert "SKUs read" in first.summary()
    assert_within_the_pool(bench)
    assert first.statuses_changed == len(plan.statuses) > 0
    assert second.statuses_changed == 0


@pytest.mark.parametrize("policy", [StockPolicy(), BATCHES])
def test_a_shop_that_is_down_keeps_no_status(bench: Bench, policy: StockPolicy) -> None:
    """The levels are written, the run says why it stopped, and the next one sets the statuses."""
    bench.world.faults.add("oro", "update_products", "unavailable", times=20)
    first = run(bench, policy)
    bench.world.faults.clear()
    second = run(bench, policy)

    assert first.stopped is not None
    assert first.levels_changed > 0 == first.statuses_changed
    assert second.statuses_changed > 0 == second.levels_changed


def test_a_partial_snapshot_changes_nothing_until_a_person_accepts(bench: Bench) -> None:
    """The record is resolved by itself when the next one goes through."""
    bench.world.faults.add("prima", "ProductAvailableToSell", "partial-snapshot", times=2)
    before = bench.world.oro.levels()
    report = run(bench)
    assert report.stopped is not None
    assert before == bench.world.oro.levels()
    assert [r.reasons[0].code for r in report.held] == [ReasonCode.SNAPSHOT_REFUSED]
    with bench.ports() as ports:
        assert preview_stock(ports, StockPolicy()).refused is not None
    accept_snapshot(bench.store, by="Kim", at=bench.world.clock())
    assert run(bench).stopped is None

    assert RecordState.RESOLVED is state_of(bench, "stock/snapshot")
    with pytest.raises(StoreError, match="no stock snapshot was refused"):
        accept_snapshot(bench.store, by="Kim", at=bench.world.clock())


def state_of(bench: Bench, subject: str) -> RecordState:
    record = bench.store.exception(Flow.STOCK, subject)
    assert record is not None
    return record.state


@pytest.mark.parametrize("policy", [StockPolicy(), BATCHES])
def test_sales_between_reading_and_writing_are_corrected_at_once(
    bench: Bench, policy: StockPolicy
) -> None:
    """Measured from outside: nothing oversold; the bound covers what could have been."""
    run(bench, policy)
    customer = bench.world.seed.links[0][0]
    wanted = [level for level in bench.world.oro.levels() if level.quantity >= 2][:12]
    for level in wanted:
        bench.world.oro.set_level(level.sku, level.unit, level.quantity - 1)

    def shop(step: str) -> None:
        if step == "before-levels":
            for level in wanted:
                line = OrderLine(level.sku, level.unit, Decimal(1), Decimal(1))
                bench.world.checkout(customer, [line])

    report = run(bench, policy, step=shop)
    assert report.corrections > 0
    assert report.window_bound >= bench.world.verdict.in_window
    for level in bench.world.oro.levels():
        while bench.world.oro.level(level.sku, level.unit).quantity >= 1 and (
            (level.sku, level.unit) in bench.world.units
        ):
            left = bench.world.oro.level(level.sku, level.unit).quantity
            line = OrderLine(level.sku, level.unit, left, Decimal(1))
            bench.world.checkout(customer, [line])

    assert bench.world.verdict.oversold == 0
    with bench.ports() as ports:
        assert sync_orders(ports, bench.policy).stopped is None


@pytest.mark.parametrize("sku", ["BOLT,M8", "BOLT"])
def test_a_product_that_no_filter_can_name_is_corrected_too(bench: Bench, sku: str) -> None:
    """With a comma in its SKU it is asked for by the ids of its levels; no other level is read."""
    part = ("BOLT", "M8", "", "", "")
    bench.world.prima.add_stock(*part, quantity=9)
    bench.world.oro.add_product(sku, units=[("each", 0, Decimal(1))], name="Bolt")
    bench.world.learn_unit(sku, "each", (*part, 1))
    key = (OroSku(sku), UnitCode("each"))
    bench.units[key] = (Component(SkuKey(*part), Fraction(1)),)

    def buy(step: str) -> None:
        if step == "before-levels":
            bench.world.oro.set_level(sku, "each", Decimal(4))
            line = OrderLine(sku, "each", Decimal(4), Decimal(1))
            bench.world.checkout(bench.world.seed.links[0][0], [line])

    report = run(bench, step=buy)

    assert (report.stopped, report.corrections, report.window_bound) == (None, 1, 4)
    assert bench.world.oro.level(*key).quantity == 5
    with bench.ports() as ports:
        watching = look(ports, Flow.STOCK)
        (found,) = levels_of(watching, [key[0]])
        assert levels_of(watching, [key[0]], known=[found]) == (found,)
        both = levels_of(watching, [key[0], OroSku("?")], known=bench_levels(watching))
        assert both == (found,)


def bench_levels(run: FlowRun) -> tuple[InventoryLevel, ...]:
    return tuple(each(run.ports.shop, list_levels()))


@pytest.mark.parametrize("step", ["none", "before-levels"])
def test_an_order_that_cannot_be_read_takes_stock_all_the_same(bench: Bench, step: str) -> None:
    """Its lines are read alone; before the levels are read, or while they are written."""
    run(bench)
    customer = bench.world.seed.links[0][0]
    level = max(bench.world.oro.levels(), key=lambda level: level.quantity)
    (part, count) = bench.world.units[(level.sku, level.unit)][0]
    free = next(row.free for row in bench.world.prima.stock() if row.key == part)

    def buy(name: str) -> None:
        if name in (step, "none"):
            line = OrderLine(level.sku, level.unit, Decimal(1), Decimal(1))
            order = bench.world.checkout(customer, [line])
            bench.world.oro._shop.db.need(("orders", order)).attributes["shipUntil"] = "soon"
            bench.world.oro.set_level(level.sku, level.unit, level.quantity + 9)

    if step == "none":
        buy("none")
        run(bench)
    else:
        bench.world.oro.set_level(level.sku, level.unit, level.quantity + 9)
        run(bench, step=buy)

    assert published(bench)[part] <= free - count


def to_change(bench: Bench) -> Level:
    """Return a level that the next run will write."""
    with bench.ports() as ports:
        command = preview_stock(ports, StockPolicy()).commands[0]
    return bench.world.oro.level(command.sku, command.unit)


def test_a_record_that_the_shop_refuses_is_held_and_the_rest_is_written(bench: Bench) -> None:
    """One level that is not there any more."""
    gone = to_change(bench)

    def remove(step: str) -> None:
        if step == "before-levels":
            bench.world.oro._shop.db.drop("inventorylevels", gone.id)

    report = run(bench, BATCHES, step=remove)
    refused = [r for r in report.held if r.reasons[0].code is ReasonCode.LEVEL_REFUSED]

    assert [f"stock/{gone.sku}/{gone.unit}"] == [record.subject for record in refused]
    assert report.levels_refused == 1
    assert report.levels_changed > 10


def test_one_by_one_a_refused_level_is_held_too(bench: Bench) -> None:
    """And resolved once it can be written."""
    gone = to_change(bench)
    db = bench.world.oro._shop.db
    row = db.need(("inventorylevels", gone.id))

    def remove(step: str) -> None:
        if step == "before-levels":
            db.drop("inventorylevels", gone.id)

    report = run(bench, StockPolicy(single_writes=10_000), step=remove)
    assert report.levels_refused == 1
    subject = f"stock/{gone.sku}/{gone.unit}"
    assert RecordState.HELD is state_of(bench, subject)
    db._tables["inventorylevels"][gone.id] = row
    row.attributes["quantity"] = "1"
    bench.world.oro.set_level(gone.sku, gone.unit, gone.quantity + 1)
    run(bench)
    assert RecordState.RESOLVED is state_of(bench, subject)


def test_a_consumer_that_stands_still_leaves_its_levels_alone(bench: Bench) -> None:
    """Until the operation has ended: the write still comes later."""
    bench.world.oro.consumer_running = False
    report = run(bench, BATCHES)
    assert report.stopped is not None
    assert "message-queue consumer" in report.stopped.why
    (pending,) = bench.store.outstanding()
    busy = set(pending.levels)
    with bench.ports() as ports:
        again = preview_stock(ports, BATCHES)
    assert busy.isdisjoint(command.level for command in again.commands)
    bench.world.oro.consumer_running = True
    for _ in range(4):
        run(bench, BATCHES)

    assert bench.store.outstanding() == ()
    assert run(bench, BATCHES).levels_changed == 0
    assert_within_the_pool(bench)


@pytest.mark.parametrize(
    ("operation", "fault"),
    [
        ("batch_inventorylevels", "reset-after-commit"),
        ("batch_inventorylevels", "unavailable"),
        ("update_inventorylevels", "reset-after-commit"),
        ("get_asyncoperations", "unavailable"),
        ("update_products", "unavailable"),
        ("list_inventorylevels", "maintenance"),
        ("list_orders", "maintenance"),
    ],
)
def test_a_shop_in_trouble_stops_the_run_and_the_next_heals(
    bench: Bench, operation: str, fault: str
) -> None:
    """An old figure is never replayed: the next run reads and plans afresh."""
    policy = StockPolicy(single_writes=10_000) if operation.startswith("update_inv") else BATCHES
    bench.world.faults.add("oro", operation, fault, times=20)
    assert run(bench, policy).stopped is not None
    bench.world.faults.clear()
    for _ in range(3):
        last = run(bench)

    assert last.stopped is None
    assert run(bench).levels_changed == 0
    assert_within_the_pool(bench)


def test_an_operation_that_failed_or_vanished_is_in_doubt(bench: Bench) -> None:
    """The next run writes fresh figures."""

    def forget(step: str) -> None:
        if step == "before-levels":
            batches = bench.world.oro._api.batches
            original = batches.accept

            def accept(kind: str, body: bytes) -> Any:
                operation = original(kind, body)
                operation.status, operation.forgotten = "failed", len(body) % 2 == 0
                return operation

            batches.accept = accept  # type: ignore[method-assign]

    report = run(bench, BATCHES, step=forget)
    assert report.levels_in_doubt > 0
    assert {ReasonCode.LEVEL_IN_DOUBT} == {
        r.reasons[0].code for r in report.held if r.subject != "stock/LOCH1001-REG-S/bundle"
    } - {ReasonCode.QUANTITY_UNKNOWN}


@pytest.mark.parametrize("fault", ["fault-10921", "hang", "truncate", "bad-gateway"])
def test_a_silent_prima_stops_the_run(bench: Bench, fault: str) -> None:
    """Nothing is written on a guess."""
    bench.world.faults.add("prima", "ProductAvailableToSell", fault, times=9)
    before = bench.world.oro.levels()
    report = run(bench)

    assert report.stopped is not None
    assert "stopped" in report.summary()
    assert before == bench.world.oro.levels()


def test_on_release_what_was_posted_stays_in_flight(bench: Bench) -> None:
    """Until Prima says that it has been taken off."""
    first = run(bench)
    held_back = run(bench, evolve(StockPolicy(), prima_reserves=PrimaReserves.RELEASE))

    assert first.plan is not None
    assert held_back.levels_changed > 0
    assert_within_the_pool(bench)


def test_pools_are_closed_under_sharing(bench: Bench) -> None:
    """A pack ties its parts' units together."""
    pack = next(key for key, parts in bench.units.items() if len(parts) > 1)
    found = whole_pools([bench.units[pack][0].sku], bench.units).units

    assert pack in found
    for part in bench.units[pack]:
        assert {key for key, parts in bench.units.items() if part in parts} <= found


def test_however_many_orders_wait_one_line_a_product_unit_is_kept(bench: Bench) -> None:
    """Of those that no run has read, and of those that wait after one has."""
    customer = bench.world.seed.links[0][0]
    level = max(bench.world.oro.levels(), key=lambda one: one.quantity)
    line = OrderLine(level.sku, level.unit, Decimal(1), Decimal(1))
    for _ in range(120):
        bench.world.oro.place_order(customer, [line])
    unread = sold(bench)[level.sku, level.unit]
    with bench.ports() as ports:
        sync_orders(ports, evolve(bench.policy, post_after=timedelta(days=1)))
    waiting = sold(bench)[level.sku, level.unit]

    assert len(bench.store.captures_at((Home.WAITING,))) >= 100
    assert unread == waiting >= 120


def sold(bench: Bench) -> dict[Any, Decimal]:
    """Return what a stock run would count as sold; it keeps neither orders nor captures."""
    with bench.ports() as ports:
        snapshot = gather_stock(look(ports, Flow.STOCK), StockPolicy()).snapshot
    found = {(line.sku, line.unit): line.quantity for line in snapshot.sold}

    assert (snapshot.orders, snapshot.captures) == ((), ())
    assert len(found) == len(snapshot.sold)
    return found


def test_what_was_accepted_a_moment_ago_counts_until_prima_surely_took_it_off(
    bench: Bench,
) -> None:
    """Both clocks may be a second apart."""
    customer = bench.world.seed.links[0][0]
    level = max(bench.world.oro.levels(), key=lambda one: one.quantity)
    before = sold(bench).get((level.sku, level.unit), Decimal(0))
    bench.world.oro.place_order(
        customer, [OrderLine(level.sku, level.unit, Decimal(5), Decimal(1))]
    )
    with bench.ports() as ports:
        assert sync_orders(ports, bench.policy).posted
    at_once = sold(bench)[level.sku, level.unit]
    bench.advance(seconds=5)

    assert at_once == before + 5
    assert sold(bench).get((level.sku, level.unit), Decimal(0)) == before


def test_lines_are_added_up_before_they_are_too_many() -> None:
    """So that only product units count."""
    kept = _Sum(room=3)
    line = LineDemand(OroSku("B"), UnitCode("each"), Decimal(2))
    for _ in range(9):
        kept.add([line, line])

    assert sum(one.quantity for one in kept.lines) == 36
    assert kept.room > 3
