"""When each flow ran last, and which ones people paused: kept in the store, for people and runs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from attrs import frozen

from oro_prima.errors import FlowStoppedError
from oro_prima.mapping.schedule import LastRun, Task, flow_of
from oro_prima.ports import Store
from oro_prima.records import Flow, JournalEntry
from oro_prima.sync.keeping import keep, recall

LAST, PAUSED = "state/last/", "state/paused"


@frozen
class Paused:
    """Who paused a flow, when, and why."""

    by: str
    at: datetime
    note: str = ""


def pause_flow(store: Store, *, flow: Flow, by: str, at: datetime, note: str = "") -> bool:
    """Pause a flow: no run of it begins until it is resumed. False where it is paused already."""
    if PAUSED in store.kept(flow, (PAUSED,)):
        return False
    with store.transaction() as tx:
        tx.put_kept(keep(flow, PAUSED, Paused(by, at, note), at=at))
        tx.add_journal(
            JournalEntry(at, "", flow.value, "paused", f"flows/{flow.value}", "", by, note)
        )
    return True


def resume_flow(store: Store, *, flow: Flow, by: str, at: datetime, note: str = "") -> bool:
    """Let a paused flow run again; False where it is not paused."""
    with store.transaction() as tx:
        if not tx.drop_kept(flow, PAUSED):
            return False
        tx.add_journal(
            JournalEntry(at, "", flow.value, "resumed", f"flows/{flow.value}", "", by, note)
        )
    return True


def paused_flows(store: Store) -> Mapping[Flow, Paused]:
    """Return the flows that people paused."""
    found = {flow: store.kept(flow, (PAUSED,)).get(PAUSED) for flow in Flow}
    return {flow: recall(kept, Paused) for flow, kept in found.items() if kept is not None}


def refuse_paused(store: Store, flow: Flow) -> None:
    """
    Refuse to begin a run of a paused flow.

    Raises:
        FlowStoppedError: naming who paused it, when and why.
    """
    paused = paused_flows(store).get(flow)
    if paused is not None:
        why = f": {paused.note}" if paused.note else ""
        msg = (
            f"{flow.value} was paused by {paused.by} on {paused.at:%Y-%m-%d %H:%M}{why}; "
            f"`oro-prima resume {flow.value} --by NAME` lets it run again"
        )
        raise FlowStoppedError(msg)


def last_runs(store: Store) -> Mapping[Task, LastRun]:
    """Return when each task ran last, as far as it ever did."""
    found: dict[Task, LastRun] = {}
    for task in Task:
        subject = f"{LAST}{task.value}"
        kept = store.kept(Flow(flow_of(task)), (subject,)).get(subject)
        if kept is not None:
            found[task] = recall(kept, LastRun)
    return found


def note_run(
    store: Store, task: Task, *, started: datetime, finished: datetime, stopped: bool, summary: str
) -> LastRun:
    """
    Keep how a run ended.

    Args:
        store: Where.
        task: What was run.
        started: By the clock of whoever runs it.
        finished: By the same.
        stopped: It stopped before its end; what waits for a person is no stop.
        summary: What it said of itself; nothing personal.
    """
    before = last_runs(store).get(task)
    stops = (before.stops if before else 0) + 1 if stopped else 0
    well = (before.ended_well if before else None) if stopped else finished
    last = LastRun(started, finished, stops, well, summary)
    with store.transaction() as tx:
        flow = Flow(flow_of(task))
        tx.put_kept(keep(flow, f"{LAST}{task.value}", last, at=finished))
    return last
