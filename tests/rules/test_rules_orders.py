"""Orders: all lines or none, every fault at once, nothing guessed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.ids import (
    CommandKey,
    OroCustomerId,
    OroLineId,
    OroOrderId,
    OroSku,
    UnitCode,
)
from oro_prima.mapping import (
    Component,
    Inexact,
    Mapped,
    OrderPolicy,
    PriceBasis,
    Unmapped,
    captured_gross,
    captured_vat,
    eligible,
    intent_hash,
    line_changes,
    map_order,
    number_use,
    order_number,
    order_warnings,
    unique_id,
)
from oro_prima.oro.models import Order, OrderDiscount, OrderLine, OrderSubtotal
from oro_prima.outcome import Outcome, reasons_of
from oro_prima.prima.models import PrimaOrder, PrimaProfile
from oro_prima.prima.models.charset import CODE_PAGE, fit_text
from oro_prima.prima.models.profile import CharsetPolicy
from oro_prima.prima.models.rendering import Tree, money, render_order
from oro_prima.reasons import ReasonCode
from oro_prima.records import Home, LineDemand
from tests.rules.making import (
    BOOT,
    LACE,
    NOW,
    a_line,
    a_link,
    an_address,
    an_order,
    policy,
    tables,
)

LINE = PriceBasis.LINE
OMIT = PriceBasis.OMIT
R = ReasonCode


def elements(tree: Tree) -> Iterator[Tree]:
    yield tree
    for child in tree[2]:
        yield from elements(child)


def mapped(order: Order, **changes: Any) -> PrimaOrder:
    match map_order(order, tables(), policy(**changes)):
        case Mapped(value):
            return value
        case Unmapped(reasons):
            pytest.fail(str(reasons))


def codes(outcome: Outcome[PrimaOrder]) -> list[ReasonCode]:
    return [reason.code for reason in reasons_of(outcome)]


@given(st.integers(0, 10**7 - 1), st.integers(0, 10**7 - 1), st.integers(0, 9), st.integers(0, 9))
def test_order_numbers_are_injective(first: int, second: int, one: int, two: int) -> None:
    """Two orders, or two postings of one, never share a number."""
    same = (first, one) == (second, two)

    assert same == (
        order_number(OroOrderId(str(first)), suffix=one, policy=policy())
        == order_number(OroOrderId(str(second)), suffix=two, policy=policy())
    )


@pytest.mark.parametrize(
    ("key", "suffix", "change", "code"),
    [
        ("x7", 0, {}, R.ORDER_ID_NOT_NUMERIC),
        ("٧", 0, {}, R.ORDER_ID_NOT_NUMERIC),
        ("12345678", 0, {}, R.NUMBER_RANGE),
        ("7", 10, {}, R.NUMBER_RANGE),
        ("7", 0, {"order_width": 8}, R.NUMBER_RANGE),
        ("7", 0, {"profile": PrimaProfile(order_ceiling=1000)}, R.NUMBER_RANGE),
    ],
)
def test_a_number_outside_the_range_is_refused(
    key: str, suffix: int, change: dict[str, Any], code: ReasonCode
) -> None:
    """Nothing is cut to fit."""
    found = order_number(OroOrderId(key), suffix=suffix, policy=policy(**change))

    assert [code] == [reason.code for reason in reasons_of(found)]


def test_the_use_of_the_range_is_known() -> None:
    """So that somebody can be warned in time."""
    assert Fraction(1, 10) < number_use(OroOrderId("2000000"), policy=policy()) < Fraction(3, 10)
    assert len(unique_id(CommandKey("p/orders/7/0"), 1)) == 8


@given(st.integers(1, 10**6), st.sampled_from(["each", "case"]))
def test_what_is_ordered_is_what_is_sent(quantity: int, unit: str) -> None:
    """Base units are conserved, line by line."""
    order = an_order(lines=(a_line(quantity=Decimal(quantity), product_unit_code=UnitCode(unit)),))
    sent = mapped(order, price_basis=OMIT)

    assert quantity * (6 if unit == "case" else 1) == sum(line.quantity for line in sent.lines)


@given(st.decimals("0.01", "50", places=2), st.fractions("1/12", 50, max_denominator=12))
def test_a_broken_base_unit_is_refused_never_rounded(amount: Decimal, count: Fraction) -> None:
    """Exact, or held."""
    units = {(OroSku("B"), UnitCode("each")): (Component(BOOT, count),)}
    order = an_order(lines=(a_line(quantity=amount),))
    found = map_order(order, tables(units=units), policy(price_basis=OMIT))
    base = Fraction(amount) * count

    match found:
        case Mapped(sent):
            assert base == sent.lines[0].quantity
        case Unmapped():
            assert base.denominator != 1
            assert codes(found) == [R.FRACTIONAL_QUANTITY]


def test_one_line_makes_one_line_a_component_and_none_is_merged() -> None:
    """Each keeps its reference to the line of the shop."""
    pack = a_line(id=OroLineId("2"), product_unit_code=UnitCode("pack"))
    order = an_order(lines=(a_line(), pack, a_line(id=OroLineId("3"))))
    sent = mapped(order, price_basis=LINE)

    assert [line.number for line in sent.lines] == [1, 2, 3, 4]
    assert [line.reference for line in sent.lines] == ["ORO-7-1", "ORO-7-2", "ORO-7-2", "ORO-7-3"]
    assert [line.sku for line in sent.lines] == [BOOT, BOOT, LACE, BOOT]
    assert [Decimal("20.00"), Decimal("16.00"), Decimal("4.00"), Decimal("20.00")] == [
        line.price for line in sent.lines
    ]


@pytest.mark.parametrize(
    ("line", "change", "price"),
    [
        ({}, {}, Decimal("10.00")),
        ({"product_unit_code": "case", "value": Decimal("60.00")}, {}, Decimal(10)),
        ({"value": Decimal("1.255")}, {"price_basis": LINE}, Decimal("2.51")),
        ({"value": Decimal("1.255")}, {"inexact": Inexact.OMIT}, None),
        ({"value": None}, {"price_basis": OMIT}, None),
        ({"value": Decimal("1.255")}, {"price_decimals": 3}, Decimal("1.255")),
    ],
)
def test_a_price_is_what_the_basis_says(
    line: dict[str, Any], change: dict[str, Any], price: Decimal | None
) -> None:
    """Exact at the decimals that Prima takes, or blank, or held."""
    assert price == mapped(an_order(lines=(a_line(**line),)), **change).lines[0].price


PLANTED: list[tuple[ReasonCode, dict[str, Any], dict[str, Any]]] = [
    (R.NO_CUSTOMER, {"customer": None}, {}),
    (R.CUSTOMER_NOT_LINKED, {"customer": "4"}, {}),
    (R.NO_LINES, {"lines": ()}, {}),
    (R.LINES_INCOMPLETE, {"lines_complete": False}, {}),
    (R.UNKNOWN_UNIT, {"lines": (a_line(product_unit_code=UnitCode("crate")),)}, {}),
    (R.UNKNOWN_UNIT, {"lines": (a_line(product_unit_code=None),)}, {}),
    (R.FREE_FORM_LINE, {"lines": (a_line(free_form_product="Hat"),)}, {}),
    (R.FREE_FORM_LINE, {"lines": (a_line(product_sku=None),)}, {}),
    (R.KIT_NOT_MAPPED, {"lines": (a_line(product_sku=OroSku("K"), kit_lines=2),)}, {}),
    (R.QUANTITY_NOT_POSITIVE, {"lines": (a_line(quantity=Decimal(0)),)}, {}),
    (R.PRICE_MISSING, {"lines": (a_line(value=None),)}, {}),
    (R.PRICE_NOT_EXACT, {"lines": (a_line(value=Decimal("1.255")),)}, {}),
    (
        R.PRICE_NOT_SPLIT,
        {"lines": (a_line(product_unit_code=UnitCode("pack"), value=Decimal(11)),)},
        {},
    ),
    (R.NO_DELIVERY_ADDRESS, {"shipping_address": None}, {}),
    (R.ADDRESS_TOO_LONG, {"shipping_address": an_address(street="word " * 60)}, {}),
    (R.ADDRESS_TOO_LONG, {"shipping_address": an_address(street="x" * 36)}, {}),
    (R.TEXT_NOT_WRITABLE, {"shipping_address": an_address(city="北京")}, {}),
    (R.TEXT_NOT_WRITABLE, {"po_number": "→中"}, {}),
    (R.TEXT_TOO_LONG, {"po_number": "9" * 61}, {}),
    (R.TEXT_TOO_LONG, {"billing_address": an_address(postal_code="9" * 61)}, {}),
    (R.CHARGE_NOT_MAPPED, {"estimated_shipping_cost_amount": Decimal(5)}, {"charges": {}}),
    (R.CURRENCY_MISMATCH, {}, {"links": {"3": a_link(currency="EUR")}}),
    (R.VAT_BASIS_MISMATCH, {}, {"links": {"3": a_link(vat_inclusive=True)}}),
    (R.ORDER_ID_NOT_NUMERIC, {"id": "x"}, {}),
]


@pytest.mark.parametrize(("code", "change", "table"), PLANTED)
def test_one_fault_gives_its_one_reason(
    code: ReasonCode, change: dict[str, Any], table: dict[str, Any]
) -> None:
    """The code, a subject that leads to the fault, an owner and a fix."""
    found = map_order(an_order(**change), tables(**table), policy())

    assert [code] == codes(found)
    (reason,) = reasons_of(found)
    assert reason.subject.startswith("orders/")
    assert reason.detail
    assert reason.fix
    assert reason.owner


def test_all_faults_are_given_at_once() -> None:
    """Nobody mends ten faults in ten rounds."""
    order = an_order(
        customer=None,
        po_number="9" * 61,
        shipping_address=an_address(city="北", street="x" * 40, postal_code="中"),
        billing_address=an_address(phone="中"),
        estimated_shipping_cost_amount=Decimal(5),
        lines=(
            a_line(product_unit_code=UnitCode("crate"), value=None),
            a_line(quantity=Decimal(-1)),
        ),
    )
    found = codes(map_order(order, tables(charges={}), policy()))

    assert sorted(found) == sorted(
        [
            R.NO_CUSTOMER, R.TEXT_NOT_WRITABLE, R.ADDRESS_TOO_LONG, R.TEXT_NOT_WRITABLE,
            R.TEXT_NOT_WRITABLE, R.TEXT_TOO_LONG, R.CHARGE_NOT_MAPPED, R.UNKNOWN_UNIT,
            R.PRICE_MISSING, R.QUANTITY_NOT_POSITIVE,
        ]
    )  # fmt: skip


def test_the_header_says_who_where_and_when() -> None:
    """Each field from where the rule says."""
    order = an_order(
        po_number="PO-1",
        created_at=datetime(2031, 5, 3, 23, 30, tzinfo=UTC),
        ship_until=date(2031, 6, 1),
        customer_notes="Ring\ntwice",
        overridden_shipping_cost_amount=Decimal("4.005"),
        estimated_shipping_cost_amount=Decimal(9),
        shipping_method="flat",
        billing_address=an_address(organization="Head Office", region="GB-LND"),
        shipping_address=an_address(custom_region="Shire", first_name="Jo", last_name="Test"),
        lines=(a_line(comment="gently"), a_line(id=OroLineId("2"), ship_by=date(2031, 5, 9))),
    )
    sent = mapped(order, zone=ZoneInfo("Europe/London"), channel="WEB", send_contact=True)

    assert (sent.customer_ref, sent.account, sent.number) == ("PO-1", "TRADE1", "300000070")
    assert date(2031, 5, 4) == sent.order_date
    assert [date(2031, 6, 1), date(2031, 5, 9)] == [line.due_date for line in sent.lines]
    assert sent.special_instructions == "Ring twice"
    assert [("CARR", Decimal("4.01"))] == [(c.code, c.value) for c in sent.charges]
    assert sent.delivery.lines == ("1 Sample Street", "Sampleton", "Shire")
    assert (sent.delivery.forename, sent.delivery.surname) == ("Jo", "Test")
    assert sent.invoice is not None
    assert sent.invoice.lines == ("Head Office", "1 Sample Street", "Sampleton", "LND")
    assert sent.lines[0].narrative == "gently"


def test_billing_is_sent_only_where_it_differs() -> None:
    """The same place twice is once."""
    assert mapped(an_order(billing_address=an_address(id="2"))).invoice is None
    assert mapped(an_order(billing_address=an_address(city="Else"))).invoice is not None


def test_without_a_ship_to_the_link_has_the_number() -> None:
    """Common in trade."""
    links = {"3": a_link(deliv_addr_no="2", invc_addr_no="1")}
    found = map_order(an_order(shipping_address=None), tables(links=links), policy())

    assert isinstance(found, Mapped)
    assert (found.value.deliv_addr_no, found.value.invc_addr_no) == ("2", "1")
    both = map_order(an_order(shipping_address=None, customer=None), tables(), policy())
    assert codes(both) == [R.NO_CUSTOMER]


@given(st.text(max_size=300), st.text(max_size=80), st.text(max_size=50))
def test_every_text_that_is_sent_can_be_written(notes: str, street: str, name: str) -> None:
    """Within the code page and the field, or a reason."""
    order = an_order(
        customer_notes=notes,
        po_number=name,
        shipping_address=an_address(street=street, last_name=name),
        lines=(a_line(comment=notes),),
    )
    match map_order(order, tables(), policy()):
        case Mapped(sent):
            tree = render_order(sent, unique_id="12345678", profile=PrimaProfile())
            for _name, attributes, _children in elements(tree):
                for text in attributes.values():
                    assert text.encode(CODE_PAGE).decode(CODE_PAGE) == text
            assert all(len(line) <= 35 for line in sent.delivery.lines)
            assert len(sent.special_instructions) <= 250
        case Unmapped(reasons):
            assert {reason.code for reason in reasons} <= {
                R.TEXT_NOT_WRITABLE,
                R.TEXT_TOO_LONG,
                R.ADDRESS_TOO_LONG,
            }


@given(st.text(), st.sampled_from(list(CharsetPolicy)), st.booleans())
def test_fitting_a_text_twice_is_fitting_it_once(
    text: str, charset: CharsetPolicy, note: bool
) -> None:
    """And what is writable is within the code page."""
    once = fit_text(text, charset=charset, note=note)

    assert once.text == fit_text(once.text, charset=charset, note=note).text
    if not once.unwritable:
        assert once.text.encode(CODE_PAGE).decode(CODE_PAGE) == once.text


@pytest.mark.parametrize(
    ("text", "charset", "note", "expected"),
    [
        ("“Łódź” – €5…", CharsetPolicy.TRANSLITERATE, False, '"Lódz" - EUR5...'),
        ("a\x00b\u200d c\r\n\td", CharsetPolicy.TRANSLITERATE, False, "ab c d"),
        ("ﬁne ﷺ", CharsetPolicy.TRANSLITERATE, True, "fine ?"),
        ("ﬁne", CharsetPolicy.REJECT, True, "?ne"),
        ("é", CharsetPolicy.REJECT, False, "é"),
    ],
)
def test_texts_are_transliterated_by_the_table(
    text: str, charset: CharsetPolicy, note: bool, expected: str
) -> None:
    """Examples of what everybody meets."""
    assert expected == fit_text(text, charset=charset, note=note).text


def test_warnings_say_what_was_changed_or_not_sent() -> None:
    """A discount, a replaced character, a cut note; each names its place."""
    order = an_order(
        discounts=(OrderDiscount("1", percent=Decimal("0.1")),),
        customer_notes="中",
        lines=(a_line(comment="word " * 60),),
    )
    found = order_warnings(order, policy=policy())

    assert [w.code for w in found] == [R.DISCOUNT_NOT_SENT, R.TEXT_CHANGED, R.TEXT_CHANGED]
    assert order_warnings(an_order(), policy=policy()) == ()


def test_a_note_that_fits_is_sent_as_it_is() -> None:
    """And nobody is warned of it."""
    order = an_order(customer_notes="ring twice", lines=(a_line(comment="the blue ones"),))

    assert order_warnings(order, policy=policy()) == ()


def test_the_intent_leaves_out_totals_and_statuses() -> None:
    """OroCommerce recomputes them at any write; what is asked of Prima is what counts."""
    same = an_order(
        total_value=Decimal(99), internal_status="processing", shipping_status="shipped"
    )

    assert intent_hash(an_order()) == intent_hash(same)


@given(st.permutations([a_line(id=OroLineId(str(n)), quantity=Decimal(n)) for n in range(1, 5)]))
def test_the_intent_is_the_same_on_every_server(lines: list[OrderLine]) -> None:
    """Order of rows, zeros after the point, ids of addresses and what 5.1 lacks are no edit."""
    new = an_order(lines=tuple(lines), external=False, internal_status="open")
    old = an_order(
        lines=tuple(
            evolve(line, quantity=Decimal(f"{line.quantity}.0000"))
            for line in sorted(lines, key=lambda line: line.id)
        ),
        external=None,
        internal_status=None,
        shipping_address=an_address(id="999", label="new"),
        subtotals=None,
    )

    assert intent_hash(new) == intent_hash(old)


@pytest.mark.parametrize(
    "change",
    [
        {"customer": OroCustomerId("77")},
        {"currency": "EUR"},
        {"po_number": "other"},
        {"identifier": "other"},
        {"customer_notes": "other"},
        {"ship_until": date(2031, 9, 9)},
        {"shipping_method": "other"},
        {"overridden_shipping_cost_amount": Decimal("9.99")},
        {"shipping_address": an_address(city="Else")},
        {"billing_address": an_address(city="Else")},
        {"lines": ()},
        {"lines": (a_line(id=OroLineId("99")),)},
        {"lines": (a_line(product_sku=OroSku("Z")),)},
        {"lines": (a_line(product_unit_code=UnitCode("pack")),)},
        {"lines": (a_line(quantity=Decimal(3)),)},
        {"lines": (a_line(value=Decimal("7.77")),)},
        {"lines": (a_line(free_form_product="other"),)},
        {"lines": (a_line(comment="other"),)},
        {"lines": (a_line(ship_by=date(2031, 9, 9)),)},
    ],
)
def test_every_part_of_the_intent_counts(change: dict[str, Any]) -> None:
    """What Prima would be asked differently is an edit."""
    assert intent_hash(an_order()) != intent_hash(an_order(**change))


@given(st.lists(st.tuples(st.sampled_from("AB"), st.integers(1, 3)), max_size=5))
def test_changed_lines_are_said_side_by_side(rows: list[tuple[str, int]]) -> None:
    """Nothing is said of lines that are the same, in whatever order."""
    lines = [LineDemand(OroSku(sku), UnitCode("each"), Decimal(n)) for sku, n in rows]
    more = LineDemand(OroSku(""), UnitCode(""), Decimal(5))

    assert line_changes(lines, reversed(lines)) == ""
    assert line_changes(lines, [evolve(line, price=Decimal(9)) for line in lines]) == ""
    added = line_changes(lines, [*lines, more])
    assert added == "posted: nothing; now: 5 of no unit of a free line"


def subtotal(kind: str, signed: str | None, tax: str | None = None) -> OrderSubtotal:
    amount = None if signed is None else Decimal(signed)
    figure = None if tax is None else Decimal(tax)
    return OrderSubtotal(f"7-{kind}", kind, amount, amount, "GBP", True, figure)


@pytest.mark.parametrize(
    ("rows", "total", "vat"),
    [
        (None, "24", None),
        ((subtotal("subtotal", "20"), *(subtotal("tax", "4", "4"),) * 3), "24", "4"),
        (
            (subtotal("subtotal", "20"), subtotal("tax", "4", "4"), subtotal("tax", "3", "3")),
            "24",
            None,
        ),
        ((subtotal("subtotal", "20"), subtotal("tax", "4", "4")), "30", None),
        ((subtotal("subtotal", None), subtotal("tax", "4", "4")), "24", None),
        ((subtotal("subtotal", "20"), subtotal("tax", "4")), "24", None),
        ((subtotal("subtotal", "20"),), "20", None),
        ((subtotal("subtotal", "20"),), None, None),
    ],
)
def test_vat_is_stated_only_where_the_rows_agree(
    rows: tuple[OrderSubtotal, ...] | None, total: str | None, vat: str | None
) -> None:
    """Three rows carry one figure; adding them would triple it."""
    order = an_order(subtotals=rows, total_value=None if total is None else Decimal(total))

    assert (None if vat is None else Decimal(vat)) == captured_vat(order)
    assert order.total_value == captured_gross(order)


@pytest.mark.parametrize(
    ("change", "rule", "home", "code"),
    [
        ({}, {}, Home.POSTED, None),
        ({"external": True}, {}, Home.IGNORED, R.FROM_ERP),
        (
            {"external": None, "identifier": "ERP-1"},
            {"erp_identifier_pattern": "ERP-.*"},
            Home.IGNORED,
            R.FROM_ERP,
        ),
        ({"external": None}, {}, Home.POSTED, None),
        ({"created_at": datetime(2030, 1, 1, tzinfo=UTC)}, {}, Home.IGNORED, R.BEFORE_START),
        ({"sub_orders": ("8",)}, {}, Home.MAIN, R.SPLIT_INTO_SUB_ORDERS),
        ({"sub_orders": ("8",)}, {"post_main": True}, Home.POSTED, None),
        ({"parent": "6"}, {"post_main": True}, Home.MAIN, R.SPLIT_INTO_SUB_ORDERS),
        ({"parent": "6"}, {}, Home.POSTED, None),
        ({"internal_status": "cancelled"}, {}, Home.CANCELLED, R.CANCELLED_IN_ORO),
        ({"internal_status": "closed"}, {}, Home.WAITING, R.STATUS_NOT_READY),
        ({"internal_status": None}, {}, Home.POSTED, None),
        ({"created_at": NOW - timedelta(seconds=29)}, {}, Home.WAITING, R.TOO_YOUNG),
        ({"created_at": NOW - timedelta(seconds=30)}, {}, Home.POSTED, None),
    ],
)
def test_which_orders_are_ours(
    change: dict[str, Any], rule: dict[str, Any], home: Home, code: ReasonCode | None
) -> None:
    """The home, and why."""
    found = eligible(an_order(**change), now=NOW, policy=policy(**rule))

    assert home is found.home
    assert code == (found.reason.code if found.reason else None)


def test_extras_are_added_by_the_profile() -> None:
    """To the element they name, and to no other."""
    profile = PrimaProfile(extras=(("OrderHeaderData", "Season", "AW"), ("Data", "New", "1")))
    sent = mapped(
        an_order(
            billing_address=an_address(city="Else"), overridden_shipping_cost_amount=Decimal(1)
        )
    )
    tree = render_order(sent, unique_id="12345678", profile=profile)
    found = {name: attributes for name, attributes, _children in elements(tree)}

    assert (found["OrderHeaderData"]["Season"], found["Data"]["New"]) == ("AW", "1")
    assert "New" not in found["OrderLineData"]
    assert found["OrderInvoiceData"]["InvoiceAddrLine2"] == "Else"
    assert found["OrderChargeData"]["ChargeValue"] == "1.00"


@given(st.decimals(-(10**6), 10**6, places=4))
def test_money_is_written_exactly(amount: Decimal) -> None:
    """At least two decimals, none lost."""
    assert amount == Decimal(money(amount))
    assert len(money(amount).partition(".")[2]) >= 2


def test_a_policy_is_frozen() -> None:
    """A plan cannot change what decides it."""
    with pytest.raises(AttributeError):
        policy().order_prefix = "4"  # type: ignore[misc]
    assert OrderPolicy is type(evolve(policy(), order_prefix="4"))
