"""A price list and the book that it is made of -> what each tier costs on both sides. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from oro_prima.ids import OroCustomerId
from oro_prima.mapping.prices.books import BookLinks, BookPolicy, book_index
from oro_prima.mapping.prices.chains import PriceCatalogue
from oro_prima.mapping.prices.compare import PriceSides, PriceTables, compare_prices
from oro_prima.mapping.prices.listing import map_book_prices
from oro_prima.mapping.prices.lookup import PriceQuestion, price_index
from oro_prima.mapping.prices.policy import AssignedList, PricePolicy
from oro_prima.oro.models.prices import PriceList, ProductPrice
from oro_prima.plans.prices import PriceSnapshot

EVERYBODY = OroCustomerId("")
"""Whoever buys from the list: its rows are the same for all."""


def price_sides(snapshot: PriceSnapshot, policy: BookPolicy) -> Iterator[PriceSides]:
    """
    Yield what one list and its book say, at each quantity where a tier of either begins.

    No customer is named, and no other list takes part. A book that is there by several currencies
    or VAT bases is no book.

    Source: RULES §6.
    """
    tables = _tables(snapshot)
    made = map_book_prices(
        [key for key in snapshot.units if key[0] in snapshot.products],
        book=snapshot.book,
        price_list=snapshot.price_list,
        day=snapshot.day,
        index=tables.prima,
        units=snapshot.units,
        policy=policy,
        rules=snapshot.rules,
    )
    rows = (*(one.price for one in snapshot.listed), *made.prices)
    for question in dict.fromkeys(_question(row, snapshot) for row in rows):
        yield compare_prices(question, tables, policy)


def _question(row: ProductPrice, snapshot: PriceSnapshot) -> PriceQuestion:
    return PriceQuestion(EVERYBODY, row.sku, row.unit, row.quantity, row.currency, at=snapshot.now)


def _tables(snapshot: PriceSnapshot) -> PriceTables:
    rows = [one.row for one in snapshot.rows if one.book.code == snapshot.book]
    books = list(dict.fromkeys(one.book for one in snapshot.rows if one.book.code == snapshot.book))
    currencies = snapshot.currencies or ()
    catalogue = PriceCatalogue(
        lists=(PriceList(snapshot.price_list, currencies=currencies),),
        prices=tuple(one.price for one in snapshot.listed),
    )
    policy = PricePolicy(frozenset(currencies), default_lists=(AssignedList(snapshot.price_list),))
    return PriceTables(
        price_index(catalogue, policy),
        book_index(books if len(books) == 1 else (), rows),
        BookLinks({EVERYBODY: snapshot.book}, {snapshot.price_list: snapshot.book}),
        snapshot.units,
    )
