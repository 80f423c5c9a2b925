"""
Why the totals of two documents differ: by class, explained and unexplained.

The order is changed into the invoice step by step, each step of one class; what a step changes in
the totals is that class's share. So the shares and what is left add up to the difference, always.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum

from attrs import evolve, field, frozen

from oro_prima.mapping.tax.documents import (
    NONE,
    Amounts,
    OrderRates,
    Rates,
    TaxLine,
    TaxOrder,
    cents,
    exactly,
)
from oro_prima.mapping.tax.oro_owed import oro_totals
from oro_prima.mapping.tax.oro_policy import OroTaxPolicy
from oro_prima.mapping.tax.predict import TaxPolicies, rates_of
from oro_prima.mapping.tax.prima_policy import Carriage, DiscountStage, PrimaTaxPolicy
from oro_prima.mapping.tax.prima_vat import prima_rates, prima_totals
from oro_prima.outcome import Mapped, Outcome, Unmapped, unmapped
from oro_prima.reasons import ReasonCode

ONE = Decimal(1)


class DifferenceClass(StrEnum):
    """Why two totals differ; in the order in which a difference is taken apart."""

    ROUNDING = "rounding"
    PART_INVOICED = "part-invoiced"
    QUANTITY = "quantity"
    PRICE = "price"
    DISCOUNT = "discount"
    SHIPPING = "shipping"
    TAX_CODE = "tax code"
    CREDIT = "credit"
    FX = "FX"
    UNKNOWN = "unknown"


_PREDICTED = frozenset(
    {DifferenceClass.ROUNDING, DifferenceClass.TAX_CODE, DifferenceClass.UNKNOWN}
)
"""Classes of what the policies predict, not of what the documents hold."""


@frozen
class Statement:
    """
    What one side says of an order.

    Attributes:
        order: Lines, prices, discounts and shipping as that side has them, in the order's currency.
        totals: As stated, in the document's currency; None where that side states none.
        credited: Credit notes, in the document's currency, above 0.
        fx_rate: Units of the document's currency for one of the order's.
    """

    order: TaxOrder
    totals: Amounts | None = None
    credited: Amounts = field(factory=Amounts)
    fx_rate: Decimal = ONE


@frozen
class Difference:
    """One class's share of a difference: Prima's less OroCommerce's."""

    cause: DifferenceClass
    amounts: Amounts


@frozen
class TotalsComparison:
    """
    Why two documents differ.

    Attributes:
        oro, prima: What each comes to, credits taken off, in the order's currency.
        not_stated: Sides that state no totals; their prediction stands for them.
        parts: Shares that are not zero; `UNKNOWN` is what no class explains.
    """

    reference: str
    currency: str
    oro: Amounts
    prima: Amounts
    not_stated: tuple[str, ...]
    parts: tuple[Difference, ...]

    @property
    def difference(self) -> Amounts:
        """Prima's less OroCommerce's."""
        return self.prima - self.oro

    @property
    def explained(self) -> Amounts:
        """What the classes explain."""
        return self.difference - self.unexplained

    @property
    def unexplained(self) -> Amounts:
        """What no class explains."""
        return self.of(DifferenceClass.UNKNOWN)

    def of(self, cause: DifferenceClass) -> Amounts:
        """Return one class's share."""
        found = (part.amounts for part in self.parts if part.cause is cause)
        return next(found, Amounts())


def compare_totals(
    oro: Statement, prima: Statement, policies: TaxPolicies, *, agreed_rate: Decimal = ONE
) -> Outcome[TotalsComparison]:
    """
    Take the difference between two documents apart.

    Args:
        oro: The order.
        prima: The invoice, or all invoices of the order together.
        policies: How both sides compute.
        agreed_rate: Units of the invoice's currency for one of the order's, as agreed; Prima's
            totals are brought to the order's currency at it.

    Returns:
        The shares; none where both sides state the same totals of the same goods, whatever the
        policies predict: then a policy is wrong, and no document. Refused where a rate is missing,
        or the sides differ in whether prices hold VAT.

    Source: RULES §5.
    """
    ours, theirs = rates_of(oro.order, policies), prima_rates(prima.order, policies.prima)
    if isinstance(ours, Unmapped):
        return ours
    if isinstance(theirs, Unmapped):
        return theirs
    if agreed_rate <= 0 or prima.fx_rate <= 0:
        subject = f"orders/{oro.order.reference}"
        return unmapped(ReasonCode.CURRENCY_MISMATCH, subject, "an exchange rate is not above 0")
    shares, predicted = _shares(oro, prima, (ours.value[0], theirs.value), policies, agreed_rate)
    first, last = predicted
    stated = first if oro.totals is None else oro.totals - oro.credited
    billed = last if prima.totals is None else _changed(prima.totals - prima.credited, agreed_rate)
    explained = sum((one.amounts for one in shares), Amounts())
    shares.append(Difference(DifferenceClass.UNKNOWN, billed - stated - explained))
    silent = tuple(
        name for name, one in (("OroCommerce", oro), ("Prima", prima)) if one.totals is None
    )
    parts = tuple(one for one in shares if one.amounts)
    if not silent and stated == billed and {one.cause for one in parts} <= _PREDICTED:
        parts = ()
    return Mapped(
        TotalsComparison(oro.order.reference, oro.order.currency, stated, billed, silent, parts)
    )


@frozen
class _Step:
    """The document, rates and policy after a class was taken over from Prima."""

    cause: DifferenceClass
    order: TaxOrder
    rates: OrderRates
    policy: PrimaTaxPolicy


def _shares(
    oro: Statement,
    prima: Statement,
    rates: tuple[OrderRates, OrderRates],
    policies: TaxPolicies,
    agreed: Decimal,
) -> tuple[list[Difference], tuple[Amounts, Amounts]]:
    """Return the share of each class, and what both sides are predicted to come to."""
    now = oro_totals(oro.order, rates[0], policies.oro).owed.total
    first, found = now - oro.credited, list[Difference]()
    for step in _steps(oro.order, prima.order, rates, policies):
        then = prima_totals(step.order, step.rates, step.policy).total
        found.append(Difference(step.cause, then - now))
        now = then
    taken = _changed(prima.credited, prima.fx_rate)
    found.append(Difference(DifferenceClass.CREDIT, oro.credited - taken))
    now -= taken
    last = _changed(_times(now, prima.fx_rate), agreed)
    found.append(Difference(DifferenceClass.FX, last - now))
    return found, (first, last)


def _steps(
    ours: TaxOrder,
    theirs: TaxOrder,
    rates: tuple[OrderRates, OrderRates],
    policies: TaxPolicies,
) -> Iterator[_Step]:
    """Yield the order on its way to being the invoice."""
    policy = aligned(policies.prima, policies.oro)
    rates = (_alike(rates), rates[1])
    cause = DifferenceClass
    yield _Step(cause.ROUNDING, ours, rates[0], policy)
    order = evolve(ours, lines=_fewer(ours.lines, theirs.lines))
    yield _Step(cause.PART_INVOICED, order, rates[0], policy)
    order = evolve(order, lines=_more(order.lines, theirs.lines))
    mixed = _with_new_codes(rates, ours)
    yield _Step(cause.QUANTITY, order, mixed, policy)
    order = evolve(order, lines=_priced(order.lines, theirs.lines))
    yield _Step(cause.PRICE, order, mixed, policy)
    order, policy = _discounted(order, theirs), _discounting(policy, policies.prima)
    yield _Step(cause.DISCOUNT, order, mixed, policy)
    order = evolve(order, shipping=theirs.shipping, shipping_discount=theirs.shipping_discount)
    mixed, policy = evolve(mixed, shipping=rates[1].shipping), _carrying(policy, policies.prima)
    yield _Step(cause.SHIPPING, order, mixed, policy)
    yield _Step(cause.TAX_CODE, theirs, rates[1], policies.prima)


def aligned(prima: PrimaTaxPolicy, oro: OroTaxPolicy) -> PrimaTaxPolicy:
    """Return Prima's way of rounding with OroCommerce's meaning: discounts, carriage and kits."""
    stage = DiscountStage.BEFORE_VAT if oro.after_promotions else DiscountStage.AFTER_VAT
    return evolve(
        prima,
        discount=stage,
        manual_discount=DiscountStage.AFTER_VAT,
        carriage=Carriage.OWN_RATE,
        carriage_includes_vat=oro.shipping_includes_tax,
        kits=oro.differs.kits,
    )


def _discounting(now: PrimaTaxPolicy, prima: PrimaTaxPolicy) -> PrimaTaxPolicy:
    return evolve(now, discount=prima.discount, manual_discount=prima.manual_discount)


def _carrying(now: PrimaTaxPolicy, prima: PrimaTaxPolicy) -> PrimaTaxPolicy:
    return evolve(now, carriage=prima.carriage, carriage_includes_vat=prima.carriage_includes_vat)


def _alike(rates: tuple[OrderRates, OrderRates]) -> OrderRates:
    """
    Call OroCommerce's rates what Prima calls them where they are the same.

    VAT is rounded by Prima's code: a rate that has another name on each side is no other tax code.
    """
    ours, theirs = rates
    codes = {code: _same(some, theirs.of(code)) for code, some in ours.codes.items()}
    return evolve(ours, codes=codes, shipping=_same(ours.shipping, theirs.shipping))


def _same(ours: Rates, theirs: Rates) -> Rates:
    equal = sum((one.rate for one in ours), NONE) == sum((one.rate for one in theirs), NONE)
    return theirs if theirs and equal else ours


def _with_new_codes(rates: tuple[OrderRates, OrderRates], ours: TaxOrder) -> OrderRates:
    """Take Prima's rates for codes that the order does not have."""
    old = {line.tax_code for line in ours.lines}
    old |= {part.tax_code for line in ours.lines for part in line.parts}
    own = {code: rates[0].of(code) for code in old}
    return evolve(rates[0], codes={**rates[1].codes, **own})


def _fewer(ours: tuple[TaxLine, ...], theirs: tuple[TaxLine, ...]) -> tuple[TaxLine, ...]:
    """Leave of each line what was invoiced, with its share of the line's discount."""
    invoiced = {line.key: line.quantity for line in theirs}
    return tuple(_left(line, invoiced.get(line.key, NONE)) for line in ours)


def _left(line: TaxLine, quantity: Decimal) -> TaxLine:
    if quantity >= line.quantity:
        return line
    with exactly():
        off = cents(line.discount * quantity / line.quantity)
    return evolve(line, quantity=quantity, discount=off)


def _more(ours: tuple[TaxLine, ...], theirs: tuple[TaxLine, ...]) -> tuple[TaxLine, ...]:
    """Take the invoice's lines, their order and quantities; prices stay where there are any."""
    own = {line.key: line for line in ours}
    return tuple(
        evolve(own[line.key], quantity=line.quantity) if line.key in own else line
        for line in theirs
    )


def _priced(ours: tuple[TaxLine, ...], theirs: tuple[TaxLine, ...]) -> tuple[TaxLine, ...]:
    return tuple(
        evolve(line, price=other.price, parts=other.parts)
        for line, other in zip(ours, theirs, strict=True)
    )


def _discounted(ours: TaxOrder, theirs: TaxOrder) -> TaxOrder:
    lines = tuple(
        evolve(line, discount=other.discount)
        for line, other in zip(ours.lines, theirs.lines, strict=True)
    )
    return evolve(
        ours, lines=lines, discount=theirs.discount, manual_discount=theirs.manual_discount
    )


def _times(amounts: Amounts, rate: Decimal) -> Amounts:
    if rate == ONE:
        return amounts
    net, gross = cents(amounts.net * rate), cents(amounts.gross * rate)
    return Amounts(net, gross - net, gross)


def _changed(amounts: Amounts, rate: Decimal) -> Amounts:
    """Bring amounts of a document's currency to the order's."""
    with exactly():
        return _times(amounts, ONE / rate)
