"""
What was sold and Prima may not have taken off its figure yet.

Orders are read part by part and only what they ask for is kept, added up: after an outage there may
be any number of them.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from attrs import define, field, frozen

from oro_prima.ids import OroOrderId
from oro_prima.mapping.policy import PrimaReserves, StockPolicy
from oro_prima.oro.models.orders import Order
from oro_prima.plans.shelves import add_up, demands
from oro_prima.records import Home, LineDemand
from oro_prima.sync.gather import NewOrders, new_orders, uncaptured_orders
from oro_prima.sync.run import FlowRun

IN_FLIGHT = (Home.WAITING, Home.HELD, Home.IN_DOUBT)
CLOCK_MARGIN = timedelta(seconds=2)
"""A server tells its time in whole seconds, so two runs may stamp one instant a second apart."""
TAKES_STOCK = frozenset({*IN_FLIGHT, Home.POSTED})
AT_ONCE = 500
"""Captures that are read at a time."""
MOST_LINES = 10_000
"""Lines that are kept before they are added up."""


@define
class _Sum:
    """Lines of any number of orders, in memory for as many as there are product units."""

    lines: list[LineDemand] = field(factory=list[LineDemand])
    room: int = MOST_LINES

    def add(self, more: Iterable[LineDemand]) -> None:
        self.lines.extend(more)
        if len(self.lines) > self.room:
            self.lines = list(add_up(self.lines))
            self.room = 2 * len(self.lines) + MOST_LINES


@frozen
class Sold:
    """
    What orders ask for together, one line a product unit.

    `newest` is the highest id that was read, or the one above which was asked.
    """

    lines: tuple[LineDemand, ...]
    newest: int


def sold_uncaptured(run: FlowRun) -> Sold:
    """
    Read what the orders ask for that no capture covers yet and that may take stock.

    An order that came from the ERP takes none; a main order takes it through its sub-orders;
    everything else counts, also what will turn out to be cancelled: promising too little heals by
    itself.
    """
    store, found = run.ports.store, _Sum()
    watermark = store.watermark()
    newest = watermark.order if watermark else 0
    start_at = _start_at(run)
    for page in uncaptured_orders(run):
        known = store.captures(_ids(page))
        found.add(_asked(page, start_at, known))
        newest = max(newest, page.newest)
    return Sold(add_up(found.lines), newest)


def sold_since(run: FlowRun, *, after: int) -> Sold:
    """Read what every order above an id asks for that may take stock, captured or not."""
    found, newest = _Sum(), after
    start_at = _start_at(run)
    for page in new_orders(run, after=after):
        found.add(_asked(page, start_at, ()))
        newest = max(newest, page.newest)
    return Sold(add_up(found.lines), newest)


def sold_in_flight(run: FlowRun, policy: StockPolicy, began: datetime) -> tuple[LineDemand, ...]:
    """
    Add up the captured orders whose goods Prima may not have taken off its figure yet.

    What is accepted meanwhile is read last, so that it is never missed; it may count twice, which
    heals by itself.
    """
    store, found = run.ports.store, _Sum()
    release = policy.prima_reserves is PrimaReserves.RELEASE
    homes = (*IN_FLIGHT, Home.POSTED) if release else IN_FLIGHT
    part = store.captures_at(homes, limit=AT_ONCE)
    while part:
        found.add(demands(part, ()))
        whole = len(part) == AT_ONCE
        part = store.captures_at(homes, after=part[-1].order, limit=AT_ONCE) if whole else ()
    accepted = () if release else tuple(store.accepted_since(began - CLOCK_MARGIN))
    for start in range(0, len(accepted), AT_ONCE):
        known = store.captures(accepted[start : start + AT_ONCE])
        found.add(demands((c for c in known.values() if c.home in TAKES_STOCK), ()))
    return add_up(found.lines)


def _ids(page: NewOrders) -> Sequence[OroOrderId]:
    return [*(order.id for order in page.orders), *(order.id for order in page.unread)]


def _asked(
    page: NewOrders, start_at: datetime | None, known: Container[OroOrderId]
) -> Iterator[LineDemand]:
    """Yield what those orders of a page ask for that are not known; the unreadable ones, too."""
    fresh = (order for order in page.orders if order.id not in known)
    yield from demands((), (order for order in fresh if _takes_stock(order, start_at)))
    for order in page.unread:
        if order.id not in known:
            yield from order.lines


def _start_at(run: FlowRun) -> datetime | None:
    cut_over = run.ports.store.cut_over()
    return cut_over.start_at if cut_over is not None else None


def _takes_stock(order: Order, start_at: datetime | None) -> bool:
    """Tell whether an order that is not captured yet may take stock off Prima."""
    before = start_at is not None and order.created_at < start_at
    return not (order.external or order.sub_orders or before)
