"""The prices flow: price books of Prima to price lists, changes only, one list at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from oro_prima.errors import CallError
from oro_prima.mapping.price_changes import list_subject, price_subject
from oro_prima.mapping.prices.listing import unit_subject
from oro_prima.oro.calls.bulk import write_all
from oro_prima.oro.calls.drafts import Entry
from oro_prima.oro.models.operations import Done, InDoubt, Refused
from oro_prima.oro.models.price_records import PRODUCT_PRICES, ProductPriceFields
from oro_prima.oro.models.prices import ProductPrice
from oro_prima.plans.commands import AddPrice, SetPrice
from oro_prima.plans.flow_recording import PriceQuestion
from oro_prima.plans.prices import (
    PricePlan,
    PricePolicies,
    PriceSnapshot,
    plan_prices,
)
from oro_prima.plans.scopes import EVERYTHING, Everything, ProductScope
from oro_prima.ports import Ports
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.records import Flow, RecordState
from oro_prima.sync.approval import as_planned
from oro_prima.sync.gather_prices import Lists, gather_goods, gather_prices
from oro_prima.sync.operations import PENDING, bulk_of, look_after
from oro_prima.sync.price_ends import end_prices, new_price
from oro_prima.sync.price_turns import stage_prices
from oro_prima.sync.readings import note_reading
from oro_prima.sync.recordings import keep_question
from oro_prima.sync.report import FlowReport
from oro_prima.sync.run import FlowRun, look
from oro_prima.sync.tally import Tally, reported

CHANGED, ADDED = "rows changed", "rows added"
REFUSED, DOUBT, RIGHT = "rows refused", "rows in doubt", "rows right"
Approve = Callable[[PricePlan], PricePlan]


def preview_prices(
    ports: Ports, lists: Lists, policy: PricePolicies, *, scope: ProductScope = EVERYTHING
) -> Iterator[PricePlan]:
    """
    Show what a run would write, list by list. Reads both systems, writes nothing.

    Raises:
        ConfigError: `not available: price_book is unbound`.
        CallError: a system cannot be read.
    """
    run = look(ports, Flow.PRICES)
    with gather_prices(run, lists, gather_goods(run), scope=scope) as snapshots:
        for snapshot in snapshots:
            yield plan_prices(snapshot, policy)


def sync_prices(
    ports: Ports,
    lists: Lists,
    policy: PricePolicies,
    *,
    scope: ProductScope = EVERYTHING,
    approve: Approve = as_planned,
) -> FlowReport:
    """
    Make each price list what its book says today: rows that differ, in few batches.

    What a book says of later days is kept, to be seen and to be written first thing on its day.

    Args:
        ports: What it acts through.
        lists: Which list is made of which book.
        policy: How books are read, and what is written.
        scope: What the run is of. Lists and books are read whole all the same, and files stay where
            they are; rows of other products are neither written nor ended.
        approve: Given each list's plan before it is carried out, and gives back what of it is.

    Raises:
        ConfigError: `not available: price_book is unbound`.
        FlowStoppedError: the store has no cut-over record.
        StoreError: the store failed, or another run holds the lease of the flow.
    """

    def act(run: FlowRun, tally: Tally) -> None:
        if look_after(run):
            run.stop(PENDING)
            return
        with gather_prices(run, lists, gather_goods(run), scope=scope) as snapshots:
            plans = ((one, approve(_planned(run, one, policy))) for one in snapshots)
            _run(run, tally, plans, None if isinstance(scope, Everything) else set())

    return reported(ports, Flow.PRICES, act, scope)


def _planned(run: FlowRun, snapshot: PriceSnapshot, policy: PricePolicies) -> PricePlan:
    plan = plan_prices(snapshot, policy)
    keep_question(run, PriceQuestion(snapshot, policy), plan)
    return plan


def _run(
    run: FlowRun,
    tally: Tally,
    plans: Iterator[tuple[PriceSnapshot, PricePlan]],
    mine: set[str] | None,
) -> None:
    """Write list by list, then settle what is no longer true: of all, or of `mine` and theirs."""
    named: set[str] = set()
    for snapshot, plan in plans:
        _note_reading(run, snapshot)
        failed = _apply(run, plan, tally)
        named |= _hold(run, plan, failed, tally)
        mine = None if mine is None else mine | _subjects(snapshot)
        if run.stopped is not None:
            return
        if plan.made and snapshot.only is None:
            stage_prices(run, plan)
    _resolve(run, named, tally, mine)


def _subjects(snapshot: PriceSnapshot) -> set[str]:
    """Return what a run of some products may settle: what is said of their units in a book."""
    only = snapshot.only or ()
    return {unit_subject(snapshot.book, key) for key in snapshot.units if key[0] in only}


def _note_reading(run: FlowRun, snapshot: PriceSnapshot) -> None:
    """Say in the journal what was read of a book and its list."""
    rows, listed = len(snapshot.rows), len(snapshot.listed)
    read = (*snapshot.rows, *snapshot.faults, *snapshot.listed)
    subject = list_subject(snapshot.price_list)
    note_reading(run, subject, f"{rows} rows of the book, {listed} of the list", read)


def _apply(run: FlowRun, plan: PricePlan, tally: Tally) -> list[Reason]:
    """Write one list: changes and new rows first, ends last; what is refused stops nothing."""
    for name in (CHANGED, ADDED):
        tally.add(name, 0)
    tally.add(RIGHT, plan.right)
    failed = _write(run, plan, tally)
    if plan.ends and run.stopped is None:
        failed += end_prices(run, plan, tally)
    return failed


def _write(run: FlowRun, plan: PricePlan, tally: Tally) -> list[Reason]:
    commands: tuple[SetPrice | AddPrice, ...] = (*plan.changes, *plan.adds)
    entries = [_entry(command) for command in commands]
    failed: list[Reason] = []
    done = 0
    run.keep_lease(run.ports.shop_timeout)
    run.ports.step("before-write")
    run.tell("writing prices", str(plan.price_list), total=len(commands))
    try:
        for outcome in write_all(
            run.ports.shop, PRODUCT_PRICES, entries=entries, bulk=bulk_of(run)
        ):
            run.keep_lease()
            command = commands[outcome.index]
            match outcome:
                case Done():
                    done += 1
                    tally.add(CHANGED if isinstance(command, SetPrice) else ADDED)
                case Refused(reasons=reasons):
                    why = ", ".join(f"{title} {field}".strip() for title, field in reasons)
                    failed.append(_failed(plan, command.price, ReasonCode.PRICE_REFUSED, why))
                    tally.add(REFUSED)
                case InDoubt(why=why):
                    failed.append(_doubt(plan, why))
                    tally.add(DOUBT)
    except CallError as error:
        run.stop(str(error), error)
    run.ports.step("after-write")
    if done:
        with run.write() as tx:
            counts = f"{len(plan.changes)} changed, {len(plan.adds)} added, {done} written"
            run.note(tx, "prices written", list_subject(plan.price_list), counts)
    return failed


def _entry(command: SetPrice | AddPrice) -> Entry[ProductPriceFields]:
    if isinstance(command, SetPrice):
        return Entry({"value": command.price.value}, key=command.id)
    return Entry(new_price(command))


def _failed(plan: PricePlan, price: ProductPrice, code: ReasonCode, why: str) -> Reason:
    detail = f"{price.value} {price.currency} from {price.quantity}: {why}"
    return Reason(code, price_subject(plan.book, price), detail)


def _doubt(plan: PricePlan, why: str) -> Reason:
    return Reason(ReasonCode.WRITE_IN_DOUBT, f"{list_subject(plan.price_list)}/writes", why)


def _hold(run: FlowRun, plan: PricePlan, failed: Sequence[Reason], tally: Tally) -> set[str]:
    """Hold what waits for a person; one record a subject, with every reason of it."""
    reasons: dict[str, tuple[Reason, ...]] = {}
    for reason in dict.fromkeys((*plan.reasons, *failed)):
        reasons[reason.subject] = (*reasons.get(reason.subject, ()), reason)
    if reasons:
        with run.write() as tx:
            for subject, some in sorted(reasons.items()):
                tally.settle(run, tx, subject, some)
    return set(reasons)


def _resolve(run: FlowRun, named: set[str], tally: Tally, looked_at: set[str] | None) -> None:
    """Settle what is no longer true of what was looked at; None: of every list."""
    held = run.ports.store.exceptions((RecordState.HELD,))
    gone = [r.subject for r in held if r.flow is Flow.PRICES and r.subject not in named]
    if looked_at is not None:
        gone = [subject for subject in gone if subject in looked_at]
    if gone:
        with run.write() as tx:
            for subject in gone:
                tally.settle(run, tx, subject, ())
