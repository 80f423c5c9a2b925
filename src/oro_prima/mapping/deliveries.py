"""Ship-to address -> the number that Prima knows it by: by exact evidence, or in words alone."""

from __future__ import annotations

from oro_prima.ids import OroCustomerId
from oro_prima.mapping.customers import AccountPolicy, ResolvedAccount, UnknownShipTo
from oro_prima.mapping.tables import NumberedAddress, Tables
from oro_prima.oro.models.orders import OrderAddress
from oro_prima.outcome import Mapped, Outcome, unmapped
from oro_prima.reasons import ReasonCode

IN_WORDS: Mapped[str] = Mapped("")
"""No number: the address is sent in words alone."""


def delivery_number(
    customer: OroCustomerId,
    address: OrderAddress | None,
    account: ResolvedAccount,
    tables: Tables,
    policy: AccountPolicy,
    *,
    subject: str,
) -> Outcome[str]:
    """
    Find the number of a delivery address; empty where the address is sent in words alone.

    Only the ordering customer's own numbers count: the goods of a branch never go to the head
    office because that pays. A ship-to that is two of them is held.
    """
    rows = tables.deliveries.get(customer, ())
    if address is not None and not rows:
        return IN_WORDS
    if address is None:
        found = [row.number for row in rows if not row.postcode]
        if not found and not account.inherited and account.link.deliv_addr_no:
            found = [account.link.deliv_addr_no]
    elif not any(row.postcode for row in rows):
        return IN_WORDS
    else:
        found = [row.number for row in rows if _is_at(row, address)]
    if len(set(found)) == 1:
        return Mapped(found[0])
    return _no_number(customer, address, found, policy, subject)


def _no_number(
    customer: OroCustomerId,
    address: OrderAddress | None,
    found: list[str],
    policy: AccountPolicy,
    subject: str,
) -> Outcome[str]:
    cause = f"customers/{customer}"
    if found:
        detail = f"numbers {', '.join(sorted(set(found)))} of customer {customer}"
        return unmapped(ReasonCode.DELIVERY_AMBIGUOUS, subject, detail, cause=cause)
    if address is None:
        detail = f"no ship-to, and the link of customer {customer} has no number"
        return unmapped(ReasonCode.NO_DELIVERY_ADDRESS, subject, detail, cause=cause)
    if policy.unknown_ship_to is UnknownShipTo.SEND:
        return IN_WORDS
    detail = f"none of the numbered addresses of customer {customer}"
    return unmapped(ReasonCode.DELIVERY_NOT_NUMBERED, subject, detail, cause=cause)


def _is_at(row: NumberedAddress, address: OrderAddress) -> bool:
    if not row.postcode or plain(row.postcode) != plain(address.postal_code or ""):
        return False
    return not row.street or plain(row.street) == plain(address.street or "")


def plain(text: str) -> str:
    """
    Reduce a text to its letters and digits, without case: the form in which evidence compares.

    >>> plain("zz1 1zz") == plain("ZZ1-1ZZ")
    True
    """
    return "".join(filter(str.isalnum, text.casefold()))
