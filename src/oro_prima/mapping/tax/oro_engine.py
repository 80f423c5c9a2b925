"""
OroCommerce's tax engine: rows, items, shipping, total, and tax by code, as it states them.

Money has 2 decimals and divisions have 6, both half up, whatever is configured. Every figure is
rounded on its own at the end: what includes tax may differ by a cent from what excludes it and the
tax, and the taxes of single codes need not add up to the total.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from attrs import evolve, frozen

from oro_prima.mapping.tax.documents import (
    NONE,
    OrderRates,
    Rates,
    TaxLine,
    TaxOrder,
    TaxRate,
    cents,
    exactly,
)
from oro_prima.mapping.tax.oro_policy import (
    CalculateOn,
    CalculateWith,
    DiscountedRow,
    KitTax,
    OroTaxPolicy,
    SameCode,
)
from oro_prima.values import Rounding, round_to

DIVIDED = 6


@frozen
class TaxElement:
    """An amount with tax, without, the tax, and what rounding it to cents takes off it."""

    including: Decimal = NONE
    excluding: Decimal = NONE
    tax: Decimal = NONE
    adjustment: Decimal = NONE

    def __add__(self, other: TaxElement) -> TaxElement:
        return TaxElement(
            self.including + other.including,
            self.excluding + other.excluding,
            self.tax + other.tax,
            self.adjustment + other.adjustment,
        )

    def times(self, quantity: Decimal) -> TaxElement:
        """Return so many of it, the adjustment made anew."""
        tax = self.tax * quantity
        return TaxElement(self.including * quantity, self.excluding * quantity, tax, _over(tax))

    @property
    def in_cents(self) -> TaxElement:
        """Each figure rounded on its own; the adjustment stays."""
        return TaxElement(
            cents(self.including), cents(self.excluding), cents(self.tax), self.adjustment
        )


@frozen
class CodeTax:
    """What one tax code takes, and of how much."""

    code: str
    rate: Decimal
    taxable: Decimal
    tax: Decimal

    @property
    def in_cents(self) -> CodeTax:
        """Both figures rounded."""
        return CodeTax(self.code, self.rate, cents(self.taxable), cents(self.tax))


@frozen
class RowTax:
    """The tax of one unit and of one row, before the last rounding."""

    unit: TaxElement
    row: TaxElement
    codes: tuple[CodeTax, ...] = ()


@frozen
class OroTax:
    """
    What the engine states of an order, rounded.

    Attributes:
        rows: One for each line; a row that was not computed is all zero.
        items: All rows (`items_total`, which 6.1.11 and later state).
        shipping: None where shipping was not computed.
        total: Items and shipping.
        codes: Of items alone, in the order in which they first appear.
    """

    rows: tuple[RowTax, ...]
    items: TaxElement
    shipping: TaxElement | None
    total: TaxElement
    codes: tuple[CodeTax, ...]


@frozen
class Discounted:
    """What discounts left of an order: an amount for each line, and of shipping."""

    rows: tuple[Decimal, ...]
    shipping: Decimal


def tax_added(amount: Decimal, rate: Decimal) -> TaxElement:
    """Tax an amount without tax; the sign of the rate does not count."""
    tax = amount * abs(rate)
    return TaxElement(amount + tax, amount, tax, _over(tax))


def tax_inside(amount: Decimal, rate: Decimal) -> TaxElement:
    """Find the tax in an amount with tax, 6 decimals half up; the rate's sign does not count."""
    with exactly():
        part = amount * abs(rate) / (1 + abs(rate))
    tax = round_to(part, DIVIDED, Rounding.HALF_UP)
    return TaxElement(amount, amount - tax, tax, _over(tax))


def row_tax(price: Decimal, quantity: Decimal, rates: Rates, policy: OroTaxPolicy) -> RowTax:
    """
    Tax one row of a plain product, before the last rounding.

    The row's tax is of the row's amount, never the quantity times a rounded tax of a unit: the two
    starts differ in where the price is rounded.
    """
    if policy.start_with is CalculateWith.UNIT_PRICE:
        amount = cents(price) * quantity
    else:
        amount = cents(price * quantity)
    return _row(price, amount, rates, policy)


def oro_tax(
    order: TaxOrder, rates: OrderRates, policy: OroTaxPolicy, *, left: Discounted | None = None
) -> OroTax:
    """
    Compute what the engine states of an order.

    Args:
        order: Lines, shipping.
        rates: As `oro_rates` finds them.
        policy: How this OroCommerce computes.
        left: What discounts left, where they come before tax; None where they do not.
    """
    with exactly():
        rows = tuple(
            _line(line, order, rates, policy, None if left is None else left.rows[at])
            for at, line in enumerate(order.lines)
        )
        items = _sum(one.row for one in rows) if rates.located else TaxElement()
        if policy.start_on is CalculateOn.ITEM:
            items = _sum(one.row.in_cents for one in rows)
        shipping = _shipping(order, rates, policy, left)
        total = items if shipping is None else items + shipping
        codes = _merged(code for one in rows for code in one.codes)
        return OroTax(
            tuple(map(_stated, rows)),
            items.in_cents,
            None if shipping is None else shipping.in_cents,
            total.in_cents,
            tuple(one.in_cents for one in codes),
        )


def _over(tax: Decimal) -> Decimal:
    return tax - cents(tax)


def _sum(elements: Iterable[TaxElement]) -> TaxElement:
    return sum(elements, TaxElement())


def _stated(row: RowTax) -> RowTax:
    codes = tuple(one.in_cents for one in row.codes)
    return RowTax(row.unit.in_cents, row.row.in_cents, codes)


def _taxed(amount: Decimal, rate: Decimal, policy: OroTaxPolicy) -> TaxElement:
    return tax_inside(amount, rate) if policy.prices_include_tax else tax_added(amount, rate)


def _row(price: Decimal, amount: Decimal, rates: Rates, policy: OroTaxPolicy) -> RowTax:
    rate = sum((one.rate for one in rates), NONE)
    row = _taxed(amount, rate, policy)
    codes = _codes(row, rates)
    if policy.differs.same_code is SameCode.MERGED:
        codes = _one_each(codes)
    if policy.start_on is CalculateOn.ITEM:
        codes = tuple(one.in_cents for one in codes)
    return RowTax(_taxed(price, rate, policy), row, codes)


def _codes(row: TaxElement, rates: Rates) -> tuple[CodeTax, ...]:
    """Split a row's tax over its rates; each has the whole row as its taxable amount."""
    whole = sum((one.rate for one in rates), NONE)
    return tuple(
        CodeTax(one.code, one.rate, row.excluding, _part(row.tax, one, whole)) for one in rates
    )


def _part(tax: Decimal, rate: TaxRate, whole: Decimal) -> Decimal:
    if not whole:
        return NONE
    with exactly():
        return round_to(tax * rate.rate / whole, DIVIDED, Rounding.HALF_UP)


def _one_each(codes: Iterable[CodeTax]) -> tuple[CodeTax, ...]:
    """Make one of the rules of a row that have one code: their taxes are added up."""
    found: dict[str, CodeTax] = {}
    for one in codes:
        before = found.get(one.code)
        found[one.code] = one if before is None else evolve(before, tax=before.tax + one.tax)
    return tuple(found.values())


def _merged(codes: Iterable[CodeTax]) -> tuple[CodeTax, ...]:
    """Add up what each code takes over all rows."""
    found: dict[str, CodeTax] = {}
    for one in codes:
        before = found.get(one.code)
        if before is None:
            found[one.code] = one
        else:
            taxable, tax = before.taxable + one.taxable, before.tax + one.tax
            found[one.code] = CodeTax(before.code, before.rate, taxable, tax)
    return tuple(found.values())


def _line(
    line: TaxLine,
    order: TaxOrder,
    rates: OrderRates,
    policy: OroTaxPolicy,
    left: Decimal | None,
) -> RowTax:
    """Tax a line; without an address, or at no price, it is not computed and adds nothing."""
    price = line.price
    if left is not None and line.quantity:
        price = round_to(left / line.quantity, DIVIDED, Rounding.HALF_UP)
    if not rates.located or price <= 0:
        return RowTax(TaxElement(), TaxElement())
    if line.parts and policy.differs.kits is KitTax.BY_PART:
        return _kit(line, price, rates, policy)
    by_amount = policy.differs.discounted_row is DiscountedRow.AMOUNT and order.discount
    if left is not None and by_amount and policy.start_with is CalculateWith.UNIT_PRICE:
        return _row(price, left, rates.of(line.tax_code), policy)
    return row_tax(price, line.quantity, rates.of(line.tax_code), policy)


def _kit(line: TaxLine, price: Decimal, rates: OrderRates, policy: OroTaxPolicy) -> RowTax:
    """Tax what a kit costs beyond its parts, and each part by its own code."""
    inside = sum((part.price * part.quantity for part in line.parts), NONE)
    own = max(price - inside, NONE)
    found = RowTax(TaxElement(), TaxElement())
    if own:
        found = row_tax(own, line.quantity, rates.of(line.tax_code), policy)
    unit, row, codes = found.unit, found.row, list(found.codes)
    for part in (one for one in line.parts if one.price > 0):
        one = row_tax(part.price, part.quantity, rates.of(part.tax_code), policy)
        unit, row = unit + one.unit.times(part.quantity), row + one.row.times(line.quantity)
        codes += _times(one.codes, line.quantity, policy.start_on)
    return RowTax(
        evolve(unit, adjustment=_over(unit.tax)),
        evolve(row, adjustment=_over(row.tax)),
        _merged(codes),
    )


def _times(codes: Iterable[CodeTax], quantity: Decimal, on: CalculateOn) -> Iterable[CodeTax]:
    for one in codes:
        many = evolve(one, taxable=one.taxable * quantity, tax=one.tax * quantity)
        yield many.in_cents if on is CalculateOn.ITEM else many


def _shipping(
    order: TaxOrder, rates: OrderRates, policy: OroTaxPolicy, left: Discounted | None
) -> TaxElement | None:
    cost = order.shipping if left is None else left.shipping
    if not order.lines or not rates.located or cost < 0:
        return None
    rate = sum((one.rate for one in rates.shipping), NONE)
    rule = tax_inside if policy.shipping_includes_tax else tax_added
    return rule(cost, rate)
