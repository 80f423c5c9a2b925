"""Report C: what stands on one side only, how long, and who acts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from attrs import frozen

from oro_prima.ids import PrimaAccount
from oro_prima.mapping.totals import captured_gross
from oro_prima.oro.models.orders import Order
from oro_prima.reconcile.ageing import age_bucket
from oro_prima.reconcile.reports.facts import BookedOrder, Frame
from oro_prima.reconcile.table import Cell, Table, columns_of
from oro_prima.records import Home

COLUMNS = columns_of("""
side text Which side alone has it.
reference text The shop's order id, or Prima's number.
account text Prima's account, where known.
amount money Captured gross, or Prima's.
currency text Currency of the amount.
reason_code text Why it stands alone.
first_seen instant Since when it is known.
age_bucket text How old that is.
suggested_action text What is to be done.
owner text Who acts.
""")

OPEN = frozenset({Home.WAITING, Home.HELD, Home.IN_DOUBT})
"""Homes of orders that should reach Prima and have not, as far as we know."""


@frozen
class PrimaOnly:
    """Something of our number range or account that Prima shows and the shop does not."""

    reference: str
    account: PrimaAccount
    amount: Decimal | None
    currency: str
    first_seen: datetime
    kind: str = "order"


def unmatched(
    orders: Iterable[BookedOrder],
    frame: Frame,
    *,
    not_read: Iterable[Order] = (),
    prima_only: Iterable[PrimaOnly] | None = None,
) -> Table:
    """
    Return report C, oldest first.

    Args:
        orders: Captured orders; those that are settled, or mains, are left out.
        frame: Whose books.
        not_read: Orders that the shop shows and no run has read yet.
        prima_only: What Prima alone has; None where no capability shows it, which is said.
    """
    ours = [_ours(one, frame) for one in orders if one.capture.home in OPEN and not one.main]
    ours += [_unread(order, frame) for order in not_read]
    theirs = [_theirs(one, frame) for one in prima_only or ()]
    notes = [f"orders created {frame.period}"]
    if prima_only is None:
        notes.append("Prima only: not available, no capability that lists Prima's orders is bound")
    rows = sorted((*ours, *theirs), key=lambda row: (str(row[6]), str(row[1])))
    return Table("unmatched", "C  Unmatched", COLUMNS, tuple(rows), tuple(notes))


def _ours(one: BookedOrder, frame: Frame) -> tuple[Cell, ...]:
    captured = one.capture
    account = one.entry.account if one.entry else ""
    return (
        *("Oro only", captured.order, account, captured.gross, captured.currency, one.reason),
        *(captured.first_read, age_bucket(captured.first_read, frame.now)),
        *(one.next_action, one.owner),
    )


def _unread(order: Order, frame: Frame) -> tuple[Cell, ...]:
    return (
        *("Oro only", order.id, "", captured_gross(order), order.currency or ""),
        *("not-yet-read", order.created_at, age_bucket(order.created_at, frame.now)),
        *("none: the next run reads it", ""),
    )


def _theirs(one: PrimaOnly, frame: Frame) -> tuple[Cell, ...]:
    action = f"find out who made this {one.kind} in our number range"
    return (
        *("Prima only", one.reference, one.account, one.amount, one.currency, "number-taken"),
        *(one.first_seen, age_bucket(one.first_seen, frame.now), action, "finance"),
    )
