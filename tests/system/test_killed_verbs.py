"""`run` and `apply` that are killed: nothing lost, nothing twice, no flow stuck."""

from __future__ import annotations

import pytest
from tests.system.killed_verbs import (
    BUSY,
    Ended,
    busy_day,
    ended,
    kill_apply,
    kill_run,
    killed,
)

from oro_prima.mapping import Task
from oro_prima.records import Flow
from oro_prima.sync import pause_flow, paused_flows, resume_flow
from oro_prima.testing.killing import ALL_STEPS, APPLY_STEPS, RUN_STEPS
from oro_prima.testing.scenes import CONFIG, left_over
from oro_prima.wiring import connect


def assert_whole(found: Ended, *, in_doubt: int = 0) -> None:
    assert (found.came.lost, found.came.doubled, found.came.left) == (0, 0, 0)
    assert found.came.in_doubt == in_doubt
    assert found.stuck == ()


@pytest.mark.parametrize(
    ("step", "task", "draining"),
    [
        ("before-run", Task.STOCK, False),
        ("after-send", Task.ORDERS, True),
        ("after-write", Task.PRICES, False),
    ],
)
def test_a_killed_run_is_gone_on_with(step: str, task: Task, draining: bool) -> None:
    """
    Whatever its other flows were doing, and also while it was ending in order.

    Every other step is killed at by `nox -s prove`.
    """
    found = kill_run(step, task, draining=draining)

    assert step in (*RUN_STEPS, *ALL_STEPS[Flow(task.value)])
    assert_whole(found)


def test_what_a_person_paused_stays_paused_over_a_kill() -> None:
    """And runs again once it is resumed; nothing else waits for it."""
    with busy_day() as day:
        with connect(day.config) as ports:
            pause_flow(ports.store, flow=Flow.PRICES, by="Kim", at=ports.clock())
        killed(["run", str(day.directory / CONFIG), Task.ORDERS.value, "after-send", "1"])
        with connect(day.config) as ports:
            assert set(paused_flows(ports.store)) == {Flow.PRICES}
            assert left_over(ports, day, Flow.PRICES) > 0
            resume_flow(ports.store, flow=Flow.PRICES, by="Kim", at=ports.clock())
        assert_whole(ended(day, "after-send", 1, flows=BUSY))


@pytest.mark.parametrize(
    ("step", "flow", "nth"),
    [
        ("after-approval", Flow.ORDERS, 1),
        ("after-claim", Flow.ORDERS, 2),
        ("after-tracking", Flow.FULFILMENT, 3),
        ("after-end", Flow.PRICES, 1),
    ],
)
def test_a_plan_that_was_applied_half_is_not_applied_twice(step: str, flow: Flow, nth: int) -> None:
    """It is carried out where nothing of it was, else refused with the reason, and nothing done."""
    tried = kill_apply(step, flow, nth=nth)
    untouched = step in APPLY_STEPS

    assert tried.again is untouched
    assert tried.begun is not untouched
    assert tried.wrote == 0 or tried.again
    assert_whole(tried.ended, in_doubt=1 if step == "after-claim" else 0)
