"""
The control equation of a day, in count and in money.

`captured ± revalued = posted + cancelled + ignored + waiting + dismissed + held + in doubt
+ not yet read`. The left side is asked of OroCommerce again; the right side is what was captured at
the first reading. `revalued` is one row an order, frozen less now, never a balancing figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from decimal import Decimal
from itertools import zip_longest

from attrs import field, frozen

from oro_prima.ids import OroOrderId
from oro_prima.records import Capture, Home
from oro_prima.values import LocalDate, local_date

TERMS = (
    Home.POSTED,
    Home.CANCELLED,
    Home.IGNORED,
    Home.WAITING,
    Home.DISMISSED,
    Home.HELD,
    Home.IN_DOUBT,
)


@frozen
class OrderNow:
    """An order as OroCommerce shows it now; `main` ones are posted through their sub-orders."""

    id: OroOrderId
    created_at: datetime
    currency: str
    gross: Decimal | None
    main: bool = False


@frozen
class Term:
    """So many orders and their gross; `not_stated` of them have no total and count as nothing."""

    orders: int = 0
    gross: Decimal = Decimal(0)
    not_stated: int = 0

    def __add__(self, other: Term) -> Term:
        return Term(
            self.orders + other.orders,
            self.gross + other.gross,
            self.not_stated + other.not_stated,
        )

    def __sub__(self, other: Term) -> Term:
        return Term(
            self.orders - other.orders,
            self.gross - other.gross,
            self.not_stated - other.not_stated,
        )


@frozen
class Revaluation:
    """An order whose total is no longer what was captured, and what is known of the reason."""

    order: OroOrderId
    currency: str
    before: Decimal | None
    now: Decimal | None
    reason: str


@frozen
class EquationLine:
    """The equation in one currency. It ties when `difference` is nothing at all."""

    currency: str
    captured: Term
    revalued: Term
    homes: Mapping[Home, Term]
    not_yet_read: Term
    difference: Term

    @property
    def ties(self) -> bool:
        """Whether nothing is left unexplained, in count and in money."""
        return self.difference == Term()


@frozen
class DayEquation:
    """The equation of the orders created on one day of the books' zone, by currency."""

    day: LocalDate
    lines: tuple[EquationLine, ...]
    mains: int
    revaluations: tuple[Revaluation, ...] = field(default=())

    @property
    def ties(self) -> bool:
        """Whether every currency ties."""
        return all(line.ties for line in self.lines)


def reconcile_day(
    now: Iterable[OrderNow], captures: Iterable[Capture], *, day: LocalDate, zone: tzinfo
) -> DayEquation:
    """
    Return the equation of one day.

    Args:
        now: What OroCommerce shows now; orders of other days are left out.
        captures: What was captured; of other days too.
        day: The day of `created_at` in `zone`.
        zone: Where the books are kept.

    Source: RULES §5.
    """
    orders = [order for order in now if local_date(order.created_at, zone) == day]
    kept = [capture for capture in captures if local_date(capture.created_at, zone) == day]
    mains = {order.id for order in orders if order.main}
    mains |= {capture.order for capture in kept if capture.home is Home.MAIN}
    if mains:
        orders = [order for order in orders if order.id not in mains]
        kept = [capture for capture in kept if capture.order not in mains]
    beside = _beside(orders, kept)
    revalued = [
        (capture, order)
        for capture, order in zip(kept, beside, strict=True)
        if order is not None and order.gross != capture.gross
    ]
    return DayEquation(
        day=day,
        lines=tuple(_lines(orders, kept, beside, revalued)),
        mains=len(mains),
        revaluations=tuple(
            Revaluation(c.order, c.currency, c.gross, order.gross, _why(c)) for c, order in revalued
        ),
    )


def _beside(orders: Sequence[OrderNow], kept: Sequence[Capture]) -> Sequence[OrderNow | None]:
    """
    Return for each captured order how it is shown now.

    Both sides mostly come in the same order, so most stand side by side, and only what is out of
    step is looked up: a table of a million orders does not fit the processor's cache, and each look
    into it would cost several times what the sums do.
    """
    found: list[OrderNow | None] = [None] * len(kept)
    early: dict[OroOrderId, OrderNow] = {}
    waiting: dict[OroOrderId, int] = {}
    for index, (order, capture) in enumerate(zip_longest(orders, kept)):
        if order is not None and capture is not None and order.id == capture.order:
            found[index] = order
            continue
        if order is not None:
            at = waiting.pop(order.id, None)
            if at is None:
                early[order.id] = order
            else:
                found[at] = order
        if capture is not None:
            found[index] = early.pop(capture.order, None)
            if found[index] is None:
                waiting[capture.order] = index
    return found


def add_days(days: Iterable[DayEquation]) -> tuple[EquationLine, ...]:
    """Add up the equations of several days, by currency."""
    total: dict[str, EquationLine] = {}
    for line in (line for day in days for line in day.lines):
        before = total.get(line.currency)
        total[line.currency] = line if before is None else _added(before, line)
    return tuple(total[currency] for currency in sorted(total))


def _added(first: EquationLine, second: EquationLine) -> EquationLine:
    return EquationLine(
        currency=first.currency,
        captured=first.captured + second.captured,
        revalued=first.revalued + second.revalued,
        homes={home: first.homes[home] + second.homes[home] for home in TERMS},
        not_yet_read=first.not_yet_read + second.not_yet_read,
        difference=first.difference + second.difference,
    )


_Pair = tuple[Capture, OrderNow]
"""An order as it was captured, and as it is shown now."""


def _lines(
    orders: Sequence[OrderNow],
    kept: Sequence[Capture],
    beside: Sequence[OrderNow | None],
    revalued: Sequence[_Pair],
) -> Iterator[EquationLine]:
    """Make the line of each currency; an order that changed its currency is not read in the new."""
    currencies = sorted({o.currency for o in orders} | {c.currency for c in kept})
    for code in currencies:
        mine = [order for order in orders if order.currency == code]
        captures = [capture for capture in kept if capture.currency == code]
        read = [
            order
            for capture, order in zip(kept, beside, strict=True)
            if order is not None and capture.currency == code == order.currency
        ]
        changed = [pair for pair in revalued if pair[0].currency == code == pair[1].currency]
        yield _line(code, mine, captures, _unread(mine, read), changed)


def _line(
    currency: str,
    orders: Sequence[OrderNow],
    captures: Sequence[Capture],
    unread: Iterable[OrderNow],
    changed: Sequence[_Pair],
) -> EquationLine:
    captured = _sum(order.gross for order in orders)
    by_home: dict[Home, list[Decimal | None]] = {home: [] for home in TERMS}
    for capture in captures:
        by_home[capture.home].append(capture.gross)
    homes = {home: _sum(amounts) for home, amounts in by_home.items()}
    left = _sum(order.gross for order in unread)
    revalued = _sum(c.gross for c, _order in changed) - _sum(order.gross for _c, order in changed)
    right = sum(homes.values(), left)
    return EquationLine(currency, captured, revalued, homes, left, captured + revalued - right)


def _sum(amounts: Iterable[Decimal | None]) -> Term:
    orders, gross, not_stated = 0, Decimal(0), 0
    for amount in amounts:
        orders += 1
        if amount is None:
            not_stated += 1
        else:
            gross += amount
    return Term(orders, gross, not_stated)


def _unread(orders: Sequence[OrderNow], read: Sequence[OrderNow]) -> Iterable[OrderNow]:
    """Return the orders that no capture is of; nothing is looked up where each has one."""
    if len(read) == len(orders):
        return ()
    known = frozenset(order.id for order in read)
    return (one for one in orders if one.id not in known)


def _why(capture: Capture) -> str:
    return "edited" if capture.home is not Home.POSTED else "edited or recomputed after posting"
