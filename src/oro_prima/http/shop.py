"""A ready sender for OroCommerce: tokens, retries, time-outs as its configuration says."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from typing import TypeVar

import httpx
from attrs import frozen

from oro_prima.call import AsyncSender, Call, Sender
from oro_prima.http.auth import OroAuth
from oro_prima.http.manners import AsyncPacedSender, Pace, PacedSender, RetryBudget
from oro_prima.http.retry import (
    AsyncRetryingSender,
    Manners,
    Repetition,
    RetryingSender,
    RetryPolicy,
    ignore_repetition,
)
from oro_prima.http.sender import (
    AsyncHttpSender,
    Endpoint,
    HttpSender,
    ignore_bytes,
    open_async_client,
    open_client,
)
from oro_prima.oro.calls.jsonapi import ApiCall
from oro_prima.oro.config import OroConfig

R = TypeVar("R")


@contextmanager
def open_oro(
    config: OroConfig,
    *,
    transport: httpx.BaseTransport | None = None,
    sleep: Callable[[float], None] = time.sleep,
    on_bytes: Callable[[int], None] = ignore_bytes,
    on_repetition: Callable[[Repetition], None] = ignore_repetition,
    spread: Callable[[], float] = random.random,
) -> Generator[Sender, None, None]:
    """
    Open the connection to a shop; it is closed at the end of the block.

    Args:
        config: Where the shop is and with which credentials.
        transport: What moves the bytes; None for the network.
        sleep: Waits between repetitions of a safe call.
        on_bytes: Told how many bytes of an answer just arrived.
        on_repetition: Told of a safe call that is about to be sent again.
        spread: Says how much of half a pause is taken off, at random unless told otherwise.
    """
    with open_client(auth=_auth(config), transport=transport) as client:
        sender = HttpSender(client, endpoint_of(config), on_bytes=on_bytes)
        paced = PacedSender(sender, pace_of(config), sleep=sleep)
        manners = Manners(RetryBudget(config.retry_budget), on_repetition, spread)
        retrying = RetryingSender(paced, policy_of(config), sleep=sleep, manners=manners)
        yield _Capped(retrying, config.json_cap)


@asynccontextmanager
async def open_oro_async(
    config: OroConfig,
    *,
    transport: httpx.AsyncBaseTransport | None = None,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    on_bytes: Callable[[int], None] = ignore_bytes,
    on_repetition: Callable[[Repetition], None] = ignore_repetition,
    spread: Callable[[], float] = random.random,
) -> AsyncGenerator[AsyncSender, None]:
    """Open the connection to a shop for an asynchronous program; see `open_oro`."""
    async with open_async_client(auth=_auth(config), transport=transport) as client:
        sender = AsyncHttpSender(client, endpoint_of(config), on_bytes=on_bytes)
        paced = AsyncPacedSender(sender, pace_of(config), sleep=sleep)
        manners = Manners(RetryBudget(config.retry_budget), on_repetition, spread)
        retrying = AsyncRetryingSender(paced, policy_of(config), sleep=sleep, manners=manners)
        yield _AsyncCapped(retrying, config.json_cap)


@frozen
class _Capped:
    """Has every answer read up to the configured cap."""

    _sender: Sender
    _cap: int

    def send(self, call: Call[R]) -> R:
        return self._sender.send(within(call, self._cap))


@frozen
class _AsyncCapped:
    """Has every answer read up to the configured cap."""

    _sender: AsyncSender
    _cap: int

    async def send(self, call: Call[R]) -> R:
        return await self._sender.send(within(call, self._cap))


def within(call: Call[R], cap: int) -> Call[R]:
    """Return a call of the API with a cap on its answer, any other as it is."""
    return call.within(cap) if isinstance(call, ApiCall) else call


def endpoint_of(config: OroConfig) -> Endpoint:
    """Return where the calls of a shop go, and how long they may take."""
    return Endpoint(
        config.api_url,
        connect_timeout=config.connect_timeout,
        read_timeout=config.read_timeout,
    )


def policy_of(config: OroConfig) -> RetryPolicy:
    """Return how often and how long a safe call of a shop is tried again."""
    return RetryPolicy(config.retries, deadline=config.deadline.total_seconds())


def pace_of(config: OroConfig) -> Pace:
    """Return how hard a shop is asked."""
    return Pace(config.at_once, config.per_minute)


def _auth(config: OroConfig) -> OroAuth:
    return OroAuth(config.token_url, client_id=config.client_id, client_secret=config.client_secret)
