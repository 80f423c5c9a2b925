"""What Prima says of an order after it was taken: a status text, and despatches where bound."""

from __future__ import annotations

from decimal import Decimal

from attrs import frozen

from oro_prima.ids import PrimaOrderNumber
from oro_prima.values import LocalDate, SkuKey

NOT_NAMED = PrimaOrderNumber("")


@frozen
class DespatchLine:
    """So many base units of one SKU, of the order line with that number."""

    order_line: int
    sku: SkuKey
    quantity: Decimal


@frozen
class Despatch:
    """
    One parcel or delivery.

    `tracking` is empty where the carrier gave no number; `lines` where the answer names none.
    `order` is the order's number; empty where only the question named it.
    """

    number: str
    date: LocalDate | None = None
    carrier: str = ""
    service: str = ""
    tracking: str = ""
    lines: tuple[DespatchLine, ...] = ()
    order: PrimaOrderNumber = NOT_NAMED


@frozen
class CancelledLine:
    """So many base units of the order line with that number that will not be sent."""

    order_line: int
    quantity: Decimal


@frozen
class PrimaFulfilment:
    """
    What Prima says of one order.

    Attributes:
        number: The order.
        status: The status text as Prima spells it; None where it does not know the order (any
            more), or the answer is not understood.
        despatches: None where despatches are not bound in the profile: then nothing is known.
        cancelled: Quantities that Prima says will not be sent.
        unread: What of its despatches cannot be read; then none of them is given.
    """

    number: PrimaOrderNumber
    status: str | None
    despatches: tuple[Despatch, ...] | None = None
    cancelled: tuple[CancelledLine, ...] = ()
    unread: str = ""
