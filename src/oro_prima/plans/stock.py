"""Both sides' stock -> the levels to set: decreases first, changes only, nothing promised twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TypedDict

from attrs import frozen

from oro_prima.ids import OroLevelId, OroProductId, OroSku
from oro_prima.mapping.policy import StockPolicy
from oro_prima.mapping.stock import InFlight, allocate, in_flight, pool, together
from oro_prima.mapping.tables import Component, UnitKey, UnitTable
from oro_prima.oro.models.orders import Order
from oro_prima.oro.models.stock import InventoryLevel
from oro_prima.plans.captures import demand
from oro_prima.plans.commands import SetInventoryStatus, SetLevel
from oro_prima.plans.snapshots import StockSnapshot
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.records import AcceptedSnapshot, Capture, LineDemand, RefusedSnapshot, StockMark
from oro_prima.values import Rounding, SkuKey, round_to

IN_STOCK, OUT_OF_STOCK = "in_stock", "out_of_stock"

Parts = tuple[Component, ...]

_NOTHING, _NONE = Decimal(0), Fraction(0)


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
    read = {row.sku: row.available for row in snapshot.rows}
    free = {sku: q for sku in snapshot.tables.skus if (q := read.get(sku)) is not None}
    missing = snapshot.tables.skus.difference(free)
    share = _linked_share(snapshot, missing)
    if share < policy.min_linked_share and not snapshot.accept_anyway:
        return _refused(snapshot, len(read), missing, share)
    marks = _marks(snapshot, missing)
    gone = {mark.sku for mark in marks if _is_gone(mark, snapshot, policy)}
    flight = _in_flight(snapshot)
    shelf = _shelf(snapshot, absent=missing - gone)
    pools = _pools(policy, free | dict.fromkeys(gone, _NOTHING), flight)
    _take_off_shown(snapshot, shelf, pools)
    changes = _changes(snapshot, shelf, allocate(shelf.units, pools, policy), flight)
    return StockPlan(
        decreases=changes.decreases,
        increases=changes.increases,
        statuses=changes.statuses,
        marks=marks,
        reasons=_reasons(flight),
        accepted=AcceptedSnapshot(snapshot.now, len(snapshot.rows), share),
        refused=None,
        levels_unlinked=shelf.unlinked,
        **_counts(snapshot, len(read), missing, changes),
    )


def _linked_share(snapshot: StockSnapshot, missing: frozenset[SkuKey]) -> Decimal:
    linked = len(snapshot.tables.skus)
    if not linked:
        return Decimal(1)
    return round_to(Decimal(linked - len(missing)) / linked, 4, Rounding.DOWN)


def _marks(snapshot: StockSnapshot, missing: frozenset[SkuKey]) -> tuple[StockMark, ...]:
    marks: list[StockMark] = []
    for sku in sorted(missing, key=lambda sku: sku.folded):
        before = snapshot.marks.get(sku)
        since = snapshot.now if before is None else before.missing_since
        marks.append(StockMark(sku, since, 1 if before is None else before.times + 1))
    return tuple(marks)


def _is_gone(mark: StockMark, snapshot: StockSnapshot, policy: StockPolicy) -> bool:
    long_enough = snapshot.now - mark.missing_since >= policy.zero_apart
    return mark.times >= policy.zero_after and long_enough


def _in_flight(snapshot: StockSnapshot) -> InFlight:
    """Add up what is in flight in every shop that sells from this Prima company."""
    ours = _sold(snapshot.captures, snapshot.orders, snapshot.tables.units, snapshot.levels)
    theirs = (
        _sold(shop.captures, shop.orders, shop.units, shop.levels) for shop in snapshot.others
    )
    return together(ours, theirs)


def _sold(
    captures: Iterable[Capture],
    orders: Iterable[Order],
    units: UnitTable,
    levels: Iterable[InventoryLevel],
) -> InFlight:
    lines = tuple(demands(captures, orders))
    unknown = {line.sku for line in lines if (line.sku, line.unit) not in units}
    return in_flight(lines, units, _rates(levels, unknown) if unknown else {})


def demands(captures: Iterable[Capture], orders: Iterable[Order]) -> Iterable[LineDemand]:
    """Yield what captured orders and orders just read ask for."""
    for capture in captures:
        yield from capture.lines
    for order in orders:
        yield from map(demand, order.lines)


def _rates(levels: Iterable[InventoryLevel], products: set[OroSku]) -> dict[UnitKey, Decimal]:
    return {
        (level.sku, level.unit): level.conversion_rate
        for level in levels
        if level.conversion_rate is not None and level.sku in products
    }


@frozen
class _Shelf:
    """
    Levels by what happens to them.

    `planned` get a figure; `fixed` keep what they show and take it off the pools; `unlinked` counts
    those that the unit table does not know.
    """

    planned: list[tuple[InventoryLevel, UnitKey]]
    units: dict[UnitKey, Parts]
    fixed: list[tuple[InventoryLevel, Parts]]
    unlinked: int


def _shelf(snapshot: StockSnapshot, *, absent: frozenset[SkuKey]) -> _Shelf:
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
    return _Shelf(planned, units, fixed, unlinked)


def _busy(snapshot: StockSnapshot) -> set[UnitKey]:
    if not snapshot.outstanding:
        return set()
    return {(one.sku, one.unit) for one in snapshot.levels if one.id in snapshot.outstanding}


def _pools(
    policy: StockPolicy, free: Mapping[SkuKey, Decimal], flight: InFlight
) -> dict[SkuKey, int]:
    taken = flight.taken
    if not taken:
        return {sku: pool(quantity, _NONE, policy) for sku, quantity in free.items()}
    return {sku: pool(quantity, taken.get(sku, _NONE), policy) for sku, quantity in free.items()}


def _take_off_shown(snapshot: StockSnapshot, shelf: _Shelf, pools: dict[SkuKey, int]) -> None:
    """Take what other levels show off the pools they share: our fixed ones, and those of others."""
    for level, parts in shelf.fixed:
        _take_off(level, parts, pools)
    for shop in snapshot.others:
        for level in shop.levels:
            _take_off(level, shop.units.get((level.sku, level.unit), ()), pools)


def _take_off(level: InventoryLevel, parts: Parts, pools: dict[SkuKey, int]) -> None:
    for part in parts:
        if part.sku in pools:
            shown = max(Fraction(0), Fraction(level.quantity) * part.count)
            pools[part.sku] = max(0, pools[part.sku] - -(-shown.numerator // shown.denominator))


@frozen
class _Changes:
    decreases: tuple[SetLevel, ...]
    increases: tuple[SetLevel, ...]
    statuses: tuple[SetInventoryStatus, ...]


def _changes(
    snapshot: StockSnapshot, shelf: _Shelf, figures: Mapping[UnitKey, int], flight: InFlight
) -> _Changes:
    decreases: list[SetLevel] = []
    increases: list[SetLevel] = []
    for level, key in shelf.planned:
        figure = figures[key]
        if figure == level.quantity:
            continue
        if figure < level.quantity:
            decreases.append(_set_level(level, figure))
        elif not (flight.unsure and any(p.sku in flight.unsure for p in shelf.units[key])):
            increases.append(_set_level(level, figure))
    now = {command.level: command.quantity for command in (*decreases, *increases)}
    return _Changes(
        tuple(sorted(decreases, key=_by_level)),
        tuple(sorted(increases, key=_by_level)),
        _statuses(snapshot, shelf, now),
    )


def _set_level(level: InventoryLevel, figure: int) -> SetLevel:
    return SetLevel(level.id, level.product, level.sku, level.unit, Decimal(figure), level.quantity)


def _by_level(command: SetLevel) -> tuple[int, str]:
    return len(command.level), command.level


def _statuses(
    snapshot: StockSnapshot, shelf: _Shelf, now: Mapping[OroLevelId, Decimal]
) -> tuple[SetInventoryStatus, ...]:
    """Set the status of products with a planned level: in stock while any level is above 0."""
    stocked = {x.product for x in snapshot.levels if now.get(x.id, x.quantity) > _NOTHING}
    commands: dict[OroProductId, SetInventoryStatus] = {}
    for level, _key in shelf.planned:
        status = IN_STOCK if level.product in stocked else OUT_OF_STOCK
        if status != level.inventory_status and level.inventory_status in (IN_STOCK, OUT_OF_STOCK):
            commands[level.product] = SetInventoryStatus(level.product, level.sku, status)
    return tuple(commands[product] for product in sorted(commands, key=lambda one: (len(one), one)))


class _Counts(TypedDict):
    skus_read: int
    skus_planned: int
    skus_unchanged: int
    skus_unlinked: int
    skus_missing: int


def _counts(
    snapshot: StockSnapshot,
    skus: int,
    missing: frozenset[SkuKey],
    changes: _Changes,
) -> _Counts:
    units, present = snapshot.tables.units, len(snapshot.tables.skus) - len(missing)
    touched = {
        part.sku
        for command in changes.decreases + changes.increases
        for part in units[(command.sku, command.unit)]
    }
    planned = len(touched - missing)
    return _Counts(
        skus_read=len(snapshot.rows),
        skus_planned=planned,
        skus_unchanged=present - planned,
        skus_unlinked=skus - present,
        skus_missing=len(missing),
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
    skus: int,
    missing: frozenset[SkuKey],
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
        levels_unlinked=0,
        **_counts(snapshot, skus, missing, _Changes((), (), ())),
    )
