"""How the API writes amounts, quantities and instants."""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

MONEY = frozenset(
    {"value", "estimatedShippingCostAmount", "overriddenShippingCostAmount", "amount"}
)
"""Members that hold an amount."""


def instant(at: datetime) -> str:
    """Write an instant as the API does: whole seconds, UTC."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def quantity_text(quantity: Decimal) -> str:
    """Write a level's quantity as the API does: without zeros at its end."""
    text = format(quantity, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def as_number(value: Decimal) -> int | float:
    """Return a JSON number: whole where it is whole."""
    return int(value) if value == value.to_integral_value() else float(value)


def money(amount: Decimal) -> str:
    """Write an amount as the API does: four decimals."""
    return str(amount.quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP))
