"""Tax: equal to the slow reference, and never further apart than the bounds say."""

from __future__ import annotations

import decimal
from decimal import Decimal
from fractions import Fraction

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.mapping.tax import (
    Amounts,
    CalculateOn,
    CalculateWith,
    OrderRates,
    OroRelease,
    OroTaxPolicy,
    PrimaTaxPolicy,
    Remainder,
    TaxLine,
    TaxOrder,
    TaxRate,
    VatLevel,
    aligned,
    cent_shares,
    exact_shares,
    oro_bound,
    oro_totals,
    per_line_bound,
    per_unit_bound,
    prima_bound,
    prima_totals,
    wire_bound,
)
from oro_prima.values import Rounding
from tests.rules.slow_tax import slow_oro, slow_prima
from tests.rules.tax_making import (
    order_rates,
    oro_policies,
    prices,
    prima_policies,
    quantities,
    tax_orders,
)

D = Decimal
EXCLUSIVE = PrimaTaxPolicy(prices_include_vat=False, level=VatLevel.RATE)


@given(tax_orders(), order_rates(), oro_policies)
def test_oro_is_the_reference(order: TaxOrder, rates: OrderRates, policy: OroTaxPolicy) -> None:
    """For every release, start, kit, discount and shipping."""
    found, slow = oro_totals(order, rates, policy), slow_oro(order, rates, policy)
    engine = found.tax

    assert {
        "items": Fraction(engine.items.tax),
        "excluding": Fraction(engine.items.excluding),
        "including": Fraction(engine.items.including),
        "tax": Fraction(engine.total.tax),
        "gross": Fraction(found.owed.total.gross),
        "vat": Fraction(found.owed.total.vat),
    } == slow


@given(tax_orders(), order_rates(), prima_policies)
def test_prima_is_the_reference(order: TaxOrder, rates: OrderRates, policy: PrimaTaxPolicy) -> None:
    """For every level, mode, discount, carriage and kit."""
    total = prima_totals(order, rates, policy).total

    assert {
        "net": Fraction(total.net),
        "vat": Fraction(total.vat),
        "gross": Fraction(total.gross),
    } == slow_prima(order, rates, policy)


def test_three_thirds_of_a_penny_are_a_penny() -> None:
    """However VAT is rounded: divisions leave nothing behind."""
    lines = tuple(TaxLine(str(at), D("0.02"), D(1), "A") for at in range(3))
    rates = OrderRates({"A": (TaxRate("S", D("0.2")),)})
    for mode in Rounding:
        policy = PrimaTaxPolicy(prices_include_vat=True, level=VatLevel.RATE, vat_rounding=mode)

        assert prima_totals(TaxOrder("7", "GBP", lines), rates, policy).total.vat == D("0.01")


@given(tax_orders(), order_rates(), prima_policies)
def test_rates_add_up_to_the_total(
    order: TaxOrder, rates: OrderRates, policy: PrimaTaxPolicy
) -> None:
    """In pennies; and net and VAT are gross, for each rate and in all."""
    found = prima_totals(order, rates, policy)

    assert sum((row.amounts for row in found.rates), Amounts()) == found.total
    for amounts in (found.total, *(row.amounts for row in found.rates)):
        assert amounts.net + amounts.vat == amounts.gross


@given(tax_orders(), order_rates(), oro_policies)
def test_net_and_vat_are_gross(order: TaxOrder, rates: OrderRates, policy: OroTaxPolicy) -> None:
    """Of what is owed; never below nothing."""
    owed = oro_totals(order, rates, policy).owed
    total = owed.total
    for row in owed.rates:
        assert row.amounts.net + row.amounts.vat == row.amounts.gross

    assert total.net + total.vat == total.gross
    assert total.gross >= total.vat >= 0


@given(tax_orders(), order_rates(), oro_policies, prima_policies)
def test_another_precision_of_the_thread_changes_nothing(
    order: TaxOrder, rates: OrderRates, oro: OroTaxPolicy, prima: PrimaTaxPolicy
) -> None:
    """Whatever the caller's decimal context does with long figures."""
    expected = oro_totals(order, rates, oro), prima_totals(order, rates, prima)
    with decimal.localcontext(prec=40, rounding=decimal.ROUND_DOWN):
        assert (oro_totals(order, rates, oro), prima_totals(order, rates, prima)) == expected


# the bounds


def modest(order: TaxOrder, policy: OroTaxPolicy) -> TaxOrder:
    """Discounts of at most half; no kits where they are discounted part by part."""
    half = [evolve(line, discount=pennies(line.discount / 2)) for line in order.lines]
    if policy.after_promotions:
        half = [evolve(line, parts=()) for line in half]
    order = evolve(order, lines=tuple(half))
    if any(line.discount for line in half):
        return evolve(order, discount=D(0), manual_discount=D(0))
    less = pennies(order.discount / 4), pennies(order.manual_discount / 4)
    return evolve(order, discount=less[0], manual_discount=less[1])


def pennies(amount: Decimal) -> Decimal:
    return amount.quantize(D("0.01"), rounding="ROUND_DOWN")


@given(tax_orders(), order_rates(), oro_policies, prima_policies)
def test_two_sides_are_never_further_apart_than_the_bound(
    order: TaxOrder, rates: OrderRates, oro: OroTaxPolicy, prima: PrimaTaxPolicy
) -> None:
    """Where both mean the same: rates, kits, discounts and carriage."""
    order, rates = modest(order, oro), evolve(rates, located=True)
    policy = aligned(evolve(prima, prices_include_vat=oro.prices_include_tax), oro)
    gap = prima_totals(order, rates, policy).total - oro_totals(order, rates, oro).owed.total
    bound = oro_bound(order, rates, oro) + prima_bound(order, rates, policy)

    assert abs(gap.vat) <= bound.vat
    assert abs(gap.gross) <= bound.gross


@given(tax_orders(), order_rates(), prima_policies, prima_policies)
def test_two_ways_to_round_are_never_further_apart_than_the_bound(
    order: TaxOrder, rates: OrderRates, policy: PrimaTaxPolicy, other: PrimaTaxPolicy
) -> None:
    """With carriage apportioned or not, kits by part or not, discounts before VAT or after."""
    order = modest(order, OroTaxPolicy(OroRelease.V5_1))
    other = evolve(
        policy,
        level=other.level,
        start=other.start,
        price_rounding=other.price_rounding,
        vat_decimals=other.vat_decimals,
        vat_rounding=other.vat_rounding,
        total_rounding=other.total_rounding,
        remainder=other.remainder,
    )
    gap = prima_totals(order, rates, policy).total - prima_totals(order, rates, other).total
    bound = prima_bound(order, rates, policy) + prima_bound(order, rates, other)

    assert abs(gap.vat) <= bound.vat
    assert abs(gap.gross) <= bound.gross


@st.composite
def plain_orders(draw: st.DrawFn) -> TaxOrder:
    """Lines alone, priced in pennies."""
    some = draw(
        st.lists(
            st.tuples(
                st.decimals("0.01", "500", places=2),
                st.integers(1, 60),
                st.sampled_from(["A", "B", "C"]),
            ),
            min_size=1,
            max_size=40,
        )
    )
    lines = (TaxLine(str(at), p, D(q), c) for at, (p, q, c) in enumerate(some))
    return TaxOrder("7", "GBP", tuple(lines))


PLAIN = OrderRates(
    {
        "A": (TaxRate("S", D("0.2")),),
        "B": (TaxRate("R", D("0.05")),),
        "C": (TaxRate("X", D("0.175")),),
    },
    shipping=(TaxRate("S", D("0.2")),),
)


@given(plain_orders())
def test_vat_by_line_is_within_half_a_penny_for_each_line_and_rate(order: TaxOrder) -> None:
    """Of VAT once a rate."""
    once = prima_totals(order, PLAIN, EXCLUSIVE)
    by_line = prima_totals(order, PLAIN, evolve(EXCLUSIVE, level=VatLevel.LINE))

    assert abs(by_line.total.vat - once.total.vat) <= per_line_bound(
        len(order.lines), len(once.rates)
    )
    assert by_line.total.net == once.total.net


@given(plain_orders())
def test_vat_by_unit_is_within_half_a_penny_for_each_unit(order: TaxOrder) -> None:
    """And each rate."""
    once = prima_totals(order, PLAIN, EXCLUSIVE)
    by_unit = prima_totals(order, PLAIN, evolve(EXCLUSIVE, level=VatLevel.UNIT))
    units = sum((line.quantity for line in order.lines), D(0))

    assert abs(by_unit.total.vat - once.total.vat) <= per_unit_bound(units, len(once.rates))


@given(plain_orders(), st.sampled_from(CalculateWith))
def test_oro_as_installed_is_vat_once_an_order_for_prices_in_pennies(
    order: TaxOrder, start: CalculateWith
) -> None:
    """With whole quantities no start rounds anything: the two agree to the penny."""
    ours = oro_totals(order, PLAIN, OroTaxPolicy(OroRelease.V6_1_11, start_with=start))
    theirs = prima_totals(order, PLAIN, evolve(EXCLUSIVE, level=VatLevel.ORDER))

    assert ours.owed.total == theirs.total


@given(
    st.lists(st.tuples(st.decimals("0", "100", places=7), quantities), min_size=1, max_size=8),
    st.sampled_from(CalculateWith),
    st.sampled_from(CalculateOn),
    st.sampled_from(["0", "4.99999", "7.12345678"]).map(Decimal),
)
def test_prices_that_were_cut_off_on_the_wire_move_totals_within_the_wire_term(
    some: list[tuple[Decimal, Decimal]],
    start: CalculateWith,
    on: CalculateOn,
    shipping: Decimal,
) -> None:
    """Beyond what rounding moves; from the price of a unit not at all."""
    lines = tuple(TaxLine(str(at), p, q, "A") for at, (p, q) in enumerate(some))
    order = TaxOrder("7", "GBP", lines, shipping=shipping)
    read = tuple(evolve(line, price=cut_off(line.price)) for line in lines)
    policy = OroTaxPolicy(OroRelease.V6_1_11, start_with=start, start_on=on)
    seen_order = evolve(order, lines=read, shipping=cut_off(shipping))
    true, seen = (oro_totals(one, PLAIN, policy) for one in (order, seen_order))
    bound = wire_bound(order, PLAIN)
    for part in (order, seen_order):
        bound += oro_bound(part, PLAIN, policy)
    gap = true.owed.total - seen.owed.total

    assert abs(gap.vat) <= bound.vat
    assert abs(gap.gross) <= bound.gross
    if start is CalculateWith.UNIT_PRICE:
        assert true.tax.items == seen.tax.items


def cut_off(amount: Decimal) -> Decimal:
    return amount.quantize(D("0.0001"), rounding="ROUND_DOWN")


# sharing out


@given(st.decimals("0", "1000", places=2), st.lists(prices, min_size=1, max_size=9))
def test_shares_add_up_to_the_penny(amount: Decimal, weights: list[Decimal]) -> None:
    """Each within a penny of its due, but for the one that takes the remainder."""
    for remainder in Remainder:
        shares = cent_shares(amount, weights, remainder=remainder)
        due = exact_shares(amount, weights)

        if sum(weights):
            assert sum(shares) == amount
            off = [abs(a - b) > D("0.005") for a, b in zip(shares, due, strict=True)]
            assert sum(off) <= 1
        else:
            assert not any((*shares, *due))


def test_the_remainder_goes_where_it_is_said() -> None:
    """To the last, or to the first of the largest."""
    assert [one.value for one in Remainder] == ["last", "largest"]
    weights = [D(2), D(2), D(1), D(1)]

    assert cent_shares(D(1), weights) == (D("0.33"), D("0.33"), D("0.17"), D("0.17"))
    one = [D(1), D(2), D(2), D(2)]
    assert cent_shares(D(1), one) == (D("0.14"), D("0.29"), D("0.29"), D("0.28"))
    largest = cent_shares(D(1), one, remainder=Remainder.LARGEST)
    assert largest == (D("0.14"), D("0.28"), D("0.29"), D("0.29"))


def test_bounds_grow_with_what_is_rounded() -> None:
    """Half a penny for each line or unit, and for each rate."""
    assert per_line_bound(3, 2) == Decimal("0.025")
    assert per_unit_bound(Decimal(12), 2) == Decimal("0.070")
