"""Closing a period: it ties or it does not, and "closed" is only said when it may be."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.ids import CommandKey, OroOrderId, PrimaOrderNumber
from oro_prima.reconcile import OrderNow
from oro_prima.reconcile.closing import closing, equation_table, equations
from oro_prima.reconcile.derive import (
    CAPTURED,
    Derived,
    captured_detail,
    derive_orders,
    prove_store,
)
from oro_prima.reconcile.frozen import (
    KEYS,
    adjustments_table,
    form_faults,
    table_of,
    tables_of,
)
from oro_prima.reconcile.pack import MANIFEST, Pack, pack_files
from oro_prima.reconcile.render import table_json
from oro_prima.reconcile.reports import REPORTS, BookedOrder, Books
from oro_prima.reconcile.table import Kind, Table, columns_of
from oro_prima.records import EntryState, Home, JournalEntry
from oro_prima.values import LocalDate
from tests.rules.billing_making import RULES, an_invoice, booked
from tests.rules.making import EARLIER, a_capture, an_order
from tests.rules.test_books_billing import PLANTED, TWO
from tests.rules.test_books_reports import FRAME, a_record, an_entry, cells


def shown(*some: BookedOrder) -> tuple[OrderNow, ...]:
    return tuple(
        OrderNow(one.capture.order, one.capture.created_at, "GBP", one.capture.gross)
        for one in some
    )


def closed_books() -> Books:
    one = booked(TWO)
    frame = evolve(FRAME, now=FRAME.now + timedelta(days=1))
    return Books(frame, (one,), invoices=(an_invoice(TWO),), rules=RULES, shown=shown(one))


def test_a_period_is_closed_only_when_nothing_is_open() -> None:
    """Both sides known, all invoiced, all tied."""
    books = closed_books()
    said = closing(books, equations(books))

    assert (said.ties, said.closed, said.open) == (True, True, ())
    assert said.verdict == "orders tie; the period is closed: nothing is open"


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"invoices": None}, "invoices are not available: invoice is unbound"),
        ({"invoices": ()}, "1 posted orders without an invoice"),
        ({"rules": None}, "how both sides compute tax is not set"),
        ({"not_read": (an_order(),)}, "1 orders not read yet"),
        ({"frame": FRAME}, "2031-05-04 is not over"),
        ({"earlier": (BookedOrder(a_capture("3", Home.HELD)),)}, "1 orders held"),
        ({"earlier": (BookedOrder(a_capture("3", Home.IN_DOUBT)),)}, "1 orders in doubt"),
    ],
)
def test_each_thing_that_is_open_is_named(changes: dict[str, object], what: str) -> None:
    """Orders may tie all the same: that is another sentence."""
    books = evolve(closed_books(), **changes)  # type: ignore[arg-type]
    said = closing(books, equations(books))

    assert what in said.open
    assert not said.closed
    assert said.ties
    assert said.verdict.startswith("orders tie; not closed: ")


def test_a_day_is_over_at_midnight_where_the_books_are_kept() -> None:
    """In London's summer that is at 23:00 UTC."""
    london = evolve(FRAME, zone=ZoneInfo("Europe/London"))
    end = datetime(2031, 5, 4, 23, tzinfo=UTC)
    books = [
        evolve(closed_books(), frame=evolve(london, now=now))
        for now in (end - timedelta(milliseconds=1), end)
    ]

    assert [closing(one, ()).closed for one in books] == [False, True]


def test_what_does_not_tie_is_named_first() -> None:
    """The days of the equation, the invoices, the posted orders with a record."""
    books = closed_books()
    one = books.orders[0]
    edited = evolve(one, record=a_record())
    lost = evolve(books, shown=())
    wrong = evolve(books, invoices=(PLANTED["unknown"](an_invoice(TWO)),), orders=(edited,))
    said, other = closing(lost, equations(lost)), closing(wrong, equations(wrong))

    assert not said.ties
    assert said.open[0] == "the equation leaves a difference on 2031-05-04"
    assert said.verdict.startswith("orders do NOT tie; not closed")
    assert other.open == (
        "1 posted orders have an open record",
        "1 orders whose invoices do not tie",
    )


def test_the_equation_of_each_day_is_a_report() -> None:
    """Every term that is not empty, and what is left; what was open before is a note."""
    main = BookedOrder(a_capture("9", Home.MAIN), main=True)
    one, old = booked(TWO), BookedOrder(a_capture("3", Home.HELD))
    frame = evolve(FRAME, last=LocalDate(date(2031, 5, 5)))
    books = Books(frame, (one, main), earlier=(old,), shown=shown(one, main))
    days = equations(books)
    table = equation_table(days, books)

    assert len(days) == 2
    assert table.column("term") == ("captured", "posted", "difference")
    assert table.column("gross")[2] == 0
    assert "every day ties" in table.notes
    assert "open from before: 1 orders, 24.00 GBP" in table.notes
    assert "1 main orders stand in no term: they are posted through sub-orders" in table.notes
    loose = evolve(books, shown=())
    single = Books(frame, (one,), shown=shown(one))
    assert len(equation_table(equations(single), single).notes) == 2
    assert "1 days do not tie" in equation_table(equations(loose), loose).notes


ALL_KINDS = columns_of("""
a text A text.
b count A number.
c quantity Base units.
d money An amount.
e price A price.
f percent A share.
g date A day.
h instant An instant.
i hours An age.
""")
figures = st.none() | st.decimals("-1e6", "1e6", places=4)
rows = st.tuples(
    st.text(max_size=5),
    st.none() | st.integers(0, 99) | st.just(""),
    figures, figures, figures, figures,
    st.none() | st.just("") | st.dates(),
    st.none() | st.just("") | st.datetimes(datetime(1000, 1, 1), timezones=st.just(UTC)),
    figures,
)  # fmt: skip


@given(st.lists(rows, max_size=4))
def test_every_form_follows_from_the_tables_as_json(some: list[tuple[object, ...]]) -> None:
    """What was rounded once is not rounded again; so a pack can be made again from its tables."""
    assert {column.kind for column in ALL_KINDS} == set(Kind)
    table = Table("any", "Any", ALL_KINDS, tuple(some), ("a note",))  # type: ignore[arg-type]
    again = table_of(table_json(table))
    first = pack_files(Pack(FRAME, (table,), "verdict"))
    second = pack_files(Pack(FRAME, (again,), "verdict"))

    assert table_json(again) == table_json(table)
    assert first == second
    assert form_faults(first) == ()
    assert [one.key for one in tables_of(first)] == ["any"]


def test_an_edit_of_one_form_shows_even_with_new_hashes() -> None:
    """The tables are the measure; what cannot be derived again says so."""
    files = pack_files(Pack(FRAME, (REPORTS["order-match"](closed_books()),), "verdict"))
    edited = {**files, "order-match.csv": files["order-match.csv"].replace(b"GBP", b"EUR")}
    broken = {**files, "order-match.json": b'{"columns": 1}'}
    listed = {**files, "order-match.json": b"[]"}

    assert [one.file for one in form_faults(edited)] == ["order-match.csv"]
    for some in (broken, listed, {}, {MANIFEST: b"{}"}, {MANIFEST: b"no JSON"}):
        (fault,) = form_faults(some)
        assert (fault.file, fault.what[:27]) == (MANIFEST, "cannot be derived again: ex"[:27]) or (
            fault.what.startswith("cannot be derived again: ")
        )
    for bad in (b'"zone": "UTC"', b'"journal": {'):
        wrong = files[MANIFEST].replace(
            bad, bad.replace(b"UTC", b"No/Where").replace(b"{", b'1, "x": {')
        )
        assert form_faults({**files, MANIFEST: wrong})


def test_later_changes_are_named_cell_by_cell() -> None:
    """What only grew older is no change; rows that came or went are named."""
    before = closed_books()
    now = evolve(before, orders=(
        evolve(before.orders[0], capture=evolve(before.orders[0].capture, home=Home.HELD, vat=None)),
        BookedOrder(a_capture("8")),
    ), frame=evolve(FRAME, now=datetime(2031, 6, 1, tzinfo=UTC)))  # fmt: skip
    some, later = ([make(books) for make in REPORTS.values()] for books in (before, now))
    table = adjustments_table(some, later)
    found = [cells(table, n) for n in range(len(table.rows))]
    of_match = [one for one in found if one["report"] == "order-match"]

    assert adjustments_table(some, some).rows == ()
    assert {"column": "state", "before": "posted", "now": "held"}.items() <= next(
        one for one in of_match if one["column"] == "state"
    ).items()
    assert next(one for one in of_match if one["column"] == "vat")["now"] == "not stated"
    assert {"row": "8", "column": "", "now": "added"}.items() <= of_match[-1].items()
    assert "age_hours" not in {one["column"] for one in found}
    assert adjustments_table(later, some).column("before").count("was there") >= 1
    assert {one["report"] for one in found} <= KEYS.keys()


def line(order: str, what: str, detail: str = "") -> JournalEntry:
    return JournalEntry(EARLIER, "run", "orders", what, f"orders/{order}", detail)


def test_the_journal_alone_tells_what_became_of_an_order() -> None:
    """As captured, and every number under which Prima has it."""
    capture = a_capture("7", vat=Decimal("4.00"))
    found = derive_orders([
        line("7", CAPTURED, captured_detail(capture)),
        line("7", "accepted", "number 300000070"),
        line("8", "adopted", "Prima has it as 9"),
        line("8", "resolved"),
        JournalEntry(EARLIER, "run", "orders", "run began", "run", "watermark 0"),
        JournalEntry(EARLIER, "run", "stock", "levels written", "stock", "…"),
    ])  # fmt: skip

    assert found == {
        OroOrderId("7"): Derived(
            "24.00 GBP, VAT 4.00, created 2031-05-04T09:00:00+00:00",
            (PrimaOrderNumber("300000070"),),
            frozenset({CAPTURED, "accepted"}),
        ),
        OroOrderId("8"): Derived("", (PrimaOrderNumber("9"),), frozenset({"adopted", "resolved"})),
    }
    assert captured_detail(a_capture("7", gross=None)).startswith("total not stated GBP, VAT not")


def test_an_edit_of_the_store_shows_against_the_journal() -> None:
    """A total, an acceptance, an order that was let go or that is gone."""
    good = a_capture("7", Home.POSTED, vat=Decimal("4.00"))
    entry = an_entry(key=CommandKey("k"))
    journal = [
        line("7", CAPTURED, captured_detail(good)),
        line("7", "accepted", "number 300000070"),
    ]
    derived = derive_orders(journal)

    def whats(captures: list[object], entries: list[object]) -> list[str]:
        proof = prove_store(derived, captures, entries)  # type: ignore[arg-type]
        return [one.what for one in proof.faults]

    released = evolve(entry, state=EntryState.RELEASED)
    assert prove_store(derived, [good], [entry]).faults == ()
    assert whats([evolve(good, gross=Decimal("23.00"))], [entry]) == [
        "captured as 24.00 GBP, VAT 4.00, created 2031-05-04T09:00:00+00:00; "
        "the store says 23.00 GBP, VAT 4.00, created 2031-05-04T09:00:00+00:00"
    ]
    assert whats([], [entry]) == ["it was captured, and the store knows nothing of it"]
    assert whats([good], []) == [
        "the journal has it accepted as 300000070, and the ledger does not"
    ]
    assert whats([good], [released]) == whats([good], [])
    assert whats([evolve(good, home=Home.DISMISSED)], [entry]) == [
        "the store says dismissed, and no line of the journal does"
    ]
    assert whats([good], [entry, evolve(entry, order=OroOrderId("8"))]) == [
        "the ledger has it accepted as 300000070, and no line of the journal does"
    ]
    early = evolve(a_capture("3"), home=Home.IGNORED)
    old = prove_store({}, [early, evolve(a_capture("4"), readable=False)], [])
    assert (old.faults, old.unproven, old.orders) == ((), (OroOrderId("3"),), 2)
