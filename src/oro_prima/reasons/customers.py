"""What is said of customers, their accounts and where their goods go."""

from __future__ import annotations

from oro_prima.reasons.codes import Owner, ReasonCode, ReasonInfo

_R = ReasonCode
_O = Owner
CUSTOMERS: dict[ReasonCode, ReasonInfo] = {
    _R.OTHER_ORGANISATION: ReasonInfo(
        "The order is of an organisation of the shop that another pair serves.",
        _O.INTEGRATION,
        "Nothing; or add the organisation to `orders.organizations`.",
    ),
    _R.ACCOUNT_STOPPED: ReasonInfo(
        "The account is stopped in Prima, by the table of accounts.",
        _O.FINANCE,
        "Release the account, or let Prima decide (`accounts.stopped = hold-in-prima`).",
    ),
    _R.ACCOUNT_CLOSED: ReasonInfo(
        "The account is closed in Prima, by the table of accounts.",
        _O.FINANCE,
        "Approve a link to another account, or cancel the order in OroCommerce.",
    ),
    _R.OTHER_COMPANY: ReasonInfo(
        "The customer's link was approved for another Prima company.",
        _O.INTEGRATION,
        "Import the link into the pair of that company; this one needs a link of its own.",
    ),
    _R.DELIVERY_AMBIGUOUS: ReasonInfo(
        "The order's ship-to is two of the customer's numbered delivery addresses.",
        _O.SALES_OPS,
        "Give the rows of the table a street each, then retry.",
    ),
    _R.DELIVERY_NOT_NUMBERED: ReasonInfo(
        "The order's ship-to is none of the customer's numbered delivery addresses.",
        _O.SALES_OPS,
        "Add the address in Prima and to the table, or choose `unknown_ship_to = send`.",
    ),
}
