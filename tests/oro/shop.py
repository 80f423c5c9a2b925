"""A sandbox shop, its clock, and a sender to it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Literal

import httpx
import pytest
from attrs import define

from oro_prima.call import Headers, HttpRequest, HttpResponse, Sender
from oro_prima.http.auth import OroAuth
from oro_prima.http.sender import Endpoint, HttpSender, open_client
from oro_prima.ids import OroOrderId
from oro_prima.sandbox.oro import OrderLine, OroSandbox
from oro_prima.sandbox.oro.schema import Release as Release
from oro_prima.values import Secret

Version = Literal["5.1", "6.1"]
START = datetime(2031, 5, 6, 7, 0, tzinfo=UTC)
versions = pytest.mark.parametrize("version", ["5.1", "6.1"])


@define
class Clock:
    """A clock that is moved by hand."""

    now: datetime = START

    def __call__(self) -> datetime:
        """Return the instant that was set."""
        return self.now

    def seconds(self) -> float:
        """Return seconds that only ever rise."""
        return self.now.timestamp()

    def wait(self, seconds: float) -> None:
        """Move on."""
        self.now += timedelta(seconds=seconds)


@define
class Shop:
    """A sandbox, its clock, and a sender to it."""

    sandbox: OroSandbox
    clock: Clock
    sender: Sender
    customer: str

    def raw(self, method: str, path: str, sent: object, *, mode: str = "") -> HttpResponse:
        """Ask the sandbox itself, past the client."""
        secret = {"client_id": "sandbox-client", "client_secret": "sandbox-secret"}
        body = json.dumps({"grant_type": "client_credentials", **secret}).encode()
        typed = (("Content-Type", "application/json"),)
        answer = self.sandbox.handle(HttpRequest("POST", "/oauth2-token", (), typed, body))
        token = json.loads(answer.body)["access_token"]
        kind = "application/vnd.api+json"
        headers: Headers = (
            ("Accept", kind),
            ("Content-Type", kind),
            ("Authorization", f"Bearer {token}"),
        )
        headers = (*headers, *((("X-Mode", mode),) if mode else ()))
        request = HttpRequest(method, f"/admin/api/{path}", (), headers, json.dumps(sent).encode())
        return self.sandbox.handle(request)

    def order(self, count: int = 1, **more: object) -> OroOrderId:
        """Place an order of so many lines."""
        lines = [OrderLine("S1", "each", Decimal(2), Decimal("1.25"))] * count
        placed: Callable[..., str] = self.sandbox.place_order
        return OroOrderId(placed(self.customer, lines, **more))


def a_shop(version: Release, *, api: str = "/admin/api") -> Shop:
    """Return a shop of one customer and one product in two units, asked at `api`."""
    clock = Clock()
    sandbox = OroSandbox(version=version, now=clock)

    def app(request: httpx.Request) -> httpx.Response:
        asked = HttpRequest(
            request.method,
            request.url.path,
            tuple(request.url.params.multi_items()),
            tuple(request.headers.items()),
            request.content,
        )
        answer = sandbox.handle(asked)
        return httpx.Response(answer.status, headers=list(answer.headers), content=answer.body)

    auth = OroAuth(
        "http://shop.test/oauth2-token",
        client_id="sandbox-client",
        client_secret=Secret("sandbox-secret"),
        clock=clock.seconds,
    )
    client = open_client(auth=auth, transport=httpx.MockTransport(app))
    sender = HttpSender(client, Endpoint(f"http://shop.test{api}"))
    customer = sandbox.add_customer("Made-up Ltd")
    sandbox.add_product("S1", units=[("each", 0, Decimal(1)), ("pallet", 0, Decimal(48))])
    return Shop(sandbox, clock, sender, customer)
