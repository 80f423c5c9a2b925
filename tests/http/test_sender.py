"""Senders: bytes out, bytes in, and what a failure of the transport means."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta

import httpx
import pytest
from attrs import evolve

from oro_prima.call import AsyncSender, HttpRequest, Sender
from oro_prima.errors import (
    CallError,
    Effect,
    NoAnswerError,
    UnavailableError,
    UnreachableError,
    UnreadableError,
)
from oro_prima.http.sender import (
    AsyncHttpSender,
    Endpoint,
    HttpSender,
    head_of,
    ignore_bytes,
    open_async_client,
    open_client,
    prepare,
)
from tests.http.calls import Echo

ENDPOINT = Endpoint("https://shop.example/api", headers=(("User-Agent", "x"),))
App = Callable[[httpx.Request], httpx.Response]
Send = Callable[[App, Echo, Callable[[int], None]], bytes]


def _send(app: App, call: Echo, on_bytes: Callable[[int], None] = ignore_bytes) -> bytes:
    sender = HttpSender(
        open_client(transport=httpx.MockTransport(app)), ENDPOINT, on_bytes=on_bytes
    )
    try:
        return sender.send(call)
    finally:
        sender.close()


def _send_async(app: App, call: Echo, on_bytes: Callable[[int], None] = ignore_bytes) -> bytes:
    async def run() -> bytes:
        client = open_async_client(transport=httpx.MockTransport(app))
        sender = AsyncHttpSender(client, ENDPOINT, on_bytes=on_bytes)
        try:
            return await sender.send(call)
        finally:
            await sender.close()

    return asyncio.run(run())


both = pytest.mark.parametrize("send", [_send, _send_async])


class _Parts(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body in parts; it may end in an error."""

    def __init__(self, *parts: bytes | Exception) -> None:
        self._parts = parts

    def __iter__(self) -> Iterator[bytes]:
        for part in self._parts:
            if isinstance(part, Exception):
                raise part
            yield part

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self:
            yield part


def _fails(error: Callable[[httpx.Request], Exception]) -> App:
    def app(request: httpx.Request) -> httpx.Response:
        raise error(request)

    return app


@both
def test_the_request_is_the_calls_and_the_answer_is_read(send: Send) -> None:
    """Method, address, header fields and body arrive as the call wrote them."""
    seen: list[httpx.Request] = []

    def app(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, content=b"good")

    asked = HttpRequest("POST", "things", (("a[b]", "1,2 3"),), (("X-Mode", "sync"),), b"body")

    assert send(app, Echo(asked=asked), ignore_bytes) == b"good"
    assert str(seen[0].url) == "https://shop.example/api/things?a%5Bb%5D=1,2%203"
    assert (seen[0].content, seen[0].headers["x-mode"]) == (b"body", "sync")
    assert seen[0].headers["user-agent"] == "x"


@both
def test_a_body_is_read_as_it_arrives(send: Send) -> None:
    """Whoever renews a lease is told of every part."""
    counts: list[int] = []

    def app(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, stream=_Parts(b"ab", b"cde"))

    assert send(app, Echo(), counts.append) == b"abcde"
    assert counts == [2, 3]


@both
def test_redirects_are_never_followed(send: Send) -> None:
    """A 302 is an answer like any other."""
    asked: list[str] = []

    def app(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(302, headers={"Location": "/elsewhere"})

    with pytest.raises(UnavailableError):
        send(app, Echo(), ignore_bytes)
    assert len(asked) == 1


@both
@pytest.mark.parametrize(
    "error",
    [
        httpx.ConnectError,
        httpx.ConnectTimeout,
        httpx.PoolTimeout,
        httpx.ProxyError,
        httpx.UnsupportedProtocol,
    ],
)
@pytest.mark.parametrize("safe", [True, False])
def test_what_did_not_leave_had_no_effect(
    send: Send, error: type[httpx.TransportError], safe: bool
) -> None:
    """An error of connecting is certain, for a write too."""
    app = _fails(lambda request: error("secret address", request=request))

    with pytest.raises(UnreachableError, match="cannot be reached") as caught:
        send(app, Echo(safe=safe), ignore_bytes)
    assert Effect.NONE is caught.value.effect
    assert "secret address" not in str(caught.value)


@both
@pytest.mark.parametrize(
    "error",
    [
        httpx.ReadTimeout,
        httpx.WriteTimeout,
        httpx.ReadError,
        httpx.WriteError,
        httpx.CloseError,
        httpx.RemoteProtocolError,
    ],
)
@pytest.mark.parametrize(("safe", "effect"), [(True, Effect.NONE), (False, Effect.UNKNOWN)])
def test_what_left_without_an_answer_is_open_unless_safe(
    send: Send, error: type[httpx.TransportError], safe: bool, effect: Effect
) -> None:
    """After the first byte nobody knows."""
    app = _fails(lambda request: error("x", request=request))

    with pytest.raises(NoAnswerError, match=error.__name__) as caught:
        send(app, Echo(safe=safe), ignore_bytes)
    assert effect is caught.value.effect


@both
def test_a_body_that_breaks_off_is_no_answer(send: Send) -> None:
    """Half a document is not read."""
    parts = _Parts(b"ab", httpx.RemoteProtocolError("cut"))

    with pytest.raises(NoAnswerError):
        send(lambda _request: httpx.Response(200, stream=parts), Echo(safe=False), ignore_bytes)


@both
def test_a_body_that_cannot_be_unpacked_is_unreadable(send: Send) -> None:
    """It came whole, and makes no sense."""

    def app(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=_Parts(b"no gzip"))

    with pytest.raises(UnreadableError, match="compressed") as caught:
        send(app, Echo(safe=False), ignore_bytes)
    assert Effect.UNKNOWN is caught.value.effect


def _packed(coding: str, *parts: bytes) -> App:
    headers = {"Content-Encoding": coding}
    return lambda _request: httpx.Response(200, headers=headers, stream=_Parts(*parts))


@both
@pytest.mark.parametrize("coding", ["gzip", "x-gzip", " GZip ", "deflate"])
@pytest.mark.parametrize("cut", [1, 3, 1000])
def test_a_compressed_answer_is_unpacked(send: Send, coding: str, cut: int) -> None:
    """Whatever its cut; one that is not is left alone."""
    text = b"good" * 20
    body = gzip.compress(text) if "zip" in coding.lower() else zlib.compress(text)
    parts = [body[at : at + cut] for at in range(0, len(body), cut)]

    assert send(_packed(coding, *parts), Echo(), ignore_bytes) == text
    assert send(_packed("identity", text), Echo(), ignore_bytes) == text


@both
def test_what_unpacks_to_too_much_is_left_at_the_cap(send: Send) -> None:
    """A hundred megabytes of nothing in a hundred kilobytes: one piece of it is ever made."""
    pieces: list[int] = []
    bomb = gzip.compress(b"\0" * 100_000_000, compresslevel=9)

    with pytest.raises(UnreadableError, match="larger"):
        send(_packed("gzip", bomb), Echo(), pieces.append)
    assert len(bomb) < 200_000
    assert sum(pieces) <= 64 * 1024


@both
@pytest.mark.parametrize("coding", ["gzip, gzip", "br", "zstd", "gzip, identity", "x"])
def test_a_coding_that_is_not_taken_is_refused(send: Send, coding: str) -> None:
    """One inside another multiplies what it gives."""
    with pytest.raises(UnreadableError, match="compressed"):
        send(_packed(coding, gzip.compress(gzip.compress(b"x"))), Echo(), ignore_bytes)


@both
@pytest.mark.parametrize("parts", [(b"rest",), (b"", b"rest")])
def test_bytes_after_the_end_are_refused(send: Send, parts: tuple[bytes, ...]) -> None:
    """Nobody would count them."""
    whole = gzip.compress(b"good")
    with pytest.raises(UnreadableError, match="compressed"):
        send(_packed("gzip", whole + parts[0], *parts[1:]), Echo(), ignore_bytes)


@both
@pytest.mark.parametrize(("safe", "effect"), [(True, Effect.NONE), (False, Effect.UNKNOWN)])
def test_a_safe_call_has_no_effect_to_be_unsure_of(send: Send, safe: bool, effect: Effect) -> None:
    """Whatever its decoder says of an answer above the cap."""

    def app(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=b"x" * 101)

    with pytest.raises(UnreadableError, match="larger") as caught:
        send(app, Echo(safe=safe), ignore_bytes)
    assert effect is caught.value.effect


@pytest.mark.parametrize("path", ["/admin", "https://elsewhere/x", "things/../../x"])
def test_a_call_never_leaves_its_system(path: str) -> None:
    """A path that leads elsewhere is refused before anything is sent."""
    with pytest.raises(ValueError, match="relative"):
        prepare(ENDPOINT, Echo(asked=HttpRequest("GET", path)))


def test_an_empty_path_is_the_system_itself() -> None:
    """So SOAP posts to its one address."""
    request = prepare(ENDPOINT, Echo(asked=HttpRequest("POST", "", body=b"x")))

    assert str(request.url) == "https://shop.example/api"


@pytest.mark.parametrize(("asked", "read"), [(None, 30.0), (600.0, 600.0)])
def test_time_outs_are_the_calls_or_the_systems(asked: float | None, read: float) -> None:
    """Connecting has its own; reading is the call's where it says."""
    endpoint = evolve(ENDPOINT, read_timeout=timedelta(seconds=30))

    timeout = prepare(endpoint, Echo(timeout=asked)).extensions["timeout"]

    assert {"connect": 10.0, "read": read, "write": read, "pool": 10.0} == timeout


def test_header_fields_that_come_twice_are_both_kept() -> None:
    """In the order in which they came."""
    response = httpx.Response(200, headers=[("a", "1"), ("a", "2")])

    assert head_of(response).headers == (("a", "1"), ("a", "2"))


def test_both_senders_are_senders() -> None:
    """The same calls, sent or awaited."""
    sender: Sender = HttpSender(open_client(), ENDPOINT)
    awaited: AsyncSender = AsyncHttpSender(open_async_client(), ENDPOINT)

    assert isinstance(sender, HttpSender)
    assert isinstance(awaited, AsyncHttpSender)


def test_an_error_of_a_decoder_passes_unchanged() -> None:
    """Its class, its status, its call."""
    with pytest.raises(CallError) as caught:
        _send(lambda _request: httpx.Response(503), Echo())

    assert (caught.value.call, caught.value.status) == ("echo", 503)
