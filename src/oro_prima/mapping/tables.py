"""The tables that rules look things up in: links, product units, charges."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from attrs import field, frozen

from oro_prima.ids import OroCustomerId, OroSku, PrimaCompany, UnitCode
from oro_prima.records import Link
from oro_prima.values import SkuKey


@frozen
class Component:
    """
    How much of one Prima SKU one product unit holds.

    `count` is in base units and above 0. `price_share` is this component's price for one product
    unit, where the table states it; it must then be exact.
    """

    sku: SkuKey
    count: Fraction
    price_share: Decimal | None = None

    def __str__(self) -> str:
        return f"{self.count} of {self.sku}"


UnitKey = tuple[OroSku, UnitCode]
"""A product unit: product SKU and unit."""

UnitTable = Mapping[UnitKey, tuple[Component, ...]]
"""(product SKU, unit) -> the base SKUs that one such unit is made of."""


@frozen
class Tables:
    """
    Everything that is looked up, never guessed.

    `charges` leads from Oro's shipping method to Prima's charge code; the empty method is the
    default for orders that name none.
    """

    company: PrimaCompany
    links: Mapping[OroCustomerId, Link] = field(factory=dict[OroCustomerId, Link])
    units: UnitTable = field(factory=dict[tuple[OroSku, UnitCode], tuple[Component, ...]])
    charges: Mapping[str, str] = field(factory=dict[str, str])

    @cached_property
    def skus(self) -> frozenset[SkuKey]:
        """Every SKU that a product unit holds; the table is read once and looked at many times."""
        return frozenset(part.sku for parts in self.units.values() for part in parts)
