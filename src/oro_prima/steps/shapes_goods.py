"""
The shapes of steps about prices, coverage and explanations, version 1.

Lists and prices of OroCommerce, price books of Prima and both catalogues are written as the rules
take them: a member for each field of their classes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from attrs import field, frozen

from oro_prima.ids import OroCustomerId, OroPriceListId, OroSku, PrimaPriceBook, UnitCode
from oro_prima.mapping.coverage import Entity, ErpCatalogue, Problem, Sale, ShopCatalogue
from oro_prima.mapping.prices import Overlap, PriceCatalogue, PricePolicy, VariantRows
from oro_prima.mapping.prices.lookup import PriceQuestion
from oro_prima.mapping.tax.reading import TaxTables
from oro_prima.oro.models.prices import ProductPrice
from oro_prima.prima.models.prices import BookPrice, PriceBook, PriceBookRow
from oro_prima.steps.shapes import VERSION, Document, LinkRow, ReasonRow, StockView


@frozen
class ResolvePriceInput:
    """
    One question after a price of OroCommerce.

    Attributes:
        question: Who, what, how many, in which currency, when.
        catalogue: Price lists, prices, assignments and fallbacks.
        prices: How this OroCommerce resolves prices.
    """

    question: PriceQuestion
    catalogue: PriceCatalogue
    prices: PricePolicy
    version: int = VERSION


@frozen
class ResolvePriceOutput:
    """
    The price of one unit, and why it is that one; `price` is null where there is none.

    `tier` is the quantity from which it counts, `level` where its list is assigned.
    """

    price: Decimal | None
    currency: str
    tier: Decimal | None
    price_list: str
    level: str
    rule: str
    reasons: tuple[ReasonRow, ...]
    version: int = VERSION


@frozen
class BookSource:
    """
    Price books of Prima, and how they are read.

    Attributes:
        vat_inclusive: Whether the shop's prices hold VAT.
        accounts: Price book of the account that a customer is linked to.
        lists: Price book that a price list was made of.
    """

    books: tuple[PriceBook, ...]
    rows: tuple[PriceBookRow, ...]
    vat_inclusive: bool
    variants: VariantRows = VariantRows.EXACT
    overlap: Overlap = Overlap.REFUSE
    accounts: Mapping[OroCustomerId, PrimaPriceBook] = field(
        factory=dict[OroCustomerId, PrimaPriceBook]
    )
    lists: Mapping[OroPriceListId, PrimaPriceBook] = field(
        factory=dict[OroPriceListId, PrimaPriceBook]
    )


@frozen
class UnitRef:
    """A product unit."""

    sku: OroSku
    unit: UnitCode


@frozen
class MapPricesInput:
    """
    A price book to make a price list of.

    Attributes:
        book: Code of the book.
        price_list: The list that is made of it.
        day: The day that the prices are of.
        source: The books.
        policy: The tables `units`, `orders` and `prima` of a configuration, as JSON.
        keys: Product units to price; empty for all of the unit table.
    """

    book: PrimaPriceBook
    price_list: OroPriceListId
    day: date
    source: BookSource
    policy: Document
    keys: tuple[UnitRef, ...] = ()
    version: int = VERSION


@frozen
class MapPricesOutput:
    """The rows that the list should have, and every reason why a product unit has none."""

    prices: tuple[ProductPrice, ...]
    reasons: tuple[ReasonRow, ...]
    version: int = VERSION


@frozen
class CheckCoverageInput:
    """
    Both sides' catalogues.

    Attributes:
        shop: All that can occur in an order.
        erp: What is alive in Prima; null where nobody can say.
        policy: The tables `orders`, `accounts`, `prima`, `units` and so on of a configuration.
        links: Approved links.
        codes: For price lists, tax codes, payment terms, warehouses: Oro's key to Prima's.
        sales: What was sold in the last 30 days.
        shared: Of these several may lead to one target.
        blocking: Of these a gap blocks although no order is held for it.
    """

    shop: ShopCatalogue
    policy: Document
    erp: ErpCatalogue = field(factory=ErpCatalogue)
    links: tuple[LinkRow, ...] = ()
    codes: Mapping[Entity, Mapping[str, str]] = field(factory=dict[Entity, Mapping[str, str]])
    sales: tuple[Sale, ...] = ()
    shared: tuple[Entity, ...] | None = None
    blocking: tuple[Entity, ...] = ()
    version: int = VERSION


@frozen
class GapRow:
    """One counter-example; `smallest_order` says in words which order fails."""

    entity: Entity
    oro_key: str
    prima_key: str
    problem: Problem
    detail: str
    blocking: bool
    smallest_order: str
    revenue: Mapping[str, Decimal]
    reasons: tuple[ReasonRow, ...]


@frozen
class CheckCoverageOutput:
    """Whether every order of the catalogue is mapped; `gaps` holds what blocks first."""

    passed: bool
    gaps: tuple[GapRow, ...]
    checked: Mapping[Entity, int]
    not_checked: tuple[str, ...]
    version: int = VERSION


class Explained(StrEnum):
    """What can be explained."""

    ORDER = "order"
    PRICE = "price"
    STOCK = "stock"
    ACCOUNT = "account"
    TOTALS = "totals"


@frozen
class ExplainInput:
    """
    A question after why.

    Attributes:
        what: What is to be explained.
        order, suffix, now, price_books: For an order, as for `map_order`; for totals the order
            alone.
        question: For a price: who, what, how many, when.
        catalogue, prices, source: For a price: both sides' prices; without `prices` those of the
            policy's table `prices`.
        unit, stock: For stock: which product unit, and both sides' stock as for `map_stock`.
        customer, currency: For an account: who orders, in which currency.
        taxes: For totals: tax codes of products and customers; how both sides compute is said by
            the policy's table `tax`.
        policy, links: As for `map_order`.
    """

    what: Explained
    policy: Document
    order: Document | None = None
    suffix: int = 0
    now: datetime | None = None
    question: PriceQuestion | None = None
    catalogue: PriceCatalogue = field(factory=PriceCatalogue)
    prices: PricePolicy | None = None
    source: BookSource | None = None
    unit: UnitRef | None = None
    stock: StockView | None = None
    customer: OroCustomerId | None = None
    currency: str | None = None
    taxes: TaxTables = field(factory=TaxTables)
    links: tuple[LinkRow, ...] = ()
    price_books: tuple[BookPrice, ...] | None = None
    version: int = VERSION


@frozen
class ExplainOutput:
    """The explanation as a tree of rules, rows and refusals, and as text to print."""

    result: str
    explanation: Document
    text: str
    version: int = VERSION
