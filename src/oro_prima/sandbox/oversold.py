"""Overselling as an outsider measures it: what checkouts promised beyond what Prima had free."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Protocol

from attrs import frozen

from oro_prima.sandbox.prima import StockKey

Units = Mapping[tuple[str, str], tuple[tuple[StockKey, int], ...]]
"""(Oro SKU, unit) -> the Prima SKUs that one such unit is made of, with counts."""


class LineLike(Protocol):
    """What the measure reads of an order line."""

    @property
    def sku(self) -> str:
        """The product's SKU in OroCommerce."""
        ...

    @property
    def unit(self) -> str:
        """Code of the product unit."""
        ...

    @property
    def quantity(self) -> Decimal:
        """How many of that unit."""
        ...


class EventLike(Protocol):
    """What the measure reads of OroCommerce's log, in the order in which it happened."""

    @property
    def kind(self) -> str:
        """`level_write`, `orders_read` or `checkout`."""
        ...

    @property
    def ref(self) -> str:
        """Id of the level or the order."""
        ...


@frozen
class Promise:
    """Base units that one checkout promised, by Prima SKU."""

    order: str
    base: Mapping[StockKey, Decimal]


@frozen
class Verdict:
    """
    Base units that a checkout oversold.

    `in_window` are those that a stock write explains which overwrote a sale it could not know.
    """

    oversold: Decimal = Decimal(0)
    in_window: Decimal = Decimal(0)


def promise(order: str, lines: Iterable[LineLike], units: Units) -> Promise:
    """Count what an order's lines promise; a line in a unit without a row promises nothing."""
    base: dict[StockKey, Decimal] = {}
    for line in lines:
        for key, count in units.get((line.sku, line.unit), ()):
            base[key] = base.get(key, Decimal(0)) + line.quantity * count
    return Promise(order, base)


def measure(
    made: Promise,
    *,
    before: Iterable[Promise],
    free: Mapping[StockKey, int],
    overwritten: Iterable[StockKey],
) -> Verdict:
    """
    Measure one checkout against what Prima had free at that moment.

    `before` are the promises still open then. Only the excess that this checkout adds counts.
    """
    open_before = tuple(before)
    explained = frozenset(overwritten)
    sums = {True: Decimal(0), False: Decimal(0)}
    for key, amount in made.base.items():
        promised = sum((other.base.get(key, Decimal(0)) for other in open_before), Decimal(0))
        had = max(promised - free[key], Decimal(0))
        has = max(promised + amount - free[key], Decimal(0))
        sums[key in explained] += has - had
    return Verdict(sums[False], sums[True])


def overwritten_sale(
    events: Iterable[EventLike], *, levels: frozenset[str], checkouts: frozenset[str]
) -> bool:
    """
    Tell whether the last write to any of `levels` overwrote a sale it could not know of.

    That is: between the last reading of orders before that write and the write itself there was
    one of `checkouts`. A later write that knew clears it.
    """
    seen = overwrote = False
    for event in events:
        if event.kind == "orders_read":
            seen = False
        elif event.kind == "checkout" and event.ref in checkouts:
            seen = True
        elif event.kind == "level_write" and event.ref in levels:
            overwrote = seen
    return overwrote
