"""Reading a full stock answer: typed rows, plain tuples, memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from functools import partial

from benchmarks.floors import count_starts, pieces, stock_answer, stock_stream
from benchmarks.measuring import Row, added, compare, growth, medians
from oro_prima.call import ResponseHead
from oro_prima.ids import PrimaCompany
from oro_prima.prima.calls import free_stock, free_stock_rows
from oro_prima.prima.calls.reading import AnswerReader, Handler
from oro_prima.prima.models import PrimaProfile
from oro_prima.values import LocalDate

COMPANY, PROFILE = PrimaCompany("1"), PrimaProfile()
TODAY = LocalDate(date(2031, 5, 4))
OK = ResponseHead(200)
FLOOR = "expat feeding expat"
COUNTS = (5_000, 50_000, 500_000)


class Tuples:
    """Keeps rows as tuples: five codes and the exact quantity, no class of ours."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, str, str, str, str, Decimal]] = []

    def over(self, other: Handler) -> Handler:
        """Return a handler that takes `sku` elements and leaves the rest to `other`."""
        known: dict[str, Decimal] = {}
        keep = self.rows.append

        def start(name: str, attributes: list[str]) -> None:
            if name != "sku":
                other(name, attributes)
                return
            _day, text, m1, m2, m3, m4, product = attributes[1::2]
            try:
                quantity = known[text]
            except KeyError:
                quantity = known[text] = Decimal(text)
            keep((product, m1, m2, m3, m4, quantity))

        return start


def typed(body: bytes) -> object:
    """Parse a stock answer into typed rows."""
    decoder = free_stock(profile=PROFILE, company=COMPANY, today=TODAY).decoder(OK)
    _feed(body, decoder.feed)
    return decoder.close()


def tuples(body: bytes) -> object:
    """Parse a stock answer into tuples, by the same reader."""
    rows = Tuples()
    reader = AnswerReader(rows)
    _feed(body, reader.feed)
    reader.close()
    return rows.rows


def _feed(body: bytes, feed: Callable[[bytes], None]) -> None:
    for data in pieces(body):
        feed(data)


def consume_stream(rows: int) -> None:
    """Read an answer that arrives in pieces, forgetting each row."""
    consume(stock_stream(rows))


def consume(body: Iterable[bytes]) -> None:
    """Read an answer, each row typed, and forget it."""
    call = free_stock_rows(lambda _row: None, profile=PROFILE, company=COMPANY, today=TODAY)
    decoder = call.decoder(OK)
    for data in body:
        decoder.feed(data)
    decoder.close()


def paces(rows: int) -> dict[str, Row]:
    """Read an answer of so many rows in a pass, and scan the same bytes, by turns."""
    body = list(stock_stream(rows))
    scan, took, spread = medians(partial(count_starts, body), partial(consume, body))
    name = f"stock: {rows} rows in a pass"
    return {
        name: Row(took / scan, FLOOR, spread),
        f"{name}, expat alone": Row(rows / scan, "0", unit="rows/s"),
        f"{name}, typed": Row(rows / took, "0", unit="rows/s"),
    }


def rows() -> dict[str, Row]:
    """Measure."""
    small, large = stock_answer(5400), stock_answer(54_000)
    found: dict[str, Row] = {}
    for name, parse in (("typed rows", typed), ("tuples", tuples)):
        ratio, spread = compare(partial(count_starts, pieces(small)), partial(parse, small))
        grown = growth(partial(parse, small), partial(parse, large))
        found[f"stock: SOAP bytes to {name}"] = Row(ratio, FLOOR, spread, growth=grown)
    for count in COUNTS:
        found |= paces(count)
    used = {
        count: added("benchmarks.stock", "consume_stream", first=250, count=count)
        for count in COUNTS
    }
    for count, megabytes in used.items():
        more = megabytes - used[COUNTS[0]]
        name = f"stock: memory, {count} rows consumed in a pass"
        found[name] = Row(megabytes, "0", unit="MB", growth=more)
    return found
