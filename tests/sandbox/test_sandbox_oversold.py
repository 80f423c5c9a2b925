"""How overselling is measured from outside."""

from __future__ import annotations

from decimal import Decimal

from attrs import frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from oro_prima.sandbox.oversold import Promise, Verdict, measure, overwritten_sale, promise
from oro_prima.sandbox.prima import StockKey

BOOT, HAT = StockKey("BOOT", "F", "070"), StockKey("HAT")
amounts = st.integers(0, 50).map(Decimal)


@frozen
class Line:
    """An order line."""

    sku: str
    unit: str
    quantity: Decimal


@frozen
class Event:
    """An entry of the log."""

    kind: str
    ref: str = ""


def boots(order: str, amount: Decimal) -> Promise:
    """Promise boots."""
    return Promise(order, {BOOT: amount})


@given(st.lists(amounts, max_size=6), st.integers(0, 60))
@settings(max_examples=100)
def test_what_checkouts_oversell_adds_up_to_the_whole_excess(
    sold: list[Decimal], free: int
) -> None:
    """Each checkout counts only what it adds, so nothing is counted twice or missed."""
    made = [boots(str(number), amount) for number, amount in enumerate(sold)]

    verdicts = [
        measure(one, before=made[:number], free={BOOT: free}, overwritten=())
        for number, one in enumerate(made)
    ]

    excess = max(sum(sold, Decimal(0)) - free, Decimal(0))
    assert sum((verdict.oversold for verdict in verdicts), Decimal(0)) == excess


def test_excess_of_an_overwritten_sku_counts_apart() -> None:
    """The other SKUs of the same checkout count as they are."""
    made = Promise("1", {BOOT: Decimal(5), HAT: Decimal(3)})

    verdict = measure(made, before=(), free={BOOT: 4, HAT: 1}, overwritten=[BOOT])

    assert verdict == Verdict(oversold=Decimal(2), in_window=Decimal(1))


def test_lines_promise_their_units_base_units() -> None:
    """Components add up over lines; a unit that no table knows promises nothing."""
    units = {("B", "case"): ((BOOT, 6),), ("P", "pack"): ((BOOT, 2), (HAT, 1))}
    lines = [Line("B", "case", Decimal("0.5")), Line("P", "pack", Decimal(2)), Line("X", "x", BIG)]

    assert promise("7", lines, units) == Promise("7", {BOOT: Decimal(7), HAT: Decimal(2)})


BIG = Decimal(10**6)


def is_overwritten(*events: Event) -> bool:
    """Ask about level 1 and the checkouts a and b."""
    return overwritten_sale(events, levels=frozenset({"1", "2"}), checkouts=frozenset({"a", "b"}))


READ, WRITE, SALE = Event("orders_read"), Event("level_write", "1"), Event("checkout", "a")


def test_a_write_over_a_sale_it_could_not_know_is_one() -> None:
    """The sale lies between the last reading of orders and the write."""
    assert is_overwritten(READ, SALE, WRITE)
    assert is_overwritten(SALE, WRITE)
    assert not is_overwritten(SALE, READ, WRITE)
    assert not is_overwritten(READ, WRITE, SALE)
    assert not is_overwritten()


def test_a_later_write_that_knew_clears_it_and_a_blind_one_does_not() -> None:
    """Any level of the SKU counts."""
    assert not is_overwritten(READ, SALE, WRITE, READ, Event("level_write", "2"))
    assert is_overwritten(READ, SALE, WRITE, Event("level_write", "2"))
    assert is_overwritten(READ, SALE, WRITE, READ)


def test_events_of_other_levels_and_orders_do_not_count() -> None:
    """Neither their sales nor their writes."""
    assert not is_overwritten(READ, Event("checkout", "z"), WRITE)
    assert not is_overwritten(READ, SALE, Event("level_write", "9"))
