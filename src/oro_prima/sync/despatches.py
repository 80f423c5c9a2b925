"""
Despatches of an order: asked for by request, or kept from files until somebody wants them.

A file names many orders and is read once, so what it says is kept by order before the file is done
with: a parcel of an order that is still in doubt, or whose tracking the shop refuses today, is not
lost, and a later file adds to it.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager

from attrs import evolve, field, frozen

from oro_prima.errors import Effect, Fault, UnreadableError
from oro_prima.ids import PrimaOrderNumber
from oro_prima.mapping.despatches import merged_despatches
from oro_prima.mapping.numbers import order_of_number
from oro_prima.mapping.policy import OrderPolicy
from oro_prima.ports import DespatchReader, Ports, Store, Transaction
from oro_prima.prima.models.binding import FileBinding, SoapBinding
from oro_prima.prima.models.capabilities import Capability
from oro_prima.prima.models.fulfilment import Despatch
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.records import ExceptionRecord, Flow, Follow
from oro_prima.sync.capabilities import gather_capability
from oro_prima.sync.gather_invoices import entries_of
from oro_prima.sync.keeping import keep, recall
from oro_prima.sync.run import FlowRun
from oro_prima.sync.settle import hold, resolve

PREFIX = "despatches/"
FILES = "despatches/files"


class UnreadableDespatchError(UnreadableError):
    """One order's despatches cannot be read; what Prima says of others may well be."""

    effect = Effect.NONE
    fault = Fault.RECORD


@frozen
class KnownDespatches:
    """What files said of one order so far; nothing personal."""

    number: PrimaOrderNumber
    despatches: tuple[Despatch, ...] = ()


@frozen
class Arrived:
    """
    What files say now.

    Attributes:
        known: The orders of which they say something new, with all that is known of each.
        new: Despatches that were not known before, or otherwise.
        faults: What could not be read.
    """

    known: Mapping[PrimaOrderNumber, KnownDespatches] = field(
        factory=dict[PrimaOrderNumber, KnownDespatches]
    )
    new: int = 0
    faults: tuple[str, ...] = ()


def despatch_reader(ports: Ports) -> DespatchReader | None:
    """Return what reads the despatches of one order; None where they are unbound."""
    match dict(ports.bindings).get(Capability.DESPATCH):
        case SoapBinding():
            return lambda number: _asked(ports, number)
        case FileBinding():
            return lambda number: _kept(ports.store, number).despatches
        case _:
            return None


def _asked(ports: Ports, number: PrimaOrderNumber) -> tuple[Despatch, ...]:
    """
    Ask for the despatches of one order.

    A record with a fault makes the whole answer an `UnreadableDespatchError`: half of an order's
    despatches would be taken for all of them. So does one that names another order.
    """
    about = {"order_number": str(number)}
    with gather_capability(ports, Capability.DESPATCH, Despatch, about=about) as found:
        faults = [*found.faults]
        if any(one.order not in ("", number) for one in found.records):
            faults.append("one is of another order")
        if faults:
            detail = f"despatches of {number}: {faults[0]}"
            raise UnreadableDespatchError("read_despatch", detail)
        return found.records


def _kept(store: Store, number: PrimaOrderNumber) -> KnownDespatches:
    subject = PREFIX + number
    found = store.kept(Flow.FULFILMENT, (subject,)).get(subject)
    return KnownDespatches(number) if found is None else recall(found, KnownDespatches)


@contextmanager
def gather_despatches(run: FlowRun, policy: OrderPolicy) -> Generator[Arrived, None, None]:
    """
    Give what files say of orders of ours; the files are done with at the end of the block.

    Nothing where despatches are not bound to files.

    Raises:
        ConfigError: The directory is not there, or cannot be written to.
    """
    if not isinstance(dict(run.ports.bindings).get(Capability.DESPATCH), FileBinding):
        yield Arrived()
        return
    with gather_capability(run.ports, Capability.DESPATCH, Despatch) as found:
        by_number: dict[PrimaOrderNumber, list[Despatch]] = {}
        for one in found.records:
            by_number.setdefault(one.order, []).append(one)
        nameless = len(by_number.pop(PrimaOrderNumber(""), ()))
        faults = (*found.faults, *(("a despatch names no order",) if nameless else ()))
        yield evolve(_arrived(run.ports.store, by_number, policy), faults=faults)


def _arrived(
    store: Store, found: Mapping[PrimaOrderNumber, list[Despatch]], policy: OrderPolicy
) -> Arrived:
    known: dict[PrimaOrderNumber, KnownDespatches] = {}
    new = 0
    for number, despatches in found.items():
        if not _is_ours(store, number, policy):
            continue
        before = _kept(store, number)
        after = evolve(before, despatches=merged_despatches(before.despatches, despatches))
        if after != before:
            known[number] = after
            new += len(set(after.despatches) - set(before.despatches))
    return Arrived(known, new)


def _is_ours(store: Store, number: PrimaOrderNumber, policy: OrderPolicy) -> bool:
    """Tell whether a number is of our range, or one that a person named; others sell as well."""
    return order_of_number(number, policy=policy) is not None or any(entries_of(store, number))


def keep_despatches(run: FlowRun, policy: OrderPolicy) -> tuple[Arrived, ExceptionRecord | None]:
    """
    Keep what files say of orders of ours, then be done with the files.

    Returns:
        What is new, and the record of what could not be read where that is newly held.
    """
    with gather_despatches(run, policy) as arrived:
        waits = run.ports.store.exception(Flow.FULFILMENT, FILES)
        if not (arrived.known or arrived.faults or (waits is not None and waits.retry)):
            return arrived, None
        with run.write() as tx:
            for number, one in arrived.known.items():
                subject = PREFIX + number
                tx.put_kept(keep(Flow.FULFILMENT, subject, one, at=run.now()))
                run.note(tx, "despatches read", subject, f"{len(one.despatches)} despatches")
            return arrived, _told(run, tx, arrived.faults)


def _told(run: FlowRun, tx: Transaction, faults: tuple[str, ...]) -> ExceptionRecord | None:
    """Hold what could not be read; a person who had it sent again wants it tried again."""
    store, now = run.ports.store, run.now()
    if not faults:
        waits = store.exception(Flow.FULFILMENT, FILES)
        if waits is not None and waits.retry:
            resolve(store, tx, Flow.FULFILMENT, FILES, now=now)
        return None
    reason = Reason(ReasonCode.DESPATCH_UNREADABLE, FILES, "; ".join(faults[:10]))
    policy = run.ports.run
    record, fresh = hold(store, tx, Flow.FULFILMENT, FILES, (reason,), now=now, policy=policy)
    return record if fresh else None


def arrived_orders(run: FlowRun, arrived: Arrived) -> Iterator[Follow]:
    """Yield the accepted orders of which files say something new, finished ones too."""
    known = {follow.order: follow for follow in run.ports.store.follows()} if arrived.known else {}
    for number in arrived.known:
        for entry in entries_of(run.ports.store, number):
            plain = Follow(entry.order, entry.known_as, entry.changed_at)
            yield known.get(entry.order, plain)


def overlaid(ports: Ports, arrived: Arrived) -> Ports:
    """Return ports that read what has just arrived as if it were kept; for a preview."""
    read = ports.despatches
    if read is None or not arrived.known:
        return ports
    known = arrived.known

    def over(number: PrimaOrderNumber) -> tuple[Despatch, ...]:
        return known[number].despatches if number in known else read(number)

    return evolve(ports, despatches=over)
