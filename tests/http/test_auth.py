"""Tokens: got, kept, renewed, and refused."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from urllib.parse import parse_qs

import httpx
import pytest
from attrs import define, field
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.errors import (
    CallError,
    Effect,
    UnauthorizedError,
    UnavailableError,
    UnreachableError,
    UnreadableError,
)
from oro_prima.http.auth import OroAuth, read_token
from oro_prima.http.sender import (
    AsyncHttpSender,
    Endpoint,
    HttpSender,
    open_async_client,
    open_client,
)
from oro_prima.values import Secret
from tests.http.calls import Echo

TOKEN_URL = "https://shop.example/oauth2-token"
ENDPOINT = Endpoint("https://shop.example/api")


@define
class Shop:
    """Gives numbered tokens and accepts those that were not ended."""

    life: int = 3600
    ended: set[str] = field(factory=set[str])
    given: int = 0
    asked: list[httpx.Request] = field(factory=list[httpx.Request])
    now: float = 0.0

    def app(self, request: httpx.Request) -> httpx.Response:
        """Answer a request for a token, or any other."""
        self.asked.append(request)
        if str(request.url) == TOKEN_URL:
            self.given += 1
            return httpx.Response(
                200, json={"access_token": f"t{self.given}", "expires_in": self.life}
            )
        token = request.headers["authorization"].removeprefix("Bearer ")
        return httpx.Response(503 if token in self.ended else 200, content=token.encode())

    def strict(self, request: httpx.Request) -> httpx.Response:
        """Answer as `app`, but with 401 for a token that was ended."""
        response = self.app(request)
        return httpx.Response(401) if response.status_code == 503 else response


def _auth(shop: Shop) -> OroAuth:
    return OroAuth(TOKEN_URL, client_id="c", client_secret=Secret("hush"), clock=lambda: shop.now)


def _sender(auth: OroAuth, app: Callable[[httpx.Request], httpx.Response]) -> HttpSender:
    return HttpSender(open_client(auth=auth, transport=httpx.MockTransport(app)), ENDPOINT)


def test_one_token_serves_many_calls() -> None:
    """It is asked for once, by a form, with the call's own time-outs."""
    shop = Shop()
    sender = _sender(_auth(shop), shop.strict)

    assert [sender.send(Echo()), sender.send(Echo(safe=False))] == [b"t1", b"t1"]
    form = parse_qs(shop.asked[0].content.decode())
    expected = {
        "grant_type": ["client_credentials"],
        "client_id": ["c"],
        "client_secret": ["hush"],
    }
    assert expected == form
    assert shop.asked[0].extensions["timeout"]["read"] == 60.0


@pytest.mark.parametrize(("life", "last"), [(3600, 3539), (15, 11)])
def test_a_token_is_renewed_before_it_ends(life: int, last: int) -> None:
    """A minute before, or a quarter of a short life."""
    shop = Shop(life=life)
    sender = _sender(_auth(shop), shop.strict)
    sender.send(Echo())

    shop.now = last
    assert sender.send(Echo()) == b"t1"
    shop.now = last + 1
    assert sender.send(Echo()) == b"t2"


def test_a_token_that_was_ended_is_renewed_once() -> None:
    """401 says that nothing was done, so a write goes out again with a new token."""
    shop = Shop()
    sender = _sender(_auth(shop), shop.strict)
    sender.send(Echo())
    shop.ended = {"t1"}

    assert sender.send(Echo(safe=False)) == b"t2"


def test_a_fresh_token_that_is_refused_is_not_renewed() -> None:
    """Otherwise a closed application would be asked for ever."""
    shop = Shop(ended={"t1", "t2", "t3"})
    sender = _sender(_auth(shop), shop.strict)

    with pytest.raises(UnavailableError):
        sender.send(Echo())
    with pytest.raises(UnavailableError):
        sender.send(Echo())
    assert shop.given == 2


def test_the_asynchronous_flow_is_the_same() -> None:
    """Got, kept, and renewed once."""
    shop = Shop()
    auth = _auth(shop)

    async def run() -> list[bytes]:
        client = open_async_client(auth=auth, transport=httpx.MockTransport(shop.strict))
        sender = AsyncHttpSender(client, ENDPOINT)
        first = await sender.send(Echo())
        shop.ended = {"t1"}
        second = await sender.send(Echo())
        await sender.close()
        return [first, second]

    assert asyncio.run(run()) == [b"t1", b"t2"]


@pytest.mark.parametrize(
    ("status", "kind", "told"),
    [
        (400, UnauthorizedError, "client credentials"),
        (401, UnauthorizedError, "feature is switched off"),
        (404, UnauthorizedError, "token_path"),
        (302, UnavailableError, "database"),
        (502, UnavailableError, "PHP"),
        (503, UnavailableError, "maintenance"),
        (500, UnavailableError, "status 500"),
    ],
)
def test_a_refused_token_says_what_to_do(status: int, kind: type[CallError], told: str) -> None:
    """And never what was sent; a write has had no effect."""
    sender = _sender(_auth(Shop()), lambda _request: httpx.Response(status, text="hush"))

    with pytest.raises(kind, match=told) as caught:
        sender.send(Echo(safe=False))
    assert (status, Effect.NONE) == (caught.value.status, caught.value.effect)
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize(
    "body",
    [
        b"<html>",
        b"[]",
        b"{}",
        b'{"access_token":"t"}',
        b'{"access_token":5,"expires_in":5}',
        b'{"access_token":"t","expires_in":0}',
        '{"access_token":"ü","expires_in":5}'.encode(),
    ],
)
def test_something_other_than_a_token_is_unreadable(body: bytes) -> None:
    """A login page answers with 200."""
    with pytest.raises(UnreadableError, match="token_path"):
        read_token(200, body)


@given(st.integers(200, 599), st.binary(max_size=30))
def test_any_answer_gives_a_token_or_a_call_error(status: int, body: bytes) -> None:
    """Nothing else is raised."""
    told = status
    try:
        read_token(status, body)
    except CallError as error:
        told = error.status

    assert status == told


@pytest.mark.parametrize("error", [httpx.ReadTimeout, httpx.ConnectError])
def test_without_a_token_nothing_left(error: type[httpx.TransportError]) -> None:
    """A time-out of the request for a token leaves no doubt about the call."""

    def app(request: httpx.Request) -> httpx.Response:
        raise error("x", request=request)

    with pytest.raises(UnreachableError) as caught:
        _sender(_auth(Shop()), app).send(Echo(safe=False))
    assert Effect.NONE is caught.value.effect


def test_the_secret_is_in_no_log_and_no_repr(caplog: pytest.LogCaptureFixture) -> None:
    """Not at the loudest level."""
    shop = Shop()
    auth = _auth(shop)
    with caplog.at_level(logging.DEBUG):
        _sender(auth, shop.strict).send(Echo())

    assert "hush" not in caplog.text + repr(vars(auth))
    assert "t1" not in repr(vars(auth))
