"""An overlap that is wider than a request: late orders anywhere in it are found and posted once."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from attrs import evolve
from tests.sync.flows import Bench

from oro_prima.ids import OroOrderId, OroSku, UnitCode
from oro_prima.mapping import StockPolicy
from oro_prima.records import Home
from oro_prima.sandbox.oro import OrderLine
from oro_prima.sync import preview_stock, sync_orders


@pytest.fixture(params=[520, 40], ids=["pages-of-ids", "a-page-of-orders"])
def late(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Bench, set[OroOrderId]]]:
    """A shop that was read while some of its orders did not show yet; now they do."""
    bench = Bench(tmp_path, size=2)
    bench.put_into_use()
    bench.run = evolve(bench.run, id_overlap=5_000)
    customer = bench.world.seed.links[0][0]
    level = max(bench.world.oro.levels(), key=lambda one: one.quantity)
    for part in bench.units[OroSku(level.sku), UnitCode(level.unit)]:
        sku = part.sku
        bench.world.prima.add_stock(sku.product, sku.m1, sku.m2, sku.m3, sku.m4, quantity=10**6)
    line = OrderLine(level.sku, level.unit, Decimal(1), Decimal(1))
    placed = [bench.world.oro.place_order(customer, [line]) for _ in range(request.param)]
    hidden = {placed[3], placed[-7]}
    kept = bench.world.oro.keep()
    for order in hidden:
        bench.world.oro.delete_order(order)
    with bench.ports() as ports:
        sync_orders(ports, bench.policy)
    bench.world.oro.put_back(kept)
    yield bench, {OroOrderId(order) for order in hidden}
    bench.store.close()


def test_late_orders_are_posted_once(late: tuple[Bench, set[OroOrderId]]) -> None:
    """Also where the overlap is wider than a request; a further run finds nothing."""
    bench, hidden = late
    with bench.ports() as ports:
        found, again = sync_orders(ports, bench.policy), sync_orders(ports, bench.policy)

    settled = {*found.posted, *(OroOrderId(one.subject.split("/")[1]) for one in found.held)}
    assert settled == hidden
    assert (again.posted, again.held) == ((), ())
    assert set(bench.taken().values()) == {1}
    homes = {one.home for one in bench.store.captures(tuple(hidden)).values()}
    assert homes <= {Home.POSTED, Home.HELD}


def test_late_orders_count_as_in_flight(late: tuple[Bench, set[OroOrderId]]) -> None:
    """Before anybody captured them: what they take is promised to nobody."""
    bench, hidden = late
    with bench.ports() as ports:
        before = preview_stock(ports, StockPolicy())
        for order in hidden:
            bench.world.oro.delete_order(order)
        after = preview_stock(ports, StockPolicy())

    lower = {one.level: one.quantity for one in before.commands}
    assert any(lower.get(one.level, one.quantity) < one.quantity for one in after.commands)
