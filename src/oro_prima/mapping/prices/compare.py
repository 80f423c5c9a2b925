"""The price that applies on each side, the difference, and the rule that won on each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal

from attrs import field, frozen

from oro_prima.ids import (
    OroCustomerId,
    OroPriceListId,
    OroSku,
    OroWebsiteId,
    PrimaPriceBook,
    UnitCode,
)
from oro_prima.mapping.explain import SILENT, Explanation, Recorder, Tree
from oro_prima.mapping.prices.books import (
    BookIndex,
    BookLinks,
    BookPart,
    BookPolicy,
    resolve_book_parts,
)
from oro_prima.mapping.prices.chains import Chain
from oro_prima.mapping.prices.lookup import (
    FIRST_WEBSITE,
    OroPrice,
    PriceIndex,
    PriceQuestion,
    combined_tiers,
    currency_is_usable,
    lists_of,
    resolve_price,
)
from oro_prima.mapping.tables import Component, UnitKey, UnitTable
from oro_prima.mapping.units import base_quantities, resolve_components
from oro_prima.outcome import Mapped, Outcome, Unmapped, then, unmapped
from oro_prima.prima.models.prices import PriceBook
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.values import local_date


@frozen
class PriceTables:
    """Both sides' prices, and what joins them."""

    oro: PriceIndex
    prima: BookIndex
    links: BookLinks = field(factory=BookLinks)
    units: UnitTable = field(factory=dict[tuple[OroSku, UnitCode], tuple[Component, ...]])


@frozen
class PriceSides:
    """
    What one line costs on each side.

    `oro` and `prima` say which row won, or why there is no price; `doubts` says why both cannot be
    compared, or that the list was made of another book than the account has.
    """

    question: PriceQuestion
    oro: Outcome[OroPrice]
    prima: Outcome[tuple[BookPart, ...]]
    doubts: tuple[Reason, ...] = ()

    @property
    def oro_amount(self) -> Decimal | None:
        """The line in OroCommerce, price times quantity, not rounded; None where not stated."""
        if isinstance(self.oro, Unmapped):
            return None
        return self.oro.value.value * self.question.quantity

    @property
    def prima_amount(self) -> Decimal | None:
        """The line in Prima, base units times price, not rounded; None where not stated."""
        if isinstance(self.prima, Unmapped):
            return None
        return sum((one.amount for one in self.prima.value), Decimal(0))

    @property
    def difference(self) -> Decimal | None:
        """Prima's less OroCommerce's; None where a side states no price."""
        ours, theirs = self.oro_amount, self.prima_amount
        return None if ours is None or theirs is None else theirs - ours

    @property
    def agrees(self) -> bool:
        """Whether both sides state one amount, and nothing speaks against comparing them."""
        return self.difference == 0 and not self.doubts


def compare_prices(
    question: PriceQuestion, tables: PriceTables, policy: BookPolicy, *, to: Recorder = SILENT
) -> PriceSides:
    """
    Find what a line costs on each side.

    Prima's side prices base units, so the line is turned into them first; a line that is no whole
    number of base units has no price there.

    Source: RULES §1, §6.
    """
    ours = resolve_price(question, tables.oro, to=to.step("OroCommerce"))
    step = to.step("Prima")
    book = _book(question, tables)
    theirs = then(book, lambda found: _book_parts(question, found, tables, policy, step))
    doubts = _doubts(question, ours, book, tables.links, policy)
    return PriceSides(question, ours, theirs, doubts)


def explain_price(
    question: PriceQuestion,
    tables: PriceTables,
    policy: BookPolicy,
    *,
    versions: Mapping[str, str] | None = None,
) -> Explanation:
    """
    Explain what a line costs on each side: lists, tiers, rows, and what was refused.

    Args:
        question: Who, what, how many, when.
        tables: Both sides' prices.
        policy: How Prima's books are read.
        versions: Of the tables `prices`, `price books`, `units`; see `version_of`.
    """
    tree = Tree("price of a line", versions or {})
    sides = compare_prices(question, tables, policy, to=tree)
    step = tree.step("difference", oro=sides.oro_amount, prima=sides.prima_amount)
    for doubt in sides.doubts:
        step.refused(doubt.code, doubt.detail)
    step.gave(sides.difference)
    tree.gave(sides.difference)
    return tree.explanation()


def differing_prices(
    questions: Iterable[PriceQuestion], tables: PriceTables, policy: BookPolicy
) -> Iterator[PriceSides]:
    """Yield what does not agree: another amount, no price on a side, or a doubt."""
    for question in questions:
        sides = compare_prices(question, tables, policy)
        if not sides.agrees:
            yield sides


def _book(question: PriceQuestion, tables: PriceTables) -> Outcome[PriceBook]:
    """Resolve the price book of the customer's account; there is no default."""
    code = tables.links.accounts.get(question.customer)
    if code is None or code not in tables.prima.books:
        which = f"book {code} is not known" if code else "no book is linked"
        detail = f"customer {question.customer}: {which}"
        return unmapped(ReasonCode.NO_PRICE_BOOK, question.subject, detail)
    book = tables.prima.books[code]
    if book.currency != question.currency:
        detail = f"asked in {question.currency}, book {code} in {book.currency}"
        return unmapped(ReasonCode.CURRENCY_MISMATCH, question.subject, detail)
    return Mapped(book)


def _book_parts(
    question: PriceQuestion,
    book: PriceBook,
    tables: PriceTables,
    policy: BookPolicy,
    to: Recorder,
) -> Outcome[tuple[BookPart, ...]]:
    subject = question.subject
    day = local_date(question.at, policy.zone)
    found = resolve_components(question.sku, question.unit, tables.units, subject=subject)
    parts = then(found, lambda rows: base_quantities(question.quantity, rows, subject=subject))
    to.row("units", (question.sku, question.unit), components=found)
    if isinstance(parts, Unmapped):
        return parts
    return resolve_book_parts(
        parts.value,
        book=book.code,
        day=day,
        index=tables.prima,
        policy=policy,
        subject=subject,
        to=to,
    )


def _doubts(
    question: PriceQuestion,
    ours: Outcome[OroPrice],
    book: Outcome[PriceBook],
    links: BookLinks,
    policy: BookPolicy,
) -> tuple[Reason, ...]:
    """Return why two prices cannot be compared, and whether the list belongs to another book."""
    if isinstance(book, Unmapped):
        return ()
    code, doubts = book.value.code, list[Reason]()
    if book.value.vat_inclusive != policy.vat_inclusive:
        detail = f"book {code} and the shop differ in whether prices hold VAT"
        doubts.append(Reason(ReasonCode.VAT_BASIS_MISMATCH, question.subject, detail))
    if isinstance(ours, Mapped):
        key = ours.value.link.price_list
        doubts += list_doubts(key, code, links, subject=question.subject)
    return tuple(doubts)


def list_doubts(
    price_list: OroPriceListId, book: PrimaPriceBook, links: BookLinks, *, subject: str
) -> tuple[Reason, ...]:
    """Return why a price list does not speak for a price book; none where it was made of it."""
    made_of = links.lists.get(price_list)
    if made_of is None:
        detail = f"price list {price_list} is linked to no price book; the account has {book}"
        return (Reason(ReasonCode.PRICE_LIST_NOT_LINKED, subject, detail),)
    if made_of != book:
        detail = f"price list {price_list} is of book {made_of}; the account has {book}"
        return (Reason(ReasonCode.PRICE_BOOK_DIFFERS, subject, detail),)
    return ()


def customers_by_lists(
    customers: Iterable[OroCustomerId],
    index: PriceIndex,
    *,
    at: datetime,
    website: OroWebsiteId = FIRST_WEBSITE,
) -> dict[Chain, tuple[OroCustomerId, ...]]:
    """Put customers together that have the same lists: what one of them pays, all of them pay."""
    found: dict[Chain, list[OroCustomerId]] = {}
    for customer in customers:
        links = lists_of(customer, website, index, at=at)
        found.setdefault(links, []).append(customer)
    return {links: tuple(some) for links, some in found.items()}


def priced_units(
    customers: Iterable[OroCustomerId],
    index: PriceIndex,
    *,
    at: datetime,
    website: OroWebsiteId = FIRST_WEBSITE,
) -> frozenset[UnitKey]:
    """Return the product units that at least one of these customers can buy at a price."""
    found: set[UnitKey] = set()
    rows = (row for some in index.held.values() for row in some)
    slots = {(row.sku, row.unit, row.currency) for row in rows}
    for links in customers_by_lists(customers, index, at=at, website=website):
        for slot in slots:
            known = (slot[0], slot[1]) in found or not currency_is_usable(slot[2], links, index)
            if not known and combined_tiers(slot, links, index):
                found.add((slot[0], slot[1]))
    return frozenset(found)


@frozen
class CustomerBook:
    """A customer's price lists and price book, and every reason why they do not belong together."""

    customer: OroCustomerId
    lists: Chain
    book: PrimaPriceBook | None
    reasons: tuple[Reason, ...]


def customer_books(
    customers: Iterable[OroCustomerId],
    tables: PriceTables,
    *,
    at: datetime,
    website: OroWebsiteId = FIRST_WEBSITE,
) -> Iterator[CustomerBook]:
    """Yield, for each customer, whether every list it buys from was made of its account's book."""
    for customer in customers:
        lists = lists_of(customer, website, tables.oro, at=at)
        book = tables.links.accounts.get(customer)
        subject = f"prices/{customer}"
        reasons: list[Reason] = []
        if not lists:
            detail = f"no price list takes part for customer {customer}"
            reasons.append(Reason(ReasonCode.NO_PRICE_LIST, subject, detail))
        if book is None:
            detail = f"customer {customer}: no book is linked"
            reasons.append(Reason(ReasonCode.NO_PRICE_BOOK, subject, detail))
        else:
            for link in lists:
                reasons += list_doubts(link.price_list, book, tables.links, subject=subject)
        yield CustomerBook(customer, lists, book, tuple(reasons))
