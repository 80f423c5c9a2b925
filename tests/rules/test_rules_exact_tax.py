"""Tax to the letter: words of policies, bounds in figures, what the oracle tries, and edges."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

import pytest
from attrs import evolve, fields

from oro_prima.ids import OroCustomerId, OroLineId
from oro_prima.mapping.tax import (
    UK_PRESETS,
    Amounts,
    BaseExclusion,
    CalculateOn,
    CalculateWith,
    Carriage,
    CurrencyGap,
    Destination,
    DifferenceClass,
    DiscountedRow,
    DiscountShares,
    DiscountStage,
    Granularity,
    Jurisdiction,
    KitPart,
    KitTax,
    OrderGap,
    OrderRates,
    OroRelease,
    OroTaxPolicy,
    PayableTax,
    PrimaTaxPolicy,
    RateRow,
    Remainder,
    SameCode,
    Side,
    Statement,
    TaxBase,
    TaxElement,
    TaxLine,
    TaxOrder,
    TaxPlace,
    TaxPolicies,
    TaxRate,
    TaxRule,
    TaxTables,
    VatKind,
    VatLevel,
    compare_totals,
    currency_gaps,
    explain_totals,
    oro_bound,
    oro_rates,
    oro_tax,
    prima_bound,
    prima_rates,
    prima_totals,
    rates_of,
    rounding_changes,
    rounding_oracle,
    tax_order,
    wire_bound,
)
from oro_prima.outcome import Mapped, Unmapped
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.values import Rounding
from tests.rules.making import a_line, an_order

D = Decimal


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (CalculateWith, "unit_price row_total"),
        (CalculateOn, "total item"),
        (KitTax, "whole by-part"),
        (PayableTax, "sum-of-codes items-total"),
        (DiscountShares, "exact cents"),
        (DiscountedRow, "unit_price amount"),
        (SameCode, "apart merged"),
        (OroRelease, "5.1 6.1.0 6.1.11"),
        (TaxBase, "origin destination"),
        (Destination, "shipping_address billing_address"),
        (Granularity, "country region zip_code country_and_zip_code"),
        (VatLevel, "unit line rate order"),
        (DiscountStage, "before-vat after-vat"),
        (Carriage, "own-rate apportioned"),
        (VatKind, "taxed zero-rated exempt export reverse-charge"),
        (Remainder, "last largest"),
        (Side, "OroCommerce Prima"),
    ],
)
def test_words_of_tax_are_public(kind: type[StrEnum], words: str) -> None:
    """They stand in files of other people; most are the shop's own."""
    assert [member.value for member in kind] == words.split()


def test_what_is_not_said_is_this() -> None:
    """As the shop is installed; of Prima what is common."""
    oro, prima = OroTaxPolicy(OroRelease.V5_1), PrimaTaxPolicy(False, VatLevel.LINE)
    order, line = TaxOrder("7", "GBP", ()), TaxLine("1", D(1), D(1))

    assert (oro.start_with, oro.start_on) == (CalculateWith.UNIT_PRICE, CalculateOn.TOTAL)
    assert {oro.prices_include_tax, oro.shipping_includes_tax, oro.after_promotions} == {False}
    assert (oro.base, oro.destination) == (TaxBase.ORIGIN, Destination.SHIPPING)
    assert (oro.shipping_codes, oro.rules, oro.exclusions, oro.origin) == ((), (), (), None)
    assert (oro.granularity, oro.precision, oro.rounding) == (
        Granularity.ZIP_CODE, 2, Rounding.HALF_UP,
    )  # fmt: skip
    assert (prima.start, prima.price_decimals, prima.vat_decimals) == (
        CalculateWith.ROW_TOTAL,
        2,
        2,
    )
    assert {prima.price_rounding, prima.vat_rounding, prima.total_rounding} == {Rounding.HALF_UP}
    assert (prima.least, prima.carriage_code, prima.carriage_includes_vat) == (D(0), "", False)
    assert {prima.discount, prima.manual_discount} == {DiscountStage.BEFORE_VAT}
    assert (prima.kits, prima.carriage) == (KitTax.WHOLE, Carriage.OWN_RATE)
    assert prima.remainder is Remainder.LAST
    assert BaseExclusion("US", TaxBase.ORIGIN) == BaseExclusion("US", TaxBase.ORIGIN, "", "")
    assert TaxPlace("GB") == TaxPlace("GB", "", "", "")
    assert RateRow("S", D(0)).kind is VatKind.TAXED
    assert (line.tax_code, line.discount) == ("", D(0))
    assert not line.parts
    assert KitPart("1", D(1), D(1)).tax_code == ""
    assert (order.customer_code, order.account_class) == ("", "")
    assert {order.shipping, order.discount, order.manual_discount} == {D(0)}


# bounds in figures: one that grew is looser, and shows here

RATES = OrderRates(
    {
        "STD": (TaxRate("A", D("0.2")),),
        "LOW": (TaxRate("B", D("0.05")), TaxRate("C", D("0.0825"))),
    },
    shipping=(TaxRate("A", D("0.2")),),
)
PLAIN = TaxOrder("1", "GBP", (TaxLine("1", D("10.00"), D(3), "STD"),))
ODD = TaxLine("2", D("0.3333"), D("2.5"), "LOW")
KIT = TaxLine(
    "3", D("9.99"), D(2), "STD",
    parts=(KitPart("4", D("1.005"), D(3), "LOW"), KitPart("5", D(2), D(1), "STD")),
)  # fmt: skip
MIXED = evolve(PLAIN, lines=(*PLAIN.lines, ODD, KIT))
HALF_KIT = evolve(KIT, quantity=D("0.5"), discount=D("0.50"))
CARRIED = evolve(MIXED, shipping=D("4.99"))
ORDERS = {
    "plain": PLAIN,
    "plain, carried": evolve(PLAIN, shipping=D("4.99")),
    "none": evolve(PLAIN, lines=()),
    "odd": evolve(PLAIN, lines=(ODD,)),
    "odd price, even amount": evolve(PLAIN, lines=(TaxLine("2", D("0.125"), D(8), "STD"),)),
    "even price, odd amount": evolve(PLAIN, lines=(TaxLine("2", D("0.25"), D("0.5"), "LOW"),)),
    "mixed": MIXED,
    "mixed, carried": CARRIED,
    "discount": evolve(CARRIED, discount=D("5.00")),
    "manual": evolve(CARRIED, manual_discount=D("5.00")),
    "both": evolve(CARRIED, discount=D("2.00"), manual_discount=D("1.00")),
    "all but a penny": evolve(
        PLAIN, lines=(evolve(ODD, discount=D("0.40")),), shipping=D("4.99"), discount=D("0.20"),
        manual_discount=D("0.10"),
    ),
    "nothing left": evolve(PLAIN, shipping=D("4.99"), discount=D("30.00")),
    "line discount": evolve(PLAIN, lines=(evolve(PLAIN.lines[0], discount=D("1.00")), ODD)),
    "kit discount": evolve(CARRIED, lines=(*PLAIN.lines, HALF_KIT)),
}  # fmt: skip
UNIT, ROW = CalculateWith
V5, V61, V6111 = OroRelease
OROS = (
    OroTaxPolicy(V5),
    OroTaxPolicy(V5, ROW, CalculateOn.ITEM, after_promotions=True),
    OroTaxPolicy(V6111, UNIT, CalculateOn.ITEM, prices_include_tax=True, after_promotions=True),
    OroTaxPolicy(V6111, ROW, prices_include_tax=True, shipping_includes_tax=True, precision=3,
                 rounding=Rounding.DOWN),
)  # fmt: skip
PRIMAS = (
    PrimaTaxPolicy(False, VatLevel.UNIT, start=UNIT, price_decimals=4),
    PrimaTaxPolicy(False, VatLevel.UNIT, vat_decimals=3, least=D("0.01")),
    PrimaTaxPolicy(False, VatLevel.LINE, vat_decimals=3, carriage=Carriage.APPORTIONED,
                   total_rounding=Rounding.DOWN),
    PrimaTaxPolicy(False, VatLevel.RATE, start=UNIT, price_rounding=Rounding.DOWN,
                   vat_rounding=Rounding.UP, carriage=Carriage.APPORTIONED),
    PrimaTaxPolicy(False, VatLevel.RATE, vat_decimals=4, vat_rounding=Rounding.HALF_EVEN),
    PrimaTaxPolicy(False, VatLevel.ORDER, least=D("0.01")),
    PrimaTaxPolicy(False, VatLevel.ORDER, vat_decimals=4),
)  # fmt: skip
BOUNDS = {
    "plain": (
        "0.00016/0.00056 0.005001/0.025001 0.0100013/0.0300013 0.0050013/0.0250013 "
        "0.005001/0.004 0.015/0.035 0.035/0.055 0.0105/0.0305 0.01/0.03 0.00505/0.02505 "
        "0.005/0.025 0.00505/0.02505"
    ),
    "plain, carried": (
        "0.00018/0.00068 0.010001/0.030001 0.0150013/0.0350013 0.0100013/0.0300013 "
        "0.010001/0.004 0.022/0.042 0.057/0.077 0.039/0.059 0.038/0.058 0.01715/0.03715 "
        "0.007/0.027 0.00705/0.02705"
    ),
    "none": (
        "0.0001/0.0002 0/0.015 0/0.015 0/0.015 0.005/0.003 0/0.02 0/0.02 0/0.02 0/0.02 0/0.02 "
        "0.005/0.025 0.00505/0.02505"
    ),
    "odd": (
        "0.000133125/0.000483125 0.01165775/0.03165775 0.020664165625/0.040664165625 "
        "0.006657915625/0.026657915625 0.005664/0.004 0.0181625/0.0431625 0.031325/0.061325 "
        "0.011825/0.041825 0.013975/0.063975 0.006375/0.036375 0.006325/0.036325 "
        "0.006375/0.036375"
    ),
    "odd price, even amount": (
        "0.00026/0.00116 0.013001/0.033001 0.0100018/0.0300018 0.0130018/0.0330018 "
        "0.005001/0.004 0.04/0.06 0.085/0.105 0.0105/0.0305 0.026/0.126 0.00505/0.02505 "
        "0.005/0.025 0.00505/0.02505"
    ),
    "even price, odd amount": (
        "0.000106625/0.000256625 0.0100015/0.0300015 0.020664033125/0.040664033125 "
        "0.005001533125/0.025001533125 0.005664/0.004 0.0081625/0.0331625 0.011325/0.041325 "
        "0.011825/0.041825 0.0106625/0.0356625 0.006375/0.036375 0.006325/0.036325 "
        "0.006375/0.036375"
    ),
    "mixed": (
        "0.000352625/0.002002625 0.02463975/0.05463975 0.104997263125/0.134997263125 "
        "0.024641013125/0.054641013125 0.009996/0.006 0.09090475/0.13140475 "
        "0.1733125/0.2433125 0.0308125/0.1008125 0.0425875/0.2075875 0.0184125/0.0884125 "
        "0.0133125/0.0833125 0.0133625/0.0833625"
    ),
    "mixed, carried": (
        "0.000372625/0.002122625 0.02963975/0.05963975 0.109997263125/0.139997263125 "
        "0.029641013125/0.059641013125 0.014996/0.006 0.11290475/0.15340475 "
        "0.2003125/0.2703125 0.08927848917523996198036965718/0.1592784891752399619803696572 "
        "0.1022995583402821293413528196/0.2672995583402821293413528196 0.0355625/0.1055625 "
        "0.0153125/0.0853125 0.0153625/0.0853625"
    ),
    "discount": (
        "0.000372625/0.002122625 0.02963975/0.05963975 0.144997263125/0.174997263125 "
        "0.083641013125/0.113641013125 0.014996/0.006 0.14110475/0.18160475 "
        "0.2403125/0.3103125 0.1294932891703495708893052832/0.1994932891703495708893052832 "
        "0.1809249445046613347347445983/0.3459249445046613347347445983 0.0755625/0.1455625 "
        "0.0553125/0.1253125 0.0553625/0.1253625"
    ),
    "manual": (
        "0.000372625/0.002122625 0.02963975/0.05963975 0.141997263125/0.171997263125 "
        "0.074641013125/0.104641013125 0.014996/0.006 0.14110475/0.18160475 "
        "0.2403125/0.3103125 0.1294932891703495708893052832/0.1994932891703495708893052832 "
        "0.1809249445046613347347445983/0.3459249445046613347347445983 0.0755625/0.1455625 "
        "0.0553125/0.1253125 0.0553625/0.1253625"
    ),
    "both": (
        "0.000372625/0.002122625 0.02963975/0.05963975 0.144997263125/0.174997263125 "
        "0.083641013125/0.113641013125 0.014996/0.006 0.14110475/0.18160475 "
        "0.2403125/0.3103125 0.1294019725547361203435695854/0.1994019725547361203435695854 "
        "0.1806590465745018959160447468/0.3456590465745018959160447468 0.0755625/0.1455625 "
        "0.0553125/0.1253125 0.0553625/0.1253625"
    ),
    "all but a penny": (
        "0.000153125/0.000603125 0.01665775/0.03665775 0.029639165625/0.049639165625 "
        "0.017620415625/0.037620415625 0.010664/0.004 0.0391375/0.0641375 0.058625/0.088625 "
        "0.2075722616632860040567951318/0.2375722616632860040567951318 "
        "0.6325265738498789346246973366/0.6825265738498789346246973366 0.023775/0.053775 "
        "0.013625/0.043625 0.013675/0.043675"
    ),
    "nothing left": (
        "0.00018/0.00068 0.010001/0.030001 0.0220013/0.0420013 0.0230013/0.0430013 "
        "0.010001/0.004 0.026/0.046 0.061/0.081 2.039/2.059 2.038/2.058 0.02115/0.04115 "
        "0.011/0.031 0.01105/0.03105"
    ),
    "line discount": (
        "0.000193125/0.000843125 0.01665875/0.04165875 0.031665465625/0.056665465625 "
        "0.014659215625/0.039659215625 0.005665/0.005 0.0381625/0.0631625 0.066325/0.096325 "
        "0.022325/0.052325 0.023975/0.073975 0.011425/0.041425 0.006325/0.036325 "
        "0.006375/0.036375"
    ),
    "kit discount": (
        "0.000219875/0.000969875 0.02199825/0.04699825 0.082667499375/0.107667499375 "
        "0.046998749375/0.071998749375 0.012667/0.005 0.0842324375/0.1193574375 "
        "0.125325/0.175325 0.1090624147686058320034817931/0.1590624147686058320034817931 "
        "0.1109672253664199680742998113/0.1709672253664199680742998113 0.060575/0.110575 "
        "0.040325/0.090325 0.040375/0.090375"
    ),
}


@pytest.mark.parametrize("name", ORDERS)
def test_a_bound_is_as_near_as_it_was(name: str) -> None:
    """The wire's, OroCommerce's by four policies, Prima's by seven: VAT and gross of each."""
    order = ORDERS[name]
    found = [wire_bound(order, RATES)]
    found += [oro_bound(order, RATES, one) for one in OROS]
    found += [prima_bound(order, RATES, one) for one in PRIMAS]

    told = " ".join(f"{one.vat.normalize():f}/{one.gross.normalize():f}" for one in found)
    assert told == BOUNDS[name]


# the oracle

POLICIES = TaxPolicies(
    OroTaxPolicy(OroRelease.V6_1, base=TaxBase.DESTINATION),
    PrimaTaxPolicy(False, VatLevel.LINE, least=D("0.01")),
)


def test_the_oracle_tries_every_setting_of_rounding() -> None:
    """Each policy that it tries differs in that one setting and in nothing else."""
    names = {"start_calculation_with": "start_with", "start_calculation_on": "start_on"}
    tried = list(rounding_changes(POLICIES))
    decimals = [change.after for change in tried if change.setting == "vat_decimals"]
    said = list(dict.fromkeys(change.setting for change in tried))

    assert said == [
        "start_calculation_with", "start_calculation_on", "level", "start", "vat_rounding",
        "vat_decimals", "total_rounding", "least",
    ]  # fmt: skip
    assert decimals == [2, 3, 4]
    assert len(tried) == 2 + 2 + 4 + 2 + 4 + 3 + 4 + 1
    for change in tried:
        name = names.get(change.setting, change.setting)
        before = POLICIES.prima if change.oro is None else POLICIES.oro
        after = change.prima if change.oro is None else change.oro
        assert after is not None
        differing = {
            one.name
            for one in fields(type(before))
            if getattr(before, one.name) != getattr(after, one.name)
        }
        assert differing == ({name} if change.before != change.after else set())
        assert (getattr(before, name), getattr(after, name)) == (change.before, change.after)


def test_gaps_add_up_by_currency() -> None:
    """One that differs in VAT alone differs; sizes are added without their sign."""
    one = OrderGap("1", "GBP", Amounts(D("0.01"), D("-0.01"), D(0)))
    two = OrderGap("2", "GBP", Amounts(D(0), D("-0.02"), D("-0.02")))
    three = OrderGap("3", "GBP", Amounts(D(0), D("0.01"), D("0.01")))
    other = OrderGap("4", "EUR", Amounts())

    assert currency_gaps([one, two, three, other]) == (
        CurrencyGap("EUR", 1, 0, Amounts(), D(0), D(0)),
        CurrencyGap("GBP", 3, 3, Amounts(D("0.01"), D("-0.02"), D("-0.01")), D("0.03"), D("0.02")),
    )


def book(currency: str, *prices: str) -> TaxOrder:
    """Return an order whose lines are a fraction of a penny of VAT each."""
    lines = tuple(TaxLine(str(at), D(price), D(1), "STD") for at, price in enumerate(prices))
    where = TaxPlace("GB")
    return TaxOrder(currency, currency, lines, customer_code="TRADE", ship_to=where, bill_to=where)


def test_what_an_advice_removes_is_the_mean_over_currencies() -> None:
    """The whole of both where one setting makes both sides alike."""
    row = RateRow("S", D("0.2"))
    rule = TaxRule("STD", "TRADE", Jurisdiction("GB"), TaxRate("A", D("0.2")))
    oro = OroTaxPolicy(
        OroRelease.V6_1,
        ROW,
        base=TaxBase.DESTINATION,
        rules=(rule,),
    )
    policies = TaxPolicies(oro, PrimaTaxPolicy(False, VatLevel.LINE, rates=(row,)))
    orders = [book("GBP", "0.02", "0.02", "0.02"), book("EUR", "0.02", "0.02")]
    forecast = rounding_oracle(orders, policies)

    assert forecast.advice is not None
    assert forecast.advice.removed == 1
    shares = [(change.removed, [one.apart for one in change.left]) for change in forecast.changes]

    befores = [one.apart for one in forecast.totals]
    other = TaxRule("OTHER", "TRADE", Jurisdiction("GB"), TaxRate("B", D("0.3")))
    dear = evolve(orders[0], lines=(TaxLine("1", D("1.00"), D(1), "OTHER"),))
    both = TaxPolicies(evolve(oro, rules=(rule, other)), policies.prima)
    part = rounding_oracle([*orders, dear], both)
    assert part.advice is not None
    assert 0 < part.advice.removed < 1
    for removed, left in shares:
        each = [(old - new) / old for old, new in zip(befores, left, strict=True) if old]
        assert removed == sum(each, D(0)) / len(each)


def test_the_one_setting_that_helps_is_the_advice() -> None:
    """Half a penny a piece, a hundred times: rounded first it is a penny."""
    rule = TaxRule("STD", "TRADE", Jurisdiction("GB"), TaxRate("A", D("0.2")))
    oro = OroTaxPolicy(OroRelease.V6_1, UNIT, base=TaxBase.DESTINATION, rules=(rule,))
    rows = (RateRow("S", D("0.2")),)
    prima = PrimaTaxPolicy(False, VatLevel.LINE, rates=rows, price_decimals=4)
    one = book("GBP", "0.005")
    order = evolve(one, lines=(evolve(one.lines[0], quantity=D(100)),))
    forecast = rounding_oracle([order], TaxPolicies(oro, prima))
    helping = [change for change in forecast.changes if change.removed > 0]

    assert [(one.setting, one.after, one.removed) for one in helping] == [
        ("start_calculation_with", "row_total", D(1))
    ]
    assert forecast.advice == helping[0]


# edges of the engine

V = OroTaxPolicy(OroRelease.V6_1)


def test_what_costs_nothing_is_not_taxed_and_what_is_carried_free_is() -> None:
    """A line at no price has no codes; shipping at 0 is a figure of 0."""
    free = oro_tax(evolve(PLAIN, lines=(TaxLine("1", D(0), D(3), "STD"),)), RATES, V)
    cheap = oro_tax(evolve(PLAIN, shipping=D("0.50")), RATES, V)

    assert free.rows[0].codes == ()
    assert free.shipping == TaxElement(D("0.00"), D("0.00"), D("0.00"), D("0.00"))
    assert cheap.shipping is not None
    assert cheap.shipping.tax == D("0.10")


def test_a_kit_s_parts_are_taxed_as_often_as_the_kit_is_bought() -> None:
    """What is taxable of each code, too."""
    found = oro_tax(evolve(PLAIN, lines=(KIT,)), RATES, V).rows[0].codes

    assert {(one.code, one.taxable) for one in found} == {
        ("A", D("13.96")), ("B", D("6.06")), ("C", D("6.06")),
    }  # fmt: skip


def test_a_line_that_was_invoiced_whole_keeps_its_discount_as_it_is() -> None:
    """It is brought to pennies only where a part of it was."""
    line = TaxLine("1", D("10.00"), D(3), "STD", discount=D("0.005"))
    order = evolve(PLAIN, lines=(line,))
    prima = PrimaTaxPolicy(False, VatLevel.ORDER, rates=(RateRow("S", D("0.2")),))
    compared = compare_totals(Statement(order), Statement(order), TaxPolicies(V, prima))

    assert isinstance(compared, Mapped)
    assert compared.value.of(DifferenceClass.PART_INVOICED) == Amounts()
    assert compared.value.of(DifferenceClass.ROUNDING) != Amounts()


CA, TX = TaxPlace("US", "US-CA"), TaxPlace("US", "US-TX")
DE, FR, GR, GB = (TaxPlace(one) for one in ("DE", "FR", "GR", "GB"))


@pytest.mark.parametrize(
    ("origin", "to", "code", "expected"),
    [
        (TX, CA, "APP", []),
        (TX, TX, "APP", ["US"]),
        (TX, CA, "STD", ["US"]),
        (TX, FR, "APP", ["US"]),
        (TX, None, "APP", ["US"]),
        (DE, CA, "APP", ["DE"]),
        (DE, FR, "APP", ["FR"]),
        (DE, FR, "STD", ["DE"]),
        (DE, GR, "APP", ["DE"]),
        (GB, FR, "APP", ["GB"]),
    ],
)
def test_digital_goods_are_taxed_by_rules_of_their_own(
    origin: TaxPlace, to: TaxPlace | None, code: str, expected: list[str]
) -> None:
    """Some states tax none; within the union the destination counts, Greece being outside."""
    rules = tuple(
        TaxRule(product, "TRADE", Jurisdiction(country), TaxRate(country, D("0.1")))
        for product in ("APP", "STD")
        for country in ("US", "DE", "FR", "GR", "GB")
    )
    digital = frozenset({"APP"})
    policy = evolve(V, origin=origin, rules=rules, digital_us=digital, digital_eu=digital,
                    untaxed_states=frozenset({"US-CA"}))  # fmt: skip
    line = TaxLine("1", D(1), D(1), code)
    order = evolve(PLAIN, lines=(line,), ship_to=to, customer_code="TRADE")

    assert [one.code for one in oro_rates(order, policy).of(code)] == expected


def test_a_union_of_two_is_one() -> None:
    """From one of its countries to the other."""
    rules = tuple(
        TaxRule("APP", "TRADE", Jurisdiction(one), TaxRate(one, D("0.1"))) for one in ("DE", "FR")
    )
    policy = evolve(V, origin=DE, rules=rules, digital_eu=frozenset({"APP"}),
                    eu_countries=frozenset({"DE", "FR"}))  # fmt: skip
    line = TaxLine("1", D(1), D(1), "APP")
    order = evolve(PLAIN, lines=(line,), ship_to=FR, customer_code="TRADE")

    assert [one.code for one in oro_rates(order, policy).of("APP")] == ["FR"]


def test_a_code_with_two_rates_is_one_rate_with_both_names() -> None:
    """One that has none is at 0; a code that no row fits is named with its order."""
    found = prima_totals(evolve(PLAIN, lines=(ODD,)), RATES, PrimaTaxPolicy(False, VatLevel.LINE))
    row = RateRow("S", D("0.2"), tax_codes=frozenset({"STD"}))
    none = prima_rates(evolve(PLAIN, lines=(ODD,)), PrimaTaxPolicy(False, VatLevel.LINE, (row,)))

    assert [(one.code, one.rate) for one in found.rates] == [("B+C", D("0.1325"))]
    assert [reason.subject for reason in none.reasons] == [  # type: ignore[union-attr]
        "orders/1"
    ]


def test_an_order_is_read_with_what_it_does_not_say() -> None:
    """Codes that nobody said are empty; what is missing is named with its place."""
    order = an_order(lines=(a_line(product_sku=None), a_line(id=OroLineId("2"))))
    found = tax_order(order, TaxTables(customers={OroCustomerId(""): "NOBODY"}))
    nobody = {OroCustomerId("XX"): "SOME"}
    unknown = tax_order(evolve(order, customer=None), TaxTables(customers=nobody, classes=nobody))
    bad = tax_order(an_order(lines=(a_line(value=None),)), TaxTables())
    short = tax_order(evolve(order, lines_complete=False), TaxTables())

    assert isinstance(found, Mapped)
    assert isinstance(unknown, Mapped)
    assert [line.tax_code for line in found.value.lines] == ["", ""]
    assert (found.value.customer_code, found.value.account_class) == ("", "")
    assert (unknown.value.customer_code, unknown.value.account_class) == ("", "")
    assert [reason.subject for reason in bad.reasons] == [  # type: ignore[union-attr]
        "orders/7/lines/1"
    ]
    assert [reason.subject for reason in short.reasons] == ["orders/7"]  # type: ignore[union-attr]


def test_presets_are_what_they_say() -> None:
    """Name, level, decimals, rounding, least; and where each is described."""
    told = [
        (one.name, one.policy.level.value, one.policy.vat_decimals,
         one.policy.vat_rounding.name, one.policy.total_rounding.name, str(one.policy.least))
        for one in UK_PRESETS
    ]  # fmt: skip
    manual = "HMRC internal manual VAT Trader Records, VATREC120"

    assert told == [
        ("uk-invoice-half-up", "rate", 2, "HALF_UP", "HALF_UP", "0"),
        ("uk-invoice-down", "order", 2, "DOWN", "HALF_UP", "0"),
        ("uk-line-penny", "line", 2, "HALF_UP", "HALF_UP", "0"),
        ("uk-line-tenth-down", "line", 3, "DOWN", "DOWN", "0"),
        ("uk-unit-penny", "unit", 2, "HALF_UP", "HALF_UP", "0.01"),
        ("uk-unit-tenth", "unit", 3, "HALF_UP", "HALF_UP", "0"),
    ]
    assert [one.source for one in UK_PRESETS] == [
        f"{manual}30",
        f"{manual}10, Notice 700 section 17.5",
        f"{manual}30, Notice 700 section 17.5.1",
        f"{manual}10, Notice 700 section 17.5.1",
        "Notice 700 section 17.5.2, as quoted by others",
        "Notice 700 section 17.5.2, as quoted by others",
    ]


def test_sides_that_mean_prices_differently_are_not_compared() -> None:
    """The order is named."""
    prima = PrimaTaxPolicy(True, VatLevel.LINE)
    found = rates_of(PLAIN, TaxPolicies(V, prima))

    detail = "the sides differ in whether prices hold VAT"
    assert found == Unmapped((Reason(ReasonCode.VAT_BASIS_MISMATCH, "orders/1", detail),))
    assert detail in explain_totals(PLAIN, TaxPolicies(V, prima)).result
