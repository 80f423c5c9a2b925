"""What people decide while a run is at work, and words that grow old."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from tests.sync.flows import Bench

from oro_prima.errors import StoreError
from oro_prima.ids import OroOrderId, PrimaOrderNumber
from oro_prima.records import EntryState, Home, RecordState
from oro_prima.sync import decide_has, decide_send, sync_orders


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path, size=4)
    made.put_into_use()
    yield made
    made.store.close()


def a_doubt(bench: Bench, fault: str) -> OroOrderId:
    bench.world.faults.add("prima", "MultiNewOrder", fault, after=1)
    with bench.ports() as ports:
        (order,) = sync_orders(ports, bench.policy).newly_in_doubt
    return order


def home(bench: Bench, order: OroOrderId) -> Home:
    return bench.store.captures((order,))[order].home


def test_nobody_decides_about_an_order_that_a_run_may_be_sending(bench: Bench) -> None:
    """A claim is not yet a doubt: what a person saw in Prima may change at this moment."""
    order = a_doubt(bench, "reset-before-commit")
    (entry,) = bench.store.entries([EntryState.DOUBT])
    with bench.store.transaction() as tx:
        tx.put_entry(evolve(entry, state=EntryState.CLAIMED))
    number, at = PrimaOrderNumber(entry.number), bench.world.clock()

    with pytest.raises(StoreError, match="a run may be sending it now"):
        decide_send(bench.store, order=order, by="Kim", at=at)
    with pytest.raises(StoreError, match="a run may be sending it now"):
        decide_has(bench.store, order=order, number=number, by="Kim", at=at)


@pytest.mark.parametrize("reading", ["newest_entries", "captures", "exception"])
def test_what_a_person_decides_while_a_run_looks_is_kept(bench: Bench, reading: str) -> None:
    """The run read that it was in doubt; it does not bring it back there."""
    order = a_doubt(bench, "reset-before-commit")
    (entry,) = bench.store.entries([EntryState.DOUBT])

    def decide() -> None:
        if home(bench, order) is Home.IN_DOUBT:
            decide_has(
                bench.store, order=order, number=entry.number, by="Kim", at=bench.world.clock()
            )

    with bench.ports() as ports:
        snapshot_then = evolve(ports, store=Late(ports.store, reading, decide))
        sync_orders(snapshot_then, bench.policy)

    assert home(bench, order) is Home.POSTED


class Late:
    """A store in which a person decides just after one of its readings was answered."""

    def __init__(self, store: Any, reading: str, happens: Callable[[], object]) -> None:
        self._store, self._reading, self._happens = store, reading, happens

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._store, name)
        if name != self._reading:
            return found

        def read(*args: Any) -> Any:
            answer = found(*args)
            self._happens()
            return answer

        return read


def test_an_order_sent_again_that_does_not_leave_stays_in_doubt(bench: Bench) -> None:
    """The second sending certainly did not arrive; the first may have."""
    order = a_doubt(bench, "reset-before-commit")
    decide_send(bench.store, order=order, by="Kim", at=bench.world.clock())
    bench.world.faults.add("prima", "MultiNewOrder", "refuse")
    with bench.ports() as ports:
        report = sync_orders(ports, bench.policy)

    assert report.stopped is not None
    assert (order,) == report.in_doubt
    (entry,) = (one for one in bench.store.entries(EntryState) if one.order == order)
    assert EntryState.DOUBT is entry.state


def test_a_word_older_than_certainty_is_not_acted_on(bench: Bench) -> None:
    """What Prima did not have then it may have had, and forgotten, since."""
    order = a_doubt(bench, "reset-before-commit")
    decide_send(bench.store, order=order, by="Kim", at=bench.world.clock())
    bench.advance(hours=25)
    sent = bench.world.requests.of("prima", "MultiNewOrder").count
    with bench.ports() as ports:
        assert (order,) == sync_orders(ports, bench.policy).in_doubt

    assert sent == bench.world.requests.of("prima", "MultiNewOrder").count
    assert [line.what for line in bench.store.journal(subject=f"orders/{order}")][-1:] == [
        "word too old"
    ]
    decide_send(bench.store, order=order, by="Kim", note="again", at=bench.world.clock())
    with bench.ports() as ports:
        assert (order,) == sync_orders(ports, bench.policy).recovered


def test_a_run_that_stood_still_does_not_send_again(bench: Bench) -> None:
    """A suspended machine wakes a day later: what it believed then is no longer worth anything."""
    order = a_doubt(bench, "reset-before-commit")
    decide_send(bench.store, order=order, by="Kim", at=bench.world.clock())

    def sleep(step: str) -> None:
        if step == "after-claim":
            bench.advance(hours=24)

    with bench.ports(step=sleep) as ports, pytest.raises(StoreError, match="stood still"):
        sync_orders(ports, bench.policy)

    assert f"ORO-{order}" not in bench.taken()
    with bench.ports() as ports:
        assert (order,) == sync_orders(ports, bench.policy).in_doubt


def test_a_person_settles_an_order_whose_number_was_taken_by_itself(
    bench: Bench, tmp_path: Path
) -> None:
    """As after a backup was restored: Prima has it, the ledger did not know."""
    with bench.ports() as ports:
        order = sync_orders(ports, bench.policy).posted[0]
    number = bench.store.entries([EntryState.ACCEPTED])[0].number
    (tmp_path / "backup").mkdir()
    restored = Bench(tmp_path / "backup", size=4)
    restored.world = bench.world
    restored.put_into_use()
    with restored.ports() as ports:
        sync_orders(ports, restored.policy)
    assert home(restored, order) is Home.HELD
    decide_has(restored.store, order=order, number=number, by="Kim", at=bench.world.clock())

    assert home(restored, order) is Home.POSTED
    assert f"orders/{order}" not in {
        record.subject for record in restored.store.exceptions([RecordState.HELD])
    }
    restored.store.close()
