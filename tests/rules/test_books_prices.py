"""Report G: prices that differ, and what hangs on them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from oro_prima.mapping.prices import BookLinks, BookPolicy, PriceSides, compare_prices
from oro_prima.reconcile.reports import DriftSales, price_drift
from tests.rules.test_books_reports import cells
from tests.rules.test_rules_price_books import (
    DAY,
    EACH,
    PLAIN,
    SKU,
    a_row,
    asked,
    both,
    day,
)
from tests.rules.test_rules_price_lists import BUYER, LONER


def sides(ours: str, theirs: str | None, unit: str = "each") -> PriceSides:
    found = [] if theirs is None else [a_row(theirs, valid_from=day(-1), valid_to=day(9))]
    return compare_prices(asked(1, unit), both({1: ours}, *found, unit=unit), PLAIN)


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), max_size=8))
def test_what_agrees_is_only_counted(prices: list[tuple[int, int]]) -> None:
    """Every other price has its row, and its exact difference."""
    table = price_drift(sides(str(ours), str(theirs)) for ours, theirs in prices)
    drifts = [theirs - ours for ours, theirs in prices if ours != theirs]

    assert sorted(drifts) == sorted(int(str(diff)) for diff in table.column("diff"))
    assert table.notes[0] == f"{len(prices) - len(drifts)} of {len(prices)} prices agree"


def test_the_most_value_at_risk_comes_first() -> None:
    """What was sold since, times the difference of one unit."""
    sales = {(BUYER, SKU, EACH): DriftSales(3, Decimal(40))}
    small, large = sides("9", "9.50"), sides("9", "8")
    table = price_drift([small, large], sales=sales)
    first, second = cells(table, 0), cells(table, 1)

    assert (first["diff"], first["value_at_risk"]) == (Decimal(-1), Decimal(40))
    assert (second["diff"], second["value_at_risk"]) == (Decimal("0.50"), Decimal("20.00"))
    assert first["orders_since_drift"] == 3
    assert (first["oro_price"], first["prima_price"]) == (Decimal(9), Decimal(8))
    assert (first["valid_from"], first["valid_to"]) == (day(-1), day(9))
    assert first["price_list"] == "1"
    assert round(Decimal(str(first["diff_pct"])), 2) == Decimal("-11.11")
    assert first["valid_from"] == DAY - timedelta(days=1)
    assert len(table.notes) == 1


def test_a_pack_is_compared_by_the_pack() -> None:
    """Prima prices base units; the row shows one product unit."""
    table = price_drift([sides("60", "9", unit="case")])

    assert table.column("prima_price") == (Decimal(54),)
    assert table.column("diff") == (Decimal(-6),)
    assert table.column("value_at_risk") == (None,)
    assert "not stated" in table.notes[1]


def test_a_side_without_a_price_is_a_row_with_the_fix() -> None:
    """Its figures are not stated, what was sold is known."""
    missing = compare_prices(asked(customer=LONER), both({1: "9"}, a_row("9")), PLAIN)
    table = price_drift([missing, sides("9", None)], sales={})
    second, first = cells(table, 0), cells(table, 1)

    assert (first["oro_price"], first["diff"], first["diff_pct"]) == (Decimal(9), None, None)
    assert (first["valid_from"], first["valid_to"]) == ("", "")
    assert (first["orders_since_drift"], first["value_at_risk"]) == (0, None)
    assert first["action"]
    assert (second["oro_price"], second["price_list"]) == (None, "")
    assert second["action"]


def test_a_doubt_is_a_row_although_the_figures_agree() -> None:
    """The list was made of another book, say; a price of nothing has no percentage."""
    doubt = compare_prices(asked(), both({1: "9"}, a_row("9")), BookPolicy(vat_inclusive=True))
    free = compare_prices(asked(), both({1: "0"}, a_row("1"), links=BookLinks()), PLAIN)
    table = price_drift([doubt, free])

    assert cells(table, 0)["diff"] in (Decimal(0), None)
    assert all(table.column("action"))
    assert price_drift([sides("0", "1")]).column("diff_pct") == (None,)
