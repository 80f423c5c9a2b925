"""How both sides compute tax, of the sections `tax.oro` and `tax.prima`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import evolve, frozen

from oro_prima.mapping.policy import OrderPolicy
from oro_prima.mapping.tax.oro_policy import OroTaxPolicy, TaxBase
from oro_prima.mapping.tax.predict import TaxPolicies
from oro_prima.mapping.tax.presets import UK_PRESETS, uk_rate_table
from oro_prima.mapping.tax.prima_policy import PrimaTaxPolicy, RateRow, VatKind, VatLevel

Values = Mapping[str, object]


@frozen
class UkRates:
    """Tax codes of goods by their rate in the United Kingdom; see `uk_rate_table`."""

    standard: frozenset[str] = frozenset()
    reduced: frozenset[str] = frozenset()
    zero: frozenset[str] = frozenset()
    reverse_charge_classes: frozenset[str] = frozenset()

    @property
    def rows(self) -> tuple[RateRow, ...]:
        """The rate table that they stand for."""
        return uk_rate_table(
            standard=self.standard,
            reduced=self.reduced,
            zero=self.zero,
            reverse_charge_classes=self.reverse_charge_classes,
        )


def build_tax(
    values: Mapping[str, Values],
    given: Mapping[str, Values],
    *,
    orders: OrderPolicy,
    faults: list[str],
) -> TaxPolicies | None:
    """
    Build how both sides compute tax; None where the file says it of neither.

    Whether prices hold VAT is said once, by `orders.vat_inclusive`, for both sides.

    Args:
        values: Both sections, with the default of what they leave out.
        given: Both sections as they stand in the file.
        orders: The policy of orders.
        faults: What is missing or contradicts itself is added to them.
    """
    missing = [section for section, cells in given.items() if not cells]
    if len(missing) == len(given):
        return None
    faults += (f"{one}: required: totals are compared with both sides' rules" for one in missing)
    oro = _oro(values["tax.oro"], orders, faults)
    prima = _prima(values["tax.prima"], given["tax.prima"], orders, faults)
    return None if oro is None or prima is None else TaxPolicies(oro, prima)


def _oro(values: Values, orders: OrderPolicy, faults: list[str]) -> OroTaxPolicy | None:
    if values.get("release") is None:
        faults.append("tax.oro.release: required: releases differ by a cent")
        return None
    policy = OroTaxPolicy(**values, prices_include_tax=orders.vat_inclusive)  # type: ignore[arg-type]
    faults += _oro_contradictions(policy)
    return policy


def _oro_contradictions(policy: OroTaxPolicy) -> Iterator[str]:
    if policy.base is TaxBase.ORIGIN and policy.origin is None and policy.rules:
        yield "tax.oro.origin: required where tax.oro.base is origin; else nothing is taxed"
    if policy.digital_us and not policy.untaxed_states:
        yield "tax.oro.untaxed_states: required where tax.oro.digital_us names tax codes"
    for number, rule in enumerate(policy.rules, start=1):
        if not 0 <= rule.tax.rate <= 1:
            yield f"tax.oro.rules row {number}: expected a rate of 0 to 1; 0.2 is 20 %"
        if any(one.first > one.last for one in rule.jurisdiction.postcodes):
            yield f"tax.oro.rules row {number}: a range of postcodes ends before it begins"


def _prima(
    values: Values, given: Values, orders: OrderPolicy, faults: list[str]
) -> PrimaTaxPolicy | None:
    """Build how Prima computes VAT: a preset, and over it what the file says."""
    own = {name: value for name, value in values.items() if name not in ("preset", "uk_rates")}
    preset, level = values.get("preset"), own.pop("level", None)
    if level is None and preset is None:
        faults.append("tax.prima.level: required where tax.prima.preset names no preset")
        return None
    base = _preset(str(preset)) if preset else PrimaTaxPolicy(False, VatLevel.LINE)
    said = {name: value for name, value in own.items() if preset is None or name in given}
    said |= {"prices_include_vat": orders.vat_inclusive}
    said |= {} if level is None else {"level": level}
    policy = evolve(base, **said)  # type: ignore[arg-type]
    uk = values.get("uk_rates")
    if isinstance(uk, UkRates) and uk.rows:
        if policy.rates:
            faults.append("tax.prima.uk_rates: says the same as tax.prima.rates; expected one")
        policy = evolve(policy, rates=uk.rows)
    faults += _prima_contradictions(policy)
    return policy


def _preset(name: str) -> PrimaTaxPolicy:
    return next(one.policy for one in UK_PRESETS if one.name == name)


def preset_name(value: object) -> str | None:
    """Read the name of a preset; empty for none."""
    names = [one.name for one in UK_PRESETS]
    if value == "":
        return None
    if value not in names:
        raise ValueError(f"expected one of {', '.join(names)}")
    return str(value)


def _prima_contradictions(policy: PrimaTaxPolicy) -> Iterator[str]:
    if policy.least and policy.level not in (VatLevel.UNIT, VatLevel.LINE):
        yield "tax.prima.least: says nothing unless tax.prima.level is unit or line"
    for number, row in enumerate(policy.rates, start=1):
        place = f"tax.prima.rates row {number}"
        if not 0 <= row.rate <= 1:
            yield f"{place}: expected a rate of 0 to 1; 0.2 is 20 %"
        if row.rate and row.kind is not VatKind.TAXED:
            yield f"{place}: {row.kind.value} bears no VAT; expected the rate 0"
        earlier = policy.rates[: number - 1]
        shadow = next((at for at, one in enumerate(earlier, start=1) if _covers(one, row)), 0)
        if shadow:
            yield f"{place}: row {shadow} fits all that it fits, so it never counts"


def _covers(first: RateRow, later: RateRow) -> bool:
    """Whether each order that fits the later row fits the first."""
    return _goes_abroad(first, later) and all(
        not wide or (bool(narrow) and narrow <= wide)
        for wide, narrow in (
            (first.tax_codes, later.tax_codes),
            (first.countries, later.countries),
            (first.account_classes, later.account_classes),
        )
    )


def _goes_abroad(first: RateRow, later: RateRow) -> bool:
    """Whether each order that fits the later row leaves the countries that the first names."""
    if later.countries:
        return not later.countries & first.abroad_of
    return first.abroad_of <= later.abroad_of
