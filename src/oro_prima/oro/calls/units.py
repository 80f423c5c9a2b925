"""Units, and the units of products."""

from __future__ import annotations

from oro_prima.call import Page
from oro_prima.ids import OroUnitPrecisionId, UnitCode
from oro_prima.oro.calls.jsonapi import ApiCall
from oro_prima.oro.calls.records import PAGE, get_record, list_records
from oro_prima.oro.calls.writing import create_record, delete_record, update_record
from oro_prima.oro.models.units import (
    PRODUCT_UNITS,
    UNIT_PRECISIONS,
    ProductUnit,
    ProductUnitFields,
    ProductUnitFilter,
    UnitPrecision,
    UnitPrecisionFields,
    UnitPrecisionFilter,
)


def list_product_units(
    *, where: ProductUnitFilter | None = None, size: int = PAGE
) -> ApiCall[Page[ProductUnit]]:
    """Read product units, page by page; all of them without a filter."""
    return list_records(PRODUCT_UNITS, where=where, size=size)


def get_product_unit(unit: UnitCode) -> ApiCall[ProductUnit]:
    """Read a product unit by its id."""
    return get_record(PRODUCT_UNITS, key=unit)


def create_product_unit(fields: ProductUnitFields) -> ApiCall[ProductUnit]:
    """Make a product unit."""
    return create_record(PRODUCT_UNITS, fields=fields)


def update_product_unit(unit: UnitCode, *, fields: ProductUnitFields) -> ApiCall[ProductUnit]:
    """Change a product unit; what is not named stays."""
    return update_record(PRODUCT_UNITS, key=unit, fields=fields)


def delete_product_unit(unit: UnitCode) -> ApiCall[None]:
    """Delete a product unit."""
    return delete_record(PRODUCT_UNITS, key=unit)


def list_unit_precisions(
    *, where: UnitPrecisionFilter | None = None, after: int = 0, size: int = PAGE
) -> ApiCall[Page[UnitPrecision]]:
    """Read unit precisions, page by page; all of them without a filter."""
    return list_records(UNIT_PRECISIONS, where=where, after=after, size=size)


def get_unit_precision(precision: OroUnitPrecisionId) -> ApiCall[UnitPrecision]:
    """Read a unit precision by its id."""
    return get_record(UNIT_PRECISIONS, key=precision)


def create_unit_precision(fields: UnitPrecisionFields) -> ApiCall[UnitPrecision]:
    """Make a unit precision."""
    return create_record(UNIT_PRECISIONS, fields=fields)


def update_unit_precision(
    precision: OroUnitPrecisionId, *, fields: UnitPrecisionFields
) -> ApiCall[UnitPrecision]:
    """Change a unit precision; what is not named stays."""
    return update_record(UNIT_PRECISIONS, key=precision, fields=fields)


def delete_unit_precision(precision: OroUnitPrecisionId) -> ApiCall[None]:
    """Delete a unit precision."""
    return delete_record(UNIT_PRECISIONS, key=precision)
