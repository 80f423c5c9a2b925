"""What the sandbox's Prima bills: what was sent, read one way, parts adding up to the whole."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.sandbox.prima.books import Books, OrderLineView, OrderView, StockKey
from oro_prima.sandbox.prima.details import Details, price_of

TODAY = date(2031, 5, 4)
CHARGES = (("CARR", "7.50"),)


def order(price: str, quantity: int = 5) -> OrderView:
    line = OrderLineView("BOOT", "", "", "", "", quantity, price)
    return OrderView("300000010", "ORO-1", "ACME01", (line,), "Entered", 1, True, "", CHARGES)


def billed(details: Details, one: OrderView, *statuses: str) -> list[tuple[int, Decimal]]:
    """Move an order through statuses, and return (order line, net) of all that was billed."""
    for status in statuses:
        details.move(one, status, books=Books(reserves="acceptance"), today=TODAY)
    return [(line.order_line, line.net) for each in details.invoices for line in each.lines]


@given(
    pence=st.integers(1, 10**6),
    quantity=st.integers(1, 60),
    parts=st.integers(0, 4),
)
def test_parts_of_a_line_add_up_to_what_was_sent(pence: int, quantity: int, parts: int) -> None:
    """However many despatches it takes; carriage is billed once, with the first."""
    total = Decimal(pence) / 100
    statuses = (*["Part Despatched"] * parts, "Despatched")
    found = billed(Details(prices="line"), order(str(total), quantity), *statuses)

    assert sum(net for number, net in found if number == 1) == total
    assert [net for number, net in found if number == 0] == [Decimal("7.50")]
    assert min(net for _number, net in found) >= 0


def test_prices_are_read_one_way() -> None:
    """As those of a unit, as those of the line; or the book's own, and then no charge either."""
    book = price_of(StockKey("BOOT"), 5, today=TODAY) * 5

    assert billed(Details(prices="unit"), order("2.10"), "Despatched")[0] == (1, Decimal("10.50"))
    assert billed(Details(prices="line"), order("2.10"), "Despatched")[0] == (1, Decimal("2.10"))
    assert billed(Details(prices="book"), order("2.10"), "Despatched") == [(1, book)]


@pytest.mark.parametrize("prices", ["unit", "line"])
def test_a_line_without_a_price_is_billed_by_the_book(prices: str) -> None:
    """For what was not sent cannot be read."""
    book = price_of(StockKey("BOOT"), 5, today=TODAY) * 5

    assert billed(Details(prices=prices), order(""), "Despatched")[0] == (1, book)


def test_carriage_bears_no_vat() -> None:
    """Goods do."""
    details = Details(prices="line")
    billed(details, order("100.00"), "Despatched")

    (invoice,) = details.invoices
    assert (invoice.net, invoice.vat) == (Decimal("107.50"), Decimal("20.00"))
