"""The plan of fulfilment: what the rule says, as commands; nothing left to do once it is done."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.ids import OroOrderId, PrimaAccount, PrimaOrderNumber
from oro_prima.mapping import FulfilmentPolicy, ShopSide, TrackingRecord
from oro_prima.mapping.statuses import EVIDENCED
from oro_prima.mapping.totals import is_discounted
from oro_prima.oro.models import OrderDiscount, OrderSubtotal
from oro_prima.plans import (
    AddTracking,
    FulfilmentSnapshot,
    OrderOnBothSides,
    SetOrderStatus,
    plan_fulfilment,
)
from oro_prima.prima.models import PrimaOrder
from oro_prima.prima.models.fulfilment import Despatch, DespatchLine, PrimaFulfilment
from oro_prima.prima.models.orders import PrimaOrderLine
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.values import LocalDate
from tests.rules.making import BOOT, NOW, an_order

NUMBER = PrimaOrderNumber("300000070")
POLICY = FulfilmentPolicy(cancelled_status="cancelled")
POSTED = PrimaOrder(
    NUMBER,
    "ORO-7",
    PrimaAccount("TRADE1"),
    "GBP",
    False,
    LocalDate(date(2031, 5, 4)),
    (PrimaOrderLine(1, BOOT, 4, None, "1"),),
)

despatches = st.lists(
    st.builds(
        Despatch,
        number=st.sampled_from(["D1", "D2", "D3"]),
        tracking=st.sampled_from(["", "T1", "T2"]),
        lines=st.integers(0, 2).map(lambda n: (DespatchLine(1, BOOT, Decimal(n)),) if n else ()),
    ),
    max_size=2,
)
sides = st.builds(
    OrderOnBothSides,
    posted=st.just(POSTED),
    erp=st.builds(
        PrimaFulfilment,
        number=st.just(NUMBER),
        status=st.sampled_from([None, "Entered", *EVIDENCED]),
        despatches=st.none() | despatches.map(tuple),
    ),
    shop=st.builds(
        ShopSide,
        order=st.integers(1, 20).map(lambda n: OroOrderId(str(n))),
        shipping_status=st.sampled_from([None, "not_shipped", "partially_shipped", "shipped"]),
        status=st.sampled_from([None, "cancelled"]),
        internal_status=st.sampled_from([None, "open", "cancelled", "closed"]),
        disable_promotions=st.sampled_from([None, True, False]),
        captured_discount=st.booleans(),
        writes_shipping_status=st.booleans(),
        writes_status=st.booleans(),
    ),
    total=st.none() | st.just(Decimal(10)),
)


def after(
    one: OrderOnBothSides, commands: tuple[AddTracking | SetOrderStatus, ...]
) -> OrderOnBothSides:
    """Return both sides once the commands were carried out."""
    shop = one.shop
    for command in commands:
        if isinstance(command, SetOrderStatus):
            shop = evolve(
                shop,
                shipping_status=command.shipping_status or shop.shipping_status,
                status=command.status or shop.status,
                disable_promotions=command.without_promotions or shop.disable_promotions,
            )
        else:
            record = TrackingRecord(command.method, command.number)
            shop = evolve(shop, trackings=(*shop.trackings, record))
    return evolve(one, shop=shop)


@given(st.lists(sides, max_size=4, unique_by=lambda one: one.shop.order))
def test_once_it_is_applied_nothing_is_left(orders: list[OrderOnBothSides]) -> None:
    """Nothing is written twice, a status never goes back, and the order of input is nothing."""
    snapshot = FulfilmentSnapshot(NOW, tuple(orders))
    plan = plan_fulfilment(snapshot, POLICY)
    by_order = {one.shop.order: one for one in orders}
    done = tuple(after(by_order[d.order], d.commands) for d in plan.decisions)
    again = plan_fulfilment(evolve(snapshot, orders=done), POLICY)

    assert plan == plan_fulfilment(evolve(snapshot, orders=snapshot.orders[::-1]), POLICY)
    assert [d.order for d in plan.decisions] == sorted(by_order, key=int)
    assert again.commands == ()
    assert len(plan.commands) == sum(len(d.commands) for d in plan.decisions)
    for decision in plan.decisions:
        assert not (decision.finished and decision.reasons)
        if decision.status is not None:
            assert decision.status.total == by_order[decision.order].total


def test_an_order_is_finished_when_nothing_more_can_come() -> None:
    """Despatched or cancelled, every parcel with its number, nobody waited for."""

    def finished(status: str | None, *parcels: Despatch, **shop: Any) -> bool:
        erp = PrimaFulfilment(NUMBER, status, parcels or None)
        here = evolve(ShopSide(OroOrderId("7"), internal_status="open"), **shop)
        one = OrderOnBothSides(POSTED, erp, here, None)
        (decision,) = plan_fulfilment(FulfilmentSnapshot(NOW, (one,)), POLICY).decisions
        assert decision.said == (status or "")
        return decision.finished

    whole = (DespatchLine(1, BOOT, Decimal(4)),)

    assert finished("Despatched")
    assert finished(" despatched ")
    assert not finished("Part Despatched")
    assert not finished(None)
    assert not finished("Despatched", writes_shipping_status=False)
    assert finished("Entered", Despatch("D1", tracking="T1", lines=whole)) is False
    assert finished("Part Despatched", Despatch("D1", tracking="T1", lines=whole))
    assert not finished("Despatched", Despatch("D1", lines=whole))
    assert finished("Cancelled", writes_status=True)
    assert finished("Cancelled", internal_status="cancelled")


def test_a_plan_is_read_at_a_glance() -> None:
    """Orders, what is written, who is needed."""
    erp = PrimaFulfilment(NUMBER, "Despatched", (Despatch("D1", tracking="T1"),))
    shop = ShopSide(OroOrderId("7"), internal_status="open", captured_discount=False)
    plan = plan_fulfilment(
        FulfilmentSnapshot(NOW, (OrderOnBothSides(POSTED, erp, shop, Decimal(5)),)), POLICY
    )

    assert plan.summary() == (
        "fulfilment: 1 orders, 1 trackings and 1 statuses to write, 0 for a person"
    )
    assert plan.decisions[0].status == SetOrderStatus(
        OroOrderId("7"), "shipped", "", without_promotions=True, total=Decimal(5)
    )


def test_an_order_was_discounted_where_anything_was_taken_off() -> None:
    """A discount of its own, the shop's sum, or a row of the totals; shipping takes nothing off."""

    def row(signed: str | None) -> OrderSubtotal:
        return OrderSubtotal("1", "x", signed_amount=None if signed is None else Decimal(signed))

    assert not is_discounted(an_order())
    assert not is_discounted(an_order(subtotals=(row("5"), row(None), row("0"))))
    assert not is_discounted(an_order(total_discounts_amount=Decimal(0)))
    assert is_discounted(an_order(subtotals=(row("5"), row("-0.01"))))
    assert is_discounted(an_order(total_discounts_amount=Decimal(1)))
    assert is_discounted(an_order(discounts=(OrderDiscount("1", percent=Decimal("0.1")),)))


@given(sides, st.sampled_from(["record 1: date", "one is of another order"]))
def test_nothing_is_written_of_an_order_whose_despatches_cannot_be_read(
    one: OrderOnBothSides, unread: str
) -> None:
    """Whatever its status says; a person is told what it is, and it stays followed."""
    broken = evolve(one, erp=evolve(one.erp, despatches=None, unread=unread))
    (decision,) = plan_fulfilment(FulfilmentSnapshot(NOW, (broken,)), POLICY).decisions

    assert decision.commands == ()
    assert not decision.finished
    assert decision.said == (one.erp.status or "")
    assert decision.reasons == (
        Reason(ReasonCode.DESPATCH_UNREADABLE, f"orders/{one.shop.order}", unread),
    )
