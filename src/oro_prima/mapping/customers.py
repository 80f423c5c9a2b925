"""
Customer organisation -> account: by an approved link or not at all; there is no default, ever.

The account that pays may be inherited from the organisation above; where the goods go never is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from attrs import frozen

from oro_prima.ids import OroCustomerId, PrimaAccount
from oro_prima.mapping.recorder import SILENT, Recorder
from oro_prima.mapping.tables import AccountFacts, AccountState, Tables
from oro_prima.outcome import Mapped, Outcome, Unmapped, unmapped
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.records import Link


class Inherit(StrEnum):
    """Whose account an organisation without a link of its own orders on."""

    OWN = "own"
    """Its own, or none."""
    PARENT = "parent"
    """That of the nearest organisation above it that has a link."""


class SharedAccounts(StrEnum):
    """Whether several organisations may have links to one account."""

    REFUSE = "refuse"
    ALLOW = "allow"


class StoppedAccount(StrEnum):
    """What happens to orders of an account that is stopped."""

    HOLD = "hold"
    """They are held here."""
    HOLD_IN_PRIMA = "hold-in-prima"
    """They are posted on hold, for Prima's credit control to release."""


class UnknownShipTo(StrEnum):
    """What happens to a ship-to address of a customer with numbered ones that is none of them."""

    SEND = "send"
    """It is sent in words, without a number."""
    HOLD = "hold"


@frozen
class AccountPolicy:
    """
    Who pays for an order, and where it goes.

    Attributes:
        inherit: Whose account an organisation without a link orders on.
        shared: Whether several organisations may have links to one account.
        stopped: What happens to orders of a stopped account.
        unknown_ship_to: What happens to a ship-to that is none of the numbered addresses.
    """

    inherit: Inherit = Inherit.OWN
    shared: SharedAccounts = SharedAccounts.REFUSE
    stopped: StoppedAccount = StoppedAccount.HOLD
    unknown_ship_to: UnknownShipTo = UnknownShipTo.SEND


@frozen
class ResolvedAccount:
    """
    The account that an order is billed to.

    `link` is the one that says so; `inherited` that it is of an organisation above, whose delivery
    number does not count. `on_stop` means that the order is posted on hold.
    """

    link: Link
    inherited: bool = False
    on_stop: bool = False


NOTHING_KNOWN = AccountFacts()


def resolve_account(
    customer: OroCustomerId | None,
    tables: Tables,
    policy: AccountPolicy,
    *,
    currency: str | None,
    vat_inclusive: bool,
    subject: str,
    to: Recorder = SILENT,
) -> Outcome[ResolvedAccount]:
    """
    Resolve the account that orders of a customer are billed to, every fault of it at once.

    Args:
        customer: The organisation that orders.
        tables: Approved links, organisations above, what is known of accounts.
        policy: What the business decides.
        currency: The order's.
        vat_inclusive: Whether the prices that are sent hold VAT.
        subject: Path of the order.
        to: Who wants to know why.

    Source: RULES §9; what is not known of an account cannot be checked (`unknown_facts`).
    """
    if customer is None:
        return unmapped(ReasonCode.NO_CUSTOMER, subject, "no customer")
    link = _nearest_link(customer, tables, policy, to)
    if link is None:
        detail = f"customer {customer} has no approved link"
        cause = f"customers/{customer}"
        return unmapped(ReasonCode.CUSTOMER_NOT_LINKED, subject, detail, cause=cause)
    facts = tables.accounts.get(link.account, NOTHING_KNOWN)
    if to is not SILENT:
        _record_facts(link, facts, to)
    reasons = tuple(_against(link, facts, tables, policy, currency, vat_inclusive, subject))
    if reasons:
        return Unmapped(reasons)
    to.gave(link.account)
    on_stop = facts.state is AccountState.STOPPED
    return Mapped(ResolvedAccount(link, link.customer != customer, on_stop))


def _nearest_link(
    customer: OroCustomerId, tables: Tables, policy: AccountPolicy, to: Recorder
) -> Link | None:
    """Find the customer's own link, else by policy that of the nearest one above."""
    own = tables.links.get(customer)
    if own is not None and to is SILENT:
        return own
    for one in ancestors(customer, tables.parents):
        link = tables.links.get(one)
        if link is not None:
            to.row("links", one, account=link.account, approved_by=link.approved_by)
            return link
        to.row("links", one)
        if policy.inherit is Inherit.OWN:
            to.refused("the organisation above", "accounts.inherit is {}", policy.inherit.value)
            return None
    return None


def ancestors(
    customer: OroCustomerId, parents: Mapping[OroCustomerId, OroCustomerId]
) -> Iterable[OroCustomerId]:
    """
    Yield a customer and those above it, nearest first; a ring is walked once.

    >>> above = {OroCustomerId("9"): OroCustomerId("3"), OroCustomerId("3"): OroCustomerId("9")}
    >>> list(ancestors(OroCustomerId("9"), above))
    ['9', '3']
    """
    seen: set[OroCustomerId] = set()
    here: OroCustomerId | None = customer
    while here is not None and here not in seen:
        seen.add(here)
        yield here
        here = parents.get(here)


def _against(
    link: Link,
    facts: AccountFacts,
    tables: Tables,
    policy: AccountPolicy,
    currency: str | None,
    vat_inclusive: bool,
    subject: str,
) -> Iterable[Reason]:
    """Yield why an account cannot take an order, as far as that is known."""
    cause, account = f"customers/{link.customer}", link.account
    if link.company != tables.company:
        detail = f"the link is of company {link.company}, orders go to {tables.company}"
        yield Reason(ReasonCode.OTHER_COMPANY, subject, detail, cause)
    if link.customer in tables.links_changed:
        detail = f"what the link to {account} was approved on has changed"
        yield Reason(ReasonCode.LINK_CHANGED, subject, detail, cause)
    for known in dict.fromkeys((link.currency, facts.currency)):
        if known and known != currency:
            detail = f"order in {currency}, account {account} in {known}"
            yield Reason(ReasonCode.CURRENCY_MISMATCH, subject, detail, cause)
    if (not vat_inclusive) in (link.vat_inclusive, facts.vat_inclusive):
        detail = f"account {account} has prices {_basis(not vat_inclusive)}"
        yield Reason(ReasonCode.VAT_BASIS_MISMATCH, subject, detail, cause)
    if facts.state is AccountState.CLOSED:
        yield Reason(ReasonCode.ACCOUNT_CLOSED, subject, f"account {account} is closed", cause)
    if facts.state is AccountState.STOPPED and policy.stopped is StoppedAccount.HOLD:
        yield Reason(ReasonCode.ACCOUNT_STOPPED, subject, f"account {account} is stopped", cause)


def _basis(inclusive: bool) -> str:
    return "with VAT" if inclusive else "without VAT"


def unknown_facts(link: Link, facts: AccountFacts = NOTHING_KNOWN) -> tuple[str, ...]:
    """
    Name what nobody knows of an account, so that no report promises that it was checked.

    >>> from datetime import UTC, datetime
    >>> from oro_prima.ids import PrimaCompany
    >>> at = datetime(2031, 5, 4, tzinfo=UTC)
    >>> link = Link(OroCustomerId("3"), PrimaAccount("TRADE1"), PrimaCompany("1"), "Kim", at, "")
    >>> unknown_facts(link, AccountFacts(currency="GBP"))
    ('state', 'VAT basis')
    """
    known = {
        "state": facts.state is not None,
        "currency": bool(facts.currency or link.currency),
        "VAT basis": facts.vat_inclusive is not None or link.vat_inclusive is not None,
    }
    return tuple(name for name, is_known in known.items() if not is_known)


def link_faults(links: Iterable[Link], policy: AccountPolicy) -> tuple[str, ...]:
    """
    Return what is wrong with links as a whole.

    An organisation with two accounts, always; two organisations with one account, unless the policy
    shares accounts.
    """
    accounts: dict[OroCustomerId, set[PrimaAccount]] = {}
    customers: dict[PrimaAccount, set[OroCustomerId]] = {}
    for link in links:
        accounts.setdefault(link.customer, set()).add(link.account)
        customers.setdefault(link.account, set()).add(link.customer)
    faults = [
        f"customer {customer}: linked to {', '.join(sorted(some))}; expected one account"
        for customer, some in sorted(accounts.items())
        if len(some) > 1
    ]
    if policy.shared is SharedAccounts.ALLOW:
        return tuple(faults)
    faults += [
        f"account {account}: linked to customers {', '.join(sorted(some))}; "
        "accounts.shared = allow lets them share it"
        for account, some in sorted(customers.items())
        if len(some) > 1
    ]
    return tuple(faults)


def _record_facts(link: Link, facts: AccountFacts, to: Recorder) -> None:
    known = {"state": facts.state, "currency": facts.currency or link.currency}
    to.row("accounts", link.account, **{name: value for name, value in known.items() if value})
    unknown = unknown_facts(link, facts)
    if unknown:
        to.refused("a check of the account", "nobody knows its {}", unknown)
