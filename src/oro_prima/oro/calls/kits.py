"""What kits are made of."""

from __future__ import annotations

from oro_prima.call import Page
from oro_prima.oro.calls.jsonapi import ApiCall
from oro_prima.oro.calls.records import PAGE, get_record, list_records
from oro_prima.oro.calls.writing import create_record, delete_record, update_record
from oro_prima.oro.models.kits import (
    KIT_ITEM_LABELS,
    KIT_ITEM_PRODUCTS,
    KIT_ITEMS,
    KitItem,
    KitItemFields,
    KitItemFilter,
    KitItemLabel,
    KitItemLabelFields,
    KitItemLabelFilter,
    KitItemProduct,
    KitItemProductFields,
    KitItemProductFilter,
)


def list_kit_items(
    *, where: KitItemFilter | None = None, after: int = 0, size: int = PAGE
) -> ApiCall[Page[KitItem]]:
    """Read kit items, page by page; all of them without a filter."""
    return list_records(KIT_ITEMS, where=where, after=after, size=size)


def get_kit_item(item: str) -> ApiCall[KitItem]:
    """Read a kit item by its id."""
    return get_record(KIT_ITEMS, key=item)


def create_kit_item(fields: KitItemFields) -> ApiCall[KitItem]:
    """Make a kit item."""
    return create_record(KIT_ITEMS, fields=fields)


def update_kit_item(item: str, *, fields: KitItemFields) -> ApiCall[KitItem]:
    """Change a kit item; what is not named stays, a to-many that is named is replaced."""
    return update_record(KIT_ITEMS, key=item, fields=fields)


def delete_kit_item(item: str) -> ApiCall[None]:
    """Delete a kit item."""
    return delete_record(KIT_ITEMS, key=item)


def list_kit_item_products(
    *, where: KitItemProductFilter | None = None, after: int = 0, size: int = PAGE
) -> ApiCall[Page[KitItemProduct]]:
    """Read kit item products, page by page; all of them without a filter."""
    return list_records(KIT_ITEM_PRODUCTS, where=where, after=after, size=size)


def get_kit_item_product(product: str) -> ApiCall[KitItemProduct]:
    """Read a kit item product by its id."""
    return get_record(KIT_ITEM_PRODUCTS, key=product)


def create_kit_item_product(fields: KitItemProductFields) -> ApiCall[KitItemProduct]:
    """Make a kit item product."""
    return create_record(KIT_ITEM_PRODUCTS, fields=fields)


def update_kit_item_product(
    product: str, *, fields: KitItemProductFields
) -> ApiCall[KitItemProduct]:
    """Change a kit item product; what is not named stays."""
    return update_record(KIT_ITEM_PRODUCTS, key=product, fields=fields)


def list_kit_item_labels(
    *, where: KitItemLabelFilter | None = None, after: int = 0, size: int = PAGE
) -> ApiCall[Page[KitItemLabel]]:
    """Read kit item labels, page by page; all of them without a filter."""
    return list_records(KIT_ITEM_LABELS, where=where, after=after, size=size)


def get_kit_item_label(label: str) -> ApiCall[KitItemLabel]:
    """Read a kit item label by its id."""
    return get_record(KIT_ITEM_LABELS, key=label)


def create_kit_item_label(fields: KitItemLabelFields) -> ApiCall[KitItemLabel]:
    """Make a kit item label."""
    return create_record(KIT_ITEM_LABELS, fields=fields)


def update_kit_item_label(label: str, *, fields: KitItemLabelFields) -> ApiCall[KitItemLabel]:
    """Change a kit item label; what is not named stays."""
    return update_record(KIT_ITEM_LABELS, key=label, fields=fields)
