"""The fulfilment flow against both systems: told once, never backwards, nothing silent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import pytest
from attrs import evolve
from tests.sync.flows import Bench

from oro_prima.errors import FlowStoppedError, RejectedError, UnreachableError
from oro_prima.ids import PrimaOrderNumber
from oro_prima.mapping import FulfilmentPolicy, PollPolicy
from oro_prima.mapping.statuses import EVIDENCED, Progress, PromotionGuard
from oro_prima.prima.models.fulfilment import Despatch
from oro_prima.reasons import ReasonCode
from oro_prima.records import Flow, Follow, Home, RecordState
from oro_prima.sync import (
    FulfilmentReport,
    preview_fulfilment,
    retry_held,
    sync_fulfilment,
    sync_orders,
)
from oro_prima.sync.despatches import UnreadableDespatchError

POLICY = FulfilmentPolicy(statuses={**EVIDENCED, "Entered": Progress.OPEN})
POLLS = PollPolicy()
Despatches = tuple[Despatch, ...]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    yield from made(tmp_path, "6.1")


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Bench]:
    yield from made(tmp_path, "5.1")


def made(folder: Path, version: Literal["5.1", "6.1"]) -> Iterator[Bench]:
    bench = Bench(folder, version)
    bench.put_into_use()
    with bench.ports() as ports:
        sync_orders(ports, bench.policy)
    yield bench
    bench.store.close()


def run(
    bench: Bench, *, policy: FulfilmentPolicy = POLICY, polls: PollPolicy = POLLS, **changes: Any
) -> FulfilmentReport:
    with bench.ports(**changes) as ports:
        return sync_fulfilment(ports, bench.policy, policy, polls)


def later(bench: Bench, **ago: int) -> None:
    bench.world.clock.advance(timedelta(**ago).total_seconds())


def followed(bench: Bench, place: int = 0) -> Follow:
    return bench.store.follows()[place]


def parcels(*found: Despatch) -> Any:
    """Return a reader of despatches that knows parcels of every order."""

    def read(_number: PrimaOrderNumber) -> Despatches:
        return found

    return read


def test_every_posted_order_is_followed_until_it_is_finished(bench: Bench) -> None:
    """Asked after at once; told once; a finished one is not asked after again."""
    posted = {c.order for c in bench.store.captures_at((Home.POSTED,))}
    first = run(bench)
    follow = followed(bench)
    bench.world.prima.set_status(follow.number, "Despatched")
    later(bench, hours=1)
    second, third = run(bench), run(bench)

    assert {one.order for one in bench.store.follows()} == posted - {follow.order}
    assert (first.asked, first.statuses, first.held) == (len(posted), 0, ())
    assert (second.statuses, second.orders_finished) == (1, 1)
    assert third.asked == 0
    assert second.ok
    assert "1 statuses written" in second.summary()
    later(bench, hours=1)
    assert run(bench).statuses == 0


def test_a_preview_writes_nothing(bench: Bench) -> None:
    """Neither to the shop nor to the store."""
    bench.world.prima.set_status(followed(bench).number, "Part Despatched")
    with bench.ports() as ports:
        plans = list(preview_fulfilment(ports, bench.policy, POLICY, POLLS))

    assert sum(len(plan.commands) for plan in plans) == 1
    assert all(one.asked_at is None for one in bench.store.follows())


def test_an_old_server_has_no_place_for_a_status(old: Bench) -> None:
    """That is said, and is not success; it waits, once."""
    follow = followed(old)
    old.world.prima.set_status(follow.number, "Despatched")
    first = run(old)
    later(old, hours=1)
    second = run(old)

    (record,) = first.held
    assert record.subject == f"orders/{follow.order}"
    assert [r.code for r in record.reasons] == [ReasonCode.NOTHING_CAN_BE_WRITTEN]
    assert (first.statuses, first.ok, second.held) == (0, False, ())


def test_a_parcel_is_told_once_also_on_an_old_server(old: Bench) -> None:
    """And not again although it has no key."""
    box = Despatch("D1", carrier="DPD", tracking="TRACK1")
    first = run(old, despatches=parcels(box))
    later(old, hours=1)
    second = run(old, despatches=parcels(box))

    assert first.trackings == first.asked > 0
    assert (second.trackings, second.asked) == (0, first.asked)


def test_a_lost_answer_to_a_parcel_is_looked_at(bench: Bench) -> None:
    """The run stops; the next one finds the parcel there and sends none."""
    box = Despatch("D1", tracking="TRACK1")
    bench.world.faults.add("oro", "create_ordershippingtrackings", "reset-after-commit")
    first = run(bench, despatches=parcels(box))
    second = run(bench, despatches=parcels(box))

    assert first.stopped is not None
    assert first.trackings == 0
    assert second.trackings == second.asked - 1


def test_a_status_text_that_nobody_mapped_is_one_record(bench: Bench) -> None:
    """However many orders have it; once it is mapped the record is resolved and they are told."""
    for place in (0, 1):
        bench.world.prima.set_status(followed(bench, place).number, "On The Van")
    held = run(bench).held
    later(bench, hours=1)
    again = run(bench)
    mended = evolve(POLICY, statuses={**POLICY.statuses, "On the van": Progress.PART_DESPATCHED})
    later(bench, hours=1)
    second = run(bench, policy=mended)

    assert [record.subject for record in held] == ["statuses/On The Van"]
    assert [r.code for r in held[0].reasons] == [ReasonCode.STATUS_NOT_MAPPED]
    assert again.held == ()
    assert second.statuses == 2
    record = bench.store.exception(Flow.FULFILMENT, held[0].subject)
    assert record is not None
    assert record.state is RecordState.RESOLVED


def test_a_held_order_is_asked_after_when_a_person_says_so(old: Bench) -> None:
    """Before it is due by its age."""
    old.world.prima.set_status(followed(old).number, "Despatched")
    (record,) = run(old).held
    retry_held(old.store, subject=record.subject, by="Kim", at=old.world.clock())

    assert run(old).asked == 1
    assert run(old).asked == 0


def test_a_system_that_is_down_stops_the_run_and_loses_nothing(bench: Bench) -> None:
    """Prima, or the shop; before anything or in the middle."""
    bench.world.faults.add("prima", "OrderStatus", "bad-gateway", times=9)
    first = run(bench)
    bench.world.faults.clear()
    bench.world.faults.add("oro", "list_orders", "unavailable", times=30)
    second = run(bench)
    bench.world.faults.clear()
    third = run(bench)

    assert first.stopped is not None
    assert second.stopped is not None
    assert first.asked == second.asked == 0
    assert third.ok
    assert third.asked == len(bench.store.follows())


def test_what_the_shop_refuses_waits_for_a_person(bench: Bench) -> None:
    """The others go on."""
    follow = followed(bench)
    box = Despatch("D1", tracking="TRACK1")
    bench.world.prima.set_status(follow.number, "Despatched")
    bench.world.oro.set_internal_status(follow.order, "cancelled")
    report = run(bench, despatches=parcels(box))

    (record,) = report.held
    assert [r.code for r in record.reasons] == [ReasonCode.STATUS_NOT_WRITABLE]
    assert report.trackings == report.asked


def test_the_guard_keeps_a_later_promotion_from_an_old_order(bench: Bench) -> None:
    """Captured without a discount: promotions are switched off in the same write."""
    follow = followed(bench)
    bench.world.oro.start_promotion(Decimal("0.25"))
    bench.world.prima.set_status(follow.number, "Despatched")
    report = run(bench)

    assert (report.statuses, report.held) == (1, ())


def test_a_total_that_a_write_changed_is_told_to_finance(bench: Bench) -> None:
    """Before and after; the status is written, and the order is not finished."""
    follow = followed(bench)
    bench.world.oro.start_promotion(Decimal("0.25"))
    bench.world.prima.set_status(follow.number, "Despatched")
    report = run(bench, policy=evolve(POLICY, promotion_guard=PromotionGuard.OFF))

    (record,) = report.held
    assert [r.code for r in record.reasons] == [ReasonCode.ORO_TOTAL_CHANGED]
    assert "before" in record.reasons[0].detail
    assert record.owner.value == "finance"
    assert (report.statuses, report.orders_finished) == (1, 0)


def test_without_a_cut_over_nothing_is_written(tmp_path: Path) -> None:
    """As for every flow."""
    bench = Bench(tmp_path)
    with pytest.raises(FlowStoppedError):
        run(bench)
    bench.store.close()


def test_an_order_whose_payload_is_gone_is_mapped_again(bench: Bench) -> None:
    """Only where parcels have to be compared with what was ordered; else its number suffices."""
    with bench.store.transaction() as tx:
        for follow in bench.store.follows():
            (entry,) = bench.store.order_entries(follow.order)
            tx.erase_payload(entry.key)
    first = run(bench)
    later(bench, hours=1)
    second = run(bench, despatches=parcels(Despatch("D1", tracking="T1")))

    assert first.ok
    assert second.trackings == second.asked == first.asked
    with bench.store.transaction() as tx:
        for customer in tuple(bench.store.links()):
            tx.revoke_link(customer)
    later(bench, hours=1)
    third = run(bench, despatches=parcels(Despatch("D2", tracking="T2")))
    assert third.trackings == first.asked


def test_the_budget_is_kept(bench: Bench) -> None:
    """The rest is asked after in the next run."""
    total = len(bench.store.follows())
    polls = evolve(POLLS, budget=total - 1)

    assert run(bench, polls=polls).asked == total - 1
    assert run(bench, polls=polls).asked == 1


def test_an_order_that_prima_forgot_keeps_no_other_waiting(bench: Bench) -> None:
    """Where despatches are bound, asking after those of a purged order is refused."""
    gone, there = followed(bench, 0), followed(bench, 1)
    bench.world.prima.purge(gone.number)

    def read(number: PrimaOrderNumber) -> Despatches:
        if number == gone.number:
            raise RejectedError("read_despatch", "no such order", codes=("0",))
        return (Despatch("D1", tracking="TRACK1"),) if number == there.number else ()

    report = run(bench, despatches=read)

    assert report.stopped is None
    assert report.trackings == 1
    assert report.asked == len(bench.store.follows())


def test_a_prima_that_is_down_stops_the_run_while_despatches_are_read(bench: Bench) -> None:
    """For that says nothing of the order."""

    def read(number: PrimaOrderNumber) -> Despatches:
        raise UnreachableError("read_despatch", f"of {number}: connection refused")

    assert run(bench, despatches=read).stopped is not None


def test_despatches_that_cannot_be_read_keep_no_other_order_waiting(bench: Bench) -> None:
    """Nothing is written of the order, a person is told; once they can be read it goes on."""
    bad, good = followed(bench, 0), followed(bench, 1)
    for one in (bad, good):
        bench.world.prima.set_status(one.number, "Part Despatched")

    def read(number: PrimaOrderNumber) -> Despatches:
        if number == bad.number:
            raise UnreadableDespatchError("read_despatch", "record 1: date")
        return (Despatch("D1", tracking="TRACK1"),) if number == good.number else ()

    def mended(number: PrimaOrderNumber) -> Despatches:
        return (Despatch("D2", tracking="TRACK2"),) if number == bad.number else ()

    first = run(bench, despatches=read)
    later(bench, hours=1)
    second = run(bench, despatches=read)
    later(bench, hours=1)
    third = run(bench, despatches=mended)

    assert first.stopped is None
    assert (first.asked, first.trackings, first.statuses) == (len(bench.store.follows()), 1, 1)
    (record,) = first.held
    assert record.subject == f"orders/{bad.order}"
    assert [one.code for one in record.reasons] == [ReasonCode.DESPATCH_UNREADABLE]
    assert (second.held, second.trackings) == ((), 0)
    assert (third.trackings, third.statuses) == (1, 1)
    after = bench.store.exception(Flow.FULFILMENT, record.subject)
    assert after is not None
    assert after.state is RecordState.RESOLVED


def test_a_run_and_what_it_read_stand_in_the_journal(bench: Bench) -> None:
    """When it began, a hash over both sides, and how it ended."""
    run(bench)
    bench.world.faults.add("prima", "OrderStatus", "unavailable", times=9)
    later(bench, hours=1)
    run(bench)
    lines = [line for line in bench.store.journal() if line.flow == "fulfilment"]
    told = [line.what for line in lines if line.subject in ("run", "fulfilment")]

    assert told == ["run began", "read", "run ended", "run began", "run stopped"]
    assert "sha256" in next(line.detail for line in lines if line.what == "read")
