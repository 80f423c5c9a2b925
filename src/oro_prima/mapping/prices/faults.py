"""What is wrong with price lists and policy before anybody asks for a price."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from oro_prima.ids import OroPriceListId
from oro_prima.mapping.prices.chains import PriceCatalogue
from oro_prima.mapping.prices.policy import PricePolicy, PriceStorage


def price_faults(catalogue: PriceCatalogue, policy: PricePolicy) -> tuple[str, ...]:
    """
    Return a line a fault: what the policy lacks, and what a catalogue cannot hold.

    Lists that nobody knows, two prices in one slot, two lists with one `sort_order` at one place,
    windows that end before they begin, and a policy without the list that its storage needs.
    """
    return (
        *_policy_faults(policy),
        *_unknown_lists(catalogue, policy),
        *_twice(
            ((row.price_list, row.sku, row.unit, row.quantity, row.currency)
             for row in catalogue.prices),
            "prices: list {}: {} in {} from {} in {} stands twice",
        ),
        *_twice(
            ((x.customer, x.website, x.sort_order) for x in catalogue.customer_lists),
            "lists of customer {} on website {}: two have sort order {}; the older comes first",
        ),
        *_twice(
            ((x.customer_group, x.website, x.sort_order) for x in catalogue.group_lists),
            "lists of group {} on website {}: two have sort order {}; the older comes first",
        ),
        *_windows(catalogue),
    )  # fmt: skip


def _policy_faults(policy: PricePolicy) -> Iterator[str]:
    if not policy.currencies:
        yield "prices.currencies: expected the system's currencies, such as GBP"
    flat = policy.storage is PriceStorage.FLAT
    if flat and policy.default_list is None:
        yield "prices.default_list: expected the list that flat storage ends with"
    if not flat and not policy.default_lists:
        yield "prices.default_lists: expected the lists that every chain ends with"


def _unknown_lists(catalogue: PriceCatalogue, policy: PricePolicy) -> Iterator[str]:
    known = {one.id for one in catalogue.lists}
    for key, place in sorted(set(_named(catalogue, policy))):
        if key not in known:
            yield f"{place}: price list {key} is not in the catalogue"


def _named(catalogue: PriceCatalogue, policy: PricePolicy) -> Iterator[tuple[OroPriceListId, str]]:
    yield from ((row.price_list, "prices") for row in catalogue.prices)
    yield from ((x.price_list, f"customer {x.customer}") for x in catalogue.customer_lists)
    yield from ((x.price_list, f"group {x.customer_group}") for x in catalogue.group_lists)
    yield from ((one.price_list, "prices.default_lists") for one in policy.default_lists)
    if policy.default_list is not None:
        yield policy.default_list, "prices.default_list"
    for website, one in policy.websites.items():
        yield from ((x.price_list, f"website {website}") for x in one.lists)
        if one.default_list is not None:
            yield one.default_list, f"website {website}"


def _twice(keys: Iterable[tuple[object, ...]], text: str) -> Iterator[str]:
    for key, times in Counter(keys).items():
        if times > 1:
            yield text.format(*key)


def _windows(catalogue: PriceCatalogue) -> Iterator[str]:
    for one in catalogue.lists:
        for window in one.schedules:
            begin, end = window.active_at, window.deactivate_at
            if begin is not None and end is not None and end <= begin:
                yield f"price list {one.id}: a window ends at {end}, not after it begins"
