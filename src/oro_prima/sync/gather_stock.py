"""Reading stock: Prima's snapshot first, then what was sold, then OroCommerce's levels."""

from __future__ import annotations

from datetime import datetime

from attrs import frozen

from oro_prima.call import each
from oro_prima.errors import RejectedError
from oro_prima.ids import OroLevelId, OroOperationId, OroSku, UnitCode
from oro_prima.mapping.policy import StockPolicy
from oro_prima.oro.calls.batch import get_operation
from oro_prima.oro.calls.stock import list_quantities
from oro_prima.plans.shelves import add_up
from oro_prima.plans.snapshots import StockSnapshot
from oro_prima.records import Flow, RecordState
from oro_prima.sync.free_stock import all_free_stock
from oro_prima.sync.gather import current_tables
from oro_prima.sync.neighbours import Neighbours, ShopReading, every_level, neighbours_of
from oro_prima.sync.run import FlowRun
from oro_prima.sync.sold import sold_in_flight, sold_uncaptured


@frozen
class StockReading:
    """
    A snapshot, the highest order id it knows of, and when reading orders began.

    `shops` are the readings of the other shops of the pool, for looking at their sales again.
    """

    snapshot: StockSnapshot
    newest: int
    window_began: datetime
    shops: tuple[ShopReading, ...] = ()


def gather_stock(run: FlowRun, policy: StockPolicy) -> StockReading:
    """
    Read both sides in the order that never promises what is sold, for a look at them.

    Source: `read_stock`.
    """
    with neighbours_of(run) as neighbours:
        return read_stock(run, policy, neighbours)


def read_stock(run: FlowRun, policy: StockPolicy, neighbours: Neighbours) -> StockReading:
    """
    Read both sides in the order that never promises what is sold.

    `t0`, then Prima's free stock, then every order without lag, then OroCommerce's levels: an order
    that came in between is in flight, never forgotten. Other shops of the pool are read as this one
    is; one that cannot be read is named.
    """
    ports, store = run.ports, run.ports.store
    outstanding = look_after_operations(run)
    began = run.now()
    run.tell("reading Prima's free stock")
    call = all_free_stock(ports, at=began)
    with run.patient(ports.snapshot_timeout):
        rows = ports.erp.send(call)
    run.keep_lease()
    window_began = run.now()
    sold = sold_uncaptured(run)
    captured = sold_in_flight(run, policy, began)
    shops = neighbours.read(policy, every_level)
    run.tell("reading OroCommerce's levels")
    refused = store.refused_snapshot()
    levels = tuple(each(ports.shop, list_quantities()))
    tables = current_tables(run)
    marks = store.marks()
    snapshot = StockSnapshot(
        now=began,
        rows=rows,
        levels=levels,
        tables=tables,
        sold=add_up((*sold.lines, *captured)),
        marks={mark.sku: mark for mark in marks},
        outstanding=outstanding,
        accept_anyway=refused is not None and bool(refused.accepted_by),
        let_go=let_go(run),
        others=tuple(shop.found for shop in shops),
        share_before=neighbours.share_before,
        unread=tuple(neighbours.unread),
    )
    return StockReading(snapshot, sold.newest, window_began, shops)


def let_go(run: FlowRun) -> frozenset[tuple[OroSku, UnitCode]]:
    """Return the product units that a person lets rise, by a retry of their record."""
    found: set[tuple[OroSku, UnitCode]] = set()
    for record in run.ports.store.exceptions((RecordState.HELD,)):
        if record.flow is Flow.STOCK and record.retry:
            _stock, _, key = record.subject.partition("/")
            sku, _, unit = key.rpartition("/")
            found.add((OroSku(sku), UnitCode(unit)))
    return frozenset(found)


def look_after_operations(run: FlowRun) -> frozenset[OroLevelId]:
    """
    Ask after batch operations of earlier runs; forget those that ended.

    Returns:
        The levels that one may still write: nobody else may write them now.
    """
    pending: set[OroLevelId] = set()
    for outstanding in run.ports.store.outstanding():
        if _has_ended(run, outstanding.operation):
            if run.lease is not None:
                with run.write() as tx:
                    tx.drop_outstanding(outstanding.operation)
        else:
            pending.update(outstanding.levels)
    return frozenset(pending)


def _has_ended(run: FlowRun, operation: OroOperationId) -> bool:
    """Tell whether an operation will write no more; one that vanished (404) has ended."""
    try:
        return run.ports.shop.send(get_operation(operation)).ended
    except RejectedError:
        return True
