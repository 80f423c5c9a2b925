"""
`oro-prima run` and `apply` as real processes, killed with SIGKILL at a named step, and gone on.

`python tests/system/killed_verbs.py run CONFIG TASK STEP NTH` and `apply CONFIG PLAN STEP NTH` run
up to a step, say so by a byte on a pipe, and do nothing more in that thread until they are killed;
a run's other flows go on meanwhile, so that the kill finds them anywhere.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from attrs import evolve, frozen

from oro_prima.cli.apply import Carried, Drifted, carry_out
from oro_prima.cli.main import run as command
from oro_prima.cli.run.loop import Runner, Running
from oro_prima.cli.saved import load_plan
from oro_prima.cli.tasks import states_of, tasks_of
from oro_prima.config import load_config
from oro_prima.errors import StoreError
from oro_prima.mapping import Task
from oro_prima.mapping.schedule import flow_of
from oro_prima.oro.calls.orders import newest_order
from oro_prima.records import Flow
from oro_prima.sandbox import TradingDay, trading_day
from oro_prima.sandbox.oro import OrderLine
from oro_prima.sync import paused_flows
from oro_prima.testing.killing import ALL_STEPS, Killed, counted
from oro_prima.testing.scenes import CONFIG, left_over, prepare, twice
from oro_prima.wiring import connect, system_clock

FRESH = 4
"""Orders that wait to be posted when `run` begins."""
NEXT_DAY = timedelta(days=1)
"""After a kill: every lease is over, and every flow is due again."""
HOURS = 7_200.0
"""What the shop's clock moves on meanwhile, in seconds: followed orders are asked after again."""
LONGEST = 60.0
"""Seconds that one run of every flow may take; then it is ended, and what did not run is told."""
ROUNDS = 2
BUSY = tuple(flow for flow in ALL_STEPS if flow is not Flow.PRODUCTS)
"""Flows with something to do on a busy day; what has no price is not taken off the shop there."""


@frozen
class Ended:
    """
    What became of a verb that was killed.

    Attributes:
        came: As the systems count it, with what fresh runs of every flow would still change.
        stuck: Flows that are paused, leased, late or never ended well after others went on.
    """

    came: Killed
    stuck: tuple[str, ...]


@frozen
class Tried:
    """
    What became of a plan whose process was killed, when it was applied again.

    Attributes:
        again: Whether the second try carried it out; else it was refused.
        begun: The refusal says that it was begun before.
        wrote: Requests of the second try that write, where it was refused.
    """

    again: bool
    begun: bool
    wrote: int
    ended: Ended


@contextmanager
def busy_day() -> Generator[TradingDay, None, None]:
    """Give a day on which every flow has something to do."""
    with trading_day(seed=3) as plain:
        day = prepare(prepare(plain, Flow.FULFILMENT, step=""), Flow.PRICES, step="")
        customer = day.world.seed.links[0][0]
        stocked = sorted(day.world.oro.levels(), key=lambda one: -one.quantity)[:FRESH]
        for level in stocked:
            line = OrderLine(level.sku, level.unit, Decimal(1), Decimal(1))
            day.world.oro.place_order(customer, [line])
        yield day


def kill_run(step: str, task: Task, *, nth: int = 1, draining: bool = False) -> Ended:
    """
    Kill `run` at a step of one of its flows, go on as another process, and count from outside.

    Args:
        step: Where.
        task: Whose step; the other flows are wherever they are.
        nth: Which time that the step is reached.
        draining: The process was asked to end before it is killed.
    """
    with busy_day() as day:
        killed(["run", str(day.directory / CONFIG), task.value, step, str(nth)], draining=draining)
        return ended(day, step, nth, flows=BUSY)


def ended(day: TradingDay, step: str, nth: int, *, flows: Sequence[Flow]) -> Ended:
    """Let `run` go on as other processes for some days, and judge these flows."""
    last = ROUNDS + 1  # a plan may have been carried out on the first day
    for number in range(2, last + 1):
        day.world.clock.advance(HOURS)
        run_once(day, number * NEXT_DAY)
    later = (last + 1) * NEXT_DAY
    with connect(day.config, clock=_clock(later)) as ports:
        left = sum(left_over(ports, day, flow) for flow in flows)
        again = sum(twice(ports, day, flow) for flow in flows)
        stuck = tuple(_stuck(day, last * NEXT_DAY))
    came = counted(day, step, nth)
    return Ended(evolve(came, left=left, doubled=came.doubled + again), stuck)


def run_once(day: TradingDay, later: timedelta) -> None:
    """Run every flow that can be run once, as `oro-prima run` does, and end in order."""
    stop, told = threading.Event(), set[object]()
    with connect(day.config, clock=_clock(later)) as ports:
        pair = Running("day", day.config, evolve(ports, stopping=stop.is_set))
        expected = {flow_of(task) for task in tasks_of(day.config)}

        def tell(tree: dict[str, object], _text: str) -> None:
            told.add(flow_of(Task(str(tree["task"]))))
            if told >= expected:
                runner.end()

        runner = Runner([pair], stop=stop, tell=tell)
        too_long = threading.Timer(LONGEST, runner.end)
        too_long.start()
        left = runner.run()
        too_long.cancel()
        assert (left, told) == ([], told | expected)


def _stuck(day: TradingDay, later: timedelta) -> Iterator[str]:
    clock = _clock(later)
    with connect(day.config, clock=clock) as ports:
        yield from (f"{flow.value} is paused" for flow in paused_flows(ports.store))
        for name, state in states_of(day.config, ports.store, now=clock()).items():
            small = flow_of(Task(name)) != name  # left to runs of everything, which go first
            if not small and (state["late"] or state["stops"]):
                yield f"{name}: {state}"
        for flow in Flow:
            try:
                ports.store.release(ports.store.acquire(flow, "probe", last=timedelta(seconds=5)))
            except StoreError as error:
                yield f"{flow.value}: {error}"


def kill_apply(step: str, flow: Flow, *, nth: int = 1) -> Tried:
    """Save a plan, kill its `apply` at a step, apply it again, then whatever a fresh run finds."""
    with trading_day(seed=3) as plain:
        day = prepare(plain, flow, step="")
        config, path = day.directory / CONFIG, day.directory / "plan.json"
        assert command(["--quiet", "--config", str(config), "preview", flow.value,
                        "--save", str(path)]) == 0  # fmt: skip
        killed(["apply", str(config), str(path), step, str(nth)])
        with connect(day.config) as ports:  # a batch of the killed process may still be carried out
            ports.shop.send(newest_order())
        before = _writes(day)
        with connect(day.config, clock=_clock(NEXT_DAY)) as ports:
            done = carry_out(load_plan(path), day.config, ports, by="Kim")
        wrote = _writes(day) - before
        finished = ended(day, step, nth, flows=(flow,))
    match done:
        case Carried():
            return Tried(again=True, begun=False, wrote=wrote, ended=finished)
        case Drifted(begun=begun):
            return Tried(again=False, begun=begun is not None, wrote=wrote, ended=finished)


def _writes(day: TradingDay) -> int:
    """Count requests that write, and levels one by one: an empty batch only asks."""
    table = day.world.requests.table()
    kinds = ("create_", "update_", "delete_")
    shop = sum(row["count"] for name, row in table["oro"].items() if name.startswith(kinds))
    batched = sum(event.kind == "level_write" for event in day.world.oro.log)
    return shop + batched + len(day.world.prima.orders())


def _clock(later: timedelta) -> Callable[[], datetime]:
    return lambda: system_clock() + later


def killed(arguments: list[str], *, draining: bool = False) -> None:
    """Start this program, wait for its byte, and kill it; first ask it to end where `draining`."""
    program = [sys.executable, str(Path(__file__)), *arguments]
    with subprocess.Popen(program, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        if child.stdout.read(1) != b"!":
            raise RuntimeError(f"it ended before its step was reached: {arguments[-2:]}")
        if draining:
            child.send_signal(signal.SIGTERM)
            assert child.stdout.read(1) == b"."
        child.kill()


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


class _Stop:
    """Stands still at the nth time that a step is reached in a thread of that name."""

    def __init__(self, step: str, nth: str, thread: str = "") -> None:
        self._step, self._left, self._thread = step, int(nth), thread

    def __call__(self, name: str) -> None:
        here = threading.current_thread().name.endswith(self._thread)
        if name == self._step and here:
            self._left -= 1
            if self._left == 0:
                _say("!")
                threading.Event().wait()


def _run(path: str, task: str, step: str, nth: str) -> None:
    config, stop = load_config(path), threading.Event()
    with connect(config, step=_Stop(step, nth, f" {task}")) as ports:
        pair = Running("day", config, evolve(ports, stopping=stop.is_set))
        runner = Runner([pair], stop=stop, tell=lambda _tree, _text: None)

        def end(_number: int, _frame: object) -> None:
            runner.end()
            _say(".")

        signal.signal(signal.SIGTERM, end)
        runner.run()


def _apply(path: str, plan: str, step: str, nth: str) -> None:
    config = load_config(path)
    with connect(config, step=_Stop(step, nth)) as ports:
        carry_out(load_plan(Path(plan)), config, ports, by="Kim")


if __name__ == "__main__":
    {"run": _run, "apply": _apply}[sys.argv[1]](*sys.argv[2:6])
