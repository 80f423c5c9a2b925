"""Prices, coverage and explanations as steps; every shape holds to its published schema."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker
from tests.rules.making import a_line, an_order
from tests.steps.test_steps import LINKS, POLICY, STOCK, book_row, one, step_input

from oro_prima.converters import decode_json, encode_json
from oro_prima.mapping.coverage import CoverageFacts
from oro_prima.steps import (
    STEPS,
    StepInputError,
    check_coverage,
    explain,
    map_prices,
    resolve_price,
    run_step,
    schema,
)
from oro_prima.steps.reading import write_output
from oro_prima.steps.shapes_goods import CheckCoverageInput
from oro_prima.testing import strategies as some

PRICES: dict[str, Any] = {
    "question": {
        "customer": "3",
        "sku": "B",
        "unit": "case",
        "quantity": "2",
        "currency": "GBP",
        "at": "2031-05-04T09:00:00Z",
    },
    "catalogue": {
        "lists": [{"id": "1", "currencies": ["GBP"]}],
        "prices": [
            {"price_list": "1", "sku": "B", "unit": "case", "quantity": "1", "currency": "GBP",
             "value": "12.0000"},
        ],
    },
    "prices": {"currencies": ["GBP"], "default_lists": [{"price_list": "1"}]},
}  # fmt: skip
BOOT = {"product": "BOOT", "m1": "F"}
SOURCE: dict[str, Any] = {
    "books": [{"code": "UK", "currency": "GBP", "vat_inclusive": False}],
    "rows": [{"book": "UK", "sku": BOOT, "quantity": "1", "price": "2.50"}],
    "vat_inclusive": False,
    "accounts": {"3": "UK"},
    "lists": {"1": "UK"},
}
LISTED: dict[str, Any] = {
    "book": "UK",
    "price_list": "1",
    "day": "2031-05-04",
    "source": SOURCE,
    "policy": POLICY,
}
COVERAGE: dict[str, Any] = {
    "shop": {
        "customers": [{"id": "3", "ship_to": [{"id": "1", "city": "Sampleton"}]}, {"id": "4"}],
        "units": [{"sku": "B", "unit": "case", "prices": ["12.00"]}, {"sku": "B", "unit": "crate"}],
        "currencies": ["GBP"],
    },
    "policy": POLICY,
    "links": LINKS,
    "sales": [
        {"customer": "9", "sku": "B", "unit": "crate", "currency": "GBP", "amount": "100.50"}
    ],
}
WHY: dict[str, Any] = {"what": "price", "policy": POLICY, "source": SOURCE} | PRICES
EXAMPLES: dict[str, Any] = {
    "map_order": step_input(),
    "map_stock": STOCK,
    "map_prices": LISTED,
    "resolve_price": PRICES,
    "check_coverage": COVERAGE,
    "explain": WHY,
    "post_order": {"order": one, "policy": POLICY},
}


def holds(step: str, side: str, document: Any) -> list[str]:
    checker = Draft202012Validator(schema(step, side), format_checker=FormatChecker())
    return [error.message for error in checker.iter_errors(document)]


def through_json(document: object) -> Any:
    return decode_json(encode_json(document))


@pytest.mark.parametrize("step", STEPS)
def test_every_schema_is_one(step: str) -> None:
    """By the rules of JSON Schema itself, with the version in it."""
    for side in ("input", "output"):
        found: Any = schema(step, side)
        Draft202012Validator.check_schema(found)

        assert found["properties"]["version"] == {"const": 1}


@pytest.mark.parametrize("step", [one for one in STEPS if one != "post_order"])
def test_examples_and_their_answers_hold_to_the_schemas(step: str) -> None:
    """A repeat gives the same bytes."""
    answer = through_json(run_step(step, EXAMPLES[step]))

    assert holds(step, "input", EXAMPLES[step]) == []
    assert answer.pop("ok") is True
    assert holds(step, "output", answer) == []
    assert through_json(run_step(step, EXAMPLES[step])) == {"ok": True, **answer}


@settings(suppress_health_check=list(HealthCheck), max_examples=40)
@given(some.orders(), st.sampled_from(["unit", "line", "omit"]))
def test_any_order_gives_an_answer_of_the_schema(order: Any, basis: str) -> None:
    """Held or not, whatever its texts."""
    policy = POLICY | {"orders": POLICY["orders"] | {"price_basis": basis}}
    given_order = step_input(order, policy=policy)
    answer = through_json(run_step("map_order", given_order))
    answer.pop("ok")

    assert holds("map_order", "input", given_order) == []
    assert holds("map_order", "output", answer) == []


@settings(suppress_health_check=list(HealthCheck), max_examples=40)
@given(some.coverage_facts())
def test_any_catalogue_gives_an_answer_of_the_schema(facts: CoverageFacts) -> None:
    """What is written as JSON is read as the same catalogue."""
    given_input = through_json(
        write_output(
            CheckCoverageInput(facts.shop, POLICY, evolve(facts.erp, skus=None), codes=facts.codes)
        )
    )
    given_input.pop("shared")
    answer = through_json(run_step("check_coverage", given_input))

    assert holds("check_coverage", "input", given_input) == []
    assert answer.pop("ok") is True
    assert holds("check_coverage", "output", answer) == []


def test_a_document_outside_the_schema_is_refused_by_both() -> None:
    """Neither is stricter."""
    changes: list[Any] = [{"version": 2}, {"question": None}, {"catalogue": 5}, {"prices": {}}]
    for change in changes:
        bad = PRICES | change

        assert holds("resolve_price", "input", bad)
        assert run_step("resolve_price", bad)["ok"] is False


def test_a_price_is_resolved_with_its_rule() -> None:
    """Or the reasons why there is none."""
    found = resolve_price(PRICES)
    none = resolve_price(PRICES | {"question": PRICES["question"] | {"unit": "each"}})
    reasons: Any = none["reasons"]

    assert (found["price"], found["tier"], found["price_list"]) == ("12.0000", "1", "1")
    assert (found["level"], found["rule"]) == ("system", "lowest price of the chain")
    assert none["price"] is None
    assert [row["code"] for row in reasons] == ["no-price"]


def test_a_book_becomes_the_rows_of_a_list() -> None:
    """Of all product units of the table, or of those that are named."""
    whole: Any = map_prices(LISTED)["prices"]
    named: Any = map_prices(LISTED | {"keys": [{"sku": "B", "unit": "crate"}]})

    assert [(row["unit"], row["value"]) for row in whole] == [("each", "2.5"), ("case", "15")]
    assert [row["code"] for row in named["reasons"]] == ["unknown-unit"]


def test_coverage_names_what_fails_and_what_it_costs() -> None:
    """What may share a target, and what blocks, can be said."""
    out: Any = check_coverage(COVERAGE)
    crate = out["gaps"][0]

    assert out["passed"] is False
    assert crate["smallest_order"] == "customer 3 orders 1 crate of B at 0 in GBP"
    assert crate["revenue"] == {"GBP": "100.50"}
    assert [gap["oro_key"] for gap in out["gaps"]] == ["B/crate", "4"]
    assert out["checked"]["product unit"] == 2
    codes = {"codes": {"tax code": {}}, "shop": {"tax_codes": ["STD"]}}
    assert check_coverage(COVERAGE | codes)["passed"] is True
    blocked: Any = check_coverage(COVERAGE | codes | {"blocking": ["tax code"], "shared": []})
    assert blocked["passed"] is False


def test_decisions_are_explained_as_a_tree_and_as_text() -> None:
    """The same rule, run with a recorder."""
    price: Any = explain(WHY)
    account: Any = explain({"what": "account", "policy": POLICY, "links": LINKS,
                            "customer": "3", "currency": "GBP"})  # fmt: skip

    assert price["result"] == str(Decimal("30.00") - Decimal("24.0000"))
    assert price["explanation"]["rule"] == "price of a line"
    assert "lowest price" in price["text"] or "12.0000" in price["text"]
    assert account["result"] == "TRADE1"


TAXED = POLICY | {
    "tax": {
        "oro": {"release": "6.1.0", "base": "destination"},
        "prima": {"preset": "uk-line-penny", "rates": [{"code": "S", "rate": "0.2"}]},
    }
}


def test_an_order_is_explained_with_the_versions_of_its_tables() -> None:
    """With `now` it is said first whether the order is ours yet."""
    whole: Any = explain({"what": "order", **step_input(), "now": "2031-05-04T00:00:00Z"})
    plain: Any = explain({"what": "order", **step_input(), "suffix": 2})
    first, *_more = whole["explanation"]["steps"]

    assert (first["rule"], first["result"]) == ("orders.eligible", "waiting")
    assert first["refused"][0]["what"] == "posting it now"
    assert "300000070 on TRADE1" in whole["result"]
    assert "300000072 on TRADE1" in plain["result"]
    assert "orders.eligible" not in plain["text"]
    assert "row links @" in plain["text"]


def test_an_order_is_explained_on_both_sides() -> None:
    """Where prices are checked, by the books that are handed in."""
    policy = POLICY | {
        "orders": {**POLICY["orders"], "price_check": "check-and-warn"},
        "known_accounts": [{"account": "TRADE1", "price_book": "T"}],
    }
    given = {"what": "order", **step_input(policy=policy)}
    told: Any = explain({**given, "price_books": [book_row("9.99")]})
    unread: Any = explain(given)

    assert "price-differs: agreed 20.00, book T comes to 19.98: 2 x BOOT-F at 9.99" in told["text"]
    assert "price book T: it was not read" in unread["text"]


def test_stock_is_explained_as_the_plan_decides_it() -> None:
    """The pool, what is in flight, and what the level becomes; old figures raise nothing."""
    view = {name: STOCK[name] for name in ("rows", "levels", "now")}
    asked = {"what": "stock", "policy": POLICY, "unit": {"sku": "B", "unit": "case"}}
    told: Any = explain({**asked, "stock": view})
    stale: Any = explain({**asked, "stock": view | {"rows_at": "2031-05-01T00:00:00Z"}})

    assert told["explanation"]["rule"] == "stock.plan_stock"
    assert told["result"].endswith("becomes 2")
    assert "stale" in stale["result"]
    assert stale["result"].startswith("5 becomes 2; stock-stale: ")


def test_totals_are_explained_by_both_sides_rules() -> None:
    """Where one of them cannot be said, the reason is the answer."""
    asked = {"what": "totals", "policy": TAXED, "taxes": {"products": {"B": "STD"}}}
    told: Any = explain({**asked, "order": one(an_order())})
    kit = an_order(lines=(a_line(value=None),))
    none: Any = explain({**asked, "order": one(kit)})

    assert told["explanation"]["rule"] == "totals of an order"
    assert {step["rule"] for step in told["explanation"]["steps"]} >= {"OroCommerce", "Prima"}
    assert none["result"].startswith("price-missing")


def test_how_prices_are_resolved_may_stand_in_the_policy() -> None:
    """Said once, in the configuration."""
    policy = POLICY | {"prices": PRICES["prices"]}
    asked = {name: value for name, value in WHY.items() if name != "prices"}

    assert explain({**asked, "policy": policy}) == explain(WHY)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"question": None}, "question, prices, source: required to explain a price"),
        ({"what": "account"}, "customer: required to explain an account"),
        ({"what": "order"}, "order: required to explain an order"),
        ({"what": "stock"}, "unit, stock: required to explain stock"),
        ({"what": "totals"}, "order: required to explain totals"),
        (
            {"what": "totals", "order": one(an_order())},
            "policy: tax.oro, tax.prima: required to explain totals",
        ),
    ],
)
def test_what_is_needed_to_explain_is_named(change: Any, fault: str) -> None:
    """Instead of half an answer."""
    with pytest.raises(StepInputError, match=fault):
        explain(WHY | change)
