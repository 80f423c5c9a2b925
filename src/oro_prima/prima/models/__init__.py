"""What Prima says and takes, as frozen values; trees become models and models trees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oro_prima.prima.models.orders import (
    OrderAnswer,
    OrderCharge,
    OrderStatusAnswer,
    Party,
    PrimaOrder,
    PrimaOrderLine,
)
from oro_prima.prima.models.profile import PrimaProfile
from oro_prima.prima.models.stock import FreeStockRow

if TYPE_CHECKING:
    from oro_prima.prima.models.prices import PriceBook, PriceBookRow

__all__ = [
    "FreeStockRow",
    "OrderAnswer",
    "OrderCharge",
    "OrderStatusAnswer",
    "Party",
    "PriceBook",
    "PriceBookRow",
    "PrimaOrder",
    "PrimaOrderLine",
    "PrimaProfile",
]


def __getattr__(name: str) -> object:
    """Load what only prices need when it is first asked for."""
    from importlib import import_module

    if name not in __all__:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(f"{__name__}.prices"), name)
