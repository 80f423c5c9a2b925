"""The reports of the books: every order in its row, every gap named, nothing made up."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.ids import (
    CommandKey,
    OroOrderId,
    OroSku,
    PairId,
    PrimaAccount,
    PrimaCompany,
    PrimaOrderNumber,
    UnitCode,
)
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.reconcile import Table
from oro_prima.reconcile.ageing import AWAITING, BUCKETS, OLDEST, age_bucket, hours, median
from oro_prima.reconcile.reports import (
    REPORTS,
    BookedOrder,
    Books,
    CutOffFacts,
    Frame,
    LevelFact,
    OrderLife,
    PrimaOnly,
    QueueFacts,
    cut_off,
    exceptions_report,
    order_match,
    stock_drift,
    unmatched,
)
from oro_prima.records import (
    EntryState,
    ExceptionRecord,
    Flow,
    Home,
    LedgerEntry,
    RecordState,
)
from oro_prima.values import LocalDate
from tests.rules.making import EARLIER, NOW, a_capture, an_order

DAY = LocalDate(date(2031, 5, 4))
FRAME = Frame(PairId("p"), PrimaCompany("1"), DAY, DAY, UTC, NOW, "Trade")


def an_entry(**changes: Any) -> LedgerEntry:
    entry = LedgerEntry(
        CommandKey("post_order:7:0"),
        OroOrderId("7"),
        PrimaOrderNumber("300000070"),
        PrimaAccount("TRADE1"),
        EntryState.ACCEPTED,
        1,
        "intent",
        "sent",
        EARLIER,
        NOW - timedelta(hours=1),
        1,
    )
    return evolve(entry, **changes)


def a_record(code: ReasonCode = ReasonCode.UNKNOWN_UNIT, **changes: Any) -> ExceptionRecord:
    record = ExceptionRecord(
        Flow.ORDERS,
        "orders/7",
        (Reason(code, "orders/7", "detail"),),
        RecordState.HELD,
        EARLIER,
        NOW,
        1,
        Decimal("24.00"),
        "GBP",
    )
    return evolve(record, **changes)


def cells(table: Table, row: int = 0) -> dict[str, object]:
    return {c.name: v for c, v in zip(table.columns, table.rows[row], strict=True)}


def test_a_posted_order_stands_beside_its_number_in_prima() -> None:
    """With the account that Prima settled, and nothing left to do."""
    capture = a_capture("7", Home.POSTED, vat=Decimal("4.00"), identifier="SO-7")
    booked = BookedOrder(
        capture,
        an_order(po_number="PO 1", estimated_shipping_cost_amount=Decimal("3.50")),
        an_entry(settled_account="TRADE9"),
        base_quantity=Decimal(2),
        website="main",
    )
    table = order_match([booked], FRAME)
    row = cells(table)

    assert row["organisation"] == "Trade"
    assert (row["po_number"], row["lines"], row["base_qty"]) == ("PO 1", 1, Decimal(2))
    assert (row["net"], row["vat"], row["gross"]) == (
        Decimal("20.00"),
        Decimal("4.00"),
        Decimal("24.00"),
    )
    assert (row["discount"], row["shipping"]) == (None, Decimal("3.50"))
    assert (row["prima_account"], row["prima_order_no"]) == ("TRADE9", "300000070")
    assert row["posted_at_utc"] == NOW - timedelta(hours=1)
    assert (row["state"], row["owner"], row["next_action"]) == ("posted", "", "")
    assert row["age_hours"] == Decimal(3)
    assert len(table.notes) == 2


def test_an_order_that_is_not_there_yet_says_what_is_to_be_done() -> None:
    """Held: the fix; in doubt: that too; waiting without a cause: the next run."""
    held = BookedOrder(a_capture("7", Home.HELD, reason="unknown-unit"), record=a_record())
    given_to = BookedOrder(a_capture("8", Home.HELD), record=a_record(assigned_to="Kim"))
    waits = BookedOrder(a_capture("9", Home.WAITING, reason=""))
    busy = BookedOrder(
        a_capture("10", Home.WAITING, reason="too-young"), entry=an_entry(state=EntryState.RELEASED)
    )
    table = order_match([busy, waits, given_to, held], FRAME)
    rows = [cells(table, n) for n in range(4)]

    assert [row["oro_order_id"] for row in rows] == ["7", "8", "9", "10"]
    assert rows[0]["owner"] == "product data"
    assert rows[0]["next_action"]
    assert rows[1]["owner"] == "Kim"
    assert rows[2]["next_action"] == "none: the next run reads it again"
    assert rows[2]["prima_order_no"] == ""
    assert rows[3]["posted_at_utc"] == ""
    assert rows[3]["reason_code"] == "too-young"
    assert (rows[0]["po_number"], rows[0]["shipping"]) == (None, None)
    assert (rows[0]["net"], rows[0]["website"]) == (None, None)
    assert len(table.notes) == 3


def test_a_posted_order_that_was_edited_is_not_done() -> None:
    """Its record is held, whatever its home; a dismissed one is done."""
    edited = a_record(ReasonCode.EDITED_AFTER_POSTING)
    posted = BookedOrder(a_capture("7", Home.POSTED), None, an_entry(), edited)
    closed = BookedOrder(
        a_capture("7", Home.DISMISSED), record=evolve(edited, state=RecordState.DISMISSED)
    )

    assert posted.next_action
    assert posted.reason == "edited-after-posting"
    assert closed.next_action == ""
    assert closed.owner == ""


def test_a_period_is_a_day_or_from_to() -> None:
    """As a reader says it."""
    week = evolve(FRAME, last=LocalDate(DAY + timedelta(days=6)))

    assert (FRAME.period, week.period) == ("2031-05-04", "2031-05-04 to 2031-05-10")


@given(st.lists(st.tuples(st.sampled_from(list(Home)), st.booleans()), max_size=8))
def test_unmatched_are_the_open_ones(homes: list[tuple[Home, bool]]) -> None:
    """Waiting, held and in doubt; never a main."""
    orders = [
        BookedOrder(a_capture(str(n), home), main=main) for n, (home, main) in enumerate(homes)
    ]
    table = unmatched(orders, FRAME)
    wanted = {
        str(n)
        for n, (home, main) in enumerate(homes)
        if home in (Home.WAITING, Home.HELD, Home.IN_DOUBT) and not main
    }

    assert set(table.column("reference")) == wanted
    assert any("not available" in note for note in table.notes)


def test_what_prima_alone_has_is_shown_where_it_can_be() -> None:
    """Oldest first, both sides in one list."""
    stray = PrimaOnly(
        "399", PrimaAccount("TRADE1"), Decimal(5), "GBP", NOW - timedelta(days=40), "invoice"
    )
    waits = BookedOrder(a_capture("7", Home.HELD, reason="in-doubt"), entry=an_entry())
    unread = an_order(id=OroOrderId("9"), created_at=NOW - timedelta(minutes=1), currency=None)
    table = unmatched([waits], FRAME, not_read=[unread], prima_only=[stray])

    assert table.column("side") == ("Prima only", "Oro only", "Oro only")
    assert table.column("age_bucket") == (OLDEST, "15 min-24 h", AWAITING)
    assert table.column("account") == ("TRADE1", "TRADE1", "")
    assert table.column("reason_code")[2] == "not-yet-read"
    assert len(table.notes) == 1


@given(
    st.timedeltas(timedelta(0), timedelta(days=60)), st.timedeltas(timedelta(0), timedelta(days=9))
)
def test_an_older_thing_is_never_in_a_younger_bucket(age: timedelta, more: timedelta) -> None:
    """Every age has one bucket; what lies in the future awaits."""
    first, second = age_bucket(NOW - age, NOW), age_bucket(NOW - age - more, NOW)

    assert BUCKETS.index(first) <= BUCKETS.index(second)
    assert age_bucket(NOW + more, NOW) == AWAITING


def test_limits_belong_to_the_older_bucket() -> None:
    """15 minutes sharp is no longer awaiting."""
    limits = (0, 15, 24 * 60, 3 * 1440, 7 * 1440, 30 * 1440)

    assert tuple(age_bucket(NOW - timedelta(minutes=m), NOW) for m in limits) == BUCKETS
    assert hours(NOW - timedelta(minutes=90), NOW) == Decimal("1.5")
    assert hours(NOW + timedelta(minutes=90), NOW) == 0


def test_the_middle_of_two_is_their_mean() -> None:
    """And of nothing there is none."""
    assert median([]) is None
    assert median([Decimal(3), Decimal(1), Decimal(9)]) == 3
    assert median([Decimal(4), Decimal(1)]) == Decimal("2.5")


def test_the_queue_is_counted_by_reason_and_currency() -> None:
    """The most value first; promises broken, closed by themselves, opened again."""
    records = [
        a_record(),
        a_record(subject="orders/8", value=Decimal(6), first_seen=NOW - timedelta(hours=1)),
        a_record(subject="orders/9", currency="EUR", value=None),
        a_record(subject="orders/10", state=RecordState.RESOLVED),
        a_record(subject="orders/11", state=RecordState.RESOLVED, changed_by="Kim"),
        a_record(ReasonCode.IN_DOUBT, subject="orders/12", state=RecordState.DISMISSED),
    ]
    facts = QueueFacts(
        records,
        reopened={ReasonCode.UNKNOWN_UNIT: 2, ReasonCode.NO_LINES: 1},
        promised={ReasonCode.UNKNOWN_UNIT: timedelta(hours=2)},
    )
    table = exceptions_report(facts, now=NOW)
    rows = [cells(table, n) for n in range(len(table.rows))]
    units = next(r for r in rows if r["reason_code"] == "unknown-unit" and r["currency"] == "GBP")
    euros = next(r for r in rows if r["currency"] == "EUR")
    doubts = next(r for r in rows if r["reason_code"] == "in-doubt")
    empty = next(r for r in rows if r["reason_code"] == "no-lines")

    assert rows[0] is units
    assert (units["open_count"], units["open_value"]) == (2, Decimal(30))
    assert (units["oldest_age"], units["median_age"]) == (Decimal(3), Decimal(2))
    assert (units["sla_breaches"], units["auto_closed"]) == (1, 1)
    assert (euros["open_count"], euros["open_value"]) == (1, None)
    assert (euros["reopened"], units["reopened"]) == (2, 0)
    assert (doubts["open_count"], doubts["oldest_age"]) == (0, "")
    assert (empty["open_count"], empty["reopened"]) == (0, 1)


CUT = datetime(2031, 6, 1, tzinfo=UTC)
_steps = st.one_of(
    st.none(),
    st.datetimes(datetime(2031, 5, 25), datetime(2031, 6, 7)).map(
        lambda at: at.replace(tzinfo=UTC)
    ),
)
lives = st.builds(
    OrderLife,
    order=st.integers(1, 99).map(lambda n: OroOrderId(str(n))),
    company=st.just(PrimaCompany("1")),
    account=st.sampled_from([None, PrimaAccount("A"), PrimaAccount("B")]),
    currency=st.sampled_from(["GBP", "EUR"]),
    net=st.one_of(st.none(), st.decimals(0, 100, places=2)),
    vat=st.decimals(0, 20, places=2),
    captured_at=st.just(datetime(2031, 5, 20, tzinfo=UTC)),
    posted_at=_steps,
    despatched_at=_steps,
    invoiced_at=_steps,
    credited_at=_steps,
    dropped=st.booleans(),
    despatch_unread=st.booleans(),
)


@given(st.lists(lives, max_size=12))
def test_each_order_is_counted_once_a_gap(orders: list[OrderLife]) -> None:
    """Every gap is recounted the slow way; an unknown net makes its group's not stated."""
    table = cut_off(CutOffFacts(tuple(orders), despatch_bound=True, invoice_bound=True), at=CUT)

    def before(at: datetime | None) -> bool:
        return at is not None and at < CUT

    counts: dict[object, int] = {}
    for row in range(len(table.rows)):
        found = cells(table, row)
        key = (found["what"], found["customer"], found["currency"])
        assert key not in counts
        counts[key] = int(str(found["count"]))
    expected: dict[object, int] = {}
    for one in orders:
        gaps = {
            "captured-not-posted": not before(one.posted_at) and not one.dropped,
            "posted-not-shipped": not one.despatch_unread
            and before(one.posted_at)
            and not before(one.despatched_at),
            "shipped-not-invoiced": not one.despatch_unread
            and before(one.despatched_at)
            and not before(one.invoiced_at),
            "invoiced-not-shipped": not one.despatch_unread
            and before(one.invoiced_at)
            and not before(one.despatched_at),
            "credited-next-period": before(one.invoiced_at)
            and one.credited_at is not None
            and one.credited_at >= CUT,
        }
        for what, is_so in gaps.items():
            if is_so:
                key = (what, one.account or "", one.currency)
                expected[key] = expected.get(key, 0) + 1

    assert counts == expected


@pytest.mark.parametrize(("orders", "tail"), [(1, ": 0"), (20, ", 19"), (21, ", 19, and more")])
def test_orders_of_unreadable_despatches_are_named(orders: int, tail: str) -> None:
    """By their numbers' order, as many as one line holds."""
    at = datetime(2031, 5, 20, tzinfo=UTC)
    some = [
        OrderLife(
            OroOrderId(str(n)), PrimaCompany("1"), None, "GBP", None, None, at,
            posted_at=at, despatch_unread=True,
        )
        for n in reversed(range(orders))
    ]  # fmt: skip
    table = cut_off(CutOffFacts(tuple(some), despatch_bound=True, invoice_bound=True), at=CUT)

    assert table.rows == ()
    (note,) = table.notes
    assert f"{orders} orders: 0" in note
    assert note.endswith(tail)


def test_a_step_that_nobody_shows_is_named_as_absent() -> None:
    """Never counted as nothing."""
    table = cut_off(CutOffFacts((), despatch_bound=False, invoice_bound=False), at=CUT)

    assert table.rows == ()
    assert any(
        "shipped-not-invoiced: not available: despatch is unbound and invoice" in note
        for note in table.notes
    )
    assert len(table.notes) == 4


def test_what_is_oversold_comes_first() -> None:
    """Then what is too low, then what nobody can judge; what is right is only counted."""

    def level(sku: str, quantity: int, expected: int | None, why: str = "") -> LevelFact:
        wanted = None if expected is None else Decimal(expected)
        return LevelFact(
            OroSku(sku), UnitCode("each"), Decimal(quantity), Decimal(9), Decimal(1), Decimal(0),
            wanted, why,
        )  # fmt: skip

    facts = [
        level("low", 1, 5),
        level("right", 4, 4),
        level("unlinked", 3, None, "link it"),
        level("unknown", 3, None),
        level("over", 9, 2),
    ]
    table = stock_drift(facts, read_at=NOW - timedelta(minutes=30), now=NOW)

    assert table.column("sku") == ("over", "low", "unknown", "unlinked")
    assert table.column("diff") == (Decimal(7), Decimal(-4), None, None)
    assert table.column("feed_age") == (Decimal("0.5"),) * 4
    assert "more is promised" in str(table.column("action")[0])
    assert table.column("action")[3] == "link it"
    assert table.notes == ("1 of 5 levels are what they should be",)


@given(st.lists(st.tuples(st.sampled_from(list(Home)), st.booleans()), max_size=6))
def test_every_report_of_a_period_follows_from_its_facts(homes: list[tuple[Home, bool]]) -> None:
    """Whatever the homes; an order that will never be posted is in no gap."""
    orders = tuple(
        BookedOrder(
            a_capture(str(n), home),
            entry=an_entry() if home is Home.POSTED else None,
            main=main,
        )
        for n, (home, main) in enumerate(homes)
    )
    books = Books(FRAME, orders, records=(a_record(),))
    tables = {key: make(books) for key, make in REPORTS.items()}
    gone = (Home.POSTED, Home.CANCELLED, Home.IGNORED, Home.DISMISSED, Home.MAIN)
    gaps = sum(home not in gone and not main for home, main in homes)

    assert {key: table.key for key, table in tables.items()} == {key: key for key in REPORTS}
    assert len(tables["order-match"].rows) == len(homes)
    counts = zip(tables["cut-off"].column("what"), tables["cut-off"].column("count"), strict=True)
    assert sum(int(str(n)) for what, n in counts if what == "captured-not-posted") == gaps
    assert books.cut_off_at == datetime(2031, 5, 5, tzinfo=UTC)
