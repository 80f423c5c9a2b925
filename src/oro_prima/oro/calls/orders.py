"""Reading orders and their lines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from oro_prima.call import Page
from oro_prima.ids import OroOrderId
from oro_prima.oro.calls.jsonapi import ApiCall, Query, digits, one_tree, time_range
from oro_prima.oro.calls.paging import Choice, Listing, list_by_id, list_chosen
from oro_prima.oro.calls.resources import ADDRESSES, DISCOUNTS, LINES, ORDERS, SUBTOTALS
from oro_prima.oro.models.features import OroFeatures
from oro_prima.oro.models.orders import Order, OrderLine, OrderSubtotal
from oro_prima.oro.models.trees import parse_order_lines, parse_orders, parse_subtotals, read_orders

PAGE = 100

_STATUSES = ("internalStatus", "status", "shippingStatus")
_INCLUDED = ("lineItems", "billingAddress", "shippingAddress", "discounts")


def sweep_orders(features: OroFeatures, *, after: int, size: int = PAGE) -> ApiCall[Page[Order]]:
    """
    Read every order whose id is above `after`, by id, with lines, addresses and totals.

    The only reading that misses none: `createdAt` can be written by clients.
    """
    return list_by_id(_orders("sweep_orders", features, (), after=after, size=size))


def newest_order() -> ApiCall[int]:
    """Ask for the highest order id, 0 where there is none; it tells how much there is to read."""
    return ApiCall(
        name="newest_order",
        resource="orders",
        path="orders",
        query=(("fields[orders]", "identifier"), ("sort", "-id"), ("page[size]", "1")),
        read=lambda answer: max((int(digits(str(tree["id"]))) for tree in answer.trees), default=0),
    )


def order_ids(*, after: int, size: int) -> ApiCall[tuple[OroOrderId, ...]]:
    """
    Ask for the ids alone of at most `size` orders above `after`, lowest first.

    An order with its lines and totals takes a hundred times the bytes, and its totals are computed
    anew each time it is shown.
    """
    return ApiCall(
        name="order_ids",
        resource="orders",
        path="orders",
        query=(
            ("filter[id][gt]", str(after)),
            ("fields[orders]", "identifier"),
            ("sort", "id"),
            ("page[size]", str(size)),
        ),
        read=lambda answer: tuple(OroOrderId(digits(str(tree["id"]))) for tree in answer.trees),
    )


def list_orders_created(
    features: OroFeatures, *, first: datetime, last: datetime, after: int = 0
) -> ApiCall[Page[Order]]:
    """
    Read the orders that say they were created from `first` to `last`, by id.

    Args:
        features: What the server can do.
        first: Included; aware, without a fraction of a second.
        last: Included too: for a day give its last second.
        after: Only orders with an id above this.
    """
    query = (("filter[createdAt]", time_range(first, last)),)
    return list_by_id(_orders("list_orders_created", features, query, after=after, size=PAGE))


def list_orders_updated(
    features: OroFeatures, *, first: datetime, last: datetime, after: int = 0
) -> ApiCall[Page[Order]]:
    """
    Read the orders that were changed from `first` to `last`, both included, by id.

    A change of the billing address, and a tracking, changes no order. Raises `ValueError` where the
    server has no such filter (5.1).
    """
    if not features.updated_filter:
        msg = "this server cannot filter orders by updatedAt; read the open ones again by id"
        raise ValueError(msg)
    query = (("filter[updatedAt]", time_range(first, last)),)
    return list_by_id(_orders("list_orders_updated", features, query, after=after, size=PAGE))


def get_order(features: OroFeatures, *, order: OroOrderId) -> ApiCall[Order]:
    """
    Read one order with lines, addresses and totals.

    Where `lines_complete` is False ask `list_order_lines`.

    `RejectedError` with status 404 says that it is not there, or not to be seen by this user.
    """
    return ApiCall(
        name="get_order",
        resource="orders",
        path=f"orders/{digits(order)}",
        query=_shape(features),
        read=lambda answer: parse_orders((one_tree(answer),), cap=features.to_many_cap)[0],
    )


def list_order_subtotals(*, order: OroOrderId) -> ApiCall[tuple[OrderSubtotal, ...]]:
    """
    Read an order's totals (6.1+), computed at this moment with the promotions of today.

    They can differ from the stored `total_value`. The list knows no pages.
    """
    return ApiCall(
        name="list_order_subtotals",
        resource="ordersubtotals",
        path="ordersubtotals",
        query=(("filter[order]", digits(order)), SUBTOTALS.sparse()),
        read=lambda answer: parse_subtotals(answer.trees),
    )


def list_orders_by_po_number(
    features: OroFeatures, *, numbers: Sequence[str], after: int = 0
) -> ApiCall[Page[Order]]:
    """
    Read the orders that have one of these purchase order numbers, by id.

    Raises `ValueError` for none, and for one with a comma: the filter would take it for two.
    """
    if not numbers or any("," in number or not number for number in numbers):
        msg = "expected purchase order numbers, none of them with a comma"
        raise ValueError(msg)
    query = (("filter[poNumber]", ",".join(numbers)),)
    return list_by_id(_orders("list_orders_by_po_number", features, query, after=after, size=PAGE))


def list_orders_by_id(features: OroFeatures, *, ids: Sequence[OroOrderId]) -> ApiCall[Page[Order]]:
    """
    Read these orders, a hundred a page.

    One that is absent from all pages, also from their `unread`, no longer exists.
    """
    return list_chosen(
        Choice(
            name="list_orders_by_id",
            resource="orders",
            query=_shape(features),
            size=PAGE,
            parse=partial(read_orders, cap=features.to_many_cap),
            ids=tuple(dict.fromkeys(ids)),
        )
    )


def list_order_lines(
    features: OroFeatures, *, order: OroOrderId, after: int = 0
) -> ApiCall[Page[OrderLine]]:
    """Read the lines of one order from their own list, which is never cut."""
    query: Query = (
        (f"filter[{features.line_order_field}]", digits(order)),
        LINES.sparse(),
    )
    return list_by_id(
        Listing("list_order_lines", "orderlineitems", query, PAGE, parse_order_lines, after)
    )


def _orders(
    name: str, features: OroFeatures, query: Query, *, after: int, size: int
) -> Listing[Order]:
    parse = partial(read_orders, cap=features.to_many_cap)
    return Listing(name, "orders", (*query, *_shape(features)), size, parse, after)


def _shape(features: OroFeatures) -> Query:
    """Which members to show and what to bring along; a type that is unknown would be refused."""
    hidden: tuple[str, ...] = () if features.external else ("external",)
    if not features.external_id:
        hidden = (*hidden, "externalId")
    if not features.statuses:
        hidden = (*hidden, *_STATUSES)
    query = (LINES.sparse(), ADDRESSES.sparse(), DISCOUNTS.sparse())
    if not features.subtotals:
        sparse = ORDERS.sparse(without=(*hidden, "orderSubtotals"))
        return (("include", ",".join(_INCLUDED)), sparse, *query)
    included = ",".join((*_INCLUDED, "orderSubtotals"))
    return (("include", included), ORDERS.sparse(without=hidden), *query, SUBTOTALS.sparse())
