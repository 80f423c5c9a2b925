"""Reading Prima's price books: whole, or what a batch of orders is held against. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set

from attrs import define, evolve, field

from oro_prima.errors import CallError, ConfigError
from oro_prima.ids import PrimaPriceBook
from oro_prima.mapping.orders import map_order
from oro_prima.mapping.policy import OrderPolicy, PriceCheck
from oro_prima.mapping.price_check import TOLD, ReadBook, wanted_prices
from oro_prima.outcome import Mapped
from oro_prima.plans.orders import OrderDecision, orders_to_check
from oro_prima.plans.snapshots import OrderSnapshot
from oro_prima.prima.models.binding import SoapBinding
from oro_prima.prima.models.bound import Bound
from oro_prima.prima.models.capabilities import Capability
from oro_prima.prima.models.files import Unmoved
from oro_prima.prima.models.orders import PrimaOrder
from oro_prima.prima.models.prices import BookPrice
from oro_prima.sync.capabilities import gather_capability
from oro_prima.sync.run import FlowRun
from oro_prima.values import SkuKey

Wanted = Mapping[PrimaPriceBook, frozenset[SkuKey]]
TOLD_IN_JOURNAL = 5
"""Lines of an order that the journal tells in full."""


def by_request(run: FlowRun) -> bool:
    """Tell whether price books are asked for one by one; else they come by files."""
    binding = dict(run.ports.bindings).get(Capability.PRICE_BOOK)
    return isinstance(binding, SoapBinding)


def ask_book(
    run: FlowRun, book: PrimaPriceBook, *, first: str = "", last: str = ""
) -> Bound[BookPrice]:
    """
    Ask for one book, or for its products from `first` to `last`; blank for all.

    Raises:
        CallError: Prima did not answer.
    """
    run.tell("reading a price book", str(book))
    about = {"book": str(book), "first": first, "last": last}
    with (
        run.patient(run.ports.snapshot_timeout),
        gather_capability(run.ports, Capability.PRICE_BOOK, BookPrice, about=about) as found,
    ):
        return found


@define
class BookShelf:
    """
    The price books of one batch of orders: each is read once, and only rows that orders need stay.

    `unread` says of each book of the run that could not be read why; it is not asked for again in
    this run, for a system that is down would be waited for batch by batch.
    """

    books: dict[PrimaPriceBook, ReadBook] = field(factory=dict[PrimaPriceBook, ReadBook])
    skus: dict[PrimaPriceBook, frozenset[SkuKey]] = field(
        factory=dict[PrimaPriceBook, frozenset[SkuKey]]
    )
    unread: dict[PrimaPriceBook, str] = field(factory=dict[PrimaPriceBook, str])

    def clear(self) -> None:
        """Forget what was read for the last batch; what cannot be read stays so."""
        self.books.clear()
        self.skus.clear()
        self.books.update({book: ReadBook(unread=why) for book, why in self.unread.items()})

    def missing(self, wanted: Wanted) -> dict[PrimaPriceBook, frozenset[SkuKey]]:
        """Return what has to be read: books that are not here with all the SKUs."""
        return {
            book: skus | self.skus.get(book, frozenset())
            for book, skus in wanted.items()
            if book not in self.unread
            and (book not in self.books or not skus <= self.skus.get(book, frozenset()))
        }

    def put(self, book: PrimaPriceBook, skus: frozenset[SkuKey], read: ReadBook) -> None:
        """Keep what was read, or why it could not be."""
        self.books[book], self.skus[book] = read, skus
        if read.unread:
            self.unread[book] = read.unread


def with_prices(
    run: FlowRun, snapshot: OrderSnapshot, policy: OrderPolicy, shelf: BookShelf
) -> OrderSnapshot:
    """
    Add the price books that the orders of a batch are held against; one read a book and batch.

    Nothing is read where prices are not checked, and nothing where no order would be posted. A book
    that cannot be read is told as such, and the rest goes on.
    """
    return _with_books(run, snapshot, orders_to_check(snapshot, policy), policy, shelf)


def with_prices_of_all(run: FlowRun, snapshot: OrderSnapshot, policy: OrderPolicy) -> OrderSnapshot:
    """Add the price books of every order that can be mapped, posted ones too: to explain them."""
    if policy.price_check is PriceCheck.INTENT_ONLY:
        return snapshot
    outcomes = (map_order(order, snapshot.tables, policy) for order in snapshot.orders)
    orders = tuple(one.value for one in outcomes if isinstance(one, Mapped))
    return _with_books(run, snapshot, orders, policy, BookShelf())


def _with_books(
    run: FlowRun,
    snapshot: OrderSnapshot,
    orders: tuple[PrimaOrder, ...],
    policy: OrderPolicy,
    shelf: BookShelf,
) -> OrderSnapshot:
    missing = shelf.missing(wanted_prices(orders, snapshot.tables, policy))
    for book, read in _read_books(run, missing):
        shelf.put(book, missing[book], read)
    return evolve(snapshot, books=dict(shelf.books)) if shelf.books else snapshot


def _read_books(run: FlowRun, wanted: Wanted) -> Iterator[tuple[PrimaPriceBook, ReadBook]]:
    """Yield each book: asked for by itself, or all of them out of one reading of the files."""
    if not wanted:
        return
    if by_request(run):
        for book, skus in wanted.items():
            read = _asked(run, book, skus)
            yield book, read
        return
    found = _of_files(run)
    for book, skus in wanted.items():
        yield book, found if isinstance(found, ReadBook) else kept_rows(found, book, skus)


def _asked(run: FlowRun, book: PrimaPriceBook, skus: Set[SkuKey]) -> ReadBook:
    first, last = product_range(skus)
    try:
        found = ask_book(run, book, first=first, last=last)
    except CallError as error:
        return ReadBook(unread=str(error))
    return kept_rows(found, book, skus)


def _of_files(run: FlowRun) -> Bound[BookPrice] | ReadBook:
    """Read the files and leave them where they are, for the prices flow."""
    ports = evolve(run.ports, files=Unmoved(run.ports.files))
    try:
        with gather_capability(ports, Capability.PRICE_BOOK, BookPrice) as found:
            return found
    except (CallError, ConfigError) as error:
        return ReadBook(unread=str(error))


def product_range(skus: Set[SkuKey]) -> tuple[str, str]:
    """
    Return the first and the last product to ask for; blank where that could leave one out.

    How Prima sorts codes is not evidenced. Codes of plain letters and digits lie between the same
    two by any way of sorting that puts digits before letters.

    >>> product_range({SkuKey("b7"), SkuKey("A1"), SkuKey("C")})
    ('A1', 'C')
    >>> product_range({SkuKey("A-1"), SkuKey("C")})
    ('', '')
    """
    codes = sorted((sku.product for sku in skus), key=str.casefold)
    if not codes or not all(code.isascii() and code.isalnum() for code in codes):
        return "", ""
    return codes[0], codes[-1]


def kept_rows(found: Bound[BookPrice], book: PrimaPriceBook, skus: Set[SkuKey]) -> ReadBook:
    """
    Return of one book what the orders need; of a book with unreadable records nothing is believed.

    A record that cannot be read may be the very row that counts.
    """
    if found.faults:
        more = f"{len(found.faults)} records, such as {found.faults[0]}"
        return ReadBook(unread=f"{more}, cannot be read")
    mine = [one for one in found.records if one.book.code == book]
    heads = tuple(dict.fromkeys(one.book for one in mine))
    return ReadBook(heads, tuple(one.row for one in mine if one.row.sku in skus))


def note_prices(run: FlowRun, decision: OrderDecision, subject: str) -> None:
    """Keep in the journal that an order is posted although its prices do not agree."""
    told = [reason for reason in decision.warnings if reason.code in TOLD]
    if not told:
        return
    more = len(told) - TOLD_IN_JOURNAL
    parts = [f"{reason.code.value}: {reason.detail}" for reason in told[:TOLD_IN_JOURNAL]]
    detail = "; ".join([*parts, f"and {more} more"] if more > 0 else parts)
    with run.write() as tx:
        run.note(tx, "prices told", subject, detail)


def why_orders_wait(policy: OrderPolicy, shelf: BookShelf) -> str:
    """Say which books keep orders waiting; empty where none does."""
    if policy.price_check is not PriceCheck.CHECK_AND_HOLD or not shelf.unread:
        return ""
    books = "; ".join(f"{book}: {why}" for book, why in sorted(shelf.unread.items()))
    return f"orders wait for a price book that cannot be read: {books}"
