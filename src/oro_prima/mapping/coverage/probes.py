"""The smallest order that holds a thing, and what the rule says to it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from attrs import evolve, field, frozen

from oro_prima.ids import OroCustomerId, OroLineId, OroOrderId, OroSku, PrimaAccount, UnitCode
from oro_prima.mapping.orders import map_order
from oro_prima.mapping.policy import OrderPolicy
from oro_prima.mapping.tables import Component, Tables
from oro_prima.oro.models.orders import Order, OrderAddress, OrderLine
from oro_prima.outcome import Outcome
from oro_prima.prima.models.orders import PrimaOrder
from oro_prima.records import Link
from oro_prima.values import SkuKey

PROBE = "(probe)"
"""Names the customer, product and unit of the parts of a probe that nobody asks about."""


@frozen
class SmallestOrder:
    """
    An order of one line at most; what it does not say is left out of it.

    Attributes:
        price: Price of one unit.
        shipping_method: None for an order without shipping cost.
    """

    customer: OroCustomerId | None = None
    currency: str = ""
    ship_to: OrderAddress | None = field(default=None, repr=False)
    sku: OroSku | None = None
    unit: UnitCode | None = None
    quantity: Decimal = Decimal(1)
    price: Decimal | None = None
    kit_lines: int = 0
    shipping_method: str | None = None
    payment_term: str | None = None

    def __str__(self) -> str:
        """
        Say it in words, without an address.

        >>> print(SmallestOrder(OroCustomerId("7"), "GBP", sku=OroSku("B"), unit=UnitCode("case")))
        customer 7 orders 1 case of B in GBP
        """
        who = f"customer {self.customer} orders" if self.customer else "somebody orders"
        what = "anything" if self.sku is None else f"{self.quantity} {self.unit} of {self.sku}"
        parts = [f"{who} {what}"]
        parts += [f"at {self.price}"] if self.price is not None else []
        parts += [f"in {self.currency}"] if self.currency else []
        if self.shipping_method is not None:
            parts.append(f"by shipping method {self.shipping_method or 'none'}")
        parts += [f"on payment term {self.payment_term}"] if self.payment_term else []
        return " ".join(parts)


def smallest_order(small: SmallestOrder, policy: OrderPolicy) -> Order:
    """Make the order itself, as the shop would show it."""
    at = policy.start_at + policy.post_after + timedelta(seconds=1)
    lines = () if small.sku is None else (probe_line(small, OroLineId("1")),)
    return Order(
        id=OroOrderId("1"),
        created_at=at,
        updated_at=at,
        currency=small.currency,
        customer=small.customer,
        identifier="1",
        external=False,
        payment_term=small.payment_term,
        shipping_method=small.shipping_method,
        estimated_shipping_cost_amount=Decimal(0 if small.shipping_method is None else 1),
        line_ids=tuple(line.id for line in lines),
        lines=lines,
        shipping_address=small.ship_to,
    )


def probe_line(small: SmallestOrder, key: OroLineId) -> OrderLine:
    """Make the line of a smallest order."""
    return OrderLine(
        id=key,
        product_sku=small.sku,
        product_unit_code=small.unit,
        quantity=small.quantity,
        value=small.price,
        currency=small.currency,
        kit_lines=small.kit_lines,
    )


@frozen
class Probes:
    """
    Asks the rule, with everything in order that nobody asks about.

    Attributes:
        tables: What orders are mapped by, and a customer and a product unit of the probe's own.
    """

    tables: Tables
    policy: OrderPolicy
    currency: str

    def of_header(self, small: SmallestOrder) -> Outcome[PrimaOrder]:
        """Map an order whose line, and whose customer unless it names one, is mapped for sure."""
        whole = evolve(small, sku=OroSku(PROBE), unit=UnitCode(PROBE), price=Decimal(0))
        if small.customer is None:
            whole = evolve(whole, customer=OroCustomerId(PROBE), currency=self.currency)
        return map_order(smallest_order(whole, self.policy), self.tables, self.policy)


def probes(tables: Tables, policy: OrderPolicy, *, currency: str) -> Probes:
    """Make the probes of a book of tables."""
    customer = OroCustomerId(PROBE)
    link = Link(
        customer, PrimaAccount(PROBE), tables.company, PROBE, policy.start_at, "", "1", "1",
        currency, policy.vat_inclusive,
    )  # fmt: skip
    unit = (Component(SkuKey(PROBE), Fraction(1)),)
    own = evolve(
        tables,
        links={**tables.links, customer: link},
        units={(OroSku(PROBE), UnitCode(PROBE)): unit},
    )
    return Probes(own, policy, currency)
