"""
Free stock: pools of base units, and how many product units may be promised from them.

For every base SKU, what is published times its count, summed over all product units that hold it,
never exceeds `max(0, free - in flight - buffer)`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from attrs import frozen

from oro_prima.ids import OroSku, UnitCode
from oro_prima.mapping.policy import PublishedFigure, StockMode, StockPolicy
from oro_prima.mapping.recorder import SILENT, Recorder
from oro_prima.mapping.tables import Component, UnitKey, UnitTable
from oro_prima.records import LineDemand
from oro_prima.values import Rounding, SkuKey, round_to

Pools = dict[SkuKey, int]
NOTHING = Decimal(0)


@frozen
class InFlight:
    """
    Base units sold in Oro and not yet taken off in Prima.

    `unknown` holds the product units of lines whose quantity cannot be computed; `unsure` the SKUs
    that such a line may take.
    """

    taken: Mapping[SkuKey, Fraction]
    unsure: frozenset[SkuKey]
    unknown: frozenset[UnitKey]


def in_flight(
    lines: Iterable[LineDemand], units: UnitTable, rates: Mapping[UnitKey, Decimal]
) -> InFlight:
    """
    Add up what lines take from each SKU.

    Where the unit table has no row, Oro's own conversion rate counts (`rates`), times the product's
    other unit that the table does know; where the product is known and no quantity can be computed,
    its SKUs are unsure; where the product is unknown no pool is touched.

    Source: RULES §4.
    """
    taken: dict[SkuKey, Fraction] = {}
    unsure: set[SkuKey] = set()
    unknown: set[UnitKey] = set()
    by_product: dict[OroSku, dict[UnitCode, tuple[Component, ...]]] = {}
    for line in lines:
        components = units.get((line.sku, line.unit))
        if components is None:
            by_product = by_product or _by_product(units)
            unknown.add((line.sku, line.unit))
            components = _by_rate(line, by_product.get(line.sku, {}), rates)
        if components is None:
            known = by_product.get(line.sku, {}).values()
            unsure.update(component.sku for parts in known for component in parts)
            continue
        for component in components:
            more = Fraction(line.quantity) * component.count
            taken[component.sku] = taken.get(component.sku, Fraction(0)) + more
    return InFlight(taken, frozenset(unsure), frozenset(unknown))


def together(first: InFlight, others: Iterable[InFlight]) -> InFlight:
    """Add up what is in flight in several shops that sell from one pool."""
    taken = dict(first.taken)
    unsure, unknown = set(first.unsure), set(first.unknown)
    for other in others:
        for sku, count in other.taken.items():
            taken[sku] = taken.get(sku, Fraction(0)) + count
        unsure |= other.unsure
        unknown |= other.unknown
    return InFlight(taken, frozenset(unsure), frozenset(unknown))


def _by_product(units: UnitTable) -> dict[OroSku, dict[UnitCode, tuple[Component, ...]]]:
    found: dict[OroSku, dict[UnitCode, tuple[Component, ...]]] = {}
    for (sku, unit), components in units.items():
        found.setdefault(sku, {})[unit] = components
    return found


def _by_rate(
    line: LineDemand,
    known: Mapping[UnitCode, tuple[Component, ...]],
    rates: Mapping[UnitKey, Decimal],
) -> tuple[Component, ...] | None:
    """Scale a unit that the table knows by Oro's rates of both units."""
    own = rates.get((line.sku, line.unit))
    for unit, components in sorted(known.items()):
        other = rates.get((line.sku, unit))
        if own and other:
            scale = Fraction(own) / Fraction(other)
            return tuple(Component(c.sku, c.count * scale) for c in components)
    return None


def pool(
    free: Decimal,
    taken: Fraction,
    policy: StockPolicy,
    *,
    per_day: Decimal = NOTHING,
    to: Recorder = SILENT,
) -> int:
    """
    Return the whole base units that may be promised of one SKU.

    Free stock, less what is in flight, less the largest of the buffers; never negative. By a policy
    that publishes the available figure nothing is taken off.

    Args:
        free: In base units, as Prima says it.
        taken: In flight, in base units.
        policy: The buffers: fixed, percent of free stock, days of sales.
        per_day: Base units that are sold a day; 0 where nobody knows.
        to: Who wants to know why.

    >>> pool(Decimal(47), Fraction(5), StockPolicy(buffer=Decimal(2)))
    40
    """
    if policy.figure is PublishedFigure.AVAILABLE:
        return max(0, int(free))
    buffer = buffer_of(free, policy, per_day=per_day)
    if to is not SILENT:
        _record_pool(free, taken, buffer, policy, per_day, to)
    if not taken and not buffer:
        return max(0, int(free))
    left = Fraction(free) - taken - Fraction(buffer)
    return max(0, left.numerator // left.denominator)


def part_of(pool: int, *, before: Fraction, share: Decimal) -> int:
    """
    Return how many base units of a pool one of several shops may publish.

    The parts of shops, each with the sum of the shares before it as `before`, add up to the pool
    times the sum of all shares, rounded down: the last piece goes to one of them, never to two.

    >>> [part_of(5, before=Fraction(at), share=Decimal("0.5")) for at in ("0", "1/2")]
    [2, 3]
    """
    return int(pool * (before + Fraction(share))) - int(pool * before)


def buffer_of(free: Decimal, policy: StockPolicy, *, per_day: Decimal = NOTHING) -> Decimal:
    """
    Return how many base units of one SKU are never published: the largest of the buffers.

    A share of free stock and days of sales are rounded up to whole base units.
    """
    buffer = policy.buffer
    if policy.buffer_percent:
        percent = max(free, Decimal(0)) * policy.buffer_percent / 100
        buffer = max(buffer, round_to(percent, 0, Rounding.UP))
    if policy.buffer_days and per_day:
        buffer = max(buffer, round_to(policy.buffer_days * per_day, 0, Rounding.UP))
    return buffer


def _record_pool(
    free: Decimal,
    taken: Fraction,
    buffer: Decimal,
    policy: StockPolicy,
    per_day: Decimal,
    to: Recorder,
) -> None:
    buffers = {
        "fixed": policy.buffer,
        "percent": f"{policy.buffer_percent} %",
        "days": f"{policy.buffer_days} x {per_day}",
    }
    to.row("buffers", "largest", counts=buffer, **buffers)
    to.row("sums", "pool", free=free, in_flight=taken, buffer=buffer)


def allocate(
    units: Mapping[UnitKey, tuple[Component, ...]],
    pools: Mapping[SkuKey, int],
    policy: StockPolicy,
    *,
    to: Recorder = SILENT,
) -> dict[UnitKey, int]:
    """
    Share pools out among product units: whole units, never a base unit twice in strict mode.

    Units are served in the policy's order, then largest first, or as far as their `max_share` of
    the pool allows; what is left goes down the list again without shares. A unit of several
    components gets as many as its scarcest one allows. In per-unit mode every unit sees the whole
    pool: it may promise twice.
    """
    if policy.mode is StockMode.PER_UNIT:
        return {key: _most(parts, pools) for key, parts in units.items()}
    given = {key: _most(parts, pools) for key, parts in units.items()}
    shared = _shared(units, policy)
    if shared:
        given |= _share_out(shared, pools, policy)
    if to is not SILENT:
        for key, parts in sorted(units.items(), key=_serving_order(policy)):
            why = f"{len(units)} units share the pools" if key in shared else "alone"
            to.row("served", "/".join(key), made_of=parts, gets=given[key], pools=why)
    return given


def _shared(
    units: Mapping[UnitKey, tuple[Component, ...]], policy: StockPolicy
) -> dict[UnitKey, tuple[Component, ...]]:
    """Return the units that hold a SKU which another one holds too, and those with a share."""
    held = [part.sku for parts in units.values() for part in parts]
    if len(held) == len(set(held)) and not policy.shares:
        return {}
    often = {sku for sku, count in Counter(held).items() if count > 1}
    limited = {(share.sku, share.unit) for share in policy.shares}
    return {
        key: parts
        for key, parts in units.items()
        if key in limited or any(part.sku in often for part in parts)
    }


def _share_out(
    units: Mapping[UnitKey, tuple[Component, ...]], pools: Mapping[SkuKey, int], policy: StockPolicy
) -> dict[UnitKey, int]:
    left = dict(pools)
    given = dict.fromkeys(units, 0)
    shares = {(share.sku, share.unit): share.max_share for share in policy.shares}
    ordered = sorted(units.items(), key=_serving_order(policy))
    for key, parts in ordered:
        most = _most(parts, left)
        if key in shares:
            most = min(most, _limited(parts, pools, shares[key]))
        _give(key, parts, most, given, left)
    for key, parts in ordered if shares else ():
        _give(key, parts, _most(parts, left), given, left)
    return given


def _serving_order(
    policy: StockPolicy,
) -> Callable[[tuple[UnitKey, tuple[Component, ...]]], tuple[int, Fraction, UnitKey]]:
    named = {unit: place for place, unit in enumerate(reversed(policy.unit_order), start=1)}

    def place(item: tuple[UnitKey, tuple[Component, ...]]) -> tuple[int, Fraction, UnitKey]:
        key, parts = item
        first = -named.get(key[1], 0) if named else 0
        if len(parts) == 1:
            return (first, -parts[0].count, key)
        return (first, -sum((part.count for part in parts), Fraction(0)), key)

    return place


def _limited(parts: Sequence[Component], pools: Mapping[SkuKey, int], share: Decimal) -> int:
    scaled = {part.sku: int(pools.get(part.sku, 0) * share) for part in parts}
    return _most(parts, scaled)


def _most(parts: Sequence[Component], pools: Mapping[SkuKey, int]) -> int:
    """Return how many of one unit the scarcest of its components allows."""
    if len(parts) == 1:
        (part,) = parts
        return pools.get(part.sku, 0) * part.count.denominator // part.count.numerator
    needs: dict[SkuKey, Fraction] = {}
    for part in parts:
        needs[part.sku] = needs.get(part.sku, Fraction(0)) + part.count
    fits = (pools.get(sku, 0) * n.denominator // n.numerator for sku, n in needs.items())
    return min(fits, default=0)


def _give(
    key: UnitKey,
    parts: Sequence[Component],
    count: int,
    given: dict[UnitKey, int],
    left: dict[SkuKey, int],
) -> None:
    if count <= 0:
        return
    given[key] += count
    for part in parts:
        left[part.sku] -= -(-part.count.numerator * count // part.count.denominator)


def share_faults(policy: StockPolicy, units: UnitTable) -> tuple[str, ...]:
    """Return a fault for each share whose product has no unit of one base unit to take the rest."""
    found: list[str] = []
    by_product = _by_product(units)
    for share in policy.shares:
        known = by_product.get(share.sku, {}).values()
        if not any(len(parts) == 1 and parts[0].count == 1 for parts in known):
            found.append(
                f"stock.shares: {share.sku} in {share.unit} has a share, and no unit of factor 1 "
                "takes what is left; add one to the unit table or drop the share"
            )
        if not 0 <= share.max_share <= 1:
            found.append(f"stock.shares: {share.sku} in {share.unit}: expected a share of 0 to 1")
    return tuple(found)
