"""Manners: so many calls at once, so many a minute, so many repetitions a run."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable

from attrs import field, frozen
from attrs.validators import ge

from oro_prima.call import AsyncSender, Call, R, Sender

MINUTE = 60.0


@frozen
class Pace:
    """
    How hard a system is asked.

    Attributes:
        at_once: Calls that are under way at a time, above 0.
        per_minute: Calls begun within a minute; 0 for no limit.
    """

    at_once: int = field(default=4, validator=ge(1))
    per_minute: int = field(default=0, validator=ge(0))


class RetryBudget:
    """
    How many repetitions a run may spend in all; safe to use from any thread.

    A system that is down is not helped by every call of a run knocking three times.
    """

    def __init__(self, most: int) -> None:
        self._left, self._lock = most, threading.Lock()

    @property
    def left(self) -> int:
        """How many are left."""
        return self._left

    def spend(self) -> bool:
        """Take one; False where none is left."""
        with self._lock:
            if self._left < 1:
                return False
            self._left -= 1
            return True


class _Slots:
    """Hands out instants to begin at, evenly spread."""

    def __init__(self, per_minute: int, clock: Callable[[], float]) -> None:
        self._gap = MINUTE / per_minute if per_minute else 0.0
        self._clock, self._next = clock, clock()
        self._lock = threading.Lock()

    def wait(self) -> float:
        """Take the next slot; returns the seconds until it."""
        with self._lock:
            now = self._clock()
            begin = max(now, self._next)
            self._next = begin + self._gap
            return begin - now


class PacedSender:
    """Sends by another sender at a pace; whoever comes too early waits."""

    def __init__(
        self,
        sender: Sender,
        pace: Pace,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sender, self._sleep = sender, sleep
        self._slots = _Slots(pace.per_minute, clock)
        self._gate = threading.BoundedSemaphore(pace.at_once)

    def send(self, call: Call[R]) -> R:
        """Send `call` once its turn has come."""
        with self._gate:
            seconds = self._slots.wait()
            if seconds > 0:
                self._sleep(seconds)
            return self._sender.send(call)


class AsyncPacedSender:
    """The asynchronous twin of `PacedSender`."""

    def __init__(
        self,
        sender: AsyncSender,
        pace: Pace,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sender, self._sleep = sender, sleep
        self._slots = _Slots(pace.per_minute, clock)
        self._gate = asyncio.Semaphore(pace.at_once)

    async def send(self, call: Call[R]) -> R:
        """Send `call` once its turn has come."""
        async with self._gate:
            seconds = self._slots.wait()
            if seconds > 0:
                await self._sleep(seconds)
            return await self._sender.send(call)
