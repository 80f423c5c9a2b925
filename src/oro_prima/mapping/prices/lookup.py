"""
The price that OroCommerce's lists give: which row wins, and by which rule.

Neither units nor currencies are converted; below the smallest tier there is no price; merged tiers
may rise with the quantity.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from attrs import frozen

from oro_prima.ids import OroCustomerId, OroPriceListId, OroSku, OroWebsiteId, UnitCode
from oro_prima.mapping.explain import SILENT, Recorder
from oro_prima.mapping.prices.chains import (
    Chain,
    ChainLink,
    Chains,
    Lists,
    PriceCatalogue,
    make_chains,
    taking_part,
)
from oro_prima.mapping.prices.policy import (
    BelowSmallest,
    PricePolicy,
    PriceStorage,
    PriceStrategy,
)
from oro_prima.oro.models.prices import ProductPrice
from oro_prima.outcome import Mapped, Outcome, unmapped
from oro_prima.reasons import ReasonCode

FIRST_WEBSITE = OroWebsiteId("1")
Slot = tuple[OroSku, UnitCode, str]


@frozen
class PriceQuestion:
    """What would a customer pay for so many units of a product, in a currency, at an instant."""

    customer: OroCustomerId
    sku: OroSku
    unit: UnitCode
    quantity: Decimal
    currency: str
    at: datetime
    website: OroWebsiteId = FIRST_WEBSITE

    @property
    def subject(self) -> str:
        """The path that reasons name."""
        return f"prices/{self.customer}/{self.sku}/{self.unit}"


class PriceRule(StrEnum):
    """Why a row won its slot."""

    LOWEST = "lowest price of the chain"
    FIRST = "first list of the chain"
    ONLY = "the one list of flat storage"


@frozen
class OroPrice:
    """
    A price of one unit, and why it is that one.

    Attributes:
        row: The row that won; its `quantity` is the tier.
        link: Its list, and where that is assigned.
        rule: Why it won.
        switch: The switch that gave the smallest tier's price to a smaller quantity, if one did.
    """

    row: ProductPrice
    link: ChainLink
    rule: PriceRule
    switch: BelowSmallest | None = None

    @property
    def value(self) -> Decimal:
        """Price of one unit, before promotions."""
        return self.row.value

    def __str__(self) -> str:
        return f"{self.value} from {self.row.quantity} in list {self.link}"


@frozen
class PriceIndex:
    """
    Prices by product and list, and chains by customer; made once, asked often.

    Building takes one pass over the rows. A look-up takes as long as the chain and what one list
    holds of one product, however many customers, lists and products there are.
    """

    policy: PricePolicy
    chains: Chains
    listed: Lists
    held: Mapping[tuple[OroSku, OroPriceListId], Sequence[ProductPrice]]
    precisions: Mapping[OroSku, int]


def price_index(catalogue: PriceCatalogue, policy: PricePolicy) -> PriceIndex:
    """Build the index. The order of rows does not matter; `price_faults` tells what is wrong."""
    held: dict[tuple[OroSku, OroPriceListId], list[ProductPrice]] = {}
    for row in catalogue.prices:
        key = (row.sku, row.price_list)
        found = held.get(key)
        if found is None:
            held[key] = [row]
        else:
            found.append(row)
    return PriceIndex(
        policy=policy,
        chains=make_chains(catalogue, policy),
        listed=Lists(
            {one.id: one for one in catalogue.lists},
            frozenset(price_list for _sku, price_list in held),
        ),
        held=held,
        precisions=catalogue.precisions,
    )


def resolve_price(
    question: PriceQuestion, index: PriceIndex, *, to: Recorder = SILENT
) -> Outcome[OroPrice]:
    """
    Find the price that applies.

    Returns:
        The price with the row and the rule that gave it, else why there is none (no list applies,
        none has a price in that unit and currency, or the quantity is below the smallest tier).

    Source: RULES §6.
    """
    links = lists_of(question.customer, question.website, index, at=question.at, to=to)
    if not links:
        detail = f"no price list takes part for customer {question.customer}"
        return unmapped(ReasonCode.NO_PRICE_LIST, question.subject, detail)
    if not currency_is_usable(question.currency, links, index):
        detail = f"{question.currency} is not of the system, or of no list that takes part"
        return unmapped(ReasonCode.NO_PRICE, question.subject, detail)
    slot = (question.sku, question.unit, question.currency)
    tiers = combined_tiers(slot, links, index, to=to)
    if not tiers:
        detail = f"no price in {question.unit} and {question.currency}"
        return unmapped(ReasonCode.NO_PRICE, question.subject, detail)
    return _tier(question, tiers, index, to)


def lists_of(
    customer: OroCustomerId,
    website: OroWebsiteId,
    index: PriceIndex,
    *,
    at: datetime,
    to: Recorder = SILENT,
) -> Chain:
    """Return the lists that take part for a customer at an instant, the first one nearest."""
    chain = index.chains.of(customer, website)
    return taking_part(chain, index.listed, at=at, storage=index.policy.storage, to=to)


def combined_tiers(
    slot: Slot, links: Chain, index: PriceIndex, *, to: Recorder = SILENT
) -> tuple[OroPrice, ...]:
    """
    Return the tiers of one product, unit and currency, smallest quantity first.

    Args:
        slot: Product, unit, currency.
        links: As `lists_of` gives them.
        index: Where the rows are.
        to: Told of every row that lost, and of every list that is shut out.
    """
    rule = _rule(index.policy)
    step = to.step("tiers", sku=slot[0], unit=slot[1], currency=slot[2], rule=rule)
    won: dict[Decimal, OroPrice] = {}
    for link, rows in _contributing(links, slot[0], index, rule, step):
        for row in rows:
            if (row.unit, row.currency) == slot[1:]:
                _enter(OroPrice(row, link, rule), won, step)
    tiers = tuple(won[quantity] for quantity in sorted(won))
    step.gave(tiers)
    return tiers


def _rule(policy: PricePolicy) -> PriceRule:
    if policy.storage is PriceStorage.FLAT:
        return PriceRule.ONLY
    lowest = policy.strategy is PriceStrategy.MINIMAL
    return PriceRule.LOWEST if lowest else PriceRule.FIRST


def _contributing(
    links: Chain, sku: OroSku, index: PriceIndex, rule: PriceRule, to: Recorder
) -> Iterable[tuple[ChainLink, Sequence[ProductPrice]]]:
    """
    Return the lists whose rows of a product count, in order, and their rows of it.

    Where the first list wins, one without merging gives all of a product or nothing of it, and
    nothing comes after it; that is decided a product: over all units, currencies and quantities.
    """
    given = sealed = False
    for link in links:
        rows = index.held.get((sku, link.price_list), ())
        if not rows:
            to.refused(link.price_list, "it has no price of the product")
        elif rule is PriceRule.FIRST and sealed:
            to.refused(link.price_list, "a list before it is not to be merged")
        elif rule is PriceRule.FIRST and given and not link.merge_allowed:
            to.refused(link.price_list, "it is not to be merged, and a list before it has a price")
        else:
            given, sealed = True, not link.merge_allowed
            yield link, rows


def _enter(price: OroPrice, won: dict[Decimal, OroPrice], to: Recorder) -> None:
    """Let a row win its quantity, or lose it to the one that is there."""
    row = price.row
    to.row("prices", (row.price_list, row.quantity), value=row.value)
    before = won.get(row.quantity)
    if before is None:
        won[row.quantity] = price
    elif _is_lower(price, before):
        won[row.quantity] = price
        to.refused(before, "{} is the {}", price, price.rule)
    else:
        to.refused(price, "{} is the {}", before, price.rule)


def _is_lower(price: OroPrice, before: OroPrice) -> bool:
    """Tell whether a row wins by its value: over all lists, or within one that has two rows."""
    everywhere = price.rule is PriceRule.LOWEST or price.link is before.link
    return everywhere and price.value < before.value


def currency_is_usable(currency: str, links: Chain, index: PriceIndex) -> bool:
    """Tell whether the system has a currency, and a list that takes part declares it."""
    lists = index.listed.lists
    declared = any(currency in lists[link.price_list].currencies for link in links)
    return declared and currency in index.policy.currencies


def _tier(
    question: PriceQuestion, tiers: tuple[OroPrice, ...], index: PriceIndex, to: Recorder
) -> Outcome[OroPrice]:
    """Pick the tier of the greatest quantity that is reached."""
    step = to.step("tier", quantity=question.quantity)
    reached = [one for one in tiers if one.row.quantity <= question.quantity]
    for one in tiers:
        if one.row.quantity > question.quantity:
            step.refused(one, "{} is fewer", question.quantity)
        elif one is not reached[-1]:
            step.refused(one, "from {} is nearer", reached[-1].row.quantity)
    found = Mapped(reached[-1]) if reached else _below(question, tiers[0], index)
    step.gave(found)
    return found


def _below(question: PriceQuestion, smallest: OroPrice, index: PriceIndex) -> Outcome[OroPrice]:
    """Give the smallest tier's price where a switch of the policy says so."""
    switch = _switch(question, index)
    if switch is not None:
        return Mapped(OroPrice(smallest.row, smallest.link, smallest.rule, switch))
    detail = f"{question.quantity} is below the smallest tier, {smallest.row.quantity}"
    return unmapped(ReasonCode.BELOW_SMALLEST_TIER, question.subject, detail)


def _switch(question: PriceQuestion, index: PriceIndex) -> BelowSmallest | None:
    """Return the switch that applies; a product of unknown precision has none."""
    precision = index.precisions.get(question.sku)
    if precision is None or question.quantity <= 0:
        return None
    fitting = [BelowSmallest.WHOLE]
    if precision:
        fitting = [BelowSmallest.FRACTIONAL]
        if question.quantity < 1:
            fitting = [BelowSmallest.PART_OF_UNIT, BelowSmallest.FRACTIONAL]
    return next((one for one in fitting if one in index.policy.below_smallest), None)
