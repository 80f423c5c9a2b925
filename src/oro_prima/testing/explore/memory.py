"""
What a run remembers where it stands, so that runs with different pasts and one future are one.

Python keeps it in the frames between the flow and the port that is asked: which call each of them
stands at, and its names. Read are values, never identities; an instant is taken out and compared by
its age. What an expression has worked out already lies on Python's stack, where nobody can read it:
so a call of a port stands alone in its statement, which a test of the house looks after. What is
not understood, or lies within a generator expression, is no memory: such a place is told from all
others by its whole past.
"""

from __future__ import annotations

import inspect
from collections.abc import Hashable, Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from types import FrameType, FunctionType, GeneratorType
from typing import Any, NamedTuple, cast

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
    Lease,
    LedgerEntry,
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

_PLAIN = (bool, int, str, bytes, float, Decimal, Enum, date, timedelta, type)
_WITHIN = ("<genexpr>", "<listcomp>", "<dictcomp>", "<setcomp>", "<lambda>")
_FROZEN = Lease.__setattr__
"""What every frozen class of ours has; in it a run changes nothing."""

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
        frame = inspect.currentframe()
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
        """Note where a call stands, and its names."""
        if frame.f_code.co_name in _WITHIN:
            raise _UnclearError
        return (id(frame.f_code), frame.f_lasti, *self._items(frame.f_locals))

    def of(self, value: object) -> Hashable:
        if isinstance(value, datetime):
            self._instants.append(value)
            return datetime
        if value is None or isinstance(value, _PLAIN):
            return value
        if isinstance(value, FIXED + TOLD):
            return type(value).__qualname__
        if id(value) in self._within:
            return self._within.index(id(value))
        self._within.append(id(value))
        try:
            return self._domain(value)
        finally:
            self._within.pop()

    def _items(self, values: Mapping[Any, object]) -> Iterable[Hashable]:
        return ((self.of(key), self.of(value)) for key, value in values.items())

    def _domain(self, value: object) -> Hashable:
        """Note what a run works with: of it, what a rule looks at."""
        match value:
            case FlowRun():
                here = (value.fence, value.unknown_in_a_row, value.stopped is None, value.offset)
                return (*here, self.of(value.renewed))
            case Capture():
                self._read.append((value.order, value.last_read))
                return (value.order, value.home, value.reason, value.intent_hash)
            case LedgerEntry():
                return self._entry(value)
            case ExceptionRecord():
                return self._held(value)
            case Lease():
                return (Lease, value.fence)
            case CallError():
                return (type(value).__qualname__, value.effect, value.fault)
            case _:
                return self._plain(value)

    def _plain(self, value: object) -> Hashable:
        """Note what Python has."""
        match value:
            case tuple() | list():
                return ("row", *map(self.of, cast("Iterable[object]", value)))
            case Mapping():
                return (dict, *self._items(cast("Mapping[Any, object]", value)))
            case GeneratorType():
                return self._generator(cast("Any", value))
            case FunctionType():
                cells = value.__closure__ or ()
                return (id(value.__code__), *(self.of(cell.cell_contents) for cell in cells))
            case _:
                return self._object(value)

    def _generator(self, value: GeneratorType[Any, Any, Any]) -> Hashable:
        if value.gi_frame is None:
            return GeneratorType
        return (self.frame(value.gi_frame), self.of(value.gi_yieldfrom))

    def _object(self, value: object) -> Hashable:
        """Note an object by its fields; what stands around the run is the same for every run."""
        kind = type(value)
        if attrs.has(kind):
            return self._record(value)
        if kind.__module__.startswith(_HERE):
            return kind.__qualname__
        if not hasattr(value, "__dict__"):
            raise _UnclearError
        return (kind.__qualname__, *self._items(vars(value)))

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

    def _held(self, record: ExceptionRecord) -> Hashable:
        """Note a record; of an order in doubt no rule asks more than that somebody is asked."""
        codes = tuple(reason.code for reason in record.reasons)
        if ReasonCode.IN_DOUBT in codes:
            return (record.subject, ReasonCode.IN_DOUBT, record.state)
        return (record.subject, codes, record.state, record.retry, self.of(record.next_try))

    def _record(self, value: object) -> Hashable:
        known, frozen = self._book.known, type(value).__setattr__ == _FROZEN
        if frozen and id(value) in known:
            memory = known[id(value)][1]
            self._instants.extend(memory.instants)
            self._read.extend(memory.read)
            return memory.shape
        instants, read = len(self._instants), len(self._read)
        shape = (type(value).__qualname__, *map(self.of, _fields(value)))
        if frozen:
            memory = Memory(shape, tuple(self._instants[instants:]), tuple(self._read[read:]))
            known[id(value)] = (value, memory)
        return shape


def _fields(value: object) -> Iterable[object]:
    fields = cast("tuple[attrs.Attribute[object], ...]", attrs.fields(cast("Any", type(value))))
    return (getattr(value, one.name) for one in fields if one.init)
