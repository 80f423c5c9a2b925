"""
The rules: functions of values. No clock, network, files, randomness or floats.

What orders and stock need is loaded at once; the rest when it is first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from oro_prima.mapping.eligibility import Eligibility, eligible
from oro_prima.mapping.intent import intent_hash, line_changes
from oro_prima.mapping.numbers import number_use, order_number, unique_id
from oro_prima.mapping.orders import (
    captured_gross,
    captured_vat,
    map_order,
    order_warnings,
)
from oro_prima.mapping.policy import (
    DiscountOwner,
    Inexact,
    OrderPolicy,
    PriceBasis,
    PrimaReserves,
    StockMode,
    StockPolicy,
    UnitShare,
)
from oro_prima.mapping.prices.lines import line_prices
from oro_prima.mapping.stock import InFlight, allocate, in_flight, pool, share_faults
from oro_prima.mapping.tables import Component, Tables, UnitTable
from oro_prima.mapping.units import BaseQuantity, base_quantities, resolve_components
from oro_prima.outcome import Mapped, Outcome, Unmapped

if TYPE_CHECKING:
    from oro_prima.mapping.explain import (
        SILENT,
        Explanation,
        Recorder,
        Refused,
        TableRow,
        Tree,
        explanation_text,
        explanation_tree,
        version_of,
    )
    from oro_prima.mapping.prices import (
        BookPolicy,
        PriceCatalogue,
        PricePolicy,
        PriceQuestion,
        PriceTables,
        compare_prices,
        explain_price,
        price_index,
        resolve_price,
    )

_LATER = {
    "BookPolicy": "prices",
    "Explanation": "explain",
    "PriceCatalogue": "prices",
    "PricePolicy": "prices",
    "PriceQuestion": "prices",
    "PriceTables": "prices",
    "Recorder": "explain",
    "Refused": "explain",
    "SILENT": "explain",
    "TableRow": "explain",
    "Tree": "explain",
    "compare_prices": "prices",
    "explain_price": "prices",
    "explanation_text": "explain",
    "explanation_tree": "explain",
    "price_index": "prices",
    "resolve_price": "prices",
    "version_of": "explain",
}

__all__ = [
    "SILENT",
    "BaseQuantity",
    "BookPolicy",
    "Component",
    "DiscountOwner",
    "Eligibility",
    "Explanation",
    "InFlight",
    "Inexact",
    "Mapped",
    "OrderPolicy",
    "Outcome",
    "PriceBasis",
    "PriceCatalogue",
    "PricePolicy",
    "PriceQuestion",
    "PriceTables",
    "PrimaReserves",
    "Recorder",
    "Refused",
    "StockMode",
    "StockPolicy",
    "TableRow",
    "Tables",
    "Tree",
    "UnitShare",
    "UnitTable",
    "Unmapped",
    "allocate",
    "base_quantities",
    "captured_gross",
    "captured_vat",
    "compare_prices",
    "eligible",
    "explain_price",
    "explanation_text",
    "explanation_tree",
    "in_flight",
    "intent_hash",
    "line_changes",
    "line_prices",
    "map_order",
    "number_use",
    "order_number",
    "order_warnings",
    "pool",
    "price_index",
    "resolve_components",
    "resolve_price",
    "share_faults",
    "unique_id",
    "version_of",
]


def __getattr__(name: str) -> object:
    """Load a public name when it is first asked for."""
    from importlib import import_module

    if name not in _LATER:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
