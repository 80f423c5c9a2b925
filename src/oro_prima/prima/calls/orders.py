"""Orders: post one (`MultiNewOrder`, one `Data` a request), enquire after one (`OrderStatus`)."""

from __future__ import annotations

from functools import partial
from xml.etree import ElementTree as ET

from oro_prima.call import ResponseHead
from oro_prima.errors import UnreadableError
from oro_prima.ids import PrimaAccount, PrimaCompany, PrimaOrderNumber
from oro_prima.prima.calls.base import PrimaCall
from oro_prima.prima.calls.reading import Item, Reading, attribute
from oro_prima.prima.calls.result import Asked, judge, judge_item
from oro_prima.prima.models.orders import OrderAnswer, OrderStatusAnswer, PrimaOrder
from oro_prima.prima.models.profile import PrimaProfile
from oro_prima.prima.models.rendering import Tree, render_order


def post_order(
    order: PrimaOrder, *, unique_id: str, profile: PrimaProfile, company: PrimaCompany
) -> PrimaCall[OrderAnswer]:
    """
    Ask Prima to take one order; not safe: a second sending may make a second order.

    Args:
        order: The intent; its account is never blank, for a blank one makes a new customer.
        unique_id: 8 digits, new for each attempt.
        profile: What this Prima is like.
        company: Sent where the profile says so.

    Raises:
        ValueError: The account is blank.
    """
    if not order.account.strip():
        msg = f"order {order.number}: the account is blank, and Prima would make a new customer"
        raise ValueError(msg)
    tree = render_order(order, unique_id=unique_id, profile=profile)
    return PrimaCall(
        name="post_order",
        request_type="MultiNewOrder",
        profile=profile,
        company=company,
        safe=False,
        write=partial(_request, "MultiNewOrder", tree),
        reader=lambda: (None, partial(_order_answer, order, unique_id)),
    )


def order_status(
    number: PrimaOrderNumber, *, profile: PrimaProfile, company: PrimaCompany
) -> PrimaCall[OrderStatusAnswer]:
    """
    Ask for the status of one order.

    An order that Prima does not know is a `RejectedError`; no code that truly means "absent" is
    evidenced, so nothing may be concluded from it without `profile.absent_codes`.
    """
    tree: Tree = ("Data", {"OrderNumber": str(number)}, ())
    return PrimaCall(
        name="order_status",
        request_type="OrderStatus",
        profile=profile,
        company=company,
        safe=True,
        write=partial(_request, "OrderStatus", tree),
        reader=lambda: (None, partial(_status_answer, number)),
    )


def _request(request_type: str, tree: Tree) -> ET.Element:
    root = ET.Element("Request", {"RequestType": request_type})
    _append(root, tree)
    return root


def _append(parent: ET.Element, tree: Tree) -> None:
    name, attributes, children = tree
    element = ET.SubElement(parent, name, dict(attributes))
    for child in children:
        _append(element, child)


def _order_answer(
    order: PrimaOrder, unique_id: str, asked: Asked, head: ResponseHead, reading: Reading
) -> OrderAnswer:
    item = _match(order, unique_id, reading)
    if item is None or reading.fault is not None:
        judge(asked, head, reading)
        detail = f"the answer does not mention order {order.number}"
        raise UnreadableError(asked.call, detail, status=head.status, effect=asked.unsure)
    judge_item(asked, head, item)
    judge(asked, head, reading)
    account = attribute(item.attributes, "CustomerCode") or ""
    return OrderAnswer(order.number, order.reference, PrimaAccount(account.strip()))


def _match(order: PrimaOrder, unique_id: str, reading: Reading) -> Item | None:
    """Find the item of an order: by TPGUID, then order number, then unique id."""
    for name, value in (
        ("TPGUID", order.reference),
        ("OrderNumber", str(order.number)),
        ("UniqueID", unique_id),
    ):
        for item in reading.items:
            if (attribute(item.attributes, name) or "").strip() == value:
                return item
    return None


def _status_answer(
    number: PrimaOrderNumber, asked: Asked, head: ResponseHead, reading: Reading
) -> OrderStatusAnswer:
    root = judge(asked, head, reading)
    for item in reading.items:
        judge_errors = Item({"RequestStatus": "OK"} | item.attributes, item.errors)
        judge_item(asked, head, judge_errors)
    texts = [attribute(item.attributes, "OrderStatus") for item in reading.items]
    text = next((t for t in texts if t is not None), attribute(root, "OrderStatus"))
    if text is None or attribute(root, "RequestStatus") is None:
        detail = "the answer has no order status"
        raise UnreadableError(asked.call, detail, status=head.status, effect=asked.unsure)
    return OrderStatusAnswer(number, text.strip())
