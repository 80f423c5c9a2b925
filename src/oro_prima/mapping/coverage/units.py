"""Product units: every one that can be bought, in every quantity and at every price."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from attrs import evolve

from oro_prima.ids import OroLineId
from oro_prima.mapping.coverage.catalogues import CoverageFacts, Entity, SoldUnit
from oro_prima.mapping.coverage.findings import Gap, Problem, grouped, problem_of
from oro_prima.mapping.coverage.probes import Probes, SmallestOrder, probe_line, smallest_order
from oro_prima.mapping.coverage.sales import unit_key
from oro_prima.mapping.orders import map_order
from oro_prima.mapping.quantities import can_be_broken, least_quantity
from oro_prima.mapping.tables import Component, UnitKey, UnitTable
from oro_prima.outcome import Unmapped
from oro_prima.reasons import Reason
from oro_prima.values import SkuKey

TOGETHER = 100
"""Lines of one probe: an order of many lines is mapped line by line, and the header once."""


def unit_gaps(facts: CoverageFacts, probing: Probes, *, shared: bool) -> Iterator[Gap]:
    """Yield what is wrong with product units: not mapped, refused, dead, or two that are one."""
    units = facts.tables.units
    asked = tuple(_asked(facts.shop.units, units))
    for start in range(0, len(asked), TOGETHER):
        yield from _held(asked[start : start + TOGETHER], facts, probing)
    for one in facts.shop.units:
        yield from _dead(one, units.get(one.key, ()), facts)
    if not shared:
        yield from _the_same(facts.shop.units, units)


def _asked(sold: Iterable[SoldUnit], units: UnitTable) -> Iterator[tuple[SoldUnit, SmallestOrder]]:
    """Yield the smallest orders of each product unit: any part of a base unit, and every price."""
    for one in sold:
        parts = units.get(one.key, ())
        broken = can_be_broken(parts, one.rule) if parts else None
        whole = least_quantity(one.rule, parts)
        prices = one.prices or (_price_of(parts),)
        if broken is not None:
            yield one, _order(one, broken, prices[0])
        if whole is not None:
            yield from ((one, _order(one, whole, price)) for price in prices)


def whole_order(one: SoldUnit, units: UnitTable) -> SmallestOrder | None:
    """Return the smallest order of a product unit that is a whole number of base units, if any."""
    parts = units.get(one.key, ())
    least = least_quantity(one.rule, parts)
    price = next(iter(one.prices), _price_of(parts))
    return None if least is None else _order(one, least, price)


def _price_of(parts: tuple[Component, ...]) -> Decimal:
    """Return a price that can be split and is exact, for a unit whose price nobody knows."""
    return sum((part.price_share or Decimal(0) for part in parts), Decimal(0))


def _order(one: SoldUnit, quantity: Decimal, price: Decimal) -> SmallestOrder:
    return SmallestOrder(
        sku=one.sku, unit=one.unit, quantity=quantity, price=price, kit_lines=one.kit_lines
    )


def _held(
    asked: Sequence[tuple[SoldUnit, SmallestOrder]], facts: CoverageFacts, probing: Probes
) -> Iterator[Gap]:
    lines = tuple(
        probe_line(small, OroLineId(str(number))) for number, (_one, small) in enumerate(asked)
    )
    order = evolve(
        smallest_order(SmallestOrder(currency=probing.currency), probing.policy),
        lines=lines,
        line_ids=tuple(line.id for line in lines),
    )
    tables = evolve(probing.tables, units=facts.tables.units)
    outcome = map_order(order, tables, probing.policy)
    reasons = outcome.reasons if isinstance(outcome, Unmapped) else ()
    by_line: dict[int, list[Reason]] = {}
    for reason in reasons:
        parts = reason.subject.split("/")
        if "lines" in parts:
            by_line.setdefault(int(parts[parts.index("lines") + 1]), []).append(reason)
    yield from grouped(
        _gap(*asked[number], tuple(found), facts) for number, found in by_line.items()
    )


def _gap(
    one: SoldUnit, small: SmallestOrder, reasons: tuple[Reason, ...], facts: CoverageFacts
) -> Gap:
    return Gap(
        entity=Entity.PRODUCT_UNIT,
        key=unit_key(*one.key),
        target=_named(facts.tables.units.get(one.key, ())),
        problem=problem_of(reasons),
        detail="; ".join(reason.detail for reason in reasons),
        blocking=True,
        reasons=reasons,
        order=small,
    )


def _named(parts: tuple[Component, ...]) -> str:
    return ", ".join(map(str, parts))


def _dead(one: SoldUnit, parts: tuple[Component, ...], facts: CoverageFacts) -> Iterator[Gap]:
    live = facts.erp.skus
    order = whole_order(one, facts.tables.units)
    dead = [part.sku for part in parts if live is not None and part.sku not in live]
    if dead and order is not None:
        yield Gap(
            entity=Entity.PRODUCT_UNIT,
            key=unit_key(*one.key),
            target=_named(parts),
            problem=Problem.DEAD_TARGET,
            detail=f"Prima does not sell {', '.join(map(str, dead))}",
            blocking=True,
            order=order,
        )


def _the_same(sold: Iterable[SoldUnit], units: UnitTable) -> Iterator[Gap]:
    """Yield product units that are made of exactly the same: one too many, or a slip."""
    made_of: dict[frozenset[tuple[SkuKey, object]], list[UnitKey]] = {}
    for key in dict.fromkeys(one.key for one in sold):
        parts = units.get(key, ())
        if parts:
            alike = frozenset((part.sku, part.count) for part in parts)
            made_of.setdefault(alike, []).append(key)
    for keys in made_of.values():
        for key in keys if len(keys) > 1 else ():
            others = ", ".join(unit_key(*other) for other in keys if other != key)
            yield Gap(
                entity=Entity.PRODUCT_UNIT,
                key=unit_key(*key),
                target=_named(units[key]),
                problem=Problem.MANY_TO_ONE,
                detail=f"made of the same as {others}",
                blocking=False,
            )
