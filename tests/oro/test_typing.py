"""Type checkers find mistakes in the names of fields, filters and members."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib import import_module
from inspect import getmembers, isfunction
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAD = """
from decimal import Decimal
from oro_prima.call import Sender
from oro_prima.ids import OroCustomerId
from oro_prima.oro.calls.bulk import write_records
from oro_prima.oro.calls.customers import create_customer, get_customer, list_customers
from oro_prima.oro.calls.drafts import Entry
from oro_prima.oro.calls.order_writing import create_order, list_order_records
from oro_prima.oro.calls.products import create_product
from oro_prima.oro.calls.writing import create_record
from oro_prima.oro.models.customers import CUSTOMERS, CustomerFields

def use(sender: Sender) -> None:
"""
MISTAKES = (
    'create_customer({"nmae": "x"})',
    'create_customer({"name": 5})',
    'list_customers(where={"adress": "x"})',
    'list_order_records(where={"internalStatus": "open"})',
    'create_order({"line_items": [{"quantitty": Decimal(1)}]})',
    'create_order({"line_items": [{"kit_item_line_items": [{"quantitty": Decimal(1)}]}]})',
    'create_order({"billing_address": {"citty": "x"}})',
    'create_order({"shipping_trackings": [{"methd": "x"}]})',
    'create_product({"names": [{"strng": "x"}]})',
    'create_product({"unit_precisions": [{"convrsion_rate": Decimal(1)}]})',
    'create_product({"kit_items": [{"labels": [{"strng": "x"}]}]})',
    "create_record(CUSTOMERS, fields=CustomerFields(nmae='x'))",
    'sender.send(get_customer(OroCustomerId("7"))).nmae',
    'write_records(CUSTOMERS, entries=[Entry(CustomerFields(nmae="x"))])',
    'get_customer(customr=OroCustomerId("7"))',
)
ROOMS = (
    "addresses", "batch", "bulk", "checks", "codes", "customers", "events", "features", "kits",
    "operations", "order_parts",
    "order_writing", "orders", "people", "price_lists", "product_prices", "products", "records",
    "stock", "terms", "units", "webhooks", "writing",
)  # fmt: skip
INNER = frozenset(
    {
        "question_query",
        "add_reason",
        "close_ended",
        "refused_items",
        "level_resource",
        "filter_query",
        "path_part",
        "wire_path",
        "read_one",
        "read_all_of",
    }
)


@pytest.fixture(scope="module")
def mistaken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("mistakes") / "mistakes.py"
    place.write_text(HEAD + "".join(f"    _ = {line}\n" for line in MISTAKES), encoding="utf-8")
    return place


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("mypy", ("--strict", "--no-incremental")),
        ("basedpyright", ("--pythonpath", sys.executable)),
    ],
)
def test_a_wrong_name_does_not_pass(mistaken: Path, tool: str, arguments: tuple[str, ...]) -> None:
    """Each line of mistakes is told of, by mypy and by pyright."""
    command = [str(Path(sys.executable).with_name(tool)), *arguments, mistaken.name]
    plain = {key: value for key, value in os.environ.items() if not key.startswith("COV")}
    plain["MYPYPATH"] = str(ROOT / "src")
    done = subprocess.run(
        command, cwd=mistaken.parent, env=plain, capture_output=True, encoding="utf-8", check=False
    )

    told = {int(n) for n in re.findall(r"mistakes\.py:(\d+)(?::\d+)*(?: -|:) error", done.stdout)}
    first = HEAD.count("\n") + 1
    assert told == set(range(first, first + len(MISTAKES))), done.stdout


@pytest.mark.parametrize("room", ROOMS)
def test_every_call_is_in_a_typing_test(room: str) -> None:
    """A new call without a line there does not merge."""
    name = f"oro_prima.oro.calls.{room}"
    texts = [(ROOT / "tests" / "typing" / f"{t}.py").read_text() for t in ("oro", "resources")]
    calls = [n for n, f in getmembers(import_module(name), isfunction) if f.__module__ == name]
    public = [call for call in calls if not call.startswith("_") and call not in INNER]

    assert [call for call in public if not any(re.search(rf"\b{call}\b", t) for t in texts)] == []
