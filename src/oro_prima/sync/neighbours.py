"""
The other shops that sell from a pool: what they sold and what they show, or that nobody can say.

Nothing is written to them. What cannot be read of one makes no level rise here.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from contextlib import ExitStack, contextmanager
from datetime import datetime
from fractions import Fraction

from attrs import define, evolve, frozen

from oro_prima.call import each
from oro_prima.errors import OroPrimaError, StoreError
from oro_prima.ids import OroSku
from oro_prima.mapping.policy import StockPolicy
from oro_prima.mapping.tables import UnitTable
from oro_prima.oro.calls.stock import list_quantities
from oro_prima.oro.models.stock import InventoryLevel
from oro_prima.plans.shelves import add_up
from oro_prima.plans.snapshots import OtherShop, UnreadShop
from oro_prima.ports import Neighbour, Ports
from oro_prima.records import Flow, LineDemand
from oro_prima.sync.gather import current_tables
from oro_prima.sync.levels import levels_of
from oro_prima.sync.run import FlowRun, look
from oro_prima.sync.sold import Sold, sold_in_flight, sold_since, sold_uncaptured
from oro_prima.values import SkuKey

Asked = tuple[tuple[LineDemand, ...], UnitTable]
LevelReader = Callable[[FlowRun, UnitTable], tuple[InventoryLevel, ...]]


@frozen
class Reached:
    """A shop that answers: how it is read, and the instant by its own clock before Prima is."""

    name: str
    run: FlowRun
    began: datetime


@frozen
class ShopReading:
    """What was read of another shop, and the highest order id that it knows of."""

    shop: Reached
    found: OtherShop
    newest: int


@define
class Neighbours:
    """The other shops of a run's pool; `unread` grows while the run finds out what it cannot."""

    run: FlowRun
    reached: list[Reached]
    unread: list[UnreadShop]

    @property
    def share_before(self) -> Fraction:
        """The shares of the shops before this one, in the order of their pairs."""
        own = self.run.ports.pair.id
        before = (one.share for one in self.run.ports.neighbours if one.pair < own)
        return sum(map(Fraction, before), Fraction(0))

    def sold(self, policy: StockPolicy) -> tuple[Asked, ...]:
        """Return what is in flight or was just accepted in each shop, with its unit table."""
        found: list[Asked] = []
        for shop in tuple(self.reached):
            with self._reading(shop):
                units = current_tables(shop.run).units
                began = shop.run.now() - policy.recent
                fresh = sold_uncaptured(shop.run).lines
                taken = sold_in_flight(shop.run, policy, began)
                found.append(((*fresh, *taken), units))
        return tuple(found)

    def read(self, policy: StockPolicy, levels: LevelReader) -> tuple[ShopReading, ...]:
        """
        Read each shop as the run's own is: orders first, then captures, then levels.

        Call it once Prima was read.
        """
        found: list[ShopReading] = []
        for shop in tuple(self.reached):
            with self._reading(shop):
                found.append(_read(shop, policy, levels))
        return tuple(found)

    def since(self, readings: Iterable[ShopReading]) -> tuple[tuple[ShopReading, Sold], ...]:
        """Return each reading with what was sold there since; one that fails is left as it was."""
        found: list[tuple[ShopReading, Sold]] = []
        for reading in readings:
            sold = Sold((), reading.newest)
            if reading.shop in self.reached:
                with self._reading(reading.shop):
                    sold = sold_since(reading.shop.run, after=reading.newest)
            found.append((_with_sold(reading, sold), sold))
        return tuple(found)

    @contextmanager
    def _reading(self, shop: Reached) -> Generator[None, None, None]:
        """Read a shop while the run keeps its own lease; one that fails is unread from then on."""
        self.run.tell("reading another shop", shop.name)
        self.run.keep_lease()
        try:
            with shop.run.ports.pulse.during(self.run.beat):
                yield
        except OroPrimaError as error:
            shop.run.ports.seen.forget()
            self.reached.remove(shop)
            self.unread.append(UnreadShop(shop.name, str(error)))


def _read(shop: Reached, policy: StockPolicy, levels: LevelReader) -> ShopReading:
    run = shop.run
    sold = sold_uncaptured(run)
    captured = sold_in_flight(run, policy, shop.began)
    units = current_tables(run).units
    pending = run.ports.store.outstanding()
    found = OtherShop(
        units=units,
        levels=levels(run, units),
        sold=add_up((*sold.lines, *captured)),
        outstanding=frozenset(level for one in pending for level in one.levels),
    )
    return ShopReading(shop, found, sold.newest)


def _with_sold(reading: ShopReading, sold: Sold) -> ShopReading:
    lines = add_up((*reading.found.sold, *sold.lines))
    return evolve(reading, found=evolve(reading.found, sold=lines), newest=sold.newest)


@contextmanager
def neighbours_of(run: FlowRun) -> Generator[Neighbours, None, None]:
    """
    Reach the other shops of a run's pool, for the length of a block. Call it before Prima is read.

    A shop whose store is an old copy, or that no person ever put into use, counts as unread: what
    it sold is not known there.
    """
    with ExitStack() as stack:
        found = Neighbours(run, [], [])
        for one in run.ports.neighbours:
            try:
                found.reached.append(_reach(one, stack.enter_context(one.open())))
            except OroPrimaError as error:
                found.unread.append(UnreadShop(one.name, str(error)))
        yield found


def unread_neighbours(ports: Ports) -> tuple[UnreadShop, ...]:
    """Return the other shops of the pool that cannot be read now; nothing is written, nor held."""
    found: list[UnreadShop] = []
    for one in ports.neighbours:
        try:
            with one.open() as theirs:
                _reach(one, theirs)
        except OroPrimaError as error:
            found.append(UnreadShop(one.name, str(error)))
    return tuple(found)


def _reach(one: Neighbour, ports: Ports) -> Reached:
    doubtful = ports.store.distrust()
    if doubtful:
        raise StoreError(doubtful)
    if ports.store.cut_over() is None:
        msg = "its store has no cut-over record"
        raise StoreError(msg)
    run = look(ports, Flow.STOCK)
    return Reached(one.name, run, run.now())


def every_level(run: FlowRun, units: UnitTable) -> tuple[InventoryLevel, ...]:
    """Read all levels of the products that a shop's unit table knows."""
    known = {sku for sku, _unit in units}
    return tuple(one for one in each(run.ports.shop, list_quantities()) if one.sku in known)


def levels_with(skus: frozenset[SkuKey]) -> LevelReader:
    """Return what reads the levels of the product units that are made of one of these SKUs."""

    def read(run: FlowRun, units: UnitTable) -> tuple[InventoryLevel, ...]:
        return levels_of(run, products_with(skus, units))

    return read


def products_with(skus: frozenset[SkuKey], units: UnitTable) -> set[OroSku]:
    """Return the products one of whose units is made of one of these SKUs."""
    return {sku for (sku, _unit), parts in units.items() if any(part.sku in skus for part in parts)}
