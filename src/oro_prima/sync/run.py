"""
One run of one flow: its lease, its clock and its journal.

The run's clock is the shop's own: what a server stamps and what we compare with it must not come
from two clocks. Leases go by the store's clock.
"""

from __future__ import annotations

import secrets
from collections.abc import Generator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

from attrs import define, evolve, field

from oro_prima.errors import CallError, FlowStoppedError, StoreError
from oro_prima.oro.calls.features import OroFeatures, probe_features
from oro_prima.oro.models.features import with_known
from oro_prima.ports import Event, Ports, Transaction
from oro_prima.prima.models.files import Unmoved
from oro_prima.records import Flow, JournalEntry, Lease
from oro_prima.sync.report import Stopped

ENDING = "the process was asked to end; the next run goes on from here"


@define
class FlowRun:
    """
    What a run carries along; the only thing in this room that changes.

    `unknown_in_a_row` counts sends without an answer; a run stops at the policy's number.
    `recorded` counts the batches that were recorded.
    """

    ports: Ports
    flow: Flow
    id: str
    lease: Lease | None
    features: OroFeatures
    offset: timedelta
    started: datetime
    renewed: datetime
    unknown_in_a_row: int = 0
    recorded: int = 0
    stopped: Stopped | None = field(default=None)
    patience: timedelta = timedelta(0)

    def now(self) -> datetime:
        """Return the instant by the shop's clock, in whole microseconds, UTC."""
        return self.ports.clock() + self.offset

    def keep_lease(self, outlive: timedelta = timedelta(0)) -> None:
        """
        Renew the lease when it is due, and make sure that it outlives a call of `outlive`.

        A process that is to end stops the flow here, after the record at hand.

        Raises:
            StoreError: the lease was lost to another run.
        """
        if self.lease is None:
            return
        if self.ports.stopping():
            self.stop(ENDING)
        policy, store = self.ports.run, self.ports.store
        due = self.ports.clock() - self.renewed >= policy.lease_renewal
        if not due and store.remaining(self.lease) > outlive:
            return
        self.lease = store.renew(self.lease, last=policy.lease + self.patience)
        self.renewed = self.ports.clock()
        if store.remaining(self.lease) <= outlive:
            msg = f"run.lease ({policy.lease}) must be longer than a call's time-out ({outlive})"
            raise StoreError(msg)

    def beat(self) -> None:
        """
        Renew the lease when it is due, in the midst of an answer.

        A lease that is lost is no reason to leave the answer unread: the store refuses the next
        write, and the next send finds it as well.
        """
        with suppress(StoreError):
            self.keep_lease()

    @contextmanager
    def patient(self, wait: timedelta) -> Generator[None, None, None]:
        """Hold a lease that outlives `wait` without a byte, as for a large answer."""
        self.patience = wait
        try:
            self.keep_lease(wait)
            yield
        finally:
            self.patience = timedelta(0)

    @property
    def fence(self) -> int:
        """The fencing number of the lease; 0 for a run that only looks."""
        return self.lease.fence if self.lease is not None else 0

    @contextmanager
    def write(self) -> Generator[Transaction, None, None]:
        """
        Open a transaction under this run's fencing number.

        Raises:
            StoreError: the run only looks, or its lease was lost.
        """
        if self.lease is None:
            msg = "a preview writes nothing"
            raise StoreError(msg)
        with self.ports.store.transaction(self.lease) as tx:
            yield tx

    def note(self, tx: Transaction, what: str, subject: str, detail: str = "") -> None:
        """Add a line to the journal."""
        tx.add_journal(JournalEntry(self.now(), self.id, self.flow.value, what, subject, detail))

    def tell(
        self, what: str, subject: str = "", *, done: int = 0, total: int = 0, outcome: str = ""
    ) -> None:
        """Tell the observer."""
        self.ports.observer(Event(self.flow, what, subject, done, total, outcome))

    def stop(self, why: str, error: CallError | None = None) -> None:
        """Stop the flow after the record at hand; the first reason stays."""
        if self.stopped is None:
            self.stopped = Stopped(why, error)
            if error is not None:
                self.ports.seen.forget()
            self.tell("stopped", why)


def note_run(run: FlowRun, what: str, detail: str = "") -> None:
    """Say in the journal, and to the observer, that a run began or how it ended."""
    run.tell(what, run.id)
    with run.write() as tx:
        run.note(tx, what, "run", detail)


def note_ending(run: FlowRun, detail: str) -> None:
    """Say that a run ended, or that it was stopped."""
    note_run(run, "run stopped" if run.stopped else "run ended", detail)


@contextmanager
def flow_run(ports: Ports, flow: Flow) -> Generator[FlowRun, None, None]:
    """
    Take the lease, ask the shop for its features and its time, and give the lease back at the end.

    Raises:
        StoreError: another run holds the lease, or there is no cut-over record.
        CallError: OroCommerce cannot be asked.
    """
    require_cut_over(ports)
    run_id = secrets.token_hex(8)
    lease = ports.store.acquire(flow, run_id, last=ports.run.lease)
    try:
        run = _begin(ports, flow, run_id, lease, _features(ports))
        with ports.pulse.during(run.beat):
            yield run
    finally:
        ports.store.release(lease)


@contextmanager
def alone(ports: Ports, flow: Flow) -> Generator[FlowRun, None, None]:
    """
    Take the lease for work on a record that is at hand: the shop is not asked, not even its time.

    Raises:
        StoreError: another run holds the lease, or there is no cut-over record.
    """
    require_cut_over(ports)
    run_id = secrets.token_hex(8)
    lease = ports.store.acquire(flow, run_id, last=ports.run.lease)
    try:
        run = _begin(ports, flow, run_id, lease, OroFeatures())
        with ports.pulse.during(run.beat):
            yield run
    finally:
        ports.store.release(lease)


def look(ports: Ports, flow: Flow) -> FlowRun:
    """
    Return a run that reads and never writes: no lease, no journal, and files stay where they are.

    Raises:
        CallError: OroCommerce cannot be asked.
    """
    unmoved = evolve(ports, files=Unmoved(ports.files))
    return _begin(unmoved, flow, "preview", None, _features(ports))


def _features(ports: Ports) -> OroFeatures:
    """Ask the shop what it can do, except for what is known or was seen lately."""
    found = probe_features(ports.shop, seen=ports.seen.features)
    ports.seen.note(found)
    return with_known(found, ports.known)


def _begin(
    ports: Ports, flow: Flow, run_id: str, lease: Lease | None, features: OroFeatures
) -> FlowRun:
    here = ports.clock()
    there = features.server_now
    offset = there - here if there is not None else timedelta(0)
    return FlowRun(ports, flow, run_id, lease, features, offset, here + offset, here)


def require_cut_over(ports: Ports) -> None:
    """Refuse to act with a store that no person ever put into use."""
    if ports.store.cut_over() is None:
        msg = (
            "this store has no cut-over record, so nothing is posted: run "
            "`oro-prima cut-over --by NAME` once, or restore the right store; with another url, "
            "organization or company it is another pair, with a record of its own"
        )
        raise FlowStoppedError(msg)
