"""Reading stock: Prima's snapshot first, then what was sold, then OroCommerce's levels."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from attrs import evolve, frozen

from oro_prima.call import each
from oro_prima.errors import RejectedError
from oro_prima.ids import OroLevelId, OroOperationId, OroSku, PrimaCompany, UnitCode
from oro_prima.mapping.policy import PrimaReserves, StockPolicy
from oro_prima.mapping.tables import Tables, UnitTable
from oro_prima.oro.calls.batch import get_operation
from oro_prima.oro.calls.stock import list_levels
from oro_prima.oro.models.orders import Order
from oro_prima.plans.captures import capture_unread
from oro_prima.plans.snapshots import OrderSnapshot, StockSnapshot, UnreadOrder
from oro_prima.prima.calls.stock import free_stock
from oro_prima.records import Capture, Flow, Home, RecordState
from oro_prima.sync.gather import NewOrders, current_tables, new_orders
from oro_prima.sync.run import FlowRun
from oro_prima.values import SkuKey, local_date

IN_FLIGHT = (Home.WAITING, Home.HELD, Home.IN_DOUBT)
CLOCK_MARGIN = timedelta(seconds=2)
"""A server tells its time in whole seconds, so two runs may stamp one instant a second apart."""
TAKES_STOCK = frozenset({*IN_FLIGHT, Home.POSTED})


@frozen
class StockReading:
    """A snapshot, the highest order id it knows of, and when reading orders began."""

    snapshot: StockSnapshot
    newest: int
    window_began: datetime


def gather_stock(run: FlowRun, policy: StockPolicy) -> StockReading:
    """
    Read both sides in the order that never promises what is sold.

    `t0`, then Prima's free stock, then every order without lag, then OroCommerce's levels: an order
    that came in between is in flight, never forgotten.
    """
    ports, store = run.ports, run.ports.store
    outstanding = look_after_operations(run)
    began = run.now()
    run.tell("reading Prima's free stock")
    call = free_stock(
        profile=ports.profile,
        company=ports.pair.company,
        today=local_date(began, ports.zone),
        timeout=ports.snapshot_timeout.total_seconds(),
        cap=ports.answer_cap,
    )
    with run.patient(ports.snapshot_timeout):
        rows = ports.erp.send(call)
    run.keep_lease()
    sold = uncaptured_orders(run)
    captures = captures_in_flight(run, policy, began) + unread_captures(sold.unread, began)
    run.tell("reading OroCommerce's levels")
    refused = store.refused_snapshot()
    snapshot = StockSnapshot(
        now=began,
        rows=rows,
        levels=tuple(each(ports.shop, list_levels())),
        tables=current_tables(run),
        orders=sold.orders,
        captures=captures,
        marks={mark.sku: mark for mark in store.marks()},
        outstanding=outstanding,
        accept_anyway=refused is not None and bool(refused.accepted_by),
        let_go=_let_go(run),
    )
    return StockReading(snapshot, sold.newest, sold.began)


def _let_go(run: FlowRun) -> frozenset[tuple[OroSku, UnitCode]]:
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


def uncaptured_orders(run: FlowRun) -> NewOrders:
    """
    Read the orders that no capture covers yet and that may take stock.

    An order that came from the ERP takes none; a main order takes it through its sub-orders;
    everything else counts, also what will turn out to be cancelled: promising too little heals by
    itself.
    """
    watermark = run.ports.store.watermark()
    reached = watermark.order if watermark else 0
    sold = new_orders(run, after=max(0, reached - run.ports.run.id_overlap))
    ids = [*(order.id for order in sold.orders), *(order.id for order in sold.unread)]
    known = run.ports.store.captures(ids)
    fresh = tuple(o for o in sold.orders if o.id not in known and takes_stock(run, o))
    unread = tuple(order for order in sold.unread if order.id not in known)
    return evolve(sold, orders=fresh, unread=unread, newest=max(sold.newest, reached))


def unread_captures(unread: Iterable[UnreadOrder], now: datetime) -> tuple[Capture, ...]:
    """Return what orders that cannot be read take, as far as their lines can be read."""
    empty = OrderSnapshot(now, (), Tables(PrimaCompany("")))
    return tuple(capture_unread(order, empty) for order in unread)


def takes_stock(run: FlowRun, order: Order) -> bool:
    """Tell whether an order that is not captured yet may take stock off Prima."""
    cut_over = run.ports.store.cut_over()
    before = cut_over is not None and order.created_at < cut_over.start_at
    return not (order.external or order.sub_orders or before)


def captures_in_flight(run: FlowRun, policy: StockPolicy, began: datetime) -> tuple[Capture, ...]:
    """Return the captured orders whose goods Prima may not have taken off its figure yet."""
    store = run.ports.store
    found = {capture.order: capture for capture in store.captures_at(IN_FLIGHT)}
    if policy.prima_reserves is PrimaReserves.RELEASE:
        found |= {capture.order: capture for capture in store.captures_at((Home.POSTED,))}
    else:
        found |= store.captures(store.accepted_since(began - CLOCK_MARGIN))
    return tuple(capture for capture in found.values() if capture.home in TAKES_STOCK)


def pools_of(skus: Iterable[SkuKey], units: UnitTable) -> frozenset[tuple[OroSku, UnitCode]]:
    """
    Return every product unit that shares stock, directly or through others, with one of `skus`.

    >>> pools_of((), {})
    frozenset()
    """
    by_sku: dict[SkuKey, list[tuple[OroSku, UnitCode]]] = {}
    for key, components in units.items():
        for component in components:
            by_sku.setdefault(component.sku, []).append(key)
    todo, seen = list(skus), set[SkuKey]()
    found: set[tuple[OroSku, UnitCode]] = set()
    while todo:
        sku = todo.pop()
        if sku in seen:
            continue
        seen.add(sku)
        for key in by_sku.get(sku, ()):
            found.add(key)
            todo.extend(component.sku for component in units[key])
    return frozenset(found)
