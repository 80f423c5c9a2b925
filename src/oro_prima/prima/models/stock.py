"""Free stock as Prima's `ProductAvailableToSell` and `MultiAvailableToSell` give it."""

from __future__ import annotations

from decimal import Decimal

from attrs import frozen

from oro_prima.values import LocalDate, SkuKey


@frozen
class FreeStockRow:
    """What Prima says it can sell of one SKU now, in base units; a date only when that is 0."""

    sku: SkuKey
    available: Decimal
    next_available: LocalDate | None = None
