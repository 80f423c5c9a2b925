"""The flows that bindings make possible, from the command line, over real HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from oro_prima.cli.main import run
from oro_prima.http.shop import open_oro
from oro_prima.oro.calls.price_lists import create_price_list
from oro_prima.sandbox import TradingDay, trading_day

Output = pytest.CaptureFixture[str]


@pytest.fixture
def day() -> Iterator[TradingDay]:
    """A day whose configuration binds everything that the sandbox has requests for."""
    with trading_day(seed=3) as made:
        yield made


def command(day: TradingDay, *arguments: str) -> int:
    return run(["--config", str(day.directory / "oro-prima.toml"), *arguments])


def answer(day: TradingDay, capsys: Output, *arguments: str, code: int = 0) -> Any:
    capsys.readouterr()
    assert code == command(day, "--json", *arguments)
    return json.loads(capsys.readouterr().out)


def test_invoices(day: TradingDay, capsys: Output) -> None:
    """Previewed, read and kept once."""
    answer(day, capsys, "sync", "orders", code=1)
    number = day.world.prima.orders()[0].order_number
    day.world.prima.set_status(number, "Despatched")
    shown = answer(day, capsys, "preview", "invoices")
    done = answer(day, capsys, "sync", "invoices")
    capsys.readouterr()

    assert [one["state"] for one in shown["orders"] if one["number"] == number] == ["invoiced"]
    assert done["counts"]["new invoices"] == 1
    assert command(day, "preview", "invoices") == 0
    assert "invoices: nothing is due" in capsys.readouterr().out


def test_customers(day: TradingDay, capsys: Output) -> None:
    """Previewed, kept, and their stops shown; proposals and addresses as files."""
    shown = answer(day, capsys, "preview", "customers")
    done = answer(day, capsys, "sync", "customers")
    linked = answer(day, capsys, "link", "list")
    links, rows = day.directory / "found.csv", day.directory / "rows.csv"
    proposed = answer(day, capsys, "link", "propose", "--output", str(links))
    found = answer(day, capsys, "link", "deliveries", str(rows))

    assert shown["changes"] == []
    assert len(shown["accounts"]) == len({one["account"] for one in linked})
    assert done["counts"]["customers read"] == len(linked)
    assert {one["prima"]["currency"] for one in linked} == {"GBP"}
    assert "customer,account" in links.read_text("utf-8")
    assert isinstance(proposed, list)
    assert len(rows.read_text("utf-8").splitlines()) == found["rows"] + 1
    for verb in (
        ("preview", "customers"),
        ("link", "list"),
        ("link", "propose", "--output", str(links)),
    ):
        assert command(day, *verb) == 0
    assert "customers: " in capsys.readouterr().out
    assert command(day, "link", "propose", str(links)) == 2


def test_prices(day: TradingDay, capsys: Output) -> None:
    """Previewed, written, and nothing to put back; without a table that is said."""
    assert command(day, "preview", "prices") == 0
    assert "no list is made of a book" in capsys.readouterr().out
    with open_oro(day.config.oro) as shop:
        call = create_price_list({"name": "T", "price_list_currencies": ("GBP",), "active": True})
        made = shop.send(call).id
    path = day.directory / "oro-prima.toml"
    tables = f'\n[price_lists]\nTRADE-GBP = "{made}"\n[books]\nvariants = "product"\n'
    tables += "[pricing]\nstage_days = 3660\n"
    path.write_text(path.read_text("utf-8") + tables, "utf-8")
    shown = answer(day, capsys, "preview", "prices")
    done = answer(day, capsys, "sync", "prices")
    again = answer(day, capsys, "sync", "prices")

    (one,) = shown["lists"]
    assert done["counts"]["rows added"] == len(one["rows"]) > 0
    assert again["counts"]["rows right"] == len(one["rows"])
    assert one["upcoming"]
    assert command(day, "preview", "prices") == 0
    assert "0 rows change" in capsys.readouterr().out
    assert answer(day, capsys, "prices", "ended") == []
    (staged,) = answer(day, capsys, "prices", "staged")
    assert staged["days"] == one["staged"]
    next_day = staged["days"][0]
    status = answer(day, capsys, "status")
    assert status["staged_prices"][made][next_day["day"]] == next_day["count"]
    assert command(day, "status") == 0
    assert f"price list {made}: {next_day['count']} rows change on" in capsys.readouterr().out
    assert command(day, "prices", "staged") == 0
    assert f"  on {next_day['day']}: {next_day['count']} rows" in capsys.readouterr().out
    assert command(day, "prices", "restore", "none", "--by", "Kim") == 2


def test_products(day: TradingDay, capsys: Output) -> None:
    """Judged, and by choice taken off and put back."""
    shown = answer(day, capsys, "preview", "products")
    answer(day, capsys, "sync", "products", code=1)
    path = day.directory / "oro-prima.toml"
    text = '\n[publication]\ndisable = "unmapped"\nmost_share = "1"\n'
    path.write_text(path.read_text("utf-8") + text, "utf-8")
    command(day, "sync", "products")
    found = answer(day, capsys, "products", "disabled")

    assert shown["against"]
    assert shown["disable"] == []
    assert command(day, "preview", "products") == 0
    assert command(day, "products", "disabled") == 0
    for one in found:
        assert command(day, "products", "restore", one["run"], "--by", "Kim") == 0
    assert answer(day, capsys, "products", "disabled") == []


def test_prices_of_orders_are_checked(day: TradingDay, capsys: Output) -> None:
    """What is previewed is held; each line is shown on both sides; an unreadable book stops it."""
    path = day.directory / "oro-prima.toml"
    text = path.read_text("utf-8").replace("[orders]", '[orders]\nprice_check = "check-and-hold"')
    path.write_text(f'{text}\n[books]\nvariants = "product"\n', "utf-8")
    answer(day, capsys, "sync", "customers")
    day.world.faults.add("prima", "XPriceBook", "fault-10921", times=99)
    down = answer(day, capsys, "sync", "orders", code=3)
    day.world.faults.clear()
    shown = answer(day, capsys, "preview", "orders")["orders"]
    answer(day, capsys, "sync", "orders", code=1)
    held = json.dumps(answer(day, capsys, "held"))
    off = next(one["order"] for one in shown if "price-differs" in one["reasons"])
    why = answer(day, capsys, "explain", "order", off)
    capsys.readouterr()
    assert command(day, "order", off) == 0
    story = capsys.readouterr().out

    assert "orders wait for a price book that cannot be read: TRADE-GBP" in json.dumps(down)
    wanted = {f"orders/{one['order']}" for one in shown if "price-differs" in one["reasons"]}
    assert wanted
    assert all(f'"{one}"' in held for one in wanted)
    assert "price-differs: agreed" in why["text"]
    assert "row price books[TRADE-GBP" in why["text"]
    assert "price_check.line" in story


def test_warnings_are_previewed(day: TradingDay, capsys: Output) -> None:
    """Beside what is posted."""
    path = day.directory / "oro-prima.toml"
    text = path.read_text("utf-8").replace("[orders]", '[orders]\nprice_check = "check-and-warn"')
    path.write_text(f'{text}\n[books]\nvariants = "product"\n', "utf-8")
    answer(day, capsys, "sync", "customers")
    shown = answer(day, capsys, "preview", "orders")["orders"]
    capsys.readouterr()
    assert command(day, "preview", "orders") == 0

    assert {w["code"] for one in shown for w in one["warnings"]} >= {"price-differs"}
    assert ": warning price-differs (agreed " in capsys.readouterr().out
