"""The explorer's Prima: what it keeps as a value, what it answers as bytes."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from enum import Enum
from functools import lru_cache

from attrs import evolve, frozen

from oro_prima.call import HttpRequest, HttpResponse
from oro_prima.sandbox.prima.soap import write_answer
from oro_prima.sandbox.prima.xml import Node, write_xml

ABSENT_CODE = "404"
"""What this Prima says of a number that it does not know; a profile may or may not trust it."""

KEPT = timedelta(hours=25)
"""An order is purged no earlier than this after it was taken: certainty, a lease and a call."""

ARRIVES = KEPT
"""A request that left arrives within this, or never: longer than anybody may believe it is not."""

DAY = timedelta(hours=24)
"""The certainty: what is older may still arrive, and is not forgotten yet."""


class Fate(Enum):
    """What becomes of one request to Prima and of its answer."""

    FINE = "answered"
    UNREACHABLE = "it certainly does not leave"
    LOST_REQUEST = "the request is lost on its way"
    LOST_ANSWER = "Prima carries it out and the answer is lost"
    SLOW = "no answer comes; the request is still on its way"
    TWICE = "answered; a copy of the request is still on its way"


@frozen
class Taken:
    """One acceptance; a purged one is not found any more and its number is free again."""

    number: str
    reference: str
    at: datetime
    purged: bool = False


@frozen
class OnTheWay:
    """A request that left and may still arrive, within `ARRIVES`."""

    number: str
    reference: str
    sent: datetime


@frozen
class Book:
    """
    Everything that this Prima knows, and what is on its way to it.

    `elsewhere`: another data set answers in its place; it knows none of our orders and takes none.
    """

    taken: tuple[Taken, ...] = ()
    on_the_way: tuple[OnTheWay, ...] = ()
    elsewhere: bool = False

    def knows(self, number: str) -> bool:
        """Tell whether an enquiry after `number` finds an order."""
        return not self.elsewhere and self.holds(number)

    def holds(self, number: str) -> bool:
        """Tell whether the right data set has an order of that number."""
        return any(one.number == number and not one.purged for one in self.taken)

    def times(self, reference: str) -> int:
        """Count how often an order was ever taken, under whatever number."""
        return sum(one.reference == reference for one in self.taken)


def take(book: Book, number: str, reference: str, *, now: datetime) -> Book:
    """Take an order whose number is free; an equal book where it is not."""
    if book.elsewhere or book.holds(number):
        return book
    return evolve(book, taken=(*book.taken, Taken(number, reference, now)))


def send_off(book: Book, number: str, reference: str, *, now: datetime) -> Book:
    """Leave a request on its way; what goes to another data set is never seen here."""
    if book.elsewhere:
        return book
    return evolve(book, on_the_way=(*book.on_the_way, OnTheWay(number, reference, now)))


def arrive(book: Book, place: int, *, now: datetime) -> Book:
    """Let the request at `place` arrive at last; nobody hears the answer."""
    late = book.on_the_way[place]
    rest = book.on_the_way[:place] + book.on_the_way[place + 1 :]
    return take(evolve(book, on_the_way=rest), late.number, late.reference, now=now)


def purge(book: Book, place: int) -> Book:
    """Forget the order at `place`: its number is free again."""
    taken = list(book.taken)
    taken[place] = evolve(taken[place], purged=True)
    return evolve(book, taken=tuple(taken))


def turned(book: Book) -> Book:
    """Let another data set answer, or the right one again."""
    return evolve(book, elsewhere=not book.elsewhere)


def dropped(book: Book, *, now: datetime) -> Book:
    """Return the book without requests that never arrived."""
    left = tuple(one for one in book.on_the_way if now - one.sent < ARRIVES)
    return book if left == book.on_the_way else evolve(book, on_the_way=left)


def normal(book: Book, *, now: datetime, then: datetime) -> Book:
    """Return the book as it is to a world whose clock says `then`: young, a day old, or old."""
    taken = [
        evolve(one, at=then - (KEPT if one.purged else _age(now - one.at))) for one in book.taken
    ]
    left = [evolve(one, sent=then - _age(now - one.sent)) for one in book.on_the_way]
    order = sorted(left, key=lambda one: (one.number, one.sent))
    return evolve(book, taken=tuple(sorted(taken, key=_order)), on_the_way=tuple(order))


def _age(age: timedelta) -> timedelta:
    """Return the least age of the same kind."""
    if age >= KEPT:
        return KEPT
    return DAY + timedelta(seconds=1) if age > DAY else timedelta(0)


def _order(one: Taken) -> tuple[str, str, bool, datetime]:
    return (one.reference, one.number, one.purged, one.at)


_NUMBER = re.compile(rb'OrderNumber="([0-9]+)"')
_REFERENCE = re.compile(rb'TPGUID="([^"]*)"')


def number_in(request: HttpRequest) -> str:
    """Read the order number out of a request, as a server would."""
    found = _NUMBER.search(request.body)
    if found is None:
        msg = "the request names no order number"
        raise ValueError(msg)
    return found[1].decode("ascii")


def reference_in(request: HttpRequest) -> str:
    """Read the reference out of a request."""
    found = _REFERENCE.search(request.body)
    return found[1].decode("ascii") if found else ""


@lru_cache(maxsize=256)
def order_answer(book: Book, number: str, reference: str) -> HttpResponse:
    """Answer `MultiNewOrder` as `book` stood before it came."""
    if book.elsewhere:
        return _refused(number, reference, "(E:194) The account is not on file.")
    if book.holds(number):
        return _refused(number, reference, "(E:21) An order with that number is on file already.")
    data = {"CustomerCode": "TRADE1", "OrderNumber": number, "TPGUID": reference}
    return _written(Node("Result", {}, (Node("Data", data | {"RequestStatus": "OK"}),)))


def _refused(number: str, reference: str, text: str) -> HttpResponse:
    data = {"OrderNumber": number, "RequestStatus": "ERROR", "TPGUID": reference}
    error = Node("RequestError", {"Error": text})
    return _written(Node("Result", {}, (Node("Data", data, (error,)),)))


@lru_cache(maxsize=256)
def status_answer(book: Book, number: str) -> HttpResponse:
    """Answer `OrderStatus`."""
    if book.knows(number):
        data = Node("Data", {"OrderStatus": "Entered"})
        return _written(Node("Result", {"RequestStatus": "OK"}, (data,)))
    text = {"Error": f"(E:{ABSENT_CODE}) No order of that number.", "RequestStatus": "ERROR"}
    return _written(Node("Result", text))


def _written(result: Node) -> HttpResponse:
    text = '<?xml version="1.0" encoding="ISO-8859-1"?>' + write_xml(result)
    return write_answer(text, operation="wsomhandler", style="rpc-literal")
