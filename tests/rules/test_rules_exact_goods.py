"""Goods to the letter: what a price, a kit and a pool tell about themselves, and their edges."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

from attrs import evolve

from oro_prima.ids import (
    OroCustomerId,
    OroPriceListId,
    OroSku,
    OroWebsiteId,
    PrimaPriceBook,
    UnitCode,
)
from oro_prima.mapping import Component, QuantityRule, StockPolicy, pool
from oro_prima.mapping.explain import Explanation, Tree, explanation_text
from oro_prima.mapping.prices import (
    AssignedList,
    BelowSmallest,
    BookLinks,
    BookPolicy,
    KitChoice,
    KitItems,
    PriceCatalogue,
    PricePolicy,
    PriceQuestion,
    PriceStorage,
    PriceStrategy,
    PriceTables,
    WebsitePrices,
    book_index,
    explain_price,
    map_book_prices,
    price_faults,
    price_index,
    resolve_kit_price,
    resolve_price,
)
from oro_prima.mapping.prices.books import resolve_book_price
from oro_prima.mapping.prices.chains import ChainLink, Level
from oro_prima.mapping.stock import buffer_of
from oro_prima.oro.models.prices import PriceList, ProductPrice
from oro_prima.outcome import Mapped, Unmapped
from oro_prima.prima.models.prices import PriceBook, PriceBookRow
from oro_prima.values import LocalDate
from tests.rules.making import BOOT

D = Decimal
AT = datetime(2031, 5, 4, 12, tzinfo=UTC)
BUYER, SITE = OroCustomerId("3"), OroWebsiteId("1")
B, CASE = OroSku("B"), UnitCode("case")
ONE, TWO, THREE, FOUR = (OroPriceListId(one) for one in "1234")
LISTS = tuple(PriceList(one, currencies=("GBP",)) for one in (ONE, TWO, THREE, FOUR))
UK = PrimaPriceBook("UK")


def row(price_list: OroPriceListId, quantity: str, value: str, sku: OroSku = B) -> ProductPrice:
    return ProductPrice(price_list, sku, CASE, D(quantity), "GBP", D(value))


PRICED = PriceCatalogue(
    lists=LISTS,
    prices=(
        row(ONE, "1", "9"), row(ONE, "10", "8"), row(ONE, "20", "7"), row(TWO, "1", "6"),
        row(THREE, "1", "5"), row(FOUR, "1", "4", OroSku("C")),
    ),
)  # fmt: skip
FIRST = PricePolicy(
    frozenset({"GBP"}),
    strategy=PriceStrategy.PRIORITY,
    default_lists=(
        AssignedList(FOUR, 0),
        AssignedList(ONE, 1),
        AssignedList(TWO, 2, merge_allowed=False),
        AssignedList(THREE, 3),
    ),
)
ASKED = PriceQuestion(BUYER, B, CASE, D(12), "GBP", AT)
TABLES = PriceTables(
    price_index(PRICED, FIRST),
    book_index([PriceBook(UK, "GBP", vat_inclusive=False)], [PriceBookRow(UK, BOOT, D(1), D(1))]),
    BookLinks({BUYER: UK}, {ONE: UK}),
    {(B, CASE): (Component(BOOT, Fraction(6)),)},
)


def short(told: Explanation) -> list[str]:
    """Return the lines of an explanation; where a list stands and the instant are left out."""
    text = explanation_text(told).replace(" of the system", "").replace(f", at {AT}", "")
    return text.splitlines()


def test_a_price_tells_every_list_row_and_tier() -> None:
    """The whole of it, as it is printed."""
    asked = evolve(ASKED, quantity=D(20))
    told = explain_price(asked, TABLES, BookPolicy(vat_inclusive=False))

    assert short(told) == [
        "price of a line = -20",
        "  OroCommerce",
        "    lists that take part (chain 4, 1, 2, 3) = 4, 1, 2, 3",
        "    tiers (sku B, unit case, currency GBP, rule first list of the chain) = 9 from 1 in list 1, 8 from 10 in list 1, 7 from 20 in list 1",
        "      row prices[1, 1]: value 9",
        "      row prices[1, 10]: value 8",
        "      row prices[1, 20]: value 7",
        "      row prices[3, 1]: value 5",
        "      not 4: it has no price of the product",
        "      not 2: it is not to be merged, and a list before it has a price",
        "      not 5 from 1 in list 3: 9 from 1 in list 1 is the first list of the chain",
        "    tier (quantity 20) = 7 from 20 in list 1",
        "      not 9 from 1 in list 1: from 20 is nearer",
        "      not 8 from 10 in list 1: from 20 is nearer",
        "  Prima",
        "    row units[B, case]: components 6 of BOOT-F-070",
        "    price book row (book UK, sku BOOT-F-070, quantity 120, day 2031-05-04) = 1 from 1 in book UK",
        "      row price books[UK, BOOT-F-070, 1]: price 1",
        "  difference (oro 140, prima 120) = -20",
    ]


def test_a_list_that_seals_shuts_out_those_after_it() -> None:
    """And says so; flat storage says which level had one before."""
    policy = evolve(FIRST, default_lists=(AssignedList(ONE, 1, merge_allowed=False),
                                          AssignedList(TWO, 2)))  # fmt: skip
    flat = PricePolicy(
        frozenset({"GBP"}),
        storage=PriceStorage.FLAT,
        default_list=ONE,
        websites={SITE: WebsitePrices(default_list=OroPriceListId("9"))},
    )
    sealed, single = Tree("sealed"), Tree("flat")
    resolve_price(ASKED, price_index(PRICED, policy), to=sealed)
    resolve_price(ASKED, price_index(PRICED, flat), to=single)

    assert short(sealed.explanation()) == [
        "sealed",
        "  lists that take part (chain 1, 2) = 1, 2",
        "  tiers (sku B, unit case, currency GBP, rule first list of the chain) = 9 from 1 in list 1, 8 from 10 in list 1, 7 from 20 in list 1",
        "    row prices[1, 1]: value 9",
        "    row prices[1, 10]: value 8",
        "    row prices[1, 20]: value 7",
        "    not 2: a list before it is not to be merged",
        "  tier (quantity 12) = 8 from 10 in list 1",
        "    not 9 from 1 in list 1: from 10 is nearer",
        "    not 7 from 20 in list 1: 12 is fewer",
    ]
    assert short(single.explanation()) == [
        "flat",
        "  lists that take part (chain 9 of the website, 1) = 1",
        "    not 9 of the website: the catalogue does not know it",
        "  tiers (sku B, unit case, currency GBP, rule the one list of flat storage) = 9 from 1 in list 1, 8 from 10 in list 1, 7 from 20 in list 1",
        "    row prices[1, 1]: value 9",
        "    row prices[1, 10]: value 8",
        "    row prices[1, 20]: value 7",
        "  tier (quantity 12) = 8 from 10 in list 1",
        "    not 9 from 1 in list 1: from 10 is nearer",
        "    not 7 from 20 in list 1: 12 is fewer",
    ]
    chain = price_index(PRICED, flat).chains.of(BUYER, SITE)
    assert chain == (
        ChainLink(OroPriceListId("9"), Level.WEBSITE, 0, True),
        ChainLink(ONE, Level.DEFAULT, 0, True),
    )


def test_a_kit_tells_what_it_leaves_out() -> None:
    """Its own price, each choice, and an optional one without a price."""
    tree = Tree("kit")
    choices = [
        KitChoice(OroSku("C"), CASE, D(2)),
        KitChoice(OroSku("X"), CASE, D(1), optional=True),
    ]
    found = resolve_kit_price(evolve(ASKED, quantity=D(1)), choices, TABLES.oro, to=tree)

    assert found == Mapped(D("17.00"))
    steps = [(one.rule, one.inputs) for one in tree.explanation().steps]
    assert steps[0] == ("kit", (("sku", "B"),))
    assert [one for one in steps if one[0] == "kit item"] == [
        ("kit item", (("sku", "C"),)),
        ("kit item", (("sku", "X"),)),
    ]
    assert [(one.what, one.why) for one in tree.explanation().refused] == [
        ("X", "it is optional and has no price")
    ]


def test_a_product_that_its_kit_lists_no_more_has_no_price_there() -> None:
    """From release 7.0 on; before, it has its own."""
    gone = KitChoice(OroSku("C"), CASE, D(2), listed=False)
    newer = price_index(PRICED, evolve(FIRST, kit_items=KitItems.LISTED))
    one = evolve(ASKED, quantity=D(1))
    refused = resolve_kit_price(one, [gone], newer)

    assert [item.value for item in KitItems] == ["any", "listed"]
    assert KitChoice(OroSku("C"), CASE, D(2)).listed
    assert resolve_kit_price(one, [gone], TABLES.oro) == Mapped(D("17.00"))
    assert resolve_kit_price(one, [evolve(gone, listed=True)], newer) == Mapped(D("17.00"))
    assert resolve_kit_price(one, [evolve(gone, optional=True)], newer) == Mapped(D(9))
    assert [(reason.code.value, reason.subject, reason.detail) for reason in refused.reasons] == [  # type: ignore[union-attr]
        ("no-price", "prices/3/C/case", "the kit lists C no more")
    ]


def test_a_switch_for_parts_of_a_unit_is_about_less_than_one() -> None:
    """One unit is no part of a unit."""
    policy = evolve(FIRST, below_smallest=frozenset({BelowSmallest.PART_OF_UNIT}))
    catalogue = evolve(PRICED, prices=(row(ONE, "5", "9"),), precisions={B: 2})
    index = price_index(catalogue, policy)
    found = [resolve_price(evolve(ASKED, quantity=D(n)), index) for n in ("0.99", "1", "0")]

    assert [isinstance(one, Mapped) for one in found] == [True, False, False]


def test_a_row_of_a_book_is_valid_on_its_last_day() -> None:
    """And on its first; not a day before or after."""
    days = [LocalDate(date(2031, 5, day)) for day in (3, 4, 6, 7)]
    one = PriceBookRow(
        UK, BOOT, D(1), D(2), LocalDate(date(2031, 5, 4)), LocalDate(date(2031, 5, 6))
    )
    index = book_index([PriceBook(UK, "GBP", vat_inclusive=False)], [one])
    found = [
        resolve_book_price(
            BOOT, D(1), book=UK, day=day, index=index, policy=BookPolicy(vat_inclusive=False),
            subject="x",
        )
        for day in days
    ]  # fmt: skip

    assert [isinstance(price, Mapped) for price in found] == [False, True, True, False]


def listed(parts: tuple[Component, ...], rule: QuantityRule, *rows: PriceBookRow) -> object:
    """Return the tiers that a book makes, or why there are none."""
    key, policy = (B, CASE), BookPolicy(vat_inclusive=False)
    found = map_book_prices(
        [key], book=UK, price_list=ONE, day=LocalDate(date(2031, 5, 4)),
        index=book_index([PriceBook(UK, "GBP", vat_inclusive=False)], rows),
        units={key: parts}, policy=policy, rules={key: rule},
    )  # fmt: skip
    return [(one.quantity, one.value) for one in found.prices] or [r.detail for r in found.reasons]


def test_tiers_of_a_book_begin_and_cost_to_the_fourth_decimal() -> None:
    """A break within a unit begins at the next quantity that can be bought; five are refused."""
    half, thousand = Component(BOOT, Fraction(1, 2)), Component(BOOT, Fraction(1, 1000))
    cloth = QuantityRule(precision=1)

    assert listed((half,), cloth, PriceBookRow(UK, BOOT, D("0.3"), D(3))) == [(D(2), D("1.5"))]
    assert listed((half,), QuantityRule(), PriceBookRow(UK, BOOT, D(1), D(3))) == [(D(2), D("1.5"))]
    assert listed((thousand,), QuantityRule(), PriceBookRow(UK, BOOT, D(0), D("0.1"))) == [
        (D(1000), D("0.0001"))
    ]
    cask = Component(BOOT, Fraction(10_000))
    fine = QuantityRule(precision=4)
    assert listed((cask,), fine, PriceBookRow(UK, BOOT, D("3333.5"), D(1))) == [
        (D("0.3334"), D(10_000))
    ]
    double = Component(BOOT, Fraction(2))
    assert listed((double,), cloth, PriceBookRow(UK, BOOT, D(1), D(3))) == [(D("0.5"), D(6))]
    assert listed((thousand,), QuantityRule(), PriceBookRow(UK, BOOT, D(0), D("0.01"))) == [
        "1/100000 for one unit is not exact at 4 decimals"
    ]


def test_a_tier_that_a_book_cannot_say_is_named_beside_others() -> None:
    """Two parts, of which one is priced twice and the other not at all: the doubt is said."""
    other = evolve(BOOT, product="LACE")
    two = (Component(BOOT, Fraction(1)), Component(other, Fraction(1)))
    twice = [PriceBookRow(UK, BOOT, D(1), D(2)), PriceBookRow(UK, BOOT, D(1), D(3))]
    found = listed(two, QuantityRule(), *twice)

    assert found == [
        "2 rows of book UK price BOOT-F-070 at once",
        "book UK has no price for 1 of LACE-F-070 on 2031-05-04",
    ]


def test_lists_of_a_website_are_looked_for() -> None:
    """Each by itself."""
    lost = OroPriceListId("9")
    for says in (WebsitePrices((AssignedList(lost),)), WebsitePrices(default_list=lost)):
        found = price_faults(PRICED, evolve(FIRST, websites={SITE: says}))

        assert found == ("website 1: price list 9 is not in the catalogue",)


def test_days_of_cover_are_whole_pieces() -> None:
    """A day and a half of one piece a day is two, also where the figure is broken."""
    policy = StockPolicy(buffer_days=D("1.5"))

    assert pool(D("10.5"), Fraction(0), policy, per_day=D(1)) == 8
    assert pool(D("10.5"), Fraction(0), policy, per_day=D(0)) == 10
    assert pool(D("10.5"), Fraction(0), StockPolicy(), per_day=D(1)) == 10


def test_a_buffer_is_whole_pieces_and_never_of_less_than_nothing() -> None:
    """The largest of the three; a share of what is missing is none."""
    tenth = StockPolicy(buffer_percent=D(10))
    both = StockPolicy(buffer=D(2), buffer_percent=D(10), buffer_days=D(2))

    assert [buffer_of(D(free), tenth) for free in (-5, 0, 1, 10, 47)] == [0, 0, 1, 1, 5]
    assert buffer_of(D(47), both, per_day=D("3.2")) == 7
    assert buffer_of(D(10), both) == 2
    assert buffer_of(D(10), StockPolicy(), per_day=D(3)) == 0


def test_no_price_is_a_reason() -> None:
    """Of a list that does not know the product."""
    found = resolve_price(evolve(ASKED, sku=OroSku("Z")), TABLES.oro)

    assert isinstance(found, Unmapped)
