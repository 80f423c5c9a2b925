"""A slow, obvious reference for prices: whole tables built row by row, then searched."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from oro_prima.mapping.prices import (
    GUEST,
    AssignedList,
    PriceCatalogue,
    PricePolicy,
    PriceQuestion,
    PriceStorage,
    PriceStrategy,
    WebsitePrices,
)
from oro_prima.oro.models import PriceList, ProductPrice

Entry = tuple[str, bool]


def takes_part(one: PriceList, at: datetime) -> bool:
    """An active list, inside one of its windows if it has any."""
    inside = [
        (w.active_at is None or not at < w.active_at)
        and (w.deactivate_at is None or at < w.deactivate_at)
        for w in one.schedules
    ]
    return one.active and (True in inside or len(inside) == 0)


def levels(
    question: PriceQuestion, catalogue: PriceCatalogue, policy: PricePolicy
) -> list[tuple[list[Entry], bool]]:
    """Each level's own entries in order, and whether the chain goes on behind it."""
    customer, website = question.customer, question.website
    group = policy.anonymous_group if customer == GUEST else None
    group = group or catalogue.groups.get(customer)
    site = policy.websites.get(website, WebsitePrices())
    found: list[tuple[list[Entry], bool]] = []
    rows = [x for x in catalogue.customer_lists if (x.customer, x.website) == (customer, website)]
    rows.sort(key=lambda x: (x.sort_order, int(x.price_list)))
    stops = any(
        (x.customer, x.website, x.fallback) == (customer, website, 1)
        for x in catalogue.customer_fallbacks
    )
    found.append(([(x.price_list, x.merge_allowed) for x in rows], not stops))
    of_group = [
        x for x in catalogue.group_lists if (x.customer_group, x.website) == (group, website)
    ]
    of_group.sort(key=lambda x: (x.sort_order, int(x.price_list)))
    stops = any(
        (x.customer_group, x.website, x.fallback) == (group, website, 1)
        for x in catalogue.group_fallbacks
    )
    found.append(([(x.price_list, x.merge_allowed) for x in of_group], not stops))
    if policy.storage is PriceStorage.FLAT:
        found.append(([(site.default_list, True)] if site.default_list else [], True))
        found.append(([(policy.default_list, True)] if policy.default_list else [], True))
        return found
    found.append((in_order(site.lists), not site.only))
    found.append((in_order(policy.default_lists), True))
    return found


def in_order(lists: tuple[AssignedList, ...]) -> list[Entry]:
    """By sort order."""
    some = sorted(lists, key=lambda x: (x.sort_order, int(x.price_list)))
    return [(x.price_list, x.merge_allowed) for x in some]


def combined_chain(
    question: PriceQuestion, catalogue: PriceCatalogue, policy: PricePolicy
) -> list[Entry]:
    """All levels one behind the other, without what does not take part and without repeats."""
    known = {one.id: one for one in catalogue.lists}
    whole: list[Entry] = []
    for entries, goes_on in levels(question, catalogue, policy):
        whole += entries
        if not goes_on:
            break
    chain: list[Entry] = []
    for key, merge in whole:
        if key not in known or not takes_part(known[key], question.at):  # type: ignore[index]
            continue
        if not any(row.price_list == key for row in catalogue.prices):
            continue
        if (key, True) in chain or (not merge and (key, False) in chain):
            continue
        chain.append((key, merge))
    return chain


def flat_chain(
    question: PriceQuestion, catalogue: PriceCatalogue, policy: PricePolicy
) -> list[Entry]:
    """The first active list of the first level whose first active list is in its schedule."""
    known = {one.id: one for one in catalogue.lists}
    for entries, _goes_on in levels(question, catalogue, policy):
        active = [key for key, _merge in entries if key in known and known[key].active]  # type: ignore[index]
        if active and takes_part(known[active[0]], question.at):  # type: ignore[index]
            return [(active[0], True)]
    return []


def merged(
    chain: list[Entry], prices: tuple[ProductPrice, ...], strategy: PriceStrategy
) -> list[ProductPrice]:
    """The whole table of a chain, every product, unit and currency."""
    if strategy is PriceStrategy.MINIMAL:
        everything = [row for key, _merge in chain for row in prices if row.price_list == key]
        return [
            row
            for row in everything
            if row.value == min(other.value for other in everything if same_slot(row, other))
        ]
    table: list[tuple[ProductPrice, bool]] = []
    for key, merge in chain:
        for row in [row for row in prices if row.price_list == key]:
            before = [
                (one, may)
                for one, may in table
                if one.sku == row.sku and one.price_list != row.price_list
            ]
            if any(same_slot(row, one) for one, _may in table):
                continue
            if any(not may for _one, may in before) or (before and not merge):
                continue
            table.append((row, merge))
    return [row for row, _merge in table]


def same_slot(one: ProductPrice, other: ProductPrice) -> bool:
    """One product, unit, quantity and currency."""
    return (one.sku, one.unit, one.quantity, one.currency) == (
        other.sku,
        other.unit,
        other.quantity,
        other.currency,
    )


def slow_price(
    question: PriceQuestion, catalogue: PriceCatalogue, policy: PricePolicy
) -> Decimal | None:
    """The price of one unit, or None."""
    flat = policy.storage is PriceStorage.FLAT
    find = flat_chain if flat else combined_chain
    chain = find(question, catalogue, policy)
    strategy = PriceStrategy.MINIMAL if flat else policy.strategy
    usable = {
        currency
        for one in catalogue.lists
        for currency in one.currencies
        if one.id in [key for key, _merge in chain] and currency in policy.currencies
    }
    best: ProductPrice | None = None
    for row in merged(chain, catalogue.prices, strategy):
        if (row.sku, row.unit, row.currency) != (question.sku, question.unit, question.currency):
            continue
        if row.currency not in usable or row.quantity > question.quantity:
            continue
        if best is None or row.quantity > best.quantity:
            best = row
    return None if best is None else best.value
