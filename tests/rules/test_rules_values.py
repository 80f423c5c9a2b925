"""Every value of the rules pickles, compares, hashes where it can, and survives JSON."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from oro_prima.converters import decode_json, encode_json, make_converter
from oro_prima.mapping import (
    AccountFacts,
    BarcodeUse,
    Component,
    OrderPolicy,
    PriceCatalogue,
    PricePolicy,
    PriceQuestion,
    QuantityRule,
    StockPolicy,
    UnitShare,
    UnitTable,
    map_order,
)
from oro_prima.mapping.coverage import (
    CoverageFacts,
    CoveragePolicy,
    Sale,
    ShopCatalogue,
    SoldUnit,
    check_coverage,
)
from oro_prima.oro.models import Order
from oro_prima.outcome import Mapped
from oro_prima.prima.models.orders import PrimaOrder
from oro_prima.reasons import Reason
from oro_prima.testing import strategies as some
from oro_prima.testing.builders import a_link, an_order_policy, some_tables

CONVERTER = make_converter()
busy = settings(suppress_health_check=list(HealthCheck), max_examples=40)


def through_json(value: object, kind: Any) -> object:
    tree = decode_json(encode_json(CONVERTER.unstructure(value)))
    return CONVERTER.structure(tree, kind)


def survives(value: object, kind: Any) -> None:
    assert pickle.loads(pickle.dumps(value)) == value
    assert through_json(value, kind) == value


@busy
@given(some.orders(), some.order_policies())
def test_orders_and_what_becomes_of_them(order: Order, policy: OrderPolicy) -> None:
    """What Prima is to take, or every reason why nothing."""
    survives(order, Order)
    outcome = map_order(order, some_tables(), policy)
    assert pickle.loads(pickle.dumps(outcome)) == outcome
    if isinstance(outcome, Mapped):
        survives(outcome.value, PrimaOrder)
    else:
        survives(outcome.reasons, tuple[Reason, ...])


@busy
@given(some.stock_policies())
def test_policies_of_stock(policy: StockPolicy) -> None:
    """With their limits."""
    survives(policy, StockPolicy)
    assert hash(policy) == hash(pickle.loads(pickle.dumps(policy)))


@busy
@given(some.unit_tables())
def test_what_product_units_are_made_of(table: UnitTable) -> None:
    """Counts stay fractions; a key compares without case."""
    for parts in table.values():
        survives(parts, tuple[Component, ...])
        assert hash(parts) == hash(pickle.loads(pickle.dumps(parts)))


@busy
@given(some.coverage_facts())
def test_catalogues_and_what_a_check_finds(facts: CoverageFacts) -> None:
    """Reports, too."""
    survives(facts.shop, ShopCatalogue)
    report = check_coverage(facts, CoveragePolicy(an_order_policy()))
    assert pickle.loads(pickle.dumps(report)) == report
    assert pickle.loads(pickle.dumps(facts)) == facts


@pytest.mark.parametrize(
    "value",
    [
        QuantityRule(2, Decimal("0.5"), None, Decimal("0.25")),
        UnitShare(some.PRODUCTS[0], some.UNITS[0], Decimal("0.5")),
        AccountFacts(currency="GBP", vat_inclusive=False),
        SoldUnit(some.PRODUCTS[0], some.UNITS[0], prices=(Decimal("1.2500"),)),
        Sale(a_link().customer, some.PRODUCTS[0], some.UNITS[0], "GBP", Decimal("3.10")),
        PricePolicy(frozenset({"GBP", "EUR"})),
        PriceCatalogue(),
        BarcodeUse.GTIN,
        a_link(),
    ],
    ids=lambda value: type(value).__name__,
)
def test_single_values(value: object) -> None:
    """As JSON and as a pickle."""
    survives(value, type(value))


def test_the_core_keeps_no_state() -> None:
    """No module of the rules holds a value that can be changed."""
    import importlib
    import pkgutil

    import oro_prima.mapping as room

    changeable: list[str] = []
    for info in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
        module = importlib.import_module(info.name)
        for name, value in vars(module).items():
            mine = not name.startswith("__") and not isinstance(value, Mapping)
            if mine and isinstance(value, (list, set, bytearray)):
                changeable.append(f"{info.name}.{name}")

    assert changeable == []
    assert PriceQuestion.__attrs_attrs__
