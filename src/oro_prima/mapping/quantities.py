"""Which quantities of a product unit can be bought, and which of them are whole base units."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from math import gcd, lcm

from attrs import frozen

from oro_prima.mapping.tables import Component
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.values import fits


@frozen
class QuantityRule:
    """
    Quantities of one product unit that can be bought.

    Attributes:
        precision: Decimals of a quantity.
        minimum: Least quantity; None for none.
        maximum: Greatest quantity; None for none.
        step: Quantities are multiples of it; None for every quantity of that precision.
    """

    precision: int = 0
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    step: Decimal | None = None


def quantity_reasons(quantity: Decimal, rule: QuantityRule, *, subject: str) -> tuple[Reason, ...]:
    """Return every reason why a quantity cannot be bought; nothing is rounded to what can."""
    return tuple(
        Reason(code, subject, f"quantity {quantity}, {detail}")
        for code, detail in _breaches(quantity, rule)
    )


def _breaches(quantity: Decimal, rule: QuantityRule) -> Iterator[tuple[ReasonCode, str]]:
    if quantity <= 0:
        yield ReasonCode.QUANTITY_NOT_POSITIVE, "expected more than 0"
    if not fits(quantity, rule.precision):
        yield ReasonCode.QUANTITY_OFF_STEP, f"{rule.precision} decimals"
    if rule.minimum is not None and quantity < rule.minimum:
        yield ReasonCode.QUANTITY_TOO_SMALL, f"at least {rule.minimum}"
    if rule.maximum is not None and quantity > rule.maximum:
        yield ReasonCode.QUANTITY_TOO_LARGE, f"at most {rule.maximum}"
    if rule.step is not None and Fraction(quantity) % Fraction(rule.step):
        yield ReasonCode.QUANTITY_OFF_STEP, f"in steps of {rule.step}"


def whole_step(components: tuple[Component, ...]) -> Fraction:
    """
    Return the smallest quantity of a product unit that is whole in every component.

    Exactly its multiples are whole; every other quantity is refused.

    >>> from oro_prima.values import SkuKey
    >>> tape, reel = SkuKey("TAPE"), SkuKey("REEL")
    >>> whole_step((Component(tape, Fraction(3, 2)), Component(reel, Fraction(1))))
    Fraction(2, 1)
    """
    denominators = lcm(*(part.count.denominator for part in components))
    return Fraction(denominators, gcd(*(part.count.numerator for part in components)))


def can_be_broken(components: tuple[Component, ...], rule: QuantityRule) -> Decimal | None:
    """Return a quantity that can be bought and is no whole number of base units; None for none."""
    step, whole = _step(rule), whole_step(components)
    if not step % whole:
        return None
    first = _first(rule, step)
    for quantity in (first, first + step):
        if _is_allowed(quantity, rule) and quantity % whole:
            return Decimal(quantity.numerator) / quantity.denominator
    return None


def least_quantity(rule: QuantityRule, components: tuple[Component, ...] = ()) -> Decimal | None:
    """
    Return the smallest quantity that can be bought; None where none can.

    Args:
        rule: Which quantities can be bought.
        components: Where they are given, it is a whole number of each as well.

    >>> least_quantity(QuantityRule(minimum=Decimal(5), step=Decimal(2)))
    Decimal('6')
    """
    step = _common(_step(rule), whole_step(components)) if components else _step(rule)
    first = _first(rule, step)
    allowed = _is_allowed(first, rule)
    return Decimal(first.numerator) / first.denominator if allowed else None


def _first(rule: QuantityRule, step: Fraction) -> Fraction:
    """Return the least multiple of a step that is not below the minimum."""
    least = step if rule.minimum is None else max(Fraction(rule.minimum), step)
    return step * -(-least // step)


def _is_allowed(quantity: Fraction, rule: QuantityRule) -> bool:
    return rule.maximum is None or quantity <= rule.maximum


def _step(rule: QuantityRule) -> Fraction:
    """Return the smallest quantity that fits both the precision and the step."""
    unit = Fraction(1, 10**rule.precision)
    return unit if rule.step is None else _common(unit, Fraction(rule.step))


def _common(one: Fraction, other: Fraction) -> Fraction:
    """Return the smallest multiple of both."""
    common = lcm(one.numerator * other.denominator, other.numerator * one.denominator)
    return Fraction(common, one.denominator * other.denominator)
