"""What can occur in an order, and what Prima knows: the catalogues of both sides."""

from __future__ import annotations

from collections.abc import Mapping, Set
from decimal import Decimal
from enum import StrEnum

from attrs import field, frozen

from oro_prima.ids import OroCustomerId, OroSku, UnitCode
from oro_prima.mapping.quantities import QuantityRule
from oro_prima.mapping.tables import Tables, UnitKey
from oro_prima.oro.models.orders import OrderAddress
from oro_prima.values import SkuKey


class Entity(StrEnum):
    """What is mapped."""

    CUSTOMER = "customer"
    PRODUCT_UNIT = "product unit"
    CARRIER = "carrier"
    """A shipping method, its charge code, and its carrier where one is sent."""
    PAYMENT_TERM = "payment term"
    PRICE_LIST = "price list"
    TAX_CODE = "tax code"
    WAREHOUSE = "warehouse"


@frozen
class ShopCustomer:
    """
    A customer that may order.

    Attributes:
        currencies: Its orders' currencies; empty for all of the catalogue's.
        ship_to: Every ship-to that an order of it may have; None stands for an order without one.
    """

    id: OroCustomerId
    currencies: tuple[str, ...] = ()
    ship_to: tuple[OrderAddress | None, ...] = field(default=(None,), repr=False)


@frozen
class SoldUnit:
    """
    A product unit that can be bought.

    Attributes:
        rule: Which quantities can be bought.
        prices: What one unit may cost; empty where nobody says, and then no price is looked at.
        kit_lines: Lines of a kit; 0 for a simple product.
    """

    sku: OroSku
    unit: UnitCode
    rule: QuantityRule = field(factory=QuantityRule)
    prices: tuple[Decimal, ...] = ()
    kit_lines: int = 0

    @property
    def key(self) -> UnitKey:
        """Product and unit."""
        return (self.sku, self.unit)


@frozen
class ShopCatalogue:
    """
    All that can occur in an order of the shop.

    Attributes:
        currencies: ISO 4217 codes.
        shipping_methods: Identifiers as the shop spells them; an empty one stands for orders that
            name none and cost something.
        payment_terms, price_lists, tax_codes, warehouses: Their ids or codes.
    """

    customers: tuple[ShopCustomer, ...] = ()
    units: tuple[SoldUnit, ...] = ()
    currencies: tuple[str, ...] = ()
    shipping_methods: tuple[str, ...] = ()
    payment_terms: tuple[str, ...] = ()
    price_lists: tuple[str, ...] = ()
    tax_codes: tuple[str, ...] = ()
    warehouses: tuple[str, ...] = ()


@frozen
class ErpCatalogue:
    """
    What is alive in Prima; None where nobody can say, and then nothing is called dead.

    Attributes:
        charges: Codes of carriage and surcharges.
        carriers, payment_terms, price_books, tax_codes, warehouses: Codes.
    """

    accounts: Set[str] | None = None
    skus: Set[SkuKey] | None = None
    charges: Set[str] | None = None
    carriers: Set[str] | None = None
    payment_terms: Set[str] | None = None
    price_books: Set[str] | None = None
    tax_codes: Set[str] | None = None
    warehouses: Set[str] | None = None


@frozen
class CoverageFacts:
    """
    Both catalogues, and what leads from one to the other.

    Attributes:
        tables: What orders are mapped by.
        codes: For what no order is mapped by (price lists, tax codes, and payment terms and
            warehouses where orders do not name them): Oro's key -> Prima's.
    """

    shop: ShopCatalogue
    erp: ErpCatalogue
    tables: Tables
    codes: Mapping[Entity, Mapping[str, str]] = field(factory=dict[Entity, Mapping[str, str]])
