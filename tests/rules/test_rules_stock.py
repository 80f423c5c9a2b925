"""Stock: never negative, whole units, nothing promised twice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.ids import OroLevelId, OroSku, UnitCode
from oro_prima.mapping import (
    Component,
    PublishedFigure,
    StockMode,
    StockPolicy,
    UnitShare,
    allocate,
    in_flight,
    pool,
    share_faults,
)
from oro_prima.mapping.stock import together
from oro_prima.mapping.tables import UnitKey
from oro_prima.plans import OtherShop, StockPlan, StockSnapshot, plan_stock
from oro_prima.plans.shelves import add_up
from oro_prima.reasons import ReasonCode
from oro_prima.records import LineDemand
from oro_prima.values import SkuKey
from tests.rules.making import BOOT, LACE, NOW, a_capture, a_level, a_line, an_order, stock, tables

EACH: UnitKey = (OroSku("B"), UnitCode("each"))
CASE: UnitKey = (OroSku("B"), UnitCode("case"))
PACK: UnitKey = (OroSku("B"), UnitCode("pack"))
LEVELS = (a_level(1, "B", "each", 5), a_level(2, "B", "case", 5), a_level(3, "L", "each", 5))

skus = st.sampled_from([SkuKey(f"P{n}") for n in range(4)])
counts = st.one_of(st.integers(1, 1000).map(Fraction), st.just(Fraction(1)))
components = st.lists(st.builds(Component, skus, counts), min_size=1, max_size=3)
units = st.dictionaries(
    st.tuples(st.sampled_from("ABC").map(OroSku), st.sampled_from("xyz").map(UnitCode)),
    components.map(tuple),
    max_size=7,
)
pools = st.fixed_dictionaries({SkuKey(f"P{n}"): st.integers(0, 10**6) for n in range(4)})
shares = st.builds(
    UnitShare,
    st.sampled_from("ABC").map(OroSku),
    st.sampled_from("xyz").map(UnitCode),
    st.sampled_from([Decimal(0), Decimal("0.25"), Decimal(1)]),
)
policies = st.lists(shares, max_size=3).map(lambda some: StockPolicy(shares=tuple(some)))


def used(
    given_units: dict[UnitKey, int], table: Mapping[UnitKey, tuple[Component, ...]]
) -> dict[SkuKey, Fraction]:
    total: dict[SkuKey, Fraction] = {}
    for key, count in given_units.items():
        for part in table[key]:
            total[part.sku] = total.get(part.sku, Fraction(0)) + part.count * count
    return total


@given(units, pools, policies)
def test_no_base_unit_is_promised_twice(
    table: dict[UnitKey, tuple[Component, ...]], free: dict[SkuKey, int], rule: StockPolicy
) -> None:
    """Summed over all units and components; never negative; by every share."""
    given_units = allocate(table, free, rule)

    assert table.keys() == given_units.keys()
    assert all(count >= 0 for count in given_units.values())
    assert all(amount <= free[sku] for sku, amount in used(given_units, table).items())


@given(units, pools, st.randoms())
def test_the_order_of_the_table_does_not_matter(
    table: dict[UnitKey, tuple[Component, ...]], free: dict[SkuKey, int], random: object
) -> None:
    """Same table, same figures."""
    rows = list(table.items())
    random.shuffle(rows)  # type: ignore[attr-defined]

    assert allocate(table, free, StockPolicy()) == allocate(dict(rows), free, StockPolicy())


@given(
    st.lists(st.integers(1, 60), min_size=1, max_size=4), st.integers(0, 5000), st.integers(0, 99)
)
def test_more_free_stock_never_publishes_fewer_base_units(
    factors: list[int], free: int, more: int
) -> None:
    """Of units of one component, and without shares; a single unit's figure may fall."""
    table = {
        (OroSku("B"), UnitCode(str(n))): (Component(BOOT, Fraction(f)),)
        for n, f in enumerate(factors)
    }
    small = used(allocate(table, {BOOT: free}, StockPolicy()), table)[BOOT]
    large = used(allocate(table, {BOOT: free + more}, StockPolicy()), table)[BOOT]

    assert 1 in factors or free - small < min(factors)
    if 1 in factors:
        assert small <= large
        assert free == small


def test_a_pallet_takes_over_at_its_factor() -> None:
    """47 are 47 eaches, 48 are one pallet."""
    table = {
        (OroSku("B"), UnitCode("each")): (Component(BOOT, Fraction(1)),),
        (OroSku("B"), UnitCode("pallet")): (Component(BOOT, Fraction(48)),),
    }

    assert list(allocate(table, {BOOT: 47}, StockPolicy()).values()) == [47, 0]
    assert list(allocate(table, {BOOT: 48}, StockPolicy()).values()) == [0, 1]


def test_a_share_leaves_the_rest_to_the_units_after_it() -> None:
    """And what is then still left goes down the list again."""
    table = dict(tables().units)
    share = UnitShare(OroSku("B"), UnitCode("case"), Decimal("0.5"))
    given_units = allocate(
        {EACH: table[EACH], CASE: table[CASE]}, {BOOT: 24}, StockPolicy(shares=(share,))
    )

    assert given_units == {EACH: 12, CASE: 2}


def test_per_unit_mode_may_promise_twice_and_is_named_for_it() -> None:
    """Every unit sees the whole pool."""
    table = {EACH: tables().units[EACH], CASE: tables().units[CASE]}

    assert allocate(table, {BOOT: 12}, StockPolicy(mode=StockMode.PER_UNIT)) == {EACH: 12, CASE: 2}


def test_a_share_needs_a_unit_that_takes_the_rest() -> None:
    """Refused when it is loaded, and so is a share that is none."""
    share = UnitShare(OroSku("X"), UnitCode("case"), Decimal("1.5"))

    assert len(share_faults(StockPolicy(shares=(share,)), tables().units)) == 2
    fine = UnitShare(OroSku("B"), UnitCode("case"), Decimal("0.5"))
    assert share_faults(StockPolicy(shares=(fine,)), tables().units) == ()


@given(
    st.decimals(-5, 1000, places=2), st.fractions(0, 50), st.integers(0, 50), st.integers(0, 100)
)
def test_a_pool_is_whole_and_never_negative(
    free: Decimal, taken: Fraction, buffer: int, percent: int
) -> None:
    """Free, less in flight, less the larger buffer."""
    rule = StockPolicy(buffer=Decimal(buffer), buffer_percent=Decimal(percent))

    assert 0 <= pool(free, taken, rule) <= max(Fraction(0), Fraction(free) - taken - buffer)


def test_what_is_sold_is_counted_by_the_table_then_by_the_shop() -> None:
    """Unknown in both: the product's SKUs are unsure; an unknown product touches nothing."""
    lines = [
        LineDemand(*EACH, Decimal(2)),
        LineDemand(*PACK, Decimal(1)),
        LineDemand(OroSku("B"), UnitCode("crate"), Decimal(2)),
        LineDemand(OroSku("L"), UnitCode("reel"), Decimal(1)),
        LineDemand(OroSku("X"), UnitCode("each"), Decimal(1)),
    ]
    rates = {(OroSku("B"), UnitCode("crate")): Decimal(24), EACH: Decimal(1), PACK: Decimal(0)}
    found = in_flight(lines, tables().units, rates)

    assert found.taken == {BOOT: 2 + 2 + 48, LACE: 1}
    assert {LACE} == found.unsure
    assert {"crate", "reel", "each"} == {unit for _sku, unit in found.unknown}


quantities = st.decimals(0, 10**7, places=4) | st.sampled_from([Decimal("1E+40"), Decimal("1E-40")])
demanded = st.builds(
    LineDemand,
    st.sampled_from("ABCZ").map(OroSku),
    st.sampled_from("xyz").map(UnitCode),
    quantities,
    st.none() | st.just(Decimal("9.50")),
)


@given(st.lists(demanded, max_size=12), units, st.integers(0, 12))
def test_lines_that_are_added_up_are_in_flight_as_before(
    lines: list[LineDemand], table: Mapping[UnitKey, tuple[Component, ...]], cut: int
) -> None:
    """Exactly, one line a product unit; also where some of them were added up already."""
    added = add_up(lines)
    parts = add_up((*add_up(lines[:cut]), *lines[cut:]))
    rates = {(OroSku("A"), UnitCode("x")): Decimal(3), (OroSku("A"), UnitCode("y")): Decimal(7)}

    assert in_flight(lines, table, rates) == in_flight(added, table, rates)
    assert added == parts
    assert len({(line.sku, line.unit) for line in added}) == len(added)


def test_what_is_added_up_counts_beside_orders_and_captures() -> None:
    """Whichever of the three says so, it is off the pool."""
    snapshot = stock({BOOT: 13, LACE: 5}, LEVELS)
    line = a_line(product_sku=EACH[0], product_unit_code=EACH[1], quantity=Decimal(4))
    plans = [
        planned(evolve(snapshot, orders=(an_order(lines=(line,)),))),
        planned(evolve(snapshot, sold=(LineDemand(*EACH, Decimal(4)),))),
    ]

    assert figures(plans[0]) == figures(plans[1]) != figures(planned(snapshot))


def planned(snapshot: StockSnapshot, **changes: Any) -> StockPlan:
    return plan_stock(snapshot, evolve(StockPolicy(), **changes))


def figures(plan: StockPlan) -> dict[str, int]:
    return {command.level: int(command.quantity) for command in plan.commands}


def test_changes_only_and_decreases_first() -> None:
    """Against what the shop shows now."""
    plan = planned(stock({BOOT: 13, LACE: 5}, LEVELS))

    assert [c.level for c in plan.decreases] == ["1", "2"]
    assert figures(plan) == {"1": 1, "2": 2}
    assert (
        plan.skus_read,
        plan.skus_planned,
        plan.skus_unchanged,
        plan.skus_unlinked,
        plan.skus_missing,
    ) == (2, 1, 1, 0, 0)
    assert "2 levels down" in plan.summary()


def test_planning_again_after_applying_gives_no_command() -> None:
    """What was written is what is wanted."""
    first = planned(stock({BOOT: 100, LACE: 0}, LEVELS))
    levels = [
        evolve(level, quantity=Decimal(figures(first).get(level.id, int(level.quantity))))
        for level in LEVELS
    ]
    statuses = {c.product: c.status for c in first.statuses}
    after = [
        evolve(x, inventory_status=statuses.get(x.product, x.inventory_status)) for x in levels
    ]
    again = planned(stock({BOOT: 100, LACE: 0}, after))

    assert (again.commands, again.statuses) == ((), ())
    assert [(c.sku, c.status) for c in first.statuses] == [("L", "out_of_stock")]


@given(
    st.integers(0, 300), st.integers(0, 300), st.integers(0, 40), st.integers(0, 40), st.randoms()
)
def test_published_and_in_flight_fit_the_pool(
    boots: int, laces: int, waiting: int, new: int, random: object
) -> None:
    """Whatever is in flight, from captures and from orders just read; in whatever order."""
    levels = [*LEVELS, a_level(4, "B", "pack", 0)]
    random.shuffle(levels)  # type: ignore[attr-defined]
    capture = a_capture(lines=(LineDemand(*EACH, Decimal(waiting)),))
    order = an_order(lines=(a_line(quantity=Decimal(new), product_unit_code=UnitCode("pack")),))
    plan = planned(stock({BOOT: boots, LACE: laces}, levels, captures=(capture,), orders=(order,)))
    shown = {level.id: int(level.quantity) for level in levels} | figures(plan)

    assert shown["1"] + 6 * shown["2"] + 2 * shown["4"] <= max(0, boots - waiting - 2 * new)
    assert shown["3"] + shown["4"] <= max(0, laces - new)
    assert all(quantity >= 0 for quantity in shown.values())


@given(st.integers(0, 300), st.integers(0, 40), st.integers(0, 40), st.integers(0, 60))
def test_shops_of_one_company_share_the_pool(
    boots: int, waiting: int, new: int, shown_there: int
) -> None:
    """What another shop sold is in flight, and what it shows is not promised here as well."""
    other = OtherShop(
        units={(OroSku("X"), UnitCode("case")): (Component(BOOT, Fraction(3)),)},
        levels=(a_level(1, "X", "case", shown_there), a_level(2, "Y", "case", 9)),
        orders=(
            an_order(
                lines=(
                    a_line(
                        product_sku=OroSku("X"),
                        product_unit_code=UnitCode("case"),
                        quantity=Decimal(new),
                    ),
                )
            ),
        ),
        captures=(a_capture(lines=(LineDemand(OroSku("X"), UnitCode("case"), Decimal(waiting)),)),),
    )
    plan = planned(stock({BOOT: boots, LACE: 5}, LEVELS, others=(other,)))
    shown = {level.id: int(level.quantity) for level in LEVELS} | figures(plan)

    here, there = shown["1"] + 6 * shown["2"], 3 * shown_there
    assert here <= max(0, boots - 3 * waiting - 3 * new - there)


def test_an_unknown_quantity_of_another_shop_raises_nothing() -> None:
    """Levels may fall; the record says which product unit of that shop is missing."""
    line = a_line(product_sku=OroSku("X"), product_unit_code=UnitCode("crate"))
    other = OtherShop(
        units={(OroSku("X"), UnitCode("case")): (Component(BOOT, Fraction(3)),)},
        orders=(an_order(lines=(line,)),),
    )
    plan = planned(stock({BOOT: 1000, LACE: 5}, LEVELS, others=(other,)))

    assert figures(plan) == {"1": 4}
    assert [reason.subject for reason in plan.reasons] == ["stock/X/crate"]


def test_a_snapshot_that_is_not_whole_changes_nothing() -> None:
    """Unless a person accepts it."""
    part = stock({BOOT: 13}, LEVELS)
    plan = planned(part)

    assert plan.refused is not None
    assert Decimal("0.5") == plan.refused.linked_share
    assert plan.commands == ()
    assert "refused" in plan.summary()
    assert (plan.skus_unchanged, plan.skus_unlinked, plan.skus_missing) == (1, 0, 1)
    accepted = planned(evolve(part, accept_anyway=True))
    assert accepted.refused is None
    assert figures(accepted) == {"1": 1, "2": 2}


def test_an_absent_sku_keeps_its_level_until_it_is_gone_for_good() -> None:
    """0 after two accepted snapshots at least an hour apart."""
    part = stock({BOOT: 100}, LEVELS)
    first = planned(part, min_linked_share=Decimal(0))
    marks = {mark.sku: mark for mark in first.marks}
    soon = planned(evolve(part, marks=marks), min_linked_share=Decimal(0))
    later = planned(
        evolve(part, marks=marks, now=NOW + timedelta(hours=1)), min_linked_share=Decimal(0)
    )

    assert "3" not in figures(first)
    assert "3" not in figures(soon)
    assert figures(later)["3"] == 0
    assert [mark.times for mark in later.marks] == [2]


def test_a_pack_with_an_absent_part_keeps_what_it_shows_off_the_pool() -> None:
    """Its other parts stay promised to it."""
    levels = [a_level(1, "B", "each", 0), a_level(4, "B", "pack", 3)]
    plan = planned(stock({BOOT: 10}, levels), min_linked_share=Decimal(0))

    assert figures(plan) == {"1": 4}


def test_a_level_that_an_operation_may_still_write_is_left_alone() -> None:
    """And counts against the pool as it shows."""
    busy = frozenset({OroLevelId("2")})
    plan = planned(stock({BOOT: 40, LACE: 5}, LEVELS, outstanding=busy))

    assert figures(plan) == {"1": 10}


def test_a_level_is_not_raised_while_a_quantity_is_unknown() -> None:
    """It may fall; the record says which product unit is missing."""
    order = an_order(lines=(a_line(product_unit_code=UnitCode("crate")),))
    up = planned(stock({BOOT: 1000, LACE: 5}, LEVELS, orders=(order,)))
    down = planned(stock({BOOT: 1, LACE: 5}, LEVELS, orders=(order,)))

    assert figures(up) == {"1": 4}
    assert figures(down) == {"1": 1, "2": 0}
    assert [r.code for r in up.reasons] == [ReasonCode.QUANTITY_UNKNOWN]


def test_levels_without_a_row_are_untouched_and_counted() -> None:
    """Nothing is guessed."""
    levels = [*LEVELS, a_level(9, "Z", "each", 7)]
    plan = planned(stock({BOOT: 35, LACE: 5, SkuKey("NEW"): 1}, levels))

    assert plan.levels_unlinked == 1
    assert plan.skus_unlinked == 1
    assert "9" not in figures(plan)


def test_without_any_link_nothing_is_refused() -> None:
    """There is nothing to be missing."""
    plan = plan_stock(evolve(stock({BOOT: 1}, LEVELS), tables=tables(units={})), StockPolicy())

    assert plan.refused is None
    assert plan.commands == ()


@pytest.mark.parametrize(("status", "expected"), [("in_stock", 1), (None, 0), ("discontinued", 0)])
def test_only_the_two_usual_statuses_are_touched(status: str | None, expected: int) -> None:
    """What a person set otherwise stays."""
    levels = [a_level(3, "L", "each", 5, inventory_status=status)]
    plan = planned(stock({BOOT: 1, LACE: 0}, levels))

    assert expected == len(plan.statuses)


@given(st.integers(-50, 10**6), st.integers(0, 100), st.integers(0, 50))
def test_a_figure_published_as_available_is_primas_own(free: int, taken: int, buffer: int) -> None:
    """Nothing is taken off, and it is still never negative; free stock never exceeds it."""
    plain = StockPolicy(buffer=Decimal(buffer), buffer_percent=Decimal(10))
    available = evolve(plain, figure=PublishedFigure.AVAILABLE)
    figure = pool(Decimal(free), Fraction(taken), available)

    assert figure == max(0, free)
    assert pool(Decimal(free), Fraction(taken), plain) <= figure


# what a small change would break


@pytest.mark.parametrize(
    ("free", "percent", "buffer", "expected"),
    [(100, 10, 0, 90), (101, 10, 0, 90), (100, 10, 20, 80), (-100, 50, 0, 0), (1, 1, 0, 0)],
)
def test_the_larger_buffer_counts_and_a_share_is_rounded_up(
    free: int, percent: int, buffer: int, expected: int
) -> None:
    """A percentage of what is free, never of less than nothing."""
    by = StockPolicy(buffer=Decimal(buffer), buffer_percent=Decimal(percent))

    assert pool(Decimal(free), Fraction(0), by) == expected


def test_a_rate_counts_in_proportion_to_the_unit_that_is_known() -> None:
    """A pallet of 48 primary units, where a case of 6 is known to be 6 base units."""
    known = {CASE: (Component(BOOT, Fraction(6)),)}
    rates = {CASE: Decimal(6), (OroSku("B"), UnitCode("pallet")): Decimal(48)}
    line = LineDemand(OroSku("B"), UnitCode("pallet"), Decimal(2))

    assert in_flight([line], known, rates).taken == {BOOT: Fraction(96)}


def test_what_shops_have_in_flight_is_added_up_from_nothing() -> None:
    """Also of a SKU that only one of them sells."""
    one = in_flight([LineDemand(*EACH, Decimal(2))], {EACH: (Component(BOOT, Fraction(1)),)}, {})
    other = in_flight([LineDemand(*CASE, Decimal(3))], {CASE: (Component(LACE, Fraction(1)),)}, {})

    assert together(one, [other, one]).taken == {BOOT: Fraction(4), LACE: Fraction(3)}


def test_packs_are_served_by_all_that_is_in_them() -> None:
    """Largest first; the scarcest component decides, counted once for each time it stands there."""
    pack, piece = (OroSku("P"), UnitCode("pack")), (OroSku("Q"), UnitCode("each"))
    parts = (Component(BOOT, Fraction(2)), Component(LACE, Fraction(2)))
    twice = (Component(BOOT, Fraction(1)), Component(BOOT, Fraction(2)))
    units: Any = {piece: (Component(BOOT, Fraction(3)),), pack: parts}
    bare: Any = {pack: (Component(BOOT, Fraction(1)), Component(SkuKey("NONE"), Fraction(1)))}

    assert allocate(units, {BOOT: 9, LACE: 4}, StockPolicy()) == {pack: 2, piece: 1}
    assert allocate({pack: twice}, {BOOT: 10}, StockPolicy()) == {pack: 3}
    assert allocate(bare, {BOOT: 10}, StockPolicy()) == {pack: 0}
    assert allocate({CASE: (Component(LACE, Fraction(1)),)}, {BOOT: 5}, StockPolicy()) == {CASE: 0}


def test_what_shares_leave_goes_down_the_list_again() -> None:
    """A unit that had its share may take what nobody else can."""
    limits = (UnitShare(OroSku("B"), UnitCode("case"), Decimal("0.5")),)
    units = {CASE: (Component(BOOT, Fraction(6)),)}

    assert allocate(units, {BOOT: 25}, StockPolicy(shares=limits)) == {CASE: 4}


def test_a_unit_of_part_of_a_base_unit_takes_whole_ones_off() -> None:
    """Three thirds are one; two thirds take one off as well."""
    third = (OroSku("T"), UnitCode("third"))
    units: Any = {third: (Component(BOOT, Fraction(1, 3)),), EACH: (Component(BOOT, Fraction(1)),)}
    limits = (UnitShare(OroSku("B"), UnitCode("each"), Decimal("0.5")),)

    assert allocate(units, {BOOT: 2}, StockPolicy()) == {EACH: 2, third: 0}
    assert allocate(units, {BOOT: 2}, StockPolicy(shares=limits)) == {EACH: 1, third: 3}


@pytest.mark.parametrize(("share", "faults"), [("0", 0), ("1", 0), ("1.01", 1), ("-0.01", 1)])
def test_a_share_is_from_nothing_to_all(share: str, faults: int) -> None:
    """Both ends included."""
    by = StockPolicy(shares=(UnitShare(OroSku("B"), UnitCode("case"), Decimal(share)),))
    units = {EACH: (Component(BOOT, Fraction(1)),), CASE: (Component(BOOT, Fraction(6)),)}

    assert len(share_faults(by, units)) == faults


def test_the_rest_of_a_share_needs_a_unit_of_exactly_one() -> None:
    """A pack of one each is none, nor is a case."""
    by = StockPolicy(shares=(UnitShare(OroSku("B"), UnitCode("case"), Decimal("0.5")),))
    pack = (Component(BOOT, Fraction(1)), Component(LACE, Fraction(1)))
    case = (Component(BOOT, Fraction(6)),)

    assert len(share_faults(by, {CASE: case, PACK: pack})) == 1
    assert len(share_faults(by, {CASE: case})) == 1


def test_small_pools_are_counted_exactly() -> None:
    """Nothing is nothing; a buffer is whole before parts are taken off; halves make whole units."""
    half, whole = (OroSku("H"), UnitCode("half")), (OroSku("W"), UnitCode("pack"))
    parts = (Component(BOOT, Fraction(1, 2)), Component(LACE, Fraction(1)))

    assert pool(Decimal(0), Fraction(0), StockPolicy()) == 0
    assert pool(Decimal(10), Fraction(1, 2), StockPolicy(buffer_percent=Decimal(5))) == 8
    assert allocate({half: parts}, {BOOT: 1, LACE: 5}, StockPolicy()) == {half: 2}
    assert allocate({whole: ()}, {BOOT: 1}, StockPolicy()) == {whole: 0}


def test_parts_of_a_base_unit_leave_the_rest_to_smaller_ones() -> None:
    """Three thirds are one base unit, so that four quarters of the other are left."""
    third, quarter = (OroSku("T"), UnitCode("third")), (OroSku("Q"), UnitCode("quarter"))
    units: Any = {
        third: (Component(BOOT, Fraction(1, 3)),),
        quarter: (Component(BOOT, Fraction(1, 4)),),
    }
    limits = (UnitShare(*third, Decimal("0.5")),)

    assert allocate(units, {BOOT: 2}, StockPolicy(shares=limits)) == {third: 3, quarter: 4}


def test_a_pack_is_as_large_as_all_that_is_in_it() -> None:
    """Two pieces in it, so a unit of two and a half is served before it."""
    large = (OroSku("L"), UnitCode("case"))
    pair = (Component(BOOT, Fraction(1)), Component(LACE, Fraction(1)))
    units: Any = {PACK: pair, large: (Component(BOOT, Fraction(5, 2)),)}

    assert allocate(units, {BOOT: 5, LACE: 5}, StockPolicy()) == {large: 2, PACK: 0}
