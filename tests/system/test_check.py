"""`check` as a gate, and steps from a shell, over both sandboxes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from oro_prima.cli.main import run
from oro_prima.sandbox import TradingDay, trading_day

Output = pytest.CaptureFixture[str]


@pytest.fixture
def day() -> Iterator[TradingDay]:
    with trading_day(seed=3) as made:
        yield made


def command(day: TradingDay, *arguments: str) -> int:
    return run(["--config", str(day.directory / "oro-prima.toml"), *arguments])


def answer(day: TradingDay, capsys: Output, *arguments: str, code: int = 0) -> Any:
    capsys.readouterr()
    assert code == command(day, "--json", *arguments)
    return json.loads(capsys.readouterr().out)


def written(day: TradingDay, name: str, document: object) -> str:
    path = day.directory / name
    path.write_text(json.dumps(document), encoding="utf-8")
    return str(path)


def test_both_systems_are_read_and_what_would_be_held_is_named(
    day: TradingDay, capsys: Output
) -> None:
    """The customer without a link and the unit without a row, with what was sold of them."""
    sheet = day.directory / "coverage.csv"
    found = answer(day, capsys, "check", "--csv", str(sheet), code=1)
    gaps = {(gap["entity"], gap["problem"]): gap for gap in found["gaps"]}
    customer = gaps["customer", "unmapped"]
    unit = gaps["product unit", "unmapped"]

    assert found["passed"] is False
    assert customer["revenue"]
    assert unit["oro_key"].endswith("/bundle")
    assert f"customer {customer['oro_key']} orders" in customer["smallest_order"]
    assert sheet.read_text(encoding="utf-8").startswith("entity,oro_key,prima_key,problem,")
    assert command(day, "check", "--days", "1") == 1
    assert "gaps block" in capsys.readouterr().out


def test_catalogues_may_come_from_a_file(day: TradingDay, capsys: Output) -> None:
    """And pass: exit code 0."""
    row = next(iter(day.world.seed.units))
    customer, _account = next(iter(day.world.seed.links))
    shop: dict[str, Any] = {
        "customers": [{"id": str(customer)}],
        "units": [{"sku": row[0], "unit": row[1]}],
        "currencies": ["GBP"],
    }
    fine = written(day, "fine.json", {"shop": shop})
    gone = written(day, "gone.json", {"shop": shop, "erp": {"skus": []}})

    assert answer(day, capsys, "check", fine)["gaps"] == []
    assert command(day, "check", fine) == 0
    assert "Every order of this catalogue is mapped." in capsys.readouterr().out
    assert [g["problem"] for g in answer(day, capsys, "check", gone, code=1)["gaps"]] == [
        "dead target"
    ]


def test_a_file_that_holds_no_catalogue_is_refused(day: TradingDay, capsys: Output) -> None:
    """With what was expected."""
    bad: list[Any] = [[], {"erp": {}}]
    for document in bad:
        assert command(day, "check", written(day, "bad.json", document)) == 2
    torn = Path(written(day, "torn.json", {}))
    torn.write_text("{", encoding="utf-8")
    assert command(day, "check", str(torn)) == 2
    errors = capsys.readouterr().err

    assert "expected a JSON object" in errors
    assert "required field missing @ $.shop" in errors
    assert "no JSON" in errors


def test_steps_run_from_a_shell(day: TradingDay, capsys: Output) -> None:
    """Policy and links are the configuration's, unless the document has its own."""
    row = next(iter(day.world.seed.units))
    customer, account = next(iter(day.world.seed.links))
    question = written(
        day, "why.json", {"what": "account", "customer": str(customer), "currency": "GBP"}
    )
    shop = {"units": [{"sku": row[0], "unit": "crate"}]}
    gate = written(day, "gate.json", {"shop": shop, "links": []})
    price = written(
        day,
        "price.json",
        {
            "question": {"customer": "1", "sku": "B", "unit": "each", "quantity": "1",
                         "currency": "GBP", "at": "2031-05-04T09:00:00Z"},
            "catalogue": {},
            "prices": {"currencies": ["GBP"]},
        },
    )  # fmt: skip

    assert answer(day, capsys, "map", "step", "explain", question)["result"] == account
    assert answer(day, capsys, "map", "step", "check_coverage", gate, code=1)["passed"] is False
    assert answer(day, capsys, "map", "step", "resolve_price", price, code=1)["price"] is None
    assert answer(day, capsys, "map", "step", "map_stock", gate, code=2)["ok"] is False
    assert command(day, "map", "step", "explain", written(day, "none.json", [])) == 2
