"""What is said of price lists that are made of price books, and of products."""

from __future__ import annotations

from oro_prima.reasons.codes import Owner, ReasonCode, ReasonInfo

_R = ReasonCode
_O = Owner
PRICES: dict[ReasonCode, ReasonInfo] = {
    _R.PRICES_UNREADABLE: ReasonInfo(
        "Records of Prima's price book cannot be read; nothing of its list was changed.",
        _O.INTEGRATION,
        "Correct the binding or its table of codes (`prima.capabilities.price_book`).",
    ),
    _R.PRICE_DIFFERS: ReasonInfo(
        "What a line was agreed at in the shop is not what the account's price book comes to.",
        _O.FINANCE,
        "Correct the price book in Prima or the line in OroCommerce, then retry; if the difference "
        "is meant, enter the order in Prima by hand and dismiss it, or widen the tolerance "
        "(`orders.price_tolerance`).",
    ),
    _R.PRICE_ON_APPLICATION: ReasonInfo(
        "The price book has the SKU at 0: a price on application, which nothing is held against.",
        _O.FINANCE,
        "Give the SKU a price in the book, then retry; or enter the order in Prima by hand.",
    ),
    _R.PRICES_NOT_CHECKED: ReasonInfo(
        "The account's price book could not be read, so the order's prices were not checked.",
        _O.INTEGRATION,
        "Nothing, once the book can be read (`oro-prima prima check`); an order that waits for it "
        "goes on by itself.",
        heals=True,
    ),
    _R.PRICE_LIST_NOT_READY: ReasonInfo(
        "The price list is not there, or does not declare the book's currency.",
        _O.INTEGRATION,
        "Make the list in OroCommerce with that currency, or correct `[price_lists]`.",
    ),
    _R.PRICE_OUTSIDE_BAND: ReasonInfo(
        "A price would change further than the policy allows; the one that is there stays.",
        _O.FINANCE,
        "Look at the price in Prima; then `oro-prima retry SUBJECT` lets the next run write it.",
    ),
    _R.PRICE_REFUSED: ReasonInfo(
        "OroCommerce refused a price.",
        _O.DATA,
        "Look at the product: the unit must be one of it, and the currency one of the list.",
    ),
    _R.PRODUCT_REFUSED: ReasonInfo(
        "OroCommerce refused to disable a product, or to enable it again.",
        _O.DATA,
        "Look at the product in OroCommerce; do by hand what the run would have done.",
    ),
    _R.ROWS_NOT_IN_BOOK: ReasonInfo(
        "Rows of the price list have no price in its book any more, and customers still pay them.",
        _O.FINANCE,
        "End them in OroCommerce, or let runs end them (`pricing.ends = remove`).",
    ),
}
