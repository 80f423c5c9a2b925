"""Price books, and the price of a line on both sides."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.ids import OroCustomerId, OroSku, PrimaPriceBook, UnitCode
from oro_prima.mapping import explanation_text, explanation_tree, version_of
from oro_prima.mapping.prices import (
    BookLinks,
    BookPolicy,
    BookRule,
    Overlap,
    PricePolicy,
    PriceQuestion,
    PriceSides,
    PriceTables,
    VariantRows,
    book_index,
    compare_prices,
    customer_books,
    customers_by_lists,
    differing_prices,
    explain_price,
    price_index,
    resolve_book_price,
)
from oro_prima.outcome import Mapped, Unmapped, reasons_of
from oro_prima.prima.models import PriceBook, PriceBookRow
from oro_prima.reasons import ReasonCode
from oro_prima.values import LocalDate, SkuKey
from tests.rules.making import BOOT, LACE, tables
from tests.rules.test_rules_price_lists import BUYER, LONER, NOW, catalogue, key, own, rows

A, B = PrimaPriceBook("A"), PrimaPriceBook("B")
DAY = LocalDate(date(2031, 5, 4))
PLAIN = BookPolicy(vat_inclusive=False)
SKU, EACH = OroSku("B"), UnitCode("each")


def a_row(price: str, quantity: int = 1, sku: SkuKey = BOOT, **changes: Any) -> PriceBookRow:
    return evolve(PriceBookRow(A, sku, Decimal(quantity), Decimal(price)), **changes)


def day(number: int) -> LocalDate:
    return LocalDate(DAY + timedelta(days=number))


def found_price(
    some: list[PriceBookRow], quantity: int = 1, policy: BookPolicy = PLAIN, sku: SkuKey = BOOT
) -> str | ReasonCode:
    index = book_index([PriceBook(A, "GBP", False)], some)
    match resolve_book_price(
        sku, Decimal(quantity), book=A, day=DAY, index=index, policy=policy, subject="x"
    ):
        case Mapped(row):
            return str(row.price)
        case Unmapped(reasons):
            return reasons[0].code


some_rows = st.lists(
    st.builds(
        a_row,
        st.sampled_from(["9", "8.50", "7"]),
        st.integers(1, 4),
        st.sampled_from([BOOT, LACE, SkuKey("BOOT")]),
        valid_from=st.none() | st.integers(-2, 2).map(day),
        valid_to=st.none() | st.integers(-2, 2).map(day),
    ),
    max_size=8,
)


@given(
    some_rows,
    st.integers(0, 5),
    st.sampled_from(VariantRows),
    st.sampled_from(Overlap),
    st.randoms(),
)
def test_a_book_gives_the_nearest_break_that_is_valid(
    some: list[PriceBookRow], quantity: int, variants: VariantRows, overlap: Overlap, random: Any
) -> None:
    """One price, or a reason; whatever the order of rows; by a reference that filters and sorts."""
    policy = evolve(PLAIN, variants=variants, overlap=overlap)
    mine = [row for row in some if row.sku == BOOT]
    if not mine and variants is VariantRows.PRODUCT:
        mine = [row for row in some if row.sku == SkuKey("BOOT")]
    mine = [row for row in mine if (row.valid_from or DAY) <= DAY <= (row.valid_to or DAY)]
    mine = [row for row in mine if row.quantity <= quantity]
    mine = [row for row in mine if row.quantity == max(other.quantity for other in mine)]
    if overlap is Overlap.LATEST:
        latest = max((row.valid_from or date.min for row in mine), default=date.min)
        mine = [row for row in mine if (row.valid_from or date.min) == latest]
    prices = {str(row.price) for row in mine}
    answer = found_price(some, quantity, policy)
    random.shuffle(some)

    assert answer == found_price(some, quantity, policy)
    if len(prices) == 1:
        assert {answer} == prices
    else:
        code = ReasonCode.PRICE_BOOK_AMBIGUOUS if prices else ReasonCode.NOT_IN_PRICE_BOOK
        assert answer is code


def test_codes_compare_without_case() -> None:
    """As everywhere in Prima."""
    assert found_price([a_row("9")], sku=SkuKey("boot", "f ", "070")) == "9"


def test_of_rows_that_overlap_the_latest_counts_where_the_policy_says_so() -> None:
    """In whatever order they come; a row without a first day is the oldest."""
    some = [a_row("9"), a_row("8", valid_from=day(-1)), a_row("7", valid_from=day(-5))]
    latest = evolve(PLAIN, overlap=Overlap.LATEST)

    assert [found_price(some[n:] + some[:n], policy=latest) for n in range(3)] == ["8"] * 3
    assert found_price(some) is ReasonCode.PRICE_BOOK_AMBIGUOUS


# both sides


def both(
    tiers: dict[int, int | str], *books: PriceBookRow, unit: str = "each", **changes: Any
) -> PriceTables:
    found = catalogue(rows(1, tiers, sku=SKU, unit=UnitCode(unit)), assigned=(own(1),))
    made = PriceTables(
        price_index(found, PricePolicy(frozenset({"GBP", "EUR"}))),
        book_index([PriceBook(A, "GBP", False), PriceBook(B, "EUR", True)], books),
        BookLinks({BUYER: A}, {key(1): A}),
        tables().units,
    )
    return evolve(made, **changes)


def asked(quantity: int | str = 1, unit: str = "each", **changes: Any) -> PriceQuestion:
    question = PriceQuestion(BUYER, SKU, UnitCode(unit), Decimal(quantity), "GBP", NOW)
    return evolve(question, **changes)


def codes(sides: PriceSides) -> list[ReasonCode]:
    found = reasons_of(sides.oro) + reasons_of(sides.prima) + sides.doubts
    return [reason.code for reason in found]


@given(
    st.decimals(0, 1000, places=4),
    st.decimals(0, 1000, places=4),
    st.integers(1, 10**6),
    st.sampled_from(["each", "case"]),
)
def test_the_difference_is_exact(ours: Decimal, theirs: Decimal, quantity: int, unit: str) -> None:
    """Of the line, in base units on Prima's side; nothing is rounded."""
    factor = {"each": 1, "case": 6}[unit]
    found = both({1: str(ours)}, a_row(str(theirs)), unit=unit)
    sides = compare_prices(asked(quantity, unit), found, PLAIN)

    assert sides.oro_amount == ours * quantity
    assert sides.prima_amount == theirs * quantity * factor
    assert sides.difference == theirs * quantity * factor - ours * quantity
    assert sides.agrees is (ours == theirs * factor)


def test_a_pack_costs_what_its_components_cost() -> None:
    """Each at the break that its own base units reach."""
    found = both({1: 25}, a_row("10"), a_row("9", 4), a_row("2", sku=LACE), unit="pack")

    assert compare_prices(asked(1, "pack"), found, PLAIN).difference == -3
    assert compare_prices(asked(2, "pack"), found, PLAIN).prima_amount == 40


def test_the_rule_that_won_in_prima_is_named() -> None:
    """A row of the SKU itself, or one of its product that stands for all variants."""
    variants = evolve(PLAIN, variants=VariantRows.PRODUCT)
    own = compare_prices(asked(), both({1: 9}, a_row("9")), variants).prima
    product = compare_prices(asked(), both({1: 9}, a_row("8", sku=SkuKey("BOOT"))), variants).prima

    assert isinstance(own, Mapped)
    assert isinstance(product, Mapped)
    assert [part.rule for part in own.value] == [BookRule.SKU]
    assert [part.rule for part in product.value] == [BookRule.PRODUCT]


def test_what_one_side_does_not_state_has_no_difference() -> None:
    """Never 0."""
    missing = compare_prices(asked(), both({1: 9}), PLAIN)
    unpriced = compare_prices(asked(), both({5: 9}, a_row("9")), PLAIN)
    broken = compare_prices(asked("0.5"), both({1: 9}, a_row("9")), PLAIN)

    assert (missing.difference, missing.prima_amount, missing.agrees) == (None, None, False)
    assert codes(missing) == [ReasonCode.NOT_IN_PRICE_BOOK]
    assert (unpriced.difference, unpriced.oro_amount) == (None, None)
    assert codes(unpriced) == [ReasonCode.BELOW_SMALLEST_TIER]
    assert codes(broken) == [ReasonCode.BELOW_SMALLEST_TIER, ReasonCode.FRACTIONAL_QUANTITY]


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        (BookLinks({}, {key(1): A}), [ReasonCode.NO_PRICE_BOOK]),
        (BookLinks({BUYER: PrimaPriceBook("Z")}, {key(1): A}), [ReasonCode.NO_PRICE_BOOK]),
        (BookLinks({BUYER: B}, {key(1): B}), [ReasonCode.CURRENCY_MISMATCH]),
        (BookLinks({BUYER: A}, {}), [ReasonCode.PRICE_LIST_NOT_LINKED]),
        (BookLinks({BUYER: A}, {key(1): B}), [ReasonCode.PRICE_BOOK_DIFFERS]),
    ],
)
def test_lists_books_and_accounts_belong_together(
    links: BookLinks, expected: list[ReasonCode]
) -> None:
    """Or a reason says why not; equal prices do not make it right."""
    sides = compare_prices(asked(), both({1: 9}, a_row("9"), links=links), PLAIN)

    assert codes(sides) == expected
    assert not sides.agrees


def test_prices_with_vat_are_not_compared_with_prices_without() -> None:
    """Said as a doubt beside the figures."""
    sides = compare_prices(asked(), both({1: 9}, a_row("9")), BookPolicy(vat_inclusive=True))

    assert (sides.difference, codes(sides)) == (Decimal(0), [ReasonCode.VAT_BASIS_MISMATCH])


def test_a_book_row_is_valid_on_london_days() -> None:
    """An instant of the evening before, by UTC, is that day in summer."""
    found = both({1: 9}, a_row("8", valid_from=day(1)))
    late = asked(at=datetime(2031, 5, 4, 23, 30, tzinfo=UTC))

    assert compare_prices(late, found, PLAIN).prima_amount is None
    london = BookPolicy(vat_inclusive=False, zone=ZoneInfo("Europe/London"))
    assert compare_prices(late, found, london).prima_amount == 8


def test_only_what_differs_is_listed() -> None:
    """Another amount, a missing price, a doubt."""
    found = both({1: 9, 10: 8}, a_row("9"))
    some = [asked(n) for n in (1, 9, 10)] + [asked(customer=LONER)]

    assert [s.question for s in differing_prices(some, found, PLAIN)] == some[2:]


def test_customers_with_the_same_lists_are_asked_once() -> None:
    """What one of them pays, all of them pay."""
    found = catalogue(rows(1, {1: 9}), assigned=(own(1), own(1, customer=LONER)))
    nobody = OroCustomerId("9")
    index = price_index(found, PricePolicy(frozenset({"GBP"})))
    grouped = customers_by_lists([BUYER, nobody, LONER], index, at=NOW)

    assert list(grouped.values()) == [(BUYER, LONER), (nobody,)]
    assert [len(chain) for chain in grouped] == [1, 0]


def test_every_customer_has_a_book_that_its_lists_were_made_of() -> None:
    """Every reason at once."""
    found = both({1: 9}, links=BookLinks({BUYER: B}, {key(1): A}))
    first, second = customer_books([BUYER, LONER], found, at=NOW)

    assert (first.book, [link.price_list for link in first.lists]) == (B, ["1"])
    assert [reason.code for reason in first.reasons] == [ReasonCode.PRICE_BOOK_DIFFERS]
    assert [reason.code for reason in second.reasons] == [
        ReasonCode.NO_PRICE_LIST,
        ReasonCode.NO_PRICE_BOOK,
    ]


# explained


def test_an_explanation_says_which_row_won_on_each_side() -> None:
    """And what was refused, with the version of each table."""
    prices = rows(1, {1: 9, 10: 8}, sku=SKU) + rows(2, {1: 12}, sku=SKU)
    lists = catalogue(prices, assigned=(own(1), own(2, 1), own(3, 2)))
    found = evolve(
        both({1: 9}, a_row("9"), a_row("8", 5), a_row("7", 50), a_row("6", 5, valid_to=day(-1))),
        oro=price_index(lists, PricePolicy(frozenset({"GBP"}))),
    )
    versions = {"prices": version_of(prices)}
    explained = explain_price(asked(10), found, PLAIN, versions=versions)
    text = explanation_text(explained)

    assert text.splitlines()[0] == "price of a line = 0"
    for line in (
        "not 3 of the customer: the catalogue does not know it",
        f"row prices @{versions['prices']}[1, 10]: value 8",
        "not 12 from 1 in list 2 of the customer: 9 from 1 in list 1 of the customer is the lowest price of the chain",
        "not 9 from 1 in list 1 of the customer: from 10 is nearer",
        "not 7 from 50 in book A: 10 is fewer",
        "not 6 from 5 in book A: it is not valid on that day",
        "not 9 from 1 in book A: the break at 5 is nearer",
        "difference (oro 80, prima 80) = 0",
    ):
        assert line in text, text
    assert json.loads(json.dumps(explanation_tree(explained)))["result"] == "0"


def test_an_explanation_of_no_price_says_why() -> None:
    """By the reason; a doubt is among what was refused."""
    found = both({5: 9}, a_row("9"), links=BookLinks({BUYER: A}, {}))
    text = explanation_text(explain_price(asked(), found, PLAIN))

    assert "tier (quantity 1) = below-smallest-tier" in text
    assert "not 9 from 5 in list 1 of the customer: 1 is fewer" in text
    doubtful = explanation_text(explain_price(asked(5), found, PLAIN))
    assert "not price-list-not-linked: price list 1 is linked to no price book" in doubtful


def test_explaining_changes_no_answer() -> None:
    """Of overlapping rows, the one that became valid last is taken where the policy says so."""
    found = both({1: 9}, a_row("9"), a_row("8", valid_from=day(0)))
    latest = evolve(PLAIN, overlap=Overlap.LATEST)
    text = explanation_text(explain_price(asked(), found, latest))

    assert compare_prices(asked(), found, latest).difference == -1
    assert "not 9 from 1 in book A: another became valid after it" in text
    assert "price-book-ambiguous" in explanation_text(explain_price(asked(), found, PLAIN))
