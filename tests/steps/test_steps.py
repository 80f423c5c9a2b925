"""Steps: JSON in, JSON out, the same rules; every fault of a document named at once."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.making import a_level, a_line, an_order

from oro_prima.converters import decode_json, encode_json
from oro_prima.ids import OroCustomerId, OroOrderId, UnitCode
from oro_prima.oro.calls.resources import write_document
from oro_prima.oro.models.orders import Order
from oro_prima.oro.models.rendering import render_levels, render_orders
from oro_prima.steps import StepInputError, handler, map_order, map_stock, run_step, schema

POLICY: dict[str, Any] = {
    "orders": {
        "start_at": "2031-01-01T00:00:00Z",
        "price_basis": "unit",
        "vat_inclusive": False,
    },
    "units": [
        {"sku": "B", "unit": "each", "product": "BOOT", "m1": "F", "count": "1"},
        {"sku": "B", "unit": "case", "product": "BOOT", "m1": "F", "count": "6"},
    ],
}
LINKS = [{"customer": "3", "account": "TRADE1"}]


def through_json(document: object) -> Any:
    """What a platform hands over: plain JSON, nothing else."""
    return decode_json(encode_json(document))


def one(order: Order) -> Any:
    document = write_document(render_orders([order]))
    rows: Any = document["data"]
    return through_json({**document, "data": rows[0]})


def step_input(given_order: Order | None = None, **changes: Any) -> Any:
    return {"order": one(given_order or an_order()), "policy": POLICY, "links": LINKS} | changes


def test_an_order_is_mapped_as_the_library_maps_it() -> None:
    """Account by link, whole base units, exact prices as texts."""
    line = a_line(product_unit_code=UnitCode("case"), value=Decimal("12.00"))
    given = step_input(an_order(lines=(line,)))
    out = map_order(given)
    order: Any = out["order"]

    assert type(out["home"]) is str
    assert json.loads(json.dumps(out)) == out
    assert (out["version"], out["home"], out["oro_order"]) == (1, "posted", "7")
    assert (order["number"], order["account"]) == ("300000070", "TRADE1")
    assert [(line["sku"]["product"], line["quantity"]) for line in order["lines"]] == [("BOOT", 12)]
    assert out["reasons"] == []


def checked(how: str, price: str | None, **changes: Any) -> Any:
    """Map an order of two at 10.00 under a check, with a book that says `price`."""
    policy = POLICY | {
        "orders": {**POLICY["orders"], "price_check": how},
        "known_accounts": [{"account": "TRADE1", "price_book": "T"}],
    }
    books = None if price is None else [book_row(price)]
    return map_order(step_input(policy=policy, price_books=books) | changes)


def book_row(price: str, book: str = "T") -> Any:
    head = {"code": book, "currency": "GBP", "vat_inclusive": False}
    sku = {"product": "BOOT", "m1": "F"}
    return {"book": head, "row": {"book": book, "sku": sku, "quantity": "1", "price": price}}


def test_prices_are_held_against_books_that_are_handed_in() -> None:
    """As a run does; a book that was not handed in was not read, an empty one has no price."""
    off = checked("check-and-hold", "9.99")
    told = checked("check-and-warn", "9.99")
    same = checked("check-and-hold", "10.00")
    unread, waits = checked("check-and-warn", None), checked("check-and-hold", None)
    empty = checked("check-and-hold", None, price_books=[book_row("10", "OTHER")])

    assert (off["home"], [r["code"] for r in off["reasons"]]) == ("held", ["price-differs"])
    assert (told["home"], told["warnings"]) == ("posted", off["reasons"])
    assert told["order"] == same["order"]
    assert (same["home"], same["warnings"]) == ("posted", [])
    assert [r["code"] for r in unread["warnings"]] == ["prices-not-checked"]
    assert (waits["home"], waits["reasons"]) == ("waiting", unread["warnings"])
    assert [r["code"] for r in empty["reasons"]] == ["not-in-price-book"]


def test_a_number_that_was_used_before_is_seen_among_earlier_orders() -> None:
    """Where the policy looks at it; the order itself is no earlier one."""
    order = an_order(po_number="PO-1")
    before = evolve(order, id=OroOrderId("5"), created_at=order.created_at - timedelta(days=1))
    policy = POLICY | {"references": {"duplicates": "hold"}}
    held: Any = map_order(step_input(order, policy=policy, earlier=[one(order), one(before)]))
    fine: Any = map_order(step_input(order, policy=policy, earlier=[one(order)]))

    assert [row["code"] for row in held["reasons"]] == ["po-used-before"]
    assert held["reasons"][0]["detail"] == "used before, by order 5"
    assert fine["home"] == "posted"


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        ({}, "earlier[1]: no JSON:API document"),
        ({"data": {"type": "orders", "id": "5"}}, "earlier[1]: "),
    ],
)
def test_an_earlier_order_that_cannot_be_read_is_named(document: Any, fault: str) -> None:
    """By its place."""
    with pytest.raises(StepInputError) as caught:
        map_order(step_input(earlier=[one(an_order()), document]))

    assert caught.value.faults[0].startswith(fault)


def test_what_cannot_be_mapped_says_who_mends_it_and_how() -> None:
    """Every reason at once; an unlinked customer is never guessed."""
    strange = an_order(
        customer=OroCustomerId("4"), lines=(a_line(product_unit_code=UnitCode("crate")),)
    )
    out = map_order(step_input(strange))
    reasons: Any = out["reasons"]

    assert (out["home"], out["order"]) == ("held", None)
    assert {row["code"] for row in reasons} == {"customer-not-linked", "unknown-unit"}
    assert all(row["owner"] and row["fix"] for row in reasons)


def test_age_and_suffix_count_where_they_are_given() -> None:
    """An order that is too young waits; a repost has the next digit."""
    waiting = map_order(step_input(now="2031-05-04T09:00:10Z"))
    again: Any = map_order(step_input(suffix=1))["order"]

    assert waiting["home"] == "waiting"
    assert again["number"] == "300000071"


@given(st.integers(1, 500), st.sampled_from(["each", "case"]))
def test_a_repeat_gives_the_same_bytes(quantity: int, unit: str) -> None:
    """Hosts repeat steps as they like."""
    order = an_order(lines=(a_line(quantity=Decimal(quantity), product_unit_code=UnitCode(unit)),))

    assert encode_json(map_order(step_input(order))) == encode_json(map_order(step_input(order)))


STOCK: dict[str, Any] = {
    "rows": [{"product": "BOOT", "m1": "F", "available": "13"}],
    "levels": [
        through_json(
            write_document(render_levels([a_level(1, "B", "each", 5), a_level(2, "B", "case", 5)]))
        )
    ],
    "policy": POLICY,
    "now": "2031-05-04T09:00:00Z",
}


def test_stock_is_planned_strictly_decreases_first() -> None:
    """The pool of 13 less 4 in flight is one case and three."""
    out = map_stock(STOCK | {"in_flight": [{"sku": "B", "unit": "each", "quantity": "4"}]})
    levels: Any = out["levels"]

    assert [(row["level"], row["quantity"]) for row in levels] == [("1", "3"), ("2", "1")]
    assert (out["refused"], out["linked_share"], out["skus_planned"]) == (False, "1.0000", 1)


def test_old_figures_raise_no_level() -> None:
    """A platform that kept Prima's answer says when it was true."""
    fresh: Any = map_stock(STOCK | {"rows_at": STOCK["now"]})
    old: Any = map_stock(STOCK | {"rows_at": "2031-05-01T00:00:00Z"})

    assert fresh["levels"] == map_stock(STOCK)["levels"]
    assert all(Decimal(row["quantity"]) < Decimal(row["previous"]) for row in old["levels"])
    assert "stock-stale" in {row["code"] for row in old["reasons"]}


def test_a_partial_snapshot_is_refused() -> None:
    """Nothing is to be set."""
    out = map_stock(STOCK | {"rows": [{"product": "OTHER", "available": 1}]})

    assert (out["refused"], out["levels"], out["linked_share"]) == (True, [], "0.0000")


def without(document: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key != name}


@pytest.mark.parametrize(
    ("step", "document", "fault"),
    [
        (map_order, {}, "required field missing @ $.order"),
        (map_order, step_input(version=2), "version: expected 1"),
        (map_order, step_input(order={}), "order: no JSON:API document"),
        (map_order, step_input(order={"data": [{"type": "a"}]}), "order: no JSON:API document"),
        (map_order, step_input(order={"data": {"type": "a", "id": "1"}}), "data is one order"),
        (map_order, step_input(order={"data": {"type": "orders", "id": "1"}}), "created_at"),
        (map_order, step_input(policy={}), "policy: orders.start_at: required"),
        (map_order, step_input(policy=POLICY | {"more": 1}), "policy: more: unknown"),
        (map_order, step_input(policy=POLICY | {"prima": {"company": 5}}), "prima.company"),
        (map_order, step_input(links=[{"customer": "x", "account": "A"}]), "links[0]: customer"),
        (map_order, step_input(suffix="one"), "expected a whole number"),
        (map_stock, without(STOCK, "now"), "required field missing @ $.now"),
        (map_stock, STOCK | {"levels": [{"data": 5}]}, "levels[0]: no JSON:API document"),
        (map_stock, STOCK | {"levels": [{"data": {"type": "x", "id": "1"}}]}, "levels[0]: x/1"),
    ],
)
def test_a_document_that_cannot_be_taken_is_named(
    step: Callable[[Any], Any], document: Any, fault: str
) -> None:
    """What was expected and where; never a value of it."""
    with pytest.raises(StepInputError) as caught:
        step(document)

    assert any(fault in one for one in caught.value.faults), caught.value.faults


def test_steps_run_by_name_and_as_a_cloud_function() -> None:
    """Faults of a document are an answer, for a repeat would not mend it."""
    done = handler({"step": "map_order", "input": step_input()}, None)
    refused = handler({"step": "map_order"})

    assert (done["ok"], done["home"]) == (True, "posted")
    assert (refused["ok"], len(refused["faults"]) > 0) == (False, True)  # type: ignore[arg-type]
    assert run_step("map_stock", STOCK)["ok"]
    with pytest.raises(ValueError, match="no step is called"):
        run_step("guess", {})


@pytest.mark.parametrize("step", ["map_order", "map_stock", "post_order"])
def test_every_step_publishes_its_shapes(step: str) -> None:
    """As JSON Schema: what is required, what is exact, which words there are."""
    taken, given_back = schema(step, "input"), schema(step, "output")
    properties: Any = given_back["properties"]

    assert taken["required"]
    assert set(properties) == set(given_back["required"])  # type: ignore[call-overload]
    assert json.dumps(taken)
    for bad in (("guess", "input"), (step, "middle")):
        with pytest.raises(ValueError, match="expected one of"):
            schema(*bad)


def test_answers_have_the_members_of_their_schema() -> None:
    """No more and no fewer, down to the lines."""
    properties: Any = schema("map_order", "output")["properties"]
    out: Any = map_order(step_input())
    inner = properties["order"]["anyOf"][0]["properties"]
    line = inner["lines"]["items"]["properties"]

    assert set(properties) == set(out)
    assert set(inner) == set(out["order"])
    assert set(line) == set(out["order"]["lines"][0])
    assert properties["home"]["enum"] == [
        "posted", "waiting", "ignored", "cancelled", "held", "dismissed", "in_doubt", "main",
    ]  # fmt: skip


def test_the_pure_steps_are_light_to_import() -> None:
    """No HTTP client, no XML, no database driver; posting loads them when it is asked for."""
    code = (
        "import sys, oro_prima.steps as steps\n"
        "heavy = {'httpx', 'sqlite3', 'xml.parsers.expat', 'tenacity'}\n"
        "print(sorted(heavy & set(sys.modules)), end=' ')\n"
        "print(callable(steps.post_order), 'httpx' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.split() in (["[]", "True", "True"], ["['sqlite3']", "True", "True"])
    with pytest.raises(AttributeError, match="has no attribute"):
        import oro_prima.steps

        _ = oro_prima.steps.nothing
