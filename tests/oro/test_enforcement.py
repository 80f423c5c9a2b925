"""What decides about a level at checkout; what is known of features."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import asdict, evolve
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.call import each
from oro_prima.ids import OroCategoryId
from oro_prima.oro.calls.stock import list_category_stock, list_levels
from oro_prima.oro.models.features import KnownFeatures, OroFeatures, with_known
from oro_prima.oro.models.stock import CategoryStock, InventoryLevel, StockSettings, settings_chain
from tests.oro.shop import Version, a_shop, versions
from tests.oro.strategies import levels

switches = st.none() | st.booleans()
settings = st.builds(
    StockSettings, manage_inventory=switches, decrement_quantity=switches, back_order=switches
)
ids = st.integers(1, 5).map(str).map(OroCategoryId)
trees = st.dictionaries(ids, st.tuples(st.none() | ids, settings))


@given(levels, st.none() | ids, trees, settings)
def test_the_nearest_says_first_and_the_system_last(
    level: InventoryLevel,
    category: OroCategoryId | None,
    known: dict[OroCategoryId, tuple[OroCategoryId | None, StockSettings]],
    system: StockSettings,
) -> None:
    """Each category once, upwards, even where one stands above itself."""
    categories = {key: CategoryStock(key, *parts) for key, parts in known.items()}
    chain = settings_chain(evolve(level, category=category), categories=categories, system=system)
    walked: list[OroCategoryId] = []
    while category in categories and category not in walked:
        walked.append(category)
        category = categories[category].parent

    assert [level.settings, *(known[one][1] for one in walked), system] == list(chain)


@versions
def test_a_product_defers_to_its_category_and_that_to_the_one_above(version: Version) -> None:
    """As the shop stores it: a setting is a record of its own."""
    shop = a_shop(version)
    shop.sandbox.furnish()

    def link(kind: str, key: str, name: str, target: str | None, other: str) -> None:
        data = {"type": target, "id": other} if target else None
        answer = shop.raw("PATCH", f"{kind}/{key}/relationships/{name}", {"data": data})
        assert answer.status == 204

    def says(key: str, **attributes: Any) -> None:
        row = {"type": "entityfieldfallbackvalues", "id": key, "attributes": attributes}
        shop.raw("PATCH", f"entityfieldfallbackvalues/{key}", {"data": row})

    (level, *_rest) = each(shop.sender, list_levels())
    says("1", scalarValue="1", fallback=None)
    says("2", scalarValue=None, fallback="category")
    link("products", level.product, "category", "categories", "2")
    link("products", level.product, "manageInventory", "entityfieldfallbackvalues", "2")
    link("categories", "2", "parentCategory", "categories", "1")
    link("categories", "2", "manageInventory", "entityfieldfallbackvalues", "2")
    link("categories", "1", "parentCategory", None, "")
    link("categories", "1", "manageInventory", "entityfieldfallbackvalues", "1")
    (level, *_rest) = each(shop.sender, list_levels())
    categories = {one.id: one for one in each(shop.sender, list_category_stock(size=1))}
    chain = settings_chain(level, categories=categories, system=StockSettings())

    assert {"1", "2", "3"} == set(categories)
    assert [one.manage_inventory for one in chain] == [None, None, True, None]


known = st.builds(
    KnownFeatures,
    webhooks=switches,
    statuses=switches,
    to_many_cap=st.none() | st.integers(1, 5000),
    line_order_field=st.none() | st.sampled_from(["order", "orders"]),
)


@given(st.builds(OroFeatures), known)
def test_what_is_known_stands_and_the_rest_was_found(
    found: OroFeatures, yours: KnownFeatures
) -> None:
    """Names and values; a False that is known is no silence."""
    result, given_, before = asdict(with_known(found, yours)), asdict(yours), asdict(found)

    assert yours.named == {name for name, value in given_.items() if value is not None}
    for name, value in result.items():
        assert value == (given_[name] if name in yours.named else before[name])


def test_every_feature_but_the_clock_can_be_known() -> None:
    """By its own name."""
    assert {*asdict(KnownFeatures()), "server_now"} == set(asdict(OroFeatures()))


@pytest.mark.parametrize("size", [0, -1])
def test_a_page_has_a_size(size: int) -> None:
    """Else nothing would come, for ever."""
    with pytest.raises(ValueError, match="page size"):
        list_category_stock(size=size)
