"""`map_stock`: Prima's free stock to the levels of OroCommerce. No network, no store, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from oro_prima.ids import OroOrderId
from oro_prima.mapping.tables import Tables
from oro_prima.oro.models.stock import InventoryLevel
from oro_prima.oro.models.trees import parse_levels
from oro_prima.plans.snapshots import StockSnapshot
from oro_prima.plans.stock import StockPlan, plan_stock
from oro_prima.prima.models.stock import FreeStockRow
from oro_prima.records import Capture, Home, LineDemand
from oro_prima.steps.reading import (
    StepInputError,
    policies_of,
    read_input,
    reason_rows,
    trees_of,
    write_output,
)
from oro_prima.steps.shapes import (
    Document,
    LevelRow,
    MapStockInput,
    MapStockOutput,
    StockView,
)
from oro_prima.values import SkuKey


def map_stock(document: Mapping[str, object]) -> dict[str, object]:
    """
    Plan levels: `MapStockInput` in, `MapStockOutput` out, both as JSON values.

    Marks of absent SKUs need a store, so here an absent SKU keeps its level.

    Raises:
        StepInputError: names every fault of the document.
    """
    given = read_input(document, MapStockInput)
    policies = policies_of(given.policy)
    snapshot = snapshot_of(given, policies.tables)
    return write_output(_output(plan_stock(snapshot, policies.stock)))


def snapshot_of(given: MapStockInput | StockView, tables: Tables) -> StockSnapshot:
    """
    Return what the plan of stock looks at.

    Raises:
        StepInputError: names the answers of OroCommerce that cannot be read.
    """
    return StockSnapshot(
        now=given.now,
        rows=tuple(
            FreeStockRow(SkuKey(row.product, row.m1, row.m2, row.m3, row.m4), row.available)
            for row in given.rows
        ),
        levels=tuple(_levels(given.levels)),
        tables=tables,
        captures=(_sold(given),) if given.in_flight else (),
        rows_at=given.rows_at,
    )


def _levels(documents: Iterable[Document]) -> Iterable[InventoryLevel]:
    for number, document in enumerate(documents):
        trees = trees_of(document, f"levels[{number}]")
        try:
            yield from parse_levels(trees)
        except ValueError as exc:
            raise StepInputError((f"levels[{number}]: {exc}",)) from None


def _sold(given: MapStockInput | StockView) -> Capture:
    """Take what is in flight as one order of its own."""
    lines = tuple(LineDemand(row.sku, row.unit, row.quantity) for row in given.in_flight)
    return Capture(
        order=OroOrderId("0"),
        created_at=given.now,
        currency="",
        gross=None,
        vat=None,
        home=Home.WAITING,
        reason="",
        first_read=given.now,
        last_read=given.now,
        intent_hash="",
        lines=lines,
    )


def _output(plan: StockPlan) -> MapStockOutput:
    outcome = plan.refused or plan.accepted
    return MapStockOutput(
        levels=tuple(
            LevelRow(c.level, c.sku, c.unit, c.quantity, c.previous) for c in plan.commands
        ),
        refused=plan.refused is not None,
        linked_share=Decimal(0) if outcome is None else outcome.linked_share,
        skus_read=plan.skus_read,
        skus_planned=plan.skus_planned,
        skus_unchanged=plan.skus_unchanged,
        skus_unlinked=plan.skus_unlinked,
        skus_missing=plan.skus_missing,
        reasons=reason_rows(plan.reasons),
    )
