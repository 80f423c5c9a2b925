"""Inventory levels: one row for each product unit, an absolute quantity without a lock."""

from __future__ import annotations

from decimal import Decimal

from attrs import frozen

from oro_prima.ids import OroLevelId, OroProductId, OroSku, UnitCode


@frozen
class StockSettings:
    """
    Whether OroCommerce enforces the levels of a product at checkout.

    Each value is what the product itself says; None where it defers to its category or to the
    system configuration, which the API does not show.
    """

    manage_inventory: bool | None = None
    decrement_quantity: bool | None = None
    back_order: bool | None = None


@frozen
class InventoryLevel:
    """
    The level of one product unit.

    `quantity` counts units of `unit`; `conversion_rate` is how many primary units one of it is, by
    OroCommerce's own table. `inventory_status` is the product's (`in_stock`, `out_of_stock`), and
    has no connection with the quantity unless somebody writes both.
    """

    id: OroLevelId
    quantity: Decimal
    product: OroProductId
    sku: OroSku
    unit: UnitCode
    conversion_rate: Decimal | None = None
    inventory_status: str | None = None
    settings: StockSettings = StockSettings()
