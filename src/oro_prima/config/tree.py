"""The whole configuration as one frozen value."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Protocol

from attrs import Factory, evolve, field, frozen

from oro_prima.config.flows import FlowPolicies
from oro_prima.config.webhooks import WebhookConfig
from oro_prima.ids import PairId, PrimaCompany
from oro_prima.mapping.coverage import CoveragePolicy, Entity
from oro_prima.mapping.customers import SharedAccounts
from oro_prima.mapping.policy import OrderPolicy, StockPolicy
from oro_prima.mapping.polling import PollPolicy
from oro_prima.mapping.prices.books import BookPolicy
from oro_prima.mapping.prices.policy import PricePolicy
from oro_prima.mapping.product_units import UnitPolicy
from oro_prima.mapping.statuses import FulfilmentPolicy
from oro_prima.mapping.tables import Tables
from oro_prima.mapping.tax.predict import TaxPolicies
from oro_prima.mapping.tax.reading import TaxTables
from oro_prima.oro.config import OroConfig
from oro_prima.prima.config import PrimaConfig
from oro_prima.prima.models.profile import PrimaProfile
from oro_prima.records import Pair, RunPolicy


@frozen
class StoreConfig:
    """Where the store is, and the folder for recordings of runs; None for no recordings."""

    path: Path
    recordings: Path | None = None


def with_accounts(coverage: CoveragePolicy) -> CoveragePolicy:
    """Let customers share a target where the policy of accounts allows that."""
    if coverage.orders.accounts.shared is SharedAccounts.REFUSE:
        return coverage
    return evolve(coverage, shared=coverage.shared | {Entity.CUSTOMER})


class _WithOrders(Protocol):
    @property
    def orders(self) -> OrderPolicy: ...


def _books_of(policies: _WithOrders) -> BookPolicy:
    return BookPolicy(policies.orders.vat_inclusive, policies.orders.zone)


def _coverage_of(policies: _WithOrders) -> CoveragePolicy:
    return with_accounts(CoveragePolicy(policies.orders))


@frozen
class Policies:
    """
    What the rules need of a configuration: no address, no secret, no store.

    Attributes:
        prices: How OroCommerce resolves prices; None where the file does not say it.
        tax: How both sides compute tax; None where the file does not say it.
    """

    orders: OrderPolicy
    stock: StockPolicy
    tables: Tables
    profile: PrimaProfile
    fulfilment: FulfilmentPolicy = field(factory=FulfilmentPolicy)
    polls: PollPolicy = field(factory=PollPolicy)
    products: UnitPolicy = field(factory=UnitPolicy)
    prices: PricePolicy | None = None
    books: BookPolicy = field(default=Factory(_books_of, takes_self=True))
    tax: TaxPolicies | None = None
    coverage: CoveragePolicy = field(default=Factory(_coverage_of, takes_self=True))
    flows: FlowPolicies = field(factory=FlowPolicies)


@frozen
class OtherPair:
    """
    A pair of the same directory that sells from the same pool of stock.

    Attributes:
        name: Its file's, without the ending.
        config: None where it cannot be loaded.
        fault: Why it cannot.
    """

    name: str
    config: Config | None
    fault: str = ""


@frozen
class Config:
    """
    Everything that one pair needs.

    Attributes:
        tables: Product units and charges; links are in the store, approved by people.
        products: How product units are mapped; the table of units was held against it.
        prices: How OroCommerce resolves prices; None where the file does not say it.
        tax: How both sides compute tax; None where the file does not say it.
        flows: Of the flows that bindings make possible.
        tax_codes: Of products and customers, as far as the file says them.
        others: The pairs that sell from the same pool of stock.
        webhooks: Where `oro-prima run` takes webhooks of the shop, if it does.
    """

    oro: OroConfig
    prima: PrimaConfig
    orders: OrderPolicy
    stock: StockPolicy
    run: RunPolicy
    store: StoreConfig
    tables: Tables
    pair: Pair
    fulfilment: FulfilmentPolicy = field(factory=FulfilmentPolicy)
    polls: PollPolicy = field(factory=PollPolicy)
    products: UnitPolicy = field(factory=UnitPolicy)
    prices: PricePolicy | None = None
    books: BookPolicy = field(default=Factory(_books_of, takes_self=True))
    tax: TaxPolicies | None = None
    coverage: CoveragePolicy = field(default=Factory(_coverage_of, takes_self=True))
    flows: FlowPolicies = field(factory=FlowPolicies)
    tax_codes: TaxTables = field(factory=TaxTables)
    others: tuple[OtherPair, ...] = ()
    webhooks: WebhookConfig = field(factory=WebhookConfig)


def pair_of(name: str, oro: OroConfig, prima: PrimaConfig) -> Pair:
    """Return the pair: by its name, else by both addresses, organisation and company."""
    seed = "|".join((oro.url.rstrip("/"), oro.organization, prima.url, prima.company))
    made = hashlib.sha256(seed.encode()).hexdigest()[:12]
    return Pair(PairId(name or made), PrimaCompany(prima.company))


def policies_of(config: Config) -> Policies:
    """Return what the rules need of a configuration."""
    return Policies(
        config.orders,
        config.stock,
        config.tables,
        config.prima.profile,
        config.fulfilment,
        config.polls,
        config.products,
        config.prices,
        config.books,
        config.tax,
        config.coverage,
        config.flows,
    )


def rule_sections(policies: Policies) -> dict[str, object]:
    """Return the policy that each section of rules is read into, of all that are stated."""
    stated: dict[str, object] = {}
    if policies.prices is not None:
        stated["prices"] = policies.prices
    if policies.tax is not None:
        stated |= {"tax.oro": policies.tax.oro, "tax.prima": policies.tax.prima}
    return {
        "prima.profile": policies.profile,
        "orders": policies.orders,
        "accounts": policies.orders.accounts,
        "addresses": policies.orders.addresses,
        "references": policies.orders.references,
        "stock": policies.stock,
        "fulfilment": policies.fulfilment,
        "polls": policies.polls,
        "products": policies.products,
        "books": policies.books,
        "coverage": policies.coverage,
        **stated,
        **policies.flows.sections,
    }
