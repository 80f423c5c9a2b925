"""The control equation: it ties when everything is accounted for, and only then."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.ids import OroOrderId
from oro_prima.reconcile import (
    OrderNow,
    Term,
    add_days,
    equation_json,
    equation_text,
    reconcile_day,
)
from oro_prima.reconcile.equation import TERMS
from oro_prima.records import Capture, Home
from oro_prima.values import LocalDate
from tests.rules.making import EARLIER, a_capture

DAY = LocalDate(date(2031, 5, 4))
money = st.one_of(st.none(), st.decimals(0, 10**6, places=4))
homes = st.sampled_from([*TERMS, Home.MAIN])
books = st.lists(st.tuples(homes, money, money, st.sampled_from(["GBP", "EUR"])), max_size=12).map(
    lambda rows: [
        (
            a_capture(str(n), home, gross=before, currency=currency),
            OrderNow(OroOrderId(str(n)), EARLIER, currency, now, home is Home.MAIN),
        )
        for n, (home, before, now, currency) in enumerate(rows)
    ]
)
Books = list[tuple[Capture, OrderNow]]


@given(books)
def test_it_ties_when_every_order_has_a_capture(rows: Books) -> None:
    """Whatever was revalued since; each revaluation is a row of its own."""
    equation = reconcile_day(
        [now for _c, now in rows], [capture for capture, _n in rows], day=DAY, zone=UTC
    )
    plain = [(c, n) for c, n in rows if c.home is not Home.MAIN]

    assert equation.ties
    assert len(rows) - len(plain) == equation.mains
    assert len(plain) == sum(line.captured.orders for line in equation.lines)
    assert sum(c.gross != n.gross for c, n in plain) == len(equation.revaluations)


@given(books, st.data())
def test_a_lost_order_is_not_yet_read_and_a_ghost_does_not_tie(
    rows: Books, data: st.DataObject
) -> None:
    """A capture too few is a term; one too many is a difference."""
    plain = [(c, n) for c, n in rows if c.home is not Home.MAIN]
    if not plain:
        return
    index = data.draw(st.integers(0, len(plain) - 1))
    captures, orders = [c for c, _n in plain], [n for _c, n in plain]
    fewer = reconcile_day(orders, captures[:index] + captures[index + 1 :], day=DAY, zone=UTC)
    ghost = reconcile_day(orders[:index] + orders[index + 1 :], captures, day=DAY, zone=UTC)

    assert fewer.ties
    assert sum(line.not_yet_read.orders for line in fewer.lines) == 1
    assert not ghost.ties
    assert sum(line.difference.orders for line in ghost.lines) == -1


@given(books, st.data())
def test_both_sides_may_come_in_any_order_with_any_gaps(rows: Books, data: st.DataObject) -> None:
    """An order is found beside its capture wherever either of them stands."""
    plain = [(c, n) for c, n in rows if c.home is not Home.MAIN]
    shown = [n for _c, n in plain if data.draw(st.booleans(), label=f"shown {n.id}")]
    captured = [c for c, _n in plain if data.draw(st.booleans(), label=f"captured {c.order}")]
    straight = reconcile_day(shown, captured, day=DAY, zone=UTC)
    mixed = reconcile_day(
        data.draw(st.permutations(shown)),
        data.draw(st.permutations(captured)),
        day=DAY,
        zone=UTC,
    )
    both = {one.id for one in shown} & {one.order for one in captured}
    unread = sum(line.not_yet_read.orders for line in mixed.lines)

    assert mixed.lines == straight.lines
    assert set(mixed.revaluations) == set(straight.revaluations)
    assert {one.order for one in mixed.revaluations} == {
        c.order for c, n in plain if c.order in both and c.gross != n.gross
    }
    assert unread == len(shown) - len(both)


@given(books)
def test_an_order_in_another_currency_than_captured_is_not_read_in_it(rows: Books) -> None:
    """It is a term in its new currency and a difference in the old one: never silently added."""
    plain = [(c, n) for c, n in rows if c.home is not Home.MAIN]
    moved = [evolve(n, currency="USD") for _c, n in plain]
    equation = reconcile_day(moved, [c for c, _n in plain], day=DAY, zone=UTC)
    lines = {line.currency: line for line in equation.lines}

    assert sum(line.not_yet_read.orders for line in equation.lines) == len(plain)
    assert "USD" not in lines or lines["USD"].not_yet_read.orders == len(plain)
    for code, line in lines.items():
        if code != "USD":
            assert line.difference == Term() - sum(line.homes.values(), Term())
            assert not line.ties


def test_an_order_that_left_a_currency_hides_none_that_came() -> None:
    """One of each: as many are shown in pounds as are captured in pounds, and they are not these."""
    captures = [a_capture("7", Home.POSTED, gross=Decimal(5), currency="GBP")]
    orders = [
        OrderNow(OroOrderId("7"), EARLIER, "USD", Decimal(5)),
        OrderNow(OroOrderId("8"), EARLIER, "GBP", Decimal(3)),
    ]
    pounds, _dollars = reconcile_day(orders, captures, day=DAY, zone=UTC).lines

    assert pounds.not_yet_read == Term(1, Decimal(3))


@given(books, books)
def test_days_add_up(first: Books, second: Books) -> None:
    """The sum of two days is the equation of both."""
    next_day = LocalDate(DAY + timedelta(days=1))
    shifted = [
        (
            evolve(c, order=OroOrderId(f"9{c.order}"), created_at=EARLIER + timedelta(days=1)),
            evolve(n, id=OroOrderId(f"9{n.id}"), created_at=EARLIER + timedelta(days=1)),
        )
        for c, n in second
    ]
    rows = first + shifted
    orders, captures = [n for _c, n in rows], [c for c, _n in rows]
    days = [reconcile_day(orders, captures, day=day, zone=UTC) for day in (DAY, next_day)]
    total = add_days(days)

    assert sum(line.captured.orders for line in total) == sum(
        line.captured.orders for day in days for line in day.lines
    )
    assert all(line.ties for line in total)


def test_a_day_is_a_day_of_the_books() -> None:
    """23:30 UTC in summer is tomorrow in London."""
    late = datetime(2031, 5, 3, 23, 30, tzinfo=UTC)
    orders = [OrderNow(OroOrderId("7"), late, "GBP", Decimal(1))]
    captures = [a_capture(created_at=late, gross=Decimal(1), home=Home.POSTED)]
    london = ZoneInfo("Europe/London")

    assert len(reconcile_day(orders, captures, day=DAY, zone=london).lines) == 1
    assert reconcile_day(orders, captures, day=DAY, zone=UTC).lines == ()


def test_it_is_shown_for_people_and_for_programs() -> None:
    """What is not stated says so, and is never 0.00."""
    captures = [
        a_capture("7", Home.POSTED, gross=Decimal("24.005")),
        a_capture("8", Home.HELD, gross=None),
        a_capture("9", Home.MAIN),
    ]
    orders = [
        OrderNow(OroOrderId("7"), EARLIER, "GBP", Decimal(30)),
        OrderNow(OroOrderId("8"), EARLIER, "GBP", Decimal(5)),
        OrderNow(OroOrderId("9"), EARLIER, "GBP", Decimal(5), main=True),
    ]
    equation = reconcile_day(orders, captures, day=DAY, zone=UTC)
    text, tree = equation_text(equation), equation_json(equation)

    assert "difference (ties)" in text
    assert "not stated captured, 5.00 now (edited)" in text
    assert "24.01 captured, 30.00 now (edited or recomputed after posting)" in text
    assert "(1 not stated)" in text
    assert "main orders, posted through their sub-orders: 1" in text
    assert tree["ties"] is True
    lost = reconcile_day([], captures, day=DAY, zone=UTC)
    assert "does NOT tie" in equation_text(lost)
    assert "no orders" in equation_text(reconcile_day([], [], day=DAY, zone=UTC))
    assert Term(1, Decimal(2), 0) == Term() + Term(1, Decimal(2))
