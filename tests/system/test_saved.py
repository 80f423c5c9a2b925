"""Plans that are saved, approved, and carried out later unless they have drifted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from oro_prima.cli.main import run
from oro_prima.records import Flow
from oro_prima.sandbox import TradingDay, trading_day
from oro_prima.wiring import connect

Output = pytest.CaptureFixture[str]


@pytest.fixture
def day() -> Iterator[TradingDay]:
    with trading_day(seed=3) as made:
        yield made


def command(day: TradingDay, *arguments: str) -> int:
    return run(["--config", str(day.directory / "oro-prima.toml"), *arguments])


def saved(day: TradingDay, flow: str) -> tuple[Path, list[Any]]:
    path = day.directory / f"{flow}.json"
    assert command(day, "preview", flow, "--save", str(path)) == 0
    return path, json.loads(path.read_text("utf-8"))["lines"]


def test_a_plan_is_carried_out_as_it_was_approved(day: TradingDay, capsys: Output) -> None:
    """Orders: what was saved is posted, nothing personal is in the file; then it has drifted."""
    path, lines = saved(day, "orders")
    text = path.read_text("utf-8")
    assert command(day, "apply", str(path), "--by", "Kim", "--note", "looked at") == 1
    posted = len(day.world.prima.orders())
    capsys.readouterr()
    assert command(day, "--json", "apply", str(path), "--by", "Kim") == 1
    drift = json.loads(capsys.readouterr().out)

    assert 0 < posted <= len(lines)
    assert "Sample" not in text
    assert "@" not in text
    assert drift["applied"] is False
    assert drift["gone"] == lines
    assert len(day.world.prima.orders()) == posted


@pytest.mark.parametrize("flow", [flow.value for flow in Flow])
def test_every_flow_can_be_saved_and_applied(day: TradingDay, flow: str) -> None:
    """Applied once, what was saved has gone from the plan, or nothing was to be done."""
    path, lines = saved(day, flow)
    assert command(day, "apply", str(path), "--by", "Kim") in (0, 1)
    _path, after = saved(day, flow)

    assert set(after) != set(lines) or not lines or flow == "invoices"


def test_what_changed_meanwhile_is_shown_and_nothing_is_done(
    day: TradingDay, capsys: Output
) -> None:
    """A plan of stock after a sale."""
    path, _lines = saved(day, "orders")
    tree = json.loads(path.read_text("utf-8"))
    tree["lines"][0] = "post order 999999 as 1 to account X, 1 lines, intent none"
    path.write_text(json.dumps(tree), "utf-8")
    assert command(day, "apply", str(path), "--by", "Kim") == 1
    shown = capsys.readouterr().out

    assert "has drifted; nothing is done" in shown
    assert "  - post order 999999" in shown
    assert "  + post order" in shown
    assert day.world.prima.orders() == ()


@pytest.mark.parametrize("text", ["", "[]", '{"version": 9, "lines": []}', '{"version": 1}'])
def test_what_is_no_plan_is_refused(day: TradingDay, text: str, capsys: Output) -> None:
    """Also one of another pair."""
    path = day.directory / "plan.json"
    path.write_text(text, "utf-8")
    assert command(day, "apply", str(path), "--by", "Kim") == 2
    other = {"version": 1, "flow": "stock", "pair": "other", "at": "", "lines": []}
    path.write_text(json.dumps(other), "utf-8")
    assert command(day, "apply", str(path), "--by", "Kim") == 2
    assert "it was made for pair other" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ("preview", "stock", "--save", "{}/file/plan.json"),
        ("report", "unmatched", "--out", "{}/file/books.csv"),
        ("freeze", "--from", "2031-05-01", "--to", "2031-05-01", "--by", "K", "--out", "{}/file/b"),
    ],
)
def test_a_place_that_cannot_be_written_is_named(
    day: TradingDay, capsys: Output, arguments: tuple[str, ...]
) -> None:
    """It is no bug of ours; and nothing was frozen for it."""
    (day.directory / "file").write_text("", "utf-8")
    code = command(day, *(one.format(day.directory) for one in arguments))
    with connect(day.config) as ports:
        journal = [line.what for line in ports.store.journal()]

    assert code == 2
    assert capsys.readouterr().err.endswith(": Not a directory\n")
    assert "frozen" not in journal
