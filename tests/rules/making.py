"""The smallest valid things; a test says only what matters to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from attrs import evolve

from oro_prima.ids import (
    OroCustomerId,
    OroLevelId,
    OroLineId,
    OroOrderId,
    OroProductId,
    OroSku,
    PrimaAccount,
    PrimaCompany,
    UnitCode,
)
from oro_prima.mapping import Component, OrderPolicy, PriceBasis, Tables
from oro_prima.oro.models import InventoryLevel, Order, OrderAddress, OrderLine
from oro_prima.plans import OrderSnapshot, StockSnapshot
from oro_prima.prima.models import FreeStockRow
from oro_prima.records import Capture, Home, LineDemand, Link
from oro_prima.values import SkuKey

NOW = datetime(2031, 5, 4, 12, tzinfo=UTC)
EARLIER = datetime(2031, 5, 4, 9, tzinfo=UTC)
BOOT = SkuKey("BOOT", "F", "070")
LACE = SkuKey("LACE")
COMPANY = PrimaCompany("1")


def a_line(**changes: Any) -> OrderLine:
    line = OrderLine(
        OroLineId("1"), OroSku("B"), UnitCode("each"), Decimal(2), Decimal("10.00"), "GBP"
    )
    return evolve(line, **changes)


def an_address(**changes: Any) -> OrderAddress:
    address = OrderAddress(
        "1", street="1 Sample Street", city="Sampleton", postal_code="ZZ1 1ZZ", country="GB"
    )
    return evolve(address, **changes)


def an_order(**changes: Any) -> Order:
    order = Order(
        id=OroOrderId("7"),
        created_at=EARLIER,
        updated_at=EARLIER,
        currency="GBP",
        customer=OroCustomerId("3"),
        identifier="7",
        external=False,
        internal_status="open",
        total_value=Decimal("24.0000"),
        line_ids=(OroLineId("1"),),
        lines=(a_line(),),
        shipping_address=an_address(),
    )
    return evolve(order, **changes)


def a_link(**changes: Any) -> Link:
    link = Link(OroCustomerId("3"), PrimaAccount("TRADE1"), COMPANY, "Kim", EARLIER, "hash")
    return evolve(link, **changes)


def tables(**changes: Any) -> Tables:
    made = Tables(
        COMPANY,
        links={OroCustomerId("3"): a_link()},
        units={
            (OroSku("B"), UnitCode("each")): (Component(BOOT, Fraction(1)),),
            (OroSku("B"), UnitCode("case")): (Component(BOOT, Fraction(6)),),
            (OroSku("B"), UnitCode("pack")): (
                Component(BOOT, Fraction(2), Decimal("8.00")),
                Component(LACE, Fraction(1), Decimal("2.00")),
            ),
            (OroSku("L"), UnitCode("each")): (Component(LACE, Fraction(1)),),
        },
        charges={"": "CARR"},
    )
    return evolve(made, **changes)


def policy(**changes: Any) -> OrderPolicy:
    made = OrderPolicy(
        start_at=datetime(2031, 1, 1, tzinfo=UTC), price_basis=PriceBasis.UNIT, vat_inclusive=False
    )
    return evolve(made, **changes)


def snapshot(*orders: Order, **changes: Any) -> OrderSnapshot:
    return evolve(OrderSnapshot(NOW, orders, tables()), **changes)


def a_level(key: int, sku: str, unit: str, quantity: int, **changes: Any) -> InventoryLevel:
    level = InventoryLevel(
        OroLevelId(str(key)),
        Decimal(quantity),
        OroProductId(sku),
        OroSku(sku),
        UnitCode(unit),
        inventory_status="in_stock",
    )
    return evolve(level, **changes)


def stock(
    free: dict[SkuKey, int], levels: Sequence[InventoryLevel], **changes: Any
) -> StockSnapshot:
    rows = tuple(FreeStockRow(sku, Decimal(quantity)) for sku, quantity in free.items())
    return evolve(StockSnapshot(NOW, rows, tuple(levels), tables()), **changes)


def a_capture(order: str = "7", home: Home = Home.WAITING, **changes: Any) -> Capture:
    capture = Capture(
        order=OroOrderId(order),
        created_at=EARLIER,
        currency="GBP",
        gross=Decimal("24.00"),
        vat=None,
        home=home,
        reason="",
        first_read=EARLIER,
        last_read=EARLIER,
        intent_hash="",
        lines=(LineDemand(OroSku("B"), UnitCode("each"), Decimal(2)),),
    )
    return evolve(capture, **changes)
