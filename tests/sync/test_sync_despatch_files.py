"""Despatches that come by files reach their orders: kept first, told once, never lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import define, evolve
from tests.sync.flows import Bench, sandbox_bindings

from oro_prima.errors import ConfigError, UnreadableError
from oro_prima.files import DropReader
from oro_prima.ids import PrimaOrderNumber
from oro_prima.mapping import FulfilmentPolicy, PollPolicy
from oro_prima.mapping.statuses import EVIDENCED, Progress
from oro_prima.oro.calls.orders import list_orders_by_id
from oro_prima.oro.models.features import OroFeatures
from oro_prima.plans.commands import AddTracking
from oro_prima.prima.models.binding import FileBinding, RecordMap, SoapBinding
from oro_prima.prima.models.capabilities import Capability
from oro_prima.reasons import ReasonCode
from oro_prima.records import Flow, Follow, RecordState
from oro_prima.sync import (
    FulfilmentReport,
    decide_has,
    preview_fulfilment,
    retry_held,
    sync_fulfilment,
    sync_orders,
)
from oro_prima.sync.despatches import despatch_reader

POLICY = FulfilmentPolicy(statuses={**EVIDENCED, "Entered": Progress.OPEN})
POLLS = PollPolicy()
MAP = RecordMap(
    fields=tuple(
        (name, name) for name in ("number", "date", "carrier", "tracking", "order_number")
    ),
    lines=(("order_line", "line"), ("quantity", "quantity")),
)
HEAD = "number,date,carrier,tracking,order_number,line,quantity\n"


@define
class Dock:
    """A bench whose despatches come to a directory."""

    bench: Bench
    folder: Path
    latest: bool = False

    def ports(self, **changes: Any) -> Any:
        binding = FileBinding(str(self.folder), MAP, quiet=0, latest=self.latest)
        files = DropReader(self.bench.world.clock)
        bound: dict[str, Any] = {"bindings": ((Capability.DESPATCH, binding),), "files": files}
        return self.bench.ports(**(bound | changes))

    def run(self, **changes: Any) -> FulfilmentReport:
        with self.ports(**changes) as ports:
            with_reader = evolve(ports, despatches=despatch_reader(ports))
            return sync_fulfilment(with_reader, self.bench.policy, POLICY, POLLS)

    def preview(self) -> list[AddTracking]:
        with self.ports() as ports:
            with_reader = evolve(ports, despatches=despatch_reader(ports))
            plans = list(preview_fulfilment(with_reader, self.bench.policy, POLICY, POLLS))
        commands = [command for plan in plans for command in plan.commands]
        return [command for command in commands if isinstance(command, AddTracking)]

    def drop(self, name: str, *rows: str) -> None:
        (self.folder / name).write_text(HEAD + "".join(f"{row}\n" for row in rows), "utf-8")

    def followed(self, place: int = 0) -> Follow:
        return self.bench.store.follows()[place]

    def shipping_status(self, follow: Follow) -> str | None:
        with self.bench.ports() as ports:
            call = list_orders_by_id(OroFeatures(statuses=True), ids=(follow.order,))
            return ports.shop.send(call).items[0].shipping_status


@pytest.fixture
def dock(tmp_path: Path) -> Iterator[Dock]:
    bench = Bench(tmp_path)
    bench.put_into_use()
    with bench.ports() as ports:
        sync_orders(ports, bench.policy)
    folder = tmp_path / "despatches"
    folder.mkdir()
    yield Dock(bench, folder)
    bench.store.close()


def parcel(follow: Follow, number: str = "D1", tracking: str = "T1", line: str = "1,1") -> str:
    return f"{number},05/05/2031,DPD,{tracking},{follow.number},{line}"


def test_an_order_in_a_file_is_due_at_once(dock: Dock) -> None:
    """Although it was asked after a moment ago; the file is done, and nothing is told twice."""
    dock.run()
    dock.drop("a.csv", parcel(dock.followed()), "D9,05/05/2031,DPD,T9,77,1,1")
    wanted = dock.preview()
    first, second = dock.run(), dock.run()

    assert [command.number for command in wanted] == ["T1"]
    assert (first.asked, first.trackings, first.despatches, first.held) == (1, 1, 1, ())
    assert "1 despatches by files" in first.summary()
    assert (second.asked, second.trackings) == (0, 0)
    assert [path.name for path in (dock.folder / "done").iterdir()] == ["a.csv"]
    kept = dock.bench.store.kept_below(Flow.FULFILMENT)
    assert [one.subject for one in kept] == [f"despatches/{dock.followed().number}"]


def test_files_add_up(dock: Dock) -> None:
    """What two files say of an order counts together, also where one repeats the other."""
    orders = {order.order_number: order.lines for order in dock.bench.world.prima.orders()}
    follow = next(one for one in dock.bench.store.follows() if len(orders[one.number]) > 1)
    first, *rest = (
        parcel(follow, f"D{n}", f"T{n}", f"{n},{line.quantity}")
        for n, line in enumerate(orders[follow.number], 1)
    )
    dock.drop("a.csv", first)
    part = dock.run()
    dock.drop("b.csv", *rest, first)
    whole, after = dock.run(), dock.run()

    assert (part.trackings, part.statuses) == (1, 1)
    assert (whole.trackings, whole.statuses, whole.despatches) == (len(rest), 1, len(rest))
    assert (after.trackings, after.statuses, after.despatches) == (0, 0, 0)
    assert dock.shipping_status(follow) == "shipped"


def test_a_finished_order_takes_a_late_parcel(dock: Dock) -> None:
    """It is not asked after any more, but a file names it."""
    follow = dock.followed()
    dock.bench.world.prima.set_status(follow.number, "Despatched")
    done = dock.run()
    assert done.orders_finished == 1
    dock.drop("a.csv", parcel(follow))
    report = dock.run()

    assert (report.asked, report.trackings, report.orders_finished) == (1, 1, 1)
    assert follow.order not in {one.order for one in dock.bench.store.follows()}


def test_a_parcel_waits_for_an_order_in_doubt(dock: Dock) -> None:
    """Kept under its number until a person settles the order."""
    bench = dock.bench
    line = bench.world.oro.orders()[0].lines[0]
    order = bench.world.checkout(bench.world.oro.orders()[0].customer, [line])
    bench.world.faults.add("prima", "MultiNewOrder", "reset-after-commit")
    bench.world.faults.add("prima", "OrderStatus", "bad-gateway", times=99)
    with bench.ports() as ports:
        report = sync_orders(ports, bench.policy)
    bench.world.faults.clear()
    (doubt,) = report.newly_in_doubt
    entry = bench.store.newest_entries((doubt,))[doubt]
    dock.drop("a.csv", f"D1,05/05/2031,DPD,T1,{entry.number},1,1")
    before = dock.run()
    at = bench.world.clock()
    decide_has(bench.store, order=doubt, number=entry.number, by="Kim", at=at)
    after = dock.run()

    assert order == doubt
    assert (before.despatches, before.trackings) == (1, 0)
    assert (after.despatches, after.trackings) == (0, 1)


def test_a_parcel_that_the_shop_refuses_today_is_not_lost(dock: Dock) -> None:
    """The run stops or the order is held; the next one tells it without the file."""
    dock.drop("a.csv", parcel(dock.followed()))
    dock.bench.world.faults.add("oro", "create_ordershippingtrackings", "unavailable", times=9)
    first = dock.run()
    dock.bench.world.faults.clear()
    dock.bench.advance(hours=1)
    second = dock.run()

    assert first.stopped is not None
    assert (first.trackings, first.despatches) == (0, 1)
    assert (second.trackings, second.despatches) == (1, 0)


def test_a_crash_before_it_is_kept_leaves_the_file(dock: Dock) -> None:
    """It is given again."""
    dock.drop("a.csv", parcel(dock.followed()))
    store = dock.bench.store

    class Broken:
        def __getattr__(self, name: str) -> Any:
            if name == "kept":
                raise KeyboardInterrupt
            return getattr(store, name)

    with pytest.raises(KeyboardInterrupt):
        dock.run(store=Broken())

    assert [path.name for path in (dock.folder / "taken").iterdir()] == ["a.csv"]
    assert dock.run().trackings == 1


def test_what_cannot_be_read_waits_beside_the_rest(dock: Dock) -> None:
    """Once, for the integration; the good rows count; sent again and retried it is settled."""
    dock.drop("a.csv", parcel(dock.followed()), "D2,99/05/2031,DPD,T2,30,1,1", "D3,,DPD,T3,,1,1")
    first, second = dock.run(), dock.run()
    (record,) = first.held
    at = dock.bench.world.clock()
    retry_held(dock.bench.store, subject=record.subject, by="Kim", at=at)
    third = dock.run()

    assert (first.trackings, second.held, third.held) == (1, (), ())
    assert record.subject == "despatches/files"
    assert [reason.code for reason in record.reasons] == [ReasonCode.DESPATCH_UNREADABLE]
    assert "record 2: date" in record.reasons[0].detail
    assert "names no order" in record.reasons[0].detail
    held = dock.bench.store.exception(Flow.FULFILMENT, record.subject)
    assert held is not None
    assert held.state is RecordState.RESOLVED


def test_a_full_list_is_left_where_it_is(dock: Dock) -> None:
    """Read in every run; only what is new in it makes an order due."""
    dock.latest = True
    dock.drop("a.csv", parcel(dock.followed()))
    first = dock.run()
    dock.drop("b.csv", parcel(dock.followed()), parcel(dock.followed(1), "D2", "T2"))
    second, last = dock.run(), dock.run()

    assert [one.despatches for one in (first, second, last)] == [1, 1, 0]
    assert [one.trackings for one in (first, second, last)] == [1, 1, 0]
    assert {path.name for path in dock.folder.iterdir()} == {"a.csv", "b.csv"}


def test_a_directory_that_is_not_there_is_said(dock: Dock) -> None:
    """Nothing is asked or written before."""
    dock.folder.rmdir()
    with pytest.raises(ConfigError, match="no such directory"):
        dock.run()


def test_an_answer_about_another_order_is_not_ours(dock: Dock) -> None:
    """By request each record may name its order; another one's parcel is nobody's."""
    follow, other = dock.followed(), dock.followed(1)
    dock.bench.world.prima.set_status(other.number, "Despatched")
    bound = sandbox_bindings(Capability.DESPATCH)
    ((capability, binding),) = bound
    assert isinstance(binding, SoapBinding)
    wrong = evolve(binding, request=(("OrderNumber", str(other.number)),))
    with dock.bench.ports(bindings=((capability, wrong),)) as ports:
        read = despatch_reader(ports)
        assert read is not None
        with pytest.raises(UnreadableError, match="of another order"):
            read(PrimaOrderNumber(follow.number))
        right = despatch_reader(evolve(ports, bindings=bound))
        assert right is not None
        assert [one.order for one in right(other.number)] == [other.number]
    assert despatch_reader(evolve(ports, bindings=())) is None
