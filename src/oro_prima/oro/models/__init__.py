"""What OroCommerce says, as frozen values; trees become models and models trees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oro_prima.oro.models.orders import (
    Order,
    OrderAddress,
    OrderDiscount,
    OrderLine,
    OrderSubtotal,
)
from oro_prima.oro.models.stock import InventoryLevel, StockSettings

if TYPE_CHECKING:
    from oro_prima.oro.models.prices import (
        PriceList,
        PriceListCustomerFallback,
        PriceListCustomerGroupFallback,
        PriceListSchedule,
        PriceListToCustomer,
        PriceListToCustomerGroup,
        ProductPrice,
    )

__all__ = [
    "InventoryLevel",
    "Order",
    "OrderAddress",
    "OrderDiscount",
    "OrderLine",
    "OrderSubtotal",
    "PriceList",
    "PriceListCustomerFallback",
    "PriceListCustomerGroupFallback",
    "PriceListSchedule",
    "PriceListToCustomer",
    "PriceListToCustomerGroup",
    "ProductPrice",
    "StockSettings",
]


def __getattr__(name: str) -> object:
    """Load what only prices need when it is first asked for."""
    from importlib import import_module

    if name not in __all__:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(f"{__name__}.prices"), name)
