"""What plans look at: everything read once, with the instant it was read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction

from attrs import field, frozen

from oro_prima.ids import OroLevelId, OroOrderId, PrimaPriceBook
from oro_prima.mapping.price_check import Books, ReadBook
from oro_prima.mapping.tables import Tables, UnitKey, UnitTable
from oro_prima.oro.models.orders import Order
from oro_prima.oro.models.stock import InventoryLevel
from oro_prima.prima.models.stock import FreeStockRow
from oro_prima.records import (
    Capture,
    EntryState,
    ExceptionRecord,
    LineDemand,
    StockMark,
    Unread,
)
from oro_prima.values import SkuKey


@frozen
class UnreadOrder:
    """
    An order that came and cannot be read.

    `lines` are what it asks for, where its lines can be read by themselves.
    """

    id: OroOrderId
    record: Unread
    lines: tuple[LineDemand, ...] = ()


@frozen
class OrderSnapshot:
    """
    A batch of orders and all that decides what happens to them.

    Attributes:
        now: The server's clock, read with the batch.
        orders: Read in this batch, by id; a later reading of an order replaces an earlier one.
        vanished: Open orders that were asked for by id and are no longer there.
        tables: Links, units, charges.
        captures: What was captured of these orders before, by id.
        states: State of their ledger entries, by id; absent where none was ever made.
        held: Their exception records, by id.
        suffixes: How often each was deliberately reposted; absent for never.
        unread: Orders of this batch that cannot be read.
        namesakes: Orders outside this batch whose purchase order numbers may be used again in it.
        books: Prima's price books, of the SKUs in these orders, where prices are checked.
    """

    now: datetime
    orders: tuple[Order, ...]
    tables: Tables
    vanished: tuple[OroOrderId, ...] = ()
    captures: Mapping[OroOrderId, Capture] = field(factory=dict[OroOrderId, Capture])
    states: Mapping[OroOrderId, EntryState] = field(factory=dict[OroOrderId, EntryState])
    held: Mapping[OroOrderId, ExceptionRecord] = field(factory=dict[OroOrderId, ExceptionRecord])
    suffixes: Mapping[OroOrderId, int] = field(factory=dict[OroOrderId, int])
    unread: tuple[UnreadOrder, ...] = ()
    namesakes: tuple[Order, ...] = ()
    books: Books = field(factory=dict[PrimaPriceBook, ReadBook])


@frozen
class OtherShop:
    """
    Another shop that sells from the same Prima company: what it sold, and what it shows.

    Attributes:
        units: That shop's own unit table.
        levels: What it shows now; taken off the pools, for both may not promise one piece.
        orders: Its orders that no capture covers yet.
        captures: Its captures that may be in flight.
        sold: What further orders of both kinds ask for, added up.
        outstanding: Its levels that an operation may still write: what they are made of does not
            rise here.
    """

    units: UnitTable
    levels: tuple[InventoryLevel, ...] = ()
    orders: tuple[Order, ...] = ()
    captures: tuple[Capture, ...] = ()
    sold: tuple[LineDemand, ...] = ()
    outstanding: frozenset[OroLevelId] = frozenset()


@frozen
class UnreadShop:
    """A shop of the same Prima company that could not be read, by its name, and why."""

    name: str
    why: str


@frozen
class StockSnapshot:
    """
    Both sides' stock and everything sold but not yet taken off.

    Attributes:
        now: Prima's reading began then (`t0`).
        rows: Prima's free stock.
        levels: OroCommerce's present levels.
        tables: The unit table decides which SKUs a level is made of.
        orders: Orders that no capture covers yet, as read after `rows`.
        captures: Captures that may be in flight: waiting, held, in doubt, posted since `now`.
        sold: What further orders of both kinds ask for, added up: a line a product unit, so that a
            snapshot does not grow with the number of orders.
        marks: SKUs that earlier accepted snapshots did not hold.
        outstanding: Levels that an operation may still write; they are left alone.
        accept_anyway: A person accepted a snapshot that the guard had refused.
        others: The other shops of the same Prima company; one pool serves them all.
        rows_at: When Prima's figures were true; None for `now`.
        let_go: Product units that a person lets rise further than the band.
        share_before: The shares of the pool's shops before this one, added up.
        unread: The pool's shops that could not be read: while there is one, no level rises.
    """

    now: datetime
    rows: tuple[FreeStockRow, ...]
    levels: tuple[InventoryLevel, ...]
    tables: Tables
    orders: tuple[Order, ...] = ()
    captures: tuple[Capture, ...] = ()
    sold: tuple[LineDemand, ...] = ()
    marks: Mapping[SkuKey, StockMark] = field(factory=dict[SkuKey, StockMark])
    outstanding: frozenset[OroLevelId] = frozenset()
    accept_anyway: bool = False
    others: tuple[OtherShop, ...] = ()
    rows_at: datetime | None = None
    let_go: frozenset[UnitKey] = frozenset()
    share_before: Fraction = Fraction(0)
    unread: tuple[UnreadShop, ...] = ()
