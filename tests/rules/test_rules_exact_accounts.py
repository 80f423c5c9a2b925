"""Accounts to the letter: words of policies, what is told of an account, edges of proposals."""

from __future__ import annotations

from enum import StrEnum

import pytest
from attrs import evolve

from oro_prima.ids import OroCustomerId, PrimaAccount
from oro_prima.mapping import (
    NumberedAddress,
    OrderTest,
    RouteRule,
    explain_account,
    explanation_text,
    map_order,
)
from oro_prima.mapping.customers import (
    AccountPolicy,
    Inherit,
    ResolvedAccount,
    SharedAccounts,
    StoppedAccount,
    UnknownShipTo,
    resolve_account,
)
from oro_prima.mapping.proposals import (
    AccountCard,
    EvidenceKind,
    LinkEvidence,
    LinkProposal,
    Organisation,
    approve_proposal,
    changed_links,
    propose_links,
)
from oro_prima.mapping.tables import AccountFacts, AccountState
from oro_prima.outcome import Mapped, Unmapped
from tests.rules.making import COMPANY, EARLIER, a_link, an_address, an_order, policy, tables

ME, ABOVE, OTHER = (OroCustomerId(one) for one in "349")
ACCOUNT = PrimaAccount("TRADE1")


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (Inherit, "own parent"),
        (SharedAccounts, "refuse allow"),
        (StoppedAccount, "hold hold-in-prima"),
        (UnknownShipTo, "send hold"),
        (AccountState, "open stopped closed"),
        (EvidenceKind, "code,VAT number,postcode and name"),
    ],
)
def test_words_of_accounts_are_public(kind: type[StrEnum], words: str) -> None:
    """They stand in files of other people."""
    assert [member.value for member in kind] == words.split("," if "," in words else " ")


def test_what_is_not_said_of_an_account_is_this() -> None:
    """Its own link, no stop; what neither system shows is empty."""
    assert ResolvedAccount(a_link()) == ResolvedAccount(a_link(), inherited=False, on_stop=False)
    assert AccountPolicy() == AccountPolicy(
        Inherit.OWN, SharedAccounts.REFUSE, StoppedAccount.HOLD, UnknownShipTo.SEND
    )
    assert Organisation(ME) == Organisation(ME, "", "", "", ())
    assert AccountCard(ACCOUNT) == AccountCard(ACCOUNT, "", "", ())


def test_a_customer_without_a_link_names_what_to_mend() -> None:
    """The customer itself, whoever orders."""
    found = resolve_account(
        OTHER, tables(), AccountPolicy(), currency="GBP", vat_inclusive=False, subject="orders/7"
    )

    assert isinstance(found, Unmapped)
    assert [(r.subject, r.cause) for r in found.reasons] == [("orders/7", "customers/9")]


def test_an_account_tells_how_it_was_found() -> None:
    """Each organisation on the way up, what is known of the account, and what came out."""
    known = tables(
        links={ABOVE: a_link(customer=ABOVE)},
        parents={ME: ABOVE},
        accounts={ACCOUNT: AccountFacts(AccountState.OPEN, "GBP", vat_inclusive=False)},
    )
    rules = policy(accounts=AccountPolicy(Inherit.PARENT))
    own = explain_account(ABOVE, known, rules, currency="GBP")
    up = explain_account(ME, known, rules, currency="GBP")
    none = explain_account(ME, known, policy(), currency="GBP")
    bare = explain_account(ABOVE, evolve(known, accounts={}), rules, currency=None)

    assert explanation_text(up).splitlines() == [
        "customers.resolve_account (customer 3, currency GBP) = TRADE1",
        "  row links[3]: no such row",
        "  row links[4]: account TRADE1, approved_by Kim",
        "  row accounts[TRADE1]: state open, currency GBP",
    ]
    assert explanation_text(own).splitlines()[1:] == explanation_text(up).splitlines()[2:]
    assert explanation_text(none).splitlines() == [
        "customers.resolve_account (customer 3, currency GBP) = "
        "customer-not-linked: customer 3 has no approved link",
        "  row links[3]: no such row",
        "  not the organisation above: accounts.inherit is own",
    ]
    assert explanation_text(bare).splitlines()[-2:] == [
        "  row accounts[TRADE1]: no such row",
        "  not a check of the account: nobody knows its state, currency, VAT basis",
    ]


def test_an_order_s_account_is_told_within_the_order() -> None:
    """The rule itself says what it gave."""
    told: list[object] = []

    class _Told:
        def step(self, rule: str, /, **inputs: object) -> _Told:
            del rule, inputs
            return self

        def row(self, table: str, key: object, /, **cells: object) -> None:
            told.append((table, key, cells))

        def refused(self, what: object, why: str, /, *values: object) -> None:
            told.append((what, why, values))

        def gave(self, result: object) -> None:
            told.append(result)

    found = resolve_account(
        ME, tables(), AccountPolicy(), currency="GBP", vat_inclusive=False, subject="x", to=_Told()
    )

    assert isinstance(found, Mapped)
    assert told == [
        ("links", ME, {"account": ACCOUNT, "approved_by": "Kim"}),
        ("accounts", ACCOUNT, {}),
        ("a check of the account", "nobody knows its {}", (("state", "currency", "VAT basis"),)),
        ACCOUNT,
    ]


def test_a_postcode_needs_a_name_and_a_name_a_postcode() -> None:
    """One of them alone is no evidence."""
    for shop, card in (
        (Organisation(ME, "Bell"), AccountCard(ACCOUNT, "Bell")),
        (Organisation(ME, "", postcodes=("ZZ1",)), AccountCard(ACCOUNT, "", postcodes=("ZZ1",))),
        (
            Organisation(ME, "Bell", postcodes=(" ",)),
            AccountCard(ACCOUNT, "Bell", postcodes=(" ",)),
        ),
    ):
        assert propose_links([shop], [card], {}) == ()
    both = propose_links(
        [Organisation(ME, "Bell", postcodes=("ZZ1",))],
        [AccountCard(ACCOUNT, "Bell", postcodes=("ZZ1",))],
        {},
    )
    assert [(one.account, one.score) for one in both] == [(ACCOUNT, 20)]


def test_an_approved_proposal_names_no_file_unless_it_came_from_one() -> None:
    """What it was approved on is pinned."""
    proposal = LinkProposal(ME, ACCOUNT, (LinkEvidence(EvidenceKind.CODE, "trade1"),), 50)
    link = approve_proposal(proposal, company=COMPANY, by="Kim", at=EARLIER)

    assert (link.source_hash, link.pinned) == ("", "code trade1")


def test_every_link_is_looked_at_and_each_says_what_changed() -> None:
    """By its kind; one that nothing is pinned on, or whose organisation is not shown, is skipped."""
    links = [
        a_link(customer=OroCustomerId("1")),
        a_link(customer=OroCustomerId("2"), pinned="code gone"),
        a_link(customer=OroCustomerId("5"), pinned="VAT number 123"),
        a_link(customer=OroCustomerId("6"), pinned="something else"),
        a_link(customer=OroCustomerId("7"), pinned="VAT number 123456789"),
        a_link(customer=OroCustomerId("8"), pinned="code gone"),
    ]
    shown = [Organisation(OroCustomerId(one), "Bell", "code1", "9") for one in "1256"]
    shown += [Organisation(OroCustomerId("7"), vat_number="123456789")]
    found = changed_links(links, shown)

    assert [(reason.cause, reason.detail) for reason in found] == [
        ("customers/2", "the code that the link to TRADE1 was approved on has changed"),
        ("customers/5", "the VAT number that the link to TRADE1 was approved on has changed"),
        ("customers/6", "the field that the link to TRADE1 was approved on has changed"),
    ]


def test_a_ship_to_without_a_street_is_at_no_row_that_names_one() -> None:
    """Nor one without a postcode."""
    rows = {ME: (NumberedAddress("1", "ZZ1 1ZZ", "XX"), NumberedAddress("2", "XX"))}
    known = tables(deliveries=rows)
    hold = AccountPolicy(unknown_ship_to=UnknownShipTo.HOLD)
    found = [
        map_order(an_order(shipping_address=address), known, policy(accounts=hold))
        for address in (
            an_address(street=None),
            an_address(postal_code=None),
            an_address(street="XX"),
        )
    ]

    assert [isinstance(one, Mapped) for one in found] == [False, False, True]


def test_a_route_that_says_another_thing_is_passed_over() -> None:
    """The next one that says a channel decides it."""
    rules = (
        RouteRule(OrderTest(), warehouse="W1"),
        RouteRule(OrderTest(), channel="WEB"),
        RouteRule(OrderTest(), channel="NEVER", warehouse="NEVER"),
    )
    made = map_order(an_order(), tables(), policy(routes=rules))

    assert isinstance(made, Mapped)
    assert (made.value.channel, made.value.lines[0].warehouse) == ("WEB", "W1")
