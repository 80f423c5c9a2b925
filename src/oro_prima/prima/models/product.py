"""Products of Prima, one SKU each, where the profile binds how they are read."""

from __future__ import annotations

from attrs import frozen

from oro_prima.values import SkuKey


@frozen
class PrimaProduct:
    """One SKU of the product master; `unit` is what Prima counts it in."""

    sku: SkuKey
    description: str
    unit: str
    vat_code: str
    barcode: str = ""
    discontinued: bool = False
