"""Made-up policies and invoices: Prima bills what it was sent, then one thing differs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from attrs import evolve

from oro_prima.ids import OroCustomerId, OroOrderId, OroSku, PrimaOrderNumber
from oro_prima.mapping.tax import (
    CalculateWith,
    Granularity,
    Jurisdiction,
    OroRelease,
    OroTaxPolicy,
    PrimaTaxPolicy,
    RateRow,
    TaxBase,
    TaxPolicies,
    TaxRate,
    TaxRule,
    TaxTables,
    VatLevel,
    oro_rates,
    oro_totals,
    prima_rates,
    prima_totals,
    tax_order,
)
from oro_prima.mapping.tax.invoiced import sent_lines
from oro_prima.oro.models import Order
from oro_prima.outcome import Mapped
from oro_prima.prima.models.invoice import Invoice, InvoiceLine
from oro_prima.reconcile.reports import BookedOrder
from oro_prima.reconcile.reports.billing import BillingRules
from oro_prima.records import Home
from oro_prima.values import LocalDate
from tests.rules.making import a_capture, an_order, tables
from tests.rules.test_books_reports import an_entry

RATES = {"STD": Decimal("0.2"), "LOW": Decimal("0.05"), "NIL": Decimal(0)}
UNITS = tables().units
ORO = OroTaxPolicy(
    OroRelease.V6_1_11,
    start_with=CalculateWith.ROW_TOTAL,
    rules=tuple(
        TaxRule(code, "TRADE", Jurisdiction("GB"), TaxRate(f"UK {code}", rate))
        for code, rate in RATES.items()
    ),
    shipping_codes=("STD",),
    base=TaxBase.DESTINATION,
    granularity=Granularity.COUNTRY,
)
PRIMA = PrimaTaxPolicy(
    prices_include_vat=False,
    level=VatLevel.LINE,
    rates=tuple(
        RateRow(code[0], rate, tax_codes=frozenset({code, "" if code == "STD" else code}))
        for code, rate in RATES.items()
    ),
)
TAX_TABLES = TaxTables({OroSku("B"): "STD", OroSku("L"): "LOW"}, {OroCustomerId("3"): "TRADE"})
RULES = BillingRules(TaxPolicies(ORO, PRIMA), UNITS, TAX_TABLES)
NUMBER = PrimaOrderNumber("300000070")


def value(outcome: Any) -> Any:
    """Return what was mapped."""
    assert isinstance(outcome, Mapped), outcome
    return outcome.value


def an_invoice(order: Order, rules: BillingRules = RULES, **changes: Any) -> Invoice:
    """The invoice of all that was sent, at the order's prices, as the policy rounds."""
    ours = value(tax_order(order, rules.tables))
    policy = rules.taxes.prima
    rates = value(prima_rates(ours, policy))
    total = prima_totals(ours, rates, policy).total
    own = {line.key: line for line in ours.lines}
    lines = []
    for sent in value(sent_lines(order, rules.units)):
        line = own[sent.key]
        quantity = line.quantity * sent.each.numerator / sent.each.denominator
        net = (line.price * line.quantity).quantize(Decimal("0.01"), "ROUND_HALF_UP")
        rate = sum((one.rate for one in rates.of(line.tax_code)), Decimal(0)) * 100
        lines.append(InvoiceLine(sent.number, quantity, None, net, "X", rate))
    made = Invoice(
        "I1", LocalDate(date(2031, 5, 9)), NUMBER, order.currency or "", total.net, total.vat,
        total.gross, lines=tuple(lines),
    )  # fmt: skip
    return evolve(made, **changes)


def booked(order: Order | None = None, /, **changes: Any) -> BookedOrder:
    """A posted order whose captured totals are what its shop's policy makes of it."""
    found = order or an_order()
    ours = value(tax_order(found, TAX_TABLES))
    total = oro_totals(ours, oro_rates(ours, ORO), ORO).owed.total
    capture = a_capture("7", Home.POSTED, gross=total.gross, vat=total.vat)
    entry = an_entry(order=OroOrderId("7"), number=NUMBER)
    shown = evolve(found, total_value=total.gross)
    changed = changes.pop("order", shown)
    if changed is not None:
        changed = evolve(changed, total_value=total.gross)
    return evolve(BookedOrder(capture, changed, entry), **changes)


def with_line(invoice: Invoice, at: int = 0, **changes: Any) -> Invoice:
    """Change one line, and the documents' sums with its net at 20 %."""
    lines = list(invoice.lines)
    before = lines[at]
    lines[at] = evolve(before, **changes)
    more = (lines[at].net or Decimal(0)) - (before.net or Decimal(0))
    return and_more(evolve(invoice, lines=tuple(lines)), more)


def and_more(invoice: Invoice, net: Decimal, rate: Decimal = Decimal("0.2")) -> Invoice:
    """Add to the documents' sums."""
    vat = (net * rate).quantize(Decimal("0.01"), "ROUND_HALF_UP")
    return evolve(
        invoice, net=invoice.net + net, vat=invoice.vat + vat, gross=invoice.gross + net + vat
    )


def a_credit(invoice: Invoice, sign: int = 1, **changes: Any) -> Invoice:
    """Credit all of an invoice, with the sign that a Prima may give it."""
    return evolve(
        invoice,
        number="C1",
        credit=True,
        net=invoice.net * sign,
        vat=invoice.vat * sign,
        gross=invoice.gross * sign,
        **changes,
    )


def causes(found: Iterable[Any]) -> list[str]:
    """The names of classes."""
    return [one.value for one in found]
