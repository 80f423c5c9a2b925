"""Gathering the facts of the reports: the shop asked again, the store beside it. Writes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from attrs import evolve

from oro_prima.call import Call, Page
from oro_prima.errors import CallError, Fault
from oro_prima.ids import OroOrderId, PrimaOrderNumber
from oro_prima.mapping.policy import OrderPolicy
from oro_prima.mapping.tables import UnitTable
from oro_prima.mapping.units import base_quantities
from oro_prima.oro.calls.orders import list_orders_created
from oro_prima.oro.models.orders import Order
from oro_prima.outcome import Mapped
from oro_prima.ports import DespatchReader, Ports, Store
from oro_prima.prima.models.capabilities import Capability
from oro_prima.prima.models.fulfilment import Despatch
from oro_prima.prima.models.invoice import Invoice
from oro_prima.reasons import ReasonCode
from oro_prima.reconcile import OrderNow
from oro_prima.reconcile.reports import BillingRules, BookedOrder, Books, Frame
from oro_prima.reconcile.reports.billing import numbers_of
from oro_prima.reconcile.reports.unmatched import OPEN
from oro_prima.records import (
    Capture,
    ExceptionRecord,
    Flow,
    Home,
    JournalEntry,
    LedgerEntry,
    LineDemand,
    RecordState,
)
from oro_prima.sync.books import orders_now
from oro_prima.sync.capabilities import is_bound
from oro_prima.sync.gather_invoices import known_invoices
from oro_prima.sync.run import FlowRun, look
from oro_prima.sync.settle import subject_of
from oro_prima.values import LocalDate

CHUNK = 500


def gather_books(
    ports: Ports,
    policy: OrderPolicy,
    *,
    first: LocalDate,
    last: LocalDate,
    organisation: str = "",
    rules: BillingRules | None = None,
) -> Books:
    """
    Read the facts of all orders created on the days from `first` to `last`, both included.

    Orders of earlier days that have not reached Prima yet are read with them, from the store, and
    so are invoices: those that the invoices flow has kept.

    Args:
        ports: What it reads through.
        policy: Where the books are kept, and which of main and sub-orders is posted.
        first: A day of the books.
        last: The same or a later one.
        organisation: What the shop's organisation is called.
        rules: How both sides compute tax; None where nobody said it.

    Raises:
        CallError: OroCommerce cannot be read.
        ValueError: the days are in the wrong order.
    """
    if last < first:
        msg = f"the last day {last} comes before the first {first}"
        raise ValueError(msg)
    run = look(ports, Flow.ORDERS)
    begin, end = _midnight(first, policy), _midnight(last, policy, days=1)
    shown, now = _read_period(run, begin, end, policy)
    captures = ports.store.captures_created(begin, end)
    read = {capture.order for capture in captures}
    records = _records(ports.store)
    orders = tuple(_booked(ports, policy, captures, shown, records))
    return Books(
        frame=Frame(
            ports.pair.id, ports.pair.company, first, last, policy.zone, run.now(), organisation
        ),
        orders=orders,
        not_read=tuple(order for key, order in shown.items() if key not in read),
        records=tuple(records.values()),
        reopened=_reopened(ports.store.journal()),
        earlier=tuple(_booked(ports, policy, _still_open(ports.store, begin), {}, records)),
        invoices=_invoices(ports, orders),
        rules=rules,
        shown=now,
    )


def _invoices(ports: Ports, orders: Sequence[BookedOrder]) -> tuple[Invoice, ...] | None:
    """Return what the invoices flow kept of these orders; None where invoices are unbound."""
    if not is_bound(ports, Capability.INVOICE):
        return None
    known = known_invoices(ports.store, numbers_of(orders))
    return tuple(invoice for one in known.values() for invoice in one.invoices)


def with_despatches(ports: Ports, books: Books) -> Books:
    """
    Ask Prima when goods of each posted order were first sent: one question an order.

    The books are returned as they are where despatches are not bound. An order whose despatches
    cannot be read is named in the books, and stops no other.

    Raises:
        CallError: Prima did not answer.
    """
    if ports.despatches is None:
        return books
    found: dict[OroOrderId, date] = {}
    unread: set[OroOrderId] = set()
    for one in books.orders:
        if one.entry is None or one.posted_at is None or one.main:
            continue
        sent = _sent(ports.despatches, one.entry.known_as)
        if sent is None:
            unread.add(one.capture.order)
        elif days := [despatch.date for despatch in sent if despatch.date]:
            found[one.capture.order] = min(days)
    return evolve(books, despatched=found, despatch_unread=frozenset(unread))


def _sent(read: DespatchReader, number: PrimaOrderNumber) -> tuple[Despatch, ...] | None:
    """Return the despatches of one order; None where what Prima says of it cannot be read."""
    try:
        return read(number)
    except CallError as error:
        if error.fault is not Fault.RECORD:
            raise
        return None


def _still_open(store: Store, begin: datetime) -> list[Capture]:
    return [one for one in store.captures_at(OPEN) if one.created_at < begin]


def _midnight(day: LocalDate, policy: OrderPolicy, *, days: int = 0) -> datetime:
    return datetime.combine(day + timedelta(days=days), time(), policy.zone).astimezone(UTC)


def _read_period(
    run: FlowRun, begin: datetime, end: datetime, policy: OrderPolicy
) -> tuple[dict[OroOrderId, Order], tuple[OrderNow, ...]]:
    """Read the orders of a period, and each as the equation counts it, also the unreadable."""
    shown: dict[OroOrderId, Order] = {}
    now: list[OrderNow] = []
    for page in _shown(run, begin, end):
        for order in page.items:
            shown[order.id] = order
        now += orders_now(page, policy, at=run.now())
    return shown, tuple({one.id: one for one in now}.values())


def _shown(run: FlowRun, begin: datetime, end: datetime) -> Iterator[Page[Order]]:
    last = end - timedelta(seconds=1)
    call: Call[Page[Order]] | None = list_orders_created(run.features, first=begin, last=last)
    while call is not None:
        page = run.ports.shop.send(call)
        yield page
        call = page.next


def _records(store: Store) -> dict[str, ExceptionRecord]:
    return {
        record.subject: record
        for record in store.exceptions(RecordState)
        if record.flow is Flow.ORDERS
    }


def _booked(
    ports: Ports,
    policy: OrderPolicy,
    captures: Sequence[Capture],
    shown: Mapping[OroOrderId, Order],
    records: Mapping[str, ExceptionRecord],
) -> Iterator[BookedOrder]:
    entries: dict[OroOrderId, LedgerEntry] = {}
    for start in range(0, len(captures), CHUNK):
        some = captures[start : start + CHUNK]
        entries |= ports.store.newest_entries(capture.order for capture in some)
    for capture in captures:
        order = shown.get(capture.order)
        yield BookedOrder(
            capture=capture,
            order=order,
            entry=entries.get(capture.order),
            record=records.get(subject_of(capture.order)),
            base_quantity=base_units(capture.lines, ports.tables.units),
            main=_is_main(capture, order, policy),
        )


def _is_main(capture: Capture, order: Order | None, policy: OrderPolicy) -> bool:
    split = order is not None and bool(order.sub_orders) and not policy.post_main
    return split or capture.home is Home.MAIN


def base_units(lines: Iterable[LineDemand], units: UnitTable) -> Decimal | None:
    """Add up the base units of lines; None where one of them is no whole number or not known."""
    total = 0
    for line in lines:
        components = units.get((line.sku, line.unit))
        if not components:
            return None
        found = base_quantities(line.quantity, components, subject="")
        if not isinstance(found, Mapped):
            return None
        total += sum(one.quantity for one in found.value)
    return Decimal(total)


def _reopened(journal: Iterable[JournalEntry]) -> Mapping[ReasonCode, int]:
    """Count how often records were opened again, by their first reason."""
    codes = [line.detail.split(",")[0] for line in journal if line.what == "reopened"]
    return Counter(ReasonCode(code) for code in codes if code)
