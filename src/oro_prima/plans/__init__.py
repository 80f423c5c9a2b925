"""Snapshot and policy in, commands out: pure data that can be shown, kept and applied later."""

from oro_prima.plans.commands import (
    AddPrice,
    AddTracking,
    AssignPriceList,
    Command,
    DisableProduct,
    EndPrice,
    MovePriceList,
    PostOrder,
    SetCustomer,
    SetInventoryStatus,
    SetLevel,
    SetOrderStatus,
    SetPrice,
)
from oro_prima.plans.customers import (
    ChangedLinks,
    CustomerPlan,
    CustomerSnapshot,
    KnownAccounts,
    SeenAccount,
    plan_customers,
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
from oro_prima.plans.levels import ExpectedUnit
from oro_prima.plans.orders import OrderDecision, OrderPlan, plan_orders
from oro_prima.plans.pools import WholePools, whole_pools
from oro_prima.plans.prices import PricePlan, PricePolicies, PriceSnapshot, plan_prices
from oro_prima.plans.products import (
    ProductPlan,
    ProductPolicies,
    ProductSnapshot,
    ShopProduct,
    plan_products,
)
from oro_prima.plans.snapshots import (
    OrderSnapshot,
    OtherShop,
    StockSnapshot,
    UnreadOrder,
    UnreadShop,
)
from oro_prima.plans.stock import StockPlan, plan_pools, plan_stock

__all__ = [
    "AddPrice",
    "AddTracking",
    "AssignPriceList",
    "ChangedLinks",
    "Command",
    "CustomerPlan",
    "CustomerSnapshot",
    "DisableProduct",
    "EndPrice",
    "ExpectedUnit",
    "FulfilmentDecision",
    "FulfilmentPlan",
    "FulfilmentSnapshot",
    "InvoicePlan",
    "InvoiceSnapshot",
    "KnownAccounts",
    "KnownInvoices",
    "MovePriceList",
    "OrderDecision",
    "OrderOnBothSides",
    "OrderPlan",
    "OrderSnapshot",
    "OtherShop",
    "PostOrder",
    "PricePlan",
    "PricePolicies",
    "PriceSnapshot",
    "ProductPlan",
    "ProductPolicies",
    "ProductSnapshot",
    "SeenAccount",
    "SetCustomer",
    "SetInventoryStatus",
    "SetLevel",
    "SetOrderStatus",
    "SetPrice",
    "ShopProduct",
    "StockPlan",
    "StockSnapshot",
    "UnreadOrder",
    "UnreadShop",
    "WholePools",
    "explain_stock",
    "level_facts",
    "plan_customers",
    "plan_fulfilment",
    "plan_invoices",
    "plan_orders",
    "plan_pools",
    "plan_prices",
    "plan_products",
    "plan_stock",
    "whole_pools",
]
