"""Reading the orders of a scope: those that are named, or those of some days. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from attrs import evolve

from oro_prima.call import Call, Page
from oro_prima.ids import OroOrderId
from oro_prima.oro.calls.orders import list_orders_created
from oro_prima.oro.models.orders import Order
from oro_prima.plans.scopes import OfDays, OfOrders
from oro_prima.reasons import ReasonCode
from oro_prima.records import Capture, Flow, RecordState
from oro_prima.sync.gather import OPEN_HOMES, OrderBatch, gather_chosen, gather_page
from oro_prima.sync.late import PAGE
from oro_prima.sync.run import FlowRun
from oro_prima.sync.settle import subject_of

UNSAFE = frozenset({ReasonCode.SPLIT_AFTER_POSTING, ReasonCode.POSTED_BEFORE})
"""While an order waits for one of these, others may be posted a second time."""


def gather_scoped(run: FlowRun, scope: OfOrders | OfDays) -> Iterator[OrderBatch]:
    """
    Read the orders of a scope as they are now, batch by batch; no batch moves the watermark.

    Of days: what the shop says was created then, and open orders of them that it shows no more.
    """
    if isinstance(scope, OfOrders):
        yield from _named(run, scope.orders)
        return
    seen: set[OroOrderId] = set()
    for page in _created(run, scope):
        batch = OrderBatch(gather_page(run, page))
        seen.update(order.id for order in batch.snapshot.orders)
        seen.update(order.id for order in batch.snapshot.unread)
        yield batch
    captured = captures_of(run, scope).values()
    rest = [one.order for one in captured if one.order not in seen and one.home in OPEN_HOMES]
    yield from _named(run, rest)


def _named(run: FlowRun, orders: Sequence[OroOrderId]) -> Iterator[OrderBatch]:
    for start in range(0, len(orders), PAGE):
        snapshot = gather_chosen(run, orders[start : start + PAGE])
        there = tuple(one for one in snapshot.vanished if one in snapshot.captures)
        missing = tuple(one for one in snapshot.vanished if one not in snapshot.captures)
        yield OrderBatch(evolve(snapshot, vanished=there), missing=missing)


def _created(run: FlowRun, days: OfDays) -> Iterator[Page[Order]]:
    begin, end = days.instants(run.ports.zone)
    call: Call[Page[Order]] | None = list_orders_created(
        run.features, first=begin, last=end - timedelta(seconds=1)
    )
    while call is not None:
        page = run.ports.shop.send(call)
        run.keep_lease()
        yield page
        call = page.next


def captures_of(run: FlowRun, scope: OfOrders | OfDays) -> Mapping[OroOrderId, Capture]:
    """Return what was captured of the orders of a scope, as far as there is anything."""
    store = run.ports.store
    if isinstance(scope, OfOrders):
        return store.captures(scope.orders)
    begin, end = scope.instants(run.ports.zone)
    return {one.order: one for one in store.captures_created(begin, end)}


def unsafe_outside(run: FlowRun, scope: OfOrders | OfDays) -> str:
    """
    Say which order outside the scope keeps every other from being posted; empty for none.

    A run of everything finds it by reading; a run of a scope does not read it.
    """
    inside = {subject_of(order) for order in captures_of(run, scope)}
    for record in run.ports.store.exceptions((RecordState.HELD,)):
        mine = record.flow is not Flow.ORDERS or record.subject in inside
        if not mine and UNSAFE & {reason.code for reason in record.reasons}:
            return f"{record.subject} waits for {record.reasons[0].code.value}; settle it first"
    return ""
