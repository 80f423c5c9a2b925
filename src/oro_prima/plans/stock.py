"""Both sides' stock -> the levels to set: decreases first, changes only, nothing promised twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from attrs import frozen

from oro_prima.ids import OroProductId
from oro_prima.mapping.policy import StockPolicy
from oro_prima.mapping.stock import InFlight, allocate, in_flight, pool, together
from oro_prima.mapping.tables import Component, UnitKey
from oro_prima.oro.models.orders import Order
from oro_prima.oro.models.stock import InventoryLevel
from oro_prima.plans.captures import demand
from oro_prima.plans.commands import SetInventoryStatus, SetLevel
from oro_prima.plans.snapshots import StockSnapshot
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.records import AcceptedSnapshot, Capture, LineDemand, RefusedSnapshot, StockMark
from oro_prima.values import Rounding, SkuKey, round_to

IN_STOCK, OUT_OF_STOCK = "in_stock", "out_of_stock"


@frozen
class StockPlan:
    """
    What is to be written, and how every SKU was accounted for.

    `skus_planned + skus_unchanged + skus_unlinked + skus_missing` are all SKUs that Prima named or
    the unit table knows: with a command on a level, without one, in no product unit, and not in
    the snapshot.
    """

    decreases: tuple[SetLevel, ...]
    increases: tuple[SetLevel, ...]
    statuses: tuple[SetInventoryStatus, ...]
    marks: tuple[StockMark, ...]
    reasons: tuple[Reason, ...]
    accepted: AcceptedSnapshot | None
    refused: RefusedSnapshot | None
    skus_read: int
    skus_planned: int
    skus_unchanged: int
    skus_unlinked: int
    skus_missing: int
    levels_unlinked: int

    @property
    def commands(self) -> tuple[SetLevel, ...]:
        """Return the levels to set, in the order to set them."""
        return self.decreases + self.increases

    def summary(self) -> str:
        """Return one line a person reads at a glance."""
        if self.refused is not None:
            share = self.refused.linked_share
            return f"{self.skus_read} SKUs read: refused, linked share {share}; nothing to write"
        return (
            f"{self.skus_read} SKUs read: {len(self.decreases)} levels down, "
            f"{len(self.increases)} up, {self.skus_unchanged} SKUs unchanged, "
            f"{self.skus_unlinked} not linked, {self.skus_missing} missing"
        )


def plan_stock(snapshot: StockSnapshot, policy: StockPolicy) -> StockPlan:
    """
    Plan the levels of every product unit that the unit table knows.

    A snapshot that holds too few of the linked SKUs gives no command. An absent SKU keeps its
    levels until it was missing from `zero_after` accepted snapshots, `zero_apart` or more apart. A
    level that an operation may still write is left alone, and so is one whose product a line of
    unknown quantity takes from, where it would rise.

    Source: RULES §4.
    """
    free = {row.sku: row.available for row in snapshot.rows}
    linked = {part.sku for parts in snapshot.tables.units.values() for part in parts}
    share = _linked_share(linked, free)
    if share < policy.min_linked_share and not snapshot.accept_anyway:
        return _refused(snapshot, free, linked, share)
    marks = _marks(snapshot, free, linked)
    gone = frozenset(sku for sku, mark in marks.items() if _is_gone(mark, snapshot, policy))
    flight = _in_flight(snapshot)
    wanted = _wanted(snapshot, policy, free, gone, flight)
    changes = _changes(snapshot, wanted, flight)
    return _plan(snapshot, free, linked, share, marks, flight, changes)


def _linked_share(linked: set[SkuKey], free: Mapping[SkuKey, Decimal]) -> Decimal:
    if not linked:
        return Decimal(1)
    present = sum(1 for sku in linked if sku in free)
    return round_to(Decimal(present) / len(linked), 4, Rounding.DOWN)


def _marks(
    snapshot: StockSnapshot, free: Mapping[SkuKey, Decimal], linked: set[SkuKey]
) -> dict[SkuKey, StockMark]:
    marks: dict[SkuKey, StockMark] = {}
    for sku in linked - free.keys():
        before = snapshot.marks.get(sku)
        since = snapshot.now if before is None else before.missing_since
        marks[sku] = StockMark(sku, since, 1 if before is None else before.times + 1)
    return marks


def _is_gone(mark: StockMark, snapshot: StockSnapshot, policy: StockPolicy) -> bool:
    long_enough = snapshot.now - mark.missing_since >= policy.zero_apart
    return mark.times >= policy.zero_after and long_enough


def _in_flight(snapshot: StockSnapshot) -> InFlight:
    """Add up what is in flight in every shop that sells from this Prima company."""
    ours = in_flight(
        demands(snapshot.captures, snapshot.orders),
        snapshot.tables.units,
        _rates(snapshot.levels),
    )
    theirs = (
        in_flight(demands(shop.captures, shop.orders), shop.units, _rates(shop.levels))
        for shop in snapshot.others
    )
    return together(ours, theirs)


def demands(captures: Iterable[Capture], orders: Iterable[Order]) -> Iterable[LineDemand]:
    """Yield what captured orders and orders just read ask for."""
    for capture in captures:
        yield from capture.lines
    for order in orders:
        yield from map(demand, order.lines)


def _rates(levels: Iterable[InventoryLevel]) -> dict[UnitKey, Decimal]:
    return {
        (level.sku, level.unit): level.conversion_rate
        for level in levels
        if level.conversion_rate is not None
    }


def _wanted(
    snapshot: StockSnapshot,
    policy: StockPolicy,
    free: Mapping[SkuKey, Decimal],
    gone: frozenset[SkuKey],
    flight: InFlight,
) -> dict[UnitKey, int]:
    """Return what each product unit should show; units with an absent SKU are left out."""
    units: dict[UnitKey, tuple[Component, ...]] = {}
    for level in snapshot.levels:
        parts = snapshot.tables.units.get((level.sku, level.unit))
        if parts and all(part.sku in free or part.sku in gone for part in parts):
            units[(level.sku, level.unit)] = parts
    pools = {
        part.sku: pool(
            free.get(part.sku, Decimal(0)), flight.taken.get(part.sku, Fraction(0)), policy
        )
        for parts in units.values()
        for part in parts
    }
    _take_off_fixed(snapshot, units, pools)
    return allocate(units, pools, policy)


def _take_off_fixed(
    snapshot: StockSnapshot,
    units: dict[UnitKey, tuple[Component, ...]],
    pools: dict[SkuKey, int],
) -> None:
    """Take what levels show that are not planned now off the pools that they share."""
    for level in snapshot.levels:
        key = (level.sku, level.unit)
        parts = snapshot.tables.units.get(key)
        if parts is None or (key in units and level.id not in snapshot.outstanding):
            continue
        units.pop(key, None)
        _take_off(level, parts, pools)
    for shop in snapshot.others:
        for level in shop.levels:
            _take_off(level, shop.units.get((level.sku, level.unit), ()), pools)


def _take_off(
    level: InventoryLevel, parts: tuple[Component, ...], pools: dict[SkuKey, int]
) -> None:
    for part in parts:
        if part.sku in pools:
            shown = max(Fraction(0), Fraction(level.quantity) * part.count)
            pools[part.sku] = max(0, pools[part.sku] - -(-shown.numerator // shown.denominator))


@frozen
class _Changes:
    decreases: tuple[SetLevel, ...]
    increases: tuple[SetLevel, ...]
    statuses: tuple[SetInventoryStatus, ...]


def _changes(snapshot: StockSnapshot, wanted: Mapping[UnitKey, int], flight: InFlight) -> _Changes:
    decreases: list[SetLevel] = []
    increases: list[SetLevel] = []
    shown: dict[OroProductId, list[tuple[InventoryLevel, Decimal]]] = {}
    for level in sorted(snapshot.levels, key=lambda level: (len(level.id), level.id)):
        quantity = _new_quantity(level, snapshot, wanted, flight)
        shown.setdefault(level.product, []).append((level, quantity))
        if quantity == level.quantity:
            continue
        command = SetLevel(level.id, level.product, level.sku, level.unit, quantity, level.quantity)
        (decreases if quantity < level.quantity else increases).append(command)
    return _Changes(tuple(decreases), tuple(increases), _statuses(shown, wanted))


def _new_quantity(
    level: InventoryLevel, snapshot: StockSnapshot, wanted: Mapping[UnitKey, int], flight: InFlight
) -> Decimal:
    figure = wanted.get((level.sku, level.unit))
    if figure is None or level.id in snapshot.outstanding:
        return level.quantity
    quantity = Decimal(figure)
    parts = snapshot.tables.units[(level.sku, level.unit)]
    unsure = any(part.sku in flight.unsure for part in parts)
    return min(quantity, level.quantity) if unsure else quantity


def _statuses(
    shown: Mapping[OroProductId, list[tuple[InventoryLevel, Decimal]]],
    wanted: Mapping[UnitKey, int],
) -> tuple[SetInventoryStatus, ...]:
    """Set the status of products with a planned level: in stock while any level is above 0."""
    commands: list[SetInventoryStatus] = []
    for product, levels in shown.items():
        first = levels[0][0]
        if not any((level.sku, level.unit) in wanted for level, _quantity in levels):
            continue
        status = IN_STOCK if any(quantity > 0 for _level, quantity in levels) else OUT_OF_STOCK
        if first.inventory_status in (IN_STOCK, OUT_OF_STOCK) and first.inventory_status != status:
            commands.append(SetInventoryStatus(product, first.sku, status))
    return tuple(commands)


def _plan(
    snapshot: StockSnapshot,
    free: Mapping[SkuKey, Decimal],
    linked: set[SkuKey],
    share: Decimal,
    marks: Mapping[SkuKey, StockMark],
    flight: InFlight,
    changes: _Changes,
) -> StockPlan:
    units = snapshot.tables.units
    touched = {
        part.sku
        for command in changes.decreases + changes.increases
        for part in units[(command.sku, command.unit)]
    }
    missing = linked - free.keys()
    return StockPlan(
        decreases=changes.decreases,
        increases=changes.increases,
        statuses=changes.statuses,
        marks=tuple(sorted(marks.values(), key=lambda mark: mark.sku.folded)),
        reasons=_reasons(flight),
        accepted=AcceptedSnapshot(snapshot.now, len(snapshot.rows), share),
        refused=None,
        skus_read=len(snapshot.rows),
        skus_planned=len(touched - missing),
        skus_unchanged=len((free.keys() & linked) - touched),
        skus_unlinked=len(free.keys() - linked),
        skus_missing=len(missing),
        levels_unlinked=sum(1 for one in snapshot.levels if (one.sku, one.unit) not in units),
    )


def _reasons(flight: InFlight) -> tuple[Reason, ...]:
    return tuple(
        Reason(
            ReasonCode.QUANTITY_UNKNOWN,
            f"stock/{sku}/{unit}",
            f"an order holds {sku or 'a free line'} in {unit or 'no unit'}, which the table lacks",
        )
        for sku, unit in sorted(flight.unknown)
    )


def _refused(
    snapshot: StockSnapshot,
    free: Mapping[SkuKey, Decimal],
    linked: set[SkuKey],
    share: Decimal,
) -> StockPlan:
    return StockPlan(
        decreases=(),
        increases=(),
        statuses=(),
        marks=tuple(snapshot.marks.values()),
        reasons=(),
        accepted=None,
        refused=RefusedSnapshot(snapshot.now, len(snapshot.rows), share),
        skus_read=len(snapshot.rows),
        skus_planned=0,
        skus_unchanged=len(free.keys() & linked),
        skus_unlinked=len(free.keys() - linked),
        skus_missing=len(linked - free.keys()),
        levels_unlinked=0,
    )
