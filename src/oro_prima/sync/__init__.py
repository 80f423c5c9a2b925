"""
Flows: gather, plan, apply. The only room in which commands become calls.

Public are plain functions over `Ports`: preview and sync of orders and stock, the control equation,
and every act of a person.
"""

from oro_prima.sync.adopt import adopt_orders
from oro_prima.sync.books import reconcile_orders
from oro_prima.sync.customers import preview_customers, sync_customers
from oro_prima.sync.flow_state import (
    Paused,
    last_runs,
    note_run,
    pause_flow,
    paused_flows,
    refuse_paused,
    resume_flow,
)
from oro_prima.sync.forget import forget_order
from oro_prima.sync.freeze import FrozenPack, Period, freeze_books
from oro_prima.sync.fulfilment import preview_fulfilment, sync_fulfilment
from oro_prima.sync.gather_books import gather_books, with_despatches
from oro_prima.sync.gather_catalogues import Catalogues, gather_catalogues
from oro_prima.sync.gather_customers import numbered_addresses, propose_customer_links
from oro_prima.sync.gather_drift import report_coverage, report_prices, report_stock
from oro_prima.sync.gather_invoices import invoiced_orders
from oro_prima.sync.hints import HintReport, read_hint, sync_hints
from oro_prima.sync.hints_kept import (
    HintCounts,
    hint_counts,
    keep_hints,
    kept_hints,
    note_hint_counts,
)
from oro_prima.sync.invoices import preview_invoices, sync_invoices
from oro_prima.sync.known_accounts import known_accounts
from oro_prima.sync.orders import preview_orders, sync_orders
from oro_prima.sync.people import (
    accept_snapshot,
    decide_has,
    decide_send,
    import_links,
    record_cut_over,
    revoke_link,
)
from oro_prima.sync.price_ends import EndedPrices, ended_prices, restore_prices
from oro_prima.sync.price_turns import StagedList, next_turn, staged_counts, staged_prices
from oro_prima.sync.prices import preview_prices, sync_prices
from oro_prima.sync.products import (
    DisabledProducts,
    disabled_products,
    preview_products,
    restore_products,
    sync_products,
)
from oro_prima.sync.queue import (
    assign_held,
    dismiss_held,
    fix_link,
    note_held,
    reopen_held,
    retry_held,
)
from oro_prima.sync.recordings import (
    FlowReplayed,
    Replay,
    Replayed,
    forget_recordings,
    replay_flows,
    replay_orders,
)
from oro_prima.sync.report import FlowReport, FulfilmentReport, RunReport, StockReport, Stopped
from oro_prima.sync.repost import repost_order
from oro_prima.sync.scoping import customers_named, orders_named, products_named
from oro_prima.sync.stock import preview_small_stock, preview_stock, sync_small_stock, sync_stock
from oro_prima.sync.story import (
    ask_prima,
    ask_why,
    find_order,
    find_order_anywhere,
    tell_order,
)
from oro_prima.sync.verify import Verification, verify_pack, verify_store

__all__ = [
    "Catalogues",
    "DisabledProducts",
    "EndedPrices",
    "FlowReplayed",
    "FlowReport",
    "FrozenPack",
    "FulfilmentReport",
    "HintCounts",
    "HintReport",
    "Paused",
    "Period",
    "Replay",
    "Replayed",
    "RunReport",
    "StagedList",
    "StockReport",
    "Stopped",
    "Verification",
    "accept_snapshot",
    "adopt_orders",
    "ask_prima",
    "ask_why",
    "assign_held",
    "customers_named",
    "decide_has",
    "decide_send",
    "disabled_products",
    "dismiss_held",
    "ended_prices",
    "find_order",
    "find_order_anywhere",
    "fix_link",
    "forget_order",
    "forget_recordings",
    "freeze_books",
    "gather_books",
    "gather_catalogues",
    "hint_counts",
    "import_links",
    "invoiced_orders",
    "keep_hints",
    "kept_hints",
    "known_accounts",
    "last_runs",
    "next_turn",
    "note_held",
    "note_hint_counts",
    "note_run",
    "numbered_addresses",
    "orders_named",
    "pause_flow",
    "paused_flows",
    "preview_customers",
    "preview_fulfilment",
    "preview_invoices",
    "preview_orders",
    "preview_prices",
    "preview_products",
    "preview_small_stock",
    "preview_stock",
    "products_named",
    "propose_customer_links",
    "read_hint",
    "reconcile_orders",
    "record_cut_over",
    "refuse_paused",
    "reopen_held",
    "replay_flows",
    "replay_orders",
    "report_coverage",
    "report_prices",
    "report_stock",
    "repost_order",
    "restore_prices",
    "restore_products",
    "resume_flow",
    "retry_held",
    "revoke_link",
    "staged_counts",
    "staged_prices",
    "sync_customers",
    "sync_fulfilment",
    "sync_hints",
    "sync_invoices",
    "sync_orders",
    "sync_prices",
    "sync_products",
    "sync_small_stock",
    "sync_stock",
    "tell_order",
    "verify_pack",
    "verify_store",
    "with_despatches",
]
