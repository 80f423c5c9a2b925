"""The books: what was captured against what became of it, after the fact. Pure."""

from oro_prima.reconcile.causes import Cause, causes
from oro_prima.reconcile.equation import (
    DayEquation,
    EquationLine,
    OrderNow,
    Revaluation,
    Term,
    add_days,
    reconcile_day,
)
from oro_prima.reconcile.render import (
    equation_json,
    equation_text,
    table_csv,
    table_html,
    table_json,
    table_text,
)
from oro_prima.reconcile.table import Cell, Column, Kind, Table

__all__ = [
    "Cause",
    "Cell",
    "Column",
    "DayEquation",
    "EquationLine",
    "Kind",
    "OrderNow",
    "Revaluation",
    "Table",
    "Term",
    "add_days",
    "causes",
    "equation_json",
    "equation_text",
    "reconcile_day",
    "table_csv",
    "table_html",
    "table_json",
    "table_text",
]
