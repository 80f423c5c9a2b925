"""A ready sender for a shop."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import httpx
import pytest
from attrs import evolve

from oro_prima.errors import UnreadableError
from oro_prima.http.retry import Repetition, evenly
from oro_prima.http.shop import endpoint_of, open_oro, open_oro_async
from oro_prima.oro.calls.jsonapi import MEDIA_TYPE
from oro_prima.oro.calls.orders import sweep_orders
from oro_prima.oro.config import OroConfig
from oro_prima.oro.models.features import OroFeatures
from oro_prima.values import Secret
from tests.http.calls import Echo

CONFIG = OroConfig(
    url="https://shop.example",
    client_id="c",
    client_secret=Secret("hush"),
    read_timeout=timedelta(seconds=5),
)


def _app() -> httpx.MockTransport:
    answers = [httpx.Response(503), httpx.Response(200, content=b"good")]

    def app(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/oauth2-token":
            return httpx.Response(200, json={"access_token": "t", "expires_in": 60})
        return answers.pop(0)

    return httpx.MockTransport(app)


def test_a_shop_is_reached_as_configured() -> None:
    """With a token, at its API, again after a failure that passes."""
    slept: list[float] = []
    counts: list[int] = []

    told: list[Repetition] = []
    app = _app()
    with open_oro(
        CONFIG,
        transport=app,
        sleep=slept.append,
        on_bytes=counts.append,
        on_repetition=told.append,
        spread=evenly,
    ) as shop:
        assert shop.send(Echo()) == b"good"
    assert (slept, counts) == ([1.0], [4])
    assert [(one.call, one.sendings, one.seconds) for one in told] == [("echo", 1, 1.0)]


def test_an_asynchronous_program_reaches_it_too() -> None:
    """The same, awaited."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async def run() -> bytes:
        async with open_oro_async(CONFIG, transport=_app(), sleep=sleep, spread=evenly) as shop:
            return await shop.send(Echo())

    assert asyncio.run(run()) == b"good"
    assert slept == [1.0]


def test_an_answer_is_read_up_to_the_configured_cap() -> None:
    """Told with the setting that raises it."""
    small = evolve(CONFIG, json_cap=20)

    def app(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/oauth2-token":
            return httpx.Response(200, json={"access_token": "t", "expires_in": 60})
        return httpx.Response(200, content=b" " * 21, headers={"Content-Type": MEDIA_TYPE})

    with (
        open_oro(small, transport=httpx.MockTransport(app)) as shop,
        pytest.raises(UnreadableError, match=r"larger than 20 bytes.* oro\.json_cap"),
    ):
        shop.send(sweep_orders(OroFeatures(), after=0))


def test_time_outs_are_the_configured_ones() -> None:
    """The API's address and its time-outs come from the configuration."""
    endpoint = endpoint_of(CONFIG)

    assert endpoint.url == "https://shop.example/admin/api"
    assert (timedelta(seconds=10), timedelta(seconds=5)) == (
        endpoint.connect_timeout,
        endpoint.read_timeout,
    )
