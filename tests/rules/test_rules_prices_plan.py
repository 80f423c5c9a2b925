"""Price lists by their books: only differences, right once, nothing ended beyond the limit."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.ids import OroPriceListId, OroProductId, OroSku, PrimaPriceBook, UnitCode
from oro_prima.mapping import (
    BookPolicy,
    Component,
    Ends,
    Limit,
    ListedPrice,
    PriceWritePolicy,
    upcoming_days,
)
from oro_prima.oro.models.prices import ProductPrice
from oro_prima.plans import (
    AddPrice,
    EndPrice,
    PricePlan,
    PricePolicies,
    PriceSnapshot,
    SetPrice,
    plan_prices,
)
from oro_prima.plans.price_sides import price_sides
from oro_prima.prima.models.prices import BookPrice, PriceBook, PriceBookRow
from oro_prima.reasons import ReasonCode
from oro_prima.values import LocalDate, SkuKey
from tests.rules.making import NOW

DAY, LATER = LocalDate(date(2031, 5, 4)), LocalDate(date(2031, 6, 1))
CODE, LIST = PrimaPriceBook("TRADE"), OroPriceListId("4")
BOOK = PriceBook(CODE, "GBP", False)
POLICY = PricePolicies(BookPolicy(False), PriceWritePolicy())
ANY = evolve(POLICY, writes=PriceWritePolicy(max_change_percent=Decimal(0)))
BOOT, LACE = SkuKey("BOOT"), SkuKey("LACE")
UNITS = {
    (OroSku("B"), UnitCode("each")): (Component(BOOT, Fraction(1)),),
    (OroSku("B"), UnitCode("case")): (Component(BOOT, Fraction(6)),),
    (OroSku("L"), UnitCode("each")): (Component(LACE, Fraction(1)),),
}
PRODUCTS = {OroSku("B"): OroProductId("1"), OroSku("L"): OroProductId("2")}


def a_row(sku: SkuKey = BOOT, price: str = "2.5", quantity: int = 1, **days: Any) -> BookPrice:
    return BookPrice(BOOK, PriceBookRow(CODE, sku, Decimal(quantity), Decimal(price), **days))


def listed(
    key: str, sku: str, unit: str, value: str, quantity: int = 1, currency: str = "GBP"
) -> ListedPrice:
    price = ProductPrice(
        LIST, OroSku(sku), UnitCode(unit), Decimal(quantity), currency, Decimal(value)
    )
    return ListedPrice(key, price)


def snapped(*rows: BookPrice, **changes: Any) -> PriceSnapshot:
    snapshot = PriceSnapshot(
        NOW, DAY, CODE, LIST, rows, currencies=("GBP",), products=PRODUCTS, units=UNITS
    )
    return evolve(snapshot, **changes)


money = st.integers(1, 400).map(lambda pence: Decimal(pence) / 100)
rows = st.lists(
    st.builds(
        a_row,
        st.sampled_from([BOOT, LACE, SkuKey("X")]),
        money.map(str),
        st.sampled_from([1, 6, 12]),
        valid_from=st.sampled_from([None, DAY, LATER]),
        valid_to=st.sampled_from([None, DAY]),
    ),
    max_size=6,
)
shop_rows = st.lists(
    st.builds(
        listed,
        st.just("0"),
        st.sampled_from(["B", "L", "X"]),
        st.sampled_from(["each", "case"]),
        money.map(str),
        st.sampled_from([1, 2, 12]),
        st.sampled_from(["GBP", "GBP", "EUR"]),
    ),
    max_size=6,
    unique_by=lambda one: (one.price.sku, one.price.unit, one.price.quantity, one.price.currency),
).map(lambda found: tuple(evolve(one, id=str(n)) for n, one in enumerate(found)))
policies = st.builds(
    PriceWritePolicy,
    ends=st.sampled_from(Ends),
    most_ends=st.integers(0, 3),
    most_ends_share=st.sampled_from([Decimal(0), Decimal("0.5"), Decimal(1)]),
    max_change_percent=st.sampled_from([Decimal(0), Decimal(20)]),
).map(lambda writes: evolve(POLICY, writes=writes))
snapshots = st.builds(
    lambda book, shop: snapped(*book, listed=shop),
    rows.map(lambda some: [a_row(SkuKey("OTHER")), *some]),
    shop_rows,
)


def applied(snapshot: PriceSnapshot, plan: PricePlan) -> PriceSnapshot:
    """What the list holds when everything was written."""
    now = {one.id: one for one in snapshot.listed}
    for command in plan.commands:
        match command:
            case SetPrice():
                now[command.id] = ListedPrice(command.id, command.price)
            case AddPrice():
                now[f"new{len(now)}"] = ListedPrice(f"new{len(now)}", command.price)
            case EndPrice():
                del now[command.id]
    return evolve(snapshot, listed=tuple(now.values()))


@given(snapshots, policies)
def test_once_it_is_written_nothing_is_left_to_do(
    snapshot: PriceSnapshot, policy: PricePolicies
) -> None:
    """Whatever the list held."""
    plan = plan_prices(snapshot, policy)
    again = plan_prices(applied(snapshot, plan), policy)

    assert again.commands == ()
    assert again.right == plan.right + len(plan.changes) + len(plan.adds)
    assert again.reasons == plan.reasons


@given(snapshots, policies)
def test_only_differences_are_written_and_ends_keep_their_limit(
    snapshot: PriceSnapshot, policy: PricePolicies
) -> None:
    """Rows of other currencies and of unknown products are never touched."""
    plan = plan_prices(snapshot, policy)
    before = {one.id: one.price for one in snapshot.listed}

    assert all(before[c.id].value == c.previous != c.price.value for c in plan.changes)
    assert policy.writes.limit.allows(len(plan.ends), of=len(before) + len(plan.adds))
    assert policy.writes.ends is Ends.REMOVE or not plan.ends
    touched = {c.id for c in plan.changes} | {c.id for c in plan.ends}
    assert {before[one].currency for one in touched} <= {"GBP"}
    assert {before[one].sku for one in touched} <= set(PRODUCTS)
    slots = [(c.price.sku, c.price.unit, c.price.quantity) for c in plan.commands]
    assert len(slots) == len(set(slots))


@given(snapshots, policies)
def test_order_does_not_matter(snapshot: PriceSnapshot, policy: PricePolicies) -> None:
    """Of rows on either side."""
    turned = evolve(snapshot, rows=snapshot.rows[::-1], listed=snapshot.listed[::-1])

    assert plan_prices(turned, policy).commands == plan_prices(snapshot, policy).commands


def test_a_book_becomes_rows_of_each_unit() -> None:
    """A case is six; a tier begins where the break is reached."""
    plan = plan_prices(snapped(a_row(), a_row(price="2", quantity=12)), POLICY)

    assert [(c.price.sku, c.price.unit, c.price.quantity, c.price.value) for c in plan.adds] == [
        ("B", "case", Decimal(1), Decimal(15)),
        ("B", "case", Decimal(2), Decimal(12)),
        ("B", "each", Decimal(1), Decimal("2.5")),
        ("B", "each", Decimal(12), Decimal(2)),
    ]
    assert {c.product for c in plan.adds} == {"1"}
    assert plan.summary() == (
        "price list 4 of book TRADE: 0 rows change, 4 are added, 0 end, 0 are right, "
        "0 not in the book stay"
    )


def test_only_what_differs_is_written() -> None:
    """A right row is counted; one that differs is changed by its id."""
    shop = (listed("7", "B", "each", "2.50"), listed("8", "B", "case", "14"))
    plan = plan_prices(snapped(a_row(), listed=shop), POLICY)

    assert (plan.right, plan.adds) == (1, ())
    assert [(c.id, c.previous, c.price.value) for c in plan.changes] == [
        ("8", Decimal(14), Decimal(15))
    ]


def test_later_prices_are_staged() -> None:
    """Known, counted by their day, and not written before it."""
    snapshot = snapped(
        a_row(valid_to=DAY),
        a_row(price="3", valid_from=LATER),
        a_row(
            price="2.6",
            valid_from=LocalDate(date(2031, 5, 5)),
            valid_to=LocalDate(date(2031, 5, 31)),
        ),
    )
    plan = plan_prices(snapshot, POLICY)
    on_the_day = plan_prices(evolve(snapshot, day=LATER), POLICY)

    assert [str(c.price.value) for c in plan.adds] == ["15", "2.5"]
    assert plan.upcoming == ((LocalDate(date(2031, 5, 5)), 2), (LATER, 2))
    assert "; next on 2031-05-05: 2 rows" in plan.summary()
    assert [str(c.price.value) for c in on_the_day.adds] == ["18", "3"]
    assert upcoming_days([a_row().row], after=DAY) == ()
    assert upcoming_days([a_row(valid_from=DAY).row], after=DAY) == ()


def test_the_words_and_defaults_of_the_settings() -> None:
    """They stand in files."""
    assert [one.value for one in Ends] == ["keep", "remove"]
    assert PriceWritePolicy().limit == Limit(100, Decimal("0.02"))


def test_rows_that_the_book_no_longer_has() -> None:
    """Stay and are told, by default; end where the policy says so; never beyond the limit."""
    shop = (
        listed("7", "L", "each", "1"),
        listed("8", "B", "each", "2.5"),
        listed("9", "L", "each", "1", 12),
    )
    snapshot = snapped(a_row(), listed=shop)
    kept = plan_prices(snapshot, POLICY)
    remove = evolve(POLICY, writes=PriceWritePolicy(Ends.REMOVE, 2, Decimal(1)))
    few = evolve(POLICY, writes=PriceWritePolicy(Ends.REMOVE, 1, Decimal(1)))
    held = plan_prices(snapshot, few)
    let_go = plan_prices(evolve(snapshot, let_go=frozenset({"pricelists/4/ends"})), few)

    assert (kept.ends, kept.kept) == ((), 2)
    assert [(r.code, r.subject) for r in kept.reasons] == [
        (ReasonCode.ROWS_NOT_IN_BOOK, "pricelists/4")
    ]
    assert [c.id for c in plan_prices(snapshot, remove).ends] == ["7", "9"]
    assert {c.product for c in plan_prices(snapshot, remove).ends} == {"2"}
    assert [r.code for r in held.reasons] == [
        ReasonCode.ROWS_NOT_IN_BOOK,
        ReasonCode.CHANGES_OUTSIDE_LIMIT,
    ]
    assert held.ends == ()
    assert len(let_go.ends) == 2


def test_what_cannot_be_priced_is_left_as_it_is() -> None:
    """A third of a penny: told by its unit, and its row does not end."""
    units = {**UNITS, (OroSku("B"), UnitCode("case")): (Component(BOOT, Fraction(1, 3)),)}
    policy = evolve(POLICY, writes=PriceWritePolicy(Ends.REMOVE, 9, Decimal(1)))
    plan = plan_prices(
        snapped(a_row(price="1"), units=units, listed=(listed("8", "B", "case", "9"),)), policy
    )

    assert [(r.code, r.subject) for r in plan.reasons] == [
        (ReasonCode.PRICE_NOT_EXACT, "prices/TRADE/B/case")
    ]
    assert (plan.ends, plan.kept) == ((), 0)


def test_a_price_that_changes_too_far_waits() -> None:
    """For finance, with both figures; the others go on, and a person lets it go."""
    shop = (listed("7", "B", "each", "1"), listed("8", "B", "case", "14"))
    policy = evolve(POLICY, writes=PriceWritePolicy(max_change_percent=Decimal(50)))
    snapshot = snapped(a_row(), listed=shop)
    plan = plan_prices(snapshot, policy)
    let_go = plan_prices(evolve(snapshot, let_go=frozenset({"prices/TRADE/B/each"})), policy)

    assert [c.id for c in plan.changes] == ["8"]
    assert [(r.code, r.detail) for r in plan.reasons] == [
        (ReasonCode.PRICE_OUTSIDE_BAND, "1 would become 2.5 from 1")
    ]
    assert [c.id for c in let_go.changes] == ["8", "7"]
    exact = plan_prices(snapped(a_row(price="1.5"), listed=shop[:1]), policy)
    assert [c.id for c in exact.changes] == ["7"]


@pytest.mark.parametrize(
    ("was", "becomes", "waits"),
    [
        ("10", "100", True), ("10", "1", True), ("10", "15.01", True), ("10", "4.99", True),
        ("10", "15", False), ("10", "5", False), ("10", "10.01", False),
        ("10", "0", True), ("0", "10", False),
    ],
)  # fmt: skip
def test_a_point_that_slipped_waits_by_default(was: str, becomes: str, waits: bool) -> None:
    """Half more or half less goes; a price of 0 is put right at once, none becomes 0 alone."""
    book, shop = a_row(price=becomes), (listed("7", "B", "each", was),)
    plan = plan_prices(snapped(book, listed=shop), POLICY)
    told = [r.code for r in plan.reasons if r.subject == "prices/TRADE/B/each"]

    assert told == ([ReasonCode.PRICE_OUTSIDE_BAND] if waits else [])
    assert [c.id for c in plan.changes] == ([] if waits else ["7"])
    assert plan_prices(snapped(book, listed=shop), ANY).changes


def test_a_list_is_not_emptied_without_a_person() -> None:
    """A book of which no row is valid any more, though the limit would allow it."""
    shop = (listed("7", "B", "each", "2.5"), listed("8", "B", "case", "15"))
    policy = evolve(POLICY, writes=PriceWritePolicy(Ends.REMOVE, 9, Decimal(1)))
    snapshot = snapped(a_row(valid_to=LocalDate(date(2031, 5, 3))), listed=shop)
    plan = plan_prices(snapshot, policy)
    let_go = plan_prices(evolve(snapshot, let_go=frozenset({"pricelists/4/ends"})), policy)

    assert plan.commands == ()
    assert [(r.code, r.detail) for r in plan.reasons][-1] == (
        ReasonCode.CHANGES_OUTSIDE_LIMIT,
        "all 2 rows would end; the list would be empty",
    )
    assert [c.id for c in let_go.ends] == ["8", "7"]


def test_tiers_of_a_price_that_changes_too_far_wait_with_it() -> None:
    """A book that is wrong by a hundred adds no cheap tier and ends no dear one."""
    shop = (listed("7", "B", "each", "250"), listed("8", "B", "each", "240", 24))
    writes = PriceWritePolicy(Ends.REMOVE, 9, Decimal(1), Decimal(50))
    snapshot = snapped(a_row(), a_row(price="2.4", quantity=12), listed=shop)
    plan = plan_prices(snapshot, evolve(POLICY, writes=writes))
    let_go = evolve(snapshot, let_go=frozenset({"prices/TRADE/B/each"}))
    through = plan_prices(let_go, evolve(POLICY, writes=writes))

    assert {c.price.unit for c in plan.commands} == {"case"}
    assert [r.code for r in plan.reasons] == [ReasonCode.PRICE_OUTSIDE_BAND]
    assert [c.id for c in through.changes] == ["7"]
    assert [c.id for c in through.ends] == ["8"]
    assert len([c for c in through.adds if c.price.unit == "each"]) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"faults": ("record 1: price: blank",)}, ReasonCode.PRICES_UNREADABLE),
        ({"rows": ()}, ReasonCode.NO_PRICE_BOOK),
        ({"currencies": ("EUR",)}, ReasonCode.PRICE_LIST_NOT_READY),
        ({"currencies": None}, ReasonCode.PRICE_LIST_NOT_READY),
        (
            {"rows": (BookPrice(PriceBook(CODE, "GBP", True), a_row().row),)},
            ReasonCode.VAT_BASIS_MISMATCH,
        ),
        (
            {"rows": (a_row(), BookPrice(PriceBook(CODE, "EUR", False), a_row().row))},
            ReasonCode.NO_PRICE_BOOK,
        ),
    ],
)
def test_a_list_that_cannot_be_made_is_left_alone(changes: Any, code: ReasonCode) -> None:
    """One record for the list; nothing changes and nothing ends."""
    policy = evolve(POLICY, writes=PriceWritePolicy(Ends.REMOVE, 9, Decimal(1)))
    plan = plan_prices(
        evolve(snapped(a_row(), listed=(listed("8", "L", "each", "9"),)), **changes), policy
    )

    assert plan.commands == ()
    assert [(r.code, r.subject) for r in plan.reasons] == [(code, "pricelists/4")]


@given(snapshots)
def test_both_sides_agree_once_the_list_is_written(snapshot: PriceSnapshot) -> None:
    """At every quantity where a tier of the book begins; rows of its own stay told."""
    policy = evolve(POLICY, writes=PriceWritePolicy(Ends.REMOVE, 99, Decimal(1)))
    let_go = evolve(snapshot, let_go=frozenset({"pricelists/4/ends"}))
    plan = plan_prices(let_go, policy)
    after = applied(snapshot, plan)
    doubted = {r.subject for r in plan.reasons}

    for one in price_sides(after, policy.books):
        asked = one.question
        if asked.currency == "GBP" and (asked.sku, asked.unit) in UNITS:
            assert one.agrees or f"prices/{CODE}/{asked.sku}/{asked.unit}" in doubted


def test_a_book_that_is_there_twice_states_no_price() -> None:
    """Nor does a list that is not there."""
    twice = (a_row(), BookPrice(PriceBook(CODE, "EUR", False), a_row().row))
    shop = (listed("7", "B", "each", "2.5"),)
    (one,) = price_sides(snapped(*twice, listed=shop), POLICY.books)
    absent = list(price_sides(snapped(a_row(), currencies=None), POLICY.books))

    assert (one.oro_amount, one.prima_amount) == (Decimal("2.5"), None)
    assert [(two.oro_amount, two.prima_amount) for two in absent] == [
        (None, Decimal("2.5")),
        (None, Decimal(15)),
    ]
