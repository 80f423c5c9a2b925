"""The loop of `oro-prima run`: start what is due, wait, and at the end let runs end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from datetime import datetime, timedelta
from functools import partial

from attrs import evolve, frozen

from oro_prima.cli.asked import Asked
from oro_prima.cli.run.desk import Desk
from oro_prima.cli.tasks import counts_json, flow_states, run_hints, run_task, schedule_of
from oro_prima.config import Config
from oro_prima.errors import OroPrimaError, StoreError
from oro_prima.ids import PairId
from oro_prima.mapping.hints import Hint
from oro_prima.mapping.schedule import (
    ScheduleSnapshot,
    Task,
    due_tasks,
    flow_of,
    late_tasks,
    next_due,
)
from oro_prima.ports import Ports, Store
from oro_prima.records import Flow

LOOK_AGAIN = 5.0
"""Seconds after which the store is looked at again: somebody may have paused or resumed a flow."""
Tell = Callable[[dict[str, object], str], None]


@frozen(eq=False)
class Running:
    """One pair that is run: its name is that of its file."""

    name: str
    config: Config
    ports: Ports


def sharing(pairs: Sequence[Running]) -> list[Running]:
    """Let pairs of one pool read each other through what is open anyway."""
    opened = {pair.config.pair.id: pair.ports for pair in pairs}
    return [evolve(pair, ports=_with_opened(pair.ports, opened)) for pair in pairs]


def _with_opened(ports: Ports, opened: Mapping[PairId, Ports]) -> Ports:
    neighbours = tuple(
        evolve(one, open=_lent(opened[one.pair])) if one.pair in opened else one
        for one in ports.neighbours
    )
    return evolve(ports, neighbours=neighbours)


def _lent(ports: Ports) -> Callable[[], AbstractContextManager[Ports]]:
    return lambda: nullcontext(ports)


class Runner:
    """
    Runs what is due, each run in a thread of its own, until it is told to end.

    Args:
        pairs: Connected pairs.
        stop: Set when the process is to end; runs look at it too.
        tell: Given each run's end, as a tree and as a line.
    """

    def __init__(self, pairs: Sequence[Running], *, stop: threading.Event, tell: Tell) -> None:
        self._pairs, self._stop, self._tell = pairs, stop, tell
        self._wake, self._lock = threading.Event(), threading.Lock()
        self._threads: dict[tuple[str, Task], threading.Thread] = {}
        self._failing: dict[str, str] = {}
        self.desks = {
            pair.name: Desk(pair.name, pair.config, clock=pair.ports.clock, wake=self._wake.set)
            for pair in pairs
            if pair.config.webhooks.listen
        }

    @property
    def ending(self) -> bool:
        """Whether the loop was told to end."""
        return self._stop.is_set()

    def end(self) -> None:
        """Start nothing more; what is under way stops after the record at hand."""
        self._stop.set()
        for desk in self.desks.values():
            desk.close()
        self._wake.set()

    def run(self) -> list[str]:
        """
        Run until told to end, then wait for what is under way, no longer than the policy says.

        Returns:
            What was still under way at the end.
        """
        self._at_desks(lambda desk, store: desk.open(store))
        while not self._stop.is_set():
            self._wake.clear()
            self._wake.wait(min(self._look(pair) for pair in self._pairs))
        drain = max(pair.config.flows.schedule.drain.total_seconds() for pair in self._pairs)
        deadline = time.monotonic() + drain
        for thread in list(self._threads.values()):
            thread.join(max(0.0, deadline - time.monotonic()))
        self._at_desks(lambda desk, store: desk.keep(store))
        with self._lock:
            return [f"{name} {task.value}" for name, task in self._threads]

    def _at_desks(self, act: Callable[[Desk, Store], None]) -> None:
        """Read or write what desks keep; hints that are lost are found by the flows' own runs."""
        for pair in self._pairs:
            desk = self.desks.get(pair.name)
            if desk is not None:
                with suppress(StoreError):
                    act(desk, pair.ports.store)

    def _look(self, pair: Running) -> float:
        """
        Start what is due; a store that cannot be read now is tried again, and ends no pair.

        A failure is said once, until it is another one or over.
        """
        try:
            seconds = self._start_due(pair)
            self._failing.pop(pair.name, None)
            return seconds
        except StoreError as error:
            if self._failing.get(pair.name) != str(error):
                self._failing[pair.name] = str(error)
                self._say(pair, "schedule", pair.ports.clock(), f"schedule: {error}", ok=False)
            return LOOK_AGAIN

    def _start_due(self, pair: Running) -> float:
        """Start what is due of a pair; return the seconds until it should be looked at again."""
        policy, desk = pair.config.flows.schedule, self.desks.get(pair.name)
        if desk is not None:
            self._start_hinted(pair, desk)
        for task in due_tasks(self._snapshot(pair), policy):
            self._start(pair, task, partial(self._whole, pair, task))
        now = pair.ports.clock()
        instants = [next_due(self._snapshot(pair), policy)]
        if desk is not None:
            desk.tell(pair.ports.store)
            instants += [at for at in (desk.next_due(),) if at is not None and at > now]
        seconds = [(at - now).total_seconds() for at in instants if at is not None]
        return min(LOOK_AGAIN, max(0.05, min(seconds, default=LOOK_AGAIN)))

    def _start_hinted(self, pair: Running, desk: Desk) -> None:
        """
        Have flows look at records that were hinted at, before whatever else is due.

        A flow that is under way is let end; one whose own run is due runs whole first, so that no
        number of hints keeps it from that; of one that is paused the hints are left to that run.
        """
        snapshot, policy = self._snapshot(pair), pair.config.flows.schedule
        whole, room = due_tasks(snapshot, policy), policy.at_once - len(snapshot.running)
        for flow in desk.flows_due():
            task = Task(flow.value)
            if task in snapshot.paused:
                desk.leave(flow)
            elif room > 0 and task not in whole and task not in snapshot.running:
                self._start(pair, task, partial(self._hinted, pair, desk, flow))
                room -= 1

    def _snapshot(self, pair: Running) -> ScheduleSnapshot:
        with self._lock:
            running = frozenset(task for name, task in self._threads if name == pair.name)
        now = pair.ports.clock()
        return schedule_of(pair.config, pair.ports.store, now=now, running=running)

    def _start(self, pair: Running, task: Task, act: Callable[[], tuple[str, bool]]) -> None:
        name, arguments = f"{pair.name} {task.value}", (pair, task, act)
        thread = threading.Thread(target=self._run, args=arguments, name=name, daemon=True)
        with self._lock:
            self._threads[pair.name, task] = thread
        thread.start()

    def _whole(self, pair: Running, task: Task) -> tuple[str, bool]:
        report = run_task(Asked(task), pair.config, pair.ports)
        return report.summary(), report.ok

    def _hinted(self, pair: Running, desk: Desk, flow: Flow) -> tuple[str, bool]:
        """Look at records that were hinted at; what was looked at in vain waits once more."""
        taken = desk.take(flow)
        missed: Sequence[Hint] = taken.hints
        young: Mapping[Hint, timedelta] = {}
        try:
            (report,) = run_hints(taken.hints, pair.config, pair.ports)
            stopped = report.report is not None and report.report.stopped is not None
            missed, young = (taken.hints, {}) if stopped else (report.missing, report.young)
            return report.summary(), report.report is None or report.report.ok
        finally:
            desk.give_back(taken, missed, young)

    def _run(self, pair: Running, task: Task, act: Callable[[], tuple[str, bool]]) -> None:
        started = pair.ports.clock()
        try:
            summary, ok = act()
            self._say(pair, task, started, summary, ok=ok)
        except StoreError as error:
            # a run that the store could not note is due again at once: not before a rest
            self._say(pair, task, started, f"{flow_of(task)}: {error}", ok=False)
            self._stop.wait(LOOK_AGAIN)
        except OroPrimaError as error:
            self._say(pair, task, started, f"{flow_of(task)}: {error}", ok=False)
        except Exception as error:  # noqa: BLE001 - the edge: one flow's bug ends no other flow
            self._say(pair, task, started, f"{flow_of(task)}: {type(error).__name__}", ok=False)
        finally:
            with self._lock:
                self._threads.pop((pair.name, task), None)
            self._wake.set()

    def _say(self, pair: Running, what: str, started: datetime, summary: str, *, ok: bool) -> None:
        tree: dict[str, object] = {
            "at": started.isoformat(), "pair": pair.name, "task": what, "ok": ok,
            "summary": summary,
        }  # fmt: skip
        self._tell(tree, f"{started:%H:%M:%S} {pair.name}  {summary}")

    def health(self) -> tuple[bool, dict[str, object]]:
        """Tell whether no flow is late and the loop runs, and the state of each flow."""
        pairs: dict[str, object] = {}
        late: list[str] = []
        for pair in self._pairs:
            snapshot, policy = self._snapshot(pair), pair.config.flows.schedule
            late += [f"{pair.name} {task.value}" for task in late_tasks(snapshot, policy)]
            pairs[pair.name] = flow_states(snapshot, pair.config)
        hints = {name: counts_json(desk.counts()) for name, desk in self.desks.items()}
        well = not late and not self.ending
        tree: dict[str, object] = {
            "ok": well, "ending": self.ending, "late": late, "pairs": pairs,
        }  # fmt: skip
        return well, tree | {"webhooks": hints} if hints else tree
