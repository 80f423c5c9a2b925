"""
What a price book changes of its list on a later day: known ahead, written on that day. Pure.

OroCommerce could switch lists by itself, by windows of a list. It is not used: see the decision
record on staged prices.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from decimal import Decimal

from attrs import frozen

from oro_prima.ids import OroPriceListId, OroSku, PrimaPriceBook, UnitCode
from oro_prima.mapping.policy import VariantRows
from oro_prima.mapping.price_changes import price_subject, turns_of
from oro_prima.mapping.prices.books import BookIndex, BookPolicy
from oro_prima.mapping.prices.listing import ListedPrices, map_book_prices
from oro_prima.mapping.quantities import QuantityRule
from oro_prima.mapping.tables import UnitKey, UnitTable
from oro_prima.prima.models.prices import PriceBookRow
from oro_prima.values import LocalDate, SkuKey

Slot = tuple[OroSku, UnitCode, Decimal, str]


@frozen
class StagedPrice:
    """
    A row of a list as its book makes it from a day on, by product, unit, quantity and currency.

    `value` is None where the row ends, `previous` where the book has none the day before.
    """

    sku: OroSku
    unit: UnitCode
    quantity: Decimal
    currency: str
    value: Decimal | None
    previous: Decimal | None


@frozen
class StagedDay:
    """
    What a book changes of its list when a day begins, in the order of slots.

    `count` is of all rows, of which `rows` may name the first ones; `unsure` counts product units
    that cannot be priced on that day and stay as they are.
    """

    day: LocalDate
    count: int
    rows: tuple[StagedPrice, ...]
    unsure: int


@frozen
class Staging:
    """What a list is made of: as `map_book_prices` takes it."""

    book: PrimaPriceBook
    price_list: OroPriceListId
    index: BookIndex
    units: UnitTable
    rules: Mapping[UnitKey, QuantityRule]
    policy: BookPolicy


def staged_days(
    keys: Iterable[UnitKey],
    rows: Iterable[PriceBookRow],
    *,
    staging: Staging,
    after: LocalDate,
    ahead: int,
) -> tuple[StagedDay, ...]:
    """
    Return what the book changes on each day from `after` on, no further than `ahead` days.

    Between two of these days the book changes nothing of the list. Only product units of SKUs whose
    rows begin or cease are priced, on the day and on the day before.

    Args:
        keys: Product units of the shop's products.
        rows: Every row of the book.
        staging: What the list is made of.
        after: The day that is written now.
        ahead: How many days to look at; 0 for none.
    """
    last = after + timedelta(days=ahead)
    touched: dict[LocalDate, dict[SkuKey, None]] = {}
    for row in rows:
        for day in turns_of(row):
            if after < day <= last:
                touched.setdefault(day, {})[row.sku] = None
    if not touched:
        return ()
    by_sku = _by_sku(keys, staging)
    days = (_day(day, _keys(touched[day], by_sku), staging) for day in sorted(touched))
    return tuple(one for one in days if one.count or one.unsure)


def _by_sku(keys: Iterable[UnitKey], staging: Staging) -> Mapping[SkuKey, list[UnitKey]]:
    """Return the product units that a row of a SKU may price; by policy one of a whole product."""
    of_product = staging.policy.variants is VariantRows.PRODUCT
    found: dict[SkuKey, list[UnitKey]] = {}
    for key in keys:
        for part in staging.units.get(key, ()):
            found.setdefault(part.sku, []).append(key)
            if of_product and part.sku != SkuKey(part.sku.product):
                found.setdefault(SkuKey(part.sku.product), []).append(key)
    return found


def _keys(skus: Iterable[SkuKey], by_sku: Mapping[SkuKey, list[UnitKey]]) -> list[UnitKey]:
    return sorted({key for sku in skus for key in by_sku.get(sku, ())})


def _day(day: LocalDate, keys: list[UnitKey], staging: Staging) -> StagedDay:
    before = list_on(LocalDate(day - timedelta(days=1)), keys, staging)
    then = list_on(day, keys, staging)
    unsure = then.unsure
    old, new = _by_slot(before, unsure, staging.book), _by_slot(then, unsure, staging.book)
    rows = tuple(
        StagedPrice(*slot, new.get(slot), old.get(slot))
        for slot in sorted(old.keys() | new.keys())
        if old.get(slot) != new.get(slot)
    )
    return StagedDay(day, len(rows), rows, len(unsure))


def list_on(day: LocalDate, keys: Iterable[UnitKey], staging: Staging) -> ListedPrices:
    """Return the rows that a list should have on a day."""
    return map_book_prices(
        keys,
        book=staging.book,
        price_list=staging.price_list,
        day=day,
        index=staging.index,
        units=staging.units,
        policy=staging.policy,
        rules=staging.rules,
    )


def _by_slot(
    made: ListedPrices, unsure: frozenset[str], book: PrimaPriceBook
) -> dict[Slot, Decimal]:
    return {
        (one.sku, one.unit, one.quantity, one.currency): one.value
        for one in made.prices
        if price_subject(book, one) not in unsure
    }
