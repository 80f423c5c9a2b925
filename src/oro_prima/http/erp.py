"""A ready sender for Prima: time-outs, retries of enquiries, and what stands in front of it."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager

import httpx

from oro_prima.call import Sender
from oro_prima.errors import ConfigError
from oro_prima.http.retry import (
    Manners,
    Repetition,
    RetryingSender,
    RetryPolicy,
    ignore_repetition,
)
from oro_prima.http.sender import Endpoint, HttpSender, ignore_bytes, open_client
from oro_prima.prima.config import PrimaConfig


@contextmanager
def open_prima(
    config: PrimaConfig,
    *,
    transport: httpx.BaseTransport | None = None,
    sleep: Callable[[float], None] = time.sleep,
    on_bytes: Callable[[int], None] = ignore_bytes,
    on_repetition: Callable[[Repetition], None] = ignore_repetition,
) -> Generator[Sender, None, None]:
    """
    Open the connection to Prima; it is closed at the end of the block.

    Args:
        config: Where Prima is.
        transport: What moves the bytes; None for the network.
        sleep: Waits between repetitions of an enquiry; an order is never repeated.
        on_bytes: Told how many bytes of an answer just arrived.
        on_repetition: Told of an enquiry that is about to be sent again.

    Raises:
        ConfigError: A file of certificates cannot be used.
    """
    endpoint = Endpoint(
        config.url,
        connect_timeout=config.connect_timeout,
        read_timeout=config.read_timeout,
        headers=config.headers,
    )
    client = open_client(
        auth=_auth(config), transport=transport, tls=_tls(config), connections=config.connections
    )
    with client:
        sender = HttpSender(client, endpoint, on_bytes=on_bytes)
        manners = Manners(tell=on_repetition)
        yield RetryingSender(sender, RetryPolicy(config.retries), sleep=sleep, manners=manners)


def _auth(config: PrimaConfig) -> httpx.Auth | None:
    if not config.username:
        return None
    password = config.password.reveal() if config.password is not None else ""
    return httpx.BasicAuth(config.username, password)


def _tls(config: PrimaConfig) -> ssl.SSLContext | None:
    if not (config.certificate or config.ca_file):
        return None
    secret = config.certificate_password
    try:
        context = ssl.create_default_context(cafile=config.ca_file or None)
        if config.certificate:
            context.load_cert_chain(
                config.certificate,
                config.certificate_key or None,
                password=secret.reveal() if secret is not None else "",
            )
    except OSError as exc:
        fault = f"prima.certificate or prima.ca_file cannot be used ({type(exc).__name__})"
        raise ConfigError((fault,)) from None
    return context
