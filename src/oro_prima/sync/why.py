"""Reading what an explanation needs, as it is now; nothing is written and nothing is settled."""

from __future__ import annotations

from oro_prima.errors import StoreError
from oro_prima.ids import OroOrderId
from oro_prima.mapping.policy import OrderPolicy, StockPolicy
from oro_prima.plans.snapshots import OrderSnapshot, StockSnapshot
from oro_prima.ports import Ports
from oro_prima.records import Flow
from oro_prima.sync.earlier import with_accounts
from oro_prima.sync.gather import gather_chosen
from oro_prima.sync.gather_stock import gather_stock
from oro_prima.sync.price_books import with_prices_of_all
from oro_prima.sync.run import look


def order_as_it_is(ports: Ports, policy: OrderPolicy, *, order: OroOrderId) -> OrderSnapshot:
    """
    Read one order, and what the rules look up for it.

    Raises:
        CallError: OroCommerce cannot be asked.
        StoreError: OroCommerce has no such order, or one that cannot be read.
    """
    run = look(ports, Flow.ORDERS)
    snapshot = gather_chosen(run, (order,))
    if not snapshot.orders:
        msg = f"order {order} cannot be read from OroCommerce: it has none, or an unreadable one"
        raise StoreError(msg)
    whole = with_accounts(run, snapshot, policy)
    return with_prices_of_all(run, whole, policy)


def stock_as_it_is(ports: Ports, policy: StockPolicy) -> StockSnapshot:
    """
    Read both sides' stock.

    Raises:
        CallError: one of the systems cannot be read.
    """
    return gather_stock(look(ports, Flow.STOCK), policy).snapshot
