"""Laws of one record of the exception queue, and of the stock flow's records and journal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from tests.sync.flows import Bench

from oro_prima.errors import StoreError
from oro_prima.ids import PairId
from oro_prima.mapping import StockPolicy
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.records import ExceptionRecord, Flow, RecordState
from oro_prima.stores import MemoryStore
from oro_prima.sync import (
    assign_held,
    dismiss_held,
    note_held,
    reopen_held,
    retry_held,
    sync_orders,
    sync_stock,
)
from oro_prima.sync.settle import hold, resolve

AT = datetime(2031, 5, 4, tzinfo=UTC)
SUBJECT = "orders/7"
CODES = (ReasonCode.NO_LINES, ReasonCode.NO_CUSTOMER, ReasonCode.PRIMA_BUSY)
reasons = st.sampled_from(CODES).map(lambda code: (Reason(code, SUBJECT, "detail"),))
acts = st.lists(
    st.one_of(
        reasons,
        st.sampled_from(["resolve", "dismiss", "reopen", "note", "assign", "retry"]),
    ),
    max_size=12,
)


def do(store: MemoryStore, act: object, at: datetime) -> None:
    if isinstance(act, tuple):
        with store.transaction() as tx:
            hold(store, tx, Flow.ORDERS, SUBJECT, act, now=at, value=Decimal(5), currency="GBP")
    elif act == "resolve":
        with store.transaction() as tx:
            resolve(store, tx, Flow.ORDERS, SUBJECT, now=at)
    else:
        person(store, str(act), at)


def person(store: MemoryStore, act: str, at: datetime) -> None:
    who = {"by": "Kim", "at": at}
    with suppress(StoreError):
        if act == "dismiss":
            dismiss_held(store, subject=SUBJECT, note="why", **who)  # type: ignore[arg-type]
        elif act == "reopen":
            reopen_held(store, subject=SUBJECT, note="again", **who)  # type: ignore[arg-type]
        elif act == "note":
            note_held(store, subject=SUBJECT, note="a word", **who)  # type: ignore[arg-type]
        elif act == "assign":
            assign_held(store, subject=SUBJECT, to="Lee", **who)  # type: ignore[arg-type]
        else:
            retry_held(store, subject=SUBJECT, **who)  # type: ignore[arg-type]


def found(store: MemoryStore) -> ExceptionRecord | None:
    return store.exception(Flow.ORDERS, SUBJECT)


@given(acts)
def test_a_record_changes_only_as_it_may_and_never_silently(some: list[object]) -> None:
    """Whatever happens to it: one record, each change of its state or reasons in the journal."""
    store = MemoryStore(PairId("pair"), clock=lambda: AT)
    for number, act in enumerate(some):
        before, lines = found(store), len(store.journal())
        do(store, act, AT + timedelta(minutes=number))
        after = found(store)
        if after is None:
            assert before is None
            continue
        said = len(store.journal()) > lines
        changed = before is None or (before.state, before.reasons) != (after.state, after.reasons)
        assert said or not changed
        assert len(store.exceptions(RecordState)) == 1
        assert after.next_try is None or after.state is RecordState.HELD
        if before is not None and before.state is not RecordState.RESOLVED:
            assert after.first_seen == before.first_seen
        if isinstance(act, tuple) and before is not None:
            check_held_again(before, after, act)


def check_held_again(
    before: ExceptionRecord, after: ExceptionRecord, again: tuple[Reason, ...]
) -> None:
    waited = before.state is not RecordState.RESOLVED
    if before.state is RecordState.DISMISSED and before.reasons == again:
        assert after.state is RecordState.DISMISSED
    else:
        assert after.state is RecordState.HELD
    if waited:
        assert (after.note, after.assigned_to) == (before.note, before.assigned_to)
        assert after.attempts == before.attempts + 1
    else:
        assert after.attempts == 1


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path, size=4)
    made.put_into_use()
    yield made
    made.store.close()


def test_orders_in_doubt_are_not_tried_again_with_all_others(bench: Bench) -> None:
    """What Prima has of them decides; asked for by name they say what helps."""
    bench.world.faults.add("prima", "MultiNewOrder", "reset-before-commit", after=1)
    with bench.ports() as ports:
        (order,) = sync_orders(ports, bench.policy).newly_in_doubt
    tried = retry_held(bench.store, by="Kim", at=bench.world.clock())

    assert tried
    assert f"orders/{order}" not in {record.subject for record in tried}
    with pytest.raises(StoreError, match="doubt has"):
        retry_held(bench.store, subject=f"orders/{order}", by="Kim", at=bench.world.clock())


def a_stock_record(bench: Bench, code: ReasonCode, subject: str) -> None:
    with bench.store.transaction() as tx:
        reason = Reason(code, subject, "")
        hold(bench.store, tx, Flow.STOCK, subject, (reason,), now=bench.world.clock())


def test_stock_records_leave_the_queue_once_their_cause_is_gone(bench: Bench) -> None:
    """Also where there is nothing to write any more."""
    level = bench.world.oro.levels()[0]
    a_stock_record(bench, ReasonCode.LEVEL_REFUSED, f"stock/{level.sku}/{level.unit}")
    a_stock_record(bench, ReasonCode.QUANTITY_UNKNOWN, "stock/GONE/each")
    with bench.ports() as ports:
        first = sync_stock(ports, StockPolicy())
        second = sync_stock(ports, StockPolicy())
    waiting = [r for r in bench.store.exceptions([RecordState.HELD]) if r.flow is Flow.STOCK]

    assert first.stopped is None
    assert second.levels_changed == 0
    assert {r.subject for r in waiting}.isdisjoint(
        {f"stock/{level.sku}/{level.unit}", "stock/GONE/each"}
    )


def test_a_run_that_is_stopped_settles_nothing(bench: Bench) -> None:
    """It has not looked at everything."""
    a_stock_record(bench, ReasonCode.QUANTITY_UNKNOWN, "stock/GONE/each")
    bench.world.faults.add("prima", "*", "fault-10921", times=9)
    with bench.ports() as ports:
        assert sync_stock(ports, StockPolicy()).stopped is not None

    record = bench.store.exception(Flow.STOCK, "stock/GONE/each")
    assert record is not None
    assert record.state is RecordState.HELD


def test_the_stock_flow_says_in_the_journal_what_it_read_wrote_and_how_it_ended(
    bench: Bench,
) -> None:
    """Enough to say later why a level was what it was."""
    with bench.ports() as ports:
        report = sync_stock(ports, StockPolicy())
    lines = [line for line in bench.store.journal() if line.flow == "stock"]
    wrote = [line for line in lines if line.what == "levels written"]
    level = evolve(report).plan
    assert level is not None
    command = (*level.decreases, *level.increases)[0]

    assert [lines[0].what, lines[1].what, lines[-1].what] == ["run began", "read", "run ended"]
    assert "sha256" in lines[1].detail
    assert len({line.run for line in lines if line.what != "held"}) == 1
    change = f"{command.sku}/{command.unit} {command.previous}>{command.quantity}"
    assert any(change in line.detail for line in wrote)
    assert sum(line.detail.count(">") for line in wrote) == report.levels_changed
