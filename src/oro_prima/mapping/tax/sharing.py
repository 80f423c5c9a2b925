"""An amount shared out so that the shares add up to it, to the penny."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum

from oro_prima.mapping.tax.documents import CENTS, NONE, exactly
from oro_prima.values import Rounding, round_to


class Remainder(StrEnum):
    """Which share takes what rounding left over."""

    LAST = "last"
    LARGEST = "largest"
    """The first of the largest."""


def exact_shares(amount: Decimal, weights: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """Share an amount out by weight, not rounded; by no weight, nothing to anybody."""
    whole = sum(weights, NONE)
    with exactly():
        return tuple(amount * weight / whole if whole else NONE for weight in weights)


def cent_shares(
    amount: Decimal, weights: Sequence[Decimal], *, remainder: Remainder = Remainder.LAST
) -> tuple[Decimal, ...]:
    """
    Share an amount out by weight in hundredths, half up; the remainder goes to one share.

    >>> one = Decimal(1)
    >>> [str(share) for share in cent_shares(Decimal("10.00"), [one, one, one])]
    ['3.33', '3.33', '3.34']
    """
    if not sum(weights, NONE):
        return tuple(NONE for _ in weights)
    rounded = [round_to(share, CENTS, Rounding.HALF_UP) for share in exact_shares(amount, weights)]
    place = len(rounded) - 1
    if remainder is Remainder.LARGEST:
        place = max(range(len(rounded)), key=lambda at: (weights[at], -at))
    rounded[place] += amount - sum(rounded, NONE)
    return tuple(rounded)
