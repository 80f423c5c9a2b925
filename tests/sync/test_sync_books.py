"""The facts of the reports, gathered from both sides."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from tests.sync.flows import Bench

from oro_prima.ids import OroSku, UnitCode
from oro_prima.mapping import Component
from oro_prima.reasons import ReasonCode
from oro_prima.reconcile.reports import REPORTS
from oro_prima.records import Home, LineDemand, RecordState
from oro_prima.sandbox.oro import OrderLine
from oro_prima.sync import dismiss_held, gather_books, reopen_held, sync_orders
from oro_prima.sync.gather_books import base_units
from oro_prima.values import LocalDate, SkuKey, local_date


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    made.put_into_use()
    with made.ports() as ports:
        sync_orders(ports, made.policy)
    yield made
    made.store.close()


def today(bench: Bench) -> LocalDate:
    return local_date(bench.world.clock(), bench.policy.zone)


def test_every_order_of_the_day_stands_in_the_books(bench: Bench) -> None:
    """Beside its ledger entry and its record; a late one is not read yet."""
    customer, level = (
        bench.world.seed.links[0][0],
        next(one for one in bench.world.oro.levels() if one.quantity >= 1),
    )
    day = today(bench)
    bench.world.checkout(customer, [OrderLine(level.sku, level.unit, Decimal(1), Decimal(5))])
    with bench.ports() as ports:
        books = gather_books(ports, bench.policy, first=day, last=day, organisation="Trade")
    homes = {one.capture.order: one.capture.home for one in books.orders}
    held = [one for one in books.orders if one.capture.home is Home.HELD]
    posted = [one for one in books.orders if one.capture.home is Home.POSTED]

    assert homes == {c.order: c.home for c in bench.store.captures_at(Home)}
    assert len(books.not_read) == 1
    assert all(one.record is not None for one in held)
    assert all(one.entry is not None and one.base_quantity for one in posted)
    assert [one.order is not None for one in books.orders] == [True] * len(books.orders)
    assert any(one.main for one in books.orders)
    assert books.reopened == {}
    rows = REPORTS["unmatched"](books).column("reference")
    assert set(rows) == {one.capture.order for one in held} | {books.not_read[0].id}


def test_what_was_opened_again_is_counted_by_its_reason(bench: Bench) -> None:
    """From the journal."""
    record = next(
        r for r in bench.store.exceptions([RecordState.HELD])
        if r.reasons[0].code is ReasonCode.UNKNOWN_UNIT
    )  # fmt: skip
    at = bench.world.clock()
    for _time in range(2):
        dismiss_held(bench.store, subject=record.subject, by="Kim", note="x", at=at)
        reopen_held(bench.store, subject=record.subject, by="Kim", note="y", at=at)
    with bench.ports() as ports:
        books = gather_books(ports, bench.policy, first=today(bench), last=today(bench))

    assert books.reopened == {ReasonCode.UNKNOWN_UNIT: 2}
    table = REPORTS["exceptions"](books)
    assert sum(int(str(n)) for n in table.column("reopened")) == 2


def test_days_in_the_wrong_order_are_refused(bench: Bench) -> None:
    """Before anything is asked."""
    day = today(bench)
    with bench.ports() as ports, pytest.raises(ValueError, match="comes before the first"):
        gather_books(ports, bench.policy, first=day, last=LocalDate(day - timedelta(days=1)))


def test_base_units_are_whole_or_not_stated() -> None:
    """One line that cannot be computed makes the sum unknown."""
    case = (OroSku("B"), UnitCode("case"))
    units = {case: (Component(SkuKey("BOOT"), Fraction(6)), Component(SkuKey("LACE"), Fraction(1)))}
    line = LineDemand(*case, Decimal(2))

    assert base_units([line, line], units) == 28
    assert base_units([], units) == 0
    assert base_units([line, LineDemand(*case, Decimal("0.5"))], units) is None
    assert base_units([line, LineDemand(OroSku("X"), UnitCode("each"), Decimal(1))], units) is None
