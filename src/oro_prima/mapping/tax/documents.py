"""
What is taxed, at which rates, and what it comes to: the words that both sides' rules speak.

An order here is prices, quantities, discounts, shipping and tax codes; names and addresses are not
needed. Amounts are in the order's currency and may have any number of decimals.
"""

from __future__ import annotations

import decimal
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from decimal import Decimal

from attrs import field, frozen

from oro_prima.values import Rounding, round_to

NONE = Decimal(0)
CENTS = 2
_EXACT = decimal.Context(prec=60)


def exactly() -> AbstractContextManager[decimal.Context]:
    """Calculate with so many digits that only the named rounding rounds."""
    return decimal.localcontext(_EXACT)


def cents(amount: Decimal) -> Decimal:
    """Round half up at 2 decimals."""
    return round_to(amount, CENTS, Rounding.HALF_UP)


@frozen
class KitPart:
    """One product in a kit: `quantity` of it in each kit, at `price` each."""

    key: str
    price: Decimal
    quantity: Decimal
    tax_code: str = ""


@frozen
class TaxLine:
    """
    One line as it is taxed.

    Attributes:
        key: What the line is called on both sides.
        price: Of one unit, before discounts; with tax or without as the side's policy says.
        quantity: In units, 0 and above.
        tax_code: The product's tax code in OroCommerce; rate tables lead on from it.
        discount: Taken off the whole line by a promotion; 0 and above.
        parts: What a kit holds; empty for a plain product.
    """

    key: str
    price: Decimal
    quantity: Decimal
    tax_code: str = ""
    discount: Decimal = NONE
    parts: tuple[KitPart, ...] = ()

    @property
    def amount(self) -> Decimal:
        """Price times quantity, not rounded, before discounts."""
        return self.price * self.quantity


@frozen
class TaxPlace:
    """A place as tax rules see it: `country` ISO 3166 alpha-2, `region` a code such as `US-CA`."""

    country: str
    region: str = ""
    region_text: str = ""
    postcode: str = ""


@frozen
class TaxOrder:
    """
    One order as it is taxed.

    Attributes:
        lines: In the order's own order: remainders go by it.
        shipping: Cost of shipping, before its discount.
        discount: Taken off the whole order by promotions.
        manual_discount: Taken off by a person; it lowers no tax in OroCommerce.
        shipping_discount: Taken off the shipping.
        customer_code: The customer's tax code in OroCommerce, else its group's.
        ship_to, bill_to: None where the order has no such address.
        account_class: How Prima classes the account for VAT.
    """

    reference: str
    currency: str
    lines: tuple[TaxLine, ...]
    shipping: Decimal = NONE
    discount: Decimal = NONE
    manual_discount: Decimal = NONE
    shipping_discount: Decimal = NONE
    customer_code: str = ""
    ship_to: TaxPlace | None = None
    bill_to: TaxPlace | None = None
    account_class: str = ""


@frozen
class TaxRate:
    """One tax; `rate` is a fraction: 0.2 is 20 %."""

    code: str
    rate: Decimal


Rates = tuple[TaxRate, ...]


@frozen
class OrderRates:
    """
    The rates that hold for one order on one side, by tax code; of a code that is missing, none.

    `located` is False where there is no address to tax at: then OroCommerce computes no tax at all.
    """

    codes: Mapping[str, Rates] = field(factory=dict[str, Rates])
    shipping: Rates = ()
    located: bool = True

    def of(self, tax_code: str) -> Rates:
        """Return the rates of a tax code."""
        return self.codes.get(tax_code, ())


@frozen
class Amounts:
    """Net, VAT and gross of one thing in one currency."""

    net: Decimal = NONE
    vat: Decimal = NONE
    gross: Decimal = NONE

    def __add__(self, other: Amounts) -> Amounts:
        return Amounts(self.net + other.net, self.vat + other.vat, self.gross + other.gross)

    def __sub__(self, other: Amounts) -> Amounts:
        return Amounts(self.net - other.net, self.vat - other.vat, self.gross - other.gross)

    def __bool__(self) -> bool:
        return bool(self.net or self.vat or self.gross)

    def __str__(self) -> str:
        return f"net {self.net:f}, VAT {self.vat:f}, gross {self.gross:f}"


@frozen
class RateTotal:
    """What one rate comes to in an order."""

    code: str
    rate: Decimal
    amounts: Amounts


@frozen
class SideTotals:
    """What an order comes to on one side, and by rate."""

    total: Amounts
    rates: tuple[RateTotal, ...] = ()


def by_code(rows: Iterable[RateTotal]) -> tuple[RateTotal, ...]:
    """Add up rows of one code; ordered by code."""
    found: dict[str, RateTotal] = {}
    for row in rows:
        before = found.get(row.code)
        amounts = row.amounts if before is None else before.amounts + row.amounts
        found[row.code] = RateTotal(row.code, row.rate, amounts)
    return tuple(found[code] for code in sorted(found))
