"""Which posted orders to ask Prima about now: the fresh often, the old rarely, within a budget."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from fractions import Fraction

from attrs import frozen

from oro_prima.ids import OroOrderId

SECOND = timedelta(seconds=1)


@frozen
class PollPolicy:
    """
    How often Prima is asked after an order: one request an order.

    Attributes:
        hot_for, hot_every: How long after acceptance an order is hot, and how often it is asked.
        warm_for, warm_every: Until when it is warm, counted from acceptance too.
        cold_every: How often it is asked after that.
        budget: Most requests in one run.
    """

    hot_for: timedelta = timedelta(days=3)
    hot_every: timedelta = timedelta(minutes=30)
    warm_for: timedelta = timedelta(days=14)
    warm_every: timedelta = timedelta(hours=4)
    cold_every: timedelta = timedelta(days=1)
    budget: int = 200


@frozen
class Followed:
    """An order that is not finished: when Prima took it, and when it was asked last."""

    order: OroOrderId
    accepted_at: datetime
    asked_at: datetime | None = None


def polls_due(
    orders: Iterable[Followed], *, now: datetime, policy: PollPolicy
) -> tuple[OroOrderId, ...]:
    """
    Return the orders to ask about, the most overdue for its age first, no more than the budget.

    One that is left out for the budget grows more overdue with every run, so that none starves.
    """
    due = [
        (-_overdue(one, now, policy), len(one.order), one.order)
        for one in orders
        if _overdue(one, now, policy) >= 1
    ]
    return tuple(order for _late, _width, order in sorted(due)[: policy.budget])


def _overdue(one: Followed, now: datetime, policy: PollPolicy) -> Fraction:
    """
    Return how many of its own intervals ago it was asked.

    One that was never asked is due at once, also where two clocks differ by part of a second.
    """
    every = max(SECOND, interval(one, now, policy))
    since = max(now, one.accepted_at) - (one.asked_at or one.accepted_at - every)
    return Fraction(since // SECOND, every // SECOND)


def interval(one: Followed, now: datetime, policy: PollPolicy) -> timedelta:
    """Return how often an order of its age is asked after."""
    age = now - one.accepted_at
    if age < policy.hot_for:
        return policy.hot_every
    return policy.warm_every if age < policy.warm_for else policy.cold_every
