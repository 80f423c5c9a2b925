"""Products."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import TypedDict

from attrs import frozen

from oro_prima.ids import OroProductId, OroUnitPrecisionId
from oro_prima.oro.models.filters import FlagFilter, IdFilter, InstantFilter, TextFilter
from oro_prima.oro.models.kits import KIT_ITEMS, KitItemFields
from oro_prima.oro.models.resource import Resource, ResourceType, many, one
from oro_prima.oro.models.units import UNIT_PRECISIONS, UnitPrecisionFields


@frozen
class ProductName:
    """A product's name in one language; the default one has no localization."""

    id: str
    fallback: str | None = None
    string: str | None = None
    localization: str | None = None
    product: OroProductId | None = None


class ProductNameFields(TypedDict, total=False):
    """What can be written of a product name; a name left out is left as it is."""

    fallback: str | None
    string: str | None
    localization: str | None
    product: str | None


class ProductNameFilter(TypedDict, total=False):
    """What product names can be found by."""

    id: IdFilter
    fallback: TextFilter
    localization: IdFilter
    product: IdFilter
    string: TextFilter


PRODUCT_NAMES: Resource[ProductName, ProductNameFields, ProductNameFilter] = Resource(
    ResourceType(
        "productnames",
        ("fallback", "string"),
        {"localization": one("localizations"), "product": one("products")},
        lengths={"fallback": 255, "string": 255},
    ),
    ProductName,
)


@frozen
class FallbackValue:
    """A setting: exactly one of `fallback` (`category`, `systemConfig`) and a scalar."""

    id: str
    fallback: str | None = None
    scalar_value: str | None = None


class FallbackValueFields(TypedDict, total=False):
    """What can be written of a fallback value; a name left out is left as it is."""

    fallback: str | None
    scalar_value: str | None


class FallbackValueFilter(TypedDict, total=False):
    """What fallback values can be found by."""

    id: IdFilter


FALLBACK_VALUES: Resource[FallbackValue, FallbackValueFields, FallbackValueFilter] = Resource(
    ResourceType(
        "entityfieldfallbackvalues",
        ("fallback", "scalarValue"),
    ),
    FallbackValue,
)


@frozen
class Product:
    """A product. `inventory_status` is not derived from any level."""

    id: OroProductId
    availability_date: datetime | None = None
    category_sort_order: Decimal | None = None
    created_at: datetime | None = None
    featured: bool | None = None
    kit_shipping_calculation_method: str | None = None
    new_arrival: bool | None = None
    product_type: str | None = None
    sku: str | None = None
    status: str | None = None
    updated_at: datetime | None = None
    variant_fields: tuple[str, ...] | None = None
    attribute_family: str | None = None
    back_order: str | None = None
    brand: str | None = None
    category: str | None = None
    decrement_quantity: str | None = None
    default_variant: OroProductId | None = None
    descriptions: tuple[str, ...] | None = None
    highlight_low_inventory: str | None = None
    images: tuple[str, ...] | None = None
    inventory_threshold: str | None = None
    inventory_status: str | None = None
    is_upcoming: str | None = None
    kit_items: tuple[str, ...] | None = None
    low_inventory_threshold: str | None = None
    manage_inventory: str | None = None
    maximum_quantity_to_order: str | None = None
    meta_descriptions: tuple[str, ...] | None = None
    meta_keywords: tuple[str, ...] | None = None
    meta_titles: tuple[str, ...] | None = None
    minimum_quantity_to_order: str | None = None
    names: tuple[str, ...] | None = None
    organization: str | None = None
    owner: str | None = None
    page_template: str | None = None
    primary_unit_precision: OroUnitPrecisionId | None = None
    product_shipping_options: tuple[str, ...] | None = None
    short_descriptions: tuple[str, ...] | None = None
    slug_prototypes: tuple[str, ...] | None = None
    tax_code: str | None = None
    unit_precisions: tuple[OroUnitPrecisionId, ...] | None = None
    variant_links: tuple[str, ...] | None = None


class ProductFields(TypedDict, total=False):
    """What can be written of a product; a name left out is left as it is."""

    availability_date: datetime | None
    category_sort_order: Decimal | None
    created_at: datetime | None
    featured: bool | None
    kit_shipping_calculation_method: str | None
    new_arrival: bool | None
    product_type: str | None
    sku: str | None
    status: str | None
    variant_fields: tuple[str, ...] | None
    attribute_family: str | None
    back_order: str | FallbackValueFields | None
    brand: str | None
    category: str | None
    decrement_quantity: str | FallbackValueFields | None
    default_variant: str | None
    descriptions: Sequence[str]
    highlight_low_inventory: str | FallbackValueFields | None
    images: Sequence[str]
    inventory_threshold: str | FallbackValueFields | None
    inventory_status: str | None
    is_upcoming: str | FallbackValueFields | None
    kit_items: Sequence[str | KitItemFields]
    low_inventory_threshold: str | FallbackValueFields | None
    manage_inventory: str | FallbackValueFields | None
    maximum_quantity_to_order: str | FallbackValueFields | None
    meta_descriptions: Sequence[str]
    meta_keywords: Sequence[str]
    meta_titles: Sequence[str]
    minimum_quantity_to_order: str | FallbackValueFields | None
    names: Sequence[str | ProductNameFields]
    organization: str | None
    owner: str | None
    page_template: str | None
    primary_unit_precision: str | UnitPrecisionFields | None
    product_shipping_options: Sequence[str]
    short_descriptions: Sequence[str]
    slug_prototypes: Sequence[str]
    tax_code: str | None
    unit_precisions: Sequence[str | UnitPrecisionFields]
    variant_links: Sequence[str]


class ProductFilter(TypedDict, total=False):
    """What products can be found by."""

    id: IdFilter
    attribute_family: IdFilter
    back_order: IdFilter
    brand: IdFilter
    category: IdFilter
    created_at: InstantFilter
    decrement_quantity: IdFilter
    default_variant: IdFilter
    descriptions: IdFilter
    featured: FlagFilter
    highlight_low_inventory: IdFilter
    images: IdFilter
    inventory_threshold: IdFilter
    inventory_status: IdFilter
    is_upcoming: IdFilter
    kit_items: IdFilter
    low_inventory_threshold: IdFilter
    manage_inventory: IdFilter
    maximum_quantity_to_order: IdFilter
    meta_descriptions: IdFilter
    meta_keywords: IdFilter
    meta_titles: IdFilter
    minimum_quantity_to_order: IdFilter
    names: IdFilter
    new_arrival: FlagFilter
    organization: IdFilter
    owner: IdFilter
    page_template: IdFilter
    primary_unit_precision: IdFilter
    short_descriptions: IdFilter
    sku: TextFilter
    slug_prototypes: IdFilter
    status: TextFilter
    tax_code: IdFilter
    unit_precisions: IdFilter
    updated_at: InstantFilter
    variant_links: IdFilter


PRODUCTS: Resource[Product, ProductFields, ProductFilter] = Resource(
    ResourceType(
        "products",
        (
            "availability_date",
            "category_sort_order",
            "createdAt",
            "featured",
            "kitShippingCalculationMethod",
            "newArrival",
            "productType",
            "sku",
            "status",
            "updatedAt",
            "variantFields",
        ),
        {
            "attributeFamily": one("attributefamilies"),
            "backOrder": one("entityfieldfallbackvalues"),
            "brand": one("brands"),
            "category": one("categories"),
            "decrementQuantity": one("entityfieldfallbackvalues"),
            "defaultVariant": one("products"),
            "descriptions": many("productdescriptions"),
            "highlightLowInventory": one("entityfieldfallbackvalues"),
            "images": many("productimages"),
            "inventoryThreshold": one("entityfieldfallbackvalues"),
            "inventory_status": one("prodinventorystatuses"),
            "isUpcoming": one("entityfieldfallbackvalues"),
            "kitItems": many("productkititems"),
            "lowInventoryThreshold": one("entityfieldfallbackvalues"),
            "manageInventory": one("entityfieldfallbackvalues"),
            "maximumQuantityToOrder": one("entityfieldfallbackvalues"),
            "metaDescriptions": many("localizedfallbackvalues"),
            "metaKeywords": many("localizedfallbackvalues"),
            "metaTitles": many("localizedfallbackvalues"),
            "minimumQuantityToOrder": one("entityfieldfallbackvalues"),
            "names": many("productnames"),
            "organization": one("organizations"),
            "owner": one("businessunits"),
            "pageTemplate": one("entityfieldfallbackvalues"),
            "primaryUnitPrecision": one("productunitprecisions"),
            "productShippingOptions": many("productshippingoptions"),
            "shortDescriptions": many("productshortdescriptions"),
            "slugPrototypes": many("localizedfallbackvalues"),
            "taxCode": one("producttaxcodes"),
            "unitPrecisions": many("productunitprecisions"),
            "variantLinks": many("productvariantlinks"),
        },
        lengths={
            "kitShippingCalculationMethod": 255,
            "productType": 255,
            "sku": 255,
            "status": 255,
        },
        parts={
            "names": PRODUCT_NAMES.kind,
            "unitPrecisions": UNIT_PRECISIONS.kind,
            "primaryUnitPrecision": UNIT_PRECISIONS.kind,
            "kitItems": KIT_ITEMS.kind,
            "manageInventory": FALLBACK_VALUES.kind,
            "decrementQuantity": FALLBACK_VALUES.kind,
            "backOrder": FALLBACK_VALUES.kind,
            "inventoryThreshold": FALLBACK_VALUES.kind,
            "lowInventoryThreshold": FALLBACK_VALUES.kind,
            "highlightLowInventory": FALLBACK_VALUES.kind,
            "isUpcoming": FALLBACK_VALUES.kind,
            "minimumQuantityToOrder": FALLBACK_VALUES.kind,
            "maximumQuantityToOrder": FALLBACK_VALUES.kind,
        },
    ),
    Product,
)
