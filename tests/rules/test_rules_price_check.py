"""An order's prices against the price book of its account, before it is posted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.ids import OroLineId, OroSku, PrimaAccount, PrimaPriceBook, UnitCode
from oro_prima.mapping import (
    AccountFacts,
    CheckedLine,
    CheckedPrices,
    HoldAction,
    HoldRule,
    Mapped,
    OrderPolicy,
    OrderTest,
    PriceBasis,
    PriceCheck,
    ReadBook,
    check_prices,
    explain_order,
    explanation_text,
    map_order,
)
from oro_prima.mapping.policy import Overlap, VariantRows
from oro_prima.mapping.price_check import book_of, wanted_prices
from oro_prima.oro.models import Order, OrderLine
from oro_prima.plans import OrderDecision, OrderPlan, plan_orders
from oro_prima.plans.orders import orders_to_check
from oro_prima.prima.models import PriceBook, PriceBookRow
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.records import ExceptionRecord, Flow, Home, RecordState
from oro_prima.testing import strategies
from oro_prima.testing.laws import price_check_law
from oro_prima.values import LocalDate, SkuKey, to_decimal
from tests.rules.making import BOOT, LACE, NOW, a_line, an_order, policy, snapshot, tables

R = ReasonCode
TRADE = PrimaPriceBook("TRADE")
ACCOUNT = PrimaAccount("TRADE1")
HEAD = PriceBook(TRADE, "GBP", vat_inclusive=False)
DAY = LocalDate(date(2031, 5, 4))
WITH_BOOK = tables(accounts={ACCOUNT: AccountFacts(price_book=TRADE)})
WARN = policy(price_basis=PriceBasis.OMIT, price_check=PriceCheck.CHECK_AND_WARN)
HOLD = evolve(WARN, price_check=PriceCheck.CHECK_AND_HOLD)
ONLY = evolve(WARN, price_check=PriceCheck.INTENT_ONLY)
Books = Mapping[PrimaPriceBook, ReadBook]


def a_row(price: str, quantity: int = 1, sku: SkuKey = BOOT, **changes: Any) -> PriceBookRow:
    return evolve(PriceBookRow(TRADE, sku, Decimal(quantity), Decimal(price)), **changes)


def a_book(*rows: PriceBookRow, **changes: Any) -> Books:
    return {TRADE: evolve(ReadBook((HEAD,), rows), **changes)}


def checked(order: Order, books: Books, how: OrderPolicy = WARN, **changes: Any) -> CheckedPrices:
    return check_prices(order, ACCOUNT, evolve(WITH_BOOK, **changes), how, books=books)


def plan(order: Order, books: Books, how: OrderPolicy, **changes: Any) -> OrderPlan:
    return plan_orders(snapshot(order, **({"tables": WITH_BOOK, "books": books} | changes)), how)


def decided(order: Order, books: Books, how: OrderPolicy, **changes: Any) -> OrderDecision:
    (decision,) = plan(order, books, how, **changes).decisions
    return decision


def codes(reasons: tuple[Reason, ...]) -> list[ReasonCode]:
    return [reason.code for reason in reasons]


class Unlooked(dict[PrimaPriceBook, ReadBook]):
    """Price books that nobody may look at."""

    def get(self, *_args: object) -> Any:
        raise AssertionError("looked at")

    __getitem__ = __iter__ = __contains__ = get


# -- any order, any book ---------------------------------------------------------------------------

money = st.sampled_from(["0", "0.01", "1", "1.05", "8.3333", "10", "10.00", "20"]).map(Decimal)
days = st.none() | st.integers(-1, 1).map(lambda n: LocalDate(DAY + timedelta(days=n)))
some_rows = st.lists(
    st.builds(
        PriceBookRow,
        st.just(TRADE),
        st.sampled_from([BOOT, LACE, SkuKey("BOOT"), SkuKey("OTHER")]),
        st.sampled_from([0, 1, 2, 6, 12]).map(Decimal),
        money,
        days,
        days,
    ),
    max_size=8,
).map(tuple)
heads = st.sampled_from(
    [(HEAD,)] * 6
    + [(HEAD, evolve(HEAD, currency="EUR")), (evolve(HEAD, currency="EUR"),)]
    + [(evolve(HEAD, vat_inclusive=True),)]
)
some_books = st.one_of(
    st.builds(lambda head, rows: {TRADE: ReadBook(head, rows)}, heads, some_rows),
    st.sampled_from([{}, {TRADE: ReadBook()}, {TRADE: ReadBook(unread="Prima is down")}]),
)
some_lines = st.builds(
    OrderLine,
    id=st.just(OroLineId("1")),
    product_sku=st.sampled_from(["B", "L"]).map(OroSku),
    product_unit_code=st.sampled_from(["each", "case", "pack"]).map(UnitCode),
    quantity=st.sampled_from([1, 2, 3, 12]).map(Decimal),
    value=st.none() | money,
    currency=st.sampled_from([None, "GBP", "GBP", "EUR"]),
)


def made(lines: list[OrderLine]) -> Order:
    ids = tuple(OroLineId(str(n)) for n in range(1, len(lines) + 1))
    named = tuple(evolve(line, id=key) for line, key in zip(lines, ids, strict=True))
    return an_order(lines=named, line_ids=ids)


some_orders = st.lists(some_lines, min_size=1, max_size=3).map(made)
reading = st.builds(
    lambda how, variants, overlap, tolerance, percent: evolve(
        how,
        book_variants=variants,
        book_overlap=overlap,
        price_tolerance=tolerance,
        price_tolerance_percent=percent,
    ),
    st.sampled_from([ONLY, WARN, HOLD]),
    st.sampled_from(VariantRows),
    st.sampled_from(Overlap),
    st.sampled_from(["0", "0.01", "0.05", "5"]).map(Decimal),
    st.sampled_from([0, 1, 5, 50]).map(Decimal),
)


def agrees(order: Order, books: Books, how: OrderPolicy) -> bool:
    """Say by another way of counting whether every line of an order agrees."""
    read = books.get(TRADE)
    if read is None or read.unread or read.heads != (HEAD,):
        return False
    return all(_line_agrees(line, read.rows, how) for line in order.lines)


def _line_agrees(line: OrderLine, rows: tuple[PriceBookRow, ...], how: OrderPolicy) -> bool:
    if line.value is None or line.currency == "EUR":
        return False
    total = Fraction(0)
    zero = False
    key = (line.product_sku or OroSku(""), line.product_unit_code or UnitCode(""))
    for part in WITH_BOOK.units.get(key, ()):
        count = Fraction(line.quantity) * part.count
        mine = [row for row in rows if row.sku == part.sku]
        if not mine and how.book_variants is VariantRows.PRODUCT:
            mine = [row for row in rows if row.sku == SkuKey(part.sku.product)]
        mine = [r for r in mine if (r.valid_from or DAY) <= DAY <= (r.valid_to or DAY)]
        mine = [r for r in mine if r.quantity <= count]
        mine = [r for r in mine if r.quantity == max(o.quantity for o in mine)]
        if how.book_overlap is Overlap.LATEST:
            last = max((r.valid_from or date.min for r in mine), default=date.min)
            mine = [r for r in mine if (r.valid_from or date.min) == last]
        if len({r.price for r in mine}) != 1:
            return False
        zero |= mine[0].price == 0
        total += Fraction(mine[0].price) * count
    gap = abs(total - Fraction(line.value) * Fraction(line.quantity))
    near = gap <= Fraction(how.price_tolerance)
    near = near or gap * 100 <= Fraction(how.price_tolerance_percent) * total
    return not gap or (near and not zero)


@given(some_orders, some_books, reading)
def test_what_is_posted_is_the_same_and_only_under_hold_fewer(
    order: Order, books: Books, how: OrderPolicy
) -> None:
    """Intent only looks at nothing; warn posts the same; hold posts exactly what agrees."""
    intent = plan(order, Unlooked(), evolve(how, price_check=PriceCheck.INTENT_ONLY))
    warned = plan(order, books, evolve(how, price_check=PriceCheck.CHECK_AND_WARN))
    held = plan(order, books, evolve(how, price_check=PriceCheck.CHECK_AND_HOLD))
    mapped = isinstance(map_order(order, WITH_BOOK, how), Mapped)

    assert warned.commands == intent.commands
    assert [d.capture for d in warned.decisions] == [d.capture for d in intent.decisions]
    assert intent.decisions[0].warnings == ()
    if mapped and agrees(order, books, how):
        assert held == intent
        assert warned == intent
    else:
        assert held.commands == ()
        assert held.decisions[0].reasons
        assert not mapped or warned.decisions[0].warnings == held.decisions[0].reasons


@given(some_orders, some_books, reading, st.randoms())
def test_every_line_is_accounted_for(
    order: Order, books: Books, how: OrderPolicy, random: Any
) -> None:
    """It agrees, or says why not, or the order does; the same again, however rows are sorted."""
    found = checked(order, books, how)
    shuffled = {
        code: evolve(one, rows=tuple(random.sample(one.rows, len(one.rows))))
        for code, one in books.items()
    }

    price_check_law(order, ACCOUNT, WITH_BOOK, how, books=books)
    assert checked(order, shuffled, how).reasons == found.reasons
    assert [line.line for line in found.lines] == [line.id for line in order.lines]
    assert bool(found.unread) == (not books or bool(books[TRADE].unread))
    for line in found.lines:
        if not (found.unread or found.against or line.reasons):
            assert line.agreed is not None
            assert line.booked == sum((part.amount for part in line.parts), Decimal(0))


@given(some_orders, some_books, reading, st.integers(0, 9).map(Decimal))
def test_a_wider_tolerance_lets_no_line_down(
    order: Order, books: Books, how: OrderPolicy, more: Decimal
) -> None:
    """What agreed still does, in whichever way it was widened."""
    wider = evolve(how, price_tolerance=how.price_tolerance + more)
    broader = evolve(how, price_tolerance_percent=how.price_tolerance_percent + more)

    for before, *after in zip(
        checked(order, books, how).lines,
        checked(order, books, wider).lines,
        checked(order, books, broader).lines,
        strict=True,
    ):
        assert all(set(one.reasons) <= set(before.reasons) for one in after)


@given(strategies.orders(), some_books, reading)
def test_any_order_can_be_checked(order: Order, books: Books, how: OrderPolicy) -> None:
    """Whatever it holds; also one that could not be mapped."""
    price_check_law(order, ACCOUNT, WITH_BOOK, how, books=books)


# -- to the letter ---------------------------------------------------------------------------------


def test_a_line_says_both_amounts_and_the_rows() -> None:
    """Two cases of six at 60.00 are twelve pieces at the break of twelve."""
    order = an_order(lines=(a_line(product_unit_code=UnitCode("case"), value=Decimal("60.00")),))
    books = a_book(a_row("11"), a_row("9.50", 12))
    found = checked(order, books)
    (line,) = found.lines

    assert (found.book, found.day, found.against, found.unread) == (TRADE, DAY, (), "")
    assert (line.line, line.agreed, line.booked) == ("1", Decimal("120.00"), Decimal("114.00"))
    assert [part.row.quantity for part in line.parts] == [12]
    assert found.reasons == line.reasons
    assert line.reasons == (
        Reason(
            R.PRICE_DIFFERS,
            "orders/7/lines/1",
            "agreed 120.00, book TRADE comes to 114.00: 12 x BOOT-F-070 at 9.50",
        ),
    )


def test_a_pack_is_the_sum_of_its_parts() -> None:
    """Each at its own row; the table's price shares are of what is sent, not of the book."""
    line = a_line(product_unit_code=UnitCode("pack"), value=Decimal(10), quantity=Decimal(3))
    books = a_book(a_row("4"), a_row("2", sku=LACE))
    found = checked(an_order(lines=(line,)), books)
    other = checked(an_order(lines=(line,)), a_book(a_row("4"), a_row("2.01", sku=LACE)))

    assert (found.reasons, found.lines[0].booked) == ((), Decimal(30))
    assert [r.detail for r in other.reasons] == [
        "agreed 30, book TRADE comes to 30.03: 6 x BOOT-F-070 at 4, 3 x LACE at 2.01"
    ]


@pytest.mark.parametrize(
    ("absolute", "percent", "value", "fine"),
    [
        ("0", "0", "10.00", True),
        ("0", "0", "10.0001", False),
        ("0.02", "0", "10.01", True),
        ("0.02", "0", "10.0101", False),
        ("0.02", "0", "9.99", True),
        ("0.02", "0", "9.9899", False),
        ("0", "1", "10.10", True),
        ("0", "1", "10.1001", False),
        ("0", "1", "9.90", True),
        ("0", "1", "9.8999", False),
        ("0.02", "1", "10.10", True),
        ("5", "1", "12.50", True),
    ],
)
def test_tolerance_is_of_the_line_and_exact(
    absolute: str, percent: str, value: str, fine: bool
) -> None:
    """Two at 10.00: a penny each is two pence; 1 % of 20.00 is 20 pence; the wider one counts."""
    how = evolve(WARN, price_tolerance=Decimal(absolute), price_tolerance_percent=Decimal(percent))
    order = an_order(lines=(a_line(value=Decimal(value)),))

    assert (checked(order, a_book(a_row("10")), how).reasons == ()) is fine


def test_more_digits_than_a_context_holds_are_compared_exactly() -> None:
    """A difference in the last of 30 digits is one."""
    long = Decimal("123456789012345.123456789")
    order = an_order(lines=(a_line(value=long, quantity=Decimal("1000000.000001") * 10**6),))
    line = order.lines[0]
    near = long + Decimal("0.000000001")

    assert checked(order, a_book(a_row(str(long)))).reasons == ()
    assert codes(checked(order, a_book(a_row(str(near)))).reasons) == [R.PRICE_DIFFERS]
    assert line.quantity == to_decimal("1000000000001")


@pytest.mark.parametrize(
    ("line", "rows", "expected"),
    [
        ({}, (a_row("0"),), [R.PRICE_ON_APPLICATION]),
        ({}, (a_row("-1"),), [R.PRICE_ON_APPLICATION]),
        ({"value": Decimal(0)}, (a_row("0"),), []),
        ({"value": Decimal(0)}, (a_row("1"),), [R.PRICE_DIFFERS]),
        ({}, (), [R.NOT_IN_PRICE_BOOK]),
        ({}, (a_row("10", 3),), [R.NOT_IN_PRICE_BOOK]),
        ({}, (a_row("10", sku=LACE),), [R.NOT_IN_PRICE_BOOK]),
        ({}, (a_row("10"), a_row("9")), [R.PRICE_BOOK_AMBIGUOUS]),
        ({}, (a_row("10"), a_row("10.00")), []),
        ({}, (a_row("10", valid_to=LocalDate(date(2031, 5, 3))),), [R.NOT_IN_PRICE_BOOK]),
        ({}, (a_row("10", valid_from=DAY, valid_to=DAY),), []),
        ({"value": None}, (a_row("10"),), [R.PRICE_MISSING]),
        ({"value": None}, (), [R.PRICE_MISSING, R.NOT_IN_PRICE_BOOK]),
        ({"currency": "EUR"}, (a_row("10"),), [R.CURRENCY_MISMATCH]),
        ({"currency": None}, (a_row("10"),), []),
        ({"product_unit_code": None}, (a_row("10"),), [R.UNKNOWN_UNIT]),
        ({"product_sku": None}, (a_row("10"),), [R.UNKNOWN_UNIT]),
        ({"quantity": Decimal("0.5")}, (a_row("10"),), [R.FRACTIONAL_QUANTITY]),
    ],
)
def test_what_cannot_be_compared_has_a_reason_of_its_own(
    line: dict[str, Any], rows: tuple[PriceBookRow, ...], expected: list[ReasonCode]
) -> None:
    """It is not called a difference, and nothing is guessed."""
    found = checked(an_order(lines=(a_line(**line),)), a_book(*rows))

    assert codes(found.reasons) == expected
    assert {r.subject for r in found.reasons} <= {"orders/7/lines/1"}
    assert (found.lines[0].booked is None) == bool(
        {R.NOT_IN_PRICE_BOOK, R.PRICE_BOOK_AMBIGUOUS, R.UNKNOWN_UNIT, R.FRACTIONAL_QUANTITY}
        & set(expected)
    )


def test_a_reason_says_what_it_saw() -> None:
    """Codes and figures, nothing else."""
    free = checked(an_order(), a_book(a_row("0")))
    none = checked(an_order(lines=(a_line(value=None),)), a_book(a_row("10")))
    euro = checked(an_order(lines=(a_line(currency="EUR"),)), a_book(a_row("10")))

    assert [r.detail for r in (*free.reasons, *none.reasons, *euro.reasons)] == [
        "0 from 1 in book TRADE",
        "no value",
        "the line is in EUR, the order in GBP",
    ]


def test_one_part_on_application_is_the_whole_line_s() -> None:
    """Only the row that has no price is named; nor does a tolerance make one up."""
    line = a_line(product_unit_code=UnitCode("pack"), value=Decimal(10))
    books = a_book(a_row("0"), a_row("1", sku=LACE))
    wide = evolve(WARN, price_tolerance=Decimal(1000))
    (reason,) = checked(an_order(lines=(line,)), books, wide).reasons

    assert (reason.code, reason.detail) == (R.PRICE_ON_APPLICATION, "0 from 1 in book TRADE")


def test_a_line_without_product_or_unit_names_neither() -> None:
    """It could not be mapped, and is not called by another's name."""
    free = a_line(product_sku=None, product_unit_code=None)
    (reason,) = checked(an_order(lines=(free,)), a_book(a_row("10"))).reasons

    assert (reason.code, reason.cause) == (R.UNKNOWN_UNIT, "units//")


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (
            (HEAD, evolve(HEAD, currency="EUR")),
            [(R.PRICE_BOOK_AMBIGUOUS, "book TRADE is there 2 times, by currency and VAT")],
        ),
        (
            (evolve(HEAD, currency="EUR", vat_inclusive=True),),
            [
                (R.CURRENCY_MISMATCH, "ordered in GBP, book TRADE in EUR"),
                (
                    R.VAT_BASIS_MISMATCH,
                    "book TRADE and the shop differ in whether prices hold VAT",
                ),
            ],
        ),
    ],
)
def test_a_book_that_says_nothing_of_the_order_is_told_once(
    found: tuple[PriceBook, ...], expected: list[tuple[ReasonCode, str]]
) -> None:
    """Not line by line; the lines still say what was agreed."""
    told = checked(an_order(), a_book(a_row("10"), heads=found))

    assert [(r.code, r.detail) for r in told.reasons] == expected
    assert {r.subject for r in told.reasons} == {"orders/7"}
    assert told.lines == (CheckedLine(OroLineId("1"), Decimal("20.00")),)
    assert (told.book, told.day, told.unread) == (TRADE, DAY, "")


def test_vat_is_the_same_on_both_sides() -> None:
    """A shop whose prices hold VAT has a book that says so."""
    how = evolve(WARN, vat_inclusive=True)
    with_vat = a_book(a_row("10"), heads=(evolve(HEAD, vat_inclusive=True),))

    assert checked(an_order(), with_vat, how).reasons == ()
    assert codes(checked(an_order(), a_book(a_row("10")), how).reasons) == [R.VAT_BASIS_MISMATCH]


def test_an_account_without_a_book_is_no_account_with_any() -> None:
    """There is no default; the row to fill is named."""
    nobody = checked(an_order(), a_book(a_row("10")), accounts={})
    blank = checked(an_order(), a_book(a_row("10")), accounts={ACCOUNT: AccountFacts()})
    detail = "nobody has named the price book of account TRADE1"

    assert nobody == blank
    assert (nobody.book, nobody.unread) == ("", "")
    assert nobody.reasons == (Reason(R.NO_PRICE_BOOK, "orders/7", detail, "known_accounts/TRADE1"),)
    assert book_of(ACCOUNT, WITH_BOOK) == TRADE


@pytest.mark.parametrize(
    ("at", "day"),
    [("2031-05-04T22:59:59", 4), ("2031-05-04T23:00:00", 5), ("2031-01-04T23:30:00", 4)],
)
def test_the_day_is_londons(at: str, day: int) -> None:
    """In summer it begins at 23:00 UTC; a price that begins then counts from then on."""
    order = an_order(created_at=datetime.fromisoformat(at).replace(tzinfo=UTC))
    how = evolve(WARN, zone=ZoneInfo("Europe/London"))
    first = LocalDate(order.created_at.date().replace(day=day))
    rows = (a_row("10", valid_from=first, valid_to=first),)

    assert checked(order, a_book(*rows), how).day == first
    assert checked(order, a_book(*rows), how).reasons == ()


def test_how_rows_are_read_is_the_books_policy() -> None:
    """A row of the product for its variants, and the latest of two, where the policy says so."""
    product = a_book(a_row("10", sku=SkuKey("BOOT")))
    two = a_book(a_row("9"), a_row("10", valid_from=DAY))

    assert codes(checked(an_order(), product).reasons) == [R.NOT_IN_PRICE_BOOK]
    assert not checked(an_order(), product, evolve(WARN, book_variants=VariantRows.PRODUCT)).reasons
    assert codes(checked(an_order(), two).reasons) == [R.PRICE_BOOK_AMBIGUOUS]
    assert not checked(an_order(), two, evolve(WARN, book_overlap=Overlap.LATEST)).reasons


# -- in the plan -----------------------------------------------------------------------------------


def test_a_book_that_cannot_be_read_holds_nobody() -> None:
    """Warned, it is posted and told; else it waits; a book that is not there was not read."""
    down = {TRADE: ReadBook(unread="Prima is down")}
    warned, waits = decided(an_order(), down, WARN), decided(an_order(), down, HOLD)
    absent = decided(an_order(), {}, HOLD)
    told = Reason(R.PRICES_NOT_CHECKED, "orders/7", "price book TRADE: Prima is down")

    assert (warned.home, warned.warnings) == (Home.POSTED, (told,))
    assert warned.command is not None
    assert (waits.home, waits.reasons, waits.command) == (Home.WAITING, (told,), None)
    assert waits.capture.reason == "prices-not-checked"
    assert absent.reasons == (evolve(told, detail="price book TRADE: it was not read"),)


def test_what_somebody_looks_at_first_is_told_together_with_prices() -> None:
    """All faults at once; a book that cannot be read lets no such order wait in silence."""
    rule = HoldRule(OrderTest(), HoldAction.HERE, "look")
    first = evolve(HOLD, holds=(rule,))
    both = decided(an_order(), a_book(a_row("9")), first)
    down = decided(an_order(), {}, first)
    warned = decided(an_order(), a_book(a_row("9")), evolve(WARN, holds=(rule,)))

    assert (both.home, codes(both.reasons)) == (Home.HELD, [R.HELD_BY_RULE, R.PRICE_DIFFERS])
    assert (down.home, codes(down.reasons)) == (Home.HELD, [R.HELD_BY_RULE])
    assert (warned.home, codes(warned.reasons)) == (Home.HELD, [R.HELD_BY_RULE])


def test_a_retry_is_checked_afresh() -> None:
    """A person's word lets a rule's hold go, not another price; the right price does."""
    off = decided(an_order(), a_book(a_row("9")), HOLD)
    record = ExceptionRecord(
        Flow.ORDERS, "orders/7", off.reasons, RecordState.HELD, NOW, NOW, 1, None, "GBP", retry=True
    )
    again = decided(an_order(), a_book(a_row("9")), HOLD, held={an_order().id: record})
    right = decided(an_order(), a_book(a_row("10")), HOLD, held={an_order().id: record})
    unasked = decided(
        an_order(), a_book(a_row("10")), HOLD, held={an_order().id: evolve(record, retry=False)}
    )

    assert again == off
    assert off.home is Home.HELD
    assert right.command is not None
    assert unasked == right


def test_only_orders_that_would_be_posted_are_looked_up() -> None:
    """By book and SKU, with the bare product where its row may stand for a variant."""
    pack = a_line(product_unit_code=UnitCode("pack"))
    order = an_order(lines=(pack,))
    unlinked = evolve(order, id=type(order.id)("8"), customer=None)
    some = snapshot(order, unlinked, tables=WITH_BOOK)
    found = orders_to_check(some, HOLD)
    variants = evolve(HOLD, book_variants=VariantRows.PRODUCT)

    assert [one.reference for one in found] == ["ORO-7"]
    assert orders_to_check(some, ONLY) == ()
    assert wanted_prices(found, WITH_BOOK, HOLD) == {TRADE: {BOOT, LACE}}
    assert wanted_prices(found, WITH_BOOK, variants) == {TRADE: {BOOT, LACE, SkuKey("BOOT")}}
    assert wanted_prices(found, tables(), HOLD) == {}
    other = evolve(found[0], lines=found[0].lines[:1], account=PrimaAccount("EXTRA"))
    two = evolve(
        WITH_BOOK, accounts={**WITH_BOOK.accounts, other.account: AccountFacts(price_book=TRADE)}
    )
    assert wanted_prices((other, *found), two, HOLD) == {TRADE: {BOOT, LACE}}
    assert wanted_prices((*found, other), two, HOLD) == {TRADE: {BOOT, LACE}}


# -- why -------------------------------------------------------------------------------------------


def explained(order: Order, books: Books | None, how: OrderPolicy = WARN) -> list[str]:
    """Return what is said from the check on."""
    text = explanation_text(explain_order(order, WITH_BOOK, how, books=books))
    return [line.strip() for line in text.partition("price_check.check_prices")[2].splitlines()]


def test_an_explanation_shows_each_line_on_both_sides() -> None:
    """Which row, what both come to, and what was not taken."""
    order = made([a_line(), a_line(product_sku=OroSku("L"), value=Decimal(3))])

    assert explained(order, a_book(a_row("10"), a_row("8", 6), a_row("2.50", sku=LACE))) == [
        "(check check-and-warn, account TRADE1, book TRADE, day 2031-05-04) = 1 of 2 lines agree",
        "price_check.line (line 1, sku B, agreed 20.00) = agrees with 20",
        "price book row (book TRADE, sku BOOT-F-070, quantity 2, day 2031-05-04) "
        "= 10 from 1 in book TRADE",
        "row price books[TRADE, BOOT-F-070, 1]: price 10",
        "row price books[TRADE, BOOT-F-070, 6]: price 8",
        "not 8 from 6 in book TRADE: 2 is fewer",
        "price_check.line (line 2, sku L, agreed 6) = price-differs: agreed 6, "
        "book TRADE comes to 5.00: 2 x LACE at 2.50",
        "price book row (book TRADE, sku LACE, quantity 2, day 2031-05-04) "
        "= 2.50 from 1 in book TRADE",
        "row price books[TRADE, LACE, 1]: price 2.50",
    ]


def test_an_explanation_says_why_nothing_is_compared() -> None:
    """A book that was not read, or says nothing of the order; nothing where none is checked."""
    head = "(check check-and-warn, account TRADE1, book TRADE, day 2031-05-04) = "
    euro = a_book(heads=(evolve(HEAD, currency="EUR"),))
    lone = explained(an_order(lines=(a_line(value=None),)), a_book())

    assert explained(an_order(), None) == [head + "price book TRADE: it was not read"]
    assert explained(an_order(), euro) == [
        head + "currency-mismatch: ordered in GBP, book TRADE in EUR"
    ]
    assert lone[:2] == [
        head + "0 of 1 lines agree",
        "price_check.line (line 1, sku B, agreed none) = price-missing: no value; "
        "not-in-price-book: book TRADE has no price for 2 of BOOT-F-070 on 2031-05-04",
    ]
    assert explained(an_order(), a_book(), ONLY) == []


def test_the_words_of_the_settings() -> None:
    """They stand in files."""
    assert [one.value for one in PriceCheck] == ["intent-only", "check-and-warn", "check-and-hold"]
