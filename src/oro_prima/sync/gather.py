"""Reading orders: what is open, a sweep by id, then what changed. Nothing here writes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from attrs import evolve, frozen

from oro_prima.call import Call, Page, each
from oro_prima.errors import UnreadableError
from oro_prima.ids import OroOrderId
from oro_prima.mapping.tables import Tables
from oro_prima.oro.calls.orders import (
    list_order_lines,
    list_orders_by_id,
    list_orders_updated,
    newest_order,
    sweep_orders,
)
from oro_prima.oro.models.features import OroFeatures
from oro_prima.oro.models.orders import Order
from oro_prima.plans.captures import demand
from oro_prima.plans.snapshots import OrderSnapshot, UnreadOrder
from oro_prima.records import ExceptionRecord, Flow, Home, LineDemand, RecordState, Unread
from oro_prima.sync.known_accounts import ACCOUNTS_KEPT, LINKS_KEPT, with_known_accounts
from oro_prima.sync.late import PAGE, late_orders, overlap_of
from oro_prima.sync.run import FlowRun

LEAST_WINDOW = timedelta(hours=1)
"""Of the time in which changes are looked for at once, when it is long."""
MOST_WINDOWS = 48
"""So many requests at most are spent on a long time in which nothing changed."""
OPEN_HOMES = (Home.WAITING, Home.HELD)


@frozen
class OrderBatch:
    """
    A snapshot, and how far the flow has read once all of it has a home.

    `reached` is the highest order id, 0 for none; `changed_until` the instant up to which changes
    were read, None where this batch does not end a window; `missing` are orders that were asked for
    by name, are not there, and never were as far as is known.
    """

    snapshot: OrderSnapshot
    reached: int = 0
    changed_until: datetime | None = None
    missing: tuple[OroOrderId, ...] = ()


def gather_orders(run: FlowRun) -> Iterator[OrderBatch]:
    """
    Read orders batch by batch.

    Open and unposted ones again by id, then every order above the watermark less the overlap, then
    those that changed since the last run.

    What this cannot see: `blind_spots`; on all servers an order that appears with an id more than
    `id_overlap` below the highest one already read and an old `updatedAt`.
    """
    for ids in _open(run):
        yield OrderBatch(gather_chosen(run, ids))
    yield from _sweep(run)
    if run.features.updated_filter:
        yield from _changed(run)


def _open(run: FlowRun) -> Iterator[Sequence[OroOrderId]]:
    """Return the open orders, oldest first, a page at a time; what leaves meanwhile skips none."""
    store = run.ports.store
    part = store.captures_at(OPEN_HOMES, limit=PAGE)
    while part:
        yield tuple(capture.order for capture in part)
        whole = len(part) == PAGE
        part = store.captures_at(OPEN_HOMES, after=part[-1].order, limit=PAGE) if whole else ()


def gather_chosen(run: FlowRun, ids: Sequence[OroOrderId]) -> OrderSnapshot:
    """Read these orders, at most a hundred, as they are now."""
    page = run.ports.shop.send(list_orders_by_id(run.features, ids=ids))
    run.keep_lease()
    found = {order.id for order in page.items} | {_id_of(record) for record in page.unread}
    return gather_page(run, page, vanished=tuple(order for order in ids if order not in found))


def _sweep(run: FlowRun) -> Iterator[OrderBatch]:
    """
    Read every order above the watermark less the overlap, oldest first.

    Where edits are found by their time, only what appeared late is read of the overlap. Where a
    page is not the last one, the newest id is asked for, so that progress can be shown.
    """
    overlap = overlap_of(run)
    after = overlap.after
    if run.features.updated_filter and not overlap.is_small:
        for ids in late_orders(run, overlap):
            yield OrderBatch(gather_chosen(run, ids))
        after = overlap.reached
    call: Call[Page[Order]] | None = sweep_orders(run.features, after=after, size=PAGE)
    newest = 0
    while call is not None:
        page = run.ports.shop.send(call)
        run.keep_lease()
        reached = _highest(page)
        if page.next is not None:
            newest = max(newest or run.ports.shop.send(newest_order()), reached)
            run.tell("reading orders", done=reached - after, total=newest - after)
        yield OrderBatch(gather_page(run, page), reached)
        call = page.next


def _changed(run: FlowRun) -> Iterator[OrderBatch]:
    """
    Read what changed in closed windows that overlap the last one, by id.

    A row that changes while the pages are read leaves its window for a later one. Without an
    earlier window the first begins with the run, whose sweep read everything older. A long time is
    read in parts, so that a run that is stopped goes on where it was.
    """
    policy, watermark = run.ports.run, run.ports.store.watermark()
    before = watermark.updated_at if watermark else None
    first = (before or run.started) - policy.time_overlap
    end = max(first, run.now() - policy.lag)
    step = max(LEAST_WINDOW, (end - first) / MOST_WINDOWS)
    while True:
        last = min(end, first + step)
        yield from _window(run, first, last)
        if last == end:
            return
        first = last


def _window(run: FlowRun, first: datetime, last: datetime) -> Iterator[OrderBatch]:
    call: Call[Page[Order]] | None = list_orders_updated(
        run.features, first=_second(first), last=_second(last)
    )
    while call is not None:
        page = run.ports.shop.send(call)
        run.keep_lease()
        call = page.next
        yield OrderBatch(gather_page(run, page), 0, last if call is None else None)


def _second(instant: datetime) -> datetime:
    return instant.replace(microsecond=0)


def gather_page(
    run: FlowRun, page: Page[Order], *, vanished: Sequence[OroOrderId] = ()
) -> OrderSnapshot:
    """Read what decides on the orders of a page; `vanished` were asked for and are not on it."""
    orders = tuple(with_all_lines(run, order) for order in page.items)
    unread = unread_orders(run, page)
    ids = [*(order.id for order in orders), *(order.id for order in unread), *vanished]
    store = run.ports.store
    captures = store.captures(ids)  # first: what a person decides from here on shows by them
    entries = store.newest_entries(ids)
    held = _records(run, ids)
    tables = current_tables(run)
    return OrderSnapshot(
        now=page.server_now or run.now(),
        orders=orders,
        tables=tables,
        vanished=tuple(vanished),
        captures=captures,
        states={order: entry.state for order, entry in entries.items()},
        held=held,
        suffixes={order: entry.suffix for order, entry in entries.items() if entry.suffix},
        unread=unread,
    )


def unread_orders(run: FlowRun, page: Page[Order]) -> tuple[UnreadOrder, ...]:
    """Return the orders of a page that cannot be read, with their lines where these can."""
    return tuple(
        UnreadOrder(_id_of(record), record, _lines_alone(run, _id_of(record)))
        for record in page.unread
    )


def _id_of(record: Unread) -> OroOrderId:
    return OroOrderId(record.subject.partition("/")[2])


def _lines_alone(run: FlowRun, order: OroOrderId) -> tuple[LineDemand, ...]:
    try:
        lines = tuple(each(run.ports.shop, list_order_lines(run.features, order=order)))
    except UnreadableError:
        return ()
    return tuple(map(demand, lines))


def current_tables(run: FlowRun) -> Tables:
    """Return the configured tables with approved links, and what Prima said of accounts lately."""
    store = run.ports.store
    tables = evolve(run.ports.tables, links=store.links())
    kept = store.kept(Flow.CUSTOMERS, (ACCOUNTS_KEPT, LINKS_KEPT))
    return with_known_accounts(tables, kept, now=run.now()) if kept else tables


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


def new_orders(run: FlowRun, *, after: int) -> Iterator[NewOrders]:
    """Read every order above id `after`, a page at a time, also those that cannot be read whole."""
    call: Call[Page[Order]] | None = sweep_orders(run.features, after=after, size=PAGE)
    while call is not None:
        page = run.ports.shop.send(call)
        yield _new(run, page)
        call = page.next


def uncaptured_orders(run: FlowRun) -> Iterator[NewOrders]:
    """Read, a page at a time, every order that no capture may be of, captured ones among them."""
    overlap = overlap_of(run)
    if overlap.is_small:
        yield from new_orders(run, after=overlap.after)
        return
    for ids in late_orders(run, overlap):
        yield _new(run, run.ports.shop.send(list_orders_by_id(run.features, ids=ids)))
    yield from new_orders(run, after=overlap.reached)


def _new(run: FlowRun, page: Page[Order]) -> NewOrders:
    orders = tuple(with_all_lines(run, order) for order in page.items)
    return NewOrders(orders, unread_orders(run, page), _highest(page))


@frozen
class NewOrders:
    """A page of orders above an id, read without lag, and the highest id on it."""

    orders: tuple[Order, ...]
    unread: tuple[UnreadOrder, ...]
    newest: int


def _highest(page: Page[Order]) -> int:
    ids = [order.id for order in page.items] + [_id_of(record) for record in page.unread]
    return max(map(number, ids), default=0)


def blind_spots(features: OroFeatures) -> tuple[str, ...]:
    """Say what this server does not show, so that no report promises it."""
    spots: list[str] = []
    if not features.statuses:
        spots.append("cancellations: this server shows no status of an order")
    if not features.updated_filter:
        spots.append("edits of posted orders: this server cannot list what changed")
    return (*spots, "edits of a billing address alone: they change no order")


def number(order: OroOrderId) -> int:
    """Return an order id as the integer it is; 0 where it is none, so that nothing is skipped."""
    return int(order) if order.isascii() and order.isdigit() else 0
