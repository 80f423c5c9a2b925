"""What statuses mean on either side, and what the business wants the shop to be told."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from attrs import field, frozen


class ShippingStatus(StrEnum):
    """OroCommerce's codes of `shippingStatus` (6.1), in the order in which an order moves."""

    NOT_SHIPPED = "not_shipped"
    PARTIALLY_SHIPPED = "partially_shipped"
    SHIPPED = "shipped"


class Progress(StrEnum):
    """What a status text of Prima means."""

    OPEN = "open"
    PART_DESPATCHED = "part-despatched"
    DESPATCHED = "despatched"
    CANCELLED = "cancelled"


class Writes(StrEnum):
    """What is written in the shop."""

    TRACKINGS = "trackings"
    """Tracking records alone; they change no total."""
    TRACKINGS_AND_STATUS = "trackings-and-status"


class PromotionGuard(StrEnum):
    """Whether a status write is kept from applying promotions that started later."""

    ON = "on"
    OFF = "off"


EVIDENCED: Mapping[str, Progress] = {
    "Part Despatched": Progress.PART_DESPATCHED,
    "Despatched": Progress.DESPATCHED,
    "Cancelled": Progress.CANCELLED,
}
"""The status texts that are known; a deployment's others are to be asked."""


@frozen
class FulfilmentPolicy:
    """
    What the shop is told of a posted order.

    Attributes:
        statuses: Prima's status texts and what they mean; compared without case and outer blanks.
        writes: Trackings alone, or the shipping status too.
        promotion_guard: Whether promotions are switched off with the first status that is written
            to an order captured without a discount. Off, a later promotion can cut an old order.
        methods: Prima's carrier -> the method of a tracking record; a carrier that is not here
            stands as it is.
        no_carrier: Method of a tracking whose carrier is not named.
        tracking_width: Characters of a tracking number; a longer one is never sent.
        cancelled_status: OroCommerce's code of `status` that means cancelled; empty for none.
    """

    statuses: Mapping[str, Progress] = field(factory=lambda: dict(EVIDENCED))
    writes: Writes = Writes.TRACKINGS_AND_STATUS
    promotion_guard: PromotionGuard = PromotionGuard.ON
    methods: Mapping[str, str] = field(factory=dict[str, str])
    no_carrier: str = "carrier"
    tracking_width: int = 255
    cancelled_status: str = ""
