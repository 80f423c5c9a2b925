"""What Prima says and takes, as frozen values; trees become models and models trees."""

from oro_prima.prima.models.orders import (
    OrderAnswer,
    OrderCharge,
    OrderStatusAnswer,
    Party,
    PrimaOrder,
    PrimaOrderLine,
)
from oro_prima.prima.models.prices import PriceBook, PriceBookRow
from oro_prima.prima.models.profile import PrimaProfile
from oro_prima.prima.models.stock import FreeStockRow

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
