"""Settings that contradict each other: each is right by itself, both together are not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from oro_prima.ids import PrimaAccount
from oro_prima.mapping.coverage import CoveragePolicy, Entity
from oro_prima.mapping.customers import SharedAccounts
from oro_prima.mapping.policy import (
    OrderPolicy,
    PriceCheck,
    PrimaReserves,
    PublishedFigure,
    StockPolicy,
)
from oro_prima.mapping.product_units import UnitCatalogue, UnitMode, UnitPolicy, resolve_units
from oro_prima.mapping.tables import AccountFacts, UnitTable
from oro_prima.prima.models.binding import Bindings, FileBinding
from oro_prima.prima.models.capabilities import Capability
from oro_prima.records import RunPolicy


def order_contradictions(orders: OrderPolicy) -> Iterator[str]:
    """Yield what contradicts what in the policy for orders."""
    for status in sorted(orders.statuses & orders.cancelled_statuses):
        yield (
            f"orders.statuses: {status} stands in orders.cancelled_statuses, too; "
            "an order is posted or cancelled"
        )
    if not orders.statuses:
        yield "orders.statuses: expected at least one; else no order is ever posted"
    if orders.carrier_service and not orders.carrier:
        yield "orders.carrier_service: says nothing without orders.carrier"
    tolerant = orders.price_tolerance or orders.price_tolerance_percent
    if tolerant and orders.price_check is PriceCheck.INTENT_ONLY:
        yield "orders.price_tolerance: says nothing where orders.price_check is intent-only"


def price_contradictions(
    orders: OrderPolicy, bindings: Bindings, accounts: Mapping[PrimaAccount, AccountFacts]
) -> Iterator[str]:
    """
    Yield what a check of prices before posting lacks; nothing where prices are not checked.

    Files of price books must stay: one that is taken once is gone for whichever flow comes second.
    """
    if orders.price_check is PriceCheck.INTENT_ONLY:
        return
    key, check, bound = "orders.price_check", orders.price_check.value, dict(bindings)
    book = bound.get(Capability.PRICE_BOOK)
    if book is None:
        yield (
            f"{key}: {check} needs prima.capabilities.price_book, which is unbound; bind it, or "
            "choose intent-only"
        )
    if isinstance(book, FileBinding) and not book.latest:
        yield f"{key}: {check} needs prima.capabilities.price_book.latest = true, for files stay"
    if Capability.ACCOUNT not in bound and not any(one.price_book for one in accounts.values()):
        yield (
            f"{key}: {check} needs to know the price book of an account: bind "
            "prima.capabilities.account, or fill the column price_book of known_accounts"
        )


def stock_contradictions(stock: StockPolicy) -> Iterator[str]:
    """Yield what contradicts what in the policy for stock."""
    release = stock.prima_reserves is PrimaReserves.RELEASE
    if release and not stock.released_statuses:
        yield (
            "stock.prima_reserves: release needs stock.released_statuses; "
            "without them an accepted order stays in flight for ever"
        )
    if stock.released_statuses and not release:
        yield "stock.released_statuses: say nothing unless stock.prima_reserves = release"
    if stock.figure is PublishedFigure.AVAILABLE and (
        stock.buffer or stock.buffer_percent or stock.buffer_days
    ):
        yield "stock.buffer: nothing is taken off a figure that is published as available"
    if stock.buffer_percent > 100:
        yield "stock.buffer_percent: expected 0 to 100"
    if stock.pool_share > 1:
        yield "stock.pool_share: expected a share of 0 to 1"
    if stock.min_linked_share > 1:
        yield "stock.min_linked_share: expected a share of 0 to 1"


def run_contradictions(run: RunPolicy) -> Iterator[str]:
    """Yield what contradicts what in how a run behaves."""
    for shorter, longer, why in (
        ("lease_renewal", "lease", "a lease would end before it is renewed"),
        ("grace", "certainty", "an absence could never be believed"),
        ("first_poll", "poll_limit", "an operation would never be looked at"),
    ):
        if getattr(run, shorter) >= getattr(run, longer):
            yield f"run.{shorter}: expected less than run.{longer}; {why}"
    if run.retry_first > run.retry_longest:
        yield "run.retry_first: expected at most run.retry_longest"


def lease_contradictions(run: RunPolicy, *, shop: timedelta, erp: timedelta) -> Iterator[str]:
    """
    Yield calls that a lease cannot outlive, though it has to before each is sent.

    `shop` and `erp` are how long a call to either may take.
    """
    for system, longest in (("oro", shop), ("prima", erp)):
        if run.lease <= longest:
            yield (
                f"run.lease: expected more than {system}.connect_timeout and {system}.read_timeout "
                f"together ({longest.total_seconds():g} s); a run must own its flow until a call "
                "that it sends has ended"
            )


def unit_contradictions(units: UnitTable, products: UnitPolicy) -> Iterator[str]:
    """Yield rows of the unit table that break how their product's units are mapped."""
    if products.mode is UnitMode.TABLE and not products.modes:
        return
    for reason in resolve_units(units, UnitCatalogue(units), products).reasons:
        yield f"products.mode: {reason.subject}: {reason.detail}"


def coverage_contradictions(coverage: CoveragePolicy) -> Iterator[str]:
    """Yield what contradicts what in what the check of coverage takes for a gap."""
    refused = coverage.orders.accounts.shared is SharedAccounts.REFUSE
    if Entity.CUSTOMER in coverage.shared and refused:
        yield "coverage.shared: customers share no account unless accounts.shared is allow"
