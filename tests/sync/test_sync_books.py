"""The facts of the reports, gathered from both sides."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from attrs import evolve
from tests.sync.flows import Bench, sandbox_bindings

from oro_prima.errors import UnavailableError
from oro_prima.ids import OroSku, PrimaOrderNumber, UnitCode
from oro_prima.mapping import Component, StockPolicy
from oro_prima.mapping.coverage import CoveragePolicy
from oro_prima.mapping.invoices import InvoicePolicy
from oro_prima.mapping.polling import PollPolicy
from oro_prima.prima.models.capabilities import Capability
from oro_prima.prima.models.fulfilment import Despatch
from oro_prima.reasons import ReasonCode
from oro_prima.reconcile.closing import closing, equations
from oro_prima.reconcile.reports import REPORTS
from oro_prima.records import EntryState, Home, LineDemand, RecordState
from oro_prima.sandbox.oro import OrderLine
from oro_prima.sync import (
    dismiss_held,
    gather_books,
    reopen_held,
    report_coverage,
    report_stock,
    sync_invoices,
    sync_orders,
    with_despatches,
)
from oro_prima.sync.despatches import UnreadableDespatchError
from oro_prima.sync.gather_books import base_units
from oro_prima.values import LocalDate, SkuKey, local_date


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    made.put_into_use()
    with made.ports() as ports:
        sync_orders(ports, made.policy)
    yield made
    made.store.close()


def today(bench: Bench) -> LocalDate:
    return local_date(bench.world.clock(), bench.policy.zone)


def test_every_order_of_the_day_stands_in_the_books(bench: Bench) -> None:
    """Beside its ledger entry and its record; a late one is not read yet."""
    customer, level = (
        bench.world.seed.links[0][0],
        next(one for one in bench.world.oro.levels() if one.quantity >= 1),
    )
    day = today(bench)
    bench.world.checkout(customer, [OrderLine(level.sku, level.unit, Decimal(1), Decimal(5))])
    with bench.ports() as ports:
        books = gather_books(ports, bench.policy, first=day, last=day, organisation="Trade")
    homes = {one.capture.order: one.capture.home for one in books.orders}
    held = [one for one in books.orders if one.capture.home is Home.HELD]
    posted = [one for one in books.orders if one.capture.home is Home.POSTED]

    assert homes == {c.order: c.home for c in bench.store.captures_at(Home)}
    assert len(books.not_read) == 1
    assert all(one.record is not None for one in held)
    assert all(one.entry is not None and one.base_quantity for one in posted)
    assert [one.order is not None for one in books.orders] == [True] * len(books.orders)
    assert any(one.main for one in books.orders)
    assert books.reopened == {}
    rows = REPORTS["unmatched"](books).column("reference")
    assert set(rows) == {one.capture.order for one in held} | {books.not_read[0].id}


def test_what_was_opened_again_is_counted_by_its_reason(bench: Bench) -> None:
    """From the journal."""
    record = next(
        r for r in bench.store.exceptions([RecordState.HELD])
        if r.reasons[0].code is ReasonCode.UNKNOWN_UNIT
    )  # fmt: skip
    at = bench.world.clock()
    for _time in range(2):
        dismiss_held(bench.store, subject=record.subject, by="Kim", note="x", at=at)
        reopen_held(bench.store, subject=record.subject, by="Kim", note="y", at=at)
    with bench.ports() as ports:
        books = gather_books(ports, bench.policy, first=today(bench), last=today(bench))

    assert books.reopened == {ReasonCode.UNKNOWN_UNIT: 2}
    table = REPORTS["exceptions"](books)
    assert sum(int(str(n)) for n in table.column("reopened")) == 2


def test_days_in_the_wrong_order_are_refused(bench: Bench) -> None:
    """Before anything is asked."""
    day = today(bench)
    with bench.ports() as ports, pytest.raises(ValueError, match="comes before the first"):
        gather_books(ports, bench.policy, first=day, last=LocalDate(day - timedelta(days=1)))


def test_base_units_are_whole_or_not_stated() -> None:
    """One line that cannot be computed makes the sum unknown."""
    case = (OroSku("B"), UnitCode("case"))
    units = {case: (Component(SkuKey("BOOT"), Fraction(6)), Component(SkuKey("LACE"), Fraction(1)))}
    line = LineDemand(*case, Decimal(2))

    assert base_units([line, line], units) == 28
    assert base_units([], units) == 0
    assert base_units([line, LineDemand(*case, Decimal("0.5"))], units) is None
    assert base_units([line, LineDemand(OroSku("X"), UnitCode("each"), Decimal(1))], units) is None


def test_what_is_open_of_earlier_days_is_read_with_them(bench: Bench) -> None:
    """From the store: they were not asked for again, and they are not forgotten."""
    following = LocalDate(today(bench) + timedelta(days=1))
    with bench.ports() as ports:
        books = gather_books(ports, bench.policy, first=following, last=following)
    held = {one.order for one in bench.store.captures_at([Home.HELD])}

    assert books.orders == ()
    assert {one.capture.order for one in books.earlier} == held
    assert set(REPORTS["unmatched"](books).column("reference")) == held


def test_the_first_despatch_of_an_order_counts(bench: Bench) -> None:
    """Asked order by order, where a request is bound; else the books stay as they are."""
    first, late = LocalDate(date(2031, 5, 6)), LocalDate(date(2031, 5, 9))
    sent = tuple(Despatch(str(n), day, "C", "S", "T") for n, day in enumerate((late, None, first)))
    with bench.ports() as ports:
        books = gather_books(ports, bench.policy, first=today(bench), last=today(bench))
        plain = with_despatches(evolve(ports, despatches=None), books)
        asked = with_despatches(evolve(ports, despatches=lambda _number: sent), books)
        unsent = with_despatches(evolve(ports, despatches=lambda _number: ()), books)
    posted = {one.capture.order for one in books.orders if one.capture.home is Home.POSTED}

    assert plain is books
    assert asked.despatched == dict.fromkeys(posted, first)
    assert unsent.despatched == {}


def test_a_despatch_that_cannot_be_read_is_named_and_stops_no_other(bench: Bench) -> None:
    """In no step of despatch, and the period is not called closed; a system that is down stops."""
    sent = (Despatch("1", LocalDate(date(2031, 5, 6)), "C", "S", "T"),)
    with bench.ports() as ports:
        books = gather_books(ports, bench.policy, first=today(bench), last=today(bench))
        posted = [one for one in books.orders if one.capture.home is Home.POSTED]
        (torn, *_others) = [one.entry.known_as for one in posted if one.entry is not None]

        def read(number: PrimaOrderNumber) -> tuple[Despatch, ...]:
            if number == torn:
                raise UnreadableDespatchError("read_despatch", "no date")
            return sent

        def down(number: PrimaOrderNumber) -> tuple[Despatch, ...]:
            raise UnavailableError("read_despatch", f"{number}: maintenance")

        asked = with_despatches(evolve(ports, despatches=read), books)
        with pytest.raises(UnavailableError):
            with_despatches(evolve(ports, despatches=down), books)
    unread = posted[0].capture.order
    table = REPORTS["cut-off"](asked)

    assert asked.despatch_unread == {unread}
    assert asked.despatched is not None
    assert set(asked.despatched) == {one.capture.order for one in posted[1:]}
    assert any(f"cannot be read of them: 1 orders: {unread}" in note for note in table.notes)
    said = closing(asked, equations(asked))
    assert "1 orders whose despatches cannot be read" in said.open


def test_how_things_stand_now_is_a_report_too(bench: Bench) -> None:
    """Stock against levels, and what is not mapped; nothing is written by them."""
    before = bench.store.journal()
    with bench.ports() as ports:
        drift = report_stock(ports, StockPolicy())
        gaps = report_coverage(ports, CoveragePolicy(bench.policy))

    assert drift.key == "stock-drift"
    assert drift.rows
    assert gaps.key == "coverage"
    assert bench.store.journal() == before


def test_invoices_that_were_kept_stand_beside_their_orders(bench: Bench) -> None:
    """Where they are bound; unbound, the report says so and states nothing."""
    bound = sandbox_bindings(Capability.INVOICE)
    posted = [one.number for one in bench.store.entries([EntryState.ACCEPTED])][:2]
    for number in posted:
        bench.world.prima.set_status(number, "Despatched")
    with bench.ports(bindings=bound) as ports:
        sync_invoices(ports, bench.policy, InvoicePolicy(), PollPolicy())
        books = gather_books(ports, bench.policy, first=today(bench), last=today(bench))
        unbound = gather_books(
            evolve(ports, bindings=()), bench.policy, first=today(bench), last=today(bench)
        )
    table = REPORTS["order-to-invoice"](books)
    invoiced = [one for one in books.bills or () if one.invoices]

    assert sorted(one.order.entry.number for one in invoiced if one.order and one.order.entry) == (
        sorted(posted)
    )
    assert len(table.rows) == sum(one.capture.home is Home.POSTED for one in books.orders)
    assert unbound.invoices is None
    assert REPORTS["order-to-invoice"](unbound).rows == ()
