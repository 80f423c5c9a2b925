"""Which orders are ours: post, wait, ignore, hold; cancelled and main orders are told apart."""

from __future__ import annotations

import re
from datetime import datetime

from attrs import frozen

from oro_prima.mapping.policy import OrderPolicy
from oro_prima.oro.models.orders import Order
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.records import Home


@frozen
class Eligibility:
    """
    Where an unposted order belongs before anything of it is mapped.

    `POSTED` means that it is to be posted; every other home comes with its reason.
    """

    home: Home
    reason: Reason | None = None


def eligible(order: Order, *, now: datetime, policy: OrderPolicy) -> Eligibility:
    """
    Decide whether an order is ours, at `now` by the server's clock.

    An order from the ERP, of an organisation that another pair serves or from before the cut-over
    is ignored; one that is cancelled is the term *cancelled*, never ignored; a main order is posted
    through its sub-orders; one that is too young or not in a status of the policy waits.

    Source: RULES §1.
    """
    if _from_erp(order, policy):
        return _because(order, Home.IGNORED, ReasonCode.FROM_ERP, "external order")
    if _of_another_pair(order, policy):
        detail = f"organisation {order.organization}"
        return _because(order, Home.IGNORED, ReasonCode.OTHER_ORGANISATION, detail)
    if order.created_at < policy.start_at:
        return _because(order, Home.IGNORED, ReasonCode.BEFORE_START, "created before start_at")
    if order.sub_orders and not policy.post_main:
        count = f"{len(order.sub_orders)} sub-orders"
        return _because(order, Home.MAIN, ReasonCode.SPLIT_INTO_SUB_ORDERS, count)
    if order.parent is not None and policy.post_main:
        detail = f"posted with main order {order.parent}"
        return _because(order, Home.MAIN, ReasonCode.SPLIT_INTO_SUB_ORDERS, detail)
    return _by_status(order, now=now, policy=policy)


def _by_status(order: Order, *, now: datetime, policy: OrderPolicy) -> Eligibility:
    status = order.internal_status
    if status is not None and status in policy.cancelled_statuses:
        return _because(order, Home.CANCELLED, ReasonCode.CANCELLED_IN_ORO, status)
    if status is not None and status not in policy.statuses:
        return _because(order, Home.WAITING, ReasonCode.STATUS_NOT_READY, status)
    if now - order.created_at < policy.post_after:
        detail = f"younger than {int(policy.post_after.total_seconds())} s"
        return _because(order, Home.WAITING, ReasonCode.TOO_YOUNG, detail)
    return Eligibility(Home.POSTED)


def _from_erp(order: Order, policy: OrderPolicy) -> bool:
    if order.external is not None:
        return order.external
    pattern = policy.erp_identifier_pattern
    return bool(pattern) and re.fullmatch(pattern, order.identifier or "") is not None


def _of_another_pair(order: Order, policy: OrderPolicy) -> bool:
    """An order that names no organisation is ours: its link decides, and none is lost."""
    named = policy.organizations and order.organization is not None
    return bool(named) and order.organization not in policy.organizations


def _because(order: Order, home: Home, code: ReasonCode, detail: str) -> Eligibility:
    return Eligibility(home, Reason(code, f"orders/{order.id}", detail))
