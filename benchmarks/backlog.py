"""
After an outage: a backlog of orders is drained, and unsettled claims are recovered, memory flat.

`python benchmarks/backlog.py drain 50000` (or `recover 10000`) measures one size in this process
and prints it as JSON; the rows measure two sizes, each in a fresh process, for the growth.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from attrs import evolve

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.measuring import Row, peak
from oro_prima.call import Page
from oro_prima.ids import OroOrderId, PairId
from oro_prima.mapping import OrderPolicy
from oro_prima.oro.calls.jsonapi import ApiCall
from oro_prima.oro.models.orders import Order
from oro_prima.plans.captures import capture_order
from oro_prima.plans.commands import PostOrder
from oro_prima.plans.orders import plan_orders
from oro_prima.plans.snapshots import OrderSnapshot
from oro_prima.ports import Event, Ports
from oro_prima.prima.models import OrderAnswer, OrderStatusAnswer, PrimaProfile
from oro_prima.records import EntryState, Home, LedgerEntry, Pair
from oro_prima.stores import SqliteStore
from oro_prima.sync import import_links, record_cut_over, sync_orders
from oro_prima.sync.commands import command_key, encode
from oro_prima.sync.recover import UNSETTLED
from oro_prima.testing.builders import (
    COMPANY,
    CREATED,
    a_link,
    an_order,
    an_order_policy,
    some_tables,
)

PAIR = Pair(PairId("bench"), COMPANY)
NOW = CREATED + timedelta(days=1, minutes=5)
SMALL, LARGE = 500, 5000


class Shop:
    """A shop that took so many orders in the day before now, one after the other."""

    def __init__(self, orders: int) -> None:
        self.orders = orders
        self.calls = Counter[str]()

    def created(self, number: int) -> datetime:
        """Return when an order was created."""
        return CREATED + timedelta(days=1) * (number / (self.orders + 1))

    def order(self, number: int) -> Order:
        """Return one order."""
        at = self.created(number)
        return evolve(
            an_order(),
            id=OroOrderId(str(number)),
            identifier=str(number),
            created_at=at,
            updated_at=at,
        )

    def send(self, call: object) -> object:
        """Answer what a run of orders asks."""
        name = str(getattr(call, "name", ""))
        self.calls[name] += 1
        if name == "newest_order":
            return self.orders
        if name in ("sweep_orders", "list_orders_updated"):
            return self._page(call, dict(getattr(call, "query", ())))
        return NOW if name == "probe_features" else Page(())

    def _page(self, call: object, query: dict[str, str]) -> Page[Order]:
        after, size = int(query["filter[id][gt]"]), int(query["page[size]"])
        first, last = CREATED - timedelta(days=9), NOW + timedelta(days=9)
        if "filter[updatedAt]" in query:
            first, last = map(datetime.fromisoformat, query["filter[updatedAt]"].split(".."))
        found: list[Order] = []
        for number in range(after + 1, self.orders + 1):
            if first <= self.created(number) <= last:
                found.append(self.order(number))
            if len(found) == size or self.created(number) > last:
                break
        upcoming = None
        if len(found) == size:
            changed = {**query, "filter[id][gt]": found[-1].id}
            assert isinstance(call, ApiCall)
            upcoming = evolve(call, query=tuple(changed.items()))
        return Page(tuple(found), upcoming, NOW)


class Erp:
    """A Prima that takes every order and knows every order."""

    def __init__(self) -> None:
        self.calls = Counter[str]()

    def send(self, call: object) -> object:
        """Answer an order or an enquiry."""
        name = str(getattr(call, "name", ""))
        self.calls[name] += 1
        if name == "order_status":
            return OrderStatusAnswer("", "Awaiting")  # type: ignore[arg-type]
        return OrderAnswer("", "", a_link().account)  # type: ignore[arg-type]


@contextmanager
def made(orders: int) -> Iterator[tuple[Ports, OrderPolicy, SqliteStore]]:
    """Return ports over such a shop and such a Prima, and a store on disk that is in use."""
    policy = evolve(an_order_policy(), start_at=CREATED - timedelta(days=1))
    with TemporaryDirectory() as folder:
        store = SqliteStore.open(Path(folder) / "s.db", pair=PAIR.id, clock=lambda: NOW)
        record_cut_over(store, start_at=policy.start_at, by="Kim", at=NOW)
        import_links(store, links=(a_link(),), by="Kim", at=NOW)
        shop, erp = Shop(orders), Erp()
        yield (
            Ports(
                shop,  # type: ignore[arg-type]
                erp,  # type: ignore[arg-type]
                store,
                lambda: NOW,
                lambda _seconds: None,
                PAIR,
                some_tables(),
                PrimaProfile(),
            ),
            policy,
            store,
        )
        store.close()


def drain(orders: int) -> dict[str, object]:
    """Post a day's backlog, and say what it took."""
    shown = list[Event]()

    def watch(event: Event) -> None:
        if event.what == "reading orders":
            shown[:] = [event]

    with made(orders) as (ports, policy, _store):
        before, began = peak(), time.perf_counter()
        report = sync_orders(evolve(ports, observer=watch), policy)
        took = time.perf_counter() - began
        posted = list(map(int, report.posted))
        assert posted == list(range(1, orders + 1)), report.summary()
        shop, erp = ports.shop, ports.erp
        return {
            "orders": orders,
            "seconds": round(took, 1),
            "megabytes": round(peak() - before, 1),
            "shop calls": sum(shop.calls.values()),  # type: ignore[attr-defined]
            "prima calls": sum(erp.calls.values()),  # type: ignore[attr-defined]
            "progress": f"{shown[0].done}/{shown[0].total}" if shown else "",
        }


def recovering(orders: int) -> dict[str, object]:
    """Recover so many claims that were never settled, and say what it took."""
    with made(orders) as (ports, policy, store):
        _claim(ports, policy, store, orders)
        before, began = peak(), time.perf_counter()
        report = sync_orders(evolve(ports, shop=Shop(0)), policy)  # type: ignore[arg-type]
        took = time.perf_counter() - began
        assert len(report.recovered) == orders
        assert store.count_entries(UNSETTLED) == 0
        enquiries = ports.erp.calls["order_status"]  # type: ignore[attr-defined]
        return {
            "orders": orders,
            "seconds": round(took, 1),
            "megabytes": round(peak() - before, 1),
            "enquiries": enquiries,
        }


def _claim(ports: Ports, policy: OrderPolicy, store: SqliteStore, orders: int) -> None:
    shop = Shop(orders)
    tables = evolve(ports.tables, links=store.links())
    for start in range(1, orders + 1, 100):
        some = tuple(shop.order(n) for n in range(start, min(start + 100, orders + 1)))
        snapshot = OrderSnapshot(NOW, some, tables)
        commands = plan_orders(snapshot, policy).commands
        with store.transaction() as tx:
            for order, command in zip(some, commands, strict=True):
                tx.put_capture(capture_order(order, snapshot, Home.IN_DOUBT))
                tx.claim(_entry(command), encode(command))


def _entry(command: PostOrder) -> LedgerEntry:
    return LedgerEntry(
        key=command_key(PAIR.id, command.oro_order),
        order=command.oro_order,
        number=command.order.number,
        account=command.order.account,
        state=EntryState.CLAIMED,
        attempt=1,
        intent_hash=command.intent_hash,
        sent_hash="",
        claimed_at=CREATED,
        changed_at=CREATED,
        fence=1,
    )


def rows() -> dict[str, Row]:
    """Measure two sizes of each, each in a fresh process."""
    return {
        "backlog: memory to drain 5,000 orders": _row("drain", "0: it must not grow"),
        "recovery: memory for 5,000 unsettled orders": _row("recover", "0: it must not grow"),
    }


def _row(what: str, floor: str) -> Row:
    small, large = (_measured(what, size) for size in (SMALL, LARGE))
    more = float(str(large["megabytes"])) - float(str(small["megabytes"]))
    return Row(float(str(large["megabytes"])), floor, unit="MB", growth=more)


def _measured(what: str, orders: int) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, __file__, what, str(orders)], capture_output=True, check=True, text=True
    )
    found: dict[str, object] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    work = {"drain": drain, "recover": recovering}[sys.argv[1]]
    print(json.dumps(work(int(sys.argv[2]))))
