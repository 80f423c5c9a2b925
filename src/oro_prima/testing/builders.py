"""The smallest valid things, all made up; a test changes what matters to it with `attrs.evolve`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

from attrs import evolve

from oro_prima.ids import (
    OroCustomerId,
    OroLineId,
    OroOrderId,
    OroSku,
    PrimaAccount,
    PrimaCompany,
    UnitCode,
)
from oro_prima.mapping.policy import OrderPolicy, PriceBasis
from oro_prima.mapping.tables import Component, Tables, UnitKey
from oro_prima.oro.models.orders import Order, OrderAddress, OrderLine
from oro_prima.records import Link
from oro_prima.values import SkuKey

CREATED = datetime(2031, 5, 4, 9, tzinfo=UTC)
COMPANY = PrimaCompany("1")
CUSTOMER, ACCOUNT = OroCustomerId("3"), PrimaAccount("TRADE1")
PRODUCT, EACH, CASE = OroSku("B"), UnitCode("each"), UnitCode("case")
BASE = SkuKey("BOOT", "F", "070")


def a_line(sku: str = PRODUCT, unit: str = EACH, *, quantity: int = 2) -> OrderLine:
    """Return a line of a product unit at 10.00 each."""
    price = Decimal("10.00")
    return OrderLine(OroLineId("1"), OroSku(sku), UnitCode(unit), Decimal(quantity), price, "GBP")


def an_address() -> OrderAddress:
    """Return an address that fits Prima's fields."""
    return OrderAddress(
        "1", street="1 Sample Street", city="Sampleton", postal_code="ZZ1 1ZZ", country="GB"
    )


def an_order(*lines: OrderLine) -> Order:
    """Return an order of these lines, numbered in turn, or of one line."""
    numbered = tuple(
        evolve(line, id=OroLineId(str(number)))
        for number, line in enumerate(lines or (a_line(),), start=1)
    )
    return Order(
        id=OroOrderId("7"),
        created_at=CREATED,
        updated_at=CREATED,
        currency="GBP",
        customer=CUSTOMER,
        identifier="7",
        external=False,
        internal_status="open",
        line_ids=tuple(line.id for line in numbered),
        lines=numbered,
        shipping_address=an_address(),
    )


def a_link(customer: str = CUSTOMER, account: str = ACCOUNT) -> Link:
    """Return an approved link."""
    return Link(OroCustomerId(customer), PrimaAccount(account), COMPANY, "Kim", CREATED, "")


def components(*parts: tuple[SkuKey, int]) -> tuple[Component, ...]:
    """Return what a product unit is made of: so many of each SKU."""
    return tuple(Component(sku, Fraction(count)) for sku, count in parts)


def some_tables(
    units: Mapping[UnitKey, tuple[Component, ...]] | None = None,
    links: Iterable[Link] | None = None,
) -> Tables:
    """Return tables of these units and links, or of a product in eaches and cases of six."""
    usual = {(PRODUCT, EACH): components((BASE, 1)), (PRODUCT, CASE): components((BASE, 6))}
    some = (a_link(),) if links is None else links
    return Tables(
        COMPANY,
        links={link.customer: link for link in some},
        units=usual if units is None else units,
        charges={"": "CARR"},
    )


def an_order_policy(price_basis: PriceBasis = PriceBasis.UNIT) -> OrderPolicy:
    """Return the defaults, and the least that has none."""
    return OrderPolicy(datetime(2031, 1, 1, tzinfo=UTC), price_basis, vat_inclusive=False)
