"""What a check of coverage found: gaps, how much was looked at, and what was not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from enum import StrEnum

from attrs import field, frozen

from oro_prima.mapping.coverage.catalogues import Entity
from oro_prima.mapping.coverage.probes import SmallestOrder
from oro_prima.reasons import Reason, ReasonCode


class Problem(StrEnum):
    """What is wrong with a mapping."""

    UNMAPPED = "unmapped"
    """Nothing leads anywhere."""
    REFUSED = "refused"
    """Something leads to a target that the rule refuses for currency, VAT basis, part of a unit."""
    MANY_TO_ONE = "many-to-one"
    """Several lead to one target, and the policy does not share it."""
    DEAD_TARGET = "dead target"
    """The target is none that Prima has alive."""


@frozen
class Gap:
    """
    A counter-example: one thing that can occur in an order and is not mapped as it should be.

    Attributes:
        key: Oro's key: a customer id, product and unit, a code.
        target: Prima's key; empty where nothing leads anywhere.
        reasons: Why an order that holds it is held; none where it would be posted all the same.
        order: The smallest order that fails; None where no order fails by itself.
        revenue: What was sold of it in the period that sales were given for, by currency.
        blocking: Whether an order that holds it must not be let happen.
    """

    entity: Entity
    key: str
    problem: Problem
    detail: str
    blocking: bool
    target: str = ""
    reasons: tuple[Reason, ...] = ()
    order: SmallestOrder | None = None
    revenue: Mapping[str, Decimal] = field(factory=dict[str, Decimal])


@frozen
class CoverageReport:
    """
    Whether every order that the catalogues can generate is mapped.

    Attributes:
        gaps: What blocks first, the dearest first.
        checked: How many of each were looked at.
        not_checked: What could not be looked at, in words.
    """

    gaps: tuple[Gap, ...]
    checked: Mapping[Entity, int]
    not_checked: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether nothing blocks."""
        return not any(gap.blocking for gap in self.gaps)


NOWHERE = frozenset(
    {
        ReasonCode.CUSTOMER_NOT_LINKED,
        ReasonCode.UNKNOWN_UNIT,
        ReasonCode.KIT_NOT_MAPPED,
        ReasonCode.CHARGE_NOT_MAPPED,
    }
)
"""Reasons that say: nothing leads anywhere."""


def problem_of(reasons: Iterable[Reason]) -> Problem:
    """Return what reasons come to: nothing leads anywhere, or the rule refuses where it leads."""
    unmapped = any(reason.code in NOWHERE for reason in reasons)
    return Problem.UNMAPPED if unmapped else Problem.REFUSED


def grouped(gaps: Iterable[Gap]) -> Iterator[Gap]:
    """Yield of each thing the first gap of every kind: the same fault is said once."""
    seen: set[tuple[str, frozenset[ReasonCode]]] = set()
    for gap in gaps:
        kind = (gap.key, frozenset(reason.code for reason in gap.reasons))
        if kind not in seen:
            seen.add(kind)
            yield gap
