"""Reading for the books: what OroCommerce captured, asked again, beside what we did with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from oro_prima.call import Call, Page
from oro_prima.ids import OroOrderId
from oro_prima.mapping.orders import captured_gross
from oro_prima.mapping.policy import OrderPolicy
from oro_prima.oro.calls.orders import list_orders_created
from oro_prima.oro.models.orders import Order
from oro_prima.ports import Ports
from oro_prima.reconcile import DayEquation, OrderNow, reconcile_day
from oro_prima.records import Flow
from oro_prima.sync.run import look
from oro_prima.values import LocalDate


def reconcile_orders(ports: Ports, policy: OrderPolicy, *, day: LocalDate) -> DayEquation:
    """
    Return the control equation of the orders created on `day` in the books' zone.

    Ids and totals of `captured` come from OroCommerce again, not from the ledger.

    Raises:
        CallError: OroCommerce cannot be read.
    """
    first = datetime.combine(day, time(), policy.zone).astimezone(UTC)
    following = datetime.combine(day + timedelta(days=1), time(), policy.zone).astimezone(UTC)
    run = look(ports, Flow.ORDERS)
    call = list_orders_created(run.features, first=first, last=following - timedelta(seconds=1))
    now = tuple(_orders_now(ports, policy, call))
    captures = ports.store.captures_created(first, following)
    return reconcile_day(now, captures, day=day, zone=policy.zone)


def _orders_now(ports: Ports, policy: OrderPolicy, call: Call[Page[Order]]) -> Iterator[OrderNow]:
    upcoming: Call[Page[Order]] | None = call
    while upcoming is not None:
        page = ports.shop.send(upcoming)
        yield from orders_now(page, policy, at=ports.clock())
        upcoming = page.next


def orders_now(page: Page[Order], policy: OrderPolicy, *, at: datetime) -> Iterator[OrderNow]:
    """
    Yield every order of a page, also one that cannot be read: its total is not stated.

    One whose instant cannot be read either counts where the server's clock is, else `at`.
    """
    yield from (_now(order, policy) for order in page.items)
    for record in page.unread:
        order = OroOrderId(record.subject.partition("/")[2])
        created = record.created_at or page.server_now or at
        yield OrderNow(order, created, currency="", gross=None)


def _now(order: Order, policy: OrderPolicy) -> OrderNow:
    return OrderNow(
        id=order.id,
        created_at=order.created_at,
        currency=order.currency or "",
        gross=captured_gross(order),
        main=bool(order.sub_orders) and not policy.post_main,
    )
