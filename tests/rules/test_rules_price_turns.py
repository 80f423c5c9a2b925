"""Prices of later days: seen ahead, never written before their day, never missed after it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.ids import OroSku, UnitCode
from oro_prima.mapping import (
    BookPolicy,
    Component,
    Ends,
    LastRun,
    PriceWritePolicy,
    SchedulePolicy,
    ScheduleSnapshot,
    StagedDay,
    StagedPrice,
    Task,
    upcoming_days,
)
from oro_prima.mapping.policy import Overlap, VariantRows
from oro_prima.mapping.price_changes import turns_of
from oro_prima.mapping.schedule import due_at
from oro_prima.plans import AddPrice, EndPrice, PricePolicies, PriceSnapshot, SetPrice, plan_prices
from oro_prima.plans.price_sides import price_sides
from oro_prima.prima.models.prices import BookPrice
from oro_prima.values import LocalDate, SkuKey, local_date
from tests.rules.test_rules_prices_plan import (
    BOOT,
    DAY,
    LACE,
    LATER,
    a_row,
    applied,
    listed,
    snapped,
)

LONDON = ZoneInfo("Europe/London")
FREELY = PriceWritePolicy(Ends.REMOVE, 10**6, Decimal(1), Decimal(0))
POLICY = PricePolicies(BookPolicy(False, LONDON, overlap=Overlap.LATEST), FREELY)
SPRING, AUTUMN = date(2031, 3, 30), date(2031, 10, 26)
"""When the clocks change in London."""


def on(day: date, count: int = 0) -> LocalDate:
    return LocalDate(day + timedelta(days=count))


def books(first: date) -> st.SearchStrategy[tuple[BookPrice, ...]]:
    """Rows that begin and cease about a day; one of each SKU is always valid."""
    days = st.one_of(st.none(), st.integers(-3, 8).map(lambda n: on(first, n)))
    rows = st.builds(
        a_row,
        st.sampled_from([BOOT, LACE]),
        st.integers(1, 9).map(str),
        st.sampled_from([1, 6]),
        valid_from=days,
        valid_to=days,
    )
    always = (a_row(BOOT, "20"), a_row(LACE, "20"))
    begins = st.lists(
        rows.filter(lambda one: one.row.quantity > 1 or one.row.valid_from is not None),
        max_size=5,
        unique_by=lambda one: (one.row.sku, one.row.quantity, one.row.valid_from),
    )
    return begins.map(lambda some: (*always, *some))


def prices_of(snapshot: PriceSnapshot) -> dict[tuple[object, ...], Decimal]:
    return {
        (one.price.sku, one.price.unit, one.price.quantity, one.price.currency): one.price.value
        for one in snapshot.listed
    }


def made_on(rows: tuple[BookPrice, ...], day: LocalDate) -> dict[tuple[object, ...], Decimal]:
    """What the book says of a day: a list that is made of it from nothing."""
    fresh = snapped(*rows, day=day)
    return prices_of(applied(fresh, plan_prices(fresh, POLICY)))


@pytest.mark.parametrize("change", [SPRING, AUTUMN])
@given(st.data())
def test_nothing_is_written_before_its_day_and_nothing_missed_after_it(
    change: date, data: st.DataObject
) -> None:
    """Whenever it runs by its schedule: at every instant the list is what the book says of its day.

    A run that comes late, or not for days, makes good what it missed, and writes nothing early.
    """
    first = on(change, -2)
    rows = data.draw(books(first))
    now = datetime.combine(first, datetime.min.time(), LONDON).astimezone(UTC)
    now += timedelta(minutes=data.draw(st.integers(0, 1439)))
    end = now + timedelta(days=6)
    schedule = SchedulePolicy(prices=timedelta(hours=data.draw(st.sampled_from([1, 7, 50]))))
    shown = snapped(*rows)
    while now < end:
        day = local_date(now, LONDON)
        shown = evolve(shown, day=day, now=now)
        plan = plan_prices(shown, POLICY)
        shown = applied(shown, plan)
        assert prices_of(shown) == made_on(rows, day)  # what was missed is made good, no more
        due = next_run(LastRun(now, now, 0, now), schedule, plan.staged)
        assert due is not None
        assert due > now
        until = local_date(due - timedelta(microseconds=1), LONDON)
        assert made_on(rows, until) == made_on(rows, day)  # so nobody saw a price of yesterday
        for at in (now, due - timedelta(microseconds=1)):
            seen = evolve(shown, day=local_date(at, LONDON), now=at)
            for side in price_sides(seen, POLICY.books):  # as the shop resolves it, and the book
                assert side.agrees
        now = due + data.draw(st.sampled_from([timedelta(0)] * 4 + [timedelta(hours=30)]))


def next_run(
    last: LastRun, schedule: SchedulePolicy, staged: tuple[StagedDay, ...]
) -> datetime | None:
    turn = staged[0].day if staged else None
    snapshot = ScheduleSnapshot(
        last.started, frozenset({Task.PRICES}), LONDON, {Task.PRICES: last}, turn=turn
    )
    return due_at(Task.PRICES, snapshot, schedule)


@given(books(DAY))
def test_what_is_staged_is_what_is_written_on_its_day(rows: tuple[BookPrice, ...]) -> None:
    """Row by row, where the list is right the day before; between two turns nothing changes."""
    snapshot = snapped(*rows)
    plan = plan_prices(snapshot, POLICY)
    before = applied(snapshot, plan)
    seen = DAY
    for one in plan.staged:
        assert made_on(rows, on(one.day, -1)) == made_on(rows, seen)
        then = evolve(before, day=one.day)
        written = plan_prices(then, POLICY)
        assert one.rows == tuple(sorted(map(row_of, written.commands), key=slot_of))
        assert (one.count, one.unsure) == (len(one.rows), 0)
        before, seen = applied(then, written), one.day
    turns = [day for day, _n in upcoming_days([one.row for one in rows], after=DAY)]
    assert {one.day for one in plan.staged} <= set(turns)
    for day in turns:
        assert made_on(rows, day) == made_on(
            rows, max(one for one in [*days_of(plan.staged), DAY] if one <= day)
        )


def days_of(staged: tuple[StagedDay, ...]) -> list[LocalDate]:
    return [one.day for one in staged]


def row_of(command: SetPrice | AddPrice | EndPrice) -> StagedPrice:
    price = command.price
    slot = (price.sku, price.unit, price.quantity, price.currency)
    match command:
        case SetPrice(previous=previous):
            return StagedPrice(*slot, price.value, previous)
        case AddPrice():
            return StagedPrice(*slot, price.value, None)
        case EndPrice():
            return StagedPrice(*slot, None, price.value)


def slot_of(row: StagedPrice) -> tuple[object, ...]:
    return row.sku, row.unit, row.quantity, row.currency


def test_days_are_staged_as_far_ahead_as_the_policy_looks() -> None:
    """The day itself counts; nothing is staged of a list that cannot be made."""
    tomorrow, third = on(DAY, 1), on(DAY, 3)
    rows = (a_row(), a_row(price="3", valid_from=tomorrow), a_row(price="4", valid_from=third))

    def days(ahead: int) -> list[LocalDate]:
        writes = evolve(FREELY, stage_days=ahead)
        return [
            one.day for one in plan_prices(snapped(*rows), evolve(POLICY, writes=writes)).staged
        ]

    assert [days(ahead) for ahead in (0, 1, 2, 3)] == [
        [], [tomorrow], [tomorrow], [tomorrow, third],
    ]  # fmt: skip
    unready = plan_prices(snapped(*rows, currencies=None), POLICY)
    assert (unready.made, unready.staged) == (False, ())
    assert plan_prices(snapped(*rows), POLICY).made


def test_of_some_products_only_theirs_is_staged() -> None:
    """As what is written is theirs alone."""
    rows = (a_row(), a_row(price="3", valid_from=LATER), a_row(LACE, "1", valid_from=LATER))
    (staged,) = plan_prices(snapped(*rows, only=frozenset({OroSku("L")})), POLICY).staged

    assert [(one.sku, one.value) for one in staged.rows] == [(OroSku("L"), Decimal(1))]


def test_only_what_turns_is_staged() -> None:
    """A row that ceases gives way to the one behind it; what has none ends."""
    rows = (
        a_row(price="2"),
        a_row(price="1", valid_from=DAY, valid_to=on(DAY, 1)),
        a_row(LACE, "5", valid_to=on(DAY, 1)),
    )
    (staged,) = plan_prices(snapped(*rows, listed=(listed("9", "L", "each", "5"),)), POLICY).staged
    each, case = UnitCode("each"), UnitCode("case")

    assert staged.day == on(DAY, 2)
    one = Decimal(1)
    assert staged.rows == (
        StagedPrice(OroSku("B"), case, one, "GBP", Decimal(12), Decimal(6)),
        StagedPrice(OroSku("B"), each, one, "GBP", Decimal(2), Decimal(1)),
        StagedPrice(OroSku("L"), each, one, "GBP", None, Decimal(5)),
    )


def test_what_cannot_be_priced_on_a_day_is_counted() -> None:
    """It stays as it is, so no row of it is staged; the others are."""
    refuse = evolve(POLICY, books=BookPolicy(False))
    rows = (
        a_row(price="2"),
        a_row(price="3", valid_from=LATER),
        a_row(LACE, "5", valid_to=on(LATER, -1)),
        a_row(LACE, "6", valid_from=LATER),
    )
    (staged,) = plan_prices(snapped(*rows), refuse).staged

    assert [(one.sku, one.value) for one in staged.rows] == [(OroSku("L"), Decimal(6))]
    assert (staged.count, staged.unsure) == (1, 2)


def test_a_row_of_a_product_turns_for_its_variants() -> None:
    """Where the policy says that it prices them."""
    variants = evolve(POLICY, books=evolve(POLICY.books, variants=VariantRows.PRODUCT))
    variant = SkuKey("BOOT", "RED")
    units = {key: tuple(evolve(part, sku=variant) for part in parts)
             for key, parts in snapped().units.items() if key[0] == "B"}  # fmt: skip
    rows = (a_row(price="2"), a_row(price="3", valid_from=LATER), a_row(LACE, "1"))
    snapshot = snapped(*rows, units=units)
    (staged,) = plan_prices(snapshot, variants).staged

    assert [one.value for one in staged.rows] == [Decimal(18), Decimal(3)]
    assert plan_prices(snapshot, POLICY).staged == ()


def test_a_row_of_a_product_turns_for_nobody_else() -> None:
    """Where it prices no variant: what is wrong with a variant on that day is not told by it."""
    refuse = evolve(POLICY, books=BookPolicy(False))
    variant = SkuKey("BOOT", "RED")
    units = {(OroSku("B"), UnitCode("each")): (Component(variant, Fraction(1)),)}
    rows = (a_row(variant, "2"), a_row(variant, "3"), a_row(price="9", valid_from=LATER))

    assert plan_prices(snapped(*rows, units=units), refuse).staged == ()


def test_a_row_that_never_ceases_has_no_last_day() -> None:
    """The last day that there is means for ever, as business systems write it."""
    row = a_row(valid_from=DAY, valid_to=LocalDate(date.max)).row

    assert list(turns_of(row)) == [DAY]
    assert list(turns_of(evolve(row, valid_to=on(date.max, -1)))) == [DAY, date.max]


START = datetime(2031, 5, 3, 22, 10, tzinfo=UTC)  # ten past eleven at night in London


@pytest.mark.parametrize(
    ("started", "due"),
    [
        (START, datetime(2031, 5, 3, 23, tzinfo=UTC)),
        (datetime(2031, 5, 3, 23, tzinfo=UTC), datetime(2031, 5, 3, 23, 1, tzinfo=UTC)),
        (datetime(2031, 5, 3, 23, 1, tzinfo=UTC), datetime(2031, 5, 3, 23, 2, tzinfo=UTC)),
        (datetime(2031, 5, 3, 23, 8, tzinfo=UTC), datetime(2031, 5, 3, 23, 16, tzinfo=UTC)),
        (datetime(2031, 5, 4, 9, tzinfo=UTC), datetime(2031, 5, 4, 10, tzinfo=UTC)),
    ],
)
def test_staged_prices_are_due_first_thing_on_their_day(started: datetime, due: datetime) -> None:
    """At midnight in London; then after pauses that double, never longer than the interval."""
    policy = SchedulePolicy(jitter_percent=0)
    last = LastRun(started, started)
    snapshot = ScheduleSnapshot(started, frozenset(Task), LONDON, {Task.PRICES: last}, turn=DAY)

    assert due_at(Task.PRICES, snapshot, policy) == due
    later = {task: due_at(task, snapshot, policy) for task in Task if task is not Task.PRICES}
    plain = evolve(snapshot, turn=None)
    assert later == {task: due_at(task, plain, policy) for task in later}
    assert due_at(Task.PRICES, plain, policy) == started + timedelta(hours=1)
    assert due_at(Task.PRICES, snapshot, evolve(policy, prices=timedelta(0))) is None
