"""
Laws of the rules, to hold your own tables and policies against.

Each takes any input and your own policy, runs the rule, and raises `AssertionError` where the law
is broken. Feed them from the strategies beside this module, or from what you really trade.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from attrs import evolve

from oro_prima.ids import OroCustomerId, OroPriceListId, OroSku, PrimaAccount, UnitCode
from oro_prima.mapping.customers import AccountPolicy, resolve_account
from oro_prima.mapping.intent import intent_hash
from oro_prima.mapping.orders import map_order
from oro_prima.mapping.policy import (
    OrderPolicy,
    PriceCheck,
    PublishedFigure,
    StockMode,
    StockPolicy,
)
from oro_prima.mapping.price_check import Books, check_prices
from oro_prima.mapping.prices.lookup import PriceIndex, PriceQuestion, lists_of, resolve_price
from oro_prima.mapping.prices.policy import PriceStorage, PriceStrategy
from oro_prima.mapping.stock import allocate, pool
from oro_prima.mapping.tables import Component, Tables, UnitKey
from oro_prima.mapping.tax.bounds import oro_bound, prima_bound
from oro_prima.mapping.tax.compare import aligned
from oro_prima.mapping.tax.documents import OrderRates, TaxOrder
from oro_prima.mapping.tax.oro_owed import oro_totals
from oro_prima.mapping.tax.predict import TaxPolicies
from oro_prima.mapping.tax.prima_vat import prima_totals
from oro_prima.mapping.units import base_quantities
from oro_prima.oro.models.orders import Order, OrderLine
from oro_prima.outcome import Mapped, Outcome
from oro_prima.prima.models.orders import PrimaOrder
from oro_prima.values import SkuKey


def units_law(quantity: Decimal, parts: tuple[Component, ...]) -> None:
    """What is ordered is what is sent, component by component, or it is refused; never rounded."""
    exact = [Fraction(quantity) * part.count for part in parts]
    whole = all(one.denominator == 1 and one > 0 for one in exact)
    found = base_quantities(quantity, parts, subject="law")
    if isinstance(found, Mapped):
        sent = [(one.sku, Fraction(one.quantity)) for one in found.value]
        assert sent == [(part.sku, one) for part, one in zip(parts, exact, strict=True)]
    assert isinstance(found, Mapped) == whole


def stock_law(
    units: Mapping[UnitKey, tuple[Component, ...]], free: Mapping[SkuKey, int], policy: StockPolicy
) -> None:
    """No level is negative, and in strict mode no base unit is promised twice."""
    pools = {sku: pool(Decimal(one), Fraction(0), policy) for sku, one in free.items()}
    given = allocate(units, pools, policy)
    used: dict[SkuKey, Fraction] = {}
    for key, parts in units.items():
        assert given[key] >= 0
        for part in parts:
            used[part.sku] = used.get(part.sku, Fraction(0)) + part.count * given[key]
    if policy.mode is StockMode.STRICT:
        assert all(used[sku] <= pools.get(sku, 0) for sku in used)
    if policy.figure is PublishedFigure.FREE:
        kept = [max(Decimal(0), Decimal(one) - policy.buffer) for one in free.values()]
        assert all(found <= most for found, most in zip(pools.values(), kept, strict=True))


def prices_law(question: PriceQuestion, index: PriceIndex) -> None:
    """What won is a row of a list that takes part: of that unit and currency, and nearest."""
    found = resolve_price(question, index)
    if not isinstance(found, Mapped):
        return
    row, policy = found.value.row, index.policy
    assert (row.sku, row.unit, row.currency) == (question.sku, question.unit, question.currency)
    assert row.quantity <= question.quantity or found.value.switch is not None
    taking_part = lists_of(question.customer, question.website, index, at=question.at)
    assert found.value.link in taking_part
    if policy.storage is PriceStorage.COMBINED and policy.strategy is PriceStrategy.MINIMAL:
        rivals = (one for link in taking_part for one in _rows(question, index, link.price_list))
        assert all(row.value <= one for quantity, one in rivals if quantity == row.quantity)


def _rows(
    question: PriceQuestion, index: PriceIndex, price_list: OroPriceListId
) -> Iterable[tuple[Decimal, Decimal]]:
    for row in index.held.get((question.sku, price_list), ()):
        if (row.unit, row.currency) == (question.unit, question.currency):
            yield row.quantity, row.value


def tax_law(order: TaxOrder, rates: OrderRates, policies: TaxPolicies) -> None:
    """Two sides that mean the same are never further apart than rounding can carry them."""
    prima = aligned(policies.prima, policies.oro)
    ours = oro_totals(order, rates, policies.oro).owed.total
    theirs = prima_totals(order, rates, prima).total
    bound = oro_bound(order, rates, policies.oro) + prima_bound(order, rates, prima)
    gap = theirs - ours
    assert abs(gap.vat) <= bound.vat
    assert abs(gap.gross) <= bound.gross


def customers_law(
    customers: Iterable[OroCustomerId], tables: Tables, policy: AccountPolicy, *, currency: str
) -> None:
    """An account comes from a link of the customer or of one above it; there is no default."""
    for customer in customers:
        found = resolve_account(
            customer, tables, policy, currency=currency, vat_inclusive=False, subject="law"
        )
        above = [customer]
        while above[-1] in tables.parents and tables.parents[above[-1]] not in above:
            above.append(tables.parents[above[-1]])
        linked = {tables.links[one].account for one in above if one in tables.links}
        if isinstance(found, Mapped):
            assert found.value.link.account in linked


def orders_law(order: Order, tables: Tables, policy: OrderPolicy) -> None:
    """Every line appears, component by component, or the order is held; texts can be written."""
    found = map_order(order, tables, policy)
    assert found == map_order(order, tables, policy)
    if not isinstance(found, Mapped):
        assert found.reasons
        return
    wanted = [f"ORO-{order.id}-{line.id}" for line in order.lines for _part in _parts(line, tables)]
    assert [line.reference for line in found.value.lines] == wanted
    for text in _texts(found.value):
        text.encode("latin-1")
    assert intent_hash(order) == intent_hash(evolve(order, total_value=None, subtotals=None))


def _parts(line: OrderLine, tables: Tables) -> tuple[Component, ...]:
    sku, unit = line.product_sku or OroSku(""), line.product_unit_code or UnitCode("")
    return tables.units.get((sku, unit), ())


def _texts(order: PrimaOrder) -> Iterable[str]:
    yield from (order.customer_ref, order.special_instructions, *order.delivery.lines)
    yield from (order.delivery.forename, order.delivery.surname, order.delivery.postcode)
    yield from (line.narrative for line in order.lines)


def reasons_law(outcome: Outcome[object]) -> None:
    """Whatever is not mapped says why: a subject, a code, and what it is about."""
    if not isinstance(outcome, Mapped):
        assert outcome.reasons
        assert all(reason.subject and reason.detail for reason in outcome.reasons)


def price_check_law(
    order: Order, account: PrimaAccount, tables: Tables, policy: OrderPolicy, *, books: Books
) -> None:
    """
    Every line is compared or says why not; the same twice; what was agreed exactly agrees.

    What is sent is the same with a check and without.
    """
    found = check_prices(order, account, tables, policy, books=books)
    assert found == check_prices(order, account, tables, policy, books=books)
    assert [line.line for line in found.lines] == [line.id for line in order.lines]
    assert not (found.unread and found.reasons)
    for line in found.lines:
        if not (found.unread or found.against or line.reasons):
            assert line.parts
            assert line.booked == sum((part.amount for part in line.parts), Decimal(0))
    without = evolve(policy, price_check=PriceCheck.INTENT_ONLY)
    assert map_order(order, tables, policy) == map_order(order, tables, without)
