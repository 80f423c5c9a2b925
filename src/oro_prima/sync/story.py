"""Reading for the story of one order: everything the store knows of it, and what Prima says now."""

from __future__ import annotations

from oro_prima.errors import CallError, StoreError
from oro_prima.ids import OroOrderId
from oro_prima.ports import Ports, Store
from oro_prima.prima.calls.orders import order_status
from oro_prima.reconcile.story import OrderStory, StoryFacts, order_story
from oro_prima.records import EntryState, Flow
from oro_prima.sync.settle import subject_of


def find_order(store: Store, *, reference: str) -> OroOrderId:
    """
    Return the one order that a reference means: its id or number in the shop, its number in Prima.

    Raises:
        StoreError: nothing is known under it, or it means several orders, which are named.
    """
    found = store.find_orders(reference)
    if not found:
        msg = (
            f"nothing is known of {reference}: give the order's id or number in the shop, or its "
            "number in Prima; an order that no run has read yet is not known"
        )
        raise StoreError(msg)
    order, *others = found
    if others:
        msg = f"{reference} means several orders: {', '.join(found)}; give the id"
        raise StoreError(msg)
    return order


def tell_order(store: Store, *, order: OroOrderId, prima_says: str | None = None) -> OrderStory:
    """
    Tell what became of an order, from the store alone.

    Raises:
        StoreError: it was never read.
    """
    capture = store.captures((order,)).get(order)
    if capture is None:
        msg = f"order {order} has no capture: no run has read it yet"
        raise StoreError(msg)
    subject = subject_of(order)
    return order_story(
        StoryFacts(
            capture=capture,
            entries=store.order_entries(order),
            record=store.exception(Flow.ORDERS, subject),
            journal=store.journal(subject=subject),
            prima_says=prima_says,
        )
    )


def ask_prima(ports: Ports, *, order: OroOrderId) -> str | None:
    """
    Return what Prima says of the order now; None where it was never sent or nothing usable came.

    An enquiry alone: nothing is settled by it.
    """
    sent = [e for e in ports.store.order_entries(order) if e.state is not EntryState.RELEASED]
    if not sent:
        return None
    try:
        call = order_status(sent[-1].number, profile=ports.profile, company=ports.pair.company)
        return ports.erp.send(call).status
    except CallError:
        return None
