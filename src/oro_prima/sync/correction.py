"""Looking again for sales while levels were written, and writing what they touch afresh."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from fractions import Fraction

from attrs import define, evolve, frozen

from oro_prima.mapping.policy import StockPolicy
from oro_prima.mapping.tables import UnitTable
from oro_prima.plans.commands import SetLevel
from oro_prima.plans.pools import WholePools, whole_pools
from oro_prima.plans.shelves import add_up
from oro_prima.plans.snapshots import StockSnapshot
from oro_prima.plans.stock import SHOPS_SUBJECT, StockPlan, plan_stock, unread_reasons
from oro_prima.records import ExceptionRecord, Flow, LineDemand
from oro_prima.sync.gather_stock import StockReading
from oro_prima.sync.levels import levels_of
from oro_prima.sync.neighbours import Neighbours
from oro_prima.sync.run import FlowRun
from oro_prima.sync.settle import hold
from oro_prima.sync.sold import sold_since
from oro_prima.sync.writing import Written, write_levels
from oro_prima.values import SkuKey

SNAPSHOT_SUBJECT = "stock/snapshot"
ASKED_SUBJECT = "stock/asked"


@frozen
class Work:
    """
    What a run has read, by which rule it plans, and which pools are its own; None for all.

    `settles` are records of no pool that it may settle.
    """

    reading: StockReading
    plan: Callable[[StockSnapshot, StockPolicy], StockPlan] = plan_stock
    asked: WholePools | None = None
    settles: frozenset[str] = frozenset({ASKED_SUBJECT, SHOPS_SUBJECT})

    @property
    def subject(self) -> str:
        """What a refused answer is told of."""
        return SNAPSHOT_SUBJECT if self.asked is None else ASKED_SUBJECT

    def judges(self, record: ExceptionRecord) -> bool:
        """Tell whether this run looks at what a record is about, and so may settle it."""
        if self.asked is None or record.subject in self.settles:
            return True
        sku, _, unit = record.subject.removeprefix("stock/").rpartition("/")
        return (sku, unit) in self.asked.units


@define
class Window:
    """The time in which a sale could be overwritten, and what was sold in it."""

    began: datetime
    ended: datetime
    base_units: int = 0
    corrections: int = 0


@frozen
class _Look:
    """What is known after a look, and what was sold since the one before: SKUs, and if any line."""

    reading: StockReading
    skus: frozenset[SkuKey]
    any_line: bool


def correct(
    run: FlowRun,
    policy: StockPolicy,
    work: Work,
    neighbours: Neighbours,
    written: Written,
    window: Window,
) -> None:
    """
    Read orders that came in while levels were written; write the levels they touch afresh.

    Those of the other shops of the pool, too: what they sold is in flight. One that fails now is
    told of, for its sales since it was read are not known.
    """
    reading, before = work.reading, len(neighbours.unread)
    for _ in range(policy.correction_rounds):
        if run.stopped is not None:
            break
        seen = _look_again(run, reading, neighbours, window)
        reading = seen.reading
        window.ended = run.now()
        if not seen.any_line:
            break
        again = _plan_again(run, policy, work, reading.snapshot, seen.skus)
        write_levels(run, policy, again, written)
        window.corrections += len(again)
        window.ended = run.now()
    if len(neighbours.unread) > before:
        _tell_unread(run, reading.snapshot, written)


def _look_again(
    run: FlowRun, reading: StockReading, neighbours: Neighbours, window: Window
) -> _Look:
    """Read what was sold in each shop since the last look, and add it to what is in flight."""
    here = sold_since(run, after=reading.newest)
    there = neighbours.since(reading.shops)
    snapshot = reading.snapshot
    skus = _count(here.lines, snapshot.tables.units, window)
    for shop, sold in there:
        skus |= _count(sold.lines, shop.found.units, window)
    shops = tuple(shop for shop, _sold in there)
    known = evolve(
        snapshot,
        sold=add_up((*snapshot.sold, *here.lines)),
        others=tuple(shop.found for shop in shops),
        unread=tuple(neighbours.unread),
    )
    any_line = bool(here.lines) or any(sold.lines for _shop, sold in there)
    return _Look(evolve(reading, snapshot=known, newest=here.newest, shops=shops), skus, any_line)


def _count(lines: Iterable[LineDemand], units: UnitTable, window: Window) -> frozenset[SkuKey]:
    """Return the SKUs that lines of the window took, and add their base units to the bound."""
    skus: set[SkuKey] = set()
    for line in lines:
        for component in units.get((line.sku, line.unit), ()):
            skus.add(component.sku)
            base = Fraction(line.quantity) * component.count
            window.base_units += -(-base.numerator // base.denominator)
    return frozenset(skus)


def _plan_again(
    run: FlowRun,
    policy: StockPolicy,
    work: Work,
    snapshot: StockSnapshot,
    skus: frozenset[SkuKey],
) -> tuple[SetLevel, ...]:
    """Plan afresh the levels of every product unit of the run that shares stock with `skus`."""
    keys = whole_pools(skus, snapshot.tables.units).units
    if work.asked is not None:
        keys &= work.asked.units
    levels = levels_of(run, {sku for sku, _unit in keys}, known=work.reading.snapshot.levels)
    again = evolve(snapshot, levels=levels, accept_anyway=True)
    plan = work.plan(again, policy)
    return plan.decreases + plan.increases


def _tell_unread(run: FlowRun, snapshot: StockSnapshot, written: Written) -> None:
    """Hold what is said of a shop that could be read before, and could not be looked at again."""
    reasons = unread_reasons(snapshot)
    with run.write() as tx:
        record, fresh = hold(run.ports.store, tx, Flow.STOCK, SHOPS_SUBJECT, reasons, now=run.now())
    written.failing.add(SHOPS_SUBJECT)
    if fresh:
        written.held[SHOPS_SUBJECT] = record
