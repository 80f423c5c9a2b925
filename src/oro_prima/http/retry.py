"""Trying again: only calls that are safe, only faults of the system that pass by themselves."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from attrs import field, frozen
from attrs.validators import ge, gt
from tenacity import AsyncRetrying, RetryCallState, Retrying, retry_if_exception, stop_after_attempt

from oro_prima.call import AsyncSender, Call, Sender
from oro_prima.errors import CallError, NoAnswerError, UnavailableError, UnreachableError

R = TypeVar("R")

PASSING = frozenset({429, 500, 502, 503, 504})
"""Statuses that pass by themselves; maintenance and a switched-off API wait for a person."""


@frozen
class RetryPolicy:
    """
    How often and how long.

    Attributes:
        retries: Times a call is sent again; 0 switches it off.
        first_pause: Seconds before the first repetition; each later pause is twice as long.
        longest_pause: Seconds that no pause exceeds, whatever `Retry-After` asks.
    """

    retries: int = field(default=2, validator=ge(0))
    first_pause: float = field(default=1.0, validator=gt(0))
    longest_pause: float = field(default=30.0, validator=gt(0))


class RetryingSender:
    """Sends by another sender, and again where that can do no harm and may help."""

    def __init__(
        self,
        sender: Sender,
        policy: RetryPolicy,
        *,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._sender, self._policy, self._sleep = sender, policy, sleep

    def send(self, call: Call[R]) -> R:
        """Send `call`; one that is not safe exactly once."""
        if not call.safe:
            return self._sender.send(call)
        retrying = Retrying(
            sleep=self._sleep,
            stop=stop_after_attempt(1 + self._policy.retries),
            wait=_waiting(self._policy),
            retry=retry_if_exception(worth_repeating),
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
    ) -> None:
        self._sender, self._policy, self._sleep = sender, policy, sleep

    async def send(self, call: Call[R]) -> R:
        """Send `call`; one that is not safe exactly once."""
        if not call.safe:
            return await self._sender.send(call)

        async def once() -> R:
            return await self._sender.send(call)

        retrying = AsyncRetrying(
            sleep=self._sleep,
            stop=stop_after_attempt(1 + self._policy.retries),
            wait=_waiting(self._policy),
            retry=retry_if_exception(worth_repeating),
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


def pause(policy: RetryPolicy, attempt: int, asked: int | None) -> float:
    """
    Return the seconds to wait after the `attempt`-th sending (from 1) failed.

    At least what the system asked for, at most the policy's longest.
    """
    doubled: float = policy.first_pause * 2.0 ** min(attempt - 1, 30)
    return min(max(doubled, float(asked or 0)), policy.longest_pause)


def _waiting(policy: RetryPolicy) -> Callable[[RetryCallState], float]:
    def wait(state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.retry_after if isinstance(error, CallError) else None
        return pause(policy, state.attempt_number, asked)

    return wait
