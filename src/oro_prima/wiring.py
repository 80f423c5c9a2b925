"""The one place that knows concrete classes: a configuration in, ports out."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime

from attrs import evolve

from oro_prima.config import Config
from oro_prima.files import DropReader
from oro_prima.files.recordings import FolderRecordings
from oro_prima.http.erp import open_prima
from oro_prima.http.observed import ObservedSender, told_repetitions
from oro_prima.http.shop import open_oro
from oro_prima.observers import unharmed
from oro_prima.ports import Clock, Observer, Ports, Pulse, ignore
from oro_prima.stores import SqliteStore
from oro_prima.sync.despatches import despatch_reader


def system_clock() -> datetime:
    """Return the present instant by this machine's clock."""
    return datetime.now(UTC)


def open_store(config: Config, *, clock: Clock = system_clock) -> SqliteStore:
    """
    Open the store of a configuration; the caller closes it.

    Raises:
        StoreError: the store cannot be used.
    """
    return SqliteStore.open(config.store.path, pair=config.pair.id, clock=clock)


@contextmanager
def connect(
    config: Config,
    *,
    clock: Clock = system_clock,
    observer: Observer = ignore,
    step: Callable[[str], None] = lambda _name: None,
    sleep: Callable[[float], None] = time.sleep,
) -> Generator[Ports, None, None]:
    """
    Open everything that a configuration names; all of it is closed at the end of the block.

    Nothing is sent yet. A new store is made where there is none; it posts nothing before its
    cut-over.

    Args:
        config: As loaded.
        clock: For leases, and as the base of a run's clock.
        observer: Told of what happens.
        step: Called at named steps of a flow.
        sleep: Waits, between repetitions and for batches.

    Raises:
        StoreError: the store cannot be used.
    """
    prima, pulse, told = config.prima, Pulse(), unharmed(observer)
    wait = _beating(pulse, sleep)
    with ExitStack() as stack:
        store = stack.enter_context(closing(open_store(config, clock=clock)))
        shop = stack.enter_context(
            open_oro(
                config.oro,
                sleep=wait,
                on_bytes=pulse,
                on_repetition=told_repetitions(told, system="oro"),
            )
        )
        erp = stack.enter_context(
            open_prima(
                prima,
                sleep=wait,
                on_bytes=pulse,
                on_repetition=told_repetitions(told, system="prima"),
            )
        )
        ports = Ports(
            shop=ObservedSender(shop, told, system="oro"),
            erp=ObservedSender(erp, told, system="prima"),
            store=store,
            clock=clock,
            sleep=wait,
            pair=config.pair,
            tables=config.tables,
            profile=prima.profile,
            zone=config.orders.zone,
            run=config.run,
            erp_timeout=prima.connect_timeout + prima.read_timeout,
            shop_timeout=config.oro.connect_timeout + config.oro.read_timeout,
            snapshot_timeout=prima.snapshot_timeout,
            answer_cap=prima.answer_cap,
            observer=told,
            pulse=pulse,
            step=step,
            bindings=prima.bindings,
            files=DropReader(clock),
            recordings=_recordings(config),
            known=config.oro.features,
        )
        yield evolve(ports, despatches=despatch_reader(ports))


def _recordings(config: Config) -> FolderRecordings | None:
    folder = config.store.recordings
    return None if folder is None else FolderRecordings(folder)


def _beating(pulse: Pulse, sleep: Callable[[float], None]) -> Callable[[float], None]:
    """Wait as `sleep` does, and let a run keep its lease before and after."""

    def wait(seconds: float) -> None:
        pulse()
        sleep(seconds)
        pulse()

    return wait
