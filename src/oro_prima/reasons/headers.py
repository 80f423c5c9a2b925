"""What is said of an order apart from its account and its lines."""

from __future__ import annotations

from oro_prima.reasons.codes import Owner, ReasonCode, ReasonInfo

_R = ReasonCode
_O = Owner
HEADERS: dict[ReasonCode, ReasonInfo] = {
    _R.POSTCODE_MISSING: ReasonInfo(
        "The address has no postcode, and its country needs one.",
        _O.SALES_OPS,
        "Complete the address in OroCommerce, then retry.",
    ),
    _R.COUNTRY_NOT_SERVED: ReasonInfo(
        "The ship-to is in a country that `addresses.countries` does not name.",
        _O.SALES_OPS,
        "Add the country, or agree another address with the customer.",
    ),
    _R.PO_MISSING: ReasonInfo(
        "The order has no purchase order number, and its customer's orders need one.",
        _O.SALES_OPS,
        "Ask the customer, set `poNumber` in OroCommerce, then retry.",
    ),
    _R.PO_NOT_OF_FORM: ReasonInfo(
        "The purchase order number is not of the form that `references.pattern` wants.",
        _O.SALES_OPS,
        "Correct `poNumber` in OroCommerce, then retry.",
    ),
    _R.PO_USED_BEFORE: ReasonInfo(
        "The customer has used this purchase order number on an earlier order.",
        _O.SALES_OPS,
        "Ask whether it was ordered twice; cancel one of them, or retry to post it.",
    ),
    _R.CARRIER_NOT_MAPPED: ReasonInfo(
        "The order's shipping method is in no row of `carriers`.",
        _O.OPERATIONS,
        "Add the method, or a row for all others, then retry.",
    ),
    _R.TERMS_NOT_MAPPED: ReasonInfo(
        "The order's payment term is in no row of `payment_terms`.",
        _O.FINANCE,
        "Add the term with Prima's code, then retry.",
    ),
    _R.HELD_BY_RULE: ReasonInfo(
        "A rule of `[[holds]]` wants somebody to look at the order before it is posted.",
        _O.SALES_OPS,
        "Look at it; retry to post it, or cancel it in OroCommerce.",
    ),
    _R.DISCOUNT_NOT_STATED: ReasonInfo(
        "OroCommerce owns discounts, and the order's figures do not say what was taken off.",
        _O.FINANCE,
        "Enter the order in Prima by hand, or let Prima decide discounts.",
    ),
}
