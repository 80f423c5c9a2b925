"""Processes that are killed at a named step: nothing lost, nothing twice."""

from __future__ import annotations

import pytest

from oro_prima.records import Flow
from oro_prima.sandbox import trading_day
from oro_prima.testing.killing import (
    ALL_STEPS,
    FULFILMENT_STEPS,
    ORDER_STEPS,
    STOCK_STEPS,
    WATERMARK_STEPS,
    kill_at,
)
from oro_prima.testing.scenes import left_over, prepare, run_flow
from oro_prima.wiring import connect


@pytest.mark.parametrize("step", [*ORDER_STEPS, *WATERMARK_STEPS, *STOCK_STEPS, *FULFILMENT_STEPS])
def test_a_killed_run_loses_and_doubles_nothing(step: str) -> None:
    """A new process goes on from the store file alone; what it cannot know waits for a person."""
    killed = kill_at(step)

    assert (killed.lost, killed.doubled) == (0, 0)
    assert killed.in_doubt == (1 if step == "after-claim" else 0)
    assert killed.posted > 5


@pytest.mark.parametrize(
    ("flow", "step", "nth"),
    [
        (Flow.ORDERS, "after-write-back", 1),
        (Flow.PRICES, "after-end", 1),
        (Flow.CUSTOMERS, "after-assign", 1),
        (Flow.PRODUCTS, "before-disable", 2),
        (Flow.INVOICES, "before-keep", 1),
    ],
)
def test_a_fresh_run_of_every_other_flow_finishes_the_work(flow: Flow, step: str, nth: int) -> None:
    """Both sides agree in the end, nothing is there twice, and what was removed is kept."""
    killed = kill_at(step, flow=flow, nth=nth)

    assert step in ALL_STEPS[flow]
    assert (killed.flow, killed.left, killed.lost, killed.doubled) == (flow, 0, 0, 0)


@pytest.mark.parametrize("flow", list(ALL_STEPS))
def test_what_a_fresh_run_would_change_is_counted(flow: Flow) -> None:
    """Something before the flow ran, nothing after: so the judgement can fail."""
    step = ALL_STEPS[flow][-1]
    with trading_day(seed=3, oro_version="6.1.10") as plain:
        day = prepare(plain, flow, step=step)
        with connect(day.config) as ports:
            if flow is Flow.ORDERS:
                run_flow(ports, plain.config, flow)  # posted, and not written back
            before = left_over(ports, day, flow)
            run_flow(ports, day.config, flow)
            after = left_over(ports, day, flow)

    assert before > 0
    assert after == 0


def test_a_step_that_is_never_reached_is_no_kill() -> None:
    """The byte on the pipe is the proof."""
    with pytest.raises(RuntimeError, match="before nowhere was reached"):
        kill_at("nowhere")
