"""
What a webhook hints at: a flow and one record, to be read again; never what it says of the record.

Which hints wait, and when each is looked at, is decided here; who keeps them asks again whenever
something has happened.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from attrs import evolve, field, frozen

from oro_prima.records import Flow

KINDS: Mapping[str, Flow] = {"order": Flow.ORDERS, "customer": Flow.CUSTOMERS}
"""Which flow looks at a record of OroCommerce, by the first part of a topic; inferred."""
EVENTS = frozenset({"created", "updated", "deleted", "payment_status_updated"})
LONGEST_KEY = 18
"""Digits; an id is a 64-bit number."""
MOST_DOUBLINGS = 10


@frozen
class Hint:
    """A record of the shop that something may have happened to, and whose flow looks at it."""

    flow: Flow
    record: str


@frozen
class HintPolicy:
    """
    How hints wait.

    Attributes:
        most: So many wait at most; another is left to the flow's own run.
        tries: How often a record is looked at that is not there yet, or could not be read.
        again: Pause before the second look; it doubles from look to look.
    """

    most: int = 1000
    tries: int = 5
    again: timedelta = timedelta(seconds=5)


class Noted(StrEnum):
    """What became of a hint that came in."""

    NOTED = "noted"
    KNOWN = "known"
    """It waits already; one look serves both."""
    FULL = "full"
    """Too many wait."""


@frozen
class Waiting:
    """When a hint is looked at, and how often it was."""

    due: datetime
    tries: int = 0


@frozen
class Hints:
    """The hints that wait, the longest waiting first; each stands in it once."""

    waiting: Mapping[Hint, Waiting] = field(factory=dict[Hint, Waiting])


def resolve_hint(topic: str, *, key: str, kinds: Mapping[str, Flow] = KINDS) -> Hint | None:
    """
    Return what a verified webhook hints at; None where it is no concern of ours.

    Args:
        topic: Such as `order.created`; one of a single record ends with its id.
        key: The record's id, as the message says it.
        kinds: Which flow looks at a record, by the first part of a topic.

    >>> resolve_hint("order.updated.7", key="7")
    Hint(flow=<Flow.ORDERS: 'orders'>, record='7')
    >>> resolve_hint("shopping_list.updated", key="7") is None
    True
    """
    kind, _, rest = topic.partition(".")
    event, _, of = rest.partition(".")
    flow = kinds.get(kind)
    if flow is None or event not in EVENTS or not _is_id(key) or of not in ("", key):
        return None
    return Hint(flow, key)


def _is_id(key: str) -> bool:
    return key.isascii() and key.isdigit() and key[0] != "0" and len(key) <= LONGEST_KEY


def note_hint(
    hints: Hints, hint: Hint, *, now: datetime, policy: HintPolicy
) -> tuple[Hints, Noted]:
    """
    Let a hint wait, to be looked at now.

    One that waits for another look is looked at now, too: there is news of it.
    """
    before = hints.waiting.get(hint)
    if before is None and len(hints.waiting) >= policy.most:
        return hints, Noted.FULL
    fresh = Waiting(now) if before is None else evolve(before, due=min(before.due, now))
    outcome = Noted.NOTED if before is None else Noted.KNOWN
    return Hints({**hints.waiting, hint: fresh}), outcome


def due_hints(hints: Hints, *, now: datetime, flow: Flow, most: int) -> tuple[Hint, ...]:
    """Return the hints of a flow to look at now, the longest waiting first."""
    due = (h for h, one in hints.waiting.items() if h.flow is flow and one.due <= now)
    return tuple(hint for hint, _ in zip(due, range(most), strict=False))


def next_hint(hints: Hints) -> datetime | None:
    """Return when the next hint is to be looked at; None where none waits."""
    return min((one.due for one in hints.waiting.values()), default=None)


def without_hints(hints: Hints, gone: Container[Hint]) -> Hints:
    """Return the hints without those that are looked at, or left to the flow's own run."""
    return Hints({hint: one for hint, one in hints.waiting.items() if hint not in gone})


def hint_again(
    hints: Hints,
    missed: Iterable[tuple[Hint, Waiting]],
    *,
    now: datetime,
    policy: HintPolicy,
) -> tuple[Hints, tuple[Hint, ...]]:
    """
    Let hints wait once more whose records were not there, or could not be read.

    One that came in again meanwhile waits already.

    Args:
        hints: What waits.
        missed: What was looked at in vain, as it waited before.
        now: When the look ended.
        policy: How often, and how long after.

    Returns:
        What waits then, and what is given up; the flow's own run finds it.
    """
    waiting, left = dict(hints.waiting), list[Hint]()
    for hint, before in missed:
        if hint in waiting:
            continue
        tries = before.tries + 1
        if tries >= policy.tries or len(waiting) >= policy.most:
            left.append(hint)
        else:
            pause = policy.again * (1 << min(before.tries, MOST_DOUBLINGS))
            waiting[hint] = Waiting(now + pause, tries)
    return Hints(waiting), tuple(left)
