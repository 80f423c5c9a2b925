"""
The shapes of steps, version 1: what goes in and what comes out, as frozen values.

A document is read into its shape or refused with every fault; the published JSON Schemas are made
of the same classes. Fields are added, never renamed; another version stands beside this one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from attrs import field, frozen

from oro_prima.ids import OroLevelId, OroOrderId, OroSku, PrimaOrderNumber, UnitCode
from oro_prima.prima.models.orders import PrimaOrder
from oro_prima.prima.models.prices import BookPrice
from oro_prima.reasons import Owner, ReasonCode
from oro_prima.records import EntryState, Home

VERSION = 1

Document = Mapping[str, object]
"""Any JSON object; its own form is described where it is used."""


@frozen
class LinkRow:
    """An approved link, with the columns of a links file."""

    customer: str
    account: str
    deliv_addr_no: str = ""
    invc_addr_no: str = ""
    currency: str = ""
    vat_inclusive: str = ""
    pinned: str = ""


@frozen
class MapOrderInput:
    """
    One order to map.

    Attributes:
        order: The answer of OroCommerce for one order: `data` is the order, `included` its lines,
            addresses and discounts.
        policy: The tables `orders`, `prima` (with `profile`), `units` and `charges` of a
            configuration file, as JSON.
        links: Approved links; an order of any other customer is held.
        now: The server's clock; where it is given, orders that are not ours yet are told apart.
        suffix: 0, or 1 to 9 for a deliberate repost.
        earlier: OroCommerce's answers for orders with the same purchase order number, where the
            policy looks at numbers that were used before.
        price_books: Rows of Prima's price books, where the policy has prices checked; null where
            they could not be read. The table `known_accounts` says which book an account has.
    """

    order: Document
    policy: Document
    links: tuple[LinkRow, ...] = ()
    now: datetime | None = None
    suffix: int = 0
    earlier: tuple[Document, ...] = ()
    price_books: tuple[BookPrice, ...] | None = None
    version: int = VERSION


@frozen
class ReasonRow:
    """Why something was not mapped, who acts, and what mends it."""

    code: ReasonCode
    subject: str
    detail: str
    owner: Owner
    fix: str


@frozen
class MapOrderOutput:
    """
    What becomes of an order.

    `home` is `posted` where it is to be posted, and then `order` is what Prima is to take.
    """

    oro_order: OroOrderId
    home: Home
    order: PrimaOrder | None
    intent_hash: str
    reasons: tuple[ReasonRow, ...]
    warnings: tuple[ReasonRow, ...]
    version: int = VERSION


@frozen
class StockRow:
    """Free stock of one Prima SKU, in base units."""

    product: str
    available: Decimal
    m1: str = ""
    m2: str = ""
    m3: str = ""
    m4: str = ""


@frozen
class DemandRow:
    """What a line sold and not yet taken by Prima asks for."""

    sku: OroSku
    unit: UnitCode
    quantity: Decimal


@frozen
class MapStockInput:
    """
    Both sides' stock.

    Attributes:
        rows: Prima's free stock; the whole of it, for the guard counts what is absent.
        levels: Answers of OroCommerce for `inventorylevels`, with product and unit included.
        in_flight: Lines of orders that Prima may not have taken off its figures yet.
        policy: The tables `stock`, `orders`, `prima` and `units` of a configuration file, as JSON.
        now: When reading Prima's stock began.
        rows_at: When Prima's figures were true, where that was earlier; with old ones no level
            rises.
    """

    rows: tuple[StockRow, ...]
    levels: tuple[Document, ...]
    policy: Document
    now: datetime
    in_flight: tuple[DemandRow, ...] = ()
    rows_at: datetime | None = None
    version: int = VERSION


@frozen
class StockView:
    """Both sides' stock, with the members of `MapStockInput`."""

    rows: tuple[StockRow, ...]
    levels: tuple[Document, ...]
    now: datetime
    in_flight: tuple[DemandRow, ...] = ()
    rows_at: datetime | None = None


@frozen
class LevelRow:
    """One level to set, absolute, in whole units; decreases come first."""

    level: OroLevelId
    sku: OroSku
    unit: UnitCode
    quantity: Decimal
    previous: Decimal


@frozen
class MapStockOutput:
    """
    The levels to set, in the order to set them.

    `refused` is true where the snapshot holds too few of the linked SKUs: then nothing is to be
    set, and a person has to look.
    """

    levels: tuple[LevelRow, ...]
    refused: bool
    linked_share: Decimal
    skus_read: int
    skus_planned: int
    skus_unchanged: int
    skus_unlinked: int
    skus_missing: int
    reasons: tuple[ReasonRow, ...]
    version: int = VERSION


@frozen
class ClaimRow:
    """
    What the platform keeps of one posting, durably, before anything is sent.

    `ledger` and `payload` are opaque; `payload` holds names and addresses.
    """

    number: PrimaOrderNumber
    state: EntryState
    ledger: str
    payload: str


@frozen
class PostOrderInput:
    """
    One order to post, exactly once.

    Attributes:
        order, policy, links, suffix: As for `map_order`; `policy.prima` also says where Prima is.
        store: URL of a store that survives the step, such as `sqlite:////var/lib/shop.db`; empty
            where the platform keeps claims itself.
        claim: The claim that an earlier step handed back and the platform has kept.
        first_try: The platform knows that no step was ever started with this claim. On a repeat it
            must be false: then Prima is asked first, and nothing is sent on a guess.
        earlier: As for `map_order`; required where `policy.references.duplicates` is not `allow`,
            for the step asks the shop nothing.
    """

    order: Document
    policy: Document
    links: tuple[LinkRow, ...] = ()
    store: str = ""
    claim: ClaimRow | None = None
    first_try: bool = False
    suffix: int = 0
    earlier: tuple[Document, ...] | None = None
    version: int = VERSION


@frozen
class PostOrderOutput:
    """
    What became of a posting.

    `home` is `posted`, `held` (with reasons), `in_doubt` (ask again later, or let a person decide),
    or `waiting`: nothing was sent yet and `claim` is to be kept before the next step; without a
    claim, a price book could not be read, and the same step is to be made again later.
    """

    oro_order: OroOrderId
    home: Home
    number: str
    reasons: tuple[ReasonRow, ...] = ()
    claim: ClaimRow | None = field(default=None)
    version: int = VERSION
