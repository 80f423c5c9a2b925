"""Posted orders and Prima's documents -> what is kept of each order's invoices. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from attrs import evolve, field, frozen

from oro_prima.ids import PrimaOrderNumber
from oro_prima.mapping.invoices import (
    InvoicedOrder,
    Invoicing,
    PostedLine,
    PostedOrder,
    invoices_subject,
    match_invoices,
    merged_invoices,
)
from oro_prima.mapping.numbers import order_of_number
from oro_prima.mapping.policy import OrderPolicy
from oro_prima.prima.models.invoice import Invoice
from oro_prima.reasons import Reason, ReasonCode


@frozen
class KnownInvoices:
    """
    What is known of one order's invoices; nothing personal.

    Attributes:
        currency: Of the order, as captured; empty where the order is not known.
        lines: As they were sent; None where that is not known any more.
        asked_at: When Prima was asked last; None where its documents only ever came by files.
        state: By the documents read so far.
    """

    number: PrimaOrderNumber
    currency: str = ""
    lines: tuple[PostedLine, ...] | None = None
    invoices: tuple[Invoice, ...] = ()
    asked_at: datetime | None = None
    state: Invoicing = Invoicing.NONE


@frozen
class InvoiceSnapshot:
    """
    All that a plan looks at, read once; `now` is the shop's.

    Attributes:
        asked: Orders that Prima was asked after.
        posted: Every order among these, and those that documents bear the number of.
        known: What was kept of their numbers before.
        faults: What could not be read, by the number that was asked after; under the empty one
            where files said no number.
    """

    now: datetime
    asked: frozenset[PrimaOrderNumber] = frozenset()
    posted: tuple[PostedOrder, ...] = ()
    invoices: tuple[Invoice, ...] = ()
    known: Mapping[PrimaOrderNumber, KnownInvoices] = field(
        factory=dict[PrimaOrderNumber, KnownInvoices]
    )
    faults: Mapping[PrimaOrderNumber, tuple[str, ...]] = field(
        factory=dict[PrimaOrderNumber, tuple[str, ...]]
    )


@frozen
class InvoicePlan:
    """
    What is kept, and what waits for a person.

    Attributes:
        keep: By number.
        matched: The orders with what is kept, one each.
        new_invoices, new_credits: Documents that were not known before.
        foreign: Documents of numbers that are not of our range; they are not kept.
        unread: Reasons by the subject of their record.
    """

    keep: tuple[KnownInvoices, ...]
    matched: tuple[InvoicedOrder, ...]
    new_invoices: int
    new_credits: int
    foreign: int
    unread: tuple[Reason, ...] = ()

    def summary(self) -> str:
        """Return one line a person reads at a glance."""
        waiting = sum(bool(one.reasons) for one in self.matched)
        return (
            f"invoices: {len(self.keep)} orders, {self.new_invoices} new invoices and "
            f"{self.new_credits} new credits, {self.foreign} of other orders, "
            f"{waiting} for a person"
        )


def plan_invoices(snapshot: InvoiceSnapshot, policy: OrderPolicy) -> InvoicePlan:
    """
    Decide what is kept of each order's invoices.

    A document of a number of our range is kept also where its order is not known yet: it may be in
    doubt, or settled later.
    """
    by_number: dict[PrimaOrderNumber, list[Invoice]] = {}
    for invoice in snapshot.invoices:
        by_number.setdefault(invoice.order, []).append(invoice)
    posted = {one.number: one for one in snapshot.posted}
    ours = sorted(
        number
        for number in by_number.keys() | posted.keys()
        if number in posted or order_of_number(number, policy=policy) is not None
    )
    known = [_known(number, posted.get(number), by_number, snapshot) for number in ours]
    matched = _match(posted, known)
    states = {one.number: one.state for one in matched}
    fresh = [
        invoice
        for one in known
        for invoice in one.invoices
        if invoice not in _before(one.number, snapshot).invoices
    ]
    return InvoicePlan(
        keep=tuple(evolve(one, state=states.get(one.number, one.state)) for one in known),
        matched=matched,
        new_invoices=sum(not one.credit for one in fresh),
        new_credits=sum(one.credit for one in fresh),
        foreign=len(snapshot.invoices) - sum(len(by_number.get(number, ())) for number in ours),
        unread=tuple(_unread(snapshot)),
    )


def _match(
    posted: Mapping[PrimaOrderNumber, PostedOrder], known: list[KnownInvoices]
) -> tuple[InvoicedOrder, ...]:
    lines = {one.number: one.lines for one in known}
    orders = [evolve(one, lines=lines[number]) for number, one in posted.items()]
    return match_invoices(orders, (doc for one in known for doc in one.invoices)).orders


def _before(number: PrimaOrderNumber, snapshot: InvoiceSnapshot) -> KnownInvoices:
    return snapshot.known.get(number, KnownInvoices(number))


def _known(
    number: PrimaOrderNumber,
    posted: PostedOrder | None,
    found: Mapping[PrimaOrderNumber, list[Invoice]],
    snapshot: InvoiceSnapshot,
) -> KnownInvoices:
    before = _before(number, snapshot)
    lines = posted.lines if posted is not None and posted.lines is not None else before.lines
    return KnownInvoices(
        number=number,
        currency=posted.currency if posted is not None else before.currency,
        lines=lines,
        invoices=merged_invoices(before.invoices, found.get(number, ())),
        asked_at=snapshot.now if number in snapshot.asked else before.asked_at,
        state=before.state,
    )


def _unread(snapshot: InvoiceSnapshot) -> list[Reason]:
    return [
        Reason(
            ReasonCode.INVOICE_UNREADABLE,
            invoices_subject(number) if number else "invoices/files",
            "; ".join(faults),
        )
        for number, faults in sorted(snapshot.faults.items())
    ]
