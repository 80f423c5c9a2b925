"""
What Prima invoiced of an order, brought to the order's own lines and product units.

An invoice counts base units of Prima's lines; an order counts product units of the shop's. The unit
table leads from one to the other, as it did when the order was posted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from attrs import evolve, field, frozen

from oro_prima.mapping.invoices import CHARGE, amounts_of
from oro_prima.mapping.tables import UnitTable
from oro_prima.mapping.tax.documents import (
    NONE,
    Amounts,
    OrderRates,
    TaxLine,
    TaxOrder,
    cents,
    exactly,
)
from oro_prima.mapping.tax.prima_policy import PrimaTaxPolicy, RateRow
from oro_prima.mapping.tax.prima_vat import prima_rates
from oro_prima.mapping.units import resolve_components
from oro_prima.oro.models.orders import Order
from oro_prima.outcome import Mapped, Outcome, Unmapped, unmapped
from oro_prima.prima.models.invoice import Invoice, InvoiceLine
from oro_prima.reasons import ReasonCode


@frozen
class SentLine:
    """One line as Prima has it: which order line it is of, and base units in one product unit."""

    number: int
    key: str
    each: Fraction


@frozen
class Billed:
    """
    Invoices of an order as the order is taxed.

    Attributes:
        order: The order's lines with what was invoiced of them, at the invoice's prices.
        policy: Prima's policy with the rates that the invoices state before its own.
        invoiced: What the invoices state together.
        credited: What the credits state together, above 0.
        documents: How many invoices; each is rounded by itself.
    """

    order: TaxOrder
    policy: PrimaTaxPolicy
    invoiced: Amounts
    credited: Amounts
    documents: int


def sent_lines(order: Order, units: UnitTable) -> Outcome[tuple[SentLine, ...]]:
    """
    Return Prima's lines of an order: one for each component of each line, numbered from 1.

    Refused where a product unit is not in the table any more.
    """
    found: list[SentLine] = []
    for line in order.lines:
        subject = f"orders/{order.id}/lines/{line.id}"
        if line.product_sku is None or line.product_unit_code is None:
            return unmapped(ReasonCode.UNKNOWN_UNIT, subject, "no product or no unit")
        parts = resolve_components(line.product_sku, line.product_unit_code, units, subject=subject)
        if isinstance(parts, Unmapped):
            return parts
        for part in parts.value:
            found.append(SentLine(len(found) + 1, line.id, part.count))
    return Mapped(tuple(found))


def billed_order(
    ours: TaxOrder,
    sent: Sequence[SentLine],
    invoices: Sequence[Invoice],
    policy: PrimaTaxPolicy,
) -> Outcome[Billed]:
    """
    Return what invoices come to in the order's own lines.

    What a line has been taken off is the price times the quantity less the net that the line
    states. What the invoices' net holds beyond their lines is carriage, below it a discount; where
    a line states no net, or prices hold VAT, carriage is taken to be the order's. A line that
    states no price has the order's. Lines of order line 0 are carriage.

    Refused where a pack of several SKUs was invoiced in unequal shares: it has no quantity then.

    Args:
        ours: The order as it is taxed.
        sent: Its lines as Prima has them.
        invoices: All invoices and credits of the order, in the order's currency.
        policy: How Prima computes; rates that invoices state come before its own.
    """
    plain = [one for one in invoices if not one.credit]
    rows = _rows(plain)
    own = {line.key: line for line in ours.lines}
    lines: list[TaxLine] = []
    for key, numbers in _by_key(sent).items():
        found = _line(own[key], numbers, rows, policy)
        if found is None:
            subject = f"orders/{ours.reference}/lines/{key}"
            detail = "its components were invoiced in unequal shares"
            return unmapped(ReasonCode.PRICE_NOT_SPLIT, subject, detail)
        lines += [] if not found.quantity else [found]
    known = {one.number for one in sent}
    lines += [_added(rows[number]) for number in sorted(rows.keys() - known)]
    made = _stated_rates(evolve(ours, lines=tuple(lines)), rows, sent, policy)
    return Mapped(
        Billed(
            _with_the_rest(made[0], plain, policy),
            made[1],
            total_of(plain),
            total_of(one for one in invoices if one.credit),
            len(plain),
        )
    )


def total_of(invoices: Iterable[Invoice]) -> Amounts:
    """Add up what documents state; credits count above 0, whatever sign Prima gives them."""
    return sum(map(amounts_of, invoices), Amounts())


@frozen
class _Row:
    """All that was invoiced of one of Prima's lines."""

    number: int
    quantity: Decimal = NONE
    price: Decimal | None = None
    net: Decimal | None = NONE
    vat_code: str = ""
    vat_rate: Decimal | None = None
    spent: Decimal = field(default=NONE)
    """Price times quantity, of the lines that state a price."""


def _rows(invoices: Iterable[Invoice]) -> dict[int, _Row]:
    found: dict[int, _Row] = {}
    for line in (line for one in invoices for line in one.lines if line.order_line != CHARGE):
        found[line.order_line] = _more(found.get(line.order_line, _Row(line.order_line)), line)
    return found


def _more(row: _Row, line: InvoiceLine) -> _Row:
    net = None if row.net is None or line.net is None else row.net + line.net
    first = not row.quantity
    same = first or row.price == line.price
    return evolve(
        row,
        quantity=row.quantity + line.quantity,
        price=line.price if same else None,
        net=net,
        vat_code=line.vat_code,
        vat_rate=line.vat_rate,
        spent=row.spent + (line.price or NONE) * line.quantity,
    )


def _by_key(sent: Iterable[SentLine]) -> dict[str, list[SentLine]]:
    found: dict[str, list[SentLine]] = {}
    for one in sent:
        found.setdefault(one.key, []).append(one)
    return found


def _line(
    own: TaxLine, parts: Sequence[SentLine], rows: Mapping[int, _Row], policy: PrimaTaxPolicy
) -> TaxLine | None:
    """Return a line as it was invoiced; of quantity 0 where it was not, None where unequally."""
    shares = {_units(rows.get(one.number), one.each) for one in parts}
    if len(shares) > 1:
        return None
    share = shares.pop()
    with exactly():
        quantity = Decimal(share.numerator) / share.denominator
    mine = [rows[one.number] for one in parts if one.number in rows]
    if not quantity or not mine:
        return evolve(own, quantity=NONE, discount=NONE)
    price, discount = _price(own, parts, mine, quantity, policy)
    return evolve(own, quantity=quantity, price=price, discount=discount, parts=())


def _units(row: _Row | None, each: Fraction) -> Fraction:
    return Fraction(0) if row is None else Fraction(row.quantity) / each


def _price(
    own: TaxLine,
    parts: Sequence[SentLine],
    rows: Sequence[_Row],
    quantity: Decimal,
    policy: PrimaTaxPolicy,
) -> tuple[Decimal, Decimal]:
    """Return the price of one product unit and what was taken off the line."""
    nets = [row.net for row in rows]
    net = None if policy.prices_include_vat else _sum(nets)
    prices = [row.price for row in rows]
    with exactly():
        if any(price is None for price in prices):
            return (own.price if net is None else net / quantity), NONE
        each = sum((Fraction(p or 0) * one.each for p, one in zip(prices, parts, strict=True)),
                   Fraction(0))  # fmt: skip
        price = Decimal(each.numerator) / each.denominator
    before = sum((cents(row.spent) for row in rows), NONE)
    off = NONE if net is None else before - net
    if off < 0 and net is not None:
        with exactly():
            return net / quantity, NONE
    return price, off


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    total = NONE
    for amount in amounts:
        if amount is None:
            return None
        total += amount
    return total


def _added(row: _Row) -> TaxLine:
    """Return a line that the order does not have."""
    with exactly():
        each = (row.net or NONE) / row.quantity if row.quantity else NONE
    return TaxLine(
        f"prima/{row.number}", row.price if row.price is not None else each, row.quantity
    )


def _stated_rates(
    order: TaxOrder, rows: Mapping[int, _Row], sent: Sequence[SentLine], policy: PrimaTaxPolicy
) -> tuple[TaxOrder, PrimaTaxPolicy]:
    """Let the rates that the invoices state come before those that the policy knows."""
    number_of = {one.key: one.number for one in sent}
    known = prima_rates(order, policy)
    lines: list[TaxLine] = []
    more: dict[str, RateRow] = {}
    for line in order.lines:
        row = rows[number_of.get(line.key) or int(line.key.removeprefix("prima/"))]
        if row.vat_rate is None or _agrees(line, row, known):
            lines.append(line)
            continue
        code = f"prima/{row.vat_code}/{row.vat_rate.normalize()}"
        rate = row.vat_rate / 100
        more[code] = RateRow(row.vat_code or code, rate, tax_codes=frozenset({code}))
        lines.append(evolve(line, tax_code=code))
    rates = (*more.values(), *policy.rates)
    return evolve(order, lines=tuple(lines)), evolve(policy, rates=rates)


def _agrees(line: TaxLine, row: _Row, known: Outcome[OrderRates]) -> bool:
    if isinstance(known, Unmapped):
        return False
    rate = sum((one.rate for one in known.value.of(line.tax_code)), NONE)
    return row.vat_rate is not None and rate * 100 == row.vat_rate


def _with_the_rest(
    order: TaxOrder, invoices: Sequence[Invoice], policy: PrimaTaxPolicy
) -> TaxOrder:
    """Take what the documents' net holds beyond their lines for carriage, below for a discount."""
    lines = [line for one in invoices for line in one.lines if line.order_line != CHARGE]
    stated = _sum(line.net for line in lines)
    if stated is None or policy.prices_include_vat or not lines:
        return order
    rest = sum((one.net for one in invoices), NONE) - stated
    return evolve(
        order,
        shipping=max(rest, NONE),
        shipping_discount=NONE,
        discount=NONE,
        manual_discount=max(-rest, NONE),
    )
