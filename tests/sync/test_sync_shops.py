"""Two shops on one Prima: one pool, nothing promised twice, whichever runs when."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any, Literal

import pytest
from attrs import evolve
from tests.sync.flows import Bench

from oro_prima.errors import ConfigError, OroPrimaError
from oro_prima.ids import OroSku, PairId, PrimaCompany, UnitCode
from oro_prima.mapping import PoolMode, StockPolicy
from oro_prima.ports import Neighbour, Ports
from oro_prima.reasons import ReasonCode
from oro_prima.records import Flow, Pair, RecordState
from oro_prima.sandbox import World
from oro_prima.sandbox.mall import Mall
from oro_prima.sandbox.oro import Level, OrderLine, OutOfStock
from oro_prima.sync import StockReport, preview_stock, sync_orders, sync_small_stock, sync_stock
from oro_prima.sync.why import stock_as_it_is
from oro_prima.testing.killing import STOCK_STEPS

Shop = Literal["3", "4"]
SHOPS: tuple[Shop, Shop] = ("3", "4")
SHARES = {"3": Decimal("0.6"), "4": Decimal("0.4")}


class TwoShops:
    """Two shops with a store each, and one Prima."""

    def __init__(self, folder: Path, version: Literal["5.1", "6.1"] = "6.1") -> None:
        first = World(seed=5, size=12, oro_version=version)
        worlds = {"3": first, "4": World(seed=5, size=12, oro_version=version, beside=first)}
        self.mall = Mall(worlds)
        self.benches: dict[str, Bench] = {}
        self.broken: dict[str, OroPrimaError] = {}
        self.running = 0
        self.outside = self.inside = Decimal(0)
        self.bound = 0
        for shop, world in worlds.items():
            (folder / shop).mkdir()
            pair = Pair(PairId(f"shop-{shop}"), PrimaCompany("1"))
            bench = Bench(folder / shop, version, world=world, pair=pair)
            bench.policy = evolve(bench.policy, order_prefix=shop)
            self.benches[shop] = bench

    def put_into_use(self) -> None:
        for bench in self.benches.values():
            bench.put_into_use()

    def close(self) -> None:
        for bench in self.benches.values():
            bench.store.close()

    @contextmanager
    def ports(self, shop: Shop, **changes: Any) -> Iterator[Ports]:
        neighbours = tuple(self._neighbour(one) for one in SHOPS if one != shop)
        with self.benches[shop].ports(neighbours=neighbours, **changes) as ports:
            yield ports

    def _neighbour(self, shop: Shop) -> Neighbour:
        @contextmanager
        def opened() -> Iterator[Ports]:
            if shop in self.broken:
                raise self.broken[shop]
            with self.benches[shop].ports() as ports:
                yield ports

        return Neighbour(f"shop-{shop}", PairId(f"shop-{shop}"), SHARES[shop], opened)

    def policy(self, shop: Shop, **changes: Any) -> StockPolicy:
        return StockPolicy(pool_share=SHARES[shop], **changes)

    def stock(self, shop: Shop, sync: Any = sync_stock, **changes: Any) -> StockReport:
        rules = changes.pop("rules", {})
        self.running += 1
        try:
            with self.ports(shop, **changes) as ports:
                report: StockReport = sync(ports, self.policy(shop, **rules))
        finally:
            self.running -= 1
        self.bound += report.window_bound
        return report

    def orders(self, shop: Shop) -> None:
        with self.ports(shop) as ports:
            sync_orders(ports, self.benches[shop].policy)

    def buy(self, shop: Shop, level: Level, count: int = 1) -> bool:
        bench = self.benches[shop]
        line = OrderLine(level.sku, level.unit, Decimal(count), Decimal(1))
        try:
            _order, over = self.mall.checkout(shop, bench.world.seed.links[0][0], [line])
        except OutOfStock:
            return False
        if self.running:
            self.inside += over
        else:
            self.outside += over
        return True

    def published(self) -> dict[Any, Decimal]:
        total: dict[Any, Decimal] = {}
        for bench in self.benches.values():
            for level in bench.world.oro.levels():
                for key, count in bench.world.units.get((level.sku, level.unit), ()):
                    total[key] = total.get(key, Decimal(0)) + level.quantity * count
        return total

    def assert_within_the_pool(self) -> None:
        shown = self.published()
        for row in self.mall.prima.stock():
            assert shown.get(row.key, 0) <= max(0, row.free)

    def levels(self, shop: Shop) -> list[Level]:
        """The levels of units of which the sandbox knows what they are made of, fullest first."""
        world = self.benches[shop].world
        known = (one for one in world.oro.levels() if (one.sku, one.unit) in world.units)
        return sorted(known, key=lambda one: -one.quantity)


@pytest.fixture
def shops(tmp_path: Path) -> Iterator[TwoShops]:
    made = TwoShops(tmp_path)
    made.put_into_use()
    for shop in SHOPS:
        made.orders(shop)
    made.benches["3"].advance(seconds=3)
    yield made
    made.close()


def settle(shops: TwoShops) -> None:
    """Let each shop fall, then rise to its part."""
    for shop in (*SHOPS, *SHOPS):
        shops.stock(shop)


@pytest.mark.parametrize("version", ["6.1", "5.1"])
def test_both_shops_publish_their_part_and_then_there_is_nothing_to_do(
    tmp_path: Path, version: Literal["5.1", "6.1"]
) -> None:
    """About 6 to 4, never above what Prima has; what is shown together is all that there is."""
    shops = TwoShops(tmp_path, version)
    shops.put_into_use()
    for shop in SHOPS:
        shops.orders(shop)
    shops.benches["3"].advance(seconds=3)
    settle(shops)

    assert [shops.stock(shop).levels_changed for shop in SHOPS] == [0, 0]
    shops.assert_within_the_pool()
    shown = shops.published()
    whole = {row.key for row in shops.mall.prima.stock() if shown.get(row.key) == row.free > 0}
    assert whole
    plan = preview_plan(shops, "3")
    assert plan.commands == ()
    shops.close()


def preview_plan(shops: TwoShops, shop: Shop) -> Any:
    with shops.ports(shop) as ports:
        snapshot = stock_as_it_is(ports, shops.policy(shop))
        assert [len(other.levels) > 9 for other in snapshot.others] == [True]
        assert snapshot.share_before == (0 if shop == "3" else SHARES["3"])
        return preview_stock(ports, shops.policy(shop))


def test_what_the_other_shop_sold_is_in_flight_before_anybody_read_it(shops: TwoShops) -> None:
    """Unread there, then waiting there: here the level falls either way; a small run sees it."""
    settle(shops)
    level = next(one for one in shops.levels("4") if one.quantity >= 10 and one.unit == "each")
    here = shops.benches["3"].world.oro
    before = here.level(level.sku, level.unit).quantity
    assert shops.buy("4", level, 10)
    small = shops.stock("3", sync_small_stock, rules={"low": Decimal(0)})

    assert small.ok
    assert here.level(level.sku, level.unit).quantity == before - 6  # its share of what is gone
    shops.stock("4")
    shops.orders("4")
    shops.benches["3"].advance(seconds=3)
    shops.stock("3")
    assert here.level(level.sku, level.unit).quantity == before - 6
    shops.assert_within_the_pool()


def test_a_sale_in_the_other_shop_while_levels_are_written_is_corrected(shops: TwoShops) -> None:
    """Orders of every shop are looked at again, and the bound counts them."""
    settle(shops)
    level = next(one for one in shops.levels("4") if one.quantity >= 10 and one.unit == "each")
    here = shops.benches["3"].world.oro
    before = here.level(level.sku, level.unit).quantity
    here.set_level(level.sku, level.unit, before - 1)

    def sell(step: str) -> None:
        if step == "before-levels":
            assert shops.buy("4", level, 10)

    report = shops.stock("3", step=sell)

    assert (report.corrections, report.window_bound) == (1, 10)
    assert here.level(level.sku, level.unit).quantity <= before - 6
    assert shops.outside == shops.inside == 0


@pytest.mark.parametrize("sync", [sync_stock, sync_small_stock])
@pytest.mark.parametrize(
    ("error", "why"),
    [
        (ConfigError(("two.toml: oro.url: required",)), "oro.url"),
        ("list_orders", "cannot serve now"),
        ("list_inventorylevels", "cannot serve now"),
        ("cut-over", "no cut-over record"),
        ("distrust", "old copy"),
    ],
)
def test_a_shop_that_cannot_be_read_lets_nothing_rise(
    tmp_path: Path, error: ConfigError | str, why: str, sync: Any
) -> None:
    """Levels fall all the same; it is held, named in the plan, and settled once it can be read."""
    shops = TwoShops(tmp_path)
    shops.benches["3"].put_into_use()
    if error != "cut-over":
        shops.benches["4"].put_into_use()
        shops.orders("4")
    shops.orders("3")
    shops.benches["3"].advance(seconds=3)
    if isinstance(error, ConfigError):
        shops.broken["4"] = error
    elif error == "distrust":
        shops.benches["4"].store = Doubtful(shops.benches["4"].store)
    elif error != "cut-over":
        shops.benches["4"].world.faults.add("oro", error, "unavailable", times=99)
    before = {one.id: one.quantity for one in shops.benches["3"].world.oro.levels()}
    report = shops.stock("3", sync)
    after = {one.id: one.quantity for one in shops.benches["3"].world.oro.levels()}
    (held,) = [one for one in report.held if one.subject == "stock/shops"]

    assert report.stopped is None
    assert [one.code for one in held.reasons] == [ReasonCode.SHOP_UNREAD]
    assert why in held.reasons[0].detail
    assert "none may rise" in report.plan.summary()  # type: ignore[union-attr]
    assert all(after[key] <= quantity for key, quantity in before.items())
    shops.broken.clear()
    shops.benches["4"].world.faults.clear()
    if error == "cut-over":
        shops.benches["4"].put_into_use()
    if error == "distrust":
        shops.benches["4"].store = shops.benches["4"].store.real  # type: ignore[attr-defined]
    shops.stock("3", sync)
    record = shops.benches["3"].store.exception(Flow.STOCK, "stock/shops")
    assert record is not None
    assert record.state is RecordState.RESOLVED
    shops.close()


class Doubtful:
    """A store that may be an old copy; else what it was."""

    def __init__(self, real: Any) -> None:
        self.real = real

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    def distrust(self) -> str:
        return "it may be an old copy"


def test_a_shop_that_fails_after_it_was_read_is_told(shops: TwoShops) -> None:
    """Its sales since are not known: the record stays until a run has read it."""
    settle(shops)
    level = shops.levels("3")[0]
    world = shops.benches["3"].world
    world.oro.set_level(level.sku, level.unit, level.quantity - 1)

    def fail(step: str) -> None:
        if step == "before-levels":
            shops.benches["4"].world.faults.add("oro", "list_orders", "unavailable", times=99)

    report = shops.stock("3", step=fail)

    assert [one.subject for one in report.held] == ["stock/shops"]
    assert world.oro.level(level.sku, level.unit).quantity == level.quantity
    record = shops.benches["3"].store.exception(Flow.STOCK, "stock/shops")
    assert record is not None
    assert record.state is RecordState.HELD
    shops.benches["4"].world.faults.clear()
    shops.stock("3")
    record = shops.benches["3"].store.exception(Flow.STOCK, "stock/shops")
    assert record is not None
    assert record.state is RecordState.RESOLVED


def test_what_a_batch_may_still_write_there_does_not_rise_here(shops: TwoShops) -> None:
    """Its figure is not known until the operation has ended."""
    shops.benches["4"].world.oro.consumer_running = False
    report = shops.stock("4", rules={"single_writes": 0})
    assert report.stopped is not None
    with shops.ports("3") as ports:
        snapshot = stock_as_it_is(ports, shops.policy("3"))
    (other,) = snapshot.others

    assert other.outstanding
    assert other.outstanding <= {level.id for level in other.levels}


def test_per_shop_may_promise_twice_and_is_named_for_it(shops: TwoShops) -> None:
    """Each shows all that is left."""
    for shop in (*SHOPS, *SHOPS):
        shops.stock(shop, rules={"pool_mode": PoolMode.PER_SHOP})
    shown = {shop: shops.benches[shop].world.oro.level for shop in SHOPS}
    level = shops.levels("3")[0]

    assert shown["3"](level.sku, level.unit).quantity == shown["4"](level.sku, level.unit).quantity
    assert (OroSku(level.sku), UnitCode(level.unit)) in shops.benches["3"].units


@pytest.mark.parametrize("step", STOCK_STEPS)
@pytest.mark.parametrize("rules", [{}, {"single_writes": 0, "batch_size": 40}])
def test_a_run_that_dies_leaves_nothing_to_promise_twice(
    shops: TwoShops, step: str, rules: dict[str, Any]
) -> None:
    """The other shop goes on, and so do sales in both; the next run here makes all of it right."""

    def die(name: str) -> None:
        if name == step:
            raise KeyboardInterrupt

    for shop in SHOPS:  # from what the shops showed before anybody published for them
        shops.stock(shop)
    for level in shops.levels("4")[:6]:
        shops.buy("4", level, int(level.quantity))
    with pytest.raises(KeyboardInterrupt):
        shops.stock("3", step=die, rules=rules)
    day = Day(shops, seed=3)
    for _ in range(12):
        day.buy("3")
        day.buy("4")
    shops.stock("4")
    for _ in range(12):
        day.buy("3")
        day.buy("4")
    shops.benches["3"].advance(minutes=6)  # the dead run's lease is over
    for shop in SHOPS:
        shops.orders(shop)
    shops.benches["3"].advance(seconds=3)
    settle(shops)

    assert day.sales > 10
    assert shops.outside == 0
    shops.assert_within_the_pool()


class Day:
    """A day of two shops: sales, orders and runs of stock in any order, also one in another."""

    def __init__(self, shops: TwoShops, seed: int) -> None:
        self.shops, self.random = shops, Random(seed)
        self.sales = self.runs = 0

    def act(self, depth: int = 0) -> None:
        shop = self.random.choice(SHOPS)
        what = self.random.choice(["buy"] * 6 + ["orders", "full", "small"])
        self.shops.benches["3"].advance(seconds=self.random.choice([0, 1, 7]))
        if what == "buy":
            self.buy(shop)
        elif what == "orders" and not depth:
            self.shops.orders(shop)
        elif what in ("full", "small") and depth < 2:
            self.stock(shop, sync_stock if what == "full" else sync_small_stock, depth)

    def buy(self, shop: Shop) -> None:
        level = self.random.choice(self.shops.levels(shop)[:8])
        count = self.random.choice([1, 2, int(level.quantity)])
        self.sales += self.shops.buy(shop, level, max(1, count))

    def stock(self, shop: Shop, sync: Any, depth: int) -> None:
        def step(name: str) -> None:
            if name == "before-levels":
                for _ in range(self.random.randint(0, 4)):
                    self.other(shop, depth)

        self.runs += 1
        assert self.shops.stock(shop, sync, step=step).stopped is None

    def other(self, running: Shop, depth: int) -> None:
        """Something in the midst of a run: sales anywhere, or a run of the other shop."""
        if depth or self.random.random() < 0.8:
            self.buy(self.random.choice(SHOPS))
        else:
            self.stock(next(one for one in SHOPS if one != running), sync_stock, depth + 1)


@pytest.mark.parametrize("seed", range(6))
def test_a_day_of_two_shops_oversells_nothing_outside_the_window(
    shops: TwoShops, seed: int
) -> None:
    """And inside no more than the runs said could be."""
    settle(shops)
    day = Day(shops, seed)
    for _ in range(45):
        day.act()

    assert day.sales > 10
    assert day.runs > 3
    assert shops.outside == 0
    assert shops.inside <= shops.bound
    for shop in SHOPS:
        shops.orders(shop)
    shops.benches["3"].advance(seconds=3)
    settle(shops)
    shops.assert_within_the_pool()
