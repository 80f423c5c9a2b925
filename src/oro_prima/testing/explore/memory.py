"""
What a run remembers where it stands, so that runs with different pasts and one future are one.

Python keeps it in the frames between the flow and the port that is asked: which call each of them
stands at, and its names. Read are values, never identities; an instant is taken out and compared by
its age. What is not understood, or lies where no frame shows it (within a comprehension), is no
memory: such a place is told from all others by its whole past.
"""

from __future__ import annotations

import sys
from collections.abc import Hashable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from types import FrameType, FunctionType, GeneratorType, MethodType, TracebackType
from typing import Any, NamedTuple

import attrs

from oro_prima.errors import CallError
from oro_prima.ids import OroOrderId
from oro_prima.mapping.policy import OrderPolicy
from oro_prima.mapping.tables import Tables
from oro_prima.oro.models.features import OroFeatures
from oro_prima.ports import Ports
from oro_prima.prima.models.profile import PrimaProfile
from oro_prima.reasons import ReasonCode
from oro_prima.records import (
    Capture,
    EntryState,
    ExceptionRecord,
    LedgerEntry,
    Lease,
    RunPolicy,
)
from oro_prima.sync import orders
from oro_prima.sync.posting import Posted
from oro_prima.sync.report import RunReport, Stopped
from oro_prima.sync.run import FlowRun

FIXED = (Ports, OroFeatures, Tables, OrderPolicy, PrimaProfile, RunPolicy)
"""What is the same in every run of a scenario."""

TOLD = (orders._Tally, Posted, RunReport, Stopped)  # pyright: ignore[reportPrivateUsage]
"""What a run only reports in the end: whether there is one matters, what it says does not."""

_PLAIN = (type(None), bool, int, str, bytes, float, Decimal, Enum, date, timedelta, type)
_ITERATORS = tuple(map(type, (iter(()), iter([]), iter({}), iter(range(0)), enumerate(()))))
_FROZEN = Lease.__setattr__
"""What every frozen class of ours has."""

_HERE = "oro_prima.testing.explore"


class Memory(NamedTuple):
    """
    What a run remembers, or a store keeps.

    Attributes:
        shape: Everything but instants.
        instants: These apart, in their order.
        read: When each capture was read, by order: it tells one from another and is never compared
            with the clock.
    """

    shape: Hashable
    instants: tuple[datetime, ...] = ()
    read: tuple[tuple[OroOrderId, datetime], ...] = ()


class _UnclearError(Exception):
    """Nobody can say what is remembered here."""


class Notebook:
    """
    Notes of one run's values; those that cannot change are noted once.

    Args:
        ranked: Whether which order was accepted last may matter.
    """

    def __init__(self, *, ranked: bool) -> None:
        self.ranked = ranked
        self.known: dict[int, tuple[object, Memory]] = {}

    def remembered(self) -> Memory | None:
        """Return what the run that asks just now remembers; None where that cannot be said."""
        notes = _Notes(self)
        frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 - the run is the caller
        shape: list[Hashable] = []
        try:
            while frame is not None and frame.f_code is not orders.sync_orders.__code__:
                if not frame.f_globals["__name__"].startswith(_HERE):
                    shape.append(notes.frame(frame))
                frame = frame.f_back
            return None if frame is None else notes.memory((*shape, frame.f_lasti))
        except _UnclearError:
            return None

    def kept(self, value: object) -> Memory:
        """Return a value as something to compare."""
        notes = _Notes(self)
        return notes.memory(notes.of(value))


class _Notes:
    def __init__(self, book: Notebook) -> None:
        self._book = book
        self._instants: list[datetime] = []
        self._read: list[tuple[OroOrderId, datetime]] = []
        self._within: list[int] = []

    def memory(self, shape: Hashable) -> Memory:
        return Memory(shape, tuple(self._instants), tuple(self._read))

    def frame(self, frame: FrameType) -> Hashable:
        code = frame.f_code
        if code.co_name in ("<genexpr>", "<listcomp>", "<dictcomp>", "<setcomp>", "<lambda>"):
            raise _UnclearError
        names = ((name, self.of(value)) for name, value in frame.f_locals.items())
        return (id(code), frame.f_lasti, *names)

    def of(self, value: Any) -> Hashable:
        if isinstance(value, datetime):
            self._instants.append(value)
            return datetime
        if isinstance(value, _PLAIN):
            return value
        if isinstance(value, FIXED + TOLD):
            return type(value)
        if id(value) in self._within:
            return self._within.index(id(value))
        self._within.append(id(value))
        try:
            return self._whole(value)
        finally:
            self._within.pop()

    def _whole(self, value: Any) -> Hashable:
        match value:
            case FlowRun():
                return self._run(value)
            case Capture():
                self._read.append((value.order, value.last_read))
                return (value.order, value.home, value.reason, value.intent_hash)
            case LedgerEntry():
                return self._entry(value)
            case ExceptionRecord():
                codes = tuple(reason.code for reason in value.reasons)
                if ReasonCode.IN_DOUBT in codes:
                    return (value.subject, ReasonCode.IN_DOUBT, value.state)
                return (value.subject, codes, value.state, value.retry, self.of(value.next_try))
            case Lease():
                return (Lease, value.fence)
            case CallError():
                codes = getattr(value, "codes", ())
                return (type(value), value.effect, value.fault, tuple(codes))
            case BaseException():
                return type(value)
            case TracebackType():
                return TracebackType
            case tuple() | list():
                return (type(value), *map(self.of, value))
            case Mapping():
                return (dict, *((self.of(k), self.of(v)) for k, v in value.items()))
            case set() | frozenset():
                return (set, *sorted(map(repr, value)))
            case GeneratorType():
                return self._generator(value)
            case MethodType():
                return (value.__func__.__qualname__, self.of(value.__self__))
            case FunctionType():
                cells = value.__closure__ or ()
                return (id(value.__code__), *(self.of(cell.cell_contents) for cell in cells))
            case _:
                return self._object(value)

    def _run(self, run: FlowRun) -> Hashable:
        here = (run.fence, run.unknown_in_a_row, run.stopped is None, run.offset)
        return (*map(self.of, here), self.of(run.renewed))

    def _generator(self, value: GeneratorType[Any, Any, Any]) -> Hashable:
        if value.gi_frame is None:
            return GeneratorType
        return (self.frame(value.gi_frame), self.of(value.gi_yieldfrom))

    def _object(self, value: Any) -> Hashable:
        kind = type(value)
        if isinstance(value, _ITERATORS):
            return (kind, *map(self.of, value.__reduce__()[1:]))
        if attrs.has(kind):
            return self._record(value)
        if kind.__module__.startswith(_HERE):
            return kind  # what stands around the run is the same for every run
        if hasattr(value, "__dict__") and not any(vars(one).get("__slots__") for one in kind.mro()):
            return (kind, *((name, self.of(one)) for name, one in vars(value).items()))
        raise _UnclearError

    def _entry(self, entry: LedgerEntry) -> Hashable:
        """Note an entry: of one that is settled, that it is; of the others what a rule looks at."""
        if entry.state in (EntryState.ACCEPTED, EntryState.RELEASED):
            ranked = self._book.ranked and entry.state is EntryState.ACCEPTED
            return (entry.key, entry.state, self.of(entry.changed_at) if ranked else "")
        sending = entry.state in (EntryState.CLAIMED, EntryState.RESENT)
        said = entry.may_resend or entry.state is EntryState.RESENT
        ruled = not entry.resent and not entry.may_resend
        return (
            *(entry.key, entry.state, entry.resent, entry.may_resend),
            entry.fence if sending else 0,
            entry.decided_by if sending or ruled else "",
            entry.first_absent is None,
            self.of(entry.claimed_at) if sending or not entry.resent else "",
            self.of(entry.changed_at) if said else "",
            self.of(entry.first_absent) if ruled else "",
        )

    def _record(self, value: Any) -> Hashable:
        frozen = type(value).__setattr__ is _FROZEN
        found = self._book.known.get(id(value)) if frozen else None
        if found is not None:
            self._instants.extend(found[1].instants)
            self._read.extend(found[1].read)
            return found[1].shape
        instants, read = len(self._instants), len(self._read)
        given = (getattr(value, one.name) for one in attrs.fields(type(value)) if one.init)
        shape = (type(value), *map(self.of, given))
        if frozen:
            memory = Memory(shape, tuple(self._instants[instants:]), tuple(self._read[read:]))
            self._book.known[id(value)] = (value, memory)
        return shape
