"""
What a wholesale business keeps up beside its orders, made up; and what goes wrong with it.

Accounts, prices, goods, parcels, invoices, stock. Written from what users of such connectors suffer
from, in the business's own words. It knows nothing of our rules or reasons: it imports the standard
library alone, and a test sees to that. Each problem is planted in things of its own, so that what
is found of one cannot hide another.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from random import Random

TRADE = "TRADE-GBP"
MANY = 2
"""How often each problem is planted."""


@dataclass(frozen=True)
class Scale:
    """How much of everything; `days` are played one after the other."""

    customers: int
    products: int
    sales: int
    days: int = 4


FEW = Scale(60, 90, 160)
MUCH = Scale(5_000, 20_000, 3_000, 10)


@dataclass(frozen=True)
class Account:
    """An account as the ERP's clerks keep it; `approved_as` is what its link was approved on."""

    customer: str
    code: str
    terms: str = "30EOM"
    currency: str = "GBP"
    group: str = "TRADE"
    on_stop: str = "No"
    gone: bool = False
    approved_as: str = ""
    problem: str = ""


@dataclass(frozen=True)
class Goods:
    """
    One product and the units that it is sold in, as (unit, pieces).

    `prices` are the rows of the price book, as (from how many, price); `later` those from the
    second day on; `stock` what is free, day by day, the last one for ever.
    """

    sku: str
    units: tuple[tuple[str, int], ...]
    prices: tuple[tuple[int, str], ...]
    later: tuple[tuple[int, str], ...]
    stock: tuple[int, ...]
    unmapped: tuple[str, ...] = ()
    by_halves: bool = False
    sold_by_prima: bool = True
    tax_code: bool = True
    back_orders: bool = False
    problem: str = ""


@dataclass(frozen=True)
class Parcel:
    """A despatch note: pieces of the first line, and what the carrier calls it."""

    note: str
    pieces: str
    tracking: str


@dataclass(frozen=True)
class Bill:
    """An invoice or a credit: pieces of a line, and three figures."""

    number: str
    line: int
    pieces: str
    net: str
    vat: str
    gross: str
    currency: str = "GBP"
    credit: bool = False


@dataclass(frozen=True)
class Sale:
    """
    One order of one line, and what comes of it on the next day.

    `status` is the ERP's text; `ends` what else happens to it: purged there, or closed in the shop.
    `told_again`: its parcels and bills come a second time, on the day after. `shown` is what the
    shop should say of it in the end; blank where nobody says. `off` is how much a piece was sold
    above what the price book of the day says.
    """

    number: int
    day: int
    customer: int
    goods: int
    quantity: int
    status: str = ""
    ends: str = ""
    discount: Decimal | None = None
    parcels: tuple[Parcel, ...] = ()
    bills: tuple[Bill, ...] = ()
    told_again: bool = False
    shown: str = ""
    off: Decimal = Decimal(0)
    problem: str = ""


@dataclass(frozen=True)
class Upkeep:
    """Everything there is, and how often each problem was planted."""

    accounts: tuple[Account, ...]
    goods: tuple[Goods, ...]
    sales: tuple[Sale, ...]
    counts: dict[str, int] = field(default_factory=dict[str, int])


PROBLEMS: dict[str, str] = {
    "the account is gone from the ERP": "need 3: right account, or none",
    "terms that nobody translated": "need 3: terms of an account are guessed elsewhere",
    "a group that the shop does not have": "need 7: the cause on the record's own page",
    "the account is on stop": "need 3: orders of stopped accounts reach the warehouse elsewhere",
    "the account is kept in euro": "need 5: shipping and refunds in the wrong currency",
    "the link was approved on a code that changed": "need 3: linked anew by name elsewhere",
    "sold at another price than the book's": "need 5: the invoice is not what the customer saw",
    "a status that nobody translated": "need 11: what is unknown is shipped elsewhere",
    "the ERP forgot the order": "need 14: where is order X, and why?",
    "more was sent than ordered": "need 11: the sum is never above what was ordered",
    "a tracking number that no field holds": "need 7: one record fails, not the run",
    "cancelled in the ERP": "need 9: cancellations after export",
    "sent after the shop closed the order": "need 9: edits after export",
    "a promotion changed what is owed": "need 5: totals agree, or the gap is explained",
    "nobody has a price": "need 12: prices do not sync",
    "no tax code": "need 5: VAT of a line goes missing",
    "a code that the ERP does not sell": "need 6: total map of product and unit",
    "a unit that nobody told": "need 6: falls back to Nos elsewhere",
    "half a piece can be bought": "need 6: a pallet is not each",
    "nobody holds shoppers to the stock": "need 4: never oversell",
    "ten times dearer overnight": "need 12: bulk prices with a slip",
    "a price that the book dropped": "need 12: old prices are sold for ever elsewhere",
    "two prices at once": "need 12: validity",
    "a thousand times as much stock overnight": "need 4: refuse a change outside a band",
    "hardly any stock overnight": "need 21: quiet failure noticed",
    "one invoice twice, and not the same": "need 8: month-end that ties",
    "an invoice in another currency": "need 10: refund in the wrong currency",
    "an invoice that does not add up": "need 5: totals agree",
    "an invoice with a line of nobody's": "need 8: month-end that ties",
    "more was invoiced than ordered": "need 8: month-end that ties",
    "more was credited than invoiced": "need 10: returns and credit notes",
}
"""What somebody has to look at, and where that is known from."""

HARMLESS: dict[str, str] = {
    "sent in one parcel": "need 11",
    "sent in parts": "need 11: part shipments",
    "sent in part, the rest to come": "need 11: back-orders",
    "sent, and the status lags": "need 16: events out of order",
    "the same notes twice": "need 16: events twice",
    "a status in other letters": "need 17",
    "invoiced in parts": "need 8",
    "invoiced and credited": "need 10",
    "nothing yet": "need 11",
}
"""What looks odd and has to come out right without anybody."""


def make_upkeep(seed: int, scale: Scale) -> Upkeep:
    """Make it up; the same number, the same business."""
    rng = Random(seed)
    counts = dict.fromkeys((*PROBLEMS, *HARMLESS), 0)
    accounts = list(_plain_accounts(rng, scale))
    goods = list(_plain_goods(rng, scale))
    sales = list(_plain_sales(rng, scale, accounts, goods))
    places = iter(range(len(sales)))
    for kind in (*PROBLEMS, *HARMLESS):
        for _n in range(MANY if scale is FEW else 5 * MANY):
            counts[kind] += 1
            if kind in _OF_ACCOUNTS:
                sale = next(places)
                accounts.append(_account(kind, len(accounts)))
                sales[sale] = replace(sales[sale], customer=len(accounts) - 1)
                if kind in _STOPS_ORDERS:
                    sales[sale] = replace(sales[sale], problem=kind)
            elif kind in _OF_GOODS:
                goods.append(_goods(rng, kind, len(goods)))
                if not goods[-1].sold_by_prima:
                    sale = next(places)
                    sales[sale] = replace(sales[sale], goods=len(goods) - 1, problem=kind)
            else:
                place = next(places)
                sales[place] = _sale(sales[place], kind)
    return Upkeep(tuple(accounts), tuple(goods), tuple(sales), counts)


def _plain_accounts(rng: Random, scale: Scale) -> Iterator[Account]:
    for n in range(scale.customers):
        yield Account(
            f"Customer {n:05}", f"T{n:06}", rng.choice(("30EOM", "30D")),
            group=rng.choice(("TRADE", "RETAIL")),
        )  # fmt: skip


def _account(kind: str, n: int) -> Account:
    changes: dict[str, object] = {
        "the account is gone from the ERP": {"gone": True},
        "terms that nobody translated": {"terms": "BARTER"},
        "a group that the shop does not have": {"group": "LOST"},
        "the account is on stop": {"on_stop": "Yes"},
        "the account is kept in euro": {"currency": "EUR"},
        "the link was approved on a code that changed": {"approved_as": "code OLD"},
    }
    one = Account(f"Customer {n:05}", f"T{n:06}", problem=kind)
    return replace(one, **changes[kind])  # type: ignore[arg-type]


_OF_ACCOUNTS = tuple(PROBLEMS)[:6]
_STOPS_ORDERS = (_OF_ACCOUNTS[0], *_OF_ACCOUNTS[3:])
_OF_GOODS = tuple(PROBLEMS)[14:25]


def _plain_goods(rng: Random, scale: Scale) -> Iterator[Goods]:
    for n in range(scale.products):
        yield _one_of_goods(rng, n)


def _one_of_goods(rng: Random, n: int) -> Goods:
    price = Decimal(rng.randrange(200, 9_000)) / 100
    units = (("each", 1), ("case", 6)) if n % 3 == 0 else (("each", 1),)
    rows = ((1, str(price)), (50, str(price - 1))) if n % 4 == 0 else ((1, str(price)),)
    later = tuple((quantity, str(Decimal(text) + 1)) for quantity, text in rows)
    moved = later if n % 7 == 0 else rows
    stock = rng.randrange(400, 900)
    return Goods(f"P{n:06}", units, rows, moved, (stock, stock - rng.randrange(50)))


def _goods(rng: Random, kind: str, n: int) -> Goods:
    one = replace(_one_of_goods(rng, n), units=(("each", 1),), problem=kind)
    one = replace(one, later=one.prices)
    (quantity, price), *_rest = one.prices
    changes: dict[str, dict[str, object]] = {
        "nobody has a price": {"prices": (), "later": ()},
        "no tax code": {"tax_code": False},
        "a code that the ERP does not sell": {"sold_by_prima": False},
        "a unit that nobody told": {"units": (("each", 1), ("bundle", 4)), "unmapped": ("bundle",)},
        "half a piece can be bought": {"by_halves": True},
        "nobody holds shoppers to the stock": {"back_orders": True},
        "ten times dearer overnight": {"later": ((quantity, str(Decimal(price) * 10)),)},
        "a price that the book dropped": {
            "prices": ((1, price), (70, price)), "later": ((1, price),),
        },
        "two prices at once": {
            "prices": ((1, price), (1, "1.11")), "later": ((1, price), (1, "1.11")),
        },
        "a thousand times as much stock overnight": {"stock": (50, 50_000)},
        "hardly any stock overnight": {"stock": (9_000, 40)},
    }  # fmt: skip
    return replace(one, **changes[kind])  # type: ignore[arg-type]


def _plain_sales(
    rng: Random, scale: Scale, accounts: list[Account], goods: list[Goods]
) -> Iterator[Sale]:
    for n in range(scale.sales):
        yield Sale(
            n, n % (scale.days - 1), rng.randrange(len(accounts)), rng.randrange(len(goods)), 4
        )


def _sale(plain: Sale, kind: str) -> Sale:
    """Let one thing happen to a sale; `problem` is kept where somebody has to look at it."""
    n = plain.number
    whole = Parcel(f"D{n}", "4", f"SMP{n}")
    half = Parcel(f"D{n}", "2", f"SMP{n}")
    rest = Parcel(f"E{n}", "2", f"SMR{n}")
    bill = Bill(f"I{n}", 1, "4", "40.00", "8.00", "48.00")
    changes: dict[str, dict[str, object]] = {
        "sold at another price than the book's": {"off": Decimal("-0.05")},
        "a status that nobody translated": {"status": f"On van {n}"},
        "the ERP forgot the order": {"ends": "purged"},
        "more was sent than ordered": {
            "status": "Despatched", "parcels": (whole, replace(whole, note=f"E{n}", pieces="1")),
        },
        "a tracking number that no field holds": {
            "status": "Despatched", "parcels": (replace(whole, tracking="9" * 300),),
        },
        "cancelled in the ERP": {"status": "Cancelled"},
        "sent after the shop closed the order": {"status": "Despatched", "ends": "closed"},
        "a promotion changed what is owed": {
            "status": "Despatched", "discount": Decimal("1.00"), "day": 0,
        },
        "one invoice twice, and not the same": {
            "bills": (
                replace(bill, pieces="2", net="20.00", vat="4.00", gross="24.00"),
                replace(bill, pieces="2", net="22.00", vat="4.40", gross="26.40"),
            ),
        },
        "an invoice in another currency": {"bills": (replace(bill, currency="EUR"),)},
        "an invoice that does not add up": {"bills": (replace(bill, gross="48.10"),)},
        "an invoice with a line of nobody's": {"bills": (replace(bill, line=7),)},
        "more was invoiced than ordered": {"bills": (replace(bill, pieces="5"),)},
        "more was credited than invoiced": {
            "bills": (bill, replace(bill, number=f"C{n}", pieces="5", credit=True)),
        },
        "sent in one parcel": {
            "status": "Despatched", "parcels": (whole,), "shown": "shipped",
        },
        "sent in parts": {
            "status": "Part Despatched", "parcels": (half, rest), "shown": "shipped",
        },
        "sent, and the status lags": {"parcels": (whole,), "shown": "shipped"},
        "the same notes twice": {
            "status": "Despatched", "parcels": (whole,), "bills": (bill,), "told_again": True,
            "shown": "shipped",
        },
        "a status in other letters": {"status": "DESPATCHED", "shown": "shipped"},
        "invoiced in parts": {
            "bills": (replace(bill, pieces="1"), replace(bill, number=f"J{n}", pieces="3")),
        },
        "invoiced and credited": {"bills": (bill, replace(bill, number=f"C{n}", credit=True))},
        "sent in part, the rest to come": {
            "status": "Part Despatched", "parcels": (half,), "shown": "partially_shipped",
        },
        "nothing yet": {"shown": "not_shipped"},
    }  # fmt: skip
    one = replace(plain, **changes[kind])  # type: ignore[arg-type]
    return replace(one, problem=kind if kind in PROBLEMS else "")
