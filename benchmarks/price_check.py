"""A batch of orders planned with its prices checked, against the same batch by intent alone."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from functools import partial

from attrs import evolve

from benchmarks.measuring import Row, compare, growth
from oro_prima.ids import (
    OroCustomerId,
    OroLineId,
    OroOrderId,
    OroSku,
    PrimaAccount,
    PrimaCompany,
    PrimaPriceBook,
    UnitCode,
)
from oro_prima.mapping import (
    AccountFacts,
    Component,
    OrderPolicy,
    PriceBasis,
    PriceCheck,
    ReadBook,
    Tables,
)
from oro_prima.oro.models import Order, OrderAddress, OrderLine
from oro_prima.plans import OrderSnapshot, plan_orders
from oro_prima.prima.models import PriceBook, PriceBookRow
from oro_prima.records import Link
from oro_prima.values import SkuKey

NOW = datetime(2031, 5, 4, 12, tzinfo=UTC)
BUYER, ACCOUNT, BOOK = OroCustomerId("3"), PrimaAccount("A"), PrimaPriceBook("TRADE")
EACH, COMPANY = UnitCode("each"), PrimaCompany("1")
LINES, BREAKS = 5, (1, 10, 100)
INTENT = OrderPolicy(datetime(2031, 1, 1, tzinfo=UTC), PriceBasis.OMIT, vat_inclusive=False)
CHECK = evolve(INTENT, price_check=PriceCheck.CHECK_AND_HOLD)


def batch(orders: int) -> OrderSnapshot:
    """Return so many orders of five lines each, no SKU twice, and the book of their SKUs."""
    skus = range(orders * LINES)
    units = {(OroSku(f"S{n}"), EACH): (Component(SkuKey(f"P{n}"), Fraction(1)),) for n in skus}
    rows = tuple(
        PriceBookRow(BOOK, SkuKey(f"P{n}"), Decimal(at), Decimal(10)) for n in skus for at in BREAKS
    )
    tables = Tables(
        COMPANY,
        links={BUYER: Link(BUYER, ACCOUNT, COMPANY, "Kim", NOW, "")},
        units=units,
        accounts={ACCOUNT: AccountFacts(price_book=BOOK)},
    )
    books = {BOOK: ReadBook((PriceBook(BOOK, "GBP", vat_inclusive=False),), rows)}
    return OrderSnapshot(NOW, tuple(map(_order, range(1, orders + 1))), tables, books=books)


def _order(n: int) -> Order:
    lines = tuple(
        OrderLine(
            OroLineId(str(at)), OroSku(f"S{(n - 1) * LINES + at}"), EACH, Decimal(12), Decimal(10)
        )
        for at in range(LINES)
    )
    return Order(
        id=OroOrderId(str(n)),
        created_at=NOW.replace(hour=9),
        updated_at=NOW.replace(hour=9),
        currency="GBP",
        customer=BUYER,
        internal_status="open",
        line_ids=tuple(line.id for line in lines),
        lines=lines,
        shipping_address=OrderAddress("1", street="1 Sample Street", postal_code="ZZ1 1ZZ"),
    )


def rows() -> dict[str, Row]:
    """Measure a hundred orders, and how time grows to a thousand."""
    small, large = batch(100), batch(1_000)
    for one in (small, large):
        posted = plan_orders(one, CHECK).commands
        if len(posted) != len(one.orders):
            msg = f"{len(posted)} of {len(one.orders)} orders agree"
            raise AssertionError(msg)
    checked = partial(_afresh, small)
    ratio, spread = compare(partial(plan_orders, small, INTENT), checked)
    grown = growth(checked, partial(_afresh, large))
    name = "orders: a batch planned, prices checked"
    return {name: Row(ratio, "the same batch by intent alone", spread, growth=grown)}


def _afresh(snapshot: OrderSnapshot) -> object:
    """Plan with books that nobody has indexed yet, as they come from reading."""
    books = {code: ReadBook(one.heads, one.rows) for code, one in snapshot.books.items()}
    return plan_orders(evolve(snapshot, books=books), CHECK)
