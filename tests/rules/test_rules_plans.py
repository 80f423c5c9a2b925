"""Plans of orders: every order has exactly one home; what was accepted is for ever."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.ids import OroCustomerId, OroOrderId, OroSku, UnitCode
from oro_prima.oro.models import Order, OrderDiscount
from oro_prima.plans import OrderDecision, OrderSnapshot, UnreadOrder, plan_orders
from oro_prima.reasons import Reason, ReasonCode, explain_reason
from oro_prima.records import (
    EntryState,
    ExceptionRecord,
    Flow,
    Home,
    LineDemand,
    RecordState,
    Unread,
)
from tests.rules.making import (
    EARLIER,
    NOW,
    a_capture,
    a_line,
    an_address,
    an_order,
    policy,
    snapshot,
    tables,
)

SEVEN = OroOrderId("7")
EACH = (OroSku("B"), UnitCode("each"))


def decide(order: Order, **changes: Any) -> OrderDecision:
    (decision,) = plan_orders(snapshot(order, **changes), policy()).decisions
    return decision


def record(*codes: ReasonCode, **changes: Any) -> ExceptionRecord:
    reasons = tuple(Reason(code, "orders/7", "detail") for code in codes)
    made = ExceptionRecord(Flow.ORDERS, "orders/7", reasons, RecordState.HELD, EARLIER, EARLIER, 1)
    return evolve(made, **changes)


orders = st.builds(
    lambda key, status, external, unit, linked: an_order(
        id=OroOrderId(str(key)),
        internal_status=status,
        external=external,
        customer=OroCustomerId("3" if linked else "4"),
        lines=(a_line(product_unit_code=UnitCode(unit)),),
    ),
    st.integers(1, 40),
    st.sampled_from(["open", "closed", "cancelled", None]),
    st.booleans(),
    st.sampled_from(["each", "case", "crate"]),
    st.booleans(),
)


@given(st.lists(orders, max_size=12), st.randoms())
def test_each_order_has_exactly_one_home_in_whatever_order_it_came(
    some: list[Order], random: object
) -> None:
    """Same records, same plan."""
    once = {order.id: order for order in some}
    chosen = list(once.values())
    plan = plan_orders(snapshot(*chosen), policy())
    random.shuffle(chosen)  # type: ignore[attr-defined]

    assert sorted(once) == sorted(decision.order for decision in plan.decisions)
    assert plan == plan_orders(snapshot(*chosen), policy())
    for decision in plan.decisions:
        assert decision.home is decision.capture.home
        assert (decision.command is not None) == (decision.home is Home.POSTED)
        assert bool(decision.reasons) == (decision.home is not Home.POSTED)
    assert len(plan.commands) == len(plan.at(Home.POSTED))
    assert plan.summary().startswith(f"{len(once)} orders: {len(plan.commands)} to post")


def test_a_posting_carries_what_will_be_sent() -> None:
    """And its warnings."""
    decision = decide(an_order(discounts=(OrderDiscount("1", amount=Decimal(5)),)))

    assert decision.command is not None
    assert decision.command.intent_hash == decision.capture.intent_hash
    assert [w.code for w in decision.warnings] == [ReasonCode.DISCOUNT_NOT_SENT]


def test_first_totals_are_frozen() -> None:
    """A later reading shows other totals; what was captured stays."""
    before = a_capture(gross=Decimal(20), home=Home.WAITING)
    decision = decide(an_order(total_value=Decimal(24)), captures={SEVEN: before})

    assert Decimal(20) == decision.capture.gross
    assert decision.capture.first_read == EARLIER
    assert decision.capture.last_read == NOW


def test_a_later_reading_replaces_an_earlier_one() -> None:
    """Within one batch."""
    old, new = an_order(), an_order(updated_at=NOW, internal_status="cancelled")

    assert Home.CANCELLED is decide_all(old, new)[0].home
    assert Home.CANCELLED is decide_all(new, old)[0].home


def decide_all(*some: Order) -> tuple[OrderDecision, ...]:
    return plan_orders(snapshot(*some), policy()).decisions


@pytest.mark.parametrize("state", [EntryState.CLAIMED, EntryState.RESENT, EntryState.DOUBT])
def test_what_is_in_doubt_belongs_to_recovery(state: EntryState) -> None:
    """No command, whatever the order says now."""
    decision = decide(an_order(), states={SEVEN: state}, captures={SEVEN: a_capture()})

    assert (decision.home, decision.command) == (Home.IN_DOUBT, None)


def accepted(order: Order, **changes: Any) -> OrderDecision:
    first = decide(an_order()).capture
    return decide(order, states={SEVEN: EntryState.ACCEPTED}, captures={SEVEN: first}, **changes)


def test_what_was_accepted_is_for_ever() -> None:
    """Cancelled, unmapped or edited later: it stays posted and is never sent again."""
    for order in (
        an_order(),
        an_order(internal_status="cancelled"),
        an_order(customer=OroCustomerId("4")),
        an_order(lines=(a_line(quantity=Decimal(9)),)),
    ):
        decision = accepted(order)
        assert (decision.home, decision.command) == (Home.POSTED, None)


def test_edits_after_posting_are_never_silent() -> None:
    """Another intent, other lines that cannot be mapped, or a late split."""
    edited, split = ReasonCode.EDITED_AFTER_POSTING, ReasonCode.SPLIT_AFTER_POSTING

    assert accepted(an_order(total_value=Decimal(1))).warnings == ()
    assert accepted(an_order(), tables=tables(links={})).warnings == ()
    for order, code in (
        (an_order(customer=None), edited),
        (an_order(lines=(a_line(quantity=Decimal(3)),)), edited),
        (an_order(internal_status="cancelled"), ReasonCode.CANCELLED_AFTER_POSTING),
        (an_order(sub_orders=(OroOrderId("8"),)), split),
    ):
        assert [code] == [warning.code for warning in accepted(order).warnings]


def test_both_versions_stand_side_by_side() -> None:
    """Of lines what differs; of everything else that it does, for names stay out of records."""
    (lines,) = accepted(an_order(lines=(a_line(quantity=Decimal(3)),))).warnings
    (price,) = accepted(an_order(lines=(evolve(a_line(), value=Decimal("9.50")),))).warnings
    (other,) = accepted(an_order(shipping_address=an_address(city="Else"))).warnings
    (again,) = accepted(an_order(shipping_address=an_address(city="There"))).warnings

    agreed = a_line().value
    assert agreed is not None
    each = f"{agreed.normalize():f}"
    assert lines.detail.startswith(f"posted: 2 each of B at {each}; now: 3 each of B at {each} (")
    assert price.detail.startswith(f"posted: 2 each of B at {each}; now: 2 each of B at 9.5 (")
    assert other.detail.startswith("an address, a reference, a note")
    assert "Else" not in other.detail
    assert other != again


def test_a_cancellation_that_was_seen_is_not_undone_by_itself() -> None:
    """A reading that shows it open again is held; a person retries or dismisses it."""
    before = a_capture(home=Home.CANCELLED)
    decision = decide(an_order(), captures={SEVEN: before})
    reopened = record(ReasonCode.REOPENED)
    was_held = a_capture(home=Home.HELD)

    assert (decision.home, decision.command) == (Home.HELD, None)
    assert [reason.code for reason in decision.reasons] == [ReasonCode.REOPENED]
    again = decide(an_order(), captures={SEVEN: was_held}, held={SEVEN: reopened})
    assert (again.home, again.command) == (Home.HELD, None)
    wanted = evolve(reopened, retry=True)
    for capture in (before, was_held):
        assert decide(an_order(), captures={SEVEN: capture}, held={SEVEN: wanted}).command
    cancelled = an_order(internal_status="cancelled")
    assert Home.CANCELLED is decide(cancelled, captures={SEVEN: before}).home


def test_a_repost_has_the_next_number_and_a_reference_of_its_own() -> None:
    """What was accepted under the first one is another entry."""
    released = {SEVEN: EntryState.RELEASED}
    first = decide(an_order(), states=released).command
    second = decide(an_order(), states=released, suffixes={SEVEN: 1}).command

    assert first is not None
    assert second is not None
    assert (first.suffix, second.suffix) == (0, 1)
    assert first.order.number[:-1] + "1" == second.order.number
    assert (first.order.reference, second.order.reference) == ("ORO-7", "ORO-7.1")


def unread(**changes: Any) -> UnreadOrder:
    faults = ("orders/7: invalid value @ $.total_value", "orders/7: required field @ $.lines")
    made = UnreadOrder(SEVEN, Unread("orders/7", faults), (LineDemand(*EACH, Decimal(4)),))
    return evolve(made, **changes)


def test_an_order_that_cannot_be_read_is_held_with_every_fault() -> None:
    """Its totals are not stated, its lines are in flight; the rest of the batch goes on."""
    other = an_order(id=OroOrderId("8"), identifier="8")
    plan = plan_orders(snapshot(other, unread=(unread(),)), policy())
    (held,) = plan.at(Home.HELD)

    assert [reason.code for reason in held.reasons] == [ReasonCode.UNREADABLE_ORDER] * 2
    assert (held.capture.gross, held.capture.currency, held.capture.readable) == (None, "", False)
    assert (held.capture.created_at, held.capture.lines) == (NOW, unread().lines)
    assert len(plan.commands) == 1
    dated = unread(record=evolve(unread().record, created_at=EARLIER))
    (known,) = plan_orders(snapshot(unread=(dated,)), policy()).decisions
    assert known.capture.created_at == EARLIER


def test_totals_are_frozen_at_the_first_reading_that_can_be_read() -> None:
    """An order held as unreadable is captured afresh once it can be read."""
    (held,) = plan_orders(snapshot(unread=(unread(),)), policy()).decisions
    decision = decide(an_order(), captures={SEVEN: held.capture})

    assert decision.command is not None
    assert (decision.capture.gross, decision.capture.currency) == (Decimal("24.0000"), "GBP")
    assert decision.capture.readable


@pytest.mark.parametrize("home", list(Home))
def test_a_reading_that_fails_takes_no_order_out_of_a_home_for_good(home: Home) -> None:
    """Posted, in doubt, dismissed, cancelled and ignored stay; what is open is held."""
    before = a_capture(home=home, lines=(LineDemand(*EACH, Decimal(1)),))
    change = {"captures": {SEVEN: before}, "unread": (unread(lines=()),)}
    (decision,) = plan_orders(snapshot(**change), policy()).decisions
    is_open = home in (Home.WAITING, Home.HELD)

    assert decision.home is (Home.HELD if is_open else home)
    assert decision.capture.lines == before.lines
    assert decision.capture.gross == before.gross
    assert bool(decision.reasons) is is_open


def test_what_can_be_read_wins_over_what_cannot() -> None:
    """Of one order in one batch."""
    (decision,) = plan_orders(snapshot(an_order(), unread=(unread(),)), policy()).decisions

    assert decision.command is not None
    vanished = snapshot(unread=(unread(),), vanished=(SEVEN,))
    assert len(plan_orders(vanished, policy()).decisions) == 1


def test_an_accepted_order_without_capture_is_still_posted() -> None:
    """A store that lost its captures does not send again."""
    decision = decide(an_order(), states={SEVEN: EntryState.ACCEPTED})

    assert (decision.home, decision.command, decision.warnings) == (Home.POSTED, None, ())


def test_a_released_claim_may_be_posted_again() -> None:
    """It was certainly not taken."""
    assert decide(an_order(), states={SEVEN: EntryState.RELEASED}).command is not None


def test_what_prima_refused_waits_for_a_person() -> None:
    """What our tables refused is mapped afresh each time."""
    refused = record(ReasonCode.PRIMA_REFUSED)

    assert Home.HELD is decide(an_order(), held={SEVEN: refused}).home
    assert decide(an_order(), held={SEVEN: evolve(refused, retry=True)}).command is not None
    assert decide(an_order(), held={SEVEN: record(ReasonCode.UNKNOWN_UNIT)}).command is not None
    cancelled = an_order(internal_status="cancelled")
    assert Home.CANCELLED is decide(cancelled, held={SEVEN: refused}).home


def test_what_was_dismissed_stays_dismissed() -> None:
    """By a person, with a note."""
    gone = record(ReasonCode.UNKNOWN_UNIT, state=RecordState.DISMISSED)

    assert Home.DISMISSED is decide(an_order(), held={SEVEN: gone}).home


def test_a_deleted_order_is_held() -> None:
    """Unless it was read after all; an id that is no number sorts first."""
    taken: OrderSnapshot = snapshot(
        an_order(),
        vanished=(OroOrderId("8"), SEVEN),
        captures={OroOrderId("8"): a_capture("8")},
    )
    plan = plan_orders(taken, policy())

    assert [(d.order, d.home) for d in plan.decisions] == [("7", Home.POSTED), ("8", Home.HELD)]
    assert [r.code for r in plan.decisions[1].reasons] == [ReasonCode.VANISHED]
    odd = plan_orders(snapshot(an_order(), an_order(id=OroOrderId("x"))), policy())
    assert [decision.order for decision in odd.decisions] == ["x", "7"]


def test_planning_again_after_applying_changes_nothing() -> None:
    """No command, no other home."""
    first = plan_orders(snapshot(an_order(), an_order(id=OroOrderId("8"), customer=None)), policy())
    captures = {decision.order: decision.capture for decision in first.decisions}
    again = plan_orders(
        snapshot(
            an_order(),
            an_order(id=OroOrderId("8"), customer=None),
            captures=captures,
            states={SEVEN: EntryState.ACCEPTED},
        ),
        policy(),
    )

    assert again.commands == ()
    assert captures == {decision.order: decision.capture for decision in again.decisions}


def test_waiting_is_a_home() -> None:
    """Too young now, posted later."""
    young = an_order(created_at=NOW - timedelta(seconds=1))

    assert Home.WAITING is decide(young).home
    later = evolve(snapshot(young), now=NOW + timedelta(minutes=1), tables=tables())
    assert len(plan_orders(later, policy()).commands) == 1


def test_every_reason_is_explained() -> None:
    """Meaning, owner and fix, for the manual."""
    for code in ReasonCode:
        info = explain_reason(code)
        assert info.meaning.endswith((".", ";"))
        assert info.owner
        assert info.fix
