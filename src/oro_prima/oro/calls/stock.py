"""Reading and writing inventory levels one by one, and the inventory status of products."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from oro_prima.call import Page
from oro_prima.ids import OroLevelId, OroProductId, OroSku
from oro_prima.oro.calls.jsonapi import (
    Answer,
    ApiCall,
    Query,
    Tree,
    digits,
    one_tree,
    resource,
    value_list,
)
from oro_prima.oro.calls.paging import Choice, Listing, list_by_id, list_chosen
from oro_prima.oro.calls.resources import (
    CATEGORIES,
    FALLBACKS,
    LEVELS,
    PRECISIONS,
    PRODUCTS,
)
from oro_prima.oro.models.stock import CategoryStock, InventoryLevel
from oro_prima.oro.models.trees import parse_categories, parse_levels
from oro_prima.values import fits, to_decimal

PAGE = 1000
MOST_SKUS = 100
MOST_IDS = 100
LONGEST_LIST = 1500
"""Bytes of SKUs in one request: percent-encoded they stay below what a server's address holds."""
QUANTITY_DECIMALS = 10

_SHAPE: Query = (
    (
        "include",
        "product,productUnitPrecision,"
        "product.manageInventory,product.decrementQuantity,product.backOrder",
    ),
    LEVELS.sparse(),
    PRODUCTS.sparse(),
    PRECISIONS.sparse(),
    FALLBACKS.sparse(),
)

_SETTINGS = ("category", "manageInventory", "decrementQuantity", "backOrder")
_BARE: Query = (
    ("include", "product,productUnitPrecision"),
    LEVELS.sparse(),
    PRODUCTS.sparse(without=_SETTINGS),
    PRECISIONS.sparse(),
)
"""Without what a product says of its stock: under half the bytes."""


def list_levels(*, after: int = 0, size: int = PAGE) -> ApiCall[Page[InventoryLevel]]:
    """Read every inventory level by id, with its product, unit and settings."""
    return list_by_id(Listing("list_levels", "inventorylevels", _SHAPE, size, parse_levels, after))


def list_quantities(*, after: int = 0, size: int = PAGE) -> ApiCall[Page[InventoryLevel]]:
    """
    Read every inventory level by id, with its product and unit, and no settings of the product.

    They are as if the product deferred to the system: who judges enforcement asks `list_levels`.
    """
    call = Listing("list_quantities", "inventorylevels", _BARE, size, parse_levels, after)
    return list_by_id(call)


def list_levels_by_sku(*, skus: Sequence[OroSku]) -> ApiCall[Page[InventoryLevel]]:
    """
    Read the levels of these products, in as many requests as their SKUs need, without settings.

    SKUs compare with case. Raises `ValueError` for one that is empty or holds a comma: no filter
    can name it; ask by `list_levels_by_id`, or find it in `list_levels`.
    """
    first, *rest = [
        (("filter[product.sku]", value_list(part)), *_BARE) for part in _parts(skus)
    ] or [(("filter[product.sku]", value_list(())), *_BARE)]
    return list_by_id(
        Listing(
            "list_levels_by_sku", "inventorylevels", first, PAGE, parse_levels, rest=tuple(rest)
        )
    )


def list_levels_by_id(*, levels: Sequence[OroLevelId]) -> ApiCall[Page[InventoryLevel]]:
    """
    Read these levels without settings, a hundred in one request; one that is gone is absent.

    Raises `ValueError` without any: no filter would be everything.
    """
    ids = tuple(dict.fromkeys(levels))
    return list_chosen(
        Choice("list_levels_by_id", "inventorylevels", _BARE, MOST_IDS, parse_levels, ids)
    )


def list_category_stock(*, after: int = 0, size: int = PAGE) -> ApiCall[Page[CategoryStock]]:
    """
    Read what every category says of the levels of its products, by id.

    A product that says nothing itself defers to its category, and so on upwards; the chain ends in
    the system configuration, which the API does not show.
    """
    query: Query = (
        ("include", "manageInventory,decrementQuantity,backOrder"),
        CATEGORIES.sparse(),
        FALLBACKS.sparse(),
    )
    name = "list_category_stock"
    return list_by_id(Listing(name, "categories", query, size, parse_categories, after))


def set_level(level: OroLevelId, *, quantity: Decimal) -> ApiCall[Decimal]:
    """
    Set a level to an absolute quantity of its unit, without a lock.

    Returns:
        The quantity that the server shows now; another writer's, where one was quicker.
    """
    return ApiCall(
        name="set_level",
        resource="inventorylevels",
        path=f"inventorylevels/{digits(level)}",
        method="PATCH",
        sent={"data": level_resource(level, quantity)},
        read=_quantity,
    )


def set_inventory_status(product: OroProductId, *, status: str) -> ApiCall[str]:
    """
    Set a product's `inventory_status`, such as `in_stock`.

    Returns:
        The status that the server shows now.
    """
    linked = {"data": {"type": "prodinventorystatuses", "id": status}}
    sent = resource("products", product, relationships={"inventory_status": linked})
    return ApiCall(
        name="set_inventory_status",
        resource="products",
        path=f"products/{digits(product)}",
        method="PATCH",
        sent={"data": sent},
        read=_status,
    )


def level_resource(level: OroLevelId, quantity: Decimal, **members: object) -> Tree:
    """
    Write what a level is set to.

    Raises:
        ValueError: The quantity is negative or has more than 10 decimals.
    """
    amount = to_decimal(quantity)
    if amount < 0 or not fits(amount, QUANTITY_DECIMALS):
        msg = f"level {level}: expected a quantity from 0 with at most 10 decimals"
        raise ValueError(msg)
    text = format(amount.normalize(), "f")
    return resource("inventorylevels", level, **members, attributes={"quantity": text})


def _parts(skus: Sequence[OroSku]) -> Iterator[list[OroSku]]:
    part: list[OroSku] = []
    length = 0
    for sku in dict.fromkeys(skus):
        size = len(sku.encode()) + 1
        if part and (len(part) == MOST_SKUS or length + size > LONGEST_LIST):
            yield part
            part, length = [], 0
        part.append(sku)
        length += size
    if part:
        yield part


def _quantity(answer: Answer) -> Decimal:
    return to_decimal(one_tree(answer).get("quantity"))


def _status(answer: Answer) -> str:
    linked = one_tree(answer).get("inventory_status")
    if not isinstance(linked, str):
        msg = "expected the product's inventory_status"
        raise ValueError(msg)
    return linked
