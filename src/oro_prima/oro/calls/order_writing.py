"""
Writing orders, their shipping status and trackings.

Every write of an order, of its lines and of its shipping status computes its totals anew: on 6.1
a promotion that started after the order then lowers what the customer owes, unless
`disable_promotions` is true. A tracking changes no total.
"""

from __future__ import annotations

from collections.abc import Sequence

from oro_prima.call import Page
from oro_prima.ids import OroOrderId
from oro_prima.oro.calls.jsonapi import ApiCall
from oro_prima.oro.calls.records import (
    PAGE,
    Question,
    ask_records,
    get_record,
    list_records,
)
from oro_prima.oro.calls.writing import (
    create_record,
    delete_record,
    set_relation,
    update_record,
    upsert_record,
    validate_record,
)
from oro_prima.oro.models.features import OroFeatures
from oro_prima.oro.models.order_parts import (
    ORDER_TRACKINGS,
    OrderTracking,
    OrderTrackingFields,
    OrderTrackingFilter,
)
from oro_prima.oro.models.order_records import ORDERS, OrderFields, OrderFilter, OrderRecord

MANY = 1000
"""Records a page of a type that is nothing but a few texts."""


def list_order_records(
    *, where: OrderFilter | None = None, after: int = 0, size: int = PAGE
) -> ApiCall[Page[OrderRecord]]:
    """
    Read orders without their parts, page by page.

    Both kinds come: main orders and their sub-orders. A filter by `updated_at` (6.0.5+) misses
    changes of the billing address and trackings, and an order that was made with a past
    `created_at`; one by `created_at` misses what clients wrote there. A sweep by id misses none.
    """
    return list_records(ORDERS, where=where, after=after, size=size)


def get_order_record(order: OroOrderId) -> ApiCall[OrderRecord]:
    """Read an order without its parts."""
    return get_record(ORDERS, key=order)


def find_order(*, identifier: str) -> ApiCall[Page[OrderRecord]]:
    """
    Find the order with an identifier, compared without case; identifiers are unique.

    Raises:
        ValueError: It is empty or holds a comma, which no filter can say.
    """
    return ask_records(ORDERS, Question({"identifier": identifier}, size=2))


def create_order(fields: OrderFields) -> ApiCall[OrderRecord]:
    """
    Make an order with its lines and addresses in one request.

    Needs `customer`, `currency` and a line; a line needs a product or its SKU, a unit, `quantity`,
    `value`, `currency`. A unit that the product does not have is taken. Stock stays as it is.
    Sent twice it makes two: `upsert_order` does not.
    """
    return create_record(ORDERS, fields=fields)


def upsert_order(fields: OrderFields) -> ApiCall[OrderRecord]:
    """
    Make an order, or change the one that has its `identifier`; may be sent again without harm.

    The identifier is the number that the customer sees.

    Raises:
        ValueError: No identifier.
    """
    if not fields.get("identifier"):
        msg = "expected an identifier to find the order by"
        raise ValueError(msg)
    return upsert_record(ORDERS, fields=fields, by=("identifier",))


def validate_order(fields: OrderFields) -> ApiCall[OrderRecord]:
    """Let the server check a new order and throw it away (6.1+); no number is used up."""
    return validate_record(ORDERS, fields=fields)


def update_order(order: OroOrderId, *, fields: OrderFields) -> ApiCall[OrderRecord]:
    """
    Change an order; lines, discounts and trackings that are named **replace** those it has.

    A cancelled or closed one is refused from 6.1 on (403). `internal_status`, totals and `currency`
    are read-only and ignored without a word.
    """
    return update_record(ORDERS, key=order, fields=fields)


def delete_order(order: OroOrderId) -> ApiCall[None]:
    """Delete an order, and its sub-orders with it."""
    return delete_record(ORDERS, key=order)


def set_shipping_status(order: OroOrderId, *, status: str) -> ApiCall[OrderRecord]:
    """
    Set an order's shipping status (6.1+); compare `total_value` of the answer with what it was.

    A promotion that runs now is applied, also to an order that is older than the promotion.
    """
    return update_record(ORDERS, key=order, fields={"shipping_status": status})


def set_shipping_status_without_promotions(
    order: OroOrderId, *, status: str
) -> ApiCall[OrderRecord]:
    """
    Set an order's shipping status and switch promotions off in the same write (6.1+).

    For an order that has no discount: of one that has a stored promotion this takes it away.
    """
    fields: OrderFields = {"shipping_status": status, "disable_promotions": True}
    return update_record(ORDERS, key=order, fields=fields)


def clear_shipping_status(order: OroOrderId) -> ApiCall[None]:
    """Empty an order's shipping status by the relationship's own route; totals are computed too."""
    return set_relation(ORDERS, key=order, relation="shipping_status", to=None)


def set_external_status(order: OroOrderId, *, status: str) -> ApiCall[OrderRecord]:
    """
    Set an order's external status, where an administrator switched that on.

    Elsewhere the status does not exist (400) or is ignored: read it back.
    """
    return update_record(ORDERS, key=order, fields={"status": status})


def list_order_trackings(
    features: OroFeatures, *, order: OroOrderId, after: int = 0
) -> ApiCall[Page[OrderTracking]]:
    """Read the trackings of an order; after a lost answer compare method and number."""
    where: OrderTrackingFilter = {"orders": order} if _to_many(features) else {"order": order}
    return list_records(ORDER_TRACKINGS, where=where, after=after)


def list_trackings_of(
    features: OroFeatures, *, orders: Sequence[OroOrderId]
) -> ApiCall[Page[OrderTracking]]:
    """Read the trackings of several orders at once; each says whose it is."""
    wanted = tuple(orders)
    where: OrderTrackingFilter = {"orders": wanted} if _to_many(features) else {"order": wanted}
    return list_records(ORDER_TRACKINGS, where=where, size=MANY)


def create_order_tracking(
    features: OroFeatures, *, order: OroOrderId, method: str, number: str
) -> ApiCall[OrderTracking]:
    """
    Add a parcel to an order, also to a cancelled or closed one; no total changes.

    There is no key: sent twice, it is there twice.

    Raises:
        ValueError: Method or number is empty or has more than 255 characters: a permanent error
            of the server.
    """
    if not (method.strip() and number.strip()):
        msg = "expected a method and a number"
        raise ValueError(msg)
    fields: OrderTrackingFields = {"method": method, "number": number}
    if _to_many(features):
        return create_record(ORDER_TRACKINGS, fields={**fields, "orders": [order]})
    return create_record(ORDER_TRACKINGS, fields={**fields, "order": order})


def update_order_tracking(tracking: str, *, fields: OrderTrackingFields) -> ApiCall[OrderTracking]:
    """Change a tracking's method or number."""
    return update_record(ORDER_TRACKINGS, key=tracking, fields=fields)


def delete_order_tracking(tracking: str) -> ApiCall[None]:
    """Delete a tracking."""
    return delete_record(ORDER_TRACKINGS, key=tracking)


def _to_many(features: OroFeatures) -> bool:
    """Tell whether a tracking leads to orders (6.1) or to its order."""
    return features.line_order_field == "orders"
