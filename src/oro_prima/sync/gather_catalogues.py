"""Reading both sides' catalogues: what can occur in an order, and what Prima has alive."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from attrs import frozen

from oro_prima.call import each
from oro_prima.ids import OroCustomerId, OroProductId, UnitCode
from oro_prima.mapping.coverage import (
    CoverageFacts,
    ErpCatalogue,
    Sale,
    ShopCatalogue,
    ShopCustomer,
    SoldUnit,
    sales_of,
)
from oro_prima.mapping.quantities import QuantityRule
from oro_prima.oro.calls.customers import list_customers
from oro_prima.oro.calls.orders import list_orders_created
from oro_prima.oro.calls.stock import list_quantities
from oro_prima.oro.calls.units import list_unit_precisions
from oro_prima.oro.models.orders import Order, OrderAddress
from oro_prima.ports import Ports
from oro_prima.records import Flow
from oro_prima.sync.free_stock import all_free_stock
from oro_prima.sync.gather import current_tables, with_all_lines
from oro_prima.sync.run import FlowRun, look


@frozen
class Catalogues:
    """Both sides as they are now, and what was sold in the days before."""

    facts: CoverageFacts
    sales: tuple[Sale, ...]


def gather_catalogues(ports: Ports, *, period: timedelta = timedelta(days=30)) -> Catalogues:
    """
    Read what can occur in an order, and the SKUs that Prima sells.

    Customers and product units are all that the shop has. Shipping methods, payment terms,
    currencies and ship-to addresses are those of the orders of `period`, for the API lists none of
    them; prices are not read. Prima shows no list of accounts or codes, so none is called dead.

    Raises:
        CallError: a system cannot be read.
    """
    run = look(ports, Flow.ORDERS)
    now = run.now().replace(microsecond=0)
    call = list_orders_created(run.features, first=now - period, last=now)
    orders = [with_all_lines(run, order) for order in each(ports.shop, call)]
    facts = CoverageFacts(_shop(run, orders), _erp(run), current_tables(run))
    return Catalogues(facts, tuple(sales_of(orders, since=now - period)))


def _shop(run: FlowRun, orders: list[Order]) -> ShopCatalogue:
    seen: dict[OroCustomerId, list[OrderAddress | None]] = {}
    for order in orders:
        if order.customer is not None:
            seen.setdefault(order.customer, []).append(order.shipping_address)
    customers = [one.id for one in each(run.ports.shop, list_customers())]
    return ShopCatalogue(
        customers=tuple(
            ShopCustomer(one, ship_to=_places(seen.get(one, [None]))) for one in customers
        ),
        units=tuple(_units(run)),
        currencies=_named(order.currency for order in orders),
        shipping_methods=_named(order.shipping_method for order in orders),
        payment_terms=_named(order.payment_term for order in orders),
    )


def _places(addresses: Iterable[OrderAddress | None]) -> tuple[OrderAddress | None, ...]:
    return tuple(dict.fromkeys(addresses))


def _units(run: FlowRun) -> Iterable[SoldUnit]:
    """Yield every product unit that has a level, with the decimals its quantities may have."""
    decimals: dict[tuple[OroProductId | None, UnitCode | None], int] = {
        (one.product, one.unit): one.precision or 0
        for one in each(run.ports.shop, list_unit_precisions())
    }
    found: dict[tuple[str, str], SoldUnit] = {}
    for level in each(run.ports.shop, list_quantities()):
        rule = QuantityRule(precision=decimals.get((level.product, level.unit), 0))
        found[level.sku, level.unit] = SoldUnit(level.sku, level.unit, rule)
    return found.values()


def _named(texts: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(sorted({text for text in texts if text}))


def _erp(run: FlowRun) -> ErpCatalogue:
    ports = run.ports
    call = all_free_stock(ports, at=run.now())
    return ErpCatalogue(skus=frozenset(row.sku for row in ports.erp.send(call)))
