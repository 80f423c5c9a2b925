"""Reading a full stock answer: typed rows, plain tuples, memory."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path

from benchmarks.floors import CHUNK, count_starts, stock_answer, stock_stream
from benchmarks.measuring import Row, compare, growth
from oro_prima.call import ResponseHead
from oro_prima.ids import PrimaCompany
from oro_prima.prima.calls import free_stock, free_stock_rows
from oro_prima.prima.calls.reading import AnswerReader, Handler
from oro_prima.prima.models import PrimaProfile
from oro_prima.values import LocalDate

ROOT = Path(__file__).parents[1]
COMPANY, PROFILE = PrimaCompany("1"), PrimaProfile()
TODAY = LocalDate(date(2031, 5, 4))
OK = ResponseHead(200)
FLOOR = "expat feeding expat"


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
    for at in range(0, len(body), CHUNK):
        feed(body[at : at + CHUNK])


def consume_stream(rows: int) -> None:
    """Read an answer that arrives in pieces, forgetting each row."""
    call = free_stock_rows(lambda _row: None, profile=PROFILE, company=COMPANY, today=TODAY)
    decoder = call.decoder(OK)
    for data in stock_stream(rows):
        decoder.feed(data)
    decoder.close()


def memory(rows: int) -> float:
    """Return the megabytes that consuming so many rows adds, in a fresh process."""
    code = (
        "import resource, sys; sys.path.insert(0, '.')\n"
        "from benchmarks.stock import consume_stream\n"
        "consume_stream(300)\n"
        "base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        f"consume_stream({rows})\n"
        "print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - base) / 1024)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return float(done.stdout)


def rows() -> dict[str, Row]:
    """Measure."""
    small, large = stock_answer(5400), stock_answer(54_000)
    found: dict[str, Row] = {}
    for name, parse in (("typed rows", typed), ("tuples", tuples)):
        ratio, spread = compare(partial(count_starts, small), partial(parse, small))
        grown = growth(partial(parse, small), partial(parse, large))
        found[f"stock: SOAP bytes to {name}"] = Row(ratio, FLOOR, spread, growth=grown)
    used = {count: memory(count) for count in (5_000, 50_000, 500_000)}
    for count, megabytes in used.items():
        more = megabytes - used[5_000]
        name = f"stock: memory, {count} rows consumed in a pass"
        found[name] = Row(megabytes, "0", unit="MB", growth=more)
    return found
