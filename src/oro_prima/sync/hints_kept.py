"""Hints that wait when a process ends, and how many came in: kept in the store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from attrs import field, frozen

from oro_prima.mapping.hints import Hint
from oro_prima.ports import Store
from oro_prima.records import Flow
from oro_prima.sync.keeping import keep, recall

WAITING, COUNTS = "state/hints", "state/hint-counts"


@frozen
class HintCounts:
    """What became of webhooks since a process began, by a word each; and how many hints wait."""

    waiting: int = 0
    counts: Mapping[str, int] = field(factory=dict[str, int])


@frozen
class _Kept:
    hints: tuple[Hint, ...]


def keep_hints(store: Store, hints: Iterable[Hint], *, at: datetime) -> None:
    """Keep the hints that still wait, in place of those kept before."""
    with store.transaction() as tx:
        tx.put_kept(keep(Flow.ORDERS, WAITING, _Kept(tuple(hints)), at=at))


def kept_hints(store: Store, *, at: datetime) -> tuple[Hint, ...]:
    """Return the hints that a process before left waiting, once."""
    kept = store.kept(Flow.ORDERS, (WAITING,)).get(WAITING)
    if kept is None:
        return ()
    keep_hints(store, (), at=at)
    return recall(kept, _Kept).hints


def note_hint_counts(store: Store, counts: HintCounts, *, at: datetime) -> None:
    """Keep the counts of the process that runs, for `oro-prima status`."""
    with store.transaction() as tx:
        tx.put_kept(keep(Flow.ORDERS, COUNTS, counts, at=at))


def hint_counts(store: Store) -> HintCounts | None:
    """Return the counts of the process that ran last; None where none took webhooks."""
    kept = store.kept(Flow.ORDERS, (COUNTS,)).get(COUNTS)
    return None if kept is None else recall(kept, HintCounts)
