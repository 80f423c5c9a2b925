"""Order to invoice and VAT: rounding is bounded, every other gap has its class, none is made up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.ids import OroLineId, OroOrderId, OroSku, PrimaOrderNumber, UnitCode
from oro_prima.mapping.tax import CalculateWith, TaxPolicies, VatLevel
from oro_prima.mapping.tax.invoiced import billed_order, sent_lines, total_of
from oro_prima.mapping.tax.reading import tax_order
from oro_prima.outcome import Unmapped
from oro_prima.prima.models.invoice import Invoice, InvoiceLine
from oro_prima.reconcile.reports import Books, order_to_invoice, vat_by_rate
from oro_prima.reconcile.reports.billing import CHANGED, NO_POLICIES, Bill, bills, numbers_of
from oro_prima.reconcile.reports.books import REPORTS
from oro_prima.reconcile.reports.invoicing import (
    EXPLAINED,
    OPEN,
    TIES,
    UNBOUND,
    WITHIN,
    status_of,
)
from oro_prima.records import EntryState, Home
from oro_prima.values import LocalDate, Rounding
from tests.rules.billing_making import (
    NUMBER,
    ORO,
    PRIMA,
    RULES,
    a_credit,
    an_invoice,
    and_more,
    booked,
    causes,
    value,
    with_line,
)
from tests.rules.making import a_capture, a_line, an_order
from tests.rules.test_books_reports import FRAME, an_entry, cells

TWO = an_order(
    lines=(
        a_line(quantity=Decimal(3), value=Decimal("10.0000")),
        a_line(
            id=OroLineId("2"), product_sku=OroSku("L"), quantity=Decimal(5), value=Decimal("1.99")
        ),
    ),
    line_ids=(OroLineId("1"), OroLineId("2")),
)
CARRIED = evolve(TWO, estimated_shipping_cost_amount=Decimal("4.99"))


def a_bill(*invoices: Invoice, order: object = None) -> Bill:
    one = booked(TWO) if order is None else order
    (bill,) = bills([one], invoices, RULES)  # type: ignore[list-item]
    return bill


lines = st.builds(
    a_line,
    product_sku=st.sampled_from(["B", "L"]).map(OroSku),
    quantity=st.integers(1, 60).map(Decimal),
    value=st.decimals("0.01", "99", places=2),
)


@st.composite
def orders(draw: st.DrawFn) -> object:
    some = [evolve(one, id=OroLineId(str(n))) for n, one in enumerate(
        draw(st.lists(lines, min_size=1, max_size=5)), start=1)]  # fmt: skip
    ids = tuple(one.id for one in some)
    shipping = draw(st.sampled_from([None, Decimal("4.99")]))
    return an_order(lines=tuple(some), line_ids=ids, estimated_shipping_cost_amount=shipping)


@given(
    orders(),
    st.sampled_from(VatLevel),
    st.sampled_from(Rounding),
    st.sampled_from([2, 3]),
    st.sampled_from(CalculateWith),
)
def test_what_is_billed_as_sent_differs_by_rounding_alone(
    order: object, level: VatLevel, mode: Rounding, decimals: int, start: CalculateWith
) -> None:
    """Whatever both sides round, and by no more than their bound."""
    prima = evolve(PRIMA, level=level, vat_rounding=mode, vat_decimals=decimals, start=start)
    rules = evolve(RULES, taxes=TaxPolicies(ORO, prima))
    (bill,) = bills([booked(order)], [an_invoice(order, rules)], rules)  # type: ignore[arg-type]

    assert bill.why == ""
    assert bill.ties
    assert set(causes(bill.classes)) <= {"rounding"}
    assert bill.bound is not None
    assert bill.variance[2] is not None
    assert abs(bill.variance[2]) <= bill.bound.gross
    assert bill.unexplained == 0
    assert bill.unexplained_vat == 0
    assert status_of(bill) in (TIES, WITHIN)


PLANTED: dict[str, Callable[[Invoice], Invoice]] = {
    "price": lambda i: with_line(i, 0, net=Decimal("36.00")),
    "part-invoiced": lambda i: with_line(i, 0, quantity=Decimal(2), net=Decimal("20.00")),
    "quantity": lambda i: with_line(i, 0, quantity=Decimal(4), net=Decimal("40.00")),
    "discount": lambda i: with_line(i, 0, price=Decimal("10.00"), net=Decimal("27.00")),
    "shipping": lambda i: and_more(i, Decimal("6.00")),
    "unknown": lambda i: evolve(i, vat=i.vat + 3, gross=i.gross + 3),
    "tax code": lambda i: evolve(
        with_line(i, 0, vat_rate=Decimal(0), vat_code="Z"),
        vat=i.vat - Decimal("6.00"),
        gross=i.gross - Decimal("6.00"),
    ),
}


@pytest.mark.parametrize("cause", PLANTED)
def test_each_gap_stands_in_its_class(cause: str) -> None:
    """And a known class explains all of it."""
    bill = a_bill(PLANTED[cause](an_invoice(TWO)))

    assert causes(bill.classes) == [cause]
    assert bill.ties is (cause != "unknown")
    assert status_of(bill) == (OPEN if cause == "unknown" else EXPLAINED)
    assert bill.unexplained == (Decimal(3) if cause == "unknown" else 0)
    assert bill.explained == (0 if cause == "unknown" else bill.variance[2])


def test_a_line_that_was_not_invoiced_yet_is_a_part() -> None:
    """Nothing of it counts, and the rest ties."""
    whole = an_invoice(TWO)
    first = evolve(whole, lines=whole.lines[:1], net=Decimal(30), vat=Decimal(6), gross=Decimal(36))
    bill = a_bill(first)

    assert causes(bill.classes) == ["part-invoiced"]
    assert bill.ties


def test_what_is_left_within_the_bound_is_rounding_once() -> None:
    """Beside rounding that was predicted, it is no class of its own."""
    order = an_order(lines=(a_line(quantity=Decimal(3), value=Decimal("1.11")),))
    rules = evolve(RULES, taxes=TaxPolicies(ORO, evolve(PRIMA, level=VatLevel.UNIT)))
    predicted = an_invoice(order, rules)
    penny = Decimal("0.01")
    off = evolve(predicted, vat=predicted.vat - penny, gross=predicted.gross - penny)
    (bill,) = bills([booked(order)], [off], rules)
    (near,) = bills([booked(order)], [and_more(an_invoice(order), Decimal(0))], RULES)
    (plain,) = bills([booked(order)], [evolve(off, vat=Decimal("0.66"))], RULES)

    assert bill.variance[2] == Decimal("-0.02")
    assert bill.unexplained == -penny
    assert causes(bill.classes) == ["rounding"]
    assert status_of(bill) == WITHIN
    assert near.classes == ()
    assert causes(plain.classes) == ["rounding"]


@pytest.mark.parametrize("sign", [1, -1])
def test_a_credit_counts_above_zero_whatever_its_sign(sign: int) -> None:
    """What was credited is what both differ by."""
    invoice = an_invoice(TWO)
    bill = a_bill(invoice, a_credit(invoice, sign))

    assert bill.credited == bill.invoiced
    assert bill.variance[2] == -(bill.captured[2] or 0)
    assert causes(bill.classes) == ["credit"]
    assert bill.ties


def test_two_invoices_of_an_order_are_one_bill() -> None:
    """Parts add up; each may be rounded by itself; one that came twice counts once."""
    whole = an_invoice(TWO)
    first = with_line(with_line(whole, 0, quantity=Decimal(1), net=Decimal("10.00")), 1,
                      quantity=Decimal(0), net=Decimal(0))  # fmt: skip
    first = evolve(first, lines=first.lines[:1], net=Decimal(10), vat=Decimal(2), gross=Decimal(12))
    second = evolve(
        whole,
        number="I2",
        lines=(evolve(whole.lines[0], quantity=Decimal(2), net=Decimal(20)), whole.lines[1]),
        net=whole.net - 10,
        vat=whole.vat - 2,
        gross=whole.gross - 12,
    )
    bill = a_bill(second, first, first)

    assert [one.number for one in bill.invoices] == ["I1", "I2"]
    assert bill.variance[2] == 0
    assert bill.classes == ()
    assert status_of(bill) == TIES
    assert bill.bound is not None
    one = a_bill(whole).bound
    assert one is not None
    assert bill.bound.gross > one.gross


def test_carriage_is_what_the_documents_hold_beyond_their_lines() -> None:
    """Or a line of order line 0; below the lines it is a discount."""
    plain = an_invoice(CARRIED)
    with_charge = evolve(
        plain, lines=(*plain.lines, InvoiceLine(0, Decimal(1), net=Decimal("4.99")))
    )
    single = an_order(lines=(a_line(quantity=Decimal(3)),))
    less = and_more(an_invoice(single), Decimal("-5.00"))

    assert a_bill(plain, order=booked(CARRIED)).classes == ()
    assert a_bill(with_charge, order=booked(CARRIED)).classes == ()
    assert causes(a_bill(less, order=booked(single)).classes) == ["discount"]


def test_a_line_that_the_order_does_not_have_is_a_quantity() -> None:
    """At the rate that it states."""
    plain = an_invoice(TWO)
    more = InvoiceLine(9, Decimal(2), Decimal("1.50"), Decimal("3.00"), "S", Decimal(20))
    unpriced = evolve(more, price=None)
    empty = evolve(more, quantity=Decimal(0), price=None, net=None)

    for one in (more, unpriced):
        bill = a_bill(and_more(evolve(plain, lines=(*plain.lines, one)), Decimal("3.00")))
        assert causes(bill.classes) == ["quantity"]
        assert bill.ties
    assert a_bill(evolve(plain, lines=(*plain.lines, empty))).ties


def test_prices_of_base_units_become_prices_of_product_units() -> None:
    """A case of six at 1.50 each is a case at 9.00; a net above it is the price."""
    case = an_order(lines=(a_line(product_unit_code=UnitCode("case"), value=Decimal("9.00")),))
    sent = value(sent_lines(case, RULES.units))
    ours = value(tax_order(case, RULES.tables))
    invoice = an_invoice(case)
    priced = with_line(invoice, 0, price=Decimal("1.50"))
    dearer = with_line(invoice, 0, price=Decimal("1.50"), net=Decimal("24.00"))
    nothing = with_line(invoice, 0, net=None)
    twice = evolve(invoice, lines=(
        evolve(invoice.lines[0], price=Decimal("1.50"), quantity=Decimal(6), net=Decimal(9)),
        evolve(invoice.lines[0], price=Decimal("1.60"), quantity=Decimal(6), net=Decimal("9.60")),
    ))  # fmt: skip

    def line_of(one: Invoice) -> object:
        return value(billed_order(ours, sent, [one], PRIMA)).order.lines[0]

    assert invoice.lines[0].quantity == 12
    assert line_of(priced) == ours.lines[0]
    assert line_of(dearer) == evolve(ours.lines[0], price=Decimal("12"))
    assert line_of(nothing) == ours.lines[0]
    assert line_of(twice) == evolve(ours.lines[0], price=Decimal("9.3"))


def test_prices_with_vat_leave_carriage_to_the_order() -> None:
    """Nets say nothing of such a price."""
    inclusive = evolve(PRIMA, prices_include_vat=True)
    sent = value(sent_lines(CARRIED, RULES.units))
    ours = value(tax_order(CARRIED, RULES.tables))
    found = value(billed_order(ours, sent, [an_invoice(CARRIED)], inclusive))

    assert found.order.shipping == Decimal("4.99")
    assert found.order.lines == ours.lines


def test_a_pack_in_unequal_shares_is_not_compared() -> None:
    """It has no quantity; the totals stand side by side, and the gap is open."""
    pack = an_order(lines=(a_line(product_unit_code=UnitCode("pack")),))
    whole = an_invoice(pack)
    half = evolve(whole.lines[0], net=Decimal("10.00"), quantity=Decimal(4))
    even = evolve(whole, lines=(half, evolve(whole.lines[1], net=Decimal("10.00"))))
    apart = evolve(whole, lines=(half,))
    bill = a_bill(evolve(apart, gross=apart.gross + 1, net=apart.net + 1), order=booked(pack))

    assert a_bill(even, order=booked(pack)).classes == ()
    assert bill.why == "its components were invoiced in unequal shares"
    assert causes(bill.classes) == ["unknown"]
    assert bill.unexplained == bill.variance[2] == 1
    assert not bill.ties
    assert status_of(bill) == bill.why


def test_what_cannot_be_compared_says_why() -> None:
    """And ties only where the stated totals are the same."""
    invoice = an_invoice(TWO)
    foreign = a_bill(evolve(invoice, currency="EUR"))
    unread = a_bill(invoice, order=booked(TWO, order=None))
    unit = a_bill(invoice, order=booked(TWO, order=evolve(TWO, lines=(
        a_line(product_unit_code=UnitCode("crate")),))))  # fmt: skip
    free = a_bill(invoice, order=booked(TWO, order=evolve(TWO, lines=(a_line(product_sku=None),))))
    (unset,) = bills([booked(TWO)], [invoice], None)
    (off,) = bills([booked(TWO)], [and_more(invoice, Decimal(1))], None)
    none = a_bill()

    assert (foreign.why, foreign.variance) == ("the invoice is in EUR", (None, None, None))
    assert (causes(foreign.classes), foreign.ties) == (["FX"], False)
    changed = booked(TWO)
    edited = evolve(changed, order=evolve(TWO, total_value=Decimal("1.00")))
    assert a_bill(invoice, order=edited).why == CHANGED
    assert unread.why == "the order was not read in the shop again"
    assert "crate" in unit.why
    assert free.why == "no product or no unit"
    assert (unset.why, unset.ties, status_of(unset)) == (NO_POLICIES, True, TIES)
    assert (off.ties, causes(off.classes), off.explained) == (False, ["unknown"], None)
    assert off.unexplained == off.variance[2] == Decimal("1.20")
    assert off.unexplained_vat == Decimal("0.20")
    assert (none.why, none.ties, none.variance) == ("no invoice yet", False, (None, None, None))


def test_a_rate_that_nobody_knows_is_not_compared() -> None:
    """The bound has no meaning without it, nor has the gap."""
    rules = evolve(RULES, taxes=TaxPolicies(ORO, evolve(PRIMA, rates=())))
    plain = an_invoice(TWO)
    silent = evolve(plain, lines=tuple(evolve(one, vat_rate=None) for one in plain.lines))
    (bill,) = bills([booked(TWO)], [silent], rules)
    (stated,) = bills([booked(TWO)], [plain], rules)

    assert "rate" in bill.why
    assert "rate" in stated.why
    assert bill.comparison is None


def test_a_total_that_the_shop_does_not_state_is_not_subtracted_from() -> None:
    """Where VAT is not stated the gross still is."""
    one = booked(TWO)
    silent = evolve(one, capture=evolve(one.capture, vat=None))
    bill = a_bill(PLANTED["price"](an_invoice(TWO)), order=silent)

    assert bill.variance[:2] == (None, None)
    assert bill.variance[2] == Decimal("7.20")
    assert causes(bill.classes) == ["price"]
    assert bill.ties


@given(st.lists(st.sampled_from(["300000070", "300000080", "9"]), max_size=6), st.booleans())
def test_every_posted_order_and_every_invoice_has_one_place(numbers: list[str], main: bool) -> None:
    """Whatever came; mains are left out, and what is of none of ours is named."""
    invoices = [
        evolve(an_invoice(TWO), number=f"I{n}", order=PrimaOrderNumber(number))
        for n, number in enumerate(numbers)
    ]
    held = booked(TWO, capture=a_capture("8", Home.HELD), entry=an_entry(
        number="300000080", state=EntryState.DOUBT))  # fmt: skip
    posted = booked(TWO, main=main)
    found = bills([posted, held, booked(TWO, entry=None, capture=a_capture("9"))], invoices, RULES)
    placed = [one.number for bill in found for one in bill.invoices]

    assert sorted(placed) == sorted(one.number for one in invoices)
    assert sum(bill.order is posted for bill in found) == (not main)
    assert any(bill.order is held for bill in found) == ("300000080" in numbers)
    strange = [bill for bill in found if bill.order is None]
    assert len(strange) == len({n for n in numbers if n == "9" or (main and n == NUMBER)})
    assert not any(bill.ties for bill in strange)
    assert numbers_of([posted, held]) == (() if main else (NUMBER,))


def test_order_to_invoice_puts_what_is_open_first() -> None:
    """One row an order, every figure beside its other side; absent stays absent."""
    invoice = an_invoice(TWO)
    open_one = a_bill(PLANTED["unknown"](invoice), a_credit(invoice))
    strange = Bill(
        None,
        (evolve(invoice, order=PrimaOrderNumber("9")),),
        "",
        why="no order of ours has number 9",
    )
    waiting, fine = a_bill(), a_bill(invoice)
    table = order_to_invoice([fine, waiting, strange, open_one], FRAME)
    first, second, third, last = (cells(table, n) for n in range(4))

    assert (first["order_ref"], first["invoice_no"]) == ("7", "C1, I1")
    assert first["credited_gross"] == invoice.gross
    assert first["variance_pct"] is not None
    assert first["status"] == OPEN
    assert {second["status"], third["status"]} == {
        "no order of ours has number 9",
        "no invoice yet",
    }
    assert [row["prima_order_no"] for row in (second, third)] == [NUMBER, "9"] or [
        row["prima_order_no"] for row in (second, third)
    ] == ["9", NUMBER]
    assert (last["status"], last["class"], last["variance_gross"]) == (TIES, "", 0)
    assert (last["tax_point"], last["period"], last["currency"]) == (None, "2031-05", "GBP")
    assert last["credited_net"] == last["invoiced_net"] - last["invoiced_net"]  # type: ignore[operator]
    assert table.notes[1] == "1 of 4 tie; 1 have no invoice yet"
    assert order_to_invoice(None, FRAME).notes == (UNBOUND,)


def test_orders_with_equal_gaps_stand_as_they_came_in() -> None:
    """The ninth before the tenth, although 1 comes before 9."""
    one = booked(TWO)
    some = [
        Bill(evolve(one, capture=evolve(one.capture, order=OroOrderId(key))), (), "GBP")
        for key in ("10", "9", "100")
    ]

    assert order_to_invoice(some, FRAME).column("order_ref") == ("9", "10", "100")


def test_vat_by_rate_adds_up_to_what_both_sides_state() -> None:
    """A row for each set of rates; an order of several rates is never split by guesswork."""
    one_rate = an_order(lines=(a_line(quantity=Decimal(3), value=Decimal("1.11")),))
    mixed, plain = booked(TWO), booked(one_rate)
    found = bills([mixed], [an_invoice(TWO)], RULES) + bills([plain], [an_invoice(one_rate)], RULES)
    table = vat_by_rate(found, [mixed, plain], FRAME, RULES)
    rows = [cells(table, n) for n in range(2)]

    assert [row["vat_rate"] for row in rows] == ["20.00", "5.00 + 20.00"]
    assert [row["tax_code"] for row in rows] == ["S", "L + S"]
    assert rows[0]["vat_oro"] == plain.capture.vat
    assert rows[1]["vat_prima"] == an_invoice(TWO).vat
    assert rows[0]["period"] == "2031-05"
    assert rows[0]["actual_gap"] == rows[0]["predicted_rounding_gap"]
    assert (rows[0]["unexplained"], rows[1]["unexplained"]) == (0, 0)
    assert rows[0]["prima_policy"] == "row_total first, VAT per line, half up"
    assert rows[0]["oro_policy"] == "row_total first, tax per total"
    assert rows[0]["orders_affected"] == 0


def test_vat_without_invoices_is_predicted_and_not_stated() -> None:
    """Prima's figure is never 0.00 for nobody knows it; only posted orders count."""
    held = booked(TWO, capture=a_capture("8", Home.HELD))
    table = vat_by_rate(None, [booked(TWO), held, booked(TWO, order=None)], FRAME, RULES)
    unread, row = cells(table, 0), cells(table, 1)

    assert (row["vat_prima"], row["actual_gap"], row["unexplained"]) == (None, None, None)
    assert row["predicted_rounding_gap"] == 0
    assert (unread["vat_rate"], unread["predicted_rounding_gap"]) == (None, None)
    assert "invoice is unbound" in table.notes[1]


def test_vat_without_policies_states_what_is_stated() -> None:
    """Totals of both sides, no rate, no prediction."""
    found = bills([booked(TWO)], [evolve(an_invoice(TWO), vat=Decimal(7))], None)
    foreign = bills([booked(TWO)], [evolve(an_invoice(TWO), currency="EUR")], None)
    row = cells(vat_by_rate(found, [booked(TWO)], FRAME, None))
    other = vat_by_rate(foreign, [booked(TWO)], FRAME, None)
    none = cells(vat_by_rate(None, [booked(TWO)], FRAME, None))

    assert (row["vat_prima"], row["vat_rate"], row["oro_policy"]) == (Decimal(7), None, None)
    assert (row["orders_affected"], row["predicted_rounding_gap"]) == (1, None)
    assert other.rows == ()
    assert "1 orders are invoiced in another currency and do not" in other.notes
    assert none["vat_prima"] is None


def test_orders_that_cannot_be_taxed_have_no_rate() -> None:
    """A kit, or a rate that the table does not have."""
    kit = booked(TWO, order=evolve(TWO, lines=(a_line(kit_lines=2),)))
    no_rates = evolve(RULES, taxes=TaxPolicies(ORO, evolve(PRIMA, rates=())))
    for one, rules in ((kit, RULES), (booked(TWO), no_rates)):
        row = cells(vat_by_rate(None, [one], FRAME, rules))
        assert (row["vat_rate"], row["predicted_rounding_gap"]) == (None, None)


def test_the_books_know_when_an_order_was_sent_and_invoiced() -> None:
    """Despatch and invoice dates begin their days in the books' zone."""
    one, invoice = booked(TWO), an_invoice(TWO)
    late = a_credit(invoice, date=LocalDate(date(2031, 6, 2)))
    shipped = Books(FRAME, (one,), invoices=(evolve(invoice, date=FRAME.first), late),
                    despatched={}, rules=RULES)  # fmt: skip
    unsent = REPORTS["cut-off"](shipped)
    sent = REPORTS["cut-off"](evolve(shipped, despatched={one.capture.order: FRAME.first}))
    blind = REPORTS["cut-off"](Books(FRAME, (one,)))

    assert "invoiced-not-shipped" in unsent.column("what")
    assert set(sent.column("what")) == {"credited-next-period"}
    assert len(blind.notes) == 4
    assert REPORTS["order-to-invoice"](shipped).rows
    assert REPORTS["vat"](shipped).rows
    assert Books(FRAME, (one,)).bills is None


def test_what_is_open_of_earlier_days_is_not_forgotten() -> None:
    """It stands in unmatched and in the cut-off."""
    old = booked(TWO, capture=a_capture("3", Home.HELD), entry=None)
    books = Books(FRAME, (), earlier=(old,))

    assert REPORTS["unmatched"](books).column("reference") == ("3",)
    assert REPORTS["cut-off"](books).column("what") == ("captured-not-posted",)


def test_totals_of_no_documents_are_nothing() -> None:
    """And a refusal names its reason."""
    assert not total_of(())
    assert isinstance(sent_lines(an_order(lines=(a_line(product_unit_code=None),)), {}), Unmapped)
