"""
The publication gate: which product units must not be online, and why.

A unit that cannot be ordered without being held, or whose stock nobody enforces, does more harm
online than off it. All faults of a unit are told at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from decimal import Decimal
from enum import StrEnum

from attrs import field, frozen

from oro_prima.ids import OroSku, UnitCode
from oro_prima.mapping.limits import Limit
from oro_prima.mapping.product_units import (
    UnitCatalogue,
    UnitPolicy,
    resolve_units,
    subject_of,
)
from oro_prima.mapping.quantities import QuantityRule, can_be_broken
from oro_prima.mapping.tables import Component, UnitKey
from oro_prima.oro.models.stock import StockSettings
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.values import SkuKey


class DisableProducts(StrEnum):
    """Which products a run takes off the shop by itself."""

    NEVER = "never"
    UNMAPPED = "unmapped"
    """Those without a mapped unit; every order of one would be held."""


@frozen
class PublicationPolicy:
    """
    What happens to products that must not be online.

    Attributes:
        disable: Which are disabled; nothing is ever enabled.
        most, most_share: No more than so many of the enabled products, and than that share of
            them, at once.
    """

    disable: DisableProducts = DisableProducts.NEVER
    most: int = 20
    most_share: Decimal = Decimal("0.02")

    @property
    def limit(self) -> Limit:
        """How many products are disabled at once."""
        return Limit(self.most, self.most_share)


class Enforcement(StrEnum):
    """Whether OroCommerce holds a shopper to the level of a product unit."""

    ENFORCED = "enforced"
    OFF = "off"
    UNKNOWN = "unknown"


@frozen
class ShopUnit:
    """
    One product unit as the shop would sell it.

    Attributes:
        tax_code: The product's tax code; empty for none.
        settings: What decides about its level, nearest first: the product's, its categories', the
            system configuration's.
        rule: Which quantities can be bought.
    """

    sku: OroSku
    unit: UnitCode
    tax_code: str = ""
    settings: tuple[StockSettings, ...] = ()
    rule: QuantityRule = field(factory=QuantityRule)

    @property
    def key(self) -> UnitKey:
        """Product and unit."""
        return (self.sku, self.unit)


@frozen
class GateFacts:
    """
    What the gate looks things up in.

    Attributes:
        units: What product units are made of.
        live: The SKUs that Prima sells now.
        priced: The product units that somebody can buy at a price; see `priced_units`.
        tax_codes: The product tax codes that are mapped to Prima's.
    """

    units: UnitCatalogue
    live: Set[SkuKey]
    priced: Set[UnitKey]
    tax_codes: Set[str]


@frozen
class Verdict:
    """Whether one product unit may be online; it may where there is no reason against it."""

    sku: OroSku
    unit: UnitCode
    reasons: tuple[Reason, ...]

    @property
    def may_be_online(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.reasons


def publication_gate(
    units: Iterable[ShopUnit], facts: GateFacts, policy: UnitPolicy
) -> tuple[Verdict, ...]:
    """
    Judge every product unit: a verdict each, in the order given, every reason at once.

    Unmapped; made of a SKU that Prima does not sell; orderable in a quantity that is no whole
    number of base units; without a price; without a tax code, or with one that is not mapped; its
    level not enforced, where unknown counts as not enforced.

    Source: RULES §4.
    """
    some = tuple(units)
    resolved = resolve_units((unit.key for unit in some), facts.units, policy)
    unmapped: dict[str, list[Reason]] = {}
    for reason in resolved.reasons:
        unmapped.setdefault(reason.subject, []).append(reason)
    return tuple(
        Verdict(
            unit.sku,
            unit.unit,
            (
                *unmapped.get(subject_of(unit.key), ()),
                *_of_components(unit, resolved.table.get(unit.key, ()), facts),
                *_of_selling(unit, facts),
            ),
        )
        for unit in some
    )


def _of_components(
    unit: ShopUnit, parts: tuple[Component, ...], facts: GateFacts
) -> Iterator[Reason]:
    subject = subject_of(unit.key)
    for part in parts:
        if part.sku not in facts.live:
            yield Reason(ReasonCode.DEAD_SKU, subject, f"{part.sku} is not sold")
    broken = can_be_broken(parts, unit.rule) if parts else None
    if broken is not None:
        made_of = ", ".join(map(str, parts))
        detail = f"{broken} can be bought, which is no whole number of {made_of}"
        yield Reason(ReasonCode.FRACTIONAL_QUANTITY, subject, detail)


def _of_selling(unit: ShopUnit, facts: GateFacts) -> Iterator[Reason]:
    subject = subject_of(unit.key)
    if unit.key not in facts.priced:
        yield Reason(ReasonCode.NO_PRICE, subject, "nobody has a price")
    if not unit.tax_code:
        yield Reason(ReasonCode.NO_TAX_CODE, subject, "the product has no tax code")
    elif unit.tax_code not in facts.tax_codes:
        yield Reason(ReasonCode.TAX_CODE_NOT_MAPPED, subject, f"tax code {unit.tax_code}")
    enforced = enforcement(unit.settings)
    if enforced is not Enforcement.ENFORCED:
        detail = f"enforcement is {enforced.value}"
        yield Reason(ReasonCode.LEVEL_NOT_ENFORCED, subject, detail)


def enforcement(settings: Sequence[StockSettings]) -> Enforcement:
    """
    Tell whether the shop enforces a level: managed, decremented, and no backorders.

    Each of the three is looked for by itself, nearest first; what nobody says is unknown.

    Args:
        settings: The product's, its categories', the system configuration's.

    Source: RULES §4.
    """
    manage = next((s.manage_inventory for s in settings if s.manage_inventory is not None), None)
    decrement = next(
        (s.decrement_quantity for s in settings if s.decrement_quantity is not None), None
    )
    back_order = next((s.back_order for s in settings if s.back_order is not None), None)
    if manage is False or decrement is False or back_order is True:
        return Enforcement.OFF
    known = None not in (manage, decrement, back_order)
    return Enforcement.ENFORCED if known else Enforcement.UNKNOWN
