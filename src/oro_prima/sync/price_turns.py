"""Prices of later days: kept with their day, so that they are seen, and written first thing."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import evolve, frozen

from oro_prima.ids import OroPriceListId, PrimaPriceBook
from oro_prima.mapping.price_changes import list_subject
from oro_prima.mapping.price_turns import StagedDay
from oro_prima.plans.prices import PricePlan
from oro_prima.ports import Store
from oro_prima.records import Flow
from oro_prima.sync.keeping import keep, recall
from oro_prima.sync.run import FlowRun
from oro_prima.values import LocalDate

DAYS, ROWS = "turns/", "staged/"
"""Subjects of a list's days with their counts, and of the rows themselves."""
MOST_ROWS = 10_000
"""Rows of a list that are kept by name; all are counted."""


@frozen
class StagedList:
    """What a book changes of its list on later days."""

    book: PrimaPriceBook
    price_list: OroPriceListId
    days: tuple[StagedDay, ...]


def stage_prices(run: FlowRun, plan: PricePlan) -> None:
    """
    Keep what comes of a list that was just written as of today; the journal tells what is new.

    Of a list that could not be written what was staged stays, and its day with it: then it is due.
    """
    store, subject = run.ports.store, f"{DAYS}{plan.price_list}"
    rows = StagedList(plan.book, plan.price_list, tuple(_named(plan.staged)))
    days = evolve(rows, days=tuple(evolve(one, rows=()) for one in plan.staged))
    kept_rows = keep(Flow.PRICES, f"{ROWS}{plan.price_list}", rows, at=run.now())
    before = store.kept(Flow.PRICES, (subject, kept_rows.subject))
    old = before.get(kept_rows.subject)
    if (old is None and not plan.staged) or (old is not None and old.body == kept_rows.body):
        return
    with run.write() as tx:
        tx.put_kept(keep(Flow.PRICES, subject, days, at=run.now()))
        tx.put_kept(kept_rows)
        told = ", ".join(f"{one.day.isoformat()}: {one.count} rows" for one in plan.staged)
        run.note(tx, "prices staged", list_subject(plan.price_list), told or "none")


def _named(days: Iterable[StagedDay]) -> Iterable[StagedDay]:
    """Yield days with the first rows by name, no more than are kept of a list."""
    left = MOST_ROWS
    for one in days:
        yield evolve(one, rows=one.rows[:left])
        left -= min(left, len(one.rows))


def staged_prices(store: Store) -> tuple[StagedList, ...]:
    """Return what is staged of each list, row by row, as far as rows are kept by name."""
    kept = (recall(one, StagedList) for one in store.kept_below(Flow.PRICES, ROWS))
    return tuple(one for one in kept if one.days)


def staged_counts(store: Store) -> tuple[StagedList, ...]:
    """Return what is staged of each list, as days with counts; no row is read."""
    kept = (recall(one, StagedList) for one in store.kept_below(Flow.PRICES, DAYS))
    return tuple(one for one in kept if one.days)


def next_turn(store: Store, lists: Iterable[OroPriceListId]) -> LocalDate | None:
    """Return the first day on which staged prices of these lists begin."""
    wanted = set(lists)
    days = (one.days[0].day for one in staged_counts(store) if one.price_list in wanted)
    return min(days, default=None)
