"""How the API writes amounts, quantities and instants."""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from oro_prima.sandbox.oro.problems import Problem, RefusedError

MONEY = frozenset(
    {"value", "estimatedShippingCostAmount", "overriddenShippingCostAmount", "amount"}
)
"""Members that hold an amount."""
READ_ONLY = frozenset(
    {
        "createdAt", "updatedAt", "subtotalValue", "totalValue", "subtotalWithDiscounts",
        "subtotalWithDiscountsValue", "totalDiscountsAmount", "discount", "shippingDiscount",
        "productName", "checksum", "productUnitCode", "uuid", "sourceEntityIdentifier",
    }
)  # fmt: skip
"""Members that no request changes."""


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


def decimal_of(value: object, pointer: str) -> Decimal:
    """Read a number that was sent; raises `RefusedError` with its place."""
    try:
        if isinstance(value, bool) or not isinstance(value, (str, int, float, Decimal)):
            raise InvalidOperation
        number = Decimal(str(value))
        if not number.is_finite():
            raise InvalidOperation
    except InvalidOperation:
        detail = "This value is not valid."
        raise RefusedError(Problem(400, "form constraint", detail, pointer)) from None
    return number
