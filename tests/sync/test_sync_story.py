"""An order is found by what people call it, and its story told from the store."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from attrs import evolve
from tests.sync.flows import Bench, sandbox_bindings

from oro_prima.errors import StoreError
from oro_prima.ids import OroOrderId
from oro_prima.mapping.invoices import InvoicePolicy
from oro_prima.mapping.polling import PollPolicy
from oro_prima.prima.models.capabilities import Capability
from oro_prima.records import Home
from oro_prima.sandbox.oro import OrderLine
from oro_prima.sandbox.seed.words import STREETS, SURNAMES
from oro_prima.sync import (
    ask_prima,
    ask_why,
    find_order,
    find_order_anywhere,
    gather_books,
    sync_invoices,
    sync_orders,
    tell_order,
)
from oro_prima.values import LocalDate, local_date


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    made.put_into_use()
    with made.ports() as ports:
        sync_orders(ports, made.policy)
    yield made
    made.store.close()


def today(bench: Bench) -> LocalDate:
    return local_date(bench.world.clock(), bench.policy.zone)


def at(bench: Bench, home: Home) -> OroOrderId:
    return next(c.order for c in bench.store.captures_at((home,)))


def test_a_posted_order_is_found_by_both_its_numbers(bench: Bench) -> None:
    """And Prima's present word is asked for, settling nothing."""
    order = at(bench, Home.POSTED)
    (entry,) = bench.store.order_entries(order)
    before = bench.store.journal()
    with bench.ports() as ports:
        says = ask_prima(ports, order=order)
    story = tell_order(bench.store, order=order, prima_says=says)

    assert find_order(bench.store, reference=entry.number) == order
    assert find_order(bench.store, reference=order) == order
    assert says == "Entered"
    assert "Prima says: Entered" in story.now
    assert [event.what for event in story.events].count("accepted") == 1
    assert bench.store.journal() == before


def test_a_held_order_was_never_sent(bench: Bench) -> None:
    """Prima is not asked after it."""
    order = at(bench, Home.HELD)
    with bench.ports() as ports:
        assert ask_prima(ports, order=order) is None
    assert tell_order(bench.store, order=order).next_action


def test_the_customers_own_number_finds_it_too(bench: Bench) -> None:
    """It stands in the shop alone; several orders under one are named."""
    order = at(bench, Home.POSTED)
    numbers: dict[str, list[OroOrderId]] = {}
    day = today(bench)
    with bench.ports() as ports:
        for one in gather_books(ports, bench.policy, first=day, last=day).orders:
            if one.order is not None and one.order.po_number:
                numbers.setdefault(one.order.po_number, []).append(one.capture.order)
        po, ids = next((key, ids) for key, ids in numbers.items() if order in ids)
        assert ids == [order]
        assert find_order_anywhere(ports, reference=f" {po} ") == order
        assert find_order_anywhere(ports, reference=f"ORO-{order}") == order
        assert find_order_anywhere(ports, reference=f"orders/{order}") == order
        for nothing in ("PO-404", "one,two", "  "):
            with pytest.raises(StoreError, match="nothing is known"):
                find_order_anywhere(ports, reference=nothing)
        customer = bench.world.seed.links[0][0]
        level = next(one for one in bench.world.oro.levels() if one.quantity >= 1)
        line = OrderLine(level.sku, level.unit, Decimal(1), Decimal(5))
        for _time in range(2):
            bench.world.oro.place_order(customer, [line], po_number="PO-TWICE")
        with pytest.raises(StoreError, match="nothing is known"):
            find_order_anywhere(ports, reference="PO-TWICE")
        sync_orders(ports, bench.policy)
        with pytest.raises(StoreError, match="several orders"):
            find_order_anywhere(ports, reference="PO-TWICE")


def test_an_invoice_finds_its_order_and_is_told(bench: Bench) -> None:
    """With the day it is of; so are credits."""
    order = at(bench, Home.POSTED)
    (entry,) = bench.store.order_entries(order)
    bench.world.prima.set_status(entry.number, "Despatched")
    bench.world.prima.credit(entry.number)
    with bench.ports(bindings=sandbox_bindings(Capability.INVOICE)) as ports:
        sync_invoices(ports, bench.policy, InvoicePolicy(), PollPolicy())
    story = tell_order(bench.store, order=order)
    whats = {event.what: event.detail for event in story.events}

    assert "; invoiced: I7" in story.now
    assert {"invoiced", "credited"} <= whats.keys()
    number = whats["invoiced"].split(",")[0]
    assert find_order(bench.store, reference=number) == order
    assert find_order(bench.store, reference=whats["credited"].split(",")[0]) == order


def test_how_it_is_mapped_is_told_with_it(bench: Bench) -> None:
    """A line a rule, nothing personal; nothing where the shop has it no more."""
    order = at(bench, Home.POSTED)
    with bench.ports() as ports:
        why = ask_why(ports, bench.policy, order=order)
        bench.world.oro.delete_order(order)
        gone = ask_why(ports, bench.policy, order=order)
    story = tell_order(bench.store, order=order, why=why)

    assert why[0].startswith("orders.map_order (order ")
    assert any("row links" in line for line in why)
    assert not any(text in "\n".join(why) for text in (*SURNAMES, *STREETS))
    assert gone == ()
    assert story.why == why


def test_a_dead_prima_takes_nothing_from_the_story(bench: Bench) -> None:
    """It has just not said anything."""
    order = at(bench, Home.POSTED)
    bench.world.faults.add("prima", "OrderStatus", "bad-gateway", times=9)
    with bench.ports() as ports:
        assert ask_prima(ports, order=order) is None


def test_what_nobody_read_is_not_known(bench: Bench) -> None:
    """Nor is a reference of several orders taken for one of them."""
    first, second = (c.order for c in bench.store.captures_at((Home.POSTED,))[:2])
    with bench.store.transaction() as tx:
        capture = bench.store.captures((second,))[second]
        tx.put_capture(evolve(capture, identifier=first))
    with pytest.raises(StoreError, match="nothing is known of SO-404"):
        find_order(bench.store, reference="SO-404")
    with pytest.raises(StoreError, match="several orders"):
        find_order(bench.store, reference=first)
    with pytest.raises(StoreError, match="no capture"):
        tell_order(bench.store, order=OroOrderId("404"))
