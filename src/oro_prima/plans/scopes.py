"""
What a run is of: everything that is due, some records by name, or the orders of some days.

A run of a scope decides of its records what a run of everything would, and of no other record.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TypeVar

from attrs import field, frozen

from oro_prima.ids import OroCustomerId, OroOrderId, OroSku
from oro_prima.values import LocalDate

T = TypeVar("T")


@frozen
class Everything:
    """Whatever is due."""


EVERYTHING = Everything()


def _once(items: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(items))


def _orders(orders: Iterable[OroOrderId]) -> tuple[OroOrderId, ...]:
    return _once(orders)


def _customers(customers: Iterable[OroCustomerId]) -> tuple[OroCustomerId, ...]:
    return _once(customers)


def _products(skus: Iterable[OroSku]) -> tuple[OroSku, ...]:
    return _once(skus)


@frozen
class OfOrders:
    """These orders of the shop, due or not."""

    orders: tuple[OroOrderId, ...] = field(converter=_orders)


@frozen
class OfCustomers:
    """These customers of the shop."""

    customers: tuple[OroCustomerId, ...] = field(converter=_customers)


@frozen
class OfProducts:
    """Every unit of these products of the shop, by SKU."""

    skus: tuple[OroSku, ...] = field(converter=_products)


@frozen
class OfDays:
    """
    The orders that were created on the days from `first` to `last`, both included.

    Days of the books, as the control equation counts them. An order's own instant counts, which a
    client can write.

    Raises:
        ValueError: The days are in the wrong order.
    """

    first: LocalDate
    last: LocalDate

    def __attrs_post_init__(self) -> None:
        """Refuse days in the wrong order."""
        if self.last < self.first:
            msg = f"the last day {self.last} comes before the first {self.first}"
            raise ValueError(msg)

    def instants(self, zone: tzinfo) -> tuple[datetime, datetime]:
        """Return the midnight that the days begin with, and the one that they end before."""
        return _midnight(self.first, zone), _midnight(self.last + timedelta(days=1), zone)


OrderScope = Everything | OfOrders | OfDays
CustomerScope = Everything | OfCustomers
ProductScope = Everything | OfProducts
Scope = Everything | OfOrders | OfDays | OfCustomers | OfProducts


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def scope_text(scope: Scope) -> str:
    """
    Return a scope as one line, for the journal and for people.

    >>> scope_text(OfOrders((OroOrderId("7"), OroOrderId("9"))))
    'orders 7, 9'
    >>> scope_text(EVERYTHING)
    'everything'
    """
    match scope:
        case Everything():
            return "everything"
        case OfOrders(orders):
            return f"orders {', '.join(orders)}"
        case OfCustomers(customers):
            return f"customers {', '.join(customers)}"
        case OfProducts(skus):
            return f"products {', '.join(skus)}"
        case _:
            return f"orders of {scope.first.isoformat()} to {scope.last.isoformat()}"
