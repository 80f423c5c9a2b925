"""What is kept of every order that was read, whatever becomes of it."""

from __future__ import annotations

from attrs import evolve

from oro_prima.ids import OroSku, UnitCode
from oro_prima.mapping.totals import captured_gross, captured_vat, is_discounted
from oro_prima.oro.models.orders import Order, OrderLine
from oro_prima.plans.snapshots import OrderSnapshot, UnreadOrder
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.records import Capture, Home, LineDemand, frozen_totals

OPEN = frozenset({Home.WAITING, Home.HELD})
"""Homes that a later reading may change by itself."""


def capture_order(
    order: Order, snapshot: OrderSnapshot, home: Home, reasons: tuple[Reason, ...] = ()
) -> Capture:
    """Capture an order; its totals are those of the first reading, for ever."""
    before = snapshot.captures.get(order.id)
    fresh = Capture(
        order=order.id,
        created_at=order.created_at,
        currency=order.currency or "",
        gross=captured_gross(order),
        vat=captured_vat(order),
        home=home,
        reason=reasons[0].code.value if reasons else "",
        first_read=snapshot.now,
        last_read=snapshot.now,
        intent_hash="",
        lines=tuple(map(demand, order.lines)),
        identifier=order.identifier or "",
        discounted=is_discounted(order),
    )
    if before is None or not before.readable:
        return fresh
    return evolve(frozen_totals(before, fresh), intent_hash=before.intent_hash)


def capture_unread(order: UnreadOrder, snapshot: OrderSnapshot) -> Capture:
    """
    Capture an order that cannot be read: held, unless it has a home that nothing can change.

    Its totals are not stated until it can be read; its lines count as in flight where they can.
    """
    before = snapshot.captures.get(order.id)
    if before is None:
        return Capture(
            order=order.id,
            created_at=order.record.created_at or snapshot.now,
            currency="",
            gross=None,
            vat=None,
            home=Home.HELD,
            reason=ReasonCode.UNREADABLE_ORDER.value,
            first_read=snapshot.now,
            last_read=snapshot.now,
            intent_hash="",
            lines=order.lines,
            readable=False,
        )
    if before.home not in OPEN:
        return evolve(before, last_read=snapshot.now)
    reason = ReasonCode.UNREADABLE_ORDER.value
    lines = order.lines or before.lines
    return evolve(before, home=Home.HELD, reason=reason, lines=lines, last_read=snapshot.now)


def demand(line: OrderLine) -> LineDemand:
    """Return what a line asks for, without anything personal."""
    sku, unit = line.product_sku or OroSku(""), line.product_unit_code or UnitCode("")
    return LineDemand(sku, unit, line.quantity, line.value)
