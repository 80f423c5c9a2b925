"""How OroCommerce is set up to resolve prices: what its API does not show, so it must be said."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from attrs import field, frozen

from oro_prima.ids import OroCustomerGroupId, OroPriceListId, OroWebsiteId
from oro_prima.values import Rounding


class PriceStorage(StrEnum):
    """`oro_pricing.price_storage`: lists of a chain combined, or one list a customer."""

    COMBINED = "combined"
    FLAT = "flat"


class PriceStrategy(StrEnum):
    """`oro_pricing.price_strategy`: how lists of a chain are combined."""

    MINIMAL = "minimal_prices"
    """The lowest price a slot; neither order nor `merge_allowed` counts. OroCommerce's default."""
    PRIORITY = "merge_by_priority"
    """The first list of the chain wins a slot; a list without merging seals its products."""


class BelowSmallest(StrEnum):
    """
    Switches of 6.1 and later that give a quantity below the smallest tier that tier's price.

    All are off unless they are named; 5.1 has none. They look at the precision of the product's
    primary unit, whatever unit is bought.
    """

    PART_OF_UNIT = "fractional_quantity_less_then_unit_price_calculation"
    """For less than one unit, where the primary unit is sold in fractions."""
    FRACTIONAL = "fractional_quantity_less_then_minimum_priced_price_calculation"
    """For any quantity, where the primary unit is sold in fractions."""
    WHOLE = "quantity_less_then_minimum_priced_price_calculation"
    """For any quantity, where the primary unit is sold whole."""


class KitItems(StrEnum):
    """Which products of a kit have a price."""

    ANY = "any"
    LISTED = "listed"
    """Those that the kit still lists; 7.0 and later."""


@frozen
class AssignedList:
    """A list of a website or of the system; the smallest `sort_order` comes first."""

    price_list: OroPriceListId
    sort_order: int = 0
    merge_allowed: bool = True


@frozen
class WebsitePrices:
    """
    What a website says of prices.

    Attributes:
        lists: Assigned to the website.
        only: Its fallback is "current website only": the system's lists do not follow.
        default_list: `oro_pricing.default_price_list` in its scope, for flat storage.
    """

    lists: tuple[AssignedList, ...] = ()
    only: bool = False
    default_list: OroPriceListId | None = None


@frozen
class PricePolicy:
    """
    How this OroCommerce resolves prices.

    Attributes:
        currencies: The system's currency list; a price in any other is not used. No default.
        storage: Combined or flat.
        strategy: How a chain is combined; without meaning in flat storage.
        default_lists: `oro_pricing.default_price_lists`, the end of every chain.
        default_list: `oro_pricing.default_price_list`, for flat storage.
        websites: What single websites say; the others say nothing.
        anonymous_group: The group of guests, who are customer 0.
        below_smallest: Switches that are on.
        precision: `oro_pricing.precision`, for parts of a kit's price.
        rounding: `oro_pricing.rounding_type`, for parts of a kit's price.
        kit_items: Whether a product that its kit no longer lists has a price in it.
    """

    currencies: frozenset[str]
    storage: PriceStorage = PriceStorage.COMBINED
    strategy: PriceStrategy = PriceStrategy.MINIMAL
    default_lists: tuple[AssignedList, ...] = ()
    default_list: OroPriceListId | None = None
    websites: Mapping[OroWebsiteId, WebsitePrices] = field(
        factory=dict[OroWebsiteId, WebsitePrices]
    )
    anonymous_group: OroCustomerGroupId | None = None
    below_smallest: frozenset[BelowSmallest] = frozenset()
    precision: int = 2
    rounding: Rounding = Rounding.HALF_UP
    kit_items: KitItems = KitItems.ANY
