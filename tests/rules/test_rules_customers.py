"""Accounts: by an approved link or not at all; who pays may be inherited, where it goes never."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve
from hypothesis import example, given
from hypothesis import strategies as st

from oro_prima.ids import OroCustomerId, PrimaAccount, PrimaCompany
from oro_prima.mapping import (
    AccountFacts,
    AccountPolicy,
    AccountState,
    Inherit,
    Mapped,
    NumberedAddress,
    Outcome,
    ResolvedAccount,
    SharedAccounts,
    StoppedAccount,
    Tables,
    UnknownShipTo,
    Unmapped,
    delivery_number,
    eligible,
    explain_account,
    explanation_text,
    link_faults,
    map_order,
    resolve_account,
    unknown_facts,
)
from oro_prima.mapping.customers import ancestors
from oro_prima.mapping.deliveries import plain
from oro_prima.oro.models import OrderAddress
from oro_prima.outcome import reasons_of
from oro_prima.reasons import ReasonCode
from oro_prima.records import Home, Link
from tests.rules.making import COMPANY, NOW, a_link, an_address, an_order, policy, tables

R = ReasonCode
HEAD, BRANCH, SHOP = OroCustomerId("3"), OroCustomerId("31"), OroCustomerId("311")
TRADE1 = PrimaAccount("TRADE1")
ABOVE = {BRANCH: HEAD, SHOP: BRANCH}

customers = st.integers(1, 12).map(lambda n: OroCustomerId(str(n)))
accounts = st.sampled_from(["A1", "A2", "A3"]).map(PrimaAccount)
links = st.builds(
    lambda customer, account: a_link(customer=customer, account=account), customers, accounts
)
parents = st.dictionaries(customers, customers, max_size=8)


def resolved(
    customer: OroCustomerId | None,
    some: Tables,
    *,
    currency: str = "GBP",
    vat_inclusive: bool = False,
    **changes: Any,
) -> Outcome[ResolvedAccount]:
    return resolve_account(
        customer,
        some,
        AccountPolicy(**changes),
        currency=currency,
        vat_inclusive=vat_inclusive,
        subject="orders/7",
    )


def account_of(found: Outcome[ResolvedAccount]) -> PrimaAccount | None:
    return found.value.link.account if isinstance(found, Mapped) else None


def codes(found: Outcome[Any]) -> list[ReasonCode]:
    return [reason.code for reason in reasons_of(found)]


@given(st.lists(links, max_size=8), parents, customers, st.sampled_from(Inherit))
def test_an_account_comes_from_a_link_or_there_is_none(
    some: list[Link], above: dict[OroCustomerId, OroCustomerId], who: OroCustomerId, how: Inherit
) -> None:
    """Never a default; a link of one's own comes first; only those above can lend theirs."""
    pinned = {link.customer: link for link in some}
    found = resolved(who, tables(links=pinned, parents=above), inherit=how)
    line = list(ancestors(who, above))
    usable = line if how is Inherit.PARENT else line[:1]
    nearest = next((pinned[one] for one in usable if one in pinned), None)

    assert account_of(found) == (None if nearest is None else nearest.account)
    if isinstance(found, Mapped):
        assert found.value.inherited == (found.value.link.customer != who)
    else:
        assert codes(found) == [R.CUSTOMER_NOT_LINKED]


@given(st.lists(links, max_size=8), st.sampled_from(SharedAccounts))
def test_no_organisation_reaches_two_accounts(some: list[Link], shared: SharedAccounts) -> None:
    """And several share one only where the policy says so; linking twice is linking once."""
    rule = AccountPolicy(shared=shared)
    pairs = {(link.customer, link.account) for link in some}
    two = len({customer for customer, _account in pairs}) < len(pairs)
    many = len({account for _customer, account in pairs}) < len(pairs)
    found = link_faults(some, rule)

    assert bool(found) == (two or (many and shared is SharedAccounts.REFUSE))
    assert link_faults([*some, *some], rule) == found
    assert link_faults(reversed(some), rule) == found


@given(parents, customers)
@example({HEAD: HEAD}, HEAD)
def test_a_ring_of_parents_is_walked_once(
    above: dict[OroCustomerId, OroCustomerId], who: OroCustomerId
) -> None:
    """The nearest comes first, and nobody comes twice."""
    line = list(ancestors(who, above))

    assert line[0] == who
    assert len(line) == len(set(line))
    assert [above[one] for one in line[:-1]] == line[1:]


@pytest.mark.parametrize(
    ("facts", "link", "order", "expected"),
    [
        (AccountFacts(), {}, {}, []),
        (AccountFacts(AccountState.OPEN, "GBP", False), {"currency": "GBP"}, {}, []),
        (AccountFacts(AccountState.STOPPED), {}, {}, [R.ACCOUNT_STOPPED]),
        (AccountFacts(AccountState.CLOSED), {}, {}, [R.ACCOUNT_CLOSED]),
        (AccountFacts(currency="EUR"), {}, {}, [R.CURRENCY_MISMATCH]),
        (AccountFacts(currency="GBP"), {"currency": "EUR"}, {}, [R.CURRENCY_MISMATCH]),
        (AccountFacts(vat_inclusive=True), {}, {}, [R.VAT_BASIS_MISMATCH]),
        (AccountFacts(), {"vat_inclusive": True}, {}, [R.VAT_BASIS_MISMATCH]),
        (AccountFacts(), {"company": PrimaCompany("2")}, {}, [R.OTHER_COMPANY]),
        (
            AccountFacts(AccountState.STOPPED, "EUR", True),
            {"company": PrimaCompany("2")},
            {},
            [R.OTHER_COMPANY, R.CURRENCY_MISMATCH, R.VAT_BASIS_MISMATCH, R.ACCOUNT_STOPPED],
        ),
    ],
)
def test_an_account_that_cannot_take_the_order_is_refused_before_posting(
    facts: AccountFacts, link: dict[str, Any], order: dict[str, Any], expected: list[ReasonCode]
) -> None:
    """As far as anybody knows; every fault at once."""
    some = tables(links={HEAD: a_link(**link)}, accounts={TRADE1: facts})
    found = resolved(HEAD, some, **order)

    assert expected == codes(found)
    assert {reason.cause for reason in reasons_of(found)} <= {"customers/3"}


def test_a_currency_says_which_disagree() -> None:
    """So that somebody can correct the right one."""
    some = tables(
        links={HEAD: a_link(currency="GBP")}, accounts={TRADE1: AccountFacts(None, "EUR")}
    )
    found = resolved(HEAD, some)

    assert [r.detail for r in reasons_of(found)] == ["order in GBP, account TRADE1 in EUR"]
    dear = resolved(HEAD, tables(), vat_inclusive=True)
    assert reasons_of(dear) == ()
    some = tables(accounts={TRADE1: AccountFacts(vat_inclusive=False)})
    held = resolved(HEAD, some, vat_inclusive=True)
    assert [r.detail for r in reasons_of(held)] == ["account TRADE1 has prices without VAT"]


def test_a_stopped_account_may_be_prima_s_to_release() -> None:
    """Then the order is posted on hold."""
    some = tables(accounts={TRADE1: AccountFacts(AccountState.STOPPED)})
    found = resolved(HEAD, some, stopped=StoppedAccount.HOLD_IN_PRIMA)

    assert isinstance(found, Mapped)
    assert found.value.on_stop
    closed = tables(accounts={TRADE1: AccountFacts(AccountState.CLOSED)})
    assert codes(resolved(HEAD, closed, stopped=StoppedAccount.HOLD_IN_PRIMA)) == [R.ACCOUNT_CLOSED]


def test_an_order_waits_where_the_evidence_of_its_link_has_changed() -> None:
    """Of this link alone."""
    changed = frozenset({HEAD})
    (reason,) = reasons_of(resolved(HEAD, tables(links_changed=changed)))

    assert reason.code is R.LINK_CHANGED
    assert reason.cause == f"customers/{HEAD}"
    assert isinstance(
        resolved(HEAD, tables(links_changed=frozenset({OroCustomerId("77")}))), Mapped
    )


def test_what_nobody_knows_is_named() -> None:
    """A report does not promise what was not checked."""
    assert unknown_facts(a_link()) == ("state", "currency", "VAT basis")
    assert unknown_facts(a_link(currency="GBP", vat_inclusive=False)) == ("state",)
    known = AccountFacts(AccountState.OPEN, "GBP", True)
    assert unknown_facts(a_link(), known) == ()


def test_an_order_without_a_customer_has_no_account() -> None:
    """Nothing is assumed."""
    assert codes(resolved(None, tables())) == [R.NO_CUSTOMER]


# where the goods go


def number_of(
    customer: OroCustomerId,
    address: OrderAddress | None,
    some: Tables,
    **changes: Any,
) -> Outcome[str]:
    rule = AccountPolicy(inherit=Inherit.PARENT, **changes)
    account = resolve_account(
        customer, some, rule, currency="GBP", vat_inclusive=False, subject="orders/7"
    )
    assert isinstance(account, Mapped)
    return delivery_number(customer, address, account.value, some, rule, subject="orders/7")


ROWS = (
    NumberedAddress("1", "ZZ1 1ZZ", "1 Sample Street"),
    NumberedAddress("2", "zz11zz", "2 Sample Street"),
    NumberedAddress("5", "ZZ2 2ZZ"),
    NumberedAddress("9"),
)


@pytest.mark.parametrize(
    ("address", "number"),
    [
        (an_address(street="1, Sample STREET", postal_code="ZZ11ZZ"), "1"),
        (an_address(street="2 Sample Street"), "2"),
        (an_address(street="3 Sample Street"), ""),
        (an_address(street=None, postal_code="ZZ2-2ZZ"), "5"),
        (an_address(postal_code=None), ""),
        (None, "9"),
    ],
)
def test_a_ship_to_has_a_number_by_exact_evidence(
    address: OrderAddress | None, number: str
) -> None:
    """Postcode and street; without a ship-to the row without a postcode."""
    some = tables(deliveries={HEAD: ROWS})

    assert Mapped(number) == number_of(HEAD, address, some)


def test_a_ship_to_that_is_two_addresses_is_held() -> None:
    """Also where two rows serve orders without a ship-to."""
    rows = (*ROWS, NumberedAddress("6", "ZZ2 2ZZ"), NumberedAddress("8"))
    some = tables(deliveries={HEAD: rows})
    there = number_of(HEAD, an_address(postal_code="ZZ2 2ZZ"), some)

    assert codes(there) == [R.DELIVERY_AMBIGUOUS]
    assert [r.cause for r in reasons_of(there)] == ["customers/3"]
    assert codes(number_of(HEAD, None, some)) == [R.DELIVERY_AMBIGUOUS]


def test_an_address_without_parts_is_nowhere() -> None:
    """What is not there equals nothing."""
    some = tables(
        deliveries={HEAD: (NumberedAddress("7", "XX", "XX"), NumberedAddress("8", "YY", "XX"))}
    )
    bare = an_address(postal_code=None, street=None)

    assert number_of(HEAD, bare, some) == Mapped("")
    assert number_of(HEAD, evolve(bare, postal_code="YY"), some) == Mapped("")


def test_an_address_without_a_number_is_sent_in_words_or_held() -> None:
    """By policy, and only of a customer that has numbered ones."""
    some = tables(deliveries={HEAD: ROWS})
    strange = an_address(postal_code="ZZ9 9ZZ")
    held = number_of(HEAD, strange, some, unknown_ship_to=UnknownShipTo.HOLD)

    assert codes(held) == [R.DELIVERY_NOT_NUMBERED]
    assert Mapped("") == number_of(HEAD, strange, some)
    assert Mapped("") == number_of(HEAD, strange, tables(), unknown_ship_to=UnknownShipTo.HOLD)
    only_default = tables(deliveries={HEAD: (NumberedAddress("9"),)})
    sent = number_of(HEAD, strange, only_default, unknown_ship_to=UnknownShipTo.HOLD)
    assert Mapped("") == sent


def test_the_goods_of_a_branch_never_go_to_the_head_office() -> None:
    """Who pays is inherited; the delivery number of the link is not, one of its own counts."""
    some = tables(links={HEAD: a_link(deliv_addr_no="1", invc_addr_no="7")}, parents=ABOVE)
    own = tables(
        links=some.links, parents=ABOVE, deliveries={SHOP: (NumberedAddress("4"),), HEAD: ROWS}
    )

    assert Mapped("1") == number_of(HEAD, None, some)
    assert codes(number_of(SHOP, None, some)) == [R.NO_DELIVERY_ADDRESS]
    assert Mapped("4") == number_of(SHOP, None, own)
    order = an_order(customer=SHOP, shipping_address=None)
    rule = policy(accounts=AccountPolicy(inherit=Inherit.PARENT))
    match map_order(order, own, rule):
        case Mapped(sent):
            assert (sent.account, sent.deliv_addr_no, sent.invc_addr_no) == (TRADE1, "4", "7")
        case Unmapped(reasons):
            pytest.fail(str(reasons))


@given(st.text())
def test_plain_is_plain_once(text: str) -> None:
    """And blind to case, blanks and punctuation."""
    assert plain(plain(text)) == plain(text)
    assert plain(f" {text}-") == plain(text)


def test_orders_of_another_organisation_are_ignored_and_counted() -> None:
    """One that names none is not lost: its link decides."""
    rule = policy(organizations=frozenset({"1"}))
    homes = [
        eligible(an_order(organization=one), now=NOW, policy=rule).home for one in ("1", "2", None)
    ]

    assert homes == [Home.POSTED, Home.IGNORED, Home.POSTED]
    assert eligible(an_order(organization="2"), now=NOW, policy=policy()).home is Home.POSTED


# explained


def asked(customer: OroCustomerId, some: Tables, **changes: Any) -> list[str]:
    rule = policy(accounts=AccountPolicy(**changes))
    return explanation_text(
        explain_account(customer, some, rule, currency="GBP", versions={"links": "7f"})
    ).splitlines()


def test_an_account_is_explained_by_the_rule_itself() -> None:
    """Which links were looked for, what is known, what nobody knows."""
    some = tables(
        links={HEAD: a_link()}, parents=ABOVE, accounts={TRADE1: AccountFacts(None, "GBP")}
    )

    assert asked(SHOP, some, inherit=Inherit.PARENT) == [
        "customers.resolve_account (customer 311, currency GBP) = TRADE1",
        "  row links @7f[311]: no such row",
        "  row links @7f[31]: no such row",
        "  row links @7f[3]: account TRADE1, approved_by Kim",
        "  row accounts[TRADE1]: currency GBP",
        "  not a check of the account: nobody knows its state, VAT basis",
    ]
    assert asked(SHOP, some) == [
        "customers.resolve_account (customer 311, currency GBP) = "
        "customer-not-linked: customer 311 has no approved link",
        "  row links @7f[311]: no such row",
        "  not the organisation above: accounts.inherit is own",
    ]
    full = tables(accounts={TRADE1: AccountFacts(AccountState.OPEN, "GBP", False)})
    assert "nobody" not in str(asked(HEAD, full))


def test_the_company_of_the_tables_is_the_links() -> None:
    """The usual case says nothing."""
    assert tables().company == COMPANY
    assert codes(resolved(HEAD, tables())) == []
