"""Writing Prima's number back: off by default, never silent about totals, a second guard."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from tests.sync.flows import Bench

from oro_prima.errors import NoAnswerError, RejectedError, UnauthorizedError
from oro_prima.ids import OroOrderId, PrimaOrderNumber
from oro_prima.mapping import WriteBack
from oro_prima.oro.calls.features import probe_external_id
from oro_prima.oro.calls.order_writing import update_order
from oro_prima.oro.calls.orders import list_orders_by_id
from oro_prima.oro.models.features import OroFeatures
from oro_prima.plans import OfOrders
from oro_prima.reasons import ReasonCode
from oro_prima.records import Adoption, Home, RecordState
from oro_prima.sync import (
    RunReport,
    adopt_orders,
    decide_has,
    dismiss_held,
    preview_orders,
    retry_held,
    sync_orders,
)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path, size=4, version="6.1.10")
    made.put_into_use()
    made.policy = evolve(made.policy, write_back=WriteBack.EXTERNAL_ID)
    yield made
    made.store.close()


def sync(bench: Bench, **changes: Any) -> RunReport:
    with bench.ports() as ports:
        return sync_orders(evolve(ports, **changes), bench.policy)


def kept(bench: Bench, orders: Any) -> dict[OroOrderId, str | None]:
    with bench.ports() as ports:
        features = probe_external_id(ports.shop, OroFeatures())
        page = ports.shop.send(list_orders_by_id(features, ids=tuple(orders)))
    return {order.id: order.external_id for order in page.items}


def numbers(bench: Bench, orders: Any) -> dict[OroOrderId, str]:
    return {key: entry.number for key, entry in bench.store.newest_entries(orders).items()}


def test_the_number_of_every_posted_order_is_written_once(bench: Bench) -> None:
    """And nothing is written for what is not posted, or a second time."""
    report = sync(bench)
    wrote = bench.world.requests.of("oro", "update_orders").count
    sync(bench)

    assert report.posted
    assert numbers(bench, report.posted) == kept(bench, report.posted)
    assert len(report.posted) == wrote == bench.world.requests.of("oro", "update_orders").count


def test_by_default_nothing_is_written(bench: Bench) -> None:
    """For a write has the totals computed anew."""
    bench.policy = evolve(bench.policy, write_back=WriteBack.NONE)
    report = sync(bench)

    assert bench.world.requests.of("oro", "update_orders").count == 0
    assert set(kept(bench, report.posted).values()) == {None}


def test_a_server_that_keeps_no_foreign_key_is_left_alone(tmp_path: Path) -> None:
    """Before 6.1.10 the field is refused."""
    old = Bench(tmp_path, size=2)
    old.put_into_use()
    old.policy = evolve(old.policy, write_back=WriteBack.EXTERNAL_ID)

    assert sync(old).posted
    assert old.world.requests.of("oro", "update_orders").count == 0
    old.store.close()


class Answers:
    """A shop that answers a write as it is told."""

    def __init__(self, shop: Any, answer: Any) -> None:
        self._shop, self._answer = shop, answer

    def send(self, call: Any) -> Any:
        if call.name != update_order(OroOrderId("1"), fields={"po_number": "x"}).name:
            return self._shop.send(call)
        return self._answer(self._shop, call)


def fails(error: Exception) -> Any:
    def answer(shop: Any, call: Any) -> Any:
        del shop, call
        raise error

    return answer


def with_answer(bench: Bench, answer: Any) -> RunReport:
    with bench.ports() as ports:
        return sync_orders(evolve(ports, shop=Answers(ports.shop, answer)), bench.policy)


@pytest.mark.parametrize(
    "error",
    [
        RejectedError("update_order", "used already", status=400),
        UnauthorizedError("update_order", "closed", status=403),
    ],
)
def test_a_refusal_is_held_and_the_order_stays_posted(bench: Bench, error: Exception) -> None:
    """It is tried again when a person says so, and resolved by itself then."""
    report = with_answer(bench, fails(error))
    codes = {reason.code for record in report.held for reason in record.reasons}
    again = with_answer(bench, fails(AssertionError("not to be asked again")))
    retry_held(
        bench.store,
        code=ReasonCode.WRITE_BACK_REFUSED,
        by="Kim",
        at=bench.world.clock() + timedelta(seconds=1),
    )
    sync(bench)

    assert report.posted
    assert ReasonCode.WRITE_BACK_REFUSED in codes
    assert again.stopped is None
    assert numbers(bench, report.posted) == kept(bench, report.posted)
    waiting = bench.store.exceptions([RecordState.HELD])
    assert not [r for r in waiting if r.reasons[0].code is ReasonCode.WRITE_BACK_REFUSED]


def test_a_shop_that_is_silent_stops_the_run_and_the_next_one_goes_on(bench: Bench) -> None:
    """What is posted stays posted; a number that was not kept is written then."""
    report = with_answer(bench, fails(NoAnswerError("update_order", "no answer")))
    assert report.stopped is not None
    later = sync(bench)
    posted = [*report.posted, *later.posted]

    assert numbers(bench, posted) == kept(bench, posted)
    assert max(bench.taken().values()) == 1


def test_a_total_that_changes_by_the_write_is_held_for_finance(bench: Bench) -> None:
    """With both figures; the order stays posted."""

    def cheaper(shop: Any, call: Any) -> Any:
        answer = shop.send(call)
        return evolve(answer, total_value=(answer.total_value or Decimal(0)) - 1)

    report = with_answer(bench, cheaper)
    changed = [r for r in report.held if r.reasons[0].code is ReasonCode.ORO_TOTAL_CHANGED]

    assert len(changed) == len(report.posted)
    assert "before" in changed[0].reasons[0].detail
    assert {bench.store.captures((o,))[o].home for o in report.posted} == {Home.POSTED}


def test_a_store_that_forgot_is_found_out_by_what_the_shop_keeps(
    bench: Bench, tmp_path: Path
) -> None:
    """Nothing is sent, the flow stops, and adopting what Prima has lets it go on."""
    posted = sync(bench).posted
    found = numbers(bench, posted)
    (tmp_path / "lost").mkdir()
    lost = Bench(tmp_path / "lost", size=4)
    lost.world, lost.policy = bench.world, bench.policy
    lost.put_into_use()
    sent = bench.world.requests.of("prima", "MultiNewOrder").count
    report = sync(lost)
    assert sent == bench.world.requests.of("prima", "MultiNewOrder").count
    adopt_orders(
        lost.store,
        [Adoption(order, PrimaOrderNumber(number)) for order, number in found.items()],
        start_at=lost.policy.start_at,
        by="Kim",
        at=bench.world.clock(),
    )
    after = sync(lost)

    assert report.stopped is not None
    assert "was the store rolled back?" in report.stopped.why
    assert {r.reasons[0].code for r in report.held if r.subject == f"orders/{posted[0]}"} == {
        ReasonCode.POSTED_BEFORE
    }
    assert after.stopped is None
    assert max(bench.taken().values()) == 1
    assert {lost.store.captures((order,))[order].home for order in posted} == {Home.POSTED}
    held = {record.subject for record in lost.store.exceptions([RecordState.HELD])}
    assert held.isdisjoint(f"orders/{order}" for order in posted)
    lost.store.close()


def test_a_dismissed_one_stays_dismissed(bench: Bench, tmp_path: Path) -> None:
    """A person said that it was entered otherwise."""
    posted = sync(bench).posted
    (tmp_path / "lost").mkdir()
    lost = Bench(tmp_path / "lost", size=4)
    lost.world, lost.policy = bench.world, bench.policy
    lost.put_into_use()
    sync(lost)
    for order in posted:
        dismiss_held(
            lost.store, subject=f"orders/{order}", by="Kim", note="known", at=bench.world.clock()
        )

    assert sync(lost).stopped is None
    assert {lost.store.captures((order,))[order].home for order in posted} == {Home.DISMISSED}
    lost.store.close()


def far_behind(bench: Bench, orders: Any) -> None:
    """Let the sweep begin above these orders, as after hundreds of later ones."""
    bench.run = evolve(bench.run, id_overlap=0)
    watermark = bench.store.watermark()
    assert watermark is not None
    assert watermark.order >= max(map(int, orders))
    bench.advance(hours=1)


def test_an_order_that_was_long_in_doubt_is_written_once_it_is_settled(bench: Bench) -> None:
    """Whatever its id: the sweep is far ahead of it by then."""
    bench.world.faults.add("prima", "MultiNewOrder", "reset-after-commit")
    report = sync(bench)
    (doubt,) = report.newly_in_doubt
    number = numbers(bench, [doubt])[doubt]
    bench.world.prima.purge(number)
    far_behind(bench, report.posted)
    sync(bench)
    assert kept(bench, [doubt]) == {doubt: None}
    at = bench.world.clock() - timedelta(seconds=30)
    decide_has(bench.store, order=doubt, number=PrimaOrderNumber(number), by="Kim", at=at)
    sync(bench)
    asked = bench.world.requests.of("oro", "update_orders").count
    bench.advance(hours=1)
    sync(bench)

    assert kept(bench, [doubt]) == {doubt: number}
    assert asked == bench.world.requests.of("oro", "update_orders").count


def test_a_refused_write_of_long_ago_is_tried_again(bench: Bench) -> None:
    """When a person says so."""
    error = RejectedError("update_order", "used already", status=400)
    report = with_answer(bench, fails(error))
    far_behind(bench, report.posted)
    sync(bench)
    assert set(kept(bench, report.posted).values()) == {None}
    at = bench.world.clock()
    retry_held(bench.store, code=ReasonCode.WRITE_BACK_REFUSED, by="Kim", at=at)
    sync(bench)

    assert numbers(bench, report.posted) == kept(bench, report.posted)


def test_where_writing_stops_it_goes_on_in_the_next_run(bench: Bench) -> None:
    """The instant moves on only when none is left."""
    error = NoAnswerError("update_order", "no answer")
    report = with_answer(bench, fails(error))
    first = bench.store.watermark()
    bench.advance(hours=1)
    again = with_answer(bench, fails(error))
    second = bench.store.watermark()
    later = sync(bench)
    third = bench.store.watermark()
    posted = [*report.posted, *again.posted, *later.posted]
    marks = [one.written_at for one in (first, second, third) if one and one.written_at]

    assert again.stopped is not None
    assert marks[0] == marks[1] < marks[2]
    assert numbers(bench, posted) == kept(bench, posted)


def test_a_run_of_one_order_writes_its_number_and_moves_nothing(bench: Bench) -> None:
    """What else was accepted is looked at by the next run of everything."""
    with bench.ports() as ports:
        plans = list(preview_orders(ports, bench.policy))
        one = next(command.oro_order for plan in plans for command in plan.commands)
        report = sync_orders(ports, bench.policy, scope=OfOrders((one,)))
    before = bench.store.watermark()
    sync(bench)
    after = bench.store.watermark()

    assert report.posted == (one,)
    assert kept(bench, [one]) == numbers(bench, [one])
    assert before is None
    assert after is not None
    assert after.written_at is not None
