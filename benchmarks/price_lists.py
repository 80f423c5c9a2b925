"""Planning price lists against comparing rows; and what each flow asks of both systems."""

from __future__ import annotations

import tracemalloc
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import partial

from benchmarks.floors import compare_figures
from benchmarks.measuring import Row, compare, growth, seconds
from oro_prima.ids import OroPriceListId, OroProductId, OroSku, PrimaPriceBook, UnitCode
from oro_prima.mapping import BookPolicy, Component, ListedPrice, PriceWritePolicy
from oro_prima.oro.models.prices import ProductPrice
from oro_prima.plans import PricePolicies, PriceSnapshot, plan_prices
from oro_prima.prima.models.prices import BookPrice, PriceBook, PriceBookRow
from oro_prima.values import LocalDate, SkuKey

EACH, CODE, LIST = UnitCode("each"), PrimaPriceBook("TRADE"), OroPriceListId("1")
BOOK = PriceBook(CODE, "GBP", vat_inclusive=False)
DAY = LocalDate(date(2031, 5, 4))
POLICY = PricePolicies(BookPolicy(vat_inclusive=False), PriceWritePolicy())
BREAKS = (1, 10)
MILLION = 1_000_000


def make_list(rows: int, *, every: int) -> PriceSnapshot:
    """Return a book and a list of so many rows, of which every so-manieth differs."""
    count = rows // len(BREAKS)
    skus = [SkuKey(f"P{n}") for n in range(count)]
    book = tuple(
        BookPrice(BOOK, PriceBookRow(CODE, sku, Decimal(at), _price(n, at)))
        for n, sku in enumerate(skus)
        for at in BREAKS
    )
    listed = tuple(
        ListedPrice(f"{n}-{at}", _row(n, at, changed=n % every == 0))
        for n in range(count)
        for at in BREAKS
    )
    return PriceSnapshot(
        datetime(2031, 5, 4, tzinfo=UTC), DAY, CODE, LIST, book,
        currencies=("GBP",),
        listed=listed,
        products={OroSku(f"S{n}"): OroProductId(str(n)) for n in range(count)},
        units={
            (OroSku(f"S{n}"), EACH): (Component(sku, Fraction(1)),) for n, sku in enumerate(skus)
        },
    )  # fmt: skip


def _price(n: int, at: int) -> Decimal:
    return Decimal(1000 + n % 997 - at) / 100


def _row(n: int, at: int, *, changed: bool) -> ProductPrice:
    value = _price(n, at) + (Decimal("0.01") if changed else 0)
    return ProductPrice(LIST, OroSku(f"S{n}"), EACH, Decimal(at), "GBP", value)


def rows() -> dict[str, Row]:
    """Measure a list where one row in twenty differs, its growth, and its bytes a row."""
    small, large = make_list(2_000, every=20), make_list(20_000, every=20)
    figures = [((one.row.sku, one.row.quantity), one.row.price) for one in small.rows]
    shown = [
        (key, listed.price.value)
        for (key, _value), listed in zip(figures, small.listed, strict=True)
    ]
    plan = partial(plan_prices, small, POLICY)
    ratio, spread = compare(partial(compare_figures, figures, shown), plan)
    grown = growth(plan, partial(plan_prices, large, POLICY))
    tracemalloc.start()
    plan_prices(large, POLICY)
    peak = tracemalloc.get_traced_memory()[1] / 20_000
    tracemalloc.stop()
    floor = "one side indexed, the other compared"
    whole, exponent = million()
    return {
        "prices: 1 M rows planned": Row(whole, "100 k rows", unit="s", growth=exponent),
        "prices: rows compared and planned": Row(ratio, floor, spread, growth=grown),
        "prices: bytes a row planned": Row(peak, "20,000 rows", unit="B"),
    }


def million() -> tuple[float, float]:
    """Return the seconds for a million rows, and the growth exponent from a hundred thousand."""
    from math import log10

    tenth = seconds(partial(plan_prices, make_list(MILLION // 10, every=20), POLICY))
    whole = seconds(partial(plan_prices, make_list(MILLION, every=20), POLICY))
    return whole, log10(whole / tenth)
