"""The orders flow against both systems: exactly once, every order with a home."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.sync.flows import PAIR, Bench

from oro_prima.errors import FlowStoppedError, StoreError
from oro_prima.ids import OroOrderId, PrimaOrderNumber
from oro_prima.prima.models import PrimaProfile
from oro_prima.reasons import ReasonCode
from oro_prima.records import EntryState, ExceptionRecord, Flow, Home, RecordState, RunPolicy
from oro_prima.sandbox.oro import OrderLine
from oro_prima.sync import (
    RunReport,
    decide_has,
    decide_send,
    dismiss_held,
    preview_orders,
    reconcile_orders,
    repost_order,
    retry_held,
    sync_orders,
)
from oro_prima.values import local_date

STEPS = ["before-claim", "after-claim", "after-send", "before-settle"]
LOST = ["reset-after-commit", "truncate"]
NOT_DONE = ["fault-10921", "refuse"]
UNSURE = ["reset-before-commit", "hang", "fault-8234", "bad-gateway", "unavailable"]


class Crash(Exception):  # noqa: N818 - what a killed process looks like from inside
    """The process ends here."""


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    made.put_into_use()
    yield made
    made.store.close()


def run(bench: Bench, **changes: Any) -> RunReport:
    with bench.ports(**changes) as ports:
        return sync_orders(ports, bench.policy)


def homes(bench: Bench) -> dict[str, Home]:
    return {str(c.order): c.home for c in bench.store.captures_at(Home)}


def assert_consistent(bench: Bench) -> None:
    """Never twice; every order up to the watermark has a home; the books tie."""
    assert all(times == 1 for times in bench.taken().values())
    known, watermark = homes(bench), bench.store.watermark()
    reached = watermark.order if watermark else 0
    for view in bench.world.oro.orders():
        assert int(view.id) > reached or view.id in known
    posted = {order for order, home in known.items() if home is Home.POSTED}
    assert {f"ORO-{order}" for order in posted} <= set(bench.taken())
    with bench.ports() as ports:
        day = local_date(bench.world.clock(), bench.policy.zone)
        assert reconcile_orders(ports, bench.policy, day=day).ties


def held(bench: Bench) -> dict[str, list[ReasonCode]]:
    return {
        record.subject.removeprefix("orders/"): [reason.code for reason in record.reasons]
        for record in bench.store.exceptions([RecordState.HELD])
    }


@pytest.mark.parametrize("version", ["5.1", "6.1"])
def test_every_special_order_finds_its_home(version: Any, tmp_path: Path) -> None:
    """On both versions, with what each can show."""
    bench = Bench(tmp_path, version)
    bench.put_into_use()
    with bench.ports() as ports:
        plans = list(preview_orders(ports, bench.policy))
    assert bench.store.captures_at(Home) == ()
    report = run(bench)
    special, found = bench.world.seed.special, homes(bench)

    assert sum(len(plan.commands) for plan in plans) == len(report.posted) + 1
    assert Home.MAIN is found[special["main"]]
    for name in ("ratio_pack", "sub_1", "sub_2", "four_decimals"):
        assert Home.POSTED is found[special[name]]
    expected = {
        "unlinked_customer": ReasonCode.CUSTOMER_NOT_LINKED,
        "unknown_unit": ReasonCode.UNKNOWN_UNIT,
        "broken_pallet": ReasonCode.FRACTIONAL_QUANTITY,
        "vat_inclusive": ReasonCode.VAT_BASIS_MISMATCH,
    }
    assert {special[name]: [code] for name, code in expected.items()} == held(bench)
    if version == "6.1":
        assert Home.IGNORED is found[special["external"]]
        assert Home.CANCELLED is found[special["cancelled"]]
    assert not report.ok
    assert "posted" in report.summary()
    assert_consistent(bench)
    again = run(bench)
    assert (again.posted, again.held, again.ok) == ((), (), True)
    assert found == homes(bench)
    bench.store.close()


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("nth", [1, 3])
def test_a_crash_at_any_step_neither_loses_nor_doubles(bench: Bench, step: str, nth: int) -> None:
    """The next run recovers from the store alone; what it cannot know, a person decides."""
    seen = 0

    def crash(name: str) -> None:
        nonlocal seen
        seen += name == step
        if name == step and seen == nth:
            raise Crash

    with pytest.raises(Crash):
        run(bench, step=crash)
    assert_consistent_after(bench)


def assert_consistent_after(bench: Bench) -> None:
    bench.advance(minutes=6)
    report = run(bench)
    for order in report.in_doubt:
        assert f"ORO-{order}" not in bench.taken()
        decide_send(bench.store, order=order, by="Kim", at=bench.world.clock())
    done = run(bench)

    assert done.in_doubt == ()
    assert len(bench.taken()) >= 12 + 4 + 1 - 1
    assert Home.WAITING not in homes(bench).values()
    assert_consistent(bench)


@pytest.mark.parametrize("fault", LOST)
def test_a_lost_answer_is_looked_up_never_sent_again(bench: Bench, fault: str) -> None:
    """Prima has it: settled in the next run."""
    bench.world.faults.add("prima", "MultiNewOrder", fault, after=2)
    first = run(bench)
    sent = bench.world.requests.of("prima", "MultiNewOrder").count
    second = run(bench)

    assert len(first.newly_in_doubt) == 1
    assert first.newly_in_doubt == second.recovered
    assert "recovered" in second.summary()
    assert sent == bench.world.requests.of("prima", "MultiNewOrder").count
    assert_consistent(bench)


@pytest.mark.parametrize("fault", UNSURE)
def test_without_a_known_code_nothing_is_sent_twice_by_itself(bench: Bench, fault: str) -> None:
    """However often and however late it is asked; a person decides."""
    bench.world.faults.add("prima", "MultiNewOrder", fault, after=2)
    (order,) = run(bench).newly_in_doubt
    for _ in range(3):
        bench.advance(hours=1)
        report = run(bench)
        assert (order,) == report.in_doubt
        assert f"ORO-{order}" not in bench.taken()
    assert held(bench)[order] == [ReasonCode.IN_DOUBT]
    decide_send(bench.store, order=order, by="Kim", note="looked", at=bench.world.clock())

    assert (order,) == run(bench).recovered
    assert order not in held(bench)
    assert_consistent(bench)


@pytest.mark.parametrize("fault", NOT_DONE)
def test_what_certainly_did_not_arrive_is_released_and_the_run_stops(
    bench: Bench, fault: str
) -> None:
    """A system's fault is nobody's order."""
    bench.world.faults.add("prima", "MultiNewOrder", fault, after=2)
    report = run(bench)

    assert report.stopped is not None
    assert len(report.posted) == 2
    assert Home.WAITING in homes(bench).values()
    assert bench.store.watermark() is None
    assert not [r for r in held(bench).values() if ReasonCode.IN_DOUBT in r]
    done = run(bench)
    assert done.stopped is None
    assert_consistent(bench)


def test_two_lost_answers_in_a_row_stop_the_flow(bench: Bench) -> None:
    """A hanging server does not make a thousand doubts."""
    bench.world.faults.add("prima", "MultiNewOrder", "hang", times=9)
    report = run(bench)

    assert len(report.newly_in_doubt) == 2
    assert report.stopped is not None
    assert "2 sends in a row" in report.summary()


def test_an_absence_is_believed_only_by_the_rule(bench: Bench) -> None:
    """A listed code, twice, grace apart, control answering, within certainty: then once."""
    bench.profile = PrimaProfile(absent_codes=frozenset({"0"}))
    bench.world.faults.add("prima", "MultiNewOrder", "reset-before-commit", after=2)
    (order,) = run(bench).newly_in_doubt
    assert (order,) == run(bench).in_doubt
    bench.advance(minutes=14)
    assert (order,) == run(bench).in_doubt
    bench.advance(minutes=2)
    bench.world.faults.add("prima", "OrderStatus", "other-data", times=2)
    assert (order,) == run(bench).in_doubt
    assert f"ORO-{order}" not in bench.taken()
    bench.world.faults.add("prima", "MultiNewOrder", "reset-before-commit")
    assert (order,) == run(bench).in_doubt
    bench.advance(hours=1)
    assert (order,) == run(bench).in_doubt

    assert bench.store.entries([EntryState.DOUBT])[0].resent
    assert f"ORO-{order}" not in bench.taken()


def test_an_absence_is_acted_on_once(bench: Bench) -> None:
    """With the same number."""
    bench.profile = PrimaProfile(absent_codes=frozenset({"0"}))
    bench.world.faults.add("prima", "MultiNewOrder", "reset-before-commit", after=2)
    (order,) = run(bench).newly_in_doubt
    run(bench)
    bench.advance(minutes=16)

    assert (order,) == run(bench).recovered
    assert_consistent(bench)


@pytest.mark.parametrize(
    "change",
    [{"certainty": timedelta(minutes=5)}, {"control_order": PrimaOrderNumber("399999999")}],
)
def test_an_absence_too_late_or_without_control_is_not_believed(bench: Bench, change: Any) -> None:
    """The order stays in doubt."""
    bench.profile = PrimaProfile(absent_codes=frozenset({"0"}))
    bench.run = evolve(bench.run, **change)
    bench.world.faults.add("prima", "MultiNewOrder", "reset-before-commit", after=2)
    (order,) = run(bench).newly_in_doubt
    run(bench)
    bench.advance(minutes=16)

    assert (order,) == run(bench).in_doubt


def test_without_any_accepted_order_nothing_is_ever_absent(bench: Bench) -> None:
    """There is no control to ask for."""
    bench.profile = PrimaProfile(absent_codes=frozenset({"0"}))
    bench.run = evolve(bench.run, stop_after_unknown=1)
    bench.world.faults.add("prima", "MultiNewOrder", "reset-before-commit")
    (order,) = run(bench).newly_in_doubt
    with bench.store.transaction() as tx:
        entry = bench.store.entries([EntryState.DOUBT])[0]
        tx.put_entry(evolve(entry, first_absent=entry.claimed_at))
    bench.advance(minutes=16)
    bench.run = evolve(bench.run, stop_after_unknown=9)

    assert order in run(bench).in_doubt


def test_a_person_says_that_prima_has_it(bench: Bench) -> None:
    """Settled, for ever; said twice it is refused."""
    bench.world.faults.add("prima", "MultiNewOrder", "hang", after=2)
    (order,) = run(bench).newly_in_doubt
    at, number = bench.world.clock(), PrimaOrderNumber("300000990")
    decide_has(bench.store, order=order, number=number, by="Kim", at=at)

    assert Home.POSTED is homes(bench)[order]
    with pytest.raises(StoreError, match="is not in doubt"):
        decide_has(bench.store, order=order, number=number, by="Kim", at=at)
    with pytest.raises(StoreError, match="is not in doubt"):
        decide_send(bench.store, order=order, by="Kim", at=at)


def test_a_refusal_of_what_was_sent_again_says_why_and_leaves_the_doubt(bench: Bench) -> None:
    """It says nothing of the first sending; once its cause is mended the order goes through."""
    special = OroOrderId(bench.world.seed.special["vat_inclusive"])
    bench.world.faults.add("prima", "MultiNewOrder", "reset-before-commit", after=0, times=99)
    bench.run = RunPolicy(stop_after_unknown=99)
    run(bench)
    bench.world.faults.clear()
    decide_send(bench.store, order=special, by="Kim", at=bench.world.clock())
    report = run(bench)

    assert special in report.in_doubt
    assert held(bench)[special] == [ReasonCode.IN_DOUBT, ReasonCode.VAT_BASIS_MISMATCH]
    assert_consistent(bench)


def test_an_order_in_doubt_cannot_be_dismissed(bench: Bench) -> None:
    """Somebody has to say what Prima has."""
    bench.world.faults.add("prima", "MultiNewOrder", "hang", after=2)
    (order,) = run(bench).newly_in_doubt
    with pytest.raises(StoreError, match="doubt has"):
        dismiss_held(
            bench.store, subject=f"orders/{order}", by="Kim", note="x", at=bench.world.clock()
        )


@pytest.mark.parametrize("edited", [False, True])
def test_without_its_payload_an_order_is_read_again_and_compared(
    bench: Bench, edited: bool
) -> None:
    """Only the same intent is sent."""
    bench.world.faults.add("prima", "MultiNewOrder", "reset-before-commit", after=2)
    (order,) = run(bench).newly_in_doubt
    with bench.store.transaction() as tx:
        assert tx.erase_payload(bench.store.entries([EntryState.DOUBT])[0].key)
    if edited:
        bench.world.oro.delete_order(order)
    decide_send(bench.store, order=order, by="Kim", at=bench.world.clock())
    report = run(bench)

    assert (() if edited else (order,)) == report.recovered
    assert edited == (f"ORO-{order}" not in bench.taken())


def test_a_number_that_was_never_claimed_stops_the_flow(bench: Bench, tmp_path: Path) -> None:
    """The store may have been rolled back."""
    run(bench)
    (tmp_path / "x").mkdir()
    other = Bench(tmp_path / "x")
    other.world = bench.world
    other.put_into_use()
    report = run(other)

    assert report.stopped is not None
    assert "never claimed" in report.stopped.why
    assert [ReasonCode.NUMBER_TAKEN] in held(other).values()
    assert all(times == 1 for times in bench.taken().values())
    other.store.close()


def test_an_order_that_prima_forgot_stays_posted(bench: Bench) -> None:
    """A purge changes nothing for us."""
    posted = set(run(bench).posted)
    for order in bench.world.prima.orders():
        bench.world.prima.purge(order.order_number)

    assert run(bench).posted == ()
    assert posted <= {order for order, home in homes(bench).items() if home is Home.POSTED}


def test_what_prima_refused_is_sent_again_only_when_a_person_says_so(bench: Bench) -> None:
    """And then with the same number."""
    run(bench)
    order = bench.world.seed.special["vat_inclusive"]
    sent = bench.world.requests.of("prima", "MultiNewOrder").count
    run(bench)
    assert sent == bench.world.requests.of("prima", "MultiNewOrder").count
    number = bench.store.entries([EntryState.RELEASED])[0].number
    account = next(o.account for o in bench.world.prima.orders())
    link = next(x for x in bench.store.links().values())
    customer = next(o.customer for o in bench.world.oro.orders() if o.id == order)
    with bench.store.transaction() as tx:
        tx.put_link(evolve(link, customer=customer, account=account))  # type: ignore[arg-type]
    (record,) = retry_held(bench.store, subject=f"orders/{order}", by="Kim", at=bench.world.clock())
    report = run(bench)

    assert record.retry
    assert (OroOrderId(order),) == report.posted
    assert number in {entry.number for entry in bench.store.entries([EntryState.ACCEPTED])}
    stored = bench.store.exception(Flow.ORDERS, f"orders/{order}")
    assert isinstance(stored, ExceptionRecord)
    assert RecordState.RESOLVED is stored.state


def test_retry_by_reason_and_dismiss(bench: Bench) -> None:
    """One reason's records; a dismissed one is never posted."""
    run(bench)
    at = bench.world.clock()
    chosen = retry_held(bench.store, code=ReasonCode.UNKNOWN_UNIT, by="Kim", at=at)
    assert len(chosen) == 1
    assert len(retry_held(bench.store, by="Kim", at=at)) == 4
    subject = chosen[0].subject
    dismiss_held(bench.store, subject=subject, by="Kim", note="by hand", at=at)
    run(bench)

    assert Home.DISMISSED is homes(bench)[subject.removeprefix("orders/")]
    with pytest.raises(StoreError, match="not held"):
        dismiss_held(bench.store, subject=subject, by="Kim", note="again", at=at)
    assert_consistent(bench)


def test_cancelled_before_posting_is_never_posted(bench: Bench) -> None:
    """Even if it was held; one that was deleted is held."""
    run(bench)
    special = bench.world.seed.special
    bench.world.oro.set_internal_status(special["unknown_unit"], "cancelled")
    bench.world.oro.delete_order(special["broken_pallet"])
    report = run(bench)

    assert Home.CANCELLED is homes(bench)[special["unknown_unit"]]
    assert special["unknown_unit"] not in held(bench)
    assert held(bench)[special["broken_pallet"]] == [ReasonCode.VANISHED]
    assert [f"orders/{special['broken_pallet']}"] == [record.subject for record in report.held]


def test_an_edit_after_posting_is_held_for_a_person(bench: Bench) -> None:
    """Never silent, never posted again; once dismissed it stays quiet."""
    (order, *_rest) = run(bench).posted
    view = next(o for o in bench.world.oro.orders() if o.id == order)
    extra = OrderLine(view.lines[0].sku, view.lines[0].unit, Decimal(9), Decimal(1))
    shop = bench.world.oro._shop
    row = shop.db.need(("orders", order))
    line = shop.db.need(row.many("lineItems")[0])
    line.attributes["quantity"] = int(extra.quantity) * 100
    report = run(bench)

    assert [[r.code for r in record.reasons] for record in report.held] == [
        [ReasonCode.EDITED_AFTER_POSTING]
    ]
    assert report.posted == ()
    subject = f"orders/{order}"
    dismiss_held(bench.store, subject=subject, by="Kim", note="done", at=bench.world.clock())
    assert run(bench).held == ()


def edit(bench: Bench, order: str, quantity: int) -> Decimal:
    """Change an order in the shop, as its users can; returns the quantity it had."""
    shop = bench.world.oro._shop
    row = shop.db.need(("orders", order))
    line = shop.db.need(row.many("lineItems")[0])
    before = Decimal(str(line.attributes["quantity"]))
    line.attributes["quantity"] = quantity
    row.attributes["updatedAt"] = f"{bench.world.clock():%Y-%m-%dT%H:%M:%SZ}"
    return before


def test_an_old_order_that_changes_is_noticed(bench: Bench) -> None:
    """Below the ids that are read again, by the window of changes; settled once it is as posted."""
    bench.run = RunPolicy(id_overlap=0)
    (order, *_rest) = run(bench).posted
    bench.advance(days=2)
    before = edit(bench, order, 900)
    bench.advance(minutes=1)
    report = run(bench)

    assert {order: [ReasonCode.EDITED_AFTER_POSTING]} == {
        k: v for k, v in held(bench).items() if k == order
    }
    assert "now: 900" in report.held[0].reasons[0].detail
    edit(bench, order, int(before))
    bench.advance(minutes=1)
    run(bench)
    assert order not in held(bench)
    assert_consistent(bench)


def test_no_change_falls_between_two_windows(bench: Bench) -> None:
    """A change in the lag of one run is seen by the next."""
    bench.run = RunPolicy(id_overlap=0)
    (order, *_rest) = run(bench).posted
    bench.advance(hours=1)
    edit(bench, order, 900)
    run(bench)
    missed = order not in held(bench)
    bench.advance(hours=1)
    run(bench)

    assert missed
    assert order in held(bench)


def test_an_order_cancelled_after_posting_is_held(bench: Bench) -> None:
    """It stays posted, for ever; a person cancels it in Prima."""
    (order, *_rest) = run(bench).posted
    bench.world.oro.set_internal_status(order, "cancelled")
    report = run(bench)

    assert held(bench)[order] == [ReasonCode.CANCELLED_AFTER_POSTING]
    assert report.posted == ()
    assert Home.POSTED is homes(bench)[order]


def test_a_posted_order_that_is_split_stops_the_flow(bench: Bench) -> None:
    """Until a person has looked, for its sub-orders would be posted as well."""
    (order, *_rest) = run(bench).posted
    main = bench.world.seed.special["main"]
    shop = bench.world.oro._shop
    subs = shop.db.need(("orders", main)).many("subOrders")
    shop.db.need(("orders", order)).relations["subOrders"] = list(subs)
    first, second = run(bench), run(bench)

    assert held(bench)[order] == [ReasonCode.SPLIT_AFTER_POSTING]
    for report in (first, second):
        assert report.stopped is not None
        assert order in report.stopped.why
    subject = f"orders/{order}"
    dismiss_held(bench.store, subject=subject, by="Kim", note="done", at=bench.world.clock())
    assert run(bench).stopped is None


def test_the_latest_version_is_posted(bench: Bench) -> None:
    """A reading older than a minute is repeated: an edit or a cancellation in between counts."""
    with bench.ports() as ports:
        plans = list(preview_orders(ports, bench.policy))
    edited, cancelled = (command.oro_order for command in plans[0].commands[-2:])

    def slow(name: str) -> None:
        if name == "before-claim" and not bench.taken():
            edit(bench, edited, 777)
            bench.world.oro.set_internal_status(cancelled, "cancelled")
            bench.advance(minutes=2)

    run(bench, step=slow)
    (posted,) = (o for o in bench.world.prima.orders() if o.reference == f"ORO-{edited}")

    assert [int(line.quantity) for line in posted.lines][:1] == [777]
    assert Home.CANCELLED is homes(bench)[cancelled]
    assert f"ORO-{cancelled}" not in bench.taken()
    assert_consistent(bench)


def test_an_order_cancelled_in_prima_is_posted_again_once(bench: Bench) -> None:
    """Under the next number, when a person says so; what was accepted first stays accepted."""
    (order, *_rest) = run(bench).posted
    edit(bench, order, 900)
    run(bench)
    at = bench.world.clock()
    entry = repost_order(
        bench.store, bench.policy, order=order, by="Kim", note="cancelled it", at=at
    )
    waiting, in_queue = homes(bench)[order], order in held(bench)
    report = run(bench)
    run(bench)
    new = [o for o in bench.world.prima.orders() if o.order_number == entry.number]

    assert (waiting, in_queue) == (Home.WAITING, False)
    assert report.posted == (order,)
    assert [(f"ORO-{order}.1", 1)] == [(o.reference, o.accepted) for o in new]
    assert [int(line.quantity) for line in new[0].lines][:1] == [900]
    assert bench.taken()[f"ORO-{order}"] == 1
    assert_consistent(bench)


def test_a_repost_in_doubt_is_recovered_under_its_own_number(bench: Bench) -> None:
    """Exactly once, as any other."""
    (order, *_rest) = run(bench).posted
    at = bench.world.clock()
    repost_order(bench.store, bench.policy, order=order, by="Kim", note="again", at=at)
    bench.world.faults.add("prima", "MultiNewOrder", "reset-after-commit")
    first = run(bench)
    second = run(bench)

    assert first.in_doubt == (order,)
    assert second.recovered == (order,)
    assert bench.taken()[f"ORO-{order}.1"] == 1


def test_only_a_posted_order_is_reposted_and_nine_times_at_most(bench: Bench) -> None:
    """What is not posted has nothing to replace; the number has one digit for it."""
    at = bench.world.clock()

    def again(order: OroOrderId) -> None:
        repost_order(bench.store, bench.policy, order=order, by="Kim", note="", at=at)

    with pytest.raises(StoreError, match="not posted"):
        again(OroOrderId("1"))
    (order, *_rest) = run(bench).posted
    for _ in range(9):
        again(order)
        run(bench)
    with pytest.raises(StoreError, match="reposted 9 times"):
        again(order)
    assert sum(bench.taken()[f"ORO-{order}.{n}"] for n in range(1, 10)) == 9


def test_one_unreadable_order_is_held_and_the_rest_goes_on(bench: Bench) -> None:
    """It is posted by itself once it can be read; the books tie all the while."""
    special = bench.world.seed.special["four_decimals"]
    row = bench.world.oro._shop.db.need(("orders", special))
    whole = row.attributes["shipUntil"]
    row.attributes["shipUntil"] = "soon"
    report = run(bench)

    assert report.stopped is None
    assert report.posted
    assert held(bench)[special] == [ReasonCode.UNREADABLE_ORDER]
    assert_consistent(bench)
    row.attributes["shipUntil"] = whole
    assert run(bench).posted == (special,)
    capture = bench.store.captures([OroOrderId(special)])[OroOrderId(special)]
    assert capture.currency == "GBP"
    assert_consistent(bench)


def test_an_order_whose_lines_cannot_be_read_either_is_held_too(bench: Bench) -> None:
    """Nothing of it is guessed."""
    special = bench.world.seed.special["four_decimals"]
    shop = bench.world.oro._shop
    line = shop.db.need(shop.db.need(("orders", special)).many("lineItems")[0])
    line.attributes["quantity"] = "many"
    run(bench)

    assert held(bench)[special] == [ReasonCode.UNREADABLE_ORDER]
    assert bench.store.captures([OroOrderId(special)])[OroOrderId(special)].lines == ()


@pytest.mark.parametrize(("version", "spots"), [("5.1", 3), ("6.1", 1)])
def test_what_the_server_does_not_show_is_said(version: Any, spots: int, tmp_path: Path) -> None:
    """In every report."""
    bench = Bench(tmp_path, version)
    bench.put_into_use()

    assert len(run(bench).blind_spots) == spots
    bench.store.close()


@pytest.mark.parametrize(
    "fault", ["unauthorized", "maintenance", "database-down", "unavailable", "bad-gateway", "hang"]
)
@pytest.mark.parametrize("after", [0, 8])
def test_a_shop_in_trouble_stops_the_run_and_the_next_heals(
    bench: Bench, fault: str, after: int
) -> None:
    """Nothing is lost by stopping."""
    bench.world.faults.add("oro", "*", fault, times=6, after=after)
    report = run(bench)
    bench.world.faults.clear()

    assert report.stopped is not None
    assert run(bench).stopped is None
    assert_consistent(bench)


def test_without_cut_over_nothing_is_posted(tmp_path: Path) -> None:
    """A store that nobody put into use refuses."""
    bench = Bench(tmp_path)
    with pytest.raises(FlowStoppedError, match="no cut-over record"):
        run(bench)
    assert bench.taken() == {}
    bench.store.close()


def test_a_second_run_of_the_flow_is_refused(bench: Bench) -> None:
    """Its holder is named; a lease that was lost stops what was its."""
    with bench.ports() as ports:
        lease = bench.store.acquire(Flow.ORDERS, "somebody", last=timedelta(minutes=5))
        with pytest.raises(StoreError, match="somebody"):
            sync_orders(ports, bench.policy)
    bench.store.release(lease)

    def steal(name: str) -> None:
        if name == "after-claim":
            bench.advance(minutes=10)
            bench.store.acquire(Flow.ORDERS, "thief", last=timedelta(minutes=5))

    with pytest.raises(StoreError, match="lost"):
        run(bench, step=steal)
    assert bench.taken() == {}


def test_a_lease_shorter_than_a_call_is_refused(bench: Bench) -> None:
    """Before anything is sent."""
    with pytest.raises(StoreError, match=r"run\.lease"):
        run(bench, erp_timeout=timedelta(minutes=9))
    assert bench.taken() == {}


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.sampled_from([*LOST, *NOT_DONE, *UNSURE]), st.integers(0, 8)),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from([*STEPS, ""]),
    st.integers(1, 9),
)
def test_any_schedule_of_faults_and_a_crash_ends_well(
    tmp_path_factory: pytest.TempPathFactory,
    faults: list[tuple[str, int]],
    step: str,
    nth: int,
) -> None:
    """Never twice, and in the end posted or with a person."""
    bench = Bench(tmp_path_factory.mktemp("world"), size=6)
    bench.put_into_use()
    for fault, after in faults:
        bench.world.faults.add("prima", "MultiNewOrder", fault, after=after)
    seen = 0

    def crash(name: str) -> None:
        nonlocal seen
        seen += name == step
        if name == step and seen == nth:
            raise Crash

    for _ in range(8):
        with suppress(Crash):
            run(bench, step=crash)
        bench.advance(minutes=6)
        assert all(times == 1 for times in bench.taken().values())
    bench.world.faults.clear()
    report = run(bench)

    for order in report.in_doubt:
        assert f"ORO-{order}" not in bench.taken()
    assert Home.WAITING not in homes(bench).values()
    assert_consistent(bench)
    assert PAIR.id == bench.store.pair
    bench.store.close()
