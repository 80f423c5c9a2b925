"""
A month of a wholesale business, made up: what is sold, who buys, and what goes wrong on the way.

Written from what users of such connectors suffer from and from the defects of other connectors, in
the business's own words. It knows nothing of our rules or reasons: it imports the standard library
alone, and a test sees to that. One number makes the whole month; the same number, the same month.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from random import Random
from typing import Any, TypeVar

DAYS = 30


@dataclass(frozen=True)
class Size:
    """How much of everything."""

    customers: int
    skus: int
    orders: int
    share: float = 0.03
    """Share of orders that something is wrong with."""


SMALL = Size(40, 120, 300, 0.35)
DAY = Size(60, 240, 400, 0.15)
FULL = Size(5_000, 20_000, 60_000)


@dataclass(frozen=True)
class Unit:
    """A unit of sale: so many pieces of one code; `mapped` is False where nobody told Prima's."""

    name: str
    pieces: int
    price: Decimal
    mapped: bool = True


@dataclass(frozen=True)
class Product:
    """One product of the catalogue: Prima's code and the units that it is sold in."""

    sku: str
    code: str
    units: tuple[Unit, ...]


@dataclass(frozen=True)
class Customer:
    """An organisation: whether somebody approved its account, and how its price book is."""

    name: str
    account: str
    approved: bool = True
    inclusive: bool = False


@dataclass(frozen=True)
class Line:
    """One line of an order; `free` is one that was typed in by hand."""

    sku: str
    unit: str
    quantity: Decimal
    price: Decimal
    free: bool = False


@dataclass(frozen=True)
class Order:
    """
    One order to come; `later` happens to it on the day after, once it was posted.

    `invoice` says what its invoice gets wrong; empty for nothing.
    """

    number: int
    day: int
    minute: int
    customer: int
    lines: tuple[Line, ...]
    po: str
    street: str
    notes: str = ""
    shipping: Decimal | None = None
    external: bool = False
    too_old: bool = False
    cancelled: bool = False
    lost_reply: bool = False
    dropped: bool = False
    address: bool = True
    later: str = ""
    problem: str = ""
    invoice: str = ""


@dataclass(frozen=True)
class Month:
    """Everything that happens; orders by day and minute."""

    customers: tuple[Customer, ...]
    products: tuple[Product, ...]
    orders: tuple[Order, ...]
    counts: dict[str, int] = field(default_factory=dict[str, int])


PROBLEMS: dict[str, str] = {
    "no approved account": "need 3: right account or none; ERPNext has a default customer",
    "VAT basis of the account differs": "need 5: net prices to an account that holds gross ones",
    "a missing product on the last line": "defect 1: the order is created without it elsewhere",
    "a missing product before a good line": "defect 1, the other half",
    "typed in by hand": "need 6: a line that is no product of the catalogue",
    "a unit that nobody told": "need 6: ERPNext falls back to Nos",
    "a broken pallet": "need 6: half a pallet of an odd number of pieces",
    "a price of four decimals": "need 5: rounding a unit price moves the total",
    "a script that Prima cannot write": "need 17: question marks on delivery notes",
    "an address that does not fit": "need 13: cut off without a word elsewhere",
    "nowhere to deliver to": "need 13: the customer's old address is used elsewhere",
    "no lines at all": "need 18: one bad order stops a backfill elsewhere",
    "cancelled after it was posted": "need 9: edits after export are lost elsewhere",
    "changed after it was posted": "need 9: the shop says 3, the ERP sends 1",
}
"""What somebody has to look at, and where that is known from."""

HARMLESS: dict[str, str] = {
    "the reply was lost": "need 1: a second order after a timeout",
    "the request was lost": "need 1: an order that never arrived",
    "cancelled before it was posted": "need 9: a late create must not beat a tombstone",
    "it came from the ERP": "a loop",
    "older than the cut-over": "need 18: history is not posted",
    "accents and an euro sign": "need 17: most of Europe can be written",
    "two lines of one product": "defect 1's cousin: lines are merged elsewhere",
    "a shared purchase order number": "need 13: shared references are legitimate",
}
"""What looks wrong and has to come out right without anybody."""

INVOICES: dict[str, str] = {
    "dearer": "need 5: price",
    "part of it": "need 11: part-invoiced",
    "more than ordered": "need 5: quantity",
    "a discount nobody agreed": "need 5: discount",
    "carriage added": "need 5: shipping",
    "another VAT code": "need 5: tax code",
    "credited": "need 10: returns and credit notes",
    "three pounds from nowhere": "need 8: month-end that ties, or says why not",
}
"""What invoices get wrong."""


def make_month(seed: int, size: Size) -> Month:
    """Make up a month."""
    rng = Random(seed)
    customers = tuple(_customers(size))
    products = tuple(_products(rng, size))
    made = _Maker(rng, customers, products)
    per_day, orders = size.orders / DAYS, list[Order]()
    for n in range(size.orders):
        day, minute = int(n / per_day), rng.randrange(22 * 60)
        orders.append(made.order(n, day, minute, size.share))
    ordered = tuple(sorted(orders, key=lambda one: (one.day, one.minute, one.number)))
    return Month(customers, products, ordered, made.counts)


def _customers(size: Size) -> Iterator[Customer]:
    yield Customer("Unapproved Ltd", "NEW0001", approved=False)
    yield Customer("Inclusive Ltd", "INC0001", inclusive=True)
    for n in range(size.customers - 2):
        yield Customer(f"Customer {n:05}", f"T{n:06}")


def _products(rng: Random, size: Size) -> Iterator[Product]:
    for n in range(size.skus):
        price = Decimal(rng.randrange(50, 9_000)) / 100
        units = [Unit("each", 1, price)]
        if n % 3 == 0:
            pieces = rng.choice((6, 12))
            units.append(Unit("case", pieces, price * pieces))
        if n % 5 == 0:
            pieces = 45 if n == 0 else 48
            units.append(Unit("pallet", pieces, price * pieces))
        if n == 1:
            units.append(Unit("bundle", 4, price * 4, mapped=False))
        yield Product(f"P{n:06}", f"P{n:06}", tuple(units))


class _Maker:
    """Makes orders, in turn one of each kind of problem, so that none is left out."""

    def __init__(
        self, rng: Random, customers: tuple[Customer, ...], products: tuple[Product, ...]
    ) -> None:
        self._rng, self._customers, self._products = rng, customers, products
        self.counts: dict[str, int] = {}
        self._turn = 0

    def order(self, number: int, day: int, minute: int, share: float) -> Order:
        """Make one order, now and then one that something is wrong with."""
        plain = Order(
            number,
            day,
            minute,
            self._rng.randrange(2, len(self._customers)),
            self._lines(),
            po=f"PO-{number}",
            street=f"{number % 99 + 1} Sample Street",
            notes=self._rng.choice(("", "", "Leave with reception")),
            shipping=self._rng.choice((None, Decimal("7.50"))),
        )
        kinds = (*PROBLEMS, *HARMLESS, *(f"invoice: {one}" for one in INVOICES))
        if self._rng.random() >= share:
            return plain
        kind = kinds[self._turn % len(kinds)]
        self._turn += 1
        if kind in ("cancelled after it was posted", "changed after it was posted") and (
            day >= DAYS - 1
        ):
            return plain
        self.counts[kind] = self.counts.get(kind, 0) + 1
        return self._wrong(plain, kind)

    def _lines(self) -> tuple[Line, ...]:
        lines: list[Line] = []
        for product in self._rng.sample(self._products[2:], self._rng.randint(1, 5)):
            unit = self._rng.choice(product.units)
            lines.append(Line(product.sku, unit.name, Decimal(self._rng.randint(1, 5)), unit.price))
        return tuple(lines)

    def _wrong(self, plain: Order, kind: str) -> Order:
        """Let one thing go wrong; `problem` is kept where somebody has to look at it."""
        if kind.startswith("invoice: "):
            return _with(plain, invoice=kind.removeprefix("invoice: "))
        changed = _CHANGES[kind](self, plain)
        return _with(changed, problem=kind)

    def missing(self) -> Line:
        return Line("GONE-1", "each", Decimal(1), Decimal("9.99"))

    def unit(self, name: str) -> Line:
        product = self._products[0] if name == "pallet" else self._products[1]
        unit = next(one for one in product.units if one.name == name)
        quantity = Decimal("0.5") if name == "pallet" else Decimal(2)
        return Line(product.sku, name, quantity, unit.price)


T = TypeVar("T", Order, Line)


def _with(one: T, **changes: Any) -> T:
    return replace(one, **changes)


_CHANGES: dict[str, Callable[[_Maker, Order], Order]] = {
    "no approved account": lambda _m, o: _with(o, customer=0),
    "VAT basis of the account differs": lambda _m, o: _with(o, customer=1),
    "a missing product on the last line": lambda m, o: _with(o, lines=(*o.lines, m.missing())),
    "a missing product before a good line": lambda m, o: _with(o, lines=(m.missing(), *o.lines)),
    "typed in by hand": lambda _m, o: _with(
        o, lines=(*o.lines, Line("BY-HAND", "each", Decimal(1), Decimal("5.00"), free=True))
    ),
    "a unit that nobody told": lambda m, o: _with(o, lines=(*o.lines, m.unit("bundle"))),
    "a broken pallet": lambda m, o: _with(o, lines=(m.unit("pallet"), *o.lines)),
    "a price of four decimals": lambda _m, o: _with(
        o, lines=(_with(o.lines[0], price=Decimal("1.2345")), *o.lines[1:])
    ),
    "a script that Prima cannot write": lambda _m, o: _with(o, street="\u5317\u4eac\u8def 7"),
    "an address that does not fit": lambda _m, o: _with(o, street="Long Sample Street " * 14),
    "nowhere to deliver to": lambda _m, o: _with(o, address=False),
    "no lines at all": lambda _m, o: _with(o, lines=()),
    "cancelled after it was posted": lambda _m, o: _with(o, later="cancel"),
    "changed after it was posted": lambda _m, o: _with(o, later="edit"),
    "the reply was lost": lambda _m, o: _with(o, lost_reply=True),
    "the request was lost": lambda _m, o: _with(o, dropped=True),
    "cancelled before it was posted": lambda _m, o: _with(o, cancelled=True),
    "it came from the ERP": lambda _m, o: _with(o, external=True),
    "older than the cut-over": lambda _m, o: _with(o, too_old=True),
    "accents and an euro sign": lambda _m, o: _with(
        o, street="12 R\u00fce de l'\u00c9glise", notes="Fragile \u2014 caf\u00e9, 5 \u20ac"
    ),
    "two lines of one product": lambda _m, o: _with(o, lines=(*o.lines, o.lines[0])),
    "a shared purchase order number": lambda _m, o: _with(o, po="PO-SHARED"),
}
