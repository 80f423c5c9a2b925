"""An order is found by what people call it, and its story told from the store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import evolve
from tests.sync.flows import Bench

from oro_prima.errors import StoreError
from oro_prima.ids import OroOrderId
from oro_prima.records import Home
from oro_prima.sync import ask_prima, find_order, sync_orders, tell_order


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    made.put_into_use()
    with made.ports() as ports:
        sync_orders(ports, made.policy)
    yield made
    made.store.close()


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
