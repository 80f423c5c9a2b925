"""Both sides' stock -> the levels to set: decreases first, changes only, nothing promised twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TypedDict

from attrs import frozen

from oro_prima.mapping.guards import stale_reasons
from oro_prima.mapping.policy import StockPolicy
from oro_prima.mapping.stock import InFlight
from oro_prima.plans.commands import SetInventoryStatus, SetLevel
from oro_prima.plans.levels import Changes, ExpectedUnit, changes_of, expected_of
from oro_prima.plans.pools import WholePools
from oro_prima.plans.shelves import Figures, figures_of, flight_of, shelf_of
from oro_prima.plans.snapshots import StockSnapshot
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.records import AcceptedSnapshot, RefusedSnapshot, StockMark
from oro_prima.values import Rounding, SkuKey, round_to

SHOPS_SUBJECT = "stock/shops"
"""What is said of the other shops of a pool."""
_NOTHING = Decimal(0)


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
            f"{self.skus_unlinked} not linked, {self.skus_missing} missing{self._restraint()}"
        )

    def _restraint(self) -> str:
        said = (one.detail for one in self.reasons if one.code is ReasonCode.SHOP_UNREAD)
        return "".join(f"; none may rise, a shop of the pool is unread ({why})" for why in said)


@frozen
class _Judged:
    """
    What a snapshot says of the SKUs that a plan is about.

    `free` has a figure for those that have one, 0 for those that are gone; levels with one of
    `absent` stay. `named` counts the SKUs that Prima named, `linked` those the plan is about.
    """

    free: Mapping[SkuKey, Decimal]
    absent: frozenset[SkuKey]
    missing: frozenset[SkuKey]
    named: int
    linked: int
    share: Decimal
    stale: tuple[Reason, ...] = ()
    marks: tuple[StockMark, ...] = ()
    accepted: AcceptedSnapshot | None = None


def plan_stock(snapshot: StockSnapshot, policy: StockPolicy) -> StockPlan:
    """
    Plan the levels of every product unit that the unit table knows.

    A snapshot that holds too few of the linked SKUs gives no command. An absent SKU keeps its
    levels until it was missing from `zero_after` accepted snapshots, `zero_apart` or more apart. A
    level that an operation may still write is left alone, and so is one whose product a line of
    unknown quantity takes from, where it would rise. With figures older than `max_age` no level
    rises and no absence counts; one that would rise further than the band waits for a person. While
    another shop of the pool cannot be read, no level rises.

    Source: RULES §4.
    """
    linked = snapshot.tables.skus
    read = {row.sku: row.available for row in snapshot.rows}
    free = {sku: q for sku in linked if (q := read.get(sku)) is not None}
    missing = linked.difference(free)
    share = _share(len(free), len(linked))
    stale = _stale(snapshot, policy)
    marks = tuple(snapshot.marks.values()) if stale else _marks(snapshot, missing)
    gone = frozenset[SkuKey]() if stale else gone_skus(marks, snapshot, policy)
    judged = _Judged(
        free | dict.fromkeys(gone, _NOTHING),
        missing - gone,
        missing,
        len(read),
        len(linked),
        share,
        stale,
        marks,
        None if stale else AcceptedSnapshot(snapshot.now, len(snapshot.rows), share),
    )
    return _judged_plan(snapshot, policy, judged)


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
    judged = _Judged(
        free,
        snapshot.tables.skus.difference(free),
        missing,
        len(free),
        len(asked.skus),
        _share(len(awaited - missing), len(awaited)),
        _stale(snapshot, policy),
        tuple(snapshot.marks.values()),
    )
    return _judged_plan(snapshot, policy, judged)


def _judged_plan(snapshot: StockSnapshot, policy: StockPolicy, judged: _Judged) -> StockPlan:
    """Plan by what a snapshot was judged to say; one that is not whole gives no command."""
    if judged.share < policy.min_linked_share and not snapshot.accept_anyway:
        return _refused(snapshot, judged)
    flight = flight_of(snapshot)
    shelf = shelf_of(snapshot, absent=judged.absent)
    figures = figures_of(snapshot, policy, judged.free, shelf, flight)
    may_rise = not (judged.stale or snapshot.unread)
    changes = changes_of(snapshot, shelf, figures, flight, policy, may_rise=may_rise)
    return StockPlan(
        decreases=changes.decreases,
        increases=changes.increases,
        statuses=changes.statuses,
        marks=judged.marks,
        reasons=(*judged.stale, *unread_reasons(snapshot), *_reasons(flight), *changes.reasons),
        accepted=judged.accepted,
        refused=None,
        levels_unlinked=shelf.unlinked,
        expected=expected_of(snapshot, shelf, figures),
        low=_low(figures, policy),
        **_counts(snapshot, judged, changes),
    )


def _stale(snapshot: StockSnapshot, policy: StockPolicy) -> tuple[Reason, ...]:
    return stale_reasons(snapshot.rows_at or snapshot.now, now=snapshot.now, policy=policy)


def unread_reasons(snapshot: StockSnapshot) -> tuple[Reason, ...]:
    """Return a reason where a shop of the pool could not be read: then no level rises."""
    if not snapshot.unread:
        return ()
    detail = "; ".join(f"{shop.name}: {shop.why}" for shop in snapshot.unread)
    return (Reason(ReasonCode.SHOP_UNREAD, SHOPS_SUBJECT, detail),)


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


class _Counts(TypedDict):
    skus_read: int
    skus_planned: int
    skus_unchanged: int
    skus_unlinked: int
    skus_missing: int


def _counts(snapshot: StockSnapshot, judged: _Judged, changes: Changes) -> _Counts:
    units = snapshot.tables.units
    present = judged.linked - len(judged.missing)
    touched = {
        part.sku
        for command in changes.decreases + changes.increases
        for part in units[(command.sku, command.unit)]
    }
    planned = len(touched - judged.missing)
    return _Counts(
        skus_read=len(snapshot.rows),
        skus_planned=planned,
        skus_unchanged=present - planned,
        skus_unlinked=judged.named - present,
        skus_missing=len(judged.missing),
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


def _refused(snapshot: StockSnapshot, judged: _Judged) -> StockPlan:
    return StockPlan(
        decreases=(),
        increases=(),
        statuses=(),
        marks=tuple(snapshot.marks.values()),
        reasons=(),
        accepted=None,
        refused=RefusedSnapshot(snapshot.now, len(snapshot.rows), judged.share),
        levels_unlinked=0,
        **_counts(snapshot, judged, Changes((), (), ())),
    )
