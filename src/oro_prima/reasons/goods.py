"""What is said of stock, product units and prices."""

from __future__ import annotations

from oro_prima.reasons.codes import Owner, ReasonCode, ReasonInfo

_R = ReasonCode
_O = Owner
GOODS: dict[ReasonCode, ReasonInfo] = {
    _R.LEVEL_REFUSED: ReasonInfo(
        "OroCommerce refused to write the level of a product unit.",
        _O.DATA,
        "Correct what the error names; the next run writes a fresh figure.",
    ),
    _R.LEVEL_IN_DOUBT: ReasonInfo(
        "A level was sent and no answer came; an operation may still be under way.",
        _O.INTEGRATION,
        "Is the message-queue consumer running? The next run reads the level again.",
    ),
    _R.SNAPSHOT_REFUSED: ReasonInfo(
        "The stock snapshot holds too few of the linked SKUs to be whole; nothing was written.",
        _O.INTEGRATION,
        "Check Prima; if it is right, `oro-prima stock accept-snapshot --by NAME`.",
    ),
    _R.STOCK_STALE: ReasonInfo(
        "Prima's free stock is older than `stock.max_age`; levels fall, and none rises.",
        _O.INTEGRATION,
        "Find out why Prima's stock is not read; levels rise again with fresh figures.",
    ),
    _R.SHOP_UNREAD: ReasonInfo(
        "Another shop that sells from the same pool could not be read; no level rises.",
        _O.INTEGRATION,
        "Find out why that shop or its store is not read; levels rise again once it is.",
    ),
    _R.RISE_OUTSIDE_BAND: ReasonInfo(
        "The level would rise further at once than `stock.max_rise_percent` allows.",
        _O.DATA,
        "Check Prima; if it is right, retry the record and the next run lets it rise.",
    ),
    _R.FALL_OUTSIDE_BAND: ReasonInfo(
        "The level fell further at once than `stock.max_fall_percent`; it was written.",
        _O.DATA,
        "Check Prima: a wrong figure sells too little, and heals with the right one. "
        "If it is right, dismiss the record.",
    ),
    _R.QUANTITY_UNKNOWN: ReasonInfo(
        "An order holds a known product in a quantity that cannot be computed; "
        "that product's levels are not raised.",
        _O.DATA,
        "Add the product unit to the unit table.",
    ),
    _R.CONFIGURABLE_PRODUCT: ReasonInfo(
        "The product is configurable: only its variants can be bought.",
        _O.DATA,
        "Put the variant on the line; give the configurable product's factors once.",
    ),
    _R.UNIT_MODE_BROKEN: ReasonInfo(
        "The product unit's row contradicts how the product's units are mapped.",
        _O.DATA,
        "Correct the row, or choose another mode for the product.",
    ),
    _R.BARCODE_INVALID: ReasonInfo(
        "The product unit's barcode is no GTIN: its length or check digit is wrong.",
        _O.DATA,
        "Correct the barcode in OroCommerce, or add a row to the unit table.",
    ),
    _R.BARCODE_AMBIGUOUS: ReasonInfo(
        "Several of Prima's SKUs have the product unit's barcode.",
        _O.DATA,
        "Correct the barcodes in Prima, or add a row to the unit table.",
    ),
    _R.BARCODE_DIFFERS: ReasonInfo(
        "The unit table names one SKU and the barcode another.",
        _O.DATA,
        "Correct the row or the barcode; neither is preferred.",
    ),
    _R.QUANTITY_TOO_SMALL: ReasonInfo(
        "The quantity is below the least that can be bought.",
        _O.SALES_OPS,
        "Correct the quantity, or the product's minimum quantity to order.",
    ),
    _R.QUANTITY_TOO_LARGE: ReasonInfo(
        "The quantity is above the most that can be bought.",
        _O.SALES_OPS,
        "Correct the quantity, or the product's maximum quantity to order.",
    ),
    _R.QUANTITY_OFF_STEP: ReasonInfo(
        "The quantity is between the steps in which the product unit can be bought.",
        _O.SALES_OPS,
        "Order a multiple of the step; nothing is rounded.",
    ),
    _R.DEAD_SKU: ReasonInfo(
        "The product unit is made of a SKU that Prima does not sell.",
        _O.DATA,
        "Take the product unit off the shop, or map it to a SKU that is sold.",
    ),
    _R.NO_TAX_CODE: ReasonInfo(
        "The product has no tax code, so OroCommerce computes no tax for it.",
        _O.FINANCE,
        "Give the product a tax code in OroCommerce.",
    ),
    _R.TAX_CODE_NOT_MAPPED: ReasonInfo(
        "The product's tax code is mapped to none of Prima's.",
        _O.FINANCE,
        "Add the tax code to the table, or correct it on the product.",
    ),
    _R.LEVEL_NOT_ENFORCED: ReasonInfo(
        "OroCommerce does not hold shoppers to the level, or nobody can say whether it does.",
        _O.OPERATIONS,
        "Switch on manage and decrement inventory, and backorders off; or state the defaults.",
    ),
    _R.NO_PRICE_LIST: ReasonInfo(
        "No price list takes part for the customer at that instant.",
        _O.SALES_OPS,
        "Assign a list in OroCommerce, or correct its schedule or fallback.",
    ),
    _R.NO_PRICE: ReasonInfo(
        "The customer's price lists hold no price of the product in that unit and currency.",
        _O.SALES_OPS,
        "Add the price; neither units nor currencies are converted.",
    ),
    _R.BELOW_SMALLEST_TIER: ReasonInfo(
        "The quantity is below the smallest one that has a price.",
        _O.SALES_OPS,
        "Add a price from 1, or raise the least quantity to order.",
    ),
    _R.NO_PRICE_BOOK: ReasonInfo(
        "No known price book of Prima is linked to the customer's account.",
        _O.FINANCE,
        "Name the account's price book (in Prima, or in `[known_accounts]`), and check that the "
        "book was read.",
    ),
    _R.NOT_IN_PRICE_BOOK: ReasonInfo(
        "The account's price book has no price for that many of the SKU on that day.",
        _O.FINANCE,
        "Add the row in Prima, or take the product unit off the shop.",
    ),
    _R.PRICE_BOOK_AMBIGUOUS: ReasonInfo(
        "Several rows of the price book are valid at once, with different prices, or it is "
        "there in several currencies.",
        _O.FINANCE,
        "End one of them in Prima, or choose `overlap = latest`.",
    ),
    _R.PRICE_LIST_NOT_LINKED: ReasonInfo(
        "A price list that the customer buys from was made of no known price book.",
        _O.FINANCE,
        "Name the price book that the list was made of.",
    ),
    _R.PRICE_BOOK_DIFFERS: ReasonInfo(
        "A price list that the customer buys from was made of another price book than the "
        "account has.",
        _O.FINANCE,
        "Assign the customer the list of its account's book, or correct the account.",
    ),
}
