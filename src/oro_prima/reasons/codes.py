"""Codes of reasons, who owns them, and what people need to know of one."""

from __future__ import annotations

from enum import StrEnum

from attrs import frozen


class Owner(StrEnum):
    """Who acts on a reason."""

    SALES_OPS = "sales operations"
    DATA = "product data"
    FINANCE = "finance"
    OPERATIONS = "operations"
    INTEGRATION = "integration"


class ReasonCode(StrEnum):
    """One kind of fault; `explain_reason` tells its meaning, owner and fix."""

    # waiting
    STATUS_NOT_READY = "status-not-ready"
    TOO_YOUNG = "too-young"
    NOT_PAID = "not-paid"
    PRIMA_UNAVAILABLE = "prima-unavailable"
    # ignored
    FROM_ERP = "from-erp"
    BEFORE_START = "before-start"
    OTHER_ORGANISATION = "other-organisation"
    SPLIT_INTO_SUB_ORDERS = "split-into-sub-orders"
    CANCELLED_IN_ORO = "cancelled-in-oro"
    # held: the account
    NO_CUSTOMER = "no-customer"
    CUSTOMER_NOT_LINKED = "customer-not-linked"
    CURRENCY_MISMATCH = "currency-mismatch"
    VAT_BASIS_MISMATCH = "vat-basis-mismatch"
    LINK_CHANGED = "link-changed"
    ACCOUNT_STOPPED = "account-stopped"
    ACCOUNT_CLOSED = "account-closed"
    OTHER_COMPANY = "other-company"
    DELIVERY_AMBIGUOUS = "delivery-ambiguous"
    DELIVERY_NOT_NUMBERED = "delivery-not-numbered"
    # held: the lines
    LINES_INCOMPLETE = "lines-incomplete"
    NO_LINES = "no-lines"
    UNKNOWN_UNIT = "unknown-unit"
    FRACTIONAL_QUANTITY = "fractional-quantity"
    QUANTITY_NOT_POSITIVE = "quantity-not-positive"
    FREE_FORM_LINE = "free-form-line"
    KIT_NOT_MAPPED = "kit-not-mapped"
    PRICE_MISSING = "price-missing"
    PRICE_NOT_EXACT = "price-not-exact"
    PRICE_NOT_SPLIT = "price-not-split"
    PRICE_DIFFERS = "price-differs"
    PRICE_ON_APPLICATION = "price-on-application"
    PRICES_NOT_CHECKED = "prices-not-checked"
    # held: the header
    ADDRESS_TOO_LONG = "address-too-long"
    NO_DELIVERY_ADDRESS = "no-delivery-address"
    TEXT_NOT_WRITABLE = "text-not-writable"
    TEXT_TOO_LONG = "text-too-long"
    TEXT_CHANGED = "text-changed"
    FIELD_MISSING = "field-missing"
    CODE_NOT_MAPPED = "code-not-mapped"
    POSTCODE_MISSING = "postcode-missing"
    COUNTRY_NOT_SERVED = "country-not-served"
    PO_MISSING = "po-missing"
    PO_NOT_OF_FORM = "po-not-of-form"
    PO_USED_BEFORE = "po-used-before"
    CARRIER_NOT_MAPPED = "carrier-not-mapped"
    TERMS_NOT_MAPPED = "terms-not-mapped"
    HELD_BY_RULE = "held-by-rule"
    DISCOUNT_NOT_STATED = "discount-not-stated"
    CHARGE_NOT_MAPPED = "charge-not-mapped"
    DISCOUNT_NOT_SENT = "discount-not-sent"
    ORDER_ID_NOT_NUMERIC = "order-id-not-numeric"
    NUMBER_RANGE = "number-range"
    # held: what happened
    VANISHED = "vanished"
    REOPENED = "reopened"
    EDITED_AFTER_POSTING = "edited-after-posting"
    CANCELLED_AFTER_POSTING = "cancelled-after-posting"
    POSTED_BEFORE = "posted-before"
    WRITE_BACK_REFUSED = "write-back-refused"
    NUMBER_TAKEN = "number-taken"
    IN_DOUBT = "in-doubt"
    PRIMA_REFUSED = "prima-refused"
    REQUEST_MALFORMED = "request-malformed"
    ACCOUNT_REFUSED = "account-refused"
    GOODS_REFUSED = "goods-refused"
    PRIMA_BUSY = "prima-busy"
    ACCOUNT_DIFFERS = "account-differs"
    UNREADABLE_ORDER = "unreadable-order"
    SPLIT_AFTER_POSTING = "split-after-posting"
    # fulfilment
    STATUS_NOT_GIVEN = "status-not-given"
    STATUS_NOT_MAPPED = "status-not-mapped"
    SHIPPED_TOO_MUCH = "shipped-too-much"
    TRACKING_TOO_LONG = "tracking-too-long"
    NOTHING_CAN_BE_WRITTEN = "nothing-can-be-written"
    STATUS_NOT_WRITABLE = "status-not-writable"
    CANCELLED_IN_PRIMA = "cancelled-in-prima"
    ORO_TOTAL_CHANGED = "oro-total-changed"
    DESPATCH_UNREADABLE = "despatch-unreadable"
    # customers
    ACCOUNT_UNKNOWN = "account-unknown"
    ACCOUNTS_INCOMPLETE = "accounts-incomplete"
    ACCOUNT_UNREADABLE = "account-unreadable"
    CUSTOMER_CODE_NOT_MAPPED = "customer-code-not-mapped"
    CUSTOMER_REFUSED = "customer-refused"
    DELIVERY_UNKNOWN = "delivery-unknown"
    CHANGES_OUTSIDE_LIMIT = "changes-outside-limit"
    WRITE_IN_DOUBT = "write-in-doubt"
    # invoices
    INVOICE_CONTRADICTS = "invoice-contradicts"
    INVOICE_CURRENCY_DIFFERS = "invoice-currency-differs"
    INVOICE_NOT_ADDED = "invoice-not-added"
    INVOICE_LINE_UNKNOWN = "invoice-line-unknown"
    INVOICED_TOO_MUCH = "invoiced-too-much"
    CREDITED_TOO_MUCH = "credited-too-much"
    INVOICE_UNREADABLE = "invoice-unreadable"
    # stock
    LEVEL_REFUSED = "level-refused"
    LEVEL_IN_DOUBT = "level-in-doubt"
    SNAPSHOT_REFUSED = "snapshot-refused"
    STOCK_STALE = "stock-stale"
    SHOP_UNREAD = "shop-unread"
    RISE_OUTSIDE_BAND = "rise-outside-band"
    FALL_OUTSIDE_BAND = "fall-outside-band"
    QUANTITY_UNKNOWN = "quantity-unknown"
    # product units
    CONFIGURABLE_PRODUCT = "configurable-product"
    UNIT_MODE_BROKEN = "unit-mode-broken"
    BARCODE_INVALID = "barcode-invalid"
    BARCODE_AMBIGUOUS = "barcode-ambiguous"
    BARCODE_DIFFERS = "barcode-differs"
    QUANTITY_TOO_SMALL = "quantity-too-small"
    QUANTITY_TOO_LARGE = "quantity-too-large"
    QUANTITY_OFF_STEP = "quantity-off-step"
    DEAD_SKU = "dead-sku"
    NO_TAX_CODE = "no-tax-code"
    TAX_CODE_NOT_MAPPED = "tax-code-not-mapped"
    LEVEL_NOT_ENFORCED = "level-not-enforced"
    # prices
    NO_PRICE_LIST = "no-price-list"
    NO_PRICE = "no-price"
    BELOW_SMALLEST_TIER = "below-smallest-tier"
    NO_PRICE_BOOK = "no-price-book"
    NOT_IN_PRICE_BOOK = "not-in-price-book"
    PRICE_BOOK_AMBIGUOUS = "price-book-ambiguous"
    PRICE_LIST_NOT_LINKED = "price-list-not-linked"
    PRICE_BOOK_DIFFERS = "price-book-differs"
    PRICES_UNREADABLE = "prices-unreadable"
    PRICE_LIST_NOT_READY = "price-list-not-ready"
    PRICE_OUTSIDE_BAND = "price-outside-band"
    PRICE_REFUSED = "price-refused"
    ROWS_NOT_IN_BOOK = "rows-not-in-book"
    PRODUCT_REFUSED = "product-refused"


@frozen
class ReasonInfo:
    """What people need to know of a reason code."""

    meaning: str
    owner: Owner
    fix: str
    heals: bool = False
    """Whether it may pass by itself, so that it is tried again after a pause."""
