"""What is said of posted orders on their way to the customer."""

from __future__ import annotations

from oro_prima.reasons.codes import Owner, ReasonCode, ReasonInfo

_R = ReasonCode
_O = Owner
FULFILMENT: dict[ReasonCode, ReasonInfo] = {
    _R.STATUS_NOT_GIVEN: ReasonInfo(
        "Prima gives no status of an order that it accepted; that is not a cancellation.",
        _O.OPERATIONS,
        "Look in Prima whether the order was purged or its number used again.",
    ),
    _R.STATUS_NOT_MAPPED: ReasonInfo(
        "Prima's status text is in no row of `[statuses]`; nothing was derived from it.",
        _O.INTEGRATION,
        "Add the text and what it means to `[statuses]`.",
    ),
    _R.SHIPPED_TOO_MUCH: ReasonInfo(
        "More was shipped and cancelled of a line than was ordered; nothing was written.",
        _O.OPERATIONS,
        "Compare the despatches in Prima with the order, and correct what is wrong.",
    ),
    _R.TRACKING_TOO_LONG: ReasonInfo(
        "The tracking number is longer than OroCommerce can hold; it was not sent.",
        _O.OPERATIONS,
        "Correct the number in Prima, or give it to the customer by other means.",
    ),
    _R.NOTHING_CAN_BE_WRITTEN: ReasonInfo(
        "This OroCommerce has no shipping status, and Prima gives no trackings.",
        _O.INTEGRATION,
        "Bind Prima's despatches in the profile, or move to OroCommerce 6.1.",
    ),
    _R.STATUS_NOT_WRITABLE: ReasonInfo(
        "The order is cancelled or closed in OroCommerce, which refuses a shipping status then.",
        _O.OPERATIONS,
        "Nothing, if the trackings are enough; else open the order again in OroCommerce.",
    ),
    _R.CANCELLED_IN_PRIMA: ReasonInfo(
        "The order was cancelled in Prima, and OroCommerce has no place to write that.",
        _O.OPERATIONS,
        "Cancel it in OroCommerce by hand, then dismiss with a note.",
    ),
    _R.ORO_TOTAL_CHANGED: ReasonInfo(
        "OroCommerce changed the order's total when something else of it was written.",
        _O.FINANCE,
        "Compare both totals with the invoice; a promotion that started later is the usual cause.",
    ),
    _R.DESPATCH_UNREADABLE: ReasonInfo(
        "What Prima gave of despatches cannot be read; nothing is taken from the part at fault.",
        _O.INTEGRATION,
        "Correct the binding (`prima.capabilities.despatch`) or the file; have a file sent again.",
    ),
}
