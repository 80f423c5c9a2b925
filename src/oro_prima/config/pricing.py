"""How prices are resolved and books are read, of the sections `prices` and `books`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from oro_prima.mapping.policy import OrderPolicy
from oro_prima.mapping.prices.books import BookPolicy
from oro_prima.mapping.prices.policy import AssignedList, PricePolicy, PriceStorage

Values = Mapping[str, object]


def build_prices(values: Values, given: Values, faults: list[str]) -> PricePolicy | None:
    """
    Build how OroCommerce resolves prices; None where the file has no such section.

    Args:
        values: The section, with the default of what it leaves out.
        given: The section as it stands in the file.
        faults: What contradicts itself is added to them.
    """
    if not given:
        return None
    policy = PricePolicy(**values)  # type: ignore[arg-type]
    faults += _contradictions(policy)
    return policy


def build_books(values: Values, orders: OrderPolicy) -> BookPolicy:
    """Build how price books are read: VAT basis and zone are those of orders."""
    return BookPolicy(orders.vat_inclusive, orders.zone, **values)  # type: ignore[arg-type]


def _contradictions(policy: PricePolicy) -> Iterator[str]:
    if not policy.currencies:
        yield "prices.currencies: required where there is a table prices"
    flat = policy.storage is PriceStorage.FLAT
    for place, lists, one in _lists_of(policy):
        if flat and lists:
            yield f"{place}: say nothing where prices.storage is flat; expected one default_list"
        if not flat and one is not None:
            yield f"{place.removesuffix('s')}: says nothing unless prices.storage is flat"
        ids = [row.price_list for row in lists]
        if len(set(ids)) < len(ids):
            yield f"{place}: expected each price list once"


def _lists_of(
    policy: PricePolicy,
) -> Iterator[tuple[str, tuple[AssignedList, ...], str | None]]:
    yield "prices.default_lists", policy.default_lists, policy.default_list
    for website, says in policy.websites.items():
        yield f"prices.websites.{website}.lists", says.lists, None
        yield f"prices.websites.{website}.default_lists", (), says.default_list
