"""Reading orders: batches of what is open, then a sweep by id. Nothing here writes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from attrs import evolve, field, frozen

from oro_prima.call import Call, Page, each
from oro_prima.ids import OroOrderId
from oro_prima.mapping.tables import Tables
from oro_prima.oro.calls.orders import list_order_lines, list_orders_by_id, sweep_orders
from oro_prima.oro.models.orders import Order
from oro_prima.plans.snapshots import OrderSnapshot
from oro_prima.records import ExceptionRecord, Flow, Home, RecordState
from oro_prima.sync.run import FlowRun

PAGE = 100
OPEN_HOMES = (Home.WAITING, Home.HELD)


@frozen
class OrderBatch:
    """A snapshot, and the highest order id that has a home once it is applied; 0 for none."""

    snapshot: OrderSnapshot
    reached: int = 0


@frozen
class _Seen:
    """Orders read earlier in this run; their pages are young enough to count as read."""

    ids: set[OroOrderId] = field(factory=set[OroOrderId])


def gather_orders(run: FlowRun) -> Iterator[OrderBatch]:
    """
    Read orders batch by batch.

    Open and unposted ones again by id, then every order above the watermark less the overlap.

    What this cannot see: on servers without an internal status (5.1) a cancellation; on all, an
    order that appears with an id more than `id_overlap` below the highest one already read.
    """
    seen = _Seen()
    for snapshot in _open_orders(run, seen):
        yield OrderBatch(snapshot)
    yield from _sweep(run, seen)


def _open_orders(run: FlowRun, seen: _Seen) -> Iterator[OrderSnapshot]:
    open_ids = [capture.order for capture in run.ports.store.captures_at(OPEN_HOMES)]
    for ids in _chunks(open_ids, PAGE):
        page = run.ports.shop.send(list_orders_by_id(run.features, ids=ids))
        seen.ids.update(ids)
        found = {order.id for order in page.items}
        vanished = tuple(order for order in ids if order not in found)
        yield _snapshot(run, page, vanished=vanished)


def _sweep(run: FlowRun, seen: _Seen) -> Iterator[OrderBatch]:
    watermark = run.ports.store.watermark()
    after = max(0, watermark.order - run.ports.run.id_overlap) if watermark else 0
    call: Call[Page[Order]] | None = sweep_orders(run.features, after=after, size=PAGE)
    while call is not None:
        page = run.ports.shop.send(call)
        run.keep_lease()
        reached = max((number(order.id) for order in page.items), default=0)
        fresh = tuple(order for order in page.items if order.id not in seen.ids)
        yield OrderBatch(_snapshot(run, evolve(page, items=fresh)), reached)
        call = page.next


def _snapshot(
    run: FlowRun, page: Page[Order], *, vanished: Sequence[OroOrderId] = ()
) -> OrderSnapshot:
    orders = tuple(with_all_lines(run, order) for order in page.items)
    ids = [order.id for order in orders] + list(vanished)
    store = run.ports.store
    return OrderSnapshot(
        now=page.server_now or run.now(),
        orders=orders,
        tables=current_tables(run),
        vanished=tuple(vanished),
        captures=store.captures(ids),
        states=store.states(ids),
        held=_records(run, ids),
    )


def current_tables(run: FlowRun) -> Tables:
    """Return the configured tables with the links that are approved now."""
    return evolve(run.ports.tables, links=run.ports.store.links())


def with_all_lines(run: FlowRun, order: Order) -> Order:
    """Read an order's lines from the child resource where its own list may be cut."""
    if order.lines_complete:
        return order
    lines = tuple(each(run.ports.shop, list_order_lines(run.features, order=order.id)))
    complete = len(lines) >= len(order.line_ids)
    return evolve(order, lines=lines, lines_complete=complete)


def _records(run: FlowRun, ids: Iterable[OroOrderId]) -> Mapping[OroOrderId, ExceptionRecord]:
    records = ((order, run.ports.store.exception(Flow.ORDERS, f"orders/{order}")) for order in ids)
    return {
        order: record
        for order, record in records
        if record is not None and record.state is not RecordState.RESOLVED
    }


def new_orders(run: FlowRun, *, after: int) -> tuple[tuple[Order, ...], datetime]:
    """Read every order above id `after`, without lag, and the instant by the run's clock before."""
    began = run.now()
    orders = each(run.ports.shop, sweep_orders(run.features, after=after, size=PAGE))
    return tuple(with_all_lines(run, order) for order in orders), began


def number(order: OroOrderId) -> int:
    """Return an order id as the integer it is; 0 where it is none, so that nothing is skipped."""
    return int(order) if order.isascii() and order.isdigit() else 0


def _chunks(items: Sequence[OroOrderId], size: int) -> Iterator[Sequence[OroOrderId]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
