"""Orders of a scope against both systems: those and no other, exactly once, no watermark moved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from tests.sync.flows import Bench, sandbox_bindings

from oro_prima.errors import StoreError
from oro_prima.files import DropReader
from oro_prima.ids import OroOrderId
from oro_prima.mapping import FulfilmentPolicy, InvoicePolicy, PollPolicy
from oro_prima.mapping.statuses import EVIDENCED, Progress
from oro_prima.plans import EVERYTHING, OfDays, OfOrders, OrderScope
from oro_prima.prima.models.binding import FileBinding, RecordMap
from oro_prima.prima.models.capabilities import Capability
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.records import ExceptionRecord, Flow, Home, RecordState
from oro_prima.sandbox.oro import OrderLine
from oro_prima.sync import (
    FlowReport,
    FulfilmentReport,
    RunReport,
    dismiss_held,
    preview_fulfilment,
    preview_invoices,
    preview_orders,
    retry_held,
    sync_fulfilment,
    sync_invoices,
    sync_orders,
)
from oro_prima.sync.despatches import despatch_reader
from oro_prima.values import LocalDate, local_date

FULFILMENT = FulfilmentPolicy(statuses={**EVIDENCED, "Entered": Progress.OPEN})
INVOICES, POLLS = InvoicePolicy(), PollPolicy()
BOUND = sandbox_bindings(Capability.INVOICE)


@pytest.fixture(params=["6.1", "5.1"])
def bench(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Bench]:
    made = Bench(tmp_path, request.param)
    made.put_into_use()
    yield made
    made.store.close()


@pytest.fixture
def posted(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    made.put_into_use()
    run(made)
    yield made
    made.store.close()


def run(bench: Bench, scope: OrderScope = EVERYTHING, **changes: Any) -> RunReport:
    with bench.ports(**changes) as ports:
        return sync_orders(ports, bench.policy, scope=scope)


def follow(bench: Bench, scope: OrderScope = EVERYTHING, **changes: Any) -> FulfilmentReport:
    with bench.ports(**changes) as ports:
        return sync_fulfilment(ports, bench.policy, FULFILMENT, POLLS, scope=scope)


def bill(bench: Bench, scope: OrderScope = EVERYTHING, **changes: Any) -> FlowReport:
    bound: dict[str, Any] = {"bindings": BOUND}
    with bench.ports(**(bound | changes)) as ports:
        return sync_invoices(ports, bench.policy, INVOICES, POLLS, scope=scope)


def homes(bench: Bench) -> dict[str, Home]:
    return {str(c.order): c.home for c in bench.store.captures_at(Home)}


def named(*orders: str) -> OfOrders:
    return OfOrders(tuple(map(OroOrderId, orders)))


def today(bench: Bench) -> OfDays:
    day = local_date(bench.world.clock(), bench.policy.zone)
    return OfDays(day, day)


def place(bench: Bench) -> str:
    level = bench.world.oro.levels()[0]
    customer = bench.world.seed.links[0][0]
    return bench.world.oro.place_order(
        customer, [OrderLine(level.sku, level.unit, Decimal(1), Decimal(1))]
    )


def ready(bench: Bench) -> list[str]:
    with bench.ports() as ports:
        plans = list(preview_orders(ports, bench.policy))
    return [command.oro_order for plan in plans for command in plan.commands]


def record(bench: Bench, flow: Flow, subject: str) -> ExceptionRecord:
    found = bench.store.exception(flow, subject)
    assert found is not None
    return found


def hold_for(bench: Bench, flow: Flow, subject: str, code: ReasonCode) -> None:
    reasons, at = (Reason(code, subject, "made up"),), bench.world.clock()
    with bench.store.transaction() as tx:
        tx.put_exception(ExceptionRecord(flow, subject, reasons, RecordState.HELD, at, at, 1))


def test_one_order_alone_is_posted_once(bench: Bench) -> None:
    """No other order has a home by it, the watermark stays, and the next whole run finds all."""
    one, *others = ready(bench)
    first, again = run(bench, named(one)), run(bench, named(one, one))

    assert first.posted == (one,)
    assert homes(bench) == {one: Home.POSTED}
    assert bench.store.watermark() is None
    assert (again.posted, again.read, again.homes) == ((), 1, {Home.POSTED: 1})
    assert bench.taken() == {f"ORO-{one}": 1}
    began = [line.detail for line in bench.store.journal() if line.what == "run began"]
    assert began == [f"watermark 0; of orders {one}"] * 2
    run(bench)
    assert set(others) <= set(homes(bench))
    assert set(bench.taken().values()) == {1}


def test_a_preview_of_a_scope_shows_its_part_of_the_whole(bench: Bench) -> None:
    """And writes nothing."""
    chosen = ready(bench)[1:3]
    with bench.ports() as ports:
        whole = list(preview_orders(ports, bench.policy))
        part = list(preview_orders(ports, bench.policy, scope=named(*reversed(chosen))))
        none = list(preview_orders(ports, bench.policy, scope=named()))

    commands = [one for plan in whole for one in plan.commands if one.oro_order in chosen]
    assert [one for plan in part for one in plan.commands] == commands
    assert none == []
    assert homes(bench) == {}


def test_an_order_that_is_not_there_is_named(bench: Bench) -> None:
    """It has no home: it may come yet."""
    report = run(bench, named("999999", ready(bench)[0]))

    assert report.missing == ("999999",)
    assert "not there: 999999" in report.summary()
    assert list(homes(bench).values()) == [Home.POSTED]


def test_one_that_was_read_and_is_gone_is_held(bench: Bench) -> None:
    """It vanished."""
    waits = bench.world.seed.special["unlinked_customer"]
    run(bench, named(waits))
    bench.world.oro.delete_order(waits)
    report = run(bench, named(waits))

    assert report.missing == ()
    (reason,) = record(bench, Flow.ORDERS, f"orders/{waits}").reasons
    assert reason.code is ReasonCode.VANISHED


def test_a_held_order_is_retried_alone(bench: Bench) -> None:
    """Under the number that it would have had; other held ones are not touched."""
    waits = bench.world.seed.special["unlinked_customer"]
    other = bench.world.seed.special["unknown_unit"]
    run(bench)
    before = record(bench, Flow.ORDERS, f"orders/{other}")
    watermark = bench.store.watermark()
    retry_held(bench.store, subject=f"orders/{waits}", by="Kim", at=bench.world.clock())
    bench.advance(minutes=5)
    report = run(bench, named(waits))

    assert (report.read, report.homes) == (1, {Home.HELD: 1})
    assert not record(bench, Flow.ORDERS, f"orders/{waits}").retry
    assert record(bench, Flow.ORDERS, f"orders/{other}") == before
    assert bench.store.watermark() == watermark


def test_a_doubt_of_the_scope_is_settled_and_no_other(bench: Bench) -> None:
    """Prima has both."""
    one, two, *_rest = ready(bench)
    for order in (one, two):
        bench.world.faults.add("prima", "MultiNewOrder", "reset-after-commit", times=1)
        run(bench, named(order))
    assert homes(bench) == {one: Home.IN_DOUBT, two: Home.IN_DOUBT}
    report = run(bench, named(two))

    assert report.recovered == (two,)
    assert report.in_doubt == (one,)
    assert homes(bench) == {one: Home.IN_DOUBT, two: Home.POSTED}
    assert bench.taken() == {f"ORO-{one}": 1, f"ORO-{two}": 1}


@pytest.mark.parametrize(
    "step", ["before-claim", "after-claim", "after-send", "before-settle", "after-settle"]
)
@pytest.mark.parametrize("scoped", [True, False])
def test_a_crash_in_a_run_of_one_order_loses_and_doubles_nothing(
    tmp_path: Path, step: str, scoped: bool
) -> None:
    """Whichever run comes after it."""
    bench = Bench(tmp_path)
    bench.put_into_use()
    one = ready(bench)[0]

    def crash(name: str) -> None:
        if name == step:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), bench.ports(crash) as ports:
        sync_orders(ports, bench.policy, scope=named(one))
    bench.advance(minutes=6)
    run(bench, named(one) if scoped else EVERYTHING)
    bench.advance(minutes=6)
    run(bench)

    settled = homes(bench)[one] is Home.POSTED
    assert settled or step == "after-claim"  # Prima says of no order that it is absent
    assert bench.taken()[f"ORO-{one}"] == settled
    assert set(bench.taken().values()) == {1}
    bench.store.close()


def test_a_younger_order_waits_as_ever(bench: Bench) -> None:
    """`post_after` is no less."""
    bench.policy = evolve(bench.policy, post_after=timedelta(seconds=30))
    fresh = place(bench)
    assert run(bench, named(fresh)).homes == {Home.WAITING: 1}
    bench.advance(seconds=31)
    assert run(bench, named(fresh)).posted == (fresh,)


def test_an_order_before_the_cut_over_is_ignored_by_name_too(bench: Bench) -> None:
    """And a store without one refuses."""
    fresh = place(bench)
    bench.policy = evolve(bench.policy, start_at=bench.world.clock() + timedelta(days=1))

    assert run(bench, named(fresh)).homes == {Home.IGNORED: 1}
    assert bench.taken() == {}


def test_orders_of_days(bench: Bench) -> None:
    """All of today's, tomorrow's none; one that vanished since is found by its capture."""
    waits = bench.world.seed.special["unlinked_customer"]
    run(bench, named(waits))
    bench.world.oro.delete_order(waits)
    bench.advance(days=1)
    tomorrow = today(bench)
    late = place(bench)
    bench.advance(seconds=1)
    day = LocalDate(tomorrow.first - timedelta(days=1))
    mine = {view.id for view in bench.world.oro.orders()} - {late}
    first = run(bench, OfDays(day, day))
    found = homes(bench)
    second = run(bench, tomorrow)

    assert late not in found
    assert set(found) <= mine | {waits}
    assert found[waits] is Home.HELD
    assert first.posted
    assert second.posted == (late,)
    assert bench.store.watermark() is None
    assert set(bench.taken().values()) == {1}


def test_the_union_of_days_is_a_run_of_everything(tmp_path: Path) -> None:
    """Which order is posted does not depend on how the runs are cut."""
    for name in "ab":
        (tmp_path / name).mkdir()
    whole, parts = Bench(tmp_path / "a"), Bench(tmp_path / "b")
    for bench in (whole, parts):
        bench.put_into_use()
    run(whole)
    days = sorted(
        {local_date(view.created_at, whole.policy.zone) for view in whole.world.oro.orders()}
    )
    for day in days:
        run(parts, OfDays(day, day))

    assert homes(parts) == {key: one for key, one in homes(whole).items() if key in homes(parts)}
    assert parts.taken() == whole.taken()
    for bench in (whole, parts):
        bench.store.close()


def test_while_another_order_is_unsafe_none_is_posted(posted: Bench) -> None:
    """As in a run of everything: others might be posted a second time."""
    split = posted.store.captures_at((Home.POSTED,))[0].order
    subject = f"orders/{split}"
    fresh = place(posted)
    hold_for(posted, Flow.ORDERS, subject, ReasonCode.SPLIT_AFTER_POSTING)
    report = run(posted, named(fresh))

    assert report.stopped is not None
    assert f"{subject} waits for split-after-posting" in report.stopped.why
    assert f"ORO-{fresh}" not in posted.taken()
    dismiss_held(posted.store, subject=subject, by="Kim", note="looked", at=posted.world.clock())
    assert run(posted, named(fresh)).posted == (fresh,)


def test_a_run_of_one_order_takes_the_lease_of_the_flow(posted: Bench) -> None:
    """No two runs of a flow."""
    fresh, other = place(posted), place(posted)
    refused = list[str]()

    def meanwhile(step: str) -> None:
        if step == "before-claim":
            with pytest.raises(StoreError) as caught:
                run(posted, named(other))
            refused.append(str(caught.value))

    run(posted, named(fresh), step=meanwhile)
    assert len(refused) == 1


def test_one_order_is_asked_after_alone(posted: Bench) -> None:
    """Due or not; the others are asked no sooner and no later for it."""
    follow(posted)
    one, other = posted.store.follows()[:2]
    posted.world.prima.set_status(one.number, "Despatched")
    posted.world.prima.set_status(other.number, "Despatched")
    with posted.ports() as ports:
        (plan,) = preview_fulfilment(
            ports, posted.policy, FULFILMENT, POLLS, scope=named(one.order)
        )
    report, again = follow(posted, named(one.order)), follow(posted, named(one.order))

    assert [command.order for command in plan.commands] == [one.order]
    assert (report.asked, report.statuses, report.orders_finished) == (1, 1, 1)
    assert (again.asked, again.ok) == (0, True)
    left = {one.order: one for one in posted.store.follows()}
    assert left[other.order] == other
    assert follow(posted, named()).asked == 0


def test_the_orders_of_a_day_are_asked_after(posted: Bench) -> None:
    """Those that were created then."""
    follow(posted)
    report = follow(posted, today(posted))
    start, end = today(posted).instants(posted.policy.zone)
    mine = [
        one
        for one in posted.store.captures_created(start, end)
        if one.home is Home.POSTED and one.order in {f.order for f in posted.store.follows()}
    ]

    assert report.asked == len(mine)


def test_a_status_text_is_tried_again_for_all_that_show_it(posted: Bench) -> None:
    """A person mapped it, and does not wait for the age of each."""
    one, other = posted.store.follows()[:2]
    for each in (one, other):
        posted.world.prima.set_status(each.number, "Gone Fishing")
    follow(posted)
    subject = "statuses/Gone Fishing"
    assert record(posted, Flow.FULFILMENT, subject).state is RecordState.HELD
    retry_held(posted.store, subject=subject, by="Kim", at=posted.world.clock())

    assert follow(posted).asked == 2


def test_invoices_of_one_order_are_read_alone(posted: Bench) -> None:
    """Due or not."""
    one, other = posted.store.follows()[:2]
    for each in (one, other):
        posted.world.prima.set_status(each.number, "Despatched")
    bill(posted)
    posted.world.prima.credit(one.number)
    posted.world.prima.credit(other.number)
    with posted.ports(bindings=BOUND) as ports:
        (plan,) = preview_invoices(ports, posted.policy, INVOICES, POLLS, scope=named(one.order))
    report, again = bill(posted, named(one.order)), bill(posted, named(one.order))

    assert [kept.number for kept in plan.keep] == [one.number]
    assert (report.counts["orders asked after"], report.counts["new credits"]) == (1, 1)
    assert again.counts["new credits"] == 0
    assert bill(posted, today(posted)).counts["new credits"] == 1
    assert bill(posted, named()).counts == {}


def test_an_invoice_record_is_retried_alone(posted: Bench) -> None:
    """Asked after in the next run, whole or not."""
    one = posted.store.follows()[0]
    posted.world.prima.set_status(one.number, "Despatched")
    bill(posted)
    subject = f"invoices/{one.number}"
    hold_for(posted, Flow.INVOICES, subject, ReasonCode.INVOICE_NOT_ADDED)
    none = bill(posted)
    retry_held(posted.store, subject=subject, by="Kim", at=posted.world.clock())
    report = bill(posted)

    assert none.counts == {}
    assert report.counts["orders asked after"] == 1
    assert record(posted, Flow.INVOICES, subject).state is RecordState.RESOLVED


INVOICE_MAP = RecordMap(
    fields=tuple(
        (name, name)
        for name in ("number", "date", "order_number", "currency", "net", "vat", "gross", "credit")
    ),
    lines=(("order_line", "line"), ("quantity", "quantity")),
)
PARCEL_MAP = RecordMap(
    fields=tuple((n, n) for n in ("number", "date", "carrier", "tracking", "order_number")),
    lines=(("order_line", "line"), ("quantity", "quantity")),
)


def by_file(bench: Bench, capability: Capability, folder: Path, fields: RecordMap) -> Any:
    binding = FileBinding(str(folder), fields, quiet=0)
    return {"bindings": ((capability, binding),), "files": DropReader(bench.world.clock)}


def test_files_of_invoices_stay_for_the_whole_run(posted: Bench, tmp_path: Path) -> None:
    """What they say of the order is kept; the rest, and what is wrong with them, is not touched."""
    folder = tmp_path / "drop"
    folder.mkdir()
    one, other = posted.store.follows()[:2]
    rows = [f"I{n},04/05/2031,{f.number},GBP,10,2,12,no,0,1" for n, f in enumerate((one, other))]
    text = "number,date,order_number,currency,net,vat,gross,credit,line,quantity\n"
    (folder / "a.csv").write_text(
        text + "\n".join([*rows, "I9,no day,,GBP,10,2,12,no,0,1"]) + "\n", encoding="utf-8"
    )
    bound = by_file(posted, Capability.INVOICE, folder, INVOICE_MAP)
    part = bill(posted, named(one.order), **bound)
    kept = {k.subject for k in posted.store.kept_below(Flow.INVOICES, "invoices/")}
    there = (folder / "a.csv").exists()
    whole = bill(posted, **bound)

    assert (part.counts["new invoices"], part.held) == (1, ())
    assert kept == {f"invoices/{one.number}"}
    assert there
    assert not (folder / "a.csv").exists()
    assert whole.counts["new invoices"] == 1
    assert [r.subject for r in whole.held] == ["invoices/files"]


def test_a_record_of_documents_by_file_is_matched_again(posted: Bench, tmp_path: Path) -> None:
    """With what was kept, though no file comes."""
    folder = tmp_path / "drop"
    folder.mkdir()
    one = posted.store.follows()[0]
    subject = f"invoices/{one.number}"
    hold_for(posted, Flow.INVOICES, subject, ReasonCode.INVOICE_NOT_ADDED)
    bound = by_file(posted, Capability.INVOICE, folder, INVOICE_MAP)
    bill(posted, **bound)
    before = record(posted, Flow.INVOICES, subject).state
    retry_held(posted.store, subject=subject, by="Kim", at=posted.world.clock())
    bill(posted, **bound)

    assert before is RecordState.HELD
    assert record(posted, Flow.INVOICES, subject).state is RecordState.RESOLVED


def test_files_of_despatches_stay_for_the_whole_run(posted: Bench, tmp_path: Path) -> None:
    """Their news of the order is written once, whoever reads it first."""
    folder = tmp_path / "drop"
    folder.mkdir()
    one, other = posted.store.follows()[:2]
    rows = [f"D{n},04/05/2031,DPD,T{n},{f.number},1,1" for n, f in enumerate((one, other))]
    text = "number,date,carrier,tracking,order_number,line,quantity\n"
    (folder / "a.csv").write_text(text + "\n".join(rows) + "\n", encoding="utf-8")
    bound = by_file(posted, Capability.DESPATCH, folder, PARCEL_MAP)

    def told(scope: OrderScope) -> FulfilmentReport:
        with posted.ports(**bound) as ports:
            ports = evolve(ports, despatches=despatch_reader(ports))
            return sync_fulfilment(ports, posted.policy, FULFILMENT, POLLS, scope=scope)

    part = told(named(one.order))
    there = (folder / "a.csv").exists()
    whole = told(EVERYTHING)

    assert (part.asked, part.trackings, part.despatches) == (1, 1, 0)
    assert there
    assert posted.store.kept_below(Flow.FULFILMENT, "despatches/")
    assert (whole.trackings, whole.despatches) == (1, 2)
    assert not (folder / "a.csv").exists()
