"""OAuth tokens of OroCommerce (client credentials), one for all calls of a client."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from weakref import WeakKeyDictionary

import httpx
from attrs import frozen

from oro_prima.converters import decode_json, is_object
from oro_prima.errors import CallError, UnauthorizedError, UnavailableError, UnreadableError
from oro_prima.values import Secret

CALL = "get_token"
LONGEST_MARGIN = 60.0
"""Seconds before its end at which a token is no longer used; a quarter of a short life."""

GLANCE = 0.01
"""Seconds between the looks of a task at a lock that a thread holds."""


@frozen
class _Token:
    text: Secret
    use_until: float


class OroAuth(httpx.Auth):
    """
    Gets a token when there is none, renews it before it ends, and once when a 401 says it ended.

    A 401 means that nothing was done, so sending again after it is no second sending. All threads
    and tasks share one token, and one request for a new one: the others wait for it.

    Args:
        token_url: Where tokens are given.
        client_id: Of the OAuth application.
        client_secret: Of the same; it is shown nowhere.
        clock: Seconds that only ever rise.
    """

    def __init__(
        self,
        token_url: str,
        *,
        client_id: str,
        client_secret: Secret,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._token_url, self._client_id, self._secret = token_url, client_id, client_secret
        self._clock = clock
        self._token: _Token | None = None
        self._lock = threading.Lock()
        self._task_locks: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = (
            WeakKeyDictionary()
        )

    def sync_auth_flow(
        self, request: httpx.Request
    ) -> Generator[httpx.Request, httpx.Response, None]:
        """Yield the requests to send, in order; of all threads one alone asks for a token."""
        token, fresh = self._good(), False
        if token is None:
            with self._turn():
                token = self._good()
                if token is None:
                    fresh, token = True, self._read(_read_body((yield self._ask(request))))
        response = yield _bearing(request, token)
        if response.status_code != 401 or fresh:
            return
        with self._turn():
            renewed = self._renewed(token)
            if renewed is None:
                renewed = self._read(_read_body((yield self._ask(request))))
        yield _bearing(request, renewed)

    async def async_auth_flow(
        self, request: httpx.Request
    ) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Do what `sync_auth_flow` does; of all tasks one alone asks for a token."""
        token, fresh = self._good(), False
        if token is None:
            async with self._task_turn():
                token = self._good()
                if token is None:
                    fresh, token = True, self._read(await _await_body((yield self._ask(request))))
        response = yield _bearing(request, token)
        if response.status_code != 401 or fresh:
            return
        async with self._task_turn():
            renewed = self._renewed(token)
            if renewed is None:
                renewed = self._read(await _await_body((yield self._ask(request))))
        yield _bearing(request, renewed)

    def _good(self) -> _Token | None:
        """Return the token if it may still be used."""
        token = self._token
        return token if token is not None and self._clock() < token.use_until else None

    def _renewed(self, ended: _Token) -> _Token | None:
        """Return the token that another call got since `ended` was refused."""
        token = self._good()
        return None if token is ended else token

    @contextmanager
    def _turn(self) -> Generator[None, None, None]:
        """Wait until no other asks; not on an event loop, whose own task may be the other."""
        held = self._lock.acquire(blocking=not _on_event_loop())
        try:
            yield
        finally:
            if held:
                self._lock.release()

    @asynccontextmanager
    async def _task_turn(self) -> AsyncGenerator[None, None]:
        """Wait as `_turn` does, behind the tasks of the same loop; the loop goes on meanwhile."""
        async with self._task_lock():
            while not self._lock.acquire(blocking=False):
                await asyncio.sleep(GLANCE)
            try:
                yield
            finally:
                self._lock.release()

    def _task_lock(self) -> asyncio.Lock:
        """Return the lock of the running event loop: each loop has its own."""
        return self._task_locks.setdefault(asyncio.get_running_loop(), asyncio.Lock())

    def _ask(self, request: httpx.Request) -> httpx.Request:
        return httpx.Request(
            "POST",
            self._token_url,
            data={
                "grant_type": "client_credentials",
                "client_id": self._client_id,
                "client_secret": self._secret.reveal(),
            },
            headers={
                "Accept": "application/json",
                "User-Agent": request.headers.get("User-Agent", CALL),
            },
            extensions=request.extensions,
        )

    def _read(self, response: httpx.Response) -> _Token:
        self._token = None
        text, life = read_token(response.status_code, response.content)
        margin = min(LONGEST_MARGIN, life / 4)
        self._token = _Token(text, self._clock() + life - margin)
        return self._token


def read_token(status: int, body: bytes) -> tuple[Secret, int]:
    """
    Read the answer to a request for a token.

    Returns:
        The token, and how many seconds it is good for.

    Raises:
        UnauthorizedError: The application or its secret is not accepted.
        UnavailableError: The shop cannot serve now.
        UnreadableError: Something other than a token came.
    """
    if status != 200:
        raise _refusal(status)
    members = _members(body)
    text, life = members.get("access_token"), members.get("expires_in")
    if not isinstance(text, str) or not text.isascii() or not isinstance(life, int) or life < 1:
        raise UnreadableError(CALL, _NO_TOKEN, status=status)
    return Secret(text), life


def _on_event_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _members(body: bytes) -> dict[str, object]:
    try:
        tree = decode_json(body)
    except ValueError:
        return {}
    return tree if is_object(tree) else {}


def _refusal(status: int) -> CallError:
    if status in (400, 401, 403):
        return UnauthorizedError(CALL, _NOT_ACCEPTED, status=status)
    if status == 404:
        return UnauthorizedError(CALL, _NOT_THERE, status=status)
    detail = _DOWN.get(status, f"the shop gives no token, status {status}")
    return UnavailableError(CALL, detail, status=status)


def _bearing(request: httpx.Request, token: _Token) -> httpx.Request:
    request.headers["Authorization"] = f"Bearer {token.text.reveal()}"
    return request


def _read_body(response: httpx.Response) -> httpx.Response:
    response.read()
    return response


async def _await_body(response: httpx.Response) -> httpx.Response:
    await response.aread()
    return response


_NO_TOKEN = "expected a token and got something else; check url and token_path"  # noqa: S105
_NOT_ACCEPTED = (
    "client_id or client_secret is not accepted, the OAuth application is inactive or not for "
    "client credentials, or the API feature is switched off"
)
_NOT_THERE = "no tokens are given at token_path; check url and token_path"
_DOWN = {
    302: "the shop's database is down or the shop is not installed",
    502: "the proxy gets no answer from the shop; PHP is down or overloaded",
    503: "the shop is in maintenance mode, or its database is down",
}
