"""Linked customers and Prima's accounts -> what is written, and what is known. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from attrs import evolve, field, frozen

from oro_prima.ids import OroCustomerId, PrimaAccount, PrimaPriceBook
from oro_prima.mapping.account_fields import (
    CustomerNow,
    CustomerPolicy,
    CustomerShould,
    Terms,
    delivery_drift,
    map_account,
)
from oro_prima.mapping.proposals import Organisation, changed_links
from oro_prima.mapping.tables import NO_BOOK
from oro_prima.plans.commands import AssignPriceList, MovePriceList, SetCustomer
from oro_prima.prima.models.account import Account
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.records import Link

ACCOUNTS, LIMIT = "customers/accounts", "customers/changes"
"""Subjects of what is said of an answer as a whole, and of too many changes."""


@frozen
class CustomerSnapshot:
    """
    All that a plan looks at, read once; `now` is the shop's.

    Attributes:
        customers: Linked customers as the shop shows them.
        organisations: What links were approved on, as the shop shows it now.
        accounts: Every account that Prima gave.
        numbers: The numbers that the table of deliveries gives a customer.
        terms: Prima's payment terms, and which of the shop's mean them.
        faults: What of Prima's answer cannot be read.
        let_go: A person lets more change than the limit.
        only: Customers that the run is of; None for all. The answer is judged as a whole.
    """

    now: datetime
    links: Mapping[OroCustomerId, Link]
    customers: tuple[CustomerNow, ...] = ()
    organisations: tuple[Organisation, ...] = ()
    accounts: tuple[Account, ...] = ()
    numbers: Mapping[OroCustomerId, tuple[str, ...]] = field(
        factory=dict[OroCustomerId, tuple[str, ...]]
    )
    terms: Terms = field(factory=dict[str, tuple[str, ...]])
    faults: tuple[str, ...] = ()
    let_go: bool = False
    only: frozenset[OroCustomerId] | None = None


@frozen
class SeenAccount:
    """What Prima says of an account that orders depend on; nothing personal."""

    code: PrimaAccount
    on_stop: bool
    currency: str
    vat_inclusive: bool
    credit_limit: Decimal | None = None
    balance: Decimal | None = None
    price_book: PrimaPriceBook = NO_BOOK


@frozen
class KnownAccounts:
    """What Prima said of linked accounts; orders count on it until an instant of the shop's."""

    until: datetime
    accounts: tuple[SeenAccount, ...]


@frozen
class ChangedLinks:
    """Links that were approved on something that has changed, each as it was approved."""

    approved: tuple[tuple[OroCustomerId, datetime], ...]


CustomerCommand = SetCustomer | AssignPriceList | MovePriceList


@frozen
class CustomerPlan:
    """
    What is written, what is known, and what waits for a person.

    Attributes:
        commands: By customer; empty where more would change than may.
        seen: Linked accounts, where the answer is believed.
        changed: Customers whose links were approved on something that has changed.
        reasons: By the subject of their record, as a path; none is resolved that is named here.
        refused: The answer is not believed, or its changes are too many; nothing is written.
    """

    commands: tuple[CustomerCommand, ...]
    seen: tuple[SeenAccount, ...]
    changed: tuple[OroCustomerId, ...]
    reasons: tuple[Reason, ...]
    refused: bool
    customers_read: int
    customers_right: int

    def summary(self) -> str:
        """Return one line a person reads at a glance."""
        stopped = sum(one.on_stop for one in self.seen)
        text = (
            f"customers: {self.customers_read} linked, {self.customers_right} as Prima says, "
            f"{len(self.commands)} changes, {stopped} on stop, {len(self.changed)} links changed"
        )
        return f"{text}; nothing is written, see the reasons" if self.refused else text


def plan_customers(snapshot: CustomerSnapshot, policy: CustomerPolicy) -> CustomerPlan:
    """
    Decide what is written of linked customers.

    An answer that holds too few of the linked accounts is believed in nothing.
    """
    accounts = {one.code: one for one in snapshot.accounts}
    links = snapshot.links
    absent = {one for one, link in links.items() if link.account not in accounts}
    changed = changed_links(links.values(), snapshot.organisations)
    reasons = [*_unread(snapshot), *changed]
    known = tuple(OroCustomerId(one.subject.partition("/")[2]) for one in changed)
    if not _is_whole(len(absent), len(links), policy):
        detail = f"{len(links) - len(absent)} of {len(links)} linked accounts are there"
        reasons.append(Reason(ReasonCode.ACCOUNTS_INCOMPLETE, ACCOUNTS, detail))
        whole = CustomerPlan((), (), known, tuple(reasons), True, len(links), 0)
        return _of_scope(whole, (), snapshot)
    reasons += [_unknown(one, links[one]) for one in sorted(absent)]
    should = [
        map_account(one, accounts[links[one.customer].account], policy, terms=snapshot.terms)
        for one in sorted(snapshot.customers, key=lambda one: (len(one.customer), one.customer))
        if one.customer in links and links[one.customer].account in accounts
    ]
    pairs = [(one, accounts[link.account]) for one, link in links.items() if one not in absent]
    reasons += [reason for one in should for reason in one.reasons]
    reasons += delivery_drift(pairs, snapshot.numbers)
    plan = CustomerPlan(
        commands=tuple(command for one in should for command in _commands(one, policy)),
        seen=tuple(_seen(snapshot, accounts)),
        changed=known,
        reasons=tuple(reasons),
        refused=False,
        customers_read=len(should),
        customers_right=sum(not one.changes for one in should),
    )
    return _of_scope(_within_limit(plan, snapshot, policy), should, snapshot)


def _of_scope(
    plan: CustomerPlan, should: Sequence[CustomerShould], snapshot: CustomerSnapshot
) -> CustomerPlan:
    """Take out what is said of other customers; what is said of the answer as a whole stays."""
    only = snapshot.only
    if only is None:
        return plan
    accounts = {link.account for one, link in snapshot.links.items() if one in only}
    subjects = {ACCOUNTS, LIMIT, *(f"customers/{one}" for one in only)}
    mine = [one for one in should if one.customer in only]
    return evolve(
        plan,
        commands=tuple(one for one in plan.commands if one.customer in only),
        seen=tuple(one for one in plan.seen if one.code in accounts),
        changed=tuple(one for one in plan.changed if one in only),
        reasons=tuple(one for one in plan.reasons if one.subject in subjects),
        customers_read=len(mine),
        customers_right=sum(not one.changes for one in mine),
    )


def _is_whole(absent: int, linked: int, policy: CustomerPolicy) -> bool:
    return linked - absent >= policy.min_share * linked


def _within_limit(
    plan: CustomerPlan, snapshot: CustomerSnapshot, policy: CustomerPolicy
) -> CustomerPlan:
    """Take the commands out where they are too many; what was learned of accounts stays."""
    wrong, linked = plan.customers_read - plan.customers_right, len(snapshot.links)
    if snapshot.let_go or policy.limit.allows(wrong, of=linked):
        return plan
    detail = policy.limit.told(wrong, of=linked)
    reason = Reason(ReasonCode.CHANGES_OUTSIDE_LIMIT, LIMIT, detail)
    return evolve(plan, commands=(), reasons=(*plan.reasons, reason), refused=True)


def _unread(snapshot: CustomerSnapshot) -> Iterator[Reason]:
    if snapshot.faults:
        detail = "; ".join(snapshot.faults[:5])
        more = f" and {len(snapshot.faults) - 5} more" if len(snapshot.faults) > 5 else ""
        yield Reason(ReasonCode.ACCOUNT_UNREADABLE, ACCOUNTS, detail + more)


def _unknown(customer: OroCustomerId, link: Link) -> Reason:
    subject = f"customers/{customer}"
    detail = f"account {link.account} is not in Prima's answer"
    return Reason(ReasonCode.ACCOUNT_UNKNOWN, subject, detail, subject)


def _commands(one: CustomerShould, policy: CustomerPolicy) -> Iterator[CustomerCommand]:
    if one.group or one.payment_term or one.tax_code:
        yield SetCustomer(one.customer, one.group or "", one.payment_term or "", one.tax_code or "")
    if one.assign is not None:
        yield AssignPriceList(one.customer, one.assign, policy.sort_order)
    if one.move is not None:
        yield MovePriceList(one.customer, *one.move)


def _seen(
    snapshot: CustomerSnapshot, accounts: Mapping[PrimaAccount, Account]
) -> Iterator[SeenAccount]:
    for code in sorted({link.account for link in snapshot.links.values()} & accounts.keys()):
        one = accounts[code]
        yield SeenAccount(
            code,
            one.on_stop,
            one.currency,
            one.vat_inclusive,
            one.credit_limit,
            one.balance,
            one.price_book,
        )
