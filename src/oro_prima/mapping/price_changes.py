"""What a price list has and what it should have -> the rows to change, to add and to end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from attrs import frozen

from oro_prima.ids import OroPriceListId, PrimaPriceBook
from oro_prima.mapping.limits import Limit
from oro_prima.mapping.prices.listing import unit_subject
from oro_prima.mapping.tables import UnitKey
from oro_prima.oro.models.prices import ProductPrice
from oro_prima.prima.models.prices import PriceBookRow
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.values import LocalDate

HUNDRED = Decimal(100)


class Ends(StrEnum):
    """What happens to a row of a list that its book has no price for any more."""

    KEEP = "keep"
    """It stays, and is told."""
    REMOVE = "remove"
    """It is removed, within a limit, and kept so that it can be put back."""


@frozen
class PriceWritePolicy:
    """
    What is written of price lists that are made of books.

    Attributes:
        ends: What happens to rows that a book has no price for.
        most_ends, most_ends_share: No more than so many rows of a list, and than that share of
            them, end at once.
        max_change_percent: How far a price may change before a person is asked; 0 for any. A point
            that slipped by a digit is 90 % or 900 %.
        stage_days: So many days ahead what a book changes is staged row by row; 0 for not at all.
    """

    ends: Ends = Ends.KEEP
    most_ends: int = 100
    most_ends_share: Decimal = Decimal("0.02")
    max_change_percent: Decimal = Decimal(50)
    stage_days: int = 31

    @property
    def limit(self) -> Limit:
        """How many rows of a list end at once."""
        return Limit(self.most_ends, self.most_ends_share)


@frozen
class ListedPrice:
    """A row of a price list, with the id that it is changed by."""

    id: str
    price: ProductPrice


@frozen
class ChangedPrice:
    """A row whose value is to become another."""

    id: str
    price: ProductPrice
    previous: Decimal


@frozen
class PriceChanges:
    """
    What is to be done to one list; each row of it and of the book has one place.

    Attributes:
        changed, added: To be written.
        ended: Rows whose slot has no price in the book.
        right: Rows that are as the book says.
    """

    changed: tuple[ChangedPrice, ...]
    added: tuple[ProductPrice, ...]
    ended: tuple[ListedPrice, ...]
    right: int


Slot = tuple[str, str, Decimal, str]


def compare_listed(
    wanted: Iterable[ProductPrice],
    listed: Iterable[ListedPrice],
    *,
    currency: str,
    sure: Set[UnitKey],
) -> PriceChanges:
    """
    Compare what a list should have with what it has; only differences come out.

    Args:
        wanted: Rows made of the book.
        listed: Rows of the list; those in another currency are nobody's business here.
        currency: The book's.
        sure: Product units of which it is known what they should have; rows of any other never end.
    """
    rest = {_slot(one): one for one in wanted}
    changed: list[ChangedPrice] = []
    ended: list[ListedPrice] = []
    right = 0
    for one in sorted(listed, key=_by_slot):
        price = one.price
        if price.currency != currency:
            continue
        other = rest.pop(_slot(price), None)
        if other is not None and other.value == price.value:
            right += 1
        elif other is not None:
            changed.append(ChangedPrice(one.id, other, price.value))
        elif (price.sku, price.unit) in sure:
            ended.append(one)
    added = sorted(rest.values(), key=_slot)
    return PriceChanges(tuple(changed), tuple(added), tuple(ended), right)


def _slot(price: ProductPrice) -> Slot:
    return price.sku, price.unit, price.quantity, price.currency


def _by_slot(one: ListedPrice) -> tuple[Slot, str]:
    return _slot(one.price), one.id


def price_subject(book: PrimaPriceBook, price: ProductPrice) -> str:
    """Return the path of what is said of a product unit's prices in a book."""
    return unit_subject(book, (price.sku, price.unit))


def list_subject(price_list: OroPriceListId) -> str:
    """Return the path of what is said of a whole list."""
    return f"pricelists/{price_list}"


def band_reasons(
    changed: Iterable[ChangedPrice], *, book: PrimaPriceBook, percent: Decimal
) -> Mapping[str, Reason]:
    """
    Return a reason for each product unit of which a price changes too far, by its path.

    Of a price of 0 there is no percent: it is put right at once, for nothing is worse than it.

    >>> band_reasons((), book=PrimaPriceBook("B"), percent=Decimal(10))
    {}
    """
    found: dict[str, Reason] = {}
    for one in changed if percent else ():
        far = abs(one.price.value - one.previous) * HUNDRED > percent * one.previous
        if one.previous and far:
            subject = price_subject(book, one.price)
            detail = f"{one.previous} would become {one.price.value} from {one.price.quantity}"
            found.setdefault(subject, Reason(ReasonCode.PRICE_OUTSIDE_BAND, subject, detail))
    return found


def upcoming_days(
    rows: Iterable[PriceBookRow], *, after: LocalDate
) -> tuple[tuple[LocalDate, int], ...]:
    """
    Return the later days on which rows of a book begin or cease, and how many do.

    They are staged: known from now on, and written on their day.
    """
    days: dict[LocalDate, int] = {}
    for row in rows:
        for day in turns_of(row):
            if day > after:
                days[day] = days.get(day, 0) + 1
    return tuple(sorted(days.items()))


def turns_of(row: PriceBookRow) -> Iterator[LocalDate]:
    """Yield the days on which a row begins and ceases; the last day that there is never ends."""
    if row.valid_from is not None:
        yield row.valid_from
    if row.valid_to is not None and row.valid_to < date.max:
        yield LocalDate(row.valid_to + timedelta(days=1))
