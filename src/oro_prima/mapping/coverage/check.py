"""
Whether every order that the catalogues can generate is mapped, and a counter-example where not.

An order is mapped where its customer, its carrier, its payment term and each of its lines are: so
each is asked once, by the smallest order that holds it. The work grows with the catalogues, not
with what can be ordered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from attrs import evolve, frozen

from oro_prima.mapping.coverage.catalogues import CoverageFacts, Entity, ShopCustomer
from oro_prima.mapping.coverage.findings import CoverageReport, Gap
from oro_prima.mapping.coverage.headers import code_gaps_of_heads, customer_gaps
from oro_prima.mapping.coverage.linked import code_gaps
from oro_prima.mapping.coverage.probes import SmallestOrder, probes
from oro_prima.mapping.coverage.sales import Revenue, Sale, revenue_of, unit_key
from oro_prima.mapping.coverage.units import unit_gaps, whole_order
from oro_prima.mapping.policy import OrderPolicy, PriceBasis


@frozen
class CoveragePolicy:
    """
    What an order must be mapped by, and what may share a target.

    Attributes:
        orders: What orders are mapped by.
        shared: Of these several may lead to one target.
        blocking: Of these a gap blocks although no order is held for it.
    """

    orders: OrderPolicy
    shared: frozenset[Entity] = frozenset(Entity) - {Entity.CUSTOMER, Entity.PRODUCT_UNIT}
    blocking: frozenset[Entity] = frozenset()


def check_coverage(
    facts: CoverageFacts, policy: CoveragePolicy, *, sales: Iterable[Sale] = ()
) -> CoverageReport:
    """
    Check that everything that can occur in an order is mapped to exactly one live target.

    Where the report passes, every order that the shop's catalogue can generate is mapped by these
    tables and this policy; texts, dates and what the catalogue does not hold are not meant.

    Args:
        facts: Both sides' catalogues and the tables between them.
        policy: What orders are mapped by.
        sales: What was sold lately; says what is at risk.
    """
    shop = facts.shop
    probing = probes(facts.tables, policy.orders, currency=next(iter(shop.currencies), ""))
    shared = policy.shared
    gaps = [
        *customer_gaps(facts, probing, shared=Entity.CUSTOMER in shared),
        *unit_gaps(facts, probing, shared=Entity.PRODUCT_UNIT in shared),
        *code_gaps_of_heads(facts, probing),
        *code_gaps(facts, shared=shared, blocking=policy.blocking),
    ]
    checked = {
        Entity.CUSTOMER: len(shop.customers),
        Entity.PRODUCT_UNIT: len(shop.units),
        Entity.CARRIER: len(shop.shipping_methods),
        Entity.PAYMENT_TERM: len(shop.payment_terms),
        Entity.PRICE_LIST: len(shop.price_lists),
        Entity.TAX_CODE: len(shop.tax_codes),
        Entity.WAREHOUSE: len(shop.warehouses),
    }
    revenue = revenue_of(sales)
    company = _Company.of(facts, gaps)
    whole = (
        evolve(gap, order=company.joins(gap.order), revenue=_sold(gap, revenue)) for gap in gaps
    )
    return CoverageReport(
        tuple(sorted(whole, key=_rank)), checked, tuple(_not_checked(facts, policy))
    )


@frozen
class _Company:
    """A customer and a product unit that are mapped: what completes a smallest order."""

    header: SmallestOrder
    line: SmallestOrder

    @classmethod
    def of(cls, facts: CoverageFacts, gaps: Iterable[Gap]) -> _Company:
        bad = {(gap.entity, gap.key) for gap in gaps if gap.blocking}
        shop = facts.shop
        customers = (one for one in shop.customers if (Entity.CUSTOMER, one.id) not in bad)
        units = (x for x in shop.units if (Entity.PRODUCT_UNIT, unit_key(*x.key)) not in bad)
        header = next((_header(one, facts) for one in customers), SmallestOrder())
        lines = (whole_order(one, facts.tables.units) for one in units)
        return cls(header, next((one for one in lines if one is not None), SmallestOrder()))

    def joins(self, order: SmallestOrder | None) -> SmallestOrder | None:
        """Complete an order by what it does not name."""
        if order is None:
            return None
        if order.customer is None:
            head = self.header
            order = evolve(order, customer=head.customer, currency=head.currency)
            order = evolve(order, ship_to=head.ship_to)
        if order.sku is None:
            line = self.line
            order = evolve(order, sku=line.sku, unit=line.unit, quantity=line.quantity)
            order = evolve(order, price=line.price, kit_lines=line.kit_lines)
        return order


def _header(customer: ShopCustomer, facts: CoverageFacts) -> SmallestOrder:
    currency = next(iter(customer.currencies or facts.shop.currencies), "")
    return SmallestOrder(customer.id, currency, next(iter(customer.ship_to), None))


def _sold(gap: Gap, revenue: Revenue) -> Mapping[str, Decimal]:
    return revenue.get((gap.entity, gap.key), {})


def _rank(gap: Gap) -> tuple[bool, Decimal, str, str, str]:
    worth = sum(gap.revenue.values(), Decimal(0))
    return (not gap.blocking, -worth, gap.entity.value, gap.key, gap.problem.value)


def _not_checked(facts: CoverageFacts, policy: CoveragePolicy) -> Iterator[str]:
    """Say what nobody could look at, so that no report promises more than it knows."""
    erp, shop = facts.erp, facts.shop
    unasked = sum(1 for one in shop.customers if not (one.currencies or shop.currencies))
    if unasked:
        yield f"{unasked} customers: no currency was given"
    for name, live in (
        ("accounts", erp.accounts),
        ("SKUs", erp.skus),
        ("charge codes", erp.charges),
    ):
        if live is None:
            yield f"which of Prima's {name} are alive: no list was given"
    priceless = sum(1 for one in shop.units if not one.prices)
    if priceless and policy.orders.price_basis is not PriceBasis.OMIT:
        yield f"whether prices are exact: {priceless} product units were given without a price"
    for entity, keys in (
        (Entity.PRICE_LIST, shop.price_lists),
        (Entity.TAX_CODE, shop.tax_codes),
        (Entity.WAREHOUSE, shop.warehouses),
    ):
        if keys and entity not in facts.codes:
            yield f"{len(keys)} of {entity.value}: no table was given"
