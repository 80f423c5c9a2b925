"""What OroCommerce says, as frozen values; trees become models and models trees."""

from oro_prima.oro.models.orders import (
    Order,
    OrderAddress,
    OrderDiscount,
    OrderLine,
    OrderSubtotal,
)
from oro_prima.oro.models.prices import (
    PriceList,
    PriceListCustomerFallback,
    PriceListCustomerGroupFallback,
    PriceListSchedule,
    PriceListToCustomer,
    PriceListToCustomerGroup,
    ProductPrice,
)
from oro_prima.oro.models.stock import InventoryLevel, StockSettings

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
