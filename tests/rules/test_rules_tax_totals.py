"""Totals of both sides: predicted, compared, taken apart by class; the oracle; UK presets."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.converters import decode_json, encode_json, make_converter
from oro_prima.ids import OroCustomerId, OroLineId, OroOrderId, OroSku, UnitCode
from oro_prima.mapping import explanation_text
from oro_prima.mapping.tax import (
    UK_PRESETS,
    Amounts,
    Carriage,
    Difference,
    DifferenceClass,
    DiscountStage,
    Jurisdiction,
    KitPart,
    KitTax,
    OroRelease,
    OroTaxPolicy,
    PrimaTaxPolicy,
    RateRow,
    Side,
    Statement,
    TaxLine,
    TaxOrder,
    TaxPlace,
    TaxPolicies,
    TaxRate,
    TaxRule,
    TaxTables,
    TotalsComparison,
    VatKind,
    VatLevel,
    compare_totals,
    explain_totals,
    forecast_text,
    predict_totals,
    prima_rates,
    prima_totals,
    rates_of,
    rounding_oracle,
    tax_order,
    uk_rate_table,
)
from oro_prima.oro.models import Order, OrderAddress, OrderDiscount, OrderLine
from oro_prima.outcome import Mapped, Outcome, Unmapped, reasons_of
from oro_prima.reasons import ReasonCode
from oro_prima.values import Rounding
from tests.rules.tax_making import prima_policies, tax_orders

D = Decimal
HOME = TaxPlace("GB")
TABLE = uk_rate_table(standard=frozenset({"STANDARD", "CARRIAGE"}), zero=frozenset({"ZERO"}))


def rule(code: str, rate: str) -> TaxRule:
    return TaxRule(code, "TRADE", Jurisdiction("GB"), TaxRate(code, D(rate)))


ORO = OroTaxPolicy(
    OroRelease.V6_1_11,
    origin=HOME,
    rules=(rule("STANDARD", "0.2"), rule("CARRIAGE", "0.2"), rule("ZERO", "0")),
    shipping_codes=("CARRIAGE",),
)
PRIMA = PrimaTaxPolicy(
    prices_include_vat=False,
    level=VatLevel.RATE,
    rates=TABLE,
    carriage_code="CARRIAGE",
    discount=DiscountStage.AFTER_VAT,
    manual_discount=DiscountStage.AFTER_VAT,
)
BOTH = TaxPolicies(ORO, PRIMA)
BOOTS = TaxLine("1", D("11.50"), D(7), "STANDARD")
BOOK = TaxLine("2", D("8.25"), D(4), "ZERO")
ORDER = TaxOrder(
    "1042", "GBP", (BOOTS, BOOK), shipping=D("6.00"), customer_code="TRADE", ship_to=HOME
)


def value(found: Outcome[Any]) -> Any:
    assert isinstance(found, Mapped), found
    return found.value


def prima(**changes: Any) -> TaxPolicies:
    return evolve(BOTH, prima=evolve(PRIMA, **changes))


# prediction


def test_an_order_on_both_sides() -> None:
    """Net, VAT and gross, and by rate, zero-rated goods with a row of their own."""
    found = value(predict_totals(ORDER, BOTH))

    assert (
        found.oro.owed.total == found.prima.total == Amounts(D("119.50"), D("17.30"), D("136.80"))
    )
    assert [(row.code, row.amounts.net, row.amounts.vat) for row in found.prima.rates] == [
        ("S", D("86.50"), D("17.30")),
        ("Z", D("33.00"), D("0.00")),
    ]
    assert not found.gap


def test_prices_that_mean_two_things_are_refused() -> None:
    """With VAT here and without there; and so is a comparison."""
    other = prima(prices_include_vat=True)

    assert [r.code for r in reasons_of(predict_totals(ORDER, other))] == [
        ReasonCode.VAT_BASIS_MISMATCH
    ]
    assert isinstance(compare_totals(Statement(ORDER), Statement(ORDER), other), Unmapped)
    assert isinstance(explain_totals(ORDER, other).result, str)


@pytest.mark.parametrize(
    ("changes", "kinds"),
    [
        ({}, {"STANDARD": "S", "ZERO": "Z", "CARRIAGE": "S"}),
        ({"ship_to": TaxPlace("FR")}, {"STANDARD": "X", "ZERO": "X", "CARRIAGE": "X"}),
        ({"account_class": "BUILDER"}, {"STANDARD": "RC", "ZERO": "Z", "CARRIAGE": "S"}),
        ({"shipping": D(0)}, {"STANDARD": "S", "ZERO": "Z"}),
    ],
)
def test_rates_by_line_ship_to_and_account(changes: Any, kinds: dict[str, str]) -> None:
    """Zero-rated goods, export, reverse charge."""
    table = uk_rate_table(
        standard=frozenset({"STANDARD"}),
        zero=frozenset({"ZERO"}),
        reverse_charge_classes=frozenset({"BUILDER"}),
    )
    carriage = RateRow(
        "S", D("0.2"), tax_codes=frozenset({"CARRIAGE"}), countries=frozenset({"GB"})
    )
    abroad = RateRow("X", D(0), VatKind.EXPORT, abroad_of=frozenset({"GB"}))
    policy = evolve(PRIMA, rates=(*table, carriage, abroad))
    found = value(prima_rates(evolve(ORDER, **changes), policy))

    assert {code: rates[0].code for code, rates in found.codes.items()} == kinds


def test_what_no_row_fits_is_refused_all_at_once() -> None:
    """No default rate; without a ship-to nothing is an export."""
    odd = evolve(ORDER, lines=(evolve(BOOTS, tax_code="ODD"), evolve(BOOK, tax_code="")))
    nowhere = evolve(ORDER, ship_to=None)

    assert [r.detail for r in reasons_of(prima_rates(odd, PRIMA))] == [
        "tax code ODD, GB, account of no class: no row of the rate table",
        "tax code (none), GB, account of no class: no row of the rate table",
    ]
    assert len(reasons_of(predict_totals(nowhere, BOTH))) == 3


def test_reduced_rates_are_in_the_table_where_codes_are_named() -> None:
    """A row for each kind that has a code; reverse charge only for a class."""
    table = uk_rate_table(standard=frozenset(), reduced=frozenset({"R"}))

    assert [(row.code, row.rate) for row in table] == [("R", D("0.05")), ("X", D(0))]


def test_carriage_at_its_own_rate_or_at_those_of_the_goods() -> None:
    """86.50 of the 119.50 is standard-rated, so that share of carriage is."""
    own = value(predict_totals(ORDER, BOTH)).prima
    shared = value(predict_totals(ORDER, prima(carriage=Carriage.APPORTIONED))).prima

    assert own.total.vat == D("17.30")
    assert shared.total.vat == D("16.95")
    assert shared.total.net == own.total.net
    empty = evolve(ORDER, lines=())
    assert value(predict_totals(empty, prima(carriage=Carriage.APPORTIONED))).prima.total.vat == D(
        "1.20"
    )


def test_kits_by_part() -> None:
    """Each part by its own code, what the kit costs beyond them by the kit's."""
    parts = (KitPart("book", D("4.00"), D(2), "ZERO"),)
    kit = evolve(ORDER, lines=(evolve(BOOTS, parts=parts, discount=D(7)),), shipping=D(0))

    assert value(predict_totals(kit, prima())).prima.total.vat == D("16.10")
    assert value(predict_totals(kit, prima(kits=KitTax.BY_PART))).prima.total.vat == D("4.90")
    after = prima(kits=KitTax.BY_PART, discount=DiscountStage.BEFORE_VAT)
    assert value(predict_totals(kit, after)).prima.total.vat == D("4.47")


def test_an_explanation_names_rules_rates_and_rows() -> None:
    """As a tree to print."""
    text = explanation_text(explain_totals(evolve(ORDER, lines=(BOOTS,), shipping=D(0)), BOTH))

    assert text == (
        "totals of an order = net 0.00, VAT 0.00, gross 0.00\n"
        "  tax rules (base origin, granularity zip_code) = STANDARD: 0.2\n"
        "  VAT rates (ship_to GB, account_class ) = STANDARD: S\n"
        "    row VAT rates[STANDARD]: code S, rate 0.2, kind taxed\n"
        "  OroCommerce = net 80.50, VAT 16.10, gross 96.60\n"
        "    row lines[1]: net 80.50, tax 16.10\n"
        "  Prima = net 80.50, VAT 16.10, gross 96.60\n"
        "    row rates[S]: net 80.50, VAT 16.10"
    )
    refused = explanation_text(explain_totals(evolve(ORDER, ship_to=None), BOTH))
    assert "tax-code-not-mapped" in refused
    assert "it holds for another customer code, or elsewhere" in explanation_text(
        explain_totals(evolve(ORDER, customer_code="RETAIL"), BOTH)
    )
    nowhere = evolve(BOTH, oro=evolve(ORO, origin=None))
    assert "no address to tax at" in explanation_text(explain_totals(ORDER, nowhere))


# comparison

CAUSES = DifferenceClass
LINE = prima(level=VatLevel.LINE)


def compared(
    invoice: TaxOrder = ORDER, order: TaxOrder = ORDER, policies: TaxPolicies = BOTH, **changes: Any
) -> TotalsComparison:
    found = evolve(Statement(invoice), **changes)
    return value(compare_totals(Statement(order), found, policies))  # type: ignore[no-any-return]


def causes(found: TotalsComparison) -> dict[str, str]:
    return {part.cause.value: f"{part.amounts.gross:.2f}" for part in found.parts}


def line(**changes: Any) -> TaxOrder:
    return evolve(ORDER, lines=(evolve(BOOTS, **changes), BOOK))


@pytest.mark.parametrize(
    ("invoice", "expected"),
    [
        (ORDER, {}),
        (line(price=D("12.00")), {"price": "4.20"}),
        (line(quantity=D(8)), {"quantity": "13.80"}),
        (evolve(ORDER, lines=(BOOTS, BOOK, evolve(BOOK, key="3"))), {"quantity": "33.00"}),
        (evolve(ORDER, lines=(BOOK, BOOTS)), {}),
        (line(quantity=D(5)), {"part-invoiced": "-27.60"}),
        (evolve(ORDER, lines=(BOOTS,)), {"part-invoiced": "-33.00"}),
        (line(discount=D("3.00")), {"discount": "-3.00"}),
        (evolve(ORDER, discount=D("5.00")), {"discount": "-5.00"}),
        (evolve(ORDER, manual_discount=D("5.00")), {"discount": "-5.00"}),
        (evolve(ORDER, shipping=D("7.00")), {"shipping": "1.20"}),
        (evolve(ORDER, shipping_discount=D("1.00")), {"shipping": "-1.00"}),
        (line(tax_code="ZERO"), {"tax code": "-16.10"}),
        (evolve(ORDER, ship_to=TaxPlace("FR")), {"shipping": "-1.20", "tax code": "-16.10"}),
    ],
)
def test_one_change_is_one_class(invoice: TaxOrder, expected: dict[str, str]) -> None:
    """And it explains all of the difference."""
    found = compared(invoice)

    assert causes(found) == expected
    assert found.unexplained == Amounts()
    assert found.explained == found.difference


def test_discounts_before_vat_on_one_side_are_a_matter_of_discounts() -> None:
    """Not of rounding."""
    discounted = evolve(ORDER, discount=D("10.00"))
    found = compared(discounted, discounted, prima(discount=DiscountStage.BEFORE_VAT))

    assert causes(found) == {"discount": "-1.42"}


def test_rounding_is_what_the_oracle_predicts() -> None:
    """Half a penny a line, here a whole one."""
    some = evolve(
        ORDER, lines=tuple(TaxLine(str(n), D("0.23"), D(1), "STANDARD") for n in range(9))
    )
    found = compared(some, some, LINE)
    forecast = rounding_oracle([some], LINE)

    assert causes(found) == {"rounding": "0.04"}
    assert forecast.orders[0].gap == found.of(CAUSES.ROUNDING) == found.difference


def test_credits_exchange_rates_and_what_nobody_can_explain() -> None:
    """A credit note of 12.00; a rate of 1.21 where 1.20 was agreed; 0.37 more than predicted."""
    found = compared(credited=Amounts(D("10.00"), D("2.00"), D("12.00")))
    assert causes(found) == {"credit": "-12.00"}

    euros = evolve(Statement(ORDER), fx_rate=D("1.21"))
    found = value(compare_totals(Statement(ORDER), euros, BOTH, agreed_rate=D("1.20")))
    assert causes(found) == {"FX": "1.14"}
    assert found.not_stated == ("OroCommerce", "Prima")

    stated = Amounts(D("119.50"), D("17.30"), D("136.80"))
    more = stated + Amounts(D("0.37"), D(0), D("0.37"))
    found = value(
        compare_totals(Statement(ORDER, totals=stated), Statement(ORDER, totals=more), BOTH)
    )
    assert causes(found) == {"unknown": "0.37"}
    assert found.unexplained == Amounts(D("0.37"), D(0), D("0.37"))
    assert (found.not_stated, found.explained) == ((), Amounts())


@given(
    net=st.decimals("0", "9999", places=2),
    vat=st.decimals("0", "999", places=2),
    order=tax_orders(),
)
def test_equal_statements_of_the_same_goods_have_no_gap(
    net: Decimal, vat: Decimal, order: TaxOrder
) -> None:
    """Whatever the policies predict: then a policy is wrong, and no document."""
    reduced = prima(rates=(RateRow("S", D("0.1"), tax_codes=frozenset({"STANDARD"})), *TABLE))
    same = Statement(order, Amounts(net, vat, net + vat))
    found = compare_totals(same, same, reduced)

    if isinstance(found, Mapped):
        assert (found.value.parts, found.value.difference) == ((), Amounts())


@pytest.mark.parametrize(("price", "predicted"), [("11.50", 1), ("1.0333", 2)])
def test_a_policy_that_is_wrong_is_no_gap(price: str, predicted: int) -> None:
    """Both documents agree to the penny, though a rate is said otherwise than it is."""
    reduced = prima(rates=(RateRow("S", D("0.1"), tax_codes=frozenset({"STANDARD"})), *TABLE))
    policies = evolve(reduced, prima=evolve(reduced.prima, level=VatLevel.LINE))
    order, stated = line(price=D(price)), Amounts(D("119.50"), D("17.30"), D("136.80"))
    found = value(compare_totals(Statement(order), Statement(order), policies))
    agreed = value(compare_totals(Statement(order, stated), Statement(order, stated), policies))

    assert len(found.parts) == predicted
    assert (agreed.parts, agreed.unexplained) == ((), Amounts())


def test_equal_sums_of_other_goods_still_have_their_classes() -> None:
    """A dearer line and a smaller quantity that cancel out are two slips, not none."""
    stated = Amounts(D("119.50"), D("17.30"), D("136.80"))
    other = line(price=D("23.00"), quantity=D(3))
    found = value(compare_totals(Statement(ORDER, stated), Statement(other, stated), BOTH))

    assert {"price", "part-invoiced"} <= causes(found).keys()
    assert sum((part.amounts for part in found.parts), Amounts()) == Amounts()
    one_side = evolve(Statement(ORDER), totals=None)
    silent = value(compare_totals(one_side, Statement(ORDER, stated + stated), BOTH))
    assert causes(silent).keys() == {"unknown"}


def test_what_is_credited_is_taken_off_what_is_stated() -> None:
    """On both sides; the order's own credits are the order's."""
    stated = Amounts(D("119.50"), D("17.30"), D("136.80"))
    note = Amounts(D("10.00"), D("2.00"), D("12.00"))
    plain, credited = Statement(ORDER, stated), Statement(ORDER, stated, note)
    theirs = value(compare_totals(plain, credited, BOTH))
    ours = value(compare_totals(credited, plain, BOTH))
    silent = value(compare_totals(Statement(ORDER, credited=note), plain, BOTH))

    assert (theirs.prima, theirs.oro) == (stated - note, stated)
    assert (causes(theirs), theirs.unexplained) == ({"credit": "-12.00"}, Amounts())
    assert (ours.oro, causes(ours)) == (stated - note, {"credit": "12.00"})
    assert (silent.oro, causes(silent)) == (stated - note, {"credit": "12.00"})


def test_an_exchange_rate_changes_net_and_vat_alike() -> None:
    """The net is changed, the VAT is what is left."""
    euros = evolve(Statement(ORDER), fx_rate=D("1.21"))
    found = value(compare_totals(Statement(ORDER), euros, BOTH, agreed_rate=D("1.20")))

    assert found.of(CAUSES.FX) == Amounts(D("1.00"), D("0.14"), D("1.14"))


def test_rates_that_differ_are_a_matter_of_tax_codes() -> None:
    """Of a line's code, and of a part's where kits are taxed by part."""
    reduced = RateRow("S", D("0.1"), tax_codes=frozenset({"STANDARD"}))
    policies = prima(rates=(reduced, *TABLE), kits=KitTax.BY_PART)
    parts = (KitPart("boot", D("2.00"), D(1), "STANDARD"),)
    kit = evolve(ORDER, lines=(evolve(BOOK, parts=parts),))

    assert causes(compared(ORDER, ORDER, policies)) == {"tax code": "-8.05"}
    assert causes(compared(kit, kit, policies)) == {"tax code": "-0.80"}


def test_a_part_of_a_line_has_its_share_of_the_discount() -> None:
    """Five of seven invoiced, with five sevenths of what was taken off."""
    ordered, invoiced = line(discount=D("7.00")), line(quantity=D(5), discount=D("5.00"))

    assert causes(compared(invoiced, ordered)) == {"part-invoiced": "-25.60"}


def test_an_exchange_rate_is_above_nothing() -> None:
    """Else nothing can be compared."""
    for found in (
        compare_totals(Statement(ORDER), Statement(ORDER, fx_rate=D(0)), BOTH),
        compare_totals(Statement(ORDER), Statement(ORDER), BOTH, agreed_rate=D(0)),
    ):
        assert [(r.code, r.subject) for r in reasons_of(found)] == [
            (ReasonCode.CURRENCY_MISMATCH, "orders/1042")
        ]
    odd = evolve(ORDER, lines=(evolve(BOOTS, tax_code="ODD"),))
    for one, other in ((odd, ORDER), (ORDER, odd)):
        found = compare_totals(Statement(one), Statement(other), BOTH)
        assert [r.code for r in reasons_of(found)] == [ReasonCode.TAX_CODE_NOT_MAPPED]


ANYWHERE = tuple(
    RateRow(code or "NONE", D(rate), tax_codes=frozenset({code}))
    for code, rate in (("STANDARD", "0.2"), ("REDUCED", "0.05"), ("ZERO", "0"), ("", "0.1"))
)
amounts = st.builds(
    lambda net, vat: Amounts(net, vat, net + vat),
    st.decimals("0", "99", places=2),
    st.decimals("0", "20", places=2),
)


@given(
    tax_orders(),
    tax_orders(),
    prima_policies,
    st.none() | amounts,
    st.none() | amounts,
    amounts,
    st.sampled_from([D(1), D("1.17"), D("0.85")]),
)
def test_shares_and_what_is_left_are_the_difference(
    order: TaxOrder,
    invoice: TaxOrder,
    policy: PrimaTaxPolicy,
    stated: Amounts | None,
    billed: Amounts | None,
    credited: Amounts,
    rate: Decimal,
) -> None:
    """Always, whatever differs: to the penny, in net, VAT and gross."""
    policy = evolve(policy, rates=ANYWHERE, carriage_code="STANDARD")
    policies = TaxPolicies(evolve(ORO, prices_include_tax=policy.prices_include_vat), policy)
    found = value(
        compare_totals(
            Statement(evolve(order, customer_code="TRADE"), stated),
            Statement(invoice, billed, credited, rate),
            policies,
            agreed_rate=rate,
        )
    )
    whole = sum((part.amounts for part in found.parts), Amounts())

    assert whole == found.difference == found.explained + found.unexplained
    assert len({part.cause for part in found.parts}) == len(found.parts)
    if billed is None and stated is None and rate == 1:
        assert found.unexplained == Amounts()


# the oracle


def book(*prices: str, lines: int = 9, currency: str = "GBP") -> list[TaxOrder]:
    return [
        evolve(
            ORDER,
            reference=f"{currency}{at}",
            currency=currency,
            shipping=D(0),
            lines=tuple(TaxLine(str(n), D(price), D(3), "STANDARD") for n in range(lines)),
        )
        for at, price in enumerate(prices)
    ]


def test_the_oracle_finds_the_setting_that_matters() -> None:
    """VAT by line against once an order: change the level, and all of it goes."""
    forecast = rounding_oracle(book("0.11", "0.24", "5.00"), LINE)

    assert [str(one.gap.vat) for one in forecast.orders] == ["0.04", "-0.04", "0.00"]
    assert forecast.totals[0].differing == 2
    assert (forecast.totals[0].apart, forecast.totals[0].largest) == (D("0.08"), D("0.04"))
    assert forecast.totals[0].gap == Amounts()
    assert forecast.advice is not None
    assert forecast.advice.removed == 1
    assert str(forecast.advice) == "OroCommerce: start_calculation_on from total to item"
    assert forecast_text(forecast) == (
        "GBP: 2 of 3 orders differ; 0.08 apart, largest 0.04; together net 0.00, VAT 0.00, gross 0.00\n"
        "change OroCommerce: start_calculation_on from total to item: removes 100 %"
    )


def test_prices_of_four_decimals_are_a_matter_of_the_start() -> None:
    """OroCommerce as installed rounds the price of a unit first, for the tax alone."""
    many = [
        evolve(one, lines=tuple(evolve(x, quantity=D(999)) for x in one.lines))
        for one in book("1.0049")
    ]
    forecast = rounding_oracle(many, BOTH)

    assert forecast.advice is not None
    assert (forecast.advice.side, forecast.advice.setting) == (Side.ORO, "start_calculation_with")


def test_where_there_is_no_gap_there_is_no_advice() -> None:
    """Nor where there is no order; refused orders are named."""
    odd = [evolve(ORDER, lines=(evolve(BOOTS, tax_code="ODD"),))]

    assert rounding_oracle(book("5.00"), BOTH).advice is None
    nothing = rounding_oracle(odd, BOTH)
    assert (nothing.orders, nothing.totals, nothing.advice) == ((), (), None)
    assert [reason.code for reason in nothing.refused] == [ReasonCode.TAX_CODE_NOT_MAPPED]
    assert forecast_text(nothing) == "not predicted: 1 reasons"


def test_currencies_never_meet() -> None:
    """A row each; the advice is the mean over those that have a gap."""
    some = [*book("0.11"), *book("0.24", "0.24", currency="EUR"), *book("5.00", currency="USD")]
    forecast = rounding_oracle(some, LINE)

    assert [(one.currency, one.orders, one.apart) for one in forecast.totals] == [
        ("EUR", 2, D("0.08")),
        ("GBP", 1, D("0.04")),
        ("USD", 1, D("0.00")),
    ]
    assert forecast.advice is not None


def test_no_single_setting_may_help() -> None:
    """Then the text says so."""
    policy = prima(rates=(RateRow("S", D("0.3")),))
    forecast = rounding_oracle(book("10.00"), policy)

    assert forecast.advice is None
    assert forecast_text(forecast).endswith("no single setting makes it smaller")


@given(st.lists(tax_orders(), min_size=1, max_size=4), prima_policies)
def test_the_advice_is_true(orders: list[TaxOrder], policy: PrimaTaxPolicy) -> None:
    """Predicting again with the setting changed gives exactly what was said to be left."""
    policy = evolve(policy, rates=ANYWHERE, carriage_code="STANDARD")
    policies = TaxPolicies(evolve(ORO, prices_include_tax=policy.prices_include_vat), policy)
    some = [evolve(one, customer_code="TRADE") for one in orders]
    forecast = rounding_oracle(some, policies)

    assert [one.gap for one in forecast.orders] == [
        value(predict_totals(one, policies)).gap for one in some
    ]
    assert sorted((c.removed for c in forecast.changes), reverse=True) == [
        c.removed for c in forecast.changes
    ]
    if forecast.advice is not None:
        assert sum(one.apart for one in forecast.advice.left) < sum(
            one.apart for one in forecast.totals
        )


# presets


@pytest.mark.parametrize(
    ("name", "vat"),
    [
        ("uk-invoice-half-up", "0.41"),
        ("uk-invoice-down", "0.41"),
        ("uk-line-penny", "0.45"),
        ("uk-line-tenth-down", "0.41"),
        ("uk-unit-penny", "0.45"),
        ("uk-unit-tenth", "0.41"),
    ],
)
def test_uk_presets(name: str, vat: str) -> None:
    """Nine lines of 0.23 at 20 %: 0.414 exactly."""
    preset = next(one for one in UK_PRESETS if one.name == name)
    policies = evolve(BOTH, prima=evolve(preset.policy, rates=TABLE, carriage_code="CARRIAGE"))
    lines = tuple(TaxLine(str(n), D("0.23"), D(1), "STANDARD") for n in range(9))
    order = evolve(ORDER, lines=lines, shipping=D(0))

    assert str(value(predict_totals(order, policies)).prima.total.vat) == vat
    assert preset.source
    assert preset.says


def test_vat_of_a_unit_is_never_nothing() -> None:
    """0.01 at 20 % is 0.002; the preset takes a penny, and nothing of what bears no VAT."""
    preset = next(one for one in UK_PRESETS if one.name == "uk-unit-penny")
    policy = evolve(preset.policy, rates=TABLE)
    order = evolve(
        ORDER,
        lines=(evolve(BOOTS, price=D("0.01")), evolve(BOOK, price=D("0.01"))),
        shipping=D(0),
    )
    rates = value(prima_rates(order, policy))

    assert prima_totals(order, rates, policy).total.vat == D("0.07")


def test_presets_have_names_of_their_own() -> None:
    """And none of them reads prices with VAT."""
    assert len({one.name for one in UK_PRESETS}) == len(UK_PRESETS)
    assert not any(one.policy.prices_include_vat for one in UK_PRESETS)


# reading


def an_order(**changes: Any) -> Order:
    at = datetime(2031, 5, 4, tzinfo=UTC)
    lines = (
        OrderLine(OroLineId("1"), OroSku("BOOT"), UnitCode("each"), D(7), D("11.50")),
        OrderLine(OroLineId("2"), OroSku("BOOK"), UnitCode("each"), D(4), D("8.25")),
    )
    order = Order(
        OroOrderId("1042"), at, at, "GBP", OroCustomerId("3"), lines=lines,
        estimated_shipping_cost_amount=D("6.00"),
        shipping_address=OrderAddress("1", country="GB", postal_code="SW1"),
    )  # fmt: skip
    return evolve(order, **changes)


CODES = TaxTables(
    {OroSku("BOOT"): "STANDARD", OroSku("BOOK"): "ZERO"}, {OroCustomerId("3"): "TRADE"}
)


def test_an_order_is_read_as_what_is_taxed() -> None:
    """Prices, codes, places; nothing personal."""
    found = value(tax_order(an_order(), CODES))

    assert found == evolve(ORDER, ship_to=TaxPlace("GB", postcode="SW1"))
    blank = OrderAddress("2")
    assert value(tax_order(an_order(billing_address=blank), CODES)).bill_to == TaxPlace("")
    free = an_order(lines=(evolve(an_order().lines[0], product_sku=None),), customer=None)
    assert value(tax_order(free, CODES)).lines[0].tax_code == ""


def test_discounts_by_amount_and_by_percent() -> None:
    """One by amount shows a percent too; one by percent shows the amount 0."""
    some = (
        OrderDiscount("1", amount=D("5.00"), percent=D("0.0440")),
        OrderDiscount("2", amount=D("0.00"), percent=D("0.1")),
        OrderDiscount("3"),
    )

    assert value(tax_order(an_order(discounts=some), CODES)).manual_discount == D("16.35")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"lines_complete": False}, ReasonCode.LINES_INCOMPLETE),
        ({"currency": None}, ReasonCode.CURRENCY_MISMATCH),
        ({"lines": (evolve(an_order().lines[0], value=None),)}, ReasonCode.PRICE_MISSING),
        ({"lines": (evolve(an_order().lines[0], kit_lines=2),)}, ReasonCode.KIT_NOT_MAPPED),
    ],
)
def test_what_cannot_be_predicted_is_refused(changes: Any, code: ReasonCode) -> None:
    """Nothing is guessed."""
    assert [r.code for r in reasons_of(tax_order(an_order(**changes), CODES))] == [code]


def test_values_pickle_and_pass_through_json() -> None:
    """Orders, policies, forecasts."""
    forecast = rounding_oracle(book("0.11"), LINE)
    comparison = compared(line(price=D(12)))
    converter = make_converter()

    for one in (ORDER, BOTH, forecast, comparison):
        assert pickle.loads(pickle.dumps(one)) == one
        text = encode_json(converter.unstructure(one))
        assert converter.structure(decode_json(text), type(one)) == one


def test_rates_of_both_sides() -> None:
    """OroCommerce's first."""
    ours, theirs = value(rates_of(ORDER, BOTH))

    assert (ours.of("ZERO")[0].code, theirs.of("ZERO")[0].code) == ("ZERO", "Z")
    assert Difference(CAUSES.FX, Amounts()).amounts == Amounts()
    assert Rounding.HALF_UP is PRIMA.vat_rounding
