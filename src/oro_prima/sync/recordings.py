"""Recording what a run looked at and decided, and planning it again: the same, or told why not."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from enum import StrEnum

from attrs import frozen

from oro_prima.ids import OroOrderId
from oro_prima.mapping.policy import OrderPolicy
from oro_prima.plans.flow_recording import (
    FlowPlan,
    Question,
    answer,
    decode_question,
    encode_question,
    hash_of_answer,
    holds_order,
)
from oro_prima.plans.invoices import InvoicePlan
from oro_prima.plans.orders import OrderPlan
from oro_prima.plans.recording import (
    Recording,
    decode_recording,
    encode_recording,
    hash_of_plan,
    replan,
)
from oro_prima.plans.snapshots import OrderSnapshot
from oro_prima.ports import Recordings, Store
from oro_prima.records import Flow, JournalEntry
from oro_prima.sync.run import FlowRun

RECORDED = "recorded"
"""The word of the journal's line that keeps the hashes of a recording and of its plan."""


class Replay(StrEnum):
    """What came of planning a recorded batch again."""

    SAME = "same"
    DIFFERS = "differs"
    """Another plan; this release decides otherwise than the one that ran."""
    CHANGED = "changed"
    """The recording is not what the journal keeps the hash of."""
    ERASED = "erased"


@frozen
class Replayed:
    """One recorded batch, and what came of planning it again; None where it cannot be read."""

    name: str
    run: str
    outcome: Replay
    recording: Recording | None = None


@frozen
class FlowReplayed:
    """One recorded run of another flow, and what came of planning it again."""

    name: str
    run: str
    flow: Flow
    outcome: Replay
    question: Question | None = None


def keep_recording(
    run: FlowRun, snapshot: OrderSnapshot, plan: OrderPlan, policy: OrderPolicy
) -> None:
    """Keep a batch and its plan where the ports say so, and their hashes in the journal."""
    keeper = run.ports.recordings
    if keeper is None or not plan.decisions:
        return
    body = encode_recording(Recording(snapshot, policy, plan))
    _keep(run, keeper, body, hash_of_plan(plan))


def keep_question(run: FlowRun, question: Question, plan: FlowPlan) -> None:
    """
    Keep what a run of another flow looked at, where the ports say so and it has something to write.

    A run without anything to write is not kept: its plan is empty, and most runs are like that.
    """
    keeper = run.ports.recordings
    if keeper is not None and _writes(plan):
        _keep(run, keeper, encode_question(question), hash_of_answer(plan))


def _writes(plan: FlowPlan) -> bool:
    return bool(plan.keep if isinstance(plan, InvoicePlan) else plan.commands)


def _keep(run: FlowRun, keeper: Recordings, body: bytes, plan: str) -> None:
    run.recorded += 1
    name = f"{run.started:%Y%m%dT%H%M%SZ}-{run.id}-{run.recorded:04}"
    keeper.put(name, body)
    with run.write() as tx:
        run.note(tx, RECORDED, f"recordings/{name}", f"sha256 {_digest(body)}, plan {plan}")


def erase_recordings(run: FlowRun) -> None:
    """Erase recordings that are older than payloads are kept."""
    if run.ports.recordings is not None:
        run.ports.recordings.erase(before=run.now() - run.ports.run.keep_payload)


def forget_recordings(store: Store, recordings: Recordings, *, order: OroOrderId) -> int:
    """
    Erase every recording that holds an order; returns how many it were.

    The other orders of those batches cannot be replayed any more either. One that was changed is
    erased too: nobody can tell what it holds.
    """
    erased = 0
    for line in _recorded(store.journal(), ""):
        name, found, _plan = _found(line, recordings)
        named = not isinstance(found, Replay) and _holds(Flow(line.flow), found, order)
        if named or found is Replay.CHANGED:
            erased += recordings.drop(name)
    return erased


def _holds(flow: Flow, body: bytes, order: OroOrderId) -> bool:
    """Tell whether a recording of a flow holds what belongs to one order."""
    if flow is not Flow.ORDERS:
        return holds_order(decode_question(flow, body), order)
    snapshot = decode_recording(body).snapshot
    return any(one.id == order for one in (*snapshot.orders, *snapshot.namesakes))


def replay_orders(store: Store, recordings: Recordings, *, run: str = "") -> Iterator[Replayed]:
    """
    Plan every recorded batch again, in the order they were made; nothing is sent or kept.

    Args:
        store: Its journal says which recordings there are, and what they must be.
        recordings: Where they are kept.
        run: One run's id alone; empty for all.
    """
    for line in _recorded(store.journal(), run):
        if line.flow == Flow.ORDERS.value:
            name, found, plan = _found(line, recordings)
            if isinstance(found, Replay):
                yield Replayed(name, line.run, found)
            else:
                yield _again(name, line.run, found, plan)


def replay_flows(store: Store, recordings: Recordings, *, run: str = "") -> Iterator[FlowReplayed]:
    """
    Plan every recorded run of the other flows again, in the order they were made.

    Args:
        store: Its journal says which recordings there are, and what they must be.
        recordings: Where they are kept.
        run: One run's id alone; empty for all.
    """
    for line in _recorded(store.journal(), run):
        if line.flow == Flow.ORDERS.value:
            continue
        flow = Flow(line.flow)
        name, found, plan = _found(line, recordings)
        if isinstance(found, Replay):
            yield FlowReplayed(name, line.run, flow, found)
        else:
            question = decode_question(flow, found)
            same = hash_of_answer(answer(question)) == plan
            outcome = Replay.SAME if same else Replay.DIFFERS
            yield FlowReplayed(name, line.run, flow, outcome, question)


def _found(line: JournalEntry, recordings: Recordings) -> tuple[str, bytes | Replay, str]:
    """Return a recording's name, its bytes or why there are none, and the hash of its plan."""
    name = line.subject.partition("/")[2]
    body_hash, plan = line.detail.removeprefix("sha256 ").split(", plan ")
    body = recordings.get(name)
    if body is None:
        return name, Replay.ERASED, plan
    return name, body if _digest(body) == body_hash else Replay.CHANGED, plan


def _recorded(journal: Iterable[JournalEntry], run: str) -> Iterator[JournalEntry]:
    for line in journal:
        if line.what == RECORDED and (not run or line.run == run):
            yield line


def _again(name: str, run: str, body: bytes, plan: str) -> Replayed:
    recording = decode_recording(body)
    same = hash_of_plan(replan(recording)) == plan
    return Replayed(name, run, Replay.SAME if same else Replay.DIFFERS, recording)


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
