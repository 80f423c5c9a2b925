"""What is due: never two runs of a flow, never early, nothing starves, nothing paused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.mapping.schedule import (
    LastRun,
    SchedulePolicy,
    ScheduleSnapshot,
    Task,
    by_priority,
    due_at,
    due_tasks,
    flow_of,
    interval_of,
    late_tasks,
    next_due,
)
from tests.rules.making import NOW

LONDON = ZoneInfo("Europe/London")
POLICY = SchedulePolicy()
ALL = frozenset(Task)
MINUTE = timedelta(minutes=1)

tasks = st.sampled_from(Task)
spans = st.integers(0, 120).map(lambda minutes: timedelta(minutes=minutes))
policies = st.builds(
    SchedulePolicy,
    orders=spans,
    stock=spans,
    fulfilment=spans,
    customers=spans,
    prices=spans,
    invoices=spans,
    full_stock_at=st.sampled_from(["", "00:00", "02:15", "23:59"]),
    priority=st.lists(tasks.map(str), unique=True).map(tuple),
    jitter_percent=st.integers(0, 50),
    slowest=spans,
    at_once=st.integers(0, 4),
)
lasts = st.builds(
    lambda ago, took, stops: LastRun(
        NOW - ago - took, NOW - ago, stops, NOW - ago if not stops else None
    ),
    spans,
    spans,
    st.integers(0, 20),
)
snapshots = st.builds(
    ScheduleSnapshot,
    now=st.just(NOW),
    tasks=st.frozensets(tasks),
    zone=st.sampled_from([UTC, LONDON]),
    last=st.dictionaries(tasks, lasts),
    running=st.frozensets(tasks, max_size=3),
    paused=st.frozensets(tasks, max_size=3),
    seed=st.sampled_from(["", "pair"]),
)


@given(snapshots, policies)
def test_what_is_due_may_be_started(snapshot: ScheduleSnapshot, policy: SchedulePolicy) -> None:
    """Never two of one flow, never what is paused or cannot run, never more than may."""
    due = due_tasks(snapshot, policy)
    flows = [flow_of(task) for task in (*due, *snapshot.running)]
    running = [flow_of(task) for task in snapshot.running]

    assert len(set(flows)) - len(set(running)) == len(due)
    assert not set(due) & snapshot.paused
    assert set(due) <= snapshot.tasks
    assert len(due) <= max(0, policy.at_once - len(snapshot.running))
    assert all(interval_of(task, policy) for task in due)
    order = by_priority(Task, policy)
    assert [order.index(task) for task in due] == sorted(order.index(task) for task in due)


@given(snapshots, policies)
def test_nothing_comes_early_and_nothing_is_forgotten(
    snapshot: ScheduleSnapshot, policy: SchedulePolicy
) -> None:
    """A task is due between its interval and the longest pause with its jitter after its start."""
    for task in snapshot.tasks - {Task.FULL_STOCK} - snapshot.paused:
        last, every = snapshot.last.get(task), interval_of(task, policy)
        at = due_at(task, snapshot, policy)
        if not every:
            assert at is None
        elif last is None:
            assert at == NOW
        else:
            assert at is not None
            most = max(every, policy.slowest) + every * policy.jitter_percent / 100
            assert every <= at - last.started <= most
            assert due_at(task, snapshot, policy) == at


@given(snapshots, policies)
def test_whoever_waits_until_the_next_one_finds_it_due(
    snapshot: ScheduleSnapshot, policy: SchedulePolicy
) -> None:
    """The loop never sleeps past a task, and never wakes for nothing for ever."""
    at = next_due(snapshot, policy)
    if at is None:
        assert due_tasks(snapshot, policy) == ()
        return
    then = evolve(snapshot, now=max(at, snapshot.now), running=frozenset[Task]())
    alone = evolve(policy, at_once=9)

    assert due_tasks(then, alone) or snapshot.running
    if at > snapshot.now:
        assert due_tasks(snapshot, policy) == ()


@given(policies.filter(lambda policy: policy.at_once > 0), st.integers(1, 60))
def test_nothing_starves(policy: SchedulePolicy, minutes: int) -> None:
    """Whatever the priorities: with runs that take no time every task that runs at all has run."""
    policy = evolve(policy, full_stock_at="")
    snapshot = ScheduleSnapshot(NOW, ALL, UTC)
    ran: set[Task] = set()
    for _step in range(len(Task) + 1):
        started = due_tasks(snapshot, policy)
        ran |= set(started)
        last = {task: LastRun(snapshot.now, snapshot.now) for task in started}
        snapshot = evolve(
            snapshot, now=snapshot.now + timedelta(seconds=minutes), last={**snapshot.last, **last}
        )
        if minutes * len(Task) > 60 * 60:
            break

    fast = [task for task in Task if timedelta(0) < interval_of(task, policy) < MINUTE * 10]
    slow = [task for task in Task if interval_of(task, policy) >= MINUTE * 10]
    if not fast:
        assert ran == set(slow)


def test_the_night_run_waits_for_its_hour() -> None:
    """By the clock where the books are kept, also over a change of clocks; once a day."""
    policy = evolve(POLICY, full_stock_at="02:15")
    evening = datetime(2031, 5, 4, 20, tzinfo=UTC)
    snapshot = ScheduleSnapshot(evening, ALL, LONDON)
    first = due_at(Task.FULL_STOCK, snapshot, policy)
    assert first == datetime(2031, 5, 5, 1, 15, tzinfo=UTC)
    ran = evolve(snapshot, now=first, last={Task.FULL_STOCK: LastRun(first, first)})
    assert due_at(Task.FULL_STOCK, ran, policy) == datetime(2031, 5, 6, 1, 15, tzinfo=UTC)
    autumn = evolve(
        ran,
        now=datetime(2031, 10, 25, 1, 20, tzinfo=UTC),
        last={
            Task.FULL_STOCK: LastRun(
                datetime(2031, 10, 25, 1, 15, tzinfo=UTC), datetime(2031, 10, 25, 1, 15, tzinfo=UTC)
            )
        },
    )
    assert due_at(Task.FULL_STOCK, autumn, policy) == datetime(2031, 10, 26, 2, 15, tzinfo=UTC)
    on_time = evolve(snapshot, now=first, last={})
    assert due_at(Task.FULL_STOCK, on_time, policy) == first
    assert due_at(Task.FULL_STOCK, snapshot, evolve(policy, full_stock_at="")) is None


def test_a_flow_that_stops_is_tried_less_often() -> None:
    """Doubling up to the slowest; at once as before when it ends well."""
    policy = evolve(POLICY, jitter_percent=0)

    def after(stops: int) -> timedelta:
        snapshot = ScheduleSnapshot(NOW, ALL, UTC, {Task.ORDERS: LastRun(NOW, NOW, stops)})
        at = due_at(Task.ORDERS, snapshot, policy)
        assert at is not None
        return at - NOW

    assert [after(n) // MINUTE for n in (0, 1, 2, 3, 4, 50)] == [1, 2, 4, 8, 15, 15]


def test_a_clock_that_was_set_back_stops_no_flow() -> None:
    """What was noted by a clock that ran ahead counts as no run."""
    ahead = LastRun(NOW + timedelta(days=400), NOW + timedelta(days=400))
    snapshot = ScheduleSnapshot(NOW, ALL, UTC, dict.fromkeys(ALL, ahead))
    policy = evolve(POLICY, full_stock_at="02:15")
    slightly = LastRun(NOW + MINUTE, NOW + MINUTE)
    waits = due_at(Task.ORDERS, evolve(snapshot, last={Task.ORDERS: slightly}), policy)

    assert due_at(Task.ORDERS, snapshot, policy) == NOW
    assert waits is not None
    assert waits > NOW + MINUTE
    assert due_at(Task.FULL_STOCK, snapshot, policy) == NOW.replace(hour=2, minute=15) + timedelta(
        days=1
    )


def test_what_has_not_ended_well_for_long_is_late() -> None:
    """Not what is paused, what never ran, or what is never run."""
    old, never = (
        LastRun(NOW - 60 * MINUTE, NOW, 3, NOW - 30 * MINUTE),
        LastRun(NOW - 60 * MINUTE, NOW, 3),
    )
    last = {Task.ORDERS: old, Task.STOCK: never, Task.PRICES: old, Task.INVOICES: old}
    snapshot = ScheduleSnapshot(NOW, ALL, UTC, last, paused=frozenset({Task.STOCK}))
    policy = evolve(POLICY, invoices=timedelta(0))

    assert late_tasks(snapshot, policy) == (Task.ORDERS,)
    assert late_tasks(evolve(snapshot, paused=frozenset[Task]()), policy) == (
        Task.ORDERS,
        Task.STOCK,
    )


def test_two_connectors_do_not_ask_at_once() -> None:
    """Their jitter is not the same; that of one is."""
    last = {Task.ORDERS: LastRun(NOW, NOW)}
    one, two = (ScheduleSnapshot(NOW, ALL, UTC, last, seed=seed) for seed in ("one", "two"))

    assert due_at(Task.ORDERS, one, POLICY) != due_at(Task.ORDERS, two, POLICY)
    nightly = evolve(POLICY, full_stock_at="02:15")
    assert interval_of(Task.FULL_STOCK, nightly) == timedelta(days=1)
    assert interval_of(Task.FULL_STOCK, POLICY) == timedelta(0)
    assert interval_of(Task.SMALL_STOCK, POLICY) == timedelta(minutes=1)
    assert flow_of(Task.SMALL_STOCK) == flow_of(Task.FULL_STOCK) == Task.STOCK.value
    assert by_priority(ALL, evolve(POLICY, priority=("prices",)))[:2] == [Task.PRICES, Task.ORDERS]


def test_a_small_run_waits_for_one_of_all_stock() -> None:
    """Both due: all of it goes first; never both at once."""
    snapshot = ScheduleSnapshot(NOW, frozenset({Task.STOCK, Task.SMALL_STOCK}), UTC)

    assert due_tasks(snapshot, POLICY) == (Task.STOCK,)
    ran = evolve(snapshot, last={Task.STOCK: LastRun(NOW, NOW)})
    assert due_tasks(ran, POLICY) == (Task.SMALL_STOCK,)
    assert due_tasks(evolve(ran, running=frozenset({Task.STOCK})), POLICY) == ()


def test_what_nobody_says() -> None:
    """The names that people pause by and `status` shows, and how often each flow runs."""
    names = ["orders", "stock", "fulfilment", "customers", "prices", "products", "invoices"]

    assert [task.value for task in Task] == [*names, "full-stock", "small-stock"]
    assert [interval_of(task, POLICY) // MINUTE for task in Task] == [
        *(1, 5, 10, 60, 60, 360, 60, 0, 1),
    ]
    assert (POLICY.jitter_percent, POLICY.at_once, POLICY.late) == (10, 2, 5)
    assert (POLICY.slowest, POLICY.drain) == (15 * MINUTE, MINUTE / 2)
    last = LastRun(NOW, NOW)
    assert (last.stops, last.ended_well, last.summary) == (0, None, "")
    assert ScheduleSnapshot(NOW, ALL, UTC).seed == ""


def test_jitter_is_a_share_of_the_interval() -> None:
    """Spread over all of it, the same for the same last run."""
    policy = evolve(POLICY, orders=100 * MINUTE, jitter_percent=50)
    found = set[timedelta]()
    for n in range(300):
        at = NOW + n * MINUTE
        snapshot = ScheduleSnapshot(at, ALL, UTC, {Task.ORDERS: LastRun(at, at)}, seed="one")
        due = due_at(Task.ORDERS, snapshot, policy)
        assert due is not None
        found.add(due - at - 100 * MINUTE)

    assert len(found) > 200
    assert min(found) >= timedelta(0)
    assert 48 * MINUTE < max(found) < 50 * MINUTE
    steps = {one / (50 * MINUTE) * 1000 for one in found}
    assert all(abs(step - round(step)) < 1e-6 for step in steps)


def test_a_first_night_run_is_due_within_its_minute() -> None:
    """A process that begins at that minute runs it; one that begins later waits a day."""
    policy = evolve(POLICY, full_stock_at="02:15")
    hour = datetime(2031, 1, 5, 2, 15, tzinfo=UTC)

    def due(at: datetime) -> datetime | None:
        return due_at(Task.FULL_STOCK, ScheduleSnapshot(at, ALL, UTC), policy)

    assert due(hour + MINUTE / 2) == hour
    assert due(hour + MINUTE) == hour + timedelta(days=1)


def test_late_is_beyond_so_many_intervals_and_the_slowest_pause() -> None:
    """To the minute; what cannot be late keeps nothing else from being it."""
    policy = evolve(POLICY, orders=timedelta(0))
    limit = policy.stock * policy.late + policy.slowest

    def late(ago: timedelta) -> tuple[Task, ...]:
        last = {Task.STOCK: LastRun(NOW - ago, NOW), Task.ORDERS: LastRun(NOW - ago, NOW)}
        return late_tasks(ScheduleSnapshot(NOW, ALL, UTC, last), policy)

    assert (late(limit), late(limit + MINUTE)) == ((), (Task.STOCK,))


def test_what_is_paused_or_cannot_run_is_never_due() -> None:
    """Either is enough."""
    paused = ScheduleSnapshot(NOW, ALL, UTC, paused=frozenset({Task.ORDERS}))
    unbound = ScheduleSnapshot(NOW, ALL - {Task.ORDERS}, UTC)

    assert due_at(Task.ORDERS, paused, POLICY) is None
    assert due_at(Task.ORDERS, unbound, POLICY) is None


def test_a_clock_is_a_minute_ahead_at_most() -> None:
    """Beyond it the run is of another time."""
    policy = evolve(POLICY, orders=10 * MINUTE, jitter_percent=0)
    ahead = NOW + 1.5 * MINUTE
    snapshot = ScheduleSnapshot(NOW, ALL, UTC, {Task.ORDERS: LastRun(ahead, ahead)})

    assert due_at(Task.ORDERS, snapshot, policy) == NOW
