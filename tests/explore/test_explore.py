"""The bounded proof, in a small bound; and that it can fail."""

from __future__ import annotations

import pytest
from attrs import evolve

from oro_prima.testing.explore import Law, Scenario, explore, one_order, two_orders
from oro_prima.testing.explore.bugs import CONTROLLED, SEEDED, TRUSTING, SeededBug
from oro_prima.testing.explore.erp import Book, arrive, purge, send_off, take
from oro_prima.testing.explore.scenario import START, Look


def trusting(name: str, *, orders: int = 1, runners: int = 2) -> Scenario:
    shop = one_order() if orders == 1 else two_orders()
    return Scenario(name, shop, profile=TRUSTING, run=CONTROLLED, runners=runners)


@pytest.mark.parametrize("runners", [1, 2])
def test_one_order_is_never_lost_or_doubled_whatever_goes_wrong_once(runners: int) -> None:
    """Every interleaving, looked at once; every end without a run brought to a fair one."""
    told: list[tuple[int, int]] = []
    report = explore(
        trusting("one", runners=runners), faults=1, told=lambda n, states: told.append((n, states))
    )

    assert report.complete
    assert [str(finding) for finding in report.findings] == []
    assert report.states > 1500
    assert report.states == sum(report.by_faults) == told[-1][1]
    assert len(report.pairs) > 10
    assert report.endings > 50


def test_without_a_trusted_code_nothing_is_sent_again_by_itself() -> None:
    """The default profile trusts no code; a person decides, and the law of absence is idle."""
    report = explore(Scenario("plain", one_order(), runners=1), faults=1)

    assert report.complete
    assert report.findings == ()


def test_two_orders_without_a_fault_end_well() -> None:
    """As they do with one, which takes longer than a test may."""
    report = explore(trusting("two", orders=2), faults=0)

    assert report.complete
    assert report.findings == ()


@pytest.mark.parametrize(("orders", "runners", "faults"), [(1, 1, 1), (1, 2, 1), (2, 2, 0)])
def test_a_look_from_afar_sees_all_that_a_close_one_sees(
    orders: int, runners: int, faults: int
) -> None:
    """What is not looked at twice was the same: every world without a run is reached by both."""
    far = trusting("far", orders=orders, runners=runners)
    seen = explore(far, faults=faults)
    close = explore(evolve(far, look=Look.CLOSE), faults=faults)

    assert seen.idle == close.idle
    assert seen.findings == close.findings == ()
    assert seen.states <= close.states


@pytest.mark.parametrize("bug", SEEDED, ids=lambda bug: bug.name)
def test_a_close_look_finds_the_same_bugs(bug: SeededBug) -> None:
    """Nothing is found only where it is looked at from afar."""
    close = evolve(bug.scenario, look=Look.CLOSE)
    report = explore(close, faults=bug.faults, only=bug.laws)

    assert {finding.law for finding in report.findings} <= bug.laws
    assert report.findings != ()


@pytest.mark.parametrize("bug", SEEDED, ids=lambda bug: bug.name)
def test_a_planted_bug_is_found_and_told(bug: SeededBug) -> None:
    """A proof that cannot fail proves nothing."""
    finding = bug.find()

    assert finding is not None
    assert finding.law in bug.laws
    assert str(finding).startswith("Broken: ")
    assert "\n1. Run A starts and takes the lease." in str(finding)


def test_a_search_that_gives_up_says_so() -> None:
    """Half a proof is none."""
    report = explore(trusting("short"), faults=1, limit=100)

    assert not report.complete
    assert report.broke(Law.TWICE) is None


def test_the_explorers_prima_keeps_its_rules() -> None:
    """A number is free once its order is purged; what arrives late is taken if it still can be."""
    book = take(Book(), "1", "ORO-1", now=START)
    again = take(book, "1", "ORO-2", now=START)
    late = send_off(book, "1", "ORO-2", now=START)

    assert again == book
    assert arrive(late, 0, now=START).times("ORO-2") == 0
    assert arrive(purge(late, 0), 0, now=START).times("ORO-2") == 1
