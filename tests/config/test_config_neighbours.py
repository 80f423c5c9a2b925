"""Pairs of one directory that sell from one pool find each other, or are refused together."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from tests.config.test_config_loading import LEAST

from oro_prima.cli.run.loop import Running, sharing
from oro_prima.config import Config, load_config
from oro_prima.errors import ConfigError, StoreError
from oro_prima.ids import PairId
from oro_prima.records import Pair
from oro_prima.stores import SqliteStore
from oro_prima.wiring import connect, system_clock

HALF = '[stock]\npool_share = "0.5"\n'


def write(folder: Path, name: str, *, stock: str = HALF, **changes: str) -> Path:
    """Write a pair with a shop of its own."""
    (folder / "secret").write_text("hush\n", encoding="utf-8")
    text = LEAST.replace("shop.example", f"{name}.example")
    for old, new in changes.items():
        text = text.replace(
            {"company": "[prima]\n", "secret": '"secret"', "url": "erp.example"}[old], new
        )
    path = folder / f"{name}.toml"
    path.write_text(f'{text}\n[store]\npath = "{name}.db"\n{stock}', encoding="utf-8")
    return path


def others(path: Path) -> dict[str, Config | None]:
    return {one.name: one.config for one in load_config(path).others}


def test_pairs_of_one_company_share_its_pool(tmp_path: Path) -> None:
    """Wherever the address ends; by company, or by the name of a pool."""
    one = write(tmp_path, "one")
    two = write(tmp_path, "two")
    far = write(tmp_path, "far", url="elsewhere.example")
    write(tmp_path, "other", company='[prima]\ncompany = "2"\n')
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\n', encoding="utf-8")
    (tmp_path / "torn.toml").write_text("x =", encoding="utf-8")
    (tmp_path / "latin.toml").write_bytes(b"x = '\xff'")

    assert set(others(one)) == {"two"}
    assert set(others(two)) == {"one"}
    assert others(far) == {}
    (found,) = load_config(one).others
    assert found.config is not None
    assert (found.config.others, found.fault) == ((), "")
    assert found.config.stock.pool_share == Decimal("0.5")


def test_a_named_pool_is_shared_whatever_the_address(tmp_path: Path) -> None:
    """And another name of one company is another pool."""
    north = f'{HALF}pool = "north"\n'
    one = write(tmp_path, "one", stock=north)
    write(tmp_path, "two", stock=north, url="alias.example")
    write(tmp_path, "six", stock='[stock]\npool = "south"\n')

    assert set(others(one)) == {"two"}


def test_shares_add_up_to_one_at_most(tmp_path: Path) -> None:
    """Two wholes are refused, with the fix; per-shop says that it may promise twice."""
    one = write(tmp_path, "one", stock="")
    write(tmp_path, "two", stock="")
    with pytest.raises(ConfigError) as caught:
        load_config(one)
    (fault,) = caught.value.faults
    assert fault.startswith("stock.pool_share: this pair and two sell from one Prima company")

    both = '[stock]\npool_mode = "per-shop"\n'
    for name in ("one", "two"):
        write(tmp_path, name, stock=both)
    assert set(others(one)) == {"two"}
    write(tmp_path, "six", stock=HALF)
    with pytest.raises(ConfigError, match="pool_mode: expected what six says"):
        load_config(one)


@pytest.mark.parametrize(
    "stock",
    [
        f'{HALF}figure = "available"\n',
        f'{HALF}prima_reserves = "release"\nreleased_statuses = ["R"]\n',
    ],
)
def test_what_is_true_of_prima_is_so_for_every_shop(tmp_path: Path, stock: str) -> None:
    """One of them would count what the other does not."""
    one = write(tmp_path, "one")
    write(tmp_path, "two", stock=stock)
    with pytest.raises(ConfigError, match="which sells from the same pool"):
        load_config(one)


def test_a_share_is_from_nothing_to_all(tmp_path: Path) -> None:
    """0 shows nothing, which a pair that is being prepared may want."""
    with pytest.raises(ConfigError, match="pool_share: expected a share of 0 to 1"):
        load_config(write(tmp_path, "one", stock='[stock]\npool_share = "1.01"\n'))
    path = write(tmp_path, "one", stock='[stock]\npool_share = "0"\n')
    assert load_config(path).stock.pool_share == 0


def test_a_copy_of_a_pair_is_no_other_shop(tmp_path: Path) -> None:
    """The same shop, Prima and company."""
    one = write(tmp_path, "one", stock="")
    (tmp_path / "backup.toml").write_text(one.read_text("utf-8"), encoding="utf-8")

    assert others(one) == {}


def test_a_neighbour_that_cannot_be_loaded_is_named(tmp_path: Path) -> None:
    """This pair is loaded all the same: its orders have to go out."""
    one = write(tmp_path, "one")
    write(tmp_path, "two", secret='"nowhere"')
    (found,) = load_config(one).others

    assert (found.name, found.config) == ("two", None)
    assert "nowhere cannot be read" in found.fault
    with connect(load_config(one)) as ports:
        (neighbour,) = ports.neighbours
        assert (neighbour.pair, neighbour.share) == (PairId("two"), Decimal(0))
        with pytest.raises(ConfigError, match="nowhere"), neighbour.open():
            pass


def test_a_neighbour_is_opened_where_its_store_is(tmp_path: Path) -> None:
    """None is made: a new store would say that nothing was ever sold."""
    one, two = write(tmp_path, "one"), write(tmp_path, "two")
    with connect(load_config(one)) as ports:
        (neighbour,) = ports.neighbours
        with pytest.raises(StoreError, match=r"two\.db is not there"), neighbour.open():
            pass
        assert not (tmp_path / "two.db").exists()
        config = load_config(two)
        SqliteStore.open(config.store.path, pair=config.pair.id, clock=system_clock).close()
        with neighbour.open() as theirs:
            assert isinstance(theirs.pair, Pair)
            assert (theirs.pair.id, theirs.neighbours) == (neighbour.pair, ())
        assert neighbour.share == Decimal("0.5")


def test_pairs_that_run_in_one_process_are_opened_once(tmp_path: Path) -> None:
    """A pair that runs elsewhere is opened when it is read."""
    for name in ("one", "two", "six"):
        write(tmp_path, name, stock='[stock]\npool_share = "0.3"\n')
    one, two = load_config(tmp_path / "one.toml"), load_config(tmp_path / "two.toml")
    with connect(one) as here, connect(two) as there:
        pairs = sharing([Running("one", one, here), Running("two", two, there)])
        open_of = {near.name: near.open for near in pairs[0].ports.neighbours}
        with open_of["two"]() as opened:
            assert opened is there
        with pytest.raises(StoreError, match=r"six\.db"), open_of["six"]():
            pass
        assert [near.name for near in here.neighbours] == ["six", "two"]
