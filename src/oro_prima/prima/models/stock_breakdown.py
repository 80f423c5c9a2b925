"""Physical, allocated and free stock by warehouse, where the profile binds how it is read."""

from __future__ import annotations

from decimal import Decimal

from attrs import frozen

from oro_prima.values import LocalDate, SkuKey


@frozen
class StockBreakdown:
    """
    One SKU in one warehouse, in base units, as Prima states each figure.

    Free is never computed from the others: what Prima allocates is its own to know.
    """

    sku: SkuKey
    warehouse: str
    physical: Decimal
    allocated: Decimal
    free: Decimal
    on_order: Decimal | None = None
    next_due: LocalDate | None = None
