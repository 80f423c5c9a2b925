"""Every promise of a trading day can be seen to be kept, and to be broken."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from attrs import evolve

from oro_prima.sandbox.invariants import ErpOrder, Facts, Finding, ShopOrder, check

KEY = ("BOOT", "F", "070", "", "")
ORDER = ShopOrder("7", "3", Decimal("24.00"), "GBP", False, (("BOOT-F-070", "case", Decimal(2)),))
TAKEN = ErpOrder("300000070", "ORO-7", "TRADE1", 1, ((KEY, 12),))
KEPT = Facts(
    shop=(ORDER,),
    erp=(TAKEN,),
    stock=(("BOOT-F-070", 40, Fraction(36)),),
    oversold=0,
    oversold_in_window=2,
    window_bound=2,
    homes={"7": "posted"},
    gross={"7": Decimal("24.00")},
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

    assert [f.name for f in findings] == ["I1", "I2", "I3", "I4", "I5", "I7", "I9", "I10"]
    assert all(f.kept and f.how and f.promise and not f.detail for f in findings)


@pytest.mark.parametrize(
    ("name", "facts"),
    [
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
        ("I9", evolve(KEPT, searched={"log": b"to 5 Specimen Road"})),
    ],
)
def test_one_flipped_fact_breaks_its_promise_and_no_other(name: str, facts: Facts) -> None:
    """The finding is false and names what broke it."""
    findings = broken(facts)

    assert [name] == [finding.name for finding in findings]
    assert findings[0].detail


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
