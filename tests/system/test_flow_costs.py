"""What a run asks of both systems, counted by the systems: a request more makes this fail."""

from __future__ import annotations

import pytest
from benchmarks.flows import SCENES, Cost, measure
from benchmarks.least import There, least, pages, parts, writes

from oro_prima.mapping.schedule import Task

SAME = {
    Task.ORDERS: ({"list_orders": 4}, {}),
    Task.STOCK: ({"list_inventorylevels": 1, "list_orders": 2}, {"ProductAvailableToSell": 1}),
    Task.SMALL_STOCK: (
        {"list_inventorylevels": 1, "list_orders": 3},
        {"MultiAvailableToSell": 1},
    ),
    Task.FULFILMENT: (
        {"list_orders": 2, "list_ordershippingtrackings": 1},
        {"OrderStatus": 9, "XDespatch": 9},
    ),
    Task.CUSTOMERS: (
        {"list_customers": 1, "list_orders": 1, "list_pricelisttocustomers": 1},
        {"XCustomer": 1},
    ),
    Task.PRICES: (
        {
            "list_orders": 1, "list_pricelists": 1, "list_productprices": 1, "list_products": 1,
            "list_productunitprecisions": 1,
        },
        {"XPriceBook": 1},
    ),
    Task.PRODUCTS: (
        {
            "list_categories": 1, "list_inventorylevels": 1, "list_orders": 1, "list_products": 1,
            "list_productunitprecisions": 1,
        },
        {"ProductAvailableToSell": 1},
    ),
    Task.INVOICES: ({"list_orders": 1}, {}),
}  # fmt: skip
"""Requests of a run without changes: of OroCommerce, and of Prima."""

MOST = {
    Task.ORDERS: 1.3,
    Task.STOCK: 3.0,
    Task.SMALL_STOCK: 2.5,
    Task.FULFILMENT: 1.2,
    Task.CUSTOMERS: 2.3,
    Task.PRICES: 1.9,
    Task.PRODUCTS: 1.9,
    Task.INVOICES: 1.2,
}
"""Requests of a run with five changes against the fewest: few records are written one by one."""


@pytest.fixture(scope="module", params=list(SCENES))
def costs(request: pytest.FixtureRequest) -> tuple[Cost, ...]:
    task: Task = request.param
    return measure(task, size=12, changes=5)


def test_a_run_without_changes_reads_once_and_writes_nothing(costs: tuple[Cost, ...]) -> None:
    """Every request is named here."""
    _first, _changed, same = costs

    assert (same.counts["oro"], same.counts["prima"]) == SAME[same.task]
    assert same.bytes_in("oro") == 0


def test_a_run_with_changes_stays_near_the_fewest(costs: tuple[Cost, ...]) -> None:
    """What it asks grows with what changed."""
    first, changed, same = costs

    assert changed.ratio <= MOST[changed.task]
    assert same.calls <= changed.calls <= first.calls or changed.task is Task.SMALL_STOCK


def test_bytes_stay_few_where_a_flow_needs_few(costs: tuple[Cost, ...]) -> None:
    """Stock does not read what a product says of its stock, and prices read no levels at all."""
    same = costs[2]
    if same.task is Task.STOCK:
        assert same.sent["oro"]["list_inventorylevels"] < 1_600 * 141
    if same.task is Task.PRICES:
        assert same.bytes_out("oro") < 230_000


@pytest.mark.parametrize(
    ("count", "told"), [(0, (1, 0, 0)), (1, (1, 1, 1)), (200, (2, 2, 2)), (2000, (20, 20, 4))]
)
def test_the_fewest_are_counted_by_what_a_request_holds(
    count: int, told: tuple[int, int, int]
) -> None:
    """A list is asked for also where it is empty; a large batch takes two requests."""
    assert (pages(count, 100), parts(count, 100), writes(count)) == told


def test_the_fewest_of_a_run_are_of_what_is_there() -> None:
    """By hand: 150 orders are two pages and what changed, and 150 posts."""
    found = least(Task.ORDERS, There(changes=150))

    assert (found.oro, found.prima) == (3, 150)
