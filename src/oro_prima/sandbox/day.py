"""A trading day: both systems running, a configuration that fits, a store in use."""

from __future__ import annotations

import tempfile
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path

from attrs import evolve, frozen

from oro_prima.config import Config, load_config, read_links
from oro_prima.mapping.tables import Tables
from oro_prima.oro.calls.features import probe_features
from oro_prima.oro.calls.orders import sweep_orders
from oro_prima.oro.models.orders import Order
from oro_prima.sandbox.oro.schema import Release
from oro_prima.sandbox.places import Places, serve
from oro_prima.sandbox.setup import write_files
from oro_prima.sandbox.world import World
from oro_prima.sync import import_links, record_cut_over
from oro_prima.wiring import connect, open_store

APPROVER = "sandbox"


@frozen
class TradingDay:
    """
    Both systems on loopback, with made-up data, and everything needed to work with them.

    Attributes:
        world: What only an outsider sees.
        places: Where the systems answer.
        directory: The configuration's files and the store.
        config: The configuration, as loaded.
    """

    world: World
    places: Places
    directory: Path
    config: Config

    @property
    def tables(self) -> Tables:
        """The tables with the links that are approved now."""
        with closing(open_store(self.config)) as store:
            return evolve(self.config.tables, links=store.links())

    @property
    def an_order(self) -> Order:
        """One order of the shop that can be mapped, read through the API."""
        wanted = self.world.seed.orders[0]
        with connect(self.config) as ports:
            features = probe_features(ports.shop)
            page = ports.shop.send(sweep_orders(features, after=int(wanted) - 1, size=1))
        return page.items[0]


@contextmanager
def trading_day(
    *,
    seed: int = 7,
    size: str | int = "small",
    oro_version: Release = "6.1",
    directory: Path | None = None,
) -> Generator[TradingDay, None, None]:
    """
    Run both sandboxes on free ports of this machine, with a store in use and links made.

    Args:
        seed: All made-up data follows from it.
        size: `small`, `demo` or a number of orders.
        oro_version: Whose shapes and quirks OroCommerce has; 6.1.10 keeps foreign keys of orders.
        directory: Where configuration and store go; None for a folder that is removed at the end.
    """
    world = World(seed=seed, size=size, oro_version=oro_version)
    with tempfile.TemporaryDirectory(prefix="oro-prima-") as temporary, serve(world) as places:
        place = directory or Path(temporary)
        yield TradingDay(world, places, place, set_up(place, world, places))


def set_up(directory: Path, world: World, places: Places, *, style: str = "rpc-literal") -> Config:
    """Write a complete configuration, and put its store into use unless it is already."""
    version = world.oro.release
    path = write_files(directory, world.seed, places, style=style, version=version)
    config = load_config(path)
    at = world.clock()
    with closing(open_store(config)) as store:
        if store.cut_over() is None:
            record_cut_over(store, start_at=config.orders.start_at, by=APPROVER, at=at)
        file = directory / "links.csv"
        links = read_links(file, company=config.pair.company, by=APPROVER, at=at)
        import_links(store, links=links, by=APPROVER, at=at, policy=config.orders.accounts)
    return config
