"""How an order goes: warehouse and channel by rule, carrier, service and terms by code table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from attrs import frozen

from oro_prima.mapping.conditions import OrderTest
from oro_prima.mapping.recorder import SILENT, Recorder
from oro_prima.mapping.tables import Carrier, Tables
from oro_prima.oro.models.orders import Order
from oro_prima.outcome import Mapped, Outcome, Unmapped
from oro_prima.reasons import Reason, ReasonCode

T = TypeVar("T")


@frozen
class RouteRule:
    """
    Where orders of one kind go; the first rule that fits and says a thing decides that thing.

    `channel` and `warehouse` are Prima's codes; an empty one says nothing.
    """

    when: OrderTest
    channel: str = ""
    warehouse: str = ""


@frozen
class Route:
    """How one order goes, in Prima's codes; an empty one leaves it to Prima."""

    channel: str = ""
    warehouse: str = ""
    carrier: str = ""
    service: str = ""
    payment_terms: str = ""

    def __str__(self) -> str:
        codes = (
            ("channel", self.channel),
            ("warehouse", self.warehouse),
            ("carrier", self.carrier),
            ("service", self.service),
            ("terms", self.payment_terms),
        )
        return ", ".join(f"{name} {code}" for name, code in codes if code) or "as Prima has it"


def resolve_route(
    order: Order,
    tables: Tables,
    rules: Sequence[RouteRule],
    default: Route,
    *,
    to: Recorder = SILENT,
) -> Outcome[Route]:
    """
    Find how an order goes, every fault at once.

    Args:
        order: The order.
        tables: `carriers` and `payment_terms`; an empty one leaves it to the default.
        rules: For channel and warehouse, the first that fits.
        default: What counts where no rule says otherwise.
        to: Who wants to know why.
    """
    reasons: list[Reason] = []
    carrier = _carrier(order, tables, default, reasons, to)
    terms = _terms(order, tables, default, reasons, to)
    if reasons:
        return Unmapped(tuple(reasons))
    channel = _said(order, rules, "channel", to) or default.channel
    warehouse = _said(order, rules, "warehouse", to) or default.warehouse
    return Mapped(Route(channel, warehouse, carrier.carrier, carrier.service, terms))


def _carrier(
    order: Order, tables: Tables, default: Route, reasons: list[Reason], to: Recorder
) -> Carrier:
    """Look the shipping method up: with its type, then alone, then the row for all others."""
    own = Carrier(default.carrier, default.service)
    if not tables.carriers:
        return own
    method = order.shipping_method or ""
    keys = (f"{method}:{order.shipping_method_type}", method, "")
    found = _first(keys, tables.carriers, "carriers", to)
    if found is None:
        detail = f"shipping method {method or 'none'}"
        subject, cause = f"orders/{order.id}/shipping", f"carriers/{method}"
        reasons.append(Reason(ReasonCode.CARRIER_NOT_MAPPED, subject, detail, cause))
    return found or own


def _terms(
    order: Order, tables: Tables, default: Route, reasons: list[Reason], to: Recorder
) -> str:
    """Look the payment term up; terms are never those of another, so there is no row for others."""
    if not tables.payment_terms:
        return default.payment_terms
    term = order.payment_term or ""
    found = _first((term,), tables.payment_terms, "payment_terms", to)
    if found is not None:
        return found
    detail = f"payment term {term or 'none'}"
    subject, cause = f"orders/{order.id}/payment_term", f"payment_terms/{term}"
    reasons.append(Reason(ReasonCode.TERMS_NOT_MAPPED, subject, detail, cause))
    return default.payment_terms


def _first(keys: Sequence[str], table: Mapping[str, T], name: str, to: Recorder) -> T | None:
    for key in keys:
        found = table.get(key)
        if found is not None:
            to.row(name, key or "(empty)", code=found)
            return found
        to.row(name, key or "(empty)")
    return None


def _said(order: Order, rules: Sequence[RouteRule], what: str, to: Recorder) -> str:
    """Return what the first rule that fits says of one thing; empty where none does."""
    for number, rule in enumerate(rules, start=1):
        code = rule.channel if what == "channel" else rule.warehouse
        if not code:
            continue
        if rule.when.fits(order):
            to.row("routes", number, **{what: code})
            return code
        to.refused(f"{what} {code}", "routes row {} is about other orders", number)
    return ""


def route_faults(rules: Sequence[RouteRule]) -> tuple[str, ...]:
    """Return a fault for each rule that says nothing, or that an earlier one always forestalls."""
    faults: list[str] = []
    for number, rule in enumerate(rules, start=1):
        if not (rule.channel or rule.warehouse):
            faults.append(f"routes row {number}: expected a channel or a warehouse")
        before = [
            earlier
            for earlier, other in enumerate(rules[: number - 1], start=1)
            if _forestalls(other, rule)
        ]
        if before:
            faults.append(f"routes row {number}: never reached, because of row {before[0]}")
    return tuple(faults)


def _forestalls(earlier: RouteRule, rule: RouteRule) -> bool:
    says_all = bool(earlier.channel or not rule.channel) and bool(
        earlier.warehouse or not rule.warehouse
    )
    return says_all and bool(rule.channel or rule.warehouse) and earlier.when.covers(rule.when)
