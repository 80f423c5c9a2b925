"""Fulfilment: never backwards, never twice, never more than was ordered, and guarded."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.ids import OroOrderId, PrimaOrderNumber
from oro_prima.mapping import (
    Followed,
    FulfilmentPolicy,
    FulfilmentWrite,
    Guarded,
    Mapped,
    PollPolicy,
    Progress,
    PromotionGuard,
    ShippingStatus,
    ShopSide,
    TrackingRecord,
    Tree,
    Writes,
    explanation_text,
    map_fulfilment,
    map_order,
    polls_due,
    total_changed,
)
from oro_prima.mapping.despatches import cancelled_by_line, merged_despatches, sent_by_line
from oro_prima.mapping.fulfilment import RANK
from oro_prima.mapping.polling import interval
from oro_prima.prima.models import PrimaOrder
from oro_prima.prima.models.fulfilment import CancelledLine, Despatch, DespatchLine, PrimaFulfilment
from oro_prima.reasons import ReasonCode
from tests.rules.making import BOOT, LACE, NOW, a_line, an_order, policy, tables

R, S = ReasonCode, ShippingStatus
ORDER = OroOrderId("7")
NUMBER = PrimaOrderNumber("300000070")


def posted(quantity: int = 2) -> PrimaOrder:
    match map_order(an_order(lines=(a_line(quantity=Decimal(quantity)),)), tables(), policy()):
        case Mapped(order):
            return order
        case other:
            pytest.fail(str(other))


def sent(quantity: int, *, number: str = "D1", tracking: str = "", line: int = 1) -> Despatch:
    lines = (DespatchLine(line, BOOT, Decimal(quantity)),) if quantity else ()
    return Despatch(number, carrier="DPD", tracking=tracking, lines=lines)


def erp(status: str | None = "Entered", *despatches: Despatch, **changes: Any) -> PrimaFulfilment:
    return evolve(PrimaFulfilment(NUMBER, status, despatches), **changes)


def shop(**changes: Any) -> ShopSide:
    return evolve(ShopSide(ORDER, "not_shipped", captured_discount=False), **changes)


def rule(**changes: Any) -> FulfilmentPolicy:
    made = FulfilmentPolicy()
    return evolve(made, statuses={**made.statuses, "Entered": Progress.OPEN}, **changes)


def found(
    said: PrimaFulfilment, there: ShopSide | None = None, *, quantity: int = 2, **changes: Any
) -> FulfilmentWrite:
    return map_fulfilment(posted(quantity), said, there or shop(), rule(**changes))


def codes(write: FulfilmentWrite) -> list[ReasonCode]:
    return [reason.code for reason in write.reasons]


def applied(write: FulfilmentWrite, there: ShopSide) -> ShopSide:
    """What the shop shows after a write."""
    after = evolve(there, trackings=(*there.trackings, *write.trackings))
    if write.shipping_status is not None:
        after = evolve(after, shipping_status=write.shipping_status.value)
    if write.status is not None:
        after = evolve(after, status=write.status)
    if write.guard is Guarded.DISABLED:
        after = evolve(after, disable_promotions=True)
    return after


despatches = st.lists(
    st.builds(
        Despatch,
        st.sampled_from(["D1", "D2", "D3"]),
        st.none(),
        st.sampled_from(["", "DPD", "UPS "]),
        st.just(""),
        st.sampled_from(["", "T1", "t1 ", "T2", "T" * 256]),
        st.lists(
            st.builds(
                DespatchLine, st.integers(1, 2), st.just(BOOT), st.integers(0, 4).map(Decimal)
            ),
            max_size=2,
        ).map(tuple),
    ),
    max_size=4,
).map(tuple)
said = st.builds(
    PrimaFulfilment,
    st.just(NUMBER),
    st.sampled_from([None, "Entered", "part despatched ", "Despatched", "CANCELLED", "On a boat"]),
    st.one_of(st.none(), despatches),
    st.lists(
        st.builds(CancelledLine, st.integers(1, 2), st.integers(0, 3).map(Decimal)), max_size=2
    ).map(tuple),
)
shown = st.builds(
    ShopSide,
    st.just(ORDER),
    st.sampled_from([None, "not_shipped", "partially_shipped", "shipped", "in_the_yard"]),
    st.sampled_from([None, "open", "gone"]),
    st.sampled_from([None, "open", "closed", "cancelled"]),
    st.lists(st.builds(TrackingRecord, st.just("dpd"), st.just("T1")), max_size=1).map(tuple),
    st.sampled_from([None, True, False]),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
rules = st.builds(
    FulfilmentPolicy,
    statuses=st.just(rule().statuses),
    writes=st.sampled_from(Writes),
    promotion_guard=st.sampled_from(PromotionGuard),
    cancelled_status=st.sampled_from(["", "gone"]),
)


@given(said, shown, rules)
def test_a_status_never_goes_back_and_nothing_is_written_twice(
    here: PrimaFulfilment, there: ShopSide, how: FulfilmentPolicy
) -> None:
    """What was written is not wanted again, by the same rule."""
    write = map_fulfilment(posted(4), here, there, how)
    again = map_fulfilment(posted(4), here, applied(write, there), how)

    if write.shipping_status is not None:
        before = next((one for one in S if one == there.shipping_status), None)
        assert before is None or RANK[write.shipping_status] > RANK[before]
        assert there.shipping_status != "in_the_yard"
    assert again.is_nothing
    numbers = [(t.method.strip().casefold(), t.number.strip().casefold()) for t in write.trackings]
    assert len(numbers) == len(set(numbers))
    assert all(0 < len(t.number) <= how.tracking_width for t in write.trackings)


@given(said, shown, rules)
def test_what_has_no_place_is_never_written(
    here: PrimaFulfilment, there: ShopSide, how: FulfilmentPolicy
) -> None:
    """By the server, by the order's own status, by policy."""
    write = map_fulfilment(posted(4), here, there, how)

    if not there.writes_shipping_status or there.internal_status in ("closed", "cancelled"):
        assert write.shipping_status is None
    if not there.writes_status:
        assert write.status is None
    if how.writes is Writes.TRACKINGS:
        assert (write.shipping_status, write.status) == (None, None)
    patched = write.shipping_status is not None or write.status is not None
    assert (write.guard is Guarded.NOTHING_WRITTEN) == (not patched)
    assert write.is_nothing == (not patched and not write.trackings)


@given(said, shown, rules)
def test_shipped_and_cancelled_is_at_most_ordered(
    here: PrimaFulfilment, there: ShopSide, how: FulfilmentPolicy
) -> None:
    """Or nothing is written and a person looks."""
    sums = {1: Decimal(0), 2: Decimal(0)}
    for number, quantity in (*sent_by_line(here).items(), *cancelled_by_line(here).items()):
        sums[number] += quantity
    too_much = [n for n, total in sums.items() if total > (4 if n == 1 else 0)]
    write = map_fulfilment(posted(4), here, there, how)

    named = [r.subject for r in write.reasons if r.code is R.SHIPPED_TOO_MUCH]
    assert [f"orders/7/lines/{n}" for n in too_much] == named
    assert not named or write.is_nothing


@given(said, shown, rules)
def test_only_prima_s_word_cancels(
    here: PrimaFulfilment, there: ShopSide, how: FulfilmentPolicy
) -> None:
    """An order that it no longer knows is not cancelled."""
    write = map_fulfilment(posted(4), here, there, how)
    cancelled = write.status is not None or R.CANCELLED_IN_PRIMA in codes(write)

    assert not cancelled or here.status == "CANCELLED"
    assert (here.status is None) == (R.STATUS_NOT_GIVEN in codes(write))
    assert (here.status == "On a boat") == (R.STATUS_NOT_MAPPED in codes(write))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (erp("Entered"), None),
        (erp("Part Despatched"), S.PARTIALLY_SHIPPED),
        (erp(" despatched"), S.SHIPPED),
        (erp("Entered", sent(1)), S.PARTIALLY_SHIPPED),
        (erp("Part Despatched", sent(2)), S.SHIPPED),
        (erp("Despatched", sent(1)), S.SHIPPED),
        (erp("Entered", sent(1), cancelled=(CancelledLine(1, Decimal(1)),)), S.SHIPPED),
        (erp("Entered", cancelled=(CancelledLine(1, Decimal(2)),)), None),
        (erp("Entered", sent(0)), S.PARTIALLY_SHIPPED),
        (erp("Entered", sent(1), sent(1)), S.PARTIALLY_SHIPPED),
        (erp("Entered", sent(1), sent(1, number="D2")), S.SHIPPED),
        (erp(None, despatches=None), None),
    ],
)
def test_the_furthest_of_text_and_despatches_counts(
    said: PrimaFulfilment, expected: ShippingStatus | None
) -> None:
    """A despatch without lines is a part; one that is repeated counts once."""
    assert found(said).shipping_status == expected


def test_what_can_be_written_depends_on_the_server() -> None:
    """The table of the docs: nothing, trackings, status, both."""
    old, new = shop(shipping_status=None, writes_shipping_status=False), shop()
    text, despatch = erp("Despatched", despatches=None), erp("Despatched", sent(2, tracking="T1"))
    record = TrackingRecord("DPD", "T1")

    assert found(text, old).is_nothing
    assert codes(found(text, old)) == [R.NOTHING_CAN_BE_WRITTEN]
    assert found(despatch, old).trackings == (record,)
    assert found(text, new).shipping_status is S.SHIPPED
    both = found(despatch, new)
    assert (both.trackings, both.shipping_status) == ((record,), S.SHIPPED)
    assert codes(both) == []


def test_a_closed_order_takes_trackings_and_refuses_the_status() -> None:
    """And somebody is told."""
    write = found(erp("Despatched", sent(2, tracking="T1")), shop(internal_status="closed"))

    assert write.shipping_status is None
    assert len(write.trackings) == 1
    assert codes(write) == [R.STATUS_NOT_WRITABLE]


@pytest.mark.parametrize(
    ("there", "changes", "expected"),
    [
        ({}, {}, Guarded.DISABLED),
        ({"disable_promotions": False}, {}, Guarded.DISABLED),
        ({"disable_promotions": True}, {}, Guarded.ALREADY),
        ({"captured_discount": True}, {}, Guarded.READ_BACK),
        ({"captured_discount": True, "disable_promotions": True}, {}, Guarded.ALREADY),
        ({}, {"promotion_guard": PromotionGuard.OFF}, Guarded.UNGUARDED),
        ({"shipping_status": "shipped"}, {}, Guarded.NOTHING_WRITTEN),
    ],
)
def test_a_status_write_is_guarded_against_promotions(
    there: dict[str, Any], changes: dict[str, Any], expected: Guarded
) -> None:
    """Switched off where there is no discount to lose, read back where there is."""
    assert expected is found(erp("Despatched"), shop(**there), **changes).guard


def test_a_changed_total_is_finance_s() -> None:
    """Before and after; what was not stated is said so."""
    (reason,) = total_changed(ORDER, before=Decimal(1000), after=Decimal(750))

    assert (reason.code, reason.detail) == (R.ORO_TOTAL_CHANGED, "before 1000, after 750")
    assert total_changed(ORDER, before=Decimal("9.0"), after=Decimal("9.00")) == ()
    assert total_changed(ORDER, before=None, after=None) == ()
    assert "not stated" in total_changed(ORDER, before=None, after=Decimal(1))[0].detail


def test_a_cancellation_is_written_where_it_can_be_else_told() -> None:
    """And neither where the shop shows it already."""
    cancelled = erp("Cancelled")
    writable = shop(writes_status=True, status="open")

    assert found(cancelled, writable, cancelled_status="gone").status == "gone"
    assert codes(found(cancelled, writable)) == [R.CANCELLED_IN_PRIMA]
    assert codes(found(cancelled, shop(), cancelled_status="gone")) == [R.CANCELLED_IN_PRIMA]
    done = shop(writes_status=True, status="gone")
    assert found(cancelled, done, cancelled_status="gone").is_nothing
    assert codes(found(cancelled, done, cancelled_status="gone")) == []
    assert codes(found(cancelled, shop(internal_status="cancelled"))) == []
    alone = found(cancelled, writable, cancelled_status="gone", writes=Writes.TRACKINGS)
    assert (alone.status, codes(alone)) == (None, [R.CANCELLED_IN_PRIMA])


def test_a_tracking_has_a_method_and_a_number_that_fits() -> None:
    """Prima's carrier by the table, as it is, or the policy's word for none."""
    one = sent(1, tracking=" T1 ")
    write = found(
        erp(
            "Entered",
            one,
            evolve(one, carrier=" ", tracking="T2"),
            evolve(one, carrier="UPS", tracking="T3"),
            evolve(one, tracking="T" * 256),
            evolve(one, tracking=""),
        ),
        quantity=9,
        methods={"DPD": "flat_rate_1"},
    )

    assert [(t.method, t.number) for t in write.trackings] == [
        ("flat_rate_1", "T1"),
        ("carrier", "T2"),
        ("UPS", "T3"),
    ]
    assert codes(write) == [R.TRACKING_TOO_LONG]
    assert "D1: 256" in write.reasons[0].detail


def test_every_despatch_is_looked_at_and_the_widest_number_fits() -> None:
    """One that is there, has none or is too long hides no other."""
    there = shop(trackings=(TrackingRecord("DPD", "T1"),))
    many = (
        sent(0, number="D1", tracking="T1"),
        sent(0, number="D2", tracking="T" * 256),
        sent(0, number="D3"),
        sent(0, number="D4", tracking="T" * 255),
    )

    assert [len(t.number) for t in found(erp("Entered", *many), there).trackings] == [255]


def test_reasons_name_the_order_and_what_is_to_be_corrected() -> None:
    """An unknown text by itself; a total by its order. Nobody knows: there was a discount."""
    (odd,) = found(erp("On a boat ", despatches=None)).reasons
    (total,) = total_changed(ORDER, before=None, after=Decimal(1))

    assert (odd.subject, odd.cause) == ("orders/7", "statuses/On a boat")
    assert total.subject == "orders/7"
    assert ShopSide(ORDER).captured_discount
    assert codes(found(erp("Despatched"), shop(internal_status="cancelled"))) == [
        R.STATUS_NOT_WRITABLE
    ]


def test_a_write_can_be_explained() -> None:
    """Which row the text has, and what was refused."""
    tree = Tree("fulfilment.map_fulfilment")
    map_fulfilment(
        posted(), erp("Part Despatched"), shop(shipping_status="shipped"), rule(), to=tree
    )
    lost = Tree("fulfilment.map_fulfilment")
    map_fulfilment(posted(), erp("On a boat"), shop(), rule(), to=lost)

    assert explanation_text(tree.explanation()).splitlines() == [
        "fulfilment.map_fulfilment = 0 trackings",
        "  row statuses[Part Despatched]: means part-despatched",
        "  not partially_shipped: the shop shows shipped; a status never goes back",
    ]
    assert "row statuses[On a boat]: no such row" in explanation_text(lost.explanation())


def test_one_line_that_is_left_makes_it_a_part() -> None:
    """The others may be sent whole."""
    two = (a_line(), a_line(id="2", product_sku="L"))
    match map_order(an_order(lines=two, line_ids=("1", "2")), tables(), policy()):
        case Mapped(order):
            one = Despatch("D1", lines=(DespatchLine(1, BOOT, Decimal(2)),))
            write = map_fulfilment(order, erp("Entered", one), shop(), rule())
            assert write.shipping_status is S.PARTIALLY_SHIPPED
        case other:
            pytest.fail(str(other))


def test_other_skus_on_a_line_count_by_the_line() -> None:
    """The order line's number says what was ordered."""
    wrong = Despatch("D1", lines=(DespatchLine(2, LACE, Decimal(1)),))

    assert found(erp("Entered", wrong)).reasons[0].detail == (
        "1 shipped and 0 cancelled of 0 ordered"
    )


@given(despatches, despatches)
def test_files_that_overlap_say_each_despatch_once(
    first: tuple[Despatch, ...], second: tuple[Despatch, ...]
) -> None:
    """Twice is once; what was said last counts; nothing that was said is lost."""
    both = merged_despatches(first, second)
    newest = {one.number: one for one in (*first, *second)}

    assert merged_despatches(both, both) == both == merged_despatches((), both)
    assert {one.number: one for one in both} == newest
    assert len(both) == len(newest)
    assert merged_despatches(both, second) == both


def test_a_despatch_number_compares_as_codes_do() -> None:
    """A file in small letters repeats, it does not add."""
    parts = [Despatch("D1", tracking="A"), Despatch(" d1 ", tracking="B")]

    assert [one.tracking for one in merged_despatches(parts[:1], parts[1:])] == ["B"]


# polling

followed = st.lists(
    st.builds(
        Followed,
        st.integers(1, 30).map(lambda n: OroOrderId(str(n))),
        st.integers(0, 40).map(lambda days: NOW - timedelta(days=days)),
        st.one_of(st.none(), st.integers(0, 3000).map(lambda m: NOW - timedelta(minutes=m))),
    ),
    max_size=12,
    unique_by=lambda one: one.order,
)
polling = st.builds(PollPolicy, budget=st.integers(0, 6))


@given(followed, polling)
def test_polls_keep_to_the_budget_and_the_most_overdue_come_first(
    orders: list[Followed], how: PollPolicy
) -> None:
    """Everybody's turn comes: what is left out is more overdue the next time."""
    due = polls_due(orders, now=NOW, policy=how)
    by_id = {one.order: one for one in orders}

    def late(one: Followed) -> Fraction:
        every = interval(one, NOW, how)
        since = every if one.asked_at is None else NOW - one.asked_at
        waited = since if one.asked_at else NOW - one.accepted_at + every
        return Fraction(waited // timedelta(seconds=1), every // timedelta(seconds=1))

    assert len(due) == len(set(due)) <= how.budget
    assert all(late(by_id[order]) >= 1 for order in due)
    left = [late(one) for one in orders if one.order not in due and late(one) >= 1]
    assert not left or len(due) == how.budget
    assert all(late(by_id[order]) >= max(left) for order in due) if left else True
    assert due == polls_due(reversed(orders), now=NOW, policy=how)


def test_the_fresh_are_asked_often_and_the_old_rarely() -> None:
    """Hot, warm, cold: by default as the docs say."""
    how = PollPolicy()
    hour = timedelta(hours=1)

    assert (how.hot_for, how.hot_every) == (72 * hour, hour / 2)
    assert (how.warm_for, how.warm_every) == (14 * 24 * hour, 4 * hour)
    assert (how.cold_every, how.budget) == (24 * hour, 200)

    def every(days: int) -> timedelta:
        return interval(Followed(ORDER, NOW - timedelta(days=days)), NOW, how)

    assert (every(0), every(3), every(14)) == (how.hot_every, how.warm_every, how.cold_every)
    asked = Followed(ORDER, NOW, NOW - timedelta(minutes=29))
    assert polls_due([asked], now=NOW, policy=how) == ()
    soon: Iterable[Followed] = [evolve(asked, asked_at=NOW - how.hot_every)]
    assert polls_due(soon, now=NOW, policy=how) == (ORDER,)
    always = PollPolicy(hot_every=timedelta(0))
    assert polls_due([evolve(asked, asked_at=NOW - timedelta(seconds=1))], now=NOW, policy=always)


def test_an_order_taken_a_moment_ago_by_another_clock_is_due() -> None:
    """Nobody asked after it yet: that its acceptance lies in the future is a matter of clocks."""
    ahead = Followed(OroOrderId("7"), NOW + timedelta(milliseconds=900))

    assert polls_due([ahead], now=NOW, policy=PollPolicy()) == ("7",)


def test_words_of_a_guard_are_told_in_reports() -> None:
    """One each."""
    assert [one.value for one in Guarded] == [
        "nothing-written", "unguarded", "already-disabled", "disabled", "read-back",
    ]  # fmt: skip


def test_two_despatches_of_one_parcel_are_one_tracking() -> None:
    """Though each has a number of its own."""
    twice = erp("Despatched", sent(1, tracking="T1"), sent(1, number="D2", tracking="T1"))

    assert [one.number for one in found(twice, shop()).trackings] == ["T1"]
