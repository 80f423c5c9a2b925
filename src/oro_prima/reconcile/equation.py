"""
The control equation of a day, in count and in money.

`captured ± revalued = posted + cancelled + ignored + waiting + dismissed + held + in doubt
+ not yet read`. The left side is asked of OroCommerce again; the right side is what was captured at
the first reading. `revalued` is one row an order, frozen less now, never a balancing figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import datetime, tzinfo
from decimal import Decimal

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
    orders = [order for order in orders if order.id not in mains]
    kept = [capture for capture in kept if capture.order not in mains]
    currencies = sorted({o.currency for o in orders} | {c.currency for c in kept})
    shown = {order.id: order for order in orders}
    beside = [shown.get(capture.order) for capture in kept]
    return DayEquation(
        day=day,
        lines=tuple(_line(code, orders, kept, beside) for code in currencies),
        mains=len(mains),
        revaluations=_revaluations(kept, beside),
    )


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


def _line(
    currency: str,
    orders: Sequence[OrderNow],
    kept: Sequence[Capture],
    beside: Sequence[OrderNow | None],
) -> EquationLine:
    """Make the line of a currency; `beside` is each captured order as it is shown now."""
    mine = [order for order in orders if order.currency == currency]
    captures = [capture for capture in kept if capture.currency == currency]
    before: list[Decimal | None] = []
    now: list[Decimal | None] = []
    read: set[OroOrderId] = set()
    for capture, order in zip(kept, beside, strict=True):
        if order is not None and capture.currency == currency == order.currency:
            before.append(capture.gross)
            now.append(order.gross)
            read.add(order.id)
    captured = _sum(order.gross for order in mine)
    by_home: dict[Home, list[Decimal | None]] = {home: [] for home in TERMS}
    for capture in captures:
        by_home[capture.home].append(capture.gross)
    homes = {home: _sum(amounts) for home, amounts in by_home.items()}
    unread = _sum(order.gross for order in _unread(mine, read))
    revalued = _sum(before) - _sum(now)
    right = sum(homes.values(), unread)
    return EquationLine(currency, captured, revalued, homes, unread, captured + revalued - right)


def _sum(amounts: Iterable[Decimal | None]) -> Term:
    orders, gross, not_stated = 0, Decimal(0), 0
    for amount in amounts:
        orders += 1
        if amount is None:
            not_stated += 1
        else:
            gross += amount
    return Term(orders, gross, not_stated)


def _unread(orders: Sequence[OrderNow], read: Set[OroOrderId]) -> Iterable[OrderNow]:
    """Return the orders that no capture is of; nothing is looked up where each has one."""
    return () if len(read) == len(orders) else (one for one in orders if one.id not in read)


def _revaluations(
    kept: Iterable[Capture], beside: Iterable[OrderNow | None]
) -> tuple[Revaluation, ...]:
    return tuple(
        Revaluation(c.order, c.currency, c.gross, order.gross, _why(c))
        for c, order in zip(kept, beside, strict=True)
        if order is not None and order.gross != c.gross
    )


def _why(capture: Capture) -> str:
    return "edited" if capture.home is not Home.POSTED else "edited or recomputed after posting"
