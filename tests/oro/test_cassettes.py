"""Every recorded exchange is played, by the typed call that writes it where there is one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
import vcr
import yaml
from attrs import frozen

from oro_prima.errors import (
    CallError,
    RejectedError,
    UnauthorizedError,
    UnavailableError,
    UnreadableError,
)
from oro_prima.http.auth import read_token
from oro_prima.http.sender import Endpoint, HttpSender, head_of
from oro_prima.oro.calls.jsonapi import Answer, ApiCall
from tests.oro.recover import Asked, inlined, recover

FOLDER = Path(__file__).parents[1] / "cassettes"
FILES = sorted(FOLDER.glob("*/*.yaml"))
API = "https://oro.example.test/admin/api"
TOKEN = "/oauth2-token"
MATCHED = ("method", "scheme", "host", "port", "path", "query", "tree")
FAILURES: dict[int, tuple[type[CallError], ...]] = {
    302: (UnavailableError,),
    400: (RejectedError, UnavailableError),
    401: (UnauthorizedError,),
    403: (UnauthorizedError,),
    404: (RejectedError, UnavailableError),
    405: (RejectedError,),
    406: (UnavailableError,),
    409: (RejectedError,),
    415: (UnavailableError,),
    500: (RejectedError, UnavailableError),
    502: (UnavailableError,),
    503: (UnavailableError,),
}


@frozen
class Exchange:
    """One exchange of a cassette."""

    method: str
    url: str
    body: str
    headers: dict[str, str]
    status: int
    received: Any

    @property
    def relative(self) -> str:
        """The path as a call writes it; empty outside the API."""
        path = urlsplit(self.url).path
        return path.removeprefix("/admin/api/") if path.startswith("/admin/api/") else ""

    @property
    def asked(self) -> Asked:
        """The request alone."""
        query = tuple(parse_qsl(urlsplit(self.url).query, keep_blank_values=True))
        mode = self.headers.get("X-Mode", "")
        return Asked(self.method, self.relative, query, _tree(self.body), mode)


def _exchanges(path: Path) -> Iterator[Exchange]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for one in yaml.load(path.read_text(encoding="utf-8"), loader)["interactions"]:
        request, response = one["request"], one["response"]
        headers = {name: values[0] for name, values in request["headers"].items()}
        received = _tree(response["body"]["string"])
        status = response["status"]["code"]
        yield Exchange(
            request["method"], request["uri"], request["body"] or "", headers, status, received
        )


def _tree(text: str) -> Any:
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text


def _same_tree(one: Any, other: Any) -> None:
    assert inlined(_tree(_text(one))) == inlined(_tree(_text(other)))


def _text(request: Any) -> str:
    body = request.body
    return body.decode() if isinstance(body, bytes) else body or ""


@pytest.fixture(scope="module")
def recorder() -> vcr.VCR:
    tape = vcr.VCR(record_mode="none", match_on=MATCHED)
    tape.register_matcher("tree", _same_tree)
    return tape


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_exchange_is_played_and_read(recorder: vcr.VCR, path: Path) -> None:
    """Nothing is sent that was not recorded, nothing recorded is left over."""
    exchanges = list(_exchanges(path))

    with recorder.use_cassette(str(path)) as cassette, httpx.Client() as client:
        sender = HttpSender(client, Endpoint(API))
        differences = [_play(sender, client, exchange) for exchange in exchanges]

    assert [told for told in differences if told] == []
    assert cassette.all_played


def test_most_exchanges_are_written_by_a_typed_call() -> None:
    """What is left over was never meant to be written."""
    asked = [one for path in FILES for one in _exchanges(path) if one.status < 400 and one.relative]
    typed = [one for one in asked if recover(one.asked, one.received) is not None]

    assert len(typed) / len(asked) > 0.9


def _play(sender: HttpSender, client: httpx.Client, exchange: Exchange) -> str:
    if urlsplit(exchange.url).path == TOKEN:
        return _token(client, exchange)
    if not exchange.relative:
        return _outside(client, exchange)
    typed = recover(exchange.asked, exchange.received)
    done = exchange.status < 300 or isinstance(exchange.received, dict)
    if typed is not None and exchange.status < 400 and done:
        return typed.compare(sender.send(typed.call), exchange.received)
    return _raw(client, exchange)


def _sent(client: httpx.Client, exchange: Exchange) -> httpx.Response:
    return client.request(
        exchange.method, exchange.url, content=exchange.body or None, headers=exchange.headers
    )


def _outside(client: httpx.Client, exchange: Exchange) -> str:
    response = _sent(client, exchange)
    return "" if response.status_code == exchange.status else f"status {response.status_code}"


def _token(client: httpx.Client, exchange: Exchange) -> str:
    response = _sent(client, exchange)
    try:
        _secret, seconds = read_token(response.status_code, response.content)
    except CallError:
        return "" if exchange.status != 200 else "no token was read"
    return "" if seconds == exchange.received["expires_in"] else "another life"


def _raw(client: httpx.Client, exchange: Exchange) -> str:
    """Send a request that no typed call writes, and look at the class of its error."""
    response = _sent(client, exchange)
    call: ApiCall[Answer] = ApiCall(
        name="raw",
        resource=exchange.relative.split("/")[0],
        path=exchange.relative or "-",
        method=exchange.method,
        read=lambda answer: answer,
    )
    try:
        decoder = call.decoder(head_of(response))
        decoder.feed(response.content)
        decoder.close()
    except UnreadableError as error:
        return "" if exchange.method == "HEAD" else str(error)
    except CallError as error:
        fits = isinstance(error, FAILURES.get(exchange.status, ()))
        return "" if fits and error.status == exchange.status else str(error)
    return "" if exchange.status < 400 else "read as data"
