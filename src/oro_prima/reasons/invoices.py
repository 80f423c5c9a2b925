"""What is said of invoices and credits."""

from __future__ import annotations

from oro_prima.reasons.codes import Owner, ReasonCode, ReasonInfo

_R = ReasonCode
_O = Owner
INVOICES: dict[ReasonCode, ReasonInfo] = {
    _R.INVOICE_CONTRADICTS: ReasonInfo(
        "Prima gave one invoice number of an order twice, with different content.",
        _O.FINANCE,
        "Look at the document in Prima; until it is one, its order's sums are not stated.",
    ),
    _R.INVOICE_CURRENCY_DIFFERS: ReasonInfo(
        "An invoice is in another currency than its order; nothing is converted.",
        _O.FINANCE,
        "Look at the account's currency in Prima, and correct it or the customer's link.",
    ),
    _R.INVOICE_NOT_ADDED: ReasonInfo(
        "Net and VAT of an invoice, as Prima states them, do not add up to its gross.",
        _O.FINANCE,
        "Look at the document in Prima; a binding that reads the wrong field is the usual cause.",
    ),
    _R.INVOICE_LINE_UNKNOWN: ReasonInfo(
        "An invoice bears a line that the order which was sent does not have.",
        _O.FINANCE,
        "Find out in Prima who added the line; a charge belongs to order line 0.",
    ),
    _R.INVOICED_TOO_MUCH: ReasonInfo(
        "More was invoiced of a line, less what was credited, than was ordered.",
        _O.FINANCE,
        "Compare the invoices with the order in Prima, and credit what is too much.",
    ),
    _R.CREDITED_TOO_MUCH: ReasonInfo(
        "More was credited of a line than was invoiced.",
        _O.FINANCE,
        "Look whether an invoice is missing, then correct the credit in Prima.",
    ),
    _R.INVOICE_UNREADABLE: ReasonInfo(
        "Prima gave an invoice record that cannot be read; the others of its order were.",
        _O.INTEGRATION,
        "Correct the binding or its table of codes (`prima.capabilities.invoice`).",
    ),
}
