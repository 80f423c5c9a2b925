"""`oro-prima run`: what is due runs, one of a flow at a time, and ends in order when asked to."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from attrs import evolve

from oro_prima.cli.asked import Asked
from oro_prima.cli.main import run
from oro_prima.cli.run.health import serve_health
from oro_prima.cli.run.loop import Runner, Running
from oro_prima.cli.tasks import run_task
from oro_prima.config import Config
from oro_prima.errors import ConfigError, StoreError
from oro_prima.mapping import SchedulePolicy, Task
from oro_prima.ports import Store
from oro_prima.records import Flow, Home
from oro_prima.sandbox import TradingDay, trading_day
from oro_prima.sync import last_runs, note_run, pause_flow, paused_flows, resume_flow
from oro_prima.wiring import connect

Output = pytest.CaptureFixture[str]
ONCE = SchedulePolicy(
    orders=timedelta(days=9), stock=timedelta(days=9), fulfilment=timedelta(days=9),
    customers=timedelta(days=9), prices=timedelta(days=9), invoices=timedelta(days=9),
    products=timedelta(0), small_stock=timedelta(0), full_stock_at="", drain=timedelta(seconds=60),
)  # fmt: skip


class Full:
    """A store on a disk that is full: it can be read, and nothing can be written."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def __getattr__(self, name: str) -> Any:
        if name in ("transaction", "acquire"):
            raise StoreError("the disk is full")
        return getattr(self.store, name)


@pytest.fixture
def day() -> Iterator[TradingDay]:
    with trading_day(seed=3) as made:
        yield made


def with_schedule(config: Config, policy: SchedulePolicy) -> Config:
    return evolve(config, flows=evolve(config.flows, schedule=policy))


def command(day: TradingDay, *arguments: str) -> int:
    return run(["--config", str(day.directory / "oro-prima.toml"), *arguments])


def test_each_flow_runs_once_when_it_is_due(day: TradingDay) -> None:
    """What is unbound or made of no book is left out; what is paused too; then the loop ends."""
    config, stop, told = with_schedule(day.config, ONCE), threading.Event(), list[Any]()
    expected = {Task.ORDERS, Task.STOCK, Task.CUSTOMERS, Task.INVOICES}
    with connect(config) as ports:
        at = ports.clock()
        pause_flow(ports.store, flow=Flow.FULFILMENT, by="Kim", at=at)
        runner = Runner(
            [Running("one", config, ports)], stop=stop, tell=lambda tree, _text: seen(tree)
        )

        def seen(tree: dict[str, object]) -> None:
            told.append(tree)
            if {one["task"] for one in told} == expected:
                runner.end()

        assert runner.run() == []
        last = last_runs(ports.store)
        well, health = runner.health()
    assert {one["task"] for one in told} == set(last) == expected
    assert len(told) == len(expected)
    assert last[Task.ORDERS].summary.startswith("orders: ")
    assert (well, health["late"]) == (False, [])  # it was told to end
    assert health["pairs"]["one"]["fulfilment"]["paused"]  # type: ignore[index]


def test_a_run_that_is_asked_to_end_stops_after_the_record_at_hand(day: TradingDay) -> None:
    """Nothing is lost, nothing in doubt, and it has not failed."""
    stop, posted = threading.Event(), threading.Event()

    def step(name: str) -> None:
        if name == "after-send":
            stop.set()
            posted.set()

    with connect(day.config, step=step) as ports:
        report = run_task(Asked(Task.ORDERS), day.config, evolve(ports, stopping=stop.is_set))
        homes = ports.store.count_homes()
        last = last_runs(ports.store)[Task.ORDERS]

    assert report.stopped is not None
    assert "asked to end" in report.stopped.why
    assert homes.get(Home.IN_DOUBT, 0) == 0
    assert 0 < homes[Home.POSTED] < len(day.world.oro.orders())
    assert (last.stops, last.ended_well) == (0, last.finished)
    assert command(day, "sync", "orders") in (0, 1)
    assert {order.accepted for order in day.world.prima.orders()} == {1}


def test_a_flow_that_fails_ends_no_other(day: TradingDay) -> None:
    """Its stops are counted, and it is late after a while."""
    config, stop, told = with_schedule(day.config, ONCE), threading.Event(), list[Any]()
    day.world.faults.add("prima", "*", "bad-gateway", times=99)
    with connect(config) as ports:
        broken = evolve(ports, tables=None)  # type: ignore[arg-type]  # a bug
        runner = Runner(
            [Running("one", config, broken)], stop=stop, tell=lambda tree, _text: seen(tree)
        )

        def seen(tree: dict[str, object]) -> None:
            told.append(tree)
            if len(told) == 5:
                runner.end()

        assert runner.run() == []
        assert last_runs(ports.store)[Task.ORDERS].stops == 1
        assert {one["task"] for one in told if not one["ok"]} >= {"orders", "stock"}
        old = ports.clock() - timedelta(days=60)
        note_run(ports.store, Task.STOCK, started=old, finished=old, stopped=True, summary="no")
        stop.clear()
        well, health = runner.health()
    assert not well
    assert "one stock" in health["late"]  # type: ignore[operator]


def test_a_store_that_fails_ends_no_other_pair(day: TradingDay) -> None:
    """It ends no other pair."""
    stop, told = threading.Event(), list[dict[str, object]]()
    with connect(day.config) as well, connect(day.config) as gone:
        gone.store.close()
        pairs = [Running("gone", day.config, gone), Running("well", day.config, well)]
        runner = Runner(pairs, stop=stop, tell=lambda tree, _text: seen(tree))

        def seen(tree: dict[str, object]) -> None:
            told.append(tree)
            if any(one["pair"] == "well" for one in told):
                runner.end()

        assert runner.run() == []
    assert {(one["pair"], one["ok"]) for one in told} >= {("gone", False)}
    assert {one["task"] for one in told if one["pair"] == "gone"} == {"schedule"}


def test_a_run_that_cannot_be_noted_rests(day: TradingDay) -> None:
    """It is due again at once, for nobody wrote down that it ran."""
    config, stop, told = with_schedule(day.config, ONCE), threading.Event(), list[Any]()
    with connect(config) as ports:
        for flow in (Flow.STOCK, Flow.FULFILMENT, Flow.CUSTOMERS, Flow.INVOICES):
            pause_flow(ports.store, flow=flow, by="Kim", at=ports.clock())
        full = evolve(ports, store=Full(ports.store))
        runner = Runner(
            [Running("one", config, full)], stop=stop, tell=lambda tree, _text: told.append(tree)
        )
        timer = threading.Timer(1.5, runner.end)
        timer.start()
        assert runner.run() == []

    assert [one["ok"] for one in told] == [False]


def test_what_does_not_end_in_time_is_named(day: TradingDay) -> None:
    """The deadline is kept."""
    config = with_schedule(day.config, evolve(ONCE, drain=timedelta(0)))
    stop, hangs, go_on = threading.Event(), threading.Event(), threading.Event()

    def step(name: str) -> None:
        if name == "before-claim":
            hangs.set()
            go_on.wait(30)

    with connect(config, step=step) as ports:
        for flow in (Flow.STOCK, Flow.FULFILMENT, Flow.CUSTOMERS, Flow.INVOICES):
            pause_flow(ports.store, flow=flow, by="Kim", at=ports.clock())
        runner = Runner([Running("one", config, ports)], stop=stop, tell=lambda _tree, _text: None)

        def end() -> None:
            hangs.wait(30)
            runner.end()

        threading.Thread(target=end, daemon=True).start()
        left = runner.run()
        threads = list(runner._threads.values())
        go_on.set()
        for thread in threads:
            thread.join(30)

    assert left == ["one orders"]


def test_pausing_and_resuming(day: TradingDay, capsys: Output) -> None:
    """By a person, once, with a reason; a single run is refused meanwhile, and status says so."""
    assert command(day, "pause", "orders", "--by", "Kim", "--note", "stock count") == 0
    assert command(day, "pause", "orders", "--by", "Lee") == 0
    assert "paused already" in capsys.readouterr().out
    assert command(day, "sync", "orders") == 3
    assert "paused by Kim" in capsys.readouterr().err
    assert command(day, "status") == 0
    assert "orders: never ran, PAUSED by Kim since" in capsys.readouterr().out
    assert command(day, "resume", "orders", "--by", "Kim") == 0
    assert command(day, "resume", "orders", "--by", "Kim") == 0
    assert "is not paused" in capsys.readouterr().out
    assert command(day, "sync", "orders") == 1
    assert command(day, "status") == 0
    assert "orders: 0 min ago" in capsys.readouterr().out
    day.world.faults.add("prima", "*", "bad-gateway", times=99)
    assert command(day, "sync", "stock") == 3
    assert command(day, "status") == 0
    assert "stock: 0 min ago, stopped 1 times in a row" in capsys.readouterr().out
    with connect(day.config) as ports:
        assert paused_flows(ports.store) == {}
        at = datetime.now(UTC)
        assert not resume_flow(ports.store, flow=Flow.STOCK, by="Kim", at=at)


def test_a_process_ends_in_order_at_sigterm(day: TradingDay) -> None:
    """Every pair of a directory, its health while it runs, exit code 0; nothing lost or doubled."""
    path = day.directory / "oro-prima.toml"
    path.write_text(path.read_text("utf-8") + '\n[schedule]\norders = "1 s"\n', "utf-8")
    arguments = [sys.executable, "-m", "oro_prima", "--config", str(day.directory), "--json"]
    process = subprocess.Popen(
        [*arguments, "run", "--health", "127.0.0.1:0"], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    health = json.loads(process.stdout.readline())["health"]
    tasks: list[str] = []
    while tasks.count("orders") < 2:
        tasks.append(json.loads(process.stdout.readline())["task"])
    with urlopen(health) as answer:
        tree = json.loads(answer.read())
    with pytest.raises(HTTPError):
        urlopen(health.replace("/health", "/other"))
    process.send_signal(signal.SIGTERM)
    process.stdout.read()
    process.stdout.close()

    assert process.wait(60) == 0
    assert tree["ok"]
    assert set(tree["pairs"]) == {"oro-prima"}
    assert {order.accepted for order in day.world.prima.orders()} == {1}


def test_several_pairs_of_a_directory(day: TradingDay, tmp_path: Path, capsys: Output) -> None:
    """Each with a store of its own; other verbs want one file."""
    for path in (*day.directory.glob("*.csv"), day.directory / "oro-client-secret"):
        shutil.copy(path, tmp_path / path.name)
    text = (day.directory / "oro-prima.toml").read_text("utf-8")
    for name in ("one", "two"):
        own = text.replace('path = "oro-prima.db"', f'path = "{name}.db"')
        (tmp_path / f"{name}.toml").write_text(own, "utf-8")
    assert run(["--config", str(tmp_path), "--json", "status"]) == 0
    assert set(json.loads(capsys.readouterr().out)) == {"one", "two"}
    assert run(["--config", str(tmp_path), "status"]) == 0
    assert "[two]" in capsys.readouterr().out
    (tmp_path / "two.toml").write_text(
        text.replace('path = "oro-prima.db"', 'path = "one.db"'), "utf-8"
    )
    assert run(["--config", str(tmp_path), "status"]) == 2
    assert "two pairs have one store" in capsys.readouterr().err
    (tmp_path / "two.toml").write_text("x = 1", "utf-8")
    assert run(["--config", str(tmp_path), "status"]) == 2
    assert "two.toml: x: unknown" in capsys.readouterr().err
    (tmp_path / "empty").mkdir()
    assert run(["--config", str(tmp_path / "empty"), "run"]) == 2
    assert run(["--config", str(tmp_path), "sync", "orders"]) == 2


def test_the_health_endpoint(capsys: Output) -> None:
    """503 where something is late or the store fails; a place that is none is told."""
    states: list[Any] = [(True, {"ok": True}), (False, {"ok": False}), StoreError("locked")]

    def health() -> tuple[bool, dict[str, object]]:
        state = states.pop(0)
        if isinstance(state, StoreError):
            raise state
        return state  # type: ignore[no-any-return]

    codes: list[int] = []
    with serve_health("127.0.0.1:0", health) as place:
        for _ in range(3):
            try:
                with urlopen(f"http://{place}/health") as answer:
                    codes.append(answer.status)
            except HTTPError as error:
                codes.append(error.code)
        with pytest.raises(ConfigError, match="cannot be listened at"), serve_health(place, health):
            pass
    for wrong in ("8080", "127.0.0.1:65536", "127.0.0.1:\u00b2", ":8080"):
        with pytest.raises(ConfigError, match="expected HOST:PORT"), serve_health(wrong, health):
            pass

    assert codes == [200, 503, 503]
