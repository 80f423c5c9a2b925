"""Report A: every captured order beside what Prima has of it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from oro_prima.mapping.totals import shipping_cost
from oro_prima.reconcile.ageing import hours
from oro_prima.reconcile.reports.facts import BookedOrder, Frame
from oro_prima.reconcile.table import Cell, Table, columns_of
from oro_prima.values import local_date

COLUMNS = columns_of("""
organisation text The shop's organisation.
website text Where the order was placed.
oro_order_id text Its id in the shop.
oro_identifier text Its number in the shop.
po_number text The customer's own reference.
captured_at_utc instant When it was created in the shop.
captured_date_london date The same as a day of the books.
currency text Currency of all its figures.
lines count Lines when it was last read.
base_qty quantity Base units of all lines.
net money Gross less VAT, as captured.
discount money Discount as captured.
shipping money Shipping as the shop shows it.
vat money VAT as captured.
gross money Total as captured.
idempotency_key text The key under which it is posted at most once.
prima_company text Prima's company.
prima_account text The account it was sent to.
prima_order_no text Its number in Prima.
posted_at_utc instant When it was settled as accepted.
state text Its home.
reason_code text Why it is there.
attempts count How often it was sent.
age_hours hours Hours since it was created.
owner text Who acts.
next_action text What is to be done.
""")

NO_DISCOUNT = (
    "discount is not stated: the shop's own figures of it are stale or leave percent discounts out"
)
NO_WEBSITE = "website is not stated: it was not read"


def order_match(orders: Iterable[BookedOrder], frame: Frame) -> Table:
    """
    Return report A, by order id as a number; mains stand in it with their home.

    VAT and net are stated only where the shop's rows of them add up to the stored total.
    """
    ordered = sorted(orders, key=lambda one: int(one.capture.order))
    notes = [f"orders created {frame.period}", NO_DISCOUNT]
    if any(one.website is None for one in ordered):
        notes.append(NO_WEBSITE)
    rows = tuple(_row(one, frame) for one in ordered)
    return Table("order-match", "A  Order match", COLUMNS, rows, tuple(notes))


def _row(one: BookedOrder, frame: Frame) -> tuple[Cell, ...]:
    captured = one.capture
    return (
        *(frame.organisation, one.website, captured.order, captured.identifier),
        one.order.po_number or "" if one.order else None,
        *(captured.created_at, local_date(captured.created_at, frame.zone), captured.currency),
        *(len(captured.lines), one.base_quantity, one.net, None, _shipping(one)),
        *(captured.vat, captured.gross),
        *_in_prima(one, frame),
        *(captured.home.value, one.reason, one.entry.attempt if one.entry else 0),
        *(hours(captured.created_at, frame.now), one.owner, one.next_action),
    )


def _in_prima(one: BookedOrder, frame: Frame) -> tuple[Cell, ...]:
    entry = one.entry
    if entry is None:
        return ("", frame.company, "", "", "")
    posted = one.posted_at or ""
    account = entry.settled_account or entry.account
    return (entry.key, frame.company, account, entry.number, posted)


def _shipping(one: BookedOrder) -> Decimal | None:
    return shipping_cost(one.order) if one.order else None
