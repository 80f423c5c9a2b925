"""What a stock plan is made of: what is in flight, which levels get a figure, and which figure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal
from fractions import Fraction

from attrs import evolve, frozen

from oro_prima.ids import OroSku
from oro_prima.mapping.policy import PoolMode, StockPolicy
from oro_prima.mapping.recorder import SILENT, Recorder
from oro_prima.mapping.stock import InFlight, allocate, in_flight, part_of, pool, together
from oro_prima.mapping.tables import Component, UnitKey, UnitTable
from oro_prima.oro.models.orders import Order
from oro_prima.oro.models.stock import InventoryLevel
from oro_prima.plans.captures import demand
from oro_prima.plans.snapshots import OtherShop, StockSnapshot
from oro_prima.records import Capture, LineDemand
from oro_prima.values import SkuKey

Parts = tuple[Component, ...]

_NOTHING, _NONE = Decimal(0), Fraction(0)
_EXACT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)


def flight_of(snapshot: StockSnapshot) -> InFlight:
    """Add up what is in flight in every shop that sells from this Prima company."""
    lines = (*demands(snapshot.captures, snapshot.orders), *snapshot.sold)
    ours = _taken(lines, snapshot.tables.units, snapshot.levels)
    return together(ours, map(_taken_there, snapshot.others))


def _taken_there(shop: OtherShop) -> InFlight:
    """Count what is in flight in another shop; what an operation may write there is unsure."""
    lines = (*demands(shop.captures, shop.orders), *shop.sold)
    found = _taken(lines, shop.units, shop.levels)
    if not shop.outstanding:
        return found
    busy = (one for one in shop.levels if one.id in shop.outstanding)
    parts = (part for one in busy for part in shop.units.get((one.sku, one.unit), ()))
    return evolve(found, unsure=found.unsure.union(part.sku for part in parts))


def _taken(
    lines: Sequence[LineDemand], units: UnitTable, levels: Iterable[InventoryLevel]
) -> InFlight:
    unknown = {line.sku for line in lines if (line.sku, line.unit) not in units}
    return in_flight(lines, units, _rates(levels, unknown) if unknown else {})


def demands(captures: Iterable[Capture], orders: Iterable[Order]) -> Iterable[LineDemand]:
    """Yield what captured orders and orders just read ask for."""
    for capture in captures:
        yield from capture.lines
    for order in orders:
        yield from map(demand, order.lines)


def add_up(lines: Iterable[LineDemand]) -> tuple[LineDemand, ...]:
    """
    Return what lines ask for together: one line a product unit, without prices.

    What is in flight by these is what is in flight by those.

    >>> from oro_prima.ids import UnitCode
    >>> one = LineDemand(OroSku("B"), UnitCode("each"), Decimal(2), Decimal("9.50"))
    >>> [str(line.quantity) for line in add_up((one, one))]
    ['4']
    """
    found: dict[UnitKey, Decimal] = {}
    for line in lines:
        key = (line.sku, line.unit)
        found[key] = _EXACT.add(found.get(key, _NOTHING), line.quantity)
    return tuple(LineDemand(sku, unit, quantity) for (sku, unit), quantity in found.items())


def _rates(levels: Iterable[InventoryLevel], products: set[OroSku]) -> dict[UnitKey, Decimal]:
    return {
        (level.sku, level.unit): level.conversion_rate
        for level in levels
        if level.conversion_rate is not None and level.sku in products
    }


@frozen
class Figures:
    """What each planned product unit should show, and what is in the pools before any is given."""

    units: Mapping[UnitKey, int]
    pools: Mapping[SkuKey, int]


@frozen
class Shelf:
    """
    Levels by what happens to them.

    `planned` get a figure; `fixed` keep what they show and take it off the pools; `unlinked` counts
    those that the unit table does not know.
    """

    planned: list[tuple[InventoryLevel, UnitKey]]
    units: dict[UnitKey, Parts]
    fixed: list[tuple[InventoryLevel, Parts]]
    unlinked: int


def shelf_of(snapshot: StockSnapshot, *, absent: frozenset[SkuKey]) -> Shelf:
    """Sort the levels; one with an absent SKU, or that an operation may still write, is fixed."""
    table, busy = snapshot.tables.units, _busy(snapshot)
    planned: list[tuple[InventoryLevel, UnitKey]] = []
    units: dict[UnitKey, Parts] = {}
    fixed: list[tuple[InventoryLevel, Parts]] = []
    for level in snapshot.levels:
        key = (level.sku, level.unit)
        parts = table.get(key)
        if not parts:
            continue
        if key in busy or (absent and any(part.sku in absent for part in parts)):
            fixed.append((level, parts))
        else:
            planned.append((level, key))
            units[key] = parts
    unlinked = len(snapshot.levels) - len(planned) - len(fixed)
    return Shelf(planned, units, fixed, unlinked)


def _busy(snapshot: StockSnapshot) -> set[UnitKey]:
    if not snapshot.outstanding:
        return set()
    return {(one.sku, one.unit) for one in snapshot.levels if one.id in snapshot.outstanding}


def figures_of(
    snapshot: StockSnapshot,
    policy: StockPolicy,
    free: Mapping[SkuKey, Decimal],
    shelf: Shelf,
    flight: InFlight,
    *,
    to: Recorder = SILENT,
) -> Figures:
    """
    Return what each planned product unit should show, and the pools that it comes from.

    `free` is Prima's figure of every linked SKU that has one, and 0 of those that are gone.
    """
    pools = _pools(policy, free, flight, snapshot.tables.sales, to)
    if policy.pool_mode is PoolMode.STRICT and (snapshot.others or policy.pool_share != 1):
        pools = _of_this_shop(snapshot, policy, pools, to)
    for level, parts in shelf.fixed:
        _take_off(level, parts, pools)
        to.refused(f"{level.sku}/{level.unit}", "left as it is, {} are shown", level.quantity)
    return Figures(allocate(shelf.units, pools, policy, to=to), pools)


def _of_this_shop(
    snapshot: StockSnapshot, policy: StockPolicy, pools: Mapping[SkuKey, int], to: Recorder
) -> dict[SkuKey, int]:
    """
    Return what this shop may publish of pools: its part, and no more than other shops leave.

    The part alone is not enough. A sale here lowers the pool, so that this part may grow again
    while another shop still shows its part of the pool as it was.
    """
    left = dict(pools)
    for shop in snapshot.others:
        for level in shop.levels:
            _take_off(level, shop.units.get((level.sku, level.unit), ()), left)
    before, share = snapshot.share_before, policy.pool_share
    parts = {sku: part_of(units, before=before, share=share) for sku, units in pools.items()}
    if to is not SILENT:
        for sku in sorted(pools, key=lambda sku: sku.folded):
            to.row("shops", str(sku), pool=pools[sku], part=parts[sku], left_by_others=left[sku])
    return {sku: min(parts[sku], units) for sku, units in left.items()}


def _pools(
    policy: StockPolicy,
    free: Mapping[SkuKey, Decimal],
    flight: InFlight,
    sales: Mapping[SkuKey, Decimal],
    to: Recorder,
) -> dict[SkuKey, int]:
    taken = flight.taken
    if to is not SILENT or (policy.buffer_days and sales):
        return _covered_pools(policy, free, flight, sales, to)
    if not taken:
        return {sku: pool(quantity, _NONE, policy) for sku, quantity in free.items()}
    return {sku: pool(quantity, taken.get(sku, _NONE), policy) for sku, quantity in free.items()}


def _covered_pools(
    policy: StockPolicy,
    free: Mapping[SkuKey, Decimal],
    flight: InFlight,
    sales: Mapping[SkuKey, Decimal],
    to: Recorder,
) -> dict[SkuKey, int]:
    """Return the pools with what days of sales keep back, telling how each came about."""
    pools: dict[SkuKey, int] = {}
    for sku in sorted(free, key=lambda sku: sku.folded):
        step = to.step("stock.pool", sku=sku)
        taken, per_day = flight.taken.get(sku, _NONE), sales.get(sku, _NOTHING)
        pools[sku] = pool(free[sku], taken, policy, per_day=per_day, to=step)
        step.gave(pools[sku])
    return pools


def _take_off(level: InventoryLevel, parts: Parts, pools: dict[SkuKey, int]) -> None:
    for part in parts:
        if part.sku in pools:
            shown = max(Fraction(0), Fraction(level.quantity) * part.count)
            pools[part.sku] = max(0, pools[part.sku] - -(-shown.numerator // shown.denominator))
