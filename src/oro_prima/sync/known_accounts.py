"""What the customers flow learned of accounts and links, for the tables of orders."""

from __future__ import annotations

from collections.abc import Container, Mapping
from datetime import datetime

from attrs import evolve

from oro_prima.ids import OroCustomerId, PrimaAccount
from oro_prima.mapping.tables import NO_BOOK, AccountFacts, AccountState, Tables
from oro_prima.plans.customers import ChangedLinks, KnownAccounts, SeenAccount
from oro_prima.ports import Store
from oro_prima.records import Flow, Kept
from oro_prima.sync.keeping import recall

ACCOUNTS_KEPT, LINKS_KEPT = "known/accounts", "known/links"


def with_known_accounts(tables: Tables, kept: Mapping[str, Kept], *, now: datetime) -> Tables:
    """
    Return tables with what Prima said lately, and with the links that have changed.

    What is older than the policy trusts is not used. A link that was approved again since counts
    as approved.
    """
    known = recall(kept[ACCOUNTS_KEPT], KnownAccounts) if ACCOUNTS_KEPT in kept else None
    accounts = dict(tables.accounts)
    if known is not None and now <= known.until:
        for one in known.accounts:
            accounts[one.code] = facts_of(one, accounts.get(one.code))
    changed = recall(kept[LINKS_KEPT], ChangedLinks) if LINKS_KEPT in kept else ChangedLinks(())
    links = frozenset(
        customer
        for customer, approved_at in changed.approved
        if customer in tables.links and tables.links[customer].approved_at == approved_at
    )
    return evolve(tables, accounts=accounts, links_changed=links)


def merged_accounts(
    kept: Mapping[str, Kept], fresh: KnownAccounts, *, now: datetime
) -> KnownAccounts:
    """
    Return what is known of accounts with what was just read of some of them.

    Whatever else is known is trusted no longer than before, and so is what is new.
    """
    known = recall(kept[ACCOUNTS_KEPT], KnownAccounts) if ACCOUNTS_KEPT in kept else None
    if known is None or known.until < now:
        return fresh
    found = {one.code: one for one in (*known.accounts, *fresh.accounts)}
    return KnownAccounts(known.until, tuple(found[code] for code in sorted(found)))


def merged_links(
    kept: Mapping[str, Kept], fresh: ChangedLinks, *, of: Container[OroCustomerId]
) -> ChangedLinks:
    """Return the links that have changed: those `of` a scope as just read, others as known."""
    known = recall(kept[LINKS_KEPT], ChangedLinks) if LINKS_KEPT in kept else ChangedLinks(())
    others = tuple(one for one in known.approved if one[0] not in of)
    return ChangedLinks((*others, *fresh.approved))


def facts_of(seen: SeenAccount, known: AccountFacts | None) -> AccountFacts:
    """
    Return what is known of an account: the more careful of the table's state and Prima's.

    The rest is as Prima says it; its price book as the table does, where Prima's was not kept.
    """
    state = AccountState.STOPPED if seen.on_stop else AccountState.OPEN
    if known is not None and known.state in (AccountState.CLOSED, AccountState.STOPPED):
        state = known.state
    book = seen.price_book or (NO_BOOK if known is None else known.price_book)
    return AccountFacts(state, seen.currency, seen.vat_inclusive, book)


def known_accounts(store: Store) -> dict[PrimaAccount, SeenAccount]:
    """Return what Prima said of linked accounts when it was read last; empty before that."""
    kept = store.kept(Flow.CUSTOMERS, (ACCOUNTS_KEPT,)).get(ACCOUNTS_KEPT)
    if kept is None:
        return {}
    return {one.code: one for one in recall(kept, KnownAccounts).accounts}
