"""The settings of goods: product units, prices on both sides, tax on both sides, coverage."""

from __future__ import annotations

from oro_prima.config import readers as r
from oro_prima.config.setting import Evidence, Setting
from oro_prima.config.setting import setting as _s
from oro_prima.config.taxing import UkRates, preset_name
from oro_prima.mapping.coverage.catalogues import Entity
from oro_prima.mapping.policy import Overlap, VariantRows
from oro_prima.mapping.prices.policy import (
    AssignedList,
    BelowSmallest,
    KitItems,
    PriceStorage,
    PriceStrategy,
    WebsitePrices,
)
from oro_prima.mapping.product_units import BarcodeUse, UnitMode
from oro_prima.mapping.tax.documents import TaxPlace
from oro_prima.mapping.tax.oro_policy import (
    EUROPEAN_UNION,
    BaseExclusion,
    CalculateOn,
    CalculateWith,
    Destination,
    Granularity,
    KitTax,
    OroRelease,
    TaxBase,
    TaxRule,
)
from oro_prima.mapping.tax.prima_policy import (
    Carriage,
    DiscountStage,
    RateRow,
    VatLevel,
)
from oro_prima.mapping.tax.sharing import Remainder
from oro_prima.values import Rounding

TAX_RULE = (
    '{ product_code = "STD", customer_code = "TRADE", jurisdiction = { country = "GB" }, '
    'tax = { code = "S", rate = "0.2" } }'
)
RATE_ROW = '{ code = "S", rate = "0.2", tax_codes = ["STD"], countries = ["GB"] }'

SHORTHANDS = frozenset({"tax.prima.preset", "tax.prima.uk_rates"})
"""Settings that stand for others: policies are written out without them."""

EU = "[" + ", ".join(f'"{one}"' for one in sorted(EUROPEAN_UNION)) + "]"

_A = Evidence.ASK

GOODS: tuple[Setting, ...] = (
    _s("products.mode", r.choice(UnitMode), '"table"',
       "How units reach Prima's SKUs: own-sku, converted, or as the table says."),
    _s("products.modes", r.choices(UnitMode), "{}", "Of single products, by SKU."),
    _s("products.barcodes", r.choice(BarcodeUse), '"ignore"',
       "Whether a unit without a row is found by its barcode: ignore, gtin or any."),
    _s("prices.currencies", r.words, "[]", "The shop's currencies; others have no price.", _A),
    _s("prices.storage", r.choice(PriceStorage), '"combined"',
       "oro_pricing.price_storage: lists of a chain combined, or flat, one list a customer.", _A),
    _s("prices.strategy", r.choice(PriceStrategy), '"minimal_prices"',
       "oro_pricing.price_strategy: the lowest price, or the first list (merge_by_priority).", _A),
    _s("prices.default_lists", r.records(AssignedList, '{ price_list = "1" }'), "[]",
       "oro_pricing.default_price_lists, with sort_order and merge_allowed.", _A),
    _s("prices.default_list", r.maybe(r.filled), '""',
       "oro_pricing.default_price_list, for flat storage.", _A),
    _s("prices.websites", r.named(WebsitePrices, '{ 1 = { lists = [{ price_list = "2" }] } }'),
       "{}", "What single websites say: lists, only, default_list.", _A),
    _s("prices.anonymous_group", r.maybe(r.filled), '""', "Customer group of guests.", _A),
    _s("prices.below_smallest", r.several(BelowSmallest), "[]",
       "Switches of 6.1 that price a quantity below the smallest tier.", _A),
    _s("prices.precision", r.whole(0, 10), "2", "oro_pricing.precision, for parts of kits.", _A),
    _s("prices.rounding", r.choice(Rounding), '"ROUND_HALF_UP"',
       "oro_pricing.rounding_type, for parts of kits.", _A),
    _s("prices.kit_items", r.choice(KitItems), '"any"',
       "Which products of a kit have a price: any, or those still listed (7.0 and later).", _A),
    _s("books.variants", r.choice(VariantRows), '"exact"',
       "A row without matrix codes: exact (that SKU alone), or every variant of its product.", _A),
    _s("books.overlap", r.choice(Overlap), '"refuse"',
       "Several rows valid on one day: refuse, or the latest that became valid.", _A),
    _s("tax.oro.release", r.maybe(r.choice(OroRelease)), '""',
       "What the release computes like: 5.1, 6.1.0 or 6.1.11; empty: tax is not predicted.", _A),
    _s("tax.oro.start_with", r.choice(CalculateWith), '"unit_price"',
       "oro_tax.start_calculation_with: what is rounded first.", _A),
    _s("tax.oro.start_on", r.choice(CalculateOn), '"total"',
       "oro_tax.start_calculation_on: tax is rounded once an order, or once a line (item).", _A),
    _s("tax.oro.shipping_includes_tax", r.flag, "false", "oro_tax.shipping_rates_include_tax.", _A),
    _s("tax.oro.after_promotions", r.flag, "false",
       "oro_tax.calculate_taxes_after_promotions: discounts lower what is taxed.", _A),
    _s("tax.oro.shipping_codes", r.listed, "[]",
       "oro_tax.shipping_tax_code; none: shipping is not taxed.", _A),
    _s("tax.oro.rules", r.records(TaxRule, TAX_RULE), "[]",
       "Tax rules: product_code, customer_code, jurisdiction, tax."),
    _s("tax.oro.base", r.choice(TaxBase), '"origin"', "oro_tax.use_as_base_by_default.", _A),
    _s("tax.oro.exclusions", r.records(BaseExclusion, '{ country = "US", base = "destination" }'),
       "[]", "oro_tax.use_as_base_exclusions.", _A),
    _s("tax.oro.destination", r.choice(Destination), '"shipping_address"',
       "oro_tax.destination: which address is taxed.", _A),
    _s("tax.oro.origin", r.maybe(r.record(TaxPlace, '{ country = "GB" }')), '""',
       "oro_tax.origin_address: country, region, region_text, postcode.", _A),
    _s("tax.oro.granularity", r.choice(Granularity), '"zip_code"',
       "oro_tax.address_resolver_granularity.", _A),
    _s("tax.oro.digital_us", r.words, "[]", "oro_tax.digital_products_us: tax codes.", _A),
    _s("tax.oro.digital_eu", r.words, "[]", "oro_tax.digital_products_eu: tax codes.", _A),
    _s("tax.oro.untaxed_states", r.words, "[]",
       "States such as US-CA that tax no digital goods; the release's source lists them.", _A),
    _s("tax.oro.eu_countries", r.words, EU,
       "Countries where digital goods are taxed at the destination, as OroCommerce spells them.",
       Evidence.INFERRED),
    _s("tax.oro.precision", r.whole(0, 10), "2", "oro_pricing.precision, of what is owed.", _A),
    _s("tax.oro.rounding", r.choice(Rounding), '"ROUND_HALF_UP"',
       "oro_pricing.rounding_type, of what is owed.", _A),
    _s("tax.prima.preset", preset_name, '""',
       "A way of rounding by name, such as uk-line-penny; what is said beside it changes it.", _A),
    _s("tax.prima.level", r.maybe(r.choice(VatLevel)), '""',
       "On what VAT is rounded first: unit, line, rate or order; empty: as the preset.", _A),
    _s("tax.prima.rates", r.records(RateRow, RATE_ROW), "[]",
       "The rate table, first fit first: code, rate, kind, tax_codes, countries, abroad_of, "
       "account_classes.", _A),
    _s("tax.prima.uk_rates", r.record(UkRates, '{ standard = ["STD"] }'), "{}",
       "Instead of rates: tax codes that are standard, reduced, zero, and "
       "reverse_charge_classes.", _A),
    _s("tax.prima.start", r.choice(CalculateWith), '"row_total"',
       "What is rounded first: unit_price or row_total.", _A),
    _s("tax.prima.price_decimals", r.whole(0, 10), "2", "Decimals of a unit's price.", _A),
    _s("tax.prima.price_rounding", r.choice(Rounding), '"ROUND_HALF_UP"', "Of that price.", _A),
    _s("tax.prima.vat_decimals", r.whole(0, 10), "2", "Decimals of VAT at its level.", _A),
    _s("tax.prima.vat_rounding", r.choice(Rounding), '"ROUND_HALF_UP"', "Of VAT there.", _A),
    _s("tax.prima.total_rounding", r.choice(Rounding), '"ROUND_HALF_UP"',
       "Of the document's VAT.", _A),
    _s("tax.prima.least", r.amount, "0", "Least VAT of a unit or line that bears any.", _A),
    _s("tax.prima.discount", r.choice(DiscountStage), '"before-vat"',
       "Whether promotions lower what is taxed: before-vat or after-vat.", _A),
    _s("tax.prima.manual_discount", r.choice(DiscountStage), '"before-vat"',
       "Whether what a person takes off lowers it.", _A),
    _s("tax.prima.carriage", r.choice(Carriage), '"own-rate"',
       "At which rate carriage is taxed: own-rate, or apportioned over the goods.", _A),
    _s("tax.prima.carriage_code", r.text, '""', "The tax code of carriage.", _A),
    _s("tax.prima.carriage_includes_vat", r.flag, "false",
       "Whether the cost of carriage holds VAT.", _A),
    _s("tax.prima.kits", r.choice(KitTax), '"whole"',
       "A kit is taxed as one product (whole), or by-part.", _A),
    _s("tax.prima.remainder", r.choice(Remainder), '"last"',
       "Which line takes what is left over when an amount is shared out.", _A),
    _s("coverage.shared", r.several(Entity),
       '["carrier", "payment term", "price list", "tax code", "warehouse"]',
       "Of these several may lead to one target."),
    _s("coverage.blocking", r.several(Entity), "[]",
       "Of these a gap fails the check although no order is held for it."),
)  # fmt: skip
