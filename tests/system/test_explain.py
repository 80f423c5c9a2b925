"""`explain` over the wire: what a rule looked up and refused, as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from oro_prima.cli.main import run
from oro_prima.config import load_config
from oro_prima.sandbox import TradingDay, trading_day

Output = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def day() -> Iterator[TradingDay]:
    with trading_day(seed=3) as made:
        yield made


def answer(day: TradingDay, capsys: Output, *arguments: str, code: int = 0) -> Any:
    capsys.readouterr()
    place = str(day.directory / "oro-prima.toml")
    assert run(["--config", place, "--json", *arguments]) == code
    return json.loads(capsys.readouterr().out)


def rules(explanation: Any) -> set[str]:
    """Every rule of an explanation."""
    found = {explanation["rule"]}
    for step in explanation.get("steps", ()):
        found |= rules(step)
    return found


def test_an_order_is_explained_as_it_is_now(day: TradingDay, capsys: Output) -> None:
    """Whether it is ours yet, its account, every line; with the versions of the tables."""
    orders = answer(day, capsys, "preview", "orders")["orders"]
    posted = next(one["order"] for one in orders if one["home"] == "posted")
    told = answer(day, capsys, "explain", "order", posted)
    links = [row for row in _rows(told["explanation"]) if row["table"] == "links"]

    assert {"orders.map_order", "orders.eligible", "orders.line"} <= rules(told["explanation"])
    assert "posted" in told["text"]
    assert " on TRADE" in told["result"]
    assert links
    assert all(len(row["version"]) == 12 for row in links)
    assert run(["--config", str(day.directory / "oro-prima.toml"), "explain", "order", posted]) == 0
    assert f"orders.map_order (order {posted}" in capsys.readouterr().out


def _rows(explanation: Any) -> list[Any]:
    found = list(explanation.get("rows", ()))
    for step in explanation.get("steps", ()):
        found += _rows(step)
    return found


def test_an_order_that_is_held_says_every_reason(day: TradingDay, capsys: Output) -> None:
    """The same reasons as the queue."""
    special = day.world.seed.special["unlinked_customer"]
    told = answer(day, capsys, "explain", "order", f"orders/{special}")

    assert "no-link" in told["result"] or "link" in told["result"]


@pytest.mark.parametrize("ref", ["999999", "no such order"])
def test_an_order_that_nobody_knows_is_no_answer(day: TradingDay, capsys: Output, ref: str) -> None:
    """Exit code 3, and one sentence."""
    assert run(["--config", str(day.directory / "oro-prima.toml"), "explain", "order", ref]) == 3
    assert ref.split()[0] in capsys.readouterr().err


def test_stock_is_explained_as_a_run_would_see_it(day: TradingDay, capsys: Output) -> None:
    """Pool, buffer, and what the unit is made of; a unit that nobody knows has no row."""
    config = load_config(day.directory / "oro-prima.toml")
    sku, unit = next(iter(config.tables.units))
    told = answer(day, capsys, "explain", "stock", sku, unit)
    none = answer(day, capsys, "explain", "stock", sku, "crate-of-nothing")

    assert told["explanation"]["rule"] == "stock.plan_stock"
    assert told["explanation"]["rows"][0]["cells"] is not None
    assert none["explanation"]["rows"][0]["cells"] is None
    assert none["result"] == "the shop has no such level"


def test_an_account_is_explained_by_the_links_of_now(day: TradingDay, capsys: Output) -> None:
    """Without asking a system."""
    links = answer(day, capsys, "link", "list")
    told = answer(day, capsys, "explain", "account", links[0]["customer"])
    none = answer(day, capsys, "explain", "account", "987654", "--currency", "GBP")

    assert told["result"] == links[0]["account"]
    assert "no-link" in none["result"] or "link" in none["result"]


def test_totals_need_both_sides_rules(day: TradingDay, capsys: Output) -> None:
    """Where the configuration says them, each side's net and VAT by rate."""
    orders = answer(day, capsys, "preview", "orders")["orders"]
    posted = next(one["order"] for one in orders if one["home"] == "posted")
    place = day.directory / "oro-prima.toml"
    text = place.read_text(encoding="utf-8")
    start, end = text.index("[tax.oro]"), text.index("[prima.capabilities")
    untaxed = day.directory / "untaxed.toml"
    untaxed.write_text(text[:start] + text[end:], encoding="utf-8")
    none = day.directory / "codes.json"
    none.write_text('{"customers": {"999": "TRADE"}}', encoding="utf-8")
    bad = day.directory / "bad.json"
    bad.write_text("[]", encoding="utf-8")

    assert run(["--config", str(untaxed), "explain", "totals", posted]) == 2
    assert "tax.oro, tax.prima: required" in capsys.readouterr().err
    assert run(["--config", str(place), "explain", "totals", posted, "--codes", str(bad)]) == 2
    capsys.readouterr()
    told = answer(day, capsys, "explain", "totals", posted)
    other = answer(day, capsys, "explain", "totals", posted, "--codes", str(none))
    assert told["explanation"]["rule"] == "totals of an order"
    assert {"OroCommerce", "Prima"} <= rules(told["explanation"])
    assert "rates[S]" in json.dumps(told)
    assert "rates[S]" not in json.dumps(other)


def test_a_price_is_explained_from_a_document(day: TradingDay, capsys: Output) -> None:
    """How the shop resolves prices is the configuration's, unless the document says it."""
    priced = day.directory / "priced.toml"
    text = (day.directory / "oro-prima.toml").read_text(encoding="utf-8")
    settings = '\n[prices]\ncurrencies = ["GBP"]\ndefault_lists = [{ price_list = "1" }]\n'
    priced.write_text(text + settings, encoding="utf-8")
    sku, unit = next(iter(load_config(priced).tables.units))
    question = {"customer": "3", "sku": sku, "unit": unit, "quantity": "2", "currency": "GBP",
                "at": "2031-05-04T09:00:00Z"}  # fmt: skip
    slot = {"price_list": "1", "sku": sku, "unit": unit, "quantity": "1", "currency": "GBP",
            "value": "12.0000"}  # fmt: skip
    document = {
        "question": question,
        "catalogue": {"lists": [{"id": "1", "currencies": ["GBP"]}], "prices": [slot]},
        "source": {"books": [], "rows": [], "vat_inclusive": False},
    }
    file = day.directory / "question.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    asked = {name: document[name] for name in ("question", "catalogue")}
    short = day.directory / "short.json"
    short.write_text(json.dumps(asked), encoding="utf-8")
    bad = day.directory / "list.json"
    bad.write_text("[]", encoding="utf-8")

    assert run(["--config", str(priced), "--json", "explain", "price", str(file)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["explanation"]["rule"] == "price of a line"
    assert "12.0000" in told["text"]
    assert run(["--config", str(priced), "explain", "price", str(short)]) == 2
    assert "source: required to explain a price" in capsys.readouterr().err
    assert run(["--config", str(priced), "explain", "price", str(bad)]) == 2
    capsys.readouterr()
    resolved = ["--config", str(priced), "map", "step", "resolve_price", str(short)]
    assert run(resolved) == 0
    assert json.loads(capsys.readouterr().out)["price"] == "12.0000"
