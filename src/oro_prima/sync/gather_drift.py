"""Reading for the reports of how things stand now: stock, prices, coverage."""

from __future__ import annotations

from attrs import evolve

from oro_prima.mapping.coverage import CoveragePolicy, check_coverage
from oro_prima.mapping.policy import StockPolicy
from oro_prima.mapping.price_changes import upcoming_days
from oro_prima.mapping.prices.books import BookPolicy
from oro_prima.mapping.prices.compare import PriceSides
from oro_prima.plans.drift import level_facts
from oro_prima.plans.price_sides import price_sides
from oro_prima.ports import Ports
from oro_prima.prima.models.capabilities import Capability
from oro_prima.reconcile.reports import coverage_table, price_drift, stock_drift
from oro_prima.reconcile.table import Table
from oro_prima.records import Flow
from oro_prima.sync.capabilities import is_bound
from oro_prima.sync.gather_catalogues import gather_catalogues
from oro_prima.sync.gather_prices import Lists, gather_goods, gather_prices
from oro_prima.sync.gather_stock import gather_stock
from oro_prima.sync.run import look

MOST_DAYS = 5
"""Later days of a book that the report names."""


def report_stock(ports: Ports, policy: StockPolicy) -> Table:
    """
    Return report F: the shop's levels against what they should be now. Writes nothing.

    Raises:
        CallError: one of the systems cannot be read.
    """
    run = look(ports, Flow.STOCK)
    snapshot = gather_stock(run, policy).snapshot
    read_at = snapshot.rows_at or snapshot.now
    return stock_drift(level_facts(snapshot, policy), read_at=read_at, now=run.now())


def report_prices(ports: Ports, lists: Lists, policy: BookPolicy) -> Table:
    """
    Return report G: each list that is made of a book against that book, as of now. Writes nothing.

    Rows name no customer. Where books are unbound, or cannot be read whole, the report says so.

    Raises:
        CallError: one of the systems cannot be read.
    """
    if not is_bound(ports, Capability.PRICE_BOOK):
        return evolve(price_drift(()), notes=("not available: price_book is unbound",))
    run = look(ports, Flow.PRICES)
    notes: list[str] = []
    sides: list[PriceSides] = []
    with gather_prices(run, lists, gather_goods(run)) as snapshots:
        for one in snapshots:
            sides += price_sides(one, policy)
            rows = (row.row for row in one.rows)
            for day, count in upcoming_days(rows, after=one.day)[:MOST_DAYS]:
                notes.append(f"book {one.book}: {count} rows begin or cease on {day.isoformat()}")
            if one.faults:
                notes.append(f"book {one.book}: {len(one.faults)} records cannot be read")
    table = price_drift(sides)
    return evolve(table, notes=(*table.notes, *notes))


def report_coverage(ports: Ports, policy: CoveragePolicy) -> Table:
    """
    Return report H: what can occur in an order and is not mapped. Writes nothing.

    Raises:
        CallError: one of the systems cannot be read.
    """
    found = gather_catalogues(ports)
    report = check_coverage(found.facts, policy, sales=found.sales)
    return coverage_table(report, sales_given=True)
