"""The one place that knows concrete classes: a configuration in, ports out."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime

import httpx

from oro_prima.call import Headers
from oro_prima.config import Config
from oro_prima.http.retry import RetryingSender, RetryPolicy
from oro_prima.http.sender import Endpoint, HttpSender, open_client
from oro_prima.http.shop import open_oro
from oro_prima.ports import Clock, Observer, Ports, ignore
from oro_prima.prima.config import PrimaConfig
from oro_prima.stores import SqliteStore


def system_clock() -> datetime:
    """Return the present instant by this machine's clock."""
    return datetime.now(UTC)


@contextmanager
def connect(
    config: Config,
    *,
    clock: Clock = system_clock,
    observer: Observer = ignore,
    step: Callable[[str], None] = lambda _name: None,
    sleep: Callable[[float], None] = time.sleep,
) -> Generator[Ports]:
    """
    Open everything that a configuration names; all of it is closed at the end of the block.

    Nothing is sent yet. The store is made where there is none; it posts nothing before its cut-over.

    Args:
        config: As loaded.
        clock: For leases, and as the base of a run's clock.
        observer: Told of what happens.
        step: Called at named steps of a flow.
        sleep: Waits, between repetitions and for batches.

    Raises:
        StoreError: the store cannot be used.
    """
    with ExitStack() as stack:
        store = SqliteStore.open(config.store.path, pair=config.pair.id, clock=clock)
        stack.enter_context(closing(store))
        shop = stack.enter_context(open_oro(config.oro, sleep=sleep))
        erp = stack.enter_context(_open_prima(config.prima, sleep=sleep))
        yield Ports(
            shop=shop,
            erp=erp,
            store=store,
            clock=clock,
            sleep=sleep,
            pair=config.pair,
            tables=config.tables,
            profile=config.prima.profile,
            zone=config.orders.zone,
            run=config.run,
            erp_timeout=config.prima.connect_timeout + config.prima.read_timeout,
            observer=observer,
            step=step,
        )


@contextmanager
def _open_prima(
    config: PrimaConfig, *, sleep: Callable[[float], None]
) -> Generator[RetryingSender]:
    with open_client(auth=_auth(config)) as client:
        sender = HttpSender(client, _endpoint(config))
        yield RetryingSender(sender, RetryPolicy(config.retries), sleep=sleep)


def _auth(config: PrimaConfig) -> httpx.Auth | None:
    if not config.username:
        return None
    password = config.password.reveal() if config.password is not None else ""
    return httpx.BasicAuth(config.username, password)


def _endpoint(config: PrimaConfig) -> Endpoint:
    headers: Headers = config.headers
    return Endpoint(
        config.url,
        connect_timeout=config.connect_timeout,
        read_timeout=config.read_timeout,
        headers=headers,
    )
