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
    _R.ACCOUNT_UNKNOWN: ReasonInfo(
        "Prima's answer does not hold the account that a customer is linked to.",
        _O.FINANCE,
        "Look whether the account was closed or renamed in Prima, then approve the link again.",
    ),
    _R.ACCOUNTS_INCOMPLETE: ReasonInfo(
        "Prima's answer holds too few of the linked accounts; nothing was written or believed.",
        _O.INTEGRATION,
        "Look at the request or the file; the next whole answer is used by itself.",
    ),
    _R.ACCOUNT_UNREADABLE: ReasonInfo(
        "Accounts in Prima's answer cannot be read; the others were.",
        _O.INTEGRATION,
        "Correct the binding or its table of codes (`prima.capabilities.account`).",
    ),
    _R.CUSTOMER_CODE_NOT_MAPPED: ReasonInfo(
        "A code of the account is in no table, or means several things; it was not written.",
        _O.INTEGRATION,
        "Add it to `[customer_groups]`, `[customer_tax_codes]`, `[payment_terms]` or "
        "`[price_lists]`.",
    ),
    _R.CUSTOMER_REFUSED: ReasonInfo(
        "OroCommerce refused what was written of a customer.",
        _O.INTEGRATION,
        "Look at the record in OroCommerce; an id in a table that leads nowhere is usual.",
    ),
    _R.DELIVERY_UNKNOWN: ReasonInfo(
        "The table of deliveries names an address number that the account does not have.",
        _O.SALES_OPS,
        "Correct the row; `oro-prima link deliveries FILE` writes what Prima has.",
    ),
    _R.CHANGES_OUTSIDE_LIMIT: ReasonInfo(
        "More would change in one run than the policy allows; a broken feed looks like that.",
        _O.INTEGRATION,
        "Look at the preview; then `oro-prima retry SUBJECT` lets the next run write it all.",
    ),
    _R.WRITE_IN_DOUBT: ReasonInfo(
        "OroCommerce took a batch and did not say what became of it.",
        _O.INTEGRATION,
        "Nothing: the next run reads what is there, and writes only what is missing.",
        heals=True,
    ),
    _R.DELIVERY_NOT_NUMBERED: ReasonInfo(
        "The order's ship-to is none of the customer's numbered delivery addresses.",
        _O.SALES_OPS,
        "Add the address in Prima and to the table, or choose `unknown_ship_to = send`.",
    ),
}
