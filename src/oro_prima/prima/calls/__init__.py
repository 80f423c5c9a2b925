"""Calls to Prima: one flat function a request type."""

from oro_prima.prima.calls.orders import order_status, post_order
from oro_prima.prima.calls.stock import (
    free_stock,
    free_stock_batches,
    free_stock_of,
    free_stock_rows,
)
from oro_prima.prima.calls.wsdl import describe_service

__all__ = [
    "describe_service",
    "free_stock",
    "free_stock_batches",
    "free_stock_of",
    "free_stock_rows",
    "order_status",
    "post_order",
]
