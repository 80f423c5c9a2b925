"""What a customer pays for a kit as it was put together."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.call import each
from oro_prima.ids import OroProductId, OroWebsiteId, UnitCode
from oro_prima.oro.calls.product_prices import GUEST, KitChoice, list_kit_prices
from tests.oro.shop import a_shop


@given(st.integers(1, 10**6), st.integers(1, 999), st.none() | st.just(UnitCode("each")))
def test_what_goes_into_a_kit_is_said_item_by_item(
    item: int, quantity: int, unit: UnitCode | None
) -> None:
    """Each as filters of its own; an id that is none is refused before it is sent."""

    def asked(key: str) -> dict[str, str]:
        choice = KitChoice(key, OroProductId("7"), Decimal(quantity), unit)
        call = list_kit_prices(
            customer=GUEST,
            website=OroWebsiteId("1"),
            product=OroProductId("8"),
            unit=UnitCode("set"),
            quantity=Decimal(1),
            chosen=[choice],
        )
        return dict(call.request().query)

    query, name = asked(str(item)), f"filter[kitItems][{item}]"
    assert ("7", str(quantity)) == (query[f"{name}[product]"], query[f"{name}[quantity]"])
    assert unit == query.get(f"{name}[unit]")
    with pytest.raises(ValueError, match="digits"):
        asked("1][x")


def test_a_kit_costs_what_was_chosen_for_it() -> None:
    """The sandbox adds it up as 6.1 does."""
    shop = a_shop("6.1")
    shop.sandbox.furnish()
    kit = list_kit_prices(
        customer=GUEST,
        website=OroWebsiteId("1"),
        product=OroProductId("1"),
        unit=UnitCode("each"),
        quantity=Decimal(1),
        chosen=[KitChoice("1", OroProductId("1"), Decimal(2))],
    )
    (price,) = each(shop.sender, kit)

    assert (Decimal(3), 1) == (price.value, len(price.kit_item_prices or ()))
