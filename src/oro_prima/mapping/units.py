"""Product unit -> base SKUs: a vector of exact counts; refuse, never round."""

from __future__ import annotations

from decimal import Decimal

from attrs import frozen

from oro_prima.ids import OroSku, UnitCode
from oro_prima.mapping.tables import Component, UnitTable
from oro_prima.outcome import Mapped, Outcome, every, unmapped
from oro_prima.reasons import ReasonCode
from oro_prima.values import SkuKey


@frozen
class BaseQuantity:
    """So many whole base units of one SKU, and the component that says so."""

    sku: SkuKey
    quantity: int
    component: Component


def resolve_components(
    sku: OroSku, unit: UnitCode, units: UnitTable, *, subject: str
) -> Outcome[tuple[Component, ...]]:
    """Find what one product unit is made of; only the table says, nothing is derived."""
    components = units.get((sku, unit))
    if not components:
        return unmapped(
            ReasonCode.UNKNOWN_UNIT,
            subject,
            f"no row for {sku} in {unit}",
            cause=f"units/{sku}/{unit}",
        )
    return Mapped(components)


def base_quantities(
    quantity: Decimal, components: tuple[Component, ...], *, subject: str
) -> Outcome[tuple[BaseQuantity, ...]]:
    """
    Turn a quantity of one product unit into whole base units, component by component.

    What is ordered is what is sent: a share of a base unit is refused, never rounded.

    >>> from fractions import Fraction
    >>> from oro_prima.values import SkuKey
    >>> dozen = (Component(SkuKey("POLISH"), Fraction(12)),)
    >>> base_quantities(Decimal("0.5"), dozen, subject="orders/7/lines/1").value[0].quantity
    6
    """
    if quantity <= 0:
        return unmapped(ReasonCode.QUANTITY_NOT_POSITIVE, subject, f"quantity {quantity}")
    return every(_whole(quantity, component, subject) for component in components)


def _whole(quantity: Decimal, component: Component, subject: str) -> Outcome[BaseQuantity]:
    above, below = quantity.as_integer_ratio()
    count = component.count
    whole, rest = divmod(above * count.numerator, below * count.denominator)
    if rest:
        detail = f"{quantity} x {component.count} of {component.sku} is no whole number"
        return unmapped(ReasonCode.FRACTIONAL_QUANTITY, subject, detail)
    return Mapped(BaseQuantity(component.sku, whole, component))
