"""Report E: what lay between two steps at the cut-off instant."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal

from attrs import frozen

from oro_prima.ids import OroOrderId, PrimaAccount, PrimaCompany
from oro_prima.reconcile.table import Cell, Table, columns_of, total

COLUMNS = columns_of("""
cut_off instant The instant that is looked at.
what text Between which two steps.
company text Prima's company.
customer text Prima's account; empty where the order has none yet.
currency text Currency of the figures.
count count Orders, or credit notes.
net money Their net as captured, or as credited.
vat money Their VAT.
""")


MOST_NAMED = 20
"""Orders that a note names."""


@frozen
class OrderLife:
    """
    When an order passed each step; None where it has not, or where nobody shows it.

    `credited_at` is the instant of a credit note that belongs to the period before the cut-off.
    """

    order: OroOrderId
    company: PrimaCompany
    account: PrimaAccount | None
    currency: str
    net: Decimal | None
    vat: Decimal | None
    captured_at: datetime
    posted_at: datetime | None = None
    despatched_at: datetime | None = None
    invoiced_at: datetime | None = None
    credited_at: datetime | None = None
    dropped: bool = False
    """Whether it will never be posted, being cancelled, ignored or dismissed."""
    despatch_unread: bool = False
    """Whether Prima says when it was sent, and that cannot be read."""


@frozen
class CutOffFacts:
    """The lives of orders, and which steps can be seen at all."""

    lives: tuple[OrderLife, ...]
    despatch_bound: bool
    invoice_bound: bool


_Test = Callable[[OrderLife, datetime], bool]


def _by(instant: datetime | None, cut: datetime) -> bool:
    return instant is not None and instant < cut


_STEPS: tuple[tuple[str, bool, bool, _Test], ...] = (
    ("captured-not-posted", False, False,
     lambda o, c: _by(o.captured_at, c) and not _by(o.posted_at, c) and not o.dropped),
    ("posted-not-shipped", True, False,
     lambda o, c: _by(o.posted_at, c) and not _by(o.despatched_at, c)),
    ("shipped-not-invoiced", True, True,
     lambda o, c: _by(o.despatched_at, c) and not _by(o.invoiced_at, c)),
    ("invoiced-not-shipped", True, True,
     lambda o, c: _by(o.invoiced_at, c) and not _by(o.despatched_at, c)),
    ("credited-next-period", False, True,
     lambda o, c: _by(o.invoiced_at, c) and o.credited_at is not None and o.credited_at >= c),
)  # fmt: skip


def cut_off(facts: CutOffFacts, *, at: datetime) -> Table:
    """
    Return report E at an instant: what happened before it counts, what happened at it does not.

    Steps that no capability shows are left out and named in the notes; so is, of the steps of
    despatch, an order of which that cannot be read.
    """
    rows: list[tuple[Cell, ...]] = []
    notes: list[str] = []
    for what, despatch, invoice, test in _STEPS:
        missing = _missing(facts, despatch=despatch, invoice=invoice)
        if missing:
            notes.append(f"{what}: not available: {missing}")
            continue
        seen = [one for one in facts.lives if not (despatch and one.despatch_unread)]
        rows += _grouped(what, (one for one in seen if test(one, at)), at)
    unread = sorted((one.order for one in facts.lives if one.despatch_unread), key=_by_number)
    if unread:
        notes.append(
            f"in no step of despatch, which cannot be read of them: {len(unread)} orders: "
            f"{', '.join(unread[:MOST_NAMED])}{', and more' if len(unread) > MOST_NAMED else ''}"
        )
    return Table("cut-off", "E  Cut-off", COLUMNS, tuple(rows), tuple(notes))


def _by_number(order: OroOrderId) -> tuple[int, str]:
    return len(order), order


def _missing(facts: CutOffFacts, *, despatch: bool, invoice: bool) -> str:
    names = [
        name
        for name, needed, bound in (
            ("despatch", despatch, facts.despatch_bound),
            ("invoice", invoice, facts.invoice_bound),
        )
        if needed and not bound
    ]
    return " and ".join(f"{name} is unbound" for name in names)


def _grouped(what: str, lives: Iterable[OrderLife], at: datetime) -> list[tuple[Cell, ...]]:
    groups: dict[tuple[str, str, str], list[OrderLife]] = {}
    for one in lives:
        groups.setdefault((one.company, one.account or "", one.currency), []).append(one)
    return [
        (at, what, *key, len(found), total(o.net for o in found), total(o.vat for o in found))
        for key, found in sorted(groups.items())
    ]
