"""Inventory levels as plain records; `stock` has the joined form."""

from __future__ import annotations

from decimal import Decimal
from typing import TypedDict

from attrs import frozen

from oro_prima.ids import OroLevelId, OroProductId, OroUnitPrecisionId
from oro_prima.oro.models.filters import IdFilter, TextFilter
from oro_prima.oro.models.resource import Resource, ResourceType, one


@frozen
class LevelRecord:
    """The level of one product unit: an absolute quantity, without a lock."""

    id: OroLevelId
    external_id: str | None = None
    quantity: Decimal | None = None
    organization: str | None = None
    product: OroProductId | None = None
    product_unit_precision: OroUnitPrecisionId | None = None


class LevelFields(TypedDict, total=False):
    """What can be written of a level; a name left out is left as it is."""

    external_id: str | None
    quantity: Decimal | None
    organization: str | None
    product: str | None
    product_unit_precision: str | None


class LevelFilter(TypedDict, total=False):
    """What levels can be found by."""

    id: IdFilter
    organization: IdFilter
    product: IdFilter
    product_unit_precision: IdFilter
    external_id: TextFilter
    product_sku: TextFilter
    unit: TextFilter


LEVELS: Resource[LevelRecord, LevelFields, LevelFilter] = Resource(
    ResourceType(
        "inventorylevels",
        ("externalId", "quantity"),
        {
            "organization": one("organizations"),
            "product": one("products"),
            "productUnitPrecision": one("productunitprecisions"),
        },
        lengths={"externalId": 36},
        paths={"product_sku": "product.sku", "unit": "productUnitPrecision.unit.id"},
    ),
    LevelRecord,
)
