"""Every public name of the flows that bindings make possible, used as its types say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from oro_prima.config import Config
from oro_prima.ids import OroOrderId, PrimaOrderNumber
from oro_prima.mapping import (
    InvoicedLine,
    InvoicedOrder,
    InvoiceMatches,
    InvoicePolicy,
    Invoicing,
    OrderPolicy,
    PostedLine,
    PostedOrder,
    invoices_subject,
    match_invoices,
    merged_invoices,
    order_of_number,
    posted_lines,
)
from oro_prima.plans import InvoicePlan, InvoiceSnapshot, KnownInvoices, plan_invoices
from oro_prima.ports import Ports
from oro_prima.prima.models import PrimaOrder
from oro_prima.prima.models.invoice import Invoice
from oro_prima.records import LedgerEntry
from oro_prima.sync import FlowReport, invoiced_orders, preview_invoices, sync_invoices


def invoices(ports: Ports, config: Config, entries: Mapping[OroOrderId, LedgerEntry]) -> None:
    """Read, kept, and matched again without asking anybody."""
    policy: InvoicePolicy = config.flows.invoices
    plans: list[InvoicePlan] = list(preview_invoices(ports, config.orders, policy, config.polls))
    report: FlowReport = sync_invoices(ports, config.orders, policy, config.polls)
    counts: Mapping[str, int] = report.counts
    found: Mapping[OroOrderId, InvoicedOrder] = invoiced_orders(ports.store, entries)
    print([plan.summary() for plan in plans], report.ok, report.held, counts, found)


def matching(
    now: datetime, order: PrimaOrder, documents: tuple[Invoice, ...], policy: OrderPolicy
) -> None:
    """The rules alone."""
    lines: tuple[PostedLine, ...] = posted_lines(order)
    number = PrimaOrderNumber("300000170")
    posted = PostedOrder(OroOrderId("17"), number, "GBP", lines)
    matches: InvoiceMatches = match_invoices([posted], merged_invoices((), documents))
    for one in matches.orders:
        state: Invoicing = one.state
        billed: tuple[InvoicedLine, ...] = one.lines
        print(state, billed, one.invoiced, one.credited, invoices_subject(one.number))
    owner: OroOrderId | None = order_of_number(number, policy=policy)
    known = KnownInvoices(number, "GBP", lines, documents)
    snapshot = InvoiceSnapshot(now, posted=(posted,), known={number: known})
    plan: InvoicePlan = plan_invoices(snapshot, policy)
    print(owner, plan.keep, InvoicePolicy(ask_for=timedelta(days=30)))
