"""Product units: what is ordered is what is sent; refuse, never round."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.ids import OroSku, UnitCode
from oro_prima.mapping import (
    BarcodeUse,
    Component,
    QuantityRule,
    Tree,
    UnitCatalogue,
    UnitMode,
    UnitPolicy,
    Variant,
    base_quantities,
    explanation_text,
    quantity_reasons,
    resolve_unit,
    resolve_units,
    skus_by_barcode,
    whole_step,
)
from oro_prima.mapping.product_units import barcode_key, is_gtin
from oro_prima.mapping.quantities import can_be_broken
from oro_prima.mapping.tables import UnitKey
from oro_prima.outcome import Mapped, Unmapped
from oro_prima.reasons import ReasonCode
from oro_prima.values import SkuKey
from tests.rules.slow_units import plain, slow_units

B, C = OroSku("B"), OroSku("C")
EACH, CASE = UnitCode("each"), UnitCode("case")
BOOT, LACE, BOX = SkuKey("BOOT", "F", "070"), SkuKey("LACE"), SkuKey("BOX")
ONE, SIX = Fraction(1), Fraction(6)
GTIN, OTHER = "4006381333931", "0036000291452"

fractions = st.fractions(min_value=Fraction(1, 1000), max_value=1000, max_denominator=1000)
parts = st.lists(
    st.builds(Component, st.sampled_from([BOOT, LACE, BOX]), fractions), min_size=1, max_size=3
).map(tuple)
quantities = st.decimals(Decimal("0.001"), 1000, places=3)


def resolved(
    catalogue: UnitCatalogue, policy: UnitPolicy | None = None, key: UnitKey = (B, CASE)
) -> tuple[Component, ...] | list[ReasonCode]:
    match resolve_unit(*key, catalogue, policy or UnitPolicy(), subject="products/B/case"):
        case Mapped(found):
            return found
        case Unmapped(reasons):
            return [reason.code for reason in reasons]


# quantities


@given(parts, quantities)
def test_exactly_the_multiples_of_the_whole_step_are_whole(
    some: tuple[Component, ...], quantity: Decimal
) -> None:
    """In every component; every other quantity is refused."""
    whole = Fraction(quantity) % whole_step(some) == 0

    assert isinstance(base_quantities(quantity, some, subject="x"), Mapped) is whole


rules = st.builds(
    QuantityRule,
    st.integers(0, 2),
    st.none() | st.decimals(0, 20, places=2),
    st.none() | st.decimals(0, 40, places=2),
    st.none() | st.decimals(Decimal("0.25"), 6, places=2),
)


@given(
    st.lists(
        st.builds(
            Component,
            st.sampled_from([BOOT, LACE]),
            st.fractions(Fraction(1, 8), 12, max_denominator=8),
        ),
        min_size=1,
        max_size=2,
    ).map(tuple),
    rules,
)
def test_what_can_be_broken_can_be_bought_and_is_not_whole(
    some: tuple[Component, ...], rule: QuantityRule
) -> None:
    """And where nothing can, every quantity that can be bought is whole, by trying them all."""
    broken = can_be_broken(some, rule)
    if broken is not None:
        assert quantity_reasons(broken, rule, subject="x") == ()
        assert isinstance(base_quantities(broken, some, subject="x"), Unmapped)
    else:
        for hundredths in range(1, 4200):
            quantity = Decimal(hundredths) / 100
            if not quantity_reasons(quantity, rule, subject="x"):
                assert isinstance(base_quantities(quantity, some, subject="x"), Mapped)


def test_a_minimum_and_a_maximum_leave_few_quantities() -> None:
    """The first that can be bought may be whole and the next one not; or be the last."""
    half, single = (
        (Component(BOOT, Fraction(1, 2)),),
        QuantityRule(minimum=Decimal(2), maximum=Decimal(2)),
    )

    assert can_be_broken(half, single) is None
    assert can_be_broken(half, evolve(single, maximum=Decimal(3))) == 3
    assert can_be_broken(half, evolve(single, maximum=None)) == 3
    assert can_be_broken(half, evolve(single, minimum=None)) == 1
    assert quantity_reasons(Decimal(2), single, subject="x") == ()


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [
        ("6", []),
        ("12", []),
        ("3", [ReasonCode.QUANTITY_TOO_SMALL]),
        ("27", [ReasonCode.QUANTITY_TOO_LARGE]),
        ("7", [ReasonCode.QUANTITY_OFF_STEP]),
        ("7.5", [ReasonCode.QUANTITY_OFF_STEP] * 2),
        ("-3", [ReasonCode.QUANTITY_NOT_POSITIVE, ReasonCode.QUANTITY_TOO_SMALL]),
        ("0", [ReasonCode.QUANTITY_NOT_POSITIVE, ReasonCode.QUANTITY_TOO_SMALL]),
        (
            "2.5",
            [
                ReasonCode.QUANTITY_OFF_STEP,
                ReasonCode.QUANTITY_TOO_SMALL,
                ReasonCode.QUANTITY_OFF_STEP,
            ],
        ),
    ],
)
def test_a_quantity_outside_its_rule_is_refused(quantity: str, expected: list[ReasonCode]) -> None:
    """Every reason at once; nothing is rounded to what can be bought."""
    rule = QuantityRule(minimum=Decimal(6), maximum=Decimal(24), step=Decimal(3))

    assert [r.code for r in quantity_reasons(Decimal(quantity), rule, subject="x")] == expected
    assert quantity_reasons(Decimal(1), QuantityRule(), subject="x") == ()


# what a unit is made of

ROWS = UnitCatalogue(
    table={(B, EACH): (Component(BOOT, ONE),), (B, CASE): (Component(BOOT, SIX),)},
    barcodes={(B, CASE): GTIN, (C, EACH): OTHER},
    skus=skus_by_barcode([(GTIN, BOX), (OTHER[1:], LACE)]),
)


def test_a_row_comes_first() -> None:
    """Then the factor of the configurable product; then nothing is guessed."""
    variant = evolve(
        ROWS, table={}, variants={B: Variant(C, LACE)}, factors={(C, CASE): Fraction(12)}
    )

    assert resolved(ROWS) == (Component(BOOT, SIX),)
    assert resolved(variant) == (Component(LACE, Fraction(12)),)
    assert resolved(evolve(variant, table=ROWS.table)) == (Component(BOOT, SIX),)
    assert resolved(variant, key=(B, EACH)) == [ReasonCode.UNKNOWN_UNIT]
    assert resolved(UnitCatalogue()) == [ReasonCode.UNKNOWN_UNIT]


def test_a_configurable_product_is_never_bought() -> None:
    """Even where a row names it."""
    assert resolved(evolve(ROWS, configurable={B})) == [ReasonCode.CONFIGURABLE_PRODUCT]


def test_a_barcode_finds_what_no_row_names_where_the_policy_allows() -> None:
    """One piece of the SKU that has it; leading zeros do not count in a GTIN."""
    gtin, either = UnitPolicy(barcodes=BarcodeUse.GTIN), UnitPolicy(barcodes=BarcodeUse.ANY)

    assert resolved(ROWS, gtin, (C, EACH)) == (Component(LACE, ONE),)
    assert resolved(ROWS, UnitPolicy(), (C, EACH)) == [ReasonCode.UNKNOWN_UNIT]
    assert resolved(evolve(ROWS, skus={}), gtin, (C, EACH)) == [ReasonCode.UNKNOWN_UNIT]
    house = evolve(ROWS, barcodes={(C, EACH): " Shelf-9"}, skus=skus_by_barcode([("SHELF-9", BOX)]))
    assert resolved(house, gtin, (C, EACH)) == [ReasonCode.BARCODE_INVALID]
    assert resolved(house, either, (C, EACH)) == (Component(BOX, ONE),)
    assert resolved(evolve(house, barcodes={(C, EACH): ""}), either, (C, EACH)) == [
        ReasonCode.UNKNOWN_UNIT
    ]


def test_a_barcode_on_two_skus_finds_none_of_them() -> None:
    """A row still does; the same SKU twice is one."""
    policy = UnitPolicy(barcodes=BarcodeUse.GTIN)
    twice = evolve(ROWS, skus=skus_by_barcode([(GTIN, BOX), (GTIN, LACE), (GTIN, BOX), ("", BOOT)]))

    assert list(twice.skus.values()) == [(BOX, LACE)]
    assert resolved(evolve(twice, table={}), policy) == [ReasonCode.BARCODE_AMBIGUOUS]
    assert resolved(twice, policy) == (Component(BOOT, SIX),)


def test_a_row_and_a_barcode_that_disagree_are_refused() -> None:
    """Neither is preferred; of a multiple the barcode says nothing."""
    policy = UnitPolicy(barcodes=BarcodeUse.GTIN)
    own = evolve(ROWS, table={(B, CASE): (Component(BOOT, ONE),)})

    assert resolved(own, policy) == [ReasonCode.BARCODE_DIFFERS]
    assert resolved(evolve(own, skus={GTIN.zfill(14): (BOOT,)}), policy) == (Component(BOOT, ONE),)
    assert resolved(ROWS, policy) == (Component(BOOT, SIX),)
    pack = evolve(ROWS, table={(B, CASE): (Component(BOOT, ONE), Component(LACE, ONE))})
    assert len(resolved(pack, policy)) == 2


@given(st.text("0123456789", min_size=7, max_size=13))
def test_one_check_digit_fits_and_all_lengths_are_one_code(stem: str) -> None:
    """Of 8, 12, 13 and 14 digits; of other lengths none."""
    fitting = [stem + digit for digit in "0123456789" if is_gtin(stem + digit)]

    assert len(fitting) == (1 if len(stem) in (7, 11, 12, 13) else 0)
    assert all(barcode_key(code) == barcode_key(code.zfill(14)) for code in fitting)


# both ways of working


@pytest.mark.parametrize(
    ("mode", "made_of", "fits"),
    [
        (UnitMode.OWN_SKU, (Component(BOX, ONE),), True),
        (UnitMode.OWN_SKU, (Component(BOOT, SIX),), False),
        (UnitMode.CONVERTED, (Component(BOOT, SIX),), True),
        (UnitMode.CONVERTED, (Component(BOOT, ONE), Component(LACE, ONE)), False),
        (UnitMode.OWN_SKU, (Component(BOOT, ONE), Component(LACE, ONE)), False),
        (UnitMode.TABLE, (Component(BOOT, ONE), Component(LACE, SIX)), True),
    ],
)
def test_a_row_fits_the_mode_of_its_product(
    mode: UnitMode, made_of: tuple[Component, ...], fits: bool
) -> None:
    """By the product's name, by its configurable product's, or by the policy's rule."""
    catalogue = UnitCatalogue({(B, CASE): made_of}, variants={B: Variant(C, BOOT)})
    expected = made_of if fits else [ReasonCode.UNIT_MODE_BROKEN]

    assert resolved(catalogue, UnitPolicy(mode)) == expected
    assert resolved(catalogue, UnitPolicy(modes={B: mode})) == expected
    assert resolved(catalogue, UnitPolicy(modes={C: mode})) == expected
    assert resolved(catalogue, UnitPolicy(mode, {B: UnitMode.TABLE})) == made_of


def test_a_sku_of_its_own_is_nobody_elses() -> None:
    """All who share it are refused, of whatever product; others are not."""
    table = {
        (B, EACH): (Component(BOOT, ONE),),
        (B, CASE): (Component(BOX, ONE),),
        (C, EACH): (Component(BOX, ONE),),
    }
    found = resolve_units(table, UnitCatalogue(table), UnitPolicy(UnitMode.OWN_SKU))
    one = resolve_units(table, UnitCatalogue(table), UnitPolicy(modes={B: UnitMode.OWN_SKU}))

    assert list(found.table) == [(B, EACH)]
    assert [r.subject for r in found.reasons] == ["products/B/case", "products/C/each"]
    assert list(one.table) == [(B, EACH), (C, EACH)]


def test_units_that_are_converted_share_one_base_sku() -> None:
    """All units of the product are refused where they do not."""
    table = {
        (B, EACH): (Component(BOOT, ONE),),
        (B, CASE): (Component(BOX, SIX),),
        (C, EACH): (Component(LACE, SIX),),
    }
    found = resolve_units(table, UnitCatalogue(table), UnitPolicy(UnitMode.CONVERTED))

    assert list(found.table) == [(C, EACH)]
    assert {r.code for r in found.reasons} == {ReasonCode.UNIT_MODE_BROKEN}


tables = st.dictionaries(
    st.tuples(st.sampled_from([B, C]), st.sampled_from([EACH, CASE, UnitCode("box")])),
    st.lists(
        st.builds(Component, st.sampled_from([BOOT, LACE, BOX]), st.sampled_from([ONE, SIX])),
        min_size=1,
        max_size=2,
    ).map(tuple),
    max_size=6,
)


@given(
    tables,
    st.sampled_from(UnitMode),
    st.dictionaries(st.sampled_from([B, C]), st.sampled_from(UnitMode)),
    st.randoms(),
)
def test_each_unit_is_mapped_or_has_a_reason(
    table: dict[UnitKey, tuple[Component, ...]],
    mode: UnitMode,
    modes: dict[OroSku, UnitMode],
    random: Any,
) -> None:
    """Once, as its row says, whatever the order of the table."""
    keys = [*table, (B, UnitCode("reel"))]
    policy = UnitPolicy(mode, modes)
    found = resolve_units([*keys, *keys], UnitCatalogue(table), policy)
    random.shuffle(keys)
    mixed = resolve_units(
        keys, UnitCatalogue({key: table[key] for key in keys if key in table}), policy
    )
    refused = [reason.subject for reason in found.reasons]

    assert sorted(refused + [f"products/{a}/{b}" for a, b in found.table]) == sorted(
        f"products/{a}/{b}" for a, b in keys
    )
    assert all(table[key] == made_of for key, made_of in found.table.items())
    assert (mixed.table, set(mixed.reasons)) == (found.table, set(found.reasons))


variants = st.builds(Variant, st.just(OroSku("P")), st.sampled_from([BOOT, LACE]))
codes = st.sampled_from([GTIN, OTHER, "036000291452", "house-1", " HOUSE-1 ", "4006381333932", ""])
barcoded = st.dictionaries(
    st.tuples(st.sampled_from([B, C]), st.sampled_from([EACH, CASE])), codes, max_size=4
)
catalogues = st.builds(
    UnitCatalogue,
    tables,
    st.dictionaries(st.sampled_from([B, C]), variants),
    st.dictionaries(
        st.tuples(st.just(OroSku("P")), st.sampled_from([EACH, CASE])), st.sampled_from([ONE, SIX])
    ),
    st.sampled_from([frozenset[OroSku](), frozenset({C})]),
    barcoded,
    st.lists(st.tuples(codes, st.sampled_from([BOOT, LACE])), max_size=5).map(skus_by_barcode),
)


@given(
    catalogues,
    st.sampled_from(UnitMode),
    st.dictionaries(st.sampled_from([B, C, OroSku("P")]), st.sampled_from(UnitMode)),
    st.sampled_from(BarcodeUse),
)
def test_units_are_found_as_a_slow_reference_finds_them(
    known: UnitCatalogue, mode: UnitMode, modes: dict[OroSku, UnitMode], use: BarcodeUse
) -> None:
    """By row, parent, or barcode; by itself and seen together; whatever the policy."""
    keys = [(sku, unit) for sku in (B, C) for unit in (EACH, CASE, UnitCode("box"))]
    policy = UnitPolicy(mode, modes, use)

    assert plain(resolve_units(keys, known, policy).table) == slow_units(keys, known, policy)


def test_an_explanation_says_where_a_unit_was_looked_for() -> None:
    """Rows, factors and barcodes."""
    tree = Tree("asked")
    catalogue = evolve(ROWS, table={}, variants={B: Variant(C, LACE)})
    resolve_unit(B, CASE, catalogue, UnitPolicy(barcodes=BarcodeUse.GTIN), subject="x", to=tree)
    text = explanation_text(tree.explanation())

    assert "product unit (sku B, unit case, mode table) = 1 of BOX" in text
    assert "row factors[C, case]: factor none" in text
    assert f"row barcodes[{GTIN}]: found BOX" in text
