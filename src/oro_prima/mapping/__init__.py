"""
The rules: functions of values. No clock, network, files, randomness or floats.

What orders and stock need is loaded at once; the rest when it is first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from oro_prima.mapping.eligibility import Eligibility, eligible
from oro_prima.mapping.later import LATER
from oro_prima.mapping.numbers import number_use, order_number, order_of_number, unique_id
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
    PoolMode,
    PriceBasis,
    PrimaReserves,
    PublishedFigure,
    StockMode,
    StockPolicy,
    UnitShare,
    WriteBack,
)
from oro_prima.mapping.prices.lines import line_prices
from oro_prima.mapping.stock import InFlight, allocate, in_flight, part_of, pool, share_faults
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
    # fmt: off
    # isort: off
    from oro_prima.mapping.account_fields import (
        CustomerField, CustomerNow, CustomerPolicy, CustomerShould, delivery_drift,
        map_account, terms_by_prima,
    )
    from oro_prima.mapping.blast import (
        BlastRadius, FieldChange, Impact, ImpactTotal, MappingRules, OrderImpact, PastOrders,
        blast_radius, blast_text,
    )
    from oro_prima.mapping.charges import map_charges
    from oro_prima.mapping.conditions import OrderTest
    from oro_prima.mapping.customers import (
        AccountPolicy, Inherit, ResolvedAccount, SharedAccounts, StoppedAccount, UnknownShipTo,
        link_faults, resolve_account, unknown_facts,
    )
    from oro_prima.mapping.deliveries import delivery_number
    from oro_prima.mapping.explain import (
        Explanation, Recorder, Refused, SILENT, TableRow, Tree, explanation_text,
        explanation_tree, version_of,
    )
    from oro_prima.mapping.explaining import explain_account, explain_order
    from oro_prima.mapping.fulfilment import (
        FulfilmentWrite, Guarded, ShopSide, TrackingRecord, map_fulfilment, total_changed,
    )
    from oro_prima.mapping.guards import (
        fall_reasons, next_available, rise_reasons, sales_rates, stale_reasons,
    )
    from oro_prima.mapping.hints import (
        due_hints, Hint, hint_again, HintPolicy, Hints, next_hint, note_hint, Noted, resolve_hint,
        Waiting, without_hints,
    )
    from oro_prima.mapping.holds import HoldAction, HoldRule, Holds, hold_reasons, resolve_holds
    from oro_prima.mapping.intent import intent_hash, line_changes
    from oro_prima.mapping.invoices import (
        InvoicedLine, InvoicedOrder, InvoiceMatches, InvoicePolicy, invoices_subject,
        Invoicing, match_invoices, merged_invoices, posted_lines, PostedLine, PostedOrder,
    )
    from oro_prima.mapping.limits import Leeway, Limit
    from oro_prima.mapping.policy import (
        AddressPolicy, Duplicates, Overflow, PriceCheck, ReferencePolicy,
    )
    from oro_prima.mapping.polling import Followed, PollPolicy, polls_due
    from oro_prima.mapping.price_changes import (
        ChangedPrice, compare_listed, Ends, ListedPrice, PriceChanges, PriceWritePolicy,
        upcoming_days,
    )
    from oro_prima.mapping.price_turns import StagedDay, StagedPrice
    from oro_prima.mapping.price_check import CheckedLine, CheckedPrices, check_prices, ReadBook
    from oro_prima.mapping.prices import (
        BookPolicy, PriceCatalogue, PricePolicy, PriceQuestion, PriceTables, compare_prices,
        explain_price, price_index, resolve_price,
    )
    from oro_prima.mapping.product_units import (
        BarcodeUse, ResolvedUnits, UnitCatalogue, UnitMode, UnitPolicy, Variant, resolve_unit,
        resolve_units, skus_by_barcode,
    )
    from oro_prima.mapping.proposals import (
        AccountCard, EvidenceKind, LinkEvidence, LinkProposal, Organisation, approve_proposal,
        changed_links, propose_links,
    )
    from oro_prima.mapping.publication import (
        DisableProducts, Enforcement, enforcement, GateFacts, publication_gate,
        PublicationPolicy, ShopUnit, Verdict,
    )
    from oro_prima.mapping.quantities import QuantityRule, quantity_reasons, whole_step
    from oro_prima.mapping.references import customer_reference, duplicate_reasons, reference_key
    from oro_prima.mapping.routing import Route, RouteRule, resolve_route, route_faults
    from oro_prima.mapping.schedule import (
        due_tasks, LastRun, late_tasks, next_due, SchedulePolicy, ScheduleSnapshot, Task,
    )
    from oro_prima.mapping.statuses import (
        FulfilmentPolicy, Progress, PromotionGuard, ShippingStatus, Writes,
    )
    from oro_prima.mapping.tables import Carrier
    from oro_prima.mapping.tax import (
        DifferenceClass, OroTaxPolicy, PrimaTaxPolicy, Statement, TaxLine, TaxOrder,
        TaxPolicies, TaxTables, compare_totals, explain_totals, oro_totals, predict_totals,
        prima_totals, rounding_oracle, tax_order,
    )
    from oro_prima.mapping.totals import stated_discount
    # isort: on
    # fmt: on

__all__ = [
    "SILENT", "AccountCard", "AccountFacts", "AccountPolicy", "AccountState", "AddressPolicy",
    "BarcodeUse", "BaseQuantity", "BlastRadius", "BookPolicy", "Carrier", "ChangedPrice",
    "CheckedLine", "CheckedPrices", "Component", "CustomerField", "CustomerNow", "CustomerPolicy",
    "CustomerShould", "DifferenceClass", "DisableProducts", "DiscountOwner", "Duplicates",
    "Eligibility", "Ends", "Enforcement", "EvidenceKind", "Explanation", "FieldChange", "Followed",
    "FulfilmentPolicy", "FulfilmentWrite", "GateFacts", "Guarded", "Hint", "HintPolicy", "Hints",
    "HoldAction", "HoldRule", "Holds", "Impact", "ImpactTotal", "InFlight", "Inexact", "Inherit",
    "InvoiceMatches", "InvoicePolicy", "InvoicedLine", "InvoicedOrder", "Invoicing", "LastRun",
    "Leeway", "Limit", "LinkEvidence", "LinkProposal", "ListedPrice", "Mapped", "MappingRules",
    "Noted", "NumberedAddress", "OrderImpact", "OrderPolicy", "OrderTest", "Organisation",
    "OroTaxPolicy", "Outcome", "Overflow", "PastOrders", "PollPolicy", "PoolMode", "PostedLine",
    "PostedOrder", "PriceBasis", "PriceCatalogue", "PriceChanges", "PriceCheck", "PricePolicy",
    "PriceQuestion", "PriceTables", "PriceWritePolicy", "PrimaReserves", "PrimaTaxPolicy",
    "Progress", "PromotionGuard", "PublicationPolicy", "PublishedFigure", "QuantityRule",
    "ReadBook", "Recorder", "ReferencePolicy", "Refused", "ResolvedAccount", "ResolvedUnits",
    "Route", "RouteRule", "SchedulePolicy", "ScheduleSnapshot", "SharedAccounts", "ShippingStatus",
    "ShopSide", "ShopUnit", "StagedDay", "StagedPrice", "Statement", "StockMode", "StockPolicy",
    "StoppedAccount", "TableRow", "Tables", "Task", "TaxLine", "TaxOrder", "TaxPolicies",
    "TaxTables", "TrackingRecord", "Tree", "UnitCatalogue", "UnitMode", "UnitPolicy", "UnitShare",
    "UnitTable", "UnknownShipTo", "Unmapped", "Variant", "Verdict", "Waiting", "WriteBack",
    "Writes", "allocate", "approve_proposal", "base_quantities", "blast_radius", "blast_text",
    "captured_gross", "captured_vat", "changed_links", "check_prices", "compare_listed",
    "compare_prices", "compare_totals", "customer_reference", "delivery_drift", "delivery_number",
    "due_hints", "due_tasks", "duplicate_reasons", "eligible", "enforcement", "explain_account",
    "explain_order", "explain_price", "explain_totals", "explanation_text", "explanation_tree",
    "fall_reasons", "hint_again", "hold_reasons", "in_flight", "intent_hash", "invoices_subject",
    "late_tasks", "line_changes", "line_prices", "link_faults", "map_account", "map_charges",
    "map_fulfilment", "map_order", "match_invoices", "merged_invoices", "next_available",
    "next_due", "next_hint", "note_hint", "number_use", "order_number", "order_of_number",
    "order_warnings", "oro_totals", "part_of", "polls_due", "pool", "posted_lines",
    "predict_totals", "price_index", "prima_totals", "propose_links", "publication_gate",
    "quantity_reasons", "reference_key", "resolve_account", "resolve_components", "resolve_hint",
    "resolve_holds", "resolve_price", "resolve_route", "resolve_unit", "resolve_units",
    "rise_reasons", "rounding_oracle", "route_faults", "sales_rates", "share_faults",
    "skus_by_barcode", "stale_reasons", "stated_discount", "tax_order", "terms_by_prima",
    "total_changed", "unique_id", "unknown_facts", "upcoming_days", "version_of", "whole_step",
    "without_hints",
]  # fmt: skip


def __getattr__(name: str) -> object:
    """Load a public name when it is first asked for."""
    from importlib import import_module

    if name not in LATER:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(f"{__name__}.{LATER[name]}"), name)


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
