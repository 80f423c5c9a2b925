"""
Which of OroCommerce's tax rules hold for an order: by address, customer code and product code.

Rules of coarser jurisdictions are not overridden by finer ones: they add up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from oro_prima.mapping.explain import SILENT, Recorder
from oro_prima.mapping.tax.documents import OrderRates, Rates, TaxOrder, TaxPlace
from oro_prima.mapping.tax.oro_policy import (
    BaseExclusion,
    Destination,
    Granularity,
    Jurisdiction,
    OroTaxPolicy,
    PostcodeRange,
    TaxBase,
    TaxRule,
)


def oro_rates(order: TaxOrder, policy: OroTaxPolicy, *, to: Recorder = SILENT) -> OrderRates:
    """
    Find the rates of every tax code of an order.

    A product or a customer without a code matches no rule, and is not taxed. Digital goods have
    rules of their own: some states tax none, and within the European Union the destination counts.

    Source: oro_tax settings and rules; docs/explanation/tax.md.
    """
    step = to.step("tax rules", base=policy.base, granularity=policy.granularity)
    place = taxation_place(order, policy)
    if place is None:
        step.gave("no address to tax at")
        return OrderRates(located=False)
    here = _rules_at(place, order, policy)
    for rule in policy.rules:
        if rule not in here:
            step.refused(rule.tax.code, "it holds for another customer code, or elsewhere")
    codes = dict.fromkeys(_codes(order))
    found = {code: _rates_of(code, place, here, order, policy) for code in codes if code}
    step.gave(tuple(f"{code}: {sum(one.rate for one in rates)}" for code, rates in found.items()))
    return OrderRates(found, _rates(here, set(policy.shipping_codes)))


def taxation_place(order: TaxOrder, policy: OroTaxPolicy) -> TaxPlace | None:
    """Return where an order is taxed: origin or destination, as default or exclusion says."""
    place = _destination(order, policy)
    base = policy.base
    if place is not None:
        found = (one.base for one in policy.exclusions if _excludes(one, place))
        base = next(found, policy.base)
    return policy.origin if base is TaxBase.ORIGIN else place


def _destination(order: TaxOrder, policy: OroTaxPolicy) -> TaxPlace | None:
    return order.ship_to if policy.destination is Destination.SHIPPING else order.bill_to


def _rules_at(place: TaxPlace, order: TaxOrder, policy: OroTaxPolicy) -> list[TaxRule]:
    holding = [rule for rule in policy.rules if rule.customer_code == order.customer_code]
    return [rule for rule in holding if order.customer_code and _holds(rule, place, policy)]


def _rates_of(
    code: str, place: TaxPlace, here: list[TaxRule], order: TaxOrder, policy: OroTaxPolicy
) -> Rates:
    """Return the rates of a product's code: digital goods by their own rules, all else as it is."""
    to = _destination(order, policy)
    if to is None:
        return _rates(here, {code})
    both = {place.country, to.country}
    if code in policy.digital_us and both == {"US"} and to.region in policy.untaxed_states:
        return ()
    if code in policy.digital_eu and both <= policy.eu_countries:
        return _rates(_rules_at(to, order, policy), {code})
    return _rates(here, {code})


def _codes(order: TaxOrder) -> Iterable[str]:
    for line in order.lines:
        yield line.tax_code
        for part in line.parts:
            yield part.tax_code


def _rates(rules: list[TaxRule], product_codes: set[str]) -> Rates:
    return tuple(rule.tax for rule in rules if rule.product_code in product_codes)


def _excludes(one: BaseExclusion, place: TaxPlace) -> bool:
    if one.country != place.country:
        return False
    if place.region_text and one.region_text != place.region_text:
        return False
    return not place.region or one.region == place.region


def _holds(rule: TaxRule, place: TaxPlace, policy: OroTaxPolicy) -> bool:
    where = rule.jurisdiction
    if where.country != place.country:
        return False
    wide = not (where.region or where.region_text)
    if not where.postcodes and wide:
        return True
    match policy.granularity:
        case Granularity.COUNTRY:
            return False
        case Granularity.REGION:
            return not where.postcodes and _same_region(where, place)
        case Granularity.ZIP_CODE:
            fits = not where.postcodes or _fits(where.postcodes, place.postcode)
            return fits and _same_region(where, place)
        case _:
            return _fits(where.postcodes, place.postcode)


def _same_region(where: Jurisdiction, place: TaxPlace) -> bool:
    """Compare regions as they stand; an address without one is in no region."""
    if not (place.region or place.region_text):
        return False
    return (where.region, where.region_text) == (place.region, place.region_text)


def _fits(ranges: Iterable[PostcodeRange], postcode: str) -> bool:
    return any(_within(one, postcode) for one in ranges)


def _within(one: PostcodeRange, postcode: str) -> bool:
    if one.first == one.last:
        return postcode == one.first
    return _number(one.first) <= _number(postcode) <= _number(one.last)


def _number(postcode: str) -> int:
    """Read the digits that a postcode begins with, as PHP does; none are 0."""
    found = re.match(r"\s*(\d+)", postcode, re.ASCII)
    return int(found[1]) if found else 0
