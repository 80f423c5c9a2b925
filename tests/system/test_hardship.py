"""Processes in trouble, or killed anywhere: nothing lost, nothing twice."""

from __future__ import annotations

import pytest

from oro_prima.testing import hardship
from oro_prima.testing.hardship import Trouble, endure, kill_anywhere


@pytest.mark.parametrize("trouble", list(Trouble), ids=lambda trouble: trouble.name)
def test_a_process_in_trouble_loses_and_doubles_nothing(trouble: Trouble) -> None:
    """A store that takes nothing ends the run with an error of its own; a clock ends nothing."""
    endured = endure(trouble)

    assert (endured.came.lost, endured.came.doubled) == (0, 0)
    assert endured.came.posted > 5
    stored = trouble not in hardship.JUMPS
    assert endured.said.startswith("StoreError: ") is stored


@pytest.mark.parametrize("seed", [1, 3])
def test_a_process_killed_anywhere_loses_and_doubles_nothing(seed: int) -> None:
    """The seed says at which of all calls; what cannot be known waits for a person."""
    killed = kill_anywhere(seed)

    assert (killed.lost, killed.doubled) == (0, 0)
    assert killed.in_doubt <= 1


def test_a_trouble_that_never_begins_is_none() -> None:
    """The byte on the pipe is the proof."""
    with pytest.raises(RuntimeError, match="before its trouble began"):
        endure(Trouble.AHEAD, nth=1000)
