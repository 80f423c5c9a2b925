"""The reports of the books, each a function of facts to a table. Source: NEEDS §2."""

from oro_prima.reconcile.reports.billing import Bill, BillingRules, bills
from oro_prima.reconcile.reports.books import REPORTS, Books
from oro_prima.reconcile.reports.coverage import coverage_table
from oro_prima.reconcile.reports.cut_off import CutOffFacts, OrderLife, cut_off
from oro_prima.reconcile.reports.exceptions import QueueFacts, exceptions_report
from oro_prima.reconcile.reports.facts import BookedOrder, Frame
from oro_prima.reconcile.reports.invoicing import order_to_invoice
from oro_prima.reconcile.reports.order_match import order_match
from oro_prima.reconcile.reports.price_drift import DriftSales, price_drift
from oro_prima.reconcile.reports.stock_drift import LevelFact, stock_drift
from oro_prima.reconcile.reports.unmatched import PrimaOnly, unmatched
from oro_prima.reconcile.reports.vat import vat_by_rate

__all__ = [
    "REPORTS",
    "Bill",
    "BillingRules",
    "BookedOrder",
    "Books",
    "CutOffFacts",
    "DriftSales",
    "Frame",
    "LevelFact",
    "OrderLife",
    "PrimaOnly",
    "QueueFacts",
    "bills",
    "coverage_table",
    "cut_off",
    "exceptions_report",
    "order_match",
    "order_to_invoice",
    "price_drift",
    "stock_drift",
    "unmatched",
    "vat_by_rate",
]
