"""Webhooks as hints: each is checked, and has the flow of its record look at that record alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from attrs import field, frozen

from oro_prima.call import Headers
from oro_prima.ids import OroCustomerId, OroOrderId
from oro_prima.mapping.account_fields import CustomerPolicy
from oro_prima.mapping.hints import KINDS, Hint, resolve_hint
from oro_prima.mapping.policy import OrderPolicy
from oro_prima.oro.calls.events import WINDOW, read_event
from oro_prima.plans.scopes import OfCustomers, OfOrders
from oro_prima.ports import Ports
from oro_prima.reasons import ReasonCode
from oro_prima.records import Capture, Flow, Home
from oro_prima.sync.customers import sync_customers
from oro_prima.sync.orders import sync_orders
from oro_prima.sync.report import FlowReport, RunReport
from oro_prima.values import Secret

SECOND = timedelta(seconds=1)
"""The server tells its time in whole seconds."""


@frozen
class HintReport:
    """
    What came of hints of one flow.

    Attributes:
        report: Of the run; None where there was nothing to look at.
        missing: Hints whose records are not there, or not yet: look again a little later.
        young: Orders that wait because they are too young, and how long they will be.
    """

    flow: Flow
    report: RunReport | FlowReport | None = None
    missing: tuple[Hint, ...] = ()
    young: Mapping[Hint, timedelta] = field(factory=dict[Hint, timedelta])

    def summary(self) -> str:
        """Return one line a person reads at a glance."""
        if self.report is None:
            return f"{self.flow.value}: no record of ours was hinted at"
        return f"{self.report.summary()} (by webhook)"


def read_hint(
    body: bytes,
    headers: Headers,
    *,
    secret: Secret,
    now: datetime,
    window: timedelta = WINDOW,
    kinds: Mapping[str, Flow] = KINDS,
) -> Hint | None:
    """
    Check a webhook, and return what it hints at; None where it is no concern of ours.

    Args:
        body: The bytes as they came: a parsed and rewritten body has another signature.
        headers: All of them, names without case.
        secret: What the webhook was made with.
        now: Our clock.
        window: How far its time may be from ours, either way.
        kinds: Which flow looks at a record, by the first part of a topic.

    Raises:
        ValueError: an `EventRefusedError` of `oro_prima.oro.calls.events`: not signed with the
            secret, out of the window, not of this form; its `reply` is the answer to give.
    """
    event = read_event(body, headers, secret=secret, now=now, window=window)
    return resolve_hint(event.topic, key=event.key, kinds=kinds)


def sync_hints(
    ports: Ports, hints: Iterable[Hint], *, orders: OrderPolicy, customers: CustomerPolicy
) -> tuple[HintReport, ...]:
    """
    Have each flow look at the records that were hinted at; each record is read anew.

    One run a flow, under its lease, as any run of a scope: nothing else is touched. A customer
    without a link is no record of ours.

    Args:
        ports: What it acts through.
        hints: What `read_hint` returned, in any number and order.
        orders: How orders are posted.
        customers: What of a customer is kept.

    Raises:
        ConfigError: `not available: account is unbound`, for hints of customers.
        FlowStoppedError: the store has no cut-over record.
        StoreError: the store failed, or another run holds the lease of the flow.
    """
    some = tuple(dict.fromkeys(hints))
    reports: list[HintReport] = []
    if any(hint.flow is Flow.ORDERS for hint in some):
        reports.append(_orders(ports, some, orders))
    if any(hint.flow is Flow.CUSTOMERS for hint in some):
        reports.append(_customers(ports, some, customers))
    return tuple(reports)


def _orders(ports: Ports, hints: Iterable[Hint], policy: OrderPolicy) -> HintReport:
    ids = tuple(OroOrderId(one.record) for one in hints if one.flow is Flow.ORDERS)
    report = sync_orders(ports, policy, scope=OfOrders(ids))
    missing = tuple(Hint(Flow.ORDERS, order) for order in report.missing)
    young = {
        Hint(Flow.ORDERS, one.order): _pause(one, policy.post_after, report.finished)
        for one in ports.store.captures(ids).values()
        if one.home is Home.WAITING and one.reason == ReasonCode.TOO_YOUNG
    }
    return HintReport(Flow.ORDERS, report, missing, young)


def _pause(capture: Capture, least: timedelta, now: datetime) -> timedelta:
    """Return how long an order is too young; no longer than one of this moment would be."""
    return max(timedelta(0), min(least, capture.created_at + least - now)) + SECOND


def _customers(ports: Ports, hints: Iterable[Hint], policy: CustomerPolicy) -> HintReport:
    links = ports.store.links()
    ids = (OroCustomerId(one.record) for one in hints if one.flow is Flow.CUSTOMERS)
    ours = tuple(one for one in ids if one in links)
    if not ours:
        return HintReport(Flow.CUSTOMERS)
    report = sync_customers(ports, policy, scope=OfCustomers(ours))
    return HintReport(Flow.CUSTOMERS, report)
