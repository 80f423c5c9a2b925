"""Orders that appear late are found by their ids alone; what is known is not read again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from attrs import define, evolve
from tests.sync.flows import Bench

from oro_prima.call import Call, Page, Sender
from oro_prima.ids import OroOrderId
from oro_prima.oro.models.features import KnownFeatures
from oro_prima.records import Flow, Home
from oro_prima.sync import sync_orders
from oro_prima.sync.gather import uncaptured_orders
from oro_prima.sync.late import PAGE, Overlap
from oro_prima.sync.run import look
from oro_prima.sync.sold import sold_uncaptured

R = TypeVar("R")
MANY = 120
"""More orders than a page holds, so that the overlap is asked for by ids."""


@define
class Slow:
    """A shop in which one order is not committed yet."""

    sender: Sender
    hidden: str

    def send(self, call: Call[R]) -> R:
        """Answer without the order that is hidden."""
        answer: Any = self.sender.send(call)
        if isinstance(answer, Page) and call.name in ("sweep_orders", "list_orders_updated"):
            items = tuple(one for one in answer.items if getattr(one, "id", "") != self.hidden)
            return evolve(answer, items=items)  # type: ignore[return-value]
        shown: R = answer
        return shown


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """Give a shop whose orders are posted, but for one that was not committed in time."""
    made = Bench(Path(tmp_path_factory.mktemp("late")), size=MANY)
    made.put_into_use()
    with made.ports() as ports:
        first = sync_orders(evolve(ports, shop=Slow(ports.shop, late_one(made))), made.policy)
    assert len(first.posted) > PAGE
    assert late_one(made) not in first.posted
    made.advance(minutes=30)
    yield made
    made.store.close()


def late_one(bench: Bench) -> OroOrderId:
    return OroOrderId(bench.world.seed.orders[3])


def asked(bench: Bench) -> dict[str, int]:
    table = bench.world.requests.table()["oro"]
    return {name: row["count"] for name, row in table.items()}


def test_stock_counts_a_late_order_as_sold(bench: Bench) -> None:
    """It is captured by nobody, so its goods may not be promised again; the others are."""
    with bench.ports() as ports:
        page = next(iter(uncaptured_orders(look(ports, Flow.STOCK))))
        sold = sold_uncaptured(look(ports, Flow.STOCK))

    assert [order.id for order in page.orders] == [late_one(bench)]
    assert {line.quantity for line in sold.lines} == {one.quantity for one in page.orders[0].lines}


def test_a_late_order_is_posted_and_known_ones_are_not_read_again(bench: Bench) -> None:
    """It was not shown when later ones were read; the next run asks for ids and reads it alone."""
    before = asked(bench)
    with bench.ports() as ports:
        report = sync_orders(ports, bench.policy)
    after = asked(bench)

    open_ones = bool(bench.store.captures_at((Home.WAITING, Home.HELD)))
    probes, ids, late, sweep, window = 5, 1, 1, 1, 1
    assert report.posted == (late_one(bench),)
    told = after["list_orders"] - before["list_orders"]
    assert told == probes + open_ones + ids + late + sweep + window


def test_a_server_that_lists_no_edits_shows_the_overlap_whole(bench: Bench) -> None:
    """There an edit is seen only by reading the order again."""
    known = KnownFeatures(updated_filter=False)
    before = bench.world.requests.of("oro", "list_orders").sent
    with bench.ports(known=known) as ports:
        sync_orders(ports, bench.policy)
    whole = bench.world.requests.of("oro", "list_orders").sent - before
    with bench.ports() as ports:
        sync_orders(ports, bench.policy)
    by_ids = bench.world.requests.of("oro", "list_orders").sent - before - whole

    assert whole > 5 * by_ids


@pytest.mark.parametrize(
    ("overlap", "small"),
    [(Overlap(0, 0), True), (Overlap(7, PAGE + 7), True), (Overlap(7, PAGE + 8), False)],
)
def test_a_page_is_simply_read_again(overlap: Overlap, small: bool) -> None:
    """Asking for ids first would be a request more."""
    assert overlap.is_small is small
