"""The whole configuration as one frozen value."""

from __future__ import annotations

import hashlib
from pathlib import Path

from attrs import field, frozen

from oro_prima.ids import PairId, PrimaCompany
from oro_prima.mapping.policy import OrderPolicy, StockPolicy
from oro_prima.mapping.polling import PollPolicy
from oro_prima.mapping.statuses import FulfilmentPolicy
from oro_prima.mapping.tables import Tables
from oro_prima.oro.config import OroConfig
from oro_prima.prima.config import PrimaConfig
from oro_prima.prima.models.profile import PrimaProfile
from oro_prima.records import Pair, RunPolicy


@frozen
class StoreConfig:
    """Where the store is."""

    path: Path


@frozen
class Policies:
    """What the rules need of a configuration: no address, no secret, no store."""

    orders: OrderPolicy
    stock: StockPolicy
    tables: Tables
    profile: PrimaProfile
    fulfilment: FulfilmentPolicy = field(factory=FulfilmentPolicy)
    polls: PollPolicy = field(factory=PollPolicy)


@frozen
class Config:
    """
    Everything that one pair needs.

    Attributes:
        tables: Product units and charges; links are in the store, approved by people.
        zone_name: Name of `orders.zone`, for display.
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


def pair_of(name: str, oro: OroConfig, prima: PrimaConfig) -> Pair:
    """Return the pair: by its name, else by both addresses, organisation and company."""
    seed = "|".join((oro.url.rstrip("/"), oro.organization, prima.url, prima.company))
    made = hashlib.sha256(seed.encode()).hexdigest()[:12]
    return Pair(PairId(name or made), PrimaCompany(prima.company))
