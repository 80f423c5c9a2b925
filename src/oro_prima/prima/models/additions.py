"""Sections laid over a plain order: what they say goes over what the order says by itself."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from oro_prima.prima.models.profile import PrimaProfile
from oro_prima.prima.models.rendering import Tree, date_text, extended, flag, money
from oro_prima.prima.models.sections import OrderSections, Section, Value, section_values
from oro_prima.values import LocalDate


def add_sections(plain: Tree, sections: OrderSections, *, profile: PrimaProfile) -> Tree:
    """Return the `Data` element with its sections; the profile's extras go over both."""
    name, attributes, children = plain
    own = dict(attributes)
    for section in (sections.hold, sections.person, sections.terms, sections.workwear):
        own |= _written(section, profile)
    added = [_sectioned(child, sections, profile) for child in children]
    if sections.payment is not None:
        payment = _written(sections.payment, profile)
        added.append(("OrderPaymentData", extended("OrderPaymentData", payment, profile), ()))
    return (name, extended(name, own, profile), tuple(added))


def _sectioned(child: Tree, sections: OrderSections, profile: PrimaProfile) -> Tree:
    name, attributes, children = child
    section: Section | None = None
    if name == "OrderHeaderData":
        section = sections.header
    elif name == "OrderInvoiceData":
        section = sections.invoice
    elif name == "OrderLineData":
        section = sections.lines.get(int(attributes["OrderLine"]))
    if section is None:
        return child
    own = {**attributes, **_written(section, profile)}
    return (name, extended(name, own, profile), children)


def _written(section: Section | None, profile: PrimaProfile) -> dict[str, str]:
    return {name: _text(value, profile) for name, value in section_values(section).items()}


def _text(value: Value, profile: PrimaProfile) -> str:
    match value:
        case bool():
            return flag(value)
        case Decimal():
            return money(value)
        case date():
            return date_text(LocalDate(value), profile)
        case _:
            return str(value)
