"""Units that products are sold in."""

from __future__ import annotations

from decimal import Decimal
from typing import TypedDict

from attrs import frozen

from oro_prima.ids import OroProductId, OroUnitPrecisionId, UnitCode
from oro_prima.oro.models.filters import IdFilter
from oro_prima.oro.models.resource import Paging, Resource, ResourceType, one


@frozen
class ProductUnit:
    """A unit such as `each`; its id is its code."""

    id: UnitCode
    default_precision: int | None = None
    label: str | None = None
    plural_label: str | None = None
    short_label: str | None = None
    short_plural_label: str | None = None


class ProductUnitFields(TypedDict, total=False):
    """What can be written of a product unit; a name left out is left as it is."""

    default_precision: int | None
    label: str | None
    plural_label: str | None
    short_label: str | None
    short_plural_label: str | None


class ProductUnitFilter(TypedDict, total=False):
    """What product units can be found by."""

    id: IdFilter


PRODUCT_UNITS: Resource[ProductUnit, ProductUnitFields, ProductUnitFilter] = Resource(
    ResourceType(
        "productunits",
        ("defaultPrecision", "label", "pluralLabel", "shortLabel", "shortPluralLabel"),
        lengths={"label": 255, "pluralLabel": 255, "shortLabel": 255, "shortPluralLabel": 255},
        paging=Paging.NUMBER,
    ),
    ProductUnit,
)


@frozen
class UnitPrecision:
    """A unit of one product: decimals of a quantity, and how many primary units one is."""

    id: OroUnitPrecisionId
    conversion_rate: Decimal | None = None
    precision: int | None = None
    sell: bool | None = None
    product: OroProductId | None = None
    unit: UnitCode | None = None


class UnitPrecisionFields(TypedDict, total=False):
    """What can be written of a unit precision; a name left out is left as it is."""

    conversion_rate: Decimal | None
    precision: int | None
    sell: bool | None
    product: str | None
    unit: str | None


class UnitPrecisionFilter(TypedDict, total=False):
    """What unit precisions can be found by."""

    id: IdFilter
    product: IdFilter
    unit: IdFilter


UNIT_PRECISIONS: Resource[UnitPrecision, UnitPrecisionFields, UnitPrecisionFilter] = Resource(
    ResourceType(
        "productunitprecisions",
        ("conversionRate", "precision", "sell"),
        {"product": one("products"), "unit": one("productunits")},
    ),
    UnitPrecision,
)
