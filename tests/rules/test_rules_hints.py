"""Hints of webhooks: one look a record, bounded, in order, tried again so often and no oftener."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from oro_prima.mapping import (
    Hint,
    HintPolicy,
    Hints,
    Noted,
    Waiting,
    due_hints,
    hint_again,
    next_hint,
    note_hint,
    resolve_hint,
    without_hints,
)
from oro_prima.records import Flow
from tests.rules.making import NOW

SECOND = timedelta(seconds=1)
hints = st.builds(Hint, st.sampled_from([Flow.ORDERS, Flow.CUSTOMERS]), st.integers(1, 9).map(str))
policies = st.builds(
    HintPolicy, most=st.integers(1, 5), tries=st.integers(0, 4), again=st.just(4 * SECOND)
)


@pytest.mark.parametrize(
    ("topic", "key", "hint"),
    [
        ("order.created", "7", Hint(Flow.ORDERS, "7")),
        ("order.updated", "7", Hint(Flow.ORDERS, "7")),
        ("order.deleted", "7", Hint(Flow.ORDERS, "7")),
        ("order.payment_status_updated", "7", Hint(Flow.ORDERS, "7")),
        ("order.payment_status_updated.7", "7", Hint(Flow.ORDERS, "7")),
        ("order.updated.70", "7", None),
        ("customer.updated", "7", Hint(Flow.CUSTOMERS, "7")),
        ("order.shipped", "7", None),
        ("order", "7", None),
        ("order.", "7", None),
        ("", "7", None),
        ("orders.created", "7", None),
        ("product.updated", "7", None),
        ("customer_user.updated", "7", None),
        ("order.created", "", None),
        ("order.created", "07", None),
        ("order.created", "0", None),
        ("order.created", "7x", None),
        ("order.created", "-7", None),
        ("order.created", "٧", None),
        ("order.created", "9" * 18, Hint(Flow.ORDERS, "9" * 18)),
        ("order.created", "9" * 19, None),
    ],
)
def test_a_topic_leads_to_a_flow_or_nowhere(topic: str, key: str, hint: Hint | None) -> None:
    """What is unknown is no concern of ours."""
    assert resolve_hint(topic, key=key) == hint


def test_a_shop_may_name_its_types_otherwise() -> None:
    """Then only those are known."""
    kinds = {"salesorder": Flow.ORDERS}

    assert resolve_hint("salesorder.created", key="7", kinds=kinds) == Hint(Flow.ORDERS, "7")
    assert resolve_hint("order.created", key="7", kinds=kinds) is None


@given(st.text(), st.text())
@example("order.updated.", "7")
def test_any_topic_and_key_can_be_looked_at(topic: str, key: str) -> None:
    """Nothing but digits is ever handed on."""
    found = resolve_hint(topic, key=key)

    assert found is None or (found.record == key and int(key) > 0 and str(int(key)) == key)


@given(st.lists(st.tuples(hints, st.integers(0, 9)), max_size=15), policies)
def test_each_record_waits_once_and_no_more_than_may(
    some: list[tuple[Hint, int]], policy: HintPolicy
) -> None:
    """The first come is the first looked at; what is full takes no other."""
    waiting, taken = Hints(), list[Hint]()
    for hint, seconds in some:
        now = NOW + seconds * SECOND
        before = waiting
        waiting, noted = note_hint(waiting, hint, now=now, policy=policy)
        if noted is Noted.NOTED:
            taken.append(hint)
        assert (noted is Noted.KNOWN) == (hint in before.waiting)
        assert (noted is Noted.FULL) == (waiting == before and hint not in before.waiting)
        assert noted is not Noted.FULL or len(before.waiting) == policy.most

    assert list(waiting.waiting) == taken
    assert len(taken) <= policy.most
    late = NOW + timedelta(minutes=1)
    found = [h for flow in Flow for h in due_hints(waiting, now=late, flow=flow, most=99)]
    assert set(found) == set(taken)
    assert (
        due_hints(waiting, now=late, flow=Flow.ORDERS, most=1)
        == tuple(hint for hint in taken if hint.flow is Flow.ORDERS)[:1]
    )
    assert without_hints(waiting, found) == Hints()


def test_news_of_one_that_waits_for_another_look_bring_it_forward() -> None:
    """And never back; how often it was looked at counts on."""
    hint, policy = Hint(Flow.ORDERS, "7"), HintPolicy()
    later = Hints({hint: Waiting(NOW + 9 * SECOND, 2)})
    sooner, noted = note_hint(later, hint, now=NOW, policy=policy)
    same, _noted = note_hint(sooner, hint, now=NOW + SECOND, policy=policy)

    assert noted is Noted.KNOWN
    assert sooner.waiting[hint] == same.waiting[hint] == Waiting(NOW, 2)


def test_what_is_not_due_is_not_looked_at() -> None:
    """To the second; of its own flow alone; the next one is known."""
    order, customer = Hint(Flow.ORDERS, "7"), Hint(Flow.CUSTOMERS, "7")
    waiting = Hints({order: Waiting(NOW + SECOND), customer: Waiting(NOW)})

    assert due_hints(waiting, now=NOW, flow=Flow.ORDERS, most=9) == ()
    assert due_hints(waiting, now=NOW + SECOND, flow=Flow.ORDERS, most=9) == (order,)
    assert due_hints(waiting, now=NOW + SECOND, flow=Flow.ORDERS, most=0) == ()
    assert next_hint(waiting) == NOW
    assert next_hint(Hints()) is None
    assert without_hints(waiting, {order}) == Hints({customer: Waiting(NOW)})


@given(hints, policies)
def test_what_is_not_there_yet_is_looked_at_so_often(hint: Hint, policy: HintPolicy) -> None:
    """After pauses that double; then it is left to the flow's own run."""
    waiting, looked, now, pauses = Hints(), 0, NOW, list[timedelta]()
    waiting, _noted = note_hint(waiting, hint, now=now, policy=policy)
    left: tuple[Hint, ...] = ()
    while waiting.waiting:
        now = waiting.waiting[hint].due
        missed = waiting.waiting[hint]
        looked += 1
        waiting, left = hint_again(
            without_hints(waiting, {hint}), [(hint, missed)], now=now, policy=policy
        )
        pauses += [one.due - now for one in waiting.waiting.values()]

    assert looked == max(1, policy.tries)
    assert left == (hint,)
    assert pauses == [policy.again * 2**n for n in range(looked - 1)]


def test_pauses_do_not_grow_for_ever() -> None:
    """Ten doublings."""
    hint, policy = Hint(Flow.ORDERS, "7"), HintPolicy(tries=99, again=SECOND)
    dues = [
        hint_again(Hints(), [(hint, Waiting(NOW, tries))], now=NOW, policy=policy)[0]
        .waiting[hint]
        .due
        for tries in (9, 10, 11, 90)
    ]

    assert [due - NOW for due in dues] == [n * SECOND for n in (512, 1024, 1024, 1024)]


def test_one_that_came_in_meanwhile_waits_already() -> None:
    """Afresh; and where too many wait, what was missed is left."""
    hint, other = Hint(Flow.ORDERS, "7"), Hint(Flow.ORDERS, "8")
    fresh = Hints({hint: Waiting(NOW)})
    policy = HintPolicy(most=1)
    same, none = hint_again(fresh, [(hint, Waiting(NOW, 4))], now=NOW, policy=policy)
    full, left = hint_again(fresh, [(other, Waiting(NOW))], now=NOW, policy=policy)

    both, _left = hint_again(
        fresh, [(hint, Waiting(NOW)), (other, Waiting(NOW))], now=NOW, policy=HintPolicy()
    )

    assert (same, none) == (fresh, ())
    assert list(both.waiting) == [hint, other]
    assert (full, left) == (fresh, (other,))


def test_what_is_said_by_default() -> None:
    """As the settings say it, too."""
    assert HintPolicy() == HintPolicy(1000, 5, timedelta(seconds=5))
    assert [one.value for one in Noted] == ["noted", "known", "full"]
