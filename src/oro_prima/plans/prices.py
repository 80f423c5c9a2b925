"""A price book and a price list -> the rows to write: changes only, one list at a time. Pure."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Set
from datetime import datetime
from functools import partial

from attrs import field, frozen

from oro_prima.ids import OroPriceListId, OroProductId, OroSku, PrimaPriceBook
from oro_prima.mapping.price_changes import (
    ChangedPrice,
    Ends,
    ListedPrice,
    PriceChanges,
    PriceWritePolicy,
    band_reasons,
    compare_listed,
    list_subject,
    price_subject,
    upcoming_days,
)
from oro_prima.mapping.price_turns import StagedDay, Staging, list_on, staged_days
from oro_prima.mapping.prices.books import BookPolicy, book_index
from oro_prima.mapping.prices.listing import ListedPrices, unit_subject
from oro_prima.mapping.quantities import QuantityRule
from oro_prima.mapping.tables import Component, UnitKey, UnitTable
from oro_prima.oro.models.prices import ProductPrice
from oro_prima.plans.commands import AddPrice, EndPrice, SetPrice
from oro_prima.prima.models.prices import BookPrice, PriceBook, PriceBookRow
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.values import LocalDate

COUNTED = (ReasonCode.NOT_IN_PRICE_BOOK, ReasonCode.UNKNOWN_UNIT)
"""No fault of a price: not every product is in every book; units have a report of their own."""


@frozen
class PricePolicies:
    """How books are read, and what is written of lists."""

    books: BookPolicy
    writes: PriceWritePolicy


@frozen
class PriceSnapshot:
    """
    All that a plan of one list looks at, read once; `now` is the shop's.

    Attributes:
        day: The day of the books that the list is to be of.
        book: The book that the list is made of.
        rows: What Prima says of that book, on any day.
        faults: What of its answer cannot be read; then no row ends.
        currencies: What the list declares; None where the list is not there.
        listed: The rows of the list.
        products: The shop's product of each SKU.
        units: What product units are made of.
        rules: Which quantities can be bought; whole units where nothing is said.
        let_go: Subjects that a person lets change however far, or end however many.
        only: Products that the run is of; None for all. Limits are judged by the whole list.
    """

    now: datetime
    day: LocalDate
    book: PrimaPriceBook
    price_list: OroPriceListId
    rows: tuple[BookPrice, ...] = ()
    faults: tuple[str, ...] = ()
    currencies: tuple[str, ...] | None = ()
    listed: tuple[ListedPrice, ...] = ()
    products: Mapping[OroSku, OroProductId] = field(factory=dict[OroSku, OroProductId])
    units: UnitTable = field(factory=dict[UnitKey, tuple[Component, ...]])
    rules: Mapping[UnitKey, QuantityRule] = field(factory=dict[UnitKey, QuantityRule])
    let_go: frozenset[str] = frozenset()
    only: frozenset[OroSku] | None = None


@frozen
class PricePlan:
    """
    What is written of one list, and what waits for a person.

    Attributes:
        changes, adds: Go first, in few batches.
        ends: Go last; empty unless the policy removes them.
        kept: Rows without a price in the book that stay.
        right: Rows that are as the book says.
        upcoming: Later days on which rows of the book begin or cease, and how many.
        staged: What the book changes on each of them, as far ahead as the policy looks.
        reasons: By the subject of their record.
        made: Whether the list could be made of its book at all.
    """

    book: PrimaPriceBook
    price_list: OroPriceListId
    changes: tuple[SetPrice, ...] = ()
    adds: tuple[AddPrice, ...] = ()
    ends: tuple[EndPrice, ...] = ()
    kept: int = 0
    right: int = 0
    upcoming: tuple[tuple[LocalDate, int], ...] = ()
    staged: tuple[StagedDay, ...] = ()
    reasons: tuple[Reason, ...] = ()
    made: bool = True

    @property
    def commands(self) -> tuple[SetPrice | AddPrice | EndPrice, ...]:
        """Everything that is written, in order."""
        return (*self.changes, *self.adds, *self.ends)

    def summary(self) -> str:
        """Return one line a person reads at a glance."""
        text = (
            f"price list {self.price_list} of book {self.book}: {len(self.changes)} rows change, "
            f"{len(self.adds)} are added, {len(self.ends)} end, {self.right} are right, "
            f"{self.kept} not in the book stay"
        )
        if self.upcoming:
            day, count = self.upcoming[0]
            text += f"; next on {day.isoformat()}: {count} rows"
        return text


def plan_prices(snapshot: PriceSnapshot, policy: PricePolicies) -> PricePlan:
    """
    Decide what is written of one list.

    A book whose VAT basis is not the shop's, or whose currency the list does not declare, changes
    nothing. Of a product unit that cannot be priced exactly nothing is changed and nothing ends.
    Nothing at all is written of one that has a price which changes too far: its tiers are right or
    wrong together.
    """
    rows = [one.row for one in snapshot.rows if one.book.code == snapshot.book]
    books = list(dict.fromkeys(one.book for one in snapshot.rows if one.book.code == snapshot.book))
    against = tuple(_against(snapshot, policy.books, books))
    upcoming = upcoming_days(rows, after=snapshot.day)
    if against:
        return PricePlan(
            snapshot.book, snapshot.price_list, upcoming=upcoming, reasons=against, made=False
        )
    keys = [key for key in snapshot.units if key[0] in snapshot.products]
    index = book_index(books, rows)
    staging = Staging(
        snapshot.book, snapshot.price_list, index, snapshot.units, snapshot.rules, policy.books
    )
    made = list_on(snapshot.day, keys, staging)
    unsure = made.unsure
    sure = {key for key in keys if unit_subject(snapshot.book, key) not in unsure}
    compare = partial(_compared, snapshot, policy.writes, books[0].currency, sure)
    found, band = compare(made.prices, snapshot.listed)
    ends, over = _ends(found, snapshot, policy.writes)
    if snapshot.only is not None:
        made = _made_of_scope(made, snapshot, snapshot.only)
        listed = (one for one in snapshot.listed if one.price.sku in snapshot.only)
        found, band = compare(made.prices, tuple(listed))
        ends = tuple(one for one in ends if one.price.sku in snapshot.only)
        over = over if found.ended else ()
    return PricePlan(
        snapshot.book,
        snapshot.price_list,
        changes=tuple(_set(one) for one in found.changed),
        adds=tuple(AddPrice(snapshot.products[one.sku], one) for one in found.added),
        ends=ends,
        kept=len(found.ended) - len(ends),
        right=found.right,
        upcoming=upcoming,
        staged=_staged(keys, rows, snapshot, staging, ahead=policy.writes.stage_days),
        reasons=(*_told(made, snapshot, len(found.ended) - len(ends)), *band.values(), *over),
    )


def _compared(
    snapshot: PriceSnapshot,
    policy: PriceWritePolicy,
    currency: str,
    sure: Set[UnitKey],
    wanted: Iterable[ProductPrice],
    listed: Iterable[ListedPrice],
) -> tuple[PriceChanges, Mapping[str, Reason]]:
    """Compare rows; those of units with a price that changes too far are left out, and told."""
    found = compare_listed(wanted, listed, currency=currency, sure=sure)
    band = _band(found.changed, snapshot, policy)
    return _without(found, snapshot, band), band


def _made_of_scope(
    made: ListedPrices, snapshot: PriceSnapshot, only: Container[OroSku]
) -> ListedPrices:
    keys = (key for key in snapshot.units if key[0] in only)
    subjects = {unit_subject(snapshot.book, key) for key in keys}
    return ListedPrices(
        tuple(one for one in made.prices if one.sku in only),
        tuple(one for one in made.reasons if one.subject in subjects),
    )


def _staged(
    keys: list[UnitKey],
    rows: list[PriceBookRow],
    snapshot: PriceSnapshot,
    staging: Staging,
    *,
    ahead: int,
) -> tuple[StagedDay, ...]:
    if snapshot.only is not None:
        keys = [key for key in keys if key[0] in snapshot.only]
    return staged_days(keys, rows, staging=staging, after=snapshot.day, ahead=ahead)


def _against(
    snapshot: PriceSnapshot, books: BookPolicy, found: list[PriceBook]
) -> Iterable[Reason]:
    """Yield why a list cannot be made of its book at all."""
    subject = list_subject(snapshot.price_list)
    if snapshot.faults:
        detail = f"{len(snapshot.faults)} records, such as {snapshot.faults[0]}"
        yield Reason(ReasonCode.PRICES_UNREADABLE, subject, detail)
    elif len(found) != 1:
        detail = f"book {snapshot.book} is there {len(found)} times, by currency and VAT"
        yield Reason(ReasonCode.NO_PRICE_BOOK, subject, detail)
    elif found[0].vat_inclusive != books.vat_inclusive:
        detail = f"book {snapshot.book} and the shop differ in whether prices hold VAT"
        yield Reason(ReasonCode.VAT_BASIS_MISMATCH, subject, detail)
    elif snapshot.currencies is None or found[0].currency not in snapshot.currencies:
        detail = f"the list is not there, or does not declare {found[0].currency}"
        yield Reason(ReasonCode.PRICE_LIST_NOT_READY, subject, detail)


def _without(
    found: PriceChanges, snapshot: PriceSnapshot, band: Mapping[str, Reason]
) -> PriceChanges:
    """Leave every row of a product unit alone that has a price which changes too far."""

    def goes(price: ProductPrice) -> bool:
        return price_subject(snapshot.book, price) not in band

    return PriceChanges(
        tuple(one for one in found.changed if goes(one.price)),
        tuple(one for one in found.added if goes(one)),
        tuple(one for one in found.ended if goes(one.price)),
        found.right,
    )


def _band(
    changed: Iterable[ChangedPrice], snapshot: PriceSnapshot, policy: PriceWritePolicy
) -> Mapping[str, Reason]:
    far = band_reasons(changed, book=snapshot.book, percent=policy.max_change_percent)
    return {path: reason for path, reason in far.items() if path not in snapshot.let_go}


def _ends(
    found: PriceChanges, snapshot: PriceSnapshot, policy: PriceWritePolicy
) -> tuple[tuple[EndPrice, ...], tuple[Reason, ...]]:
    """
    Return the rows that end, and why they do not where they are too many of the new list.

    A list is never emptied unless a person says so: that is what a broken book looks like.
    """
    ended = found.ended
    if policy.ends is Ends.KEEP or not ended:
        return (), ()
    subject = f"{list_subject(snapshot.price_list)}/ends"
    listed = len(snapshot.listed) + len(found.added)
    stays = found.right or found.changed or found.added
    allowed = stays and policy.limit.allows(len(ended), of=listed)
    if subject not in snapshot.let_go and not allowed:
        told = policy.limit.told(len(ended), of=listed)
        detail = told if stays else f"all {len(ended)} rows would end; the list would be empty"
        return (), (Reason(ReasonCode.CHANGES_OUTSIDE_LIMIT, subject, detail),)
    return tuple(EndPrice(one.id, snapshot.products[one.price.sku], one.price) for one in ended), ()


def _set(one: ChangedPrice) -> SetPrice:
    return SetPrice(one.id, one.price, one.previous)


def _told(made: ListedPrices, snapshot: PriceSnapshot, kept: int) -> Iterable[Reason]:
    """Yield what single product units have against a price, and what the list tells together."""
    yield from (reason for reason in made.reasons if reason.code not in COUNTED)
    if kept and snapshot.only is None:
        subject = list_subject(snapshot.price_list)
        detail = f"{kept} rows of the list have no price in book {snapshot.book}, and stay"
        yield Reason(ReasonCode.ROWS_NOT_IN_BOOK, subject, detail)
