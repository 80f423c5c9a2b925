"""Reading for the story of one order: what the store knows of it, what both systems say now."""

from __future__ import annotations

import re
from collections.abc import Iterator

from oro_prima.call import each
from oro_prima.errors import CallError, StoreError
from oro_prima.ids import OroOrderId, PrimaOrderNumber
from oro_prima.mapping.explain import explanation_text
from oro_prima.mapping.explaining import explain_order, table_versions
from oro_prima.mapping.policy import OrderPolicy
from oro_prima.oro.calls.orders import list_orders_by_po_number
from oro_prima.plans.invoices import KnownInvoices
from oro_prima.ports import Ports, Store
from oro_prima.prima.calls.orders import order_status
from oro_prima.prima.models.invoice import Invoice
from oro_prima.reconcile.story import OrderStory, StoryFacts, order_story
from oro_prima.records import EntryState, Flow, LedgerEntry
from oro_prima.sync.gather_invoices import known_invoices
from oro_prima.sync.keeping import recall
from oro_prima.sync.run import look
from oro_prima.sync.settle import subject_of
from oro_prima.sync.why import order_as_it_is

_OWN = re.compile(r"(?:orders/|ORO-)(\d+)(?:\.\d+)?")
"""How the journal and Prima's `TPGUID` name an order of the shop."""


def find_order(store: Store, *, reference: str) -> OroOrderId:
    """
    Return the one order that a reference means, as far as the store knows it.

    Its id or number in the shop, its number in Prima, the key under which Prima was sent it
    (`ORO-1042`), its subject here (`orders/1042`), or the number of an invoice or credit of it.

    Raises:
        StoreError: nothing is known under it, or it means several orders, which are named.
    """
    text = reference.strip()
    own = _OWN.fullmatch(text)
    found = store.find_orders(own[1] if own else text) or _by_document(store, text)
    if not found:
        msg = (
            f"nothing is known of {reference}: give the order's id or number in the shop, its "
            "number in Prima, or an invoice's; an order that no run has read yet is not known"
        )
        raise StoreError(msg)
    return the_one(reference, found)


def find_order_anywhere(ports: Ports, *, reference: str) -> OroOrderId:
    """
    Return the one order that a reference means, the customer's own order number included.

    The store is asked first. A purchase order number stands in the shop alone, and Prima shows it
    as the customer's reference: so the shop is asked, and an order that was never read is not
    known.

    Raises:
        StoreError: nothing is known under it, or it means several orders, which are named.
        CallError: OroCommerce cannot be asked.
    """
    try:
        return find_order(ports.store, reference=reference)
    except StoreError:
        number = reference.strip()
        found = _by_po_number(ports, number) if number and "," not in number else ()
        if not found:
            raise
        return the_one(reference, found)


def the_one(reference: str, found: tuple[OroOrderId, ...]) -> OroOrderId:
    """Return the one order that was found; raises `StoreError` naming them where several were."""
    order, *others = found
    if others:
        msg = f"{reference} means several orders: {', '.join(found)}; give the id"
        raise StoreError(msg)
    return order


def _by_document(store: Store, number: str) -> tuple[OroOrderId, ...]:
    """Find the order that an invoice or a credit of this number is of."""
    for kept in store.kept_below(Flow.INVOICES, "invoices/") if number else ():
        known = recall(kept, KnownInvoices)
        if any(one.number == number for one in known.invoices):
            return store.find_orders(known.number)
    return ()


def _by_po_number(ports: Ports, number: str) -> tuple[OroOrderId, ...]:
    call = list_orders_by_po_number(look(ports, Flow.ORDERS).features, numbers=[number])
    ids = [order.id for order in each(ports.shop, call)]
    known = ports.store.captures(ids)
    return tuple(one for one in ids if one in known)


def tell_order(
    store: Store,
    *,
    order: OroOrderId,
    prima_says: str | None = None,
    why: tuple[str, ...] = (),
) -> OrderStory:
    """
    Tell what became of an order, from the store alone.

    Args:
        store: Where it was captured.
        order: Which one.
        prima_says: As `ask_prima` says it.
        why: As `ask_why` says it.

    Raises:
        StoreError: it was never read.
    """
    capture = store.captures((order,)).get(order)
    if capture is None:
        msg = f"order {order} has no capture: no run has read it yet"
        raise StoreError(msg)
    subject, entries = subject_of(order), store.order_entries(order)
    return order_story(
        StoryFacts(
            capture=capture,
            entries=entries,
            record=store.exception(Flow.ORDERS, subject),
            journal=store.journal(subject=subject),
            prima_says=prima_says,
            why=why,
            invoices=tuple(_documents(store, entries)),
        )
    )


def _documents(store: Store, entries: tuple[LedgerEntry, ...]) -> Iterator[Invoice]:
    numbers: set[PrimaOrderNumber] = {entry.known_as for entry in entries}
    for known in known_invoices(store, sorted(numbers)).values():
        yield from known.invoices


def ask_prima(ports: Ports, *, order: OroOrderId) -> str | None:
    """
    Return what Prima says of the order now; None where it was never sent or nothing usable came.

    An enquiry alone: nothing is settled by it.
    """
    sent = [e for e in ports.store.order_entries(order) if e.state is not EntryState.RELEASED]
    if not sent:
        return None
    try:
        number = sent[-1].known_as
        call = order_status(number, profile=ports.profile, company=ports.pair.company)
        return ports.erp.send(call).status
    except CallError:
        return None


def ask_why(ports: Ports, policy: OrderPolicy, *, order: OroOrderId) -> tuple[str, ...]:
    """
    Return how the order is mapped as it is now, a line a rule; nothing where it cannot be read.

    Once it is posted this is how it would be mapped today.
    """
    try:
        snapshot = order_as_it_is(ports, policy, order=order)
    except (CallError, StoreError):
        return ()
    found = explain_order(
        snapshot.orders[0],
        snapshot.tables,
        policy,
        suffix=snapshot.suffixes.get(order, 0),
        now=snapshot.now,
        versions=table_versions(snapshot.tables),
        books=snapshot.books,
    )
    return tuple(explanation_text(found).splitlines())
