"""What can go wrong where: every pair of a step and a fault that a day can reach."""

from __future__ import annotations

from typing import TypeAlias

from oro_prima.sandbox.faults import NAMES
from oro_prima.testing.killing import ORDER_STEPS, STOCK_STEPS, WATERMARK_STEPS

Pair: TypeAlias = tuple[str, str]
"""A step (a request to a system, or a named step of a flow) and what happens there."""

STEPS = (*ORDER_STEPS, *WATERMARK_STEPS, *STOCK_STEPS)
"""The named steps of the orders flow and of the stock flow."""

KILLED = "killed"
ANSWER_DROPPED = "killed once it was carried out"
EVENTS = (KILLED, "checkout", "cancellation", "edit", "lease over", "person")
"""What can happen at a named step."""

OPERATIONS = {
    "oro": (
        "batch_inventorylevels",
        "get_asyncoperations",
        "list_inventorylevels",
        "list_orderlineitems",
        "list_orders",
        "token",
        "update_inventorylevels",
        "update_products",
    ),
    "prima": ("MultiNewOrder", "OrderStatus", "ProductAvailableToSell"),
}
"""The requests that the flows make."""

_ONLY = {
    "partial-snapshot": ("ProductAvailableToSell",),
    "purge": ("OrderStatus",),
    "other-data": ("OrderStatus", "ProductAvailableToSell"),
}


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
