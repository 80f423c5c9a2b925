"""The price of a kit: its own price, and the rounded prices of what is in it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from attrs import evolve, frozen

from oro_prima.ids import OroSku, UnitCode
from oro_prima.mapping.explain import SILENT, Recorder
from oro_prima.mapping.prices.lookup import PriceIndex, PriceQuestion, resolve_price
from oro_prima.outcome import Mapped, Outcome, Unmapped
from oro_prima.reasons import Reason
from oro_prima.values import round_to


@frozen
class KitChoice:
    """One product chosen for a kit: so many of its unit in each kit."""

    sku: OroSku
    unit: UnitCode
    quantity: Decimal
    optional: bool = False


def resolve_kit_price(
    question: PriceQuestion,
    choices: Sequence[KitChoice],
    index: PriceIndex,
    *,
    to: Recorder = SILENT,
) -> Outcome[Decimal]:
    """
    Return the price of one kit.

    The kit's own price, 0 where it has none, and for each choice its price times its quantity,
    rounded. A choice is priced by its own quantity in one kit, whatever number of kits is bought. A
    required choice without a price leaves the kit without one; an optional one is left out.

    Source: RULES §6.
    """
    own = resolve_price(question, index, to=to.step("kit", sku=question.sku))
    total = own.value.value if isinstance(own, Mapped) else Decimal(0)
    reasons: tuple[Reason, ...] = ()
    for choice in choices:
        asked = evolve(question, sku=choice.sku, unit=choice.unit, quantity=choice.quantity)
        found = resolve_price(asked, index, to=to.step("kit item", sku=choice.sku))
        if isinstance(found, Mapped):
            amount = found.value.value * choice.quantity
            total += round_to(amount, index.policy.precision, index.policy.rounding)
        elif choice.optional:
            to.refused(choice.sku, "it is optional and has no price")
        else:
            reasons += found.reasons
    return Unmapped(reasons) if reasons else Mapped(total)
