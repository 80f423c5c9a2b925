"""Customers by Prima's accounts: right once, nothing left to do, nothing beyond the limit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.ids import (
    OroCustomerGroupId,
    OroCustomerId,
    OroPriceListId,
    PrimaAccount,
    PrimaPriceBook,
)
from oro_prima.mapping import (
    CustomerField,
    CustomerNow,
    CustomerPolicy,
    Leeway,
    Organisation,
    map_account,
    terms_by_prima,
)
from oro_prima.oro.models.price_assignments import CustomerPriceList
from oro_prima.plans import (
    AssignPriceList,
    CustomerPlan,
    CustomerSnapshot,
    MovePriceList,
    SetCustomer,
    plan_customers,
)
from oro_prima.prima.models.account import Account, AccountAddress
from oro_prima.reasons import ReasonCode
from oro_prima.records import Link
from tests.rules.making import NOW, a_link

TERMS = {"30EOM": ("5",), "7D": ("6", "7")}
TRADE, RETAIL = PrimaPriceBook("TRADE"), PrimaPriceBook("RETAIL")
POLICY = CustomerPolicy(
    groups={"T": OroCustomerGroupId("3"), "R": OroCustomerGroupId("4")},
    tax_codes={"UK": "1", "EU": "2"},
    price_lists={TRADE: OroPriceListId("8"), RETAIL: OroPriceListId("9")},
)


def an_account(code: str = "A1", **changes: Any) -> Account:
    account = Account(
        PrimaAccount(code), "Sample", TRADE, False, "GBP", "30EOM", False, group="T", tax_code="UK"
    )
    return evolve(account, **changes)


def shown(customer: str = "1", **changes: Any) -> CustomerNow:
    return evolve(CustomerNow(OroCustomerId(customer)), **changes)


def assigned(key: str, price_list: str) -> CustomerPriceList:
    return CustomerPriceList(key, True, 1, None, OroPriceListId(price_list))


def snapped(*args: Any, **changes: Any) -> CustomerSnapshot:
    return evolve(CustomerSnapshot(*args, **changes), terms=TERMS)


accounts = st.builds(
    an_account,
    group=st.sampled_from(["T", "R", "", "X"]),
    tax_code=st.sampled_from(["UK", "EU", "", "X"]),
    terms=st.sampled_from(["30EOM", "7D", "", "X"]),
    price_book=st.sampled_from([TRADE, RETAIL, PrimaPriceBook("OTHER")]),
    on_stop=st.booleans(),
)
lists = st.lists(st.sampled_from(["8", "9", "50"]), max_size=4).map(
    lambda found: tuple(assigned(str(n), one) for n, one in enumerate(found))
)
customers = st.builds(
    shown,
    group=st.sampled_from([None, "3", "4"]),
    payment_term=st.sampled_from([None, "5", "6", "9"]),
    tax_code=st.sampled_from([None, "1", "2"]),
    lists=lists,
)
policies = st.builds(
    evolve,
    st.just(POLICY),
    writes=st.frozensets(st.sampled_from(CustomerField)),
    most=st.integers(0, 4),
    most_share=st.sampled_from([Decimal(0), Decimal("0.5"), Decimal(1)]),
)


@st.composite
def snapshots(draw: st.DrawFn) -> CustomerSnapshot:
    """Up to five linked customers, some whose account is gone."""
    count = draw(st.integers(0, 5))
    numbers = [str(n + 8) for n in range(count)]
    links = {
        OroCustomerId(n): a_link(customer=OroCustomerId(n), account=PrimaAccount(f"A{n}"))
        for n in numbers
    }
    there = [n for n in numbers if draw(st.integers(0, 5))]
    return snapped(
        NOW,
        links,
        customers=tuple(evolve(draw(customers), customer=OroCustomerId(n)) for n in numbers),
        accounts=tuple(evolve(draw(accounts), code=PrimaAccount(f"A{n}")) for n in there),
        let_go=draw(st.booleans()),
    )


def applied(snapshot: CustomerSnapshot, plan: CustomerPlan) -> CustomerSnapshot:
    """What the shop shows when everything was written."""
    now = {one.customer: one for one in snapshot.customers}
    for command in plan.commands:
        one = now[command.customer]
        match command:
            case SetCustomer():
                fields: Mapping[str, str] = {
                    "group": command.group,
                    "payment_term": command.payment_term,
                    "tax_code": command.tax_code,
                }
                for name, value in fields.items():
                    one = evolve(one, **{name: value or getattr(one, name)})  # type: ignore[arg-type]
            case AssignPriceList():
                one = evolve(one, lists=(*one.lists, assigned("new", command.price_list)))
            case MovePriceList():
                moved = [
                    evolve(row, price_list=command.price_list)
                    if row.id == command.assignment
                    else row
                    for row in one.lists
                ]
                one = evolve(one, lists=tuple(moved))
        now[command.customer] = one
    return evolve(snapshot, customers=tuple(now.values()))


@given(snapshots(), policies)
def test_once_it_is_written_nothing_is_left_to_do(
    snapshot: CustomerSnapshot, policy: CustomerPolicy
) -> None:
    """Whatever the shop showed, and however much of it is kept."""
    plan = plan_customers(snapshot, policy)
    again = plan_customers(applied(snapshot, plan), policy)

    assert again.commands == ()
    if not plan.refused:
        assert again.customers_right == again.customers_read
        assert again.reasons == plan.reasons


@given(snapshots(), policies)
def test_nothing_is_written_beyond_the_limit(
    snapshot: CustomerSnapshot, policy: CustomerPolicy
) -> None:
    """Unless a person lets it; and nothing where too few accounts are there."""
    plan = plan_customers(snapshot, policy)
    touched = {command.customer for command in plan.commands}
    present = {one.code for one in snapshot.accounts}
    linked = {link.account for link in snapshot.links.values()}

    if not snapshot.let_go:
        assert policy.limit.allows(len(touched), of=len(linked))
    if len(present & linked) < policy.min_share * len(linked):
        assert (plan.refused, plan.commands, plan.seen) == (True, (), ())
    assert {snapshot.links[one].account for one in touched} <= present
    written = {kind for command in plan.commands for kind in _written(command)}
    assert written <= policy.writes


def _written(command: Any) -> set[CustomerField]:
    if not isinstance(command, SetCustomer):
        return {CustomerField.PRICE_LIST}
    fields = {
        CustomerField.GROUP: command.group,
        CustomerField.PAYMENT_TERM: command.payment_term,
        CustomerField.TAX_CODE: command.tax_code,
    }
    return {name for name, value in fields.items() if value}


@given(snapshots(), policies)
def test_order_does_not_matter(snapshot: CustomerSnapshot, policy: CustomerPolicy) -> None:
    """Of customers and accounts."""
    turned = evolve(snapshot, customers=snapshot.customers[::-1], accounts=snapshot.accounts[::-1])

    assert plan_customers(turned, policy).commands == plan_customers(snapshot, policy).commands


@given(customers, accounts, policies)
def test_lists_of_no_book_are_left_alone(
    now: CustomerNow, account: Account, policy: CustomerPolicy
) -> None:
    """None is taken away, and at most one assignment of ours is moved."""
    should = map_account(now, account, policy, terms=TERMS)

    if should.move is not None:
        key, _wanted = should.move
        moved = next(one for one in now.lists if one.id == key)
        assert moved.price_list in set(policy.price_lists.values())
    assert should.assign is None or should.move is None


def test_a_new_customer_gets_everything() -> None:
    """Group, term, tax code and list, in as few writes as there can be."""
    snapshot = snapped(
        NOW,
        {OroCustomerId("1"): a_link(customer=OroCustomerId("1"), account=PrimaAccount("A1"))},
        (shown(),),
        (),
        (an_account(),),
    )
    plan = plan_customers(snapshot, POLICY)

    assert plan.commands == (
        SetCustomer(OroCustomerId("1"), "3", "5", "1"),
        AssignPriceList(OroCustomerId("1"), OroPriceListId("8"), 10),
    )
    assert plan.reasons == ()
    assert plan.summary() == (
        "customers: 1 linked, 0 as Prima says, 2 changes, 0 on stop, 0 links changed"
    )


def test_another_book_moves_the_assignment() -> None:
    """And a second list of another book is told, not taken away."""
    one = shown(lists=(assigned("7", "9"), assigned("8", "50")))
    moved = map_account(one, an_account(), POLICY, terms=TERMS)
    two = map_account(
        evolve(one, lists=(assigned("7", "9"), assigned("8", "9"))),
        an_account(),
        POLICY,
        terms=TERMS,
    )
    right = map_account(
        evolve(one, lists=(assigned("7", "8"), assigned("8", "9"))),
        an_account(),
        POLICY,
        terms=TERMS,
    )

    assert (moved.move, moved.reasons) == (("7", "8"), ())
    assert {r.subject for r in (*two.reasons, *right.reasons)} == {"customers/1"}
    links = {OroCustomerId("1"): a_link(customer=OroCustomerId("1"), account=PrimaAccount("A1"))}
    plan = plan_customers(snapped(NOW, links, (one,), accounts=(an_account(),)), POLICY)
    assert plan.commands[-1] == MovePriceList(OroCustomerId("1"), "7", OroPriceListId("8"))
    assert (two.assign, [r.code for r in two.reasons]) == ("8", [ReasonCode.PRICE_BOOK_DIFFERS] * 2)
    assert (right.assign, right.move) == (None, None)
    assert [r.code for r in right.reasons] == [ReasonCode.PRICE_BOOK_DIFFERS]


def test_codes_in_no_table_are_told_all_at_once() -> None:
    """A term that two of the shop's mean is one; a customer that has either is right."""
    account = an_account(group="X", tax_code="X", terms="7D", price_book=PrimaPriceBook("X"))
    should = map_account(shown(), account, POLICY, terms=TERMS)

    assert not should.changes
    assert {r.code for r in should.reasons} == {ReasonCode.CUSTOMER_CODE_NOT_MAPPED}
    assert {r.subject for r in should.reasons} == {"customers/1"}
    assert [r.cause for r in should.reasons] == [
        "groups/X", "tax-codes/X", "payment-terms/7D", "price-lists/X",
    ]  # fmt: skip
    assert len(map_account(shown(payment_term="7"), account, POLICY, terms=TERMS).reasons) == 3
    assert not map_account(shown(), account, CustomerPolicy(), terms={}).reasons


def test_an_account_that_is_gone_and_an_answer_that_is_not_whole() -> None:
    """One is told by its customer; too many, and nothing is believed."""
    links = {OroCustomerId(str(n)): a_link(customer=str(n), account=f"A{n}") for n in range(10)}
    some = tuple(an_account(f"A{n}", on_stop=n == 3) for n in range(9))
    whole = plan_customers(snapped(NOW, links, accounts=some), POLICY)
    broken = plan_customers(snapped(NOW, links, accounts=some[:8], faults=tuple("abcdefg")), POLICY)

    assert [(r.code, r.subject) for r in whole.reasons] == [
        (ReasonCode.ACCOUNT_UNKNOWN, "customers/9")
    ]
    assert [one.code for one in whole.seen if one.on_stop] == ["A3"]
    assert broken.refused
    assert "nothing is written" in broken.summary()
    assert [r.detail for r in broken.reasons] == [
        "a; b; c; d; e and 2 more",
        "8 of 10 linked accounts are there",
    ]


def test_too_many_changes_wait_for_a_person() -> None:
    """What was learned of accounts counts all the same; let go, all is written."""
    links = {OroCustomerId(str(n)): a_link(customer=str(n), account=f"A{n}") for n in range(3)}
    snapshot = snapped(
        NOW, links, tuple(shown(str(n)) for n in range(3)),
        accounts=tuple(an_account(f"A{n}") for n in range(3)),
    )  # fmt: skip
    policy = evolve(POLICY, most=2, most_share=Decimal("0.5"))
    plan = plan_customers(snapshot, policy)

    assert (plan.commands, plan.refused, len(plan.seen)) == ((), True, 3)
    assert plan.reasons[-1].detail == "3 of 3 would change; 2 may at once"
    assert len(plan_customers(evolve(snapshot, let_go=True), policy).commands) == 6


def test_a_link_that_changed_is_told() -> None:
    """By what it was approved on."""
    link: Link = a_link(customer=OroCustomerId("1"), account=PrimaAccount("A1"), pinned="code ACME")
    snapshot = snapped(
        NOW, {OroCustomerId("1"): link}, organisations=(Organisation(OroCustomerId("1"), code="OTHER"),),
        accounts=(an_account(),),
    )  # fmt: skip
    plan = plan_customers(snapshot, POLICY)

    assert plan.changed == ("1",)
    assert [r.code for r in plan.reasons] == [ReasonCode.LINK_CHANGED]


def test_numbered_addresses_that_prima_does_not_have() -> None:
    """Each row of the table is held against its account."""
    account = an_account(addresses=(AccountAddress("1"), AccountAddress("2")))
    snapshot = snapped(
        NOW, {OroCustomerId("1"): a_link(customer=OroCustomerId("1"), account=PrimaAccount("A1"))}, accounts=(account,),
        numbers={OroCustomerId("1"): ("2", "3"), OroCustomerId("9"): ("7",)},
    )  # fmt: skip

    (reason,) = plan_customers(snapshot, POLICY).reasons
    assert (reason.subject, reason.cause) == ("customers/1", "customers/1")
    assert reason.detail == "account A1 has no address 3"


@pytest.mark.parametrize(
    ("changes", "of", "allowed"), [(2, 0, True), (3, 0, False), (5, 10, True), (6, 10, False)]
)
def test_the_leeway_is_the_greater_of_both(changes: int, of: int, allowed: bool) -> None:
    """A count, or a share."""
    assert Leeway(2, Decimal("0.5")).allows(changes, of=of) is allowed


def test_terms_are_turned_round() -> None:
    """The term of orders that name none is not one that can be set."""
    assert terms_by_prima({"": "A", "1": "B", "2": "B", "3": "C"}) == {"B": ("1", "2"), "C": ("3",)}


def test_what_nobody_says() -> None:
    """How many customers may change at once, and how long a stop is believed."""
    policy = CustomerPolicy()

    assert (policy.most, policy.most_share) == (50, Decimal("0.1"))
    assert (policy.trust_for, policy.sort_order) == (timedelta(days=1), 10)
