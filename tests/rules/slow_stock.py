"""Allocation, slowly and obviously: one unit after the other, one at a time, counting pieces."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from oro_prima.ids import UnitCode
from oro_prima.mapping import Component, StockMode, StockPolicy
from oro_prima.mapping.tables import UnitKey
from oro_prima.values import SkuKey

Units = Mapping[UnitKey, tuple[Component, ...]]


def slow_allocate(
    units: Units, pools: Mapping[SkuKey, int], policy: StockPolicy
) -> dict[UnitKey, int]:
    """Give units away one at a time for as long as every piece of one is there."""
    given = dict.fromkeys(units, 0)
    if policy.mode is StockMode.PER_UNIT:
        for key in units:
            while fits({key: given[key] + 1}, units, pools):
                given[key] += 1
        return given
    limits = {(share.sku, share.unit): share.max_share for share in policy.shares}
    line = sorted(units, key=lambda key: place(key, units, policy))
    for key in line:
        own = pools
        if key in limits:
            own = {sku: int(count * limits[key]) for sku, count in pools.items()}
        while fits(given | {key: given[key] + 1}, units, pools) and fits(
            {key: given[key] + 1}, units, own
        ):
            given[key] += 1
    for key in line:
        while fits(given | {key: given[key] + 1}, units, pools):
            given[key] += 1
    return given


def place(key: UnitKey, units: Units, policy: StockPolicy) -> tuple[int, Fraction, UnitKey]:
    """Units that the policy names come first, then the largest."""
    order: tuple[UnitCode, ...] = policy.unit_order
    named = order.index(key[1]) if key[1] in order else len(order)
    return (named, -sum((part.count for part in units[key]), Fraction(0)), key)


def fits(given: Mapping[UnitKey, int], units: Units, pools: Mapping[SkuKey, int]) -> bool:
    """Tell whether the pieces of all these units are there, each unit in whole pieces."""
    needed: dict[SkuKey, int] = {}
    for key, count in given.items():
        mine: dict[SkuKey, Fraction] = {}
        for part in units[key]:
            mine[part.sku] = mine.get(part.sku, Fraction(0)) + part.count * count
        for sku, pieces in mine.items():
            needed[sku] = needed.get(sku, 0) + -(-pieces.numerator // pieces.denominator)
    return all(pieces <= pools.get(sku, 0) for sku, pieces in needed.items())
