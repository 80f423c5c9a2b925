"""
The rules: functions of values. No clock, network, files, randomness or floats.

What orders and stock need is loaded at once; the rest when it is first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from oro_prima.mapping.eligibility import Eligibility, eligible
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
from oro_prima.mapping.tables import (
    AccountFacts,
    AccountState,
    Component,
    NumberedAddress,
    Tables,
    UnitTable,
)
from oro_prima.mapping.units import BaseQuantity, base_quantities, resolve_components
from oro_prima.outcome import Mapped, Outcome, Unmapped

if TYPE_CHECKING:
    from oro_prima.mapping.customers import (
        AccountPolicy,
        Inherit,
        ResolvedAccount,
        SharedAccounts,
        StoppedAccount,
        UnknownShipTo,
        link_faults,
        resolve_account,
        unknown_facts,
    )
    from oro_prima.mapping.deliveries import (
        delivery_number,
    )
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
    from oro_prima.mapping.explaining import (
        explain_account,
    )
    from oro_prima.mapping.intent import intent_hash, line_changes
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
    from oro_prima.mapping.product_units import (
        BarcodeUse,
        ResolvedUnits,
        UnitCatalogue,
        UnitMode,
        UnitPolicy,
        Variant,
        resolve_unit,
        resolve_units,
        skus_by_barcode,
    )
    from oro_prima.mapping.proposals import (
        AccountCard,
        EvidenceKind,
        LinkEvidence,
        LinkProposal,
        Organisation,
        approve_proposal,
        changed_links,
        propose_links,
    )
    from oro_prima.mapping.publication import (
        Enforcement,
        GateFacts,
        ShopUnit,
        Verdict,
        enforcement,
        publication_gate,
    )
    from oro_prima.mapping.quantities import (
        QuantityRule,
        quantity_reasons,
        whole_step,
    )

_LATER = {
    "AccountCard": "proposals",
    "AccountPolicy": "customers",
    "BarcodeUse": "product_units",
    "BookPolicy": "prices",
    "Enforcement": "publication",
    "EvidenceKind": "proposals",
    "Explanation": "explain",
    "GateFacts": "publication",
    "Inherit": "customers",
    "LinkEvidence": "proposals",
    "LinkProposal": "proposals",
    "Organisation": "proposals",
    "PriceCatalogue": "prices",
    "PricePolicy": "prices",
    "PriceQuestion": "prices",
    "PriceTables": "prices",
    "QuantityRule": "quantities",
    "Recorder": "explain",
    "Refused": "explain",
    "ResolvedAccount": "customers",
    "ResolvedUnits": "product_units",
    "SILENT": "explain",
    "SharedAccounts": "customers",
    "ShopUnit": "publication",
    "StoppedAccount": "customers",
    "TableRow": "explain",
    "Tree": "explain",
    "UnitCatalogue": "product_units",
    "UnitMode": "product_units",
    "UnitPolicy": "product_units",
    "UnknownShipTo": "customers",
    "Variant": "product_units",
    "Verdict": "publication",
    "approve_proposal": "proposals",
    "changed_links": "proposals",
    "compare_prices": "prices",
    "delivery_number": "deliveries",
    "enforcement": "publication",
    "explain_account": "explaining",
    "explain_price": "prices",
    "explanation_text": "explain",
    "explanation_tree": "explain",
    "intent_hash": "intent",
    "line_changes": "intent",
    "link_faults": "customers",
    "price_index": "prices",
    "propose_links": "proposals",
    "publication_gate": "publication",
    "quantity_reasons": "quantities",
    "resolve_account": "customers",
    "resolve_price": "prices",
    "resolve_unit": "product_units",
    "resolve_units": "product_units",
    "skus_by_barcode": "product_units",
    "unknown_facts": "customers",
    "version_of": "explain",
    "whole_step": "quantities",
}

__all__ = [
    "SILENT",
    "AccountCard",
    "AccountFacts",
    "AccountPolicy",
    "AccountState",
    "BarcodeUse",
    "BaseQuantity",
    "BookPolicy",
    "Component",
    "DiscountOwner",
    "Eligibility",
    "Enforcement",
    "EvidenceKind",
    "Explanation",
    "GateFacts",
    "InFlight",
    "Inexact",
    "Inherit",
    "LinkEvidence",
    "LinkProposal",
    "Mapped",
    "NumberedAddress",
    "OrderPolicy",
    "Organisation",
    "Outcome",
    "PriceBasis",
    "PriceCatalogue",
    "PricePolicy",
    "PriceQuestion",
    "PriceTables",
    "PrimaReserves",
    "QuantityRule",
    "Recorder",
    "Refused",
    "ResolvedAccount",
    "ResolvedUnits",
    "SharedAccounts",
    "ShopUnit",
    "StockMode",
    "StockPolicy",
    "StoppedAccount",
    "TableRow",
    "Tables",
    "Tree",
    "UnitCatalogue",
    "UnitMode",
    "UnitPolicy",
    "UnitShare",
    "UnitTable",
    "UnknownShipTo",
    "Unmapped",
    "Variant",
    "Verdict",
    "allocate",
    "approve_proposal",
    "base_quantities",
    "captured_gross",
    "captured_vat",
    "changed_links",
    "compare_prices",
    "delivery_number",
    "eligible",
    "enforcement",
    "explain_account",
    "explain_price",
    "explanation_text",
    "explanation_tree",
    "in_flight",
    "intent_hash",
    "line_changes",
    "line_prices",
    "link_faults",
    "map_order",
    "number_use",
    "order_number",
    "order_warnings",
    "pool",
    "price_index",
    "propose_links",
    "publication_gate",
    "quantity_reasons",
    "resolve_account",
    "resolve_components",
    "resolve_price",
    "resolve_unit",
    "resolve_units",
    "share_faults",
    "skus_by_barcode",
    "unique_id",
    "unknown_facts",
    "version_of",
    "whole_step",
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
