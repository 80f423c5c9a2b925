"""OroCommerce's tax engine: every figure that it is known to state, release by release."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve

from oro_prima.mapping.tax import (
    BaseExclusion,
    CalculateOn,
    CalculateWith,
    CodeTax,
    Destination,
    Granularity,
    Jurisdiction,
    KitPart,
    OrderRates,
    OroRelease,
    OroTaxPolicy,
    OroTotals,
    PostcodeRange,
    TaxBase,
    TaxElement,
    TaxLine,
    TaxOrder,
    TaxPlace,
    TaxRate,
    TaxRule,
    discounted,
    oro_rates,
    oro_tax,
    oro_totals,
    row_tax,
    tax_added,
    tax_inside,
    taxation_place,
)

D = Decimal
UNIT, ROW = CalculateWith
TOTAL, ITEM = CalculateOn
NEW = OroTaxPolicy(OroRelease.V6_1_11)
OLD = OroTaxPolicy(OroRelease.V5_1)
INCL = evolve(NEW, prices_include_tax=True)
STARTS = [(UNIT, TOTAL), (UNIT, ITEM), (ROW, TOTAL), (ROW, ITEM)]


def lines(*some: tuple[str, str | int, str]) -> tuple[TaxLine, ...]:
    return tuple(
        TaxLine(str(at), D(price), D(quantity), code)
        for at, (price, quantity, code) in enumerate(some)
    )


def order(*some: tuple[str, str | int, str], **changes: Any) -> TaxOrder:
    return evolve(TaxOrder("7", "GBP", lines(*some)), **changes)


def rates(shipping: str = "", **codes: str) -> OrderRates:
    found = {
        code: tuple(TaxRate(f"{code}{at or ''}", D(rate)) for at, rate in enumerate(text.split()))
        for code, text in codes.items()
    }
    return OrderRates(found, (TaxRate("ship", D(shipping)),) if shipping else ())


def figures(element: TaxElement) -> tuple[str, str, str, str]:
    parts = (element.including, element.excluding, element.tax, element.adjustment)
    return tuple(format(part.normalize(), "f") for part in parts)  # type: ignore[return-value]


def cents(*amounts: Decimal) -> list[str]:
    return [f"{amount:.2f}" for amount in amounts]


def codes(some: tuple[CodeTax, ...]) -> list[str]:
    return cents(*(one.tax for one in some))


# the worked example: 8.25 % everywhere, line 3 by two rules; shipping is taxed

EXAMPLE = order(("1.255", 7, "A"), ("0.335", 2, "A"), ("19.995", 3, "B"), shipping=D("4.99"))
EXAMPLE_RATES = rates("0.0825", A="0.0825", B="0.06 0.0225")


def example(start: CalculateWith, on: CalculateOn, **changes: Any) -> OroTotals:
    policy = evolve(NEW, start_with=start, start_on=on, **changes)
    return oro_totals(EXAMPLE, EXAMPLE_RATES, policy)


@pytest.mark.parametrize(
    ("start", "on", "rows", "items", "total"),
    [
        (UNIT, TOTAL, "8.82 0.68 60.00", "69.50 5.73 75.23", "74.49 6.15 80.64"),
        (UNIT, ITEM, "8.82 0.68 60.00", "69.50 5.74 75.24", "74.49 6.15 80.64"),
        (ROW, TOTAL, "8.79 0.67 59.99", "69.45 5.73 75.18", "74.44 6.14 80.58"),
        (ROW, ITEM, "8.79 0.67 59.99", "69.45 5.74 75.19", "74.44 6.15 80.59"),
    ],
)
def test_the_worked_example(
    start: CalculateWith, on: CalculateOn, rows: str, items: str, total: str
) -> None:
    """Both starts, once a total and once an item."""
    tax = example(start, on).tax

    assert cents(*(one.row.excluding for one in tax.rows)) == rows.split()
    assert cents(*(one.row.tax for one in tax.rows)) == ["0.73", "0.06", "4.95"]
    assert cents(tax.items.excluding, tax.items.tax, tax.items.including) == items.split()
    assert tax.shipping is not None
    assert cents(tax.shipping.tax) == ["0.41"]
    assert cents(tax.total.excluding, tax.total.tax, tax.total.including) == total.split()


def test_what_is_owed_can_differ_by_a_cent_from_what_is_stated() -> None:
    """Goods and shipping are rounded apart, then added; and rows of the order by its own rule."""
    found = example(UNIT, TOTAL)

    assert found.tax.total.tax == D("6.15")
    assert found.owed.total.vat == D("6.14")
    assert found.owed.total.gross == D("69.45") + D("4.99") + D("6.14")


@pytest.mark.parametrize(
    ("start", "on", "tax"),
    [(UNIT, TOTAL, "5.30"), (UNIT, ITEM, "5.29"), (ROW, TOTAL, "5.29"), (ROW, ITEM, "5.29")],
)
def test_the_worked_example_with_prices_that_include_tax(
    start: CalculateWith, on: CalculateOn, tax: str
) -> None:
    """The tax is taken out of the same prices."""
    assert cents(example(start, on, prices_include_tax=True).tax.items.tax) == [tax]


def test_shipping_that_is_not_taxed_as_a_server_was_seen_to_do() -> None:
    """80.17: rows 69.45, tax 5.73, shipping 4.99."""
    found = oro_totals(EXAMPLE, evolve(EXAMPLE_RATES, shipping=()), NEW)

    assert found.owed.total.gross == D("80.17")
    assert found.owed.total.vat == D("5.73")


# figures of its own tests

FOUR = order(("3.42", 41, "A"), ("8.55", 15, "A"), ("18.05", 13, "A"), ("24.80", 35, "A"))
TWO = rates(A="0.104 0.075")
NINE = order(*[("22.21", 1, "")] * 5, *[("22.21", 1, "A")] * 4)
TWELVE = order(
    *[("22.21", 1, "")] * 5,
    *[("22.21", 1, "A")] * 4,
    ("6.12", 1, "A"),
    ("55.64", 1, "A"),
    ("150.09", 1, "A"),
)
ONE = rates(A="0.104")
KIT = order(("55.64", 1, "A"))
KIT = evolve(
    KIT,
    lines=(
        *KIT.lines,
        TaxLine(
            "kit",
            D("150.09"),
            D(2),
            "A",
            parts=(
                KitPart("a", D("22.21"), D(2), "A"),
                KitPart("b", D("6.12"), D(2), "A"),
                KitPart("c", D("6.12"), D(1), "B"),
            ),
        ),
    ),
)


@pytest.mark.parametrize(
    ("found", "held", "base", "starts", "total", "by_code"),
    [
        (
            FOUR,
            TWO,
            NEW,
            [(UNIT, ITEM), (ROW, ITEM)],
            "1616.55 1371.12 245.43 0.00048",
            "142.59 102.84",
        ),
        (
            FOUR,
            TWO,
            NEW,
            [(ROW, TOTAL), (UNIT, TOTAL)],
            "1616.55 1371.12 245.43 0.00048",
            "142.60 102.83",
        ),
        (
            FOUR,
            TWO,
            INCL,
            [(UNIT, ITEM), (ROW, ITEM)],
            "1371.12 1162.95 208.17 -0.001654",
            "120.95 87.23",
        ),
        (FOUR, TWO, INCL, [(UNIT, TOTAL)], "1371.12 1162.95 208.17 -0.001654", "120.95 87.22"),
        (
            KIT,
            rates(A="0.104", B="0.2"),
            NEW,
            [(UNIT, TOTAL)],
            "394 355.82 38.18 0.00032",
            "35.73 2.45",
        ),
        (TWELVE, ONE, NEW, [(ROW, ITEM), (UNIT, ITEM)], "443.02 411.74 31.28 -0.00824", "31.28"),
        (NINE, ONE, INCL, [(UNIT, ITEM), (ROW, ITEM)], "199.89 191.53 8.36 0.008984", "8.36"),
        (NINE, ONE, INCL, [(UNIT, TOTAL)], "199.89 191.52 8.37 0.008984", "8.37"),
        (NINE, ONE, NEW, [(UNIT, TOTAL)], "209.13 199.89 9.24 -0.00064", "9.24"),
        (order(("22.226", 2, "A")), ONE, NEW, [(ROW, TOTAL)], "49.07 44.45 4.62 0.0028", "4.62"),
    ],
)
def test_orders_of_its_own_tests(
    found: TaxOrder,
    held: OrderRates,
    base: OroTaxPolicy,
    starts: list[tuple[CalculateWith, CalculateOn]],
    total: str,
    by_code: str,
) -> None:
    """Including, excluding, tax and adjustment of the total; the tax of each code."""
    for start, on in starts:
        tax = oro_tax(found, held, evolve(base, start_with=start, start_on=on))

        assert figures(tax.total) == tuple(total.split())
        assert codes(tax.codes) == by_code.split()


@pytest.mark.parametrize(
    ("found", "base", "start", "on", "taxable"),
    [
        (TWELVE, NEW, ROW, ITEM, "300.69"),
        (NINE, INCL, UNIT, ITEM, "80.48"),
        (NINE, INCL, UNIT, TOTAL, "80.47"),
    ],
)
def test_what_a_code_is_taken_of(
    found: TaxOrder, base: OroTaxPolicy, start: CalculateWith, on: CalculateOn, taxable: str
) -> None:
    """Rounded a row, or once."""
    tax = oro_tax(found, ONE, evolve(base, start_with=start, start_on=on))

    assert cents(tax.codes[0].taxable) == [taxable]


@pytest.mark.parametrize(
    ("base", "expected"),
    [(NEW, "112.55 101.95 10.6 0.0028"), (INCL, "101.95 92.35 9.6 -0.006014")],
)
def test_taxes_after_promotions(base: OroTaxPolicy, expected: str) -> None:
    """Rows of 71.95 for five and 30 for six, after their discounts."""
    some = (
        TaxLine("1", D("15.39"), D(5), "A", discount=D(5)),
        TaxLine("2", D("6"), D(6), "A", discount=D(6)),
    )
    found = oro_totals(TaxOrder("7", "GBP", some), ONE, evolve(base, after_promotions=True))

    assert figures(found.tax.total) == tuple(expected.split())


def test_two_rates_with_consistent_rounding() -> None:
    """Tax 0.68, of 0.35 and 0.34: the codes need not add up to the total."""
    found = order(("3.46", 1, "A"), ("1.54", 1, "B"))
    tax = oro_tax(found, rates(A="0.1", B="0.22"), evolve(NEW, start_with=ROW))

    assert cents(tax.total.tax) == ["0.68"]
    assert codes(tax.codes) == ["0.35", "0.34"]


@pytest.mark.parametrize(
    ("start", "row", "by_code"),
    [
        (UNIT, "45.977 39.98 5.997 -0.003", "3.1984 2.7986"),
        (ROW, "45.9885 39.99 5.9985 -0.0015", "3.1992 2.7993"),
    ],
)
def test_rows_before_the_last_rounding(start: CalculateWith, row: str, by_code: str) -> None:
    """19.9949 x 2 at 8 % and 7 %."""
    some = (TaxRate("X", D("0.08")), TaxRate("Y", D("0.07")))
    found = row_tax(D("19.9949"), D(2), some, evolve(NEW, start_with=start))

    assert figures(found.row) == tuple(row.split())
    assert [f"{one.tax.normalize():f}" for one in found.codes] == by_code.split()


def test_the_two_calculators() -> None:
    """Tax added and tax inside; the sign of a rate does not count."""
    amount, rate = D("17.21"), D("0.0765")

    assert tax_added(amount, rate).tax == D("1.316565")
    assert tax_added(amount, rate).including == D("18.526565")
    assert tax_inside(amount, rate).tax == D("1.223005")
    assert tax_inside(amount, rate).excluding == D("15.986995")
    assert tax_added(D("15.98"), D("-0.2")).tax == D("3.196")
    assert tax_added(D("15.98"), D("0.2")).tax == D("3.196")
    assert tax_inside(amount, -rate) == tax_inside(amount, rate)


@pytest.mark.parametrize(
    ("start", "on", "tax"),
    [
        (UNIT, TOTAL, "712.35"),
        (UNIT, ITEM, "712.35"),
        (ROW, ITEM, "712.23"),
        (ROW, TOTAL, "712.22"),
    ],
)
def test_the_manuals_example(start: CalculateWith, on: CalculateOn, tax: str) -> None:
    """A hundred each of 0.005, 23.575 and 55.555 at 9 %."""
    found = order(("0.005", 100, "A"), ("23.575", 100, "A"), ("55.555", 100, "A"))
    policy = evolve(NEW, start_with=start, start_on=on)

    assert cents(oro_tax(found, rates(A="0.09"), policy).total.tax) == [tax]


# releases


def test_old_releases_tax_a_kit_as_one_product() -> None:
    """By the kit's own code, whatever is in it."""
    held = rates(A="0.104", B="0.2")

    assert codes(oro_tax(KIT, held, OLD).codes) == ["37.01"]
    assert codes(oro_tax(KIT, held, evolve(NEW, release=OroRelease.V6_1)).codes) == [
        "35.73",
        "2.45",
    ]


def test_a_kit_once_an_item() -> None:
    """What each code takes of a part is rounded for one kit, then again for all of them."""
    held = rates(A="0.104", B="0.2")
    tax = oro_tax(KIT, held, evolve(NEW, start_on=ITEM))

    assert codes(tax.codes) == ["35.73", "2.44"]
    assert tax.rows[1].unit.tax == D("16.20")


def test_a_kit_that_costs_no_more_than_its_parts_has_no_part_of_its_own() -> None:
    """And a part at no price is not taxed."""
    parts = (KitPart("a", D(10), D(1), "A"), KitPart("b", D(0), D(1), "B"))
    some = TaxOrder("7", "GBP", (TaxLine("kit", D(10), D(3), "B", parts=parts),))
    tax = oro_tax(some, rates(A="0.2", B="0.1"), NEW)

    assert [(one.code, one.tax) for one in tax.codes] == [("A", D(6))]


def test_until_6_1_10_what_is_owed_holds_the_sum_of_the_codes() -> None:
    """0.69 of codes; from 6.1.11 on the items' 0.68."""
    found = order(("3.46", 1, "A"), ("1.54", 1, "B"))
    held = rates(A="0.1", B="0.22")
    owed = {
        release: oro_totals(found, held, OroTaxPolicy(release, start_with=ROW)).owed.total.vat
        for release in OroRelease
    }

    assert owed == {
        OroRelease.V5_1: D("0.69"),
        OroRelease.V6_1: D("0.69"),
        OroRelease.V6_1_11: D("0.68"),
    }


def test_rules_of_one_code_are_one_from_6_1_on() -> None:
    """Their taxes are added up before anything is rounded once an item."""
    some = OrderRates({"A": (TaxRate("X", D("0.105")), TaxRate("X", D("0.105")))})
    found = order(("1", 1, "A"))
    new, old = (oro_tax(found, some, evolve(one, start_on=ITEM)).codes for one in (NEW, OLD))

    assert codes(new) == ["0.21"]
    assert codes(old) == ["0.22"]


def test_an_orders_discount_is_shared_out_in_cents_from_6_1_11_on() -> None:
    """The remainder is the last line's; before, shares were not rounded."""
    found = order(("1", 1, "A"), ("1", 1, "A"), ("1", 1, "A"), discount=D(1))

    assert cents(*discounted(found, NEW).rows) == ["0.67", "0.67", "0.66"]
    assert discounted(found, OLD).rows[0] != D("0.67")


def test_with_an_orders_discount_6_1_11_starts_with_the_rows_amount() -> None:
    """Not with the rounded price of a unit; other starts and older releases do as ever."""
    some = (TaxLine("1", D(10), D(3), "A"),)
    found = TaxOrder("7", "GBP", some, discount=D(10))
    after = evolve(NEW, after_promotions=True)

    def net(policy: OroTaxPolicy, of: TaxOrder = found) -> Decimal:
        return oro_totals(of, rates(A="0.2"), policy).tax.total.excluding

    assert net(after) == D("20.00")
    assert net(evolve(after, release=OroRelease.V6_1)) == D("20.01")
    assert net(evolve(after, start_with=ROW)) == D("20.00")
    own = evolve(found, discount=D(0), lines=(evolve(some[0], discount=D(10)),))
    assert net(after, own) == D("20.01")


def test_discounts_lower_what_is_owed_and_not_the_tax_unless_it_is_said() -> None:
    """As installed: tax of 5.73 with a discount or without."""
    found = evolve(EXAMPLE, shipping=D(0), discount=D(10), manual_discount=D(5))
    plain = oro_totals(found, EXAMPLE_RATES, NEW).owed.total
    after = oro_totals(found, EXAMPLE_RATES, evolve(NEW, after_promotions=True)).owed.total

    assert (plain.gross, plain.vat) == (D("69.45") - D(15) + D("5.73"), D("5.73"))
    assert after.vat == D("4.90")


def test_shipping_after_promotions_and_with_tax_in_it() -> None:
    """Taxed after its discount; taken out of the cost where the cost holds tax."""
    found = order(("10", 1, ""), shipping=D(12), shipping_discount=D(6))
    held = rates("0.2")
    after = evolve(NEW, after_promotions=True)

    assert oro_totals(found, held, NEW).owed.total.vat == D("2.40")
    assert oro_totals(found, held, after).owed.total.vat == D("1.20")
    inside = oro_totals(found, held, evolve(after, shipping_includes_tax=True)).owed
    assert (inside.total.vat, inside.total.gross) == (D("1.00"), D("16.00"))
    assert [(one.code, one.amounts.net, one.amounts.vat) for one in inside.rates] == [
        ("ship", D("5.00"), D("1.00"))
    ]


def test_nothing_is_taxed_without_an_address_or_a_price() -> None:
    """No row, no shipping; what is owed is there all the same."""
    nowhere = oro_totals(EXAMPLE, OrderRates(located=False), NEW)
    free = oro_totals(order(("0", 2, "A"), ("5", 0, "A")), rates(A="0.2"), NEW)
    empty = oro_totals(order(shipping=D(5)), rates("0.2"), NEW)

    assert nowhere.tax.total == TaxElement()
    assert nowhere.tax.shipping is None
    assert nowhere.owed.total.gross == D("74.44")
    assert free.owed.total.gross == 0
    assert (empty.tax.shipping, empty.owed.total.gross) == (None, D(5))


def test_what_is_owed_is_never_below_nothing() -> None:
    """The sum is cut off at 0 after each part."""
    found = order(("5", 1, ""), discount=D(9), shipping=D(2))

    assert oro_totals(found, rates("0.2"), NEW).owed.total.gross == D("2.40")


def test_a_rate_of_zero_has_a_row_of_its_own() -> None:
    """Zero-rated is not the same as without a rule."""
    found = oro_totals(order(("5", 1, "Z"), ("7", 1, "")), rates(Z="0"), NEW)

    assert [(one.code, one.amounts.net, one.amounts.vat) for one in found.owed.rates] == [
        ("Z", D(5), D(0))
    ]


# which rules hold

CA = Jurisdiction("US", "US-CA")
LA = Jurisdiction("US", "US-CA", postcodes=(PostcodeRange("90001", "90210"),))
ZIP = Jurisdiction("US", postcodes=(PostcodeRange("90210", "90210"),))
ALL = tuple(
    TaxRule("P", "C", where, TaxRate(name, D("0.01")))
    for name, where in {
        "us": Jurisdiction("US"),
        "ca": CA,
        "la": LA,
        "zip": ZIP,
        "gb": Jurisdiction("GB"),
    }.items()
)
RULED = evolve(NEW, rules=ALL, base=TaxBase.DESTINATION, shipping_codes=("P", "Q"))
BEVERLY = TaxPlace("US", "US-CA", postcode="90210")
SHIPPED = order(("1", 1, "P"), customer_code="C", ship_to=BEVERLY)


def holding(place: TaxPlace, granularity: Granularity) -> list[str]:
    found = evolve(SHIPPED, ship_to=place)
    some = oro_rates(found, evolve(RULED, granularity=granularity)).of("P")
    return [one.code for one in some]


@pytest.mark.parametrize(
    ("granularity", "place", "expected"),
    [
        (Granularity.COUNTRY, BEVERLY, "us"),
        (Granularity.REGION, BEVERLY, "us ca"),
        (Granularity.ZIP_CODE, BEVERLY, "us ca la"),
        (Granularity.COUNTRY_AND_ZIP_CODE, BEVERLY, "us la zip"),
        (Granularity.ZIP_CODE, evolve(BEVERLY, postcode="90210-1234"), "us ca la"),
        (Granularity.ZIP_CODE, evolve(BEVERLY, postcode="10001"), "us ca"),
        (Granularity.ZIP_CODE, evolve(BEVERLY, postcode="90001"), "us ca la"),
        (Granularity.ZIP_CODE, evolve(BEVERLY, region=""), "us"),
        (Granularity.ZIP_CODE, evolve(BEVERLY, region="US-NY"), "us"),
        (Granularity.ZIP_CODE, TaxPlace("GB", postcode="SW1"), "gb"),
        (Granularity.COUNTRY_AND_ZIP_CODE, evolve(BEVERLY, postcode="90210-1"), "us la"),
        (Granularity.ZIP_CODE, TaxPlace("FR"), ""),
    ],
)
def test_rules_of_coarser_places_add_up(
    granularity: Granularity, place: TaxPlace, expected: str
) -> None:
    """Nothing is overridden; a range of postcodes compares the number they begin with."""
    assert holding(place, granularity) == expected.split()


def test_a_region_in_words_is_the_same_or_none() -> None:
    """Code and words must both be the same."""
    rule = TaxRule("P", "C", Jurisdiction("IE", region_text="Cork"), TaxRate("cork", D("0.1")))
    policy = evolve(RULED, rules=(rule,))

    def found(place: TaxPlace) -> int:
        return len(oro_rates(evolve(SHIPPED, ship_to=place), policy).of("P"))

    assert found(TaxPlace("IE", region_text="Cork")) == 1
    assert found(TaxPlace("IE", region_text="Kerry")) == 0
    assert found(TaxPlace("IE", "IE-CO", "Cork")) == 0


def test_a_postcode_without_a_number_is_nought() -> None:
    """As the shop reads it."""
    where = Jurisdiction("GB", postcodes=(PostcodeRange("0", "5"),))
    rule = TaxRule("P", "C", where, TaxRate("odd", D("0.1")))
    policy = evolve(RULED, rules=(rule,), granularity=Granularity.COUNTRY_AND_ZIP_CODE)
    found = evolve(SHIPPED, ship_to=TaxPlace("GB", postcode="SW1"))
    none = evolve(
        policy,
        rules=(evolve(rule, jurisdiction=evolve(where, postcodes=(PostcodeRange("1", "5"),))),),
    )

    assert len(oro_rates(found, policy).of("P")) == 1
    assert oro_rates(found, none).of("P") == ()


def test_an_exclusion_by_region_in_words_fits_an_address_that_names_none() -> None:
    """Only a region that the address names is compared."""
    cork = BaseExclusion("IE", TaxBase.DESTINATION, region_text="Cork")
    policy = evolve(NEW, origin=TaxPlace("GB"), exclusions=(cork,))

    def place(text: str) -> TaxPlace | None:
        return taxation_place(evolve(SHIPPED, ship_to=TaxPlace("IE", region_text=text)), policy)

    assert place("") == TaxPlace("IE")
    assert place("Cork") == TaxPlace("IE", region_text="Cork")
    assert place("Kerry") == TaxPlace("GB")


def test_both_codes_are_needed() -> None:
    """A product or a customer without one is not taxed; neither is shipping then."""
    assert len(oro_rates(SHIPPED, RULED).shipping) == 3
    nobody = oro_rates(evolve(SHIPPED, customer_code=""), RULED)
    assert (nobody.of("P"), nobody.shipping) == ((), ())
    plain = evolve(SHIPPED, lines=lines(("1", 1, "")))
    assert (
        oro_rates(plain, evolve(RULED, rules=(*ALL, evolve(ALL[0], product_code="")))).of("") == ()
    )


def test_where_an_order_is_taxed() -> None:
    """Origin or destination, by default or exclusion; without one, nowhere."""
    home = TaxPlace("GB")
    policy = evolve(NEW, origin=home)
    us = BaseExclusion("US", TaxBase.DESTINATION, region="US-CA")
    ny = evolve(BEVERLY, region="US-NY")

    assert taxation_place(SHIPPED, policy) == home
    assert taxation_place(SHIPPED, evolve(policy, base=TaxBase.DESTINATION)) == BEVERLY
    assert taxation_place(SHIPPED, evolve(policy, destination=Destination.BILLING)) == home
    assert taxation_place(SHIPPED, evolve(policy, exclusions=(us,))) == BEVERLY
    assert taxation_place(evolve(SHIPPED, ship_to=ny), evolve(policy, exclusions=(us,))) == home
    assert (
        taxation_place(evolve(SHIPPED, ship_to=TaxPlace("FR")), evolve(policy, exclusions=(us,)))
        == home
    )
    worded = evolve(BEVERLY, region="", region_text="Elsewhere")
    assert taxation_place(evolve(SHIPPED, ship_to=worded), evolve(policy, exclusions=(us,))) == home
    nowhere = evolve(SHIPPED, ship_to=None)
    assert taxation_place(nowhere, evolve(policy, base=TaxBase.DESTINATION)) is None
    assert oro_rates(nowhere, RULED).located is False


def test_the_tax_of_a_part_is_found_by_its_own_code() -> None:
    """Every code of an order is looked up."""
    parts = (KitPart("a", D(1), D(1), "P"),)
    kit = evolve(SHIPPED, lines=(TaxLine("kit", D(1), D(1), "K", parts=parts),))

    assert len(oro_rates(kit, RULED).of("P")) == 3
