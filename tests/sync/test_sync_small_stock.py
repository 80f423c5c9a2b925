"""Small runs of stock against both systems: few calls, whole pools, nothing else touched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from tests.sync.flows import Bench

from oro_prima.errors import StoreError
from oro_prima.ids import OroSku, UnitCode
from oro_prima.mapping import StockPolicy
from oro_prima.ports import Ports
from oro_prima.reasons import ReasonCode
from oro_prima.records import ExceptionRecord, Flow, RecordState
from oro_prima.sandbox.oro import Level, OrderLine
from oro_prima.sync import StockReport, preview_stock, retry_held, sync_small_stock, sync_stock

LATE = StockPolicy(low=Decimal(0), recent=timedelta(0))
"""Nothing but what is in flight."""


@pytest.fixture(params=["6.1", "5.1"])
def bench(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Bench]:
    made = Bench(tmp_path, request.param)
    made.put_into_use()
    run(made, sync_stock, LATE)
    yield made
    made.store.close()


Sync = Callable[[Ports, StockPolicy], StockReport]


def run(bench: Bench, sync: Sync, policy: StockPolicy = LATE, **changes: Any) -> StockReport:
    with bench.ports(**changes) as ports:
        return sync(ports, policy)


def calls(bench: Bench, system: str) -> Counter[str]:
    """How often each operation was asked so far."""
    table = bench.world.requests.table()[system]
    return Counter({name: row["count"] for name, row in table.items()})


def order(bench: Bench, level: Level, count: int = 1) -> None:
    customer = bench.world.seed.links[0][0]
    bench.world.oro.place_order(
        customer, [OrderLine(level.sku, level.unit, Decimal(count), Decimal(1))]
    )


def plain(bench: Bench) -> Level:
    """Return the fullest level of a unit of one SKU."""
    return max(
        (
            level
            for level in bench.world.oro.levels()
            if len(bench.units.get((OroSku(level.sku), UnitCode(level.unit)), ())) == 1
        ),
        key=lambda level: level.quantity,
    )


def record(bench: Bench, subject: str) -> ExceptionRecord:
    found = bench.store.exception(Flow.STOCK, subject)
    assert found is not None
    return found


def test_what_was_sold_is_published_by_as_few_calls_as_can_be(bench: Bench) -> None:
    """A question to Prima for 50 SKUs, one reading of levels, orders once more than a full run."""
    level = plain(bench)
    order(bench, level)
    with bench.ports() as ports:
        wanted = preview_stock(ports, LATE).commands
    prima, oro = calls(bench, "prima"), calls(bench, "oro")
    report = run(bench, sync_small_stock)
    asked, read = calls(bench, "prima") - prima, calls(bench, "oro") - oro
    order(bench, level)
    oro = calls(bench, "oro")
    full = run(bench, sync_stock)
    more = read - (calls(bench, "oro") - oro)

    assert wanted
    assert report.skus_read == report.plan.skus_planned + report.plan.skus_unchanged  # type: ignore[union-attr]
    assert asked == {"MultiAvailableToSell": -(-report.skus_read // 50)}
    assert read["list_inventorylevels"] == 1
    assert more == {"list_orders": 1}  # orders once more than a full run: before Prima, too
    assert full.levels_changed == report.levels_changed == len(wanted)


def test_where_nothing_was_sold_nothing_is_asked(tmp_path: Path) -> None:
    """Neither Prima nor a level."""
    bench = Bench(tmp_path)
    bench.policy = evolve(bench.policy, start_at=bench.world.clock() + timedelta(days=1))
    bench.put_into_use()
    prima = calls(bench, "prima")
    report = run(bench, sync_small_stock)

    assert report.ok
    assert (report.skus_read, report.levels_changed) == (0, 0)
    assert calls(bench, "prima") == prima
    bench.store.close()


def test_a_sale_while_levels_are_written_is_corrected(bench: Bench) -> None:
    """Where it is of the pools at hand; another product's waits for the next run."""
    level = plain(bench)
    other = next(x for x in bench.world.oro.levels() if x.sku != level.sku and x.quantity)
    order(bench, level)

    def shop(step: str) -> None:
        if step == "before-levels":
            order(bench, level, 2)
            order(bench, other)

    report = run(bench, sync_small_stock, step=shop)

    assert report.corrections > 0
    run(bench, sync_small_stock)
    assert run(bench, sync_stock).levels_changed == 0


def test_an_answer_with_too_little_changes_nothing(bench: Bench) -> None:
    """Told under a name of its own; the next answer that is whole settles it."""
    for level in bench.world.oro.levels():
        order(bench, level)
    before = bench.world.oro.levels()
    bench.world.faults.add("prima", "MultiAvailableToSell", "partial-snapshot", times=9)
    report = run(bench, sync_small_stock)

    assert report.stopped is not None
    assert bench.world.oro.levels() == before
    assert record(bench, "stock/asked").reasons[0].code is ReasonCode.SNAPSHOT_REFUSED
    assert bench.store.refused_snapshot() is None
    bench.world.faults.clear()
    assert run(bench, sync_small_stock).stopped is None
    assert record(bench, "stock/asked").state is RecordState.RESOLVED


@pytest.mark.parametrize(
    ("first", "second"), [(sync_small_stock, sync_stock), (sync_stock, sync_small_stock)]
)
def test_no_small_run_overlaps_a_full_one(bench: Bench, first: Sync, second: Sync) -> None:
    """Both hold the lease of the flow."""
    order(bench, plain(bench))
    refused = list[str]()

    def meanwhile(step: str) -> None:
        if step == "before-levels":
            with pytest.raises(StoreError) as caught:
                run(bench, second)
            refused.append(str(caught.value))

    assert run(bench, first, step=meanwhile).stopped is None
    assert len(refused) == 1


def test_what_is_low_is_looked_at_until_it_is_no_more(bench: Bench) -> None:
    """Prima's figure changed without any order of the shop."""
    level = plain(bench)
    key = bench.world.units[level.sku, level.unit][0][0]
    run(bench, sync_stock, evolve(LATE, low=Decimal(10**9)))
    bench.world.prima.add_stock(key.product, key.m1, key.m2, key.m3, key.m4, quantity=0)
    report = run(bench, sync_small_stock)

    assert report.levels_changed > 0
    assert bench.world.oro.level(level.sku, level.unit).quantity == 0


def test_a_record_of_another_pool_is_left_and_one_let_go_is_looked_at(bench: Bench) -> None:
    """A rise that waits is settled by the run that looks at it."""
    level = plain(bench)
    band = evolve(LATE, max_rise_percent=Decimal(1), band_from=Decimal(0))
    bench.world.oro.set_level(level.sku, level.unit, Decimal(1))
    run(bench, sync_stock, band)
    subject = f"stock/{level.sku}/{level.unit}"
    waiting = record(bench, subject)
    with bench.ports() as ports:
        ports = evolve(ports, tables=evolve(ports.tables, units={}))
        sync_small_stock(ports, band)

    assert record(bench, subject).state is waiting.state is RecordState.HELD
    retry_held(bench.store, subject=subject, by="Kim", at=bench.world.clock())
    run(bench, sync_small_stock, band)
    assert bench.world.oro.level(level.sku, level.unit).quantity > 1
    run(bench, sync_stock, band)
    assert record(bench, subject).state is RecordState.RESOLVED


def test_pools_of_a_product_that_no_filter_can_name_are_left_to_full_runs(bench: Bench) -> None:
    """All of such a pool, also the units of products with a plain name."""
    level = plain(bench)
    parts = bench.units[OroSku(level.sku), UnitCode(level.unit)]
    bench.units[OroSku("A,B"), UnitCode("each")] = parts
    order(bench, level)
    report = run(bench, sync_small_stock)

    assert report.stopped is None
    assert report.plan is not None
    assert level.sku not in {command.sku for command in report.plan.commands}
