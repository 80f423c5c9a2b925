"""Stock drift: what a level should be is what the plan would write."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.ids import OroLevelId
from oro_prima.mapping import PublishedFigure, StockPolicy
from oro_prima.plans import level_facts, plan_stock
from oro_prima.plans.drift import BUSY, MISSING, REFUSED, UNKNOWN
from oro_prima.reconcile.reports import stock_drift
from oro_prima.records import StockMark
from tests.rules.making import BOOT, LACE, NOW, a_capture, a_level, stock, tables

LEVELS = (
    a_level(1, "B", "each", 5),
    a_level(2, "B", "case", 5),
    a_level(3, "L", "each", 5),
    a_level(4, "X", "each", 1),
)
POLICY = StockPolicy(min_linked_share=Decimal(0))


@given(
    st.integers(-5, 500),
    st.integers(0, 500),
    st.integers(0, 30),
    st.sampled_from(["0", "3"]).map(Decimal),
)
def test_a_level_differs_exactly_where_the_plan_has_a_command(
    boots: int, laces: int, shown: int, buffer: Decimal
) -> None:
    """And by as much; nothing else of the report is made up."""
    policy = evolve(POLICY, buffer=buffer)
    levels = (*LEVELS, a_level(5, "L", "each", shown))
    snapshot = stock({BOOT: boots, LACE: laces}, levels, captures=(a_capture(),))
    facts = level_facts(snapshot, policy)
    plan = {one.level: one.quantity for one in plan_stock(snapshot, policy).commands}
    expected = {
        level.id: one.expected
        for level, one in zip(levels, facts, strict=True)
        if one.expected is not None and one.expected != one.level
    }

    assert expected == plan
    assert len(stock_drift(facts, read_at=NOW, now=NOW).rows) == len(expected) + 1
    assert facts[3].why == UNKNOWN
    assert (facts[0].free, facts[0].in_flight, facts[0].buffer) == (
        Decimal(boots),
        Decimal(2),
        buffer,
    )
    assert all(not one.why for one in facts[:3])


def test_what_cannot_be_said_says_why() -> None:
    """A SKU that is not in the snapshot, a batch that may still write, a snapshot not whole."""
    some = stock({BOOT: 40}, LEVELS)
    busy = evolve(some, outstanding=frozenset({OroLevelId("1")}))
    mark = StockMark(LACE, NOW - timedelta(days=1), 9)
    gone = evolve(some, marks={LACE: mark})
    refused = level_facts(some, StockPolicy(min_linked_share=Decimal(1)))
    available = level_facts(some, evolve(POLICY, figure=PublishedFigure.AVAILABLE))
    sold = evolve(some, tables=tables(sales={BOOT: Decimal(2)}))
    days = level_facts(sold, evolve(POLICY, buffer_days=Decimal(3)))

    assert level_facts(some, POLICY)[2].why == MISSING
    assert level_facts(busy, POLICY)[0].why == BUSY
    assert level_facts(gone, POLICY)[2].expected == 0
    assert {one.why for one in refused} == {REFUSED}
    assert (available[0].buffer, available[2].buffer) == (Decimal(0), None)
    assert days[0].buffer == 6


def test_a_pack_of_several_skus_has_no_single_figure() -> None:
    """Its free stock is that of several; what it should show is known all the same."""
    (fact,) = level_facts(stock({BOOT: 10, LACE: 3}, [a_level(1, "B", "pack", 9)]), POLICY)

    assert (fact.free, fact.in_flight, fact.buffer) == (None, None, None)
    assert fact.expected == 3
