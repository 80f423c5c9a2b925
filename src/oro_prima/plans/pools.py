"""Whole pools: SKUs and product units that share stock or belong to one product, never a part."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from oro_prima.ids import OroSku
from oro_prima.mapping.tables import UnitKey, UnitTable
from oro_prima.records import LineDemand
from oro_prima.values import SkuKey


@frozen
class WholePools:
    """SKUs, and every product unit that is made of one of them: no other unit shares with these."""

    skus: frozenset[SkuKey] = frozenset()
    units: frozenset[UnitKey] = frozenset()


def whole_pools(skus: Iterable[SkuKey], units: UnitTable) -> WholePools:
    """
    Return everything that shares stock, directly or through others, with one of `skus`.

    All units of a product go together, whatever they are made of: its status and Oro's conversion
    rates concern all of them. A SKU that no unit is made of is left out.

    >>> whole_pools((), {})
    WholePools(skus=frozenset(), units=frozenset())
    """
    of_sku: dict[SkuKey, list[UnitKey]] = {}
    of_product: dict[OroSku, list[UnitKey]] = {}
    for key, parts in units.items():
        of_product.setdefault(key[0], []).append(key)
        for part in parts:
            of_sku.setdefault(part.sku, []).append(key)
    todo, seen, found = list(skus), set[SkuKey](), set[UnitKey]()
    while todo:
        sku = todo.pop()
        if sku in seen or sku not in of_sku:
            continue
        seen.add(sku)
        for product in {key[0] for key in of_sku[sku]}:
            found.update(of_product[product])
            todo.extend(part.sku for key in of_product[product] for part in units[key])
    return WholePools(frozenset(seen), frozenset(found))


def skus_of(lines: Iterable[LineDemand], units: UnitTable) -> frozenset[SkuKey]:
    """Return the SKUs that lines may take: of a unit that the table lacks, all of its product."""
    wanted = {(line.sku, line.unit) for line in lines}
    unknown = {sku for sku, unit in wanted if (sku, unit) not in units}
    return frozenset(
        part.sku
        for key, parts in units.items()
        if key in wanted or key[0] in unknown
        for part in parts
    )


def skus_of_products(products: Iterable[OroSku], units: UnitTable) -> frozenset[SkuKey]:
    """Return the SKUs that any unit of these products is made of."""
    wanted = frozenset(products)
    return frozenset(part.sku for key, parts in units.items() if key[0] in wanted for part in parts)
