"""The publication gate: what must not be online, and every reason why."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.ids import OroCustomerId, OroSku, UnitCode
from oro_prima.mapping import (
    Component,
    Enforcement,
    GateFacts,
    QuantityRule,
    ShopUnit,
    UnitCatalogue,
    UnitMode,
    UnitPolicy,
    enforcement,
    publication_gate,
)
from oro_prima.mapping.limits import Limit
from oro_prima.mapping.prices import PricePolicy, price_index, priced_units
from oro_prima.mapping.publication import DisableProducts, PublicationPolicy
from oro_prima.oro.models import StockSettings
from oro_prima.reasons import ReasonCode
from tests.rules.making import BOOT, LACE
from tests.rules.test_rules_price_lists import BUYER, LONER, catalogue, own, rows

B = OroSku("B")
EACH, CASE, HALF = UnitCode("each"), UnitCode("case"), UnitCode("half")
STRICT = StockSettings(True, True, back_order=False)
FACTS = GateFacts(
    units=UnitCatalogue(
        {
            (B, EACH): (Component(BOOT, Fraction(1)),),
            (B, CASE): (Component(BOOT, Fraction(6)), Component(LACE, Fraction(1))),
            (B, HALF): (Component(BOOT, Fraction(1, 2)),),
        }
    ),
    live={BOOT, LACE},
    priced={(B, EACH), (B, CASE), (B, HALF)},
    tax_codes={"STANDARD"},
)


def a_unit(unit: UnitCode = EACH, **changes: Any) -> ShopUnit:
    return evolve(ShopUnit(B, unit, "STANDARD", (STRICT,)), **changes)


def codes(unit: ShopUnit, policy: UnitPolicy | None = None, **changes: Any) -> list[ReasonCode]:
    (verdict,) = publication_gate([unit], evolve(FACTS, **changes), policy or UnitPolicy())
    assert verdict.may_be_online is not bool(verdict.reasons)
    return [reason.code for reason in verdict.reasons]


def test_a_unit_without_a_fault_may_be_online() -> None:
    """Mapped, live, whole, priced, taxed, enforced."""
    assert codes(a_unit()) == []
    assert codes(a_unit(CASE)) == []


def test_each_fault_is_a_reason() -> None:
    """By itself."""
    assert codes(a_unit(), units=UnitCatalogue()) == [ReasonCode.UNKNOWN_UNIT]
    assert codes(a_unit(CASE), live={BOOT}) == [ReasonCode.DEAD_SKU]
    assert codes(a_unit(), priced=set()) == [ReasonCode.NO_PRICE]
    assert codes(a_unit(tax_code="")) == [ReasonCode.NO_TAX_CODE]
    assert codes(a_unit(tax_code="REDUCED")) == [ReasonCode.TAX_CODE_NOT_MAPPED]
    assert codes(a_unit(settings=())) == [ReasonCode.LEVEL_NOT_ENFORCED]
    assert codes(a_unit(HALF)) == [ReasonCode.FRACTIONAL_QUANTITY]
    assert codes(a_unit(HALF, rule=QuantityRule(step=Decimal(2)))) == []
    assert codes(a_unit(rule=QuantityRule(precision=1))) == [ReasonCode.FRACTIONAL_QUANTITY]
    assert codes(a_unit(CASE), UnitPolicy(UnitMode.OWN_SKU)) == [ReasonCode.UNIT_MODE_BROKEN]


def test_all_faults_are_told_at_once() -> None:
    """A verdict a unit, in the order given."""
    worst = a_unit(UnitCode("reel"), tax_code="", settings=())
    verdicts = publication_gate([worst, a_unit(), worst], FACTS, UnitPolicy())

    assert [len(verdict.reasons) for verdict in verdicts] == [4, 0, 4]
    assert {reason.subject for reason in verdicts[0].reasons} == {"products/B/reel"}


switches = st.none() | st.booleans()


def test_each_switch_is_looked_for_by_itself() -> None:
    """What one does not say, the next one does."""
    silent = StockSettings(None, None, back_order=None)

    assert enforcement([silent, STRICT]) is Enforcement.ENFORCED
    assert enforcement([StockSettings(None, True, back_order=False), STRICT]) is (
        Enforcement.ENFORCED
    )
    assert enforcement([silent, silent]) is Enforcement.UNKNOWN
    assert enforcement([silent, StockSettings(False, True, back_order=False)]) is Enforcement.OFF


@given(st.lists(st.builds(StockSettings, switches, switches, switches), max_size=4))
def test_a_level_is_enforced_only_where_all_three_are_known_to_say_so(
    chain: list[StockSettings],
) -> None:
    """Each by itself, nearest first; unknown is not enforced, and off beats unknown."""
    said = {"manage_inventory": None, "decrement_quantity": None, "back_order": None}
    for name in said:
        for settings in reversed(chain):
            value = getattr(settings, name)
            said[name] = said[name] if value is None else value
    wrong = False in (said["manage_inventory"], said["decrement_quantity"])
    if wrong or said["back_order"] is True:
        expected = Enforcement.OFF
    else:
        expected = Enforcement.UNKNOWN if None in said.values() else Enforcement.ENFORCED

    assert enforcement(chain) is expected


@pytest.mark.parametrize(
    ("customer", "expected"), [(BUYER, {EACH}), (LONER, set()), (OroCustomerId("0"), set())]
)
def test_priced_units_are_those_that_somebody_can_buy(
    customer: OroCustomerId, expected: set[UnitCode]
) -> None:
    """In a currency of the system and of the chain."""
    prices = catalogue(
        rows(1, {1: 9, 5: 8}),
        rows(1, {1: 50}, unit=CASE, currency="EUR"),
        rows(2, {1: 7}, unit=HALF),
        assigned=(own(1),),
    )
    index = price_index(prices, PricePolicy(frozenset({"GBP"})))
    found = priced_units([customer, customer], index, at=datetime(2031, 5, 4, tzinfo=UTC))

    assert {unit for _sku, unit in found} == expected


def test_nothing_is_disabled_unless_it_is_said_and_then_few_at_once() -> None:
    """The words that a configuration holds, and the limit by default."""
    assert [one.value for one in DisableProducts] == ["never", "unmapped"]
    assert PublicationPolicy().disable is DisableProducts.NEVER
    assert PublicationPolicy().limit == Limit(20, Decimal("0.02"))
