"""The picture of an order's states shows what the engine does, all of it, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
import states
from attrs import evolve

from oro_prima.records import EntryState
from oro_prima.testing.explore import Scenario, explore, one_order
from oro_prima.testing.explore.bugs import CONTROLLED, TRUSTING

BY_PEOPLE = {("", EntryState.ACCEPTED.value), ("", EntryState.RELEASED.value)}
"""Adoption and repost: nobody does either while the engine is explored."""

NUMBER_TAKEN = (EntryState.RELEASED.value, EntryState.ACCEPTED.value)
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def met() -> frozenset[tuple[str, str]]:
    """Every change of state that an exploration meets, also with a store that was restored."""
    scenario = Scenario("one", one_order(), profile=TRUSTING, run=CONTROLLED, runners=1)
    restored = evolve(scenario, restores=True, purges=False)
    found = [explore(one, faults=1) for one in (scenario, restored)]

    assert [report.findings for report in found] == [(), ()]
    return found[0].changes | found[1].changes


def test_the_picture_is_made_from_its_program() -> None:
    """`python tools/states.py` writes it."""
    text = (ROOT / states.PICTURE).read_text(encoding="utf-8")

    assert text == states.picture()


def test_every_state_has_a_box() -> None:
    """And every box is a state."""
    assert states.BOXES.keys() == {"", *(state.value for state in EntryState)}


def test_the_arrows_are_what_the_engine_does(met: frozenset[tuple[str, str]]) -> None:
    """Every change that was met is drawn; what is drawn and was not met only people do."""
    arrows = {(arrow.before, arrow.after) for arrow in states.ARROWS}

    assert arrows == met | BY_PEOPLE
    assert {(a.before, a.after) for a in states.ARROWS if a.by_person} == BY_PEOPLE | {NUMBER_TAKEN}
    assert len(arrows) == len(states.ARROWS)


def test_accepted_has_no_way_out(met: frozenset[tuple[str, str]]) -> None:
    """Neither in the picture nor in the engine."""
    assert [after for before, after in met if before == EntryState.ACCEPTED.value] == []
