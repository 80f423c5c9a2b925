"""Made-up orders, rates and policies for the laws of tax; they reach the ugly cases."""

from __future__ import annotations

from decimal import Decimal

from attrs import evolve
from hypothesis import strategies as st

from oro_prima.mapping.tax import (
    CalculateOn,
    CalculateWith,
    Carriage,
    DiscountStage,
    KitPart,
    KitTax,
    OrderRates,
    OroRelease,
    OroTaxPolicy,
    PrimaTaxPolicy,
    Remainder,
    TaxLine,
    TaxOrder,
    TaxRate,
    VatLevel,
)
from oro_prima.values import Rounding

CODES = ("STANDARD", "REDUCED", "ZERO", "")

prices = st.one_of(
    st.decimals("0", "100", places=2),
    st.decimals("0", "100", places=4),
    st.sampled_from([Decimal("0.005"), Decimal("0.0001"), Decimal(1_000_000), Decimal("19.995")]),
)
quantities = st.one_of(
    st.integers(1, 40).map(Decimal),
    st.sampled_from([Decimal("0.5"), Decimal("2.25"), Decimal(1_000)]),
)
codes = st.sampled_from(CODES)
taxes = st.sampled_from(["0.2", "0.05", "0", "0.0825", "0.104", "0.33"]).map(Decimal)
parts = st.builds(
    KitPart, st.text("abc", max_size=2), prices, st.integers(1, 3).map(Decimal), codes
)


@st.composite
def tax_lines(draw: st.DrawFn, key: str) -> TaxLine:
    """A plain product or a kit that costs at least its parts; with a discount or without."""
    line = TaxLine(key, draw(prices), draw(quantities), draw(codes))
    inside = tuple(draw(st.lists(parts, max_size=2))) if draw(st.integers(0, 3)) == 0 else ()
    own = sum((part.price * part.quantity for part in inside), Decimal(0))
    line = evolve(line, price=line.price + own, parts=inside)
    tenths = draw(st.sampled_from([0, 0, 0, 1, 3, 10]))
    off = (line.amount * tenths / 10).quantize(Decimal("0.01"), rounding="ROUND_DOWN")
    return evolve(line, discount=off)


@st.composite
def tax_orders(draw: st.DrawFn) -> TaxOrder:
    """Up to six lines, with shipping and discounts that leave something."""
    lines = tuple(draw(tax_lines(str(at))) for at in range(draw(st.integers(1, 6))))
    left = sum((line.amount - line.discount for line in lines), Decimal(0)) / 2
    cap = min(left, Decimal(50)).quantize(Decimal("0.01"), rounding="ROUND_DOWN")
    shipping = draw(st.sampled_from(["0", "0", "4.99", "12.505"]).map(Decimal))
    return TaxOrder(
        "7",
        "GBP",
        lines,
        shipping=shipping,
        discount=draw(st.just(Decimal(0)) | st.decimals(0, cap, places=2)),
        manual_discount=draw(st.just(Decimal(0)) | st.decimals(0, cap, places=2)),
        shipping_discount=draw(st.sampled_from([Decimal(0), shipping / 2])),
    )


@st.composite
def order_rates(draw: st.DrawFn) -> OrderRates:
    """A rate for some codes, two for some; shipping at one of them or at none."""
    found = {
        code: tuple(
            TaxRate(f"{code or 'NONE'}-{at}", draw(taxes)) for at in range(draw(st.integers(0, 2)))
        )
        for code in CODES
    }
    shipping = draw(st.sampled_from([(), found["STANDARD"][:1]]))
    return OrderRates(found, shipping, located=draw(st.integers(0, 9)) > 0)


oro_policies = st.builds(
    OroTaxPolicy,
    release=st.sampled_from(OroRelease),
    start_with=st.sampled_from(CalculateWith),
    start_on=st.sampled_from(CalculateOn),
    prices_include_tax=st.booleans(),
    shipping_includes_tax=st.booleans(),
    after_promotions=st.booleans(),
    rounding=st.sampled_from([Rounding.HALF_UP, Rounding.HALF_UP, Rounding.HALF_EVEN]),
)
prima_policies = st.builds(
    PrimaTaxPolicy,
    prices_include_vat=st.booleans(),
    level=st.sampled_from(VatLevel),
    start=st.sampled_from(CalculateWith),
    price_decimals=st.sampled_from([2, 2, 4]),
    price_rounding=st.sampled_from(Rounding),
    vat_decimals=st.sampled_from([2, 2, 3, 4]),
    vat_rounding=st.sampled_from(Rounding),
    total_rounding=st.sampled_from(Rounding),
    least=st.sampled_from([Decimal(0), Decimal("0.01")]),
    discount=st.sampled_from(DiscountStage),
    manual_discount=st.sampled_from(DiscountStage),
    carriage=st.sampled_from(Carriage),
    carriage_includes_vat=st.booleans(),
    kits=st.sampled_from(KitTax),
    remainder=st.sampled_from(Remainder),
)
