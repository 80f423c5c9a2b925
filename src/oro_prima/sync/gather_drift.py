"""Reading for the reports of how things stand now: stock against the shop's levels, coverage."""

from __future__ import annotations

from oro_prima.mapping.coverage import CoveragePolicy, check_coverage
from oro_prima.mapping.policy import StockPolicy
from oro_prima.plans.drift import level_facts
from oro_prima.ports import Ports
from oro_prima.reconcile.reports import coverage_table, stock_drift
from oro_prima.reconcile.table import Table
from oro_prima.records import Flow
from oro_prima.sync.gather_catalogues import gather_catalogues
from oro_prima.sync.gather_stock import gather_stock
from oro_prima.sync.run import look


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


def report_coverage(ports: Ports, policy: CoveragePolicy) -> Table:
    """
    Return report H: what can occur in an order and is not mapped. Writes nothing.

    Raises:
        CallError: one of the systems cannot be read.
    """
    found = gather_catalogues(ports)
    report = check_coverage(found.facts, policy, sales=found.sales)
    return coverage_table(report, sales_given=True)
