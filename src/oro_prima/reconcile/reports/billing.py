"""
What Prima billed of an order against what was captured of it, each gap in a class.

What rounding can make is bounded by both sides' policies, order by order: a gap within the bound is
rounding, one beyond it that no class explains is left open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from attrs import evolve, field, frozen

from oro_prima.ids import PrimaOrderNumber
from oro_prima.mapping.tables import UnitTable
from oro_prima.mapping.tax.bounds import RoundingBound, oro_bound, prima_bound, wire_bound
from oro_prima.mapping.tax.compare import (
    DifferenceClass,
    Statement,
    TotalsComparison,
    compare_totals,
)
from oro_prima.mapping.tax.documents import NONE, Amounts, OrderRates, TaxOrder
from oro_prima.mapping.tax.invoiced import Billed, billed_order, sent_lines, total_of
from oro_prima.mapping.tax.predict import TaxPolicies, rates_of
from oro_prima.mapping.tax.reading import TaxTables, tax_order
from oro_prima.oro.models.orders import Order
from oro_prima.outcome import Mapped, Outcome, Unmapped, both, then
from oro_prima.prima.models.invoice import Invoice
from oro_prima.reconcile.reports.facts import BookedOrder
from oro_prima.reconcile.table import less
from oro_prima.records import Home

CHANGED = "the order was changed in the shop since it was captured"
NO_POLICIES = "how both sides compute tax is not set"


@frozen
class BillingRules:
    """How both sides compute, and the tables that lead from one to the other."""

    taxes: TaxPolicies
    units: UnitTable
    tables: TaxTables = field(factory=TaxTables)


@frozen
class Bill:
    """
    One order beside all that was invoiced and credited of it.

    Attributes:
        order: None for invoices of a number that no order of ours has.
        currency: Of the order; empty where there is none.
        comparison: None where both sides were not compared; `why` says why not.
        bound: How far rounding alone can carry both totals apart, each invoice by itself.
    """

    order: BookedOrder | None
    invoices: tuple[Invoice, ...]
    currency: str
    comparison: TotalsComparison | None = None
    bound: RoundingBound | None = None
    why: str = ""

    @property
    def plain(self) -> tuple[Invoice, ...]:
        """The invoices that are no credits."""
        return tuple(one for one in self.invoices if not one.credit)

    @property
    def one_currency(self) -> bool:
        """Whether every document is in the order's currency; others are never subtracted."""
        return all(one.currency == self.currency for one in self.invoices)

    @property
    def invoiced(self) -> Amounts:
        """What the invoices state."""
        return total_of(self.plain)

    @property
    def credited(self) -> Amounts:
        """What the credits state, above 0."""
        return total_of(one for one in self.invoices if one.credit)

    @property
    def captured(self) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
        """Net, VAT and gross of the order as captured; None where not stated."""
        if self.order is None:
            return None, None, None
        return self.order.net, self.order.capture.vat, self.order.capture.gross

    @property
    def variance(self) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
        """Invoiced less credited less captured (net, VAT, gross); None where not comparable."""
        if not self.invoices or not self.one_currency:
            return None, None, None
        billed = self.invoiced - self.credited
        net, vat, gross = self.captured
        return less(billed.net, net), less(billed.vat, vat), less(billed.gross, gross)

    @property
    def explained(self) -> Decimal | None:
        """What the classes explain of the gross variance."""
        if self.comparison is None:
            return None
        parts = (p for p in self.comparison.parts if p.cause is not DifferenceClass.UNKNOWN)
        return sum((part.amounts.gross for part in parts), NONE)

    @property
    def unexplained(self) -> Decimal | None:
        """What they leave of it; all of it where both sides were not compared."""
        gross = self.variance[2]
        return gross if self.explained is None else less(gross, self.explained)

    @property
    def unexplained_vat(self) -> Decimal | None:
        """What the classes leave of the VAT variance."""
        if self.comparison is None:
            return self.variance[1]
        shares = (p for p in self.comparison.parts if p.cause is not DifferenceClass.UNKNOWN)
        return less(self.variance[1], sum((part.amounts.vat for part in shares), NONE))

    @property
    def ties(self) -> bool:
        """Whether nothing is left unexplained beyond what rounding can make."""
        if not self.invoices or not self.one_currency or self.order is None:
            return False
        most = self.bound or RoundingBound(NONE, NONE)
        lefts = ((self.unexplained, most.gross), (self.unexplained_vat, most.vat))
        return all(left is None or abs(left) <= limit for left, limit in lefts)

    @property
    def classes(self) -> tuple[DifferenceClass, ...]:
        """Why both differ, the largest share first; what rounding can make of it is rounding."""
        if self.invoices and not self.one_currency:
            return (DifferenceClass.FX,)
        ranks = {cause: rank for rank, cause in enumerate(DifferenceClass)}
        shares = sorted(self._shares(), key=lambda one: (-one[1], ranks[one[0]]))
        return tuple(cause for cause, _share in shares)

    def _shares(self) -> Iterator[tuple[DifferenceClass, Decimal]]:
        parts = self.comparison.parts if self.comparison else ()
        for part in parts:
            if part.cause is not DifferenceClass.UNKNOWN:
                yield part.cause, abs(part.amounts.gross)
        if self.unexplained or self.unexplained_vat:
            cause = DifferenceClass.ROUNDING if self.ties else DifferenceClass.UNKNOWN
            if all(part.cause is not cause or not self.ties for part in parts):
                yield cause, abs(self.unexplained or NONE)


def bills(
    orders: Iterable[BookedOrder], invoices: Iterable[Invoice], rules: BillingRules | None
) -> tuple[Bill, ...]:
    """
    Match invoices to orders by Prima's number and compare each order with what was billed of it.

    Every posted order has one, and every other order or number that an invoice names. An invoice
    that came twice counts once.

    Args:
        orders: Captured orders; mains are left out, their sub-orders are billed.
        invoices: All of the period's orders; credits among them.
        rules: None where nobody said how both sides compute: totals are put side by side then.
    """
    by_number: dict[str, list[Invoice]] = {}
    for one in dict.fromkeys(invoices):
        by_number.setdefault(one.order, []).append(one)
    found: list[Bill] = []
    for booked in (one for one in orders if not one.main):
        number = booked.entry.known_as if booked.entry else ""
        mine = by_number.pop(number, [])
        if mine or booked.capture.home is Home.POSTED:
            found.append(_bill(booked, _in_order(mine), rules))
    strange = [
        Bill(None, _in_order(some), "", why=f"no order of ours has number {number}")
        for number, some in sorted(by_number.items())
    ]
    return (*found, *strange)


def numbers_of(orders: Iterable[BookedOrder]) -> tuple[PrimaOrderNumber, ...]:
    """Return Prima's numbers of the posted orders: those whose invoices are asked for."""
    return tuple(
        one.entry.known_as
        for one in orders
        if one.entry is not None and one.capture.home is Home.POSTED and not one.main
    )


def _in_order(invoices: Sequence[Invoice]) -> tuple[Invoice, ...]:
    return tuple(sorted(invoices, key=lambda one: (one.date, one.number)))


def _bill(booked: BookedOrder, invoices: tuple[Invoice, ...], rules: BillingRules | None) -> Bill:
    plain = Bill(booked, invoices, booked.capture.currency)
    if not invoices:
        return evolve(plain, why="no invoice yet")
    if not plain.one_currency:
        others = sorted({one.currency for one in invoices} - {plain.currency})
        return evolve(plain, why=f"the invoice is in {', '.join(others)}")
    if rules is None:
        return evolve(plain, why=NO_POLICIES)
    if booked.order is None:
        return evolve(plain, why="the order was not read in the shop again")
    if booked.order.total_value != booked.capture.gross:
        return evolve(plain, why=CHANGED)
    return _compared(plain, booked.order, rules)


def _compared(plain: Bill, order: Order, rules: BillingRules) -> Bill:
    ours = tax_order(order, rules.tables)
    billed = then(
        both(ours, sent_lines(order, rules.units)),
        lambda found: billed_order(found[0], found[1], plain.invoices, rules.taxes.prima),
    )
    outcome = then(both(ours, billed), lambda found: _comparison(plain, *found, rules))
    if isinstance(outcome, Unmapped):
        return evolve(plain, why=outcome.reasons[0].detail)
    comparison, bound = outcome.value
    return evolve(plain, comparison=comparison, bound=bound)


def _comparison(
    plain: Bill, ours: TaxOrder, theirs: Billed, rules: BillingRules
) -> Outcome[tuple[TotalsComparison, RoundingBound]]:
    policies = evolve(rules.taxes, prima=theirs.policy)
    compared = compare_totals(
        Statement(ours, _stated(plain)),
        Statement(theirs.order, theirs.invoiced, theirs.credited),
        policies,
    )
    documents = max(theirs.documents, 1)
    return both(compared, rounding_bound(ours, rules.taxes, documents=documents))


def _stated(plain: Bill) -> Amounts | None:
    net, vat, gross = plain.captured
    return None if net is None or vat is None or gross is None else Amounts(net, vat, gross)


def rounding_bound(
    order: TaxOrder, policies: TaxPolicies, *, documents: int = 1
) -> Outcome[RoundingBound]:
    """
    Return how far rounding can carry both totals apart; refused where a rate is missing.

    The shop's wire has 4 decimals, which is a term of its own; each of Prima's documents is rounded
    by itself.
    """
    return then(
        rates_of(order, policies), lambda rates: Mapped(_bound(order, policies, rates, documents))
    )


def _bound(
    order: TaxOrder,
    policies: TaxPolicies,
    rates: tuple[OrderRates, OrderRates],
    documents: int,
) -> RoundingBound:
    ours, theirs = rates
    bound = oro_bound(order, ours, policies.oro) + wire_bound(order, ours)
    for _document in range(documents):
        bound += prima_bound(order, theirs, policies.prima)
    return bound
