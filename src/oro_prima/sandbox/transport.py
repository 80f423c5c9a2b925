"""httpx transports over a world, in this process: the same faults that a socket would show."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Protocol

import httpx

from oro_prima.call import HttpRequest, HttpResponse
from oro_prima.sandbox.faults import Act, Reply

HOSTS = {
    "oro.sandbox.test": "oro",
    "prima.sandbox.test": "prima",
    "control.sandbox.test": "control",
}
"""Which system each host name stands for; the names resolve nowhere."""

_PIECE = 1024


class Answers(Protocol):
    """What a transport needs of a world."""

    def reply(self, system: str, request: HttpRequest) -> Reply:
        """Carry out one request to `oro`, `prima` or `control`, faults included."""
        ...


class SandboxTransport(httpx.BaseTransport):
    """
    Answers requests from a world, told apart by host name (`HOSTS`).

    A fault raises what httpx raises when a socket shows it: `ConnectError` for a refusal,
    `ReadTimeout` at once for a hang, `ReadError` for a reset, `RemoteProtocolError` while the body
    is read for one that is cut off.
    """

    def __init__(self, world: Answers) -> None:
        self._world = world

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        system = _system(request)
        reply = self._world.reply(system, _to_request(request, request.read()))
        return _to_response(reply, request)


class AsyncSandboxTransport(httpx.AsyncBaseTransport):
    """The asynchronous twin of `SandboxTransport`."""

    def __init__(self, world: Answers) -> None:
        self._world = world

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        system = _system(request)
        reply = self._world.reply(system, _to_request(request, await request.aread()))
        return _to_response(reply, request)


class _Pieces(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body in pieces; one that is cut off breaks in the middle, as a closed connection does."""

    def __init__(self, body: bytes, *, cut: bool) -> None:
        self._body, self._cut = body, cut

    def __iter__(self) -> Iterator[bytes]:
        end = len(self._body) // 2 if self._cut else len(self._body)
        for start in range(0, end, _PIECE):
            yield self._body[start : min(start + _PIECE, end)]
        if self._cut:
            text = "peer closed connection without sending complete message body"
            detail = f"(received {end} bytes, expected {len(self._body)})"
            raise httpx.RemoteProtocolError(f"{text} {detail}")

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self:
            yield piece


def _system(request: httpx.Request) -> str:
    if request.url.host not in HOSTS:
        wanted = ", ".join(HOSTS)
        raise httpx.ConnectError(
            f"no such host in the sandbox; there are {wanted}", request=request
        )
    return HOSTS[request.url.host]


def _to_request(request: httpx.Request, body: bytes) -> HttpRequest:
    return HttpRequest(
        request.method,
        request.url.path,
        tuple(request.url.params.multi_items()),
        tuple(request.headers.multi_items()),
        body,
    )


def _to_response(reply: Reply, request: httpx.Request) -> httpx.Response:
    if reply.act is Act.REFUSE:
        raise httpx.ConnectError("[Errno 111] Connection refused", request=request)
    if reply.act is Act.HANG:
        raise httpx.ReadTimeout("The read operation timed out", request=request)
    if reply.act is Act.RESET:
        raise httpx.ReadError("[Errno 104] Connection reset by peer", request=request)
    return _answer(reply.response, request, cut=reply.act is Act.TRUNCATE)


def _answer(response: HttpResponse, request: httpx.Request, *, cut: bool) -> httpx.Response:
    if cut and not response.body:
        text = "Server disconnected without sending a response."
        raise httpx.RemoteProtocolError(text, request=request)
    headers = [*response.headers, ("Content-Length", str(len(response.body)))]
    stream = _Pieces(response.body, cut=cut)
    return httpx.Response(response.status, headers=headers, stream=stream, request=request)
