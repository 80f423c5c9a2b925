"""Whether a period may be called closed: the equation of its days, and everything left open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from decimal import Decimal

from attrs import frozen

from oro_prima.reconcile.equation import TERMS, DayEquation, Term, reconcile_day
from oro_prima.reconcile.reports.books import Books
from oro_prima.reconcile.table import Cell, Table, columns_of
from oro_prima.records import Home
from oro_prima.values import LocalDate, local_date

COLUMNS = columns_of("""
day date Day of the books, by the orders' creation.
currency text Currency of the gross.
term text One term of the equation; `difference` is what is left, and should be nothing.
orders count Orders.
gross money Their gross as captured; `captured` and `not yet read` as the shop shows it now.
not_stated count Orders among them whose total nobody states; they count as nothing.
""")

STILL_OPEN = (Home.WAITING, Home.HELD, Home.IN_DOUBT)


@frozen
class Closing:
    """
    What may be said of a period.

    Attributes:
        ties: The equation leaves nothing on any day.
        closed: Every order and every invoice of it is settled on both sides, and nothing that is
            needed to say so is missing.
        verdict: One sentence for finance.
        open: What stands against closing, one sentence each.
    """

    ties: bool
    closed: bool
    verdict: str
    open: tuple[str, ...] = ()


def equations(books: Books) -> tuple[DayEquation, ...]:
    """Return the equation of each day of the period, from one reading of both sides."""
    captures = [one.capture for one in books.orders]
    frame = books.frame
    days = (frame.last - frame.first).days + 1
    return tuple(
        reconcile_day(
            books.shown,
            captures,
            day=LocalDate(frame.first + timedelta(days=n)),
            zone=frame.zone,
        )
        for n in range(days)
    )


def equation_table(days: Iterable[DayEquation], books: Books) -> Table:
    """Return the equation as a report: a row for each day, currency and term that is not empty."""
    some = tuple(days)
    rows = tuple(row for day in some for row in _rows(day))
    loose = sum(not day.ties for day in some)
    notes = [
        f"orders created {books.frame.period}",
        "every day ties" if not loose else f"{loose} days do not tie",
        *_opening(books),
    ]
    mains = sum(day.mains for day in some)
    if mains:
        notes.append(f"{mains} main orders stand in no term: they are posted through sub-orders")
    return Table("equation", "Control equation", COLUMNS, rows, tuple(notes))


def _opening(books: Books) -> Iterator[str]:
    """Say what was open when the period began, and still is."""
    found: dict[str, tuple[int, Decimal]] = {}
    for one in books.earlier:
        orders, gross = found.get(one.capture.currency, (0, Decimal(0)))
        found[one.capture.currency] = orders + 1, gross + (one.capture.gross or 0)
    for currency, (orders, gross) in sorted(found.items()):
        yield f"open from before: {orders} orders, {gross:.2f} {currency}"


def _rows(day: DayEquation) -> Iterator[tuple[Cell, ...]]:
    for line in day.lines:
        terms: list[tuple[str, Term]] = [("captured", line.captured), ("revalued", line.revalued)]
        terms += [(home.value.replace("_", " "), line.homes[home]) for home in TERMS]
        terms += [("not yet read", line.not_yet_read)]
        for name, term in terms:
            if term != Term():
                yield (day.day, line.currency, name, term.orders, term.gross, term.not_stated)
        left = line.difference
        yield (day.day, line.currency, "difference", left.orders, left.gross, left.not_stated)


def closing(books: Books, days: Iterable[DayEquation]) -> Closing:
    """
    Say whether a period ties, and whether it may be called closed.

    "Closed" is said only where the last day is over, invoices are bound and compared by both sides'
    rules, and nothing is open: no order on its way, no record held, no invoice missing or
    unexplained.
    """
    loose = [day for day in days if not day.ties]
    stands = tuple(_open(books))
    ties = "orders do NOT tie" if loose else "orders tie"
    if loose:
        named = ", ".join(day.day.isoformat() for day in loose[:5])
        stands = (f"the equation leaves a difference on {named}", *stands)
    if not stands:
        return Closing(True, True, f"{ties}; the period is closed: nothing is open")
    return Closing(not loose, False, f"{ties}; not closed: {'; '.join(stands)}", stands)


def _open(books: Books) -> Iterator[str]:
    frame = books.frame
    if local_date(frame.now, frame.zone) <= frame.last:
        yield f"{frame.last.isoformat()} is not over"
    homes = [one.capture.home for one in (*books.earlier, *books.orders) if not one.main]
    for home in STILL_OPEN:
        if home in homes:
            yield f"{homes.count(home)} orders {home.value.replace('_', ' ')}"
    if books.not_read:
        yield f"{len(books.not_read)} orders not read yet"
    edited = [one for one in books.orders if one.owner and one.capture.home is Home.POSTED]
    if edited:
        yield f"{len(edited)} posted orders have an open record"
    if books.despatch_unread:
        yield f"{len(books.despatch_unread)} orders whose despatches cannot be read"
    if books.bills is None:
        yield "invoices are not available: invoice is unbound"
        return
    missing = sum(not one.invoices for one in books.bills)
    if missing:
        yield f"{missing} posted orders without an invoice"
    loose = sum(bool(one.invoices) and not one.ties for one in books.bills)
    if loose:
        yield f"{loose} orders whose invoices do not tie"
    if books.rules is None:
        yield "how both sides compute tax is not set"
