"""Flows run by their configuration: which ones can be, one run of one, and how it is noted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from oro_prima.cli.asked import ALL_OF_IT, Approval, Asked, run_asked
from oro_prima.cli.tables import Report
from oro_prima.config import Config
from oro_prima.mapping.hints import Hint
from oro_prima.mapping.schedule import ScheduleSnapshot, Task, due_at, flow_of, late_tasks
from oro_prima.ports import Ports, Store
from oro_prima.prima.models.capabilities import Capability
from oro_prima.sync import (
    HintCounts,
    HintReport,
    last_runs,
    next_turn,
    note_run,
    paused_flows,
    refuse_paused,
    sync_hints,
)
from oro_prima.sync.run import ENDING

NEEDS = {
    Task.CUSTOMERS: Capability.ACCOUNT,
    Task.PRICES: Capability.PRICE_BOOK,
    Task.INVOICES: Capability.INVOICE,
}
"""What must be bound for a task to be run by itself."""


def tasks_of(config: Config) -> frozenset[Task]:
    """Return what can be run: what a flow needs is bound, and some list is made of a book."""
    bound = dict(config.prima.bindings)
    found = {task for task in Task if task not in NEEDS or NEEDS[task] in bound}
    if not config.flows.customers.price_lists:
        found.discard(Task.PRICES)
    return frozenset(found)


def run_task(asked: Asked, config: Config, ports: Ports, approval: Approval = ALL_OF_IT) -> Report:
    """
    Run a task once unless its flow is paused, and keep how it ended, for `status` and `run`.

    A run that was asked to end has not failed. One of a scope says nothing of when the flow ran:
    that of everything is due as before.

    Raises:
        FlowStoppedError: a person paused the flow.
        OroPrimaError: it cannot be run.
    """
    store, started = ports.store, ports.clock()
    refuse_paused(store, asked.flow)
    if not asked.whole:
        return run_asked(asked, config, ports, approval)
    summary, stopped = "it could not be run", True
    ports.step("before-run")
    try:
        report = run_asked(asked, config, ports, approval)
        ports.step("after-run")
        summary = report.summary()
        stopped = report.stopped is not None and report.stopped.why != ENDING
        return report
    finally:
        note_run(
            store, asked.task,
            started=started, finished=ports.clock(), stopped=stopped, summary=summary,
        )  # fmt: skip
        ports.step("after-noted")


def run_hints(hints: Sequence[Hint], config: Config, ports: Ports) -> tuple[HintReport, ...]:
    """
    Have the flows of hints look at their records, unless a person paused one.

    It says nothing of when a flow ran: that of everything is due as before.

    Raises:
        FlowStoppedError: a person paused the flow.
        OroPrimaError: it cannot be run.
    """
    for flow in {hint.flow for hint in hints}:
        refuse_paused(ports.store, flow)
    return sync_hints(ports, hints, orders=config.orders, customers=config.flows.customers)


def schedule_of(
    config: Config, store: Store, *, now: datetime, running: frozenset[Task] = frozenset()
) -> ScheduleSnapshot:
    """Return what a decision on the next run looks at."""
    paused = {flow.value for flow in paused_flows(store)}
    return ScheduleSnapshot(
        now=now,
        tasks=tasks_of(config),
        zone=config.orders.zone,
        last=last_runs(store),
        running=running,
        paused=frozenset(task for task in Task if flow_of(task) in paused),
        seed=str(config.pair.id),
        turn=next_turn(store, config.flows.customers.price_lists.values()),
    )


def flow_states(snapshot: ScheduleSnapshot, config: Config) -> dict[str, dict[str, object]]:
    """Return the state of each task that can be run: when it ran last, and is due again."""
    policy = config.flows.schedule
    late = late_tasks(snapshot, policy)
    found: dict[str, dict[str, object]] = {}
    for task in sorted(snapshot.tasks, key=list(Task).index):
        last, due = snapshot.last.get(task), due_at(task, snapshot, policy)
        found[task.value] = {
            "last": last.finished.isoformat() if last else None,
            "summary": last.summary if last else "",
            "stops": last.stops if last else 0,
            "paused": task in snapshot.paused,
            "running": task in snapshot.running,
            "late": task in late,
            "due": due.isoformat() if due else None,
        }
    return found


def states_of(config: Config, store: Store, *, now: datetime) -> dict[str, dict[str, object]]:
    """Return the state of each task, as the store knows it: what is under way it does not."""
    return flow_states(schedule_of(config, store, now=now), config)


def counts_json(counts: HintCounts) -> dict[str, int]:
    """Return what became of webhooks as a tree: each word with its count, and how many wait."""
    return {"waiting": counts.waiting, **counts.counts}


def counts_text(counts: HintCounts) -> str:
    """Return what became of webhooks as one line."""
    words = ", ".join(f"{count} {word}" for word, count in sorted(counts.counts.items()))
    return f"webhooks: {counts.waiting} waiting{f', {words}' if words else ''}"
