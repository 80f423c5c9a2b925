"""
Price books as Prima keeps them.

No evidenced request shows one: how they are read is bound by the profile, or comes from a file.
"""

from __future__ import annotations

from decimal import Decimal

from attrs import frozen

from oro_prima.ids import PrimaPriceBook
from oro_prima.values import LocalDate, SkuKey


@frozen
class PriceBook:
    """
    A price book without its rows.

    `vat_inclusive` tells whether its prices hold VAT; an order must say the same (E:548).
    """

    code: PrimaPriceBook
    currency: str
    vat_inclusive: bool


@frozen
class PriceBookRow:
    """
    The price of one base unit of a SKU, from `quantity` base units on.

    Without matrix codes the row may stand for every variant of its product, where the policy says
    so. It is valid on the days from `valid_from` to `valid_to`, both included; None leaves that end
    open.
    """

    book: PrimaPriceBook
    sku: SkuKey
    quantity: Decimal
    price: Decimal
    valid_from: LocalDate | None = None
    valid_to: LocalDate | None = None

    def __str__(self) -> str:
        return f"{self.price} from {self.quantity} in book {self.book}"


@frozen
class BookPrice:
    """A row of a price book together with its book; `unit` is Prima's word for what is priced."""

    book: PriceBook
    row: PriceBookRow
    unit: str = ""
