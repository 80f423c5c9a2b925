"""What `Price` says on a Prima line, by the policy's basis; exact or not at all."""

from __future__ import annotations

from decimal import Decimal

from oro_prima.mapping.policy import Inexact, OrderPolicy, PriceBasis
from oro_prima.mapping.units import BaseQuantity
from oro_prima.oro.models.orders import OrderLine
from oro_prima.outcome import Mapped, Outcome, Unmapped, every, unmapped
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.values import Rounding, fits, round_to


def line_prices(
    line: OrderLine, parts: tuple[BaseQuantity, ...], *, policy: OrderPolicy, subject: str
) -> Outcome[tuple[Decimal | None, ...]]:
    """
    Return the price of each component of a line: of one base unit, of the line, or None for blank.

    The line's `value` is what was agreed for one product unit. `unit` sends it per base unit where
    that is exact at `price_decimals`; `line` sends price times quantity, half up at 2 decimals;
    `omit` sends nothing. One price over several components needs exact shares in the table.

    Source: RULES §1, §5.
    """
    if policy.price_basis is PriceBasis.OMIT:
        return Mapped(tuple(None for _ in parts))
    if line.value is None:
        return Unmapped(missing_price(line, policy=policy, subject=subject))
    shares = _shares(line.value, parts)
    if shares is None:
        detail = f"{len(parts)} components without exact price shares"
        return unmapped(ReasonCode.PRICE_NOT_SPLIT, subject, detail)
    if policy.price_basis is PriceBasis.LINE:
        amounts = (round_to(share * line.quantity, 2, Rounding.HALF_UP) for share in shares)
        return Mapped(tuple(amounts))
    return every(
        _unit_price(share * line.quantity, part, policy=policy, subject=subject)
        for share, part in zip(shares, parts, strict=True)
    )


def missing_price(line: OrderLine, *, policy: OrderPolicy, subject: str) -> tuple[Reason, ...]:
    """Return the reason where a price is wanted and the line has none."""
    if policy.price_basis is PriceBasis.OMIT or line.value is not None:
        return ()
    return (Reason(ReasonCode.PRICE_MISSING, subject, "no value"),)


def _shares(value: Decimal, parts: tuple[BaseQuantity, ...]) -> tuple[Decimal, ...] | None:
    """Return what each component costs in one product unit; None where that is not known."""
    if len(parts) == 1:
        return (value,)
    known = [part.component.price_share for part in parts]
    shares = tuple(share for share in known if share is not None)
    return shares if len(shares) == len(parts) and sum(shares) == value else None


def _unit_price(
    total: Decimal, part: BaseQuantity, *, policy: OrderPolicy, subject: str
) -> Outcome[Decimal | None]:
    price = total / part.quantity
    if fits(price, policy.price_decimals) and price * part.quantity == total:
        return Mapped(price)
    if policy.inexact is Inexact.OMIT:
        return Mapped(None)
    detail = f"{total} over {part.quantity} is not exact at {policy.price_decimals} decimals"
    return unmapped(ReasonCode.PRICE_NOT_EXACT, subject, detail)
