"""
The price that a Prima price book gives, and what belongs to what: list, book, account.

No request for price books is evidenced, so how Prima reads one is policy, and the defaults refuse:
a row is for exactly its SKU, and two rows that are both valid are an error.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, tzinfo
from decimal import Decimal
from enum import StrEnum

from attrs import field, frozen

from oro_prima.ids import OroCustomerId, OroPriceListId, PrimaPriceBook
from oro_prima.mapping.explain import SILENT, Recorder
from oro_prima.mapping.policy import Overlap, VariantRows
from oro_prima.mapping.units import BaseQuantity
from oro_prima.outcome import Mapped, Outcome, every, then, unmapped
from oro_prima.prima.models.prices import PriceBook, PriceBookRow
from oro_prima.reasons import ReasonCode
from oro_prima.values import LocalDate, SkuKey


class BookRule(StrEnum):
    """Why a row prices a SKU."""

    SKU = "row of the SKU"
    PRODUCT = "row of its product"


@frozen
class BookPolicy:
    """
    How Prima's price books are read.

    Attributes:
        vat_inclusive: Whether the shop's prices hold VAT; a book that says otherwise cannot be
            compared. No default.
        zone: Where the books are kept; a row is valid on that place's days.
        variants: What a row without matrix codes stands for.
        overlap: What happens where several rows are valid.
    """

    vat_inclusive: bool
    zone: tzinfo = UTC
    variants: VariantRows = VariantRows.EXACT
    overlap: Overlap = Overlap.REFUSE


@frozen
class BookLinks:
    """
    What belongs to what, as people said.

    Attributes:
        accounts: The price book of the account that a customer is linked to.
        lists: The price book that a price list was made of.
    """

    accounts: Mapping[OroCustomerId, PrimaPriceBook] = field(
        factory=dict[OroCustomerId, PrimaPriceBook]
    )
    lists: Mapping[OroPriceListId, PrimaPriceBook] = field(
        factory=dict[OroPriceListId, PrimaPriceBook]
    )


@frozen
class BookIndex:
    """Rows by book and SKU; built in one pass."""

    books: Mapping[PrimaPriceBook, PriceBook]
    rows: Mapping[tuple[PrimaPriceBook, SkuKey], tuple[PriceBookRow, ...]]


@frozen
class BookPart:
    """What one component of a line costs in Prima: so many base units at a row's price."""

    part: BaseQuantity
    row: PriceBookRow

    @property
    def amount(self) -> Decimal:
        """Price times base units, not rounded."""
        return self.row.price * self.part.quantity

    @property
    def rule(self) -> BookRule:
        """Why it is that row; its break is `row.quantity`, its days are the row's."""
        return BookRule.SKU if self.row.sku == self.part.sku else BookRule.PRODUCT


def book_index(books: Iterable[PriceBook], rows: Iterable[PriceBookRow]) -> BookIndex:
    """Build the index; the order of rows does not matter."""
    found: dict[tuple[PrimaPriceBook, SkuKey], tuple[PriceBookRow, ...]] = {}
    for row in rows:
        key = (row.book, row.sku)
        found[key] = (*found.get(key, ()), row)
    return BookIndex({book.code: book for book in books}, found)


def resolve_book_price(
    sku: SkuKey,
    quantity: Decimal,
    *,
    book: PrimaPriceBook,
    day: LocalDate,
    index: BookIndex,
    policy: BookPolicy,
    subject: str,
    to: Recorder = SILENT,
) -> Outcome[PriceBookRow]:
    """
    Find the row that prices so many base units of a SKU on a day.

    The row of the greatest break that the quantity reaches; below the smallest there is none.

    Args:
        sku: The base SKU.
        quantity: In base units.
        book: Code of the book.
        day: A day where the books are kept.
        index: All books.
        policy: How a book is read.
        subject: The path that reasons name.
        to: Told of every row that was not taken.
    """
    step = to.step("price book row", book=book, sku=sku, quantity=quantity, day=day)
    rows = rows_of_sku(sku, book, index, policy)
    valid = [row for row in rows if _is_valid(row, day)]
    reached = [row for row in valid if row.quantity <= quantity]
    for row in rows:
        step.row("price books", (row.book, row.sku, row.quantity), price=row.price)
        if row not in reached:
            why = "{} is fewer" if row in valid else "it is not valid on that day"
            step.refused(row, why, quantity)
    found = (
        _nearest(reached, policy, subject, step)
        if reached
        else unmapped(
            ReasonCode.NOT_IN_PRICE_BOOK,
            subject,
            f"book {book} has no price for {quantity} of {sku} on {day}",
        )
    )
    step.gave(found)
    return found


def resolve_book_parts(
    parts: Iterable[BaseQuantity],
    *,
    book: PrimaPriceBook,
    day: LocalDate,
    index: BookIndex,
    policy: BookPolicy,
    subject: str,
    to: Recorder = SILENT,
) -> Outcome[tuple[BookPart, ...]]:
    """Find what each component of a line costs, or every reason why one has no price."""
    some = tuple(parts)
    rows = every(
        resolve_book_price(
            part.sku, Decimal(part.quantity), book=book, day=day, index=index, policy=policy,
            subject=subject, to=to,
        )
        for part in some
    )  # fmt: skip
    return then(rows, lambda found: Mapped(tuple(map(BookPart, some, found))))


def rows_of_sku(
    sku: SkuKey, book: PrimaPriceBook, index: BookIndex, policy: BookPolicy
) -> tuple[PriceBookRow, ...]:
    """Return the rows of a SKU, or where it has none those of its product, smallest break first."""
    found = index.rows.get((book, sku), ())
    if not found and policy.variants is VariantRows.PRODUCT:
        found = index.rows.get((book, SkuKey(sku.product)), ())
    return tuple(sorted(found, key=lambda row: (row.quantity, row.valid_from or date.min)))


def _is_valid(row: PriceBookRow, day: LocalDate) -> bool:
    begun = row.valid_from is None or row.valid_from <= day
    return begun and (row.valid_to is None or day <= row.valid_to)


def _nearest(
    reached: list[PriceBookRow], policy: BookPolicy, subject: str, to: Recorder
) -> Outcome[PriceBookRow]:
    """Pick the row of the greatest break; several of it must say one price, or the policy picks."""
    top = [row for row in reached if row.quantity == reached[-1].quantity]
    for row in reached:
        if row not in top:
            to.refused(row, "the break at {} is nearer", top[-1].quantity)
    if policy.overlap is Overlap.LATEST:
        latest = [row for row in top if row.valid_from == top[-1].valid_from]
        for row in top:
            if row not in latest:
                to.refused(row, "another became valid after it")
        top = latest
    if len({row.price for row in top}) > 1:
        detail = f"{len(top)} rows of book {top[0].book} price {top[0].sku} at once"
        return unmapped(ReasonCode.PRICE_BOOK_AMBIGUOUS, subject, detail)
    return Mapped(top[-1])
