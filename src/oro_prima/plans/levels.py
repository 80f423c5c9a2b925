"""What each level should show against what it shows: the commands, decreases before increases."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from attrs import frozen

from oro_prima.ids import OroLevelId, OroProductId, OroSku, UnitCode
from oro_prima.mapping.guards import fall_reasons, next_available, rise_reasons
from oro_prima.mapping.policy import StockPolicy
from oro_prima.mapping.stock import InFlight
from oro_prima.mapping.tables import UnitKey
from oro_prima.oro.models.stock import InventoryLevel
from oro_prima.plans.commands import SetInventoryStatus, SetLevel
from oro_prima.plans.shelves import Figures, Parts, Shelf
from oro_prima.plans.snapshots import StockSnapshot
from oro_prima.reasons import Reason
from oro_prima.values import LocalDate

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
class Changes:
    """What is to be written, decreases and increases by level id, and what is told of it."""

    decreases: tuple[SetLevel, ...]
    increases: tuple[SetLevel, ...]
    statuses: tuple[SetInventoryStatus, ...]
    reasons: tuple[Reason, ...] = ()


def changes_of(
    snapshot: StockSnapshot,
    shelf: Shelf,
    figures: Figures,
    flight: InFlight,
    policy: StockPolicy,
    *,
    may_rise: bool,
) -> Changes:
    """
    Compare what each planned product unit should show with what it shows.

    One rises only where `may_rise`, and no line of unknown quantity takes from its product.
    """
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
        elif may_rise and not _is_unsure(flight, shelf.units[key]):
            too_far = _too_far(level, key, figure, snapshot, policy)
            reasons += too_far
            if not too_far:
                increases.append(_set_level(level, figure))
    now = {command.level: command.quantity for command in (*decreases, *increases)}
    return Changes(
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


def expected_of(
    snapshot: StockSnapshot, shelf: Shelf, figures: Figures
) -> tuple[ExpectedUnit, ...]:
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
