"""What people name -> the scope of a run; a name that finds nothing is said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from oro_prima.call import each
from oro_prima.errors import StoreError
from oro_prima.ids import OroCustomerId, OroOrderId, OroSku
from oro_prima.mapping.tables import UnitTable
from oro_prima.oro.calls.orders import list_orders_by_id, list_orders_by_po_number
from oro_prima.oro.calls.products import list_products
from oro_prima.oro.models.products import ProductFilter
from oro_prima.plans.pools import skus_of_products, whole_pools
from oro_prima.plans.scopes import OfCustomers, OfOrders, OfProducts
from oro_prima.ports import Ports
from oro_prima.records import EntryState, Flow
from oro_prima.sync.levels import nameable
from oro_prima.sync.run import look
from oro_prima.sync.story import find_order, the_one

CHUNK = 100
AFTER_POSTING = (Flow.FULFILMENT, Flow.INVOICES)
"""Flows that have nothing to do for an order before Prima has accepted it."""


def orders_named(ports: Ports, references: Iterable[str], *, flow: Flow) -> OfOrders:
    """
    Return the orders that references mean, also such as no run has read yet.

    A reference is what `find_order` takes, the id of an order in the shop, or the customer's own
    order number.

    Args:
        ports: What it reads through.
        references: As people gave them.
        flow: Whose run it is.

    Raises:
        StoreError: naming each that finds nothing, or several, or an order that the flow has
            nothing to do for.
        CallError: OroCommerce cannot be asked.
    """
    found: list[OroOrderId] = []
    faults: list[str] = []
    for reference in references:
        try:
            found.append(_order(ports, reference.strip()))
        except StoreError as error:
            faults.append(str(error))
    if flow in AFTER_POSTING:
        unposted = [order for order in found if not _is_posted(ports, order)]
        faults += [f"order {one} is not posted: {flow.value} has nothing to do" for one in unposted]
    _refuse(faults)
    return OfOrders(tuple(found))


def _is_posted(ports: Ports, order: OroOrderId) -> bool:
    entry = ports.store.newest_entries((order,)).get(order)
    return entry is not None and entry.state is EntryState.ACCEPTED


def _order(ports: Ports, reference: str) -> OroOrderId:
    try:
        return find_order(ports.store, reference=reference)
    except StoreError:
        found = tuple(dict.fromkeys(_in_shop(ports, reference)))
        if not found:
            raise
        return the_one(reference, found)


def _in_shop(ports: Ports, reference: str) -> Iterator[OroOrderId]:
    features = look(ports, Flow.ORDERS).features
    if reference.isascii() and reference.isdigit():
        page = ports.shop.send(list_orders_by_id(features, ids=(OroOrderId(reference),)))
        yield from (order.id for order in page.items)
        yield from (OroOrderId(one.subject.partition("/")[2]) for one in page.unread)
    if reference and "," not in reference:
        call = list_orders_by_po_number(features, numbers=[reference])
        yield from (order.id for order in each(ports.shop, call))


def customers_named(ports: Ports, customers: Iterable[str]) -> OfCustomers:
    """
    Return these customers.

    Raises:
        StoreError: naming each that is not linked to an account: nothing is kept of it.
    """
    links, named = ports.store.links(), tuple(OroCustomerId(one.strip()) for one in customers)
    unknown = (one for one in named if one not in links)
    _refuse([f"customer {one} is not linked to an account of Prima" for one in unknown])
    return OfCustomers(named)


def products_named(ports: Ports, skus: Iterable[str], *, flow: Flow) -> OfProducts:
    """
    Return these products.

    Raises:
        StoreError: naming each that is not in the shop; not in the unit table, which the products
            flow does not need; or whose stock cannot be asked for by name.
        CallError: OroCommerce cannot be asked.
    """
    named = tuple(OroSku(one.strip()) for one in skus)
    units = ports.tables.units
    mapped = {sku for sku, _unit in units} if flow is not Flow.PRODUCTS else set(named)
    unknown = [
        f"product {one}: no unit of it is in the unit table" for one in named if one not in mapped
    ]
    there = _shown(ports, [one for one in named if one in mapped])
    absent = [f"product {one} is not in the shop" for one in named if one in mapped - there]
    odd = [one for one in named if flow is Flow.STOCK and not _can_be_asked(one, units)]
    told = "its stock, or what shares it, is published by runs of all stock alone"
    _refuse([*unknown, *absent, *(f"product {one}: {told}, for a comma in a SKU" for one in odd)])
    return OfProducts(named)


def _shown(ports: Ports, skus: Sequence[OroSku]) -> frozenset[str]:
    """Return the products that the shop has of these; all are read for one no filter can name."""
    plain = [one for one in skus if nameable(one)]
    questions: list[ProductFilter | None] = [
        {"sku": tuple(plain[start : start + CHUNK])} for start in range(0, len(plain), CHUNK)
    ]
    if len(plain) < len(skus):
        questions = [None]
    calls = (list_products(where=where) for where in questions)
    return frozenset(one.sku for call in calls for one in each(ports.shop, call) if one.sku)


def _can_be_asked(product: OroSku, units: UnitTable) -> bool:
    pools = whole_pools(skus_of_products([product], units), units)
    return all(nameable(sku) for sku, _unit in pools.units)


def _refuse(faults: list[str]) -> None:
    if faults:
        raise StoreError("; ".join(faults))
