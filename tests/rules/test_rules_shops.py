"""Several shops on one Prima company: one pool, and any sequence of accepted orders fits it."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.ids import OroLevelId, OroSku, UnitCode
from oro_prima.mapping import Component, PoolMode, StockPolicy, part_of
from oro_prima.mapping.explain import explanation_text
from oro_prima.oro.models import InventoryLevel
from oro_prima.plans import OtherShop, StockSnapshot, UnreadShop, explain_stock, plan_stock
from oro_prima.plans.shelves import flight_of
from oro_prima.prima.models import FreeStockRow
from oro_prima.reasons import ReasonCode
from oro_prima.records import LineDemand
from tests.rules.making import BOOT, LACE, NOW, a_level, stock, tables

EACH, CASE = UnitCode("each"), UnitCode("case")
BUFFER = Decimal(3)
shares = st.lists(st.integers(0, 100), min_size=1, max_size=4).map(
    lambda parts: [Decimal(part // max(1, -(-sum(parts) // 100))) / 100 for part in parts]
)


@given(shares, st.integers(0, 10**6))
def test_parts_of_a_pool_add_up_to_it(found: list[Decimal], pool: int) -> None:
    """Never a base unit twice, and none is left lying but by the shares; each is about its share."""
    before = [Fraction(0), *accumulate(map(Fraction, found))]
    parts = [
        part_of(pool, before=at, share=share) for at, share in zip(before, found, strict=False)
    ]

    assert sum(parts) == int(pool * before[-1]) <= pool
    assert all(abs(part - pool * share) < 1 for part, share in zip(parts, found, strict=True))
    assert min(parts) >= 0


class Street:
    """Shops of one company as they are: what each shows, what each sold, what Prima has free."""

    def __init__(self, found: list[Decimal], free: int) -> None:
        self.shares, self.free = found, free
        self.units = {
            (OroSku("B"), EACH): (Component(BOOT, Fraction(1)),),
            (OroSku("B"), CASE): (Component(BOOT, Fraction(4)),),
        }
        self.levels = [self._levels({}) for _ in found]
        self.sold: list[Counter[UnitCode]] = [Counter() for _ in found]

    def _levels(self, shown: dict[str, int]) -> tuple[InventoryLevel, ...]:
        return (
            a_level(1, "B", "each", shown.get("1", 0)),
            a_level(2, "B", "case", shown.get("2", 0)),
        )

    def shown(self, shop: int) -> int:
        return sum(int(level.quantity) * self._base(level.unit) for level in self.levels[shop])

    def left(self) -> int:
        sold = sum(sum(self._base(unit) * n for unit, n in one.items()) for one in self.sold)
        return max(0, self.free - sold - int(BUFFER))

    def _base(self, unit: UnitCode) -> int:
        return int(self.units[OroSku("B"), unit][0].count)

    def sell(self, shop: int, count: int) -> None:
        """As far as the level allows, of the first unit that does."""
        for at, level in enumerate(self.levels[shop]):
            taken = min(count, int(level.quantity))
            if taken:
                rest = list(self.levels[shop])
                rest[at] = evolve(level, quantity=level.quantity - taken)
                self.levels[shop] = tuple(rest)
                self.sold[shop][level.unit] += taken
                return

    def post(self, shop: int) -> None:
        """Prima takes what a shop sold off its free stock."""
        self.free -= sum(self._base(unit) * n for unit, n in self.sold[shop].items())
        self.sold[shop].clear()

    def run(self, shop: int) -> None:
        others = [number for number in range(len(self.shares)) if number != shop]
        snapshot = StockSnapshot(
            NOW,
            (FreeStockRow(BOOT, Decimal(self.free)),),
            self.levels[shop],
            evolve(tables(), units=self.units),
            sold=self._lines(shop),
            others=tuple(
                OtherShop(self.units, self.levels[one], sold=self._lines(one)) for one in others
            ),
            share_before=sum(map(Fraction, self.shares[:shop]), Fraction(0)),
        )
        plan = plan_stock(snapshot, StockPolicy(buffer=BUFFER, pool_share=self.shares[shop]))
        now = {level.id: int(level.quantity) for level in self.levels[shop]}
        now |= {command.level: int(command.quantity) for command in plan.commands}
        self.levels[shop] = self._levels({str(key): count for key, count in now.items()})

    def _lines(self, shop: int) -> tuple[LineDemand, ...]:
        sold = self.sold[shop].items()
        return tuple(LineDemand(OroSku("B"), unit, Decimal(n)) for unit, n in sold if n)


deeds = st.lists(
    st.tuples(
        st.sampled_from(["run", "sell", "post", "deliver"]), st.integers(0, 3), st.integers(1, 9)
    ),
    max_size=40,
)


@given(shares, st.integers(0, 120), deeds)
def test_any_sequence_of_accepted_orders_fits_the_pool(
    found: list[Decimal], free: int, acts: list[tuple[str, int, int]]
) -> None:
    """At every instant, whichever shop runs when: what all shops show is what nobody else has."""
    street = Street(found, free)
    for what, at, count in acts:
        shop = at % len(found)
        match what:
            case "run":
                street.run(shop)
            case "sell":
                street.sell(shop, count)
            case "post":
                street.post(shop)
            case _:
                street.free += count

        assert sum(map(street.shown, range(len(found)))) <= street.left()
    for _ in found:
        for shop in range(len(found)):
            street.run(shop)
    whole = sum(map(street.shown, range(len(found))))
    assert whole == int(street.left() * sum(map(Fraction, found)))  # at rest nothing is left lying


LEVELS = (a_level(1, "B", "each", 5), a_level(2, "B", "case", 0), a_level(3, "L", "each", 5))


def figures(snapshot: StockSnapshot, policy: StockPolicy) -> dict[str, int]:
    plan = plan_stock(snapshot, policy)
    return {command.level: int(command.quantity) for command in plan.commands}


def test_a_share_counts_also_where_no_other_shop_is_known() -> None:
    """A pair that is to come has its part already; the whole is the default."""
    snapshot = stock({BOOT: 5, LACE: 5}, LEVELS)

    assert figures(snapshot, StockPolicy(pool_share=Decimal("0.5"))) == {"1": 2, "3": 2}
    second = evolve(snapshot, share_before=Fraction(1, 2))
    assert figures(second, StockPolicy(pool_share=Decimal("0.5"))) == {"1": 3, "3": 3}
    assert figures(snapshot, StockPolicy()) == {}


def other(**changes: Any) -> OtherShop:
    shop = OtherShop(
        units={(OroSku("X"), EACH): (Component(BOOT, Fraction(1)),)},
        levels=(a_level(7, "X", "each", 4),),
    )
    return evolve(shop, **changes)


def test_per_shop_shows_all_that_is_left_everywhere() -> None:
    """What another shop sold is taken off; what it shows is not: both may sell the last one."""
    sold = (LineDemand(OroSku("X"), EACH, Decimal(1)),)
    snapshot = stock({BOOT: 5, LACE: 5}, LEVELS, others=(other(sold=sold),))

    assert figures(snapshot, StockPolicy(pool_mode=PoolMode.PER_SHOP)) == {"1": 4}
    assert figures(snapshot, StockPolicy()) == {"1": 0}


def test_a_level_stays_off_the_part_of_its_own_shop() -> None:
    """One that an operation may still write is taken off the part, not only off the pool."""
    busy = frozenset({OroLevelId("1")})
    snapshot = stock({BOOT: 20, LACE: 5}, LEVELS, outstanding=busy)

    assert figures(snapshot, StockPolicy(pool_share=Decimal("0.75"))) == {"2": 1, "3": 3}


@pytest.mark.parametrize("outstanding", [frozenset[OroLevelId](), frozenset({OroLevelId("7")})])
def test_what_may_still_be_written_elsewhere_does_not_rise_here(
    outstanding: frozenset[OroLevelId],
) -> None:
    """Its figure there is not known yet; other SKUs do rise."""
    shop = other(outstanding=outstanding)
    snapshot = stock({BOOT: 20, LACE: 9}, LEVELS, others=(shop,))

    assert flight_of(snapshot).unsure == ({BOOT} if outstanding else set())
    rises = {"1": 4, "3": 9} | ({} if outstanding else {"2": 2})
    assert figures(snapshot, StockPolicy()) == rises


def test_while_a_shop_is_unread_nothing_rises() -> None:
    """Levels fall, and the record names each shop and why."""
    unread = (UnreadShop("two", "no answer"), UnreadShop("six", "not put into use"))
    snapshot = stock({BOOT: 3, LACE: 90}, LEVELS, unread=unread)
    plan = plan_stock(snapshot, StockPolicy())
    (reason,) = plan.reasons

    assert [(c.level, int(c.quantity)) for c in plan.commands] == [("1", 3)]
    assert (reason.code, reason.subject) == (ReasonCode.SHOP_UNREAD, "stock/shops")
    assert reason.detail == "two: no answer; six: not put into use"
    told = "; none may rise, a shop of the pool is unread (two: no answer; six: not put into use)"
    assert plan.summary() == (
        f"2 SKUs read: 1 levels down, 0 up, 1 SKUs unchanged, 0 not linked, 0 missing{told}"
    )
    stale = evolve(snapshot, rows_at=NOW - timedelta(hours=2))
    assert plan_stock(stale, StockPolicy()).summary().count("may rise") == 1
    assert plan.accepted is not None
    assert "unread" not in plan_stock(stock({BOOT: 3, LACE: 90}, LEVELS), StockPolicy()).summary()


def test_the_part_of_a_shop_is_explained() -> None:
    """The pool, the part, and what other shops leave of it."""
    snapshot = stock({BOOT: 20, LACE: 9}, LEVELS, others=(other(),))
    rule = StockPolicy(pool_share=Decimal("0.5"))
    told = explanation_text(explain_stock((OroSku("B"), EACH), snapshot, rule))

    assert "row shops[BOOT" in told
    assert "pool 20, part 10, left_by_others 16" in told
