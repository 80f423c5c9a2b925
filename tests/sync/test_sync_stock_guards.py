"""Guards of levels in the flow: held back, let go by a person, settled by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from tests.sync.flows import Bench

from oro_prima.mapping import StockPolicy
from oro_prima.reasons import ReasonCode
from oro_prima.records import ExceptionRecord, Flow, RecordState
from oro_prima.sync import StockReport, retry_held, sync_stock

BAND = StockPolicy(max_rise_percent=Decimal(1), band_from=Decimal(0))
FREE = StockPolicy()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    made.put_into_use()
    yield made
    made.store.close()


def run(bench: Bench, policy: StockPolicy) -> StockReport:
    with bench.ports() as ports:
        return sync_stock(ports, policy)


def record(bench: Bench, subject: str) -> ExceptionRecord:
    found = bench.store.exception(Flow.STOCK, subject)
    assert found is not None
    return found


def test_a_rise_waits_until_a_person_lets_it_go(bench: Bench) -> None:
    """Then it is written, and the record settles by itself."""
    run(bench, FREE)
    level = next(one for one in bench.world.oro.levels() if one.quantity >= 2)
    bench.world.oro.set_level(level.sku, level.unit, Decimal(1))
    subject = f"stock/{level.sku}/{level.unit}"
    held = run(bench, BAND)

    assert [one.subject for one in held.held] == [subject]
    assert record(bench, subject).reasons[0].code is ReasonCode.RISE_OUTSIDE_BAND
    assert bench.world.oro.level(level.sku, level.unit).quantity == 1
    retry_held(bench.store, subject=subject, by="Kim", at=bench.world.clock())
    run(bench, BAND)
    run(bench, BAND)

    assert bench.world.oro.level(level.sku, level.unit).quantity == level.quantity
    assert record(bench, subject).state is RecordState.RESOLVED


def test_a_record_that_no_plan_has_a_reason_for_settles(bench: Bench) -> None:
    """By the next run, whatever its policy."""
    run(bench, FREE)
    level = next(one for one in bench.world.oro.levels() if one.quantity >= 2)
    bench.world.oro.set_level(level.sku, level.unit, Decimal(1))
    run(bench, BAND)
    run(bench, FREE)
    subject = f"stock/{level.sku}/{level.unit}"

    assert record(bench, subject).state is RecordState.RESOLVED
