"""A ready sender for Prima: time-outs, retries of enquiries, and what stands in front of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager

import httpx

from oro_prima.call import Sender
from oro_prima.http.retry import RetryingSender, RetryPolicy
from oro_prima.http.sender import Endpoint, HttpSender, ignore_bytes, open_client
from oro_prima.prima.config import PrimaConfig


@contextmanager
def open_prima(
    config: PrimaConfig,
    *,
    transport: httpx.BaseTransport | None = None,
    sleep: Callable[[float], None] = time.sleep,
    on_bytes: Callable[[int], None] = ignore_bytes,
) -> Generator[Sender, None, None]:
    """
    Open the connection to Prima; it is closed at the end of the block.

    Args:
        config: Where Prima is.
        transport: What moves the bytes; None for the network.
        sleep: Waits between repetitions of an enquiry; an order is never repeated.
        on_bytes: Told how many bytes of an answer just arrived.
    """
    endpoint = Endpoint(
        config.url,
        connect_timeout=config.connect_timeout,
        read_timeout=config.read_timeout,
        headers=config.headers,
    )
    with open_client(auth=_auth(config), transport=transport) as client:
        sender = HttpSender(client, endpoint, on_bytes=on_bytes)
        yield RetryingSender(sender, RetryPolicy(config.retries), sleep=sleep)


def _auth(config: PrimaConfig) -> httpx.Auth | None:
    if not config.username:
        return None
    password = config.password.reveal() if config.password is not None else ""
    return httpx.BasicAuth(config.username, password)
