"""Stock: allocation against a slow reference, buffers, guards, dates, and why."""

from __future__ import annotations

from datetime import date, timedelta
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
    StockMode,
    StockPolicy,
    UnitShare,
    allocate,
    explanation_text,
    fall_reasons,
    next_available,
    pool,
    rise_reasons,
    sales_rates,
    stale_reasons,
)
from oro_prima.mapping.tables import UnitKey
from oro_prima.plans import ExpectedUnit, StockPlan, StockSnapshot, explain_stock, plan_stock
from oro_prima.plans.explaining import sharing_units
from oro_prima.prima.models import FreeStockRow
from oro_prima.reasons import ReasonCode
from oro_prima.records import LineDemand, StockMark
from oro_prima.values import LocalDate, SkuKey
from tests.rules.making import BOOT, LACE, NOW, a_level, a_line, an_order, stock, tables
from tests.rules.slow_stock import slow_allocate

R = ReasonCode
EACH: UnitKey = (OroSku("B"), UnitCode("each"))
CASE: UnitKey = (OroSku("B"), UnitCode("case"))
PACK: UnitKey = (OroSku("B"), UnitCode("pack"))
LEVELS = (a_level(1, "B", "each", 5), a_level(2, "B", "case", 5), a_level(3, "L", "each", 5))
TODAY = LocalDate(NOW.date())

skus = st.sampled_from([SkuKey(f"P{n}") for n in range(3)])
whole = st.integers(1, 12).map(Fraction)
keys = st.tuples(st.sampled_from("AB").map(OroSku), st.sampled_from("xyz").map(UnitCode))


def unit_tables(counts: st.SearchStrategy[Fraction]) -> st.SearchStrategy[Any]:
    parts = st.lists(
        st.builds(Component, skus, counts), min_size=1, max_size=3, unique_by=lambda part: part.sku
    )
    return st.dictionaries(keys, parts.map(tuple), max_size=5)


pools = st.fixed_dictionaries({SkuKey(f"P{n}"): st.integers(0, 60) for n in range(3)})
orders = st.lists(st.sampled_from("xyz").map(UnitCode), unique=True, max_size=3).map(tuple)
shares = st.lists(
    st.builds(
        UnitShare,
        st.sampled_from("AB").map(OroSku),
        st.sampled_from("xyz").map(UnitCode),
        st.sampled_from([Decimal(0), Decimal("0.25"), Decimal("0.5")]),
    ),
    max_size=2,
    unique_by=lambda share: (share.sku, share.unit),
).map(tuple)


@given(
    unit_tables(whole),
    pools,
    st.builds(StockPolicy, mode=st.sampled_from(StockMode), unit_order=orders, shares=shares),
)
def test_units_are_shared_out_as_one_would_by_hand(
    table: dict[UnitKey, tuple[Component, ...]], free: dict[SkuKey, int], rule: StockPolicy
) -> None:
    """One at a time, in the order of the policy, then the largest first."""
    assert slow_allocate(table, free, rule) == allocate(table, free, rule)


@given(
    unit_tables(st.fractions("1/4", 6, max_denominator=4)),
    pools,
    st.builds(StockPolicy, mode=st.sampled_from(StockMode), unit_order=orders),
)
def test_parts_of_a_base_unit_are_shared_out_so_too(
    table: dict[UnitKey, tuple[Component, ...]], free: dict[SkuKey, int], rule: StockPolicy
) -> None:
    """A broken piece is a whole one that is gone."""
    assert slow_allocate(table, free, rule) == allocate(table, free, rule)


def test_the_policy_s_order_comes_before_size() -> None:
    """Eaches first leave nothing to the case."""
    table = {EACH: tables().units[EACH], CASE: tables().units[CASE]}
    eaches = StockPolicy(unit_order=(UnitCode("each"),))
    named = StockPolicy(unit_order=(UnitCode("case"), UnitCode("each")))

    assert allocate(table, {BOOT: 13}, eaches) == {EACH: 13, CASE: 0}
    assert allocate(table, {BOOT: 13}, named) == {EACH: 1, CASE: 2}


# buffers


@given(
    st.integers(0, 1000),
    st.integers(0, 50),
    st.integers(0, 50),
    st.integers(0, 10),
    st.integers(0, 100).map(lambda n: Decimal(n).scaleb(-1)),
)
def test_the_largest_buffer_counts(
    free: int, fixed: int, percent: int, days: int, per_day: Decimal
) -> None:
    """Fixed, percent of free stock, days of sales; each rounded up to whole base units."""
    rule = StockPolicy(
        buffer=Decimal(fixed), buffer_percent=Decimal(percent), buffer_days=Decimal(days)
    )
    sales, share = Fraction(per_day) * days, Fraction(free * percent, 100)
    largest = max(
        fixed, -(-share.numerator // share.denominator), -(-sales.numerator // sales.denominator)
    )

    assert pool(Decimal(free), Fraction(0), rule, per_day=per_day) == max(0, free - largest)


def test_days_of_cover_come_from_the_table_of_sales() -> None:
    """A SKU that nobody knows the sales of keeps its other buffers."""
    some = tables(sales={BOOT: Decimal("1.5")})
    rule = StockPolicy(buffer_days=Decimal(3), buffer=Decimal(1))
    plan = plan_stock(evolve(stock({BOOT: 5, LACE: 5}, LEVELS), tables=some), rule)

    assert {c.level: int(c.quantity) for c in plan.commands} == {"1": 0, "2": 0, "3": 4}


@given(st.lists(st.tuples(st.sampled_from([EACH, CASE]), st.integers(1, 9)), max_size=5))
def test_sales_rates_are_base_units_a_day(sold: list[tuple[UnitKey, int]]) -> None:
    """Rounded up, so that cover is never too small; unknown units count nowhere."""
    lines = [LineDemand(*key, Decimal(n)) for key, n in sold]
    lines.append(LineDemand(OroSku("X"), UnitCode("each"), Decimal(9)))
    total = sum(n * (6 if key == CASE else 1) for key, n in sold)
    found = sales_rates(lines, tables().units, days=7).get(BOOT, Decimal(0))

    assert Fraction(total, 7) <= Fraction(found) < Fraction(total, 7) + Fraction(1, 10_000)
    with pytest.raises(ValueError, match="at least one day"):
        sales_rates(lines, tables().units, days=0)


# the band


def planned(snapshot: StockSnapshot, **changes: Any) -> StockPlan:
    return plan_stock(snapshot, evolve(StockPolicy(), **changes))


@given(
    st.integers(0, 500).map(Decimal),
    st.integers(0, 1000),
    st.integers(0, 300).map(Decimal),
    st.integers(0, 200).map(Decimal),
)
def test_a_rise_within_the_band_is_free(
    shown: Decimal, wanted: int, percent: Decimal, start: Decimal
) -> None:
    """To `band_from`, or by so many percent; 0 percent is no band at all."""
    rule = StockPolicy(max_rise_percent=percent, band_from=start)
    most = max(start, shown * (100 + percent) / 100)
    found = rise_reasons(*EACH, shown=shown, wanted=wanted, policy=rule)

    assert bool(found) == (percent > 0 and wanted > most)


@given(
    st.integers(0, 500).map(Decimal),
    st.integers(0, 500),
    st.integers(0, 100).map(Decimal),
    st.integers(0, 200).map(Decimal),
)
def test_a_far_fall_is_told(shown: Decimal, wanted: int, percent: Decimal, start: Decimal) -> None:
    """Of levels above `band_from` alone."""
    rule = StockPolicy(max_fall_percent=percent, band_from=start)
    found = fall_reasons(*EACH, shown=shown, wanted=wanted, policy=rule)
    far = wanted < shown * (100 - percent) / 100

    assert bool(found) == (percent > 0 and shown > start and far)


@pytest.mark.parametrize(
    ("shown", "wanted", "refused"),
    [(200, 300, False), (200, 301, True), (0, 100, False), (0, 101, True), (40, 100, False)],
)
def test_the_edge_of_the_band_is_within_it(shown: int, wanted: int, refused: bool) -> None:
    """50 percent more, or `band_from`."""
    rule = StockPolicy(max_rise_percent=Decimal(50), band_from=Decimal(100))
    found = rise_reasons(*EACH, shown=Decimal(shown), wanted=wanted, policy=rule)

    assert [reason.subject for reason in found] == (["stock/B/each"] if refused else [])
    assert found == () or isinstance(found, tuple)


@pytest.mark.parametrize(
    ("shown", "wanted", "told"), [(200, 100, False), (200, 99, True), (100, 0, False)]
)
def test_half_of_a_level_may_go(shown: int, wanted: int, told: bool) -> None:
    """At 50 percent, of levels above `band_from`."""
    rule = StockPolicy(max_fall_percent=Decimal(50), band_from=Decimal(100))
    found = fall_reasons(*EACH, shown=Decimal(shown), wanted=wanted, policy=rule)

    assert [reason.subject for reason in found] == (["stock/B/each"] if told else [])


def test_one_day_of_sales_is_a_rate() -> None:
    """The shortest that there is."""
    sold = [LineDemand(*EACH, Decimal(3))]

    assert sales_rates(sold, tables().units, days=1) == {BOOT: Decimal(3)}


def test_a_level_that_would_rise_too_far_waits_for_a_person() -> None:
    """The others are written; a retry lets it go."""
    band = {"max_rise_percent": Decimal(50), "band_from": Decimal(10)}
    much = stock({BOOT: 5, LACE: 500}, LEVELS)
    plan = planned(much, **band)
    let_go = planned(evolve(much, let_go=frozenset({(OroSku("L"), UnitCode("each"))})), **band)

    assert {c.level for c in plan.commands} == {"2"}
    (reason,) = plan.reasons
    assert (reason.code, reason.subject) == (R.RISE_OUTSIDE_BAND, "stock/L/each")
    assert reason.detail == "from 5 to 500; at most 10 at once"
    assert {c.level: int(c.quantity) for c in let_go.increases} == {"3": 500}
    assert let_go.reasons == ()


def test_a_far_fall_is_written_and_told() -> None:
    """A level that is too high sells what is not there."""
    full = [evolve(LEVELS[2], quantity=Decimal(200))]
    plan = planned(stock({BOOT: 5, LACE: 20}, full), max_fall_percent=Decimal(50))

    assert [int(c.quantity) for c in plan.decreases] == [20]
    assert [(r.code, r.detail) for r in plan.reasons] == [
        (R.FALL_OUTSIDE_BAND, "from 200 to 20; written")
    ]


# the stale guard


def test_with_old_figures_levels_fall_and_none_rises() -> None:
    """And no absence counts; the next fresh snapshot heals it."""
    old = evolve(stock({BOOT: 3, LACE: 99}, LEVELS), rows_at=NOW - timedelta(minutes=61))
    plan = planned(old)
    fresh = planned(evolve(old, rows_at=NOW - timedelta(minutes=60)))

    assert ([c.level for c in plan.decreases], plan.increases) == (["1", "2"], ())
    assert [(r.code, r.detail) for r in plan.reasons] == [
        (R.STOCK_STALE, "61 min old; the limit is 60 min")
    ]
    assert plan.accepted is None
    assert [c.level for c in fresh.increases] == ["3"]
    assert fresh.accepted is not None


def test_an_absence_in_old_figures_says_nothing() -> None:
    """Marks stay as they are."""
    mark = StockMark(LACE, NOW - timedelta(hours=9), 5)
    part = evolve(stock({BOOT: 35}, LEVELS), marks={LACE: mark}, accept_anyway=True)
    plan = planned(evolve(part, rows_at=NOW - timedelta(hours=2)))

    assert plan.marks == (mark,)
    assert plan.commands == ()
    assert [c.level for c in planned(part).decreases] == ["3"]


def test_without_any_figures_everything_is_stale() -> None:
    """Nobody has any yet."""
    (reason,) = stale_reasons(None, now=NOW, policy=StockPolicy())

    assert (reason.code, reason.detail) == (R.STOCK_STALE, "no figures yet")
    assert reason.subject == "stock/snapshot"


# next available


@pytest.mark.parametrize(
    ("pools_", "dates", "expected"),
    [
        ({BOOT: 2, LACE: 1}, {BOOT: 3}, None),
        ({BOOT: 1, LACE: 1}, {BOOT: 3}, 3),
        ({BOOT: 0, LACE: 0}, {BOOT: 3, LACE: 5}, 5),
        ({BOOT: 0, LACE: 0}, {BOOT: 3}, None),
        ({}, {BOOT: 3, LACE: 2}, 3),
        ({}, {BOOT: 2, LACE: 3}, 3),
        ({BOOT: 0, LACE: 1}, {BOOT: 0}, None),
        ({BOOT: 0, LACE: 1}, {BOOT: -3}, None),
    ],
)
def test_a_unit_is_back_when_the_last_part_of_it_is(
    pools_: dict[SkuKey, int], dates: dict[SkuKey, int], expected: int | None
) -> None:
    """A date that has passed, and a part without one, say nothing."""

    def day(later: int) -> LocalDate:
        return LocalDate(date.fromordinal(TODAY.toordinal() + later))

    found = next_available(
        tables().units[PACK], pools_, {sku: day(n) for sku, n in dates.items()}, today=TODAY
    )

    assert found == (None if expected is None else day(expected))


def test_a_plan_says_when_what_is_out_comes() -> None:
    """Of units that show nothing, where Prima says a date."""
    soon = LocalDate(date.fromordinal(TODAY.toordinal() + 9))
    rows = (FreeStockRow(BOOT, Decimal(3)), FreeStockRow(LACE, Decimal(0), soon))
    plan = planned(evolve(stock({}, LEVELS), rows=rows))

    assert plan.expected == (ExpectedUnit(LEVELS[2].product, OroSku("L"), UnitCode("each"), soon),)
    assert planned(stock({BOOT: 0, LACE: 0}, LEVELS)).expected == ()


# explained


def why(key: UnitKey, snapshot: StockSnapshot, **changes: Any) -> list[str]:
    rule = evolve(StockPolicy(), **changes)
    return explanation_text(
        explain_stock(key, snapshot, rule, versions={"units": "7f"})
    ).splitlines()


def test_a_level_is_explained_by_the_plan_s_own_rules() -> None:
    """Pools with their buffers, in what order units are served, and what becomes of the level."""
    order = an_order(lines=(a_line(quantity=Decimal(2)),))
    snapshot = stock({BOOT: 20, LACE: 5}, LEVELS, orders=(order,))

    assert why(CASE, snapshot, buffer=Decimal(1)) == [
        "stock.plan_stock (unit B/case) = 5 becomes 2",
        "  row units @7f[B/case]: components 6 of BOOT-F-070",
        "  row served[B/case]: made_of 6 of BOOT-F-070, gets 2, pools 3 units share the pools",
        "  row served[B/each]: made_of 1 of BOOT-F-070, gets 5, pools 3 units share the pools",
        "  row served[L/each]: made_of 1 of LACE, gets 4, pools alone",
        "  stock.pool (sku BOOT-F-070) = 17",
        "    row buffers[largest]: counts 1, fixed 1, percent 0 %, days 0 x 0",
        "    row sums[pool]: free 20, in_flight 2, buffer 1",
        "  stock.pool (sku LACE) = 4",
        "    row buffers[largest]: counts 1, fixed 1, percent 0 %, days 0 x 0",
        "    row sums[pool]: free 5, in_flight 0, buffer 1",
    ]


def test_a_level_that_is_left_alone_is_explained_too() -> None:
    """Not in the table, not in the shop, refused, held back, under way."""
    usual = stock({BOOT: 20, LACE: 5}, LEVELS)
    strange = (OroSku("Z"), UnitCode("each"))

    assert why(strange, usual) == [
        "stock.plan_stock (unit Z/each) = the shop has no such level",
        "  row units @7f[Z/each]: no such row",
    ]
    assert why(PACK, usual)[0].endswith("= the shop has no such level")
    assert why(EACH, stock({BOOT: 35, LACE: 5}, LEVELS))[0].endswith("= 5 stays")
    assert "refused: linked share 0.5000" in why(EACH, stock({BOOT: 35}, LEVELS))[0]
    band = {"max_rise_percent": Decimal(1), "band_from": Decimal(1)}
    assert (
        "5 stays; rise-outside-band: from 5 to 50"
        in why((OroSku("L"), UnitCode("each")), stock({BOOT: 35, LACE: 50}, LEVELS), **band)[0]
    )
    busy = evolve(usual, outstanding=frozenset({OroLevelId("2")}))
    assert "  not B/case: left as it is, 5 are shown" in why(CASE, busy)


def test_a_sku_that_is_gone_is_explained_as_none() -> None:
    """And with old figures it is not gone."""
    marks = {LACE: StockMark(LACE, NOW - timedelta(hours=9), 5)}
    part = evolve(stock({BOOT: 35}, LEVELS), marks=marks, accept_anyway=True)
    lace = (OroSku("L"), UnitCode("each"))
    old = evolve(part, rows_at=NOW - timedelta(hours=2))

    assert why(lace, part)[0].endswith("= 5 becomes 0")
    assert "  stock.pool (sku LACE) = 0" in why(lace, part)
    assert why(lace, old)[0].endswith("= 5 stays; stock-stale: 120 min old; the limit is 60 min")
    assert "  not L/each: left as it is, 5 are shown" in why(lace, old)


@given(st.integers(0, 99), st.integers(0, 99), st.sampled_from([EACH, CASE, PACK]))
def test_explaining_stock_is_planning_it(boots: int, laces: int, key: UnitKey) -> None:
    """The figure that is explained is the figure that is planned."""
    levels = [*LEVELS, a_level(4, "B", "pack", 7)]
    snapshot = stock({BOOT: boots, LACE: laces}, levels)
    plan = plan_stock(snapshot, StockPolicy())
    planned_ = {(c.sku, c.unit): int(c.quantity) for c in plan.commands}
    shown = {(level.sku, level.unit): int(level.quantity) for level in levels}
    text = "\n".join(why(key, snapshot))

    assert f"row served[{'/'.join(key)}]" in text
    assert f"gets {planned_.get(key, shown[key])}," in text.split(f"served[{'/'.join(key)}]")[1]


def test_units_that_share_stock_are_a_family() -> None:
    """Directly or through others."""
    assert sharing_units(EACH, tables().units) == set(tables().units)
    alone = {
        EACH: tables().units[EACH],
        (OroSku("L"), UnitCode("each")): (Component(LACE, Fraction(1)),),
    }
    assert sharing_units(EACH, alone) == {EACH}
