"""Coverage: where the check passes every order of the catalogue is mapped; where not, it says so."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from oro_prima.ids import OroCustomerId, OroSku, PrimaAccount, UnitCode
from oro_prima.mapping import Component, PriceBasis, QuantityRule, map_order
from oro_prima.mapping.coverage import (
    CoverageFacts,
    CoveragePolicy,
    CoverageReport,
    Entity,
    ErpCatalogue,
    Gap,
    Problem,
    Sale,
    ShopCatalogue,
    ShopCustomer,
    SmallestOrder,
    SoldUnit,
    check_coverage,
    revenue_of,
    sales_of,
    smallest_order,
)
from oro_prima.mapping.coverage.findings import problem_of
from oro_prima.mapping.quantities import least_quantity
from oro_prima.outcome import Mapped, Unmapped, reasons_of
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.reconcile.reports import coverage_table
from oro_prima.testing import strategies as some
from oro_prima.testing.builders import a_line, a_link, an_order, some_tables
from tests.rules.making import BOOT, LACE, an_address, policy

R = ReasonCode
B = OroSku("B")
EACH, CASE, CRATE, PACK = (UnitCode(code) for code in ("each", "case", "crate", "pack"))
POLICY = CoveragePolicy(policy())


def facts(
    *units: SoldUnit,
    customers: tuple[ShopCustomer, ...] = (ShopCustomer(OroCustomerId("3"), (), (an_address(),)),),
    erp: ErpCatalogue | None = None,
    codes: Any = None,
    tables: Any = None,
    **shop: Any,
) -> CoverageFacts:
    catalogue = ShopCatalogue(customers, units, ("GBP",), **shop)
    return CoverageFacts(
        catalogue, erp or ErpCatalogue(), tables or some_tables(), codes if codes else {}
    )


def checked(given_facts: CoverageFacts, **changes: Any) -> CoverageReport:
    return check_coverage(given_facts, evolve(POLICY, **changes))


def told(gaps: tuple[Gap, ...]) -> list[tuple[str, str, str]]:
    return [(gap.entity.value, gap.key, gap.problem.value) for gap in gaps]


# the law


def reported(report: CoverageReport, codes: set[ReasonCode]) -> set[ReasonCode]:
    return {reason.code for gap in report.gaps for reason in gap.reasons} & codes


@settings(suppress_health_check=list(HealthCheck), max_examples=100)
@given(some.coverage_facts(), some.order_policies(), st.data())
def test_an_order_of_the_catalogue_is_mapped_or_its_fault_was_reported(
    given_facts: CoverageFacts, orders: Any, data: st.DataObject
) -> None:
    """The check passes: every order is mapped. An order is held: the check named that very thing."""
    shop = given_facts.shop
    assume(shop.customers and any(least_quantity(one.rule) is not None for one in shop.units))
    report = check_coverage(given_facts, CoveragePolicy(orders))
    order = data.draw(some.catalogue_orders(given_facts))
    faults = {
        reason
        for reason in reasons_of(map_order(order, given_facts.tables, orders))
        if reason.code not in _unpriced(given_facts)
    }

    assert not (report.passed and faults)
    for reason in faults:
        keys = {gap.key for gap in report.gaps if reason.code in {r.code for r in gap.reasons}}
        in_line = [line for line in order.lines if f"/lines/{line.id}" in reason.subject]
        expected = (
            {f"{in_line[0].product_sku}/{in_line[0].product_unit_code}"}
            if in_line
            else {order.customer, order.shipping_method}
        )
        assert keys & expected, (reason, report.gaps)


def _unpriced(given_facts: CoverageFacts) -> set[ReasonCode]:
    """Where a product unit has no price nobody can say whether one would be exact."""
    priced = all(one.prices for one in given_facts.shop.units)
    return set() if priced else {R.PRICE_NOT_EXACT, R.PRICE_NOT_SPLIT}


@settings(suppress_health_check=list(HealthCheck))
@given(some.coverage_facts(), some.order_policies())
def test_every_counter_example_fails(given_facts: CoverageFacts, orders: Any) -> None:
    """Its smallest order is held for the reasons given, or would be sent to what is dead."""
    report = check_coverage(given_facts, CoveragePolicy(orders))
    for gap in report.gaps:
        if gap.order is None:
            assert gap.problem is Problem.MANY_TO_ONE or gap.entity is Entity.PRICE_LIST
            continue
        outcome = map_order(smallest_order(gap.order, orders), given_facts.tables, orders)
        codes = {reason.code for reason in reasons_of(outcome)}

        assert {reason.code for reason in gap.reasons} <= codes
        if gap.problem is Problem.DEAD_TARGET and isinstance(outcome, Mapped):
            sent = outcome.value
            assert (
                gap.target
                in str([sent.account, sent.charges, [str(line.sku) for line in sent.lines]])
                or gap.entity is Entity.PRODUCT_UNIT
            )


@given(some.coverage_facts(), some.order_policies())
def test_the_order_of_catalogues_does_not_matter(given_facts: CoverageFacts, orders: Any) -> None:
    """The same gaps, whichever way round things are listed."""
    shop = given_facts.shop
    turned = evolve(
        given_facts,
        shop=evolve(
            shop,
            customers=shop.customers[::-1],
            units=shop.units[::-1],
            shipping_methods=shop.shipping_methods[::-1],
        ),
    )
    reports = [check_coverage(one, CoveragePolicy(orders)) for one in (given_facts, turned)]
    plain = [
        [(g.entity, g.key, g.problem, g.blocking, {r.code for r in g.reasons}) for g in r.gaps]
        for r in reports
    ]

    assert sorted(map(str, plain[0])) == sorted(map(str, plain[1]))


# what is found


def test_a_whole_catalogue_passes() -> None:
    """And says how much was looked at, and what nobody could look at."""
    report = checked(facts(SoldUnit(B, EACH), SoldUnit(B, CASE), shipping_methods=("", "flat")))

    assert report.passed
    assert report.gaps == ()
    assert report.checked[Entity.PRODUCT_UNIT] == 2
    assert report.checked[Entity.CUSTOMER] == 1
    assert report.checked[Entity.CARRIER] == 2
    assert report.not_checked == (
        "which of Prima's accounts are alive: no list was given",
        "which of Prima's SKUs are alive: no list was given",
        "which of Prima's charge codes are alive: no list was given",
        "whether prices are exact: 2 product units were given without a price",
    )


def test_nothing_is_left_unchecked_where_everything_is_given() -> None:
    """Every list, every price, every table."""
    erp = ErpCatalogue(accounts={"TRADE1"}, skus={BOOT}, charges={"CARR"}, price_books={"UK"})
    whole = facts(
        SoldUnit(B, CASE, prices=(Decimal("12.00"),)),
        erp=erp,
        price_lists=("1",),
        codes={Entity.PRICE_LIST: {"1": "UK"}},
    )

    assert checked(whole) == CoverageReport((), checked(whole).checked, ())


def test_one_reason_that_leads_nowhere_makes_it_unmapped() -> None:
    """Whatever else is wrong; without one the rule refuses where it leads."""
    nowhere, refused = (
        Reason(code, "orders/1", "") for code in (R.UNKNOWN_UNIT, R.FRACTIONAL_QUANTITY)
    )

    assert problem_of([refused, nowhere]) is Problem.UNMAPPED
    assert problem_of([refused]) is Problem.REFUSED


def test_a_customer_is_told_without_its_addresses() -> None:
    """They are personal, and a report or a message may show the customer."""
    customer = ShopCustomer(OroCustomerId("3"), (), (an_address(first_name="Ada"),))

    assert "Ada" not in repr(customer)


def test_a_customer_without_a_link_blocks() -> None:
    """With the smallest order that fails: one of a product unit that is mapped."""
    customers = (ShopCustomer(OroCustomerId("4")), ShopCustomer(OroCustomerId("3")))
    links = [evolve(a_link(), deliv_addr_no="1")]
    given_facts = facts(
        SoldUnit(B, CRATE), SoldUnit(B, EACH), customers=customers, tables=some_tables(links=links)
    )
    report = checked(given_facts)
    customer, unit = report.gaps

    assert not report.passed
    assert told(report.gaps) == [
        ("customer", "4", "unmapped"),
        ("product unit", "B/crate", "unmapped"),
    ]
    assert str(customer.order) == "customer 4 orders 1 each of B at 0 in GBP"
    assert str(unit.order) == "customer 3 orders 1 crate of B at 0 in GBP"
    assert unit.detail == "no row for B in crate"
    assert (customer.target, unit.target) == ("", "")


@pytest.mark.parametrize(
    ("link", "code"),
    [
        ({"currency": "EUR"}, R.CURRENCY_MISMATCH),
        ({"vat_inclusive": True}, R.VAT_BASIS_MISMATCH),
        ({"deliv_addr_no": ""}, R.NO_DELIVERY_ADDRESS),
    ],
)
def test_a_customer_whose_link_does_not_fit_is_refused(link: Any, code: ReasonCode) -> None:
    """By the rule that orders are mapped by."""
    links = [evolve(a_link(), **{"deliv_addr_no": "1"} | link)]
    customers = (ShopCustomer(OroCustomerId("3"), ("GBP",)),)
    (gap,) = checked(facts(customers=customers, tables=some_tables(links=links))).gaps

    assert gap.problem is Problem.REFUSED
    assert [reason.code for reason in gap.reasons] == [code]


def test_each_currency_and_ship_to_of_a_customer_is_asked() -> None:
    """A fault that is the same is said once."""
    links = [evolve(a_link(), currency="GBP")]
    customer = ShopCustomer(OroCustomerId("3"), ("EUR", "GBP", "USD"), (an_address(), None))
    gaps = checked(facts(customers=(customer,), tables=some_tables(links=links))).gaps
    codes = [{reason.code for reason in gap.reasons} for gap in gaps]

    assert codes == [{R.CURRENCY_MISMATCH}, {R.NO_DELIVERY_ADDRESS}]
    assert [gap.order.currency for gap in gaps if gap.order] == ["EUR", "GBP"]
    assert "Sample Street" not in str(gaps)


def test_two_customers_on_one_account_block_unless_the_policy_shares_it() -> None:
    """Each is named with the others."""
    links = [evolve(a_link(one), deliv_addr_no="1") for one in ("3", "4", "5")]
    customers = tuple(ShopCustomer(OroCustomerId(one)) for one in ("3", "4", "5"))
    given_facts = facts(customers=customers, tables=some_tables(links=links))
    gaps = checked(given_facts).gaps

    assert told(gaps) == [("customer", one, "many-to-one") for one in ("3", "4", "5")]
    assert gaps[0].detail == "account TRADE1 is that of customers 4, 5, too"
    assert gaps[0].target == PrimaAccount("TRADE1")
    assert all(gap.blocking for gap in gaps)
    assert checked(given_facts, shared=frozenset(Entity)).passed


def test_a_dead_account_blocks() -> None:
    """Prima would refuse every order of it."""
    (gap,) = checked(facts(erp=ErpCatalogue(accounts=set()))).gaps

    assert (gap.problem, gap.target, gap.blocking) == (Problem.DEAD_TARGET, "TRADE1", True)
    assert gap.detail == "account TRADE1 is none that Prima has open"
    assert checked(facts(erp=ErpCatalogue(accounts={"TRADE1"}))).passed


def test_a_quantity_that_breaks_a_base_unit_is_found() -> None:
    """The smallest one that can be bought."""
    half = SoldUnit(B, CASE, QuantityRule(precision=2, minimum=Decimal(2)))
    (gap,) = checked(facts(half)).gaps

    assert gap.problem is Problem.REFUSED
    assert [reason.code for reason in gap.reasons] == [R.FRACTIONAL_QUANTITY]
    assert gap.order is not None
    assert gap.order.quantity == Decimal("2.01")
    assert gap.target == "6 of BOOT-F-070"


def test_a_price_that_is_not_exact_is_found_beside_the_quantity() -> None:
    """Every price is tried with a quantity that is whole."""
    third = SoldUnit(
        B, CASE, QuantityRule(precision=1), (Decimal("6.00"), Decimal("10.00"), Decimal("20.00"))
    )
    gaps = checked(facts(third)).gaps
    codes = [[reason.code for reason in gap.reasons] for gap in gaps]

    assert codes == [[R.FRACTIONAL_QUANTITY], [R.PRICE_NOT_EXACT]]
    assert gaps[1].order is not None
    assert (gaps[1].order.quantity, gaps[1].order.price) == (Decimal("0.5"), Decimal("10.00"))
    assert checked(facts(third), orders=policy(price_basis=PriceBasis.LINE)).gaps[1:] == ()


def test_a_pack_without_price_shares_is_found_without_a_price() -> None:
    """With shares it passes; a basis that sends no price never asks."""
    parts = (Component(BOOT, Fraction(2)), Component(LACE, Fraction(1)))
    split = tuple(evolve(part, price_share=Decimal("2.00")) for part in parts)
    key = (B, PACK)
    (gap,) = checked(facts(SoldUnit(*key), tables=some_tables({key: parts}))).gaps
    omit = policy(price_basis=PriceBasis.OMIT)

    assert [reason.code for reason in gap.reasons] == [R.PRICE_NOT_SPLIT]
    assert checked(facts(SoldUnit(*key), tables=some_tables({key: split}))).passed
    assert checked(facts(SoldUnit(*key), tables=some_tables({key: parts})), orders=omit).passed


def test_a_kit_without_components_is_unmapped() -> None:
    """By its own reason."""
    (gap,) = checked(facts(SoldUnit(B, CRATE, kit_lines=2))).gaps

    assert gap.problem is Problem.UNMAPPED
    assert [reason.code for reason in gap.reasons] == [R.KIT_NOT_MAPPED]


def test_a_product_unit_that_cannot_be_bought_fails_no_order() -> None:
    """Its most is below its least."""
    never = SoldUnit(B, CRATE, QuantityRule(minimum=Decimal(5), maximum=Decimal(4)))
    erp = ErpCatalogue(skus=set())

    assert checked(facts(never)).passed
    assert checked(facts(evolve(never, unit=CASE), erp=erp)).passed


def test_a_dead_sku_blocks() -> None:
    """Whatever else the unit is made of."""
    (gap,) = checked(facts(SoldUnit(B, CASE), erp=ErpCatalogue(skus={LACE}))).gaps

    assert (gap.problem, gap.blocking) == (Problem.DEAD_TARGET, True)
    assert gap.detail == "Prima does not sell BOOT-F-070"
    assert gap.order is not None
    assert gap.order.quantity == 1


def test_product_units_made_of_the_same_are_named_and_do_not_block() -> None:
    """Each is mapped as it should be; but one of both is perhaps a slip."""
    twin = (OroSku("C"), EACH)
    made = some_tables().units
    table = {**made, twin: made[B, EACH]}
    given_facts = facts(SoldUnit(B, EACH), SoldUnit(*twin), tables=some_tables(table))
    report = checked(given_facts)

    assert report.passed
    assert told(report.gaps) == [
        ("product unit", "B/each", "many-to-one"),
        ("product unit", "C/each", "many-to-one"),
    ]
    assert report.gaps[0].detail == "made of the same as C/each"
    assert checked(given_facts, shared=frozenset(Entity)).gaps == ()


def test_shipping_methods_need_a_live_charge_code() -> None:
    """And the carrier that is sent a live code."""
    bare = evolve(some_tables(), charges={"flat": "CARR"})
    methods = ("flat", "air", "flat")
    unmapped = checked(facts(tables=bare, shipping_methods=methods)).gaps
    erp = ErpCatalogue(charges=set(), carriers={"UPS"})
    dead = checked(facts(erp=erp, shipping_methods=("flat",)), orders=policy(carrier="DHL")).gaps

    assert told(unmapped) == [("carrier", "air", "unmapped")]
    assert str(unmapped[0].order) == "customer 3 orders anything in GBP by shipping method air"
    assert [(gap.target, gap.detail) for gap in dead] == [
        ("CARR", "charge CARR is none of Prima's"),
        ("DHL", "carrier DHL is none of Prima's"),
    ]
    alive = ErpCatalogue(charges={"CARR"}, carriers={"DHL"})
    assert checked(
        facts(erp=alive, shipping_methods=("flat",)), orders=policy(carrier="DHL")
    ).passed


def test_codes_lead_to_exactly_one_live_code() -> None:
    """They block where the policy says so."""
    codes = {Entity.PRICE_LIST: {"1": "UK", "2": "UK", "3": "OLD", "4": ""}}
    given_facts = facts(
        price_lists=("1", "2", "3", "4", "5"),
        tax_codes=("STD",),
        codes=codes,
        erp=ErpCatalogue(price_books={"UK"}),
    )
    report = checked(given_facts, shared=frozenset())
    found = [(key, problem) for entity, key, problem in told(report.gaps) if entity == "price list"]

    assert report.passed
    assert found == [
        ("1", "many-to-one"),
        ("2", "many-to-one"),
        ("3", "dead target"),
        ("4", "unmapped"),
        ("5", "unmapped"),
    ]
    assert report.gaps[0].detail == "2 lead to UK, too"
    assert report.gaps[2].detail == "OLD is none of Prima's"
    assert report.gaps[3].detail == "4 leads to no code"
    assert "1 of tax code: no table was given" in report.not_checked
    assert not checked(given_facts, blocking=frozenset({Entity.PRICE_LIST})).passed
    assert [g.key for g in checked(given_facts).gaps] == ["3", "4", "5"]


@pytest.mark.parametrize(
    ("entity", "name", "live"),
    [
        (Entity.PAYMENT_TERM, "payment_terms", "payment_terms"),
        (Entity.TAX_CODE, "tax_codes", "tax_codes"),
        (Entity.WAREHOUSE, "warehouses", "warehouses"),
    ],
)
def test_each_kind_of_code_is_looked_up_in_its_own_table(
    entity: Entity, name: str, live: str
) -> None:
    """And among its own live codes."""
    made: Any = {name: ("a", "b", "b")}
    erp: Any = {live: {"A"}}
    report = checked(facts(erp=ErpCatalogue(**erp), codes={entity: {"a": "A", "b": "B"}}, **made))

    assert told(report.gaps) == [(entity.value, "b", "dead target")]
    assert report.checked[entity] == 3


def test_customers_without_a_currency_are_not_called_checked() -> None:
    """Nobody said what their orders are in."""
    shop = ShopCatalogue((ShopCustomer(OroCustomerId("9")),), (SoldUnit(B, CRATE),))
    report = checked(CoverageFacts(shop, ErpCatalogue(), some_tables()))

    assert told(report.gaps) == [("product unit", "B/crate", "unmapped")]
    assert report.not_checked[0] == "1 customers: no currency was given"
    assert report.gaps[0].order is not None
    assert report.gaps[0].order.currency == ""


def test_a_unit_that_only_looks_odd_is_good_company() -> None:
    """What does not block makes no order fail."""
    twin = (OroSku("C"), EACH)
    table = {(B, EACH): some_tables().units[B, EACH], twin: some_tables().units[B, EACH]}
    customers = (ShopCustomer(OroCustomerId("9"), ("EUR",)),)
    units = (SoldUnit(B, CRATE), SoldUnit(B, EACH), SoldUnit(*twin))
    report = checked(facts(*units, customers=customers, tables=some_tables(table)))

    assert str(report.gaps[0].order) == "customer 9 orders 1 each of B at 0 in EUR"
    assert str(report.gaps[1].order) == "somebody orders 1 crate of B at 0"
    assert [gap.blocking for gap in report.gaps] == [True, True, False, False]


# what is at risk


def test_revenue_at_risk_is_that_of_the_thing_itself() -> None:
    """The dearest gap comes first; currencies are never added up."""
    customers = (ShopCustomer(OroCustomerId("3"), (), (an_address(),)),)
    given_facts = facts(SoldUnit(B, CRATE), SoldUnit(B, PACK), customers=customers)
    sold = [
        Sale(OroCustomerId("3"), B, PACK, "GBP", Decimal(30)),
        Sale(OroCustomerId("3"), B, PACK, "EUR", Decimal(5)),
        Sale(OroCustomerId("9"), B, CRATE, "GBP", Decimal(7)),
    ]
    odd = Sale(OroCustomerId("3"), B, EACH, "GBP", Decimal(99), tax_code="ODD")
    codes = {Entity.TAX_CODE: {"STD": "S"}}
    more = facts(SoldUnit(B, CRATE), tax_codes=("ODD",), codes=codes)
    dearest = check_coverage(more, POLICY, sales=[odd])
    report = check_coverage(given_facts, POLICY, sales=iter(sold))

    assert [(gap.key, dict(gap.revenue)) for gap in report.gaps] == [
        ("B/pack", {"GBP": Decimal(30), "EUR": Decimal(5)}),
        ("B/crate", {"GBP": Decimal(7)}),
    ]
    assert [gap.key for gap in dearest.gaps] == ["B/crate", "ODD"]


def test_sales_are_the_lines_of_orders_since_an_instant() -> None:
    """A line without a price is worth nothing; a free-form line is no product's."""
    order = evolve(
        an_order(a_line("B", "case", quantity=3), evolve(a_line(), value=None)),
        shipping_method="flat",
        payment_term="1",
    )
    free = evolve(an_order(evolve(a_line(), product_sku=None)))
    bare = evolve(an_order(evolve(a_line(), product_unit_code=None)))
    nobody = evolve(order, customer=None)
    found = list(sales_of([order, free, bare, nobody], since=order.created_at))
    later = datetime(2031, 5, 5, tzinfo=UTC)

    assert [(sale.unit, sale.amount) for sale in found] == [
        (CASE, Decimal("30.00")),
        (EACH, Decimal(0)),
    ]
    assert (found[0].shipping_method, found[0].payment_term) == ("flat", "1")
    assert {sale.currency for sale in found} == {"GBP"}
    assert list(sales_of([order], since=later)) == []


def test_what_is_no_sale_keeps_no_other_from_being_one() -> None:
    """Orders of nobody and lines of no product or unit are passed over, first ones too."""
    order = an_order(a_line("B", "case"))
    nobody = evolve(order, customer=None)
    no_product, no_unit = (
        evolve(a_line(), product_sku=None),
        evolve(a_line(), product_unit_code=None),
    )
    odd = evolve(an_order(no_product, no_unit, a_line()), currency=None)
    found = list(sales_of([nobody, odd, order], since=order.created_at))

    assert [(sale.unit, sale.currency) for sale in found] == [(EACH, ""), (CASE, "GBP")]
    assert [(sale.shipping_method, sale.payment_term) for sale in found] == [("", "")] * 2
    assert {sale.customer for sale in found} == {order.customer}


def test_every_thing_that_a_sale_names_is_counted() -> None:
    """What it does not name is not."""
    sale = Sale(OroCustomerId("3"), B, EACH, "GBP", Decimal(2), "flat", "t", "1", "STD", "W")
    bare = Sale(OroCustomerId("3"), B, EACH, "GBP", Decimal(3))
    found = revenue_of([sale, bare])

    assert {key: amounts["GBP"] for key, amounts in found.items()} == {
        (Entity.CUSTOMER, "3"): 5,
        (Entity.PRODUCT_UNIT, "B/each"): 5,
        (Entity.CARRIER, "flat"): 2,
        (Entity.CARRIER, ""): 3,
        (Entity.PAYMENT_TERM, "t"): 2,
        (Entity.PRICE_LIST, "1"): 2,
        (Entity.TAX_CODE, "STD"): 2,
        (Entity.WAREHOUSE, "W"): 2,
    }


def test_a_smallest_order_is_of_one_unit_that_is_no_kit() -> None:
    """Unless it says otherwise."""
    small = SmallestOrder(OroCustomerId("7"), sku=B, unit=EACH)

    assert str(small) == "customer 7 orders 1 each of B"
    assert small.quantity == 1
    assert small.kit_lines == 0


def test_a_smallest_order_says_itself_without_an_address() -> None:
    """Whatever it names."""
    whole = SmallestOrder(shipping_method="", payment_term="30", currency="EUR")

    assert (
        str(whole) == "somebody orders anything in EUR by shipping method none on payment term 30"
    )
    assert isinstance(
        map_order(smallest_order(SmallestOrder(), policy()), some_tables(), policy()), Unmapped
    )


def test_more_units_than_one_probe_holds_are_all_asked() -> None:
    """Each by itself."""
    many = [SoldUnit(OroSku(f"S{number}"), EACH) for number in range(250)]
    report = checked(facts(*many))

    assert len(report.gaps) == 250
    assert {gap.key for gap in report.gaps} == {f"S{number}/each" for number in range(250)}


# report H


def test_the_report_has_a_row_for_each_gap_and_currency() -> None:
    """Who acts and what mends it; revenue that nobody gave is not stated."""
    given_facts = facts(SoldUnit(B, CRATE), tax_codes=("STD",), codes={Entity.TAX_CODE: {}})
    sold = [Sale(OroCustomerId("3"), B, CRATE, one, Decimal(9)) for one in ("GBP", "EUR")]
    report = check_coverage(given_facts, POLICY, sales=sold)
    table = coverage_table(report, sales_given=True)
    without = coverage_table(checked(given_facts), sales_given=False)

    assert table.column("oro_key") == ("B/crate", "B/crate", "STD")
    assert table.column("revenue_30_days") == (Decimal(9), Decimal(9), Decimal(0))
    assert table.column("currency") == ("EUR", "GBP", "")
    assert table.column("blocking") == ("yes", "yes", "no")
    assert table.column("owner") == ("product data", "product data", "")
    assert table.column("smallest_order")[0] == "customer 3 orders 1 crate of B at 0 in GBP"
    assert table.column("smallest_order")[2] == ""
    assert without.column("revenue_30_days") == (None, None)
    assert table.notes[0] == "looked at: 1 of customer, 1 of product unit, 1 of tax code"
    assert table.notes[1].startswith("not looked at: which of Prima's accounts")
    assert coverage_table(checked(CoverageFacts(ShopCatalogue(), ErpCatalogue(), some_tables())),
                          sales_given=True).notes[0] == "looked at: nothing"  # fmt: skip
