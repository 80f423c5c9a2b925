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

FALL = StockPolicy(max_fall_percent=Decimal(50), band_from=Decimal(0))
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


def fallen(bench: Bench) -> str:
    """Let a level stand far above what is free, and lower it; return its record's subject."""
    run(bench, FREE)
    level = next(one for one in bench.world.oro.levels() if one.quantity >= 2)
    bench.world.oro.set_level(level.sku, level.unit, level.quantity * 10)
    report = run(bench, FALL)
    subject = f"stock/{level.sku}/{level.unit}"

    assert [one.subject for one in report.held] == [subject]
    assert bench.world.oro.level(level.sku, level.unit).quantity == level.quantity
    return subject


def test_a_far_fall_is_written_and_waits_for_a_look(bench: Bench) -> None:
    """Neither the write nor the next runs settle it, also where the level falls a little more."""
    subject = fallen(bench)
    sku, unit = subject.split("/")[1:]
    run(bench, FALL)
    shown = bench.world.oro.level(sku, unit).quantity
    bench.world.oro.set_level(sku, unit, shown + 1)
    again = run(bench, FALL)

    assert again.held == ()
    assert bench.world.oro.level(sku, unit).quantity == shown
    assert record(bench, subject).state is RecordState.HELD


def test_a_far_fall_settles_when_the_level_rises(bench: Bench) -> None:
    """For then the figure was mended."""
    subject = fallen(bench)
    sku, unit = subject.split("/")[1:]
    bench.world.oro.set_level(sku, unit, Decimal(0))
    run(bench, FALL)

    assert bench.world.oro.level(sku, unit).quantity > 0
    assert record(bench, subject).state is RecordState.RESOLVED


def test_a_far_fall_settles_when_a_person_has_looked(bench: Bench) -> None:
    """By the next run after a retry."""
    subject = fallen(bench)
    retry_held(bench.store, subject=subject, by="Kim", at=bench.world.clock())
    run(bench, FALL)

    assert record(bench, subject).state is RecordState.RESOLVED
