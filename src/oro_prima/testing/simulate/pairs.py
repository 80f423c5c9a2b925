"""What can go wrong where: every pair of a step and a fault that a day can reach."""

from __future__ import annotations

from typing import Literal, TypeAlias

from oro_prima.sandbox.faults import NAMES
from oro_prima.testing.killing import (
    FULFILMENT_STEPS,
    ORDER_STEPS,
    STOCK_STEPS,
    WATERMARK_STEPS,
)

Pair: TypeAlias = tuple[str, str]
"""A step (a request to a system, or a named step of a flow) and what happens there."""

STEPS = (*ORDER_STEPS, *WATERMARK_STEPS, *STOCK_STEPS, *FULFILMENT_STEPS)
"""The named steps of the flows of orders, stock and fulfilment."""

KILLED = "killed"
ANSWER_DROPPED = "killed once it was carried out"
EVENTS = (KILLED, "checkout", "cancellation", "edit", "lease over", "person")
"""What can happen at a named step."""

OPERATIONS = {
    "oro": (
        "batch_inventorylevels",
        "create_ordershippingtrackings",
        "get_asyncoperations",
        "list_inventorylevels",
        "list_orderlineitems",
        "list_orders",
        "list_ordershippingtrackings",
        "token",
        "update_inventorylevels",
        "update_orders",
        "update_products",
    ),
    "prima": ("MultiNewOrder", "OrderStatus", "ProductAvailableToSell", "XDespatch"),
}
"""The requests that the flows make."""

_ONLY = {
    "partial-snapshot": ("ProductAvailableToSell",),
    "purge": ("OrderStatus",),
    "other-data": ("OrderStatus", "ProductAvailableToSell", "XDespatch"),
}

NEW_ONLY = frozenset({"before-status", "after-status", "oro update_orders"})
"""Steps that only an OroCommerce of 6.1 or later has: an older one keeps no status."""


def theme_of(seed: int) -> Pair:
    """Return what happens for certain on the day of a seed; as many seeds in a row as pairs."""
    themes = sorted(ALL_PAIRS)
    return themes[seed % len(themes)]


def version_of(seed: int) -> Literal["5.1", "6.1"]:
    """Return which OroCommerce the day of a seed has: one that its theme can happen on."""
    return "6.1" if seed % 3 or theme_of(seed)[0] in NEW_ONLY else "5.1"


def faults_of(system: str, operation: str) -> tuple[str, ...]:
    """
    Return what can happen to one request, in a fixed order.

    Left out is what no client can see: an order that somebody else's data set takes with an OK.
    """
    if operation not in OPERATIONS.get(system, ()):
        return ()
    names = [name for name in sorted(NAMES[system]) if operation in _ONLY.get(name, (operation,))]
    return (*names, KILLED, ANSWER_DROPPED)


ALL_PAIRS: frozenset[Pair] = frozenset(
    {(step, event) for step in STEPS for event in EVENTS}
    | {
        (f"{system} {operation}", fault)
        for system, operations in OPERATIONS.items()
        for operation in operations
        for fault in faults_of(system, operation)
    }
)
"""Every pair there is."""
