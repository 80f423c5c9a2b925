"""Processes that are killed at a named step: nothing lost, nothing twice."""

from __future__ import annotations

import pytest

from oro_prima.testing.killing import (
    FULFILMENT_STEPS,
    ORDER_STEPS,
    STOCK_STEPS,
    WATERMARK_STEPS,
    kill_at,
)


@pytest.mark.parametrize("step", [*ORDER_STEPS, *WATERMARK_STEPS, *STOCK_STEPS, *FULFILMENT_STEPS])
def test_a_killed_run_loses_and_doubles_nothing(step: str) -> None:
    """A new process goes on from the store file alone; what it cannot know waits for a person."""
    killed = kill_at(step)

    assert (killed.lost, killed.doubled) == (0, 0)
    assert killed.in_doubt == (1 if step == "after-claim" else 0)
    assert killed.posted > 5


def test_a_step_that_is_never_reached_is_no_kill() -> None:
    """The byte on the pipe is the proof."""
    with pytest.raises(RuntimeError, match="before nowhere was reached"):
        kill_at("nowhere")
