"""
Orders: post one, enquire after one.

`MultiNewOrder` (or `NewOrder`, by setting) with one `Data` a request, and `OrderStatus`.
"""

from __future__ import annotations

from functools import partial
from xml.etree import ElementTree as ET

from oro_prima.call import ResponseHead
from oro_prima.errors import RejectedError
from oro_prima.ids import PrimaAccount, PrimaCompany, PrimaOrderNumber
from oro_prima.prima.calls.base import PrimaCall
from oro_prima.prima.calls.reading import Item, Reading, attribute
from oro_prima.prima.calls.result import (
    Asked,
    judge_enquiry,
    judge_order,
    said,
    unreadable,
)
from oro_prima.prima.models.additions import add_sections
from oro_prima.prima.models.fields import fit_fields, has_field_rules
from oro_prima.prima.models.orders import OrderAnswer, OrderStatusAnswer, PrimaOrder
from oro_prima.prima.models.profile import PrimaProfile
from oro_prima.prima.models.rendering import Tree, order_faults, render_order
from oro_prima.prima.models.sections import OrderSections, section_faults
from oro_prima.prima.models.writable import writable


def post_order(
    order: PrimaOrder,
    *,
    unique_id: str,
    profile: PrimaProfile,
    company: PrimaCompany,
    sections: OrderSections | None = None,
) -> PrimaCall[OrderAnswer]:
    """
    Ask Prima to take one order; not safe: a second sending may make a second order.

    Args:
        order: The intent; its account is never blank, for a blank one makes a new customer.
        unique_id: 8 digits, new for each attempt.
        profile: What this Prima is like.
        company: Sent where the profile says so.
        sections: Further attributes, beyond those of a plain trade order.

    Raises:
        ValueError: The order could not be taken as it is meant: a blank account, a number that is
            none, no lines, a quantity below 1, more address lines than there are fields, a
            character that `profile.charset` does not let through.
    """
    faults = order_faults(order, profile)
    if sections is not None:
        faults += section_faults(sections, lines=frozenset(line.number for line in order.lines))
    _refuse(order, faults)
    tree = render_order(order, unique_id=unique_id, profile=profile)
    if sections is not None:
        tree = add_sections(tree, sections, profile=profile)
    tree, faults = writable(tree, charset=profile.charset)
    _refuse(order, faults)
    if has_field_rules(profile):
        tree, _reports = fit_fields(tree, profile=profile)
    request_type = profile.order_request.value
    return PrimaCall(
        name="post_order",
        request_type=request_type,
        profile=profile,
        company=company,
        safe=False,
        write=partial(_request, request_type, tree),
        reader=lambda: (None, partial(_order_answer, order, unique_id)),
    )


def order_status(
    number: PrimaOrderNumber, *, profile: PrimaProfile, company: PrimaCompany
) -> PrimaCall[OrderStatusAnswer]:
    """
    Ask for the status of one order.

    An order that Prima does not know is a `RejectedError`; no code that truly means "absent" is
    evidenced, so nothing may be concluded from it without `profile.absent_codes`. So is an OK that
    states no status: it is no sign that Prima has the order.
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


def _refuse(order: PrimaOrder, faults: tuple[str, ...]) -> None:
    if faults:
        raise ValueError(f"order {order.number}: " + "; ".join(faults))


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
    sent = {"TPGUID": order.reference, "OrderNumber": str(order.number), "UniqueID": unique_id}
    ours = _ours(sent, reading)
    for item in ours:
        for name, spoken in _OF_THE_ORDER.items():
            if _text(item, name).casefold() not in ("", sent[name].casefold()):
                detail = f"order {order.number} was answered under another {spoken}"
                raise unreadable(asked, head, detail)
    if len({(*said(item), _text(item, "CustomerCode")) for item in ours}) > 1:
        raise unreadable(asked, head, f"order {order.number} was answered in two ways")
    item = judge_order(asked, head, reading, ours[0] if ours else None)
    return OrderAnswer(order.number, order.reference, PrimaAccount(_text(item, "CustomerCode")))


_OF_THE_ORDER = {"TPGUID": "reference", "OrderNumber": "number"}
"""The unique id is an attempt's: an answer to an earlier one is still about the order."""


def _ours(sent: dict[str, str], reading: Reading) -> list[Item]:
    """Return every item that bears one of the identifiers that were sent."""
    return [
        item
        for item in reading.items
        if any(value and _text(item, name) == value for name, value in sent.items())
    ]


def _status_answer(
    number: PrimaOrderNumber, asked: Asked, head: ResponseHead, reading: Reading
) -> OrderStatusAnswer:
    judge_enquiry(asked, head, reading)
    if any(_text(item, "OrderNumber") not in ("", str(number)) for item in reading.items):
        raise unreadable(asked, head, f"the answer is about another order than {number}")
    texts = [_text(item, "OrderStatus") for item in reading.items]
    texts.append((attribute(reading.attributes, "OrderStatus") or "").strip())
    text = next((text for text in texts if text), "")
    if not text:
        detail = f"Prima states no status of order {number}; it may not know the order"
        raise RejectedError(asked.call, detail, status=head.status)
    return OrderStatusAnswer(number, text)


def _text(item: Item, name: str) -> str:
    return (attribute(item.attributes, name) or "").strip()
