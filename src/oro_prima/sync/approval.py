"""What of a plan is carried out: all of it, or what a person approved."""

from __future__ import annotations

from typing import TypeVar

P = TypeVar("P")


def as_planned(plan: P) -> P:
    """Return a plan as it is: a run carries out all of it."""
    return plan
