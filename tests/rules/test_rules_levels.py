"""Levels to the letter: what is unsure, what is rounded up, what is counted."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from attrs import evolve

from oro_prima.ids import OroLevelId, OroSku, UnitCode
from oro_prima.mapping import Component, StockPolicy
from oro_prima.plans import OtherShop, StockPlan, StockSnapshot, plan_stock
from oro_prima.plans.shelves import flight_of
from oro_prima.records import LineDemand
from tests.rules.making import BOOT, LACE, a_level, stock, tables

ANY = StockPolicy(min_linked_share=Decimal(0))
B, L, EACH = OroSku("B"), OroSku("L"), UnitCode("each")


def figures(plan: StockPlan) -> dict[str, int]:
    return {command.level: int(command.quantity) for command in plan.commands}


def test_a_unit_does_not_rise_while_any_part_of_it_is_unsure() -> None:
    """One part is enough; a unit without it rises."""
    levels = (a_level(1, "B", "each", 0), a_level(4, "B", "pack", 0))
    sold = (LineDemand(L, UnitCode("reel"), Decimal(1)),)
    plan = plan_stock(stock({BOOT: 3, LACE: 9}, levels, sold=sold), StockPolicy())

    assert figures(plan) == {"1": 1}  # a pack, two boots, waits for what a reel is


def test_a_last_piece_is_in_stock() -> None:
    """And none is not."""
    levels = (
        a_level(1, "B", "each", 0, inventory_status="out_of_stock"),
        a_level(3, "L", "each", 1),
    )
    plan = plan_stock(stock({BOOT: 1, LACE: 0}, levels), StockPolicy())

    assert [(one.sku, one.status) for one in plan.statuses] == [
        ("B", "in_stock"), ("L", "out_of_stock"),
    ]  # fmt: skip


def test_only_what_an_operation_may_write_there_is_unsure_here() -> None:
    """Of its other levels the figures are known."""
    shop = OtherShop(
        units={
            (B, EACH): (Component(BOOT, Fraction(1)),),
            (L, EACH): (Component(LACE, Fraction(1)),),
        },
        levels=(a_level(7, "B", "each", 1), a_level(8, "L", "each", 1)),
        outstanding=frozenset({OroLevelId("8")}),
    )

    assert flight_of(stock({}, (), others=(shop,))).unsure == {LACE}


def test_a_unit_that_no_table_knows_counts_by_the_shops_own_rate() -> None:
    """Its level says it, and so does that of a unit that is known."""
    levels = (
        a_level(1, "B", "each", 0, conversion_rate=Decimal(1)),
        a_level(9, "B", "crate", 0, conversion_rate=Decimal(24)),
    )
    sold = (LineDemand(B, UnitCode("crate"), Decimal(2)),)
    found = flight_of(stock({BOOT: 90}, levels, sold=sold))

    assert found.taken == {BOOT: 48}
    assert not found.unsure
    assert found.unknown == {(B, UnitCode("crate"))}


def test_levels_that_no_table_knows_are_counted() -> None:
    """Besides those that are written, and those that are left as they are."""
    levels = (
        a_level(1, "B", "each", 0), a_level(2, "B", "case", 0), a_level(9, "X", "each", 4),
    )  # fmt: skip
    busy = frozenset({OroLevelId("2")})

    assert plan_stock(stock({BOOT: 1}, levels, outstanding=busy), ANY).levels_unlinked == 1


def test_part_of_a_base_unit_takes_a_whole_one_off() -> None:
    """Three half boots that stay as they are leave eight of ten."""
    half = (Component(BOOT, Fraction(1, 2)),)
    units = {(B, EACH): (Component(BOOT, Fraction(1)),), (B, UnitCode("half")): half}
    levels = (a_level(1, "B", "each", 0), a_level(2, "B", "half", 3))
    snapshot = evolve(
        stock({BOOT: 10}, levels, outstanding=frozenset({OroLevelId("2")})),
        tables=evolve(tables(), units=units),
    )

    assert figures(plan_stock(snapshot, StockPolicy())) == {"1": 8}


def accepted(snapshot: StockSnapshot) -> Decimal:
    plan = plan_stock(snapshot, ANY)
    assert plan.accepted is not None
    return plan.accepted.linked_share


def test_the_share_of_linked_skus_is_told() -> None:
    """At four decimals, never more than it is; all of none is all."""
    units = {
        (OroSku(f"S{n}"), EACH): (Component(evolve(LACE, m1=str(n)), Fraction(1)),)
        for n in range(3)
    }
    third = stock({evolve(LACE, m1="0"): 1}, (), tables=evolve(tables(), units=units))
    refused = plan_stock(third, StockPolicy())

    assert accepted(third) == Decimal("0.3333")
    assert accepted(stock({}, (), tables=evolve(tables(), units={}))) == 1
    assert refused.refused is not None
    assert (refused.refused.linked_share, refused.levels_unlinked) == (Decimal("0.3333"), 0)
