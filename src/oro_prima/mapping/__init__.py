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
    from oro_prima.mapping.fulfilment import (
        FulfilmentWrite,
        Guarded,
        ShopSide,
        TrackingRecord,
        map_fulfilment,
        total_changed,
    )
    from oro_prima.mapping.intent import intent_hash, line_changes
    from oro_prima.mapping.polling import (
        Followed,
        PollPolicy,
        polls_due,
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
    from oro_prima.mapping.statuses import (
        FulfilmentPolicy,
        Progress,
        PromotionGuard,
        ShippingStatus,
        Writes,
    )

_LATER = {
    "AccountCard": "proposals",
    "AccountPolicy": "customers",
    "BarcodeUse": "product_units",
    "BookPolicy": "prices",
    "Enforcement": "publication",
    "EvidenceKind": "proposals",
    "Explanation": "explain",
    "Followed": "polling",
    "FulfilmentPolicy": "statuses",
    "FulfilmentWrite": "fulfilment",
    "GateFacts": "publication",
    "Guarded": "fulfilment",
    "Inherit": "customers",
    "LinkEvidence": "proposals",
    "LinkProposal": "proposals",
    "Organisation": "proposals",
    "PollPolicy": "polling",
    "PriceCatalogue": "prices",
    "PricePolicy": "prices",
    "PriceQuestion": "prices",
    "PriceTables": "prices",
    "Progress": "statuses",
    "PromotionGuard": "statuses",
    "QuantityRule": "quantities",
    "Recorder": "explain",
    "Refused": "explain",
    "ResolvedAccount": "customers",
    "ResolvedUnits": "product_units",
    "SILENT": "explain",
    "SharedAccounts": "customers",
    "ShippingStatus": "statuses",
    "ShopSide": "fulfilment",
    "ShopUnit": "publication",
    "StoppedAccount": "customers",
    "TableRow": "explain",
    "TrackingRecord": "fulfilment",
    "Tree": "explain",
    "UnitCatalogue": "product_units",
    "UnitMode": "product_units",
    "UnitPolicy": "product_units",
    "UnknownShipTo": "customers",
    "Variant": "product_units",
    "Verdict": "publication",
    "Writes": "statuses",
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
    "map_fulfilment": "fulfilment",
    "polls_due": "polling",
    "price_index": "prices",
    "propose_links": "proposals",
    "publication_gate": "publication",
    "quantity_reasons": "quantities",
    "resolve_account": "customers",
    "resolve_price": "prices",
    "resolve_unit": "product_units",
    "resolve_units": "product_units",
    "skus_by_barcode": "product_units",
    "total_changed": "fulfilment",
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
    "Followed",
    "FulfilmentPolicy",
    "FulfilmentWrite",
    "GateFacts",
    "Guarded",
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
    "PollPolicy",
    "PriceBasis",
    "PriceCatalogue",
    "PricePolicy",
    "PriceQuestion",
    "PriceTables",
    "PrimaReserves",
    "Progress",
    "PromotionGuard",
    "QuantityRule",
    "Recorder",
    "Refused",
    "ResolvedAccount",
    "ResolvedUnits",
    "SharedAccounts",
    "ShippingStatus",
    "ShopSide",
    "ShopUnit",
    "StockMode",
    "StockPolicy",
    "StoppedAccount",
    "TableRow",
    "Tables",
    "TrackingRecord",
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
    "Writes",
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
    "map_fulfilment",
    "map_order",
    "number_use",
    "order_number",
    "order_warnings",
    "polls_due",
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
    "total_changed",
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
