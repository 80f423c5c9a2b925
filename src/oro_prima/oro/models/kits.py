"""Kits: products that are put together of others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import TypedDict

from attrs import frozen

from oro_prima.ids import OroProductId, OroUnitPrecisionId, UnitCode
from oro_prima.oro.models.filters import IdFilter, TextFilter
from oro_prima.oro.models.resource import Resource, ResourceType, many, one


@frozen
class KitItemLabel:
    """A kit item's label in one language."""

    id: str
    fallback: str | None = None
    string: str | None = None
    kit_item: str | None = None
    localization: str | None = None


class KitItemLabelFields(TypedDict, total=False):
    """What can be written of a kit item label; a name left out is left as it is."""

    fallback: str | None
    string: str | None
    kit_item: str | None
    localization: str | None


class KitItemLabelFilter(TypedDict, total=False):
    """What kit item labels can be found by."""

    id: IdFilter
    fallback: TextFilter
    kit_item: IdFilter
    localization: IdFilter
    string: TextFilter


KIT_ITEM_LABELS: Resource[KitItemLabel, KitItemLabelFields, KitItemLabelFilter] = Resource(
    ResourceType(
        "productkititemlabels",
        ("fallback", "string"),
        {"kitItem": one("productkititems"), "localization": one("localizations")},
        lengths={"fallback": 255, "string": 255},
    ),
    KitItemLabel,
)


@frozen
class KitItemProduct:
    """A product that can be chosen for a kit item."""

    id: str
    sort_order: int | None = None
    kit_item: str | None = None
    product: OroProductId | None = None
    product_unit_precision: OroUnitPrecisionId | None = None


class KitItemProductFields(TypedDict, total=False):
    """What can be written of a kit item product; a name left out is left as it is."""

    sort_order: int | None
    kit_item: str | None
    product: str | None
    product_unit_precision: str | None


class KitItemProductFilter(TypedDict, total=False):
    """What kit item products can be found by."""

    id: IdFilter
    kit_item: IdFilter
    product: IdFilter
    product_unit_precision: IdFilter


KIT_ITEM_PRODUCTS: Resource[KitItemProduct, KitItemProductFields, KitItemProductFilter] = Resource(
    ResourceType(
        "productkititemproducts",
        ("sortOrder",),
        {
            "kitItem": one("productkititems"),
            "product": one("products"),
            "productUnitPrecision": one("productunitprecisions"),
        },
    ),
    KitItemProduct,
)


@frozen
class KitItem:
    """One place in a kit that a product is chosen for."""

    id: str
    created_at: datetime | None = None
    maximum_quantity: Decimal | None = None
    minimum_quantity: Decimal | None = None
    optional: bool | None = None
    sort_order: int | None = None
    updated_at: datetime | None = None
    kit_item_products: tuple[str, ...] | None = None
    labels: tuple[str, ...] | None = None
    product_kit: OroProductId | None = None
    product_unit: UnitCode | None = None


class KitItemFields(TypedDict, total=False):
    """What can be written of a kit item; a name left out is left as it is."""

    created_at: datetime | None
    maximum_quantity: Decimal | None
    minimum_quantity: Decimal | None
    optional: bool | None
    sort_order: int | None
    kit_item_products: Sequence[str | KitItemProductFields]
    labels: Sequence[str | KitItemLabelFields]
    product_kit: str | None
    product_unit: str | None


class KitItemFilter(TypedDict, total=False):
    """What kit items can be found by."""

    id: IdFilter
    kit_item_products: IdFilter
    labels: IdFilter
    product_kit: IdFilter
    product_unit: IdFilter


KIT_ITEMS: Resource[KitItem, KitItemFields, KitItemFilter] = Resource(
    ResourceType(
        "productkititems",
        ("createdAt", "maximumQuantity", "minimumQuantity", "optional", "sortOrder", "updatedAt"),
        {
            "kitItemProducts": many("productkititemproducts"),
            "labels": many("productkititemlabels"),
            "productKit": one("products"),
            "productUnit": one("productunits"),
        },
        parts={"labels": KIT_ITEM_LABELS.kind, "kitItemProducts": KIT_ITEM_PRODUCTS.kind},
    ),
    KitItem,
)
