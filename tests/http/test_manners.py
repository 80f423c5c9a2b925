"""So many calls at once, so many a minute; one request for a token among all threads and tasks."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import httpx
import pytest
from attrs import define, field
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.call import Call, ResponseHead
from oro_prima.http.auth import OroAuth
from oro_prima.http.manners import AsyncPacedSender, Pace, PacedSender
from oro_prima.http.sender import (
    AsyncHttpSender,
    Endpoint,
    HttpSender,
    open_async_client,
    open_client,
)
from oro_prima.values import Secret
from tests.http.calls import Echo

R = TypeVar("R")
OK = ResponseHead(200)


@define
class Clock:
    """Moves when somebody sleeps."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        """Move on."""
        self.now += seconds


@define
class Noting:
    """Notes when each call began."""

    clock: Callable[[], float]
    began: list[float] = field(factory=list[float])

    def send(self, call: Call[R]) -> R:
        """Read an empty answer."""
        self.began.append(self.clock())
        return call.decoder(OK).close()


@given(st.integers(1, 600), st.integers(1, 30))
def test_calls_are_spread_over_the_minute(per_minute: int, calls: int) -> None:
    """Never more than so many begin within any minute."""
    clock = Clock()
    noting = Noting(clock)
    sender = PacedSender(noting, Pace(1, per_minute), sleep=clock.sleep, clock=clock)

    for _ in range(calls):
        sender.send(Echo())

    gaps = [b - a for a, b in zip(noting.began, noting.began[1:], strict=False)]
    assert all(gap >= 60 / per_minute - 1e-6 for gap in gaps)


def test_without_a_limit_nobody_waits() -> None:
    """And nobody sleeps for nothing."""
    slept: list[float] = []
    noting = Noting(lambda: 0.0)
    sender = PacedSender(noting, Pace(), sleep=slept.append, clock=lambda: 0.0)

    for _ in range(5):
        sender.send(Echo())

    assert (len(noting.began), slept) == (5, [])


def test_the_asynchronous_sender_keeps_the_same_pace() -> None:
    """By the same slots."""
    clock = Clock()
    noting = Noting(clock)

    @define
    class Awaited:
        async def send(self, call: Call[R]) -> R:
            return noting.send(call)

    async def sleep(seconds: float) -> None:
        clock.sleep(seconds)

    async def run() -> None:
        sender = AsyncPacedSender(Awaited(), Pace(2, 60), sleep=sleep, clock=clock)
        for _ in range(3):
            await sender.send(Echo())

    asyncio.run(run())
    assert noting.began == [0.0, 1.0, 2.0]


@define
class Crowded:
    """Counts how many are under way."""

    most: int = 0
    under_way: int = 0
    lock: threading.Lock = field(factory=threading.Lock)
    pair: threading.Barrier = field(factory=lambda: threading.Barrier(2))

    def send(self, call: Call[R]) -> R:
        """Wait for another one to be under way too."""
        with self.lock:
            self.under_way += 1
            self.most = max(self.most, self.under_way)
        self.pair.wait(10)
        with self.lock:
            self.under_way -= 1
        return call.decoder(OK).close()


def test_no_more_are_under_way_than_allowed() -> None:
    """Six threads, two at a time."""
    crowded = Crowded()
    sender = PacedSender(crowded, Pace(2))

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _n: sender.send(Echo()), range(6)))

    assert answers == [b""] * 6
    assert crowded.most == 2


@pytest.mark.parametrize("wrong", [{"at_once": 0}, {"per_minute": -1}])
def test_a_pace_that_makes_no_sense_is_refused(wrong: dict[str, int]) -> None:
    """Nobody could ever send."""
    with pytest.raises(ValueError, match="must be"):
        Pace(**wrong)


TOKEN_URL = "https://shop.example/oauth2-token"
ENDPOINT = Endpoint("https://shop.example/api")


@define
class Giving:
    """Gives numbered tokens; refuses those that ended; waits until `together` have asked."""

    together: threading.Barrier | None = None
    ended: frozenset[str] = frozenset()
    given: int = 0

    def app(self, request: httpx.Request) -> httpx.Response:
        """Answer a request for a token, or any other."""
        if str(request.url) == TOKEN_URL:
            self.given += 1
            return httpx.Response(200, json={"access_token": f"t{self.given}", "expires_in": 3600})
        token = request.headers["authorization"].removeprefix("Bearer ")
        if token in self.ended:
            if self.together is not None:
                self.together.wait(10)
            return httpx.Response(401)
        return httpx.Response(200, content=token.encode())


def _auth() -> OroAuth:
    return OroAuth(TOKEN_URL, client_id="c", client_secret=Secret("hush"))


def test_of_all_threads_one_asks_for_a_token() -> None:
    """At the start, and when all of them meet a 401 at the same moment."""
    giving = Giving()
    client = open_client(auth=_auth(), transport=httpx.MockTransport(giving.app))
    sender = HttpSender(client, ENDPOINT)

    with ThreadPoolExecutor(20) as pool:
        assert list(pool.map(lambda _n: sender.send(Echo()), range(20))) == [b"t1"] * 20
        giving.ended, giving.together = frozenset({"t1"}), threading.Barrier(20)
        assert list(pool.map(lambda _n: sender.send(Echo()), range(20))) == [b"t2"] * 20

    assert giving.given == 2


def test_of_all_tasks_one_asks_for_a_token() -> None:
    """Also in a second event loop: each has its own lock."""
    giving, auth = Giving(), _auth()

    async def run() -> list[bytes]:
        client = open_async_client(auth=auth, transport=httpx.MockTransport(giving.app))
        sender = AsyncHttpSender(client, ENDPOINT)
        answers = await asyncio.gather(*(sender.send(Echo()) for _ in range(4)))
        await sender.close()
        return answers

    assert asyncio.run(run()) == [b"t1"] * 4
    giving.ended = frozenset({"t1"})
    assert asyncio.run(run()) == [b"t2"] * 4
    assert giving.given == 2


class Slow(httpx.AsyncBaseTransport, httpx.BaseTransport):
    """Takes its time over a token, in threads and in tasks."""

    def __init__(self, giving: Giving) -> None:
        self.giving = giving

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer after a moment."""
        if str(request.url) == TOKEN_URL:
            time.sleep(0.05)
        return self.giving.app(request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer after a moment."""
        if str(request.url) == TOKEN_URL:
            await asyncio.sleep(0.05)
        return self.giving.app(request)


def _in_tasks(auth: OroAuth, giving: Giving) -> list[bytes]:
    async def run() -> list[bytes]:
        client = open_async_client(auth=auth, transport=Slow(giving))
        sender = AsyncHttpSender(client, ENDPOINT)
        answers = await asyncio.gather(*(sender.send(Echo()) for _ in range(4)))
        await sender.close()
        return answers

    return asyncio.run(run())


def test_threads_and_tasks_share_one_token() -> None:
    """Two event loops and many threads at the same moment: one request for a token."""
    giving, auth = Giving(), _auth()
    sender = HttpSender(open_client(auth=auth, transport=Slow(giving)), ENDPOINT)

    with ThreadPoolExecutor(10) as pool:
        loops = [pool.submit(_in_tasks, auth, giving) for _ in range(2)]
        threads = [pool.submit(sender.send, Echo()) for _ in range(8)]
        assert [one.result() for one in threads] == [b"t1"] * 8
        assert [one.result() for one in loops] == [[b"t1"] * 4] * 2

    assert giving.given == 1


def test_a_thread_that_runs_a_loop_never_waits_for_its_own_task() -> None:
    """A call that blocks a loop, while a task of it asks for a token, asks for one itself."""
    giving, auth = Giving(), _auth()
    sender = HttpSender(open_client(auth=auth, transport=Slow(giving)), ENDPOINT)

    async def run() -> tuple[bytes, bytes]:
        client = open_async_client(auth=auth, transport=Slow(giving))
        task = asyncio.create_task(AsyncHttpSender(client, ENDPOINT).send(Echo()))
        await asyncio.sleep(0.01)
        blocking = sender.send(Echo())
        return blocking, await task

    assert asyncio.run(run()) == (b"t1", b"t2")
