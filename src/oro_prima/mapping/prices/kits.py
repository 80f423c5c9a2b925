"""The price of a kit: its own price, and the rounded prices of what is in it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from attrs import evolve, frozen

from oro_prima.ids import OroSku, UnitCode
from oro_prima.mapping.explain import SILENT, Recorder
from oro_prima.mapping.prices.lookup import OroPrice, PriceIndex, PriceQuestion, resolve_price
from oro_prima.mapping.prices.policy import KitItems
from oro_prima.outcome import Mapped, Outcome, Unmapped, unmapped
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.values import round_to


@frozen
class KitChoice:
    """
    One product chosen for a kit: so many of its unit in each kit.

    Attributes:
        listed: The kit's item still lists this product.
    """

    sku: OroSku
    unit: UnitCode
    quantity: Decimal
    optional: bool = False
    listed: bool = True


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
    required choice without a price leaves the kit without one; an optional one is left out. Where
    the policy asks for it, a product that its kit no longer lists has no price.

    Source: RULES §6.
    """
    own = resolve_price(question, index, to=to.step("kit", sku=question.sku))
    total = own.value.value if isinstance(own, Mapped) else Decimal(0)
    reasons: tuple[Reason, ...] = ()
    for choice in choices:
        asked = evolve(question, sku=choice.sku, unit=choice.unit, quantity=choice.quantity)
        found = _choice_price(choice, asked, index, to=to.step("kit item", sku=choice.sku))
        if isinstance(found, Mapped):
            amount = found.value.value * choice.quantity
            total += round_to(amount, index.policy.precision, index.policy.rounding)
        elif choice.optional:
            to.refused(choice.sku, "it is optional and has no price")
        else:
            reasons += found.reasons
    return Unmapped(reasons) if reasons else Mapped(total)


def _choice_price(
    choice: KitChoice, asked: PriceQuestion, index: PriceIndex, *, to: Recorder
) -> Outcome[OroPrice]:
    if choice.listed or index.policy.kit_items is KitItems.ANY:
        return resolve_price(asked, index, to=to)
    detail = f"the kit lists {choice.sku} no more"
    return unmapped(ReasonCode.NO_PRICE, asked.subject, detail)
