"""A Prima price book as rows of an OroCommerce price list: per product unit, tier by tier."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from attrs import frozen

from oro_prima.ids import OroPriceListId, OroSku, PrimaPriceBook, UnitCode
from oro_prima.mapping.prices.books import (
    BookIndex,
    BookPolicy,
    resolve_book_price,
    rows_of_sku,
)
from oro_prima.mapping.quantities import QuantityRule, least_quantity
from oro_prima.mapping.tables import Component, UnitKey, UnitTable
from oro_prima.oro.models.prices import ProductPrice
from oro_prima.outcome import Mapped, Outcome, Unmapped, every, unmapped
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.values import LocalDate, fits

DECIMALS = 4
"""Of a price in OroCommerce."""


@frozen
class ListedPrices:
    """The rows that a price list should have, and every reason why a product unit has none."""

    prices: tuple[ProductPrice, ...]
    reasons: tuple[Reason, ...]

    @property
    def unsure(self) -> frozenset[str]:
        """Subjects of the product units of which nobody knows what they should cost."""
        return frozenset(
            r.subject for r in self.reasons if r.code is not ReasonCode.NOT_IN_PRICE_BOOK
        )


def unit_subject(book: PrimaPriceBook, key: UnitKey) -> str:
    """Return the path of what is said of a product unit's prices in a book."""
    return f"prices/{book}/{key[0]}/{key[1]}"


def map_book_prices(
    keys: Iterable[UnitKey],
    *,
    book: PrimaPriceBook,
    price_list: OroPriceListId,
    day: LocalDate,
    index: BookIndex,
    units: UnitTable,
    policy: BookPolicy,
    rules: Mapping[UnitKey, QuantityRule] | None = None,
) -> ListedPrices:
    """
    Map a price book to a price list, so that both sides price every quantity the same.

    A tier begins at the smallest quantity of the unit that reaches a break of each of its SKUs. A
    price of a unit is the sum over what it is made of; one that is not exact at 4 decimals is a
    reason, never rounded.

    Args:
        keys: Product units to price.
        book: Code of the book.
        price_list: The list that is made of it.
        day: The day that the prices are of.
        index: All books.
        units: What product units are made of.
        policy: How a book is read.
        rules: Which quantities can be bought; whole units where nothing is said.
    """
    prices: list[ProductPrice] = []
    reasons: list[Reason] = []
    found = index.books.get(book)
    if found is None:
        detail = f"book {book} is not known"
        return ListedPrices((), (Reason(ReasonCode.NO_PRICE_BOOK, f"prices/{book}", detail),))
    for key in dict.fromkeys(keys):
        rule = (rules or {}).get(key, QuantityRule())
        tiers = _tiers(key, units.get(key, ()), rule, book, day, index, policy)
        if isinstance(tiers, Unmapped):
            reasons += tiers.reasons
        else:
            prices += [
                ProductPrice(price_list, *key, quantity, found.currency, value)
                for quantity, value in tiers.value
            ]
    return ListedPrices(tuple(prices), tuple(reasons))


def _tiers(
    key: tuple[OroSku, UnitCode],
    parts: tuple[Component, ...],
    rule: QuantityRule,
    book: PrimaPriceBook,
    day: LocalDate,
    index: BookIndex,
    policy: BookPolicy,
) -> Outcome[tuple[tuple[Decimal, Decimal], ...]]:
    subject = unit_subject(book, key)
    if not parts:
        detail = f"no row for {key[0]} in {key[1]}"
        return unmapped(ReasonCode.UNKNOWN_UNIT, subject, detail, cause=f"units/{key[0]}/{key[1]}")
    rows = [(part, row) for part in parts for row in rows_of_sku(part.sku, book, index, policy)]
    begins = {_begin(row.quantity, part, parts, rule) for part, row in rows}
    found: list[Outcome[tuple[Decimal, Decimal]]] = []
    for quantity in sorted(one for one in begins if one is not None):
        prices = every(
            resolve_book_price(
                part.sku, _decimal(part.count * Fraction(quantity)), book=book, day=day,
                index=index, policy=policy, subject=subject,
            )
            for part in parts
        )  # fmt: skip
        if isinstance(prices, Mapped):
            values = [Fraction(row.price) for row in prices.value]
            found.append(_priced(quantity, values, parts, subject))
        elif any(r.code is not ReasonCode.NOT_IN_PRICE_BOOK for r in prices.reasons):
            found.append(prices)
    if not found:
        detail = f"book {book} has no price for {', '.join(map(str, parts))} on {day}"
        return unmapped(ReasonCode.NOT_IN_PRICE_BOOK, subject, detail)
    return every(found)


def _begin(
    at: Decimal, part: Component, parts: tuple[Component, ...], rule: QuantityRule
) -> Decimal | None:
    """Return the smallest whole quantity of a unit that reaches a break; None where none does."""
    reached = Fraction(at) / part.count
    below = -(-reached * 10**DECIMALS // 1)
    least = max(Decimal(int(below)).scaleb(-DECIMALS), rule.minimum or Decimal(0))
    return least_quantity(QuantityRule(rule.precision, least, rule.maximum, rule.step), parts)


def _priced(
    quantity: Decimal, values: list[Fraction], parts: tuple[Component, ...], subject: str
) -> Outcome[tuple[Decimal, Decimal]]:
    total = sum(
        (value * part.count for value, part in zip(values, parts, strict=True)), Fraction(0)
    )
    price = Decimal(total.numerator) / total.denominator
    if Fraction(price) != total or not fits(price, DECIMALS):
        detail = f"{total} for one unit is not exact at {DECIMALS} decimals"
        return unmapped(ReasonCode.PRICE_NOT_EXACT, subject, detail)
    return Mapped((quantity, price))


def _decimal(exact: Fraction) -> Decimal:
    return Decimal(exact.numerator) / exact.denominator
