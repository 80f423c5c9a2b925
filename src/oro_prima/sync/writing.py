"""Writing levels: decreases before increases, a refused level never stops the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from attrs import define, field

from oro_prima.call import each
from oro_prima.errors import CallError, Effect, Fault, RejectedError
from oro_prima.ids import OroOperationId
from oro_prima.mapping.policy import StockPolicy
from oro_prima.oro.calls.batch import (
    AsyncOperation,
    Settlement,
    get_operation,
    list_operation_errors,
    set_levels,
    settled,
)
from oro_prima.oro.calls.bulk import write_all
from oro_prima.oro.calls.drafts import Entry
from oro_prima.oro.calls.stock import set_inventory_status, set_level
from oro_prima.oro.models.operations import Done, Refused
from oro_prima.oro.models.products import PRODUCTS, ProductFields
from oro_prima.plans.commands import SetInventoryStatus, SetLevel
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.records import ExceptionRecord, Flow, Outstanding
from oro_prima.sync.operations import bulk_of
from oro_prima.sync.run import FlowRun
from oro_prima.sync.settle import hold, resolve

LONGEST_PAUSE = timedelta(seconds=10)
CONSUMER_HINT = "is the message-queue consumer running?"


@define
class Written:
    """What was written so far."""

    changed: list[SetLevel] = field(factory=list[SetLevel])
    refused: int = 0
    in_doubt: int = 0
    statuses: int = 0
    held: dict[str, ExceptionRecord] = field(factory=dict[str, ExceptionRecord])
    failing: set[str] = field(factory=set[str])


def level_subject(command: SetLevel) -> str:
    """Return the subject of a level's exception record."""
    return f"stock/{command.sku}/{command.unit}"


def write_levels(
    run: FlowRun, policy: StockPolicy, commands: Sequence[SetLevel], written: Written
) -> None:
    """
    Write levels: one by one while they are few, else by batches that are awaited.

    A system that is down stops the run; a level that is refused becomes an exception record.
    """
    if len(commands) <= policy.single_writes:
        for command in commands:
            _write_one(run, command, written)
            if run.stopped is not None:
                return
    else:
        for chunk in _chunks(commands, policy.batch_size):
            _write_batch(run, chunk, written)
            if run.stopped is not None:
                return


def _write_one(run: FlowRun, command: SetLevel, written: Written) -> None:
    run.keep_lease(run.ports.shop_timeout)
    run.ports.step("before-write")
    try:
        run.ports.shop.send(set_level(command.level, quantity=command.quantity))
    except CallError as error:
        _failed(run, (command,), error, written)
    else:
        run.ports.step("after-write")
        _done(run, (command,), written)


def _failed(run: FlowRun, commands: Sequence[SetLevel], error: CallError, written: Written) -> None:
    if error.fault is Fault.RECORD:
        for command in commands:
            _hold(run, command, ReasonCode.LEVEL_REFUSED, _why(error), written)
        written.refused += len(commands)
        return
    if error.effect is Effect.UNKNOWN:
        _all_in_doubt(run, commands, "no answer came", written)
    run.stop(str(error), error)


def _why(error: CallError) -> str:
    return f"status {error.status}: {', '.join(error.codes)}" if error.codes else error.detail


def _done(run: FlowRun, commands: Sequence[SetLevel], written: Written) -> None:
    written.changed.extend(commands)
    store, now = run.ports.store, run.now()
    if not commands:
        return
    with run.write() as tx:
        run.note(tx, "levels written", "stock", ", ".join(map(_change, commands)))
        for command in commands:
            old = store.exception(Flow.STOCK, level_subject(command))
            if old is not None and not (command.quantity < command.previous and is_fall(old)):
                resolve(store, tx, Flow.STOCK, old.subject, now=now)


def is_fall(record: ExceptionRecord) -> bool:
    """
    Tell whether a record says that a level fell far, and nobody has looked at it.

    It was written, so only a rise or a person settles it; otherwise nobody would ever see it.
    """
    codes = {reason.code for reason in record.reasons}
    return codes == {ReasonCode.FALL_OUTSIDE_BAND} and not record.retry


def _change(command: SetLevel) -> str:
    return f"{command.sku}/{command.unit} {command.previous}>{command.quantity}"


def _hold(run: FlowRun, command: SetLevel, code: ReasonCode, detail: str, written: Written) -> None:
    subject = level_subject(command)
    with run.write() as tx:
        record, fresh = hold(
            run.ports.store,
            tx,
            Flow.STOCK,
            subject,
            (Reason(code, subject, f"level {command.level}: {detail}"),),
            now=run.now(),
        )
    written.failing.add(subject)
    if fresh:
        written.held[subject] = record


def _write_batch(run: FlowRun, commands: Sequence[SetLevel], written: Written) -> None:
    run.keep_lease(run.ports.shop_timeout)
    wanted = tuple((command.level, command.quantity) for command in commands)
    run.ports.step("before-write")
    try:
        operation = run.ports.shop.send(set_levels(wanted))
    except CallError as error:
        _failed(run, commands, error, written)
        return
    run.ports.step("after-write")
    levels = tuple(command.level for command in commands)
    with run.write() as tx:
        tx.put_outstanding(Outstanding(operation.id, levels, run.now()))
    try:
        ended = await_operation(run, operation)
    except RejectedError:
        ended = None
    _settle_batch(run, operation.id, commands, ended, written)


def await_operation(run: FlowRun, operation: AsyncOperation) -> AsyncOperation:
    """
    Wait for an operation with growing pauses, no longer than the policy says.

    Returns:
        The operation as it was seen last; it may still write.

    Raises:
        RejectedError: the operation vanished.
    """
    policy = run.ports.run
    pause, waited = policy.first_poll, timedelta(0)
    while not operation.ended and waited < policy.poll_limit:
        run.ports.sleep(pause.total_seconds())
        run.keep_lease()
        waited += pause
        pause = min(pause * 3 / 2, LONGEST_PAUSE)
        operation = run.ports.shop.send(get_operation(operation.id))
    return operation


def _settle_batch(
    run: FlowRun,
    operation: OroOperationId,
    commands: Sequence[SetLevel],
    ended: AsyncOperation | None,
    written: Written,
) -> None:
    outcome = settled(ended, sent=len(commands))
    if outcome in (Settlement.PENDING, Settlement.NOT_STARTED):
        _all_in_doubt(run, commands, CONSUMER_HINT, written)
        run.stop("OroCommerce took a batch of levels and does not finish it; " + CONSUMER_HINT)
        return
    with run.write() as tx:
        tx.drop_outstanding(operation)
    if outcome in (Settlement.CUT_OFF, Settlement.VANISHED, Settlement.FAILED):
        _all_in_doubt(run, commands, f"the operation ended as {outcome.value}", written)
        return
    bad = _bad_items(run, operation) if outcome is Settlement.PARTIAL else {}
    _done(run, [c for index, c in enumerate(commands) if index not in bad], written)
    for index, titles in bad.items():
        _hold(run, commands[index], ReasonCode.LEVEL_REFUSED, titles, written)
        written.refused += 1


def _all_in_doubt(
    run: FlowRun, commands: Sequence[SetLevel], detail: str, written: Written
) -> None:
    for command in commands:
        _hold(run, command, ReasonCode.LEVEL_IN_DOUBT, detail, written)
    written.in_doubt += len(commands)


def _bad_items(run: FlowRun, operation: OroOperationId) -> dict[int, str]:
    """Return the index of each record that was refused, and why; empty where it is forgotten."""
    bad: dict[int, str] = {}
    try:
        for error in each(run.ports.shop, list_operation_errors(operation)):
            if error.index is not None:
                known = f"{bad[error.index]}, " if error.index in bad else ""
                bad[error.index] = known + error.title
    except RejectedError:
        return {}
    return bad


def write_statuses(
    run: FlowRun, policy: StockPolicy, commands: Sequence[SetInventoryStatus], written: Written
) -> None:
    """
    Set `inventory_status` of products whose status changes: one by one while they are few.

    A refusal is only counted: the status says no more than the levels, and is compared again.
    """
    if len(commands) > policy.single_writes:
        _write_many_statuses(run, commands, written)
        return
    for command in commands:
        if run.stopped is not None:
            return
        run.keep_lease(run.ports.shop_timeout)
        try:
            run.ports.shop.send(set_inventory_status(command.product, status=command.status))
        except RejectedError:
            written.refused += 1
        except CallError as error:
            run.stop(str(error), error)
        else:
            written.statuses += 1


def _write_many_statuses(
    run: FlowRun, commands: Sequence[SetInventoryStatus], written: Written
) -> None:
    """Set statuses by batches; one that is left in doubt is compared again by the next run."""
    if run.stopped is not None:
        return
    entries = [
        Entry(ProductFields(inventory_status=command.status), key=command.product)
        for command in commands
    ]
    run.keep_lease(run.ports.shop_timeout)
    try:
        for outcome in write_all(run.ports.shop, PRODUCTS, entries=entries, bulk=bulk_of(run)):
            run.keep_lease()
            written.statuses += isinstance(outcome, Done)
            written.refused += isinstance(outcome, Refused)
    except CallError as error:
        run.stop(str(error), error)


def _chunks(commands: Sequence[SetLevel], size: int) -> Iterator[Sequence[SetLevel]]:
    for start in range(0, len(commands), size):
        yield commands[start : start + size]
