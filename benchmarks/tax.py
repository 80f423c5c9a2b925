"""Tax on both sides, the rounding oracle and the blast radius, in orders."""

from __future__ import annotations

import tracemalloc
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import partial

from benchmarks.measuring import Row, compare, growth, seconds
from benchmarks.prices import EACH, NOW
from oro_prima.ids import (
    OroCustomerId,
    OroLineId,
    OroOrderId,
    OroSku,
    PrimaAccount,
    PrimaCompany,
    UnitCode,
)
from oro_prima.mapping import (
    Component,
    MappingRules,
    OrderPolicy,
    PastOrders,
    PriceBasis,
    Tables,
    blast_radius,
)
from oro_prima.mapping.tax import (
    Jurisdiction,
    OroRelease,
    OroTaxPolicy,
    PrimaTaxPolicy,
    TaxLine,
    TaxOrder,
    TaxPlace,
    TaxPolicies,
    TaxRate,
    TaxRule,
    VatLevel,
    predict_totals,
    rounding_oracle,
    uk_rate_table,
)
from oro_prima.oro.models import Order, OrderAddress, OrderLine
from oro_prima.records import Link
from oro_prima.values import Rounding, SkuKey, round_to

HOME, LINES = TaxPlace("GB"), 3
RULE = TaxRule("GOODS", "TRADE", Jurisdiction("GB"), TaxRate("V", Decimal("0.2")))
BOTH = TaxPolicies(
    OroTaxPolicy(OroRelease.V6_1_11, origin=HOME, rules=(RULE,)),
    PrimaTaxPolicy(False, VatLevel.LINE, rates=uk_rate_table(standard=frozenset({"GOODS"}))),
)


def make_book(count: int) -> tuple[TaxOrder, ...]:
    """Return so many orders of three lines."""
    return tuple(
        TaxOrder(
            str(n),
            "GBP",
            tuple(_line(n, at) for at in range(LINES)),
            customer_code="TRADE",
            ship_to=HOME,
        )
        for n in range(count)
    )


def _line(n: int, at: int) -> TaxLine:
    price = Decimal(101 + (n * 37 + at * 11) % 5000) / 100
    return TaxLine(str(at), price, Decimal(1 + (n + at) % 9), "GOODS")


def _plain(book: Sequence[TaxOrder]) -> None:
    """Multiply, add and round once an order, with both sides' rounding written out."""
    rate = Decimal("0.2")
    for order in book:
        amounts = [line.price * line.quantity for line in order.lines]
        round_to(sum(amounts, Decimal(0)) * rate, 2, Rounding.HALF_UP)
        for amount in amounts:
            round_to(round_to(amount, 2, Rounding.HALF_UP) * rate, 2, Rounding.HALF_UP)


def _predict(book: Sequence[TaxOrder]) -> None:
    for order in book:
        predict_totals(order, BOTH)


def _past(count: int) -> PastOrders:
    place = OrderAddress("1", street="1 Sample Street", city="Sampleton", country="GB")
    return PastOrders(
        tuple(
            Order(
                OroOrderId(str(n + 1)), NOW, NOW, "GBP", OroCustomerId("3"), identifier=str(n),
                internal_status="open", shipping_address=place, total_value=Decimal(24),
                lines=(
                    OrderLine(OroLineId("1"), OroSku(f"S{n % 50}"), EACH, Decimal(2), Decimal(10)),
                ),
            )
            for n in range(count)
        ),
        NOW.replace(month=6),
    )  # fmt: skip


def _rules(factor: int) -> MappingRules:
    link = Link(OroCustomerId("3"), PrimaAccount("A"), PrimaCompany("1"), "Kim", NOW, "", "1")
    units = {
        (OroSku(f"S{n}"), UnitCode("each")): (
            Component(SkuKey(f"P{n}"), Fraction(factor if n % 10 == 0 else 1)),
        )
        for n in range(50)
    }
    tables = Tables(PrimaCompany("1"), links={OroCustomerId("3"): link}, units=units)
    return MappingRules(tables, OrderPolicy(NOW, PriceBasis.UNIT, vat_inclusive=False))


def _blast(book: PastOrders) -> None:
    blast_radius(_rules(1), _rules(2), book)


def _bytes_an_order(book: Sequence[TaxOrder]) -> float:
    tracemalloc.start()
    forecast = rounding_oracle(book, BOTH)
    used = tracemalloc.get_traced_memory()[0] / len(book)
    tracemalloc.stop()
    del forecast
    return used


def rows() -> dict[str, Row]:
    """Measure both sides' totals against the plainest rounding, the oracle, the blast radius."""
    book, past = make_book(2_000), _past(2_000)
    some, few = book[:200], PastOrders(past.orders[:200], past.now)
    ratio, spread = compare(partial(_plain, some), partial(_predict, some))
    oracle = partial(rounding_oracle, some, BOTH)
    each = seconds(oracle) / len(some) * 1e6
    blast = seconds(partial(_blast, past)) / len(past.orders) * 1e6
    predicted = growth(partial(_predict, some), partial(_predict, book))
    return {
        "tax: both sides of an order of 3 lines predicted": Row(
            ratio, "multiply and round, once and a line", spread, growth=predicted
        ),
        "tax: rounding oracle, every setting tried": Row(
            each, "none", unit="us", growth=growth(oracle, partial(rounding_oracle, book, BOTH))
        ),
        "tax: what the oracle keeps of an order": Row(_bytes_an_order(some), "none", unit="bytes"),
        "blast radius: an order mapped twice, compared": Row(
            blast, "none", unit="us", growth=growth(partial(_blast, few), partial(_blast, past))
        ),
    }
