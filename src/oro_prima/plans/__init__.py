"""Snapshot and policy in, commands out: pure data that can be shown, kept and applied later."""

from oro_prima.plans.commands import Command, PostOrder, SetInventoryStatus, SetLevel
from oro_prima.plans.orders import OrderDecision, OrderPlan, plan_orders
from oro_prima.plans.snapshots import OrderSnapshot, OtherShop, StockSnapshot, UnreadOrder
from oro_prima.plans.stock import StockPlan, plan_stock

__all__ = [
    "Command",
    "OrderDecision",
    "OrderPlan",
    "OrderSnapshot",
    "OtherShop",
    "PostOrder",
    "SetInventoryStatus",
    "SetLevel",
    "StockPlan",
    "StockSnapshot",
    "UnreadOrder",
    "plan_orders",
    "plan_stock",
]
