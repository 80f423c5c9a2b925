"""The reports of the books, each a function of facts to a table. Source: NEEDS §2."""

from oro_prima.reconcile.reports.books import REPORTS, Books
from oro_prima.reconcile.reports.coverage import coverage_table
from oro_prima.reconcile.reports.cut_off import CutOffFacts, OrderLife, cut_off
from oro_prima.reconcile.reports.exceptions import QueueFacts, exceptions_report
from oro_prima.reconcile.reports.facts import BookedOrder, Frame
from oro_prima.reconcile.reports.order_match import order_match
from oro_prima.reconcile.reports.price_drift import DriftSales, price_drift
from oro_prima.reconcile.reports.stock_drift import LevelFact, stock_drift
from oro_prima.reconcile.reports.unmatched import PrimaOnly, unmatched

__all__ = [
    "REPORTS",
    "BookedOrder",
    "Books",
    "CutOffFacts",
    "DriftSales",
    "Frame",
    "LevelFact",
    "OrderLife",
    "PrimaOnly",
    "QueueFacts",
    "coverage_table",
    "cut_off",
    "exceptions_report",
    "order_match",
    "price_drift",
    "stock_drift",
    "unmatched",
]
