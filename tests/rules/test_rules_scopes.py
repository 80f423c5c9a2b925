"""Scopes: a plan of some records is the plan of everything, less what is outside."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from fractions import Fraction
from itertools import chain
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.ids import OroCustomerId, OroOrderId, OroSku, UnitCode
from oro_prima.mapping import (
    Component,
    CustomerPolicy,
    Ends,
    Organisation,
    PriceWritePolicy,
    StockPolicy,
)
from oro_prima.oro.models import Order
from oro_prima.plans import (
    EVERYTHING,
    CustomerSnapshot,
    EndPrice,
    OfCustomers,
    OfDays,
    OfOrders,
    OfProducts,
    PricePolicies,
    PriceSnapshot,
    ProductPolicies,
    ProductSnapshot,
    Scope,
    ShopProduct,
    StockSnapshot,
    plan_customers,
    plan_orders,
    plan_pools,
    plan_prices,
    plan_products,
    plan_stock,
    scope_text,
    whole_pools,
)
from oro_prima.plans.customers import ACCOUNTS, LIMIT
from oro_prima.plans.pools import skus_of_products
from oro_prima.reasons import ReasonCode
from oro_prima.values import LocalDate, local_date
from tests.rules import test_rules_customers_plan as customer_cases
from tests.rules import test_rules_plans as order_cases
from tests.rules import test_rules_prices_plan as price_cases
from tests.rules import test_rules_products_plan as product_cases
from tests.rules import test_rules_small_stock as stock_cases
from tests.rules.making import NOW, a_link, snapshot
from tests.rules.making import policy as order_policy

LONDON = ZoneInfo("Europe/London")
days = st.dates(date(2000, 1, 2), date(2099, 12, 30)).map(LocalDate)
zones = st.sampled_from([LONDON, UTC, ZoneInfo("Pacific/Auckland"), ZoneInfo("America/St_Johns")])


@given(days, st.integers(0, 40), zones, st.integers(0, 24 * 3600 * 50))
def test_days_are_whole_days_of_the_books(
    first: LocalDate, more: int, zone: tzinfo, seconds: int
) -> None:
    """An instant is of them exactly where its day is, on days of 23 and 25 hours too."""
    scope = OfDays(first, LocalDate(first + timedelta(days=more)))
    begin, end = scope.instants(zone)
    at = begin - timedelta(days=2) + timedelta(seconds=seconds)

    assert begin.tzinfo is end.tzinfo is UTC
    assert (begin <= at < end) == (scope.first <= local_date(at, zone) <= scope.last)


def test_a_day_of_the_change_of_clocks() -> None:
    """23 hours in March, 25 in October."""
    spring, autumn = LocalDate(date(2031, 3, 30)), LocalDate(date(2031, 10, 26))
    begin, end = OfDays(spring, spring).instants(LONDON)

    assert (begin, end) == (
        datetime(2031, 3, 30, tzinfo=UTC),
        datetime(2031, 3, 30, 23, tzinfo=UTC),
    )
    begin, end = OfDays(autumn, autumn).instants(LONDON)
    assert end - begin == timedelta(hours=25)


def test_days_in_the_wrong_order_are_refused() -> None:
    """And named."""
    last, first = LocalDate(date(2031, 5, 3)), LocalDate(date(2031, 5, 4))
    with pytest.raises(ValueError, match="2031-05-03 comes before the first 2031-05-04"):
        OfDays(first, last)


@pytest.mark.parametrize(
    ("scope", "text"),
    [
        (EVERYTHING, "everything"),
        (OfOrders((OroOrderId("9"), OroOrderId("7"), OroOrderId("9"))), "orders 9, 7"),
        (OfCustomers((OroCustomerId("3"),)), "customers 3"),
        (OfProducts((OroSku("A"), OroSku("B"))), "products A, B"),
        (
            OfDays(LocalDate(date(2031, 5, 3)), LocalDate(date(2031, 5, 4))),
            "orders of 2031-05-03 to 2031-05-04",
        ),
    ],
)
def test_a_scope_is_told_in_a_line(scope: Scope, text: str) -> None:
    """What is named twice counts once."""
    assert scope_text(scope) == text


def test_what_is_named_twice_counts_once() -> None:
    """In the order in which it was named."""
    assert OfOrders((OroOrderId("9"), OroOrderId("7"), OroOrderId("9"))).orders == ("9", "7")
    assert OfCustomers((OroCustomerId("3"), OroCustomerId("3"))).customers == ("3",)
    assert OfProducts((OroSku("A"), OroSku("A"))).skus == ("A",)


@given(
    st.lists(order_cases.orders, max_size=8, unique_by=lambda one: one.id),
    st.frozensets(st.integers(1, 40).map(str), max_size=6),
)
def test_orders_of_a_scope_are_decided_as_ever(some: list[Order], chosen: frozenset[str]) -> None:
    """Reading fewer changes no decision on those that are read; none gives none."""
    policy = order_policy()
    whole = plan_orders(snapshot(*some), policy)
    part = plan_orders(snapshot(*(one for one in some if one.id in chosen)), policy)

    assert part.decisions == tuple(one for one in whole.decisions if one.order in chosen)


@given(customer_cases.snapshots(), customer_cases.policies, st.integers(0, 2**5 - 1))
def test_customers_of_a_scope(
    snapshot: CustomerSnapshot, policy: CustomerPolicy, bits: int
) -> None:
    """Commands, accounts and reasons of those alone; what is judged as a whole is as it was."""
    ids = sorted(snapshot.links)
    only = frozenset(one for place, one in enumerate(ids) if bits >> place & 1)
    whole = plan_customers(snapshot, policy)
    part = plan_customers(evolve(snapshot, only=only), policy)
    rest = plan_customers(evolve(snapshot, only=frozenset(ids) - only), policy)

    def mine(subject: str) -> bool:
        return subject in (ACCOUNTS, LIMIT) or subject.partition("/")[2] in only

    assert part.commands == tuple(one for one in whole.commands if one.customer in only)
    assert part.reasons == tuple(one for one in whole.reasons if mine(one.subject))
    assert part.refused == whole.refused
    assert set(part.commands) | set(rest.commands) == set(whole.commands)
    assert set(part.seen) | set(rest.seen) == set(whole.seen)
    assert {one.code for one in part.seen} <= {snapshot.links[one].account for one in only}
    if not whole.refused or whole.seen:
        assert part.customers_read + rest.customers_read == whole.customers_read
        assert part.customers_right + rest.customers_right == whole.customers_right


def test_a_changed_link_of_another_customer_is_not_told() -> None:
    """Of the own one it is."""
    links = {
        OroCustomerId(n): a_link(customer=OroCustomerId(n), pinned="code OLD") for n in ("1", "2")
    }
    organisations = tuple(Organisation(OroCustomerId(n), "N", "NEW", "", ()) for n in ("1", "2"))
    accounts = (customer_cases.an_account(links[OroCustomerId("1")].account),)
    snapshot = CustomerSnapshot(NOW, links, organisations=organisations, accounts=accounts)
    plan = plan_customers(
        evolve(snapshot, only=frozenset({OroCustomerId("2")})), customer_cases.POLICY
    )

    assert plan.changed == ("2",)
    assert [(one.code, one.subject) for one in plan.reasons] == [
        (ReasonCode.LINK_CHANGED, "customers/2")
    ]


@given(price_cases.snapshots, price_cases.policies, st.frozensets(st.sampled_from("BLX")))
def test_prices_of_a_scope(
    snapshot: PriceSnapshot, policy: PricePolicies, letters: frozenset[str]
) -> None:
    """Rows of those products alone; nothing else begins, changes or ends; limits are the list's."""
    only = frozenset(map(OroSku, letters))
    rest = frozenset(map(OroSku, "BLX")) - only
    whole = plan_prices(snapshot, policy)
    part = plan_prices(evolve(snapshot, only=only), policy)
    other = plan_prices(evolve(snapshot, only=rest), policy)

    assert part.commands == tuple(one for one in whole.commands if one.price.sku in only)
    assert set(part.commands) | set(other.commands) == set(whole.commands)
    assert part.right + other.right == whole.right
    assert part.kept + other.kept == whole.kept
    assert part.upcoming == whole.upcoming
    assert set(part.reasons) <= set(whole.reasons)
    told = {one for one in whole.reasons if one.subject.startswith("prices/")}
    assert told == {
        one for one in (*part.reasons, *other.reasons) if one.subject.startswith("prices/")
    }
    again = price_cases.applied(evolve(snapshot, only=only), part)
    assert plan_prices(again, policy).commands == () or policy.writes.ends is Ends.REMOVE


def test_what_stops_ends_is_told_where_it_stops_one_of_the_scope() -> None:
    """Not of a product whose rows all stay."""
    shop = (
        price_cases.listed("1", "B", "each", "2.5"),
        price_cases.listed("2", "L", "each", "3"),
    )
    snapshot = price_cases.snapped(price_cases.a_row(), listed=shop)
    policy = evolve(
        price_cases.POLICY,
        writes=PriceWritePolicy(Ends.REMOVE, 0, Decimal(0)),
    )
    codes = {
        sku: [
            one.code
            for one in plan_prices(evolve(snapshot, only=frozenset({OroSku(sku)})), policy).reasons
        ]
        for sku in "BL"
    }
    lets = evolve(policy, writes=PriceWritePolicy(Ends.REMOVE, 1, Decimal(1)))
    ends = plan_prices(evolve(snapshot, only=frozenset({OroSku("L")})), lets).ends

    assert codes == {"B": [], "L": [ReasonCode.CHANGES_OUTSIDE_LIMIT]}
    assert [type(one) for one in ends] == [EndPrice]
    assert plan_prices(evolve(snapshot, only=frozenset({OroSku("B")})), lets).ends == ()


@given(product_cases.products, product_cases.policies, st.booleans(), st.integers(0, 2**10 - 1))
def test_products_of_a_scope(
    some: tuple[ShopProduct, ...], policy: ProductPolicies, let_go: bool, bits: int
) -> None:
    """Nothing else is disabled; the limit is that of all products."""
    snapshot = ProductSnapshot(NOW, product_cases.FACTS, some, let_go=let_go)
    only = frozenset(one.sku for one in some if bits >> int(one.id) & 1)
    rest = frozenset(one.sku for one in some) - only
    whole = plan_products(snapshot, policy)
    part = plan_products(evolve(snapshot, only=only), policy)
    other = plan_products(evolve(snapshot, only=rest), policy)

    assert part.commands == tuple(one for one in whole.commands if one.sku in only)
    assert part.against == tuple(one for one in whole.against if one.sku in only)
    assert part.ready == tuple(sku for sku in whole.ready if sku in only)
    assert part.enabled + other.enabled == whole.enabled
    over = {one for one in whole.reasons if one.subject == "publication/changes"}
    assert {*part.reasons, *other.reasons} == over
    if over:
        wrong = {one.sku for one in whole.against}
        assert not part.reasons or wrong & only


@given(
    stock_cases.snapshots(), stock_cases.rules, st.frozensets(st.sampled_from("ABCDE"), max_size=3)
)
def test_stock_of_a_scope(
    snapshot: StockSnapshot, policy: StockPolicy, letters: frozenset[str]
) -> None:
    """
    Whole pools of the products, planned as a run of all stock plans them.

    No level is raised that a run of all stock would not raise.
    """
    units = snapshot.tables.units
    asked = whole_pools(skus_of_products(map(OroSku, letters), units), units)
    part = plan_pools(stock_cases.only(snapshot, asked), policy, asked=asked)
    whole = plan_stock(snapshot, policy)
    mine = {key for key in units if key[0] in letters}

    assert mine <= asked.units
    assert part.commands == tuple(
        one for one in whole.commands if (one.sku, one.unit) in asked.units
    )
    assert set(part.increases) <= set(whole.increases)


def test_products_without_units_have_no_skus() -> None:
    """Nothing is asked for then."""
    units = {(OroSku("A"), UnitCode("x")): (Component(stock_cases.SKUS[0], Fraction(1)),)}

    assert skus_of_products([OroSku("B")], units) == frozenset()
    assert skus_of_products([OroSku("A")], units) == frozenset(chain(stock_cases.SKUS[:1]))
