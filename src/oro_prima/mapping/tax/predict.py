"""What an order will come to on each side, before anybody posts it."""

from __future__ import annotations

from attrs import frozen

from oro_prima.mapping.explain import SILENT, Explanation, Recorder, Tree
from oro_prima.mapping.tax.documents import Amounts, OrderRates, SideTotals, TaxOrder
from oro_prima.mapping.tax.oro_owed import OroTotals, oro_totals
from oro_prima.mapping.tax.oro_policy import OroTaxPolicy
from oro_prima.mapping.tax.oro_rules import oro_rates
from oro_prima.mapping.tax.prima_policy import PrimaTaxPolicy
from oro_prima.mapping.tax.prima_vat import prima_rates, prima_totals
from oro_prima.outcome import Mapped, Outcome, Unmapped, then, unmapped
from oro_prima.reasons import ReasonCode


@frozen
class TaxPolicies:
    """How both sides compute tax."""

    oro: OroTaxPolicy
    prima: PrimaTaxPolicy


@frozen
class PredictedTotals:
    """What an order comes to on each side; the gap is Prima's less OroCommerce's."""

    order: TaxOrder
    oro: OroTotals
    prima: SideTotals

    @property
    def gap(self) -> Amounts:
        """What Prima's totals are above OroCommerce's."""
        return self.prima.total - self.oro.owed.total


def predict_totals(
    order: TaxOrder, policies: TaxPolicies, *, to: Recorder = SILENT
) -> Outcome[PredictedTotals]:
    """
    Predict net, VAT and gross by rate on each side.

    Refused where Prima's table has no rate, and where one side's prices hold VAT and the other's do
    not: then one price means two things.

    Source: RULES §5.
    """
    found = rates_of(order, policies, to=to)
    if isinstance(found, Unmapped):
        return found
    ours, theirs = found.value
    oro = oro_totals(order, ours, policies.oro)
    return Mapped(PredictedTotals(order, oro, prima_totals(order, theirs, policies.prima)))


def rates_of(
    order: TaxOrder, policies: TaxPolicies, *, to: Recorder = SILENT
) -> Outcome[tuple[OrderRates, OrderRates]]:
    """Find the rates of an order on both sides, OroCommerce's first."""
    subject = f"orders/{order.reference}"
    if policies.oro.prices_include_tax != policies.prima.prices_include_vat:
        detail = "the sides differ in whether prices hold VAT"
        return unmapped(ReasonCode.VAT_BASIS_MISMATCH, subject, detail)
    ours = oro_rates(order, policies.oro, to=to)
    theirs = prima_rates(order, policies.prima, to=to)
    return then(theirs, lambda rates: Mapped((ours, rates)))


def explain_totals(order: TaxOrder, policies: TaxPolicies) -> Explanation:
    """Explain what an order comes to on each side: rules and rates that held, rows and results."""
    tree = Tree("totals of an order")
    found = predict_totals(order, policies, to=tree)
    if isinstance(found, Mapped):
        _note(found.value, tree)
    else:
        tree.gave(found)
    return tree.explanation()


def _note(found: PredictedTotals, to: Recorder) -> None:
    ours = to.step("OroCommerce")
    for line, row in zip(found.order.lines, found.oro.tax.rows, strict=True):
        ours.row("lines", line.key, net=row.row.excluding, tax=row.row.tax)
    ours.gave(found.oro.owed.total)
    theirs = to.step("Prima")
    for rate in found.prima.rates:
        theirs.row("rates", rate.code, net=rate.amounts.net, VAT=rate.amounts.vat)
    theirs.gave(found.prima.total)
    to.gave(found.gap)
