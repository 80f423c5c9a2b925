"""Both sides' stock -> what each level shows and what it should show: the plan's own rules."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from attrs import frozen

from oro_prima.mapping.policy import PublishedFigure, StockPolicy
from oro_prima.mapping.stock import NOTHING, InFlight, buffer_of
from oro_prima.mapping.tables import Component
from oro_prima.oro.models.stock import InventoryLevel
from oro_prima.plans.shelves import figures_of, flight_of, shelf_of
from oro_prima.plans.snapshots import StockSnapshot
from oro_prima.plans.stock import gone_skus, plan_stock
from oro_prima.reconcile.reports.stock_drift import LevelFact
from oro_prima.values import SkuKey

REFUSED = "Prima's snapshot is not whole: see `held`"
UNKNOWN = "add the product unit to the unit table"
MISSING = "its SKU is not in Prima's snapshot; the level is kept"
BUSY = "a batch may still write it; look again"


@frozen
class _Facts:
    """What every level is held against."""

    snapshot: StockSnapshot
    policy: StockPolicy
    free: Mapping[SkuKey, Decimal]
    flight: InFlight


def level_facts(snapshot: StockSnapshot, policy: StockPolicy) -> tuple[LevelFact, ...]:
    """
    Return each level of the shop beside what it should be, in the order they were read.

    What cannot be said has no figure and says why: a product unit that the table does not know, a
    SKU that Prima's snapshot lacks, a batch that may still write. Free stock, what is in flight and
    the buffer are stated of product units that are made of one SKU.

    Source: RULES §4.
    """
    plan = plan_stock(snapshot, policy)
    linked = snapshot.tables.skus
    free = {row.sku: row.available for row in snapshot.rows if row.sku in linked}
    facts = _Facts(snapshot, policy, free, flight_of(snapshot))
    if plan.refused is not None:
        return tuple(_fact(level, facts, None, REFUSED) for level in snapshot.levels)
    gone = gone_skus(plan.marks, snapshot, policy) if plan.accepted else frozenset[SkuKey]()
    absent = linked.difference(free) - gone
    shelf = shelf_of(snapshot, absent=absent)
    known = {**free, **dict.fromkeys(gone, NOTHING)}
    figures = figures_of(snapshot, policy, known, shelf, facts.flight).units
    planned = {level.id: Decimal(figures[key]) for level, key in shelf.planned}
    fixed = {level.id: _why_fixed(parts, absent) for level, parts in shelf.fixed}
    return tuple(
        _fact(level, facts, planned.get(level.id), fixed.get(level.id, UNKNOWN))
        for level in snapshot.levels
    )


def _why_fixed(parts: tuple[Component, ...], absent: frozenset[SkuKey]) -> str:
    return MISSING if any(part.sku in absent for part in parts) else BUSY


def _fact(level: InventoryLevel, facts: _Facts, expected: Decimal | None, why: str) -> LevelFact:
    parts = facts.snapshot.tables.units.get((level.sku, level.unit), ())
    free, taken, buffer = _figures(parts[0].sku, facts) if len(parts) == 1 else (None, None, None)
    return LevelFact(
        sku=level.sku,
        unit=level.unit,
        level=level.quantity,
        free=free,
        in_flight=taken,
        buffer=buffer,
        expected=expected,
        why="" if expected is not None else why,
    )


def _figures(sku: SkuKey, facts: _Facts) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    free = facts.free.get(sku)
    taken = facts.flight.taken.get(sku, Fraction(0))
    if free is None or facts.policy.figure is PublishedFigure.AVAILABLE:
        return free, _decimal(taken), None if free is None else NOTHING
    per_day = facts.snapshot.tables.sales.get(sku, NOTHING)
    return free, _decimal(taken), buffer_of(free, facts.policy, per_day=per_day)


def _decimal(exact: Fraction) -> Decimal:
    return Decimal(exact.numerator) / exact.denominator
