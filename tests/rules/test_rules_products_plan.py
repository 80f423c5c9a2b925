"""What should not be online: told once a cause, disabled within the limit, never enabled."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.ids import OroProductId, OroSku, UnitCode
from oro_prima.mapping import (
    Component,
    DisableProducts,
    GateFacts,
    PublicationPolicy,
    ShopUnit,
    UnitCatalogue,
    UnitPolicy,
)
from oro_prima.oro.models.stock import StockSettings
from oro_prima.plans import (
    ProductPlan,
    ProductPolicies,
    ProductSnapshot,
    ShopProduct,
    plan_products,
)
from oro_prima.reasons import ReasonCode
from tests.rules.making import BOOT, NOW

ENFORCED = (StockSettings(True, True, False),)
EACH, CASE = UnitCode("each"), UnitCode("case")
FACTS = GateFacts(
    UnitCatalogue(
        table={(OroSku(f"P{n}"), EACH): (Component(BOOT, Fraction(1)),) for n in range(3)}
    ),
    frozenset({BOOT}),
    frozenset({(OroSku(f"P{n}"), EACH) for n in range(4)}),
    frozenset({"STD"}),
)
POLICY = ProductPolicies(UnitPolicy(), PublicationPolicy(DisableProducts.UNMAPPED, 9, Decimal(1)))


def a_product(n: int, *units: UnitCode, enabled: bool = True) -> ShopProduct:
    sku = OroSku(f"P{n}")
    some = tuple(ShopUnit(sku, unit, "STD", ENFORCED) for unit in units or (EACH,))
    return ShopProduct(OroProductId(str(n)), sku, enabled, some)


products = st.lists(
    st.builds(
        a_product,
        st.integers(0, 9),
        st.sampled_from([EACH, CASE]),
        enabled=st.booleans(),
    ),
    max_size=6,
    unique_by=lambda one: one.id,
).map(tuple)
policies = st.builds(
    PublicationPolicy,
    st.sampled_from(DisableProducts),
    st.integers(0, 3),
    st.sampled_from([Decimal(0), Decimal("0.5")]),
).map(lambda one: evolve(POLICY, publication=one))


def applied(snapshot: ProductSnapshot, plan: ProductPlan) -> ProductSnapshot:
    off = {command.product for command in plan.commands}
    now = tuple(evolve(p, enabled=p.enabled and p.id not in off) for p in snapshot.products)
    return evolve(snapshot, products=now)


@given(products, policies, st.booleans())
def test_nothing_is_disabled_beyond_the_limit_or_twice(
    some: tuple[ShopProduct, ...], policy: ProductPolicies, let_go: bool
) -> None:
    """Only enabled products none of whose units is mapped; then nothing is left to do."""
    snapshot = ProductSnapshot(NOW, FACTS, some, let_go=let_go)
    plan = plan_products(snapshot, policy)
    off = {command.product for command in plan.commands}
    mapped = {sku for sku, _unit in FACTS.units.table}

    assert off <= {
        p.id
        for p in some
        if p.enabled and not {(u.sku, u.unit) for u in p.units} & FACTS.units.table.keys()
    }
    assert let_go or policy.publication.limit.allows(len(off), of=plan.enabled)
    assert policy.publication.disable is DisableProducts.UNMAPPED or not off
    again = plan_products(applied(snapshot, plan), policy)
    assert again.commands == () or not plan.commands
    assert set(again.ready) == set(plan.ready) <= mapped
    turned = evolve(snapshot, products=some[::-1])
    assert plan_products(turned, policy) == plan


def test_each_cause_is_told_once() -> None:
    """With how many units it is said of; what cannot be judged says nothing."""
    some = tuple(a_product(n, EACH) for n in range(3, 10))
    snapshot = ProductSnapshot(NOW, FACTS, (*some, a_product(1)))
    plan = plan_products(snapshot, evolve(POLICY, publication=PublicationPolicy()))
    unjudged = evolve(snapshot, judged=frozenset({ReasonCode.UNKNOWN_UNIT}))

    assert [(r.code, r.subject) for r in plan.reasons] == [
        (ReasonCode.NO_PRICE, "publication/no-price"),
        (ReasonCode.UNKNOWN_UNIT, "publication/unknown-unit"),
    ]
    assert plan.reasons[1].detail == (
        "7 product units online: P3/each, P4/each, P5/each, P6/each, P7/each and 2 more"
    )
    assert plan.reasons[0].detail.startswith("6 product units online: P4/each")
    assert [r.code for r in plan_products(unjudged, POLICY).reasons] == [ReasonCode.UNKNOWN_UNIT]
    assert plan.summary() == (
        "products: 8 enabled, 7 of their units should not be online, "
        "0 disabled products could be, 0 to disable"
    )


def test_what_could_be_online_is_named_and_left_off() -> None:
    """A product without units is neither."""
    off = (a_product(1, enabled=False), a_product(7, enabled=False))
    bare = evolve(a_product(2, enabled=False), units=())
    plan = plan_products(
        ProductSnapshot(NOW, FACTS, (*off, bare, evolve(a_product(8), units=()))), POLICY
    )

    assert plan.ready == ("P1",)
    assert plan.commands == ()


def test_too_many_wait_for_a_person() -> None:
    """Until they are let go."""
    some = tuple(a_product(n) for n in range(5, 8))
    policy = evolve(POLICY, publication=PublicationPolicy(DisableProducts.UNMAPPED, 2, Decimal(1)))
    held = plan_products(ProductSnapshot(NOW, FACTS, some), policy)
    let_go = plan_products(ProductSnapshot(NOW, FACTS, some, let_go=True), policy)

    assert held.reasons[-1].code is ReasonCode.CHANGES_OUTSIDE_LIMIT
    assert held.commands == ()
    assert [command.sku for command in let_go.commands] == ["P5", "P6", "P7"]
