"""How old something is, in the buckets that finance works by. Source: NEEDS §2, report C."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

AWAITING = "under 15 min: awaiting"
OLDEST = "over 30 d"
_BUCKETS = (
    (timedelta(minutes=15), AWAITING),
    (timedelta(hours=24), "15 min-24 h"),
    (timedelta(days=3), "1-3 d"),
    (timedelta(days=7), "3-7 d"),
    (timedelta(days=30), "7-30 d"),
)
BUCKETS = (*(name for _limit, name in _BUCKETS), OLDEST)
"""All buckets, youngest first."""


def age_bucket(since: datetime, now: datetime) -> str:
    """
    Return the bucket of an age; an age on a limit falls into the older bucket.

    What lies in the future (clocks differ) counts as just seen.
    """
    age = now - since
    return next((name for limit, name in _BUCKETS if age < limit), OLDEST)


def hours(since: datetime, now: datetime) -> Decimal:
    """Return an age in hours, exact to the second and never below 0."""
    return Decimal(max(0, int((now - since).total_seconds()))) / 3600


def median(values: Sequence[Decimal]) -> Decimal | None:
    """Return the middle value, the mean of the middle two, or None of nothing."""
    if not values:
        return None
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(values) % 2 else (ordered[half - 1] + ordered[half]) / 2
