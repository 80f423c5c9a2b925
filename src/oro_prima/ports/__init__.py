"""
What a flow needs from the outside: two senders, a store, a clock, a way to wait, an observer.

`Store` is one port because settling an order needs one transaction over ledger, captures,
exception queue and journal.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Protocol

from attrs import define, evolve, field, frozen

from oro_prima.call import Sender
from oro_prima.ids import PairId, PrimaOrderNumber
from oro_prima.mapping.tables import Tables
from oro_prima.oro.models.features import KnownFeatures, OroFeatures, still_seen
from oro_prima.ports.store import ALL, Store, Transaction
from oro_prima.prima.models.binding import Bindings
from oro_prima.prima.models.files import Files, NoFiles
from oro_prima.prima.models.fulfilment import Despatch
from oro_prima.prima.models.profile import PrimaProfile
from oro_prima.records import Flow, Pair, RunPolicy

__all__ = [
    "ALL",
    "Clock",
    "Event",
    "Neighbour",
    "Observer",
    "Ports",
    "Pulse",
    "Recordings",
    "Seen",
    "Store",
    "Transaction",
    "ignore",
]


class Clock(Protocol):
    """Tells the time; aware, UTC."""

    def __call__(self) -> datetime:
        """Return the present instant."""
        ...


@frozen
class Event:
    """
    Something that happened in a run; ids and counts only, never what is personal.

    Attributes:
        flow: Whose run; None for a call, which may serve any.
        what: `call`, `decided`, `posting`, `stopped`, `run began`, `run ended` and the like.
        subject: A path such as `orders/1042`, or system and call.
        done, total: How far a run is, where that is known.
        outcome: How it ended: `ok` or the class of an error for a call, a home for a decision.
        took: How long it took, by a clock that only rises; None where nothing was waited for.
    """

    flow: Flow | None
    what: str
    subject: str = ""
    done: int = 0
    total: int = 0
    outcome: str = ""
    took: timedelta | None = None


Observer = Callable[[Event], None]
"""Told of every event; one that raises is heard no more of than a warning (`wiring.connect`)."""


class _Here(threading.local):
    """What beats in this thread."""

    beat: Callable[[], None] | None = None


class Pulse:
    """
    Lets a sender keep a run alive while it reads a long answer or waits before it tries again.

    A run says what is to be done then; each thread has its own, so that several flows may share
    their senders.
    """

    def __init__(self) -> None:
        self._here = _Here()

    def __call__(self, count: int = 0) -> None:
        """Beat once; a sender calls it with the number of bytes that just arrived."""
        del count
        if self._here.beat is not None:
            self._here.beat()

    @contextmanager
    def during(self, beat: Callable[[], None]) -> Generator[None, None, None]:
        """Have `beat` done in this thread, until the end of the block."""
        before, self._here.beat = self._here.beat, beat
        try:
            yield
        finally:
            self._here.beat = before


@define
class Seen:
    """
    What the shop was found able to do by earlier runs of this process.

    `features` bear the instant at which all of it was asked.
    """

    features: OroFeatures | None = None

    def note(self, found: OroFeatures) -> None:
        """Remember what was found; what was not asked again is as old as before."""
        before = still_seen(self.features, now=found.server_now)
        asked_at = found.server_now if before is None else before.server_now
        self.features = evolve(found, server_now=asked_at)

    def forget(self) -> None:
        """Let the next run ask everything: this one was refused something."""
        self.features = None


def ignore(event: Event) -> None:
    """Observe nothing."""
    del event


DespatchReader = Callable[[PrimaOrderNumber], tuple[Despatch, ...]]
"""Gives the despatches of one order."""


class Recordings(Protocol):
    """Keeps what runs looked at, names and addresses included, until it is erased."""

    def put(self, name: str, body: bytes) -> None:
        """Keep a recording under a name that begins with an instant: `20310504T120000Z-…`."""
        ...

    def get(self, name: str) -> bytes | None:
        """Return a recording; None where it was erased."""
        ...

    def drop(self, name: str) -> bool:
        """Erase one recording; False where it was erased before."""
        ...

    def erase(self, *, before: datetime) -> int:
        """Erase the recordings of before an instant; returns how many it were."""
        ...


@frozen(eq=False)
class Neighbour:
    """
    Another shop that sells from the same pool of this Prima.

    Attributes:
        name: What people call it: that of its configuration's file.
        pair: Its pair's id; the shops of a pool take their parts in the order of these.
        share: The most of the pool that it may publish; 0 where its configuration is unreadable.
        open: Gives what reads it, for the length of a block; raises `OroPrimaError` where nothing
            can.
    """

    name: str
    pair: PairId
    share: Decimal
    open: Callable[[], AbstractContextManager[Ports]]


@frozen
class Ports:
    """
    Everything a flow acts through. Built by `oro_prima.wiring.connect`, or by hand in tests.

    Attributes:
        shop: Sends to OroCommerce.
        erp: Sends to Prima.
        tables: Product units and charges from the configuration; links come from the store.
        profile: What this Prima is like.
        zone: Where the books are kept; Prima's dates are dates there.
        erp_timeout: Longest a call to Prima may take; a lease must outlive it before each send.
        shop_timeout: Longest a call to OroCommerce may take; the same holds for each write.
        snapshot_timeout: How long the next bytes of the full stock may take.
        answer_cap: Most raw bytes of one answer of Prima.
        despatches: Reads the despatches of an order; None where the profile binds none.
        pulse: Beaten by the senders while they read or wait; a run renews its lease with it.
        step: Called at named steps of a flow; a test stops or kills the process there.
        bindings: How Prima's capabilities are reached; the others are unbound.
        files: Reads the files of those that are bound to files.
        recordings: Keeps what runs looked at; None for nothing.
        known: What is known of the shop better than a probe finds it.
        seen: What the shop was found able to do lately, so that each run need not ask it again.
        stopping: Tells that the process is to end: a run stops after the record at hand.
        neighbours: The other shops that sell from the same pool of this Prima.
    """

    shop: Sender
    erp: Sender
    store: Store
    clock: Clock
    sleep: Callable[[float], None]
    pair: Pair
    tables: Tables
    profile: PrimaProfile
    zone: tzinfo = UTC
    run: RunPolicy = field(factory=RunPolicy)
    erp_timeout: timedelta = timedelta(seconds=70)
    shop_timeout: timedelta = timedelta(seconds=70)
    snapshot_timeout: timedelta = timedelta(seconds=600)
    answer_cap: int = 64 * 1024 * 1024
    observer: Observer = ignore
    despatches: DespatchReader | None = None
    pulse: Pulse = field(factory=Pulse)
    step: Callable[[str], None] = field(default=lambda _name: None)
    bindings: Bindings = ()
    files: Files = field(factory=NoFiles)
    recordings: Recordings | None = None
    known: KnownFeatures = field(factory=KnownFeatures)
    seen: Seen = field(factory=Seen)
    stopping: Callable[[], bool] = field(default=lambda: False)
    neighbours: tuple[Neighbour, ...] = ()
