"""Reading the levels of some products, also of those that no filter can name."""

from __future__ import annotations

from collections.abc import Container, Iterable

from oro_prima.call import each
from oro_prima.ids import OroSku
from oro_prima.oro.calls.stock import list_levels_by_id, list_levels_by_sku, list_quantities
from oro_prima.oro.models.stock import InventoryLevel
from oro_prima.sync.run import FlowRun


def levels_of(
    run: FlowRun, products: Iterable[OroSku], *, known: Iterable[InventoryLevel] = ()
) -> tuple[InventoryLevel, ...]:
    """
    Read the levels of these products, of every unit of theirs; without any, nothing is asked.

    A product that no filter can name, as with a comma in its SKU, is found by the ids of the levels
    that are `known`; where none is, all levels are looked through.
    """
    skus = set(products)
    odd = {sku for sku in skus if not nameable(sku)}
    named = sorted(skus - odd)
    found = tuple(each(run.ports.shop, list_levels_by_sku(skus=named))) if named else ()
    return found + _levels_of_odd(run, odd, known) if odd else found


def nameable(sku: OroSku) -> bool:
    """Tell whether a filter can name a product: a comma would split it, nothing be everything."""
    return bool(sku) and "," not in sku


def _levels_of_odd(
    run: FlowRun, skus: Container[OroSku], known: Iterable[InventoryLevel]
) -> tuple[InventoryLevel, ...]:
    ids = [level.id for level in known if level.sku in skus]
    call = list_levels_by_id(levels=ids) if ids else list_quantities()
    return tuple(level for level in each(run.ports.shop, call) if level.sku in skus)
