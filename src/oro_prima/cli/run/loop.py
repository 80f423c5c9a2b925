"""The loop of `oro-prima run`: start what is due, wait, and at the end let runs end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime

from attrs import evolve, frozen

from oro_prima.cli.asked import Asked
from oro_prima.cli.tasks import flow_states, run_task, schedule_of
from oro_prima.config import Config
from oro_prima.errors import OroPrimaError, StoreError
from oro_prima.ids import PairId
from oro_prima.mapping.schedule import (
    ScheduleSnapshot,
    Task,
    due_tasks,
    flow_of,
    late_tasks,
    next_due,
)
from oro_prima.ports import Ports

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

    @property
    def ending(self) -> bool:
        """Whether the loop was told to end."""
        return self._stop.is_set()

    def end(self) -> None:
        """Start nothing more; what is under way stops after the record at hand."""
        self._stop.set()
        self._wake.set()

    def run(self) -> list[str]:
        """
        Run until told to end, then wait for what is under way, no longer than the policy says.

        Returns:
            What was still under way at the end.
        """
        while not self._stop.is_set():
            self._wake.clear()
            self._wake.wait(min(self._look(pair) for pair in self._pairs))
        drain = max(pair.config.flows.schedule.drain.total_seconds() for pair in self._pairs)
        deadline = time.monotonic() + drain
        for thread in list(self._threads.values()):
            thread.join(max(0.0, deadline - time.monotonic()))
        with self._lock:
            return [f"{name} {task.value}" for name, task in self._threads]

    def _look(self, pair: Running) -> float:
        """Start what is due; a store that cannot be read now is tried again, and ends no pair."""
        try:
            return self._start_due(pair)
        except StoreError as error:
            self._say(pair, "schedule", pair.ports.clock(), f"schedule: {error}", ok=False)
            return LOOK_AGAIN

    def _start_due(self, pair: Running) -> float:
        """Start what is due of a pair; return the seconds until it should be looked at again."""
        snapshot, policy = self._snapshot(pair), pair.config.flows.schedule
        for task in due_tasks(snapshot, policy):
            self._start(pair, task)
        at = next_due(self._snapshot(pair), policy)
        if at is None:
            return LOOK_AGAIN
        return min(LOOK_AGAIN, max(0.05, (at - pair.ports.clock()).total_seconds()))

    def _snapshot(self, pair: Running) -> ScheduleSnapshot:
        with self._lock:
            running = frozenset(task for name, task in self._threads if name == pair.name)
        now = pair.ports.clock()
        return schedule_of(pair.config, pair.ports.store, now=now, running=running)

    def _start(self, pair: Running, task: Task) -> None:
        thread = threading.Thread(target=self._run, args=(pair, task), daemon=True)
        with self._lock:
            self._threads[pair.name, task] = thread
        thread.start()

    def _run(self, pair: Running, task: Task) -> None:
        started = pair.ports.clock()
        try:
            report = run_task(Asked(task), pair.config, pair.ports)
            self._say(pair, task, started, report.summary(), ok=report.ok)
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
        well = not late and not self.ending
        return well, {"ok": well, "ending": self.ending, "late": late, "pairs": pairs}
