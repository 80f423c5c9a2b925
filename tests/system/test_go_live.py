"""`oro-prima go-live` against a running Prima: probes, what was said by hand, the report."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from oro_prima.cli.main import run
from oro_prima.sandbox import World, serve
from oro_prima.sandbox.day import set_up


@pytest.fixture
def made(tmp_path: Path) -> Iterator[tuple[World, str, list[str]]]:
    """Serve a world; gives its configuration without a store, and what probes need."""
    world = World(seed=7, size="small")
    with serve(world) as places:
        set_up(tmp_path, world, places, style="rpc-literal")
        for path in tmp_path.glob("oro-prima.db*"):
            path.unlink()
        row = next(row for row in world.prima.stock() if row.free > 10)
        sku = f"{row.key.product},{row.key.m1},{row.key.m2}"
        needs = ["--test-address", places.prima_url, "--account", "TRADE0001", "--sku", sku]
        needs += ["--number", "900000010", "--by", "Kim"]
        yield world, str(tmp_path / "oro-prima.toml"), needs


def test_all_probes_and_a_report(
    made: tuple[World, str, list[str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was seen, when and by whom; a person's word ticks the rest."""
    world, config, needs = made
    command = ["--config", config, "go-live"]
    report = tmp_path / "go-live.md"

    assert run([*command, "--probe", "all", *needs]) == 0
    assert "settled: free stock went from" in capsys.readouterr().out
    said = ["--saw", "orders.price_basis=a total of 20.00", "--by", "Zoë"]
    assert run([*command, *said, "--output", str(report)]) == 0
    text = report.read_text(encoding="utf-8")
    assert "- [x] `orders.price_basis` is `line`." in text
    assert "by hand: settled: a total of 20.00 (Zoë, " in text
    assert "- [x] `stock.prima_reserves`" in text
    capsys.readouterr()
    assert run(["--json", *command]) == 0
    tree = json.loads(capsys.readouterr().out)
    assert "orders.price_basis" not in tree["open"]
    assert len(tree["seen"]) == 11
    assert len(world.prima.orders()) == 5


def test_a_probe_that_sees_something_else_is_one(
    made: tuple[World, str, list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 1; reading probes need no test company."""
    world, config, _ = made
    world.faults.add("prima", "OrderStatus", "bad-gateway", times=9)

    assert run(["--config", config, "go-live", "--probe", "absent", "--by", "Kim"]) == 1
    assert "failed: order_status" in capsys.readouterr().out
    assert run(["--config", config, "go-live", "--probe", "wsdl", "--by", "Kim"]) == 0


def test_nothing_is_posted_unless_all_is_said(
    made: tuple[World, str, list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    """Which company, which account, which numbers, who; and never with a store in use."""
    world, config, needs = made
    command = ["--config", config, "go-live", "--probe", "order"]
    assert run([*command, "--by", "Kim"]) == 2
    told = capsys.readouterr().err
    for word in ("--test-company", "--account", "--sku", "--number"):
        assert word in told
    assert run([*command, *needs[:-2]]) == 2
    assert "--by NAME" in capsys.readouterr().err
    assert run([*command, *needs, "--test-address", "https://other.example/x"]) == 2
    company = [*needs[2:], "--test-company", "1"]
    assert run([*command, *company]) == 2
    (Path(config).parent / "oro-prima.db").touch()
    assert run([*command, *needs]) == 2
    assert "probe with a pair apart" in capsys.readouterr().err
    assert world.prima.orders() == ()


@pytest.mark.parametrize("saw", ["orders.price_basis", "odd=x", "orders.price_basis= "])
def test_a_word_is_about_a_setting(
    saw: str, made: tuple[World, str, list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    """By its key."""
    assert run(["--config", made[1], "go-live", "--saw", saw, "--by", "Kim"]) == 2
    assert "expected SETTING=WHAT YOU SAW" in capsys.readouterr().err


def test_a_configuration_that_is_not_filled_in_is_told_what_is_missing(
    made: tuple[World, str, list[str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The checklist comes all the same, with what is written; Prima can be asked, not posted to."""
    world, _config, needs = made
    place = tmp_path / "new.toml"
    place.write_text(
        f'[prima]\nurl = "{needs[1]}"\nallow_http = true\n'
        '[prima.profile]\nnote_width = 99\nxml_part = "Doc"\n[orders]\nprice_basis = "unit"\n',
        encoding="utf-8",
    )
    command = ["--config", str(place), "go-live"]

    assert run(command) == 0
    text = capsys.readouterr().out
    assert "## Missing in the configuration" in text
    assert "- [ ] oro.url: required" in text
    assert "`prima.profile.note_width` is `99`" in text
    assert "`orders.price_basis` is `unit`" in text
    assert run([*command, "--probe", "wsdl", "--by", "Kim"]) == 1
    assert "xml_part" in capsys.readouterr().out
    assert run([*command, "--saw", "prima.profile.note_width=99 in the schema", "--by", "K"]) == 0
    assert "- [x] `prima.profile.note_width`" in capsys.readouterr().out
    assert run(["--json", *command]) == 0
    assert "oro.url" in json.loads(capsys.readouterr().out)["missing"][0]
    assert run([*command, "--probe", "order", *needs]) == 2
    assert "oro.url" in capsys.readouterr().err
    assert world.prima.orders() == ()
    place.write_text("[prima", encoding="utf-8")
    assert run(command) == 2
    assert run(["--config", str(tmp_path / "none.toml"), "go-live"]) == 2
