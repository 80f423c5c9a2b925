"""A made-up Prima that behaves like the real one on the wire."""

from oro_prima.sandbox.prima.app import PATH, PrimaSandbox
from oro_prima.sandbox.prima.books import (
    PURGED,
    AccountView,
    OrderLineView,
    OrderView,
    StockKey,
    StockView,
)

__all__ = [
    "PATH",
    "PURGED",
    "AccountView",
    "OrderLineView",
    "OrderView",
    "PrimaSandbox",
    "StockKey",
    "StockView",
]
