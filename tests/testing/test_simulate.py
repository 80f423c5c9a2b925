"""Days made up from a number: reproducible, and able to find what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from oro_prima.call import HttpRequest
from oro_prima.sandbox.faults import Reply
from oro_prima.sandbox.world import World
from oro_prima.testing.simulate import ALL_PAIRS, BrokenPromiseError, simulate
from oro_prima.testing.simulate.day import _Day
from oro_prima.testing.simulate.pairs import faults_of
from oro_prima.testing.simulate.stage import Stage

SEEDS = (1, 2, 3, 11, 15, 21)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_promise_holds_after_every_act(seed: int) -> None:
    """Whatever goes wrong, on both versions; only known pairs are counted."""
    day = simulate(seed, oro_version="6.1" if seed % 3 else "5.1")

    assert day.posted > 5
    assert day.pairs <= ALL_PAIRS


def test_one_seed_gives_one_day() -> None:
    """To the byte: story, Prima's books and the shop's levels; another seed gives another day."""
    first, again, other = simulate(3), simulate(3), simulate(4)

    assert first == again
    assert first.digest != other.digest


def test_days_reach_pairs_of_both_kinds() -> None:
    """Steps that are disturbed, and requests that go wrong."""
    days = [simulate(seed, risk=15) for seed in (5, 6, 8)]

    assert {" " in step for day in days for step, _fault in day.pairs} == {True, False}
    assert sum(day.kills for day in days) > 0


def test_what_no_client_can_see_is_no_fault() -> None:
    """Somebody else's data set that takes an order with an OK is left out, and said so."""
    assert "other-data" not in faults_of("prima", "MultiNewOrder")
    assert () == faults_of("prima", "wsdl") == faults_of("control", "state")


class _Forgetful(World):
    """A Prima that has every second order taken twice: what a resent order would do."""

    def reply(self, system: str, request: HttpRequest) -> Reply:
        made = super().reply(system, request)
        if system == "prima" and b"MultiNewOrder" in request.body:
            for order in self.prima.orders():
                self.prima.purge(order.order_number)
            super().reply(system, request)
        return made


def test_a_double_is_found_and_told_as_a_story(tmp_path: Path) -> None:
    """The message names the seed, the promise and every step on the way."""
    stage = Stage(tmp_path, seed=3, size=6, version="6.1")
    stage.world.__class__ = _Forgetful
    with pytest.raises(BrokenPromiseError, match=r"seed 3: I1 is broken") as told:
        _Day(stage, seed=3, risk=0).play(12)
    stage.store.close()

    assert "accepted twice: ORO-" in str(told.value)
    assert "  1. 03 08:00" in str(told.value)
