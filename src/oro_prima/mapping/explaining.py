"""Explanations of whole questions: the same rules as ever, run with a recorder."""

from __future__ import annotations

from oro_prima.ids import OroCustomerId
from oro_prima.mapping.customers import resolve_account
from oro_prima.mapping.explain import Explanation, Tree, Versions
from oro_prima.mapping.policy import OrderPolicy
from oro_prima.mapping.tables import Tables
from oro_prima.outcome import Mapped


def explain_account(
    customer: OroCustomerId,
    tables: Tables,
    policy: OrderPolicy,
    *,
    currency: str | None,
    versions: Versions | None = None,
) -> Explanation:
    """
    Say which account orders of a customer in this currency go to, or every reason why none.

    Args:
        customer: The organisation that orders.
        tables: Approved links, organisations above, what is known of accounts.
        policy: What the business decides.
        currency: The order's.
        versions: Versions of the tables (`version_of`), by name: `links`, `accounts`.
    """
    inputs = {"customer": customer, "currency": currency}
    tree = Tree("customers.resolve_account", dict(versions or {}), inputs=inputs)
    found = resolve_account(
        customer,
        tables,
        policy.accounts,
        currency=currency,
        vat_inclusive=policy.vat_inclusive,
        subject=f"customers/{customer}",
        to=tree,
    )
    tree.gave(found.value.link.account if isinstance(found, Mapped) else found)
    return tree.explanation()
