"""All facts of a period in one value, and the reports that follow from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time, timedelta

from attrs import field, frozen

from oro_prima.oro.models.orders import Order
from oro_prima.reasons import ReasonCode
from oro_prima.reconcile.reports.cut_off import CutOffFacts, OrderLife, cut_off
from oro_prima.reconcile.reports.exceptions import QueueFacts, exceptions_report
from oro_prima.reconcile.reports.facts import BookedOrder, Frame
from oro_prima.reconcile.reports.order_match import order_match
from oro_prima.reconcile.reports.unmatched import unmatched
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
    """

    frame: Frame
    orders: tuple[BookedOrder, ...]
    not_read: tuple[Order, ...] = ()
    records: tuple[ExceptionRecord, ...] = ()
    reopened: Mapping[ReasonCode, int] = field(factory=dict[ReasonCode, int])

    @property
    def cut_off_at(self) -> datetime:
        """The end of the last day, where the books are kept."""
        following = self.frame.last + timedelta(days=1)
        return datetime.combine(following, time(), self.frame.zone).astimezone(UTC)


def match_of(books: Books) -> Table:
    """Return report A."""
    return order_match(books.orders, books.frame)


def unmatched_of(books: Books) -> Table:
    """Return report C."""
    return unmatched(books.orders, books.frame, not_read=books.not_read)


def cut_off_of(books: Books) -> Table:
    """Return report E at the end of the last day; despatch and invoice are not bound."""
    lives = tuple(_life(one, books.frame) for one in books.orders)
    facts = CutOffFacts(lives, despatch_bound=False, invoice_bound=False)
    return cut_off(facts, at=books.cut_off_at)


def exceptions_of(books: Books) -> Table:
    """Return report I."""
    return exceptions_report(QueueFacts(books.records, books.reopened), now=books.frame.now)


REPORTS: Mapping[str, Callable[[Books], Table]] = {
    "order-match": match_of,
    "unmatched": unmatched_of,
    "cut-off": cut_off_of,
    "exceptions": exceptions_of,
}
"""Reports that follow from a period's facts, by their keys."""


def _life(one: BookedOrder, frame: Frame) -> OrderLife:
    captured, entry = one.capture, one.entry
    return OrderLife(
        order=captured.order,
        company=frame.company,
        account=entry.account if entry else None,
        currency=captured.currency,
        net=one.net,
        vat=captured.vat,
        captured_at=captured.created_at,
        posted_at=one.posted_at,
        dropped=one.main or captured.home in DROPPED,
    )
