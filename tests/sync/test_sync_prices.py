"""The prices flow: lists are made of books, once; ends are kept and put back; crashes made good."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import pytest
from attrs import evolve
from tests.sync.flows import Bench, sandbox_bindings

from oro_prima.call import each
from oro_prima.errors import ConfigError
from oro_prima.files import DropReader
from oro_prima.ids import OroPriceListId, PrimaPriceBook
from oro_prima.mapping import BookPolicy, Ends, PriceWritePolicy
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
from oro_prima.prima.models.binding import FileBinding, RecordMap
from oro_prima.prima.models.capabilities import Capability
from oro_prima.reasons import ReasonCode
from oro_prima.records import Flow, RecordState
from oro_prima.sync import (
    FlowReport,
    ended_prices,
    preview_prices,
    report_prices,
    restore_prices,
    retry_held,
    sync_prices,
)
from oro_prima.sync.gather_prices import Lists

BOUND = sandbox_bindings(Capability.PRICE_BOOK)
POLICY = PricePolicies(BookPolicy(False, variants=VariantRows.PRODUCT), PriceWritePolicy())
REMOVE = evolve(POLICY, writes=PriceWritePolicy(Ends.REMOVE, 9, Decimal(1)))
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
