"""The plan of invoices: nothing forgotten, nothing left to do once it is done."""

from __future__ import annotations

from datetime import timedelta

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.ids import PrimaOrderNumber
from oro_prima.mapping import Invoicing
from oro_prima.plans import InvoicePlan, InvoiceSnapshot, KnownInvoices, plan_invoices
from oro_prima.prima.models.invoice import Invoice
from oro_prima.reasons import ReasonCode
from tests.rules.making import NOW
from tests.rules.making import policy as a_policy
from tests.rules.test_rules_invoices import EIGHT, ORDER, SEVEN, an_invoice, documents, orders

POLICY = a_policy()


@st.composite
def snapshots(draw: st.DrawFn) -> InvoiceSnapshot:
    """What was asked about, what came, and what was known before."""
    posted = tuple(draw(orders))
    before = {
        number: KnownInvoices(number, "GBP", invoices=(an_invoice(order=number),))
        for number in draw(st.sets(st.sampled_from([SEVEN, EIGHT])))
    }
    asked = (
        frozenset(one.number for one in posted)
        if draw(st.booleans())
        else frozenset[PrimaOrderNumber]()
    )
    return InvoiceSnapshot(NOW, asked, posted, tuple(draw(documents)), before)


def applied(snapshot: InvoiceSnapshot, plan: InvoicePlan) -> InvoiceSnapshot:
    return evolve(snapshot, known={**snapshot.known, **{one.number: one for one in plan.keep}})


@given(snapshots())
def test_once_it_is_done_nothing_is_left_to_do(snapshot: InvoiceSnapshot) -> None:
    """The same reading again keeps the same, and finds nothing new."""
    plan = plan_invoices(snapshot, POLICY)
    again = plan_invoices(applied(snapshot, plan), POLICY)

    assert again.keep == plan.keep
    assert (again.new_invoices, again.new_credits) == (0, 0)
    assert again.matched == plan.matched


@given(snapshots())
def test_every_document_is_kept_or_foreign(snapshot: InvoiceSnapshot) -> None:
    """Of our numbers all, also of orders that nobody knows yet; what was known stays."""
    plan = plan_invoices(snapshot, POLICY)
    kept = {document for one in plan.keep for document in one.invoices}
    numbers = {one.number for one in plan.keep}

    assert {d for d in snapshot.invoices if d.order in numbers} <= kept
    assert plan.foreign == sum(d.order not in numbers for d in snapshot.invoices)
    assert {d.order for d in snapshot.invoices} - numbers <= {"1"}
    for one in plan.keep:
        before = snapshot.known.get(one.number)
        names = {(d.number, d.credit) for d in one.invoices}
        assert {(d.number, d.credit) for d in (before.invoices if before else ())} <= names
        assert one.asked_at == (NOW if one.number in snapshot.asked else None)


@given(snapshots())
def test_order_does_not_matter(snapshot: InvoiceSnapshot) -> None:
    """Same facts, same plan."""
    turned = evolve(snapshot, posted=snapshot.posted[::-1], invoices=snapshot.invoices[::-1])

    assert plan_invoices(turned, POLICY) == plan_invoices(snapshot, POLICY)


def test_lines_are_remembered() -> None:
    """What was sent is known after it was erased; the state is by it."""
    first = plan_invoices(InvoiceSnapshot(NOW, posted=(ORDER,)), POLICY)
    erased = (evolve(ORDER, lines=None),)
    later = InvoiceSnapshot(
        NOW + timedelta(days=60), posted=erased, invoices=(an_invoice(),),
        known={SEVEN: first.keep[0]},
    )  # fmt: skip
    plan = plan_invoices(later, POLICY)

    assert first.keep[0].state is Invoicing.NONE
    assert plan.keep[0].lines == ORDER.lines
    assert plan.keep[0].state is Invoicing.WHOLE
    assert plan.summary().startswith("invoices: 1 orders, 1 new invoices and 0 new credits")


def test_what_cannot_be_read_is_told_by_its_order() -> None:
    """Or of files, where no order is known; every fault of one together."""
    snapshot = InvoiceSnapshot(
        NOW, faults={SEVEN: ("record 1: net: blank", "x"), PrimaOrderNumber(""): ("y",)}
    )
    plan = plan_invoices(snapshot, POLICY)

    assert [(r.subject, r.detail) for r in plan.unread] == [
        ("invoices/files", "y"),
        (f"invoices/{SEVEN}", "record 1: net: blank; x"),
    ]
    assert {r.code for r in plan.unread} == {ReasonCode.INVOICE_UNREADABLE}


def test_a_document_of_an_order_in_doubt_is_kept() -> None:
    """Nobody knows its order yet; another's number is not ours."""
    found: tuple[Invoice, ...] = (an_invoice(), an_invoice(order=PrimaOrderNumber("5")))
    plan = plan_invoices(InvoiceSnapshot(NOW, invoices=found), POLICY)

    assert [(one.number, one.currency, one.lines) for one in plan.keep] == [(SEVEN, "", None)]
    assert (plan.matched, plan.foreign, plan.new_invoices) == ((), 1, 1)
