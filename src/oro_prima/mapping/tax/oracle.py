"""
The rounding oracle: two policies and a book of orders in, the gap of each order and in all out.

And the one setting, on either side, whose change removes most of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from enum import StrEnum

from attrs import evolve, frozen

from oro_prima.mapping.tax.documents import NONE, Amounts, OrderRates, TaxOrder
from oro_prima.mapping.tax.oro_owed import oro_totals
from oro_prima.mapping.tax.oro_policy import CalculateOn, CalculateWith, OroTaxPolicy
from oro_prima.mapping.tax.predict import TaxPolicies, rates_of
from oro_prima.mapping.tax.prima_policy import PrimaTaxPolicy, VatLevel
from oro_prima.mapping.tax.prima_vat import prima_totals
from oro_prima.outcome import Mapped
from oro_prima.reasons import Reason
from oro_prima.values import Rounding


class Side(StrEnum):
    """Whose setting it is."""

    ORO = "OroCommerce"
    PRIMA = "Prima"


@frozen
class OrderGap:
    """What one order is predicted to differ by: Prima's totals less OroCommerce's."""

    reference: str
    currency: str
    gap: Amounts


@frozen
class CurrencyGap:
    """
    What a book of orders is predicted to differ by, in one currency.

    Attributes:
        orders: How many were predicted.
        differing: How many of them differ in VAT or gross.
        gap: Prima's less OroCommerce's; gaps of both signs cancel out.
        apart: The gross gaps without their signs, added up: what somebody would have to look at.
        largest: The largest gross gap of one order, without its sign.
    """

    currency: str
    orders: int
    differing: int
    gap: Amounts
    apart: Decimal
    largest: Decimal


@frozen
class SettingChange:
    """One setting changed, on one side, and what is left of the gap with it."""

    side: Side
    setting: str
    before: str
    after: str
    left: tuple[CurrencyGap, ...]
    removed: Decimal
    """Share of `apart` that goes, the mean over currencies; 1 is all of it, below 0 it grows."""

    def __str__(self) -> str:
        return f"{self.side.value}: {self.setting} from {self.before} to {self.after}"


@frozen
class RoundingForecast:
    """
    What the oracle says.

    Attributes:
        orders: One for each order that was predicted, in the book's order.
        totals: One a currency.
        refused: Why the other orders were not predicted.
        advice: The change that removes most; None where there is no gap, or none makes it smaller.
        changes: Every change that was tried, the best first.
    """

    orders: tuple[OrderGap, ...]
    totals: tuple[CurrencyGap, ...]
    refused: tuple[Reason, ...]
    advice: SettingChange | None
    changes: tuple[SettingChange, ...]


@frozen
class RoundingChange:
    """One setting changed: that side's policy anew; the other side's is None."""

    setting: str
    before: object
    after: object
    oro: OroTaxPolicy | None = None
    prima: PrimaTaxPolicy | None = None


def rounding_oracle(book: Iterable[TaxOrder], policies: TaxPolicies) -> RoundingForecast:
    """
    Predict the gap of each order and in all, and find the one setting that removes most of it.

    Only settings of rounding are tried; whether prices hold VAT, or discounts lower it, is no
    matter of taste. Takes one pass over the book for each setting.
    """
    rated, refused = _rated(book, policies)
    ours, theirs = _ours(rated, policies.oro), _theirs(rated, policies.prima)
    gaps = _gaps(rated, ours, theirs)
    totals = currency_gaps(gaps)
    tried: list[SettingChange] = []
    for change in rounding_changes(policies):
        if change.before == change.after:
            continue
        oro = ours if change.oro is None else _ours(rated, change.oro)
        prima = theirs if change.prima is None else _theirs(rated, change.prima)
        left = currency_gaps(_gaps(rated, oro, prima))
        tried.append(_tried(change, left, _removed(totals, left)))
    tried.sort(key=lambda one: -one.removed)
    best = tried[0] if tried[0].removed > 0 else None
    return RoundingForecast(gaps, totals, refused, best, tuple(tried))


def currency_gaps(gaps: Iterable[OrderGap]) -> tuple[CurrencyGap, ...]:
    """Add gaps up by currency; amounts of several currencies never meet."""
    found: dict[str, CurrencyGap] = {}
    for one in gaps:
        size = abs(one.gap.gross)
        old = found.get(one.currency, CurrencyGap(one.currency, 0, 0, Amounts(), NONE, NONE))
        found[one.currency] = CurrencyGap(
            one.currency,
            old.orders + 1,
            old.differing + bool(one.gap.vat or one.gap.gross),
            old.gap + one.gap,
            old.apart + size,
            max(old.largest, size),
        )
    return tuple(found[currency] for currency in sorted(found))


def forecast_text(forecast: RoundingForecast) -> str:
    """Return the forecast in words: a line a currency, then the advice."""
    lines = [
        f"{one.currency}: {one.differing} of {one.orders} orders differ; "
        f"{one.apart:f} apart, largest {one.largest:f}; together {one.gap}"
        for one in forecast.totals
    ]
    if forecast.refused:
        lines.append(f"not predicted: {len(forecast.refused)} reasons")
    if forecast.advice is not None:
        share = f"{forecast.advice.removed * 100:.0f} %"
        lines.append(f"change {forecast.advice}: removes {share}")
    elif any(one.apart for one in forecast.totals):
        lines.append("no single setting makes it smaller")
    return "\n".join(lines)


@frozen
class _Rated:
    """An order with its rates on both sides."""

    order: TaxOrder
    ours: OrderRates
    theirs: OrderRates


def _rated(
    book: Iterable[TaxOrder], policies: TaxPolicies
) -> tuple[tuple[_Rated, ...], tuple[Reason, ...]]:
    found: list[_Rated] = []
    reasons: list[Reason] = []
    for order in book:
        rates = rates_of(order, policies)
        if isinstance(rates, Mapped):
            found.append(_Rated(order, *rates.value))
        else:
            reasons += rates.reasons
    return tuple(found), tuple(reasons)


def _ours(book: Sequence[_Rated], policy: OroTaxPolicy) -> list[Amounts]:
    return [oro_totals(one.order, one.ours, policy).owed.total for one in book]


def _theirs(book: Sequence[_Rated], policy: PrimaTaxPolicy) -> list[Amounts]:
    return [prima_totals(one.order, one.theirs, policy).total for one in book]


def _gaps(
    book: Sequence[_Rated], ours: Sequence[Amounts], theirs: Sequence[Amounts]
) -> tuple[OrderGap, ...]:
    return tuple(
        OrderGap(one.order.reference, one.order.currency, prima - oro)
        for one, oro, prima in zip(book, ours, theirs, strict=True)
    )


def _removed(before: Sequence[CurrencyGap], left: Sequence[CurrencyGap]) -> Decimal:
    """Return the share of the gap that goes, the mean over currencies that have one."""
    shares = [
        (old.apart - new.apart) / old.apart
        for old, new in zip(before, left, strict=True)
        if old.apart
    ]
    return sum(shares, NONE) / len(shares) if shares else NONE


def rounding_changes(policies: TaxPolicies) -> Iterator[RoundingChange]:
    """Yield every policy that differs in one setting of rounding, OroCommerce's first."""
    oro, prima = policies.oro, policies.prima
    for start in CalculateWith:
        yield RoundingChange(
            "start_calculation_with", oro.start_with, start, oro=evolve(oro, start_with=start)
        )
    for on in CalculateOn:
        yield RoundingChange("start_calculation_on", oro.start_on, on, oro=evolve(oro, start_on=on))
    for level in VatLevel:
        yield RoundingChange("level", prima.level, level, prima=evolve(prima, level=level))
    for start in CalculateWith:
        yield RoundingChange("start", prima.start, start, prima=evolve(prima, start=start))
    for mode in Rounding:
        changed = evolve(prima, vat_rounding=mode)
        yield RoundingChange("vat_rounding", prima.vat_rounding, mode, prima=changed)
    for decimals in (2, 3, 4):
        changed = evolve(prima, vat_decimals=decimals)
        yield RoundingChange("vat_decimals", prima.vat_decimals, decimals, prima=changed)
    for mode in Rounding:
        changed = evolve(prima, total_rounding=mode)
        yield RoundingChange("total_rounding", prima.total_rounding, mode, prima=changed)
    yield RoundingChange("least", prima.least, NONE, prima=evolve(prima, least=NONE))


def _tried(
    change: RoundingChange, left: tuple[CurrencyGap, ...], removed: Decimal
) -> SettingChange:
    side = Side.ORO if change.prima is None else Side.PRIMA
    return SettingChange(side, change.setting, str(change.before), str(change.after), left, removed)
