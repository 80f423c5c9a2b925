"""
Prices: what a line sends, what OroCommerce's lists give, what Prima's price books say.

Only what orders need is loaded at once; the rest when it is first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from oro_prima.mapping.policy import Overlap, VariantRows
from oro_prima.mapping.prices.lines import line_prices, missing_price

if TYPE_CHECKING:
    from oro_prima.mapping.prices.books import (
        BookIndex,
        BookLinks,
        BookPart,
        BookPolicy,
        BookRule,
        book_index,
        resolve_book_parts,
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
        CustomerBook,
        PriceSides,
        PriceTables,
        compare_prices,
        customer_books,
        customers_by_lists,
        differing_prices,
        explain_price,
        priced_units,
    )
    from oro_prima.mapping.prices.faults import price_faults
    from oro_prima.mapping.prices.kits import KitChoice, resolve_kit_price
    from oro_prima.mapping.prices.listing import ListedPrices, map_book_prices
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
        KitItems,
        PricePolicy,
        PriceStorage,
        PriceStrategy,
        WebsitePrices,
    )

_HOME = {
    "AssignedList": "policy",
    "BelowSmallest": "policy",
    "BookIndex": "books",
    "BookLinks": "books",
    "BookPart": "books",
    "BookPolicy": "books",
    "BookRule": "books",
    "Chain": "chains",
    "ChainLink": "chains",
    "CustomerBook": "compare",
    "GUEST": "chains",
    "KitChoice": "kits",
    "KitItems": "policy",
    "Level": "chains",
    "ListedPrices": "listing",
    "OroPrice": "lookup",
    "PriceCatalogue": "chains",
    "PriceIndex": "lookup",
    "PricePolicy": "policy",
    "PriceQuestion": "lookup",
    "PriceRule": "lookup",
    "PriceSides": "compare",
    "PriceStorage": "policy",
    "PriceStrategy": "policy",
    "PriceTables": "compare",
    "WebsitePrices": "policy",
    "book_index": "books",
    "combined_tiers": "lookup",
    "compare_prices": "compare",
    "customer_books": "compare",
    "customers_by_lists": "compare",
    "differing_prices": "compare",
    "explain_price": "compare",
    "lists_of": "lookup",
    "map_book_prices": "listing",
    "price_faults": "faults",
    "price_index": "lookup",
    "priced_units": "compare",
    "resolve_book_parts": "books",
    "resolve_book_price": "books",
    "resolve_kit_price": "kits",
    "resolve_price": "lookup",
}

__all__ = [
    "GUEST",
    "AssignedList",
    "BelowSmallest",
    "BookIndex",
    "BookLinks",
    "BookPart",
    "BookPolicy",
    "BookRule",
    "Chain",
    "ChainLink",
    "CustomerBook",
    "KitChoice",
    "KitItems",
    "Level",
    "ListedPrices",
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
    "map_book_prices",
    "missing_price",
    "price_faults",
    "price_index",
    "priced_units",
    "resolve_book_parts",
    "resolve_book_price",
    "resolve_kit_price",
    "resolve_price",
]


def __getattr__(name: str) -> object:
    """Load a public name when it is first asked for."""
    from importlib import import_module

    if name not in _HOME:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
