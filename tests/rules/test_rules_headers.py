"""Orders apart from their lines: routes, terms, references, addresses, holds, charges."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.ids import OroCustomerId, OroOrderId, PrimaAccount
from oro_prima.mapping import (
    AccountFacts,
    AccountPolicy,
    AccountState,
    AddressPolicy,
    Carrier,
    DiscountOwner,
    Duplicates,
    HoldAction,
    HoldRule,
    Holds,
    Mapped,
    OrderTest,
    Overflow,
    ReferencePolicy,
    Route,
    RouteRule,
    StoppedAccount,
    Tables,
    duplicate_reasons,
    explain_order,
    explanation_text,
    hold_reasons,
    map_order,
    order_warnings,
    reference_key,
    resolve_holds,
    route_faults,
    stated_discount,
)
from oro_prima.oro.models import Order, OrderDiscount, OrderSubtotal
from oro_prima.outcome import Outcome, reasons_of
from oro_prima.plans import plan_orders
from oro_prima.prima.models import PrimaOrder
from oro_prima.prima.models.rendering import render_order
from oro_prima.reasons import ReasonCode
from oro_prima.records import ExceptionRecord, Flow, Home, RecordState
from tests.rules.making import (
    EARLIER,
    NOW,
    a_line,
    an_address,
    an_order,
    policy,
    snapshot,
    tables,
)

R = ReasonCode
TRADE1 = PrimaAccount("TRADE1")
ANY = OrderTest()


def made(order: Order, some: Tables | None = None, **changes: Any) -> Outcome[PrimaOrder]:
    return map_order(order, some or tables(), policy(**changes))


def sent(order: Order, some: Tables | None = None, **changes: Any) -> PrimaOrder:
    found = made(order, some, **changes)
    assert isinstance(found, Mapped), found
    return found.value


def codes(found: Outcome[PrimaOrder]) -> list[ReasonCode]:
    return [reason.code for reason in reasons_of(found)]


# which orders a rule is about

words = st.sampled_from(["1", "2", "3"])
sets = st.frozensets(words, max_size=2)
tests = st.builds(
    OrderTest,
    customers=sets,
    organizations=sets,
    countries=sets,
    currencies=sets,
    methods=sets,
    value_above=st.one_of(st.none(), st.integers(0, 3).map(Decimal)),
    with_note=st.booleans(),
)
orders = st.builds(
    lambda customer, organization, country, currency, method, total, note: an_order(
        customer=OroCustomerId(customer),
        organization=organization,
        shipping_address=None if country is None else an_address(country=country),
        currency=currency,
        shipping_method=method,
        total_value=total,
        customer_notes=note,
    ),
    words,
    st.one_of(st.none(), words),
    st.one_of(st.none(), words),
    words,
    st.one_of(st.none(), words),
    st.one_of(st.none(), st.integers(0, 4).map(Decimal)),
    st.sampled_from([None, " ", "call first"]),
)


@given(tests, tests, orders)
def test_a_test_covers_another_where_every_order_of_it_fits(
    wide: OrderTest, narrow: OrderTest, order: Order
) -> None:
    """So a rule that is never reached is known before it is."""
    assert OrderTest().fits(order)
    assert wide.covers(wide)
    if wide.covers(narrow) and narrow.fits(order):
        assert wide.fits(order)


@given(orders, tests)
def test_every_part_of_a_test_must_fit(order: Order, test: OrderTest) -> None:
    """And a total that is not stated counts as large."""
    country = order.shipping_address.country if order.shipping_address else None
    parts = (
        (order.customer, test.customers),
        (order.organization, test.organizations),
        (country, test.countries),
        (order.currency, test.currencies),
        (order.shipping_method, test.methods),
    )
    expected = all(not wanted or value in wanted for value, wanted in parts)
    if test.value_above is not None and order.total_value is not None:
        expected = expected and order.total_value > test.value_above
    if test.with_note:
        expected = expected and order.customer_notes == "call first"

    assert expected == test.fits(order)


# routes

routes = st.lists(
    st.builds(RouteRule, tests, st.sampled_from(["", "WEB"]), st.sampled_from(["", "LEEDS"])),
    max_size=4,
)


@given(routes, orders)
def test_the_first_route_that_fits_and_says_a_thing_decides_it(
    rules: list[RouteRule], order: Order
) -> None:
    """Channel and warehouse each for themselves; the policy's code where none does."""
    some = tables(links={order.customer: tables().links[OroCustomerId("3")]})
    found = made(order, some, routes=tuple(rules), channel="C", warehouse="W", price_basis="omit")
    fitting = [rule for rule in rules if rule.when.fits(order)]
    channel = next((rule.channel for rule in fitting if rule.channel), "C")
    warehouse = next((rule.warehouse for rule in fitting if rule.warehouse), "W")

    if isinstance(found, Mapped):
        assert found.value.channel == channel
        assert {line.warehouse for line in found.value.lines} == {warehouse}


@given(routes, orders)
def test_a_route_that_is_never_reached_changes_nothing(
    rules: list[RouteRule], order: Order
) -> None:
    """It is a fault when it is loaded."""
    faults = route_faults(rules)
    left = [
        rule
        for number, rule in enumerate(rules, start=1)
        if not any(fault.startswith(f"routes row {number}:") for fault in faults)
    ]

    assert reasons_of(made(order, routes=tuple(rules))) == reasons_of(
        made(order, routes=tuple(left))
    )
    first, second = made(order, routes=tuple(rules)), made(order, routes=tuple(left))
    assert first == second


def test_faults_of_routes_name_their_rows() -> None:
    """Nothing said, never reached."""
    gb = OrderTest(countries=frozenset({"GB"}))
    rules = (
        RouteRule(ANY, channel="WEB"),
        RouteRule(gb),
        RouteRule(gb, channel="UK"),
        RouteRule(gb, channel="UK", warehouse="LEEDS"),
    )

    assert route_faults(rules) == (
        "routes row 2: expected a channel or a warehouse",
        "routes row 3: never reached, because of row 1",
    )


def test_a_rule_that_says_one_thing_is_not_in_the_way_of_another() -> None:
    """Channel and warehouse are decided each for themselves."""
    assert route_faults((RouteRule(ANY, "WEB"), RouteRule(ANY, warehouse="LEEDS"))) == ()
    assert route_faults((RouteRule(ANY, warehouse="LEEDS"), RouteRule(ANY, "WEB"))) == ()
    both = (RouteRule(ANY, "WEB", "LEEDS"), RouteRule(ANY, warehouse="YORK"))
    assert route_faults(both) == ("routes row 2: never reached, because of row 1",)


CARRIERS = {
    "flat_rate_1": Carrier("DPD"),
    "flat_rate_1:express": Carrier("DPD", "24H"),
    "": Carrier("POST"),
}


@pytest.mark.parametrize(
    ("method", "kind", "expected"),
    [
        ("flat_rate_1", "primary", ("DPD", "")),
        ("flat_rate_1", "express", ("DPD", "24H")),
        ("ups_2", None, ("POST", "")),
        (None, None, ("POST", "")),
    ],
)
def test_a_carrier_comes_by_the_shipping_method(
    method: str | None, kind: str | None, expected: tuple[str, str]
) -> None:
    """With its type first, then alone, then the row for all others."""
    order = an_order(shipping_method=method, shipping_method_type=kind)
    found = sent(order, tables(carriers=CARRIERS), carrier="OWN")

    assert (found.carrier, found.carrier_service) == expected


def test_a_method_or_a_term_without_a_row_is_held() -> None:
    """Both at once; an empty table leaves it to the policy."""
    some = tables(carriers={"x": Carrier("X")}, payment_terms={"2": "30EOM", "": "PREPAID"})
    found = made(an_order(shipping_method="y", payment_term="9"), some)

    assert codes(found) == [R.CARRIER_NOT_MAPPED, R.TERMS_NOT_MAPPED]
    assert [r.cause for r in reasons_of(found)] == ["carriers/y", "payment_terms/9"]
    assert [r.subject for r in reasons_of(found)] == ["orders/7/shipping", "orders/7/payment_term"]
    assert [r.detail for r in reasons_of(found)] == ["shipping method y", "payment term 9"]
    nothing = made(an_order(), tables(carriers={"x": Carrier("X")}, payment_terms={"2": "T"}))
    assert [r.detail for r in reasons_of(nothing)] == ["shipping method none", "payment term none"]
    own = sent(an_order(payment_term="9"), carrier="OWN", carrier_service="S", payment_terms="T")
    assert (own.carrier, own.carrier_service, own.payment_terms) == ("OWN", "S", "T")
    only_terms = tables(payment_terms=some.payment_terms)
    assert sent(an_order(), only_terms, carrier="OWN").carrier == "OWN"


def test_terms_come_by_the_payment_term() -> None:
    """Also where the order names none."""
    some = tables(payment_terms={"2": "30EOM", "": "PREPAID"})

    assert sent(an_order(payment_term="2"), some).payment_terms == "30EOM"
    assert sent(an_order(), some).payment_terms == "PREPAID"
    why = explanation_text(
        explain_order(an_order(), some, policy(routes=(RouteRule(ANY, "", "L"),)))
    )
    assert "row payment_terms[(empty)]: code PREPAID" in why
    assert "row routes[1]: warehouse L" in why
    bare = explanation_text(explain_order(an_order(), tables(payment_terms={"2": "T"}), policy()))
    assert "row payment_terms[(empty)]: no such row" in bare
    only_carriers = tables(carriers={"": Carrier("X")})
    assert sent(an_order(), only_carriers, payment_terms="T").payment_terms == "T"


# references


@pytest.mark.parametrize(
    ("number", "rule", "expected"),
    [
        (None, {}, []),
        (" ", {"required": True}, [R.PO_MISSING]),
        (None, {"required_of": frozenset({"3"})}, [R.PO_MISSING]),
        (None, {"required_of": frozenset({"4"})}, []),
        ("PO-1", {"required": True, "pattern": "PO-[0-9]+"}, []),
        ("XPO-1", {"pattern": "PO-[0-9]+"}, [R.PO_NOT_OF_FORM]),
        ("PO-1x", {"pattern": "PO-[0-9]+"}, [R.PO_NOT_OF_FORM]),
        (None, {"pattern": "PO-[0-9]+"}, []),
        ("123456", {"longest": 5}, [R.TEXT_TOO_LONG]),
        ("12345", {"longest": 5}, []),
        ("中x12345", {"longest": 5, "pattern": "x"}, [R.PO_NOT_OF_FORM, R.TEXT_TOO_LONG, R.TEXT_NOT_WRITABLE]),
    ],
)  # fmt: skip
def test_a_purchase_order_number_keeps_to_its_rules(
    number: str | None, rule: dict[str, Any], expected: list[ReasonCode]
) -> None:
    """Every fault at once; the order's own identifier is no such number."""
    found = made(an_order(po_number=number), references=ReferencePolicy(**rule))

    assert codes(found) == expected
    if isinstance(found, Mapped):
        assert found.value.customer_ref == (number or "7")


def an_order_with(key: str, number: str | None = "PO-1", **changes: Any) -> Order:
    return an_order(id=OroOrderId(key), po_number=number, **changes)


@pytest.mark.parametrize(
    ("other", "twice"),
    [
        (an_order_with("6", " po-1"), True),
        (an_order_with("8"), False),
        (an_order_with("10"), False),
        (an_order_with("6", internal_status="cancelled"), False),
        (an_order_with("6", customer=OroCustomerId("4")), False),
        (an_order_with("6", "PO-2"), False),
        (an_order_with("5"), False),
        (an_order_with("6", parent=OroOrderId("5")), False),
        (an_order_with("6", parent=OroOrderId("7")), False),
    ],
)
def test_a_number_is_used_twice_by_an_earlier_order_of_the_same_customer(
    other: Order, twice: bool
) -> None:
    """A main order and its parts share theirs; one that was cancelled has given its own back."""
    order = an_order_with("7", parent=OroOrderId("5"))
    key = reference_key(other)
    assert key is not None
    found = duplicate_reasons(order, {key: [other]})

    assert bool(found) == twice
    assert not twice or found[0].detail == "used before, by order 6"
    assert duplicate_reasons(an_order_with("7", None), {key: [other]}) == ()
    assert reference_key(an_order_with("7", customer=None)) is None


@pytest.mark.parametrize(
    ("rule", "home", "warned"),
    [
        (Duplicates.ALLOW, Home.POSTED, []),
        (Duplicates.WARN, Home.POSTED, [R.PO_USED_BEFORE]),
        (Duplicates.HOLD, Home.HELD, []),
    ],
)
def test_a_number_used_twice_is_told_or_held(
    rule: Duplicates, home: Home, warned: list[ReasonCode]
) -> None:
    """Within a batch, and against orders outside it that have the same number."""
    how = policy(references=ReferencePolicy(duplicates=rule))
    first, second = an_order_with("6"), an_order_with("7")
    batch = plan_orders(snapshot(second, first), how).decisions
    alone = plan_orders(snapshot(an_order_with("9", None)), how).decisions
    outside = plan_orders(snapshot(second, namesakes=(first,)), how).decisions

    assert [d.home for d in batch] == [Home.POSTED, home]
    assert [d.home for d in alone] == [Home.POSTED]
    assert [d.home for d in outside] == [home]
    assert [r.code for r in batch[1].warnings] == warned
    assert [r.code for r in batch[1].reasons] == ([R.PO_USED_BEFORE] if home is Home.HELD else [])


def test_no_number_is_no_key() -> None:
    """Nor one of blanks, nor an order of nobody; an order is no duplicate of itself."""
    assert reference_key(an_order_with("7", None)) is None
    assert reference_key(an_order_with("7", " ")) is None
    order = an_order_with("7")
    key = reference_key(order)
    assert key is not None
    assert duplicate_reasons(order, {key: [order]}) == ()
    earlier = duplicate_reasons(order, {key: [order, an_order_with("6")]})
    assert [(r.subject, r.code) for r in earlier] == [("orders/7/po_number", R.PO_USED_BEFORE)]


# addresses


@given(st.lists(st.text("abcdefgh ", min_size=1, max_size=34), min_size=5, max_size=5))
def test_an_address_of_many_lines_is_joined_and_never_cut(parts: list[str]) -> None:
    """Every word of it is sent, in its order."""
    organization, street, street2, city, region = parts
    long = f"{street} , {street}"
    address = an_address(
        organization=organization, street=long, street2=street2, city=city, custom_region=region
    )
    order = an_order(shipping_address=address)
    joined = made(order, addresses=AddressPolicy(overflow=Overflow.JOIN))
    plain = made(order)

    if isinstance(plain, Mapped):
        assert joined == plain
    if isinstance(joined, Mapped):
        lines = joined.value.delivery.lines
        said = " ".join(lines).replace(",", " ").split()
        wanted = " ".join([organization, long, street2, city, region]).replace(",", " ").split()
        assert said == wanted
        assert len(lines) <= 6
        assert all(len(line) <= 35 for line in lines)


def test_an_address_that_does_not_fit_even_so_is_held() -> None:
    """Seven lines that are short are joined; seven long ones are not."""
    street, street2 = f"B {'x' * 34}", f"C {'y' * 34} D"
    short = an_address(organization="A", street=street, street2=street2, city="E")
    wide = evolve(short, organization="v" * 34, city="z" * 34, custom_region="w" * 34)
    joining = AddressPolicy(overflow=Overflow.JOIN)
    joined = sent(an_order(shipping_address=short), addresses=joining)

    assert codes(made(an_order(shipping_address=short))) == [R.ADDRESS_TOO_LONG]
    assert joined.delivery.lines == ("A, B", "x" * 34, "C", "y" * 34, "D, E")
    assert codes(made(an_order(shipping_address=wide), addresses=joining)) == [R.ADDRESS_TOO_LONG]


def test_a_country_has_its_rules() -> None:
    """Served or not, with a postcode or not; the billing address may be anywhere."""
    rule = AddressPolicy(countries=frozenset({"GB", "IE"}), postcode_countries=frozenset({"GB"}))
    fr = an_order(shipping_address=an_address(country="FR"))
    bare = an_order(shipping_address=an_address(postal_code=" "))
    both = an_order(shipping_address=an_address(country=None, postal_code=None, street="x" * 36))
    irish = an_order(
        shipping_address=an_address(country="IE", postal_code=None),
        billing_address=an_address(country="FR"),
    )

    assert codes(made(fr, addresses=rule)) == [R.COUNTRY_NOT_SERVED]
    assert codes(made(bare, addresses=rule)) == [R.POSTCODE_MISSING]
    assert codes(made(both, addresses=rule)) == [R.COUNTRY_NOT_SERVED, R.ADDRESS_TOO_LONG]
    assert isinstance(made(irish, addresses=rule), Mapped)
    assert isinstance(made(fr), Mapped)


# holds

NOTE = HoldRule(OrderTest(with_note=True), HoldAction.PRIMA, "read the note")
DEAR = HoldRule(OrderTest(value_above=Decimal(20)), HoldAction.PRIMA, "above 20")
FIRST = HoldRule(ANY, HoldAction.APPROVAL, "first order", first_order=True)
LOOK = HoldRule(OrderTest(value_above=Decimal(20)), HoldAction.HERE, "above 20")


def test_an_order_waits_in_prima_with_every_narrative() -> None:
    """Once each; without a rule it does not wait."""
    order = an_order(customer_notes="hello")
    both = sent(order, holds=(NOTE, DEAR, DEAR))
    neither = sent(an_order(total_value=Decimal(20)), holds=(NOTE, DEAR))

    assert (both.on_hold, both.hold_narrative) == (True, "read the note; above 20")
    assert (neither.on_hold, neither.hold_narrative) == (False, "")
    data = render_order(both, unique_id="1", profile=policy().profile)[1]
    assert (data["HoldOrder"], data["HoldOrderNarrative"]) == ("Yes", "read the note; above 20")


@pytest.mark.parametrize(
    ("known", "expected"),
    [(None, True), (frozenset(), True), (frozenset({TRADE1}), False)],
)
def test_a_first_order_goes_to_approval(
    known: frozenset[PrimaAccount] | None, expected: bool
) -> None:
    """Where nobody knows whether it is the first, it is."""
    found = sent(an_order(), tables(ordered_before=known), holds=(FIRST,))
    _name, _data, children = render_order(found, unique_id="1", profile=policy().profile)

    assert (found.to_approval, found.on_hold) == (expected, False)
    assert children[0][1]["SendToApproval"] == ("Yes" if expected else "")


def test_a_rule_is_about_every_order_unless_it_says_the_first() -> None:
    """And where an order waits has a name in the file."""
    plain = HoldRule(ANY, HoldAction.HERE, "look")
    known = frozenset({TRADE1})
    (reason,) = hold_reasons(an_order(), TRADE1, (plain, FIRST, DEAR), known)

    assert (reason.subject, reason.detail) == ("orders/7", "look")
    assert resolve_holds(an_order(), TRADE1, (plain,), known) == Holds("", approval=False)
    assert Holds() == Holds("", approval=False)
    assert [action.value for action in HoldAction] == ["here", "prima", "approval"]


def test_an_order_waits_here_until_a_person_lets_it_go() -> None:
    """A retry is that person's word."""
    how = policy(holds=(LOOK, NOTE))
    (held,) = plan_orders(snapshot(an_order()), how).decisions
    record = ExceptionRecord(
        Flow.ORDERS, "orders/7", held.reasons, RecordState.HELD, EARLIER, EARLIER, 1
    )
    again = snapshot(an_order(), held={OroOrderId("7"): record})
    let_go = snapshot(an_order(), held={OroOrderId("7"): evolve(record, retry=True)})

    assert [(r.code, r.detail) for r in held.reasons] == [(R.HELD_BY_RULE, "above 20")]
    assert plan_orders(again, how).decisions[0].home is Home.HELD
    assert plan_orders(let_go, how).decisions[0].command is not None
    cheap = snapshot(an_order(total_value=Decimal(20)))
    assert plan_orders(cheap, how).decisions[0].command is not None


def test_a_stopped_account_s_order_is_posted_on_hold() -> None:
    """Where credit control decides in Prima; a rule's narrative stands beside it."""
    some = tables(accounts={TRADE1: AccountFacts(AccountState.STOPPED)})
    rule = AccountPolicy(stopped=StoppedAccount.HOLD_IN_PRIMA)

    assert sent(an_order(), some, accounts=rule).hold_narrative == "the account is stopped"
    both = sent(an_order(), some, accounts=rule, holds=(DEAR,))
    assert both.hold_narrative == "the account is stopped; above 20"
    assert both.on_hold


# charges and discounts


def row(kind: str, amount: str | None, tax: str | None = None) -> OrderSubtotal:
    worth = None if amount is None else Decimal(amount)
    signed = None if worth is None else (-worth if kind == "discount" else worth)
    vat = None if tax is None else Decimal(tax)
    return OrderSubtotal(kind, kind, worth, signed, "GBP", True, vat)


def test_a_surcharge_has_the_code_of_its_kind() -> None:
    """A kind that OroCommerce does not know itself; without a code the order is held."""
    order = an_order(subtotals=(row("subtotal", "20"), row("handling", "1.505"), row("gift", "0")))

    assert [str(c.value) for c in sent(order, tables(surcharges={"handling": "H"})).charges] == [
        "1.51"
    ]
    held = made(order)
    assert codes(held) == [R.CHARGE_NOT_MAPPED]
    assert reasons_of(held)[0].cause == "surcharges/handling"
    shipped = evolve(order, estimated_shipping_cost_amount=Decimal(5))
    assert codes(made(shipped, tables(charges={}))) == [R.CHARGE_NOT_MAPPED, R.CHARGE_NOT_MAPPED]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (an_order(subtotals=(row("subtotal", "30"), row("discount", "6"), row("tax", "0", "0"))), "6"),
        (an_order(subtotals=(row("subtotal", "24"), row("tax", "0", "0"))), "0"),
        (an_order(subtotals=(row("subtotal", "30"), row("discount", None), row("tax", "0", "0"))), None),
        (an_order(subtotals=(row("subtotal", "30"), row("discount", "5"), row("tax", "0", "0"))), None),
        (an_order(subtotal_value=Decimal(30), total_discounts_amount=Decimal(6)), "6"),
        (an_order(subtotal_value=Decimal(24)), "0"),
        (an_order(subtotal_value=Decimal(23), overridden_shipping_cost_amount=Decimal(1)), "0"),
        (an_order(subtotal_value=Decimal(30)), None),
        (an_order(), None),
        (an_order(subtotal_value=Decimal(24), total_value=None), None),
    ],
)  # fmt: skip
def test_a_discount_is_stated_where_the_figures_make_the_total(
    order: Order, expected: str | None
) -> None:
    """By the computed rows, else by the order's own figures; otherwise it is not."""
    assert stated_discount(order) == (None if expected is None else Decimal(expected))


def test_a_discount_goes_with_its_owner() -> None:
    """Prima's: nothing is sent, a warning. OroCommerce's: a charge below 0, or held."""
    order = an_order(subtotal_value=Decimal(30), total_discounts_amount=Decimal("6.005"))
    order = evolve(order, total_value=Decimal("23.995"))
    oro: dict[str, Any] = {"discount_owner": DiscountOwner.ORO, "discount_code": "DISC"}
    (charge,) = sent(order, None, **oro).charges

    assert (charge.code, charge.value) == ("DISC", Decimal("-6.01"))
    assert order_warnings(order, policy=policy(**oro)) == ()
    assert [r.code for r in order_warnings(order, policy=policy())] == [R.DISCOUNT_NOT_SENT]
    assert sent(order).charges == ()
    assert codes(made(an_order(), None, **oro)) == [R.DISCOUNT_NOT_STATED]
    plain = an_order(subtotal_value=Decimal(24))
    assert sent(plain, None, **oro).charges == ()
    assert order_warnings(plain, policy=policy()) == ()


@pytest.mark.parametrize(
    "order",
    [
        an_order(discounts=(OrderDiscount("1", percent=Decimal(10), amount=Decimal(0)),)),
        an_order(total_discounts_amount=Decimal(1)),
        an_order(subtotals=(row("discount", "2"),)),
    ],
)
def test_every_kind_of_discount_is_told(order: Order) -> None:
    """By percent, by amount, by a promotion."""
    assert [r.code for r in order_warnings(order, policy=policy())] == [R.DISCOUNT_NOT_SENT]


# explained


def test_an_order_is_explained_line_by_line_by_the_rule_itself() -> None:
    """Rows with the version of their table; nothing personal."""
    order = an_order(
        shipping_method="flat_rate_1",
        estimated_shipping_cost_amount=Decimal(5),
        shipping_address=an_address(first_name="Jo", organization="Sample Ltd"),
    )
    some = tables(carriers=CARRIERS)
    rules = (
        RouteRule(OrderTest(currencies=frozenset({"EUR"})), channel="EU"),
        RouteRule(ANY, "WEB"),
    )
    how = policy(routes=rules, holds=(DEAR, NOTE))
    text = explanation_text(explain_order(order, some, how, versions={"units": "7f"}))

    assert text.splitlines() == [
        "orders.map_order (order 7, lines 1, currency GBP) = 300000070 on TRADE1, 1 lines, CARR 5.00, on hold",
        "  row charges[flat_rate_1]: code CARR",
        "  row holds[1]: action prima, narrative above 20",
        "  not hold: read the note: holds row 2 is about other orders",
        "  customers.resolve_account (customer 3) = TRADE1",
        "    row links[3]: account TRADE1, approved_by Kim",
        "    row accounts[TRADE1]: no such row",
        "    not a check of the account: nobody knows its state, currency, VAT basis",
        "  routing.resolve_route (method flat_rate_1) = channel WEB, carrier DPD",
        "    row carriers[flat_rate_1:None]: no such row",
        "    row carriers[flat_rate_1]: code DPD",
        "    row routes[2]: channel WEB",
        "    not channel EU: routes row 1 is about other orders",
        "  orders.line (line 1, sku B, ordered 2 each) = 2 x BOOT-F-070",
        "    row units @7f[B/each]: components 1 of BOOT-F-070",
        "    prices.line_prices (basis unit, value 10.00) = 10.00",
    ]
    assert "Sample" not in text


def test_an_order_that_is_held_is_explained_with_every_reason() -> None:
    """And approval is named."""
    lines = (a_line(product_unit_code="crate"), a_line(quantity=Decimal("0.5")))
    text = explanation_text(explain_order(an_order(lines=lines, customer=None), tables(), policy()))

    assert text.splitlines()[0].endswith(
        "= no-customer: no customer; unknown-unit: no row for B in crate; "
        "fractional-quantity: 0.5 x 1 of BOOT-F-070 is no whole number"
    )
    assert "    row units[B/crate]: no such row" in text
    asked = explain_order(an_order(), tables(), policy(holds=(FIRST,)), suffix=2)
    assert asked.result == "300000072 on TRADE1, 1 lines, to approval"


@given(orders)
def test_explaining_changes_nothing(order: Order) -> None:
    """The same rule, with or without somebody listening."""
    found = made(order, holds=(DEAR, FIRST), routes=(RouteRule(ANY, "WEB"),))
    said = explain_order(
        order, tables(), policy(holds=(DEAR, FIRST), routes=(RouteRule(ANY, "WEB"),))
    )

    if isinstance(found, Mapped):
        assert said.result.startswith(str(found.value.number))
    else:
        assert said.result == "; ".join(f"{r.code}: {r.detail}" for r in found.reasons)


def test_a_route_is_said_in_words() -> None:
    """And the usual one is Prima's own."""
    assert str(Route()) == "as Prima has it"
    assert str(Route("C", "W", "DPD", "24H", "T")) == (
        "channel C, warehouse W, carrier DPD, service 24H, terms T"
    )
    assert NOW > EARLIER
