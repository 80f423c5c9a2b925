"""`oro-prima prima check` against a running Prima, and capabilities through open ports."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import evolve

from oro_prima.cli.main import run
from oro_prima.config import load_config
from oro_prima.errors import ConfigError, UnreadableError
from oro_prima.ids import PrimaOrderNumber
from oro_prima.prima.models.capabilities import Capability
from oro_prima.prima.models.fulfilment import Despatch
from oro_prima.prima.models.prices import BookPrice
from oro_prima.prima.models.stock_breakdown import StockBreakdown
from oro_prima.sandbox import World, serve
from oro_prima.sandbox.day import set_up
from oro_prima.sync.capabilities import gather_capability, is_bound
from oro_prima.sync.despatches import despatch_reader
from oro_prima.values import SkuKey
from oro_prima.wiring import connect

PRICES = "Book,P,Q,Price\nTRADE,LOCH1001,1,9.50\nTRADE,LOCH1001,x,9.50\n"


@pytest.fixture
def made(tmp_path: Path) -> Iterator[tuple[World, str]]:
    """Serve a world with one order taken, and its configuration."""
    world = World(seed=7, size="small", prima_style="rpc-encoded")
    with serve(world) as places:
        set_up(tmp_path, world, places, style="rpc-encoded")
        config = str(tmp_path / "oro-prima.toml")
        run(["--quiet", "--config", config, "sync", "orders"])
        yield world, config


def test_each_bound_capability_is_run_once(
    made: tuple[World, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """What was read is shown; 1 where one gave nothing."""
    world, config = made
    number = world.prima.orders()[0].order_number
    world.prima.set_status(number, "Despatched")
    capsys.readouterr()
    command = ["--config", config, "prima", "check"]

    assert run([*command, "--order", number, "--sku", "LOCH1001,REG,M"]) == 0
    text = capsys.readouterr().out
    assert "Profile: as the WSDL says" in text
    assert "despatch: 1 records by soap, 0 faults" in text
    assert "stock_breakdown: 1 records by soap, 0 faults" in text
    assert run(["--json", *command, "despatch", "--order", "1"]) == 1
    tree = json.loads(capsys.readouterr().out)
    assert tree["capabilities"][0]["error"].endswith("E:0")
    assert run([*command, "invoice", "--order", "1"]) == 1
    assert "nothing came" in capsys.readouterr().out


def test_a_profile_that_differs_and_files_are_told(
    made: tuple[World, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Files are read and left; unbound is said."""
    world, config = made
    drop = tmp_path / "drop"
    drop.mkdir()
    (drop / "p.csv").write_text(PRICES)
    url = next(line for line in Path(config).read_text().splitlines() if "wsadevtest" in line)
    own = tmp_path / "own.toml"
    own.write_text(
        f"[prima]\nallow_http = true\nretries = 0\n{url}\n"
        '[prima.capabilities.price_book]\nvia = "file"\ndirectory = "drop"\nquiet = 0\n'
        'fields = { book = "Book", currency = "=GBP", vat_inclusive = "=No", product = "P", '
        'quantity = "Q", unit = "=EA", price = "Price", valid_from = "=", valid_to = "=" }\n'
        '[prima.capabilities.account]\nvia = "file"\ndirectory = "none"\n'
        'fields = { code = "A", name = "A", price_book = "A", vat_inclusive = "A", '
        'currency = "A", terms = "A", on_stop = "A" }\nlines = { fields = { number = "A" } }\n'
    )
    capsys.readouterr()

    assert run(["--config", str(own), "prima", "check"]) == 1
    text = capsys.readouterr().out
    assert "style is 'rpc-literal', the WSDL says 'rpc-encoded'" in text
    assert "price_book: 1 records by file, 1 faults" in text
    assert "account: not read" in text
    assert "product: unbound" in text
    assert [path.name for path in drop.iterdir()] == ["p.csv"]
    assert world.prima.stock()


def test_without_a_wsdl_the_capabilities_are_checked_all_the_same(
    made: tuple[World, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Some servers do not show it."""
    world, config = made
    world.faults.add("prima", "wsdl", "bad-gateway", times=9)
    capsys.readouterr()

    assert run(["--config", config, "prima", "check", "product"]) == 1
    text = capsys.readouterr().out
    assert "the WSDL cannot be compared" in text
    assert "product: 41 records" in text
    assert run(["prima", "check"]) == 2


def test_flows_read_a_capability_or_are_told_that_it_is_unbound(
    made: tuple[World, str], tmp_path: Path
) -> None:
    """By request in parts, from files as they come."""
    world, place = made
    number = world.prima.orders()[0].order_number
    world.prima.set_status(number, "Despatched")
    skus = [SkuKey(*row.key.product.split()) for row in world.prima.stock()]
    keys = [SkuKey(r.key.product, r.key.m1, r.key.m2) for r in world.prima.stock()] * 2
    with connect(load_config(place)) as ports:
        about = {"order_number": number}
        with gather_capability(ports, Capability.DESPATCH, Despatch, about=about) as found:
            assert len(found.records) == 1
        with gather_capability(
            ports, Capability.STOCK_BREAKDOWN, StockBreakdown, skus=keys
        ) as stock:
            assert len(stock.records) == len(keys)
        assert is_bound(ports, Capability.INVOICE)
        assert ports.despatches is not None
        assert [len(one.lines) for one in ports.despatches(PrimaOrderNumber(number))] == [3]
    assert skus

    folder = tmp_path / "drop"
    folder.mkdir()
    (folder / "p.csv").write_text(PRICES)
    text = Path(place).read_text()
    begin, end = (
        text.index("[prima.capabilities.price_book]"),
        text.index("[prima.capabilities.product]"),
    )
    filed = (
        '[prima.capabilities.price_book]\nvia = "file"\ndirectory = "drop"\nquiet = 0\n'
        'fields = { book = "Book", currency = "=GBP", vat_inclusive = "=No", product = "P", '
        'quantity = "Q", unit = "=EA", price = "Price", valid_from = "=", valid_to = "=" }\n'
    )
    Path(place).write_text(text[:begin] + filed + text[end:])
    with connect(load_config(place)) as ports:
        with gather_capability(ports, Capability.PRICE_BOOK, BookPrice) as prices:
            assert [one.book.code for one in prices.records] == ["TRADE"]
            assert len(prices.faults) == 1
        assert (folder / "done" / "p.csv").exists()
    Path(place).write_text(text[:begin] + text[text.index("[prima.capabilities.product]") :])
    with connect(load_config(place)) as ports:
        assert not is_bound(ports, Capability.PRICE_BOOK)
        assert despatch_reader(evolve(ports, bindings=())) is None
        with (
            pytest.raises(ConfigError, match="not available: price_book is unbound"),
            gather_capability(ports, Capability.PRICE_BOOK, BookPrice),
        ):
            pass


def test_half_of_the_despatches_is_none(made: tuple[World, str]) -> None:
    """A date in another form than the profile says: nothing is passed on."""
    world, place = made
    number = world.prima.orders()[0].order_number
    world.prima.set_status(number, "Despatched")
    text = Path(place).read_text()
    at = text.index("[prima.capabilities.despatch.lines]")
    Path(place).write_text(text[:at] + 'formats = { date = "%Y-%m-%d" }\n' + text[at:])
    with connect(load_config(place)) as ports:
        assert ports.despatches is not None
        with pytest.raises(UnreadableError, match="record 1: date"):
            ports.despatches(PrimaOrderNumber(number))
