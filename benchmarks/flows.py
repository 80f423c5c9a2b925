"""
What a run of each flow asks of both systems, against the fewest requests that their APIs allow.

Each flow runs three times over real sockets: first, with some changes, and without any. What is
counted is the sandbox's own count of requests and of bytes of bodies. The fewest is a formula of
what is there, never of our own code; where it comes from stands beside it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path

from attrs import evolve, frozen

from benchmarks.least import Least, There, least
from benchmarks.measuring import Row
from oro_prima.call import each
from oro_prima.cli.asked import Asked, run_asked
from oro_prima.mapping.schedule import Task
from oro_prima.oro.calls.customers import create_customer_group, update_customer
from oro_prima.oro.calls.product_prices import list_product_prices, update_product_price
from oro_prima.oro.models.price_records import ProductPriceRecord
from oro_prima.ports import Ports
from oro_prima.records import Flow
from oro_prima.sandbox import TradingDay, trading_day
from oro_prima.sandbox.oro import OrderLine
from oro_prima.sync import StockReport, sync_orders
from oro_prima.sync.run import look
from oro_prima.testing.scenes import ENDING_ROWS, UNMAPPED, prepare
from oro_prima.wiring import connect

ORDERS, CHANGES = 150, 5
LATER = 45 * 60
"""Seconds between runs: orders are asked after every half an hour while they are new."""
SETTLED = 10
"""Seconds after which an order that was taken is no longer counted as in flight as well."""
BEFORE = {Task.STOCK: (Task.ORDERS,), Task.SMALL_STOCK: (Task.ORDERS, Task.STOCK)}
"""What has run before a flow's first run."""
FEWER = {Task.CUSTOMERS: 12}
"""Orders of a scene that no more may change at once than a limit allows."""
FIRST, CHANGED, SAME = "first run", "with changes", "without changes"


@frozen
class Cost:
    """
    What one run of a flow asked, by system and operation.

    `counts` are requests, `received` the bytes of their bodies, `sent` those of the answers.
    """

    task: Task
    run: str
    counts: Mapping[str, Mapping[str, int]]
    received: Mapping[str, Mapping[str, int]]
    sent: Mapping[str, Mapping[str, int]]
    least: Least

    @property
    def calls(self) -> int:
        """All requests to both systems, logins and questions after abilities included."""
        return sum(sum(one.values()) for one in self.counts.values())

    @property
    def ratio(self) -> float:
        """Requests against the fewest."""
        return self.calls / max(1, self.least.oro + self.least.prima)

    def bytes_in(self, system: str) -> int:
        """Bytes that a system received."""
        return sum(self.received[system].values())

    def bytes_out(self, system: str) -> int:
        """Bytes that a system sent."""
        return sum(self.sent[system].values())

    def tree(self) -> dict[str, object]:
        """Return it as plain JSON."""
        return {
            "flow": self.task.value, "run": self.run, "calls": self.counts,
            "bytes_in": self.received, "bytes_out": self.sent,
            "fewest": {"oro": self.least.oro, "prima": self.least.prima, "of": self.least.of},
        }  # fmt: skip


Table = Mapping[str, Mapping[str, Mapping[str, int]]]
Change = Callable[[TradingDay, Ports, int], None]


def _new_orders(day: TradingDay, ports: Ports, count: int) -> None:
    del ports
    customer = day.world.seed.links[0][0]
    stocked = sorted(day.world.oro.levels(), key=lambda one: -one.quantity)[:count]
    for level in stocked:
        line = OrderLine(level.sku, level.unit, Decimal(1), Decimal(1))
        day.world.oro.place_order(customer, [line])


def _posted_orders(day: TradingDay, ports: Ports, count: int) -> None:
    _new_orders(day, ports, count)
    sync_orders(ports, day.config.orders)
    day.world.clock.advance(SETTLED)


def _sold_elsewhere(day: TradingDay, ports: Ports, count: int) -> None:
    del ports
    free = [one for one in day.world.prima.stock() if one.free > 1]
    for one in free[:count]:
        key = one.key
        day.world.prima.add_stock(
            key.product, key.m1, key.m2, key.m3, key.m4, quantity=one.free - 1
        )


def _sent_orders(day: TradingDay, ports: Ports, count: int) -> None:
    known = {order.order_number for order in day.world.prima.orders()}
    _posted_orders(day, ports, count)
    for order in day.world.prima.orders():
        if order.order_number not in known:
            day.world.prima.set_status(order.order_number, "Despatched")


def _despatched(day: TradingDay, ports: Ports, count: int) -> None:
    del ports
    for order in day.world.prima.orders()[:count]:
        day.world.prima.set_status(order.order_number, "Despatched")


def _regrouped(day: TradingDay, ports: Ports, count: int) -> None:
    other = ports.shop.send(create_customer_group({"name": "Somebody's"})).id
    for customer in list(ports.store.links())[:count]:
        ports.shop.send(update_customer(customer, fields={"group": other}))


def _repriced(day: TradingDay, ports: Ports, count: int) -> None:
    for row in _rows(day, ports)[:count]:
        value = (row.value or Decimal(0)) + Decimal("0.01")
        ports.shop.send(update_product_price(row.id, fields={"value": value}))


def _rows(day: TradingDay, ports: Ports) -> list[ProductPriceRecord]:
    (price_list,) = day.config.flows.customers.price_lists.values()
    return list(each(ports.shop, list_product_prices(price_list=price_list)))


def _unknown_products(day: TradingDay, ports: Ports, count: int) -> None:
    del ports
    for n in range(count):
        day.world.oro.add_product(f"NEW-{n}", units=[("each", 0, Decimal(1))])


SCENES: Mapping[Task, tuple[Flow, Change]] = {
    Task.ORDERS: (Flow.ORDERS, _new_orders),
    Task.STOCK: (Flow.STOCK, _sold_elsewhere),
    Task.SMALL_STOCK: (Flow.STOCK, _posted_orders),
    Task.FULFILMENT: (Flow.FULFILMENT, _despatched),
    Task.CUSTOMERS: (Flow.CUSTOMERS, _regrouped),
    Task.PRICES: (Flow.PRICES, _repriced),
    Task.PRODUCTS: (Flow.PRODUCTS, _unknown_products),
    Task.INVOICES: (Flow.INVOICES, _sent_orders),
}
"""Of each task: the flow whose scene it is, and what changes before its second run."""


def measure(task: Task, *, size: int = ORDERS, changes: int = CHANGES) -> tuple[Cost, ...]:
    """Run a flow three times: first, with so many changes, and without any."""
    flow, change = SCENES[task]
    with trading_day(seed=3, size=size) as plain:
        day = prepare(plain, flow, step="")
        with connect(day.config) as ports:
            for before in BEFORE.get(task, ()):
                run_asked(Asked(before), day.config, ports)
                day.world.clock.advance(SETTLED)
            first = _counted(task, FIRST, day, ports, _first(task, day))
            _later(day, ports)
            change(day, ports, changes)
            changed = _counted(task, CHANGED, day, ports, changes)
            _later(day, ports)
            return first, changed, _counted(task, SAME, day, ports, 0)


def _later(day: TradingDay, ports: Ports) -> None:
    """Let time pass; whoever logs in once an hour has just done so."""
    day.world.clock.advance(LATER)
    look(ports, Flow.ORDERS)


def _first(task: Task, day: TradingDay) -> int:
    """Return how many records a first run finds changed, where that is known before."""
    known = {
        Task.PRODUCTS: len(UNMAPPED),
        Task.CUSTOMERS: len(day.world.seed.links),
        Task.SMALL_STOCK: 0,
    }
    return known.get(task, len(day.world.prima.orders()))


@frozen
class _Look:
    """What can be seen from outside before and after a run."""

    asked: Table
    levels: Mapping[str, Decimal]
    taken: int
    told: int
    rows: int
    followed: int
    products: int
    linked: int


def _look(task: Task, day: TradingDay, ports: Ports) -> _Look:
    rows = len(_rows(day, ports)) if task is Task.PRICES else 0
    levels = day.world.oro.levels()
    return _Look(
        asked=day.world.requests.table(),
        levels={one.id: one.quantity for one in levels},
        taken=len(day.world.prima.orders()),
        told=sum(len(order.trackings) for order in day.world.oro.orders()),
        rows=rows,
        followed=len(ports.store.follows()),
        products=len({one.sku for one in levels}),
        linked=len(ports.store.links()),
    )


def _counted(task: Task, run: str, day: TradingDay, ports: Ports, changes: int) -> Cost:
    before = _look(task, day, ports)
    report = run_asked(Asked(task), day.config, ports)
    asked = day.world.requests.table()
    assert report.stopped is None
    after = _look(task, day, ports)
    counts, received, sent = (_since(before.asked, asked, name) for name in ("count", "in", "out"))
    there = _there(task, run, (before, after), changes)
    if isinstance(report, StockReport):
        there = evolve(there, status=report.statuses_changed, skus=report.skus_read)
    return Cost(task, run, counts, received, sent, least(task, there))


def _there(task: Task, run: str, looks: tuple[_Look, _Look], changes: int) -> There:
    before, after = looks
    moved = sum(after.levels[key] != was for key, was in before.levels.items())
    alone = {
        Task.FULFILMENT: after.told - before.told,
        Task.CUSTOMERS: changes if run is FIRST else 0,
        Task.PRICES: ENDING_ROWS if run is FIRST else 0,
    }
    written = {
        Task.ORDERS: after.taken - before.taken,
        Task.STOCK: moved,
        Task.SMALL_STOCK: moved,
        Task.PRICES: after.rows if run is FIRST else changes,
    }
    return There(
        levels=len(after.levels),
        products=after.products,
        customers=after.linked,
        rows=before.rows,
        due=changes if task is Task.INVOICES else before.followed,
        alone=alone.get(task, 0),
        changes=written.get(task, changes),
    )


def _since(before: Table, after: Table, name: str) -> Mapping[str, Mapping[str, int]]:
    """Return what was asked in between, by system and operation: `count`, or bytes."""
    return {
        system: {
            operation: found
            for operation, row in rows.items()
            if (found := row[name] - before[system].get(operation, {}).get(name, 0))
        }
        for system, rows in after.items()
    }


def rows() -> dict[str, Row]:
    """Measure every flow; `build/flows.json` holds every operation."""
    costs = [cost for task in SCENES for cost in measure(task, size=FEWER.get(task, ORDERS))]
    Path("build").mkdir(exist_ok=True)
    Path("build/flows.json").write_text(json.dumps([one.tree() for one in costs], indent=1))
    found: dict[str, Row] = {}
    for one in costs:
        name = f"flows: {one.task.value}, {one.run}"
        fewest = one.least
        floor = f"{one.calls} of {fewest.oro} + {fewest.prima}: {fewest.of}"
        found[f"{name}, calls"] = Row(one.ratio, floor)
        for system in ("oro", "prima"):
            kilobytes = (one.bytes_in(system) / 1000, one.bytes_out(system) / 1000)
            found[f"{name}, {system}"] = Row(
                sum(kilobytes), "to {:.0f}, from {:.0f}".format(*kilobytes), unit="kB"
            )
    return found
