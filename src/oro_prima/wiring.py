"""The one place that knows concrete classes: a configuration in, ports out."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from datetime import UTC, datetime
from decimal import Decimal

from attrs import evolve

from oro_prima.config import Config, OtherPair
from oro_prima.errors import ConfigError, StoreError
from oro_prima.files import DropReader
from oro_prima.files.recordings import FolderRecordings
from oro_prima.http.erp import open_prima
from oro_prima.http.observed import ObservedSender, told_repetitions
from oro_prima.http.shop import open_oro
from oro_prima.ids import PairId
from oro_prima.observers import unharmed
from oro_prima.ports import Clock, Neighbour, Observer, Ports, Pulse, ignore
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
            neighbours=_neighbours(config, clock=clock, sleep=sleep),
        )
        yield evolve(ports, despatches=despatch_reader(ports))


def _neighbours(
    config: Config, *, clock: Clock, sleep: Callable[[float], None]
) -> tuple[Neighbour, ...]:
    return tuple(
        Neighbour(one.name, *_place_of(one), _opening(one, clock=clock, sleep=sleep))
        for one in config.others
    )


def _opening(
    other: OtherPair, *, clock: Clock, sleep: Callable[[float], None]
) -> Callable[[], AbstractContextManager[Ports]]:
    """Return what opens another pair for reading, where its store is there and not made anew."""

    @contextmanager
    def opened() -> Generator[Ports, None, None]:
        config = other.config
        if config is None:
            raise ConfigError((other.fault,))
        if not config.store.path.exists():
            msg = f"its store {config.store.path.name} is not there"
            raise StoreError(msg)
        with connect(evolve(config, others=()), clock=clock, sleep=sleep) as ports:
            yield ports

    return opened


def _place_of(other: OtherPair) -> tuple[PairId, Decimal]:
    """Return another pair's id and its share of the pool; its name and 0 where none is known."""
    if other.config is None:
        return PairId(other.name), Decimal(0)
    return other.config.pair.id, other.config.stock.pool_share


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
