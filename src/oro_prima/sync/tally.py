"""What a run of a flow has done so far, and its report, also where a system stops it half way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal

from attrs import define, field

from oro_prima.errors import CallError
from oro_prima.plans.scopes import EVERYTHING, Scope, scope_text
from oro_prima.ports import Ports, Transaction
from oro_prima.reasons import Reason
from oro_prima.records import ExceptionRecord, Flow
from oro_prima.sync.report import FlowReport, Stopped
from oro_prima.sync.run import FlowRun, flow_run, note_ending, note_run
from oro_prima.sync.settle import hold, resolve


@define
class Tally:
    """Counts by name, and the records that are newly held."""

    counts: Counter[str] = field(factory=Counter[str])
    held: dict[str, ExceptionRecord] = field(factory=dict[str, ExceptionRecord])

    def add(self, name: str, count: int = 1) -> None:
        """Count; a name stands in the report from its first count on, also one of 0."""
        self.counts[name] += count

    def settle(
        self,
        run: FlowRun,
        tx: Transaction,
        subject: str,
        reasons: tuple[Reason, ...],
        *,
        value: Decimal | None = None,
        currency: str = "",
    ) -> None:
        """Hold a subject for its reasons; without any, settle the record that waits."""
        store, now = run.ports.store, run.now()
        if not reasons:
            resolve(store, tx, run.flow, subject, now=now)
            return
        record, fresh = hold(
            store, tx, run.flow, subject, reasons,
            now=now, value=value, currency=currency, policy=run.ports.run,
        )  # fmt: skip
        if fresh:
            self.held[subject] = record


def reported(
    ports: Ports, flow: Flow, act: Callable[[FlowRun, Tally], None], scope: Scope = EVERYTHING
) -> FlowReport:
    """
    Do a run under the lease of its flow, and report it; the journal names its scope.

    A system that cannot be asked stops the run; what was done before stays done and is counted.

    Raises:
        FlowStoppedError: the store has no cut-over record.
        StoreError: the store failed, or another run holds the lease of the flow.
    """
    tally, started, run_id = Tally(), ports.clock(), ""
    stopped: Stopped | None = None
    try:
        with flow_run(ports, flow) as run:
            run_id, started = run.id, run.started
            note_run(run, "run began", f"of {scope_text(scope)}")
            try:
                act(run, tally)
            except CallError as error:
                run.stop(str(error), error)
            stopped = run.stopped
            done = ", ".join(f"{count} {name}" for name, count in tally.counts.items())
            note_ending(run, done or ("nothing done" if stopped else "nothing to do"))
    except CallError as error:
        stopped = Stopped(str(error), error)
    held = tuple(tally.held.values())
    return FlowReport(flow, run_id, started, ports.clock(), dict(tally.counts), held, stopped)
