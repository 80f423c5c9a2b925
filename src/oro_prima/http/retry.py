"""
Trying again: only calls that are safe, only faults of the system that pass by themselves.

Pauses double and are spread at random, so that many who failed at once do not come back at once.
The system's `Retry-After` is kept; where it asks for longer than may be waited, the call has
failed. A run has a budget of repetitions, a call a deadline, and 0 retries switch it all off.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from attrs import field, frozen
from attrs.validators import ge, gt
from tenacity import AsyncRetrying, RetryCallState, Retrying

from oro_prima.call import AsyncSender, Call, Sender
from oro_prima.errors import CallError, NoAnswerError, UnavailableError, UnreachableError
from oro_prima.http.manners import RetryBudget

R = TypeVar("R")

PASSING = frozenset({429, 500, 502, 503, 504})
"""Statuses that pass by themselves; maintenance and a switched-off API wait for a person."""


@frozen
class RetryPolicy:
    """
    How often and how long.

    Attributes:
        retries: Times a call is sent again; 0 switches it off.
        first_pause: Seconds before the first repetition; each later pause is twice as long, and
            up to half of each is taken off at random.
        longest_pause: Seconds that no pause exceeds; a system that asks for more is not asked
            again.
        deadline: Seconds from the first sending after which no repetition begins.
    """

    retries: int = field(default=2, validator=ge(0))
    first_pause: float = field(default=1.0, validator=gt(0))
    longest_pause: float = field(default=30.0, validator=gt(0))
    deadline: float = field(default=120.0, validator=gt(0))


@frozen
class Repetition:
    """A call that will be sent again: which, after how many sendings, in how many seconds, why."""

    call: str
    sendings: int
    seconds: float
    error: CallError


def ignore_repetition(repetition: Repetition) -> None:
    """Take no notice of a repetition."""
    del repetition


def evenly() -> float:
    """Take nothing off a pause: for clocks that are moved by hand."""
    return 0.0


@frozen
class Manners:
    """
    What repetitions are made of, besides the policy.

    Attributes:
        budget: Shared by all calls of a run; None for no limit.
        tell: Told of every repetition before its pause.
        spread: Says how much of half a pause is taken off, from 0 to below 1.
    """

    budget: RetryBudget | None = None
    tell: Callable[[Repetition], None] = ignore_repetition
    spread: Callable[[], float] = evenly


class RetryingSender:
    """Sends by another sender, and again where that can do no harm and may help."""

    def __init__(
        self,
        sender: Sender,
        policy: RetryPolicy,
        *,
        sleep: Callable[[float], None] = time.sleep,
        manners: Manners | None = None,
    ) -> None:
        self._sender, self._policy, self._sleep = sender, policy, sleep
        self._manners = Manners() if manners is None else manners

    def send(self, call: Call[R]) -> R:
        """Send `call`; one that is not safe exactly once."""
        if not call.safe or self._policy.retries == 0:
            return self._sender.send(call)
        plan = _Plan(call.name, self._policy, self._manners)
        retrying = Retrying(
            sleep=self._sleep,
            stop=plan.stop,
            wait=plan.wait,
            retry=_failed_in_passing,
            before_sleep=plan.tell,
            reraise=True,
        )
        return retrying(lambda: self._sender.send(call))


class AsyncRetryingSender:
    """The asynchronous twin of `RetryingSender`."""

    def __init__(
        self,
        sender: AsyncSender,
        policy: RetryPolicy,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        manners: Manners | None = None,
    ) -> None:
        self._sender, self._policy, self._sleep = sender, policy, sleep
        self._manners = Manners() if manners is None else manners

    async def send(self, call: Call[R]) -> R:
        """Send `call`; one that is not safe exactly once."""
        if not call.safe or self._policy.retries == 0:
            return await self._sender.send(call)

        async def once() -> R:
            return await self._sender.send(call)

        plan = _Plan(call.name, self._policy, self._manners)
        retrying = AsyncRetrying(
            sleep=self._sleep,
            stop=plan.stop,
            wait=plan.wait,
            retry=_failed_in_passing,
            before_sleep=plan.tell,
            reraise=True,
        )
        return await retrying(once)


def worth_repeating(error: BaseException) -> bool:
    """Tell whether the same request may well succeed in a moment."""
    match error:
        case UnreachableError() | NoAnswerError():
            return True
        case UnavailableError():
            return error.status in PASSING
        case _:
            return False


def pause(policy: RetryPolicy, attempt: int, asked: int | None, *, spread: float = 0.0) -> float:
    """
    Return the seconds to wait after the `attempt`-th sending (from 1) failed.

    Never less than the system asked for, never more than the policy's longest unless it did.

    Args:
        policy: How long.
        attempt: Sendings so far.
        asked: Seconds of `Retry-After`.
        spread: From 0 to below 1: how much of half a pause is taken off.
    """
    doubled: float = policy.first_pause * 2.0 ** min(attempt - 1, 30)
    ours = min(doubled, policy.longest_pause) * (1.0 - spread / 2.0)
    return max(ours, float(asked or 0))


class _Plan:
    """When one call is sent again, and when no more."""

    def __init__(self, call: str, policy: RetryPolicy, manners: Manners) -> None:
        self._call, self._policy, self._manners = call, policy, manners
        self._pauses: dict[int, float] = {}

    def wait(self, state: RetryCallState) -> float:
        """Return the pause after a sending; the same each time it is asked."""
        number = state.attempt_number
        if number not in self._pauses:
            spread = self._manners.spread()
            self._pauses[number] = pause(self._policy, number, _asked(state), spread=spread)
        return self._pauses[number]

    def stop(self, state: RetryCallState) -> bool:
        """Tell whether it is over: often enough, too long, or nothing left to spend."""
        policy, budget = self._policy, self._manners.budget
        if state.attempt_number > policy.retries or (_asked(state) or 0) > policy.longest_pause:
            return True
        waited = (state.seconds_since_start or 0.0) + self.wait(state)
        if waited > policy.deadline:
            return True
        return budget is not None and not budget.spend()

    def tell(self, state: RetryCallState) -> None:
        """Tell of a repetition."""
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, CallError):
            number = state.attempt_number
            self._manners.tell(Repetition(self._call, number, self.wait(state), error))


def _failed_in_passing(state: RetryCallState) -> bool:
    error = state.outcome.exception() if state.outcome else None
    return error is not None and worth_repeating(error)


def _asked(state: RetryCallState) -> int | None:
    error = state.outcome.exception() if state.outcome else None
    return error.retry_after if isinstance(error, CallError) else None
