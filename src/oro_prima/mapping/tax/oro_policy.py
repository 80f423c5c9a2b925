"""
How this OroCommerce computes tax: what its API does not show, so it must be said.

Releases differ by a cent; what differs is data, one row a release.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from attrs import frozen

from oro_prima.mapping.tax.documents import TaxPlace, TaxRate
from oro_prima.values import Rounding


class CalculateWith(StrEnum):
    """What is rounded first, and so where half a penny is lost: the unit's price or the row."""

    UNIT_PRICE = "unit_price"
    ROW_TOTAL = "row_total"


class CalculateOn(StrEnum):
    """`oro_tax.start_calculation_on`: whether tax is rounded once an order or once a line."""

    TOTAL = "total"
    ITEM = "item"


class KitTax(StrEnum):
    """Whether a kit is taxed as one product or part by part."""

    WHOLE = "whole"
    BY_PART = "by-part"


class PayableTax(StrEnum):
    """Which figure of the engine is added to what the buyer owes for goods."""

    SUM_OF_CODES = "sum-of-codes"
    """Each tax code's figure rounded, then added up."""
    ITEMS_TOTAL = "items-total"


class DiscountShares(StrEnum):
    """How an order's discount is spread over its lines."""

    EXACT = "exact"
    CENTS = "cents"
    """In hundredths, half up, the remainder on the last line."""


class DiscountedRow(StrEnum):
    """What `unit_price` starts with, where an order has a discount of its own."""

    UNIT_PRICE = "unit_price"
    AMOUNT = "amount"
    """The row's amount after discounts, as it is."""


class SameCode(StrEnum):
    """What two rules with one tax code make of a line."""

    APART = "apart"
    MERGED = "merged"


class OroRelease(StrEnum):
    """Releases that compute alike, each named by its first; 7.0.0 to 7.0.3 are as 6.1.0."""

    V5_1 = "5.1"
    V6_1 = "6.1.0"
    V6_1_11 = "6.1.11"
    """6.1.11 and later, 7.0.4 and later."""


@frozen
class ReleaseRules:
    """What differs between releases."""

    kits: KitTax
    payable_tax: PayableTax
    discount_shares: DiscountShares
    discounted_row: DiscountedRow
    same_code: SameCode


RELEASES: Mapping[OroRelease, ReleaseRules] = MappingProxyType(
    {
        OroRelease.V5_1: ReleaseRules(
            KitTax.WHOLE,
            PayableTax.SUM_OF_CODES,
            DiscountShares.EXACT,
            DiscountedRow.UNIT_PRICE,
            SameCode.APART,
        ),
        OroRelease.V6_1: ReleaseRules(
            KitTax.BY_PART,
            PayableTax.SUM_OF_CODES,
            DiscountShares.EXACT,
            DiscountedRow.UNIT_PRICE,
            SameCode.MERGED,
        ),
        OroRelease.V6_1_11: ReleaseRules(
            KitTax.BY_PART,
            PayableTax.ITEMS_TOTAL,
            DiscountShares.CENTS,
            DiscountedRow.AMOUNT,
            SameCode.MERGED,
        ),
    }
)


class TaxBase(StrEnum):
    """`oro_tax.use_as_base_by_default`: where an order is taxed."""

    ORIGIN = "origin"
    DESTINATION = "destination"


class Destination(StrEnum):
    """`oro_tax.destination`: which address is the destination."""

    SHIPPING = "shipping_address"
    BILLING = "billing_address"


class Granularity(StrEnum):
    """`oro_tax.address_resolver_granularity`: down to what jurisdictions count; levels add up."""

    COUNTRY = "country"
    REGION = "region"
    ZIP_CODE = "zip_code"
    COUNTRY_AND_ZIP_CODE = "country_and_zip_code"


@frozen
class BaseExclusion:
    """A country, or a region of it, that is taxed by another base than the default."""

    country: str
    base: TaxBase
    region: str = ""
    region_text: str = ""


@frozen
class PostcodeRange:
    """Postcodes from `first` to `last`; the same text in both for one code."""

    first: str
    last: str


@frozen
class Jurisdiction:
    """Where a rule holds; empty parts narrow nothing, and make the rule one of a coarser level."""

    country: str
    region: str = ""
    region_text: str = ""
    postcodes: tuple[PostcodeRange, ...] = ()


@frozen
class TaxRule:
    """One tax rule: product code x customer code x jurisdiction -> tax."""

    product_code: str
    customer_code: str
    jurisdiction: Jurisdiction
    tax: TaxRate


EUROPEAN_UNION = frozenset(
    {
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "HR", "HU",
        "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK", "UK",
    }
)  # fmt: skip
"""As OroCommerce spells it: Greece and the United Kingdom by other codes than addresses have, so
goods for Greece (`GR`) count as outside."""


@frozen
class OroTaxPolicy:
    """
    How this OroCommerce computes tax.

    Attributes:
        release: What the server's release computes like. No default.
        start_with: `oro_tax.start_calculation_with`.
        start_on: `oro_tax.start_calculation_on`.
        prices_include_tax: `oro_tax.product_prices_include_tax`.
        shipping_includes_tax: `oro_tax.shipping_rates_include_tax`.
        after_promotions: `oro_tax.calculate_taxes_after_promotions`; off, discounts lower what is
            owed and not what is taxed.
        shipping_codes: `oro_tax.shipping_tax_code`; empty, shipping is not taxed.
        rules: Tax rules, as the API lists them.
        base: `oro_tax.use_as_base_by_default`.
        exclusions: `oro_tax.use_as_base_exclusions`; the first that fits decides.
        destination: `oro_tax.destination`.
        origin: `oro_tax.origin_address`; None for none.
        granularity: `oro_tax.address_resolver_granularity`.
        digital_us: `oro_tax.digital_products_us`, tax codes of products.
        digital_eu: `oro_tax.digital_products_eu`, tax codes of products.
        untaxed_states: Regions such as `US-CA` in which the release taxes no goods of `digital_us`;
            its source lists them.
        eu_countries: Countries in which goods of `digital_eu` are taxed at the destination.
        precision: `oro_pricing.precision`, of what is owed; the tax engine has 2 always.
        rounding: `oro_pricing.rounding_type`, of what is owed; the tax engine has half up always.
    """

    release: OroRelease
    start_with: CalculateWith = CalculateWith.UNIT_PRICE
    start_on: CalculateOn = CalculateOn.TOTAL
    prices_include_tax: bool = False
    shipping_includes_tax: bool = False
    after_promotions: bool = False
    shipping_codes: tuple[str, ...] = ()
    rules: tuple[TaxRule, ...] = ()
    base: TaxBase = TaxBase.ORIGIN
    exclusions: tuple[BaseExclusion, ...] = ()
    destination: Destination = Destination.SHIPPING
    origin: TaxPlace | None = None
    granularity: Granularity = Granularity.ZIP_CODE
    digital_us: frozenset[str] = frozenset()
    digital_eu: frozenset[str] = frozenset()
    untaxed_states: frozenset[str] = frozenset()
    eu_countries: frozenset[str] = EUROPEAN_UNION
    precision: int = 2
    rounding: Rounding = Rounding.HALF_UP

    @property
    def differs(self) -> ReleaseRules:
        """What this release does otherwise than another."""
        return RELEASES[self.release]
