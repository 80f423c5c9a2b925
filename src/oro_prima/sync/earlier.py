"""What rules about earlier orders look at: asked for where a rule wants it, and only then."""

from __future__ import annotations

from attrs import evolve

from oro_prima.call import each
from oro_prima.mapping.policy import Duplicates, OrderPolicy
from oro_prima.oro.calls.orders import list_orders_by_po_number
from oro_prima.oro.models.orders import Order
from oro_prima.plans.snapshots import OrderSnapshot
from oro_prima.records import EntryState
from oro_prima.sync.run import FlowRun

NUMBERS = 50
"""Purchase order numbers in one question."""


def with_earlier(run: FlowRun, snapshot: OrderSnapshot, policy: OrderPolicy) -> OrderSnapshot:
    """Add the accounts that ordered before, and other orders with the batch's order numbers."""
    snapshot = with_accounts(run, snapshot, policy)
    if policy.references.duplicates is Duplicates.ALLOW:
        return snapshot
    return evolve(snapshot, namesakes=_namesakes(run, snapshot))


def with_accounts(run: FlowRun, snapshot: OrderSnapshot, policy: OrderPolicy) -> OrderSnapshot:
    """
    Add the accounts that ordered before, as the store knows it.

    An account whose orders were all taken before the store was put into use has none here.
    """
    if not any(rule.first_order for rule in policy.holds):
        return snapshot
    entries = run.ports.store.entries((EntryState.ACCEPTED,))
    known = frozenset(entry.account for entry in entries)
    return evolve(snapshot, tables=evolve(snapshot.tables, ordered_before=known))


def _namesakes(run: FlowRun, snapshot: OrderSnapshot) -> tuple[Order, ...]:
    """Read orders of the shop that share a purchase order number with one of this batch."""
    numbers = sorted({(order.po_number or "").strip() for order in snapshot.orders})
    asked = [number for number in numbers if number and "," not in number]
    here = {order.id for order in snapshot.orders}
    found: list[Order] = []
    for start in range(0, len(asked), NUMBERS):
        call = list_orders_by_po_number(run.features, numbers=asked[start : start + NUMBERS])
        found.extend(order for order in each(run.ports.shop, call) if order.id not in here)
        run.keep_lease()
    return tuple(found)
