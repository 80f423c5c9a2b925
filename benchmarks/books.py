"""The books of a period: the control equation and report A, at 100,000 and at a million orders."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from math import log10

from benchmarks.measuring import Row, added, compare, seconds
from oro_prima.ids import (
    CommandKey,
    OroOrderId,
    OroSku,
    PairId,
    PrimaAccount,
    PrimaCompany,
    PrimaOrderNumber,
    UnitCode,
)
from oro_prima.reconcile import OrderNow, reconcile_day
from oro_prima.reconcile.reports import BookedOrder, Frame, order_match
from oro_prima.records import Capture, EntryState, Home, LedgerEntry, LineDemand
from oro_prima.values import LocalDate

AT = datetime(2031, 5, 4, 9, tzinfo=UTC)
DAY = LocalDate(AT.date())
FRAME = Frame(PairId("p"), PrimaCompany("1"), DAY, DAY, UTC, AT + timedelta(days=1), "Trade")
HOMES = (*(Home.POSTED,) * 7, Home.HELD, Home.WAITING, Home.CANCELLED)
LINES = (LineDemand(OroSku("B"), UnitCode("each"), Decimal(2)),)
FLOOR = "gross of both sides added up by home"
FEW, MANY, ALL = 10_000, 100_000, 1_000_000

Sides = tuple[Sequence[OrderNow], Sequence[Capture]]


def make_orders(count: int) -> tuple[BookedOrder, ...]:
    """Return so many captured orders, most of them posted."""
    return tuple(_order(n) for n in range(1, count + 1))


def _order(n: int) -> BookedOrder:
    key, home, gross = OroOrderId(str(n)), HOMES[n % 10], Decimal(n % 9000) / 100
    capture = Capture(key, AT, "GBP", gross, gross / 6, home, "", AT, AT, "", LINES, str(n))
    entry = LedgerEntry(
        CommandKey(f"post_order:{n}:0"), key, PrimaOrderNumber(f"3{n:07}0"), PrimaAccount("T1"),
        EntryState.ACCEPTED, 1, "intent", "sent", AT, AT, 1,
    )  # fmt: skip
    return BookedOrder(capture, None, entry if home is Home.POSTED else None, None, Decimal(2))


def sides_of(orders: Sequence[BookedOrder]) -> Sides:
    """Return what the shop shows now beside what was captured."""
    now = [OrderNow(one.capture.order, AT, "GBP", one.capture.gross) for one in orders]
    return now, [one.capture for one in orders]


def add_up(sides: Sides) -> dict[Home, Decimal]:
    """Do the least that any books do."""
    found = dict.fromkeys(Home, Decimal(0))
    for capture in sides[1]:
        found[capture.home] += capture.gross or 0
    return found if sum(order.gross or 0 for order in sides[0]) else {}


def equation(sides: Sides) -> bool:
    """Reconcile the day."""
    return reconcile_day(*sides, day=DAY, zone=UTC).ties


def quickest(work: Callable[[], object]) -> float:
    """Return the seconds of the quickest of three: others use the machine too."""
    return min(seconds(work) for _ in range(3))


def most_held(work: Callable[[], object]) -> int:
    """Return the most bytes that a work holds beside what it is given."""
    gc.collect()
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def match(count: int) -> int:
    """Make orders and report A of them."""
    return len(order_match(make_orders(count), FRAME).rows)


def rows() -> dict[str, Row]:
    """
    Measure the equation against its floor, and how time and memory grow to a million orders.

    The exponent of growth is the logarithm of how much longer ten times the orders take; 1 is
    linear.
    """
    few = sides_of(make_orders(FEW))
    ratio, spread = compare(partial(add_up, few), partial(equation, few))
    many, every = make_orders(MANY), make_orders(ALL)
    sides = sides_of(many), sides_of(every)
    least = [quickest(partial(add_up, one)) for one in sides]
    took = [quickest(partial(equation, one)) for one in sides]
    told = [quickest(partial(order_match, one, FRAME)) for one in (many, every)]
    held = most_held(partial(equation, sides[0])) / MANY
    weight = added("benchmarks.books", "match", first=FEW, count=MANY) * 1024 * 1024 / MANY
    name = "books: 1 M orders"
    return {
        "books: control equation of 10 k orders": Row(ratio, FLOOR, spread),
        f"{name}, floor": Row(
            least[1], "100 k orders", unit="s", growth=log10(least[1] / least[0])
        ),
        f"{name}, equation": Row(
            took[1], "100 k orders", unit="s", growth=log10(took[1] / took[0])
        ),
        "books: an order in the equation": Row(held, "both sides at hand", unit="bytes"),
        f"{name}, report A": Row(
            told[1], "100 k orders", unit="s", growth=log10(told[1] / told[0])
        ),
        "books: order and its row of report A": Row(weight, "nothing", unit="bytes"),
    }
