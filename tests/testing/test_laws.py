"""The laws that users hold their own policies against: they hold here, and they can break."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.rules.tax_making import order_rates, oro_policies, prima_policies, tax_orders

from oro_prima.ids import OroCustomerId, OroLineId, OroPriceListId, PrimaAccount, PrimaPriceBook
from oro_prima.mapping import (
    AccountFacts,
    Component,
    Inherit,
    PublishedFigure,
    StockMode,
    StockPolicy,
)
from oro_prima.mapping.customers import AccountPolicy
from oro_prima.mapping.prices import (
    AssignedList,
    PriceCatalogue,
    PricePolicy,
    PriceQuestion,
    PriceStrategy,
    price_index,
)
from oro_prima.mapping.tax import TaxPolicies
from oro_prima.oro.models.prices import PriceList, ProductPrice
from oro_prima.outcome import Mapped, unmapped
from oro_prima.reasons import ReasonCode
from oro_prima.testing import laws
from oro_prima.testing import strategies as some
from oro_prima.testing.builders import a_line, a_link, an_order, an_order_policy, some_tables

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "laws.md"
TESTS = Path(__file__).parents[1]
AT = datetime(2031, 5, 4, 12, tzinfo=UTC)
LISTS = tuple(OroPriceListId(one) for one in "12")
rows = st.builds(
    ProductPrice,
    st.sampled_from(LISTS),
    st.sampled_from(some.PRODUCTS),
    st.sampled_from(some.UNITS),
    st.integers(1, 12).map(Decimal),
    st.sampled_from(some.CURRENCIES),
    some.prices(),
)
policies = st.builds(
    PricePolicy,
    st.just(frozenset(some.CURRENCIES)),
    strategy=st.sampled_from(PriceStrategy),
    default_lists=st.just(tuple(AssignedList(one, int(one)) for one in LISTS)),
)
busy = settings(suppress_health_check=list(HealthCheck))


@given(some.quantities(), some.some_components())
def test_units(quantity: Decimal, parts: tuple[Component, ...]) -> None:
    """Of any quantity and any components."""
    laws.units_law(quantity, parts)


@busy
@given(some.unit_tables(), some.pools(), some.stock_policies())
def test_stock(units: Any, free: Any, policy: StockPolicy) -> None:
    """By any policy."""
    laws.stock_law(units, free, policy)
    laws.stock_law(units, free, evolve(policy, mode=StockMode.PER_UNIT))
    plain = StockPolicy(figure=PublishedFigure.AVAILABLE)
    laws.stock_law(units, free, plain)


@busy
@given(st.lists(rows, max_size=12), policies, st.integers(1, 20), st.data())
def test_prices(found: list[ProductPrice], policy: PricePolicy, many: int, data: Any) -> None:
    """Of any row that is there."""
    lists = tuple(PriceList(one, currencies=some.CURRENCIES) for one in LISTS)
    index = price_index(PriceCatalogue(lists, tuple(found)), policy)
    row = data.draw(st.sampled_from(found)) if found else None
    sku = some.PRODUCTS[0] if row is None else row.sku
    unit, currency = (some.UNITS[0], "GBP") if row is None else (row.unit, row.currency)

    laws.prices_law(
        PriceQuestion(OroCustomerId("3"), sku, unit, Decimal(many), currency, AT), index
    )


@busy
@given(tax_orders(), order_rates(), oro_policies, prima_policies)
def test_tax(order: Any, rates: Any, oro: Any, prima: Any) -> None:
    """Where both sides mean the same, and something is left to pay."""
    lines = tuple(evolve(line, parts=(), discount=Decimal(0)) for line in order.lines)
    plain = evolve(order, lines=lines, discount=Decimal(0), manual_discount=Decimal(0))
    both = TaxPolicies(oro, evolve(prima, prices_include_vat=oro.prices_include_tax))

    laws.tax_law(plain, evolve(rates, located=True), both)


@given(st.dictionaries(st.sampled_from("345"), st.sampled_from("678")), st.sampled_from(Inherit))
def test_customers(parents: dict[str, str], inherit: Inherit) -> None:
    """With organisations above each other."""
    above = {OroCustomerId(child): OroCustomerId(up) for child, up in parents.items()}
    links = {OroCustomerId(one): a_link(one, f"A{one}") for one in ("3", "6")}
    tables = evolve(some_tables(), parents=above, links=links)
    known = map(OroCustomerId, "345678")

    laws.customers_law(known, tables, AccountPolicy(inherit), currency="GBP")


@busy
@given(some.orders(), some.order_policies())
def test_orders(order: Any, policy: Any) -> None:
    """Mapped or held."""
    laws.orders_law(order, some_tables(), policy)


@busy
@given(some.orders(), some.order_policies(), some.read_books())
def test_checked_prices(order: Any, policy: Any, book: Any) -> None:
    """Against books of any rows, in any currency, or that cannot be read."""
    code, account = PrimaPriceBook("TRADE"), PrimaAccount("TRADE1")
    tables = evolve(some_tables(), accounts={account: AccountFacts(price_book=code)})

    laws.price_check_law(order, account, tables, policy, books={code: book})


def test_an_order_that_is_mapped_keeps_every_line() -> None:
    """One with two lines of one product has both."""
    one = a_line()
    laws.orders_law(an_order(one, evolve(one, id=OroLineId("2"))), some_tables(), an_order_policy())


def test_what_is_refused_says_why() -> None:
    """What is mapped says nothing."""
    laws.reasons_law(Mapped(1))
    laws.reasons_law(unmapped(ReasonCode.NO_LINES, "orders/7", "no lines"))
    with pytest.raises(AssertionError):
        laws.reasons_law(unmapped(ReasonCode.NO_LINES, "orders/7", ""))


def test_a_law_that_is_broken_is_noticed() -> None:
    """A unit of less than nothing, for one."""
    bad = Component(some.SKUS[0], Fraction(-1))
    with pytest.raises((AssertionError, ZeroDivisionError)):
        laws.stock_law(
            {(some.PRODUCTS[0], some.UNITS[0]): (bad,)}, {some.SKUS[0]: 1}, StockPolicy()
        )


# the page of laws


def named() -> Iterator[tuple[str, str, str]]:
    """Yield each law of the page with a file and a test that holds it."""
    law = ""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            law = line.removeprefix("## ")
        for file, test in re.findall(r"`(test_\w+)::(\w+)`", line):
            yield law, file, test


def test_every_law_is_held_by_tests_that_are_there() -> None:
    """Ten groups; each has a property among its tests."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in TESTS.rglob("test_*.py")}
    groups: dict[str, list[str]] = {}
    for law, file, test in named():
        assert re.search(rf"^    ?def {test}\(|^def {test}\(|^class {test}\b", texts[file], re.M), (
            f"{file}::{test}"
        )
        groups.setdefault(law, []).append(texts[file].partition(f"def {test}(")[0][-400:])

    assert list(groups) == [
        "Units", "Stock", "Prices", "Tax", "Customers", "Orders", "Plans", "Engine", "Wire",
        "Books",
    ]  # fmt: skip
    for law, befores in groups.items():
        assert any("@given" in before or law == "Engine" for before in befores), law
