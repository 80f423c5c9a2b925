"""Both sides' stock -> the levels to set: decreases first, changes only, nothing promised twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TypedDict

from attrs import frozen

from oro_prima.ids import OroLevelId, OroProductId, OroSku, UnitCode
from oro_prima.mapping.guards import fall_reasons, next_available, rise_reasons, stale_reasons
from oro_prima.mapping.policy import StockPolicy
from oro_prima.mapping.stock import InFlight
from oro_prima.mapping.tables import UnitKey
from oro_prima.oro.models.stock import InventoryLevel
from oro_prima.plans.commands import SetInventoryStatus, SetLevel
from oro_prima.plans.pools import WholePools
from oro_prima.plans.shelves import Figures, Parts, Shelf, figures_of, flight_of, shelf_of
from oro_prima.plans.snapshots import StockSnapshot
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.records import AcceptedSnapshot, RefusedSnapshot, StockMark
from oro_prima.values import LocalDate, Rounding, SkuKey, round_to

IN_STOCK, OUT_OF_STOCK = "in_stock", "out_of_stock"
_NOTHING = Decimal(0)


@frozen
class ExpectedUnit:
    """A product unit that shows nothing, and the day on which Prima expects it."""

    product: OroProductId
    sku: OroSku
    unit: UnitCode
    date: LocalDate


@frozen
class StockPlan:
    """
    What is to be written, and how every SKU was accounted for.

    `skus_planned + skus_unchanged + skus_unlinked + skus_missing` are all SKUs that Prima named or
    the unit table knows: with a command on a level, without one, in no product unit, and not in
    the snapshot. `expected` says when what is out of stock comes, where Prima says it; OroCommerce
    has no place for it on a level. `low` are the SKUs with fewer base units to promise than
    `StockPolicy.low`, yet some.
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
    expected: tuple[ExpectedUnit, ...] = ()
    low: tuple[SkuKey, ...] = ()

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
    unknown quantity takes from, where it would rise. With figures older than `max_age` no level
    rises and no absence counts; one that would rise further than the band waits for a person.

    Source: RULES §4.
    """
    read = {row.sku: row.available for row in snapshot.rows}
    free = {sku: q for sku in snapshot.tables.skus if (q := read.get(sku)) is not None}
    missing = snapshot.tables.skus.difference(free)
    share = _share(len(free), len(snapshot.tables.skus))
    if share < policy.min_linked_share and not snapshot.accept_anyway:
        return _refused(snapshot, len(read), missing, share)
    stale = stale_reasons(snapshot.rows_at or snapshot.now, now=snapshot.now, policy=policy)
    marks = tuple(snapshot.marks.values()) if stale else _marks(snapshot, missing)
    gone = frozenset[SkuKey]() if stale else gone_skus(marks, snapshot, policy)
    flight = flight_of(snapshot)
    shelf = shelf_of(snapshot, absent=missing - gone)
    free |= dict.fromkeys(gone, _NOTHING)
    figures = figures_of(snapshot, policy, free, shelf, flight)
    changes = _changes(snapshot, shelf, figures, flight, policy, stale=bool(stale))
    return StockPlan(
        decreases=changes.decreases,
        increases=changes.increases,
        statuses=changes.statuses,
        marks=marks,
        reasons=(*stale, *_reasons(flight), *changes.reasons),
        accepted=None if stale else AcceptedSnapshot(snapshot.now, len(snapshot.rows), share),
        refused=None,
        levels_unlinked=shelf.unlinked,
        expected=_expected(snapshot, shelf, figures),
        low=_low(figures, policy),
        **_counts(snapshot, len(read), missing, changes),
    )


def plan_pools(snapshot: StockSnapshot, policy: StockPolicy, *, asked: WholePools) -> StockPlan:
    """
    Plan the levels of some whole pools, by the rule of `plan_stock` and on their SKUs' rows alone.

    On the same figures these are exactly the commands of `plan_stock` on the units that were asked
    for. An absent SKU is unknown: its levels stay, and its absence counts for nothing. An answer
    that holds too few of what was asked for, and was not missing before, gives no command.

    Args:
        snapshot: Every line that is in flight; the levels of all units of the products asked for.
        policy: How free stock is published.
        asked: What rows were asked of.

    Source: RULES §4.
    """
    free = {row.sku: row.available for row in snapshot.rows if row.sku in asked.skus}
    missing = asked.skus.difference(free)
    awaited = asked.skus.difference(snapshot.marks)
    share = _share(len(awaited - missing), len(awaited))
    if share < policy.min_linked_share and not snapshot.accept_anyway:
        return _refused(snapshot, len(free), missing, share, linked=len(asked.skus))
    stale = stale_reasons(snapshot.rows_at or snapshot.now, now=snapshot.now, policy=policy)
    flight = flight_of(snapshot)
    shelf = shelf_of(snapshot, absent=snapshot.tables.skus.difference(free))
    figures = figures_of(snapshot, policy, free, shelf, flight)
    changes = _changes(snapshot, shelf, figures, flight, policy, stale=bool(stale))
    return StockPlan(
        decreases=changes.decreases,
        increases=changes.increases,
        statuses=changes.statuses,
        marks=tuple(snapshot.marks.values()),
        reasons=(*stale, *_reasons(flight), *changes.reasons),
        accepted=None,
        refused=None,
        levels_unlinked=shelf.unlinked,
        expected=_expected(snapshot, shelf, figures),
        low=_low(figures, policy),
        **_counts(snapshot, len(free), missing, changes, linked=len(asked.skus)),
    )


def _low(figures: Figures, policy: StockPolicy) -> tuple[SkuKey, ...]:
    few = (sku for sku, units in figures.pools.items() if 0 < units < policy.low)
    return tuple(sorted(few, key=lambda sku: sku.folded))


def _share(present: int, linked: int) -> Decimal:
    if not linked:
        return Decimal(1)
    return round_to(Decimal(present) / linked, 4, Rounding.DOWN)


def _marks(snapshot: StockSnapshot, missing: frozenset[SkuKey]) -> tuple[StockMark, ...]:
    marks: list[StockMark] = []
    for sku in sorted(missing, key=lambda sku: sku.folded):
        before = snapshot.marks.get(sku)
        since = snapshot.now if before is None else before.missing_since
        marks.append(StockMark(sku, since, 1 if before is None else before.times + 1))
    return tuple(marks)


def gone_skus(
    marks: Iterable[StockMark], snapshot: StockSnapshot, policy: StockPolicy
) -> frozenset[SkuKey]:
    """Return the SKUs that are gone for good: their levels become 0."""
    return frozenset(mark.sku for mark in marks if _is_gone(mark, snapshot, policy))


def _is_gone(mark: StockMark, snapshot: StockSnapshot, policy: StockPolicy) -> bool:
    long_enough = snapshot.now - mark.missing_since >= policy.zero_apart
    return mark.times >= policy.zero_after and long_enough


@frozen
class _Changes:
    decreases: tuple[SetLevel, ...]
    increases: tuple[SetLevel, ...]
    statuses: tuple[SetInventoryStatus, ...]
    reasons: tuple[Reason, ...] = ()


def _changes(
    snapshot: StockSnapshot,
    shelf: Shelf,
    figures: Figures,
    flight: InFlight,
    policy: StockPolicy,
    *,
    stale: bool,
) -> _Changes:
    decreases: list[SetLevel] = []
    increases: list[SetLevel] = []
    reasons: list[Reason] = []
    for level, key in shelf.planned:
        figure = figures.units[key]
        if figure == level.quantity:
            continue
        if figure < level.quantity:
            decreases.append(_set_level(level, figure))
            reasons += fall_reasons(*key, shown=level.quantity, wanted=figure, policy=policy)
        elif not stale and not _is_unsure(flight, shelf.units[key]):
            too_far = _too_far(level, key, figure, snapshot, policy)
            reasons += too_far
            if not too_far:
                increases.append(_set_level(level, figure))
    now = {command.level: command.quantity for command in (*decreases, *increases)}
    return _Changes(
        tuple(sorted(decreases, key=_by_level)),
        tuple(sorted(increases, key=_by_level)),
        _statuses(snapshot, shelf, now),
        tuple(sorted(reasons, key=lambda reason: reason.subject)),
    )


def _is_unsure(flight: InFlight, parts: Parts) -> bool:
    return bool(flight.unsure) and any(part.sku in flight.unsure for part in parts)


def _too_far(
    level: InventoryLevel, key: UnitKey, figure: int, snapshot: StockSnapshot, policy: StockPolicy
) -> tuple[Reason, ...]:
    if key in snapshot.let_go:
        return ()
    return rise_reasons(*key, shown=level.quantity, wanted=figure, policy=policy)


def _expected(snapshot: StockSnapshot, shelf: Shelf, figures: Figures) -> tuple[ExpectedUnit, ...]:
    """Return when product units that show nothing can be had again, where Prima says a date."""
    dates = {row.sku: row.next_available for row in snapshot.rows if row.next_available}
    if not dates:
        return ()
    today = LocalDate(snapshot.now.date())
    found: dict[UnitKey, ExpectedUnit] = {}
    for level, key in shelf.planned:
        if figures.units[key] == 0:
            date = next_available(shelf.units[key], figures.pools, dates, today=today)
            if date is not None:
                found[key] = ExpectedUnit(level.product, *key, date)
    return tuple(found[key] for key in sorted(found))


def _set_level(level: InventoryLevel, figure: int) -> SetLevel:
    return SetLevel(level.id, level.product, level.sku, level.unit, Decimal(figure), level.quantity)


def _by_level(command: SetLevel) -> tuple[int, str]:
    return len(command.level), command.level


def _statuses(
    snapshot: StockSnapshot, shelf: Shelf, now: Mapping[OroLevelId, Decimal]
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
    *,
    linked: int | None = None,
) -> _Counts:
    units = snapshot.tables.units
    present = (len(snapshot.tables.skus) if linked is None else linked) - len(missing)
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
    *,
    linked: int | None = None,
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
        **_counts(snapshot, skus, missing, _Changes((), (), ()), linked=linked),
    )
