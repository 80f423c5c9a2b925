"""What an order looks like to a rule of the business: which orders a rule is about."""

from __future__ import annotations

from collections.abc import Set
from decimal import Decimal

from attrs import frozen

from oro_prima.oro.models.orders import Order

NOBODY: frozenset[str] = frozenset()


@frozen
class OrderTest:
    """
    Which orders a rule is about: those that fit every part that is given.

    OroCommerce's API does not show the website that an order came through; organisation, currency
    and ship-to tell most of them apart.

    Attributes:
        customers: Numbers of OroCommerce's customers.
        organizations: Numbers of its organisations.
        countries: Countries of the ship-to address, as OroCommerce codes them (`GB`).
        currencies: Currencies of the order.
        methods: Shipping methods of the order.
        value_above: Its gross total is above this; one that is not stated counts as above.
        with_note: Whether only orders with a customer's note are meant.
    """

    customers: frozenset[str] = NOBODY
    organizations: frozenset[str] = NOBODY
    countries: frozenset[str] = NOBODY
    currencies: frozenset[str] = NOBODY
    methods: frozenset[str] = NOBODY
    value_above: Decimal | None = None
    with_note: bool = False

    def fits(self, order: Order) -> bool:
        """Tell whether an order is one that the rule is about."""
        ship_to = order.shipping_address
        country = None if ship_to is None else ship_to.country
        return (
            _among(order.customer, self.customers)
            and _among(order.organization, self.organizations)
            and _among(country, self.countries)
            and _among(order.currency, self.currencies)
            and _among(order.shipping_method, self.methods)
            and self._worth(order)
            and not (self.with_note and not (order.customer_notes or "").strip())
        )

    def _worth(self, order: Order) -> bool:
        if self.value_above is None or order.total_value is None:
            return True
        return order.total_value > self.value_above

    def covers(self, other: OrderTest) -> bool:
        """Tell whether every order of another test fits this one too."""
        sets = (
            (self.customers, other.customers),
            (self.organizations, other.organizations),
            (self.countries, other.countries),
            (self.currencies, other.currencies),
            (self.methods, other.methods),
        )
        wide = all(not mine or (theirs and theirs <= mine) for mine, theirs in sets)
        return wide and self._covers_value(other) and (other.with_note or not self.with_note)

    def _covers_value(self, other: OrderTest) -> bool:
        if self.value_above is None:
            return True
        return other.value_above is not None and other.value_above >= self.value_above


def _among(value: str | None, wanted: Set[str]) -> bool:
    return not wanted or value in wanted
