"""Reading the stock of some pools alone: what was sold, what is low, what a person lets rise."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from oro_prima.mapping.policy import StockPolicy
from oro_prima.mapping.tables import UnitTable
from oro_prima.oro.models.stock import InventoryLevel
from oro_prima.plans.pools import WholePools, skus_of, skus_of_products, whole_pools
from oro_prima.plans.scopes import OfProducts
from oro_prima.plans.shelves import add_up
from oro_prima.plans.snapshots import StockSnapshot
from oro_prima.prima.calls.stock import free_stock_batches
from oro_prima.prima.models.stock import FreeStockRow
from oro_prima.records import Flow
from oro_prima.sync.gather import current_tables
from oro_prima.sync.gather_stock import StockReading, let_go, look_after_operations
from oro_prima.sync.keeping import recall
from oro_prima.sync.levels import levels_of, nameable
from oro_prima.sync.neighbours import Neighbours, levels_with
from oro_prima.sync.run import FlowRun
from oro_prima.sync.sold import sold_in_flight, sold_uncaptured
from oro_prima.values import SkuKey, local_date

LOW = "state/low"


@frozen
class LowStock:
    """The SKUs that were low when all stock was last published."""

    skus: tuple[SkuKey, ...]


def read_small_stock(
    run: FlowRun, policy: StockPolicy, neighbours: Neighbours
) -> tuple[StockReading, WholePools]:
    """
    Read the pools that a small run looks at, in the order that never promises what is sold.

    Orders are read twice: before Prima, to know which SKUs to ask for, and after it, so that one
    that came in between is in flight. Where there is nothing to ask, neither Prima nor levels are
    read. What other shops of the pool sold is asked for as what this one did.
    """
    units = current_tables(run).units
    chosen = _chosen(run, policy, units) | _chosen_there(policy, neighbours)
    return _read_pools(run, policy, neighbours, chosen)


def read_product_stock(
    run: FlowRun, policy: StockPolicy, neighbours: Neighbours, products: OfProducts
) -> tuple[StockReading, WholePools]:
    """Read the pools that these products take from, whatever else takes from them too."""
    units = current_tables(run).units
    return _read_pools(run, policy, neighbours, skus_of_products(products.skus, units))


def _read_pools(
    run: FlowRun, policy: StockPolicy, neighbours: Neighbours, skus: Iterable[SkuKey]
) -> tuple[StockReading, WholePools]:
    """Read whole pools: Prima first, then every order, then levels; some cannot be named."""
    outstanding = look_after_operations(run)
    tables = current_tables(run)
    asked = _nameable(skus, tables.units)
    began = run.now()
    rows = _rows(run, asked)
    window_began = run.now()
    sold = sold_uncaptured(run)
    captured = sold_in_flight(run, policy, began)
    shops = neighbours.read(policy, levels_with(asked.skus))
    snapshot = StockSnapshot(
        now=began,
        rows=rows,
        levels=_levels(run, asked),
        tables=tables,
        sold=add_up((*sold.lines, *captured)),
        marks={mark.sku: mark for mark in run.ports.store.marks()},
        outstanding=outstanding,
        let_go=let_go(run),
        others=tuple(shop.found for shop in shops),
        share_before=neighbours.share_before,
        unread=tuple(neighbours.unread),
    )
    return StockReading(snapshot, sold.newest, window_began, shops), asked


def _chosen(run: FlowRun, policy: StockPolicy, units: UnitTable) -> frozenset[SkuKey]:
    """Return the SKUs of orders in flight or just accepted, the low ones, and those let go."""
    fresh = sold_uncaptured(run).lines
    taken = sold_in_flight(run, policy, run.now() - policy.recent)
    freed = let_go(run)
    of_freed = {part.sku for key in freed for part in units.get(key, ())}
    kept = run.ports.store.kept(Flow.STOCK, (LOW,)).get(LOW)
    low = recall(kept, LowStock).skus if kept is not None else ()
    return skus_of((*fresh, *taken), units) | of_freed | frozenset(low)


def _chosen_there(policy: StockPolicy, neighbours: Neighbours) -> frozenset[SkuKey]:
    sold = neighbours.sold(policy)
    return frozenset(sku for lines, units in sold for sku in skus_of(lines, units))


def _nameable(skus: Iterable[SkuKey], units: UnitTable) -> WholePools:
    """Return the whole pools of SKUs, without those of products that no filter can name."""
    odd = [parts for (sku, _unit), parts in units.items() if not nameable(sku)]
    unnamed = whole_pools((part.sku for parts in odd for part in parts), units).skus
    return whole_pools((sku for sku in skus if sku not in unnamed), units)


def _rows(run: FlowRun, asked: WholePools) -> tuple[FreeStockRow, ...]:
    ports, found = run.ports, list[FreeStockRow]()
    run.tell("reading Prima's free stock", total=len(asked.skus))
    calls = free_stock_batches(
        sorted(asked.skus, key=lambda sku: sku.folded),
        profile=ports.profile,
        company=ports.pair.company,
        today=local_date(run.now(), ports.zone),
    )
    for call in calls:
        found += ports.erp.send(call)
        run.keep_lease()
    return tuple(found)


def _levels(run: FlowRun, asked: WholePools) -> tuple[InventoryLevel, ...]:
    run.tell("reading OroCommerce's levels")
    return levels_of(run, {sku for sku, _unit in asked.units})
