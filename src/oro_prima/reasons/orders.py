"""What is said of orders: why one waits, is ignored or is held."""

from __future__ import annotations

from oro_prima.reasons.codes import Owner, ReasonCode, ReasonInfo

_R = ReasonCode
_O = Owner
ORDERS: dict[ReasonCode, ReasonInfo] = {
    _R.STATUS_NOT_READY: ReasonInfo(
        "The order's internal status is not one that the policy posts.",
        _O.SALES_OPS,
        "Wait, or move the order on in OroCommerce.",
    ),
    _R.TOO_YOUNG: ReasonInfo(
        "The order is younger than `post_after`; sub-orders may still appear.",
        _O.INTEGRATION,
        "Nothing: the next run takes it.",
    ),
    _R.NOT_PAID: ReasonInfo(
        "The policy waits for a payment that is not seen yet.",
        _O.FINANCE,
        "Record the payment, or change how the policy sees it.",
    ),
    _R.PRIMA_UNAVAILABLE: ReasonInfo(
        "Prima could not be reached or was closed; the order certainly did not arrive.",
        _O.INTEGRATION,
        "Nothing: the next run takes it.",
    ),
    _R.FROM_ERP: ReasonInfo(
        "The order came from the ERP itself; posting it would make a loop.",
        _O.INTEGRATION,
        "Nothing: it is counted and ignored.",
    ),
    _R.BEFORE_START: ReasonInfo(
        "The order was created before the cut-over instant `start_at`.",
        _O.INTEGRATION,
        "Nothing; open orders of before are taken over by `adopt`.",
    ),
    _R.SPLIT_INTO_SUB_ORDERS: ReasonInfo(
        "A main order whose sub-orders are posted instead.",
        _O.INTEGRATION,
        "Nothing: it is counted apart.",
    ),
    _R.CANCELLED_IN_ORO: ReasonInfo(
        "The order was cancelled before it was posted.",
        _O.SALES_OPS,
        "Nothing: it is the term `cancelled` of the control equation.",
    ),
    _R.NO_CUSTOMER: ReasonInfo(
        "The order names no customer.",
        _O.SALES_OPS,
        "Set the customer on the order in OroCommerce, then retry.",
    ),
    _R.CUSTOMER_NOT_LINKED: ReasonInfo(
        "No approved link leads from the customer to a Prima account.",
        _O.SALES_OPS,
        "Approve the link (`oro-prima link import FILE --by NAME`), then retry.",
    ),
    _R.CURRENCY_MISMATCH: ReasonInfo(
        "The order's currency is not the account's.",
        _O.FINANCE,
        "Use an account in that currency, or correct the order.",
    ),
    _R.VAT_BASIS_MISMATCH: ReasonInfo(
        "Prices with VAT meet a price book without, or the other way round (Prima: E:548).",
        _O.FINANCE,
        "Make the account's price book and the policy's `vat_inclusive` agree, then retry.",
    ),
    _R.LINK_CHANGED: ReasonInfo(
        "A field that a link was approved on has changed in OroCommerce.",
        _O.SALES_OPS,
        "Check the customer and approve the link again; it is never re-linked by itself.",
    ),
    _R.LINES_INCOMPLETE: ReasonInfo(
        "OroCommerce showed fewer lines than the order has.",
        _O.INTEGRATION,
        "Retry; if it stays, check the API user's permission on order line items.",
    ),
    _R.NO_LINES: ReasonInfo(
        "The order has no lines.", _O.SALES_OPS, "Cancel the order or add lines, then retry."
    ),
    _R.UNKNOWN_UNIT: ReasonInfo(
        "The unit table has no row for this product and unit.",
        _O.DATA,
        "Add the row (product SKU, unit, Prima codes, count), then retry.",
    ),
    _R.FRACTIONAL_QUANTITY: ReasonInfo(
        "The line is not a whole number of base units.",
        _O.DATA,
        "Correct the count in the unit table or the quantity on the order, then retry.",
    ),
    _R.QUANTITY_NOT_POSITIVE: ReasonInfo(
        "The line's quantity is zero or below.", _O.SALES_OPS, "Correct the line, then retry."
    ),
    _R.FREE_FORM_LINE: ReasonInfo(
        "The line names no product of the catalogue.",
        _O.SALES_OPS,
        "Replace it by a product, or enter the order in Prima by hand and dismiss it here.",
    ),
    _R.KIT_NOT_MAPPED: ReasonInfo(
        "The line is a kit whose components the unit table does not give.",
        _O.DATA,
        "Add one row a component for the kit's SKU and unit, then retry.",
    ),
    _R.PRICE_MISSING: ReasonInfo(
        "The line has no price, and the policy sends prices or checks them.",
        _O.SALES_OPS,
        "Price the line in OroCommerce, or choose `price_basis = omit`.",
    ),
    _R.PRICE_NOT_EXACT: ReasonInfo(
        "The unit price has more decimals than Prima takes.",
        _O.FINANCE,
        "Round the price in OroCommerce, or set `inexact = omit` or `price_basis = line`.",
    ),
    _R.PRICE_NOT_SPLIT: ReasonInfo(
        "One price covers several Prima SKUs and the table gives no exact shares.",
        _O.DATA,
        "Give exact `price_share`s in the unit table, or choose `price_basis = omit`.",
    ),
    _R.ADDRESS_TOO_LONG: ReasonInfo(
        "The address does not fit into six lines of 35 characters; nothing is cut.",
        _O.SALES_OPS,
        "Shorten the address in OroCommerce, or use a numbered delivery address.",
    ),
    _R.NO_DELIVERY_ADDRESS: ReasonInfo(
        "The order has no ship-to and the link no delivery address number.",
        _O.SALES_OPS,
        "Add the number to the link (`deliv_addr_no`) or an address to the order, then retry.",
    ),
    _R.TEXT_NOT_WRITABLE: ReasonInfo(
        "A name, address or reference has a character that Prima's code page cannot hold.",
        _O.SALES_OPS,
        "Spell it with Latin letters in OroCommerce, then retry.",
    ),
    _R.TEXT_TOO_LONG: ReasonInfo(
        "A text is longer than Prima's field.", _O.SALES_OPS, "Shorten it, then retry."
    ),
    _R.TEXT_CHANGED: ReasonInfo(
        "A note was written with replaced characters, or was cut; a warning only.",
        _O.SALES_OPS,
        "Read the note in OroCommerce if it matters.",
    ),
    _R.FIELD_MISSING: ReasonInfo(
        "A field that this Prima requires would be blank, by the profile's `required`.",
        _O.SALES_OPS,
        "Complete the order in OroCommerce, or give the setting a value, then retry.",
    ),
    _R.CODE_NOT_MAPPED: ReasonInfo(
        "A code is not in the profile's table for its field (`values`).",
        _O.INTEGRATION,
        "Add the code to the table in `prima.profile.values`, then retry.",
    ),
    _R.CHARGE_NOT_MAPPED: ReasonInfo(
        "The order has a shipping cost and no charge code is configured for its method.",
        _O.FINANCE,
        "Add the shipping method to `[charges]`, then retry.",
    ),
    _R.DISCOUNT_NOT_SENT: ReasonInfo(
        "OroCommerce gave a discount that Prima owns; nothing was sent; a warning only.",
        _O.FINANCE,
        "Check that Prima gives the same discount, or set `discount_owner`.",
    ),
    _R.ORDER_ID_NOT_NUMERIC: ReasonInfo(
        "The order's id is no number, so no order number can be made of it.",
        _O.INTEGRATION,
        "Enter the order in Prima by hand and dismiss it here.",
    ),
    _R.NUMBER_RANGE: ReasonInfo(
        "The order number would be wider than Prima takes, or above its ceiling.",
        _O.INTEGRATION,
        "Choose a wider range (`order_prefix`, `order_width`) for a new pair.",
    ),
    _R.VANISHED: ReasonInfo(
        "The order was deleted in OroCommerce before it was posted.",
        _O.SALES_OPS,
        "Check why, then dismiss with a note.",
    ),
    _R.EDITED_AFTER_POSTING: ReasonInfo(
        "The order changed in OroCommerce after it was posted.",
        _O.OPERATIONS,
        "Make the change in Prima and dismiss with a note; or cancel it there and `repost`.",
    ),
    _R.PRIMA_BUSY: ReasonInfo(
        "Prima refused the order for a reason that may pass, by the profile's `busy_codes`.",
        _O.OPERATIONS,
        "Nothing at first: it is tried again after a pause that doubles.",
        heals=True,
    ),
    _R.REOPENED: ReasonInfo(
        "The order was cancelled before it was posted, and is open again.",
        _O.SALES_OPS,
        "Retry to post it, or dismiss to leave it cancelled.",
    ),
    _R.CANCELLED_AFTER_POSTING: ReasonInfo(
        "The order was cancelled in OroCommerce after it was posted.",
        _O.OPERATIONS,
        "Cancel it in Prima by hand, then dismiss with a note.",
    ),
    _R.POSTED_BEFORE: ReasonInfo(
        "OroCommerce keeps a number of Prima's for this order (`externalId`), and the store knows "
        "of no posting.",
        _O.INTEGRATION,
        "Was the store rolled back or lost? Adopt what Prima has (`oro-prima adopt FILE`); if it "
        "was never posted, empty the field, then retry.",
    ),
    _R.WRITE_BACK_REFUSED: ReasonInfo(
        "The order is posted; OroCommerce refused to keep its number (`externalId`).",
        _O.INTEGRATION,
        "Check the API user's permission and whether another order keeps that number, then retry; "
        "or dismiss it: the order is safe without.",
    ),
    _R.NUMBER_TAKEN: ReasonInfo(
        "Prima has an order of this number that we never claimed (E:21).",
        _O.INTEGRATION,
        "Check whether the store was rolled back or another system uses the range.",
    ),
    _R.IN_DOUBT: ReasonInfo(
        "The order left and no answer came; Prima may have it.",
        _O.OPERATIONS,
        "Look in Prima, then `oro-prima doubt has ID NUMBER` or `oro-prima doubt send ID`.",
    ),
    _R.PRIMA_REFUSED: ReasonInfo(
        "Prima refused the order; the codes say why.",
        _O.OPERATIONS,
        "Correct what the codes name, in Prima or in the tables, then retry.",
    ),
    _R.REQUEST_MALFORMED: ReasonInfo(
        "Prima could not parse the request; this is a fault of the connector.",
        _O.INTEGRATION,
        "Report it with the order's id; do not retry before it is mended.",
    ),
    _R.ACCOUNT_REFUSED: ReasonInfo(
        "Prima refused the order for its account, by the profile's `codes`.",
        _O.FINANCE,
        "Settle what the code names (on stop, credit, terms) in Prima, then retry.",
    ),
    _R.GOODS_REFUSED: ReasonInfo(
        "Prima refused the order for a product or its codes, by the profile's `codes`.",
        _O.DATA,
        "Correct the product in Prima or the unit table, then retry.",
    ),
    _R.ACCOUNT_DIFFERS: ReasonInfo(
        "Prima accepted the order on another account than was sent.",
        _O.FINANCE,
        "Correct the account in Prima at once; the order was posted.",
    ),
    _R.UNREADABLE_ORDER: ReasonInfo(
        "OroCommerce showed the order in a form that cannot be read.",
        _O.INTEGRATION,
        "Compare the named field with the API; nothing was guessed.",
    ),
    _R.SPLIT_AFTER_POSTING: ReasonInfo(
        "A posted order shows sub-orders: both could be posted.",
        _O.INTEGRATION,
        "Raise `post_after`, check the order in Prima, then dismiss.",
    ),
}
