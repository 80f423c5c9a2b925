"""What the business decides about orders and stock; what has no default is required."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from attrs import field, frozen

from oro_prima.ids import OroSku, UnitCode
from oro_prima.mapping.customers import AccountPolicy
from oro_prima.mapping.holds import HoldRule
from oro_prima.mapping.routing import Route, RouteRule
from oro_prima.prima.models.profile import PrimaProfile


class PriceBasis(StrEnum):
    """What `Price` on a Prima order line means. There is no default: Prima reads it one way."""

    UNIT = "unit"
    LINE = "line"
    OMIT = "omit"


class Inexact(StrEnum):
    """What happens to a unit price that is not exact at the decimals Prima takes."""

    HOLD = "hold"
    OMIT = "omit"


class DiscountOwner(StrEnum):
    """Which side decides discounts."""

    PRIMA = "prima"
    """None is sent; that OroCommerce gave one is a warning."""
    ORO = "oro"
    """It is sent as a charge below 0, where the order's own figures state it exactly."""


class Overflow(StrEnum):
    """What happens to an address of more lines than Prima takes."""

    HOLD = "hold"
    JOIN = "join"
    """Short lines are written behind each other with a comma, where all of it fits then."""


class Duplicates(StrEnum):
    """What happens to an order whose purchase order number its customer has used before."""

    ALLOW = "allow"
    WARN = "warn"
    """It is posted, and somebody is told."""
    HOLD = "hold"


class PriceCheck(StrEnum):
    """Whether an order's prices are held against Prima's price book before it is posted."""

    INTENT_ONLY = "intent-only"
    """The book is not looked at; Prima prices the order."""
    CHECK_AND_WARN = "check-and-warn"
    """The order is posted, and somebody is told of every line that does not agree."""
    CHECK_AND_HOLD = "check-and-hold"
    """Only an order is posted whose every line agrees."""


class VariantRows(StrEnum):
    """What a row of a price book without matrix codes stands for."""

    EXACT = "exact"
    """A SKU that has no matrix codes."""
    PRODUCT = "product"
    """Every variant of its product that has no row of its own."""


class Overlap(StrEnum):
    """What happens where several rows of one break are valid on a day."""

    REFUSE = "refuse"
    LATEST = "latest"
    """The one that became valid last."""


class WriteBack(StrEnum):
    """Whether the number of a posted order is written into its `externalId` in OroCommerce."""

    NONE = "none"
    EXTERNAL_ID = "external-id"


class PrimaReserves(StrEnum):
    """When Prima takes an order's goods off its free stock."""

    ACCEPTANCE = "acceptance"
    RELEASE = "release"


class PublishedFigure(StrEnum):
    """Which figure the shop is told."""

    FREE = "free"
    """What Prima has available, less what the shop sold that Prima does not know, less buffer."""
    AVAILABLE = "available"
    """What Prima has available, as it says it; what was just sold is offered again."""


class StockMode(StrEnum):
    """
    How one pool of base units is promised to several product units.

    `STRICT` never promises a base unit twice; `PER_UNIT` may, and is named for it.
    """

    STRICT = "strict"
    PER_UNIT = "per-unit"


class PoolMode(StrEnum):
    """
    How one pool of base units is promised by several shops of one Prima company.

    `STRICT` gives each shop its share, so that no base unit is promised twice; by `PER_SHOP` each
    shows all that is left, and both may sell the last one.
    """

    STRICT = "strict"
    PER_SHOP = "per-shop"


@frozen
class AddressPolicy:
    """
    What an address must be like; countries are OroCommerce's codes (`GB`).

    How Prima spells a country is the profile's (`values`).

    Attributes:
        overflow: What happens to more lines than Prima takes; nothing is ever cut.
        countries: Countries of ship-to addresses that are served; none named means all.
        postcode_countries: Countries whose addresses need a postcode.
    """

    overflow: Overflow = Overflow.HOLD
    countries: frozenset[str] = frozenset()
    postcode_countries: frozenset[str] = frozenset()


@frozen
class ReferencePolicy:
    """
    What a purchase order number (`poNumber`) must be like.

    Attributes:
        required: Whether every order needs one.
        required_of: Numbers of the customers whose orders need one, where not every order does.
        pattern: Regular expression that a whole number matches; empty for any.
        longest: Most characters; 0 for as many as the field takes.
        duplicates: What happens to one that its customer has used before.
    """

    required: bool = False
    required_of: frozenset[str] = frozenset()
    pattern: str = ""
    longest: int = 0
    duplicates: Duplicates = Duplicates.ALLOW


@frozen
class OrderPolicy:
    """
    Which orders are posted, and how.

    Attributes:
        start_at: The cut-over instant; older orders are ignored and counted. No default.
        price_basis: What `Price` means to this Prima. No default.
        vat_inclusive: Whether the prices sent hold VAT. No default.
        order_prefix: First digits of every order number; the range is used by nobody else.
        order_width: Digits of the zero-padded Oro id between prefix and repost digit.
        zone: Where the books are kept.
        statuses: Internal statuses that are posted.
        cancelled_statuses: Internal statuses that mean cancelled.
        post_after: How old an order is at least, by the server's clock.
        erp_identifier_pattern: Regular expression that matches identifiers of orders from the ERP
            on servers that have no `external` field (5.1); empty for none.
        post_main: Post a main order instead of its sub-orders.
        price_decimals: Decimals of a unit price.
        inexact: What happens to a unit price with more.
        discount_owner: Which side decides discounts.
        discount_code: Prima's charge code of a discount, where OroCommerce decides them.
        channel, carrier, carrier_service, warehouse, payment_terms: Codes where no table and no
            rule says otherwise; blank for Prima's own.
        send_contact: Send name, e-mail and phone of the ship-to contact.
        organizations: Organisations of the shop whose orders are taken; none named means all.
        write_back: Whether a posted order's number is written back, as a second guard against
            posting it again; the write has OroCommerce compute the order's totals anew.
        price_check: Whether lines are held against the price book of the order's account; what is
            sent is the same either way.
        price_tolerance: How far a line's amount may be from the book's, in the order's currency.
        price_tolerance_percent: Or how far in percent of the book's amount; the wider one counts.
        book_variants, book_overlap: How rows of a price book are read.
        accounts: Who pays for an order, and where it goes.
        addresses: What an address must be like.
        references: What a purchase order number must be like.
        routes: Warehouse and channel by rule; the first that fits and says one decides it.
        holds: Orders that somebody looks at first.
        profile: What this Prima is like.
    """

    start_at: datetime
    price_basis: PriceBasis
    vat_inclusive: bool
    order_prefix: str = "3"
    order_width: int = 7
    zone: tzinfo = UTC
    statuses: frozenset[str] = frozenset({"open", "pending", "processing"})
    cancelled_statuses: frozenset[str] = frozenset({"cancelled"})
    post_after: timedelta = timedelta(seconds=30)
    erp_identifier_pattern: str = ""
    post_main: bool = False
    price_decimals: int = 2
    inexact: Inexact = Inexact.HOLD
    discount_owner: DiscountOwner = DiscountOwner.PRIMA
    channel: str = ""
    carrier: str = ""
    carrier_service: str = ""
    warehouse: str = ""
    payment_terms: str = ""
    discount_code: str = ""
    send_contact: bool = True
    organizations: frozenset[str] = frozenset()
    write_back: WriteBack = WriteBack.NONE
    price_check: PriceCheck = PriceCheck.INTENT_ONLY
    price_tolerance: Decimal = Decimal(0)
    price_tolerance_percent: Decimal = Decimal(0)
    book_variants: VariantRows = VariantRows.EXACT
    book_overlap: Overlap = Overlap.REFUSE
    accounts: AccountPolicy = field(factory=AccountPolicy)
    addresses: AddressPolicy = field(factory=AddressPolicy)
    references: ReferencePolicy = field(factory=ReferencePolicy)
    routes: tuple[RouteRule, ...] = ()
    holds: tuple[HoldRule, ...] = ()
    profile: PrimaProfile = field(factory=PrimaProfile)

    @cached_property
    def default_route(self) -> Route:
        """How orders go where no table and no rule says otherwise."""
        return Route(
            self.channel, self.warehouse, self.carrier, self.carrier_service, self.payment_terms
        )


@frozen
class UnitShare:
    """The most of a product's pool that one unit may be published with, as a share of 0 to 1."""

    sku: OroSku
    unit: UnitCode
    max_share: Decimal


@frozen
class StockPolicy:
    """
    How free stock is published.

    Attributes:
        mode: Whether a base unit may be promised twice.
        figure: Which figure is published; with `available` neither what is in flight nor a buffer
            is taken off.
        buffer: Base units of every SKU that are never published.
        buffer_percent: Share of free stock that is never published, 0 to 100.
        buffer_days: Days of sales that are never published, by the table of sales; the largest of
            the three buffers counts.
        min_linked_share: Share of linked SKUs that a whole snapshot holds at least.
        zero_after: Accepted snapshots without a SKU after which it is set to 0.
        zero_apart: Least time between the first and the last of them.
        prima_reserves: When Prima takes an order's goods off its free stock; to be asked.
        released_statuses: Status texts that mean released, where Prima reserves on release.
        single_writes: Most decreases that are written one by one.
        batch_size: Levels in one asynchronous operation.
        correction_rounds: Most rounds of reading orders again after writing.
        write_inventory_status: Set the product's `inventory_status` with its levels.
        shares: Limits of single product units.
        unit_order: Units that are served first, in this order; after them the largest first.
        max_rise_percent: How far a level may rise at once, in percent of what it shows; 0 for any.
        max_fall_percent: How far one may fall before somebody is told; 0 for any. It falls anyway.
        band_from: A level may always rise to this; below it no fall is told.
        max_age: How old free stock may be; with an older one no level rises.
        low: A SKU with fewer base units to promise, yet some, is looked at by small runs too.
        recent: How long small runs look at what an order took that Prima has accepted.
        pool: Name of the pool that this shop sells from; empty for all of the Prima company.
        pool_share: The most of each pool that this shop may publish, as a share of 0 to 1; the
            shares of all shops of a pool add up to 1 at most.
        pool_mode: Whether several shops may promise one base unit.
    """

    mode: StockMode = StockMode.STRICT
    buffer: Decimal = Decimal(0)
    buffer_percent: Decimal = Decimal(0)
    buffer_days: Decimal = Decimal(0)
    min_linked_share: Decimal = Decimal("0.9")
    zero_after: int = 2
    zero_apart: timedelta = timedelta(hours=1)
    prima_reserves: PrimaReserves = PrimaReserves.ACCEPTANCE
    released_statuses: frozenset[str] = frozenset()
    single_writes: int = 15
    batch_size: int = 1000
    correction_rounds: int = 5
    write_inventory_status: bool = True
    shares: tuple[UnitShare, ...] = ()
    unit_order: tuple[UnitCode, ...] = ()
    max_rise_percent: Decimal = Decimal(0)
    max_fall_percent: Decimal = Decimal(0)
    band_from: Decimal = Decimal(100)
    max_age: timedelta = timedelta(hours=1)
    figure: PublishedFigure = PublishedFigure.FREE
    low: Decimal = Decimal(5)
    recent: timedelta = timedelta(hours=1)
    pool: str = ""
    pool_share: Decimal = Decimal(1)
    pool_mode: PoolMode = PoolMode.STRICT
