"""
Senders: any call to one system, over httpx.

Both senders are one pure preparation, one stream, one translation. Redirects are never followed.
A call that is not safe is sent once, over a connection that was new or used within 5 seconds: a
server that closes an idle one looks like a lost answer.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import timedelta
from typing import TypeVar
from urllib.parse import quote, urlencode

import httpx
from attrs import frozen

from oro_prima.call import Call, Headers, ResponseHead
from oro_prima.errors import (
    CallError,
    Effect,
    NoAnswerError,
    UnreachableError,
    UnreadableError,
)
from oro_prima.http.unpacking import async_body_of, body_of

R = TypeVar("R")

IDLE_SECONDS = 5.0
MOST_CONNECTIONS = 4
USER_AGENT = "oro-prima"


@frozen
class Endpoint:
    """
    Where calls of one system go.

    Attributes:
        url: What a call's path is relative to; without a slash at its end.
        connect_timeout: How long a connection may take.
        read_timeout: How long the next bytes may take, where the call does not say.
        headers: Sent with every call; who calls is told to the system's logs.
    """

    url: str
    connect_timeout: timedelta = timedelta(seconds=10)
    read_timeout: timedelta = timedelta(seconds=60)
    headers: Headers = (("User-Agent", USER_AGENT),)


def ignore_bytes(count: int) -> None:
    """Take no notice of bytes that arrive."""
    del count


class HttpSender:
    """
    Sends calls to one system.

    Args:
        client: Made by `open_client`; the caller closes it.
        endpoint: Where calls go.
        on_bytes: Told how many bytes of an answer just arrived, so that a lease can be renewed
            while a long one is read.
    """

    def __init__(
        self,
        client: httpx.Client,
        endpoint: Endpoint,
        *,
        on_bytes: Callable[[int], None] = ignore_bytes,
    ) -> None:
        self._client, self._endpoint, self._on_bytes = client, endpoint, on_bytes

    def send(self, call: Call[R]) -> R:
        """Send `call` once and read its answer as it arrives."""
        request = prepare(self._endpoint, call)
        with translated(call, request):
            response = self._client.send(request, stream=True)
            try:
                decoder = call.decoder(head_of(response))
                for data in body_of(response):
                    decoder.feed(data)
                    self._on_bytes(len(data))
                return decoder.close()
            finally:
                response.close()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


class AsyncHttpSender:
    """Sends calls to one system, awaited; see `HttpSender`."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        endpoint: Endpoint,
        *,
        on_bytes: Callable[[int], None] = ignore_bytes,
    ) -> None:
        self._client, self._endpoint, self._on_bytes = client, endpoint, on_bytes

    async def send(self, call: Call[R]) -> R:
        """Send `call` once and read its answer as it arrives."""
        request = prepare(self._endpoint, call)
        with translated(call, request):
            response = await self._client.send(request, stream=True)
            try:
                decoder = call.decoder(head_of(response))
                async for data in async_body_of(response):
                    decoder.feed(data)
                    self._on_bytes(len(data))
                return decoder.close()
            finally:
                await response.aclose()

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def open_client(
    *,
    auth: httpx.Auth | None = None,
    transport: httpx.BaseTransport | None = None,
    tls: ssl.SSLContext | None = None,
    connections: int = MOST_CONNECTIONS,
) -> httpx.Client:
    """
    Return a client that follows no redirect and keeps no connection idle above 5 seconds.

    Args:
        auth: Proves who calls.
        transport: What moves the bytes; None for the network.
        tls: Whom to trust and which certificate to show; None for the system's trust.
        connections: Most connections at a time.
    """
    return httpx.Client(
        auth=auth,
        transport=transport,
        verify=tls or True,
        follow_redirects=False,
        limits=_limits(connections),
    )


def open_async_client(
    *, auth: httpx.Auth | None = None, transport: httpx.AsyncBaseTransport | None = None
) -> httpx.AsyncClient:
    """Return the asynchronous twin of `open_client`."""
    return httpx.AsyncClient(
        auth=auth, transport=transport, follow_redirects=False, limits=_limits(MOST_CONNECTIONS)
    )


def prepare(endpoint: Endpoint, call: Call[object]) -> httpx.Request:
    """
    Write the request of a call, whole: address, header fields, body, time-outs.

    Raises:
        ValueError: The call's path is no relative one.
    """
    asked = call.request()
    if asked.path.startswith("/") or "://" in asked.path or ".." in asked.path.split("/"):
        msg = f"{call.name}: expected a path relative to the system's address"
        raise ValueError(msg)
    url = endpoint.url + (f"/{quote(asked.path)}" if asked.path else "")
    if asked.query:
        url += "?" + urlencode(asked.query, quote_via=quote, safe=",:")
    return httpx.Request(
        asked.method,
        url,
        headers=[*endpoint.headers, *asked.headers],
        content=asked.body or None,
        extensions={"timeout": _timeout(endpoint, call).as_dict()},
    )


def head_of(response: httpx.Response) -> ResponseHead:
    """Return status and header fields of an answer."""
    return ResponseHead(response.status_code, tuple(response.headers.multi_items()))


@contextmanager
def translated(call: Call[object], request: httpx.Request) -> Generator[None, None, None]:
    """
    Turn what httpx raises into what a flow can decide by.

    An error of connecting says that nothing left, and so does any error of asking for a token;
    after that the effect is open, unless the call is safe.
    """
    try:
        yield
    except CallError as error:
        if call.safe:
            error.effect = Effect.NONE
        raise
    except _NOT_SENT as exc:
        raise UnreachableError(call.name, _unreachable(request, exc)) from exc
    except httpx.DecodingError as exc:
        detail = "the answer is compressed in a way that cannot be read"
        raise UnreadableError(call.name, detail, effect=_unsure(call)) from exc
    except httpx.TransportError as exc:
        if exc.request is not request:
            detail = f"no token: no answer to the request for one ({_kind(exc)})"
            raise UnreachableError(call.name, detail) from exc
        detail = f"no complete answer came ({_kind(exc)})"
        raise NoAnswerError(call.name, detail, effect=_unsure(call)) from exc


def _timeout(endpoint: Endpoint, call: Call[object]) -> httpx.Timeout:
    connect = endpoint.connect_timeout.total_seconds()
    read = endpoint.read_timeout.total_seconds() if call.timeout is None else call.timeout
    return httpx.Timeout(read, connect=connect, pool=connect)


def _unsure(call: Call[object]) -> Effect:
    return Effect.NONE if call.safe else Effect.UNKNOWN


def _unreachable(request: httpx.Request, exc: Exception) -> str:
    place = request.url.netloc.decode("ascii")
    return (
        f"{place} cannot be reached ({_kind(exc)}); check the address, the network and the "
        "certificate"
    )


def _kind(exc: Exception) -> str:
    return type(exc).__name__


def _limits(connections: int) -> httpx.Limits:
    return httpx.Limits(
        max_connections=connections,
        max_keepalive_connections=connections,
        keepalive_expiry=IDLE_SECONDS,
    )


_NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
