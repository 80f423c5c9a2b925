"""
What a buyer owes by OroCommerce: rows, discounts, shipping and tax; and how much of it is VAT.

The rows of an order are rounded by its own rule, whatever tax starts with: what is taxed may differ
from what is owed by a few cents.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from attrs import frozen

from oro_prima.mapping.tax.documents import (
    NONE,
    Amounts,
    OrderRates,
    RateTotal,
    SideTotals,
    TaxOrder,
    by_code,
    cents,
    exactly,
)
from oro_prima.mapping.tax.oro_engine import CodeTax, Discounted, OroTax, oro_tax
from oro_prima.mapping.tax.oro_policy import DiscountShares, OroTaxPolicy, PayableTax
from oro_prima.mapping.tax.sharing import cent_shares, exact_shares
from oro_prima.values import round_to


@frozen
class OroTotals:
    """
    What OroCommerce makes of an order.

    Attributes:
        tax: What the engine states; `tax.total.tax` is what the API shows as the order's tax.
        owed: What the buyer owes (`totalValue`) and the tax in it, which can differ by a cent from
            what the engine states.
    """

    tax: OroTax
    owed: SideTotals


def oro_totals(order: TaxOrder, rates: OrderRates, policy: OroTaxPolicy) -> OroTotals:
    """
    Compute what the engine states and what the buyer owes.

    Source: RULES §5; docs/explanation/tax.md.
    """
    with exactly():
        left = discounted(order, policy) if policy.after_promotions else None
        tax = oro_tax(order, rates, policy, left=left)
        goods = _tax_of_goods(tax, policy)
        carried = NONE if tax.shipping is None else tax.shipping.tax
        gross = _owed(order, goods, carried, policy)
        vat = min(goods + carried, gross)
        shown = by_code((*map(_code_total, tax.codes), *_shipping_rates(tax, rates)))
        return OroTotals(tax, SideTotals(Amounts(gross - vat, vat, gross), shown))


def discounted(order: TaxOrder, policy: OroTaxPolicy) -> Discounted:
    """
    Take promotions off: each line's own, and its share of the order's by what the lines cost.

    What a person takes off the order is not among them.
    """
    weights = [line.amount for line in order.lines]
    share = exact_shares
    if policy.differs.discount_shares is DiscountShares.CENTS:
        share = cent_shares
    shares = share(order.discount, weights)
    rows = (
        line.amount - line.discount - off for line, off in zip(order.lines, shares, strict=True)
    )
    return Discounted(
        tuple(max(row, NONE) for row in rows), max(order.shipping - order.shipping_discount, NONE)
    )


def _tax_of_goods(tax: OroTax, policy: OroTaxPolicy) -> Decimal:
    if policy.differs.payable_tax is PayableTax.SUM_OF_CODES:
        return sum((one.tax for one in tax.codes), NONE)
    return tax.items.tax


def _owed(order: TaxOrder, goods: Decimal, carried: Decimal, policy: OroTaxPolicy) -> Decimal:
    """Add up the parts; the sum is cut off at 0 after each."""
    rows = sum((_rounded(line.amount, policy) for line in order.lines), NONE)
    off = sum((line.discount for line in order.lines), order.discount + order.manual_discount)
    parts = (
        rows,
        -_rounded(off, policy),
        _rounded(order.shipping, policy),
        -_rounded(min(order.shipping_discount, order.shipping), policy),
        NONE if policy.prices_include_tax else goods,
        NONE if policy.shipping_includes_tax else carried,
    )
    total = NONE
    for part in parts:
        total = max(total + part, NONE)
    return total


def _rounded(amount: Decimal, policy: OroTaxPolicy) -> Decimal:
    return round_to(amount, policy.precision, policy.rounding)


def _code_total(one: CodeTax) -> RateTotal:
    amounts = Amounts(one.taxable, one.tax, one.taxable + one.tax)
    return RateTotal(one.code, one.rate, amounts)


def _shipping_rates(tax: OroTax, rates: OrderRates) -> Iterable[RateTotal]:
    """Split the tax of shipping over its rates, as that of a row is."""
    whole = sum((one.rate for one in rates.shipping), NONE)
    if tax.shipping is None:
        return
    for one in rates.shipping:
        net, part = tax.shipping.excluding, NONE
        if whole:
            part = cents(tax.shipping.tax * one.rate / whole)
        yield RateTotal(one.code, one.rate, Amounts(net, part, net + part))
