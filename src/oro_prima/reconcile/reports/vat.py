"""Report D: VAT by rate on both sides, and how much of the gap rounding was predicted to make."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from attrs import frozen

from oro_prima.mapping.tax.compare import DifferenceClass, Statement, compare_totals
from oro_prima.mapping.tax.documents import NONE
from oro_prima.mapping.tax.predict import TaxPolicies, rates_of
from oro_prima.mapping.tax.reading import tax_order
from oro_prima.outcome import Mapped
from oro_prima.reconcile.reports.billing import NO_POLICIES, Bill, BillingRules
from oro_prima.reconcile.reports.facts import BookedOrder, Frame
from oro_prima.reconcile.table import Cell, Table, columns_of, less, total
from oro_prima.records import Home
from oro_prima.values import local_date

COLUMNS = columns_of("""
period text Month of the last invoice; of the order where invoices are not bound.
vat_rate text Rates in percent; several where an order has several, for each side states one VAT.
tax_code text Prima's codes of these rates.
oro_policy text How the shop rounds.
prima_policy text How Prima rounds.
net money Net that Prima states; as captured where invoices are not bound.
vat_oro money VAT as captured.
vat_prima money VAT that Prima states, credits taken off.
predicted_rounding_gap money What both policies make Prima's VAT differ by, order by order.
actual_gap money Prima's less the shop's.
unexplained money What no class explains of it.
orders_affected count Orders whose VAT differs.
currency text Currency of the figures.
""")

UNBOUND = "vat_prima and actual_gap are not stated: invoice is unbound"
SEVERAL = "orders of several rates stand in rows of their own: each side states one VAT an order"


@frozen
class _Part:
    """What one order adds to a row."""

    key: tuple[str, str, str, str]
    net: Decimal | None
    ours: Decimal | None
    theirs: Decimal | None
    predicted: Decimal | None
    unexplained: Decimal | None

    @property
    def gap(self) -> Decimal | None:
        return less(self.theirs, self.ours)


def vat_by_rate(
    bills: Sequence[Bill] | None,
    orders: Iterable[BookedOrder],
    frame: Frame,
    rules: BillingRules | None,
) -> Table:
    """
    Return report D, by period, rate and currency.

    Args:
        bills: Orders with what was invoiced of them; None where no capability shows invoices: then
            posted orders stand in it as captured, with the gap that is predicted.
        orders: Captured orders; only posted ones count.
        frame: Whose books.
        rules: None where nobody said how both sides compute.
    """
    posted = [one for one in orders if one.capture.home is Home.POSTED and not one.main]
    if bills is None:
        parts = [_captured(one, frame, rules) for one in posted]
    else:
        parts = [_billed(one, one.order, rules) for one in bills if one.order and one.invoices
                 and one.one_currency]  # fmt: skip
    groups: dict[tuple[str, str, str, str], list[_Part]] = {}
    for part in parts:
        groups.setdefault(part.key, []).append(part)
    rows = tuple(_row(key, groups[key], rules) for key in sorted(groups))
    return Table("vat", "D  VAT", COLUMNS, rows, tuple(_notes(bills, posted, frame, rules)))


def _notes(
    bills: Sequence[Bill] | None,
    posted: Sequence[BookedOrder],
    frame: Frame,
    rules: BillingRules | None,
) -> Iterable[str]:
    yield f"orders created {frame.period}"
    if bills is None:
        yield UNBOUND
    else:
        left = sum(not one.invoices for one in bills)
        yield f"{len(posted) - left} of {len(posted)} posted orders are invoiced and stand in it"
        others = sum(not one.one_currency for one in bills if one.order)
        if others:
            yield f"{others} orders are invoiced in another currency and do not"
    if rules is None:
        yield f"rates and predicted gaps are not stated: {NO_POLICIES}"
    else:
        yield SEVERAL


def _billed(bill: Bill, booked: BookedOrder, rules: BillingRules | None) -> _Part:
    parts = bill.comparison.parts if bill.comparison else ()
    rounding = (p.amounts.vat for p in parts if p.cause is DifferenceClass.ROUNDING)
    billed = bill.invoiced - bill.credited
    return _Part(
        (f"{bill.invoices[-1].date:%Y-%m}", *_rates(booked, rules), bill.currency),
        billed.net,
        booked.capture.vat,
        billed.vat,
        sum(rounding, NONE) if bill.comparison else None,
        bill.unexplained_vat,
    )


def _captured(booked: BookedOrder, frame: Frame, rules: BillingRules | None) -> _Part:
    day = local_date(booked.capture.created_at, frame.zone)
    return _Part(
        (f"{day:%Y-%m}", *_rates(booked, rules), booked.capture.currency),
        booked.net,
        booked.capture.vat,
        None,
        _predicted(booked, rules),
        None,
    )


def _rates(booked: BookedOrder, rules: BillingRules | None) -> tuple[str, str]:
    """Return the rates and Prima's codes of an order's goods and carriage; blank where unknown."""
    if rules is None or booked.order is None:
        return "", ""
    order = tax_order(booked.order, rules.tables)
    found = rates_of(order.value, rules.taxes) if isinstance(order, Mapped) else order
    if not isinstance(order, Mapped) or not isinstance(found, Mapped):
        return "", ""
    theirs = found.value[1]
    codes = {rate for line in order.value.lines for rate in theirs.of(line.tax_code)}
    codes |= set(theirs.shipping) if order.value.shipping else set()
    ordered = sorted(codes, key=lambda rate: (rate.rate, rate.code))
    percents = dict.fromkeys(f"{rate.rate * 100:.2f}" for rate in ordered)
    return " + ".join(percents), " + ".join(rate.code for rate in ordered)


def _predicted(booked: BookedOrder, rules: BillingRules | None) -> Decimal | None:
    """Return what rounding alone is predicted to make of the VAT; None where nobody can say."""
    if rules is None or booked.order is None:
        return None
    order = tax_order(booked.order, rules.tables)
    if not isinstance(order, Mapped):
        return None
    same = Statement(order.value)
    found = compare_totals(same, same, rules.taxes)
    return found.value.of(DifferenceClass.ROUNDING).vat if isinstance(found, Mapped) else None


def _row(
    key: tuple[str, str, str, str], parts: Sequence[_Part], rules: BillingRules | None
) -> tuple[Cell, ...]:
    period, rate, code, currency = key
    gaps = [part.gap for part in parts]
    return (
        *(period, rate or None, code or None, *_policies(rules.taxes if rules else None)),
        *(total(p.net for p in parts), total(p.ours for p in parts)),
        *(total(p.theirs for p in parts), total(p.predicted for p in parts), total(gaps)),
        *(total(p.unexplained for p in parts), sum(bool(gap) for gap in gaps), currency),
    )


def _policies(taxes: TaxPolicies | None) -> tuple[Cell, Cell]:
    if taxes is None:
        return None, None
    ours, theirs = taxes.oro, taxes.prima
    mode = theirs.vat_rounding.removeprefix("ROUND_").replace("_", " ").lower()
    return (
        f"{ours.start_with.value} first, tax per {ours.start_on.value}",
        f"{theirs.start.value} first, VAT per {theirs.level.value}, {mode}",
    )
