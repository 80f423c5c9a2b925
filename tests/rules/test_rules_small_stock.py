"""Small runs of stock: what a full run would write, restricted to whole pools."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.ids import OroLevelId, OroProductId, OroSku, UnitCode
from oro_prima.mapping import Component, StockMode, StockPolicy
from oro_prima.mapping.tables import UnitKey
from oro_prima.oro.models import InventoryLevel
from oro_prima.plans import StockSnapshot, WholePools, plan_pools, plan_stock, whole_pools
from oro_prima.plans.pools import skus_of
from oro_prima.prima.models import FreeStockRow
from oro_prima.reasons import ReasonCode
from oro_prima.records import LineDemand, StockMark
from oro_prima.values import SkuKey
from tests.rules.making import BOOT, LACE, NOW, a_level, stock, tables

PRODUCTS, UNITS = "ABCDE", "xyz"
SKUS = [SkuKey(f"P{n}") for n in range(6)]
ANY = StockPolicy(min_linked_share=Decimal(0))

Table = Mapping[UnitKey, tuple[Component, ...]]
keys = st.tuples(st.sampled_from(PRODUCTS).map(OroSku), st.sampled_from(UNITS).map(UnitCode))
parts = st.lists(
    st.builds(Component, st.sampled_from(SKUS), st.integers(1, 6).map(Fraction)),
    min_size=1, max_size=2, unique_by=lambda part: part.sku,
).map(tuple)  # fmt: skip
unit_tables = st.dictionaries(keys, parts, max_size=9)
lines = st.lists(
    st.builds(LineDemand, keys.map(lambda key: key[0]), st.sampled_from([*UNITS, "w"]).map(UnitCode),
              st.integers(1, 9).map(Decimal)),
    max_size=5,
).map(tuple)  # fmt: skip
rules = st.builds(
    StockPolicy,
    mode=st.sampled_from(StockMode),
    buffer=st.integers(0, 3).map(Decimal),
    min_linked_share=st.just(Decimal(0)),
    max_rise_percent=st.sampled_from([Decimal(0), Decimal(50)]),
    band_from=st.just(Decimal(2)),
    unit_order=st.sampled_from([(), (UnitCode("y"),)]),
)


@st.composite
def snapshots(draw: st.DrawFn) -> StockSnapshot:
    """Levels of every unit, also of one that no table knows; rows of some SKUs."""
    rows = draw(st.dictionaries(st.sampled_from(SKUS), st.integers(-2, 40)))
    levels = [
        InventoryLevel(
            OroLevelId(str(number)), Decimal(draw(st.integers(0, 20))), OroProductId(sku),
            OroSku(sku), UnitCode(unit), inventory_status="in_stock",
            conversion_rate=draw(st.sampled_from([None, Decimal(2)])),
        )
        for number, (sku, unit) in enumerate([(s, u) for s in PRODUCTS for u in (*UNITS, "w")], 1)
    ]  # fmt: skip
    return StockSnapshot(
        NOW,
        tuple(FreeStockRow(sku, Decimal(free)) for sku, free in rows.items()),
        tuple(levels),
        evolve(tables(), units=draw(unit_tables)),
        sold=draw(lines),
        outstanding=draw(st.frozensets(st.integers(1, 20).map(str).map(OroLevelId), max_size=2)),
        let_go=draw(st.frozensets(keys, max_size=2)),
    )


def only(snapshot: StockSnapshot, asked: WholePools) -> StockSnapshot:
    """What a small run reads: rows of the SKUs, levels of the products."""
    products = {sku for sku, _unit in asked.units}
    return evolve(
        snapshot,
        rows=tuple(row for row in snapshot.rows if row.sku in asked.skus),
        levels=tuple(level for level in snapshot.levels if level.sku in products),
    )


@given(snapshots(), st.frozensets(st.sampled_from(SKUS), max_size=3), rules)
def test_a_small_run_writes_what_a_full_one_would(
    snapshot: StockSnapshot, skus: frozenset[SkuKey], rule: StockPolicy
) -> None:
    """The same commands, in the same order, and the same reasons; nothing of other pools."""
    asked = whole_pools(skus, snapshot.tables.units)
    small, full = plan_pools(only(snapshot, asked), rule, asked=asked), plan_stock(snapshot, rule)
    products = {sku for sku, _unit in asked.units}

    assert small.decreases == tuple(c for c in full.decreases if (c.sku, c.unit) in asked.units)
    assert small.increases == tuple(c for c in full.increases if (c.sku, c.unit) in asked.units)
    assert small.statuses == tuple(c for c in full.statuses if c.sku in products)
    assert set(small.reasons) <= set(full.reasons)
    told_more = plan_pools(snapshot, rule, asked=asked)
    assert (told_more.commands, told_more.statuses) == (small.commands, small.statuses)
    assert (told_more.low, told_more.skus_missing) == (small.low, small.skus_missing)
    assert small.low == tuple(sku for sku in full.low if sku in asked.skus)
    assert (small.accepted, small.refused, small.marks) == (None, None, ())
    assert small.skus_planned + small.skus_unchanged + small.skus_missing == len(asked.skus)


@given(snapshots(), st.frozensets(st.sampled_from(SKUS), max_size=3))
def test_a_small_run_never_promises_twice(snapshot: StockSnapshot, skus: frozenset[SkuKey]) -> None:
    """After it no SKU that it was told of is promised beyond its pool; what is unknown may fall."""
    quiet = evolve(snapshot, sold=(), outstanding=frozenset[OroLevelId]())
    asked = whole_pools(skus, quiet.tables.units)
    plan = plan_pools(only(quiet, asked), ANY, asked=asked)
    now = {c.level: c.quantity for c in plan.commands}
    free = {row.sku: row.available for row in quiet.rows if row.sku in asked.skus}
    shown: dict[SkuKey, Fraction] = {}
    absent: set[SkuKey] = set()
    for level in quiet.levels:
        made_of = quiet.tables.units.get((level.sku, level.unit), ())
        for part in made_of:
            count = Fraction(now.get(level.id, level.quantity)) * part.count
            shown[part.sku] = shown.get(part.sku, Fraction(0)) + count
            if any(other.sku not in free for other in made_of):
                absent.add(part.sku)

    assert all(
        shown.get(sku, Fraction(0)) <= max(Fraction(0), Fraction(free[sku]))
        for sku in free.keys() - absent
    )


@given(unit_tables, st.frozensets(st.sampled_from(SKUS), max_size=3))
def test_pools_are_whole(table: Table, skus: frozenset[SkuKey]) -> None:
    """No unit outside shares a SKU or a product with one inside; asking again adds nothing."""
    asked = whole_pools(skus, table)
    inside = {key: parts for key, parts in table.items() if key in asked.units}

    assert {part.sku for parts in inside.values() for part in parts} == asked.skus
    assert not {key[0] for key in inside} & {key[0] for key in table.keys() - inside.keys()}
    for key in table.keys() - inside.keys():
        assert not {part.sku for part in table[key]} & (asked.skus | skus)
    assert whole_pools(asked.skus, table) == asked


def asked_of(*skus: SkuKey) -> WholePools:
    return whole_pools(skus, tables().units)


def test_an_absent_sku_is_unknown_however_often() -> None:
    """A full run would set it to 0; a small one leaves every level that it is part of."""
    levels = (a_level(1, "B", "each", 5), a_level(2, "B", "pack", 5), a_level(3, "L", "each", 5))
    marks = {LACE: StockMark(LACE, NOW - timedelta(days=3), 9)}
    snapshot = stock({BOOT: 20}, levels, marks=marks)
    plan = plan_pools(snapshot, StockPolicy(), asked=asked_of(BOOT))

    changed = [(c.unit, c.quantity) for c in plan.commands]  # the packs keep 10
    assert changed == [(UnitCode("each"), Decimal(10))]
    assert plan.marks == tuple(marks.values())
    assert (plan.skus_read, plan.skus_missing, plan.refused) == (1, 1, None)
    assert {c.quantity for c in plan_stock(snapshot, ANY).commands if c.sku == "L"} == {0}


def test_an_answer_that_holds_too_little_of_what_was_asked_gives_no_command() -> None:
    """Judged by what was asked for and not missing before; a person's word counts."""
    snapshot = stock({BOOT: 20}, (a_level(1, "B", "each", 5),))
    plan = plan_pools(snapshot, StockPolicy(), asked=asked_of(BOOT))

    assert plan.refused is not None
    assert (plan.refused.linked_share, plan.commands) == (Decimal("0.5"), ())
    assert plan.skus_unchanged == plan.skus_missing == 1
    anyway = evolve(snapshot, accept_anyway=True)
    assert plan_pools(anyway, StockPolicy(), asked=asked_of(BOOT)).commands
    assert plan_pools(snapshot, ANY, asked=WholePools()).refused is None


def test_with_old_figures_a_small_run_raises_nothing() -> None:
    """As a full one."""
    levels = (a_level(1, "B", "each", 5), a_level(3, "L", "each", 5))
    snapshot = stock({BOOT: 20, LACE: 2}, levels, rows_at=NOW - timedelta(hours=2))
    plan = plan_pools(snapshot, StockPolicy(), asked=asked_of(BOOT))

    assert [(c.sku, c.quantity) for c in plan.commands] == [(OroSku("L"), Decimal(2))]
    assert ReasonCode.STOCK_STALE in {reason.code for reason in plan.reasons}


def test_what_lines_may_take() -> None:
    """Of a unit that the table lacks: whatever the product's other units are made of."""
    one = LineDemand(OroSku("L"), UnitCode("each"), Decimal(1))
    units = tables().units

    assert skus_of([one], units) == {LACE}
    assert skus_of([evolve(one, unit=UnitCode("reel"))], units) == {LACE}
    assert skus_of([evolve(one, sku=OroSku("B"), unit=UnitCode("box"))], units) == {BOOT, LACE}
    assert skus_of([evolve(one, sku=OroSku("?"))], units) == frozenset()


def test_low_is_what_can_still_be_promised() -> None:
    """Not what is gone: that cannot be oversold."""
    levels = (a_level(1, "B", "each", 5), a_level(3, "L", "each", 5))

    assert plan_stock(stock({BOOT: 4, LACE: 0}, levels), StockPolicy()).low == (BOOT,)
    assert plan_stock(stock({BOOT: 5, LACE: 1}, levels), StockPolicy()).low == (LACE,)
