"""`map_order`: one order of OroCommerce to what Prima is to take: no network, store or clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from attrs import evolve

from oro_prima.config import Policies
from oro_prima.ids import OroCustomerId
from oro_prima.mapping.price_check import Books, ReadBook
from oro_prima.oro.models.orders import Order
from oro_prima.plans.orders import plan_orders
from oro_prima.plans.snapshots import OrderSnapshot
from oro_prima.prima.models.prices import BookPrice
from oro_prima.records import Link
from oro_prima.steps.reading import (
    links_of,
    order_of,
    orders_of,
    policies_of,
    read_input,
    reason_rows,
    write_output,
)
from oro_prima.steps.shapes import MapOrderInput, MapOrderOutput


def map_order(document: Mapping[str, object]) -> dict[str, object]:
    """
    Map one order: `MapOrderInput` in, `MapOrderOutput` out, both as JSON values.

    Raises:
        StepInputError: names every fault of the document.
    """
    given = read_input(document, MapOrderInput)
    policies = policies_of(given.policy)
    links = links_of(given.links, company=policies.tables.company, policy=policies.orders.accounts)
    order = order_of(given.order)
    earlier = orders_of(given.earlier, "earlier")
    return write_output(
        decide(
            order,
            policies,
            links,
            now=given.now,
            suffix=given.suffix,
            earlier=earlier,
            books=read_books(given.price_books, policies),
        )
    )


def read_books(rows: tuple[BookPrice, ...] | None, policies: Policies) -> Books:
    """Return the price books of a document: every account's, also one that has no rows."""
    if rows is None:
        return {}
    named = {one.price_book for one in policies.tables.accounts.values()}
    return {
        code: ReadBook(
            tuple(dict.fromkeys(one.book for one in rows if one.book.code == code)),
            tuple(one.row for one in rows if one.book.code == code),
        )
        for code in sorted(named)
    }


def decide(
    order: Order,
    policies: Policies,
    links: Mapping[OroCustomerId, Link],
    *,
    now: datetime | None = None,
    suffix: int = 0,
    earlier: tuple[Order, ...] = (),
    books: Books | None = None,
) -> MapOrderOutput:
    """Say what becomes of one order; without `now` its age is not looked at."""
    snapshot = OrderSnapshot(
        now=now or order.created_at + policies.orders.post_after,
        orders=(order,),
        tables=evolve(policies.tables, links=links),
        suffixes={order.id: suffix},
        namesakes=earlier,
        books=books or {},
    )
    (decision,) = plan_orders(snapshot, policies.orders).decisions
    command = decision.command
    return MapOrderOutput(
        oro_order=order.id,
        home=decision.home,
        order=None if command is None else command.order,
        intent_hash="" if command is None else command.intent_hash,
        reasons=reason_rows(decision.reasons),
        warnings=reason_rows(decision.warnings),
    )
