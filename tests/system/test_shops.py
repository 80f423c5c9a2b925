"""Two shops on one Prima, over HTTP, by the command line: one directory, two files, one pool."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen

from oro_prima.cli.main import run
from oro_prima.config import Config, load_config, read_links
from oro_prima.sandbox import Places, World, serve
from oro_prima.sandbox.oro import OrderLine
from oro_prima.sandbox.setup import CONFIG_NAME, STORE_NAME, write_files
from oro_prima.sync import import_links, record_cut_over
from oro_prima.wiring import open_store

Output = pytest.CaptureFixture[str]
SHARES = {"one": "0.7", "two": "0.3"}
PREFIXES = {"one": "3", "two": "4"}


@frozen
class Street:
    """Two worlds with one Prima, and the directory of their configurations."""

    worlds: dict[str, World]
    folder: Path
    second: ExitStack

    def run(self, name: str, *words: str) -> int:
        return run(["--config", str(self.folder / f"{name}.toml"), *words])

    def within_the_pool(self) -> bool:
        total: dict[Any, Decimal] = {}
        for world in self.worlds.values():
            for level in world.oro.levels():
                for key, count in world.units.get((level.sku, level.unit), ()):
                    total[key] = total.get(key, Decimal(0)) + level.quantity * count
        rows = self.worlds["one"].prima.stock()
        return all(total.get(row.key, 0) <= max(0, row.free) for row in rows)


@pytest.fixture
def street(tmp_path: Path) -> Iterator[Street]:
    first = World(seed=3)
    worlds = {"one": first, "two": World(seed=3, beside=first)}
    with ExitStack() as stack, ExitStack() as second:
        places = {"one": stack.enter_context(serve(first))}
        places["two"] = second.enter_context(serve(worlds["two"]))
        for name, world in worlds.items():
            written(tmp_path, name, world, places)
        for name, world in worlds.items():
            put_into_use(load_config(tmp_path / f"{name}.toml"), tmp_path / "links.csv", world)
        yield Street(worlds, tmp_path, second)


def written(folder: Path, name: str, world: World, places: dict[str, Places]) -> None:
    """Write a pair's file into the directory; what is beside it serves both."""
    made = write_files(folder / name, world.seed, places[name], style="rpc-literal")
    text = made.read_text("utf-8")
    for before, after in (
        (places[name].prima_url, places["one"].prima_url),
        (f'"{STORE_NAME}"', f'"{name}.db"'),
        ("[orders]", f'[orders]\norder_prefix = "{PREFIXES[name]}"'),
        ("[charges]", f'[stock]\npool_share = "{SHARES[name]}"\n\n[charges]'),
    ):
        assert before in text
        text = text.replace(before, after)
    for path in made.parent.iterdir():
        if path.name != CONFIG_NAME:
            shutil.copy(path, folder / path.name)
    (folder / f"{name}.toml").write_text(text, "utf-8")


def put_into_use(config: Config, links: Path, world: World) -> None:
    at = world.clock()
    with closing(open_store(config)) as store:
        record_cut_over(store, start_at=config.orders.start_at, by="Kim", at=at)
        found = read_links(links, company=config.pair.company, by="Kim", at=at)
        policy = config.orders.accounts
        import_links(store, links=found, by="Kim", at=at, policy=policy)


def test_two_shops_share_what_one_prima_has(street: Street, capsys: Output) -> None:
    """Each run reads the other shop; together they never show more than there is."""
    for name in ("one", "two", "one", "two"):
        street.run(name, "sync", "orders")
        street.run(name, "sync", "stock")
    assert street.within_the_pool()
    capsys.readouterr()
    assert street.run("one", "--json", "preview", "stock") == 0
    assert json.loads(capsys.readouterr().out)["levels"] == []

    two = street.worlds["two"]
    level = max(two.oro.levels(), key=lambda one: one.quantity)
    bought = OrderLine(level.sku, level.unit, Decimal(10), Decimal(1))
    two.oro.checkout(two.seed.links[0][0], [bought])
    assert street.run("one", "--json", "preview", "stock") == 0
    (lowered,) = json.loads(capsys.readouterr().out)["levels"]

    assert (lowered["sku"], lowered["unit"]) == (level.sku, level.unit)
    assert int(lowered["from"]) - int(lowered["to"]) == 7
    assert street.run("two", "--json", "status") == 0


def test_while_a_shop_is_down_the_other_raises_nothing(street: Street, capsys: Output) -> None:
    """It is told, by the doctor too, and orders go out all the same."""
    assert street.run("one", "--json", "doctor") == 0
    pool = json.loads(capsys.readouterr().out)["pool"]
    assert pool == ["  this shop publishes 70 % at most", "  two, 30 % at most: can be read"]
    street.second.close()
    assert street.run("one", "--json", "doctor") == 1
    (_own, two) = json.loads(capsys.readouterr().out)["pool"]
    assert "two, 30 % at most: cannot be read, so no level rises: " in two
    before = {one.id: one.quantity for one in street.worlds["one"].oro.levels()}
    assert street.run("one", "sync", "orders") in (0, 1)
    capsys.readouterr()
    assert street.run("one", "--json", "sync", "stock") == 1
    told = capsys.readouterr().out
    after = {one.id: one.quantity for one in street.worlds["one"].oro.levels()}

    assert "shop-unread" in told
    assert all(after[key] <= quantity for key, quantity in before.items())


def test_shares_above_one_are_refused(street: Street, capsys: Output) -> None:
    """Naming the other file."""
    path = street.folder / "two.toml"
    path.write_text(path.read_text("utf-8").replace('"0.3"', '"0.31"'), "utf-8")
    for name in ("one", "two"):
        assert street.run(name, "status") == 2
        assert "stock.pool_share: this pair and" in capsys.readouterr().err


def test_the_doctor_names_what_may_promise_twice(street: Street, capsys: Output) -> None:
    """By the policy that says so."""
    for name in ("one", "two"):
        path = street.folder / f"{name}.toml"
        text = path.read_text("utf-8").replace("[stock]", '[stock]\npool_mode = "per-shop"')
        path.write_text(text, "utf-8")
    assert street.run("one", "doctor") == 0
    assert "the last one may be sold twice" in capsys.readouterr().out
