"""Batch operations of a flow: remembered before anything else, looked after by the next run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from oro_prima.errors import RejectedError
from oro_prima.ids import OroOperationId
from oro_prima.oro.calls.batch import get_operation
from oro_prima.oro.calls.bulk import Bulk
from oro_prima.oro.calls.operations import Patience
from oro_prima.sync.keeping import keep, recall
from oro_prima.sync.run import FlowRun

PREFIX = "operations/"
PENDING = "a batch of an earlier run may still write prices"
"""Why nothing is written to price lists now."""


class StoreBook:
    """The operations of one flow that may still write, in its store."""

    def __init__(self, run: FlowRun) -> None:
        self._run = run

    def outstanding(self) -> Mapping[str, OroOperationId]:
        """Return records, each with its operation."""
        kept = self._run.ports.store.kept_below(self._run.flow, PREFIX)
        return {
            record: OroOperationId(one.subject.removeprefix(PREFIX))
            for one in kept
            for record in recall(one, tuple[str, ...])
        }

    def begin(self, operation: OroOperationId, records: Sequence[str]) -> None:
        """Remember before anything else is sent."""
        run = self._run
        with run.write() as tx:
            tx.put_kept(keep(run.flow, f"{PREFIX}{operation}", tuple(records), at=run.now()))

    def end(self, operation: OroOperationId) -> None:
        """Forget an operation that will write no more."""
        with self._run.write() as tx:
            tx.drop_kept(self._run.flow, f"{PREFIX}{operation}")


def bulk_of(run: FlowRun) -> Bulk:
    """Return how a run writes many records, and how long it waits for them."""
    policy = run.ports.run
    patience = Patience(policy.first_poll, timedelta(seconds=10), policy.poll_limit)
    return Bulk(run.features, StoreBook(run), patience, run.ports.sleep)


def look_after(run: FlowRun) -> int:
    """
    Ask after operations of earlier runs, and forget those that ended.

    Returns:
        How many may still write.

    Raises:
        CallError: OroCommerce cannot be asked.
    """
    book, left = StoreBook(run), 0
    for kept in run.ports.store.kept_below(run.flow, PREFIX):
        operation = OroOperationId(kept.subject.removeprefix(PREFIX))
        if _may_write(run, operation):
            left += 1
        else:
            book.end(operation)
    return left


def _may_write(run: FlowRun, operation: OroOperationId) -> bool:
    try:
        return not run.ports.shop.send(get_operation(operation)).ended
    except RejectedError:
        return False
