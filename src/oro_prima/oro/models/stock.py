"""Inventory levels: one row for each product unit, an absolute quantity without a lock."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from attrs import frozen

from oro_prima.ids import OroCategoryId, OroLevelId, OroProductId, OroSku, UnitCode


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
class CategoryStock:
    """What a category says of the levels of its products, and the category above it."""

    id: OroCategoryId
    parent: OroCategoryId | None = None
    settings: StockSettings = StockSettings()


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
    category: OroCategoryId | None = None


def settings_chain(
    level: InventoryLevel,
    *,
    categories: Mapping[OroCategoryId, CategoryStock],
    system: StockSettings,
) -> tuple[StockSettings, ...]:
    """
    Return what decides about a level, nearest first: the product, its categories, the system.

    A category that is not known, or one that stands above itself, ends the walk through them.
    """
    found, seen, category = [level.settings], set[OroCategoryId](), level.category
    while category is not None and category in categories and category not in seen:
        seen.add(category)
        found.append(categories[category].settings)
        category = categories[category].parent
    return (*found, system)
