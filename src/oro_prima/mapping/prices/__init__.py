"""Prices: what a line sends, what OroCommerce's lists give, what Prima's price books say."""

from oro_prima.mapping.prices.books import (
    BookIndex,
    BookLinks,
    BookPolicy,
    Overlap,
    VariantRows,
    book_index,
    resolve_book_price,
)
from oro_prima.mapping.prices.chains import (
    GUEST,
    Chain,
    ChainLink,
    Level,
    PriceCatalogue,
)
from oro_prima.mapping.prices.compare import (
    BookPart,
    CustomerBook,
    PriceSides,
    PriceTables,
    compare_prices,
    customer_books,
    customers_by_lists,
    differing_prices,
    explain_price,
)
from oro_prima.mapping.prices.faults import price_faults
from oro_prima.mapping.prices.kits import KitChoice, resolve_kit_price
from oro_prima.mapping.prices.lines import line_prices, missing_price
from oro_prima.mapping.prices.lookup import (
    OroPrice,
    PriceIndex,
    PriceQuestion,
    PriceRule,
    combined_tiers,
    lists_of,
    price_index,
    resolve_price,
)
from oro_prima.mapping.prices.policy import (
    AssignedList,
    BelowSmallest,
    PricePolicy,
    PriceStorage,
    PriceStrategy,
    WebsitePrices,
)

__all__ = [
    "GUEST",
    "AssignedList",
    "BelowSmallest",
    "BookIndex",
    "BookLinks",
    "BookPart",
    "BookPolicy",
    "Chain",
    "ChainLink",
    "CustomerBook",
    "KitChoice",
    "Level",
    "OroPrice",
    "Overlap",
    "PriceCatalogue",
    "PriceIndex",
    "PricePolicy",
    "PriceQuestion",
    "PriceRule",
    "PriceSides",
    "PriceStorage",
    "PriceStrategy",
    "PriceTables",
    "VariantRows",
    "WebsitePrices",
    "book_index",
    "combined_tiers",
    "compare_prices",
    "customer_books",
    "customers_by_lists",
    "differing_prices",
    "explain_price",
    "line_prices",
    "lists_of",
    "missing_price",
    "price_faults",
    "price_index",
    "resolve_book_price",
    "resolve_kit_price",
    "resolve_price",
]
