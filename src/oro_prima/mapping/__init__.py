"""The rules: functions of values. No clock, network, files, randomness or floats."""

from oro_prima.mapping.eligibility import Eligibility, eligible
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
from oro_prima.mapping.prices import (
    BookPolicy,
    PriceCatalogue,
    PricePolicy,
    PriceQuestion,
    PriceTables,
    compare_prices,
    explain_price,
    line_prices,
    price_index,
    resolve_price,
)
from oro_prima.mapping.stock import InFlight, allocate, in_flight, pool, share_faults
from oro_prima.mapping.tables import Component, Tables, UnitTable
from oro_prima.mapping.units import BaseQuantity, base_quantities, resolve_components
from oro_prima.outcome import Mapped, Outcome, Unmapped

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
