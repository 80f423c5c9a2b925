"""Words that are public, prices that are looked at twice, explanations to the letter."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given

from oro_prima.ids import (
    OroCustomerGroupId,
    OroCustomerId,
    OroPriceListId,
    OroSku,
    OroWebsiteId,
    PrimaPriceBook,
    UnitCode,
)
from oro_prima.mapping import (
    BarcodeUse,
    Component,
    Enforcement,
    PriceCatalogue,
    PricePolicy,
    PriceQuestion,
    PublishedFigure,
    QuantityRule,
    ShopUnit,
    Tree,
    UnitCatalogue,
    UnitMode,
    UnitPolicy,
    Verdict,
    explanation_text,
    resolve_unit,
)
from oro_prima.mapping.coverage import Entity, Problem
from oro_prima.mapping.policy import PriceBasis
from oro_prima.mapping.prices import (
    GUEST,
    AssignedList,
    BelowSmallest,
    BookLinks,
    BookPolicy,
    Level,
    Overlap,
    PriceStorage,
    PriceStrategy,
    PriceTables,
    VariantRows,
    WebsitePrices,
    book_index,
    compare_prices,
    customer_books,
    explain_price,
    line_prices,
    price_faults,
    price_index,
    priced_units,
    resolve_price,
)
from oro_prima.mapping.prices.faults import price_faults as faults_of_prices
from oro_prima.mapping.quantities import can_be_broken, least_quantity, whole_step
from oro_prima.mapping.units import base_quantities, resolve_components
from oro_prima.oro.models.prices import (
    PriceList,
    PriceListCustomerGroupFallback,
    PriceListSchedule,
    PriceListToCustomer,
    PriceListToCustomerGroup,
    ProductPrice,
)
from oro_prima.outcome import Mapped, Unmapped, reasons_of
from oro_prima.prima.models.prices import PriceBook, PriceBookRow
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.testing import strategies as some
from tests.rules.making import BOOT, LACE, a_line, policy

B, EACH, CASE = OroSku("B"), UnitCode("each"), UnitCode("case")
AT = datetime(2031, 5, 4, 12, tzinfo=UTC)
ONE, TWO, LOST = OroPriceListId("1"), OroPriceListId("2"), OroPriceListId("9")
BUYER, GROUP, SITE = OroCustomerId("3"), OroCustomerGroupId("4"), OroWebsiteId("1")


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (UnitMode, "table own-sku converted"),
        (BarcodeUse, "ignore gtin any"),
        (Enforcement, "enforced off unknown"),
        (VariantRows, "exact product"),
        (Overlap, "refuse latest"),
        (PriceStorage, "combined flat"),
        (PriceStrategy, "minimal_prices merge_by_priority"),
        (PublishedFigure, "free available"),
    ],
)
def test_words_of_policies_are_public(kind: type[StrEnum], words: str) -> None:
    """They stand in files of other people."""
    assert [member.value for member in kind] == words.split()


def test_words_of_both_systems_and_of_reports_are_theirs() -> None:
    """OroCommerce's own switches; what finance reads."""
    assert [level.value for level in Level] == ["customer", "customer group", "website", "system"]
    assert [one.value for one in Problem] == [
        "unmapped", "refused", "many-to-one", "dead target",
    ]  # fmt: skip
    assert [one.value for one in Entity] == [
        "customer", "product unit", "carrier", "payment term", "price list", "tax code",
        "warehouse",
    ]  # fmt: skip
    stem = "quantity_less_then_minimum_priced_price_calculation"
    assert [one.value for one in BelowSmallest] == [
        "fractional_quantity_less_then_unit_price_calculation", f"fractional_{stem}", stem,
    ]  # fmt: skip
    assert AssignedList(ONE) == AssignedList(ONE, sort_order=0, merge_allowed=True)
    assert GUEST == "0"


# units


def test_a_unit_without_a_row_says_what_to_mend() -> None:
    """The same cause, whichever rule finds it."""
    first = resolve_components(B, CASE, {}, subject="x")
    second = resolve_unit(B, CASE, UnitCatalogue(), UnitPolicy(), subject="x")

    assert [reason.cause for reason in reasons_of(first) + reasons_of(second)] == [
        "units/B/case"
    ] * 2


def test_a_unit_is_explained_by_its_rows_and_barcode() -> None:
    """To the letter."""
    rows = {(B, CASE): (Component(BOOT, Fraction(6)),)}
    tree = Tree("unit")
    resolve_unit(B, CASE, UnitCatalogue(rows), UnitPolicy(), subject="x", to=tree)

    assert explanation_text(tree.explanation()).splitlines() == [
        "unit",
        "  product unit (sku B, unit case, mode table) = 6 of BOOT-F-070",
        "    row units[B, case]: components 6 of BOOT-F-070",
        "    row barcodes[none]: found none",
    ]


def test_a_verdict_without_reasons_lets_a_unit_be_online() -> None:
    """One reason is enough against it; a unit has no tax code unless it is given one."""
    reason = Reason(ReasonCode.NO_PRICE, "x", "")

    assert Verdict(B, CASE, ()).may_be_online is True
    assert Verdict(B, CASE, (reason,)).may_be_online is False
    assert ShopUnit(B, CASE).tax_code == ""


@given(some.quantity_rules(), some.some_components())
def test_the_least_quantity_can_be_bought_and_none_below_it(
    rule: QuantityRule, parts: tuple[Component, ...]
) -> None:
    """With components it is whole in each of them, too."""
    least, whole = least_quantity(rule), least_quantity(rule, parts)

    if least is not None:
        assert least >= max(rule.minimum or 0, 0)
        assert least > 0
        assert rule.maximum is None or least <= rule.maximum
        assert rule.step is None or Fraction(least) % Fraction(rule.step) == 0
        assert Fraction(least) % Fraction(1, 10**rule.precision) == 0
    if whole is not None:
        assert least is not None
        assert whole >= least
        assert isinstance(base_quantities(whole, parts, subject="x"), Mapped)
        assert Fraction(whole) % whole_step(parts) == 0
        assert can_be_broken(parts, rule) is None or whole != can_be_broken(parts, rule)


def test_the_least_quantity_of_both_a_step_and_a_precision() -> None:
    """Each by hand."""
    third = (Component(BOOT, Fraction(1, 3)),)

    assert least_quantity(QuantityRule(precision=1)) == Decimal("0.1")
    assert least_quantity(QuantityRule(step=Decimal("1.5"))) == Decimal(3)
    assert least_quantity(QuantityRule(minimum=Decimal(4), step=Decimal(3))) == Decimal(6)
    assert least_quantity(QuantityRule(maximum=Decimal("0.5"))) is None
    assert least_quantity(QuantityRule(precision=1), third) == Decimal(3)
    assert (
        least_quantity(QuantityRule(precision=2, minimum=Decimal(5), maximum=Decimal(5)), third)
        is None
    )


# prices


def row(price_list: OroPriceListId, unit: UnitCode, quantity: int, value: str) -> ProductPrice:
    return ProductPrice(price_list, B, unit, Decimal(quantity), "GBP", Decimal(value))


LISTS = (PriceList(ONE, currencies=("GBP",)), PriceList(TWO, currencies=("GBP",)))
PRICED = PriceCatalogue(
    lists=LISTS,
    prices=(row(ONE, CASE, 1, "9"), row(TWO, CASE, 1, "8"), row(TWO, CASE, 10, "7")),
)
SYSTEM = PricePolicy(frozenset({"GBP"}), default_lists=(AssignedList(ONE, 1), AssignedList(TWO, 2)))


def test_a_price_is_explained_on_both_sides_to_the_letter() -> None:
    """Lists, tiers, rows, what was refused, and the difference."""
    book = PrimaPriceBook("UK")
    rows = [PriceBookRow(book, BOOT, Decimal(1), Decimal("1.50"))]
    tables = PriceTables(
        price_index(PRICED, SYSTEM),
        book_index([PriceBook(book, "GBP", vat_inclusive=False)], rows),
        BookLinks({BUYER: book}, {ONE: book, TWO: book}),
        {(B, CASE): (Component(BOOT, Fraction(6)),)},
    )
    question = PriceQuestion(BUYER, B, CASE, Decimal(2), "GBP", AT)
    text = explanation_text(explain_price(question, tables, BookPolicy(vat_inclusive=False)))

    for part in ("OroCommerce", "  Prima", "row units[B, case]: components 6 of BOOT-F-070",
                 "row price books[UK, BOOT-F-070, 1]: price 1.50", "= 2.00",
                 "is the lowest price of the chain"):  # fmt: skip
        assert part in text, text
    assert question.subject == "prices/3/B/case"


def test_a_tier_begins_with_its_own_quantity() -> None:
    """And not one later; the nearest one counts."""
    index = price_index(PRICED, SYSTEM)
    at = [
        resolve_price(PriceQuestion(BUYER, B, CASE, Decimal(n), "GBP", AT), index)
        for n in (9, 10, 11)
    ]

    assert [str(one.value.value) for one in at if isinstance(one, Mapped)] == ["8", "7", "7"]


def test_a_group_with_only_its_own_lists_goes_no_further() -> None:
    """Where its fallback says so; 0 is none, and a website's own list has its rank."""
    assigned = (PriceListToCustomerGroup(GROUP, SITE, ONE, 1),)
    base = evolve(PRICED, group_lists=assigned, groups={BUYER: GROUP})
    found = []
    for fallback in (0, 1):
        rows = (PriceListCustomerGroupFallback(GROUP, SITE, fallback),)
        index = price_index(evolve(base, group_fallbacks=rows), SYSTEM)
        question = PriceQuestion(BUYER, B, CASE, Decimal(1), "GBP", AT)
        price = resolve_price(question, index)
        found.append(str(price.value.value) if isinstance(price, Mapped) else "")

    assert found == ["8", "9"]


def test_units_that_somebody_can_buy_are_each_of_their_own_product() -> None:
    """A currency that no list declares sells nothing."""
    more = evolve(
        PRICED,
        prices=(
            *PRICED.prices,
            ProductPrice(ONE, OroSku("C"), EACH, Decimal(1), "GBP", Decimal(1)),
            ProductPrice(ONE, OroSku("D"), EACH, Decimal(1), "USD", Decimal(1)),
        ),
    )

    assert priced_units([BUYER], price_index(more, SYSTEM), at=AT) == {
        (B, CASE),
        (OroSku("C"), EACH),
    }


def test_a_book_that_nobody_linked_or_knows_is_told_apart() -> None:
    """By its subject as well."""
    tables = PriceTables(price_index(PRICED, SYSTEM), book_index([], []))
    known = PriceTables(tables.oro, tables.prima, BookLinks({BUYER: PrimaPriceBook("EU")}))
    (found,) = customer_books([BUYER], tables, at=AT)
    question = PriceQuestion(BUYER, B, CASE, Decimal(1), "GBP", AT)
    sides = [
        compare_prices(question, one, BookPolicy(vat_inclusive=False)) for one in (tables, known)
    ]
    details = [reason.detail for side in sides for reason in reasons_of(side.prima)]

    assert {reason.subject for reason in found.reasons} == {"prices/3"}
    assert details == ["customer 3: no book is linked", "customer 3: book EU is not known"]


def test_lists_that_nobody_knows_are_named_with_their_place() -> None:
    """Wherever they stand; each place once, and what is known is not named."""
    catalogue = PriceCatalogue(
        lists=LISTS,
        prices=(row(LOST, CASE, 1, "1"), row(ONE, CASE, 1, "1")),
        customer_lists=(PriceListToCustomer(BUYER, SITE, LOST, 1),),
        group_lists=(PriceListToCustomerGroup(GROUP, SITE, LOST, 1),),
    )
    lost = AssignedList(LOST)
    by = evolve(
        SYSTEM,
        default_lists=(lost, AssignedList(ONE)),
        default_list=LOST,
        websites={SITE: WebsitePrices((lost,), default_list=LOST)},
    )
    named = [fault.partition(": ")[0] for fault in price_faults(catalogue, by)]

    assert sorted(named) == [
        "customer 3", "group 4", "prices", "prices.default_list", "prices.default_lists",
        "website 1",
    ]  # fmt: skip
    assert price_faults(PRICED, SYSTEM) == ()
    assert faults_of_prices is price_faults


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"currencies": frozenset()}, "prices.currencies"),
        ({"storage": PriceStorage.FLAT}, "prices.default_list"),
        ({"default_lists": ()}, "prices.default_lists"),
    ],
)
def test_a_policy_without_what_its_storage_needs_is_named(change: Any, fault: str) -> None:
    """And nothing else of it."""
    assert [one.partition(": ")[0] for one in price_faults(PRICED, evolve(SYSTEM, **change))] == [
        fault
    ]


def test_a_slot_or_rank_that_stands_twice_is_named_once() -> None:
    """And a window that ends before it begins; one that is open does not."""
    early, late = datetime(2031, 1, 1, tzinfo=UTC), datetime(2031, 2, 1, tzinfo=UTC)
    windows = (
        PriceListSchedule(early, late), PriceListSchedule(late, early),
        PriceListSchedule(early, early), PriceListSchedule(None, early), PriceListSchedule(late),
    )  # fmt: skip
    catalogue = evolve(
        PRICED,
        lists=(evolve(LISTS[0], schedules=windows), LISTS[1]),
        prices=(row(ONE, CASE, 1, "9"), row(ONE, CASE, 1, "8"), row(ONE, CASE, 2, "8")),
        customer_lists=(
            PriceListToCustomer(BUYER, SITE, ONE, 1), PriceListToCustomer(BUYER, SITE, TWO, 1),
        ),
    )  # fmt: skip
    found = price_faults(catalogue, SYSTEM)

    assert [fault for fault in found if "stands twice" in fault] == [
        "prices: list 1: B in case from 1 in GBP stands twice"
    ]
    assert [fault for fault in found if "sort order" in fault] == [
        "lists of customer 3 on website 1: two have sort order 1; the older comes first"
    ]
    assert len([fault for fault in found if "a window ends" in fault]) == 2


def test_a_line_is_priced_to_the_penny_and_a_share_that_is_missing_splits_nothing() -> None:
    """Half up at two decimals; shares that add up without one of them are none."""
    parts = (Component(BOOT, Fraction(1), Decimal("10.00")), Component(LACE, Fraction(1)))
    line = evolve(a_line(), quantity=Decimal(1), value=Decimal("10.0050"))
    pack = base_quantities(Decimal(1), parts, subject="x")
    one = base_quantities(Decimal(1), parts[:1], subject="x")
    assert isinstance(pack, Mapped)
    assert isinstance(one, Mapped)
    by = policy(price_basis=PriceBasis.LINE)
    split = line_prices(evolve(line, value=Decimal("10.00")), pack.value, policy=by, subject="x")

    assert line_prices(line, one.value, policy=by, subject="x") == Mapped((Decimal("10.01"),))
    assert isinstance(split, Unmapped)
    assert [reason.code for reason in split.reasons] == [ReasonCode.PRICE_NOT_SPLIT]
