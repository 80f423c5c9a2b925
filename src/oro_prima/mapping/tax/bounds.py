"""
How far rounding alone can carry the totals of two sides apart: bounds that are proven by tests.

Each side is at most so far from the exact figure, so both are at most the sum of that apart, where
they mean the same: the same rates, kits, discounts and carriage. What is above is not rounding.
No bound holds for orders whose discounts exceed what they cost, for kits that cost less than their
parts, and for discounted kits that are taxed by part: there OroCommerce discounts what a kit costs
beyond its parts alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from attrs import evolve, frozen

from oro_prima.mapping.tax.documents import CENTS, NONE, OrderRates, TaxOrder
from oro_prima.mapping.tax.oro_engine import DIVIDED
from oro_prima.mapping.tax.oro_policy import CalculateOn, CalculateWith, OroTaxPolicy, PayableTax
from oro_prima.mapping.tax.prima_policy import Carriage, PrimaTaxPolicy, VatLevel
from oro_prima.values import Rounding, fits

HALF_PENNY = Decimal("0.005")
WIRE_STEP = Decimal("0.0001")
"""OroCommerce's API cuts money off at 4 decimals, it does not round: the true figure may be greater
by up to this."""
_DIVISION = Decimal(5).scaleb(-DIVIDED - 1)


@frozen
class RoundingBound:
    """At most so far from the exact figure, in VAT and in gross; 0 and above."""

    vat: Decimal
    gross: Decimal

    def __add__(self, other: RoundingBound) -> RoundingBound:
        return RoundingBound(self.vat + other.vat, self.gross + other.gross)


def per_line_bound(lines: int, rates: int) -> Decimal:
    """
    Return how far VAT rounded half up a line is at most from VAT rounded half up a rate.

    Half a penny for each line and each rate.

    >>> per_line_bound(3, 2)
    Decimal('0.025')
    """
    return HALF_PENNY * (lines + rates)


def per_unit_bound(quantity: Decimal, rates: int) -> Decimal:
    """
    Return the same for VAT rounded half up a unit: half a penny for each unit and each rate.

    >>> per_unit_bound(Decimal(12), 2)
    Decimal('0.070')
    """
    return HALF_PENNY * (quantity + rates)


@frozen
class _Item:
    """
    A line or a part of a kit: so many units in all, in so many `rows` that are rounded alike.

    `exact` is False where something is taken off the price before it is rounded: a discount, or
    what is in a kit.
    """

    price: Decimal
    quantity: Decimal
    each: Decimal
    rows: Decimal
    tax_code: str
    exact: bool


def wire_bound(order: TaxOrder, rates: OrderRates) -> RoundingBound:
    """
    Return how far exact totals are off because prices were read with 4 decimals.

    0.0001 for each unit, with its tax; the same for shipping, and for the total itself.
    """
    net = vat = WIRE_STEP
    for item in _items(order):
        net += WIRE_STEP * item.quantity
        vat += WIRE_STEP * item.quantity * _rate(rates, item)
    if order.shipping:
        net += WIRE_STEP
        vat += WIRE_STEP * sum((one.rate for one in rates.shipping), NONE)
    return RoundingBound(vat, net + vat)


def oro_bound(order: TaxOrder, rates: OrderRates, policy: OroTaxPolicy) -> RoundingBound:
    """Return how far what OroCommerce says is owed is at most from the exact figure."""
    items = _items(order)
    if policy.after_promotions and any((order.discount, *(x.discount for x in order.lines))):
        items = [evolve(item, exact=False) for item in items]
    moved = [_moved(item, policy.start_with, HALF_PENNY) for item in items]
    price = sum((off * _rate(rates, x) for off, x in zip(moved, items, strict=True)), NONE)
    if policy.after_promotions:
        price += _shared(order, items, moved, rates)
        price += _DIVISION * sum((x.quantity * _rate(rates, x) for x in items), NONE)
    last = _oro_last(order, items, rates, policy)
    vat = price + _divisions(items, rates) + last + (HALF_PENNY if order.shipping else NONE)
    owed = _step(policy.rounding, policy.precision) * (len(order.lines) + 3)
    inclusive = policy.prices_include_tax and policy.shipping_includes_tax
    return RoundingBound(vat, owed if inclusive else owed + vat)


def prima_bound(order: TaxOrder, rates: OrderRates, policy: PrimaTaxPolicy) -> RoundingBound:
    """Return how far Prima's totals are at most from the exact figure."""
    items = _items(order)
    step = _step(policy.price_rounding, policy.price_decimals)
    moved = [
        _moved(item, policy.start, step, decimals=policy.price_decimals) + _cut(item)
        for item in items
    ]
    vat = sum((off * _rate(rates, x) for off, x in zip(moved, items, strict=True)), NONE)
    vat += _shared(order, items, moved, rates) + _carried(order, items, moved, rates, policy)
    vat += _prima_last(order, items, rates, policy)
    owed = sum(moved, NONE) + HALF_PENNY * 4
    return RoundingBound(vat, owed + vat)


def _items(order: TaxOrder) -> Sequence[_Item]:
    one, found = Decimal(1), list[_Item]()
    for line in order.lines:
        whole = not line.parts
        found.append(
            _Item(line.price, line.quantity, line.quantity, one, line.tax_code, exact=whole)
        )
        for x in line.parts:
            units, rows = x.quantity * line.quantity, max(line.quantity, one)
            found.append(_Item(x.price, units, x.quantity, rows, x.tax_code, exact=False))
    return found


def _step(mode: Rounding, decimals: int) -> Decimal:
    """Return how far a rounding moves a figure at most."""
    whole = Decimal(1).scaleb(-decimals)
    return whole / 2 if mode in (Rounding.HALF_UP, Rounding.HALF_EVEN) else whole


def _rate(rates: OrderRates, item: _Item) -> Decimal:
    return sum((one.rate for one in rates.of(item.tax_code)), NONE)


def _highest(items: Iterable[_Item], rates: OrderRates) -> Decimal:
    return max((_rate(rates, item) for item in items), default=NONE)


def _moved(item: _Item, start: CalculateWith, step: Decimal, *, decimals: int = CENTS) -> Decimal:
    """Return how far the start moves an item's amount: none where nothing is rounded off."""
    if start is CalculateWith.UNIT_PRICE:
        exact = item.exact and fits(item.price, decimals)
        return NONE if exact else step * item.quantity
    exact = item.exact and fits(item.price * item.each, CENTS)
    return NONE if exact else HALF_PENNY * item.rows


def _cut(item: _Item) -> Decimal:
    """Return how far an amount that is kept in pennies is at most from price times quantity."""
    exact = item.exact and fits(item.price * item.quantity, CENTS)
    return NONE if exact else HALF_PENNY


def _divisions(items: Sequence[_Item], rates: OrderRates) -> Decimal:
    """Return what divisions at 6 decimals move: one an item, and one for each of its rates."""
    return sum((_DIVISION * item.rows * (1 + len(rates.of(item.tax_code))) for item in items), NONE)


def _shared(
    order: TaxOrder, items: Sequence[_Item], moved: Sequence[Decimal], rates: OrderRates
) -> Decimal:
    """Return what sharing out discounts in pennies moves between rates, its remainder included."""
    kits = any(line.parts and line.discount for line in order.lines)
    if not (order.discount or order.manual_discount or kits):
        return NONE
    return _highest(items, rates) * (HALF_PENNY * 4 * len(items) + 2 * sum(moved, NONE))


def _carried(
    order: TaxOrder,
    items: Sequence[_Item],
    moved: Sequence[Decimal],
    rates: OrderRates,
    policy: PrimaTaxPolicy,
) -> Decimal:
    if not order.shipping:
        return NONE
    rate = sum((one.rate for one in rates.shipping), NONE)
    own = HALF_PENNY * 2 * rate
    if policy.carriage is Carriage.OWN_RATE:
        return own
    off, twice = sum(moved, NONE), 2 * order.shipping
    goods = sum((line.amount - line.discount for line in order.lines), NONE)
    goods -= order.discount + order.manual_discount + off
    weighed = min(twice * off / goods, twice) if goods > 0 else twice
    spread = HALF_PENNY * (4 * len(items) + 2) + weighed
    return own + max(_highest(items, rates), rate) * spread


def _oro_last(
    order: TaxOrder, items: Sequence[_Item], rates: OrderRates, policy: OroTaxPolicy
) -> Decimal:
    """Return what the last rounding moves: of the total, of each row, or of each code."""
    by_item = policy.start_on is CalculateOn.ITEM
    if policy.differs.payable_tax is PayableTax.ITEMS_TOTAL:
        return HALF_PENNY * (len(order.lines) if by_item else 1)
    if by_item:
        codes = sum((x.rows * 2 * len(rates.of(x.tax_code)) for x in items), NONE)
        return HALF_PENNY * codes
    return HALF_PENNY * len({one.code for x in items for one in rates.of(x.tax_code)})


def _prima_last(
    order: TaxOrder, items: Sequence[_Item], rates: OrderRates, policy: PrimaTaxPolicy
) -> Decimal:
    """Return what rounding VAT at its level moves, and then at the total."""
    step = max(_step(policy.vat_rounding, policy.vat_decimals), policy.least)
    total = _step(policy.total_rounding, CENTS)
    groups = len({rates.of(item.tax_code) for item in items})
    pieces, units = len(items), sum((item.quantity for item in items), NONE)
    if order.shipping:
        many = len(items) if policy.carriage is Carriage.APPORTIONED else 1
        pieces, units, groups = pieces + many, units + many, groups * 2 + 1
    coarse = policy.vat_decimals <= CENTS
    once = _step(policy.vat_rounding, policy.vat_decimals)
    after = NONE if coarse else total * groups
    match policy.level:
        case VatLevel.UNIT:
            whole = coarse and all(fits(item.quantity, 0) for item in items)
            return step * units + (NONE if whole else total * groups)
        case VatLevel.LINE:
            return step * pieces + after
        case VatLevel.RATE:
            return once * groups + after
        case _:
            return once + (NONE if coarse else total)
