"""
A record that cannot be mapped is a value, not an exception.

`Outcome[T]` is `Mapped[T]` or `Unmapped`; `Unmapped` carries every reason, never none. `every` and
`both` accumulate reasons, `then` chains.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, TypeAlias, TypeVar

from attrs import field, frozen

from oro_prima.reasons import Reason, ReasonCode

A = TypeVar("A")
B = TypeVar("B")
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@frozen
class Mapped(Generic[T_co]):
    """The record was mapped."""

    value: T_co


def _not_empty(_instance: object, _attribute: object, value: tuple[Reason, ...]) -> None:
    if not value:
        msg = "Unmapped needs at least one reason"
        raise ValueError(msg)


@frozen
class Unmapped:
    """The record was not mapped; `reasons` holds every fault found, in the record's own order."""

    reasons: tuple[Reason, ...] = field(validator=_not_empty)


Outcome: TypeAlias = Mapped[T] | Unmapped


def unmapped(code: ReasonCode, subject: str, detail: str, *, cause: str = "") -> Unmapped:
    """Return an `Unmapped` with one reason; `cause` names what is to be corrected."""
    return Unmapped((Reason(code, subject, detail, cause),))


def every(outcomes: Iterable[Outcome[T]]) -> Outcome[tuple[T, ...]]:
    """Collect all values, or all reasons of all that failed."""
    values: list[T] = []
    reasons: list[Reason] = []
    for outcome in outcomes:
        if isinstance(outcome, Mapped):
            values.append(outcome.value)
        else:
            reasons.extend(outcome.reasons)
    return Unmapped(tuple(reasons)) if reasons else Mapped(tuple(values))


def both(first: Outcome[A], second: Outcome[B]) -> Outcome[tuple[A, B]]:
    """Pair two values, or collect the reasons of both."""
    if isinstance(first, Mapped) and isinstance(second, Mapped):
        return Mapped((first.value, second.value))
    return Unmapped(reasons_of(first) + reasons_of(second))


def then(outcome: Outcome[A], step: Callable[[A], Outcome[B]]) -> Outcome[B]:
    """Go on with `step` where there is a value."""
    return step(outcome.value) if isinstance(outcome, Mapped) else outcome


def reasons_of(outcome: Outcome[object]) -> tuple[Reason, ...]:
    """Return the reasons of an outcome; none where it was mapped."""
    return () if isinstance(outcome, Mapped) else outcome.reasons
