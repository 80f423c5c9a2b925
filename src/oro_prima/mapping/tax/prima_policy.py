"""
How Prima computes VAT: by policy, for no evidenced request shows it.

What a deployment does is asked of finance; the defaults below are common, not known.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from attrs import field, frozen

from oro_prima.mapping.tax.documents import NONE
from oro_prima.mapping.tax.oro_policy import CalculateWith, KitTax
from oro_prima.mapping.tax.sharing import Remainder
from oro_prima.values import Rounding


class VatLevel(StrEnum):
    """On what VAT is rounded first."""

    UNIT = "unit"
    """The VAT of one unit, times the quantity."""
    LINE = "line"
    RATE = "rate"
    """The VAT of all lines of one rate."""
    ORDER = "order"
    """The VAT of the whole document, once."""


class DiscountStage(StrEnum):
    """Whether a discount lowers what is taxed, or only what is owed."""

    BEFORE_VAT = "before-vat"
    AFTER_VAT = "after-vat"


class Carriage(StrEnum):
    """At which rate carriage is taxed."""

    OWN_RATE = "own-rate"
    """At the rate of `carriage_code`."""
    APPORTIONED = "apportioned"
    """At the rates of the goods, shared out by what they cost."""


class VatKind(StrEnum):
    """Why a supply bears the VAT it bears; all but `TAXED` bear none."""

    TAXED = "taxed"
    ZERO_RATED = "zero-rated"
    EXEMPT = "exempt"
    EXPORT = "export"
    REVERSE_CHARGE = "reverse-charge"


@frozen
class RateRow:
    """
    One row of the rate table; the first row that fits counts, so special rows stand first.

    Attributes:
        code: Prima's VAT code.
        rate: A fraction: 0.2 is 20 %. 0 for every kind but `TAXED`.
        kind: Why.
        tax_codes: The products' tax codes in OroCommerce; empty for all.
        countries: Where the goods go, ISO 3166 alpha-2; empty for anywhere, and for no ship-to.
        abroad_of: Countries that the goods must leave; with any, a ship-to is needed.
        account_classes: How Prima classes the account for VAT; empty for all.
    """

    code: str
    rate: Decimal
    kind: VatKind = VatKind.TAXED
    tax_codes: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    abroad_of: frozenset[str] = frozenset()
    account_classes: frozenset[str] = frozenset()


@frozen
class PrimaTaxPolicy:
    """
    How Prima computes VAT.

    Attributes:
        prices_include_vat: Whether its prices hold VAT. No default.
        level: On what VAT is rounded first. No default.
        rates: The rate table; what no row fits has no rate, and is refused.
        start: Whether the price of a unit is rounded first, or the line's amount.
        price_decimals, price_rounding: How the price of a unit is rounded, where that is first.
        vat_decimals, vat_rounding: How VAT is rounded at its level.
        total_rounding: How the document's VAT is brought to 2 decimals after that.
        least: The least VAT of a unit or a line that bears any; 0 for no such rule.
        discount: Whether promotions lower what is taxed.
        manual_discount: Whether what a person takes off the order lowers it.
        carriage: At which rate carriage is taxed.
        carriage_code: The tax code of carriage; also where there are no goods to share it out by.
        carriage_includes_vat: Whether the cost of carriage holds VAT.
        kits: Whether a kit is taxed as one product or part by part.
        remainder: Which line takes what is left over when an amount is shared out.
    """

    prices_include_vat: bool
    level: VatLevel
    rates: tuple[RateRow, ...] = field(factory=tuple[RateRow, ...])
    start: CalculateWith = CalculateWith.ROW_TOTAL
    price_decimals: int = 2
    price_rounding: Rounding = Rounding.HALF_UP
    vat_decimals: int = 2
    vat_rounding: Rounding = Rounding.HALF_UP
    total_rounding: Rounding = Rounding.HALF_UP
    least: Decimal = NONE
    discount: DiscountStage = DiscountStage.BEFORE_VAT
    manual_discount: DiscountStage = DiscountStage.BEFORE_VAT
    carriage: Carriage = Carriage.OWN_RATE
    carriage_code: str = ""
    carriage_includes_vat: bool = False
    kits: KitTax = KitTax.WHOLE
    remainder: Remainder = Remainder.LAST
