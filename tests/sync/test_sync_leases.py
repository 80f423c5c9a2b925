"""Leases: renewed in the midst of an answer, one writer a flow, many flows at once."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from attrs import evolve
from tests.sync.flows import PAIR, Bench

from oro_prima.call import Call, HttpRequest, ResponseHead
from oro_prima.errors import StoreError
from oro_prima.http.sender import Endpoint, HttpSender, open_client
from oro_prima.ids import PairId
from oro_prima.mapping import StockPolicy
from oro_prima.observers import unharmed
from oro_prima.ports import Event, Ports, Pulse
from oro_prima.records import Flow, Home
from oro_prima.stores import SqliteStore
from oro_prima.sync import import_links, record_cut_over, sync_orders, sync_stock
from oro_prima.sync.run import FlowRun, alone

MINUTE = timedelta(minutes=1)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path, size=4)
    made.put_into_use()
    yield made
    made.store.close()


class Slow(httpx.SyncByteStream):
    """An answer that comes in pieces, with something that happens before each."""

    def __init__(self, pieces: int, happens: Callable[[], None]) -> None:
        self._pieces, self._happens = pieces, happens

    def __iter__(self) -> Iterator[bytes]:
        for _ in range(self._pieces):
            self._happens()
            yield b"x" * 100


class Sized:
    """A call whose answer is its size."""

    name, safe, timeout = "sized", True, None

    def request(self) -> HttpRequest:
        return HttpRequest("GET", "sized")

    def decoder(self, head: ResponseHead) -> Any:
        del head
        size = [0]

        class Count:
            def feed(self, data: bytes) -> None:
                size[0] += len(data)

            def close(self) -> int:
                return size[0]

        return Count()


def slow_sender(pulse: Pulse, pieces: int, happens: Callable[[], None]) -> HttpSender:
    def answer(request: httpx.Request) -> httpx.Response:
        del request
        return httpx.Response(200, stream=Slow(pieces, happens))

    client = open_client(transport=httpx.MockTransport(answer))
    return HttpSender(client, Endpoint("http://slow"), on_bytes=pulse)


def read_slowly(run: FlowRun, ports: Ports, pieces: int, happens: Callable[[], None]) -> int:
    sender = slow_sender(ports.pulse, pieces, happens)
    call: Call[int] = Sized()
    found = sender.send(call)
    sender.close()
    assert run.lease is not None
    return found


def test_a_lease_is_kept_while_an_answer_is_read_for_longer_than_it_lasts(bench: Bench) -> None:
    """Two minutes between the pieces, twelve in all, with a lease of five."""
    with bench.ports() as ports, alone(ports, Flow.ORDERS) as run:
        read_slowly(run, ports, 6, lambda: bench.advance(minutes=2))
        assert run.lease is not None

        assert bench.store.remaining(run.lease) > MINUTE * 3
        with pytest.raises(StoreError, match="works on"):
            bench.store.acquire(Flow.ORDERS, "another", last=MINUTE)


def test_a_lease_that_was_lost_meanwhile_leaves_the_answer_read(bench: Bench) -> None:
    """What is refused is the next write, not the reading."""

    def lose() -> None:
        bench.advance(minutes=6)
        if bench.world.clock() - began < MINUTE * 7:
            bench.store.acquire(Flow.ORDERS, "another", last=MINUTE * 60)

    with bench.ports() as ports, alone(ports, Flow.ORDERS) as run:
        began = bench.world.clock()
        assert read_slowly(run, ports, 3, lose) == 300
        with pytest.raises(StoreError, match="lost"), run.write():
            pass


def test_after_a_run_nothing_beats_any_more(bench: Bench) -> None:
    """And no run of another thread is kept alive by this one's bytes."""
    with bench.ports() as ports:
        with alone(ports, Flow.ORDERS) as run:
            bench.advance(minutes=2)
            there = threading.Thread(target=ports.pulse)
            there.start()
            there.join()
            assert run.lease is not None
            assert bench.store.remaining(run.lease) <= MINUTE * 3
            ports.pulse()
            assert bench.store.remaining(run.lease) > MINUTE * 4
        ports.pulse()


def test_a_large_answer_that_is_long_in_coming_is_outlived(bench: Bench) -> None:
    """Prima may take ten minutes for its whole stock; the lease lasts that long, then as usual."""
    seen: list[timedelta] = []
    with bench.ports() as ports, alone(ports, Flow.STOCK) as run:
        with run.patient(ports.snapshot_timeout):
            assert run.lease is not None
            seen.append(bench.store.remaining(run.lease))
        bench.advance(minutes=2)
        run.keep_lease()
        seen.append(bench.store.remaining(run.lease))

    assert seen[0] > bench.run.lease
    assert seen[0] > timedelta(seconds=600)
    assert seen[1] <= bench.run.lease


def test_a_write_to_the_shop_is_outlived_by_the_lease_as_well(bench: Bench) -> None:
    """A lease that is too short for the call's time-out sends nothing."""
    bench.run = evolve(bench.run, lease=timedelta(seconds=60))
    levels = bench.world.oro.levels()
    with (
        bench.ports(snapshot_timeout=timedelta(seconds=1)) as ports,
        pytest.raises(StoreError, match="must be longer"),
    ):
        sync_stock(ports, StockPolicy())

    assert levels == bench.world.oro.levels()


def test_flows_and_pairs_run_at_once_with_one_writer_each(bench: Bench, tmp_path: Path) -> None:
    """Two flows of one pair and one of another, in one file, each in a thread of its own."""
    other = Bench.__new__(Bench)
    other.__dict__.update(bench.__dict__)
    other.world = type(bench.world)(seed=6, size=4, oro_version="6.1")
    other.store = SqliteStore.open(
        tmp_path / "store.db", pair=PairId("other"), clock=other.world.clock
    )
    at = other.world.clock()
    record_cut_over(other.store, start_at=bench.policy.start_at, by="Kim", at=at)
    import_links(other.store, links=bench.store.links().values(), by="Kim", at=at)
    failed: list[BaseException] = []

    def run(work: Callable[[Ports], object], of: Bench, pair: PairId) -> threading.Thread:
        def target() -> None:
            try:
                with of.ports() as ports:
                    work(evolve(ports, pair=evolve(PAIR, id=pair)))
            except BaseException as error:  # noqa: BLE001 - told to the test
                failed.append(error)

        return threading.Thread(target=target)

    threads = [
        run(lambda ports: sync_orders(ports, bench.policy), bench, PAIR.id),
        run(lambda ports: sync_stock(ports, StockPolicy()), bench, PAIR.id),
        run(lambda ports: sync_orders(ports, bench.policy), other, PairId("other")),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    assert bench.store.count_homes()[Home.POSTED] > 0
    assert other.store.count_homes()
    assert bench.store.broken_line() is None
    assert other.store.broken_line() is None
    other.store.close()


def test_an_observer_that_fails_is_warned_of_once() -> None:
    """By the class of its error alone."""

    def fails(event: Event) -> None:
        raise ValueError(event.subject)

    observe = unharmed(fails)
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        observe(Event(None, "call", "a name"))
        observe(Event(None, "call", "a name"))

    assert [str(one.message) for one in found] == ["an observer fails: ValueError; runs go on"]
