"""Every promise of a trading day can be seen to be kept, and to be broken."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from attrs import evolve

from oro_prima.cli.demo.summary import Result, as_json, exit_code
from oro_prima.sandbox.invariants import ErpOrder, Facts, Finding, ShopOrder, check

KEY = ("BOOT", "F", "070", "", "")
ORDER = ShopOrder("7", "3", Decimal("24.00"), "GBP", False, (("BOOT-F-070", "case", Decimal(2)),))
TAKEN = ErpOrder("300000070", "ORO-7", "TRADE1", 1, "ab12", ((KEY, 12),))
KEPT = Facts(
    shop=(ORDER,),
    erp=(TAKEN,),
    stock=(("BOOT-F-070", 40, Fraction(36)),),
    oversold=0,
    oversold_in_window=2,
    window_bound=2,
    homes={"7": "posted"},
    gross={"7": Decimal("24.00")},
    claimed={"300000070": "ab12", "300000071": "ab12"},
    links={"3": "trade1"},
    watermark=7,
    units={("BOOT-F-070", "case"): ((KEY, Fraction(6)),)},
    searched={"log": b"orders: 1 posted"},
    canaries=("Specimen Road",),
)


def broken(facts: Facts) -> list[Finding]:
    return [finding for finding in check(facts) if not finding.kept]


def test_a_day_without_fault_keeps_every_promise() -> None:
    """Nothing is broken, and each finding says how it was checked."""
    findings = check(KEPT)

    assert [f.name for f in findings] == ["I1", "I2", "I3", "I4", "I5", "I7", "I8", "I9", "I10"]
    assert all(f.kept and f.how and f.promise and not f.detail for f in findings)


FLIPPED = [
    ("I1", evolve(KEPT, erp=(evolve(TAKEN, accepted=2),))),
    ("I1", evolve(KEPT, erp=(TAKEN, evolve(TAKEN, number="300000071")))),
    ("I1", evolve(KEPT, erp=())),
    ("I3", evolve(KEPT, links={"3": "TRADE2"})),
    ("I3", evolve(KEPT, links={})),
    ("I4", evolve(KEPT, erp=(evolve(TAKEN, lines=()),))),
    ("I4", evolve(KEPT, erp=(evolve(TAKEN, lines=((KEY, 2),)),))),
    ("I4", evolve(KEPT, units={("BOOT-F-070", "case"): ((KEY, Fraction(1, 4)),)})),
    ("I5", evolve(KEPT, oversold=1)),
    ("I5", evolve(KEPT, oversold_in_window=3)),
    ("I5", evolve(KEPT, stock=(("BOOT-F-070", 40, Fraction(42)),))),
    ("I5", evolve(KEPT, stock=(("BOOT-F-070", 40, Fraction(-6)),))),
    ("I7", evolve(KEPT, gross={"7": Decimal("24.01")})),
    ("I8", evolve(KEPT, claimed={"300000070": "cd34"})),
    ("I8", evolve(KEPT, claimed={})),
    ("I9", evolve(KEPT, searched={"log": b"to 5 Specimen Road"})),
]


@pytest.mark.parametrize(("name", "facts"), FLIPPED)
def test_one_flipped_fact_breaks_its_promise_and_no_other(name: str, facts: Facts) -> None:
    """The finding is false and names what broke it."""
    findings = broken(facts)

    assert [name] == [finding.name for finding in findings]
    assert findings[0].detail


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        *FLIPPED,
        ("I2", evolve(KEPT, homes={"7": "posted", "8": "held"})),
        ("I10", evolve(KEPT, homes={})),
    ],
)
def test_the_demo_says_false_and_ends_with_1(name: str, facts: Facts) -> None:
    """One flipped fact for each promise; nothing else is wrong."""
    result = Result(facts, check(facts), (), levels_changed=0, skus_read=1, window_ms=1, seconds=1)
    tree = as_json(result)["invariants"]

    assert isinstance(tree, dict)
    assert tree[name] is False
    assert exit_code(result, fine=True) == 1


def test_the_demo_ends_with_0_where_every_scene_ended_well() -> None:
    """And with 1 where one did not, whatever was promised."""
    result = Result(KEPT, check(KEPT), (), levels_changed=0, skus_read=1, window_ms=1, seconds=1)

    assert exit_code(result, fine=True) == 0
    assert exit_code(result, fine=False) == 1


def test_an_order_without_a_home_breaks_home_and_watermark() -> None:
    """I2 and I10 see it both."""
    facts = evolve(KEPT, homes={}, erp=(), shop=(ORDER,))

    assert [finding.name for finding in broken(facts)] == ["I2", "I10"]


def test_a_home_without_an_order_is_seen() -> None:
    """The store knows an order that the shop does not."""
    facts = evolve(KEPT, homes={"7": "posted", "8": "held"})

    assert [finding.name for finding in broken(facts)] == ["I2"]


def test_long_lists_are_cut() -> None:
    """The detail stays readable."""
    shop = tuple(evolve(ORDER, id=str(number)) for number in range(8, 20))
    facts = evolve(KEPT, shop=(ORDER, *shop))

    assert broken(facts)[0].detail.endswith("…; ")
