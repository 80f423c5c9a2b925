"""Explanations of whole questions: the same rules as ever, run with a recorder."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from oro_prima.ids import OroCustomerId
from oro_prima.mapping.customers import resolve_account
from oro_prima.mapping.eligibility import eligible
from oro_prima.mapping.explain import Explanation, Recorder, Tree, Versions, version_of
from oro_prima.mapping.orders import map_order
from oro_prima.mapping.policy import OrderPolicy, PriceCheck
from oro_prima.mapping.price_check import Books, check_prices
from oro_prima.mapping.tables import Tables
from oro_prima.oro.models.orders import Order
from oro_prima.outcome import Mapped
from oro_prima.prima.models.orders import PrimaOrder


def explain_order(
    order: Order,
    tables: Tables,
    policy: OrderPolicy,
    *,
    suffix: int = 0,
    now: datetime | None = None,
    versions: Versions | None = None,
    books: Books | None = None,
) -> Explanation:
    """
    Say what becomes of an order, field by field, or every reason why nothing does.

    Order, tables, policy and suffix are as for `map_order`; with `now` it is said first whether the
    order is ours yet. `versions` are those of the tables (`table_versions`) by name. `books` are
    Prima's price books, where the policy has prices checked: each line is shown on both sides.
    """
    inputs = {"order": order.id, "lines": len(order.lines), "currency": order.currency}
    tree = Tree("orders.map_order", dict(versions or {}), inputs=inputs)
    if now is not None:
        _record_home(order, policy, now=now, to=tree)
    match map_order(order, tables, policy, suffix=suffix, to=tree):
        case Mapped(made):
            if policy.price_check is not PriceCheck.INTENT_ONLY:
                check_prices(order, made.account, tables, policy, books=books or {}, to=tree)
            tree.gave(_told(made))
        case refused:
            tree.gave(refused)
    return tree.explanation()


def _record_home(order: Order, policy: OrderPolicy, *, now: datetime, to: Recorder) -> None:
    step = to.step("orders.eligible", created=order.created_at, status=order.internal_status)
    found = eligible(order, now=now, policy=policy)
    if found.reason is not None:
        step.refused("posting it now", f"{found.reason.code}: {found.reason.detail}")
    step.gave(found.home)


def _told(order: PrimaOrder) -> str:
    """Name what is sent without anything personal."""
    held = ", on hold" if order.on_hold else ""
    asked = ", to approval" if order.to_approval else ""
    charges = "".join(f", {charge.code} {charge.value}" for charge in order.charges)
    return f"{order.number} on {order.account}, {len(order.lines)} lines{charges}{held}{asked}"


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


def table_versions(tables: Tables) -> dict[str, str]:
    """Return the version of every table that holds rows, by its name."""
    named: tuple[tuple[str, Iterable[object]], ...] = (
        ("links", tables.links.items()),
        ("units", tables.units.items()),
        ("charges", tables.charges.items()),
        ("parents", tables.parents.items()),
        ("accounts", tables.accounts.items()),
        ("deliveries", tables.deliveries.items()),
        ("carriers", tables.carriers.items()),
        ("payment_terms", tables.payment_terms.items()),
        ("surcharges", tables.surcharges.items()),
        ("sales", tables.sales.items()),
    )
    return {name: version_of(rows) for name, rows in named if rows}
