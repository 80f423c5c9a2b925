"""
Hypothesis strategies that reach the ugly cases: for the laws of the rules, and for yours.

Prices have 4 decimals and reach a million, factors reach 1,000 and are fractions, ids reach the
ceiling, texts come from all planes of Unicode. Needs the package `hypothesis`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from attrs import evolve
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from oro_prima.ids import OroCustomerId, OroLineId, OroOrderId, OroSku, PrimaPriceBook, UnitCode
from oro_prima.mapping.coverage import (
    CoverageFacts,
    Entity,
    ErpCatalogue,
    ShopCatalogue,
    ShopCustomer,
    SoldUnit,
)
from oro_prima.mapping.policy import (
    Inexact,
    OrderPolicy,
    PriceBasis,
    PriceCheck,
    StockPolicy,
    UnitShare,
)
from oro_prima.mapping.price_check import ReadBook
from oro_prima.mapping.quantities import QuantityRule, least_quantity
from oro_prima.mapping.tables import Component, UnitKey
from oro_prima.oro.models.orders import Order, OrderLine
from oro_prima.prima.models.prices import PriceBook, PriceBookRow
from oro_prima.testing.builders import CREATED, a_link, an_address, an_order, some_tables
from oro_prima.values import SkuKey

SKUS = tuple(SkuKey(f"P{number}", "F") for number in range(5))
PRODUCTS = tuple(OroSku(f"S{number}") for number in range(4))
UNITS = tuple(UnitCode(code) for code in ("each", "case", "pallet"))
CUSTOMERS = ("3", "4", "5", "2147483647")
CURRENCIES = ("GBP", "EUR")


def prices() -> SearchStrategy[Decimal]:
    """Prices of one unit: 0 to a million, with up to 4 decimals."""
    most = 10**6
    usual = st.integers(0, most * 100).map(lambda n: Decimal(n).scaleb(-2))
    return usual | st.integers(0, most * 10**4).map(lambda n: Decimal(n).scaleb(-4))


def quantities() -> SearchStrategy[Decimal]:
    """Quantities above 0: whole ones, and parts of a unit."""
    parts = st.integers(1, 10**6).map(lambda n: Decimal(n).scaleb(-3))
    return st.integers(1, 10**5).map(Decimal) | parts


def counts() -> SearchStrategy[Fraction]:
    """Base units in a product unit: one, many, and parts of one."""
    parts = st.fractions(Fraction(1, 1000), 1000, max_denominator=1000)
    return st.just(Fraction(1)) | st.integers(1, 1000).map(Fraction) | parts


def sku_keys() -> SearchStrategy[SkuKey]:
    """Prima SKUs, few enough that product units share them."""
    return st.sampled_from(SKUS)


def product_units() -> SearchStrategy[UnitKey]:
    """Products and units of them."""
    return st.tuples(st.sampled_from(PRODUCTS), st.sampled_from(UNITS))


def some_components() -> SearchStrategy[tuple[Component, ...]]:
    """What a product unit is made of: one SKU as a rule, several with or without price shares."""
    shares = st.none() | prices()
    one = st.builds(Component, sku_keys(), counts(), shares)
    several = st.lists(one, min_size=1, max_size=3, unique_by=lambda part: part.sku)
    return one.map(lambda part: (part,)) | several.map(tuple)


def unit_tables() -> SearchStrategy[dict[UnitKey, tuple[Component, ...]]]:
    """Unit tables of a few products."""
    return st.dictionaries(product_units(), some_components(), max_size=8)


def quantity_rules() -> SearchStrategy[QuantityRule]:
    """Which quantities can be bought; now and then none can."""
    amounts = st.integers(0, 4000).map(lambda n: Decimal(n).scaleb(-2))
    steps = st.integers(1, 600).map(lambda n: Decimal(n).scaleb(-2))
    return st.builds(
        QuantityRule,
        st.integers(0, 2),
        st.none() | amounts,
        st.none() | amounts,
        st.none() | steps,
    )


def texts() -> SearchStrategy[str]:
    """Names and notes as people write them, from all planes of Unicode."""
    return st.text(max_size=40) | st.sampled_from(["Łódź", "naïve €", "東京", "a\tb\r\nc", "🥾"])


def read_books() -> SearchStrategy[ReadBook]:
    """Price books of account `TRADE` as Prima may say them: with any rows, or unreadable."""
    code = PrimaPriceBook("TRADE")
    heads = st.builds(PriceBook, st.just(code), st.sampled_from(CURRENCIES), st.booleans())
    breaks = st.sampled_from([0, 1, 12, 1000]).map(Decimal)
    rows = st.builds(PriceBookRow, st.just(code), sku_keys(), breaks, prices())
    return st.builds(
        ReadBook,
        st.lists(heads, max_size=2, unique=True).map(tuple),
        st.lists(rows, max_size=6).map(tuple),
        st.sampled_from(["", "", "it cannot be read"]),
    )


def order_policies() -> SearchStrategy[OrderPolicy]:
    """Policies for orders: every basis, every way with inexact prices."""
    return st.builds(
        OrderPolicy,
        start_at=st.just(datetime(2031, 1, 1, tzinfo=UTC)),
        price_basis=st.sampled_from(PriceBasis),
        vat_inclusive=st.booleans(),
        price_decimals=st.integers(0, 4),
        inexact=st.sampled_from(Inexact),
        price_check=st.sampled_from(PriceCheck),
        price_tolerance=st.sampled_from(["0", "0.01", "5"]).map(Decimal),
        price_tolerance_percent=st.sampled_from([0, 1, 50]).map(Decimal),
    )


def stock_policies() -> SearchStrategy[StockPolicy]:
    """Policies for stock: buffers, percentages, limits of single units."""
    shares = st.builds(
        UnitShare,
        st.sampled_from(PRODUCTS),
        st.sampled_from(UNITS),
        st.sampled_from([Decimal(0), Decimal("0.25"), Decimal("0.5"), Decimal(1)]),
    )
    return st.builds(
        StockPolicy,
        buffer=st.integers(0, 50).map(Decimal),
        buffer_percent=st.integers(0, 100).map(Decimal),
        shares=st.lists(shares, max_size=3).map(tuple),
    )


def pools() -> SearchStrategy[dict[SkuKey, int]]:
    """Whole base units that can be promised of each SKU."""
    return st.fixed_dictionaries({sku: st.integers(0, 10**6) for sku in SKUS})


def orders() -> SearchStrategy[Order]:
    """Orders of one to four lines, mapped or not by `some_tables`."""
    lines = st.builds(
        OrderLine,
        id=st.just(OroLineId("1")),
        product_sku=st.sampled_from((*PRODUCTS, OroSku("B"))),
        product_unit_code=st.sampled_from(UNITS),
        quantity=quantities(),
        value=st.none() | prices(),
        currency=st.just("GBP"),
        comment=st.none() | texts(),
    )
    return st.builds(
        _order,
        st.lists(lines, min_size=1, max_size=4),
        st.integers(1, 10**7 - 1),
        st.integers(0, 10**7),
        st.none() | texts(),
    )


def _order(lines: Sequence[OrderLine], key: int, seconds: int, notes: str | None) -> Order:
    return evolve(
        an_order(*lines),
        id=OroOrderId(str(key)),
        created_at=CREATED + timedelta(seconds=seconds),
        customer_notes=notes,
    )


def coverage_facts() -> SearchStrategy[CoverageFacts]:
    """Catalogues of both sides and tables between them: sound ones, and ones with gaps."""
    return sound_facts() | st.builds(
        _facts,
        sold=st.lists(sold_units(), max_size=5, unique_by=lambda one: one.key),
        customers=_customers(),
        table=unit_tables(),
        linked=st.sets(st.sampled_from(CUSTOMERS)),
        link_currency=st.sampled_from(["", "GBP"]),
        number=st.sampled_from(["", "1"]),
        methods=st.sets(st.sampled_from(["", "flat", "air"])),
        charges=st.dictionaries(st.sampled_from(["", "flat"]), st.just("CARR")),
        erp=_erps(),
    )


def sound_facts() -> SearchStrategy[CoverageFacts]:
    """Catalogues of which every order is mapped, by whichever policy."""
    row = st.tuples(product_units(), st.integers(1, 1000), st.integers(0, 1000))
    return st.builds(
        _sound,
        st.lists(row, min_size=1, max_size=5, unique_by=lambda row: row[0]),
        st.sets(st.sampled_from(CUSTOMERS), min_size=1),
        st.sets(st.sampled_from(["", "flat", "air"])),
    )


def _sound(
    rows: list[tuple[UnitKey, int, int]], customers: set[str], methods: set[str]
) -> CoverageFacts:
    """Make every product unit of a SKU of its own, at a price that is whole for each of them."""
    table: dict[UnitKey, tuple[Component, ...]] = {
        key: (Component(SkuKey(f"P{number}"), Fraction(count)),)
        for number, (key, count, _price) in enumerate(rows)
    }
    sold = [
        SoldUnit(key[0], key[1], prices=(Decimal(count * price),)) for key, count, price in rows
    ]
    some = [ShopCustomer(OroCustomerId(one)) for one in sorted(customers)]
    return _facts(sold, some, table, customers, "GBP", "1", methods, {"": "CARR"}, ErpCatalogue())


@st.composite
def sold_units(draw: st.DrawFn) -> SoldUnit:
    """Product units that can be bought, at prices or without any."""
    sku, unit = draw(product_units())
    rule = draw(st.just(QuantityRule()) | quantity_rules())
    return SoldUnit(sku, unit, rule, tuple(draw(st.lists(prices(), max_size=3))))


def _customers() -> SearchStrategy[list[ShopCustomer]]:
    one = st.builds(
        ShopCustomer,
        st.sampled_from(CUSTOMERS).map(OroCustomerId),
        st.sampled_from([(), ("GBP",), CURRENCIES]),
        st.sampled_from([(None,), (an_address(),), (an_address(), None)]),
    )
    return st.lists(one, max_size=4, unique_by=lambda customer: customer.id)


def _erps() -> SearchStrategy[ErpCatalogue]:
    return st.builds(
        ErpCatalogue,
        accounts=st.none() | st.sets(st.sampled_from([f"A{one}" for one in CUSTOMERS])),
        skus=st.none() | st.sets(sku_keys()),
        charges=st.none() | st.sets(st.just("CARR")),
        price_books=st.none() | st.sets(st.sampled_from(["UK", "EU"])),
    )


def _facts(
    sold: list[SoldUnit],
    customers: list[ShopCustomer],
    table: dict[UnitKey, tuple[Component, ...]],
    linked: set[str],
    link_currency: str,
    number: str,
    methods: set[str],
    charges: dict[str, str],
    erp: ErpCatalogue,
) -> CoverageFacts:
    links = [
        evolve(a_link(one, f"A{one}"), currency=link_currency, deliv_addr_no=number)
        for one in sorted(linked)
    ]
    shop = ShopCatalogue(
        customers=tuple(customers),
        units=tuple(sold),
        currencies=("GBP",),
        shipping_methods=tuple(sorted(methods)),
        price_lists=("1", "2"),
    )
    tables = evolve(some_tables(table, links), charges=charges)
    return CoverageFacts(shop, erp, tables, {Entity.PRICE_LIST: {"1": "UK"}})


@st.composite
def catalogue_orders(draw: st.DrawFn, facts: CoverageFacts) -> Order:
    """
    Orders that the shop's catalogue can generate: its customers, units, prices and methods.

    The catalogue must hold a customer and a product unit that can be bought.
    """
    shop = facts.shop
    buyable = [one for one in shop.units if least_quantity(one.rule) is not None]
    customer = draw(st.sampled_from(shop.customers))
    lines = draw(st.lists(_lines(buyable), min_size=1, max_size=3))
    method = draw(st.sampled_from([None, *shop.shipping_methods]))
    return evolve(
        an_order(*lines),
        customer=customer.id,
        currency=draw(st.sampled_from(customer.currencies or shop.currencies)),
        shipping_address=draw(st.sampled_from(customer.ship_to)),
        shipping_method=method,
        estimated_shipping_cost_amount=Decimal(0 if method is None else "4.95"),
    )


@st.composite
def _lines(draw: st.DrawFn, buyable: Sequence[SoldUnit]) -> OrderLine:
    one = draw(st.sampled_from(buyable))
    quantity = draw(bought(one.rule))
    price = draw(st.sampled_from(one.prices)) if one.prices else draw(prices())
    return OrderLine(OroLineId("1"), one.sku, one.unit, quantity, price, "GBP")


@st.composite
def bought(draw: st.DrawFn, rule: QuantityRule) -> Decimal:
    """Quantities that a rule lets be bought; there must be one."""
    least = least_quantity(rule)
    next_one = least_quantity(evolve(rule, minimum=(least or Decimal(0)) + Decimal("0.0001")))
    if least is None or next_one is None:
        return least or Decimal(1)
    step = next_one - least
    steps = 1000 if rule.maximum is None else int((rule.maximum - least) / step)
    return least + step * draw(st.integers(0, min(steps, 1000)))
