"""Planning stock levels against comparing figures."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from functools import partial

from benchmarks.floors import Figure, compare_figures
from benchmarks.measuring import Row, compare, growth
from oro_prima.ids import OroLevelId, OroProductId, OroSku, PrimaCompany, UnitCode
from oro_prima.mapping import Component, StockPolicy, Tables
from oro_prima.oro.models import InventoryLevel
from oro_prima.plans import StockSnapshot, plan_stock
from oro_prima.prima.models import FreeStockRow
from oro_prima.values import SkuKey

EACH = UnitCode("each")
NOW = datetime(2031, 5, 4, tzinfo=UTC)
FLOOR = "one side indexed, the other compared"


def make_stock(count: int, *, every: int) -> StockSnapshot:
    """Return so many SKUs with a level each, of which every so-manieth differs."""
    codes = [(f"P{n // 30}", "F", str(n % 30)) for n in range(count)]
    rows = tuple(FreeStockRow(SkuKey(*key), Decimal(n % 50)) for n, key in enumerate(codes))
    units = {
        (OroSku(f"S{n}"), EACH): (Component(SkuKey(*key), Fraction(1)),)
        for n, key in enumerate(codes)
    }
    levels = tuple(_level(n, changed=n % every == 0) for n in range(count))
    return StockSnapshot(NOW, rows, levels, Tables(PrimaCompany("1"), units=units))


def _level(n: int, *, changed: bool) -> InventoryLevel:
    quantity, product = Decimal(n % 50 + changed), OroProductId(str(n))
    status = "in_stock" if n % 50 else "out_of_stock"
    return InventoryLevel(
        OroLevelId(str(n)), quantity, product, OroSku(f"S{n}"), EACH, Decimal(1), status
    )


def figures_of(snapshot: StockSnapshot) -> tuple[list[Figure], list[Figure]]:
    """Return both sides' figures as the floor compares them."""
    rows = [(row.sku.folded, row.available) for row in snapshot.rows]
    shown = [
        (row.sku.folded, level.quantity)
        for row, level in zip(snapshot.rows, snapshot.levels, strict=True)
    ]
    return rows, shown


def rows() -> dict[str, Row]:
    """Measure a quiet run, where one level in twenty differs, and one where all do."""
    found: dict[str, Row] = {}
    for name, every in (("one in 20 changed", 20), ("all changed", 1)):
        small, large = make_stock(5400, every=every), make_stock(54_000, every=every)
        figures, shown = figures_of(small)
        plan = partial(plan_stock, small, StockPolicy())
        ratio, spread = compare(partial(compare_figures, figures, shown), plan)
        grown = growth(plan, partial(plan_stock, large, StockPolicy()))
        found[f"plan: levels compared and planned, {name}"] = Row(
            ratio, FLOOR, spread, growth=grown
        )
    return found
