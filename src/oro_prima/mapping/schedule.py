"""
Which runs are due: by when each ran last, how often it should, what it needs, and who paused it.

The decision alone is here; who starts runs asks it again whenever something has changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum

from attrs import field, frozen

from oro_prima.values import LocalDate

JITTER_STEPS = 1000
MOST_DOUBLINGS = 10
AGAIN = timedelta(minutes=1)
"""After this prices that are due are tried again first."""
AHEAD = timedelta(minutes=1)
"""A clock that is set back by less only has a flow wait."""


class Task(StrEnum):
    """What is run again and again; the order is that of importance where nobody says another."""

    ORDERS = "orders"
    STOCK = "stock"
    FULFILMENT = "fulfilment"
    CUSTOMERS = "customers"
    PRICES = "prices"
    PRODUCTS = "products"
    INVOICES = "invoices"
    FULL_STOCK = "full-stock"
    SMALL_STOCK = "small-stock"


@frozen
class SchedulePolicy:
    """
    How often each flow runs in `oro-prima run`.

    Attributes:
        orders, stock, fulfilment: From one start to the next; 0 for never.
        customers, prices, products, invoices: The same.
        small_stock: The same, of stock's small runs; a due run of all stock goes first.
        full_stock_at: Time of day, as `02:15` where the books are kept, at which stock runs
            besides, whatever the interval; empty for never.
        priority: Flows that go first when several are due; after them the others.
        jitter_percent: So much of its interval a run comes later, at most, so that several
            connectors do not ask at once.
        slowest: A flow that stops is tried again after pauses that double up to this.
        at_once: Runs under way at a time; never two of one flow.
        drain: How long runs may take to end when the process is asked to.
        late: A flow is late when it has not ended well for so many of its intervals.
    """

    orders: timedelta = timedelta(minutes=1)
    stock: timedelta = timedelta(minutes=5)
    fulfilment: timedelta = timedelta(minutes=10)
    customers: timedelta = timedelta(hours=1)
    prices: timedelta = timedelta(hours=1)
    products: timedelta = timedelta(hours=6)
    invoices: timedelta = timedelta(hours=1)
    small_stock: timedelta = timedelta(minutes=1)
    full_stock_at: str = ""
    priority: tuple[str, ...] = ()
    jitter_percent: int = 10
    slowest: timedelta = timedelta(minutes=15)
    at_once: int = 2
    drain: timedelta = timedelta(seconds=30)
    late: int = 5


@frozen
class LastRun:
    """
    When a task ran last.

    Attributes:
        started, finished: By the clock of whoever runs it.
        stops: Runs in a row that stopped before their end.
        ended_well: When one last did not stop; None for never.
        summary: What the last one said of itself.
    """

    started: datetime
    finished: datetime
    stops: int = 0
    ended_well: datetime | None = None
    summary: str = ""


@frozen
class ScheduleSnapshot:
    """
    All that the decision looks at.

    Attributes:
        now: By the clock that `last` was written with.
        tasks: What can be run: what a flow needs is bound.
        last: Each task's last run; one that never ran is not among them.
        running: What is under way.
        paused: What people paused.
        zone: Where times of day are said.
        seed: What makes one connector's jitter another than the next one's.
        turn: The first day on which prices that are staged begin; None where none are.
    """

    now: datetime
    tasks: frozenset[Task]
    zone: tzinfo
    last: Mapping[Task, LastRun] = field(factory=dict[Task, LastRun])
    running: frozenset[Task] = frozenset()
    paused: frozenset[Task] = frozenset()
    seed: str = ""
    turn: LocalDate | None = None


def due_tasks(snapshot: ScheduleSnapshot, policy: SchedulePolicy) -> tuple[Task, ...]:
    """
    Return the tasks to start now, the most important first, no more than may be under way.

    What is under way or paused is never among them, nor a second run of the same flow.
    """
    free = max(0, policy.at_once - len(snapshot.running))
    busy = {flow_of(task) for task in snapshot.running}
    due: list[Task] = []
    for task in by_priority(snapshot.tasks, policy):
        at = due_at(task, snapshot, policy)
        if at is not None and at <= snapshot.now and flow_of(task) not in busy:
            due.append(task)
            busy.add(flow_of(task))
    return tuple(due[:free])


def by_priority(tasks: Iterable[Task], policy: SchedulePolicy) -> list[Task]:
    """Return tasks in the order of importance: as the policy says, then as they stand."""
    order = list(Task)
    said = {name: place for place, name in enumerate(policy.priority)}
    return sorted(tasks, key=lambda task: (said.get(task, len(said)), order.index(task)))


def next_due(snapshot: ScheduleSnapshot, policy: SchedulePolicy) -> datetime | None:
    """Return when the next task is due that is not under way; None where none ever is."""
    instants = [
        at
        for task in snapshot.tasks - snapshot.running
        if (at := due_at(task, snapshot, policy)) is not None
    ]
    return min(instants, default=None)


def due_at(task: Task, snapshot: ScheduleSnapshot, policy: SchedulePolicy) -> datetime | None:
    """
    Return when a task is due; None where it is paused, or never runs.

    A run that began well after now was noted before the clock was set back: it counts as none.
    """
    if task in snapshot.paused or task not in snapshot.tasks:
        return None
    last = snapshot.last.get(task)
    if last is not None and last.started - snapshot.now > AHEAD:
        last = None
    if task is Task.FULL_STOCK:
        return _at_night(last, snapshot, policy)
    every = interval_of(task, policy)
    if not every:
        return None
    if last is None:
        return snapshot.now
    at = (
        last.started
        + _pause(every, last.stops, policy)
        + _jitter(task, every, last, snapshot, policy)
    )
    if task is Task.PRICES and snapshot.turn is not None:
        return min(at, _at_turn(last, snapshot.turn, snapshot))
    return at


def _at_turn(last: LastRun, turn: LocalDate, snapshot: ScheduleSnapshot) -> datetime:
    """
    Return when staged prices are written: first thing on their day, where the books are kept.

    While they are still staged after a run on it, they are tried again: after a minute, then after
    pauses that double.
    """
    begins = datetime.combine(turn, time(), snapshot.zone).astimezone(last.started.tzinfo)
    if last.started < begins:
        return begins
    return last.started + max(AGAIN, last.started - begins)


def interval_of(task: Task, policy: SchedulePolicy) -> timedelta:
    """Return how often a task runs; 0 for never."""
    return {
        Task.ORDERS: policy.orders,
        Task.STOCK: policy.stock,
        Task.FULFILMENT: policy.fulfilment,
        Task.CUSTOMERS: policy.customers,
        Task.PRICES: policy.prices,
        Task.PRODUCTS: policy.products,
        Task.INVOICES: policy.invoices,
        Task.SMALL_STOCK: policy.small_stock,
        Task.FULL_STOCK: timedelta(days=1) if policy.full_stock_at else timedelta(0),
    }[task]


def flow_of(task: Task) -> str:
    """Return the flow that a task is a run of."""
    return Task.STOCK.value if task in (Task.FULL_STOCK, Task.SMALL_STOCK) else task.value


def _pause(every: timedelta, stops: int, policy: SchedulePolicy) -> timedelta:
    """Return the interval, longer after runs that stopped; never beyond the slowest or itself."""
    doubled = every * (1 << min(stops, MOST_DOUBLINGS))
    return min(doubled, max(every, policy.slowest))


def _jitter(
    task: Task, every: timedelta, last: LastRun, snapshot: ScheduleSnapshot, policy: SchedulePolicy
) -> timedelta:
    """Return how much later a run comes: the same for the same last run."""
    import hashlib  # only where runs are scheduled

    text = f"{snapshot.seed}/{task}/{last.started.isoformat()}"
    digest = hashlib.sha256(text.encode()).digest()
    step = int.from_bytes(digest[:4]) % JITTER_STEPS
    return every * (policy.jitter_percent * step) / (100 * JITTER_STEPS)


def _at_night(
    last: LastRun | None, snapshot: ScheduleSnapshot, policy: SchedulePolicy
) -> datetime | None:
    """Return the first time of day after the last run; the first ever waits for its hour."""
    if not policy.full_stock_at:
        return None
    hour, minute = map(int, policy.full_stock_at.split(":"))
    since = last.started if last is not None else snapshot.now - timedelta(minutes=1)
    local = since.astimezone(snapshot.zone)
    at = datetime.combine(local.date(), time(hour, minute), snapshot.zone)
    if at <= local:
        at = datetime.combine(local.date() + timedelta(days=1), time(hour, minute), snapshot.zone)
    return at.astimezone(since.tzinfo)


def late_tasks(snapshot: ScheduleSnapshot, policy: SchedulePolicy) -> tuple[Task, ...]:
    """
    Return the tasks that have not ended well for too long; one that never ran is not late yet.

    A task that is paused is not late.
    """
    found: list[Task] = []
    for task in by_priority(snapshot.tasks - snapshot.paused, policy):
        last, every = snapshot.last.get(task), interval_of(task, policy)
        if last is None or not every:
            continue
        since = last.ended_well or last.started
        if snapshot.now - since > every * policy.late + policy.slowest:
            found.append(task)
    return tuple(found)
