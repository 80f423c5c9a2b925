"""To the letter: a whole order, every fault of one, and where a text, a number or a total turns."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve

from oro_prima.ids import (
    CommandKey,
    OroCustomerId,
    OroLineId,
    OroOrderId,
    OroSku,
    PrimaAccount,
    PrimaOrderNumber,
    UnitCode,
)
from oro_prima.mapping import (
    DiscountOwner,
    eligible,
    explain_order,
    intent_hash,
    line_changes,
    map_order,
)
from oro_prima.mapping.customers import AccountPolicy, UnknownShipTo
from oro_prima.mapping.numbers import number_use, order_number, order_of_number, unique_id
from oro_prima.mapping.policy import AddressPolicy, ReferencePolicy
from oro_prima.mapping.warnings import order_warnings
from oro_prima.oro.models.orders import Order, OrderSubtotal
from oro_prima.outcome import Mapped, Unmapped
from oro_prima.prima.models import PrimaProfile
from oro_prima.prima.models.orders import OrderCharge, Party, PrimaOrder, PrimaOrderLine
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.records import Home, LineDemand
from oro_prima.values import LocalDate
from tests.rules.making import (
    BOOT,
    EARLIER,
    NOW,
    a_line,
    a_link,
    an_address,
    an_order,
    policy,
    tables,
)

OWNER = {"discount_owner": DiscountOwner.ORO, "discount_code": "DISC"}
FULL = an_order(
    po_number=" PO-1 ",
    customer_notes="Ring\ttwice",
    ship_until=date(2031, 6, 1),
    shipping_method="post",
    estimated_shipping_cost_amount=Decimal("4.505"),
    total_value=Decimal("30.515"),
    subtotals=(
        OrderSubtotal("1", "subtotal", signed_amount=Decimal("24.00")),
        OrderSubtotal("2", "handling", signed_amount=Decimal(0)),
        OrderSubtotal("3", "pallets", signed_amount=Decimal("2.005")),
        OrderSubtotal("7", "crates", signed_amount=Decimal("1.00")),
        OrderSubtotal("4", "shipping_cost", signed_amount=Decimal("4.505")),
        OrderSubtotal("5", "discount", Decimal("1.00"), Decimal("-1.00")),
        OrderSubtotal("6", "tax", tax_amount=Decimal("0.005")),
    ),
    lines=(
        a_line(comment="left", ship_by=date(2031, 5, 9)),
        a_line(id=OroLineId("2"), product_sku=OroSku("L"), value=Decimal("4.00"),
               quantity=Decimal(1)),
    ),
    shipping_address=an_address(
        organization="Bell & Co", first_name="Zoë", last_name="Bell", street2="Yard 2",
        region="GB-LND", phone="0123", custom_region=None,
    ),
    billing_address=an_address(street="2 Other Street", custom_region="Shire", region="GB-X"),
)  # fmt: skip


def test_a_whole_order_is_this() -> None:
    """Every field, from where it comes."""
    link = a_link(deliv_addr_no="4", invc_addr_no="9")
    known = tables(
        links={OroCustomerId("3"): link},
        charges={"post": "POST"},
        surcharges={"pallets": "PAL", "crates": "CRT"},
    )
    rules = policy(channel="WEB", carrier="DPD", carrier_service="24", warehouse="W1",
                   payment_terms="30", **OWNER)  # fmt: skip

    assert map_order(FULL, known, rules, suffix=3) == Mapped(
        PrimaOrder(
            number=PrimaOrderNumber("300000073"),
            reference="ORO-7.3",
            account=PrimaAccount("TRADE1"),
            currency="GBP",
            vat_inclusive=False,
            order_date=LocalDate(date(2031, 5, 4)),
            lines=(
                PrimaOrderLine(1, BOOT, 2, Decimal("10.00"), "ORO-7-1",
                               LocalDate(date(2031, 5, 9)), "left", "W1"),
                PrimaOrderLine(2, tables().units[OroSku("L"), UnitCode("each")][0].sku, 1,
                               Decimal("4.00"), "ORO-7-2", LocalDate(date(2031, 6, 1)), "", "W1"),
            ),
            customer_ref="PO-1",
            delivery=Party("Zoë", "Bell",
                           ("Bell & Co", "1 Sample Street", "Yard 2", "Sampleton", "LND"),
                           "ZZ1 1ZZ", "GB", phone="0123"),
            deliv_addr_no="",
            invoice=Party("", "", ("2 Other Street", "Sampleton", "Shire"), "ZZ1 1ZZ", "GB"),
            invc_addr_no="9",
            channel="WEB",
            carrier="DPD",
            carrier_service="24",
            special_instructions="Ring twice",
            charges=(
                OrderCharge("POST", Decimal("4.51")),
                OrderCharge("PAL", Decimal("2.01")),
                OrderCharge("CRT", Decimal("1.00")),
                OrderCharge("DISC", Decimal("-1.00")),
            ),
            payment_terms="30",
        )
    )  # fmt: skip


def told(found: object) -> list[tuple[str, str, str, str]]:
    """Return each reason in full."""
    assert isinstance(found, Unmapped)
    return [(r.code.value, r.subject, r.detail, r.cause) for r in found.reasons]


def test_every_fault_names_its_place_and_what_to_mend() -> None:
    """In the order of the document; the cause is what one act mends for many orders."""
    order = an_order(
        po_number="\u6f22",
        shipping_method="boat",
        estimated_shipping_cost_amount=Decimal(5),
        subtotals=(
            OrderSubtotal("1", "tax", tax_amount=Decimal(1)),
            OrderSubtotal("2", "pallets", signed_amount=Decimal(2)),
            OrderSubtotal("3", "crates", signed_amount=Decimal(3)),
        ),
        shipping_address=an_address(
            first_name="\u6f221\u6f22\u6f23\u6f24\u6f25\u6f26\u6f27", last_name="\u6f22",
            phone="\u6f22", country="FR", postal_code=" ", organization="\u6f22", street="\u6f22",
            street2="\u6f22", city="\u6f22", custom_region="\u6f22",
        ),
        billing_address=an_address(postal_code="\u6f22", country="\u6f22", city="other"),
        lines=(
            a_line(product_unit_code=None),
            a_line(id=OroLineId("2"), kit_lines=2, product_unit_code=UnitCode("set")),
            a_line(id=OroLineId("3"), free_form_product="free"),
            a_line(id=OroLineId("4"), value=Decimal("1.001")),
        ),
        customer=OroCustomerId("8"),
    )  # fmt: skip
    rules = policy(
        addresses=AddressPolicy(countries=frozenset({"GB"}), postcode_countries=frozenset({"FR"})),
        **OWNER,
    )
    ship, bill = "orders/7/shipping_address", "orders/7/billing_address"

    assert told(map_order(order, tables(charges={}), rules)) == [
        ("customer-not-linked", "orders/7", "customer 8 has no approved link", "customers/8"),
        ("country-not-served", f"{ship}/country", "country FR", ""),
        (
            "postcode-missing",
            f"{ship}/postal_code",
            "no postcode, and an address in FR needs one",
            "",
        ),
        ("text-not-writable", f"{ship}/organization", "U+6F22", ""),
        ("text-not-writable", f"{ship}/street", "U+6F22", ""),
        ("text-not-writable", f"{ship}/street2", "U+6F22", ""),
        ("text-not-writable", f"{ship}/city", "U+6F22", ""),
        ("text-not-writable", f"{ship}/region", "U+6F22", ""),
        ("text-not-writable", f"{ship}/first_name", "U+6F22, U+6F23, U+6F24, U+6F25, U+6F26", ""),
        ("text-not-writable", f"{ship}/last_name", "U+6F22", ""),
        ("text-not-writable", f"{ship}/phone", "U+6F22", ""),
        ("text-not-writable", f"{bill}/postal_code", "U+6F22", ""),
        ("text-not-writable", f"{bill}/country", "U+6F22", ""),
        ("text-not-writable", "orders/7/po_number", "U+6F22", ""),
        (
            "charge-not-mapped",
            "orders/7/shipping",
            "shipping cost 5 by method boat",
            "charges/boat",
        ),
        ("charge-not-mapped", "orders/7/subtotals", "2 of pallets", "surcharges/pallets"),
        ("charge-not-mapped", "orders/7/subtotals", "3 of crates", "surcharges/crates"),
        (
            "discount-not-stated",
            "orders/7/discount",
            "the order's own figures do not add up to its total",
            "",
        ),
        ("unknown-unit", "orders/7/lines/1", "no row for B in ", "units/B/"),
        ("kit-not-mapped", "orders/7/lines/2", "kit B with 2 items", "units/B/set"),
        ("free-form-line", "orders/7/lines/3", "no product of the catalogue", ""),
        ("price-not-exact", "orders/7/lines/4", "2.002 over 2 is not exact at 2 decimals", ""),
    ]


def test_a_header_without_a_method_names_none() -> None:
    """And a method that has no code of its own goes by the code for all others."""
    order = an_order(estimated_shipping_cost_amount=Decimal(5))

    assert told(map_order(order, tables(charges={}), policy())) == [
        ("charge-not-mapped", "orders/7/shipping", "shipping cost 5 by method none", "charges/")
    ]


def test_an_order_says_no_currency_only_where_it_has_none() -> None:
    """A link without a currency takes any."""
    made = map_order(an_order(currency=None), tables(), policy())

    assert isinstance(made, Unmapped) or made.value.currency == ""


def test_the_intent_of_an_order_is_this_for_ever() -> None:
    """An update of this library edits no order: the form that is hashed never changes."""
    bare = Order(OroOrderId("7"), EARLIER, EARLIER, None, None)
    line = a_line(product_sku=None, product_unit_code=None, value=None)

    assert intent_hash(FULL) == "4a47d92a067b521610937d54fe092534074fa574057e8fc7ea88c2bbf5885724"
    assert intent_hash(bare) == "cfbc7dec08eeba777f1292c0322035499a1a3b2a8ec91135e892a63f7958da4f"
    assert (
        intent_hash(evolve(bare, lines=(line,)))
        == "39a4eac0c49a5401e07f0a2e4e5c4a3c3e195ccea016014ebc4edb2138f63b89"
    )


def test_lines_without_prices_are_compared_without_them() -> None:
    """Only where no line of the earlier version has one."""
    plain = LineDemand(OroSku("B"), UnitCode("each"), Decimal(1))
    priced = evolve(plain, price=Decimal("2.50"))
    other = LineDemand(OroSku(""), UnitCode(""), Decimal(2), Decimal(3))

    assert line_changes([plain, plain], [priced, priced]) == ""
    assert line_changes([plain, other], [priced, other]) == (
        "posted: 1 each of B; now: 1 each of B at 2.5"
    )
    assert line_changes([other], []) == "posted: 2 of no unit of a free line at 3; now: nothing"


# numbers


@pytest.mark.parametrize(
    ("order", "suffix", "number"),
    [("99", 9, "3999"), ("100", 0, None), ("99", 10, None), ("99", -1, None), ("1", 9, "3019")],
)
def test_a_number_turns_at_the_end_of_its_range(order: str, suffix: int, number: Any) -> None:
    """Width, digits, ceiling and repost each have a last one that is good."""
    rules = policy(order_width=2, profile=PrimaProfile(order_digits=4, order_ceiling=3999))
    found = order_number(OroOrderId(order), suffix=suffix, policy=rules)

    if number:
        assert found == Mapped(PrimaOrderNumber(number))
        assert order_of_number(PrimaOrderNumber(number), policy=rules) == order
    else:
        detail = f"{len(f'3{order:>02}{suffix}')} digits; the profile takes 4"
        assert told(found) == [("number-range", f"orders/{order}", detail, "")]


def test_a_number_is_held_by_whichever_bound_is_nearer() -> None:
    """The width of the id, the digits and the ceiling each suffice."""
    wide = policy(order_width=2, profile=PrimaProfile(order_digits=9))
    few = policy(order_width=3, profile=PrimaProfile(order_digits=4))
    low = policy(order_width=2, profile=PrimaProfile(order_digits=4, order_ceiling=3998))

    for rules, order, suffix in ((wide, "100", 0), (few, "1", 0), (low, "99", 9)):
        found = order_number(OroOrderId(order), suffix=suffix, policy=rules)
        assert [reason.code for reason in found.reasons] == [  # type: ignore[union-attr]
            ReasonCode.NUMBER_RANGE
        ]
    assert order_number(OroOrderId("7"), policy=wide) == Mapped(PrimaOrderNumber("3070"))
    assert not isinstance(order_number(OroOrderId("7"), suffix=10, policy=wide), Mapped)


@pytest.mark.parametrize(
    ("number", "order"),
    [
        ("3070", "7"), ("3991", "99"), ("4070", None), ("0307", None), ("30700", None),
        ("307", None), ("3a70", None), ("3\u0663\u06630", None), ("", None),
    ],
)  # fmt: skip
def test_a_number_of_somebody_else_is_no_order_of_ours(number: str, order: str | None) -> None:
    """Another prefix, another width, and what is no number."""
    found = order_of_number(PrimaOrderNumber(number), policy=policy(order_width=2))

    assert found == order


def test_the_range_is_used_up_by_its_last_id() -> None:
    """And half used by the one in the middle."""
    rules = policy(order_width=2)

    assert number_use(OroOrderId("99"), policy=rules) == 1
    assert number_use(OroOrderId("33"), policy=rules) == Fraction(1, 3)


def test_the_id_of_an_attempt_is_this_for_ever() -> None:
    """Eight digits that follow from key and attempt alone."""
    assert unique_id(CommandKey("pair/orders/7/0"), 1) == "49407215"
    assert unique_id(CommandKey("pair/orders/7/0"), 2) == "40419188"


# which orders are ours


def test_an_order_of_the_very_start_is_ours() -> None:
    """One second before is not."""
    start = datetime(2031, 5, 4, 9, tzinfo=UTC)
    rules = policy(start_at=start)
    early = an_order(created_at=start - timedelta(seconds=1))

    assert eligible(an_order(created_at=start), now=NOW, policy=rules).home is Home.POSTED
    found = eligible(early, now=NOW, policy=rules)
    assert found.home is Home.IGNORED
    assert found.reason == Reason(ReasonCode.BEFORE_START, "orders/7", "created before start_at")


def test_an_identifier_says_from_where_an_order_comes_only_by_the_pattern() -> None:
    """Of a server that does not say it itself; one without an identifier comes from nowhere."""
    unsaid = an_order(external=None, identifier=None)

    for pattern, order, home in (
        ("", unsaid, Home.POSTED),
        ("E.*", unsaid, Home.POSTED),
        (".+", unsaid, Home.POSTED),
        ("E.*", an_order(external=None, identifier="E1"), Home.IGNORED),
        ("E.*", an_order(external=False, identifier="E1"), Home.POSTED),
        ("", an_order(external=None, identifier="E1"), Home.POSTED),
    ):
        found = eligible(order, now=NOW, policy=policy(erp_identifier_pattern=pattern))
        assert found.home is home


def test_warnings_name_their_place() -> None:
    """The order, its note, and the line of a comment."""
    order = an_order(
        customer_notes="\u6f22",
        total_discounts_amount=Decimal(1),
        lines=(a_line(), a_line(id=OroLineId("2"), comment="\u6f22")),
    )

    assert [(one.code.value, one.subject) for one in order_warnings(order, policy=policy())] == [
        ("discount-not-sent", "orders/7"),
        ("text-changed", "orders/7/customer_notes"),
        ("text-changed", "orders/7/lines/2/comment"),
    ]


def test_a_field_that_a_profile_wants_is_named_with_its_order() -> None:
    """And a cost without a method is looked up under none."""
    profile = PrimaProfile(required=frozenset({"Carrier"}))
    order = an_order(estimated_shipping_cost_amount=Decimal(5))
    found = map_order(order, tables(), policy(profile=profile))

    assert [(one[0], one[1].split("/")[:2]) for one in told(found)] == [
        ("field-missing", ["orders", "7"])
    ]
    rows_seen = explain_order(order, tables(), policy()).rows
    assert [(one.table, one.key) for one in rows_seen] == [("charges", "(none)")]


def test_a_ship_to_that_has_no_number_is_refused_where_that_is_wanted() -> None:
    """An order without one goes to the number of the link."""
    rules = policy(accounts=AccountPolicy(unknown_ship_to=UnknownShipTo.HOLD))
    order = an_order(shipping_address=None)
    made = map_order(order, tables(links={OroCustomerId("3"): a_link(deliv_addr_no="4")}), rules)

    assert isinstance(made, Mapped)
    assert made.value.deliv_addr_no == "4"
    assert made.value.delivery == Party()


def test_a_reference_is_the_order_s_own_number_where_there_is_no_other() -> None:
    """A rule about purchase order numbers is not about it."""
    made = map_order(an_order(po_number=" "), tables(), policy(references=ReferencePolicy()))

    assert isinstance(made, Mapped)
    assert (made.value.customer_ref, made.value.reference) == ("7", "ORO-7")
