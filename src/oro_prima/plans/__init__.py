"""Snapshot and policy in, commands out: pure data that can be shown, kept and applied later."""

from oro_prima.plans.commands import (
    AddTracking,
    Command,
    PostOrder,
    SetInventoryStatus,
    SetLevel,
    SetOrderStatus,
)
from oro_prima.plans.drift import level_facts
from oro_prima.plans.explaining import explain_stock
from oro_prima.plans.fulfilment import (
    FulfilmentDecision,
    FulfilmentPlan,
    FulfilmentSnapshot,
    OrderOnBothSides,
    plan_fulfilment,
)
from oro_prima.plans.invoices import (
    InvoicePlan,
    InvoiceSnapshot,
    KnownInvoices,
    plan_invoices,
)
from oro_prima.plans.orders import OrderDecision, OrderPlan, plan_orders
from oro_prima.plans.snapshots import OrderSnapshot, OtherShop, StockSnapshot, UnreadOrder
from oro_prima.plans.stock import ExpectedUnit, StockPlan, plan_stock

__all__ = [
    "AddTracking",
    "Command",
    "ExpectedUnit",
    "FulfilmentDecision",
    "FulfilmentPlan",
    "FulfilmentSnapshot",
    "InvoicePlan",
    "InvoiceSnapshot",
    "KnownInvoices",
    "OrderDecision",
    "OrderOnBothSides",
    "OrderPlan",
    "OrderSnapshot",
    "OtherShop",
    "PostOrder",
    "SetInventoryStatus",
    "SetLevel",
    "SetOrderStatus",
    "StockPlan",
    "StockSnapshot",
    "UnreadOrder",
    "explain_stock",
    "level_facts",
    "plan_fulfilment",
    "plan_invoices",
    "plan_orders",
    "plan_stock",
]
