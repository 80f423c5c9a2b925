"""Charges of an order by Prima's codes: shipping, surcharges, a discount of the shop's own."""

from __future__ import annotations

from decimal import Decimal

from oro_prima.mapping.policy import DiscountOwner, OrderPolicy
from oro_prima.mapping.recorder import SILENT, Recorder
from oro_prima.mapping.tables import Tables
from oro_prima.mapping.totals import KNOWN_SUBTOTALS, shipping_cost, stated_discount
from oro_prima.oro.models.orders import Order
from oro_prima.outcome import Mapped, Outcome, Unmapped
from oro_prima.prima.models.orders import OrderCharge
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.values import Rounding, round_to

NO_CHARGES: Mapped[tuple[OrderCharge, ...]] = Mapped(())


def map_charges(
    order: Order, tables: Tables, policy: OrderPolicy, *, to: Recorder = SILENT
) -> Outcome[tuple[OrderCharge, ...]]:
    """
    Map what an order costs beside its lines, every fault at once.

    Shipping has the code of its method; a computed total of a kind that OroCommerce itself does not
    know is a surcharge with the code of its kind; a discount is sent, as a charge below 0, only
    where the shop owns discounts. A cost without a code is held.

    Source: RULES §5, §8. Amounts are half up at 2 decimals.
    """
    cost = shipping_cost(order)
    if not (cost or order.subtotals) and policy.discount_owner is DiscountOwner.PRIMA:
        return NO_CHARGES
    charges: list[OrderCharge] = []
    reasons: list[Reason] = []
    if cost:
        _shipping(order, cost, tables, charges, reasons, to)
    if order.subtotals:
        _surcharges(order, tables, charges, reasons)
    if policy.discount_owner is DiscountOwner.ORO:
        _discount(order, policy, charges, reasons)
    return Unmapped(tuple(reasons)) if reasons else Mapped(tuple(charges))


def _shipping(
    order: Order,
    cost: Decimal,
    tables: Tables,
    charges: list[OrderCharge],
    reasons: list[Reason],
    to: Recorder,
) -> None:
    method = order.shipping_method or ""
    code = tables.charges.get(method) or tables.charges.get("")
    to.row("charges", method or "(none)", code=code)
    if code:
        charges.append(_charge(code, cost))
        return
    detail = f"shipping cost {cost} by method {method or 'none'}"
    subject, cause = f"orders/{order.id}/shipping", f"charges/{method}"
    reasons.append(Reason(ReasonCode.CHARGE_NOT_MAPPED, subject, detail, cause))


def _surcharges(
    order: Order, tables: Tables, charges: list[OrderCharge], reasons: list[Reason]
) -> None:
    for row in order.subtotals or ():
        kind, amount = row.order_subtotal_type, row.signed_amount
        if kind in KNOWN_SUBTOTALS or not amount:
            continue
        code = tables.surcharges.get(kind)
        if code:
            charges.append(_charge(code, amount))
            continue
        subject, cause = f"orders/{order.id}/subtotals", f"surcharges/{kind}"
        reasons.append(Reason(ReasonCode.CHARGE_NOT_MAPPED, subject, f"{amount} of {kind}", cause))


def _discount(
    order: Order, policy: OrderPolicy, charges: list[OrderCharge], reasons: list[Reason]
) -> None:
    discount = stated_discount(order)
    if discount is None:
        detail = "the order's own figures do not add up to its total"
        subject = f"orders/{order.id}/discount"
        reasons.append(Reason(ReasonCode.DISCOUNT_NOT_STATED, subject, detail))
    elif discount:
        charges.append(_charge(policy.discount_code, -discount))


def _charge(code: str, amount: Decimal) -> OrderCharge:
    return OrderCharge(code, round_to(amount, 2, Rounding.HALF_UP))
