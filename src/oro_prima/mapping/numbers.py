"""Order numbers: a pure, injective function of the Oro id, in a range that nobody else uses."""

from __future__ import annotations

from fractions import Fraction

from oro_prima.ids import CommandKey, OroOrderId, PrimaOrderNumber
from oro_prima.mapping.policy import OrderPolicy
from oro_prima.outcome import Mapped, Outcome, unmapped
from oro_prima.reasons import ReasonCode


def order_number(
    order: OroOrderId, *, suffix: int = 0, policy: OrderPolicy
) -> Outcome[PrimaOrderNumber]:
    """
    Return prefix, Oro id zero-padded to `order_width`, and one digit: 0 first, 1 to 9 for reposts.

    Source: RULES §2.1.
    """
    subject = f"orders/{order}"
    if not (order.isascii() and order.isdigit()):
        return unmapped(ReasonCode.ORDER_ID_NOT_NUMERIC, subject, "the id is no number")
    digits = str(int(order))
    number = f"{policy.order_prefix}{digits.zfill(policy.order_width)}{suffix}"
    profile = policy.profile
    too_wide = len(digits) > policy.order_width or len(number) > profile.order_digits
    if too_wide or int(number) > profile.order_ceiling or not 0 <= suffix <= 9:
        detail = f"{len(number)} digits; the profile takes {profile.order_digits}"
        return unmapped(ReasonCode.NUMBER_RANGE, subject, detail)
    return Mapped(PrimaOrderNumber(number))


def order_of_number(number: PrimaOrderNumber, *, policy: OrderPolicy) -> OroOrderId | None:
    """Return the order that a number of our range was made of; None for any other number."""
    inner = number.removeprefix(policy.order_prefix)
    ours = number.startswith(policy.order_prefix) and len(inner) == policy.order_width + 1
    if not ours or not (inner.isascii() and inner.isdigit()):
        return None
    return OroOrderId(str(int(inner[:-1])))


def number_use(highest: OroOrderId, *, policy: OrderPolicy) -> Fraction:
    """Return the share of the range that the highest id uses up, 0 to 1 and above."""
    return Fraction(int(highest), 10**policy.order_width - 1)


def unique_id(key: CommandKey, attempt: int) -> str:
    """
    Return the `UniqueId` of one attempt: 8 digits of SHA-256.

    >>> unique_id(CommandKey("pair/orders/7/0"), 1) == unique_id(CommandKey("pair/orders/7/0"), 2)
    False
    """
    import hashlib  # with the first order that is sent: it is a tenth of importing the rules

    digest = hashlib.sha256(f"{key}#{attempt}".encode()).digest()
    return f"{int.from_bytes(digest[:8]) % 10**8:08d}"
