"""
Invoices and credits of Prima -> the posted orders and lines that they are of. Nothing is guessed.

An invoice belongs to the order whose number it bears, a line of it to the order line whose number
it bears; neither an amount nor a date ever joins two documents.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum

from attrs import frozen

from oro_prima.ids import OroOrderId, PrimaOrderNumber
from oro_prima.mapping.tax.documents import Amounts
from oro_prima.prima.models.invoice import Invoice, InvoiceLine
from oro_prima.prima.models.orders import PrimaOrder
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.values import SkuKey

NONE = Decimal(0)
CHARGE = 0
"""The order line of an invoice line that is of none, such as carriage."""


@frozen
class InvoicePolicy:
    """
    Which orders Prima is asked for invoices of, where a request gives those of one order.

    How often an order of its age is asked after is the poll policy's.

    Attributes:
        ask_for: How long after its acceptance an order is asked after.
        credits_every: How often one that is invoiced whole is still asked after, for credits.
    """

    ask_for: timedelta = timedelta(days=90)
    credits_every: timedelta = timedelta(days=7)


class Invoicing(StrEnum):
    """How much of a posted order was invoiced, by its lines."""

    NONE = "not-invoiced"
    PART = "part-invoiced"
    WHOLE = "invoiced"
    NOT_KNOWN = "not-known"
    """Something was invoiced, and a side does not say its lines (any more)."""


@frozen
class PostedLine:
    """One line as it was sent: base units; `price` by the policy's basis, None for Prima's own."""

    number: int
    reference: str
    sku: SkuKey
    quantity: Decimal
    price: Decimal | None = None


@frozen
class PostedOrder:
    """
    A posted order as far as it is known.

    Attributes:
        order: In the shop.
        number: Under which it was sent; a deliberate repost is another one.
        currency: As captured.
        lines: None where what was sent was erased before anybody asked after invoices.
    """

    order: OroOrderId
    number: PrimaOrderNumber
    currency: str
    lines: tuple[PostedLine, ...] | None = None


def posted_lines(order: PrimaOrder) -> tuple[PostedLine, ...]:
    """Return the lines of an order that was sent, without what is personal."""
    return tuple(
        PostedLine(line.number, line.reference, line.sku, Decimal(line.quantity), line.price)
        for line in order.lines
    )


@frozen
class InvoicedLine:
    """
    What was invoiced and credited of one order line.

    Attributes:
        number: Of the line in Prima.
        reference: Leads back to the shop's line; empty where what was sent is not known.
        ordered: None where that is not known.
        invoiced, credited: Base units, 0 and above.
        invoiced_net, credited_net: 0 and above; None where a document does not state it.
    """

    number: int
    reference: str
    ordered: Decimal | None
    invoiced: Decimal
    credited: Decimal
    invoiced_net: Decimal | None
    credited_net: Decimal | None


@frozen
class InvoicedOrder:
    """
    A posted order and every document of it.

    Attributes:
        invoices, credits: Each once, by date and number, as Prima states them.
        invoiced, credited: Their sums, above 0, in the order's currency; None where documents
            contradict each other or are in another currency: then nothing is stated.
    """

    order: OroOrderId
    number: PrimaOrderNumber
    state: Invoicing
    invoices: tuple[Invoice, ...]
    credits: tuple[Invoice, ...]
    invoiced: Amounts | None
    credited: Amounts | None
    lines: tuple[InvoicedLine, ...]
    reasons: tuple[Reason, ...] = ()

    @property
    def subject(self) -> str:
        """The path that its reasons begin with."""
        return invoices_subject(self.number)


@frozen
class InvoiceMatches:
    """Every order that was asked about, by id, and the documents that are of none of them."""

    orders: tuple[InvoicedOrder, ...]
    others: tuple[Invoice, ...]


def invoices_subject(number: PrimaOrderNumber) -> str:
    """Return the path of all that is said of the invoices of an order."""
    return f"invoices/{number}"


def match_invoices(orders: Iterable[PostedOrder], invoices: Iterable[Invoice]) -> InvoiceMatches:
    """
    Match invoices and credits to posted orders and their lines.

    Each order has one place, each document too; a document that came twice counts once. What
    contradicts itself is a reason, and the sums that it touches are not stated.
    """
    found: dict[PrimaOrderNumber, list[Invoice]] = {}
    for invoice in sorted(dict.fromkeys(invoices), key=_by_date):
        found.setdefault(invoice.order, []).append(invoice)
    ordered = sorted(orders, key=lambda one: (len(one.order), one.order, one.number))
    known = {one.number for one in ordered}
    return InvoiceMatches(
        tuple(_matched(one, found.get(one.number, [])) for one in ordered),
        tuple(one for number, some in found.items() if number not in known for one in some),
    )


def merged_invoices(before: Iterable[Invoice], now: Iterable[Invoice]) -> tuple[Invoice, ...]:
    """
    Return what is known of one order after another reading: nothing is ever forgotten.

    A document that is read again is as it was read last.
    """
    fresh = tuple(dict.fromkeys(now))
    again = {(one.number, one.credit) for one in fresh}
    old = (one for one in before if (one.number, one.credit) not in again)
    return tuple(sorted((*old, *fresh), key=_by_date))


def _by_date(invoice: Invoice) -> tuple[str, str, bool, str]:
    """Return what documents are sorted by: date and number, then all that they say."""
    return invoice.date.isoformat(), invoice.number, invoice.credit, str(invoice)


def _matched(order: PostedOrder, documents: Sequence[Invoice]) -> InvoicedOrder:
    invoices = tuple(one for one in documents if not one.credit)
    credits_ = tuple(one for one in documents if one.credit)
    lines = tuple(_lines(order, invoices, credits_))
    doubts = tuple(_document_reasons(order, documents))
    stated = not any(reason.code in _NOT_STATED for reason in doubts)
    return InvoicedOrder(
        order=order.order,
        number=order.number,
        state=_state(order, invoices, lines),
        invoices=invoices,
        credits=credits_,
        invoiced=_sum(invoices) if stated else None,
        credited=_sum(credits_) if stated else None,
        lines=lines,
        reasons=(*doubts, *_line_reasons(order, lines)),
    )


def _sum(documents: Iterable[Invoice]) -> Amounts:
    return sum(map(amounts_of, documents), Amounts())


def amounts_of(invoice: Invoice) -> Amounts:
    """Return net, VAT and gross of a document; those of a credit above 0, whatever its sign."""
    stated = Amounts(invoice.net, invoice.vat, invoice.gross)
    return Amounts() - stated if invoice.credit and (invoice.gross or invoice.net) < 0 else stated


def _state(
    order: PostedOrder, invoices: Sequence[Invoice], lines: Sequence[InvoicedLine]
) -> Invoicing:
    if not invoices:
        return Invoicing.NONE
    if order.lines is None or any(not one.lines for one in invoices):
        return Invoicing.NOT_KNOWN
    whole = all(line.ordered is None or line.invoiced >= line.ordered for line in lines)
    return Invoicing.WHOLE if whole else Invoicing.PART


def _lines(
    order: PostedOrder, invoices: Sequence[Invoice], credits_: Sequence[Invoice]
) -> Iterator[InvoicedLine]:
    """Yield the order's lines, and those of documents that the order does not have."""
    ordered = {line.number: line for line in order.lines or ()}
    taken, given = _by_line(invoices), _by_line(credits_)
    for number in sorted(ordered.keys() | taken.keys() | given.keys()):
        line = ordered.get(number)
        yield InvoicedLine(
            number=number,
            reference=line.reference if line else "",
            ordered=line.quantity if line else None,
            invoiced=_quantity(taken.get(number, ())),
            credited=_quantity(given.get(number, ())),
            invoiced_net=_net(taken.get(number, ())),
            credited_net=_net(given.get(number, ())),
        )


def _by_line(documents: Iterable[Invoice]) -> dict[int, list[InvoiceLine]]:
    found: dict[int, list[InvoiceLine]] = {}
    for document in documents:
        for line in document.lines:
            if line.order_line != CHARGE:
                found.setdefault(line.order_line, []).append(line)
    return found


def _quantity(lines: Iterable[InvoiceLine]) -> Decimal:
    return sum((abs(line.quantity) for line in lines), NONE)


def _net(lines: Iterable[InvoiceLine]) -> Decimal | None:
    total = NONE
    for line in lines:
        if line.net is None:
            return None
        total += abs(line.net)
    return total


_NOT_STATED = frozenset({ReasonCode.INVOICE_CONTRADICTS, ReasonCode.INVOICE_CURRENCY_DIFFERS})


def _document_reasons(order: PostedOrder, documents: Sequence[Invoice]) -> Iterator[Reason]:
    """Yield what is wrong with documents alone: twice and different, currency, sums."""
    seen: set[tuple[str, bool]] = set()
    for one in documents:
        subject = f"{invoices_subject(order.number)}/{one.number}"
        if (one.number, one.credit) in seen:
            detail = f"{one.number} came twice, and not the same"
            yield Reason(ReasonCode.INVOICE_CONTRADICTS, subject, detail)
        seen.add((one.number, one.credit))
        if one.currency != order.currency:
            detail = f"the order is in {order.currency}, {one.number} in {one.currency}"
            yield Reason(ReasonCode.INVOICE_CURRENCY_DIFFERS, subject, detail)
        if one.net + one.vat != one.gross:
            detail = f"net {one.net} and VAT {one.vat} are not gross {one.gross}"
            yield Reason(ReasonCode.INVOICE_NOT_ADDED, subject, detail)


def _line_reasons(order: PostedOrder, lines: Iterable[InvoicedLine]) -> Iterator[Reason]:
    """Yield where more was invoiced, less what was credited, than ordered, and the like."""
    for line in lines:
        subject = f"{invoices_subject(order.number)}/lines/{line.number}"
        figures = f"{line.invoiced} invoiced, {line.credited} credited, "
        if line.credited > line.invoiced:
            detail = figures + "which is more"
            yield Reason(ReasonCode.CREDITED_TOO_MUCH, subject, detail)
        if order.lines is None:
            continue
        if line.ordered is None:
            detail = figures + "and the order has no such line"
            yield Reason(ReasonCode.INVOICE_LINE_UNKNOWN, subject, detail)
        elif line.invoiced - line.credited > line.ordered:
            detail = figures + f"{line.ordered} ordered"
            yield Reason(ReasonCode.INVOICED_TOO_MUCH, subject, detail)
