"""
Ports that hand over at every call: a run asks, and whoever drives it answers.

A run is a function of the answers it gets. So a run that is to stand still is left, and to go on it
is begun anew with the same answers up to there: no thread, no copy of a running process, and every
position can be reached as often as it is needed.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import Enum
from types import TracebackType
from typing import Any, Literal, TypeVar, cast

from attrs import field, frozen

from oro_prima.call import Call, HttpRequest
from oro_prima.ids import PairId
from oro_prima.ports import Ports, Store
from oro_prima.sync.run import FlowRun
from oro_prima.testing.explore.scenario import PAIR, TABLES, Scenario

R = TypeVar("R")


class Suspended(BaseException):
    """The run is left where it stands."""


class Kind(Enum):
    """What a run asks for. `shared` asks see or change what others can see or change."""

    CLOCK = "clock"
    SHOP = "shop"
    ERP = "erp"
    READ = "read"
    LEASE = "lease"
    BEGIN = "begin"
    WITHIN = "within"
    COMMIT = "commit"
    UNDO = "undo"
    END = "end"


STAMP = "stamp"
"""The name of a reading of the clock that goes to the journal and nowhere else."""

STANDING = frozenset({"links", "cut_over"})
"""Readings of what never changes while runs are alive."""

_APART = frozenset({"watermark", "payload"})
_LEASE = frozenset({"acquire", "renew", "release", "remaining"})


@frozen(eq=False)
class Ask:
    """One call of a port."""

    kind: Kind
    name: str
    args: tuple[Any, ...] = ()
    words: Mapping[str, Any] = field(factory=dict[str, Any])

    @property
    def shared(self) -> bool:
        """Whether another run, the clock or a person could make a difference here."""
        if self.kind in (Kind.CLOCK, Kind.WITHIN, Kind.COMMIT, Kind.UNDO):
            return False
        return self.name not in STANDING and self.name != "probe_features"

    @property
    def call(self) -> Call[Any]:
        """The call of a send."""
        return cast("Call[Any]", self.args[0])

    @property
    def request(self) -> HttpRequest:
        """The bytes of a send."""
        return self.call.request()

    @property
    def sees_time(self) -> bool:
        """Whether the answer may be another one later."""
        if self.kind is Kind.CLOCK:
            return self.name != STAMP
        timed = self.kind is Kind.LEASE and self.name != "release"
        return timed or self.kind in (Kind.SHOP, Kind.ERP)

    @property
    def posts(self) -> bool:
        """Whether an order leaves here."""
        return self.kind is Kind.ERP and not self.call.safe

    @property
    def waits(self) -> bool:
        """Whether how much time has passed could matter here."""
        return self.kind in (Kind.ERP, Kind.LEASE)

    @property
    def reads_people(self) -> bool:
        """Whether what a person decided could be seen, or written over, here."""
        return self.kind is Kind.BEGIN or (self.kind is Kind.READ and self.name not in _APART)

    @property
    def changes(self) -> bool:
        """Whether the world may be another one afterwards."""
        if self.kind is Kind.LEASE:
            return self.name != "remaining"
        return self.kind is Kind.BEGIN or self.posts


@frozen(eq=False)
class Answer:
    """What a call gave: a value or an error; equal keys are equal answers."""

    key: Hashable
    value: object = None
    error: Exception | None = None

    def give(self) -> Any:
        """Return the value, or raise."""
        if self.error is not None:
            raise self.error.with_traceback(None)
        return self.value


class Tape:
    """Gives the answers of before in their order, then asks `live`."""

    def __init__(self, before: Sequence[Answer], live: Callable[[Ask], Answer]) -> None:
        self._before, self._live = before, live
        self._asked = 0
        self._left = False

    def ask(self, ask: Ask) -> Any:
        """Answer one call; raises `Suspended` for ever after the run was left."""
        if self._left:
            raise Suspended
        place = self._asked
        self._asked += 1
        if place < len(self._before):
            return self._before[place].give()
        try:
            return self._live(ask).give()
        except Suspended:
            self._left = True
            raise

    @property
    def left(self) -> bool:
        """Whether the run was left."""
        return self._left


class _Sends:
    def __init__(self, tape: Tape, kind: Kind) -> None:
        self._tape, self._kind = tape, kind

    def send(self, call: Call[R]) -> R:
        return cast("R", self._tape.ask(Ask(self._kind, call.name, (call,))))


class _Keeps:
    """Every method of a store, asked by name."""

    def __init__(self, tape: Tape) -> None:
        self._tape = tape
        self._within = False

    @property
    def pair(self) -> PairId:
        return PAIR.id

    def transaction(self, lease: object = None) -> _Writes:
        return _Writes(self._tape, lease, self._set_within)

    def _set_within(self, within: bool) -> None:
        self._within = within

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def ask(*args: object, **words: object) -> Any:
            kind = Kind.WITHIN if self._within else Kind.LEASE if name in _LEASE else Kind.READ
            return self._tape.ask(Ask(kind, name, tuple(map(_kept, args)), words))

        return ask


class _Writes:
    """One transaction: it is atomic, so nobody else acts between its beginning and its end."""

    def __init__(self, tape: Tape, lease: object, within: Callable[[bool], None]) -> None:
        self._tape, self._lease, self._within = tape, lease, within

    def __enter__(self) -> _Writes:
        self._tape.ask(Ask(Kind.BEGIN, "transaction", (self._lease,)))
        self._within(True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: object, trace: TracebackType | None
    ) -> Literal[False]:
        self._within(False)
        if not self._tape.left:
            self._tape.ask(Ask(Kind.COMMIT if kind is None else Kind.UNDO, "end"))
        return False

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def ask(*args: object, **words: object) -> Any:
            return self._tape.ask(Ask(Kind.WITHIN, f"tx.{name}", tuple(map(_kept, args)), words))

        return ask


def _kept(value: object) -> object:
    """Go through an iterator once, so that it can be read at every repetition."""
    if isinstance(value, str | bytes) or not isinstance(value, Iterable):
        return value
    return tuple(cast("Iterable[object]", value))


def _clock_name() -> str:
    """Say what an instant is asked for: what a run notes in its journal it does not read again."""
    frame = inspect.currentframe()
    asked = (_clock_name.__code__, FlowRun.now.__code__)
    while frame is not None and (frame.f_code in asked or frame.f_code.co_name == "clock"):
        frame = frame.f_back
    noting = frame is not None and frame.f_code is FlowRun.note.__code__
    return STAMP if noting else "clock"


def taped_ports(tape: Tape, scenario: Scenario) -> Ports:
    """Return the ports of one run of a scenario; every call goes to `tape`."""

    def clock() -> datetime:
        return cast("datetime", tape.ask(Ask(Kind.CLOCK, _clock_name())))

    ports = Ports(
        shop=_Sends(tape, Kind.SHOP),
        erp=_Sends(tape, Kind.ERP),
        store=cast("Store", _Keeps(tape)),
        clock=clock,
        sleep=lambda _seconds: None,
        pair=PAIR,
        tables=TABLES,
        profile=scenario.profile,
        run=scenario.run,
        erp_timeout=timedelta(seconds=70),
    )
    return scenario.wrap(ports)
