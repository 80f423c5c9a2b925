"""Every flow but orders through a few days: all that was planted is found, and nothing else."""

from __future__ import annotations

import pytest

from tests.month.imports import imported_by
from tests.month.upkeep import EXPECTED, Result, play_upkeep
from tests.month.upkeep_problems import FEW, HARMLESS, PROBLEMS, make_upkeep


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return play_upkeep(make_upkeep(3, FEW), tmp_path_factory.mktemp("upkeep"), days=FEW.days)


def test_every_planted_problem_is_found_and_none_is_invented(result: Result) -> None:
    """By its flow, under the right reason, for the right owner."""
    inexact = {
        name: one
        for name, one in result.reasons.items()
        if one.found != one.planted or one.invented
    }

    assert inexact == {}
    assert result.owners_wrong == 0
    codes = {code.value for some in EXPECTED.values() for _flow, code, _owner in some}
    assert {name.partition(": ")[2] for name in result.reasons} == codes
    assert all(one.planted for one in result.reasons.values())


def test_the_shop_shows_what_it_should(result: Result) -> None:
    """Statuses, parcels once each, prices; nothing promised twice, nothing left to write."""
    assert result.wrong == ()
    assert set(result.written_again) == {"customers", "fulfilment", "prices", "stock", "invoices"}
    assert set(result.written_again.values()) == {0}
    assert (result.runs, result.stopped) == (7 * FEW.days, 0)
    assert result.sound


def test_the_generator_knows_none_of_our_rules() -> None:
    """It imports the standard library alone."""
    assert imported_by("upkeep_problems.py") == set()


def test_every_kind_is_planted_and_every_expectation_is_of_a_kind() -> None:
    """The same number, the same business."""
    upkeep = make_upkeep(3, FEW)

    assert upkeep == make_upkeep(3, FEW)
    assert upkeep != make_upkeep(4, FEW)
    assert set(upkeep.counts) == {*PROBLEMS, *HARMLESS}
    assert all(upkeep.counts.values())
    assert EXPECTED.keys() == PROBLEMS.keys()
