"""
Guards of levels: how far one may rise at once, how old a feed may be, when there is more to come.

A fall is never refused: a level that is too high sells what is not there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from oro_prima.ids import OroSku, UnitCode
from oro_prima.mapping.policy import StockPolicy
from oro_prima.mapping.tables import Component, UnitTable
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.records import LineDemand
from oro_prima.values import LocalDate, SkuKey


def rise_reasons(
    sku: OroSku, unit: UnitCode, *, shown: Decimal, wanted: int, policy: StockPolicy
) -> tuple[Reason, ...]:
    """
    Return why a level may not rise as far as is wanted; empty where it may.

    A level may rise to `band_from`, or by `max_rise_percent` of what it shows, whichever is more.
    """
    if not policy.max_rise_percent:
        return ()
    most = max(policy.band_from, shown + shown * policy.max_rise_percent / 100)
    if wanted <= most:
        return ()
    detail = f"from {shown.normalize():f} to {wanted}; at most {int(most)} at once"
    return (Reason(ReasonCode.RISE_OUTSIDE_BAND, f"stock/{sku}/{unit}", detail),)


def fall_reasons(
    sku: OroSku, unit: UnitCode, *, shown: Decimal, wanted: int, policy: StockPolicy
) -> tuple[Reason, ...]:
    """Return a reason to tell where a level falls far; it is written all the same."""
    if not policy.max_fall_percent or shown <= policy.band_from:
        return ()
    least = shown - shown * policy.max_fall_percent / 100
    if wanted >= least:
        return ()
    detail = f"from {shown.normalize():f} to {wanted}; written"
    return (Reason(ReasonCode.FALL_OUTSIDE_BAND, f"stock/{sku}/{unit}", detail),)


def stale_reasons(
    read_at: datetime | None, *, now: datetime, policy: StockPolicy
) -> tuple[Reason, ...]:
    """
    Return a reason where free stock is older than the limit: then no level rises.

    `read_at` is when Prima's figures were true; None where nobody has any.
    """
    if read_at is None:
        return (Reason(ReasonCode.STOCK_STALE, "stock/snapshot", "no figures yet"),)
    age = now - read_at
    if age <= policy.max_age:
        return ()
    minutes = int(age.total_seconds()) // 60
    detail = f"{minutes} min old; the limit is {int(policy.max_age.total_seconds()) // 60} min"
    return (Reason(ReasonCode.STOCK_STALE, "stock/snapshot", detail),)


def next_available(
    parts: Iterable[Component],
    pools: Mapping[SkuKey, int],
    dates: Mapping[SkuKey, LocalDate],
    *,
    today: LocalDate,
) -> LocalDate | None:
    """
    Return when one product unit can be had again; None where nobody knows, or it is here.

    That is when the last of what it lacks comes. A date that has passed says nothing.
    """
    needs: dict[SkuKey, Fraction] = {}
    for part in parts:
        needs[part.sku] = needs.get(part.sku, Fraction(0)) + part.count
    lacking = [sku for sku, count in needs.items() if pools.get(sku, 0) < count]
    coming = [dates[sku] for sku in lacking if sku in dates and dates[sku] > today]
    return max(coming) if lacking and len(coming) == len(lacking) else None


def sales_rates(
    sold: Iterable[LineDemand], units: UnitTable, *, days: int
) -> dict[SkuKey, Decimal]:
    """
    Return base units a day of each SKU from what was sold in so many days, at 4 decimals.

    Lines whose product unit the table does not know count nowhere.

    Raises:
        ValueError: less than one day.
    """
    if days < 1:
        msg = "expected at least one day"
        raise ValueError(msg)
    total: dict[SkuKey, Fraction] = {}
    for line in sold:
        for part in units.get((line.sku, line.unit), ()):
            more = Fraction(line.quantity) * part.count
            total[part.sku] = total.get(part.sku, Fraction(0)) + more
    return {sku: _per_day(count / days) for sku, count in total.items()}


def _per_day(rate: Fraction) -> Decimal:
    """Round a rate up at 4 decimals: cover is never too small."""
    return Decimal(-(-rate.numerator * 10_000 // rate.denominator)) / 10_000
