"""The price check of the orders flow, against both systems: what is read, posted, told and held."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from tests.sync.flows import Bench, sandbox_bindings

from oro_prima.files import DropReader
from oro_prima.ids import OroOrderId, PrimaAccount, PrimaPriceBook
from oro_prima.mapping import AccountFacts, OrderPolicy, PriceCheck, ReadBook
from oro_prima.mapping.account_fields import CustomerPolicy
from oro_prima.mapping.policy import VariantRows
from oro_prima.ports import Ports
from oro_prima.prima.models.binding import FileBinding, RecordMap
from oro_prima.prima.models.bound import Bound
from oro_prima.prima.models.capabilities import Capability
from oro_prima.prima.models.prices import BookPrice, PriceBook, PriceBookRow
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.records import Flow, Home, RecordState
from oro_prima.sandbox.oro import OrderLine
from oro_prima.sandbox.prima.books import StockKey
from oro_prima.sandbox.prima.details import book_of, price_of
from oro_prima.sync import (
    RunReport,
    preview_orders,
    retry_held,
    sync_customers,
    sync_orders,
)
from oro_prima.sync.gather import gather_chosen
from oro_prima.sync.price_books import BookShelf, kept_rows
from oro_prima.sync.run import look
from oro_prima.sync.single import post_order
from oro_prima.sync.story import ask_why, tell_order
from oro_prima.values import SkuKey

R = ReasonCode
BOOKS = sandbox_bindings(Capability.PRICE_BOOK)
BOTH = sandbox_bindings(Capability.PRICE_BOOK, Capability.ACCOUNT)
ONLY, WARN, HOLD = PriceCheck
TRADE = PrimaPriceBook("TRADE-GBP")


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """Everything that was seeded is posted, by intent alone."""
    bench = Bench(tmp_path)
    bench.put_into_use()
    bench.policy = evolve(bench.policy, book_variants=VariantRows.PRODUCT)
    with bench.ports() as ports:
        sync_orders(ports, bench.policy)
    yield bench
    bench.store.close()


def under(bench: Bench, check: PriceCheck) -> OrderPolicy:
    return evolve(bench.policy, price_check=check)


def facts(bench: Bench) -> dict[PrimaAccount, AccountFacts]:
    """The price book of each account, as a table would say it."""
    known = bench.world.prima._books.accounts.values()
    return {
        PrimaAccount(one.code): AccountFacts(price_book=PrimaPriceBook(book_of(one)))
        for one in known
    }


def with_books(bench: Bench, ports: Ports) -> Ports:
    return evolve(ports, tables=evolve(ports.tables, accounts=facts(bench)))


def run(bench: Bench, check: PriceCheck, **changes: Any) -> RunReport:
    with bench.ports(**({"bindings": BOOKS} | changes)) as ports:
        return sync_orders(with_books(bench, ports), under(bench, check))


def preview(bench: Bench, check: PriceCheck) -> dict[str, tuple[Reason, ...]]:
    with bench.ports(bindings=BOOKS) as ports:
        plans = list(preview_orders(with_books(bench, ports), under(bench, check)))
    return {d.order: d.reasons + d.warnings for plan in plans for d in plan.decisions}


def booked(bench: Bench, sku: str, unit: str, quantity: int = 1) -> Decimal:
    """What one unit comes to in the trade book, where so many are bought."""
    today = bench.world.clock().date()
    parts = next(some for own, code, some in bench.world.seed.units if (own, code) == (sku, unit))
    return sum(
        (
            price_of(StockKey(*codes), int(quantity * count), today=today) * int(count)
            for *codes, count in parts
        ),
        Decimal(0),
    )


def place(bench: Bench, off: str = "0", quantity: int = 1) -> str:
    """Order one product at what the book says, or so much off it."""
    customer = bench.world.seed.links[0][0]
    level = max(bench.world.oro.levels(), key=lambda one: one.quantity)
    price = booked(bench, level.sku, level.unit, quantity) + Decimal(off)
    line = OrderLine(level.sku, level.unit, Decimal(quantity), price)
    return str(bench.world.oro.place_order(customer, [line]))


def home(bench: Bench, order: str) -> Home:
    return bench.store.captures([OroOrderId(order)])[OroOrderId(order)].home


def codes(report: RunReport) -> list[ReasonCode]:
    return [reason.code for reason in report.warnings]


def asked(bench: Bench, name: str = "XPriceBook") -> int:
    return bench.world.requests.of("prima", name).count


def sent(bench: Bench, order: str) -> tuple[object, ...]:
    """The lines of an order as Prima took them."""
    (view,) = (one for one in bench.world.prima.orders() if one.reference == f"ORO-{order}")
    return view.lines


def test_intent_only_reads_no_book(bench: Bench) -> None:
    """Whatever the price is."""
    order = place(bench, "1")
    report = run(bench, ONLY)

    assert home(bench, order) is Home.POSTED
    assert (report.warnings, asked(bench)) == ((), 0)
    assert not [line for line in bench.store.journal() if line.what == "prices told"]


def test_warned_an_order_is_posted_and_told(bench: Bench) -> None:
    """The same is sent; the journal and the story keep what was told; nothing is said of equals."""
    fine, off = place(bench), place(bench, "0.50")
    same = place(bench, "0.50")
    shown = preview(bench, WARN)
    report = run(bench, WARN)
    with bench.ports(bindings=BOOKS) as ports:
        ports = with_books(bench, ports)
        why = ask_why(ports, under(bench, WARN), order=OroOrderId(off))
        story = tell_order(bench.store, order=OroOrderId(off), why=why)

    assert report.ok
    assert set(report.posted) == {fine, off, same}
    assert codes(report) == [R.PRICE_DIFFERS, R.PRICE_DIFFERS]
    assert sent(bench, off) == sent(bench, fine)
    assert (shown[fine], [r.code for r in shown[off]]) == ((), [R.PRICE_DIFFERS])
    told = [line for line in bench.store.journal() if line.what == "prices told"]
    assert [line.subject for line in told] == [f"orders/{off}", f"orders/{same}"]
    assert told[0].detail == f"price-differs: {shown[off][0].detail}"
    assert "prices told" in [event.what for event in story.events]
    assert any("price_check.line" in line and "price-differs" in line for line in story.why)


def test_held_an_order_waits_for_finance_and_is_compared_afresh(bench: Bench) -> None:
    """A retry alone changes nothing; the right price lets it go, with or without a retry."""
    fine, off, other = place(bench), place(bench, "-0.01"), place(bench, "2")
    first = run(bench, HOLD)
    retry_held(bench.store, subject=f"orders/{off}", by="Kim", note="sure?", at=bench.world.clock())
    again = run(bench, HOLD)
    for order in (off, other):
        shop = bench.world.oro._shop
        row = shop.db.need(("orders", order))
        line = shop.db.need(row.many("lineItems")[0])
        level = max(bench.world.oro.levels(), key=lambda one: one.quantity)
        line.attributes["value"] = f"{booked(bench, level.sku, level.unit):.4f}"
    last = run(bench, HOLD)

    assert [home(bench, one) for one in (fine, off, other)] == [Home.POSTED] * 3
    assert first.posted == (fine,)
    assert {r.subject: [c.code for c in r.reasons] for r in first.held} == {
        f"orders/{off}": [R.PRICE_DIFFERS],
        f"orders/{other}": [R.PRICE_DIFFERS],
    }
    assert not first.ok
    assert (again.posted, again.held) == ((), ())
    assert set(last.posted) == {off, other}
    record = bench.store.exception(Flow.ORDERS, f"orders/{off}")
    assert record is not None
    assert record.state is RecordState.RESOLVED
    assert all(times == 1 for times in bench.taken().values())


@pytest.mark.parametrize("fault", ["hang", "unavailable", "truncate", "fault-10921"])
def test_a_book_that_cannot_be_read_holds_nobody(bench: Bench, fault: str) -> None:
    """Held, orders wait without a record and the run says why; later they go on by themselves."""
    order = place(bench)
    bench.world.faults.add("prima", "XPriceBook", fault, times=50)
    report = run(bench, HOLD)
    waits = home(bench, order)
    bench.world.faults.clear()
    bench.advance(minutes=10)
    later = run(bench, HOLD)

    assert waits is Home.WAITING
    assert report.stopped is not None
    assert report.stopped.why.startswith("orders wait for a price book that cannot be read: TRADE")
    assert (report.held, report.posted) == ((), ())
    assert bench.store.exception(Flow.ORDERS, f"orders/{order}") is None
    assert (later.posted, later.stopped, home(bench, order)) == ((order,), None, Home.POSTED)


def test_warned_an_unreadable_book_stops_nothing(bench: Bench) -> None:
    """It is told that prices were not checked."""
    order = place(bench, "1")
    bench.world.faults.add("prima", "XPriceBook", "unavailable", times=50)
    report = run(bench, WARN)

    assert (report.stopped, report.posted) == (None, (order,))
    assert codes(report) == [R.PRICES_NOT_CHECKED]


def test_an_unbound_book_is_one_that_cannot_be_read(bench: Bench) -> None:
    """Loading refuses such a configuration; whoever builds ports by hand is told, too."""
    order = place(bench)
    held, warned = run(bench, HOLD, bindings=()), run(bench, WARN, bindings=())

    assert held.stopped is not None
    assert "price_book is unbound" in held.stopped.why
    assert (codes(warned), warned.posted) == ([R.PRICES_NOT_CHECKED], (order,))


def test_a_batch_asks_once_for_each_book_and_nothing_when_nothing_is_new(bench: Bench) -> None:
    """Not once an order; and only for the products that are in it."""
    for _ in range(5):
        place(bench)
    before = bench.world.requests.of("prima", "XPriceBook")
    run(bench, HOLD)
    after = bench.world.requests.of("prima", "XPriceBook")
    run(bench, HOLD)

    assert after.count - before.count == 1
    assert asked(bench) == after.count
    assert after.sent - before.sent < 2500


def test_nothing_is_kept_from_batch_to_batch(bench: Bench) -> None:
    """A held order stands in two: among the open ones, and in the overlap that is swept again."""
    place(bench, "1")
    run(bench, HOLD)
    first = asked(bench)
    run(bench, HOLD)

    assert (first, asked(bench) - first) == (1, 2)


def test_a_slow_book_has_orders_read_again(bench: Bench) -> None:
    """What the shop said minutes ago is not posted; the book is not asked for twice."""
    order = place(bench)
    bench.run = evolve(bench.run, fresh_for=timedelta(seconds=-1))
    before = bench.world.requests.total("oro")
    report = run(bench, HOLD)
    checked = bench.world.requests.total("oro") - before
    place(bench)
    run(bench, ONLY)
    unchecked = bench.world.requests.total("oro") - before - checked

    assert report.posted == (order,)
    assert asked(bench) == 1
    assert checked == unchecked + 1


def test_only_rows_that_orders_need_are_kept() -> None:
    """Of that book, of those SKUs; nothing of one with a record that cannot be read."""
    boot, lace = SkuKey("BOOT"), SkuKey("LACE")
    other = PrimaPriceBook("OTHER")
    found = Bound(
        tuple(
            BookPrice(
                PriceBook(code, "GBP", False), PriceBookRow(code, sku, Decimal(1), Decimal(2))
            )
            for code in (TRADE, other)
            for sku in (boot, lace)
        ),
        (),
    )
    kept = kept_rows(found, TRADE, {lace})
    broken = kept_rows(evolve(found, faults=("a", "b")), TRADE, {lace})

    assert kept.heads == (PriceBook(TRADE, "GBP", False),)
    assert [(row.book, row.sku) for row in kept.rows] == [(TRADE, lace)]
    assert (broken.rows, broken.unread) == ((), "2 records, such as a, cannot be read")


def test_a_shelf_is_of_one_batch() -> None:
    """Asked for is what is not there, with what is there already; cleared, nothing is."""
    boot, lace = SkuKey("BOOT"), SkuKey("LACE")
    shelf = BookShelf()
    shelf.put(TRADE, frozenset({boot}), ReadBook())

    assert shelf.missing({TRADE: frozenset({boot})}) == {}
    assert shelf.missing({TRADE: frozenset({lace})}) == {TRADE: {boot, lace}}
    shelf.clear()
    assert (shelf.books, shelf.skus, shelf.unread) == ({}, {}, {})
    assert shelf.missing({TRADE: frozenset()}) == {TRADE: frozenset()}


def test_a_book_that_cannot_be_read_is_asked_for_once_in_a_run() -> None:
    """Whatever other batches need of it."""
    down = ReadBook(unread="down")
    shelf = BookShelf()
    shelf.put(TRADE, frozenset(), down)
    shelf.clear()

    assert shelf.missing({TRADE: frozenset({SkuKey("LACE")})}) == {}
    assert (shelf.books, shelf.unread) == ({TRADE: down}, {TRADE: "down"})


# -- books by files, accounts by request -----------------------------------------------------------


def by_file(bench: Bench, folder: Path, text: str, **changes: Any) -> dict[str, Any]:
    """Bind price books to a folder that holds one file."""
    folder.mkdir(exist_ok=True)
    fields = ("book", "currency", "vat_inclusive", "product", "quantity", "price")
    head = ",".join(fields)
    (folder / "a.csv").write_text(f"{head}\n{text}\n", encoding="utf-8")
    mapping = RecordMap(fields=tuple((name, name) for name in fields))
    binding = FileBinding(str(folder), mapping, quiet=0, **({"latest": True} | changes))
    return {
        "bindings": ((Capability.PRICE_BOOK, binding),),
        "files": DropReader(bench.world.clock),
    }


def product(bench: Bench) -> str:
    level = max(bench.world.oro.levels(), key=lambda one: one.quantity)
    parts = next(p for s, u, p in bench.world.seed.units if (s, u) == (level.sku, level.unit))
    return str(parts[0][0])


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("GBP,no,{0},1000000,1.00", R.NOT_IN_PRICE_BOOK),
        ("EUR,no,{0},1,1.00", R.CURRENCY_MISMATCH),
        ("GBP,yes,{0},1,1.00", R.VAT_BASIS_MISMATCH),
        ("GBP,no,{0},1,0", R.PRICE_ON_APPLICATION),
        ("GBP,no,OTHER,1,1.00", R.NOT_IN_PRICE_BOOK),
        ("GBP,no,{0},1,1.00\nTRADE-GBP,EUR,no,{0},1,1.00", R.PRICE_BOOK_AMBIGUOUS),
        ("GBP,no,{0},1,999.99", R.PRICE_DIFFERS),
    ],
)
def test_what_files_say_is_read_and_left(
    bench: Bench, tmp_path: Path, row: str, reason: ReasonCode
) -> None:
    """A tier that is not reached, another currency: held, under its own reason; the file stays."""
    order = place(bench)
    files = by_file(bench, tmp_path / "drop", f"TRADE-GBP,{row.format(product(bench))}")
    (record,) = run(bench, HOLD, **files).held

    assert record.subject == f"orders/{order}"
    assert {one.code for one in record.reasons} == {reason}
    assert [path.name for path in (tmp_path / "drop").glob("*.csv")] == ["a.csv"]


def test_files_that_cannot_be_read_hold_nobody(bench: Bench, tmp_path: Path) -> None:
    """A record at fault may be the one that counts; a folder that is gone is read later."""
    order = place(bench)
    files = by_file(bench, tmp_path / "drop", f"TRADE-GBP,GBP,no,{product(bench)},1,x")
    broken = run(bench, HOLD, **files)
    (binding,) = (one for _, one in files["bindings"])
    away = ((Capability.PRICE_BOOK, evolve(binding, directory=str(tmp_path / "no"))),)
    missing = run(bench, HOLD, **(files | {"bindings": away}))

    assert broken.stopped is not None
    assert "1 records, such as" in broken.stopped.why
    assert missing.stopped is not None
    assert home(bench, order) is Home.WAITING


def test_a_file_that_is_taken_once_is_not_taken_by_a_check(bench: Bench, tmp_path: Path) -> None:
    """Loading refuses that binding; it would be gone for the prices flow."""
    place(bench, "1")
    text = f"TRADE-GBP,GBP,no,{product(bench)},1,999.99"
    run(bench, WARN, **by_file(bench, tmp_path / "drop", text, latest=False))

    assert [path.name for path in (tmp_path / "drop").iterdir()] == ["a.csv"]


def test_prima_says_which_book_an_account_has(bench: Bench) -> None:
    """The customers flow keeps it; before it ran, nobody knows, and there is no default."""
    order = place(bench)
    with bench.ports(bindings=BOTH) as ports:
        unknown = sync_orders(ports, under(bench, HOLD))
        sync_customers(ports, CustomerPolicy())
        known = sync_orders(ports, under(bench, HOLD))

    (record,) = unknown.held
    assert [(one.code, one.cause.partition("/")[0]) for one in record.reasons] == [
        (R.NO_PRICE_BOOK, "known_accounts")
    ]
    assert known.posted == (order,)


def test_the_journal_tells_five_lines_of_an_order(bench: Bench) -> None:
    """And how many more there are."""
    customer = bench.world.seed.links[0][0]
    level = max(bench.world.oro.levels(), key=lambda one: one.quantity)
    lines = [OrderLine(level.sku, level.unit, Decimal(1), Decimal(n)) for n in range(1, 8)]
    bench.world.oro.place_order(customer, lines)
    bench.world.oro.place_order(customer, lines[:5])
    run(bench, WARN)
    told = [line.detail for line in bench.store.journal() if line.what == "prices told"]

    assert [text.count("price-differs: agreed") for text in told] == [5, 5]
    assert [text.endswith("; and 2 more") for text in told] == [True, False]


def test_one_order_at_hand_is_checked_as_a_run_does(bench: Bench) -> None:
    """Posted, told, held, or waiting; the shop is not asked."""
    orders = [place(bench), place(bench, "1")]
    with bench.ports(bindings=BOOKS) as ports:
        ports = with_books(bench, ports)
        snapshot = gather_chosen(look(ports, Flow.ORDERS), [OroOrderId(one) for one in orders])
        fine, off = sorted(snapshot.orders, key=lambda one: int(one.id))
        bench.world.faults.add("prima", "XPriceBook", "unavailable", times=50)
        waits = post_order(ports, under(bench, HOLD), fine)
        bench.world.faults.clear()
        results = [post_order(ports, under(bench, HOLD), one) for one in (fine, off)]
        warned = post_order(ports, under(bench, WARN), off)

    assert (waits.home, [r.code for r in waits.reasons]) == (Home.WAITING, [R.PRICES_NOT_CHECKED])
    assert [one.home for one in results] == [Home.POSTED, Home.HELD]
    assert [r.code for r in results[1].reasons] == [R.PRICE_DIFFERS]
    assert warned.home is Home.POSTED
    told = [line.subject for line in bench.store.journal() if line.what == "prices told"]
    assert told == [f"orders/{off.id}"]
