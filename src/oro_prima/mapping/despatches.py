"""How much of a posted order was sent or will never be: per line, never more than was ordered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from oro_prima.mapping.statuses import Progress
from oro_prima.prima.models.fulfilment import Despatch, PrimaFulfilment
from oro_prima.prima.models.orders import PrimaOrder
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.values import fold

NONE = Decimal(0)


def quantity_reasons(
    order: PrimaOrder, erp: PrimaFulfilment, *, subject: str
) -> tuple[Reason, ...]:
    """
    Return a reason for each line of which more was sent and cancelled than was ordered.

    A line that the order does not have was ordered 0 times. Quantities are base units.
    """
    ordered = {line.number: Decimal(line.quantity) for line in order.lines}
    sent, cancelled = sent_by_line(erp), cancelled_by_line(erp)
    reasons: list[Reason] = []
    for number in sorted(sent.keys() | cancelled.keys()):
        shipped, dropped = sent.get(number, NONE), cancelled.get(number, NONE)
        if shipped + dropped > ordered.get(number, NONE):
            detail = (
                f"{shipped} shipped and {dropped} cancelled of {ordered.get(number, NONE)} ordered"
            )
            where = f"{subject}/lines/{number}"
            reasons.append(Reason(ReasonCode.SHIPPED_TOO_MUCH, where, detail))
    return tuple(reasons)


def merged_despatches(
    before: Iterable[Despatch], found: Iterable[Despatch]
) -> tuple[Despatch, ...]:
    """Return both, each despatch number once, in the order of coming; the newest counts."""
    return tuple({fold(one.number): one for one in (*before, *found)}.values())


def sent_by_line(erp: PrimaFulfilment) -> Mapping[int, Decimal]:
    """Add up what was sent; a despatch that an answer repeats counts once."""
    total: dict[int, Decimal] = {}
    for despatch in dict.fromkeys(erp.despatches or ()):
        for line in despatch.lines:
            total[line.order_line] = total.get(line.order_line, NONE) + line.quantity
    return total


def cancelled_by_line(erp: PrimaFulfilment) -> Mapping[int, Decimal]:
    """Add up what will not be sent."""
    total: dict[int, Decimal] = {}
    for line in erp.cancelled:
        total[line.order_line] = total.get(line.order_line, NONE) + line.quantity
    return total


def progress_of_lines(order: PrimaOrder, erp: PrimaFulfilment) -> Progress | None:
    """
    Say how far despatches have come; None where nothing was sent, or nobody knows.

    A despatch without lines is a part of the order: how much, it does not say.
    """
    despatches = erp.despatches or ()
    sent, cancelled = sent_by_line(erp), cancelled_by_line(erp)
    if not any(sent.values()):
        return Progress.PART_DESPATCHED if any(not d.lines for d in despatches) else None
    left = [
        line.quantity - sent.get(line.number, NONE) - cancelled.get(line.number, NONE)
        for line in order.lines
    ]
    return Progress.PART_DESPATCHED if any(n > 0 for n in left) else Progress.DESPATCHED
