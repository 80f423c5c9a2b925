"""The price index: built in one pass, asked in constant time."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from math import log10

from benchmarks.measuring import Row, compare, growth, seconds
from oro_prima.ids import OroCustomerId, OroPriceListId, OroSku, OroWebsiteId, UnitCode
from oro_prima.mapping.prices import (
    AssignedList,
    PriceCatalogue,
    PriceIndex,
    PricePolicy,
    PriceQuestion,
    price_index,
    resolve_price,
)
from oro_prima.oro.models import PriceList, PriceListToCustomer, ProductPrice

EACH, SITE = UnitCode("each"), OroWebsiteId("1")
NOW = datetime(2031, 5, 4, tzinfo=UTC)
BASE = OroPriceListId("1")
POLICY = PricePolicy(frozenset({"GBP"}), default_lists=(AssignedList(BASE),))
TIERS = (1, 10, 100)
OWN = 20
"""Products that a customer's own list holds."""
ASKED = 20_000


def make_catalogue(customers: int, products: int) -> PriceCatalogue:
    """Return a base list of every product, and a list of each customer's own with a few of them."""
    lists = tuple(
        PriceList(OroPriceListId(str(n + 1)), currencies=("GBP",)) for n in range(customers + 1)
    )
    prices = [_row(BASE, product, tier) for product in range(products) for tier in TIERS]
    for n in range(customers):
        own = OroPriceListId(str(n + 2))
        some = ((n * OWN + at) % products for at in range(OWN))
        prices += (_row(own, product, tier) for product in some for tier in TIERS)
    assigned = tuple(
        PriceListToCustomer(OroCustomerId(str(n)), SITE, OroPriceListId(str(n + 2)), 1)
        for n in range(customers)
    )
    return PriceCatalogue(lists, tuple(prices), assigned)


def _row(price_list: OroPriceListId, product: int, tier: int) -> ProductPrice:
    value = Decimal(1000 - tier + product % 97) / 100
    return ProductPrice(price_list, OroSku(f"S{product}"), EACH, Decimal(tier), "GBP", value)


def _grouped(catalogue: PriceCatalogue) -> object:
    """Group the rows by what they are looked up by: the least that an index does."""
    found: dict[object, list[ProductPrice]] = {}
    for row in catalogue.prices:
        found.setdefault((row.sku, row.unit, row.currency, row.price_list), []).append(row)
    return found


def _ask(index: PriceIndex, customers: int, products: int) -> None:
    for n in range(ASKED):
        customer, sku = OroCustomerId(str(n % customers)), OroSku(f"S{n * 7 % products}")
        resolve_price(PriceQuestion(customer, sku, EACH, Decimal(12), "GBP", NOW), index)


def _bytes_a_row(catalogue: PriceCatalogue) -> float:
    tracemalloc.start()
    index = price_index(catalogue, POLICY)
    used = tracemalloc.get_traced_memory()[0] / len(catalogue.prices)
    tracemalloc.stop()
    del index
    return used


def _exponent(build: Callable[[PriceCatalogue], object]) -> float:
    """
    Return the power of the number of rows that building grows by, 10 thousand to a million.

    The collector is off meanwhile: it looks at every row that there is, time and again, whatever is
    built of them.
    """
    took: list[float] = []
    for products in (3_333, 333_333):
        work = partial(build, make_catalogue(0, products))
        work()
        gc.disable()
        took.append(min(seconds(work) for _ in range(5)))
        gc.enable()
    return log10(took[1] / took[0]) / 2


def _built(catalogue: PriceCatalogue) -> object:
    return price_index(catalogue, POLICY)


def rows() -> dict[str, Row]:
    """Measure 1,000 customers x 20,000 products x 3 tiers against a tenth of both."""
    small, large = make_catalogue(100, 2_000), make_catalogue(1_000, 20_000)
    build = partial(price_index, large, POLICY)
    ratio, spread = compare(partial(_grouped, large), build)
    grown = growth(partial(price_index, small, POLICY), build)
    few, many = price_index(small, POLICY), build()
    ask_few, ask_many = partial(_ask, few, 100, 2_000), partial(_ask, many, 1_000, 20_000)
    ask_few(), ask_many()
    each = min(seconds(ask_many) for _ in range(5)) / ASKED * 1e6
    name = f"price index: {len(large.prices):,} rows"
    return {
        f"{name}, built": Row(ratio, "rows grouped by slot and list", spread, growth=grown),
        f"{name}, a price looked up": Row(
            each, "none", unit="us", growth=growth(ask_few, ask_many)
        ),
        "price index: 10 k to 1 M rows, collector off": Row(
            _exponent(_built), f"the same grouping: {_exponent(_grouped):.2f}", unit="power"
        ),
        f"{name}, beside the rows": Row(_bytes_a_row(large), "none", unit="bytes"),
    }
