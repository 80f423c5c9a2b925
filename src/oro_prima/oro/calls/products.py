"""Products, their names and settings."""

from __future__ import annotations

from oro_prima.call import Page
from oro_prima.ids import OroProductId
from oro_prima.oro.calls.jsonapi import ApiCall
from oro_prima.oro.calls.records import PAGE, get_record, list_records
from oro_prima.oro.calls.writing import create_record, delete_record, update_record
from oro_prima.oro.models.products import (
    FALLBACK_VALUES,
    PRODUCT_NAMES,
    PRODUCTS,
    FallbackValue,
    FallbackValueFields,
    FallbackValueFilter,
    Product,
    ProductFields,
    ProductFilter,
    ProductName,
    ProductNameFields,
    ProductNameFilter,
)


def list_products(
    *, where: ProductFilter | None = None, after: int = 0, size: int = PAGE
) -> ApiCall[Page[Product]]:
    """Read products by id: the only way that finds all, for the list shows no `links.next`."""
    return list_records(PRODUCTS, where=where, after=after, size=size)


def get_product(product: OroProductId) -> ApiCall[Product]:
    """Read a product by its id."""
    return get_record(PRODUCTS, key=product)


def create_product(fields: ProductFields) -> ApiCall[Product]:
    """Make a product."""
    return create_record(PRODUCTS, fields=fields)


def update_product(product: OroProductId, *, fields: ProductFields) -> ApiCall[Product]:
    """Change a product; what is not named stays, a to-many that is named is replaced."""
    return update_record(PRODUCTS, key=product, fields=fields)


def delete_product(product: OroProductId) -> ApiCall[None]:
    """Delete a product."""
    return delete_record(PRODUCTS, key=product)


def list_product_names(
    *, where: ProductNameFilter | None = None, after: int = 0, size: int = PAGE
) -> ApiCall[Page[ProductName]]:
    """Read product names, page by page; all of them without a filter."""
    return list_records(PRODUCT_NAMES, where=where, after=after, size=size)


def get_product_name(name: str) -> ApiCall[ProductName]:
    """Read a product name by its id."""
    return get_record(PRODUCT_NAMES, key=name)


def create_product_name(fields: ProductNameFields) -> ApiCall[ProductName]:
    """Make a product name."""
    return create_record(PRODUCT_NAMES, fields=fields)


def update_product_name(name: str, *, fields: ProductNameFields) -> ApiCall[ProductName]:
    """Change a product name; what is not named stays."""
    return update_record(PRODUCT_NAMES, key=name, fields=fields)


def list_fallback_values(
    *, where: FallbackValueFilter | None = None, after: int = 0, size: int = PAGE
) -> ApiCall[Page[FallbackValue]]:
    """Read fallback values, page by page; all of them without a filter."""
    return list_records(FALLBACK_VALUES, where=where, after=after, size=size)


def get_fallback_value(value: str) -> ApiCall[FallbackValue]:
    """Read a fallback value by its id."""
    return get_record(FALLBACK_VALUES, key=value)


def update_fallback_value(value: str, *, fields: FallbackValueFields) -> ApiCall[FallbackValue]:
    """Change a fallback value; what is not named stays."""
    return update_record(FALLBACK_VALUES, key=value, fields=fields)
