"""Invoices and credits of Prima, where the profile binds how they are read."""

from __future__ import annotations

from decimal import Decimal

from attrs import frozen

from oro_prima.ids import PrimaOrderNumber
from oro_prima.values import LocalDate


@frozen
class InvoiceLine:
    """
    One line: base units of an order line; amounts in the invoice's currency, as Prima says.

    `price` is of one base unit; `vat_rate` is in percent: 20 is 20 %.
    """

    order_line: int
    quantity: Decimal
    price: Decimal | None = None
    net: Decimal | None = None
    vat_code: str = ""
    vat_rate: Decimal | None = None


@frozen
class Invoice:
    """
    One invoice, or one credit (`credit`); the amounts of a credit have the sign that Prima gives.

    Nothing is computed: net, VAT and gross are three figures that Prima states.
    """

    number: str
    date: LocalDate
    order: PrimaOrderNumber
    currency: str
    net: Decimal
    vat: Decimal
    gross: Decimal
    credit: bool = False
    despatch: str = ""
    lines: tuple[InvoiceLine, ...] = ()
