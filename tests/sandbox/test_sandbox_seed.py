"""Made-up data: the same from the same number, and fit for what it is there to show."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oro_prima.sandbox import World
from oro_prima.sandbox.oro import OrderView
from oro_prima.sandbox.prima import StockKey
from oro_prima.sandbox.seed import sizes_of

SPECIAL = {
    "unlinked_customer",
    "unknown_unit",
    "broken_pallet",
    "ratio_pack",
    "four_decimals",
    "vat_inclusive",
    "main",
    "sub_1",
    "sub_2",
}


def order_of(world: World, name: str) -> OrderView:
    """Return a special order."""
    wanted = world.seed.special[name]
    return next(order for order in world.oro.orders() if order.id == wanted)


def shape(world: World) -> object:
    """Everything that was made up, without the clock's share of it."""
    orders = [(order.id, order.customer, order.lines) for order in world.oro.orders()]
    seed = world.seed
    stock = world.prima.stock()
    return seed.links, seed.units, dict(seed.prices), seed.special, orders, stock


@given(st.integers(0, 10**9))
@settings(max_examples=10, deadline=None)
def test_the_same_number_makes_the_same_world(number: int) -> None:
    """And every world of any number has everything."""
    one, two = World(seed=number), World(seed=number)

    assert shape(one) == shape(two)
    assert SPECIAL | {"external", "cancelled"} == set(one.seed.special)


def test_another_number_makes_another_world() -> None:
    """Nothing is fixed but the kinds."""
    assert shape(World(seed=1)) != shape(World(seed=2))


@given(st.integers(0, 10**9), st.sampled_from(["small", 40]))
@settings(max_examples=10, deadline=None)
def test_all_orders_together_leave_stock_to_sell(number: int, size: str | int) -> None:
    """Prima has enough for every ordinary order and for what the shop's levels promise."""
    world = World(seed=number, size=size)
    asked: dict[StockKey, Decimal] = {}
    for view in world.oro.orders():
        for line in view.lines if view.id in world.seed.orders else ():
            for key, count in world.units[(line.sku, line.unit)]:
                asked[key] = asked.get(key, Decimal(0)) + line.quantity * count
    for level in world.oro.levels():
        for key, count in world.units.get((level.sku, level.unit), ()):
            asked[key] = asked.get(key, Decimal(0)) + level.quantity * count

    assert all(amount <= world.prima.free(key) for key, amount in asked.items())


def test_sizes_are_what_they_say() -> None:
    """A number is a number of ordinary orders; special ones come on top."""
    world = World(size="30")

    assert len(world.seed.orders) == 30
    assert sizes_of("small") == (10, 40, 12)
    assert sizes_of("demo") == (200, 2000, 300)
    assert sizes_of(100_000) == (200, 2000, 100_000)


@pytest.mark.parametrize("size", ["large", "0", "-1", "", "1.5"])
def test_other_sizes_are_refused(size: str) -> None:
    """The message says what there is."""
    with pytest.raises(ValueError, match="small, demo"):
        World(size=size)


def test_each_special_order_is_what_its_name_says() -> None:
    """By the tables alone."""
    world = World()
    units = world.units
    linked = {customer for customer, _ in world.seed.links}
    gross = {account.code for account in world.prima.accounts() if account.vat_inclusive}
    accounts = dict(world.seed.links)

    assert order_of(world, "unlinked_customer").customer not in linked
    assert [line.unit for line in order_of(world, "unknown_unit").lines] == ["bundle"]
    pallet = order_of(world, "broken_pallet").lines[0]
    assert pallet.quantity * units[(pallet.sku, pallet.unit)][0][1] % 1 == Decimal("0.5")
    pack = order_of(world, "ratio_pack").lines[0]
    assert [count for _, count in units[(pack.sku, pack.unit)]] == [1, 2, 2, 1]
    price = order_of(world, "four_decimals").lines[0].price
    assert price != price.quantize(Decimal("0.01"))
    assert accounts[order_of(world, "vat_inclusive").customer] in gross
    assert order_of(world, "external").external
    assert order_of(world, "cancelled").internal_status == "cancelled"
    subs = (world.seed.special["sub_1"], world.seed.special["sub_2"])
    assert order_of(world, "main").sub_orders == subs
    assert order_of(world, "sub_1").parent == world.seed.special["main"]


@pytest.mark.parametrize("version", ["5.1", "6.1"])
def test_what_a_version_cannot_have_is_named(version: Literal["5.1", "6.1"]) -> None:
    """5.1 knows no external orders and shows no cancellation."""
    seed = World(oro_version=version).seed

    assert set(seed.skipped) == ({"external", "cancelled"} if version == "5.1" else set())
    assert set(seed.special) | set(seed.skipped) == SPECIAL | {"external", "cancelled"}


def test_ordinary_orders_lie_in_the_past_in_the_order_of_their_ids() -> None:
    """Some were bought in the storefront, some written by the back office."""
    world = World(size=40)
    views = {order.id: order for order in world.oro.orders()}
    times = [views[order].created_at for order in world.seed.orders]

    assert times == sorted(times)
    assert world.seed.start_at < times[0]
    assert times[-1] < world.clock()
    assert {views[order].checkout for order in world.seed.orders} == {True, False}


def test_a_shop_asks_a_price_for_every_unit_it_knows() -> None:
    """And one pound for any other."""
    world = World()
    sku, unit, _ = world.seed.units[0]

    assert world.price_of(sku, unit) == world.seed.prices[(sku, unit)]
    assert world.price_of(sku, "none") == Decimal("1.00")
