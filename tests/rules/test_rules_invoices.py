"""Invoices and orders: each document in one place, sums that add up, nothing guessed."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.ids import OroOrderId, PrimaAccount, PrimaOrderNumber
from oro_prima.mapping import (
    InvoicePolicy,
    Invoicing,
    PostedLine,
    PostedOrder,
    match_invoices,
    merged_invoices,
    order_number,
    order_of_number,
    posted_lines,
)
from oro_prima.mapping.invoices import amounts_of
from oro_prima.mapping.tax.documents import Amounts
from oro_prima.outcome import Mapped
from oro_prima.prima.models import PrimaOrder
from oro_prima.prima.models.invoice import Invoice, InvoiceLine
from oro_prima.prima.models.orders import PrimaOrderLine
from oro_prima.reasons import Owner, ReasonCode
from oro_prima.values import LocalDate
from tests.rules.making import BOOT
from tests.rules.making import policy as a_policy

DAY = LocalDate(date(2031, 5, 4))
SEVEN, EIGHT = PrimaOrderNumber("300000070"), PrimaOrderNumber("300000080")
ORDER = PostedOrder(
    OroOrderId("7"),
    SEVEN,
    "GBP",
    (PostedLine(1, "11", BOOT, Decimal(4)), PostedLine(2, "12", BOOT, Decimal(1))),
)


def an_invoice(**changes: Any) -> Invoice:
    """One whole invoice of the order."""
    lines = (
        InvoiceLine(1, Decimal(4), net=Decimal(40)),
        InvoiceLine(2, Decimal(1), net=Decimal(10)),
    )
    invoice = Invoice("I1", DAY, SEVEN, "GBP", Decimal(50), Decimal(10), Decimal(60), lines=lines)
    return evolve(invoice, **changes)


def codes(order: PostedOrder, *documents: Invoice) -> list[ReasonCode]:
    return [reason.code for reason in match_invoices([order], documents).orders[0].reasons]


amounts = st.integers(-300, 300).map(lambda pence: Decimal(pence) / 100)
documents = st.lists(
    st.builds(
        Invoice,
        number=st.sampled_from(["I1", "I2", "I3"]),
        date=st.sampled_from([DAY, LocalDate(date(2031, 6, 1))]),
        order=st.sampled_from([SEVEN, EIGHT, PrimaOrderNumber("1")]),
        currency=st.sampled_from(["GBP", "GBP", "EUR"]),
        net=amounts,
        vat=amounts,
        gross=amounts,
        credit=st.booleans(),
        lines=st.lists(
            st.builds(InvoiceLine, st.integers(0, 3), st.integers(0, 4).map(Decimal)),
            max_size=3,
        ).map(tuple),
    ),
    max_size=6,
)
orders = st.sampled_from(
    [[], [ORDER], [ORDER, evolve(ORDER, order=OroOrderId("8"), number=EIGHT, lines=None)]]
)


@given(orders, documents, st.randoms())
def test_each_document_and_each_order_has_one_place(
    some: list[PostedOrder], found: list[Invoice], chance: Any
) -> None:
    """Whatever the order in which they come; what came twice counts once."""
    matched = match_invoices(some, found)
    placed = [
        document for one in matched.orders for document in (*one.invoices, *one.credits)
    ] + list(matched.others)
    shuffled = [*found, *found]
    chance.shuffle(shuffled)

    assert len(placed) == len(set(placed))
    assert set(placed) == set(found)
    assert {one.number for one in matched.orders} == {one.number for one in some}
    assert match_invoices(reversed(some), shuffled) == matched


@given(documents)
def test_what_is_stated_is_the_sum(found: list[Invoice]) -> None:
    """Of invoices, and of credits above 0; a contradiction or a currency leaves both unstated."""
    one = match_invoices([ORDER], found).orders[0]
    doubted = {ReasonCode.INVOICE_CONTRADICTS, ReasonCode.INVOICE_CURRENCY_DIFFERS} & {
        reason.code for reason in one.reasons
    }
    quantities = sum((line.invoiced for line in one.lines), Decimal(0))
    billed = sum(
        (line.quantity for doc in one.invoices for line in doc.lines if line.order_line),
        Decimal(0),
    )

    assert quantities == billed
    if doubted:
        assert (one.invoiced, one.credited) == (None, None)
    else:
        assert one.invoiced == sum(map(amounts_of, one.invoices), Amounts())
        assert one.credited == sum(map(amounts_of, one.credits), Amounts())


@given(documents, documents)
def test_nothing_is_forgotten(first: list[Invoice], second: list[Invoice]) -> None:
    """A document read again is as read last; the same reading twice changes nothing."""
    once = merged_invoices(first, second)

    assert merged_invoices(once, second) == once
    assert set(second) <= set(once)
    keys = {(one.number, one.credit) for one in (*first, *second)}
    assert {(one.number, one.credit) for one in once} == keys
    assert set(once) <= {*first, *second}


def test_a_whole_invoice() -> None:
    """Line by line, with the reference of the shop's line."""
    (one,) = match_invoices([ORDER], [an_invoice()]).orders

    assert one.state is Invoicing.WHOLE
    assert one.subject == "invoices/300000070"
    assert one.invoiced == Amounts(Decimal(50), Decimal(10), Decimal(60))
    assert [(x.reference, x.ordered, x.invoiced, x.invoiced_net) for x in one.lines] == [
        ("11", Decimal(4), Decimal(4), Decimal(40)),
        ("12", Decimal(1), Decimal(1), Decimal(10)),
    ]
    assert {(x.credited, x.credited_net) for x in one.lines} == {(Decimal(0), Decimal(0))}
    assert one.reasons == ()


def test_how_much_was_invoiced() -> None:
    """Nothing, a part, or not known where a side does not say its lines."""
    part = an_invoice(lines=(InvoiceLine(1, Decimal(4)), InvoiceLine(0, Decimal(1))))
    rest = an_invoice(number="I2", lines=(InvoiceLine(2, Decimal(1)),))

    def state(order: PostedOrder, *found: Invoice) -> Invoicing:
        return match_invoices([order], found).orders[0].state

    assert state(ORDER) is Invoicing.NONE
    assert state(ORDER, part) is Invoicing.PART
    assert state(ORDER, part, rest) is Invoicing.WHOLE
    assert state(ORDER, an_invoice(lines=())) is Invoicing.NOT_KNOWN
    assert state(ORDER, part, an_invoice(number="I3", lines=())) is Invoicing.NOT_KNOWN
    assert state(evolve(ORDER, lines=None), an_invoice()) is Invoicing.NOT_KNOWN
    assert match_invoices([ORDER], [part]).orders[0].lines[0].invoiced_net is None


def test_a_credit_has_the_sign_that_prima_gives() -> None:
    """Both ways it takes off the same."""
    credit = an_invoice(number="C1", credit=True)
    minus = evolve(credit, net=-credit.net, vat=-credit.vat, gross=-credit.gross)
    minus = evolve(minus, lines=tuple(evolve(x, quantity=-x.quantity) for x in minus.lines))

    for one in (credit, minus):
        (found,) = match_invoices([ORDER], [an_invoice(), one]).orders
        assert found.credited == Amounts(Decimal(50), Decimal(10), Decimal(60))
        assert [line.credited for line in found.lines] == [4, 1]
        assert found.state is Invoicing.WHOLE
        assert found.reasons == ()
    only_net = evolve(credit, net=Decimal(-1), vat=Decimal(1), gross=Decimal(0))
    assert amounts_of(only_net) == Amounts(Decimal(1), Decimal(-1), Decimal(0))
    assert amounts_of(an_invoice(gross=Decimal(-60))).gross == -60
    nothing = evolve(credit, net=Decimal(0), vat=Decimal(0), gross=Decimal(0))
    pence = evolve(credit, net=Decimal("0.50"), vat=Decimal("0.10"), gross=Decimal("0.60"))
    mixed = evolve(credit, net=Decimal(0), vat=Decimal(1), gross=Decimal(0))
    assert amounts_of(nothing) == Amounts()
    assert amounts_of(pence) == Amounts(Decimal("0.50"), Decimal("0.10"), Decimal("0.60"))
    assert amounts_of(mixed).vat == 1


def test_what_is_wrong_with_documents() -> None:
    """Twice and different, in another currency, sums that do not add up; for finance."""
    other = an_invoice(vat=Decimal(11))

    assert codes(ORDER, an_invoice(), an_invoice()) == []
    assert codes(ORDER, an_invoice(), other) == [
        ReasonCode.INVOICE_CONTRADICTS,
        ReasonCode.INVOICE_NOT_ADDED,
        ReasonCode.INVOICED_TOO_MUCH,
        ReasonCode.INVOICED_TOO_MUCH,
    ]
    assert codes(ORDER, an_invoice(currency="EUR")) == [ReasonCode.INVOICE_CURRENCY_DIFFERS]
    assert codes(ORDER, an_invoice(number="C1", credit=True)) == [
        ReasonCode.CREDITED_TOO_MUCH,
        ReasonCode.CREDITED_TOO_MUCH,
    ]
    first, *_, last = match_invoices([ORDER], [an_invoice(), other]).orders[0].reasons
    assert (first.owner, last.owner) == (Owner.FINANCE, Owner.FINANCE)
    assert first.subject == "invoices/300000070/I1"
    assert last.subject == "invoices/300000070/lines/2"


def test_what_is_wrong_with_lines() -> None:
    """More than was ordered, also over several invoices; less what was credited; unknown ones."""
    more = an_invoice(number="I2", lines=(InvoiceLine(2, Decimal(1)), InvoiceLine(3, Decimal(1))))
    back = an_invoice(number="C1", credit=True, lines=(InvoiceLine(2, Decimal(1)),))

    assert codes(ORDER, an_invoice(), more) == [
        ReasonCode.INVOICED_TOO_MUCH,
        ReasonCode.INVOICE_LINE_UNKNOWN,
    ]
    assert codes(ORDER, an_invoice(), more, back) == [ReasonCode.INVOICE_LINE_UNKNOWN]
    assert codes(evolve(ORDER, lines=None), an_invoice(), more) == []
    twice = an_invoice(number="C2", credit=True, lines=(InvoiceLine(2, Decimal(2)),))
    both = match_invoices([evolve(ORDER, lines=None)], [an_invoice(), twice]).orders[0]
    assert [one.code for one in both.reasons] == [ReasonCode.CREDITED_TOO_MUCH]
    assert {line.reference for line in both.lines} == {""}
    strange = an_invoice(
        number="I9", lines=(InvoiceLine(0, Decimal(1)), InvoiceLine(9, Decimal(1)))
    )
    assert codes(ORDER, strange, more) == [ReasonCode.INVOICE_LINE_UNKNOWN] * 2


def test_what_nobody_says() -> None:
    """How long orders are asked after, and the words of reports."""
    assert InvoicePolicy() == InvoicePolicy(timedelta(days=90), timedelta(days=7))
    assert [one.value for one in Invoicing] == [
        *("not-invoiced", "part-invoiced", "invoiced", "not-known"),
    ]


def test_numbers_lead_back_to_their_order() -> None:
    """Those of our range, with any digit for reposts; no other."""
    policy = a_policy()
    for suffix in (0, 9):
        made = order_number(OroOrderId("1042"), suffix=suffix, policy=policy)
        assert isinstance(made, Mapped)
        assert order_of_number(made.value, policy=policy) == "1042"
        assert order_of_number(PrimaOrderNumber(f"{made.value}0"), policy=policy) is None
    for number in ("", "7", f"{policy.order_prefix}{'x' * 8}"):
        assert order_of_number(PrimaOrderNumber(number), policy=policy) is None
    odd = f"{policy.order_prefix}{'1' * policy.order_width}x"
    assert order_of_number(PrimaOrderNumber(odd), policy=policy) is None


def test_lines_that_were_sent_lose_what_is_personal() -> None:
    """Numbers, goods and prices stay."""
    line = PrimaOrderLine(1, BOOT, 4, Decimal("2.5"), "11", narrative="for A. Person")
    order = PrimaOrder(SEVEN, "ORO-7", PrimaAccount("A"), "GBP", False, DAY, (line,))

    assert posted_lines(order) == (PostedLine(1, "11", BOOT, Decimal(4), Decimal("2.5")),)
