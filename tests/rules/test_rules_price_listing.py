"""A price book as a price list: both sides price every quantity the same, or say why not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from oro_prima.ids import OroPriceListId, OroSku, PrimaPriceBook, UnitCode
from oro_prima.mapping import Component, QuantityRule
from oro_prima.mapping.prices import BookPolicy, ListedPrices, book_index, map_book_prices
from oro_prima.mapping.prices.books import resolve_book_price
from oro_prima.mapping.tables import UnitKey, UnitTable
from oro_prima.outcome import Mapped
from oro_prima.prima.models.prices import PriceBook, PriceBookRow
from oro_prima.reasons import ReasonCode
from oro_prima.testing import strategies as some
from oro_prima.values import LocalDate, SkuKey
from tests.rules.making import BOOT, LACE

BOOK, LIST = PrimaPriceBook("UK"), OroPriceListId("5")
DAY = LocalDate(date(2031, 5, 4))
B: UnitKey = (OroSku("B"), UnitCode("case"))
POLICY = BookPolicy(vat_inclusive=False)


def row(sku: SkuKey, quantity: object, price: object) -> PriceBookRow:
    return PriceBookRow(BOOK, sku, Decimal(str(quantity)), Decimal(str(price)))


def listed(
    rows: list[PriceBookRow], units: UnitTable, rule: QuantityRule | None = None
) -> ListedPrices:
    index = book_index([PriceBook(BOOK, "GBP", vat_inclusive=False)], rows)
    rules = dict.fromkeys(units, rule) if rule else None
    return map_book_prices(
        units, book=BOOK, price_list=LIST, day=DAY, index=index, units=units, policy=POLICY,
        rules=rules,
    )  # fmt: skip


book_rows = st.lists(
    st.builds(
        row,
        st.sampled_from(some.SKUS),
        st.integers(0, 500),
        st.integers(0, 10**6).map(lambda number: Decimal(number).scaleb(-2)),
    ),
    max_size=12,
    unique_by=lambda one: (one.sku, one.quantity),
)
counts = st.integers(1, 48).map(Fraction)
parts = st.lists(
    st.builds(Component, some.sku_keys(), counts), min_size=1, max_size=3,
    unique_by=lambda part: part.sku,
).map(tuple)  # fmt: skip


@given(book_rows, parts, st.integers(1, 600))
def test_both_sides_price_every_quantity_the_same(
    rows: list[PriceBookRow], made_of: tuple[Component, ...], quantity: int
) -> None:
    """The tier that is reached costs what the base units cost; below the first there is none."""
    index = book_index([PriceBook(BOOK, "GBP", vat_inclusive=False)], rows)
    found = listed(rows, {B: made_of})
    reached = [one for one in found.prices if one.quantity <= quantity]
    theirs = [
        resolve_book_price(
            part.sku, Decimal(int(part.count)) * quantity, book=BOOK, day=DAY, index=index,
            policy=POLICY, subject="x",
        )
        for part in made_of
    ]  # fmt: skip
    known = [one.value.price for one in theirs if isinstance(one, Mapped)]

    assert bool(reached) == (len(known) == len(made_of))
    if reached:
        value = max(reached, key=lambda one: one.quantity).value
        assert value == sum(
            price * int(part.count) for price, part in zip(known, made_of, strict=True)
        )


def test_tiers_begin_where_a_break_is_reached() -> None:
    """In whole units, whatever the break; the price is that of a unit."""
    case = {B: (Component(BOOT, Fraction(6)),)}
    found = listed([row(BOOT, 1, "2.00"), row(BOOT, 20, "1.50"), row(BOOT, 22, "1.25")], case)

    assert [(one.quantity, one.value) for one in found.prices] == [
        (Decimal(1), Decimal("12.00")),
        (Decimal(4), Decimal("7.50")),
    ]
    assert {(one.price_list, one.currency) for one in found.prices} == {(LIST, "GBP")}


def test_a_price_that_is_not_exact_is_a_reason() -> None:
    """A third of a reel cannot cost a third of a penny."""
    third = {B: (Component(BOOT, Fraction(1, 3)),)}
    found = listed([row(BOOT, 1, "1.00")], third)

    assert found.prices == ()
    assert [reason.code for reason in found.reasons] == [ReasonCode.PRICE_NOT_EXACT]
    fine = listed([row(BOOT, 1, "3.00")], third)
    assert [(one.quantity, one.value) for one in fine.prices] == [(Decimal(3), Decimal(1))]


def test_what_the_book_does_not_price_is_named() -> None:
    """A SKU without a row, a unit without a row, a book that nobody knows."""
    pack = {B: (Component(BOOT, Fraction(1)), Component(LACE, Fraction(1)))}
    half = listed([row(BOOT, 1, "1.00")], pack)
    bare = listed([], {B: ()})
    nobody = map_book_prices(
        [B], book=PrimaPriceBook("EU"), price_list=LIST, day=DAY, index=book_index([], []),
        units=pack, policy=POLICY,
    )  # fmt: skip

    assert [one.code for one in half.reasons] == [ReasonCode.NOT_IN_PRICE_BOOK]
    assert "1 of BOOT-F-070, 1 of LACE" in half.reasons[0].detail
    assert [(one.code, one.cause) for one in bare.reasons] == [
        (ReasonCode.UNKNOWN_UNIT, "units/B/case")
    ]
    assert [(one.code, one.subject) for one in nobody.reasons] == [
        (ReasonCode.NO_PRICE_BOOK, "prices/EU")
    ]


def test_two_rows_at_once_are_a_reason() -> None:
    """As when a price is asked for."""
    found = listed(
        [row(BOOT, 1, "1.00"), row(BOOT, 1, "2.00")], {B: (Component(BOOT, Fraction(1)),)}
    )

    assert [reason.code for reason in found.reasons] == [ReasonCode.PRICE_BOOK_AMBIGUOUS]
    assert found.reasons[0].subject == "prices/UK/B/case"


def test_a_unit_that_is_not_sold_in_the_reach_of_a_break_has_no_tier_there() -> None:
    """Its most is below it; its least lifts the first tier."""
    rule = QuantityRule(minimum=Decimal(2), maximum=Decimal(3))
    case = {B: (Component(BOOT, Fraction(6)),)}
    found = listed([row(BOOT, 1, "2.00"), row(BOOT, 60, "1.00")], case, rule)

    assert [one.quantity for one in found.prices] == [Decimal(2)]
