"""Proving coverage, and planning the levels of 100,000 product units."""

from __future__ import annotations

import tracemalloc
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from functools import partial

from benchmarks.floors import compare_figures
from benchmarks.measuring import Row, seconds
from benchmarks.plans import figures_of, make_stock
from oro_prima.ids import OroCustomerId, OroSku, PrimaAccount, PrimaCompany, UnitCode
from oro_prima.mapping import Component, OrderPolicy, PriceBasis, StockPolicy, Tables
from oro_prima.mapping.coverage import (
    CoverageFacts,
    CoveragePolicy,
    ErpCatalogue,
    ShopCatalogue,
    ShopCustomer,
    SoldUnit,
    check_coverage,
)
from oro_prima.mapping.tables import UnitKey
from oro_prima.plans import plan_stock
from oro_prima.records import Link
from oro_prima.values import SkuKey

AT = datetime(2031, 5, 4, tzinfo=UTC)
UNITS = (UnitCode("each"), UnitCode("case"))
ROUNDS = 2


def make_facts(count: int) -> CoverageFacts:
    """Return so many product units, and a customer for each hundred of them, all mapped."""
    keys: list[UnitKey] = [(OroSku(f"S{n // 2}"), UNITS[n % 2]) for n in range(count)]
    table = {
        key: (Component(SkuKey(f"P{n // 60}", "F", str(n % 60)), Fraction(1 + 5 * (n % 2))),)
        for n, key in enumerate(keys)
    }
    sold = tuple(SoldUnit(sku, unit, prices=(Decimal("12.00"),)) for sku, unit in keys)
    company = PrimaCompany("1")
    customers = [OroCustomerId(str(n)) for n in range(1, count // 100 + 1)]
    links = {
        one: Link(one, PrimaAccount(f"A{one}"), company, "Kim", AT, "", "1") for one in customers
    }
    shop = ShopCatalogue(tuple(map(ShopCustomer, customers)), sold, ("GBP",), ("flat",))
    live = frozenset(part.sku for parts in table.values() for part in parts)
    tables = Tables(company, links, table, {"": "CARR"})
    return CoverageFacts(shop, ErpCatalogue(skus=live), tables)


def look_up(facts: CoverageFacts) -> int:
    """Do the least that a check must: look every product unit and each of its SKUs up."""
    table, live = facts.tables.units, facts.erp.skus or frozenset()
    return sum(part.sku in live for one in facts.shop.units for part in table[one.key])


def rows() -> dict[str, Row]:
    """Measure a check of 100,000 product units, and a plan of as many levels."""
    policy = CoveragePolicy(OrderPolicy(AT, PriceBasis.UNIT, vat_inclusive=False))
    small, large = make_facts(10_000), make_facts(100_000)
    whole = partial(check_coverage, large, policy)
    assert whole().passed
    floor = min(seconds(partial(look_up, large)) for _ in range(ROUNDS))
    took = min(seconds(whole) for _ in range(ROUNDS))
    grown = took / min(seconds(partial(check_coverage, small, policy)) for _ in range(ROUNDS))
    found = {
        "coverage: 100,000 product units proven": Row(
            took / floor, "every unit and SKU looked up", growth=grown
        ),
        "coverage: seconds for 100,000 product units": Row(took, "0", unit="s"),
        "coverage: memory for each product unit": Row(
            _bytes(make_facts(1_000), policy), "0", unit="bytes"
        ),
    }
    few, many = make_stock(10_000, every=20), make_stock(100_000, every=20)
    figures, shown = figures_of(many)
    plan = partial(plan_stock, many, StockPolicy())
    least = min(seconds(partial(compare_figures, figures, shown)) for _ in range(ROUNDS))
    most = min(seconds(plan) for _ in range(ROUNDS))
    less = min(seconds(partial(plan_stock, few, StockPolicy())) for _ in range(ROUNDS))
    found["plan: 100,000 product units, one in 20 changed"] = Row(
        most / least, "one side indexed, the other compared", growth=most / less
    )
    return found


def _bytes(facts: CoverageFacts, policy: CoveragePolicy) -> float:
    """Return the most bytes that a check holds at a time, a product unit."""
    tracemalloc.start()
    check_coverage(facts, policy)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most / len(facts.shop.units)
