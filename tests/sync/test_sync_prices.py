"""The prices flow: lists are made of books, once; ends are kept and put back; crashes made good."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import pytest
from attrs import evolve
from tests.sync.flows import Bench, sandbox_bindings

from oro_prima.call import each
from oro_prima.errors import ConfigError
from oro_prima.files import DropReader
from oro_prima.ids import OroPriceListId, OroSku, PrimaPriceBook, UnitCode
from oro_prima.mapping import BookPolicy, Ends, PriceWritePolicy, StagedDay, StagedPrice
from oro_prima.mapping.policy import VariantRows
from oro_prima.oro.calls.price_lists import create_price_list
from oro_prima.oro.calls.product_prices import (
    create_product_price,
    delete_product_price,
    list_product_prices,
    update_product_price,
)
from oro_prima.oro.models.price_records import ProductPriceRecord
from oro_prima.plans import PricePolicies
from oro_prima.plans.scopes import OfProducts
from oro_prima.prima.models.binding import FileBinding, Formats, RecordMap
from oro_prima.prima.models.capabilities import Capability
from oro_prima.reasons import ReasonCode
from oro_prima.records import Flow, RecordState
from oro_prima.sync import (
    FlowReport,
    ended_prices,
    next_turn,
    preview_prices,
    report_prices,
    restore_prices,
    retry_held,
    staged_counts,
    staged_prices,
    sync_prices,
)
from oro_prima.sync.gather_prices import Lists
from oro_prima.sync.price_turns import MOST_ROWS, _named
from oro_prima.values import LocalDate

BOUND = sandbox_bindings(Capability.PRICE_BOOK)
FAR = PriceWritePolicy(stage_days=3660)
POLICY = PricePolicies(BookPolicy(False, variants=VariantRows.PRODUCT), FAR)
ENDING = PriceWritePolicy(Ends.REMOVE, 9, Decimal(1), stage_days=3660)
REMOVE = evolve(POLICY, writes=ENDING)
TRADE = PrimaPriceBook("TRADE-GBP")


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    bench.put_into_use()
    yield bench
    bench.store.close()


@pytest.fixture
def lists(bench: Bench) -> Lists:
    return made(bench)


def made(bench: Bench) -> Lists:
    """An empty list that is made of the trade book."""
    with bench.ports() as ports:
        new = create_price_list({"name": "T", "price_list_currencies": ("GBP",), "active": True})
        return {TRADE: OroPriceListId(ports.shop.send(new).id)}


def run(bench: Bench, lists: Lists, policy: PricePolicies = POLICY, **changes: Any) -> FlowReport:
    with bench.ports(**({"bindings": BOUND} | changes)) as ports:
        return sync_prices(ports, lists, policy)


def shown(bench: Bench, lists: Lists) -> list[ProductPriceRecord]:
    (price_list,) = lists.values()
    with bench.ports() as ports:
        return list(each(ports.shop, list_product_prices(price_list=price_list)))


def slots(rows: list[ProductPriceRecord]) -> list[tuple[object, ...]]:
    return [(one.product, one.unit, one.quantity, one.currency) for one in rows]


@pytest.mark.parametrize("version", ["5.1", "6.1"])
def test_a_list_is_made_of_its_book_once(tmp_path: Path, version: Literal["5.1", "6.1"]) -> None:
    """The second run writes nothing."""
    bench = Bench(tmp_path, version)
    bench.put_into_use()
    lists = made(bench)
    first, second = run(bench, lists), run(bench, lists)
    rows = shown(bench, lists)

    assert first.ok
    assert first.counts["rows added"] == len(rows) > 15
    assert len(slots(rows)) == len(set(slots(rows)))
    assert second.counts == {"rows changed": 0, "rows added": 0, "rows right": len(rows)}
    notes = [line for line in bench.store.journal() if line.what == "prices written"]
    assert len(notes) == 1
    bench.store.close()


def test_a_preview_writes_nothing(bench: Bench, lists: Lists) -> None:
    """And tells what comes later; unbound is said."""
    with bench.ports(bindings=BOUND) as ports:
        (plan,) = preview_prices(ports, lists, POLICY)
    with bench.ports() as ports, pytest.raises(ConfigError, match="price_book is unbound"):
        list(preview_prices(ports, lists, POLICY))

    assert plan.adds
    assert plan.upcoming
    assert shown(bench, lists) == []
    assert bench.store.kept_below(Flow.PRICES) == ()


def test_drift_of_prices_is_a_report(bench: Bench, lists: Lists) -> None:
    """Missing rows first, nothing once they are written, then the one that was changed."""
    price_list = lists[TRADE]
    with bench.ports(bindings=BOUND) as ports:
        before = report_prices(ports, lists, POLICY.books)
    run(bench, lists)
    row = shown(bench, lists)[0]
    assert row.value is not None
    with bench.ports(bindings=BOUND) as ports:
        right = report_prices(ports, lists, POLICY.books)
        ports.shop.send(update_product_price(row.id, fields={"value": row.value + 1}))
        off = report_prices(ports, lists, POLICY.books)
    with bench.ports() as ports:
        unbound = report_prices(ports, lists, POLICY.books)

    assert set(before.column("oro_price")) == {None}
    assert len(before.rows) == len(shown(bench, lists))
    assert right.rows == ()
    assert set(off.column("price_list")) == {price_list}
    assert set(off.column("diff")) == {Decimal(-1)}
    assert (unbound.rows, unbound.notes) == ((), ("not available: price_book is unbound",))


def stray(bench: Bench, lists: Lists) -> str:
    """Add a row that the book has no price for, and return its id."""
    row = shown(bench, lists)[0]
    (price_list,) = lists.values()
    with bench.ports() as ports:
        call = create_product_price(
            {
                "price_list": price_list,
                "product": row.product,
                "unit": row.unit,
                "quantity": Decimal(7777),
                "currency": "GBP",
                "value": Decimal("9.99"),
            }
        )
        return ports.shop.send(call).id


def test_rows_that_end_are_kept_and_put_back(bench: Bench, lists: Lists) -> None:
    """Told by default; removed by policy; back by a person, once."""
    run(bench, lists)
    stray(bench, lists)
    before = sorted(slots(shown(bench, lists)), key=str)
    kept = run(bench, lists)
    removed = run(bench, lists, REMOVE)
    (ended,) = ended_prices(bench.store)
    after = shown(bench, lists)
    with bench.ports(bindings=BOUND) as ports:
        back = restore_prices(ports, run_id=ended.run, by="Kim", note="a campaign")
        with pytest.raises(ConfigError, match="no run"):
            restore_prices(ports, run_id=ended.run, by="Kim")

    assert [r.code for record in kept.held for r in record.reasons] == [ReasonCode.ROWS_NOT_IN_BOOK]
    assert removed.counts["rows ended"] == 1
    assert removed.ok
    assert len(after) == len(before) - 1
    assert (back.counts["rows put back"], back.counts["rows that are there"]) == (1, 0)
    assert sorted(slots(shown(bench, lists)), key=str) == before
    assert ended_prices(bench.store) == ()


def test_ends_beyond_the_limit_wait(bench: Bench, lists: Lists) -> None:
    """Until a person lets them go."""
    run(bench, lists)
    stray(bench, lists)
    none = evolve(POLICY, writes=PriceWritePolicy(Ends.REMOVE, 0, Decimal(0)))
    first = run(bench, lists, none)
    subject = next(r.subject for r in first.held if r.subject.endswith("/ends"))
    retry_held(bench.store, subject=subject, by="Kim", at=bench.world.clock())
    second = run(bench, lists, none)

    assert "rows ended" not in first.counts
    assert second.counts["rows ended"] == 1
    assert bench.store.exceptions((RecordState.HELD,)) == ()


def test_what_the_shop_refuses_waits_and_the_others_go_on(bench: Bench, lists: Lists) -> None:
    """A unit that the product does not have in the shop."""
    with bench.ports(bindings=BOUND) as ports:
        (plan,) = preview_prices(ports, lists, POLICY)
    key = next((sku, unit) for sku, unit in bench.units if unit == "each")
    bench.units[key[0], "no-such-unit"] = bench.units[key]  # type: ignore[index]
    report = run(bench, lists)

    assert report.counts["rows refused"] > 0
    assert {r.reasons[0].code for r in report.held} == {ReasonCode.PRICE_REFUSED}
    assert report.counts["rows added"] == len(plan.adds)


@pytest.mark.parametrize("step", ["before-write", "after-write", "before-end", "after-end"])
def test_a_crash_at_any_step_is_made_good(bench: Bench, lists: Lists, step: str) -> None:
    """The next run ends where one without a crash would have; what was removed is known."""
    if step.endswith("end"):
        run(bench, lists)
        stray(bench, lists)

    def crash(name: str) -> None:
        if name == step:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), bench.ports(crash, bindings=BOUND) as ports:
        sync_prices(ports, lists, REMOVE)
    assert run(bench, lists, REMOVE).ok
    last = run(bench, lists, REMOVE)
    assert (last.counts["rows changed"], last.counts["rows added"]) == (0, 0)
    assert len(slots(shown(bench, lists))) == len(set(slots(shown(bench, lists))))
    if step.endswith("end"):
        assert {len(one.rows) for one in ended_prices(bench.store)} == {1}


def test_a_lost_answer_is_looked_at(bench: Bench, lists: Lists) -> None:
    """The batch was taken; the next runs find its rows, and none is there twice."""
    bench.world.faults.add("oro", "batch_productprices", "reset-after-commit")
    first = run(bench, lists)
    bench.world.faults.clear()
    bench.advance(minutes=2)
    second, third = run(bench, lists), run(bench, lists)

    assert second.ok
    assert first.counts["rows added"] + second.counts["rows added"] <= len(shown(bench, lists))
    assert third.counts["rows added"] == 0
    assert len(slots(shown(bench, lists))) == len(set(slots(shown(bench, lists))))


def test_a_queue_that_stands_still_is_told(bench: Bench, lists: Lists) -> None:
    """In doubt, once for the list; no further run writes until the operation has ended."""
    bench.world.oro.consumer_running = False
    first, second = run(bench, lists), run(bench, lists)
    bench.world.oro.consumer_running = True
    bench.advance(minutes=10)
    third, fourth = run(bench, lists), run(bench, lists)

    assert first.counts["rows in doubt"] > 0
    assert [r.reasons[0].code for r in first.held] == [ReasonCode.WRITE_IN_DOUBT]
    assert second.stopped is not None
    assert third.stopped is None
    assert fourth.ok
    assert fourth.counts["rows added"] == 0


def test_nothing_is_put_back_while_a_batch_may_still_write(bench: Bench, lists: Lists) -> None:
    """It could make the same row again; once it has ended, a person's word is carried out."""
    run(bench, lists)
    stray(bench, lists)
    run(bench, lists, REMOVE)
    (ended,) = ended_prices(bench.store)
    bench.world.oro.consumer_running = False
    (price_list,) = lists.values()
    empty(bench, price_list)
    run(bench, lists)  # its batch of new rows stays in the queue
    requests = bench.world.requests.table()["oro"]["list_productprices"]["count"]
    with bench.ports(bindings=BOUND) as ports:
        first = restore_prices(ports, run_id=ended.run, by="Kim")
        looked = bench.world.requests.table()["oro"]["list_productprices"]["count"]
        bench.world.oro.consumer_running = True
        bench.advance(minutes=10)
        second = restore_prices(ports, run_id=ended.run, by="Kim")

    assert first.stopped is not None
    assert "earlier run" in first.stopped.why
    assert looked == requests
    assert "rows put back" not in first.counts
    assert (second.stopped, second.counts["rows put back"]) == (None, 1)
    assert ended_prices(bench.store) == ()


def empty(bench: Bench, price_list: OroPriceListId) -> None:
    with bench.ports() as ports:
        for row in list(each(ports.shop, list_product_prices(price_list=price_list, size=1000))):
            ports.shop.send(delete_product_price(row.id))


def to_midnight(bench: Bench, day: LocalDate, *, less: int = 0) -> None:
    begins = datetime.combine(day, datetime.min.time(), UTC)
    bench.world.clock.advance((begins - bench.world.clock()).total_seconds() - less)


def filed(bench: Bench, folder: Path, turn: LocalDate) -> dict[str, Any]:
    """A book from a file that is not replaced, with another price from a day on."""
    folder.mkdir()
    fields = ("book", "currency", "vat_inclusive", "product", "quantity", "price", "from", "to")
    names = (*fields[:6], "valid_from", "valid_to")
    places = tuple(zip(names, fields, strict=True))
    mapping = RecordMap(fields=places, formats=Formats(date="%Y-%m-%d"))
    binding = FileBinding(str(folder), mapping, quiet=0, latest=True)
    product = next(iter(bench.units.values()))[0].sku.product
    head = f"TRADE-GBP,GBP,no,{product},1"
    last = LocalDate(turn - timedelta(days=1))
    rows = (",".join(fields), f"{head},2.50,,{last}", f"{head},2.60,{turn},")
    (folder / "a.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return {
        "bindings": ((Capability.PRICE_BOOK, binding),),
        "files": DropReader(bench.world.clock),
    }


def test_what_comes_later_is_kept_and_written_on_its_day(
    bench: Bench, lists: Lists, tmp_path: Path
) -> None:
    """Row by row; told once; a run a second before its day writes none of it."""
    turn = LocalDate(bench.world.clock().date() + timedelta(days=3))
    by_file = filed(bench, tmp_path / "drop", turn)
    run(bench, lists, **by_file)
    run(bench, lists, **by_file)
    (staged,) = staged_prices(bench.store)
    (counts,) = staged_counts(bench.store)
    (day,) = staged.days
    told = [line for line in bench.store.journal() if line.what == "prices staged"]
    with bench.ports(**by_file) as ports:
        report = report_prices(ports, lists, POLICY.books)

    assert (staged.price_list, staged.book, day.day) == (lists[TRADE], TRADE, turn)
    assert (counts.days[0].count, counts.days[0].rows) == (day.count, ()) != (0, ())
    assert day.count == len(day.rows)
    assert [line.detail for line in told] == [f"{turn}: {day.count} rows"]
    assert f"book TRADE-GBP: 2 rows begin or cease on {turn}" in report.notes
    assert next_turn(bench.store, lists.values()) == turn
    assert next_turn(bench.store, ()) is None
    to_midnight(bench, turn, less=1)
    early = run(bench, lists, **by_file)
    bench.world.clock.advance(1)
    due = run(bench, lists, **by_file)

    assert early.counts["rows changed"] == early.counts["rows added"] == 0
    assert (due.counts["rows changed"], due.counts["rows added"]) == (day.count, 0)
    assert next_turn(bench.store, lists.values()) is None
    assert (staged_prices(bench.store), staged_counts(bench.store)) == ((), ())


def test_a_day_that_was_not_written_stays_due(bench: Bench, lists: Lists, tmp_path: Path) -> None:
    """While a system is down, or the list cannot be made; a run days later makes it good."""
    turn = LocalDate(bench.world.clock().date() + timedelta(days=3))
    by_file = filed(bench, tmp_path / "drop", turn)
    run(bench, lists, **by_file)
    (staged,) = staged_prices(bench.store)
    to_midnight(bench, turn)
    bench.world.faults.add("oro", "batch_productprices", "maintenance", times=99)
    assert run(bench, lists, **by_file).stopped is not None
    bench.world.faults.clear()
    unlike = evolve(POLICY, books=BookPolicy(vat_inclusive=True))
    assert run(bench, lists, unlike, **by_file).counts["rows right"] == 0
    assert staged_prices(bench.store) == (staged,)
    assert next_turn(bench.store, lists.values()) == turn
    bench.advance(days=2)
    late = run(bench, lists, **by_file)

    assert late.counts["rows changed"] == staged.days[0].count
    assert next_turn(bench.store, lists.values()) is None


def test_a_run_of_some_products_stages_nothing(bench: Bench, lists: Lists, tmp_path: Path) -> None:
    """It does not see all of the list: what was staged stays."""
    turn = LocalDate(bench.world.clock().date() + timedelta(days=3))
    by_file = filed(bench, tmp_path / "drop", turn)
    some = OfProducts((next(iter(bench.units))[0],))
    with bench.ports(**by_file) as ports:
        sync_prices(ports, lists, POLICY, scope=some)
    assert staged_prices(bench.store) == ()
    run(bench, lists, **by_file)
    before = staged_prices(bench.store)
    to_midnight(bench, turn)
    with bench.ports(**by_file) as ports:
        sync_prices(ports, lists, POLICY, scope=some)

    assert before
    assert staged_prices(bench.store) == before


def test_rows_that_are_kept_by_name_are_limited() -> None:
    """All are counted."""
    row = StagedPrice(OroSku("B"), UnitCode("each"), Decimal(1), "GBP", Decimal(2), None)
    day = LocalDate(date(2031, 5, 4))
    days = [StagedDay(day, n, (row,) * n, 0) for n in (MOST_ROWS - 1, 3, 2)]

    assert [(one.count, len(one.rows)) for one in _named(days)] == [
        (MOST_ROWS - 1, MOST_ROWS - 1), (3, 1), (2, 0),
    ]  # fmt: skip


def test_an_end_that_is_refused_or_lost(bench: Bench, lists: Lists) -> None:
    """A lost answer stops the run, and the next one finds the row gone."""
    run(bench, lists)
    stray(bench, lists)
    bench.world.faults.add("oro", "delete_productprices", "reset-after-commit")
    first, second = run(bench, lists, REMOVE), run(bench, lists, REMOVE)

    assert first.stopped is not None
    assert second.ok
    assert "rows ended" not in second.counts
    assert len(ended_prices(bench.store)) == 1


def test_a_system_that_is_down_stops_the_run(bench: Bench, lists: Lists) -> None:
    """Nothing is lost."""
    bench.world.faults.add("prima", "XPriceBook", "bad-gateway", times=9)
    report = run(bench, lists)
    assert report.stopped is not None
    assert report.summary().startswith("prices: nothing done; stopped: ")
    bench.world.faults.clear()
    assert run(bench, lists).ok


def test_books_come_from_a_file_too(bench: Bench, lists: Lists, tmp_path: Path) -> None:
    """The last one, which stays; one that cannot be read changes nothing."""
    folder = tmp_path / "drop"
    folder.mkdir()
    fields = ("book", "currency", "vat_inclusive", "product", "quantity", "price")
    mapping = RecordMap(fields=tuple((name, name) for name in fields))
    binding = FileBinding(str(folder), mapping, quiet=0, latest=True)
    product = next(iter(bench.units.values()))[0].sku.product
    text = f"{','.join(fields)}\nTRADE-GBP,GBP,no,{product},1,2.50\n"
    (folder / "a.csv").write_text(text, encoding="utf-8")
    by_file: dict[str, Any] = {
        "bindings": ((Capability.PRICE_BOOK, binding),),
        "files": DropReader(bench.world.clock),
    }
    first = run(bench, lists, **by_file)
    (folder / "b.csv").write_text(text.replace("2.50", "x"), encoding="utf-8")
    second = run(bench, lists, REMOVE, **by_file)

    assert first.counts["rows added"] > 0
    assert [r.code for record in second.held for r in record.reasons] == [
        ReasonCode.PRICES_UNREADABLE
    ]
    assert len(shown(bench, lists)) == first.counts["rows added"]
