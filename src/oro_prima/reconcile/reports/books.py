"""All facts of a period in one value, and the reports that follow from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property

from attrs import field, frozen

from oro_prima.ids import OroOrderId
from oro_prima.oro.models.orders import Order
from oro_prima.prima.models.invoice import Invoice
from oro_prima.reasons import ReasonCode
from oro_prima.reconcile.equation import OrderNow
from oro_prima.reconcile.reports.billing import Bill, BillingRules, bills
from oro_prima.reconcile.reports.cut_off import CutOffFacts, OrderLife, cut_off
from oro_prima.reconcile.reports.exceptions import QueueFacts, exceptions_report
from oro_prima.reconcile.reports.facts import BookedOrder, Frame
from oro_prima.reconcile.reports.invoicing import order_to_invoice
from oro_prima.reconcile.reports.order_match import order_match
from oro_prima.reconcile.reports.unmatched import unmatched
from oro_prima.reconcile.reports.vat import vat_by_rate
from oro_prima.reconcile.table import Table
from oro_prima.records import ExceptionRecord, Home

DROPPED = frozenset({Home.CANCELLED, Home.IGNORED, Home.DISMISSED, Home.MAIN})


@frozen
class Books:
    """
    What is known of a period.

    Attributes:
        not_read: Orders of the period that the shop shows and no run has read yet.
        records: The orders' exception records, in every state and of every day.
        reopened: How often records of a code were opened again.
        earlier: Orders of earlier days that have not reached Prima yet: they wait, are held or in
            doubt.
        invoices: Invoices and credits of the orders; None where no capability shows them.
        despatched: When goods of an order were first sent, by order; None where nobody shows that.
        despatch_unread: Orders of which Prima says it, and it cannot be read.
        rules: How both sides compute tax; None where that is not set.
        shown: Every order of the period as the shop shows it now, also one that cannot be read.
    """

    frame: Frame
    orders: tuple[BookedOrder, ...]
    not_read: tuple[Order, ...] = ()
    records: tuple[ExceptionRecord, ...] = ()
    reopened: Mapping[ReasonCode, int] = field(factory=dict[ReasonCode, int])
    earlier: tuple[BookedOrder, ...] = ()
    invoices: tuple[Invoice, ...] | None = None
    despatched: Mapping[OroOrderId, date] | None = None
    despatch_unread: frozenset[OroOrderId] = frozenset()
    rules: BillingRules | None = None
    shown: tuple[OrderNow, ...] = ()

    @cached_property
    def bills(self) -> tuple[Bill, ...] | None:
        """Each posted order with what was billed of it; None where no capability shows invoices."""
        return None if self.invoices is None else bills(self.orders, self.invoices, self.rules)

    @property
    def cut_off_at(self) -> datetime:
        """The end of the last day, where the books are kept."""
        following = self.frame.last + timedelta(days=1)
        return datetime.combine(following, time(), self.frame.zone).astimezone(UTC)


def match_of(books: Books) -> Table:
    """Return report A."""
    return order_match(books.orders, books.frame)


def invoiced_of(books: Books) -> Table:
    """Return report B."""
    return order_to_invoice(books.bills, books.frame)


def unmatched_of(books: Books) -> Table:
    """Return report C, with what is still open of earlier days."""
    orders = (*books.earlier, *books.orders)
    return unmatched(orders, books.frame, not_read=books.not_read)


def vat_of(books: Books) -> Table:
    """Return report D."""
    return vat_by_rate(books.bills, books.orders, books.frame, books.rules)


def cut_off_of(books: Books) -> Table:
    """Return report E at the end of the last day; steps that nobody shows are named."""
    billed = {one.order.capture.order: one for one in books.bills or () if one.order is not None}
    lives = tuple(
        _life(one, books, billed.get(one.capture.order)) for one in (*books.earlier, *books.orders)
    )
    facts = CutOffFacts(
        lives,
        despatch_bound=books.despatched is not None,
        invoice_bound=books.invoices is not None,
    )
    return cut_off(facts, at=books.cut_off_at)


def exceptions_of(books: Books) -> Table:
    """Return report I."""
    return exceptions_report(QueueFacts(books.records, books.reopened), now=books.frame.now)


REPORTS: Mapping[str, Callable[[Books], Table]] = {
    "order-match": match_of,
    "order-to-invoice": invoiced_of,
    "unmatched": unmatched_of,
    "vat": vat_of,
    "cut-off": cut_off_of,
    "exceptions": exceptions_of,
}
"""Reports that follow from a period's facts, by their keys."""


def _life(one: BookedOrder, books: Books, bill: Bill | None) -> OrderLife:
    captured, entry, frame = one.capture, one.entry, books.frame
    sent = (books.despatched or {}).get(captured.order)
    credited = [note.date for note in bill.invoices if note.credit] if bill else []
    return OrderLife(
        order=captured.order,
        company=frame.company,
        account=entry.account if entry else None,
        currency=captured.currency,
        net=one.net,
        vat=captured.vat,
        captured_at=captured.created_at,
        posted_at=one.posted_at,
        despatched_at=_began(sent, frame),
        invoiced_at=_began(bill.plain[0].date if bill and bill.plain else None, frame),
        credited_at=_began(credited[-1] if credited else None, frame),
        dropped=one.main or captured.home in DROPPED,
        despatch_unread=captured.order in books.despatch_unread,
    )


def _began(day: date | None, frame: Frame) -> datetime | None:
    """Return the beginning of a day where the books are kept."""
    return None if day is None else datetime.combine(day, time(), frame.zone).astimezone(UTC)
