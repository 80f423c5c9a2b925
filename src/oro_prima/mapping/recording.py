"""What a line tells a recorder: the rows it was looked up in, and what they made of it."""

from __future__ import annotations

from decimal import Decimal

from oro_prima.mapping.policy import OrderPolicy
from oro_prima.mapping.recorder import Recorder
from oro_prima.mapping.tables import Component
from oro_prima.mapping.units import BaseQuantity
from oro_prima.oro.models.orders import OrderLine
from oro_prima.outcome import Mapped, Outcome


def record_units(
    line: OrderLine,
    components: Outcome[tuple[Component, ...]],
    parts: Outcome[tuple[BaseQuantity, ...]],
    *,
    to: Recorder,
) -> Recorder:
    """Tell what a line is made of; returns the step of the line."""
    ordered = f"{line.quantity} {line.product_unit_code or ''}".strip()
    step = to.step("orders.line", line=line.id, sku=line.product_sku, ordered=ordered)
    key = f"{line.product_sku}/{line.product_unit_code}"
    if isinstance(components, Mapped):
        step.row("units", key, components=components)
    else:
        step.row("units", key)
    if isinstance(parts, Mapped):
        step.gave(tuple(f"{part.quantity} x {part.sku}" for part in parts.value))
    else:
        step.gave(parts)
    return step


def record_prices(
    line: OrderLine,
    prices: Outcome[tuple[Decimal | None, ...]],
    *,
    policy: OrderPolicy,
    to: Recorder,
) -> None:
    """Tell what `Price` says of each component of a line."""
    step = to.step("prices.line_prices", basis=policy.price_basis.value, value=line.value)
    step.gave(prices)
