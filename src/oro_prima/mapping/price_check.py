"""
What a customer agreed in the shop against what Prima's price book says: a check before posting.

Prima computes the final price. The check decides whether an order is posted, held or told; it never
changes what is sent. What cannot be compared has a reason of its own, and is never guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from attrs import frozen

from oro_prima.ids import OroLineId, OroSku, PrimaAccount, PrimaPriceBook, UnitCode
from oro_prima.mapping.policy import OrderPolicy, VariantRows
from oro_prima.mapping.prices.books import (
    BookIndex,
    BookPart,
    BookPolicy,
    book_index,
    resolve_book_parts,
)
from oro_prima.mapping.recorder import SILENT, Recorder
from oro_prima.mapping.tables import NO_BOOK, Tables
from oro_prima.mapping.units import base_quantities, resolve_components
from oro_prima.oro.models.orders import Order, OrderLine
from oro_prima.outcome import Outcome, Unmapped, reasons_of, then
from oro_prima.prima.models.orders import PrimaOrder
from oro_prima.prima.models.prices import PriceBook, PriceBookRow
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.values import LocalDate, SkuKey, local_date

TOLD = frozenset(
    {
        ReasonCode.PRICE_DIFFERS,
        ReasonCode.PRICE_ON_APPLICATION,
        ReasonCode.PRICES_NOT_CHECKED,
        ReasonCode.PRICE_MISSING,
        ReasonCode.NO_PRICE_BOOK,
        ReasonCode.NOT_IN_PRICE_BOOK,
        ReasonCode.PRICE_BOOK_AMBIGUOUS,
        ReasonCode.CURRENCY_MISMATCH,
        ReasonCode.VAT_BASIS_MISMATCH,
    }
)
"""What a check can say of an order that can be mapped."""


@frozen
class ReadBook:
    """
    What Prima said of one price book, as far as the orders of a batch need it.

    Attributes:
        heads: The book: once, or several times where Prima keeps several currencies or VAT bases
            under its code; none where it has no row that was asked for.
        rows: Its rows of the SKUs that the orders hold, valid on whatever days.
        unread: Why it cannot be read; empty where it was read.
    """

    heads: tuple[PriceBook, ...] = ()
    rows: tuple[PriceBookRow, ...] = ()
    unread: str = ""

    @cached_property
    def index(self) -> BookIndex:
        """The rows by SKU; built once for a batch."""
        return book_index(self.heads, self.rows)


Books = Mapping[PrimaPriceBook, ReadBook]
"""Price books by code; one that is not here was not read."""


@frozen
class CheckedLine:
    """
    One line on both sides, in the order's currency, before discounts and promotions.

    Attributes:
        line: Id of the line.
        agreed: Price times quantity as the shop took the order; None where the line has no price.
        booked: What the book's rows come to; None where they do not price the line.
        parts: The rows, component by component.
        reasons: Why both do not agree, or cannot be compared; empty where they agree.
    """

    line: OroLineId
    agreed: Decimal | None
    booked: Decimal | None = None
    parts: tuple[BookPart, ...] = ()
    reasons: tuple[Reason, ...] = ()


@frozen
class CheckedPrices:
    """
    An order's prices on both sides; every line of it is here.

    Attributes:
        book: The price book of the order's account; blank where nobody has named one.
        day: The order's day where the books are kept, for which rows are valid.
        against: Why no line can be compared at all.
        unread: Why the book could not be read; then nothing was compared.
    """

    book: PrimaPriceBook
    day: LocalDate
    lines: tuple[CheckedLine, ...]
    against: tuple[Reason, ...] = ()
    unread: str = ""

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why the order's prices do not agree; empty where all do, or where nothing was read."""
        return self.against + tuple(reason for line in self.lines for reason in line.reasons)


def wanted_prices(
    orders: Iterable[PrimaOrder], tables: Tables, policy: OrderPolicy
) -> dict[PrimaPriceBook, frozenset[SkuKey]]:
    """Return which SKUs' rows of which price books these orders are held against."""
    found: dict[PrimaPriceBook, frozenset[SkuKey]] = {}
    for order in orders:
        book = book_of(order.account, tables)
        if book != NO_BOOK:
            found[book] = found.get(book, frozenset()) | _rows_for(order, policy)
    return found


def _rows_for(order: PrimaOrder, policy: OrderPolicy) -> frozenset[SkuKey]:
    """Return the SKUs of an order, and their bare products where rows may stand for variants."""
    skus = frozenset(line.sku for line in order.lines)
    if policy.book_variants is VariantRows.EXACT:
        return skus
    return skus | {SkuKey(sku.product) for sku in skus}


def book_of(account: PrimaAccount, tables: Tables) -> PrimaPriceBook:
    """Return the price book of an account, as Prima or the table says; blank for none."""
    known = tables.accounts.get(account)
    return NO_BOOK if known is None else known.price_book


def check_prices(
    order: Order,
    account: PrimaAccount,
    tables: Tables,
    policy: OrderPolicy,
    *,
    books: Books,
    to: Recorder = SILENT,
) -> CheckedPrices:
    """
    Hold each line of an order against the price book of its account.

    A line's `value` is what was agreed for one product unit, before promotions; discounts belong to
    one side, and neither side's is looked at. Each line is priced by itself, by base units, as
    Prima's book has them. Nothing is rounded.

    Args:
        order: As read, with all its lines.
        account: Prima's account that it goes to.
        tables: Product units, and the price book of each account.
        policy: How books are read, and how far amounts may be apart.
        books: What Prima said of its books.
        to: Who wants to know why.

    Source: RULES §5, §6.
    """
    code, day = book_of(account, tables), local_date(order.created_at, policy.zone)
    step = to.step(
        "price_check.check_prices",
        check=policy.price_check.value, account=account, book=code, day=day,
    )  # fmt: skip
    subject = f"orders/{order.id}"
    if code == NO_BOOK:
        detail = f"nobody has named the price book of account {account}"
        reason = Reason(ReasonCode.NO_PRICE_BOOK, subject, detail, f"known_accounts/{account}")
        return _none(order, code, day, step, against=(reason,))
    read = books.get(code, ReadBook(unread="it was not read"))
    if read.unread:
        return _none(order, code, day, step, unread=f"price book {code}: {read.unread}")
    against = _against(order, code, read.heads, policy)
    if against:
        return _none(order, code, day, step, against=against)
    lines = tuple(_line(order, line, code, read, day, tables, policy, step) for line in order.lines)
    found = CheckedPrices(code, day, lines)
    step.gave(f"{sum(not line.reasons for line in lines)} of {len(lines)} lines agree")
    return found


def unchecked(order: Order, checked: CheckedPrices) -> Reason:
    """Return the reason of an order whose price book could not be read."""
    return Reason(ReasonCode.PRICES_NOT_CHECKED, f"orders/{order.id}", checked.unread)


def _none(
    order: Order,
    code: PrimaPriceBook,
    day: LocalDate,
    to: Recorder,
    *,
    against: tuple[Reason, ...] = (),
    unread: str = "",
) -> CheckedPrices:
    """Return an order of which nothing is compared, and tell why."""
    to.gave(unread or Unmapped(against))
    lines = tuple(CheckedLine(line.id, _agreed(line)) for line in order.lines)
    return CheckedPrices(code, day, lines, against, unread)


def _against(
    order: Order, code: PrimaPriceBook, heads: tuple[PriceBook, ...], policy: OrderPolicy
) -> tuple[Reason, ...]:
    """Return why an order cannot be held against a book at all."""
    subject = f"orders/{order.id}"
    if len(heads) > 1:
        detail = f"book {code} is there {len(heads)} times, by currency and VAT"
        return (Reason(ReasonCode.PRICE_BOOK_AMBIGUOUS, subject, detail),)
    reasons: list[Reason] = []
    for head in heads:  # one, or none where the book has no row of any SKU that was asked for
        if head.currency != order.currency:
            detail = f"ordered in {order.currency}, book {code} in {head.currency}"
            reasons.append(Reason(ReasonCode.CURRENCY_MISMATCH, subject, detail))
        if head.vat_inclusive != policy.vat_inclusive:
            detail = f"book {code} and the shop differ in whether prices hold VAT"
            reasons.append(Reason(ReasonCode.VAT_BASIS_MISMATCH, subject, detail))
    return tuple(reasons)


def _line(
    order: Order,
    line: OrderLine,
    code: PrimaPriceBook,
    read: ReadBook,
    day: LocalDate,
    tables: Tables,
    policy: OrderPolicy,
    to: Recorder,
) -> CheckedLine:
    subject = f"orders/{order.id}/lines/{line.id}"
    agreed = _agreed(line)
    step = to.step("price_check.line", line=line.id, sku=line.product_sku, agreed=agreed)
    parts = _parts(line, code, read, day, tables, policy, subject, step)
    reasons = _not_priced(order, line, subject) + reasons_of(parts)
    if isinstance(parts, Unmapped):
        step.gave(Unmapped(reasons))
        return CheckedLine(line.id, agreed, reasons=reasons)
    booked = sum((part.amount for part in parts.value), Decimal(0))
    if agreed is not None and not reasons:
        reasons = _compare(line, code, parts.value, policy, subject)
    step.gave(Unmapped(reasons) if reasons else f"agrees with {booked}")
    return CheckedLine(line.id, agreed, booked, parts.value, reasons)


def _agreed(line: OrderLine) -> Decimal | None:
    return None if line.value is None else line.value * line.quantity


def _not_priced(order: Order, line: OrderLine, subject: str) -> tuple[Reason, ...]:
    """Return why a line says no amount in the order's currency."""
    if line.value is None:
        return (Reason(ReasonCode.PRICE_MISSING, subject, "no value"),)
    if line.currency not in (None, order.currency):
        detail = f"the line is in {line.currency}, the order in {order.currency}"
        return (Reason(ReasonCode.CURRENCY_MISMATCH, subject, detail),)
    return ()


def _parts(
    line: OrderLine,
    code: PrimaPriceBook,
    read: ReadBook,
    day: LocalDate,
    tables: Tables,
    policy: OrderPolicy,
    subject: str,
    to: Recorder,
) -> Outcome[tuple[BookPart, ...]]:
    """Price a line by the book: in base units, by the break that each component reaches."""
    sku, unit = line.product_sku or OroSku(""), line.product_unit_code or UnitCode("")
    components = resolve_components(sku, unit, tables.units, subject=subject)
    some = then(components, lambda found: base_quantities(line.quantity, found, subject=subject))
    if isinstance(some, Unmapped):
        return some
    return resolve_book_parts(
        some.value,
        book=code,
        day=day,
        index=read.index,
        policy=_reading(policy),
        subject=subject,
        to=to,
    )


def _reading(policy: OrderPolicy) -> BookPolicy:
    return BookPolicy(policy.vat_inclusive, policy.zone, policy.book_variants, policy.book_overlap)


def _compare(
    line: OrderLine,
    code: PrimaPriceBook,
    parts: tuple[BookPart, ...],
    policy: OrderPolicy,
    subject: str,
) -> tuple[Reason, ...]:
    """Return why a priced line does not agree; exact, whatever the number of digits."""
    agreed = Fraction(line.value or 0) * Fraction(line.quantity)
    booked = sum((Fraction(one.row.price) * one.part.quantity for one in parts), Fraction(0))
    if agreed == booked:
        return ()
    free = [one.row for one in parts if one.row.price <= 0]
    if free:
        detail = ", ".join(map(str, free))
        return (Reason(ReasonCode.PRICE_ON_APPLICATION, subject, detail),)
    share = Fraction(policy.price_tolerance_percent) * abs(booked) / 100
    if abs(agreed - booked) <= max(Fraction(policy.price_tolerance), share):
        return ()
    total = sum((one.amount for one in parts), Decimal(0))
    rows = ", ".join(f"{one.part.quantity} x {one.part.sku} at {one.row.price}" for one in parts)
    detail = f"agreed {_agreed(line)}, book {code} comes to {total}: {rows}"
    return (Reason(ReasonCode.PRICE_DIFFERS, subject, detail),)
