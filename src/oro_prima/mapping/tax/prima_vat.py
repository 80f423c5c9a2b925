"""What an order comes to by Prima's policy: VAT by rate, net and gross, to the penny."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from attrs import evolve, frozen

from oro_prima.mapping.explain import SILENT, Recorder
from oro_prima.mapping.tax.documents import (
    CENTS,
    NONE,
    Amounts,
    OrderRates,
    RateTotal,
    SideTotals,
    TaxLine,
    TaxOrder,
    TaxRate,
    by_code,
    cents,
    exactly,
)
from oro_prima.mapping.tax.oro_policy import CalculateWith, KitTax
from oro_prima.mapping.tax.prima_policy import (
    Carriage,
    DiscountStage,
    PrimaTaxPolicy,
    RateRow,
    VatLevel,
)
from oro_prima.mapping.tax.sharing import Remainder, cent_shares
from oro_prima.outcome import Mapped, Outcome, Unmapped
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.values import Rounding, round_to

SETTLED = 30


def prima_rates(
    order: TaxOrder, policy: PrimaTaxPolicy, *, to: Recorder = SILENT
) -> Outcome[OrderRates]:
    """
    Find the rate of every tax code of an order in Prima's table; what no row fits is refused.

    Source: RULES §5.
    """
    step = to.step("VAT rates", ship_to=_country(order), account_class=order.account_class)
    found: dict[str, tuple[TaxRate, ...]] = {}
    reasons: list[Reason] = []
    for code in dict.fromkeys(_codes(order, policy)):
        row = next((one for one in policy.rates if _fits(one, code, order)), None)
        if row is None:
            reasons.append(_no_rate(code, order))
            continue
        step.row("VAT rates", code, code=row.code, rate=row.rate, kind=row.kind.value)
        found[code] = (TaxRate(row.code, row.rate),)
    step.gave(tuple(f"{code}: {some[0].code}" for code, some in found.items()))
    if reasons:
        return Unmapped(tuple(reasons))
    return Mapped(OrderRates(found, found.get(policy.carriage_code, ())))


@frozen
class _Piece:
    """
    Something that is taxed: `base` is taxed and `owed` is owed, both with VAT or both without.

    `unit` is the part of `base` that one of `quantity` units has, as VAT by unit sees it.
    """

    rate: TaxRate
    base: Decimal
    owed: Decimal
    inclusive: bool
    unit: Decimal
    quantity: Decimal


def prima_totals(order: TaxOrder, rates: OrderRates, policy: PrimaTaxPolicy) -> SideTotals:
    """
    Compute net, VAT and gross by rate; the rates add up to the total.

    Args:
        order: Lines, discounts, carriage.
        rates: As `prima_rates` finds them.
        policy: How Prima computes.

    Source: RULES §5; docs/explanation/tax.md.
    """
    with exactly():
        pieces = _goods(order, rates, policy)
        pieces += _carriage(order, rates, policy, pieces)
        groups: dict[tuple[TaxRate, bool], list[_Piece]] = {}
        for piece in pieces:
            groups.setdefault((piece.rate, piece.inclusive), []).append(piece)
        vats = _vats(list(groups.values()), policy)
        rows = by_code(
            RateTotal(
                rate.code,
                rate.rate,
                _amounts(sum((piece.owed for piece in some), NONE), vat, inclusive),
            )
            for ((rate, inclusive), some), vat in zip(groups.items(), vats, strict=True)
        )
        return SideTotals(sum((row.amounts for row in rows), Amounts()), rows)


def _country(order: TaxOrder) -> str:
    return order.ship_to.country if order.ship_to else ""


def _codes(order: TaxOrder, policy: PrimaTaxPolicy) -> Iterable[str]:
    for line in order.lines:
        yield line.tax_code
        if policy.kits is KitTax.BY_PART:
            yield from (part.tax_code for part in line.parts)
    if order.shipping:
        yield policy.carriage_code


def _fits(row: RateRow, code: str, order: TaxOrder) -> bool:
    country = _country(order)
    return (
        (not row.tax_codes or code in row.tax_codes)
        and (not row.countries or country in row.countries)
        and (not row.abroad_of or (country != "" and country not in row.abroad_of))
        and (not row.account_classes or order.account_class in row.account_classes)
    )


def _no_rate(code: str, order: TaxOrder) -> Reason:
    where = _country(order) or "no ship-to"
    who = order.account_class or "no class"
    detail = f"tax code {code or '(none)'}, {where}, account of {who}: no row of the rate table"
    return Reason(ReasonCode.TAX_CODE_NOT_MAPPED, f"orders/{order.reference}", detail)


def joined_rate(some: Sequence[TaxRate]) -> TaxRate:
    """Make one rate of those that a code has; of none, 0."""
    if len(some) == 1:
        return some[0]
    return TaxRate("+".join(one.code for one in some), sum((one.rate for one in some), NONE))


def _goods(order: TaxOrder, rates: OrderRates, policy: PrimaTaxPolicy) -> list[_Piece]:
    lines = [part for line in order.lines for part in _lines(line, policy)]
    prices = [_price(line, policy) for line in lines]
    amounts = [cents(price * line.quantity) for price, line in zip(prices, lines, strict=True)]
    promoted = cent_shares(order.discount, amounts, remainder=policy.remainder)
    manual = cent_shares(order.manual_discount, amounts, remainder=policy.remainder)
    return [
        _piece(line, price, (line.discount + promotion, by_hand), rates, policy)
        for line, price, promotion, by_hand in zip(lines, prices, promoted, manual, strict=True)
    ]


def _lines(line: TaxLine, policy: PrimaTaxPolicy) -> Sequence[TaxLine]:
    """Take a kit apart where it is taxed by part; its discount is shared out by what parts cost."""
    if not line.parts or policy.kits is KitTax.WHOLE:
        return (line,)
    inside = sum((part.price * part.quantity for part in line.parts), NONE)
    own = evolve(line, price=max(line.price - inside, NONE), parts=())
    parts = [
        TaxLine(part.key, part.price, part.quantity * line.quantity, part.tax_code)
        for part in line.parts
    ]
    some = [own, *parts]
    offs = cent_shares(line.discount, [x.amount for x in some], remainder=policy.remainder)
    return [evolve(one, discount=off) for one, off in zip(some, offs, strict=True)]


def _price(line: TaxLine, policy: PrimaTaxPolicy) -> Decimal:
    if policy.start is CalculateWith.ROW_TOTAL:
        return line.price
    return round_to(line.price, policy.price_decimals, policy.price_rounding)


def _piece(
    line: TaxLine,
    price: Decimal,
    offs: tuple[Decimal, Decimal],
    rates: OrderRates,
    policy: PrimaTaxPolicy,
) -> _Piece:
    amount, stages = cents(price * line.quantity), (policy.discount, policy.manual_discount)
    taxed_off = sum(
        (off for off, stage in zip(offs, stages, strict=True) if stage is DiscountStage.BEFORE_VAT),
        NONE,
    )
    return _Piece(
        joined_rate(rates.of(line.tax_code)),
        amount - taxed_off,
        amount - sum(offs, NONE),
        policy.prices_include_vat,
        price - taxed_off / line.quantity if line.quantity else NONE,
        line.quantity,
    )


def _carriage(
    order: TaxOrder, rates: OrderRates, policy: PrimaTaxPolicy, goods: Sequence[_Piece]
) -> list[_Piece]:
    cost = cents(order.shipping)
    off = cents(min(order.shipping_discount, order.shipping))
    if not cost:
        return []
    if policy.carriage is Carriage.OWN_RATE or not any(piece.base for piece in goods):
        return [_carried(joined_rate(rates.shipping), cost, off, policy)]
    weights = [piece.base for piece in goods]
    costs = cent_shares(cost, weights, remainder=policy.remainder)
    offs = cent_shares(off, weights, remainder=policy.remainder)
    return [
        _carried(piece.rate, share, less, policy)
        for piece, share, less in zip(goods, costs, offs, strict=True)
    ]


def _carried(rate: TaxRate, cost: Decimal, off: Decimal, policy: PrimaTaxPolicy) -> _Piece:
    owed = cost - off
    base = owed if policy.discount is DiscountStage.BEFORE_VAT else cost
    return _Piece(rate, base, owed, policy.carriage_includes_vat, base, Decimal(1))


def _vats(groups: Sequence[Sequence[_Piece]], policy: PrimaTaxPolicy) -> Sequence[Decimal]:
    """Return the VAT of each group, in 2 decimals."""
    raw = [sum((_vat(piece, policy) for piece in some), NONE) for some in groups]
    if policy.level is VatLevel.RATE:
        raw = [_rounded(vat, policy) for vat in raw]
    if policy.level is VatLevel.ORDER:
        whole = _in_total(_rounded(sum(raw, NONE), policy), policy)
        return cent_shares(whole, raw, remainder=Remainder.LARGEST)
    return [_in_total(vat, policy) for vat in raw]


def _vat(piece: _Piece, policy: PrimaTaxPolicy) -> Decimal:
    """Return the VAT of a piece: rounded where it is by unit or by line, else exact."""
    if policy.level is VatLevel.UNIT:
        return _at_least(_inside(piece.unit, piece), policy) * piece.quantity
    exact = _inside(piece.base, piece)
    return _at_least(exact, policy) if policy.level is VatLevel.LINE else exact


def _inside(amount: Decimal, piece: _Piece) -> Decimal:
    rate = piece.rate.rate
    return amount * rate / (1 + rate) if piece.inclusive else amount * rate


def _at_least(vat: Decimal, policy: PrimaTaxPolicy) -> Decimal:
    found = _rounded(vat, policy)
    return max(found, policy.least) if vat > 0 else found


def _rounded(vat: Decimal, policy: PrimaTaxPolicy) -> Decimal:
    return round_to(_settled(vat), policy.vat_decimals, policy.vat_rounding)


def _in_total(vat: Decimal, policy: PrimaTaxPolicy) -> Decimal:
    return round_to(_settled(vat), CENTS, policy.total_rounding)


def _settled(vat: Decimal) -> Decimal:
    """Take off what divisions left at the far end: 3 times a third of a penny is a penny."""
    return round_to(vat, SETTLED, Rounding.HALF_EVEN)


def _amounts(owed: Decimal, vat: Decimal, inclusive: bool) -> Amounts:
    return Amounts(owed - vat, vat, owed) if inclusive else Amounts(owed, vat, owed + vat)
