"""
Which price lists apply to a customer, in which order, at an instant.

A chain is the customer's lists, then the group's, the website's and the system's; `sort_order`
orders the lists of one level and never mixes levels.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from attrs import field, frozen

from oro_prima.ids import OroCustomerGroupId, OroCustomerId, OroPriceListId, OroSku, OroWebsiteId
from oro_prima.mapping.explain import SILENT, Recorder
from oro_prima.mapping.prices.policy import AssignedList, PricePolicy, PriceStorage, WebsitePrices
from oro_prima.oro.models.prices import (
    PriceList,
    PriceListCustomerFallback,
    PriceListCustomerGroupFallback,
    PriceListSchedule,
    PriceListToCustomer,
    PriceListToCustomerGroup,
    ProductPrice,
)

Key = TypeVar("Key")

GUEST = OroCustomerId("0")
"""The customer of whoever is not signed in."""


class Level(StrEnum):
    """Where a list is assigned; nearest first."""

    CUSTOMER = "customer"
    GROUP = "customer group"
    WEBSITE = "website"
    DEFAULT = "system"


@frozen
class ChainLink:
    """One list of a chain, and where it is assigned."""

    price_list: OroPriceListId
    level: Level
    sort_order: int
    merge_allowed: bool

    def __str__(self) -> str:
        return f"{self.price_list} of the {self.level.value}"


Chain = tuple[ChainLink, ...]


@frozen
class PriceCatalogue:
    """
    Everything of prices that OroCommerce's API shows.

    Attributes:
        groups: The group of each customer that has one.
        precisions: Decimals of each product's primary unit; needed by `BelowSmallest` alone.
    """

    lists: tuple[PriceList, ...] = ()
    prices: tuple[ProductPrice, ...] = ()
    customer_lists: tuple[PriceListToCustomer, ...] = ()
    group_lists: tuple[PriceListToCustomerGroup, ...] = ()
    customer_fallbacks: tuple[PriceListCustomerFallback, ...] = ()
    group_fallbacks: tuple[PriceListCustomerGroupFallback, ...] = ()
    groups: Mapping[OroCustomerId, OroCustomerGroupId] = field(
        factory=dict[OroCustomerId, OroCustomerGroupId]
    )
    precisions: Mapping[OroSku, int] = field(factory=dict[OroSku, int])


@frozen
class Chains:
    """
    The chain of every customer, group and website; who has nothing of its own shares another's.

    Whether a list takes part at an instant is decided by `taking_part`, not here.
    """

    customers: Mapping[tuple[OroCustomerId, OroWebsiteId], Chain]
    groups: Mapping[tuple[OroCustomerGroupId, OroWebsiteId], Chain]
    websites: Mapping[OroWebsiteId, Chain]
    system: Chain
    group_of: Mapping[OroCustomerId, OroCustomerGroupId]

    def of(self, customer: OroCustomerId, website: OroWebsiteId) -> Chain:
        """Return a customer's chain; the same value for all that have nothing of their own."""
        found = self.customers.get((customer, website))
        if found is not None:
            return found
        group = self.group_of.get(customer)
        found = None if group is None else self.groups.get((group, website))
        return self.websites.get(website, self.system) if found is None else found


@frozen
class Lists:
    """What is known of each list, and which of them hold any price."""

    lists: Mapping[OroPriceListId, PriceList]
    holding: Set[OroPriceListId]


def make_chains(catalogue: PriceCatalogue, policy: PricePolicy) -> Chains:
    """
    Build all chains in one pass over the assignments.

    Flat storage knows no fallback records; there the default lists of website and system end the
    chain.
    """
    flat = policy.storage is PriceStorage.FLAT
    system = _one(policy.default_list, Level.DEFAULT) if flat else _system(policy)
    websites = {
        key: _one(one.default_list, Level.WEBSITE) + system if flat else _website(one, system)
        for key, one in policy.websites.items()
    }
    group_of = dict(catalogue.groups)
    if policy.anonymous_group is not None:
        group_of[GUEST] = policy.anonymous_group
    of_groups = (((row.customer_group, row.website), row) for row in catalogue.group_lists)
    alone = {(x.customer_group, x.website) for x in catalogue.group_fallbacks if x.fallback}
    own = _own(of_groups, Level.GROUP, frozenset() if flat else alone)
    groups = {
        key: links if last else links + websites.get(key[1], system)
        for key, (links, last) in own.items()
    }
    shared = Chains({}, groups, websites, system, group_of)
    of_customers = (((row.customer, row.website), row) for row in catalogue.customer_lists)
    single = {(x.customer, x.website) for x in catalogue.customer_fallbacks if x.fallback}
    mine = _own(of_customers, Level.CUSTOMER, frozenset() if flat else single)
    customers = {
        key: links if last else links + shared.of(*key) for key, (links, last) in mine.items()
    }
    return Chains(customers, groups, websites, system, group_of)


def _own(
    rows: Iterable[tuple[Key, PriceListToCustomer | PriceListToCustomerGroup]],
    level: Level,
    alone: Set[Key],
) -> dict[Key, tuple[Chain, bool]]:
    """Return each owner's own lists in order, and whether nothing comes after them."""
    found: dict[Key, list[ChainLink]] = {key: [] for key in alone}
    for key, row in rows:
        link = ChainLink(row.price_list, level, row.sort_order, row.merge_allowed)
        found.setdefault(key, []).append(link)
    return {key: (_in_order(links), key in alone) for key, links in found.items()}


def _in_order(links: Iterable[ChainLink]) -> Chain:
    """Put the lists of one level in order; of one `sort_order`, the older list comes first."""
    return tuple(sorted(links, key=lambda x: (x.sort_order, len(x.price_list), x.price_list)))


def _one(price_list: OroPriceListId | None, level: Level) -> Chain:
    return () if price_list is None else (ChainLink(price_list, level, 0, True),)


def _system(policy: PricePolicy) -> Chain:
    return _in_order(_assigned(one, Level.DEFAULT) for one in policy.default_lists)


def _website(website: WebsitePrices, system: Chain) -> Chain:
    own = _in_order(_assigned(one, Level.WEBSITE) for one in website.lists)
    return own if website.only else own + system


def _assigned(one: AssignedList, level: Level) -> ChainLink:
    return ChainLink(one.price_list, level, one.sort_order, one.merge_allowed)


def taking_part(
    chain: Chain, listed: Lists, *, at: datetime, storage: PriceStorage, to: Recorder = SILENT
) -> Chain:
    """
    Return the lists of a chain that take part at an instant, in order, repeats dropped.

    In flat storage at most one: the first active list of the nearest level that has one; outside
    its schedule that level counts as having none, and its second list is not tried.

    Args:
        chain: As `Chains.of` gives it.
        listed: What is known of each list.
        at: The instant of the order.
        storage: Combined or flat.
        to: Told of every list that does not take part.
    """
    step = to.step("lists that take part", chain=chain, at=at)
    rule = _first_of_levels if storage is PriceStorage.FLAT else _without_repeats
    found = tuple(rule(chain, listed, at, step))
    step.gave(found)
    return found


def _without_repeats(
    chain: Chain, listed: Lists, at: datetime, to: Recorder
) -> Iterable[ChainLink]:
    """Drop a repeat, unless it may merge now and could not before."""
    merged: dict[OroPriceListId, bool] = {}
    for link in chain:
        key = link.price_list
        why = _inactive(key, listed) or _out_of_schedule(key, listed, at)
        if not why and key not in listed.holding:
            why = "it holds no price"
        if not why and key in merged and (merged[key] or not link.merge_allowed):
            why = "it is in the chain already"
        if why:
            to.refused(link, why)
            continue
        merged[key] = link.merge_allowed
        yield link


def _first_of_levels(
    chain: Chain, listed: Lists, at: datetime, to: Recorder
) -> Iterable[ChainLink]:
    tried: set[Level] = set()
    for link in chain:
        key = link.price_list
        if link.level in tried:
            why = "its level has an active list before it"
        else:
            why = _inactive(key, listed)
        if not why:
            tried.add(link.level)
            why = _out_of_schedule(key, listed, at)
        if not why:
            yield link
            return
        to.refused(link, why)


def _inactive(key: OroPriceListId, listed: Lists) -> str:
    found = listed.lists.get(key)
    if found is None:
        return "the catalogue does not know it"
    return "" if found.active else "it is not active"


def _out_of_schedule(key: OroPriceListId, listed: Lists, at: datetime) -> str:
    windows = listed.lists[key].schedules
    if not windows or any(_is_open(window, at) for window in windows):
        return ""
    return "it is outside its schedule"


def _is_open(window: PriceListSchedule, at: datetime) -> bool:
    begun = window.active_at is None or window.active_at <= at
    return begun and (window.deactivate_at is None or at < window.deactivate_at)
