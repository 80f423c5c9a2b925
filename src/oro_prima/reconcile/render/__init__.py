"""Reports in the four forms that people and programs read: text, CSV, JSON, HTML."""

from oro_prima.reconcile.render.csv import table_csv
from oro_prima.reconcile.render.equation import equation_json, equation_text
from oro_prima.reconcile.render.html import table_html
from oro_prima.reconcile.render.text import table_text
from oro_prima.reconcile.render.tree import table_json

__all__ = [
    "equation_json",
    "equation_text",
    "table_csv",
    "table_html",
    "table_json",
    "table_text",
]
