"""The invoices flow: what Prima billed and credited, kept beside the orders that it is of."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from oro_prima.mapping.invoices import InvoicePolicy, invoices_subject
from oro_prima.mapping.policy import OrderPolicy
from oro_prima.mapping.polling import PollPolicy
from oro_prima.plans.flow_recording import InvoiceQuestion
from oro_prima.plans.invoices import InvoicePlan, InvoiceSnapshot, plan_invoices
from oro_prima.plans.scopes import EVERYTHING, Everything, OrderScope
from oro_prima.ports import Ports
from oro_prima.records import Flow, LedgerEntry
from oro_prima.sync.approval import as_planned
from oro_prima.sync.gather_invoices import by_request, due_invoices, gather_invoices, retried
from oro_prima.sync.keeping import keep
from oro_prima.sync.readings import note_reading
from oro_prima.sync.recordings import keep_question
from oro_prima.sync.report import FlowReport
from oro_prima.sync.run import FlowRun, look
from oro_prima.sync.tally import Tally, reported

Approve = Callable[[InvoicePlan], InvoicePlan]


def preview_invoices(
    ports: Ports,
    orders: OrderPolicy,
    policy: InvoicePolicy,
    polls: PollPolicy,
    *,
    scope: OrderScope = EVERYTHING,
) -> Iterator[InvoicePlan]:
    """
    Show what a run would keep. Reads Prima, writes nothing; files stay where they are.

    Raises:
        ConfigError: `not available: invoice is unbound`.
        CallError: a system cannot be read.
    """
    run = look(ports, Flow.INVOICES)
    due = _due(run, policy, polls, scope)
    with gather_invoices(run, due, scope=scope) as snapshots:
        for snapshot in snapshots:
            yield plan_invoices(snapshot, orders)


def sync_invoices(
    ports: Ports,
    orders: OrderPolicy,
    policy: InvoicePolicy,
    polls: PollPolicy,
    *,
    scope: OrderScope = EVERYTHING,
    approve: Approve = as_planned,
) -> FlowReport:
    """
    Read invoices and credits, match them to posted orders and lines, and keep them.

    Nothing is written to either system. What contradicts itself or an order waits for finance.

    Args:
        ports: What it acts through.
        orders: How orders were posted.
        policy: Which orders are asked after.
        polls: Which of them are due.
        scope: What the run is of. Of a scope every accepted order is asked after, due or not, and
            files stay where they are.
        approve: Given each part's plan before it is carried out, and gives back what of it is.

    Raises:
        ConfigError: `not available: invoice is unbound`.
        FlowStoppedError: the store has no cut-over record.
        StoreError: the store failed, or another run holds the lease of the flow.
    """

    def act(run: FlowRun, tally: Tally) -> None:
        due = _due(run, policy, polls, scope)
        with gather_invoices(run, due, scope=scope) as snapshots:
            for snapshot in snapshots:
                _note_reading(run, snapshot)
                planned = plan_invoices(snapshot, orders)
                keep_question(run, InvoiceQuestion(snapshot, orders), planned)
                _keep(run, approve(planned), snapshot, tally)

    return reported(ports, Flow.INVOICES, act, scope)


def _due(
    run: FlowRun, policy: InvoicePolicy, polls: PollPolicy, scope: OrderScope
) -> tuple[LedgerEntry, ...]:
    """Return the orders to ask about; where files come, those to match again with what is kept."""
    if by_request(run) or not isinstance(scope, Everything):
        return due_invoices(run, policy, polls, scope=scope)
    return tuple(retried(run))


def _note_reading(run: FlowRun, snapshot: InvoiceSnapshot) -> None:
    """Say in the journal which orders were asked after, and what documents came."""
    how_much = f"{len(snapshot.asked)} orders, {len(snapshot.invoices)} documents"
    read = (*sorted(snapshot.asked), *snapshot.invoices, *sorted(snapshot.faults.items()))
    note_reading(run, "invoices", how_much, read)


def _keep(run: FlowRun, plan: InvoicePlan, snapshot: InvoiceSnapshot, tally: Tally) -> None:
    """Keep what was read of a part, and hold what is wrong with it, in one transaction."""
    run.ports.step("before-keep")
    with run.write() as tx:
        for one in plan.keep:
            subject = invoices_subject(one.number)
            if one != snapshot.known.get(one.number):
                tx.put_kept(keep(Flow.INVOICES, subject, one, at=run.now()))
            known, documents = snapshot.known.get(one.number), len(one.invoices)
            if documents != (len(known.invoices) if known else 0):
                run.note(tx, "invoices read", subject, f"{documents} documents, {one.state.value}")
        unread = {reason.subject: (reason,) for reason in plan.unread}
        matched = {one.subject: one.reasons for one in plan.matched}
        for subject in sorted({*matched, *unread}):
            reasons = (*matched.get(subject, ()), *unread.get(subject, ()))
            tally.settle(run, tx, subject, reasons)
    tally.add("orders asked after", len(snapshot.asked))
    tally.add("new invoices", plan.new_invoices)
    tally.add("new credits", plan.new_credits)
    if plan.foreign:
        tally.add("documents of other orders", plan.foreign)
