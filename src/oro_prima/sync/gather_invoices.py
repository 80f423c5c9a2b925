"""Reading invoices and credits where they are bound, and the orders that they may be of."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta

from attrs import evolve

from oro_prima.ids import OroOrderId, PrimaOrderNumber
from oro_prima.mapping.invoices import (
    InvoicedOrder,
    InvoicePolicy,
    Invoicing,
    PostedOrder,
    invoices_subject,
    match_invoices,
    posted_lines,
)
from oro_prima.mapping.polling import Followed, PollPolicy, polls_due
from oro_prima.plans.invoices import InvoiceSnapshot, KnownInvoices
from oro_prima.plans.scopes import EVERYTHING, Everything, OfDays, OfOrders, OrderScope
from oro_prima.ports import Store
from oro_prima.prima.models.binding import SoapBinding
from oro_prima.prima.models.capabilities import Capability
from oro_prima.prima.models.files import Unmoved
from oro_prima.prima.models.invoice import Invoice
from oro_prima.records import EntryState, Flow, LedgerEntry, RecordState
from oro_prima.sync.capabilities import gather_capability
from oro_prima.sync.commands import decode
from oro_prima.sync.gather_scoped import captures_of
from oro_prima.sync.keeping import recall
from oro_prima.sync.run import FlowRun

CHUNK = 500
PAGE = 100


def by_request(run: FlowRun) -> bool:
    """Tell whether invoices are asked for order by order; else they come by files."""
    bindings = dict(run.ports.bindings)
    return isinstance(bindings.get(Capability.INVOICE), SoapBinding)


def due_invoices(
    run: FlowRun,
    policy: InvoicePolicy,
    polls: PollPolicy,
    *,
    scope: OrderScope = EVERYTHING,
) -> tuple[LedgerEntry, ...]:
    """
    Return the accepted orders to ask about now, those first that a person wants tried again.

    Those that are not invoiced whole go by their age, within the budget; the others come after
    them, now and then. Of a scope every accepted order is due, however old, and no other.
    """
    if not isinstance(scope, Everything):
        return accepted_of(run, scope)
    wanted = {entry.order: entry for entry in retried(run)}
    due = (entry for entry in _by_age(run, policy, polls) if entry.order not in wanted)
    return (*wanted.values(), *due)


def accepted_of(run: FlowRun, scope: OfOrders | OfDays) -> tuple[LedgerEntry, ...]:
    """Return the accepted entry of each order of a scope."""
    entries = run.ports.store.newest_entries(captures_of(run, scope))
    return tuple(one for one in entries.values() if one.state is EntryState.ACCEPTED)


def retried(run: FlowRun) -> Iterator[LedgerEntry]:
    """Yield the accepted orders of records that a person wants tried again."""
    for record in run.ports.store.exceptions((RecordState.HELD,)):
        if record.flow is Flow.INVOICES and record.retry:
            number = record.subject.removeprefix(invoices_subject(PrimaOrderNumber("")))
            yield from entries_of(run.ports.store, PrimaOrderNumber(number))


def _by_age(run: FlowRun, policy: InvoicePolicy, polls: PollPolicy) -> tuple[LedgerEntry, ...]:
    entries = {entry.order: entry for entry in _accepted(run, policy)}
    known = known_invoices(run.ports.store, (entry.known_as for entry in entries.values()))
    open_ones: list[Followed] = []
    whole: list[Followed] = []
    for entry in entries.values():
        found = known.get(entry.known_as, KnownInvoices(entry.known_as))
        followed = Followed(entry.order, entry.changed_at, found.asked_at)
        (whole if found.state is Invoicing.WHOLE else open_ones).append(followed)
    first = polls_due(open_ones, now=run.now(), policy=polls)
    every, left = policy.credits_every, max(0, polls.budget - len(first))
    slow = evolve(polls, hot_every=every, warm_every=every, cold_every=every, budget=left)
    second = polls_due(whole, now=run.now(), policy=slow)
    return tuple(entries[order] for order in (*first, *second))


def _accepted(run: FlowRun, policy: InvoicePolicy) -> Iterator[LedgerEntry]:
    """Yield the accepted entries of orders created since `ask_for` ago, or a day before."""
    now, store = run.now(), run.ports.store
    first = now - policy.ask_for - timedelta(days=1)
    captures = store.captures_created(first, now + timedelta(days=1))
    for start in range(0, len(captures), CHUNK):
        chunk = captures[start : start + CHUNK]
        for entry in store.newest_entries(one.order for one in chunk).values():
            if entry.state is EntryState.ACCEPTED and now - entry.changed_at <= policy.ask_for:
                yield entry


@contextmanager
def gather_invoices(
    run: FlowRun, due: Sequence[LedgerEntry], *, scope: OrderScope = EVERYTHING
) -> Generator[Iterator[InvoiceSnapshot], None, None]:
    """
    Give snapshots: of the orders asked about, a hundred at most each; or one of all that files say.

    Files are done with at the end of the block. Of a scope they say what they say of `due` alone,
    and stay where they are.

    Raises:
        ConfigError: `not available: invoice is unbound`.
        CallError: Prima cannot be asked.
    """
    if by_request(run):
        yield _asked(run, due)
        return
    if not isinstance(scope, Everything):
        still = evolve(run.ports, files=Unmoved(run.ports.files))
        with gather_capability(still, Capability.INVOICE, Invoice) as found:
            numbers = {entry.known_as for entry in due}
            mine = [one for one in found.records if one.order in numbers]
            yield iter((_of_files(run, mine, {}, due),))
        return
    with gather_capability(run.ports, Capability.INVOICE, Invoice) as found:
        faults = {PrimaOrderNumber(""): found.faults} if found.faults else {}
        yield iter((_of_files(run, found.records, faults, due),))


def _asked(run: FlowRun, due: Sequence[LedgerEntry]) -> Iterator[InvoiceSnapshot]:
    for start in range(0, len(due), PAGE):
        chunk = due[start : start + PAGE]
        invoices: list[Invoice] = []
        faults: dict[PrimaOrderNumber, tuple[str, ...]] = {}
        for entry in chunk:
            run.keep_lease(run.ports.erp_timeout)
            about = {"order_number": str(entry.known_as)}
            with gather_capability(run.ports, Capability.INVOICE, Invoice, about=about) as found:
                invoices += found.records
                if found.faults:
                    faults[entry.known_as] = found.faults
        asked = frozenset(entry.known_as for entry in chunk)
        yield InvoiceSnapshot(
            now=run.now(),
            asked=asked,
            posted=tuple(_posted(run.ports.store, chunk)),
            invoices=tuple(invoices),
            known=known_invoices(run.ports.store, {*asked, *(one.order for one in invoices)}),
            faults=faults,
        )


def _of_files(
    run: FlowRun,
    invoices: Sequence[Invoice],
    faults: Mapping[PrimaOrderNumber, tuple[str, ...]],
    due: Iterable[LedgerEntry],
) -> InvoiceSnapshot:
    """Return what files say, and what was kept of the orders that are due, to be matched again."""
    store = run.ports.store
    numbers = dict.fromkeys((*(one.known_as for one in due), *(one.order for one in invoices)))
    entries = [entry for number in numbers for entry in entries_of(store, number)]
    return InvoiceSnapshot(
        now=run.now(),
        posted=tuple(_posted(store, entries)),
        invoices=tuple(invoices),
        known=known_invoices(store, numbers),
        faults=faults,
    )


def entries_of(store: Store, number: PrimaOrderNumber) -> Iterator[LedgerEntry]:
    """Yield the entry of a number; a number of the shop that looks the same is not one."""
    for order in store.find_orders(number):
        for entry in store.order_entries(order):
            if entry.known_as == number and entry.state is EntryState.ACCEPTED:
                yield entry


def _posted(store: Store, entries: Iterable[LedgerEntry]) -> Iterator[PostedOrder]:
    some = tuple(entries)
    captures = store.captures(entry.order for entry in some)
    for entry in some:
        payload = store.payload(entry.key)
        lines = posted_lines(decode(payload).order) if payload is not None else None
        currency = captures[entry.order].currency
        yield PostedOrder(entry.order, entry.known_as, currency, lines)


def known_invoices(
    store: Store, numbers: Iterable[PrimaOrderNumber]
) -> dict[PrimaOrderNumber, KnownInvoices]:
    """Return what earlier runs kept of the invoices of these numbers, as far as there is any."""
    kept = store.kept(Flow.INVOICES, (invoices_subject(number) for number in numbers))
    found = (recall(one, KnownInvoices) for one in kept.values())
    return {one.number: one for one in found}


def invoiced_orders(
    store: Store, entries: Mapping[OroOrderId, LedgerEntry]
) -> Mapping[OroOrderId, InvoicedOrder]:
    """
    Return what is known of the invoices of these posted orders, matched; asks nobody.

    An order that no run has read documents of is left out: that is not the same as "not invoiced".
    """
    known = known_invoices(store, (entry.known_as for entry in entries.values()))
    posted = [
        PostedOrder(order, entry.known_as, one.currency, one.lines)
        for order, entry in entries.items()
        if (one := known.get(entry.known_as)) is not None
    ]
    documents = (invoice for one in known.values() for invoice in one.invoices)
    return {one.order: one for one in match_invoices(posted, documents).orders}
