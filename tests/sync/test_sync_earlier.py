"""Rules about earlier orders: the first of an account, and a number that is used twice."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from attrs import evolve
from tests.sync.flows import Bench

from oro_prima.ids import OroOrderId
from oro_prima.mapping import (
    Duplicates,
    HoldAction,
    HoldRule,
    OrderTest,
    ReferencePolicy,
)
from oro_prima.oro.calls.orders import list_orders_by_po_number
from oro_prima.oro.models.features import OroFeatures
from oro_prima.reasons import ReasonCode
from oro_prima.records import RunPolicy
from oro_prima.sandbox.oro import OrderLine, OrderView
from oro_prima.sync import preview_orders, sync_orders

FIRST = HoldRule(OrderTest(), HoldAction.HERE, "first order", first_order=True)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    made.put_into_use()
    yield made
    made.store.close()


def placed_first(bench: Bench) -> OrderView:
    """The oldest order of the seed."""
    first = bench.world.seed.orders[0]
    return next(order for order in bench.world.oro.orders() if order.id == first)


def bought_again(bench: Bench, order: OrderView, number: str = "") -> str:
    """The same customer buys some of the same."""
    line = order.lines[0]
    more = OrderLine(line.sku, line.unit, Decimal(1), Decimal(1))
    return bench.world.oro.place_order(order.customer, [more], po_number=number)


def test_only_the_first_order_of_an_account_is_looked_at(bench: Bench) -> None:
    """Once one was accepted, the next goes through."""
    with bench.ports() as ports:
        sync_orders(ports, bench.policy)
    fresh = bought_again(bench, placed_first(bench))
    with bench.ports() as ports:
        watched = sync_orders(ports, evolve(bench.policy, holds=(FIRST,)))

    assert OroOrderId(fresh) in watched.posted


def test_first_orders_wait_here(bench: Bench) -> None:
    """Nobody has ordered before: all of them."""
    with bench.ports() as ports:
        report = sync_orders(ports, evolve(bench.policy, holds=(FIRST,)))

    assert report.posted == ()
    codes = {reason.code for record in report.held for reason in record.reasons}
    assert ReasonCode.HELD_BY_RULE in codes


def test_a_number_of_an_order_outside_the_batch_is_seen(bench: Bench) -> None:
    """The shop is asked for orders with the same numbers."""
    bench.run = RunPolicy(id_overlap=0)
    first = bought_again(bench, placed_first(bench), "PO-1")
    bought_again(bench, placed_first(bench), "PO,2")
    with bench.ports() as ports:
        sync_orders(ports, bench.policy)
    fresh = bought_again(bench, placed_first(bench), "PO-1")
    rule = evolve(bench.policy, references=ReferencePolicy(duplicates=Duplicates.HOLD))
    with bench.ports() as ports:
        plans = list(preview_orders(ports, rule))
    (decision,) = [d for plan in plans for d in plan.decisions if d.order == fresh]

    assert [reason.code for reason in decision.reasons] == [ReasonCode.PO_USED_BEFORE]
    assert decision.reasons[0].detail == f"used before, by order {first}"


@pytest.mark.parametrize("numbers", [(), ("A,B",), ("",)])
def test_a_number_that_cannot_be_asked_for_is_refused(numbers: tuple[str, ...]) -> None:
    """The filter would take it for others."""
    with pytest.raises(ValueError, match="none of them with a comma"):
        list_orders_by_po_number(OroFeatures(), numbers=numbers)
