"""Report B: every posted order beside what Prima invoiced and credited of it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from oro_prima.mapping.tax.compare import DifferenceClass
from oro_prima.mapping.tax.documents import Amounts
from oro_prima.reconcile.reports.billing import Bill
from oro_prima.reconcile.reports.facts import Frame
from oro_prima.reconcile.table import Cell, Table, columns_of

COLUMNS = columns_of("""
order_ref text The order's id in the shop; empty where no order of ours is meant.
prima_order_no text Its number in Prima.
invoice_no text Numbers of its invoices and credits.
invoice_date date Date of the last of them.
tax_point date When VAT is due; not stated, for no capability gives it.
period text Months of their dates.
order_net money Net as captured.
order_vat money VAT as captured.
order_gross money Gross as captured.
invoiced_net money Net that the invoices state.
invoiced_vat money VAT that they state.
invoiced_gross money Gross that they state.
credited_net money Net that the credits state, above 0.
credited_vat money VAT that they state.
credited_gross money Gross that they state.
variance_net money Invoiced less credited less captured.
variance_vat money The same of VAT.
variance_gross money The same of gross.
variance_pct percent The gross variance in percent of the captured gross.
tolerance_used money What rounding alone can make of the gross, by both sides' policies.
class text Why both differ, the largest share first.
explained_amount money What the classes explain of the gross variance.
unexplained_amount money What they leave of it.
status text Whether both tie, and what is to be looked at where they do not.
currency text Currency of the order; of the invoices where there is no order.
""")

TIES = "ties"
WITHIN = "ties within rounding"
EXPLAINED = "explained"
OPEN = "unexplained"
UNBOUND = "not available: invoice is unbound"
NO_TAX_POINT = "tax_point is not stated: Prima's invoices have one date"


def order_to_invoice(bills: Iterable[Bill] | None, frame: Frame) -> Table:
    """
    Return report B, what does not tie first, the largest gap first.

    `bills` is None where no capability shows invoices: the report says so and has no row.
    """
    title = "B  Order to invoice"
    if bills is None:
        return Table("order-to-invoice", title, COLUMNS, (), (UNBOUND,))
    some = sorted(bills, key=_rank)
    waiting = sum(not one.invoices for one in some)
    notes = (
        f"orders created {frame.period}",
        f"{sum(one.ties for one in some)} of {len(some)} tie; {waiting} have no invoice yet",
        NO_TAX_POINT,
    )
    return Table("order-to-invoice", title, COLUMNS, tuple(map(_row, some)), notes)


def status_of(bill: Bill) -> str:
    """Return one of the words of the status column, or why both were not compared."""
    if not bill.ties:
        return bill.why or OPEN
    if not any(bill.variance):
        return TIES
    only = set(bill.classes) <= {DifferenceClass.ROUNDING}
    return WITHIN if only and bill.classes else EXPLAINED


def _rank(bill: Bill) -> tuple[bool, Decimal, int, str]:
    """Return what rows are sorted by: the largest gap first, then as orders came in."""
    gap, order = bill.unexplained, _reference(bill)
    return bill.ties, -abs(gap if gap is not None else Decimal(0)), len(order), order


def _reference(bill: Bill) -> str:
    return bill.order.capture.order if bill.order else ""


def _row(bill: Bill) -> tuple[Cell, ...]:
    documents = bill.invoices
    last = documents[-1].date if documents else ""
    gross = bill.captured[2]
    return (
        *(_reference(bill), _number(bill), ", ".join(one.number for one in documents), last),
        *(
            None if documents else "",
            ", ".join(dict.fromkeys(f"{x.date:%Y-%m}" for x in documents)),
        ),
        *bill.captured,
        *_amounts(bill.invoiced, bill.plain),
        *_amounts(bill.credited, documents),
        *(bill.variance if documents else ("", "", "")),
        *(_percent(bill.variance[2], gross) if documents else "",),
        *(bill.bound.gross if bill.bound else None if documents else "",),
        *(", ".join(bill.classes), *_explained(bill), status_of(bill), _currency(bill)),
    )


def _number(bill: Bill) -> str:
    entry = bill.order.entry if bill.order else None
    if entry is not None:
        return entry.known_as
    return bill.invoices[0].order if bill.invoices else ""


def _currency(bill: Bill) -> str:
    return bill.currency or ", ".join(sorted({one.currency for one in bill.invoices}))


def _amounts(amounts: Amounts, documents: tuple[object, ...]) -> tuple[Cell, Cell, Cell]:
    return (amounts.net, amounts.vat, amounts.gross) if documents else ("", "", "")


def _explained(bill: Bill) -> tuple[Cell, Cell]:
    return (bill.explained, bill.unexplained) if bill.invoices else ("", "")


def _percent(gap: Decimal | None, whole: Decimal | None) -> Decimal | None:
    return None if gap is None or not whole else gap * 100 / whole
